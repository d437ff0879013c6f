#pragma once

#include <bitshares/protocol/names.hpp>
#include <bitshares/protocol/operations/asset.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// What the node does with it: one unit of `from`, rounded down, must become an amount of `to` that an asset can have.
inline void check_fee_rate(validation& v, std::string_view member, price const& rate, asset_id from, asset_id to)
{
    bool const is_base = rate.base.asset_id == from;
    asset const& other = is_base ? rate.quote : rate.base;
    asset const& own = is_base ? rate.base : rate.quote;
    if (v.require(own.asset_id == from && other.asset_id == to, member,
                  "must be of " + from.to_string() + " and " + to.to_string()) &&
        own.amount > 0)
        v.require(other.amount / own.amount <= max_share_supply, member,
                  "one unit must not be above 10^15 of the other");
}

} // namespace detail

BITSHARES_DECL void asset_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(is_asset_symbol(symbol), "symbol",
              "must be 3 to 16 of A-Z, 0-9 and at most one point, from a letter to a letter or digit, and not begin "
              "with BIT");
    v.check("common_options", common_options);
    constexpr auto of_bitassets = asset_flags::disable_force_settle | asset_flags::global_settle |
                                  asset_flags::disable_mcr_update | asset_flags::disable_icr_update |
                                  asset_flags::disable_mssr_update | asset_flags::disable_bsrm_update;
    v.require((common_options.issuer_permissions & of_bitassets) == 0 || bitasset_opts,
              "common_options/issuer_permissions",
              "holds a permission of market-issued assets: `bitasset_opts` is not set");
    if (is_prediction_market)
    {
        v.require(bitasset_opts.has_value(), "bitasset_opts", "must be set for a prediction market");
        v.require((common_options.issuer_permissions & asset_flags::global_settle) != 0,
                  "common_options/issuer_permissions", "must hold global_settle (32) for a prediction market");
        v.require((common_options.issuer_permissions & asset_flags::disable_bsrm_update) == 0,
                  "common_options/issuer_permissions",
                  "must not hold disable_bsrm_update (16384) for a prediction market");
        v.require(!bitasset_opts || !bitasset_opts->extensions.black_swan_response_method,
                  "bitasset_opts/extensions/black_swan_response_method", "must not be set for a prediction market");
    }
    v.check("bitasset_opts", bitasset_opts);
    // The new asset, which has no id yet, is written as 1.3.1.
    detail::check_fee_rate(v, "common_options/core_exchange_rate", common_options.core_exchange_rate, core_asset,
                           asset_id{1});
    v.require(precision <= max_precision, "precision", "must be at most 12");
}

BITSHARES_DECL void asset_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(new_issuer != issuer, "new_issuer", "must be another account than `issuer`");
    v.check("new_options", new_options);
    detail::check_fee_rate(v, "new_options/core_exchange_rate", new_options.core_exchange_rate, asset_to_update,
                           core_asset);
    v.require(extensions.new_precision.value_or(0) <= max_precision, "extensions/new_precision", "must be at most 12");
    v.require(extensions.skip_core_exchange_rate.value_or(true), "extensions/skip_core_exchange_rate",
              "must be true where it is set");
}

BITSHARES_DECL void asset_update_issuer::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(issuer != new_issuer, "new_issuer", "must be another account than `issuer`");
}

BITSHARES_DECL void asset_issue::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(asset_to_issue.amount <= max_share_supply, "asset_to_issue/amount", "must be at most 10^15");
    v.positive(asset_to_issue, "asset_to_issue");
    v.require(asset_to_issue.asset_id != core_asset, "asset_to_issue/asset_id", "must not be the core asset");
}

BITSHARES_DECL void asset_reserve::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(amount_to_reserve.amount <= max_share_supply, "amount_to_reserve/amount", "must be at most 10^15");
    v.positive(amount_to_reserve, "amount_to_reserve");
}

BITSHARES_DECL void asset_fund_fee_pool::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(fee.asset_id == core_asset, "fee/asset_id", "must be the core asset");
    v.require(amount > 0, "amount", "must be above 0");
}

BITSHARES_DECL void asset_claim_fees::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(amount_to_claim, "amount_to_claim");
    v.require(extensions.claim_from_asset_id != amount_to_claim.asset_id, "extensions/claim_from_asset_id",
              "must be another asset than that of `amount_to_claim`");
}

BITSHARES_DECL void asset_claim_pool::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(fee.asset_id != asset_id, "fee/asset_id", "must be another asset than `asset_id`");
    v.positive(amount_to_claim, "amount_to_claim");
    v.require(amount_to_claim.asset_id == core_asset, "amount_to_claim/asset_id", "must be the core asset");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
