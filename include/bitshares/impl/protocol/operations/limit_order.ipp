#pragma once

#include <bitshares/protocol/operations/limit_order.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void create_take_profit_order_action::validate(validation& v) const
{
    v.require(spread_percent > 0, "spread_percent", "must be above 0");
    v.require(size_percent > 0 && size_percent <= 10'000, "size_percent", "must be from 1 to 10000");
    v.require(expiration_seconds > 0, "expiration_seconds", "must be above 0");
}

BITSHARES_DECL void limit_order_create::validate(validation& v) const
{
    v.require(amount_to_sell.asset_id != min_to_receive.asset_id, "min_to_receive/asset_id",
              "must be another asset than that of `amount_to_sell`");
    v.not_negative(fee, "fee");
    v.positive(amount_to_sell, "amount_to_sell");
    v.positive(min_to_receive, "min_to_receive");
    v.check("extensions/on_fill", extensions.on_fill);
}

BITSHARES_DECL void limit_order_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(new_price || delta_amount_to_sell || new_expiration || on_fill, {}, "must change something");
    v.check("new_price", new_price);
    v.require(!delta_amount_to_sell || delta_amount_to_sell->amount != 0, "delta_amount_to_sell/amount",
              "must not be 0");
    v.check("on_fill", on_fill);
}

BITSHARES_DECL void limit_order_cancel::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
