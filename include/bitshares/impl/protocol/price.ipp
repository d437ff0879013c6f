#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/detail/wide.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/validation.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline bool positive(price const& p)
{
    return p.base.amount > 0 && p.quote.amount > 0 && p.base.asset_id != p.quote.asset_id;
}

inline wide power_of_ten(unsigned exponent)
{
    wide power = 1;
    for (unsigned i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

inline error invalid_price(std::string why)
{
    return error(errc::invalid_price, std::move(why));
}

} // namespace detail

BITSHARES_DECL void price::validate(validation& v) const
{
    v.positive(base, "base");
    v.positive(quote, "quote");
    v.require(base.asset_id != quote.asset_id, "quote/asset_id", "must be another asset than that of `base`");
}

BITSHARES_DECL result<asset> convert(asset const& amount, price const& p, rounding direction)
{
    if (!detail::positive(p))
        return detail::invalid_price("a price needs a positive amount of two assets");
    bool const is_base = amount.asset_id == p.base.asset_id;
    if (!is_base && amount.asset_id != p.quote.asset_id)
        return detail::invalid_price("the amount is of neither asset of the price");
    if (amount.amount < 0)
        return detail::invalid_price("the amount is negative");
    asset const& from = is_base ? p.base : p.quote;
    asset const& to = is_base ? p.quote : p.base;
    detail::wide const product =
        static_cast<detail::wide>(amount.amount) * static_cast<detail::wide>(to.amount); // below 2^126
    auto const divisor = static_cast<detail::wide>(from.amount);
    detail::wide const whole = product / divisor + (direction == rounding::up && product % divisor != 0 ? 1 : 0);
    if (whole > static_cast<detail::wide>(INT64_MAX))
        return error(errc::invalid_amount, "the amount at this price is beyond 64 bits");
    return asset{static_cast<std::int64_t>(whole), to.asset_id};
}

BITSHARES_DECL result<std::strong_ordering> compare(price const& a, price const& b)
{
    if (!detail::positive(a) || !detail::positive(b))
        return detail::invalid_price("a price needs a positive amount of two assets");
    if (a.base.asset_id != b.base.asset_id || a.quote.asset_id != b.quote.asset_id)
        return detail::invalid_price("the prices are of different assets");
    auto const left = static_cast<detail::wide>(a.base.amount) * static_cast<detail::wide>(b.quote.amount);
    auto const right = static_cast<detail::wide>(b.base.amount) * static_cast<detail::wide>(a.quote.amount);
    return left < right ? std::strong_ordering::less
                        : (left > right ? std::strong_ordering::greater : std::strong_ordering::equal);
}

BITSHARES_DECL result<std::string> format_price(price const& p, unsigned base_precision, unsigned quote_precision,
                                                unsigned digits, rounding direction)
{
    if (!detail::positive(p))
        return detail::invalid_price("a price needs a positive amount of two assets");
    if (base_precision > max_precision || quote_precision > max_precision || digits > 36)
        return detail::invalid_price("more digits than an asset or a number can have");
    // base / 10^base_precision : quote / 10^quote_precision; each side below 2^63 * 10^12 < 2^103.
    detail::wide numerator = static_cast<detail::wide>(p.base.amount) * detail::power_of_ten(quote_precision);
    detail::wide const denominator = static_cast<detail::wide>(p.quote.amount) * detail::power_of_ten(base_precision);
    std::string text;
    detail::wide whole = numerator / denominator;
    do
        text.push_back(static_cast<char>('0' + static_cast<int>(whole % 10)));
    while ((whole /= 10) != 0);
    std::reverse(text.begin(), text.end());
    numerator %= denominator;
    if (digits > 0)
        text.push_back('.');
    for (unsigned i = 0; i < digits; ++i)
    {
        numerator *= 10; // long division: the remainder is below 2^103, so this fits
        text.push_back(static_cast<char>('0' + static_cast<int>(numerator / denominator)));
        numerator %= denominator;
    }
    if (direction == rounding::up && numerator != 0)
    {
        auto at = text.rbegin();
        for (; at != text.rend() && (*at == '9' || *at == '.'); ++at)
            if (*at == '9')
                *at = '0';
        if (at == text.rend())
            text.insert(text.begin(), '1');
        else
            ++*at;
    }
    return text;
}

BITSHARES_DECL result<price> parse_price(std::string_view text, priced_asset base, priced_asset quote)
{
    auto const invalid = [text](char const* why) {
        return detail::invalid_price('"' + valid_utf8(text, 64) + "\": " + why);
    };
    if (base.id == quote.id)
        return invalid("a price is of two assets");
    if (base.precision > max_precision || quote.precision > max_precision)
        return invalid("no asset has so many digits");
    std::size_t const point = text.find('.');
    std::string_view const whole = text.substr(0, point);
    std::string_view fraction = point == text.npos ? std::string_view() : text.substr(point + 1);
    auto const digits_only = [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (!digits_only(whole) || (point != text.npos && !digits_only(fraction)))
        return invalid("not a decimal number");
    while (fraction.ends_with('0'))
        fraction.remove_suffix(1);
    // numerator / 10^places of a unit for a unit; 10^24 leaves the product with the other side's unit within 128 bits.
    constexpr std::size_t most_places = 24;
    if (fraction.size() > most_places)
        return invalid("too many digits behind the point");
    detail::wide numerator = 0;
    for (std::string_view part : {whole, fraction})
        for (char c : part)
        {
            numerator = numerator * 10 + static_cast<unsigned>(c - '0');
            if (numerator > detail::power_of_ten(most_places))
                return invalid("too large, or too many digits");
        }
    if (numerator == 0)
        return invalid("a price is above zero");
    detail::wide denominator = detail::power_of_ten(static_cast<unsigned>(fraction.size()));
    numerator *= detail::power_of_ten(base.precision);
    denominator *= detail::power_of_ten(quote.precision);
    detail::wide a = numerator;
    for (detail::wide b = denominator; b != 0;)
    {
        detail::wide const rest = a % b;
        a = b;
        b = rest;
    }
    numerator /= a;
    denominator /= a;
    if (numerator > static_cast<detail::wide>(INT64_MAX) || denominator > static_cast<detail::wide>(INT64_MAX))
        return invalid("no fraction of two 64-bit amounts is this number");
    return price{{static_cast<std::int64_t>(numerator), base.id}, {static_cast<std::int64_t>(denominator), quote.id}};
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
