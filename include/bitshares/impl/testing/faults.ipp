#pragma once

#include <bitshares/impl/testing/node_session.ipp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/json_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

/* What is drawn, each kind apart. */
enum class draw : std::uint32_t
{
    refuse,
    tarpit,
    tls,
    http_status,
    drop,
    half_open,
    freeze,
    lose,
    unknown_id,
    garbage,
    delay,
    jitter,
    reorder,
    close_mid_frame,
    oversized_frame,
    truncated_frame,
    duplicate,
    lose_notices,
    duplicate_notices,
    lie
};

inline bool is_drawn(faults const& wrong, draw kind, std::uint64_t connection, std::uint64_t call,
                     std::optional<std::uint32_t> permille)
{
    return !permille ||
           fault_number(wrong.seed.value_or(1), static_cast<std::uint32_t>(kind), connection, call) % 1'000 < *permille;
}

inline bool concerns_values(faults const& wrong)
{
    return wrong.wrong_chain || wrong.stale_head || wrong.head_backwards || wrong.fork || wrong.lie ||
           wrong.history_hole || wrong.missing_apis || wrong.limits;
}

/* What becomes of a value. */
enum class rewritten
{
    no,
    yes,    // written instead
    removed // with its name
};

/* Copies a value; of every value in it, itself first, `change(name of the member, value, out)` decides. False: removed. */
template <class Change>
bool rewrite_json(std::string& out, std::string_view name, std::string_view json, Change const& change)
{
    switch (change(name, json, out))
    {
    case rewritten::yes: return true;
    case rewritten::removed: return false;
    case rewritten::no: break;
    }
    auto const each = [&](auto const& values, char open, char close, auto const& one) {
        out += open;
        bool first = true;
        for (auto const& value : values)
        {
            std::size_t const before = out.size();
            if (!first)
                out += ',';
            if (one(value))
                first = false;
            else
                out.resize(before);
        }
        out += close;
    };
    if (auto const members = object_members(json))
        each(*members, '{', '}', [&](auto const& member) {
            out.append(json_quote(member.first)) += ':';
            return rewrite_json(out, member.first, member.second, change);
        });
    else if (auto const items = array_items(json))
        each(*items, '[', ']', [&](std::string_view item) { return rewrite_json(out, {}, item, change); });
    else
        out += json;
    return true;
}

template <class Change>
void rewrite_json_in_place(std::string& json, Change const& change)
{
    std::string out;
    if (!rewrite_json(out, {}, json, change))
        out = "null";
    json = std::move(out);
}

/* The number in a block's id, given as JSON; nothing where it is no such id. */
inline std::optional<std::uint32_t> number_of_block_id(std::string_view json)
{
    if (json.size() != 42 || json.front() != '"' ||
        json.substr(1, 40).find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return {};
    std::uint32_t number = 0;
    std::from_chars(json.data() + 1, json.data() + 9, number, 16);
    return number;
}

/* The id that a forked node gives to a block; as JSON. */
inline std::string forked_id(std::string_view json)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string id(json);
    for (std::size_t i = 9; i < 41; ++i)
        id[i] = digits[15 - digits.find(id[i])];
    return id;
}

inline void fork_ids(std::string& json, std::uint32_t after)
{
    rewrite_json_in_place(json, [&](std::string_view at, std::string_view value, std::string& out) {
        auto const number =
            at == "head_block_id" || at == "previous" || at == "block_id" ? number_of_block_id(value) : std::nullopt;
        if (!number || *number <= after)
            return rewritten::no;
        out += forked_id(value);
        return rewritten::yes;
    });
}

/* A block's number as an id begins with it. */
inline std::string hex_number(std::uint32_t number)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4)
        text += digits[number >> shift & 0xf];
    return text;
}

inline std::uint32_t shown_number(std::uint32_t head, std::uint32_t behind, faults const& wrong)
{
    if (wrong.stale_head)
        behind += wrong.stale_head->blocks.value_or(0);
    std::uint32_t shown = head > behind ? head - behind : std::min<std::uint32_t>(head, 1);
    if (wrong.stale_head && wrong.stale_head->at)
        shown = std::min(shown, *wrong.stale_head->at);
    return shown;
}

/* A method whose argument is a limit, or a list whose size is limited. */
struct limited_method
{
    std::string_view api;
    std::string_view name;
    std::size_t argument;
    std::string_view list = {}; // in the node's words
};

