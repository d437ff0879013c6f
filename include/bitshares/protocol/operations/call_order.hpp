#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Changes the debt position of an account: collateral added or taken out, debt borrowed or repaid.

    Makes the position where there is none, closes it where no debt remains. It may be margin-called at once.

    @par Wire
    Tag 3; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `delta_collateral.asset_id != delta_debt.asset_id`; not both deltas are zero.
    @li `delta_debt` is of a market-issued asset that is not globally settled, and `delta_collateral` is of its
        backing asset.
    @li The asset has a valid feed, unless debt is only repaid.
    @li The position's collateral ratio stays above what the feed asks; collateral is not below the margin call
        price.
    @li `funding_account` holds what it adds and repays.
*/
struct call_order_update
{
    struct options_type
    {
        /// Up to which a margin call sells; 1/1000. Not set: everything.
        std::optional<std::uint16_t> target_collateral_ratio;

        friend bool operator==(options_type const&, options_type const&) = default;

        BITSHARES_EXTENSION((target_collateral_ratio))
    };

    asset fee; ///< Paid by `funding_account`.
    account_id funding_account;
    asset delta_collateral; ///< Added to the position; negative: taken out.
    asset delta_debt;       ///< Borrowed; negative: repaid.
    options_type extensions;

    static constexpr op_traits traits{.tag = 3, .name = "call_order_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return funding_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        detail::visit_sent(visit, funding_account, delta_collateral);
        detail::visit_received(visit, funding_account, delta_debt);
    }

    friend bool operator==(call_order_update const&, call_order_update const&) = default;

    BITSHARES_FIELDS((fee), (funding_account), (delta_collateral), (delta_debt), (extensions))
};

/** Offers collateral for a part of the debt of an asset that is globally settled.

    A new bid replaces the bidder's old one for the same debt asset, which goes back without an operation of its own;
    `debt_covered.amount == 0` only takes it back. The chain makes the virtual form when bids are cancelled.

    @par Wire
    Tag 45; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `debt_covered.amount == 0`, or both amounts are above 0.
    @li `debt_covered` is of a globally settled asset, not a prediction market, whose issuer has not disabled
        bids; `additional_collateral` is of its backing asset.
    @li `bidder` holds the collateral.
*/
struct bid_collateral
{
    asset fee; ///< Paid by `bidder`.
    account_id bidder;
    asset additional_collateral; ///< Added to the share of the settlement fund that the debt brings along.
    asset debt_covered;          ///< The debt that the bidder would take over; 0 cancels the bid.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 45, .name = "bid_collateral"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;

        using otherwise = call_order_update; ///< Whose fee it has where a schedule lacks its own.

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return bidder; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        if (debt_covered.amount > 0)
            visit.sent(bidder, additional_collateral);
    }

    friend bool operator==(bid_collateral const&, bid_collateral const&) = default;

    BITSHARES_FIELDS((fee), (bidder), (additional_collateral), (debt_covered), (extensions))
};

/** Says that a collateral bid became a debt position, as the asset was revived.

    Also for the issuer who takes over the debt of an asset revived by its feed, who made no bid.

    @par Wire
    Tag 46, virtual; fields in declaration order.
    @par Preconditions checked by the node
    Made by the chain alone: no transaction may hold it.
*/
struct execute_bid
{
    asset fee; ///< Always 0.
    account_id bidder;
    asset debt;       ///< Of the new position.
    asset collateral; ///< Of the new position: the bid and its share of the settlement fund.

    static constexpr op_traits traits{.tag = 46, .name = "execute_bid", .is_virtual = true};

    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    account_id fee_payer() const { return bidder; }

    friend bool operator==(execute_bid const&, execute_bid const&) = default;

    BITSHARES_FIELDS((fee), (bidder), (debt), (collateral))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/call_order.ipp>
#endif
