#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node_session.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <span>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

using call_arguments = std::span<std::string_view const>;

/* What stands behind "error":, thrown by whatever finds that the node would refuse. */
struct refusal
{
    std::string json;
};

struct source_line
{
    std::string_view file;
    unsigned line;
    std::string_view method;
};

inline std::string error_json(int code, std::string_view name, std::string_view title, std::string_view message,
                              source_line const& at, std::string_view format, std::string_view data,
                              std::string_view now)
{
    std::string out = "{\"code\":" + std::to_string(code) + ",\"message\":";
    out += code == -32601 ? json_quote("Method not found")
                          : json_quote("Execution error: " + std::string(title) + ": " + std::string(message));
    out += ",\"data\":{\"code\":" + std::to_string(code == -32601 ? 22 : code) + ",\"name\":" + json_quote(name) +
           ",\"message\":" + json_quote(title) + R"(,"stack":[{"context":{"level":"error","file":)" +
           json_quote(at.file) + ",\"line\":" + std::to_string(at.line) + ",\"method\":" + json_quote(at.method) +
           R"(,"hostname":"","thread_name":"th_a","timestamp":)" + json_quote(now) +
           "},\"format\":" + json_quote(format) + ",\"data\":" + std::string(data) + "}]}}";
    return out;
}

/* What the calls for histories need to know of a node. */
class history_source
{
public:
    virtual ~history_source() = default;
    virtual std::string const& now() const = 0; // for errors
    virtual std::uint32_t limit(std::string_view name) const = 0;

    /* Null where there is none; `known` tells whether there is such an account. */
    virtual account_history const* history(std::string const& account_name_or_id, bool& known) const = 0;
};

/* One call's arguments and result, with the methods for accounts' histories. A method appends its result and returns true,
   throws a refusal, or returns false: then a recorded answer is looked for. */
class history_call
{
public:
    history_call(history_source const& source, call_arguments args, std::string& out)
        : args_(args), out_(out), source_(source)
    {}

    [[noreturn]] void refuse(source_line const& at, std::string_view message, std::string_view format = {},
                             std::string_view data = "{}") const
    {
        throw refusal{error_json(10, "assert_exception", "Assert Exception", message, at,
                                 format.empty() ? message : format, data, source_.now())};
    }

    bool get_account_history()
    {
        need(4);
        auto const stop = operation_id(1);
        auto start = operation_id(3);
        if (!stop || !start)
            return false;
        std::uint64_t const limit = checked_limit(2, "get_account_history", {"api.cpp", 413, "get_account_history"});
        account_history const* const h = history();
        if (h == nullptr)
            return unknown_account("[]");
        if (*start == 0)
            start = ~std::uint64_t{0};
        return *start < *stop ? put("[]") : page(*h, upper_bound(*h, *start), *stop, limit, [](auto) { return true; });
    }

    bool get_account_history_operations()
    {
        need(5);
        auto const type = integer(1);
        auto start = operation_id(2);
        auto const stop = operation_id(3);
        if (!type || !start || !stop)
            return false;
        std::uint64_t const limit =
            checked_limit(4, "get_account_history_operations", {"api.cpp", 514, "get_account_history_operations"});
        account_history const* const h = history();
        if (h == nullptr)
            return unknown_account("[]");
        if (*start == 0)
            start = ~std::uint64_t{0};
        return page(*h, upper_bound(*h, *start), *stop, limit, [&](std::uint64_t i) { return h->tag(i) == *type; });
    }

    bool get_account_history_by_time()
    {
        need(1);
        constexpr std::string_view name = "get_account_history";
        source_line const at{"api.cpp", 472, "get_account_history_by_time"};
        std::uint64_t const limit =
            absent(1) ? source_.limit("api_limit_get_account_history") : checked_limit(1, name, at);
        std::uint32_t start = 0xffffffff;
        if (!absent(2))
        {
            auto const time = time_point_sec::from_string(string_value(args_[2]).value_or(std::string()));
            if (!time)
                return false;
            start = time->seconds;
        }
        account_history const* const h = history();
        if (h == nullptr)
            return unknown_account("[]");
        std::uint64_t const end = partition(*h, [&](std::uint64_t i) { return h->time(i) <= start; });
        return page(*h, end, 0, limit, [](auto) { return true; });
    }

