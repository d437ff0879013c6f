#pragma once

#include <bitshares/protocol/operations/bitasset.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void asset_update_bitasset::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.check("new_options", new_options);
}

BITSHARES_DECL void asset_update_feed_producers::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void asset_publish_feed::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.check("feed", feed);
    constexpr char const* set = "must be set";
    v.require(!detail::is_unset(feed.settlement_price), "feed/settlement_price", set);
    if (v.require(!detail::is_unset(feed.core_exchange_rate), "feed/core_exchange_rate", set))
        v.check("feed/core_exchange_rate", feed.core_exchange_rate);
    v.require(feed.settlement_price.base.asset_id == feed.core_exchange_rate.base.asset_id,
              "feed/core_exchange_rate/base/asset_id", "must be the base of `settlement_price`");
    v.require(feed.settlement_price.base.asset_id == asset_id, "feed/settlement_price/base/asset_id",
              "must be `asset_id`");
    detail::check_collateral_ratio(v, "extensions/initial_collateral_ratio", extensions.initial_collateral_ratio);
}

BITSHARES_DECL void asset_settle::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.not_negative(amount, "amount");
}

BITSHARES_DECL void asset_global_settle::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(settle_price.base.asset_id == asset_to_settle, "settle_price/base/asset_id", "must be `asset_to_settle`");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
