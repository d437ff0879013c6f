#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/asset.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL char* write_amount(std::int64_t amount, unsigned precision, char* out) noexcept
{
    precision = std::min(precision, 18U);
    auto magnitude = static_cast<std::uint64_t>(amount);
    if (amount < 0)
    {
        *out++ = '-';
        magnitude = 0 - magnitude; // also right for the least of all, whose negation does not fit
    }
    char digits[20];
    auto const count = static_cast<unsigned>(std::to_chars(digits, digits + sizeof digits, magnitude).ptr - digits);
    unsigned const whole = count > precision ? count - precision : 0;
    if (whole == 0)
        *out++ = '0';
    std::memcpy(out, digits, whole);
    out += whole;
    if (precision == 0)
        return out;
    *out++ = '.';
    unsigned const zeros = precision - (count - whole);
    std::memset(out, '0', zeros);
    std::memcpy(out + zeros, digits + whole, count - whole);
    return out + precision;
}

} // namespace detail

BITSHARES_DECL std::string format_amount(std::int64_t amount, unsigned precision)
{
    char text[detail::max_amount_text];
    return {text, detail::write_amount(amount, precision, text)};
}

BITSHARES_DECL result<std::int64_t> parse_amount(std::string_view text, unsigned precision)
{
    auto const invalid = [text](char const* why) {
        return error(errc::invalid_amount, '"' + valid_utf8(text, 64) + "\": " + why);
    };
    std::string_view number = text;
    bool const negative = number.starts_with('-');
    number.remove_prefix(negative ? 1 : 0);
    std::size_t const point = number.find('.');
    std::string_view const whole = number.substr(0, point);
    std::string_view const fraction = point == number.npos ? std::string_view() : number.substr(point + 1);
    auto const digits_only = [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (!digits_only(whole) || (point != number.npos && !digits_only(fraction)))
        return invalid("not a decimal number");
    if (fraction.size() > precision)
        return error(errc::invalid_amount, '"' + valid_utf8(text, 64) + "\": more than " + std::to_string(precision) +
                                               " digits behind the point");
    std::uint64_t const limit = static_cast<std::uint64_t>(INT64_MAX) + (negative ? 1 : 0);
    std::uint64_t magnitude = 0;
    auto const append = [&magnitude, limit](std::uint64_t digit) {
        if (magnitude > (limit - digit) / 10)
            return false;
        magnitude = magnitude * 10 + digit;
        return true;
    };
    for (std::string_view part : {whole, fraction})
        for (char c : part)
            if (!append(static_cast<std::uint64_t>(c - '0')))
                return invalid("out of range");
    for (std::size_t i = fraction.size(); i < precision; ++i)
        if (!append(0))
            return invalid("out of range");
    return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