inline constexpr limited_method limited_methods[] = {
    {"history", "get_account_history", 2},
    {"history", "get_account_history_operations", 4},
    {"history", "get_account_history_by_time", 1},
    {"history", "get_relative_account_history", 2},
    {"history", "get_account_history_by_operations", 3},
    {"database", "lookup_accounts", 1},
    {"database", "list_assets", 1},
    {"database", "get_assets_by_issuer", 2},
    {"database", "get_order_book", 2},
    {"database", "get_limit_orders", 2},
    {"database", "get_limit_orders_by_account", 1},
    {"database", "get_call_orders", 1},
    {"database", "get_call_orders_by_account", 2},
    {"database", "get_settle_orders", 1},
    {"database", "get_settle_orders_by_account", 2},
    {"database", "lookup_witness_accounts", 1},
    {"database", "lookup_committee_member_accounts", 1},
    {"database", "get_htlc_by_from", 2},
    {"database", "get_htlc_by_to", 2},
    {"database", "list_htlcs", 1},
    {"database", "get_full_accounts", 0, "names_or_ids.size() <= configured_limit: Number of querying accounts"},
    {"database", "get_key_references", 0, "keys.size() <= configured_limit: Number of querying keys"},
};

} // namespace detail

BITSHARES_DECL std::uint64_t fault_number(std::uint64_t seed, std::uint32_t fault, std::uint64_t connection,
                                          std::uint64_t call)
{
    // The finaliser of SplitMix64, once for each number.
    std::uint64_t mixed = 0;
    for (std::uint64_t const part : {seed, std::uint64_t{fault}, connection, call})
    {
        mixed += part + 0x9e3779b97f4a7c15;
        mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
    }
    return mixed;
}

BITSHARES_DECL bool fault_call::is_one_of(std::optional<std::vector<std::string>> const& calls) const
{
    return !calls || std::any_of(calls->begin(), calls->end(),
                                 [&](std::string const& name) { return name == api || name == api + '.' + method; });
}

BITSHARES_DECL fault_rewriter::fault_rewriter(node_service::connection& service, std::uint64_t connection)
    : service_(service), connection_(connection)
{}

BITSHARES_DECL fault_call fault_rewriter::call_of(std::string_view frame) const
{
    fault_call call;
    std::string_view const request = first_value(frame);
    auto const name = string_value(member(request, "method"), string_reader::node);
    if (!name)
        return call;
    call.id = member(request, "id");
    call.params = member(request, "params");
    if (*name != "call")
    {
        call.api = "database";
        call.method = *name;
        return call;
    }
    auto const items = array_items(call.params);
    if (!items || items->size() != 3)
        return call;
    if (auto const number = unsigned_value((*items)[0]))
    {
        auto const known = apis_.find(*number);
        call.api = known != apis_.end() ? known->second : std::string();
    }
    else
        call.api = string_value((*items)[0], string_reader::node).value_or(std::string());
    call.method = string_value((*items)[1], string_reader::node).value_or(std::string());
    call.params = (*items)[2];
    return call;
}

BITSHARES_DECL std::optional<std::string> fault_rewriter::answer(std::string_view frame, faults const& wrong)
{
    ++calls_;
    bool const values = detail::concerns_values(wrong);
    bool const login = frame.find("[1,") != std::string_view::npos || frame.find("\"login\"") != std::string_view::npos;
    if (!values && !login)
        return service_.answer(frame);
    fault_call const call = call_of(frame);
    auto reply = values ? ask(frame, call, wrong) : service_.answer(frame);
    if (!reply)
        return reply;
    if (auto const number = unsigned_value(member(*reply, "result")); number && call.api == "login")
        if (auto const& names = api_names(); std::find(names.begin(), names.end(), call.method) != names.end())
            apis_[*number] = call.method;
    if (values)
        rewrite_result(*reply, call, wrong);
    return reply;
}

