#pragma once

#include <bitshares/detail/config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** How a pool of nodes behaves. The defaults suit public nodes; why they are what they are stands in net/README.md.

    Times are of a steady clock, unless they say that they are the chain's.
*/
struct pool_options
{
    using duration = std::chrono::milliseconds;

    pool_options() = default; // and so no aggregate: g++ 12 destroys those twice beside a co_await

    // Connecting
    duration connect_stagger{250}; ///< While nobody is connected, another node is tried so long after the last one.
    std::size_t max_racing =
        3; ///< Nodes that are tried at once; one that takes longer than @ref slow_connect does not count.
    duration slow_connect{1000};    ///< See @ref max_racing.
    duration connect_timeout{5000}; ///< For connecting with all handshakes, and the first probe.
    std::size_t max_live = 2;       ///< Connections that are kept; the first carries the calls, the others stand by.
    duration extra_live{10'000};    ///< After a call asked all of them in vain, there is one more for so long.
    duration reconnect_min{500};    ///< A node is tried again so long after it failed; doubles with each failure.
    duration reconnect_max{30'000}; ///< The longest such wait; the connects of a minute are spread by it, too.
    double reconnect_jitter = 0.15; ///< Share by which waits are longer or shorter, at random.
    std::size_t connects_per_minute = 5; ///< To one node, however it fails.

    // Calls
    duration hedge_delay{400}; ///< A second node is asked so long after the first, or after its @ref hedge_percentile.
    double hedge_percentile = 0.95; ///< Of the node's latencies: it hedges only what is slow for that node.
    duration attempt_timeout{2000}; ///< Longer than that nobody waits for one node's reply.
    double missing_share = 0.25;    ///< Of a node's latest replies: when more do not come, it is left.
    double hedge_share = 0.05;      ///< Hedges per call, at most, on average,
    double hedge_burst = 20;        ///< and so many at once.
    double retry_budget = 500;      ///< Tokens that retries take, and
    double retry_cost = 5;          ///< how many one takes;
    double timeout_cost = 10;       ///< after an attempt that timed out, so many;
    double retry_refill = 1;        ///< a call that succeeds gives so many back.
    duration retry_wait_min{50}; ///< When all nodes have been asked, the next round comes after a random part of this,
    duration retry_wait_max{20'000}; ///< doubled each round, up to this.

    // Freshness, by the chain's time
    duration block_interval{3000};        ///< Of the chain at hand, by its own time.
    double chain_speed = 1;               ///< Seconds of the chain's time in a second: of a chain for tests, more.
    std::uint32_t suspect_blocks = 3;     ///< A head that stands still so long: another node takes over.
    std::uint32_t stale_blocks = 5;       ///< A head so far behind the median: the node is not used.
    std::uint32_t maintenance_slots = 3;  ///< Blocks that are not produced at a maintenance.
    std::uint32_t fork_check_blocks = 20; ///< Of every so many irreversible blocks, the nodes are asked for the id.
    duration probe_live{3000};            ///< A live connection is asked for its head so often.
    duration probe_others{60'000};        ///< Nodes without a connection; their heads are known for twice as long.

    // Choice
    duration latency_decay{10'000};   ///< Time in which a peak of the latency falls to 1/e.
    double latency_window = 2.0;      ///< Of nodes up to so many times slower than the best, any may be chosen.
    double switch_advantage = 0.30;   ///< A node that stands by takes over when it is faster by this share,
    std::uint32_t switch_samples = 3; ///< in so many probes one after the other.

    duration distrust{60'000}; ///< After a failure others are preferred for so long.

    // Ejection
    std::uint32_t eject_failures = 3; ///< One after the other while another node is live, not counting refusals.
    duration eject_time{30'000};      ///< Times the number of ejections so far,
    duration eject_max{300'000};      ///< up to this.
    double eject_share = 0.5;         ///< Of the nodes, at most. Stale, forked and wrong-chain nodes are not counted.
    std::uint32_t api_failures = 2;   ///< Of one API on one node, one after the other, rest it there
    duration api_rest{60'000}; ///< for this long. So long it is remembered, too, who gave less than others may have.
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
