#pragma once

#include <bitshares/protocol/asset_options.hpp>
#include <bitshares/protocol/price_feed.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void price_feed::validate(validation& v) const
{
    if (!detail::is_unset(settlement_price))
        v.check("settlement_price", settlement_price);
    detail::check_collateral_ratio(v, "maximum_short_squeeze_ratio", maximum_short_squeeze_ratio);
    detail::check_collateral_ratio(v, "maintenance_collateral_ratio", maintenance_collateral_ratio);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