BITSHARES_DECL std::optional<std::string> fault_rewriter::ask(std::string_view frame, fault_call const& call,
                                                              faults const& wrong)
{
    if (wrong.missing_apis && !call.method.empty() &&
        (call.is_one_of(wrong.missing_apis) ||
         (call.api == "login" && fault_call{call.method, {}, {}, {}}.is_one_of(wrong.missing_apis))))
    {
        std::string reply = ask_as_missing(frame, call);
        auto const missing = [&](std::string_view, std::string_view json, std::string&) {
            auto const known = array_items(json);
            auto const name = known && known->size() == 2 ? string_value(known->front()) : std::nullopt;
            return name && (fault_call{*name, {}, {}, {}}.is_one_of(wrong.missing_apis) ||
                            fault_call{call.api, *name, {}, {}}.is_one_of(wrong.missing_apis))
                       ? detail::rewritten::removed
                       : detail::rewritten::no;
        };
        if (reply.empty())
            return {};
        detail::rewrite_json_in_place(reply, missing);
        return reply;
    }
    if (!wrong.limits)
        return service_.answer(frame);

    auto const* const at =
        std::find_if(std::begin(detail::limited_methods), std::end(detail::limited_methods),
                     [&](detail::limited_method const& m) { return m.api == call.api && m.name == call.method; });
    if (at == std::end(detail::limited_methods) || call.id.empty())
        return service_.answer(frame);
    std::uint64_t const limit = wrong.limits->limit;
    auto const items = array_items(call.params).value_or(std::vector<std::string_view>());
    std::string_view const given = at->argument < items.size() ? items[at->argument] : std::string_view("null");
    auto const list = array_items(given);
    if (at->list.empty() ? unsigned_value(given).value_or(0) > limit : list && list->size() > limit)
    {
        std::string const words =
            std::string(at->list.empty() ? "limit <= configured_limit: limit" : at->list) + " can not be greater than ";
        std::string const number = std::to_string(limit);
        std::string const version = member(first_value(frame), "jsonrpc").empty() ? "" : R"(,"jsonrpc":"2.0")";
        return "{\"id\":" + detail::reply_id(call.id) + version + ",\"error\":" +
               detail::error_json(10, "assert_exception", "Assert Exception", words + number,
                                  {"faults.hpp", 1, call.method}, words + "${configured_limit}",
                                  "{\"configured_limit\":" + number + "}", "2026-11-21T03:54:34") +
               "}";
    }
    auto reply = service_.answer(frame);
    if (reply && given == "null" && at->list.empty())
        if (auto const all = array_items(member(*reply, "result")); all && all->size() > limit)
        {
            std::string cut = "[";
            for (std::size_t i = 0; i < limit; ++i)
                cut.append(i > 0 ? "," : "") += (*all)[i];
            std::string_view const whole = member(*reply, "result");
            reply->replace(static_cast<std::size_t>(whole.data() - reply->data()), whole.size(), cut + ']');
        }
    return reply;
}

/* Asks for something that no node knows, in the place of what is missing: the error is the service's own. */
BITSHARES_DECL std::string fault_rewriter::ask_as_missing(std::string_view frame, fault_call const& call)
{
    constexpr std::string_view unknown = "unknown_by_fault";
    std::string_view const request = first_value(frame);
    std::string shown = call.method;
    std::string head = "{\"id\":" + std::string(call.id.empty() ? "null" : call.id);
    if (!member(request, "jsonrpc").empty())
        head += R"(,"jsonrpc":"2.0")";
    std::string asked;
    if (string_value(member(request, "method")) != "call")
        asked = head + ",\"method\":" + json_quote(unknown) + ",\"params\":[]}";
    else
    {
        auto const items = array_items(member(request, "params")).value_or(std::vector<std::string_view>());
        bool const by_name =
            !items.empty() && !unsigned_value(items[0]) && call.api != "login" && call.api != "database";
        if (by_name)
            shown = call.api;
        std::string const api = by_name ? json_quote(unknown) : items.empty() ? "0" : std::string(items[0]);
        asked =
            head + R"(,"method":"call","params":[)" + api + "," + json_quote(by_name ? call.method : unknown) + ",[]]}";
    }
    std::string reply = service_.answer(asked).value_or(std::string());
    for (std::size_t at = 0; (at = reply.find(unknown, at)) != std::string::npos; at += shown.size())
        reply.replace(at, unknown.size(), shown);
    return reply;
}

/* The result of a call that nobody made; empty where there is none. */
BITSHARES_DECL std::string fault_rewriter::ask_result(std::string const& method, std::string const& params)
{
    auto const reply =
        service_.answer(R"({"id":0,"method":"call","params":["database",)" + json_quote(method) + "," + params + "]}");
    std::string_view const result = reply ? member(*reply, "result") : std::string_view();
    return result == "null" ? std::string() : std::string(result);
}

