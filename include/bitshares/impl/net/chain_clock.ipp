#pragma once

#include <bitshares/net/chain_clock.hpp>

#include <algorithm>
#include <charconv>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline std::optional<std::chrono::milliseconds> upper_median(std::vector<std::int64_t> values)
{
    if (values.empty())
        return std::nullopt;
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return std::chrono::milliseconds(*middle);
}

// What was said in seconds, by now.
inline std::int64_t grown(std::int64_t seconds, chain_clock::clock::duration since, double speed)
{
    return seconds * 1000 + static_cast<std::int64_t>(std::chrono::duration<double>(since).count() * 1000 * speed);
}

BITSHARES_DECL std::optional<std::int64_t> read_http_date(std::string_view text)
{
    static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";
    if (text.size() != form.size() || text.substr(3, 2) != ", " || text.substr(25) != " GMT")
        return std::nullopt;
    auto const number = [&](std::size_t at, std::size_t digits) {
        int value = -1;
        char const* const end = text.data() + at + digits;
        auto const read = std::from_chars(text.data() + at, end, value);
        return read.ptr == end ? value : -1;
    };
    std::size_t const month = months.find(text.substr(8, 3));
    int const day = number(5, 2), year = number(12, 4), h = number(17, 2), m = number(20, 2), s = number(23, 2);
    if (month == std::string_view::npos || month % 3 != 0 || day < 0 || year < 0 || h < 0 || m < 0 || s < 0 || h > 23 ||
        m > 59 || s > 60)
        return std::nullopt;
    std::chrono::year_month_day const date(std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok())
        return std::nullopt;
    return std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * 86400 + h * 3600 + m * 60 + s;
}

} // namespace detail

BITSHARES_DECL chain_clock::chain_clock(std::size_t nodes, clock::duration recent, clock::duration known, double speed)
    : nodes_(nodes), recent_(recent), known_(known), speed_(speed)
{}

BITSHARES_DECL void chain_clock::told(std::size_t i, std::int64_t head_time, time_point now)
{
    nodes_[i].head = {head_time, now};
    nodes_[i].skew = milliseconds(head_time * 1000) - *time(now); // its own word counts, too
}

BITSHARES_DECL void chain_clock::dated(std::size_t i, std::int64_t date, time_point now)
{
    nodes_[i].date = {date, now};
}

BITSHARES_DECL std::optional<std::chrono::milliseconds> chain_clock::time(time_point now) const
{
    // Of two the later one: a node that lags is more common than one that runs ahead.
    std::vector<std::int64_t> times, old;
    for (node const& n : nodes_)
        if (is_recent(n, now) || (n.head && now - n.head->at <= known_))
            (is_recent(n, now) ? times : old).push_back(detail::grown(n.head->seconds, now - n.head->at, speed_));
    if (times.size() == 2 && !old.empty())
    {
        // Only if the other one is where the old heads would be by now: the chain may have stood still, or this machine.
        std::int64_t const reach = detail::grown(0, recent_, speed_);
        std::int64_t const there = detail::upper_median(std::move(old))->count();
        auto const [earlier, later] = std::minmax(times[0], times[1]);
        if (later > there + reach && earlier <= there + reach && earlier >= there - reach)
            return milliseconds(earlier);
    }
    return detail::upper_median(std::move(times));
}

BITSHARES_DECL std::optional<std::chrono::milliseconds> chain_clock::skew(std::size_t i) const
{
    return nodes_[i].head ? std::optional(nodes_[i].skew) : std::nullopt;
}

BITSHARES_DECL std::size_t chain_clock::recent(time_point now) const
{
    return static_cast<std::size_t>(
        std::count_if(nodes_.begin(), nodes_.end(), [&](node const& n) { return is_recent(n, now); }));
}

BITSHARES_DECL clock_report chain_clock::report(milliseconds local, milliseconds tolerance, time_point now) const
{
    clock_report r;
    r.chain_time = time(now);
    if (r.chain_time && speed_ == 1)
        r.ahead_of_chain = local - *r.chain_time;
    std::vector<std::int64_t> dates;
    for (node const& n : nodes_)
        if (n.date)
            dates.push_back(detail::grown(n.date->seconds, now - n.date->at, 1) + 500); // it was cut to whole seconds
    if (auto const date = detail::upper_median(std::move(dates)))
        r.ahead_of_dates = local - *date;
    // The dates decide. Without them, a chain before this clock does: no block comes from the future.
    std::optional<milliseconds> const error = r.ahead_of_dates                ? r.ahead_of_dates
                                              : r.ahead_of_chain <= tolerance ? r.ahead_of_chain
                                                                              : std::nullopt;
    bool const late = r.ahead_of_chain && r.ahead_of_dates && *r.ahead_of_chain - *r.ahead_of_dates > tolerance;
    if (error)
        r.verdict = *error > tolerance    ? clock_verdict::ahead
                    : *error < -tolerance ? clock_verdict::behind
                    : late                ? clock_verdict::chain_late
                                          : clock_verdict::right;
    return r;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
