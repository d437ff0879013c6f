#pragma once

#include <cstdint>
#include <string_view>

#include <bitshares/version.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What the chain calls an operation.
struct op_traits
{
    std::uint8_t tag;
    std::string_view name;
    bool is_virtual = false; ///< Made by the chain; never in a transaction.
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
