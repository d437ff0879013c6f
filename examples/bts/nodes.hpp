#pragma once

#include <string>
#include <vector>

namespace bts_program {

struct nodes_options
{
    // One of these says which nodes.
    std::vector<std::string> nodes; ///< URLs.
    std::string list;               ///< A file.
    std::string catalogue;          ///< `infrastructure`, `mainnet` or `testnet`.

    bool connect = false; ///< Also to those of a catalogue.
    std::string chain_id;
    std::string ca_file;
    unsigned live = 0; ///< Connections that are kept; 0: to all nodes.
    unsigned timeout = 15;
    bool once = false;
    bool json = false;
};

/// Shows how the nodes of a list are doing. @return The program's exit code.
int nodes(nodes_options const& o);

} // namespace bts_program
