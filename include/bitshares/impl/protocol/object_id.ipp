#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/object_id.hpp>

#include <charconv>
#include <ostream>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL char* write_object_id(any_object_id id, char* out) noexcept
{
    char* const end = out + max_object_id_text;
    // Three characters each, and not up to the end: where to_chars fails, g++ 12 warns at -O2, the dot would stand behind it.
    out = std::to_chars(out, out + 3, unsigned{id.space()}).ptr;
    *out++ = '.';
    out = std::to_chars(out, out + 3, unsigned{id.type()}).ptr;
    *out++ = '.';
    return std::to_chars(out, end, id.instance()).ptr;
}

BITSHARES_DECL bool read_object_id(std::string_view text, any_object_id& id) noexcept
{
    char const* at = text.data();
    char const* const end = at + text.size();
    std::uint8_t space = 0;
    std::uint8_t type = 0;
    std::uint64_t instance = 0;
    auto parsed = std::from_chars(at, end, space);
    if (parsed.ec != std::errc() || parsed.ptr == end || *parsed.ptr != '.')
        return false;
    parsed = std::from_chars(parsed.ptr + 1, end, type);
    if (parsed.ec != std::errc() || parsed.ptr == end || *parsed.ptr != '.')
        return false;
    parsed = std::from_chars(parsed.ptr + 1, end, instance);
    if (parsed.ec != std::errc() || parsed.ptr != end || instance > max_object_instance)
        return false;
    id = any_object_id(space, type, instance);
    return true;
}

} // namespace detail

BITSHARES_DECL std::string any_object_id::to_string() const
{
    char text[detail::max_object_id_text];
    return {text, detail::write_object_id(*this, text)};
}

BITSHARES_DECL result<any_object_id> any_object_id::from_string(std::string_view text)
{
    any_object_id id;
    if (!detail::read_object_id(text, id))
        return error(errc::invalid_object_id, valid_utf8(text, 64));
    return id;
}

BITSHARES_DECL std::ostream& operator<<(std::ostream& out, any_object_id id)
{
    return out << id.to_string();
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