BITSHARES_DECL fault_rewriter::shown_head fault_rewriter::head_at(std::uint32_t number,
                                                                  std::string_view true_properties)
{
    auto const head =
        static_cast<std::uint32_t>(unsigned_value(member(true_properties, "head_block_number")).value_or(0));
    shown_head shown{number,
                     string_value(member(true_properties, "head_block_id")).value_or(std::string(40, '0')),
                     string_value(member(true_properties, "time")).value_or(std::string()),
                     {}};
    if (number == head)
        return shown;
    std::string const header = ask_result("get_block_header", '[' + std::to_string(number) + ']');
    std::string const next = ask_result("get_block_header", '[' + std::to_string(std::uint64_t{number} + 1) + ']');
    if (auto const id = string_value(member(next, "previous")); id && id->size() == 40)
        shown.id = *id;
    else if (shown.id.size() == 40)
        shown.id.replace(0, 8, detail::hex_number(number));
    if (auto const time = string_value(member(header, "timestamp")))
    {
        shown.time = *time;
        shown.witness = member(header, "witness");
    }
    else if (auto const now = time_point_sec::from_string(shown.time); now && head > number)
        shown.time = time_point_sec(now->seconds - std::min(now->seconds, 3 * (head - number))).to_string();
    return shown;
}

/* Other dynamic global properties: those of an earlier head. */
BITSHARES_DECL std::string fault_rewriter::head_properties(std::string_view json, std::uint32_t behind,
                                                           faults const& wrong)
{
    auto const head = static_cast<std::uint32_t>(unsigned_value(member(json, "head_block_number")).value_or(0));
    std::uint32_t const number = detail::shown_number(head, behind, wrong);
    if (number == head)
        return std::string(json);
    std::uint64_t const earlier = head - number;
    shown_head const shown = head_at(number, json);
    std::string out;
    detail::rewrite_json(out, {}, json, [&](std::string_view name, std::string_view value, std::string& to) {
        if (name == "head_block_number")
            to += std::to_string(shown.number);
        else if (name == "head_block_id")
            to += json_quote(shown.id);
        else if (name == "time")
            to += json_quote(shown.time);
        else if (name == "current_witness" && !shown.witness.empty())
            to += shown.witness;
        else if (name == "last_irreversible_block_num" || name == "current_aslot")
        {
            std::uint64_t const was = unsigned_value(value).value_or(0);
            std::string const now = std::to_string(was - std::min(was, earlier));
            to += value.starts_with('"') ? json_quote(now) : now;
        }
        else
            return detail::rewritten::no;
        return detail::rewritten::yes;
    });
    return out;
}

BITSHARES_DECL void fault_rewriter::rewrite_heads(std::string& result, fault_call const& call, faults const& wrong)
{
    if (result.find("\"head_block_number\"") != std::string::npos)
    {
        std::uint32_t behind = 0;
        if (wrong.head_backwards && ++heads_ % std::max(wrong.head_backwards->every.value_or(2), 1u) == 0)
            behind = wrong.head_backwards->blocks.value_or(10);
        detail::rewrite_json_in_place(result, [&](std::string_view, std::string_view json, std::string& out) {
            if (kind_of(json) != json_kind::object || member(json, "head_block_number").empty())
                return detail::rewritten::no;
            out += head_properties(json, behind, wrong);
            return detail::rewritten::yes;
        });
    }
    bool const by_number = call.method == "get_block" || call.method == "get_block_header";
    bool const list = call.method == "get_block_header_batch" || call.method == "get_blocks";
    if (!wrong.stale_head || !(by_number || list))
        return;
    std::string const properties = ask_result("get_dynamic_global_properties", "[]");
    auto const head = static_cast<std::uint32_t>(unsigned_value(member(properties, "head_block_number")).value_or(0));
    std::uint32_t const last = detail::shown_number(head, 0, wrong);
    auto const items = array_items(call.params).value_or(std::vector<std::string_view>());
    auto const first = items.empty() ? std::nullopt : unsigned_value(items[0]);
    if (by_number && first && *first > last)
        result = "null";
    if (!list)
        return;
    std::string cut = "[";
    std::uint64_t number = first.value_or(0);
    for (auto const item : array_items(result).value_or(std::vector<std::string_view>()))
    {
        cut += cut.size() > 1 ? "," : "";
        if (call.method == "get_blocks")
            cut += number++ > last ? std::string_view("null") : item;
        else if (auto const pair = array_items(item); // of a number and a header
                 pair && pair->size() == 2 && unsigned_value(pair->front()).value_or(0) > last)
            cut += '[' + std::string(pair->front()) + ",null]";
        else
            cut += item;
    }
    result = cut + ']';
}

