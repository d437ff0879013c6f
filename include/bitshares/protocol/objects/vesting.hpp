#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/uint128.hpp>

#include <array>
#include <string_view>
#include <variant>

/** @file
    Balances that vest.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/vesting_balance_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Vests evenly between the cliff and the end.
struct linear_vesting_policy
{
    time_point_sec begin_timestamp;
    std::uint32_t vesting_cliff_seconds = 0;
    std::uint32_t vesting_duration_seconds = 0;
    std::int64_t begin_balance = 0; ///< To be vested in all.

    friend bool operator==(linear_vesting_policy const&, linear_vesting_policy const&) = default;

    BITSHARES_FIELDS((begin_timestamp), (vesting_cliff_seconds), (vesting_duration_seconds), (begin_balance))
};

/// Vests by coin-days destroyed.
struct cdd_vesting_policy
{
    std::uint32_t vesting_seconds = 0;
    time_point_sec start_claim;  ///< Nothing before.
    uint128 coin_seconds_earned; ///< Amount times seconds, at `coin_seconds_earned_last_update`.
    time_point_sec coin_seconds_earned_last_update;

    friend bool operator==(cdd_vesting_policy const&, cdd_vesting_policy const&) = default;

    BITSHARES_FIELDS((vesting_seconds), (start_claim), (coin_seconds_earned), (coin_seconds_earned_last_update))
};

/// Vests at once.
struct instant_vesting_policy
{

    friend bool operator==(instant_vesting_policy const&, instant_vesting_policy const&) = default;

    BITSHARES_FIELDS()
};

/// Tags 0 to 2 in this order.
using vesting_policy = std::variant<linear_vesting_policy, cdd_vesting_policy, instant_vesting_policy>;

/// Where a vesting balance comes from.
enum class vesting_balance_type : std::uint8_t
{
    unspecified = 0,
    cashback = 1,
    worker = 2,
    witness = 3,
    market_fee_sharing = 4
};

namespace detail {

template <>
struct describe<vesting_balance_type>
{
    static constexpr bool is_leaf = true;
    static constexpr std::string_view names[] = {"unspecified", "cashback", "worker", "witness", "market_fee_sharing"};
    static constexpr type_info info{
        .kind = type_kind::enumeration, .size = sizeof(vesting_balance_type), .parameter = 5, .names = names};
};

} // namespace detail

/// An amount of an account that it can take out as the policy allows.
struct vesting_balance_object
{
    vesting_balance_id id;
    account_id owner;
    asset balance; ///< What is still in, vested or not.
    vesting_policy policy;
    vesting_balance_type balance_type = {};

    friend bool operator==(vesting_balance_object const&, vesting_balance_object const&) = default;

    BITSHARES_FIELDS((id), (owner), (balance), (policy), (balance_type))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
