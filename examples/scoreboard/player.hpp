#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace scoreboard {

/// What a client is told to do. Times in milliseconds.
struct task
{
    std::vector<std::string> urls; ///< In the order of preference.
    std::string chain_id;          ///< That the nodes have to serve; hexadecimal.
    bool warm = true;              ///< One call is answered before anything goes wrong.
    unsigned calls = 1;            ///< All at once.
    unsigned every = 0;            ///< Instead: one so often,
    unsigned watch = 0;            ///< for so long. Without `every`: how long to see whether the first node is left.
    unsigned peer_every = 0;       ///< Other clients: another `every`; some notice nothing unless they are used.
    unsigned peer_watch = 0;       ///< Other clients: another `watch`; in a minute some connect half a million times.
    unsigned give_up = 65'000;     ///< Calls that are not settled by then are lost.
    unsigned follow = 0;           ///< Instead of calls: so many blocks, as a subscription tells them.

    /// When another node than the first was asked, since the fault began: other clients do not say when they leave one.
    std::function<std::optional<double>()> asked_elsewhere;
};

/// What came of it. Times in milliseconds since the fault began.
struct outcome
{
    bool warmed = false; ///< The call before anything went wrong was answered.
    unsigned answered = 0;
    unsigned failed = 0;
    unsigned hanging = 0;         ///< Neither answered nor failed when the client was given up.
    double last = 0;              ///< When the last of them was settled, or given up.
    std::optional<double> left;   ///< When the first node was left; empty: not seen.
    std::string error;            ///< Of the first call that failed.
    std::optional<unsigned> gaps; ///< Blocks that do not follow on the one told before; empty: nobody followed.
    unsigned watched = 0;         ///< Of `watch` or `peer_watch`.
};

/// Does a task; calls `go` when it is ready for what goes wrong.
using player = std::function<outcome(task const& what, std::function<void()> const& go)>;

/// This library: a node_pool with its default options.
outcome play_with_library(task const& what, std::function<void()> const& go);

} // namespace scoreboard
