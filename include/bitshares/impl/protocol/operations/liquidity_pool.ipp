#pragma once

#include <bitshares/protocol/operations/liquidity_pool.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void liquidity_pool_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(asset_a < asset_b, "asset_b", "must be above `asset_a`");
    v.require(share_asset != asset_a && share_asset != asset_b, "share_asset",
              "must be another asset than `asset_a` and `asset_b`");
    v.require(taker_fee_percent <= 10'000, "taker_fee_percent", "must be at most 10000");
    v.require(withdrawal_fee_percent <= 10'000, "withdrawal_fee_percent", "must be at most 10000");
}

BITSHARES_DECL void liquidity_pool_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(taker_fee_percent || withdrawal_fee_percent, {}, "must change something");
    v.require(taker_fee_percent.value_or(0) <= 10'000, "taker_fee_percent", "must be at most 10000");
    v.require(withdrawal_fee_percent.value_or(0) == 0, "withdrawal_fee_percent", "can only be set to 0");
}

BITSHARES_DECL void liquidity_pool_delete::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void liquidity_pool_deposit::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(amount_a, "amount_a");
    v.positive(amount_b, "amount_b");
    v.require(amount_a.asset_id < amount_b.asset_id, "amount_b/asset_id", "must be above that of `amount_a`");
}

BITSHARES_DECL void liquidity_pool_withdraw::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(share_amount, "share_amount");
}

BITSHARES_DECL void liquidity_pool_exchange::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(amount_to_sell, "amount_to_sell");
    v.positive(min_to_receive, "min_to_receive");
    v.require(amount_to_sell.asset_id != min_to_receive.asset_id, "min_to_receive/asset_id",
              "must be another asset than that of `amount_to_sell`");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
