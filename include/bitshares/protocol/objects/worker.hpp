#pragma once

#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/vote_id.hpp>

#include <string>
#include <variant>

/** @file
    Workers.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/worker_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Pays back into the reserve.
struct refund_worker_type
{
    std::int64_t total_burned = 0; ///< Of the core asset.

    friend bool operator==(refund_worker_type const&, refund_worker_type const&) = default;

    BITSHARES_FIELDS((total_burned))
};

/// Pays into a vesting balance.
struct vesting_balance_worker_type
{
    vesting_balance_id balance;

    friend bool operator==(vesting_balance_worker_type const&, vesting_balance_worker_type const&) = default;

    BITSHARES_FIELDS((balance))
};

/// Pays to the null account.
struct burn_worker_type
{
    std::int64_t total_burned = 0; ///< Of the core asset.

    friend bool operator==(burn_worker_type const&, burn_worker_type const&) = default;

    BITSHARES_FIELDS((total_burned))
};

/// Where a worker's pay goes. Tags 0 to 2 in this order.
using worker_type = std::variant<refund_worker_type, vesting_balance_worker_type, burn_worker_type>;

/// Who is paid by the chain while votes carry it.
struct worker_object
{
    worker_id id;
    account_id worker_account;
    time_point_sec work_begin_date;
    time_point_sec work_end_date;
    std::int64_t daily_pay = 0; ///< At most, in the core asset's smallest unit.
    worker_type worker;
    vote_id vote_for;
    vote_id vote_against;
    std::uint64_t total_votes_for = 0;     ///< In the core asset's smallest unit.
    std::uint64_t total_votes_against = 0; ///< In the core asset's smallest unit.
    std::string name;
    std::string url;

    friend bool operator==(worker_object const&, worker_object const&) = default;

    BITSHARES_FIELDS((id), (worker_account), (work_begin_date), (work_end_date), (daily_pay), (worker), (vote_for),
                     (vote_against), (total_votes_for), (total_votes_against), (name), (url))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
