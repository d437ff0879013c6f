#pragma once

#include <bitshares/protocol/operations/call_order.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void call_order_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(delta_collateral.asset_id != delta_debt.asset_id, "delta_debt/asset_id",
              "must be another asset than that of `delta_collateral`");
    v.require(delta_collateral.amount != 0 || delta_debt.amount != 0, {}, "must change collateral or debt");
}

BITSHARES_DECL void bid_collateral::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.not_negative(debt_covered, "debt_covered");
    if (debt_covered.amount > 0) // else it takes the bid back
        v.positive(additional_collateral, "additional_collateral");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
