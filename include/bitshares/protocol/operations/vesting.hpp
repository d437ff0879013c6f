#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Vests evenly: nothing before the cliff, all after the duration.
struct linear_vesting_policy_initializer
{
    time_point_sec begin_timestamp;
    std::uint32_t vesting_cliff_seconds = 0;
    std::uint32_t vesting_duration_seconds = 0;

    friend bool operator==(linear_vesting_policy_initializer const&,
                           linear_vesting_policy_initializer const&) = default;

    BITSHARES_FIELDS((begin_timestamp), (vesting_cliff_seconds), (vesting_duration_seconds))
};

/// Vests by coin-days destroyed: an amount can be taken after it has lain for `vesting_seconds`.
struct cdd_vesting_policy_initializer
{
    time_point_sec start_claim; ///< Nothing before.
    std::uint32_t vesting_seconds = 0;

    friend bool operator==(cdd_vesting_policy_initializer const&, cdd_vesting_policy_initializer const&) = default;

    BITSHARES_FIELDS((start_claim), (vesting_seconds))
};

/// Vests at once.
struct instant_vesting_policy_initializer
{
    friend bool operator==(instant_vesting_policy_initializer const&,
                           instant_vesting_policy_initializer const&) = default;

    BITSHARES_FIELDS()
};

/// Tags 0 to 2 in this order.
using vesting_policy_initializer =
    std::variant<linear_vesting_policy_initializer, cdd_vesting_policy_initializer, instant_vesting_policy_initializer>;

/** Locks an amount that `owner` can take out as the policy allows.

    The owner's balance grows only by @ref vesting_balance_withdraw.

    @par Wire
    Tag 32; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `amount.amount > 0`
    @li `creator` holds the amount.
*/
struct vesting_balance_create
{
    asset fee; ///< Paid by `creator`.
    account_id creator;
    account_id owner; ///< May withdraw.
    asset amount;
    vesting_policy_initializer policy;

    static constexpr op_traits traits{.tag = 32, .name = "vesting_balance_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return creator; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(creator, amount);
    }

    friend bool operator==(vesting_balance_create const&, vesting_balance_create const&) = default;

    BITSHARES_FIELDS((fee), (creator), (owner), (amount), (policy))
};

/** Takes an amount out of a vesting balance.

    @par Wire
    Tag 33; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `amount.amount > 0`
    @li `owner` owns `vesting_balance`, and so much is vested.
*/
struct vesting_balance_withdraw
{
    asset fee; ///< Paid by `owner`.
    vesting_balance_id vesting_balance;
    account_id owner;
    asset amount;

    static constexpr op_traits traits{.tag = 33, .name = "vesting_balance_withdraw"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return owner; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(owner, amount);
    }

    friend bool operator==(vesting_balance_withdraw const&, vesting_balance_withdraw const&) = default;

    BITSHARES_FIELDS((fee), (vesting_balance), (owner), (amount))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/vesting.ipp>
#endif