BITSHARES_DECL void fault_rewriter::rewrite_result(std::string& reply, fault_call const& call, faults const& wrong)
{
    using detail::rewritten;
    std::string_view const before = member(reply, "result");
    if (before.empty())
        return;
    std::string result(before);
    if (wrong.history_hole && call.api == "history")
        detail::rewrite_json_in_place(result, [&](std::string_view, std::string_view json, std::string&) {
            if (kind_of(json) != json_kind::object)
                return rewritten::no;
            auto const block = unsigned_value(member(json, "block_num"));
            return block && *block >= wrong.history_hole->first_block && *block <= wrong.history_hole->last_block
                       ? rewritten::removed
                       : rewritten::no;
        });
    if (wrong.lie && call.is_one_of(wrong.lie->calls) &&
        detail::is_drawn(wrong, detail::draw::lie, connection_, calls_, wrong.lie->permille))
        detail::rewrite_json_in_place(result, [&, name = wrong.lie->member.value_or("amount")](
                                                  std::string_view at, std::string_view json, std::string& out) {
            if (at != name)
                return rewritten::no;
            if (wrong.lie->value)
                out += wrong.lie->value->text;
            else if (auto const number = unsigned_value(json))
            {
                std::string const more = std::to_string(*number + 1);
                out += json.starts_with('"') ? json_quote(more) : more;
            }
            else
                return rewritten::no;
            return rewritten::yes;
        });
    if (wrong.wrong_chain)
        detail::rewrite_json_in_place(result, [&](std::string_view at, std::string_view json, std::string& out) {
            auto const id = string_value(json);
            if (!id || (at != "chain_id" && call.method != "get_chain_id"))
                return rewritten::no;
            out += json_quote(wrong.wrong_chain->chain_id.value_or(std::string(id->rbegin(), id->rend())));
            return rewritten::yes;
        });
    if (wrong.stale_head || wrong.head_backwards)
        rewrite_heads(result, call, wrong);
    if (wrong.fork)
        detail::fork_ids(result, wrong.fork->after);
    if (wrong.limits && call.method == "get_config")
        detail::rewrite_json_in_place(result, [&](std::string_view at, std::string_view json, std::string& out) {
            auto const number = at.starts_with("api_limit_") ? unsigned_value(json) : std::nullopt;
            if (!number || *number <= wrong.limits->limit)
                return rewritten::no;
            out += std::to_string(wrong.limits->limit);
            return rewritten::yes;
        });
    if (result != before)
        reply.replace(static_cast<std::size_t>(before.data() - reply.data()), before.size(), result);
}

BITSHARES_DECL std::optional<std::string> fault_rewriter::notice(std::string frame, faults const& wrong)
{
    using detail::rewritten;
    if (!(wrong.stale_head || wrong.fork) || string_value(member(frame, "method")) != "notice")
        return frame;
    auto const params = array_items(member(frame, "params"));
    auto const payload = params && params->size() == 2 ? array_items((*params)[1]) : std::nullopt;
    if (!payload)
        return frame;
    if (auto const number = payload->size() == 1 ? detail::number_of_block_id(payload->front()) : std::nullopt)
    {
        std::uint32_t const shown = detail::shown_number(*number, 0, wrong);
        if (wrong.stale_head && wrong.stale_head->at &&
            *number > std::uint64_t{*wrong.stale_head->at} + wrong.stale_head->blocks.value_or(0))
            return {};
        std::string id(payload->front());
        if (shown != *number)
            id = json_quote(
                head_at(shown, "{\"head_block_number\":" + std::to_string(*number) + ",\"head_block_id\":" + id + "}")
                    .id);
        if (wrong.fork && shown > wrong.fork->after)
            id = detail::forked_id(id);
        return "{\"method\":\"notice\",\"params\":[" + std::string(params->front()) + ",[" + id + "]]}";
    }
    if (wrong.stale_head)
        detail::rewrite_json_in_place(frame, [&](std::string_view, std::string_view json, std::string& out) {
            if (kind_of(json) != json_kind::object || member(json, "head_block_number").empty())
                return rewritten::no;
            out += head_properties(json, 0, wrong);
            return rewritten::yes;
        });
    if (wrong.fork)
        detail::fork_ids(frame, wrong.fork->after);
    return frame;
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
