#pragma once

#include <bitshares/history/es_writer.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

/* Stands around integers that the node prints as strings, in text that is to be adapted: as members of a document they are
   numbers, in what is stored as text they are strings. No JSON has this character. */
inline constexpr char es_integer_mark = '\x02';

// Behind the value that begins at `at`. The text is the printer's own, or was read as JSON; of any other it stays within.
inline std::size_t es_value_end(std::string_view json, std::size_t at)
{
    for (std::size_t depth = 0; at < json.size(); ++at)
    {
        char const c = json[at];
        if (c == '"')
        {
            for (++at; at < json.size() && json[at] != '"'; ++at)
                if (json[at] == '\\')
                    ++at;
            if (depth == 0)
                return std::min(at + 1, json.size());
        }
        else if (c == '[' || c == '{')
            ++depth;
        else if (c == ']' || c == '}')
        {
            if (depth == 0)
                return at;
            if (--depth == 0)
                return at + 1;
        }
        else if (depth == 0 && std::string_view(",: \t\r\n").find(c) != std::string_view::npos)
            return at;
    }
    return json.size();
}

// Each member of an object, with its name, or element of an array, without one.
template <class Use>
void es_each(std::string_view json, Use use)
{
    auto const skip = [&](std::size_t from) {
        return std::min(json.find_first_not_of(",: \t\r\n", from), json.size());
    };
    for (std::size_t at = skip(1); at < json.size();)
    {
        std::string_view name;
        if (json.front() == '{' && json[at] == '"')
        {
            std::size_t const end = es_value_end(json, at);
            name = json.substr(at + 1, end - at - 2);
            at = skip(end);
        }
        std::size_t const end = es_value_end(json, at);
        if (end == at)
            return; // the closing bracket
        use(name, json.substr(at, end - at));
        at = skip(end);
    }
}

inline bool es_has_member(std::string_view object, std::string_view wanted)
{
    bool found = false;
    es_each(object, [&](std::string_view name, std::string_view) { found = found || name == wanted; });
    return found;
}

// As the node prints it.
inline std::string es_node_text(std::string_view marked)
{
    std::string text(marked);
    std::replace(text.begin(), text.end(), es_integer_mark, '"');
    return text;
}

/* Makes of the node's JSON what Elasticsearch can take: one type for each name, no lists of lists. What is so lost stays
   beside it as text. */
class es_adaptor
{
public:
    explicit es_adaptor(std::string& out) : out_(out) {}

    void object(std::string_view json, std::size_t depth)
    {
        if (depth == 0)
            return text(json);
        std::vector<std::pair<std::string_view, std::string_view>> renamed;
        std::vector<std::pair<std::string_view, std::string_view>> again;
        std::string_view owner;
        char separator = '{';
        auto const begin_member = [&](std::string_view name, std::string_view suffix = {}) {
            out_ += separator;
            separator = ',';
            out_.append("\"").append(name).append(suffix).append("\":");
        };
        es_each(json, [&](std::string_view name, std::string_view value) {
            char const kind = value.front();
            if (kind == '{' && es_has_member(value, name)) // amount.amount: an object here, a number there
                return void(renamed.emplace_back(name, value));
            if (kind == '"' && name == "owner") // an account here, an authority there
                return void(owner = value);
            begin_member(name);
            if (kind == '{')
                object(value, depth - 1);
            else if (kind == '[')
            {
                bool const as_text = form_of(name) != form::plain && form_of(name) != form::text_array;
                if (form_of(name) != form::plain && depth > 1)
                    again.emplace_back(name, value);
                if (as_text)
                    text(value);
                else
                    array(value, depth - 1);
            }
            else if (name == "nonce")
                string(value);
            else
                plain(value);
        });
        for (auto const& [name, value] : renamed)
        {
            begin_member(name, "_");
            object(value, depth - 1);
        }
        if (!owner.empty())
        {
            begin_member("owner", "_");
            plain(owner);
        }
        for (auto const& [name, value] : again)
        {
            begin_member(name, "_object");
            if (form_of(name) == form::variant)
                variant(value, depth - 1);
            else
                list(value, form_of(name), depth - 1);
        }
        if (separator == '{')
            out_ += '{';
        out_ += '}';
    }

    // `[which,data]`.
    void variant(std::string_view json, std::size_t depth)
    {
        if (depth == 0)
            return text(json);
        auto const [which, data] = two(json);
        out_ += R"({"which":)";
        plain(which);
        out_ += ',';
        extract("data", data, depth);
        out_ += '}';
    }

    static std::pair<std::string_view, std::string_view> two(std::string_view json)
    {
        std::array<std::string_view, 2> parts{"null", "null"};
        std::size_t count = 0;
        es_each(json, [&](std::string_view, std::string_view value) {
            if (count < parts.size())
                parts[count++] = value;
        });
        return {parts[0], parts[1]};
    }

private:
    enum class form : std::uint8_t
    {
        plain,
        text_array, // of lists of texts; as objects beside it
        variant,    // as text; as objects beside it, each of these
        variants,
        map
    };

    static form form_of(std::string_view name)
    {
        static constexpr std::pair<std::string_view, form> forms[] = {
            {"account_auths", form::text_array},
            {"address_auths", form::text_array},
            {"key_auths", form::text_array},
            {"parameters", form::variants}, // of a schedule of fees
            {"op", form::variant},          // proposed
            {"proposed_ops", form::variants},
            {"operations", form::variants}, // of the proposal's transaction
            {"initializer", form::variant}, // of workers
            {"policy", form::variant},      // of vesting balances
            {"predicates", form::variants},
            {"active_special_authority", form::variant},
            {"owner_special_authority", form::variant},
            {"htlc_preimage_hash", form::variant},
            {"argument", form::variant}, // of restrictions
            {"feeds", form::map},
            {"acceptable_collateral", form::map},
            {"acceptable_borrowers", form::map},
            {"on_fill", form::variants},
        };
        auto const* const found =
            std::find_if(std::begin(forms), std::end(forms), [&](auto const& entry) { return entry.first == name; });
        return found == std::end(forms) ? form::plain : found->second;
    }

    void array(std::string_view json, std::size_t depth)
    {
        char separator = '[';
        es_each(json, [&](std::string_view, std::string_view value) {
            out_ += separator;
            separator = ',';
            if (value.front() == '{')
                object(value, depth);
            else if (value.front() == '[')
                array(value, depth);
            else
                string(value);
        });
        if (separator == '[')
            out_ += '[';
        out_ += ']';
    }

    // Of objects, of static variants, or of pairs of a map.
    void list(std::string_view json, form kind, std::size_t depth)
    {
        char separator = '[';
        es_each(json, [&](std::string_view, std::string_view value) {
            if (value.front() != '{' && value.front() != '[')
                return; // the plugin leaves it out
            out_ += separator;
            separator = ',';
            if (value.front() == '{')
                object(value, depth);
            else if (kind == form::variants)
                variant(value, depth);
            else if (depth == 0)
                text(value);
            else
            {
                auto const [key, data] = two(value);
                out_ += '{';
                extract("key", key, depth);
                out_ += ',';
                extract("data", data, depth);
                out_ += '}';
            }
        });
        if (separator == '[')
            out_ += '[';
        out_ += ']';
    }

    // A member whose name tells the type.
    void extract(std::string_view name, std::string_view value, std::size_t depth)
    {
        char const kind = value.front();
        bool const number = kind == es_integer_mark || kind == '-' || (kind >= '0' && kind <= '9');
        out_.append("\"").append(name);
        if (kind == '{')
        {
            out_ += R"(_object":)";
            object(value, depth - 1);
        }
        else if (number || kind == 't' || kind == 'f')
        {
            out_ += number ? R"(_int":)" : R"(_bool":)";
            plain(value);
        }
        else
        {
            out_ += R"(_string":)";
            if (kind == '"')
                plain(value);
            else
                text(value);
        }
    }

    void text(std::string_view json) { out_ += json_quote(es_node_text(json)); }

    void plain(std::string_view json)
    {
        if (json.find(es_integer_mark) == json.npos)
            out_ += json;
        else
            std::copy_if(json.begin(), json.end(), std::back_inserter(out_),
                         [](char c) { return c != es_integer_mark; });
    }

    void string(std::string_view scalar)
    {
        bool const is_string = scalar.front() == '"';
        out_ += is_string ? "" : "\"";
        if (scalar != "null")
            plain(scalar);
        out_ += is_string ? "" : "\"";
    }

    std::string& out_;
};

inline void add_es_number(std::string& out, std::string_view name, std::uint64_t value)
{
    out.append(name).append(std::to_string(value));
}

template <class Id>
void add_es_id(std::string& out, std::string_view name, Id const& id)
{
    out.append(name).append("\"").append(id.to_string()).append("\"");
}

struct es_bulk_item
{
    std::string id;
    std::uint32_t status = 0;
    raw_json error;

    BITSHARES_FIELDS((id, "_id"), (status), (error))
};

struct es_bulk_action
{
    std::optional<es_bulk_item> index;

    BITSHARES_FIELDS((index))
};

struct es_bulk_reply
{
    std::optional<bool> errors;
    std::optional<std::vector<es_bulk_action>> items;

