#include <bitshares/net/chain_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

using namespace bitshares;
using namespace std::chrono_literals;

namespace {

chain_clock::time_point const start{1000h};
constexpr std::int64_t now_s = 1'700'000'000;
constexpr std::chrono::milliseconds now_ms{now_s * 1000};

} // namespace

TEST_CASE("net/chain_clock: the chain's time is the median of the heads, grown older since")
{
    chain_clock c(5, 15s, 15s);
    CHECK(!c.time(start));
    CHECK(!c.skew(0));
    c.told(0, now_s, start);
    CHECK(c.time(start) == now_ms);
    CHECK(c.time(start + 2s) == now_ms + 2s);
    c.told(1, now_s - 9, start); // of two the later one
    CHECK(c.time(start) == now_ms);
    CHECK(c.skew(1) == -9s);
    c.told(2, now_s + 600, start); // a liar
    CHECK(c.time(start) == now_ms);
    CHECK(c.skew(2) == 600s);
    c.told(3, now_s - 3, start);
    c.told(4, now_s - 3, start);
    CHECK(c.time(start) == now_ms - 3s);
    CHECK(c.recent(start) == 5);
    c.told(0, now_s + 12, start + 16s); // the others' words are too old
    CHECK(c.recent(start + 16s) == 1);
    CHECK(c.time(start + 16s) == now_ms + 12s);
    CHECK(!c.time(start + 40s));
}

TEST_CASE("net/chain_clock: of two that differ others that told the time a while ago say which of them runs ahead")
{
    for (bool const third : {false, true})
    {
        CAPTURE(third);
        chain_clock c(3, 15s, 2min);
        c.told(0, now_s, start);
        if (third)
            c.told(2, now_s - 3, start);
        c.told(0, now_s + 60, start + 60s);
        c.told(1, now_s + 660, start + 60s);
        CHECK(c.time(start + 60s) == now_ms + (third ? 60s : 660s)); // of two alone nobody knows
        CHECK(c.skew(1) == (third ? 600s : 0s));
        c.told(1, now_s + 720, start + 120s); // and nobody else
        CHECK(c.time(start + 120s) == now_ms + 720s);
    }
    // The chain stood still, or this machine slept: one that was left behind is no witness for the old heads for long.
    for (bool const both : {true, false})
    {
        CAPTURE(both);
        chain_clock c(5, 15s, 2min);
        for (std::size_t i = 1; i < 5; ++i)
            c.told(i, now_s, start);
        if (both)
            c.told(1, now_s + 3600, start + 18s);
        c.told(0, now_s + 3600, start + 18s);
        if (!both)
            c.told(1, now_s, start + 18s);
        CHECK(c.time(start + 18s) == now_ms + 3600s);
    }
    // Nor is it where it stands still since then: of the two that tell the time neither bears the other out.
    chain_clock c(3, 15s, 2min);
    c.told(2, now_s, start);
    for (auto const at : {18s, 38s, 58s})
    {
        c.told(0, now_s + 3600 + at.count(), start + at);
        c.told(1, now_s + 3600, start + at);
        CHECK(c.time(start + at) == now_ms + 3600s + at);
    }
}

TEST_CASE("net/chain_clock: a chain that runs faster")
{
    chain_clock c(1, 15s, 2min, 10);
    c.told(0, now_s, start);
    CHECK(c.time(start + 2s) == now_ms + 20s);
    CHECK(!c.report(now_ms + 1h, 15s, start).ahead_of_chain); // it is no clock for this machine's
    CHECK(c.report(now_ms + 1h, 15s, start).verdict == clock_verdict::unknown);
}

TEST_CASE("net/chain_clock: who is wrong, this machine or the chain")
{
    struct situation
    {
        std::optional<int> chain; ///< s behind the right time.
        std::optional<int> dates; ///< Likewise.
        int local;                ///< s before the right time.
        clock_verdict verdict;
    };
    constexpr situation all[] = {
        {{}, {}, 0, clock_verdict::unknown},    {2, {}, 0, clock_verdict::right},
        {2, {}, -100, clock_verdict::behind}, // no block comes from the future
        {2, {}, 100, clock_verdict::unknown}, // this clock, or a chain that stands still
        {100, {}, 0, clock_verdict::unknown}, // likewise
        {2, 0, 0, clock_verdict::right},        {2, 0, 14, clock_verdict::right},
        {2, 0, 17, clock_verdict::ahead},       {2, 0, -17, clock_verdict::behind},
        {100, 0, 0, clock_verdict::chain_late}, {{}, 0, 0, clock_verdict::right},
        {{}, 0, 60, clock_verdict::ahead},
    };
    for (situation const& s : all)
    {
        CAPTURE(s.local);
        chain_clock c(3, 15s, 2min);
        if (s.chain)
            c.told(0, now_s - *s.chain, start);
        if (s.dates)
            for (std::size_t i = 0; i < 3; ++i)
                c.dated(i, now_s - *s.dates + (i == 2 ? 5000 : 0), start); // one of them is wrong
        // Some time later.
        clock_report const r = c.report(now_ms + 500ms + 3s + std::chrono::seconds(s.local), 15s, start + 3s);
        CHECK(name_of(r.verdict) == name_of(s.verdict));
        CHECK(r.ahead_of_dates.has_value() == s.dates.has_value());
        if (s.dates)
            CHECK(r.ahead_of_dates == std::chrono::seconds(s.local));
        if (s.chain)
            CHECK(r.ahead_of_chain == std::chrono::seconds(s.local + *s.chain) + 500ms);
    }
}

TEST_CASE("net/chain_clock: HTTP's Date")
{
    CHECK(detail::read_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
    CHECK(detail::read_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
    CHECK(detail::read_http_date("Thu, 29 Feb 2024 23:59:60 GMT") == 1709251200); // a leap second
    for (std::string_view const wrong :
         {"", "Sun, 06 Nov 1994 08:49:37", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
          "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
          "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:3x GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
          "Sun, 06 anF 1994 08:49:37 GMT"})
    {
        CAPTURE(wrong);
        CHECK(!detail::read_http_date(wrong));
    }
}
