#pragma once

#include <bitshares/protocol/objects/asset.hpp>
#include <bitshares/rpc/method.hpp>

#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Holders of assets; needs a node that allows the API `asset`. Not `asset`, which is an amount.
namespace asset_api {

/// Holders of an asset, the largest amount first, without the first `start`. At most `api_limit_get_asset_holders`.
inline constexpr method<std::vector<account_asset_balance>(std::string_view asset_symbol_or_id, std::uint32_t start,
                                                           std::uint32_t limit)>
    get_asset_holders{"asset", "get_asset_holders"};

/// How many accounts hold an asset.
inline constexpr method<std::int64_t(std::string_view asset_symbol_or_id)> get_asset_holders_count{
    "asset", "get_asset_holders_count"};

/// How many accounts hold each asset. Nodes of version 7 always refuse it: they take every object id for an asset's.
inline constexpr method<std::vector<asset_holders>()> get_all_asset_holders{"asset", "get_all_asset_holders"};

} // namespace asset_api

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
