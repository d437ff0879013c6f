#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Offers an amount as loans against collateral.

    @par Wire
    Tag 69; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `balance > 0`, `fee_rate` any, `max_duration_seconds` at most 380 days,
        `min_deal_amount >= 0`
    @li `acceptable_collateral` is not empty; each price is of `asset_type` (base) and the collateral.
    @li `acceptable_borrowers` hold amounts of 0 or more. `auto_disable_time` is after the head block's time if
        enabled, at most 380 days later.
    @li The asset's lists allow `owner_account`, which holds the balance.
*/
struct credit_offer_create
{
    asset fee; ///< Paid by `owner_account`.
    account_id owner_account;
    asset_id asset_type;
    std::int64_t balance = 0;   ///< Of `asset_type`.
    std::uint32_t fee_rate = 0; ///< Of a loan; 1/1,000,000.
    std::uint32_t max_duration_seconds = 0;
    std::int64_t min_deal_amount = 0; ///< Least amount of a loan.
    bool enabled = false;
    time_point_sec auto_disable_time;
    flat_map<asset_id, price> acceptable_collateral; ///< Prices: how much can be borrowed for how much collateral.
    /// With the most that each may borrow; empty: everybody.
    flat_map<account_id, std::int64_t> acceptable_borrowers;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 69, .name = "credit_offer_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;
        std::uint32_t price_per_kbyte = 100'000;

        /// Plus the bytes.
        template <class Calculation>
        detail::wide core_fee(credit_offer_create const& op, Calculation& c) const
        {
            return fee + c.data_fee(op, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return owner_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(owner_account, asset{balance, asset_type});
    }

    friend bool operator==(credit_offer_create const&, credit_offer_create const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (asset_type), (balance), (fee_rate), (max_duration_seconds),
                     (min_deal_amount), (enabled), (auto_disable_time), (acceptable_collateral), (acceptable_borrowers),
                     (extensions))
};

/** Ends a credit offer; its balance, in the result, goes back to the owner.

    @par Wire
    Tag 70; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `owner_account` owns the offer, and nothing is lent.
*/
struct credit_offer_delete
{
    asset fee; ///< Paid by `owner_account`.
    account_id owner_account;
    credit_offer_id offer_id;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 70, .name = "credit_offer_delete"};

    struct fee_parameters
    {
        std::uint64_t fee = 0;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return owner_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(credit_offer_delete const&, credit_offer_delete const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (offer_id), (extensions))
};

/** Changes a credit offer.

    @par Wire
    Tag 71; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; at least one change; each as for @ref credit_offer_create; `delta_amount.amount != 0`
    @li `owner_account` owns the offer; what is taken out is not lent.
*/
struct credit_offer_update
{
    asset fee; ///< Paid by `owner_account`.
    account_id owner_account;
    credit_offer_id offer_id;
    std::optional<asset> delta_amount;     ///< Added; negative: taken out.
    std::optional<std::uint32_t> fee_rate; ///< 1/1,000,000.
    std::optional<std::uint32_t> max_duration_seconds;
    std::optional<std::int64_t> min_deal_amount;
    std::optional<bool> enabled;
    std::optional<time_point_sec> auto_disable_time;
    std::optional<flat_map<asset_id, price>> acceptable_collateral;         ///< Replaces the map.
    std::optional<flat_map<account_id, std::int64_t>> acceptable_borrowers; ///< Replaces the map.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 71, .name = "credit_offer_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;
        std::uint32_t price_per_kbyte = 100'000;

