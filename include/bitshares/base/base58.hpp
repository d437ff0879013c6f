#pragma once

#include <bitshares/base/bytes.hpp>
#include <bitshares/base/result.hpp>

#include <span>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Base58 in Bitcoin's alphabet: a leading zero byte is a `1`.

    @par Complexity
    Quadratic in the size, which is meant for keys; hence the limit when reading.
*/
BITSHARES_DECL std::string to_base58(std::span<std::uint8_t const> data);

/** Bytes of base58 text of at most 4096 characters.

    @par Errors
    @li `errc::invalid_base58`: a character outside the alphabet.
    @li `errc::string_limit`: too long.
*/
BITSHARES_DECL result<bytes> from_base58(std::string_view text);

namespace detail {

/// As @ref from_base58 into `out`, for text that must give exactly `out.size()` bytes (at most 64); false otherwise.
BITSHARES_DECL bool read_base58(std::string_view text, std::span<std::uint8_t> out) noexcept;

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/base/base58.ipp>
#endif
