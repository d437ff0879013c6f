#pragma once

#include <bitshares/protocol/time_point.hpp>

#include <cstdint>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** How the lock of a ticket changes with time, and when its amount is free again: of none of it there is an operation.

    @par Source
    ledger.md, section 2.11; the rules of bitshares-core 7.0.2.
*/
struct ticket_clock
{
    enum class phase : std::uint8_t
    {
        charging,    ///< Goes up a step every 15 days until it is what it should be.
        stable,      ///< Is what it should be.
        withdrawing, ///< Goes down; each step takes the time of its lock. At the bottom the amount is free.
    };

    std::uint8_t current = 0; ///< 0 liquid, 1 lock_180_days, 2 lock_360_days, 3 lock_720_days, 4 lock_forever.
    std::uint8_t target = 0;  ///< As above.
    phase now = phase::charging;
    time_point_sec next_step = time_point_sec::maximum(); ///< The end of the first block at or after it.
    time_point_sec next_downgrade = time_point_sec::maximum();

    /// A new ticket. @param now The chain's clock: inside a transaction the time of the block before.
    BITSHARES_DECL static ticket_clock create(std::uint8_t target, time_point_sec now);

    /// What `ticket_update` does, to the ticket or to the part that is split off.
    BITSHARES_DECL void set_target(std::uint8_t new_target, time_point_sec now);

    /// What happens when @ref next_step has come: true when the amount is free and the ticket no more.
    BITSHARES_DECL bool step();

    friend bool operator==(ticket_clock const&, ticket_clock const&) = default;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/ticket_clock.ipp>
#endif