    bool get_relative_account_history()
    {
        need(4);
        auto const stop = integer(1);
        auto const start = integer(3);
        if (!stop || !start)
            return false;
        std::uint64_t const limit =
            checked_limit(2, "get_relative_account_history", {"api.cpp", 559, "get_relative_account_history"});
        account_history const* const h = history();
        if (h == nullptr)
            return unknown_account("[]");
        out_ += '[';
        relative(*h, *stop, limit, *start, [](auto) { return true; });
        out_ += ']';
        return true;
    }

    bool get_account_history_by_operations()
    {
        need(4);
        auto const types = array_items(args_[1]);
        auto const start = integer(2);
        if (!types || !start)
            return false;
        std::vector<std::uint64_t> tags;
        for (auto const type : *types)
            tags.push_back(unsigned_value(type).value_or(~std::uint64_t{0}));
        std::uint64_t const limit = checked_limit(3, "get_account_history_by_operations",
                                                  {"api.cpp", 639, "get_account_history_by_operations"});
        account_history const* const h = history();
        if (h == nullptr)
            return unknown_account(R"({"total_count":0,"operation_history_objs":[]})");
        // In the node's 32-bit arithmetic; the first operation has number 1, so "start 0" is one short.
        auto const first = static_cast<std::uint32_t>(*start);
        auto const newest = static_cast<std::uint32_t>(limit + first - 1);
        std::string rows;
        std::swap(rows, out_);
        std::uint64_t const total = relative(*h, first, limit, newest, [&](std::uint64_t i) {
            return tags.empty() || std::find(tags.begin(), tags.end(), h->tag(i)) != tags.end();
        });
        std::swap(rows, out_);
        out_ += "{\"total_count\":";
        out_ += std::to_string(total);
        out_ += ",\"operation_history_objs\":[";
        out_ += rows;
        out_ += "]}";
        return true;
    }

protected:
    /* A JSON array in the making. */
    class list
    {
    public:
        explicit list(std::string& out) : out_(out) { out_ += '['; }
        list(list const&) = delete;
        list& operator=(list const&) = delete;
        ~list() { out_ += ']'; }

        std::string& next()
        {
            if (!first_)
                out_ += ',';
            first_ = false;
            return out_;
        }
        void put(std::string const* json) { json != nullptr ? next() += *json : next() += "null"; }

    private:
        std::string& out_;
        bool first_ = true;
    };

    static constexpr std::uint8_t account_id_type = 2;
    static constexpr std::uint8_t asset_id_type = 3;

    void need(std::size_t count) const
    {
        if (args_.size() < count)
            refuse({"api_connection.hpp", 192, "call_generic"},
                   "a0 != e || optional_args: too few arguments passed to method");
    }

    bool absent(std::size_t i) const { return i >= args_.size() || args_[i] == "null"; }

    bool put(std::string_view json)
    {
        out_ += json;
        return !json.empty();
    }
    bool put(std::string const* json) { return json != nullptr && put(std::string_view(*json)); }

