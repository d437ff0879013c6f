#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <string_view>

/** @file
    Tickets: core locked for voting power.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/ticket_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// For how long; in operations the number.
enum class ticket_type : std::uint8_t
{
    liquid = 0,
    lock_180_days = 1,
    lock_360_days = 2,
    lock_720_days = 3,
    lock_forever = 4
};

/// Where a ticket is on its way.
enum class ticket_status : std::uint8_t
{
    charging = 0,
    stable = 1,
    withdrawing = 2
};

namespace detail {

template <>
struct describe<ticket_type>
{
    static constexpr bool is_leaf = true;
    static constexpr std::string_view names[] = {"liquid", "lock_180_days", "lock_360_days", "lock_720_days",
                                                 "lock_forever"};
    static constexpr type_info info{
        .kind = type_kind::enumeration, .size = sizeof(ticket_type), .parameter = 5, .names = names};
};

template <>
struct describe<ticket_status>
{
    static constexpr bool is_leaf = true;
    static constexpr std::string_view names[] = {"charging", "stable", "withdrawing"};
    static constexpr type_info info{
        .kind = type_kind::enumeration, .size = sizeof(ticket_status), .parameter = 3, .names = names};
};

} // namespace detail

/// Core asset locked for voting power.
struct ticket_object
{
    ticket_id id;
    account_id account;
    ticket_type target_type = {}; ///< To which it charges.
    asset amount;
    ticket_type current_type = {}; ///< Which it has reached.
    ticket_status status = {};
    std::int64_t value = 0;                  ///< Voting power, in the core asset's smallest unit.
    time_point_sec next_auto_update_time;    ///< 2106-02-07 where none is due.
    time_point_sec next_type_downgrade_time; ///< 2106-02-07 where none is due.

    friend bool operator==(ticket_object const&, ticket_object const&) = default;

    BITSHARES_FIELDS((id), (account), (target_type), (amount), (current_type), (status), (value),
                     (next_auto_update_time), (next_type_downgrade_time))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
