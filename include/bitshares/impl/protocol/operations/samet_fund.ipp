#pragma once

#include <bitshares/protocol/operations/samet_fund.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void samet_fund_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(balance > 0, "balance", "must be above 0");
}

BITSHARES_DECL void samet_fund_delete::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void samet_fund_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(delta_amount || new_fee_rate, {}, "must change something");
    v.require(!delta_amount || delta_amount->amount != 0, "delta_amount/amount", "must not be 0");
}

BITSHARES_DECL void samet_fund_borrow::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(borrow_amount, "borrow_amount");
}

BITSHARES_DECL void samet_fund_repay::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(repay_amount, "repay_amount");
    v.not_negative(fund_fee, "fund_fee");
    v.require(repay_amount.asset_id == fund_fee.asset_id, "fund_fee/asset_id", "must be the asset of `repay_amount`");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
