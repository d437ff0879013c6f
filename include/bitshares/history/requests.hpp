#pragma once

#include <bitshares/history/paging.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/api/login.hpp>
#include <bitshares/rpc/node_error.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline void take_answer(history_paging& paging, history_query const&, application_options&& reply)
{
    paging.on_limits({reply.api_limit_get_relative_account_history.value_or(0),
                      reply.api_limit_get_account_history.value_or(0)});
}

// The statistics object, as text.
inline void take_answer(history_paging& paging, history_query const& query, std::vector<raw_json>&& reply)
{
    auto const statistics = from_json<account_statistics_object>(reply.size() == 1 ? reply[0].text : "null");
    if (statistics)
        paging.on_statistics({statistics->total_ops, statistics->removed_ops});
    else
        paging.on_refused(query.ticket, "it gives none");
}

inline void take_answer(history_paging& paging, history_query const& query, std::vector<operation_history_object>&& reply)
{
    paging.on_page(query.ticket, std::move(reply));
}

inline void take_answer(history_paging& paging, history_query const& query,
                        std::optional<maybe_signed_block_header>&& reply)
{
    if (reply)
        paging.on_header(query.ticket, reply->timestamp);
    else
        paging.on_refused(query.ticket, "there is no such block");
}

} // namespace detail

/** Makes the request of a query, for any kind of client.

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
    case kind::statistics: return send(database::get_objects({statistics}));
    case kind::relative:
        return send(history::get_relative_account_history(account.to_string(), query.stop, query.limit, query.start));
    case kind::descending:
        return send(history::get_account_history(account.to_string(), operation_history_id(query.stop), query.limit,
                                                 operation_history_id(query.start)));
    case kind::header: return send(database::get_block_header(query.block));
    }
}

/// Hands a reply, or the node's refusal, to the paging.
template <class R>
void deliver(history_paging& paging, history_query const& query, reply<R>&& answer)
{
    if (answer)
        detail::take_answer(paging, query, std::move(*answer));
    else
        paging.on_refused(query.ticket, answer.error().message());
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
