#pragma once

#include <bitshares/base/bytes.hpp>
#include <bitshares/base/result.hpp>

#include <span>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Lower-case hexadecimal digits, two a byte.
BITSHARES_DECL std::string to_hex(std::span<std::uint8_t const> data);

/** Bytes of hexadecimal digits of either case.

    @par Errors
    @li `errc::invalid_hex`: an odd number of digits, or another character. (Nodes ignore an odd last digit; a client must not.)
*/
BITSHARES_DECL result<bytes> from_hex(std::string_view text);

namespace detail {

/// Writes `2 * data.size()` digits to `out`.
BITSHARES_DECL void write_hex(std::span<std::uint8_t const> data, char* out) noexcept;

/// Reads `text.size() / 2` bytes; false where a character is not a digit. @pre `text.size()` is even.
BITSHARES_DECL bool read_hex(std::string_view text, std::uint8_t* out) noexcept;

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/base/hex.ipp>
#endif
