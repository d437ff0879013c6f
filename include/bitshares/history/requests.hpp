#pragma once

#include <bitshares/history/paging.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/api/login.hpp>
#include <bitshares/rpc/node_error.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** How many operations an account has, from the reply to `database.get_objects` for its statistics.

    The reader of objects is lenient, but a history is only as complete as these numbers: none of them is guessed.
    `removed_ops` may be absent, as older nodes forget nothing.
    @param account, statistics What was asked for.
    @par Errors
    `errc::invalid_reply`: it is not one object, `id`, `owner` or `total_ops` is absent, or it is another account's.
*/
inline result<history_count> read_history_count(std::vector<raw_json> const& reply, account_id account,
                                                account_statistics_id statistics);

namespace detail {

// What of the statistics must be there; a member of account_statistics_object cannot tell.
struct statistics_reply
{
    std::optional<account_statistics_id> id;
    std::optional<account_id> owner;
    std::optional<std::uint64_t> total_ops;
    std::optional<std::uint64_t> removed_ops;

    BITSHARES_FIELDS((id), (owner), (total_ops), (removed_ops))
};

// What the statistics in an answer have to be of.
struct history_subject
{
    account_id account;
    account_statistics_id statistics;
};

BITSHARES_LAZY_DECL inline void take_answer(history_paging& paging, history_query const&, history_subject const&,
                                            application_options&& reply)
{
    paging.on_limits(
        {reply.api_limit_get_relative_account_history.value_or(0), reply.api_limit_get_account_history.value_or(0)});
}

// The statistics object, as text.
BITSHARES_LAZY_DECL inline void take_answer(history_paging& paging, history_query const& query,
                                            history_subject const& subject, std::vector<raw_json>&& reply)
{
    auto const count = read_history_count(reply, subject.account, subject.statistics);
    if (count)
        paging.on_statistics(*count);
    else
        paging.on_invalid(query.ticket, count.error());
}

BITSHARES_LAZY_DECL inline void take_answer(history_paging& paging, history_query const& query, history_subject const&,
                                            std::vector<operation_history_object>&& reply)
{
    paging.on_page(query.ticket, std::move(reply));
}

BITSHARES_LAZY_DECL inline void take_answer(history_paging& paging, history_query const& query, history_subject const&,
                                            std::optional<maybe_signed_block_header>&& reply)
{
    if (reply)
        paging.on_header(query.ticket, reply->timestamp);
    else
        paging.on_refused(query.ticket, "there is no such block");
}

} // namespace detail

inline result<history_count> read_history_count(std::vector<raw_json> const& reply, account_id account,
                                                account_statistics_id statistics)
{
    auto const bad = [](std::string detail) {
        return error(errc::invalid_reply, "the account's statistics: " + std::move(detail));
    };
    if (reply.size() != 1)
        return bad(std::to_string(reply.size()) + " objects instead of one");
    if (reply[0].text == "null")
        return bad("the node has none");
    auto const found = from_json<detail::statistics_reply>(reply[0].text);
    if (!found)
        return bad(found.error().message());
    for (auto const& [there, name] :
         {std::pair(found->id.has_value(), "id"), std::pair(found->owner.has_value(), "owner"),
          std::pair(found->total_ops.has_value(), "total_ops")})
        if (!there)
            return bad(std::string("no ") + name);
    if (*found->id != statistics)
        return bad(found->id->to_string() + " instead of " + statistics.to_string());
    if (*found->owner != account)
        return bad("they are " + found->owner->to_string() + "'s instead of " + account.to_string() + "'s");
    return history_count{*found->total_ops, found->removed_ops.value_or(0)};
}

namespace detail {

// What a node has not got of the account's history; without its plugin it counts no operation at all.
BITSHARES_LAZY_DECL inline std::uint64_t missing_history(std::vector<raw_json> const& statistics, std::uint64_t)
{
    constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
    if (statistics.size() != 1)
        return all;
    auto const found = from_json<statistics_reply>(statistics[0].text);
    return found && found->total_ops.value_or(0) != 0 ? found->removed_ops.value_or(0) : all;
}

BITSHARES_LAZY_DECL inline std::uint64_t missing_operations(std::vector<operation_history_object> const& page,
                                                            std::uint64_t wanted)
{
    std::uint64_t good = 0; // newest first, none of them twice
    for (std::size_t i = 0; i < page.size(); ++i)
        good += i == 0 || page[i].id < page[i - 1].id;
    return wanted - std::min(good, wanted);
}

BITSHARES_LAZY_DECL inline std::uint64_t missing_header(std::optional<maybe_signed_block_header> const& header,
                                                        std::uint64_t)
{
    return header ? 0 : 1;
}

} // namespace detail

/** Asks for an account's statistics, of a pool the node that has forgotten least of its history; see @ref read_history_count.

    @param statistics The account's own `statistics`.
*/
BITSHARES_LAZY_DECL inline request<std::vector<raw_json>> history_count_request(account_statistics_id statistics)
{
    return database::get_objects({statistics}).elsewhere<detail::missing_history>("history");
}

/** Makes the request of a query, for any kind of client.

    A pool asks other nodes where the first gives less than there is (@ref request::elsewhere), so that one that keeps only the
    newest operations does no harm while another has them all.

    Calls `send(request)` with one @ref request type or another; the reply to it goes to @ref deliver.
    @param statistics The account's own `statistics`.
*/
template <class Send>
void send_history_query(history_query const& query, account_id account, account_statistics_id statistics, Send&& send)
{
    using kind = history_query::kind;
    switch (query.what)
    {
    case kind::limits: return send(login::get_config());
    case kind::statistics: return send(history_count_request(statistics));
    case kind::relative:
        return send(history::get_relative_account_history(account.to_string(), query.stop, query.limit, query.start)
                        .elsewhere<detail::missing_operations>(
                            "history", std::min<std::uint64_t>(query.limit, query.start - query.stop + 1)));
    case kind::descending: // how many there are is not known
        return send(history::get_account_history(account.to_string(), operation_history_id(query.stop), query.limit,
                                                 operation_history_id(query.start))
                        .elsewhere<detail::missing_operations>("history", 1));
    case kind::header: return send(database::get_block_header(query.block).elsewhere<detail::missing_header>("blocks"));
    }
}

/** Hands a reply, or the node's refusal, to the paging, which does not take the statistics of another account.

    @param account, statistics As given to @ref send_history_query.
*/
template <class R>
void deliver(history_paging& paging, history_query const& query, account_id account, account_statistics_id statistics,
             reply<R>&& answer)
{
    if (answer)
        detail::take_answer(paging, query, {account, statistics}, std::move(*answer));
    else
        paging.on_refused(query.ticket, answer.error().message());
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
