#pragma once

#include <bitshares/protocol/objects/market.hpp>
#include <bitshares/rpc/method.hpp>

#include <optional>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Orders summed up by groups of prices; needs the grouped_orders plugin.
namespace orders {

/// Widths of the groups that the node keeps; 1/100 of a percent.
inline constexpr method<flat_set<std::uint16_t>()> get_tracked_groups{"orders", "get_tracked_groups"};

/// Orders that sell `base_asset` for `quote_asset` by groups of prices, the highest price first, from `start` on. At
/// most `api_limit_get_grouped_limit_orders`.
inline constexpr method<std::vector<limit_order_group>(std::string_view base_asset, std::string_view quote_asset,
                                                       std::uint16_t group, std::optional<price> start,
                                                       std::uint32_t limit)>
    get_grouped_limit_orders{"orders", "get_grouped_limit_orders"};

} // namespace orders

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
