#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>

/** @file
    Permissions to withdraw.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/withdraw_permission_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Allows an account to take an amount from another in every period.
struct withdraw_permission_object
{
    withdraw_permission_id id;
    account_id withdraw_from_account;
    account_id authorized_account;
    asset withdrawal_limit; ///< In one period.
    std::uint32_t withdrawal_period_sec = 0;
    time_point_sec period_start_time; ///< Of the current period as it was last claimed.
    time_point_sec expiration;
    std::int64_t claimed_this_period = 0; ///< In the smallest unit of the limit's asset.

    friend bool operator==(withdraw_permission_object const&, withdraw_permission_object const&) = default;

    BITSHARES_FIELDS((id), (withdraw_from_account), (authorized_account), (withdrawal_limit), (withdrawal_period_sec),
                     (period_start_time), (expiration), (claimed_this_period))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
