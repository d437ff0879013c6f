#pragma once

#include <bitshares/protocol/operations/credit_offer.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline void check_deal_duration(validation& v, std::uint32_t seconds)
{
    v.require(seconds <= 380 * 86'400, "max_duration_seconds", "must be at most 380 days");
}

inline void check_deal_amount(validation& v, std::string_view member, std::int64_t amount)
{
    v.require(amount >= 0 && amount <= max_share_supply, member, "must be from 0 to 10^15");
}

inline void check_acceptable(validation& v, asset_id lent, flat_map<asset_id, price> const& collateral)
{
    v.require(!collateral.empty(), "acceptable_collateral", "must not be empty");
    v.each("acceptable_collateral", collateral, [&](std::pair<asset_id, price> const& accepted) {
        price const& p = accepted.second;
        v.require(p.base.asset_id == lent, "1/base/asset_id", "must be the asset that is lent");
        v.require(p.quote.asset_id == accepted.first, "1/quote/asset_id", "must be the collateral's asset");
        v.check("1", p);
        v.require(p.base.amount <= max_share_supply, "1/base/amount", "must be at most 10^15");
        v.require(p.quote.amount <= max_share_supply, "1/quote/amount", "must be at most 10^15");
    });
}

inline void check_acceptable(validation& v, flat_map<account_id, std::int64_t> const& borrowers)
{
    v.each("acceptable_borrowers", borrowers,
           [&v](std::pair<account_id, std::int64_t> const& borrower) { check_deal_amount(v, "1", borrower.second); });
}

} // namespace detail

BITSHARES_DECL void credit_offer_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(balance > 0, "balance", "must be above 0");
    detail::check_deal_duration(v, max_duration_seconds);
    detail::check_deal_amount(v, "min_deal_amount", min_deal_amount);
    detail::check_acceptable(v, asset_type, acceptable_collateral);
    detail::check_acceptable(v, acceptable_borrowers);
}

BITSHARES_DECL void credit_offer_delete::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void credit_offer_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(!delta_amount || delta_amount->amount != 0, "delta_amount/amount", "must not be 0");
    if (max_duration_seconds)
        detail::check_deal_duration(v, *max_duration_seconds);
    if (min_deal_amount)
        detail::check_deal_amount(v, "min_deal_amount", *min_deal_amount);
    if (acceptable_collateral) // the offer's asset is not known here: all prices are of one
        detail::check_acceptable(
            v, acceptable_collateral->empty() ? asset_id{} : acceptable_collateral->begin()->second.base.asset_id,
            *acceptable_collateral);
    if (acceptable_borrowers)
        detail::check_acceptable(v, *acceptable_borrowers);
    v.require(delta_amount || fee_rate || max_duration_seconds || min_deal_amount || enabled || auto_disable_time ||
                  acceptable_collateral || acceptable_borrowers,
              {}, "must change something");
}

BITSHARES_DECL void credit_offer_accept::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(borrow_amount, "borrow_amount");
    v.positive(collateral, "collateral");
    v.require(extensions.auto_repay.value_or(0) < 3, "extensions/auto_repay", "must be from 0 to 2");
}

BITSHARES_DECL void credit_deal_repay::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(repay_amount, "repay_amount");
    v.not_negative(credit_fee, "credit_fee");
    v.require(repay_amount.asset_id == credit_fee.asset_id, "credit_fee/asset_id",
              "must be the asset of `repay_amount`");
}

BITSHARES_DECL void credit_deal_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(auto_repay < 3, "auto_repay", "must be from 0 to 2");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
