#pragma once

#include <bitshares/protocol/operations/ticket.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void ticket_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(target_type.value >= 1 && target_type.value <= 4, "target_type", "must be from 1 to 4");
    v.positive(amount, "amount");
    v.require(amount.asset_id == core_asset, "amount/asset_id", "must be the core asset");
}

BITSHARES_DECL void ticket_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(target_type.value <= 4, "target_type", "must be from 0 to 4");
    if (!amount_for_new_target)
        return;
    v.positive(*amount_for_new_target, "amount_for_new_target");
    v.require(amount_for_new_target->asset_id == core_asset, "amount_for_new_target/asset_id",
              "must be the core asset");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
