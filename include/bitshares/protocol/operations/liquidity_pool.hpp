#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Makes a pool of two assets, whose shares are a third.

    @par Wire
    Tag 59; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `asset_a < asset_b`, `share_asset` differs from both; percentages at most 10000.
    @li `account` issues `share_asset`, which is a user-issued asset without supply and not another pool's.
*/
struct liquidity_pool_create
{
    asset fee; ///< Paid by `account`.
    account_id account;
    asset_id asset_a;
    asset_id asset_b;
    asset_id share_asset;
    std::uint16_t taker_fee_percent = 0;      ///< 1/100 of a percent.
    std::uint16_t withdrawal_fee_percent = 0; ///< 1/100 of a percent.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 59, .name = "liquidity_pool_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 5'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(liquidity_pool_create const&, liquidity_pool_create const&) = default;

    BITSHARES_FIELDS((fee), (account), (asset_a), (asset_b), (share_asset), (taker_fee_percent),
                     (withdrawal_fee_percent), (extensions))
};

/** Changes the fees of a pool.

    @par Wire
    Tag 75; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; a percentage is set: the taker's at most 10000, the withdrawal's 0.
    @li `account` owns the pool.
*/
struct liquidity_pool_update
{
    asset fee; ///< Paid by `account`.
    account_id account;
    liquidity_pool_id pool;
    std::optional<std::uint16_t> taker_fee_percent;      ///< 1/100 of a percent.
    std::optional<std::uint16_t> withdrawal_fee_percent; ///< 1/100 of a percent.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 75, .name = "liquidity_pool_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(liquidity_pool_update const&, liquidity_pool_update const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (taker_fee_percent), (withdrawal_fee_percent), (extensions))
};

/** Ends an empty pool.

    @par Wire
    Tag 60; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `account` owns the pool, which holds nothing.
*/
struct liquidity_pool_delete
{
    asset fee; ///< Paid by `account`.
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

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(liquidity_pool_delete const&, liquidity_pool_delete const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (extensions))
};

/** Puts both assets into a pool, for shares.

    Taken is what keeps the pool's ratio; how much of each, and the shares, is in the result.

    @par Wire
    Tag 61; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; both amounts are above 0.
    @li `amount_a` is of the pool's asset a, `amount_b` of its asset b; the shares' supply may grow.
    @li The assets' lists allow `account`, which holds both amounts.
*/
struct liquidity_pool_deposit
{
    asset fee; ///< Paid by `account`.
    account_id account;
    liquidity_pool_id pool;
    asset amount_a; ///< At most.
    asset amount_b; ///< At most.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 61, .name = "liquidity_pool_deposit"};

    struct fee_parameters
    {
        std::uint64_t fee = 10'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, amount_a);
        visit.sent(account, amount_b);
    }

    friend bool operator==(liquidity_pool_deposit const&, liquidity_pool_deposit const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (amount_a), (amount_b), (extensions))
};

/** Gives shares back to a pool, for both assets; how much is in the result.

    @par Wire
    Tag 62; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `share_amount.amount > 0`
    @li `share_amount` is of the pool's share asset; the lists allow `account`, which holds the shares.
*/
struct liquidity_pool_withdraw
{
    asset fee; ///< Paid by `account`.
    account_id account;
    liquidity_pool_id pool;
    asset share_amount;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 62, .name = "liquidity_pool_withdraw"};

    struct fee_parameters
    {
        std::uint64_t fee = 500'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, share_amount);
    }

    friend bool operator==(liquidity_pool_withdraw const&, liquidity_pool_withdraw const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (share_amount), (extensions))
};

/** Exchanges one asset of a pool for the other; how much is received is in the result.

    @par Wire
    Tag 63; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; both amounts are above 0, the assets differ.
    @li The assets are the pool's, which is not empty.
    @li At least `min_to_receive` comes out, net of all fees. The lists allow `account`, which holds the amount.
*/
struct liquidity_pool_exchange
{
    asset fee; ///< Paid by `account`.
    account_id account;
    liquidity_pool_id pool;
    asset amount_to_sell;
    asset min_to_receive; ///< Net of fees.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 63, .name = "liquidity_pool_exchange"};

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
        visit.sent(account, amount_to_sell);
    }

    friend bool operator==(liquidity_pool_exchange const&, liquidity_pool_exchange const&) = default;

    BITSHARES_FIELDS((fee), (account), (pool), (amount_to_sell), (min_to_receive), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/liquidity_pool.ipp>
#endif
