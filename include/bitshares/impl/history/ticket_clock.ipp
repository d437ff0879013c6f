#pragma once

#include <bitshares/history/ticket_clock.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline constexpr std::uint32_t ticket_day = 86'400;
inline constexpr std::uint32_t ticket_charging_step = 15 * ticket_day;
inline constexpr std::uint32_t ticket_cancel_charging = 7 * ticket_day;
inline constexpr std::uint8_t ticket_forever = 4;

inline time_point_sec later(time_point_sec time, std::uint32_t seconds)
{
    return time.seconds > 0xffffffff - seconds ? time_point_sec::maximum() : time_point_sec{time.seconds + seconds};
}

// Down to the lock `to` from the one above.
inline std::uint32_t ticket_downgrade_seconds(std::uint8_t to)
{
    return (to >= 2 ? 360 : 180) * ticket_day;
}

} // namespace detail

BITSHARES_DECL ticket_clock ticket_clock::create(std::uint8_t target, time_point_sec now)
{
    ticket_clock ticket;
    ticket.target = target;
    ticket.next_step = detail::later(now, detail::ticket_charging_step);
    return ticket;
}

BITSHARES_DECL void ticket_clock::set_target(std::uint8_t new_target, time_point_sec time)
{
    target = new_target;
    if (current < new_target)
    {
        if (now != phase::charging)
            next_step = detail::later(time, detail::ticket_charging_step);
        now = phase::charging;
        return;
    }
    now = phase::withdrawing;
    // A downgrade that began before keeps its date, even one in the past.
    if (next_downgrade == time_point_sec::maximum())
    {
        if (current == new_target)
            next_downgrade = detail::later(time, detail::ticket_cancel_charging);
        else
        {
            --current;
            next_downgrade = detail::later(time, detail::ticket_downgrade_seconds(current));
        }
    }
    next_step = next_downgrade;
}

BITSHARES_DECL bool ticket_clock::step()
{
    if (now == phase::charging)
    {
        ++current;
        next_downgrade = time_point_sec::maximum();
        if (current < target && current < detail::ticket_forever)
            next_step = detail::later(next_step, detail::ticket_charging_step);
        else
        {
            now = phase::stable; // forever loses votes from here on, but is never free
            next_step = time_point_sec::maximum();
        }
        return false;
    }
    if (current == 0)
        return true;
    if (current == target || now == phase::stable)
    {
        now = phase::stable;
        next_downgrade = next_step = time_point_sec::maximum();
        return false;
    }
    --current;
    next_step = next_downgrade = detail::later(next_downgrade, detail::ticket_downgrade_seconds(current));
    return false;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