        /// Plus the bytes.
        template <class Calculation>
        detail::wide core_fee(credit_offer_update const& op, Calculation& c) const
        {
            return fee + c.data_fee(op, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return owner_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        if (delta_amount)
            detail::visit_sent(visit, owner_account, *delta_amount);
    }

    friend bool operator==(credit_offer_update const&, credit_offer_update const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (offer_id), (delta_amount), (fee_rate), (max_duration_seconds),
                     (min_deal_amount), (enabled), (auto_disable_time), (acceptable_collateral), (acceptable_borrowers),
                     (extensions))
};

/** Borrows from a credit offer, against collateral.

    @par Wire
    Tag 72; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `borrow_amount.amount > 0`, `collateral.amount > 0`
    @li The offer is enabled, holds so much of this asset, and accepts borrower and collateral at its price.
    @li `fee_rate` of the offer is at most `max_fee_rate`, its duration at least `min_duration_seconds`;
        `auto_repay < 3`
    @li The lists allow `borrower`, which holds the collateral.
*/
struct credit_offer_accept
{
    struct extension
    {
        std::optional<std::uint8_t> auto_repay; ///< When the deal is due: 0 not, 1 only in full, 2 also in part.

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((auto_repay))
    };

    asset fee; ///< Paid by `borrower`.
    account_id borrower;
    credit_offer_id offer_id;
    asset borrow_amount;
    asset collateral;
    std::uint32_t max_fee_rate = 0; ///< The terms could have changed meanwhile; 1/1,000,000.
    std::uint32_t min_duration_seconds = 0;
    extension extensions;

    static constexpr op_traits traits{.tag = 72, .name = "credit_offer_accept"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return borrower; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(borrower, collateral);
        visit.received(borrower, borrow_amount);
    }

    friend bool operator==(credit_offer_accept const&, credit_offer_accept const&) = default;

    BITSHARES_FIELDS((fee), (borrower), (offer_id), (borrow_amount), (collateral), (max_fee_rate),
                     (min_duration_seconds), (extensions))
};

/** Repays a loan, whole or in part; the collateral that comes back is in the result.

    The chain makes the virtual form when a deal with automatic repayment is due.

    @par Wire
    Tag 73; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `repay_amount.amount > 0`, `credit_fee.amount >= 0`
    @li `account` is the deal's borrower and holds both; not more than the debt; `credit_fee` is at least what the
        deal's rate asks.
*/
struct credit_deal_repay
{
    asset fee; ///< Paid by `account`.
    account_id account;
    credit_deal_id deal_id;
    asset repay_amount;
    asset credit_fee; ///< For the lender: `repay_amount * fee_rate / 1,000,000`, rounded up.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 73, .name = "credit_deal_repay"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, repay_amount);
        visit.sent(account, credit_fee);
    }

    friend bool operator==(credit_deal_repay const&, credit_deal_repay const&) = default;

    BITSHARES_FIELDS((fee), (account), (deal_id), (repay_amount), (credit_fee), (extensions))
};

/** Sets how a loan is repaid when it is due.

    @par Wire
    Tag 76; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `auto_repay < 3`
    @li `account` is the deal's borrower; the setting changes.
*/
struct credit_deal_update
{
    asset fee; ///< Paid by `account`.
    account_id account;
    credit_deal_id deal_id;
    std::uint8_t auto_repay = 0; ///< 0 not, 1 only in full, 2 also in part.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 76, .name = "credit_deal_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(credit_deal_update const&, credit_deal_update const&) = default;

    BITSHARES_FIELDS((fee), (account), (deal_id), (auto_repay), (extensions))
};

/** Says that a loan was not repaid in time, and its collateral went to the lender.

    @par Wire
    Tag 74, virtual; fields in declaration order.
    @par Preconditions checked by the node
    Made by the chain alone: no transaction may hold it.
*/
struct credit_deal_expired
{
    asset fee; ///< Always 0.
    credit_deal_id deal_id;
    credit_offer_id offer_id;
    account_id offer_owner; ///< The lender.
    account_id borrower;
    asset unpaid_amount;
    asset collateral;
    std::uint32_t fee_rate = 0; ///< 1/1,000,000.

    static constexpr op_traits traits{.tag = 74, .name = "credit_deal_expired", .is_virtual = true};

    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    account_id fee_payer() const { return borrower; }

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(offer_owner, collateral);
    }

    friend bool operator==(credit_deal_expired const&, credit_deal_expired const&) = default;

    BITSHARES_FIELDS((fee), (deal_id), (offer_id), (offer_owner), (borrower), (unpaid_amount), (collateral), (fee_rate))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/credit_offer.ipp>
#endif
