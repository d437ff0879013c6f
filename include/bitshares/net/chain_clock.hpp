#pragma once

#include <bitshares/detail/config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What is to be said of this machine's clock.
enum class clock_verdict : std::uint8_t
{
    unknown,    ///< No node said the time, or only the chain is behind this clock: it may stand still.
    right,      ///< As far as a block's time goes.
    ahead,      ///< This clock is wrong: it is ahead.
    behind,     ///< This clock is wrong: it is behind.
    chain_late, ///< This clock is right; the chain makes no blocks, or these nodes do not have them.
};

/// The name as it is written, such as `"ahead"`.
constexpr std::string_view name_of(clock_verdict verdict)
{
    switch (verdict)
    {
    case clock_verdict::unknown: return "unknown";
    case clock_verdict::right: return "right";
    case clock_verdict::ahead: return "ahead";
    case clock_verdict::behind: return "behind";
    case clock_verdict::chain_late: return "chain_late";
    }
    return {};
}

/// The times that there are, and how this machine's clock compares.
struct clock_report
{
    clock_verdict verdict = clock_verdict::unknown;
    std::optional<std::chrono::milliseconds> chain_time; ///< Since 1970, see @ref chain_clock::time.
    /// This clock minus the median of what the nodes' HTTP servers said; exact to about a second.
    std::optional<std::chrono::milliseconds> ahead_of_dates;
    /// This clock minus the chain's time. A head is up to a block's time old, and takes its time to come here.
    std::optional<std::chrono::milliseconds> ahead_of_chain;
};

/** The chain's time, as several nodes tell it: for what depends on time and must depend neither on this machine's clock nor on
    one node that lies.

    Two clocks besides this machine's: the heads of the nodes, and the `Date` with which their HTTP servers answer. Nodes take
    their time from the head; so whether a transaction has expired, and how far a node is behind, is a matter of the first. The
    second tells whether it is this machine or the chain that is wrong (bitshares-ui #692).

    The time that passes comes in as a parameter.
    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class chain_clock
{
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    /** @param nodes How many there are; they have numbers from 0 on.
        @param recent What was said longer ago does not count any more: if the chain itself stands still, nobody is behind.
        @param known But for so long it says how late it can be at most: see @ref time.
        @param speed Seconds of the chain's time in a second: of a chain for tests, more than 1.
    */
    BITSHARES_DECL chain_clock(std::size_t nodes, clock::duration recent, clock::duration known, double speed = 1);

    /// A node's head has this timestamp: seconds since 1970 by the chain.
    BITSHARES_DECL void told(std::size_t node, std::int64_t head_time, time_point now);

    /// A node's HTTP server said that it is this time: seconds since 1970.
    BITSHARES_DECL void dated(std::size_t node, std::int64_t date, time_point now);

    /** Time since 1970 by the chain: the median of what was told recently, of two the later one, grown older since. Empty while none
        was.

        Of two, the earlier one counts where others told theirs before, and only the earlier one is within `recent` of the median of
        these, grown older: a chain that missed no block since has not come further. Otherwise one that runs ahead is believed:
        where no others are known, or nobody else tells the time.
    */
    BITSHARES_DECL std::optional<milliseconds> time(time_point now) const;

    /// A node's last head against the chain's time at that moment; less than 0: it was behind. Empty while it told none.
    BITSHARES_DECL std::optional<milliseconds> skew(std::size_t node) const;

    /// How many nodes told a head recently.
    BITSHARES_DECL std::size_t recent(time_point now) const;

    /** Compares this machine's clock.

        @param local What it says: since 1970.
        @param tolerance What is not worth a word; several blocks' time. Chains of another speed than 1 do not tell.
    */
    BITSHARES_DECL clock_report report(milliseconds local, milliseconds tolerance, time_point now) const;

private:
    struct said
    {
        std::int64_t seconds = 0;
        time_point at;
    };
    struct node
    {
        std::optional<said> head;
        std::optional<said> date;
        milliseconds skew{0};
    };

    bool is_recent(node const& n, time_point now) const { return n.head && now - n.head->at <= recent_; }

    std::vector<node> nodes_;
    clock::duration recent_;
    clock::duration known_;
    double speed_;
};

namespace detail {

/// An IMF-fixdate as HTTP has it (RFC 9110, 5.6.7), such as `Sun, 06 Nov 1994 08:49:37 GMT`: seconds since 1970.
BITSHARES_DECL std::optional<std::int64_t> read_http_date(std::string_view text);

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/chain_clock.ipp>
#endif
