#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Makes a fund that lends within one transaction (SameT: same transaction).

    @par Wire
    Tag 64; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `balance > 0`
    @li The asset's lists allow `owner_account`, which holds the balance.
*/
struct samet_fund_create
{
    asset fee; ///< Paid by `owner_account`.
    account_id owner_account;
    asset_id asset_type;
    std::int64_t balance = 0;   ///< Of `asset_type`.
    std::uint32_t fee_rate = 0; ///< For a loan; 1/1,000,000.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 64, .name = "samet_fund_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return owner_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(owner_account, asset{balance, asset_type});
    }

    friend bool operator==(samet_fund_create const&, samet_fund_create const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (asset_type), (balance), (fee_rate), (extensions))
};

/** Ends a fund; its balance, in the result, goes back to the owner.

    @par Wire
    Tag 65; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `owner_account` owns the fund, and nothing is lent.
*/
struct samet_fund_delete
{
    asset fee; ///< Paid by `owner_account`.
    account_id owner_account;
    samet_fund_id fund_id;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 65, .name = "samet_fund_delete"};

    struct fee_parameters
    {
        std::uint64_t fee = 0;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return owner_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(samet_fund_delete const&, samet_fund_delete const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (fund_id), (extensions))
};

/** Changes amount or fee rate of a fund.

    @par Wire
    Tag 66; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; at least one change; `delta_amount.amount != 0`
    @li `owner_account` owns the fund; nothing is lent; `delta_amount` is of its asset, and something remains.
*/
struct samet_fund_update
{
    asset fee; ///< Paid by `owner_account`.
    account_id owner_account;
    samet_fund_id fund_id;
    std::optional<asset> delta_amount;         ///< Added; negative: taken out.
    std::optional<std::uint32_t> new_fee_rate; ///< 1/1,000,000.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 66, .name = "samet_fund_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return owner_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        if (delta_amount)
            detail::visit_sent(visit, owner_account, *delta_amount);
    }

    friend bool operator==(samet_fund_update const&, samet_fund_update const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (fund_id), (delta_amount), (new_fee_rate), (extensions))
};

/** Borrows from a fund until the end of the transaction.

    @par Wire
    Tag 67; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `borrow_amount.amount > 0`
    @li The fund holds so much of this asset; the lists allow `borrower`.
    @li The transaction repays it.
*/
struct samet_fund_borrow
{
    asset fee; ///< Paid by `borrower`.
    account_id borrower;
    samet_fund_id fund_id;
    asset borrow_amount;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 67, .name = "samet_fund_borrow"};

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
        visit.received(borrower, borrow_amount);
    }

    friend bool operator==(samet_fund_borrow const&, samet_fund_borrow const&) = default;

    BITSHARES_FIELDS((fee), (borrower), (fund_id), (borrow_amount), (extensions))
};

/** Repays a loan of a fund.

    @par Wire
    Tag 68; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `repay_amount.amount > 0`, `fund_fee.amount >= 0`, of one asset.
    @li So much is lent; `fund_fee` is at least what the fund's rate asks; `account` holds both.
*/
struct samet_fund_repay
{
    asset fee; ///< Paid by `account`.
    account_id account;
    samet_fund_id fund_id;
    asset repay_amount;
    asset fund_fee; ///< For the fund.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 68, .name = "samet_fund_repay"};

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
        visit.sent(account, fund_fee);
    }

    friend bool operator==(samet_fund_repay const&, samet_fund_repay const&) = default;

    BITSHARES_FIELDS((fee), (account), (fund_id), (repay_amount), (fund_fee), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/samet_fund.ipp>
#endif
