#pragma once

#include <bitshares/version.hpp>

#include <algorithm>
#include <chrono>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail {

// Beyond a year a time is none; what does not fit the clock would be in the past. Nothing is due before now.
constexpr std::chrono::milliseconds bounded(std::chrono::milliseconds d)
{
    return std::clamp<std::chrono::milliseconds>(d, std::chrono::milliseconds(0), std::chrono::hours(24 * 365));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail
