#pragma once

#include <bitshares/protocol/asset_options.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL void check_collateral_ratio(validation& v, std::string_view member, std::optional<std::uint16_t> ratio)
{
    v.require(!ratio || (*ratio >= 1'001 && *ratio <= 32'000), member, "must be from 1001 to 32000");
}

} // namespace detail

BITSHARES_DECL void asset_options::validate(validation& v) const
{
    constexpr char const* percentage = "must be at most 10000";
    v.require(max_supply > 0, "max_supply", "must be above 0");
    v.require(max_supply <= max_share_supply, "max_supply", "must be at most 10^15");
    v.require(market_fee_percent <= 10'000, "market_fee_percent", percentage);
    v.require(extensions.taker_fee_percent.value_or(0) <= 10'000, "extensions/taker_fee_percent", percentage);
    v.require(max_market_fee >= 0 && max_market_fee <= max_share_supply, "max_market_fee", "must be from 0 to 10^15");
    v.require((flags & asset_flags::global_settle) == 0, "flags", "global_settle (32) is for permissions only");
    v.require((flags & asset_flags::witness_fed_asset) == 0 || (flags & asset_flags::committee_fed_asset) == 0, "flags",
              "either witnesses (128) feed the asset or the committee (256) does");
    v.check("core_exchange_rate", core_exchange_rate);
    v.require(core_exchange_rate.base.asset_id == core_asset || core_exchange_rate.quote.asset_id == core_asset,
              "core_exchange_rate", "one side must be the core asset");
    if ((flags & asset_flags::white_list) == 0)
    {
        constexpr char const* rule = "needs the flag white_list (2)";
        v.require(whitelist_authorities.empty(), "whitelist_authorities", rule);
        v.require(blacklist_authorities.empty(), "blacklist_authorities", rule);
    }
    v.each("whitelist_markets", whitelist_markets, [&](asset_id market) {
        v.require(!blacklist_markets.contains(market), {}, "stands in `blacklist_markets` too");
    });
    v.require(extensions.reward_percent.value_or(0) <= 10'000, "extensions/reward_percent", percentage);
}

BITSHARES_DECL void bitasset_options::validate(validation& v) const
{
    constexpr char const* percentage = "must be at most 10000";
    v.require(minimum_feeds > 0, "minimum_feeds", "must be above 0");
    v.require(force_settlement_offset_percent <= 10'000, "force_settlement_offset_percent", percentage);
    v.require(maximum_force_settlement_volume <= 10'000, "maximum_force_settlement_volume", percentage);
    v.require(extensions.margin_call_fee_ratio.value_or(0) <= 32'000, "extensions/margin_call_fee_ratio",
              "must be at most 32000");
    detail::check_collateral_ratio(v, "extensions/initial_collateral_ratio", extensions.initial_collateral_ratio);
    detail::check_collateral_ratio(v, "extensions/maintenance_collateral_ratio",
                                   extensions.maintenance_collateral_ratio);
    detail::check_collateral_ratio(v, "extensions/maximum_short_squeeze_ratio", extensions.maximum_short_squeeze_ratio);
    v.require(extensions.force_settle_fee_percent.value_or(0) <= 10'000, "extensions/force_settle_fee_percent",
              percentage);
    v.require(extensions.black_swan_response_method.value_or(0) < 4, "extensions/black_swan_response_method",
              "must be from 0 to 3");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
