#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Moves `amount` from one account to another.

    @par Wire
    Tag 0; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount.amount > 0`, `fee.amount >= 0`, `from != to`
    @li The asset's white and black lists allow both accounts; a transfer-restricted asset goes only from or to
        its issuer.
    @li `from` holds amount and fee.
*/
struct transfer
{
    asset fee; ///< Paid by `from`.
    account_id from;
    account_id to;
    asset amount;
    std::optional<memo_data> memo; ///< Encrypted to the memo key of `to`.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 0, .name = "transfer"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;
        std::uint32_t price_per_kbyte = 1'000'000;

        /// Plus the bytes of a memo.
        template <class Calculation>
        detail::wide core_fee(transfer const& op, Calculation& c) const
        {
            return fee + c.memo_fee(op.memo, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return from; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from, amount);
        visit.received(to, amount);
    }

    friend bool operator==(transfer const&, transfer const&) = default;

    BITSHARES_FIELDS((fee), (from), (to), (amount), (memo), (extensions))
};

/** Moves `amount` from one account to another by the will of the asset's issuer alone.

    @par Wire
    Tag 38; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount.amount > 0`, `fee.amount >= 0`, `from != to`, `issuer != from`
    @li `issuer` is the issuer of the asset, and the asset has the flag `override_authority`.
    @li The asset's lists allow `to`; `from` holds the amount.
*/
struct override_transfer
{
    asset fee; ///< Paid by `issuer`.
    account_id issuer;
    account_id from;
    account_id to;
    asset amount;
    std::optional<memo_data> memo; ///< Encrypted to the memo key of `to`.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 38, .name = "override_transfer"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;
        std::uint32_t price_per_kbyte = 10;

        /// Plus the bytes of a memo.
        template <class Calculation>
        detail::wide core_fee(override_transfer const& op, Calculation& c) const
        {
            return fee + c.memo_fee(op.memo, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from, amount);
        visit.received(to, amount);
    }

    friend bool operator==(override_transfer const&, override_transfer const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (from), (to), (amount), (memo), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/transfer.ipp>
#endif
