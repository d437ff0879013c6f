#pragma once

#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/rpc/method.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What accounts stored by custom operations; needs the custom_operations plugin.
namespace custom_operations {

/// What accounts stored, by id, from `start_id` on; a catalog needs an account, or stands for that of all; a key needs
/// a catalog. At most `api_limit_get_storage_info`.
inline constexpr method<std::vector<account_storage_object>(
    std::optional<std::string> account_name_or_id, std::optional<std::string> catalog, std::optional<std::string> key,
    std::optional<std::uint32_t> limit, std::optional<account_storage_id> start_id)>
    get_storage_info{"custom_operations", "get_storage_info"};

} // namespace custom_operations

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
