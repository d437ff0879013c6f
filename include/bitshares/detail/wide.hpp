#pragma once

#include <bitshares/detail/config.hpp>

#include <cstdint>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

/// Products of two 64-bit numbers; no part of the language, but of both compilers.
__extension__ using wide = unsigned __int128;
__extension__ using signed_wide = __int128;

/// a * b / c, rounded down or up. @pre The quotient fits, as it does where b <= c.
constexpr std::uint64_t mul_div(std::uint64_t a, std::uint64_t b, std::uint64_t c, bool up)
{
    wide const product = static_cast<wide>(a) * b;
    return static_cast<std::uint64_t>(product / c + (up && product % c != 0 ? 1 : 0));
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