    BITSHARES_FIELDS((errors), (items))
};

} // namespace detail

BITSHARES_LAZY void write_es_document(std::string& out, es_document const& document, es_write_options const& options)
{
    using detail::add_es_id;
    using detail::add_es_number;
    history_record const& record = document.record;
    std::size_t const depth = std::max<std::size_t>(options.max_mapping_depth, 2) - 2; // of a member of `op_object`
    std::string op;
    detail::write_json(op, detail::type_of<BITSHARES_DEPENDENT(operation)>, &record.op, options.key_prefix,
                       detail::es_integer_mark);
    std::string result;
    detail::write_json(result, detail::type_of<BITSHARES_DEPENDENT(operation_result)>, &record.result,
                       options.key_prefix, detail::es_integer_mark);

    add_es_id(out, R"({"account_history":{"id":)", document.id);
    add_es_id(out, R"(,"account":)", document.account);
    add_es_id(out, R"(,"operation_id":)", record.id);
    add_es_number(out, R"(,"sequence":)", record.sequence);
    add_es_id(out, R"(,"next":)", document.next);
    add_es_number(out, R"(},"operation_history":{"trx_in_block":)", record.trx_in_block);
    add_es_number(out, R"(,"op_in_trx":)", record.op_in_trx);
    add_es_number(out, R"(,"virtual_op":)", record.virtual_op);
    out.append(R"(,"is_virtual":)").append(record.is_virtual ? "true" : "false");
    auto const payer = document.fee_payer ? document.fee_payer : record.op.fee_payer();
    add_es_id(out, R"(,"fee_payer":)", payer.value_or(account_id()));
    out.append(R"(,"op":)").append(options.operation_string ? json_quote(detail::es_node_text(op)) : R"("")");
    out.append(R"(,"operation_result":)").append(json_quote(detail::es_node_text(result)));
    out += R"(,"op_object":)";
    auto const body = detail::es_adaptor::two(op).second;
    if (options.operation_object && body.starts_with('{'))
        detail::es_adaptor(out).object(body, depth);
    else
        out += "null";
    out += R"(,"operation_result_object":)";
    if (options.operation_object)
        detail::es_adaptor(out).variant(result, depth);
    else
        out += "null";
    add_es_number(out, R"(},"operation_type":)", record.op.tag());
    add_es_number(out, R"(,"operation_id_num":)", record.id.instance);
    add_es_number(out, R"(,"block_data":{"block_num":)", record.block_num);
    out.append(R"(,"block_time":)").append(to_json(record.block_time));
    out.append(R"(,"trx_id":)").append(document.trx_id ? to_json(*document.trx_id) : R"("")").append("}}");
}

BITSHARES_DECL std::string es_index_name(time_point_sec block_time, std::string_view prefix)
{
    return std::string(prefix) + block_time.to_string().substr(0, 7);
}

BITSHARES_LAZY void write_es_bulk(std::string& out, es_document const& document, es_version const& server,
                                  es_write_options const& options, std::string_view prefix)
{
    out.append(R"({"index":{"_index":)").append(json_quote(es_index_name(document.record.block_time, prefix)));
    if (!server.opensearch && server.major == 6)
        out += R"(,"_type":"_doc")";
    detail::add_es_id(out, R"(,"_id":)", document.id);
    out += "}}\n";
    write_es_document(out, document, options);
    out += '\n';
}

BITSHARES_LAZY result<es_bulk_outcome> read_es_bulk_reply(std::string_view json, std::uint64_t documents)
{
    auto const reply = from_json<detail::es_bulk_reply>(json);
    if (!reply)
        return reply.error();
    if (!reply->errors)
        return detail::es_missing("/errors");
    if (!reply->items)
        return detail::es_missing("/items");
    if (reply->items->size() != documents)
        return error(errc::partial_reply,
                     std::to_string(reply->items->size()) + " of " + std::to_string(documents) + " documents",
                     "/items");
    es_bulk_outcome outcome;
    outcome.passing = true;
    for (std::size_t i = 0; i < reply->items->size(); ++i)
    {
        auto const& item = (*reply->items)[i].index;
        if (!item)
            return detail::es_missing("/items/" + std::to_string(i) + "/index");
        if (item->status >= 200 && item->status < 300)
        {
            ++outcome.written;
            continue;
        }
        ++outcome.refused;
        outcome.passing = outcome.passing && detail::is_passing(item->status);
        if (!outcome.first_refusal)
        {
            error const why = detail::http_failure(item->status, R"({"error":)" + item->error.text + "}");
            outcome.first_refusal = error(why.code(), item->id + ": " + why.detail());
        }
    }
    outcome.passing = outcome.passing && outcome.refused != 0;
    return outcome;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
