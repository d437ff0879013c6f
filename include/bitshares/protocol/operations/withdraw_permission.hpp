#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Allows an account to take up to `withdrawal_limit` in each period.

    Nothing is locked.

    @par Wire
    Tag 25; fields in declaration order.
    @par Preconditions checked by the node
    @li `withdrawal_limit.amount > 0`, `fee.amount >= 0`, `withdrawal_period_sec > 0`, `periods_until_expiration >
        0`, the accounts differ.
    @li `period_start_time` is not before the head block's time.
*/
struct withdraw_permission_create
{
    asset fee; ///< Paid by `withdraw_from_account`.
    account_id withdraw_from_account;
    account_id authorized_account;
    asset withdrawal_limit; ///< Of one period; what is not taken is lost.
    std::uint32_t withdrawal_period_sec = 0;
    std::uint32_t periods_until_expiration = 0;
    time_point_sec period_start_time;

    static constexpr op_traits traits{.tag = 25, .name = "withdraw_permission_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return withdraw_from_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(withdraw_permission_create const&, withdraw_permission_create const&) = default;

    BITSHARES_FIELDS((fee), (withdraw_from_account), (authorized_account), (withdrawal_limit), (withdrawal_period_sec),
                     (periods_until_expiration), (period_start_time))
};

/** Replaces the terms of a withdrawal permission.

    @par Wire
    Tag 26; fields in declaration order.
    @par Preconditions checked by the node
    @li `withdrawal_limit.amount > 0`, `fee.amount >= 0`, `withdrawal_period_sec > 0`, `periods_until_expiration >
        0`, the accounts differ.
    @li The permission is between these two accounts; the new terms end after the head block's time.
*/
struct withdraw_permission_update
{
    asset fee; ///< Paid by `withdraw_from_account`.
    account_id withdraw_from_account;
    account_id authorized_account;
    withdraw_permission_id permission_to_update;
    asset withdrawal_limit;
    std::uint32_t withdrawal_period_sec = 0;
    time_point_sec period_start_time;
    std::uint32_t periods_until_expiration = 0;

    static constexpr op_traits traits{.tag = 26, .name = "withdraw_permission_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return withdraw_from_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(withdraw_permission_update const&, withdraw_permission_update const&) = default;

    BITSHARES_FIELDS((fee), (withdraw_from_account), (authorized_account), (permission_to_update), (withdrawal_limit),
                     (withdrawal_period_sec), (period_start_time), (periods_until_expiration))
};

/** Takes an amount that a withdrawal permission allows.

    @par Wire
    Tag 27; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount_to_withdraw.amount > 0`, `fee.amount >= 0`, the accounts differ.
    @li The permission is for these two accounts, has begun, is not over, and the period's limit is not used up.
    @li `withdraw_from_account` holds the amount.
*/
struct withdraw_permission_claim
{
    asset fee; ///< Paid by `withdraw_to_account`.
    withdraw_permission_id withdraw_permission;
    account_id withdraw_from_account;
    account_id withdraw_to_account;
    asset amount_to_withdraw;
    std::optional<memo_data> memo; ///< Encrypted to the memo key of `withdraw_from_account`.

    static constexpr op_traits traits{.tag = 27, .name = "withdraw_permission_claim"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;
        std::uint32_t price_per_kbyte = 10;

        /// Plus the bytes of a memo.
        template <class Calculation>
        detail::wide core_fee(withdraw_permission_claim const& op, Calculation& c) const
        {
            return fee + c.memo_fee(op.memo, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return withdraw_to_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(withdraw_from_account, amount_to_withdraw);
        visit.received(withdraw_to_account, amount_to_withdraw);
    }

    friend bool operator==(withdraw_permission_claim const&, withdraw_permission_claim const&) = default;

    BITSHARES_FIELDS((fee), (withdraw_permission), (withdraw_from_account), (withdraw_to_account), (amount_to_withdraw),
                     (memo))
};

/** Ends a withdrawal permission.

    @par Wire
    Tag 28; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, the accounts differ.
    @li The permission is between these two accounts.
*/
struct withdraw_permission_delete
{
    asset fee; ///< Paid by `withdraw_from_account`.
    account_id withdraw_from_account;
    account_id authorized_account;
    withdraw_permission_id withdrawal_permission;

    static constexpr op_traits traits{.tag = 28, .name = "withdraw_permission_delete"};

    struct fee_parameters
    {
        std::uint64_t fee = 0;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return withdraw_from_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(withdraw_permission_delete const&, withdraw_permission_delete const&) = default;

    BITSHARES_FIELDS((fee), (withdraw_from_account), (authorized_account), (withdrawal_permission))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/withdraw_permission.ipp>
#endif
