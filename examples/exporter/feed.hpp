#pragma once

#include "lookups.hpp"

#include <bitshares/history/node_history.hpp>
#include <bitshares/history/source.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace exporter {

/** An account's operations, out of the node or of the sources that are named in its place.

    Where the range has no end, the node says how many there are to be, also where they come from elsewhere.
*/
class history_feed
{
public:
    /// @param sources Outlive it; none: the node. @throws As `blocking_client::call`.
    history_feed(bitshares::blocking_client& node, std::vector<bitshares::history_source*> const& sources,
                 account const& account, bitshares::history_options const& options);

    /// @throws As @ref bitshares::node_history::next and @ref bitshares::joined_history::next.
    bool next(std::vector<bitshares::history_record>& page);

    bitshares::history_count count() const;
    std::uint64_t expected() const;
    std::uint64_t checked() const;
    std::uint64_t surveyed() const;
    bool uses_fallback() const;

    /// What came from each source; empty where it is the node.
    std::vector<bitshares::history_part> parts() const;

private:
    std::optional<bitshares::node_history> node_;
    std::optional<bitshares::joined_history> sources_;
    std::uint64_t counted_ = 0; // by the node
};

/// What came from each source in two runs, of which the second began with the operation of number `again`.
std::vector<bitshares::history_part> together(std::vector<bitshares::history_part> before,
                                              std::vector<bitshares::history_part> const& now, std::uint64_t again);

} // namespace exporter