    /* As fc reads an integer: a text of digits counts, too, a fraction is cut, true is 1 and null is 0. */
    std::optional<std::uint64_t> integer(std::size_t i) const
    {
        std::string_view const json = args_[i];
        if (auto const value = unsigned_value(json))
            return value;
        if (json == "null" || json == "false")
            return 0;
        if (json == "true")
            return 1;
        if (kind_of(json) != json_kind::number)
            return {};
        double const value = std::strtod(std::string(json).c_str(), nullptr);
        if (!(value > -9.2e18 && value < 1.8e19))
            return {};
        return value < 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value))
                         : static_cast<std::uint64_t>(value);
    }

    static std::optional<std::string> text_of(std::string_view json)
    {
        switch (kind_of(json))
        {
        case json_kind::string: return string_value(json, string_reader::node);
        case json_kind::null: return std::string();
        case json_kind::boolean:
        case json_kind::number: return std::string(json);
        default: return {};
        }
    }

    std::optional<std::uint64_t> operation_id(std::size_t i) const
    {
        auto const id = operation_history_id::from_string(string_value(args_[i]).value_or(std::string()));
        return id ? std::optional(id->instance) : std::nullopt;
    }

    std::uint64_t checked_limit(std::size_t i, std::string_view name, source_line const& at) const
    {
        std::uint64_t const limit = integer(i).value_or(0) & 0xffffffff;
        std::uint32_t const configured = source_.limit("api_limit_" + std::string(name));
        if (limit > configured)
            refuse(at, "limit <= configured_limit: limit can not be greater than " + std::to_string(configured),
                   "limit <= configured_limit: limit can not be greater than ${configured_limit}",
                   "{\"configured_limit\":" + std::to_string(configured) + "}");
        return limit;
    }

    static bool starts_with_digit(std::string_view text)
    {
        return !text.empty() && text.front() >= '0' && text.front() <= '9';
    }

    /* True where a text is an id, but not of this type: nodes refuse that, with words that are not known here. */
    static bool is_other_id(std::string_view text, std::uint8_t type)
    {
        if (!starts_with_digit(text))
            return false;
        auto const id = any_object_id::from_string(text);
        return !id || id->space() != 1 || id->type() != type;
    }

    account_history const* history()
    {
        auto const name = text_of(args_[0]);
        account_known_ = false;
        return name ? source_.history(*name, account_known_) : nullptr;
    }

    /* To a node an unknown account is one without operations. One that is known, but was not recorded, must not look so. */
    bool unknown_account(std::string_view json) { return !account_known_ && put(json); }

    template <class Predicate>
    static std::uint64_t partition(account_history const& h, Predicate const& holds)
    {
        std::uint64_t low = 0;
        std::uint64_t high = h.size();
        while (low < high)
        {
            std::uint64_t const middle = low + (high - low) / 2;
            if (holds(middle))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    static std::uint64_t upper_bound(account_history const& h, std::uint64_t start)
    {
        return partition(h, [&](std::uint64_t i) { return h.id(i) <= start; });
    }

    /* Newest first, from below `end`; `stop` itself is left out, unless it is 0. */
    template <class Predicate>
    bool page(account_history const& h, std::uint64_t end, std::uint64_t stop, std::uint64_t limit,
              Predicate const& wanted)
    {
        list rows(out_);
        for (std::uint64_t i = end, count = 0; i > 0 && count < limit && (h.id(i - 1) > stop || stop == 0); --i)
            if (wanted(i - 1))
            {
                h.append(rows.next(), i - 1);
                ++count;
            }
        return true;
    }

    /* By sequence numbers, which begin with 1. Returns how many there were before the filter. */
    template <class Predicate>
    std::uint64_t relative(account_history const& h, std::uint64_t stop, std::uint64_t limit, std::uint64_t start,
                           Predicate const& wanted)
    {
        std::uint64_t const removed = h.removed();
        std::uint64_t const total = h.size() + removed;
        start = start == 0 ? total : std::min(total, start);
        std::uint64_t count = 0;
        bool first = true;
        for (std::uint64_t i = start; i > removed && i >= stop && count < limit; --i, ++count)
            if (wanted(i - removed - 1))
            {
                if (!first)
                    out_ += ',';
                first = false;
                h.append(out_, i - removed - 1);
            }
        return count;
    }

    call_arguments args_;
    std::string& out_;

private:
    history_source const& source_;
    bool account_known_ = false;
};

/* All the methods that are more than a look-up of a recorded answer. */
class method_call : public history_call
{
public:
    method_call(history_source const& source, data_set const& data, call_arguments args, std::string& out)
        : history_call(source, args, out), data_(data)
    {}

    static std::optional<std::string> account(data_set const& data, std::string const& name_or_id)
    {
        if (starts_with_digit(name_or_id))
            return data.object(name_or_id) != nullptr && !is_other_id(name_or_id, account_id_type)
                       ? std::optional(name_or_id)
                       : std::nullopt;
        auto const* const id = data.account_id(name_or_id);
        return id != nullptr ? std::optional(*id) : std::nullopt;
    }

    // history

    bool get_block_operation_history()
    {
        need(1);
        auto const number = integer(0);
        auto const transaction = absent(1) ? std::optional<std::uint64_t>() : integer(1);
        if (!number || (!absent(1) && !transaction) || data_.operations.empty())
            return false;
        auto const at = data_.blocks.find(static_cast<std::uint32_t>(*number));
        if (at == data_.blocks.end() || at->second.operations.empty() || at->second.operations == "[]")
            return put("[]");
        if (!transaction)
            return put(at->second.operations);
        list rows(out_);
        for (auto const item : array_items(at->second.operations).value_or(std::vector<std::string_view>()))
            if (unsigned_value(member(item, "trx_in_block")) == transaction)
                rows.next() += item;
        return true;
    }

    bool get_block_operations_by_time()
    {
        if (data_.operations.empty())
            return false;
        std::uint32_t start = 0xffffffff;
        if (!absent(0))
        {
            auto const time = time_point_sec::from_string(string_value(args_[0]).value_or(std::string()));
            if (!time)
                return false;
            start = time->seconds;
        }
        auto const& all = data_.operations;
        auto at = std::partition_point(all.begin(), all.end(), [&](auto const& op) { return op.time <= start; });
        list rows(out_);
        for (std::uint32_t const time = at == all.begin() ? 0 : std::prev(at)->time;
             at != all.begin() && std::prev(at)->time == time; --at)
            rows.next() += std::prev(at)->json;
        return true;
    }

    // database

    bool get_chain_id() { return put(json_quote(data_.chain_id)); }
    bool get_chain_properties() { return put(data_.object("2.11.0")); }
    bool get_account_balances()
    {
        if (args_.empty())
            return false;
        account_history const* const h = history();
        auto const balances = h ? h->balances() : std::nullopt;
        if (!balances)
            return false; // as it was recorded
        list rows(out_);
        for (auto const& [asset, amount] : *balances)
            rows.next() +=
                "{\"amount\":\"" + std::to_string(amount) + "\",\"asset_id\":\"1.3." + std::to_string(asset) + "\"}";
        return true;
    }
    bool get_global_properties() { return put(data_.object("2.0.0")); }
    bool get_dynamic_global_properties() { return put(data_.object("2.1.0")); }

    bool get_objects()
    {
        need(1);
        auto const ids = array_items(args_[0]);
        if (!ids)
            return false;
        std::vector<std::string> texts;
        for (auto const json : *ids)
        {
            auto const id = any_object_id::from_string(string_value(json).value_or(std::string()));
            if (!id || id->space() > 7) // no such index: nodes refuse
                return false;
            texts.push_back(id->to_string());
        }
        list rows(out_);
        for (auto const& id : texts)
            rows.put(data_.object(id));
        return true;
    }

    bool get_accounts()
    {
        need(1);
        auto const names = array_items(args_[0]);
        if (!names)
            return false;
        std::vector<std::optional<std::string>> ids;
        for (auto const name : *names)
        {
            auto const text = text_of(name);
            if (!text || is_other_id(*text, account_id_type))
                return false;
            ids.push_back(account(*text));
        }
        list rows(out_);
        for (auto const& id : ids)
            rows.put(id ? data_.object(*id) : nullptr);
        return true;
    }

    bool get_account_by_name()
    {
        need(1);
        auto const name = text_of(args_[0]);
        if (!name)
            return false;
        auto const* const id = data_.account_id(*name);
        return put(id != nullptr ? *data_.object(*id) : std::string("null"));
    }

    bool get_account_id_from_string()
    {
        need(1);
        auto const name = text_of(args_[0]);
        auto const id = name ? account(*name) : std::nullopt;
        return id && put(json_quote(*id));
    }

    bool lookup_account_names()
    {
        need(1);
        auto const names = array_items(args_[0]);
        if (!names)
            return false;
        list rows(out_);
        for (auto const json : *names)
        {
            auto const* const id = data_.account_id(text_of(json).value_or(std::string()));
            rows.put(id != nullptr ? data_.object(*id) : nullptr);
        }
        return true;
    }

    bool lookup_accounts()
    {
        need(2);
        auto const first = text_of(args_[0]);
        auto const limit = integer(1);
        if (!first || !limit || *limit > data_.limit("api_limit_lookup_accounts"))
            return false;
        auto const& names = data_.account_ids();
        list rows(out_);
        auto at = names.lower_bound(*first);
        for (std::uint64_t i = 0; i < *limit && at != names.end(); ++i, ++at)
            rows.next() += "[" + json_quote(at->first) + "," + json_quote(at->second) + "]";
        return true;
    }

    bool get_full_accounts()
    {
        need(1);
        auto const names = array_items(args_[0]);
        if (!names || names->size() > data_.limit("api_limit_get_full_accounts"))
            return false;
        std::vector<std::pair<std::string, std::string const*>> found;
        for (auto const json : *names)
        {
            auto const text = text_of(json);
            if (!text || is_other_id(*text, account_id_type))
                return false;
            auto const id = account(*text);
            if (id)
                found.emplace_back(json_quote(*text), data_.full_account(*id));
            if (id && found.back().second == nullptr)
                return false;
        }
        list rows(out_);
        for (auto const& [name, json] : found)
            rows.next() += "[" + name + "," + *json + "]";
        return true;
    }

    bool get_assets()
    {
        need(1);
        auto const symbols = array_items(args_[0]);
        if (!symbols || symbols->size() > data_.limit("api_limit_get_assets"))
            return false;
        std::vector<std::string const*> assets;
        for (auto const json : *symbols)
        {
            auto const text = text_of(json);
            if (!text || is_other_id(*text, asset_id_type))
                return false;
            bool const is_id = starts_with_digit(*text);
            auto const* const id = is_id ? &*text : data_.asset_id(*text);
            assets.push_back(id != nullptr ? data_.extended_asset(*id) : nullptr);
        }
        list rows(out_);
        for (auto const* const asset : assets)
            rows.put(asset);
        return true;
    }

    bool get_block()
    {
        need(1);
        auto const number = integer(0);
        return number && has_blocks() && put(block(*number));
    }

    bool get_block_header()
    {
        need(1);
        auto const number = integer(0);
        return number && has_blocks() && put(header(*number, !absent(1) && args_[1] == "true"));
    }

    bool get_block_header_batch()
    {
        need(1);
        auto const items = array_items(args_[0]);
        if (!items || !has_blocks())
            return false;
        std::vector<std::uint64_t> numbers;
        for (auto const item : *items)
            numbers.push_back(unsigned_value(item).value_or(0));
        std::sort(numbers.begin(), numbers.end()); // a map, at the node's
        numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
        list rows(out_);
        for (auto const number : numbers)
            rows.next() += "[" + std::to_string(number) + "," + header(number, !absent(1) && args_[1] == "true") + "]";
        return true;
    }

    bool get_blocks()
    {
        need(2);
        auto const first = integer(0);
        auto const last = integer(1);
        if (!first || !last || !has_blocks() || *last < *first || *last - *first > 1000)
            return false;
        list rows(out_);
        for (std::uint64_t number = *first; number <= *last; ++number)
            rows.next() += block(number);
        return true;
    }

    bool get_transaction()
    {
        need(2);
        auto const number = integer(0);
        auto const index = integer(1);
        if (!number || !index || !has_blocks())
            return false;
        auto const at = data_.blocks.find(static_cast<std::uint32_t>(*number));
        if (at == data_.blocks.end())
            refuse({"database_api.cpp", 302, "get_transaction"}, "opt_block: ");
        auto const transactions = array_items(member(at->second.block, "transactions"));
        if (!transactions || *index >= transactions->size())
            refuse({"database_api.cpp", 303, "get_transaction"}, "opt_block->transactions.size() > trx_num: ");
        return put((*transactions)[static_cast<std::size_t>(*index)]);
    }

    // login

    bool get_config() { return put(data_.config()); }

private:
    std::optional<std::string> account(std::string const& name_or_id) const { return account(data_, name_or_id); }

    bool has_blocks() const { return !data_.blocks.empty(); }

    std::string header(std::uint64_t number, bool with_signature) const
    {
        auto const at = data_.blocks.find(static_cast<std::uint32_t>(number));
        if (at == data_.blocks.end())
            return "null";
        std::string_view const text = at->second.header;
        std::size_t const signature = text.find(",\"witness_signature\"");
        return with_signature || signature == std::string_view::npos ? std::string(text)
                                                                     : std::string(text.substr(0, signature)) + '}';
    }

    std::string block(std::uint64_t number) const
    {
        auto const at = data_.blocks.find(static_cast<std::uint32_t>(number));
        if (at == data_.blocks.end())
            return "null";
        if (!at->second.block.empty())
            return at->second.block;
        std::string text = header(number, true);
        text.pop_back();
        return text + ",\"transactions\":[]}";
    }

    data_set const& data_;
};

struct known_method
{
    std::string_view api;
    std::string_view name;
    bool (method_call::*function)();
};

inline constexpr known_method known_methods[] = {
    {"history", "get_account_history", &method_call::get_account_history},
    {"history", "get_account_history_operations", &method_call::get_account_history_operations},
    {"history", "get_account_history_by_time", &method_call::get_account_history_by_time},
    {"history", "get_relative_account_history", &method_call::get_relative_account_history},
    {"history", "get_account_history_by_operations", &method_call::get_account_history_by_operations},
    {"history", "get_block_operation_history", &method_call::get_block_operation_history},
    {"history", "get_block_operations_by_time", &method_call::get_block_operations_by_time},
    {"database", "get_chain_id", &method_call::get_chain_id},
    {"database", "get_chain_properties", &method_call::get_chain_properties},
    {"database", "get_account_balances", &method_call::get_account_balances},
    {"database", "get_global_properties", &method_call::get_global_properties},
    {"database", "get_dynamic_global_properties", &method_call::get_dynamic_global_properties},
    {"database", "get_objects", &method_call::get_objects},
    {"database", "get_accounts", &method_call::get_accounts},
    {"database", "get_account_by_name", &method_call::get_account_by_name},
    {"database", "get_account_id_from_string", &method_call::get_account_id_from_string},
    {"database", "lookup_account_names", &method_call::lookup_account_names},
    {"database", "lookup_accounts", &method_call::lookup_accounts},
    {"database", "get_full_accounts", &method_call::get_full_accounts},
    {"database", "get_assets", &method_call::get_assets},
    {"database", "lookup_asset_symbols", &method_call::get_assets},
    {"database", "get_block", &method_call::get_block},
    {"database", "get_block_header", &method_call::get_block_header},
    {"database", "get_block_header_batch", &method_call::get_block_header_batch},
    {"database", "get_transaction", &method_call::get_transaction},
    {"block", "get_blocks", &method_call::get_blocks},
    {"login", "get_config", &method_call::get_config},
};

/* What a connection knows of itself. */
struct session_state
{
    std::vector<std::string>& apis; // by number
    bool& logged_in;
};

/* What answers the calls of a connection. */
class session_target : public history_source
{
public:
    /* What is said to a frame that is no request; null: what nodes say. */
    virtual std::string const* malformed(std::string const&) const { return nullptr; }

    /* The methods of an API, for the error "Method not found". */
    virtual std::string methods(std::string const&) const { return "[]"; }

    /* Appends the result and returns true; false: the reply, which begins with `head`, comes later or never. `unknown` is
       set where there is no such method. Throws a refusal for what the node answers with an error. */
    virtual bool call(std::string const& head, std::string const& api, std::string_view method, std::string_view params,
                      call_arguments items, std::string& out, bool& unknown) = 0;
};

/* One frame. Throws a refusal for what the node answers with an error. */
class frame_call
{
public:
    frame_call(session_target& target, session_state state, std::string const& head, std::string& out)
        : target_(target), state_(state), head_(head), out_(out)
    {}

    bool call(std::string_view method, std::string_view params)
    {
        auto const items = params.empty() ? std::vector<std::string_view>() : array_items(params).value();
        if (method != "call")
            return api_call("database", method, params.empty() ? "[]" : params);
        if (items.size() != 3 || kind_of(items[2]) != json_kind::array)
            helper({}).refuse({"websocket_api.cpp", 18, "operator()"}, "args.size() == 3 && args[2].is_array(): ");
        auto const name = string_value(items[1], string_reader::node);
        return api_call(api_of(items[0]), name ? *name : std::string(items[1]), items[2]);
    }

private:
    history_call helper(call_arguments args) { return {target_, args, out_}; }

    std::string api_of(std::string_view json)
    {
        auto const number = unsigned_value(json);
        auto const name = string_value(json, string_reader::node);
        if (number && *number < state_.apis.size())
            return state_.apis[static_cast<std::size_t>(*number)];
        if (!name || number)
            helper({}).refuse({"api_connection.hpp", 262, "receive_call"}, "_local_apis.size() > api_id: ");
        if (*name == "login")
            return *name;
        std::string ignored;
        std::swap(ignored, out_); // the node calls this method of login, and drops what it says
        api_call("login", *name, "[]");
        std::swap(ignored, out_);
        return *name;
    }

    bool api_call(std::string const& api, std::string_view method, std::string_view params)
    {
        auto const items = array_items(params);
        if (!items)
            throw refusal{R"({"code":-32600,"message":"Invalid parameters"})"};
        if (api == "login" && login(method, *items))
            return true;
        bool unknown = false;
        bool const answered = target_.call(head_, api, method, params, *items, out_, unknown);
        if (unknown)
            throw refusal{error_json(-32601, "method_not_found_exception", "Method Not Found", {},
                                     {"api_connection.hpp", 121, "call"}, "No method with name '${name}'",
                                     "{\"name\":" + json_quote(method) + ",\"api\":" + target_.methods(api) + "}",
                                     target_.now())};
        return answered;
    }

    bool login(std::string_view method, call_arguments args)
    {
        if (method == "login")
        {
            bool const anonymous = args.empty() || (args.size() == 2 && args[0] == "null" && args[1] == "null");
            out_ += anonymous ? "1" : "true";
            state_.logged_in = true;
            return true;
        }
        if (method == "logout")
        {
            out_ += "false";
            state_.logged_in = false;
            return true;
        }
        auto const& names = api_names();
        auto const name = std::find(names.begin(), names.end(), method);
        if (name == names.end() || method == "debug")
            return false; // a recorded answer says that debug is not allowed
        if (!state_.logged_in && method != "database")
            helper({}).refuse({"api.cpp", 291, method}, "is_allowed: Access denied");
        auto const at = std::find(state_.apis.begin(), state_.apis.end(), method);
        out_ += std::to_string(at - state_.apis.begin());
        if (at == state_.apis.end())
            state_.apis.push_back(*name);
        return true;
    }

    session_target& target_;
    session_state state_;
    std::string const& head_;
    std::string& out_;
};

/* Answers from a data set. */
class data_target final : public session_target
{
public:
    explicit data_target(data_set const& data) : data_(data) {}

    std::string const& now() const override { return data_.now; }
    std::uint32_t limit(std::string_view name) const override { return data_.limit(name); }
    account_history const* history(std::string const& account_name_or_id, bool& known) const override
    {
        auto const id = method_call::account(data_, account_name_or_id);
        known = id.has_value();
        return id ? data_.history(*id) : nullptr;
    }
    std::string const* malformed(std::string const& frame) const override { return data_.malformed(frame); }
    std::string methods(std::string const& api) const override
    {
        auto const* const methods = data_.methods(api);
        return methods ? *methods : "[]";
    }

    bool call(std::string const&, std::string const& api, std::string_view method, std::string_view params,
              call_arguments items, std::string& out, bool& unknown) override
    {
        std::size_t const before = out.size();
        method_call one(*this, data_, items, out);
        bool known = data_.has_method(api, method);
        for (auto const& entry : known_methods)
            if (entry.api == api && entry.name == method)
            {
                if ((one.*entry.function)())
                    return true;
                out.resize(before);
                known = true;
            }
        if (auto const* const stored = data_.answer(api, method, params))
        {
            if (stored->is_error)
                throw refusal{stored->json};
            out += stored->json;
            return true;
        }
        if (known)
            one.refuse({"data_set.hpp", 1, "answer"},
                       "recorded: " + api + "." + std::string(method) + " was not asked with these arguments");
        unknown = true;
        return false;
    }

private:
    data_set const& data_;
};

/* As nodes print the id of a reply: fractions and what is beyond 32 bits as strings. Empty where they cannot read it. */
inline std::string reply_id(std::string_view json)
{
    if (kind_of(json) != json_kind::number)
        return json.empty() ? "null" : std::string(json);
    if (json.find_first_of(".eE") != std::string_view::npos)
    {
        char text[64];
        int const size = std::snprintf(text, sizeof text, "\"%.17f\"", std::strtod(std::string(json).c_str(), nullptr));
        return std::string(text, static_cast<std::size_t>(std::clamp(size, 0, 63)));
    }
    auto const value = unsigned_value(json.front() == '-' ? json.substr(1) : json);
    if (!value)
        return {};
    return *value <= 0xffffffff ? std::string(json) : '"' + std::string(json) + '"';
}

inline std::string protocol_error(int code, std::string_view message, std::string_view data = {})
{
    std::string out =
        R"({"id":null,"jsonrpc":"2.0","error":{"code":)" + std::to_string(code) + ",\"message\":" + json_quote(message);
    if (!data.empty())
        out.append(",\"data\":").append(data);
    return out + "}}";
}

/* The reply to a frame; nothing where a node says nothing, or not yet. */
inline std::optional<std::string> answer_frame(std::string_view frame, session_target& target, session_state state)
{
    std::string_view const request = first_value(frame);
    if (kind_of(request) == json_kind::array)
        return protocol_error(-32600, "Batch requests not supported");
    auto const members = object_members(request);
    if (!request.empty() && !members && kind_of(request) != json_kind::object)
        return protocol_error(-32600, "Invalid JSON request");
    if (!members || reply_id(member(request, "id")).empty())
    {
        if (auto const* const recorded = target.malformed(std::string(frame)))
            return *recorded;
        std::string const inner =
            error_json(4, "parse_error_exception", "Parse Error", "", {"json.cpp", 453, "variant_from_stream"},
                       "Unexpected input", "{}", target.now());
        return protocol_error(-32700, "Invalid JSON message", member(inner, "data"));
    }
    std::string_view id;
    std::string_view version;
    std::string_view method;
    std::string_view params;
    bool response = false;
    for (auto const& [name, value] : *members)
    {
        if (name == "id")
            id = value;
        else if (name == "jsonrpc")
            version = value;
        else if (name == "method")
            method = value;
        else if (name == "params")
            params = value;
        else
            response = response || name == "result" || name == "error";
    }
    if (kind_of(id) == json_kind::object || kind_of(id) == json_kind::array)
        return protocol_error(-32600, "Invalid id");
    if (!version.empty() && version != "\"2.0\"")
        return protocol_error(-32600, "Unsupported JSON-RPC version");
    if (method.empty())
        return response ? std::nullopt : std::optional(protocol_error(-32600, "Missing method or result or error"));
    auto const name = string_value(method, string_reader::node);
    if (!name)
        return protocol_error(-32600, "Missing or invalid method");
    if (kind_of(params) == json_kind::object)
        return protocol_error(-32602, "Named parameters not supported");
    if (!params.empty() && !array_items(params))
        return protocol_error(-32600, "Invalid parameters");
    if (id.empty() || (id == "null" && version.empty()))
        return {};

    std::string const head = "{\"id\":" + reply_id(id) + (version.empty() ? "" : R"(,"jsonrpc":"2.0")");
    std::string out = head + ",\"result\":";
    try
    {
        if (!frame_call(target, state, head, out).call(*name, params))
            return {};
    }
    catch (refusal const& refused)
    {
        out = head + ",\"error\":" + refused.json;
    }
    out += '}';
    return out;
}

} // namespace detail

BITSHARES_DECL node_session::node_session(std::shared_ptr<data_set const> data) : data_(std::move(data)) {}

BITSHARES_DECL std::optional<std::string> node_session::answer(std::string_view frame)
{
    detail::data_target target(*data_);
    return detail::answer_frame(frame, target, {apis_, logged_in_});
}

BITSHARES_DECL std::string assert_error(std::string_view id, std::string_view message)
{
    return "{\"id\":" + std::string(id) + ",\"error\":" +
           detail::error_json(10, "assert_exception", "Assert Exception", message, {"test.cpp", 1, "test"}, message,
                              "{}", "2026-11-21T03:54:34") +
           "}";
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
