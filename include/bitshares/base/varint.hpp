#pragma once

#include <bitshares/detail/config.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** An integer of variable length: LEB128, seven bits a byte, low group first, at most 64 bits in 10 bytes.

    @par Source
    bitshares-core, `fc::unsigned_int`. Overlong forms are read, never written.
*/
struct varuint
{
    std::uint64_t value = 0;

    friend auto operator<=>(varuint const&, varuint const&) = default;
};

namespace detail {

inline constexpr std::size_t max_varint_bytes = 10;

/// Writes `value`; returns the number of bytes, at most @ref max_varint_bytes.
constexpr std::size_t write_varint(std::uint64_t value, std::uint8_t* out) noexcept
{
    std::size_t count = 0;
    while (value >= 0x80)
    {
        out[count++] = static_cast<std::uint8_t>(value | 0x80);
        value >>= 7;
    }
    out[count++] = static_cast<std::uint8_t>(value);
    return count;
}

enum class varint_status : std::uint8_t
{
    ok,
    truncated,
    overflow
};

/// Reads one from `[first, last)`; `first` moves behind it on success.
constexpr varint_status read_varint(std::uint8_t const*& first, std::uint8_t const* last, std::uint64_t& value) noexcept
{
    std::uint8_t const* at = first;
    std::uint64_t read = 0;
    for (unsigned shift = 0;; shift += 7)
    {
        if (at == last)
            return varint_status::truncated;
        std::uint64_t const byte = *at++;
        if (shift == 63 && byte > 1)
            return varint_status::overflow;
        read |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    first = at;
    value = read;
    return varint_status::ok;
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
