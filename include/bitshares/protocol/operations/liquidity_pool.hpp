#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct liquidity_pool_create
{
    asset fee;
    account_id account;
    asset_id asset_a;
    asset_id asset_b;
    asset_id share_asset;
    std::uint16_t taker_fee_percent = 0;
    std::uint16_t withdrawal_fee_percent = 0;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 59, .name = "liquidity_pool_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 5000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(liquidity_pool_create const&, liquidity_pool_create const&) = default;

    BITSHARES_FIELDS((fee), (account), (asset_a), (asset_b), (share_asset), (taker_fee_percent), (withdrawal_fee_percent), (extensions))
};

struct liquidity_pool_delete
{
    asset fee;
    account_id account;
    liquidity_pool_id pool;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 60, .name = "liquidity_pool_delete"};
    struct fee_parameters
    {
        std::uint64_t fee = 0;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(liquidity_pool_delete const&, liquidity_pool_delete const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (extensions))
};

struct liquidity_pool_deposit
{
    asset fee;
    account_id account;
    liquidity_pool_id pool;
    asset amount_a;
    asset amount_b;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 61, .name = "liquidity_pool_deposit"};
    struct fee_parameters
    {
        std::uint64_t fee = 10000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, amount_a);
        visit.sent(account, amount_b);
    }

    friend bool operator==(liquidity_pool_deposit const&, liquidity_pool_deposit const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (amount_a), (amount_b), (extensions))
};

struct liquidity_pool_withdraw
{
    asset fee;
    account_id account;
    liquidity_pool_id pool;
    asset share_amount;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 62, .name = "liquidity_pool_withdraw"};
    struct fee_parameters
    {
        std::uint64_t fee = 500000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, share_amount);
    }

    friend bool operator==(liquidity_pool_withdraw const&, liquidity_pool_withdraw const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (share_amount), (extensions))
};

struct liquidity_pool_exchange
{
    asset fee;
    account_id account;
    liquidity_pool_id pool;
    asset amount_to_sell;
    asset min_to_receive;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 63, .name = "liquidity_pool_exchange"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, amount_to_sell);
    }

    friend bool operator==(liquidity_pool_exchange const&, liquidity_pool_exchange const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (amount_to_sell), (min_to_receive), (extensions))
};

struct liquidity_pool_update
{
    asset fee;
    account_id account;
    liquidity_pool_id pool;
    std::optional<std::uint16_t> taker_fee_percent;
    std::optional<std::uint16_t> withdrawal_fee_percent;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 75, .name = "liquidity_pool_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(liquidity_pool_update const&, liquidity_pool_update const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (taker_fee_percent), (withdrawal_fee_percent), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
