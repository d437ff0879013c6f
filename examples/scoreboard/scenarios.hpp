#pragma once

#include "player.hpp"

#include <bitshares/testing/chain.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scoreboard {

/// What was measured in a scenario, and whether that keeps its bars. Empty: not measured, or without a bar.
struct measurement
{
    std::string not_run; ///< Why nothing was measured.
    std::optional<double> ms, bar_ms;
    std::optional<std::uint64_t> connects, bar_connects; ///< To the node that misbehaves.
    std::optional<unsigned> lost;                        ///< Calls that failed or hang; the bar is none.
    std::optional<unsigned> wrong, bar_wrong;            ///< Calls that the node got that should get none.
    std::string note;

    bool pass() const;
};

struct scenario
{
    std::string_view name;
    std::string_view what;    ///< In a line.
    std::string_view measure; ///< What the milliseconds are.
    measurement (*run)(player const& client, std::shared_ptr<bitshares::testing::chain> const& chain);
    bool slow = false;            ///< It takes a minute, in which little happens: beside the others.
    bool slow_with_peers = false; ///< The same of other clients.
};

std::vector<scenario> const& scenarios();

/// The chain that all nodes serve.
std::shared_ptr<bitshares::testing::chain> make_chain();

} // namespace scoreboard
