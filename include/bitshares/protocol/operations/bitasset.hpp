#pragma once

#include <bitshares/protocol/asset_options.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/price_feed.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct asset_update_bitasset
{
    asset fee;
    account_id issuer;
    asset_id asset_to_update;
    bitasset_options new_options;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 12, .name = "asset_update_bitasset"};
    struct fee_parameters
    {
        std::uint64_t fee = 50000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(asset_update_bitasset const&, asset_update_bitasset const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_update), (new_options), (extensions))
};

struct asset_settle
{
    asset fee;
    account_id account;
    asset amount;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 17, .name = "asset_settle"};
    struct fee_parameters
    {
        std::uint64_t fee = 10000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, amount);
    }

    friend bool operator==(asset_settle const&, asset_settle const&) = default;

    BITSHARES_FIELDS((fee), (account), (amount), (extensions))
};

struct asset_global_settle
{
    asset fee;
    account_id issuer;
    asset_id asset_to_settle;
    price settle_price;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 18, .name = "asset_global_settle"};
    struct fee_parameters
    {
        std::uint64_t fee = 50000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(asset_global_settle const&, asset_global_settle const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_settle), (settle_price), (extensions))
};

struct asset_publish_feed
{
    struct extension
    {
        std::optional<std::uint16_t> initial_collateral_ratio;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((initial_collateral_ratio))
    };

    asset fee;
    account_id publisher;
    bitshares::asset_id asset_id;
    price_feed feed;
    extension extensions;

    static constexpr op_traits traits{.tag = 19, .name = "asset_publish_feed"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return publisher; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(asset_publish_feed const&, asset_publish_feed const&) = default;

    BITSHARES_FIELDS((fee), (publisher), (asset_id), (feed), (extensions))
};

struct asset_settle_cancel
{
    asset fee;
    force_settlement_id settlement;
    account_id account;
    asset amount;

    static constexpr op_traits traits{.tag = 42, .name = "asset_settle_cancel", .is_virtual = true};
    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(account, amount);
    }

    friend bool operator==(asset_settle_cancel const&, asset_settle_cancel const&) = default;

    BITSHARES_FIELDS((fee), (settlement), (account), (amount))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
