#pragma once

#include "player.hpp"

namespace scoreboard {

/// Another client, driven by a script in a process of its own: see peers/play.cjs.
struct peer
{
    std::string name;                 ///< With its version.
    std::vector<std::string> command; ///< Its interpreter and its script.
};

/// Those that peers/install.sh has installed in the folder.
std::vector<peer> find_peers(std::string const& folder);

/// @throws std::runtime_error The script cannot be started, or does not keep to what was agreed.
outcome play_with_peer(peer const& who, task const& what, std::function<void()> const& go);

} // namespace scoreboard
