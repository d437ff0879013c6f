#pragma once

#include <bitshares/base/utf8.hpp>

#include <cstdint>
#include <cstring>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

// Eight bytes of ASCII are one step: every frame of a node comes through here.
BITSHARES_DECL std::size_t find_invalid_utf8(std::string_view text) noexcept
{
    auto const* const data = reinterpret_cast<unsigned char const*>(text.data());
    std::size_t const size = text.size();
    auto const continues = [&](std::size_t at, unsigned least = 0x80, unsigned most = 0xbf) {
        return at < size && data[at] >= least && data[at] <= most;
    };
    for (std::size_t i = 0; i < size;)
    {
        std::uint64_t eight = 0;
        if (size - i >= sizeof eight &&
            (std::memcpy(&eight, data + i, sizeof eight), (eight & 0x8080808080808080) == 0))
        {
            i += sizeof eight;
            continue;
        }
        unsigned const lead = data[i];
        if (lead < 0x80)
            i += 1;
        else if (lead >= 0xc2 && lead <= 0xdf && continues(i + 1))
            i += 2;
        else if (lead >= 0xe0 && lead <= 0xef && continues(i + 2) && // neither overlong nor half of a surrogate pair
                 continues(i + 1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf))
            i += 3;
        else if (lead >= 0xf0 && lead <= 0xf4 && continues(i + 2) && continues(i + 3) && // up to U+10FFFF
                 continues(i + 1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf))
            i += 4;
        else
            return i;
    }
    return size;
}

BITSHARES_DECL void append_valid_utf8(std::string& out, std::string_view text)
{
    for (;;)
    {
        std::size_t const good = find_invalid_utf8(text);
        out += text.substr(0, good);
        if (good == text.size())
            return;
        out += "\xef\xbf\xbd";
        text.remove_prefix(good + 1);
    }
}

BITSHARES_DECL std::string valid_utf8(std::string_view text, std::size_t max_bytes)
{
    if (text.size() > max_bytes)
    {
        std::size_t end = max_bytes; // stands before the first byte of a character, where there are any
        while (end != 0 && max_bytes - end < 3 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end;
        text = text.substr(0, end);
    }
    std::string valid;
    append_valid_utf8(valid, text);
    return valid;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
