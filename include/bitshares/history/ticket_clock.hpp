#pragma once

#include <bitshares/protocol/objects/ticket.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** How the lock of a ticket changes with time, and when its amount is free again: of none of it there is an operation.

    @par Source
    bitshares-core 7.0.2, ticket_object.cpp and ticket_evaluator.cpp.
*/
struct ticket_clock
{
    ticket_type current = ticket_type::liquid;            ///< The lock that it has: more of it is more votes.
    ticket_type target = ticket_type::liquid;             ///< Up to it every 15 days, down by the time of each lock.
    ticket_status status = ticket_status::charging;       ///< A liquid one that withdraws is free at its next step.
    time_point_sec next_step = time_point_sec::maximum(); ///< The end of the first block at or after it.
    time_point_sec next_downgrade = time_point_sec::maximum();

    /// A new ticket. @param now The chain's clock: inside a transaction the time of the block before.
    BITSHARES_DECL static ticket_clock create(ticket_type target, time_point_sec now);

    /// What `ticket_update` does, to the ticket or to the part that is split off.
    BITSHARES_DECL void set_target(ticket_type new_target, time_point_sec now);

    /// What happens when @ref next_step has come: true when the amount is free and the ticket no more.
    BITSHARES_DECL bool step();

    friend bool operator==(ticket_clock const&, ticket_clock const&) = default;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/ticket_clock.ipp>
#endif
