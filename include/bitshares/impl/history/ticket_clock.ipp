#pragma once

#include <bitshares/history/ticket_clock.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline constexpr std::uint32_t ticket_day = 86'400;
inline constexpr std::uint32_t ticket_charging_step = 15 * ticket_day;
inline constexpr std::uint32_t ticket_cancel_charging = 7 * ticket_day;

inline time_point_sec later(time_point_sec time, std::uint32_t seconds)
{
    return time.seconds > 0xffffffff - seconds ? time_point_sec::maximum() : time_point_sec{time.seconds + seconds};
}

// Down to the lock `to` from the one above.
inline std::uint32_t ticket_downgrade_seconds(ticket_type to)
{
    return (to >= ticket_type::lock_360_days ? 360 : 180) * ticket_day;
}

inline ticket_type ticket_step(ticket_type type, int up)
{
    return static_cast<ticket_type>(static_cast<int>(type) + up);
}

} // namespace detail

BITSHARES_DECL ticket_clock ticket_clock::create(ticket_type target, time_point_sec now)
{
    ticket_clock ticket;
    ticket.target = target;
    ticket.next_step = detail::later(now, detail::ticket_charging_step);
    return ticket;
}

BITSHARES_DECL void ticket_clock::set_target(ticket_type new_target, time_point_sec now)
{
    target = new_target;
    if (current < new_target)
    {
        if (status != ticket_status::charging)
            next_step = detail::later(now, detail::ticket_charging_step);
        status = ticket_status::charging;
        return;
    }
    status = ticket_status::withdrawing;
    // A downgrade that began before keeps its date, even one in the past.
    if (next_downgrade == time_point_sec::maximum())
    {
        if (current == new_target)
            next_downgrade = detail::later(now, detail::ticket_cancel_charging);
        else
        {
            current = detail::ticket_step(current, -1);
            next_downgrade = detail::later(now, detail::ticket_downgrade_seconds(current));
        }
    }
    next_step = next_downgrade;
}

BITSHARES_DECL bool ticket_clock::step()
{
    if (status == ticket_status::charging)
    {
        current = detail::ticket_step(current, 1);
        next_downgrade = time_point_sec::maximum();
        if (current < target && current < ticket_type::lock_forever)
            next_step = detail::later(next_step, detail::ticket_charging_step);
        else
        {
            status = ticket_status::stable; // forever loses votes from here on, but is never free
            next_step = time_point_sec::maximum();
        }
        return false;
    }
    if (current == ticket_type::liquid)
        return true;
    if (current == target || status == ticket_status::stable)
    {
        status = ticket_status::stable;
        next_downgrade = next_step = time_point_sec::maximum();
        return false;
    }
    current = detail::ticket_step(current, -1);
    next_step = next_downgrade = detail::later(next_downgrade, detail::ticket_downgrade_seconds(current));
    return false;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
