#pragma once

#include <bitshares/detail/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Offset in bytes of the first byte that is not UTF-8; the size where all are. Overlong forms, halves of surrogate pairs
/// and what is beyond U+10FFFF are not.
BITSHARES_DECL std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// Appends a text that strangers wrote, with U+FFFD in the place of each byte that is not UTF-8.
BITSHARES_DECL void append_valid_utf8(std::string& out, std::string_view text);

/** A text that strangers wrote, as @ref append_valid_utf8 makes it: for messages, where it has to be valid and not too long.

    @param max_bytes At most so many bytes of `text` are taken; the last character is a whole one.
*/
BITSHARES_DECL std::string valid_utf8(std::string_view text, std::size_t max_bytes = std::string_view::npos);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/base/utf8.ipp>
#endif
