#pragma once

#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/objects/history.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/uint128.hpp>

#include <optional>

/** @file
    Liquidity pools.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/liquidity_pool_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Two assets that anybody can exchange for one another at the ratio of the pool.
struct liquidity_pool_object
{
    liquidity_pool_id id;
    asset_id asset_a;
    asset_id asset_b;
    std::int64_t balance_a = 0; ///< In its smallest unit.
    std::int64_t balance_b = 0; ///< In its smallest unit.
    asset_id share_asset;
    std::uint16_t taker_fee_percent = 0;      ///< Of what is taken out; 1/100 of a percent.
    std::uint16_t withdrawal_fee_percent = 0; ///< 1/100 of a percent.
    uint128 virtual_value;                    ///< `balance_a` times `balance_b`.

    friend bool operator==(liquidity_pool_object const&, liquidity_pool_object const&) = default;

    BITSHARES_FIELDS((id), (asset_a), (asset_b), (balance_a), (balance_b), (share_asset), (taker_fee_percent),
                     (withdrawal_fee_percent), (virtual_value))
};

/// What a pool did in the last 24 hours and since its creation; amounts in the smallest units, a2b: a is paid in.
struct liquidity_pool_ticker_object
{
    liquidity_pool_ticker_id id;
    std::uint32_t _24h_deposit_count = 0;
    uint128 _24h_deposit_amount_a;
    uint128 _24h_deposit_amount_b;
    uint128 _24h_deposit_share_amount;
    std::uint32_t _24h_withdrawal_count = 0;
    uint128 _24h_withdrawal_amount_a;
    uint128 _24h_withdrawal_amount_b;
    uint128 _24h_withdrawal_share_amount;
    uint128 _24h_withdrawal_fee_a;
    uint128 _24h_withdrawal_fee_b;
    std::uint32_t _24h_exchange_a2b_count = 0;
    uint128 _24h_exchange_a2b_amount_a;
    uint128 _24h_exchange_a2b_amount_b;
    std::uint32_t _24h_exchange_b2a_count = 0;
    uint128 _24h_exchange_b2a_amount_a;
    uint128 _24h_exchange_b2a_amount_b;
    uint128 _24h_exchange_fee_a;
    uint128 _24h_exchange_fee_b;
    std::int64_t _24h_balance_delta_a = 0;
    std::int64_t _24h_balance_delta_b = 0;
    std::uint64_t total_deposit_count = 0;
    uint128 total_deposit_amount_a;
    uint128 total_deposit_amount_b;
    uint128 total_deposit_share_amount;
    std::uint64_t total_withdrawal_count = 0;
    uint128 total_withdrawal_amount_a;
    uint128 total_withdrawal_amount_b;
    uint128 total_withdrawal_share_amount;
    uint128 total_withdrawal_fee_a;
    uint128 total_withdrawal_fee_b;
    std::uint64_t total_exchange_a2b_count = 0;
    uint128 total_exchange_a2b_amount_a;
    uint128 total_exchange_a2b_amount_b;
    std::uint64_t total_exchange_b2a_count = 0;
    uint128 total_exchange_b2a_amount_a;
    uint128 total_exchange_b2a_amount_b;
    uint128 total_exchange_fee_a;
    uint128 total_exchange_fee_b;

    friend bool operator==(liquidity_pool_ticker_object const&, liquidity_pool_ticker_object const&) = default;

    BITSHARES_FIELDS((id), (_24h_deposit_count), (_24h_deposit_amount_a), (_24h_deposit_amount_b),
                     (_24h_deposit_share_amount), (_24h_withdrawal_count), (_24h_withdrawal_amount_a),
                     (_24h_withdrawal_amount_b), (_24h_withdrawal_share_amount), (_24h_withdrawal_fee_a),
                     (_24h_withdrawal_fee_b), (_24h_exchange_a2b_count), (_24h_exchange_a2b_amount_a),
                     (_24h_exchange_a2b_amount_b), (_24h_exchange_b2a_count), (_24h_exchange_b2a_amount_a),
                     (_24h_exchange_b2a_amount_b), (_24h_exchange_fee_a), (_24h_exchange_fee_b), (_24h_balance_delta_a),
                     (_24h_balance_delta_b), (total_deposit_count), (total_deposit_amount_a), (total_deposit_amount_b),
                     (total_deposit_share_amount), (total_withdrawal_count), (total_withdrawal_amount_a),
                     (total_withdrawal_amount_b), (total_withdrawal_share_amount), (total_withdrawal_fee_a),
                     (total_withdrawal_fee_b), (total_exchange_a2b_count), (total_exchange_a2b_amount_a),
                     (total_exchange_a2b_amount_b), (total_exchange_b2a_count), (total_exchange_b2a_amount_a),
                     (total_exchange_b2a_amount_b), (total_exchange_fee_a), (total_exchange_fee_b))
};

/// A pool with its statistics, where they were asked for.
struct extended_liquidity_pool_object : liquidity_pool_object
{
    std::optional<liquidity_pool_ticker_object> statistics;

    friend bool operator==(extended_liquidity_pool_object const&, extended_liquidity_pool_object const&) = default;

    BITSHARES_FIELDS((id), (asset_a), (asset_b), (balance_a), (balance_b), (share_asset), (taker_fee_percent),
                     (withdrawal_fee_percent), (virtual_value), (statistics))
};

/// An operation of a pool.
struct liquidity_pool_history_object
{
    liquidity_pool_history_id id;
    liquidity_pool_id pool;
    std::uint64_t sequence = 0; ///< Running number of the pool.
    time_point_sec time;
    std::int64_t op_type = 0; ///< Tag of the operation.
    operation_history_object op;

    friend bool operator==(liquidity_pool_history_object const&, liquidity_pool_history_object const&) = default;

    BITSHARES_FIELDS((id), (pool), (sequence), (time), (op_type), (op))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
