#pragma once

#include <bitshares/protocol/asset.hpp>

#include <compare>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

class validation; // <bitshares/protocol/validation.hpp>

/// A ratio of two amounts: `base` for `quote`. Exact; never a decimal fraction.
struct price
{
    asset base;
    asset quote;

    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(price const&, price const&) = default;

    BITSHARES_FIELDS((base), (quote))
};

namespace detail {

/// As the node tells a price that is not set: the amounts do not count.
constexpr bool is_unset(price const& p)
{
    return p.base.asset_id == core_asset && p.quote.asset_id == core_asset;
}

} // namespace detail

/// Which way a result that is no whole number goes.
enum class rounding
{
    down, ///< To the smaller number: what the chain pays out.
    up ///< To the larger number: what the chain asks for; the least that an order of at least this price may receive.
};

/** Converts an amount of either of the price's assets into the other.

    Exact up to the last step: the product has 128 bits, and the quotient is rounded once, as `direction` says.

    @par Errors
    @li `errc::invalid_price`: a side of the price is not positive, both are the same asset, or `amount` is negative or of
        a third asset.
    @li `errc::invalid_amount`: the result is beyond 64 bits.
    @par Source
    bitshares-core, `operator*(asset, price)` (down) and `multiply_and_round_up` (up).
*/
BITSHARES_DECL result<asset> convert(asset const& amount, price const& p, rounding direction);

/** Whether a unit of `a`'s quote costs less, as much or more of its base than one of `b`'s: exact, whatever the amounts.

    @par Errors
    @li `errc::invalid_price`: a side is not positive, or the prices are of different assets or different directions.
*/
BITSHARES_DECL result<std::strong_ordering> compare(price const& a, price const& b);

/** The price as a decimal number: units of `base` for one unit of `quote`, a unit being 10^precision of the smallest.

    `format_price({{150'000, core}, {10, usd}}, 5, 1, 4, rounding::down)` is `"1.5000"`.
    @param digits Behind the point, at most 36. More digits are cut or rounded up, as `direction` says.
    @par Errors
    @li `errc::invalid_price`: a side is not positive, a precision is above @ref max_precision, or `digits` is above 36.
*/
BITSHARES_DECL result<std::string> format_price(price const& p, unsigned base_precision, unsigned quote_precision,
                                                unsigned digits, rounding direction);

/// An asset as people name amounts of it.
struct priced_asset
{
    bitshares::asset_id id;
    unsigned precision = 0;
};

/** Reads a decimal number, units of `base` for one unit of `quote`, as the fraction that it is, in lowest terms: nothing is
    rounded, and @ref format_price gives the number back.

    @par Errors
    @li `errc::invalid_price`: no positive decimal number, the assets are one, or the fraction has no room in two 64-bit
        amounts.
*/
BITSHARES_DECL result<price> parse_price(std::string_view text, priced_asset base, priced_asset quote);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/price.ipp>
#endif
