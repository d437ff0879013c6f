#include <bitshares/protocol/time_point.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace bts = bitshares;
using bts::time_point_sec;

TEST_CASE("protocol/time_point: known times both ways")
{
    struct
    {
        std::uint32_t seconds;
        char const* text;
    } const times[] = {{0, "1970-01-01T00:00:00"},
                       {951'782'400, "2000-02-29T00:00:00"},
                       {1'444'745'544, "2015-10-13T14:12:24"},
                       {2'147'483'648, "2038-01-19T03:14:08"},
                       {4'107'542'400, "2100-03-01T00:00:00"},
                       {0xffffffff, "2106-02-07T06:28:15"}};
    for (auto const& [seconds, text] : times)
    {
        CHECK(time_point_sec{seconds}.to_string() == text);
        CHECK(time_point_sec::from_string(text).value() == time_point_sec{seconds});
    }
    CHECK(time_point_sec::maximum().seconds == 0xffffffff);
}

TEST_CASE("protocol/time_point: every day of 136 years survives")
{
    for (std::uint32_t day = 0; day < 49'710; ++day)
    {
        time_point_sec const time{day * 86'400 + day % 86'400};
        REQUIRE(time_point_sec::from_string(time.to_string()).value() == time);
    }
}

TEST_CASE("protocol/time_point: refuses other forms, dates that are none and times outside the range")
{
    for (char const* text : {"",
                             "2015-10-13",
                             "2015-10-13T14:12:24Z",
                             "2015-10-13T14:12:24.000",
                             "2015-10-13 14:12:24",
                             "2015-10-13t14:12:24",
                             "2015/10/13T14:12:24",
                             "2015-10-13T14.12.24",
                             "+015-10-13T14:12:24",
                             "2015-1 -13T14:12:24",
                             "2015-02-29T00:00:00",
                             "2100-02-29T00:00:00",
                             "2015-13-01T00:00:00",
                             "2015-00-01T00:00:00",
                             "2015-04-31T00:00:00",
                             "2015-04-00T00:00:00",
                             "2015-10-13T24:00:00",
                             "2015-10-13T23:60:00",
                             "2015-10-13T23:59:60",
                             "1969-12-31T23:59:59",
                             "2106-02-07T06:28:16",
                             "0000-01-01T00:00:00",
                             "9999-12-31T23:59:59"})
    {
        CAPTURE(text);
        auto const read = time_point_sec::from_string(text);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code() == bts::errc::invalid_time);
    }
}
