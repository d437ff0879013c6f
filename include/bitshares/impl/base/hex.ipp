#pragma once

#include <bitshares/base/hex.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// One look-up a digit: history pages hold kilobytes of memos in hexadecimal.
inline constexpr auto hex_values = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (int i = 0; i < 10; ++i)
        table[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
    for (int i = 0; i < 6; ++i)
        table[static_cast<std::size_t>('a' + i)] = table[static_cast<std::size_t>('A' + i)] =
            static_cast<std::int8_t>(10 + i);
    return table;
}();

BITSHARES_DECL void write_hex(std::span<std::uint8_t const> data, char* out) noexcept
{
    static constexpr char digits[] = "0123456789abcdef";
    for (std::uint8_t byte : data)
    {
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 15];
    }
}

BITSHARES_DECL bool read_hex(std::string_view text, std::uint8_t* out) noexcept
{
    int bad = 0;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    {
        int const high = hex_values[static_cast<unsigned char>(text[i])];
        int const low = hex_values[static_cast<unsigned char>(text[i + 1])];
        bad |= high | low;
        *out++ = static_cast<std::uint8_t>((high << 4) | (low & 15));
    }
    return bad >= 0;
}

} // namespace detail

BITSHARES_DECL std::string to_hex(std::span<std::uint8_t const> data)
{
    std::string text(data.size() * 2, '\0');
    detail::write_hex(data, text.data());
    return text;
}

BITSHARES_DECL result<bytes> from_hex(std::string_view text)
{
    bytes data(text.size() / 2);
    if (text.size() % 2 != 0)
        return error(errc::invalid_hex, "an odd number of digits");
    if (!detail::read_hex(text, data.data()))
        return error(errc::invalid_hex, "a character that is not a hexadecimal digit");
    return data;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
