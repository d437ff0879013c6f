#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/protocol/object_id.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An amount of one asset, in the asset's smallest unit.
struct asset
{
    std::int64_t amount = 0;
    bitshares::asset_id asset_id;

    friend bool operator==(asset const&, asset const&) = default;

    BITSHARES_FIELDS((amount), (asset_id))
};

/// The most that there can be of an asset: 10^15 of the smallest unit.
inline constexpr std::int64_t max_share_supply = 1'000'000'000'000'000;

/// Digits behind the point that an asset can have at most.
inline constexpr unsigned max_precision = 12;

/** The decimal number that `amount` smallest units are: `format_amount(-5, 5)` is `"-0.00005"`.

    Always `precision` digits behind the point (no point where it is 0), so that text and amount map one to one; integers
    throughout. @param precision Of the asset; at most 18.
*/
BITSHARES_DECL std::string format_amount(std::int64_t amount, unsigned precision);

/** Reads a decimal number as an amount of smallest units: digits, one point at most, a minus sign where it is negative.

    @par Errors
    @li `errc::invalid_amount`: no number (also blanks, `+`, exponents, a point without digits on both sides), more digits
        behind the point than the asset has (even zeros: whoever writes them means another asset), or out of range.
*/
BITSHARES_DECL result<std::int64_t> parse_amount(std::string_view text, unsigned precision);

namespace detail {

/// The amount with the other sign; the least of all, which no chain has, becomes the largest.
constexpr asset negated(asset const& a)
{
    return {a.amount == INT64_MIN ? INT64_MAX : -a.amount, a.asset_id};
}

inline constexpr std::size_t max_amount_text = 24; // sign, 19 digits, point, leading zero

/// Writes at most @ref max_amount_text characters; returns the end.
BITSHARES_DECL char* write_amount(std::int64_t amount, unsigned precision, char* out) noexcept;

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/asset.ipp>
#endif
