#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <chrono>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline void write_two_digits(unsigned value, char* out) noexcept
{
    out[0] = static_cast<char>('0' + value / 10);
    out[1] = static_cast<char>('0' + value % 10);
}

inline bool read_digits(std::string_view text, unsigned& value) noexcept
{
    value = 0;
    for (char c : text)
    {
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return true;
}

BITSHARES_DECL void write_time(time_point_sec time, char* out) noexcept
{
    std::chrono::year_month_day const day(std::chrono::sys_days(std::chrono::days(time.seconds / 86'400)));
    unsigned const second = time.seconds % 86'400;
    auto const year = static_cast<unsigned>(static_cast<int>(day.year()));
    write_two_digits(year / 100, out);
    write_two_digits(year % 100, out + 2);
    out[4] = '-';
    write_two_digits(static_cast<unsigned>(day.month()), out + 5);
    out[7] = '-';
    write_two_digits(static_cast<unsigned>(day.day()), out + 8);
    out[10] = 'T';
    write_two_digits(second / 3'600, out + 11);
    out[13] = ':';
    write_two_digits(second / 60 % 60, out + 14);
    out[16] = ':';
    write_two_digits(second % 60, out + 17);
}

} // namespace detail

BITSHARES_DECL std::string time_point_sec::to_string() const
{
    std::string text(detail::time_text_size, '\0');
    detail::write_time(*this, text.data());
    return text;
}

BITSHARES_DECL result<time_point_sec> time_point_sec::from_string(std::string_view text)
{
    using namespace std::chrono;
    using detail::read_digits;
    unsigned y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
    if (text.size() != detail::time_text_size || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':' || !read_digits(text.substr(0, 4), y) ||
        !read_digits(text.substr(5, 2), mo) || !read_digits(text.substr(8, 2), d) ||
        !read_digits(text.substr(11, 2), h) || !read_digits(text.substr(14, 2), mi) ||
        !read_digits(text.substr(17, 2), s))
        return error(errc::invalid_time, valid_utf8(text, 64));
    year_month_day const date(year(static_cast<int>(y)), month(mo), day(d));
    if (!date.ok() || h > 23 || mi > 59 || s > 59)
        return error(errc::invalid_time, "no such date or time of day: " + std::string(text));
    std::int64_t const seconds =
        std::int64_t{86'400} * sys_days(date).time_since_epoch().count() + h * 3'600 + mi * 60 + s;
    if (seconds < 0 || seconds > 0xffffffff)
        return error(errc::invalid_time, "outside 1970-01-01T00:00:00 to 2106-02-07T06:28:15: " + std::string(text));
    return time_point_sec{static_cast<std::uint32_t>(seconds)};
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
