#include "terminal_text.hpp"

#include <cstdint>

namespace program {

namespace {

struct character
{
    std::uint32_t code = 0;
    std::size_t size = 0; // 0: no UTF-8
};

character next(std::string_view text)
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned const lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    std::size_t const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size)
        return {};
    std::uint32_t code = lead & (0xffu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i)
    {
        if ((byte(i) & 0xc0) != 0x80)
            return {};
        code = code << 6 | (byte(i) & 0x3fu);
    }
    std::uint32_t const least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return {};
    return {code, size};
}

bool is_dangerous(std::uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f)                                           // C0, DEL, C1
           || c == 0x061c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) // invisible, other lines,
           || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;                                // other directions
}

std::string escape(std::string_view text, bool blanks_stay)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(text.size());
    while (!text.empty())
    {
        character const c = next(text);
        bool const blank = blanks_stay && (text.front() == '\n' || text.front() == '\r' || text.front() == '\t');
        if (c.size == 0)
        {
            auto const byte = static_cast<unsigned char>(text.front());
            out.append({'\\', 'x', digits[byte >> 4], digits[byte & 15]});
        }
        else if (is_dangerous(c.code) && !blank) // all of them have 16 bits at most
            out.append({'\\', 'u', digits[c.code >> 12], digits[c.code >> 8 & 15], digits[c.code >> 4 & 15],
                        digits[c.code & 15]});
        else
            out.append(text.substr(0, c.size));
        text.remove_prefix(c.size == 0 ? 1 : c.size);
    }
    return out;
}

} // namespace

std::string printable(std::string_view text)
{
    return escape(text, false);
}

std::string printable_json(std::string_view json)
{
    return escape(json, true);
}

std::string shortened(std::string_view text, std::size_t max_bytes)
{
    if (text.size() <= max_bytes)
        return std::string(text);
    while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xc0) == 0x80)
        --max_bytes;
    return std::string(text.substr(0, max_bytes)) + "...";
}

} // namespace program
