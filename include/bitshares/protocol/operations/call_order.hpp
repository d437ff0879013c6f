#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct call_order_update
{
    struct options_type
    {
        std::optional<std::uint16_t> target_collateral_ratio;

        friend bool operator==(options_type const&, options_type const&) = default;

        BITSHARES_EXTENSION((target_collateral_ratio))
    };

    asset fee;
    account_id funding_account;
    asset delta_collateral;
    asset delta_debt;
    options_type extensions;

    static constexpr op_traits traits{.tag = 3, .name = "call_order_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return funding_account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        if (delta_collateral.amount > 0)
            visit.sent(funding_account, delta_collateral);
        else if (delta_collateral.amount < 0)
            visit.received(funding_account, detail::negated(delta_collateral));
        if (delta_debt.amount > 0)
            visit.received(funding_account, delta_debt);
        else if (delta_debt.amount < 0)
            visit.sent(funding_account, detail::negated(delta_debt));
    }

    friend bool operator==(call_order_update const&, call_order_update const&) = default;

    BITSHARES_FIELDS((fee), (funding_account), (delta_collateral), (delta_debt), (extensions))
};

struct bid_collateral
{
    asset fee;
    account_id bidder;
    asset additional_collateral;
    asset debt_covered;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 45, .name = "bid_collateral"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return bidder; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        if (debt_covered.amount > 0) // otherwise a bid is taken back, and the collateral named here means nothing
            visit.sent(bidder, additional_collateral);
    }

    friend bool operator==(bid_collateral const&, bid_collateral const&) = default;

    BITSHARES_FIELDS((fee), (bidder), (additional_collateral), (debt_covered), (extensions))
};

struct execute_bid
{
    asset fee;
    account_id bidder;
    asset debt;
    asset collateral;

    static constexpr op_traits traits{.tag = 46, .name = "execute_bid", .is_virtual = true};
    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    bitshares::account_id fee_payer() const { return bidder; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(execute_bid const&, execute_bid const&) = default;

    BITSHARES_FIELDS((fee), (bidder), (debt), (collateral))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
