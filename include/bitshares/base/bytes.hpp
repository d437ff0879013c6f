#pragma once

#include <bitshares/detail/config.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Raw bytes of any length. Packed with a length in front; in JSON lower-case hexadecimal digits.
using bytes = std::vector<std::uint8_t>;

/** `Size` raw bytes; packed without a length; in JSON lower-case hexadecimal digits.

    @tparam Tag Tells hashes of one size apart, so that they can stand in one static variant.
    Ordered byte by byte, as the chain orders hashes.
*/
template <std::size_t Size, class Tag = void>
struct fixed_bytes
{
    std::array<std::uint8_t, Size> data{};

    static constexpr std::size_t size() noexcept { return Size; }
    friend auto operator<=>(fixed_bytes const&, fixed_bytes const&) = default;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
