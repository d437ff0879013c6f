#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>

#include <compare>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A point on the chain's clock, in whole seconds since 1970-01-01T00:00:00 UTC, up to 2106.

    In JSON `YYYY-MM-DDTHH:MM:SS`, always UTC and without `Z`, which nodes refuse.
*/
struct time_point_sec
{
    std::uint32_t seconds = 0;

    friend auto operator<=>(time_point_sec const&, time_point_sec const&) = default;

    /// `YYYY-MM-DDTHH:MM:SS`.
    BITSHARES_DECL std::string to_string() const;

    /** Reads `YYYY-MM-DDTHH:MM:SS`.

        @par Errors
        @li `errc::invalid_time`: another form (also a `Z` or a fraction), no such date, or outside 1970 to 2106.
    */
    BITSHARES_DECL static result<time_point_sec> from_string(std::string_view text);

    static constexpr time_point_sec maximum() noexcept { return {0xffffffff}; }
};

namespace detail {

inline constexpr std::size_t time_text_size = 19;

/// Writes @ref time_text_size characters.
BITSHARES_DECL void write_time(time_point_sec time, char* out) noexcept;

template <>
struct describe<time_point_sec>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<time_point_sec>(type_kind::time);
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/time_point.ipp>
#endif
