#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/vote_id.hpp>

#include <charconv>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL result<vote_id> vote_id::from_string(std::string_view text)
{
    char const* const end = text.data() + text.size();
    std::uint8_t type = 0;
    std::uint32_t instance = 0;
    auto parsed = std::from_chars(text.data(), end, type);
    if (parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == ':')
    {
        parsed = std::from_chars(parsed.ptr + 1, end, instance);
        if (parsed.ec == std::errc() && parsed.ptr == end && instance < 1u << 24)
            return vote_id(type, instance);
    }
    return error(errc::invalid_vote_id, valid_utf8(text, 64));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
