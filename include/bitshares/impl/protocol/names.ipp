#pragma once

#include <bitshares/protocol/names.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// Not those of <cctype>: they depend on the locale.
constexpr bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

inline bool is_name_label(std::string_view label) noexcept
{
    return !label.empty() && is_lower(label.front()) && (is_lower(label.back()) || is_digit(label.back())) &&
           std::all_of(label.begin(), label.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

} // namespace detail

BITSHARES_DECL bool is_account_name(std::string_view text) noexcept
{
    constexpr std::size_t longest = 63;
    if (text.size() > longest)
        return false;
    for (;;)
    {
        std::size_t const point = text.find('.');
        if (!detail::is_name_label(text.substr(0, point)))
            return false;
        if (point == text.npos)
            return true;
        text.remove_prefix(point + 1);
    }
}

BITSHARES_DECL bool is_cheap_account_name(std::string_view text) noexcept
{
    return text.find_first_of("0123456789.-/") != text.npos || text.find_first_of("aeiouy") == text.npos;
}

BITSHARES_DECL bool is_asset_symbol(std::string_view text) noexcept
{
    return text.size() >= 3 && text.size() <= 16 && detail::is_upper(text.front()) && text.back() != '.' &&
           std::count(text.begin(), text.end(), '.') <= 1 && !text.starts_with("BIT") &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return detail::is_upper(c) || detail::is_digit(c) || c == '.'; });
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
