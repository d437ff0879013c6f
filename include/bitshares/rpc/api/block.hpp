#pragma once

#include <bitshares/protocol/block.hpp>
#include <bitshares/rpc/method.hpp>

#include <optional>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Whole blocks at once; few nodes allow it.
namespace block {

/// Blocks from one number to another, both included; empty where there is no such block.
inline constexpr method<std::vector<std::optional<signed_block>>(std::uint32_t block_num_from,
                                                                 std::uint32_t block_num_to)>
    get_blocks{"block", "get_blocks"};

} // namespace block

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
