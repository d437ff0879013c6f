#pragma once

#include "lookups.hpp"

#include <bitshares/history/completeness.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/history/source.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace exporter {

/** An account's operations, out of the node or of the sources that are named in its place.

    The node says how many there are to be, also where they come from elsewhere: fewer are a gap at the end, and more are
    another account's or another chain's, unless they are newer than the node's newest blocks.
*/
class history_feed
{
public:
    /// @param sources Outlive it, as the account does; none: the node. @throws As `blocking_client::call`.
    history_feed(bitshares::blocking_client& node, std::vector<bitshares::history_source*> const& sources,
                 account const& account, bitshares::history_options const& options);

    /// @throws As @ref bitshares::node_history::next and @ref bitshares::joined_history::next; failed_export: a source
    /// has operations that the node does not count.
    bool next(std::vector<bitshares::history_record>& page);

    bitshares::history_count count() const;
    std::uint64_t expected() const;

    /** Where the range of times begins and ends in the whole history, proven by the operations just outside of it: the node is
        asked for them, and where it keeps no history, the sources. To be called at the end of the reading.

        @param proof Of all that was read, by a run before this one, too.
        @param begun_by_node So was the range, in a run before this one or now.
        @throws As `blocking_client::call`.
    */
    bitshares::history_bounds bounds(bitshares::completeness const& proof, bool begun_by_node) const;

    std::uint64_t checked() const;
    std::uint64_t surveyed() const;
    bool uses_fallback() const;

    /// Nothing says whose operations some of them are.
    bool anonymous() const { return sources_ && sources_->anonymous(); }

    /// What came from each source; empty where it is the node.
    std::vector<bitshares::history_part> parts() const;

private:
    void check_count(std::vector<bitshares::history_record> const& page);
    void check_newest() const;
    [[noreturn]] void not_counted(bitshares::history_neighbour const& at, std::uint32_t head,
                                  std::uint64_t total) const;

    bitshares::history_bounds bounds_of_node() const;

    bitshares::blocking_client& client_;
    account const& account_;
    bitshares::history_options options_;
    std::vector<bitshares::history_source*> all_;
    std::optional<bitshares::node_history> node_;
    std::optional<bitshares::joined_history> sources_;
    bool ended_ = false;                  // all that there is was read
    std::uint64_t counted_ = 0;           // by the node
    std::uint32_t head_ = 0;              // when it counted
    std::uint32_t newest_head_ = 0;       // since
    bitshares::history_neighbour beyond_; // the newest that was not counted then
};

/// How many operations the node says that the account has. @throws As `blocking_client::call`.
bitshares::history_count count_of(bitshares::blocking_client& node, account const& account);

/// What came from each source in two runs, of which the second began with the operation of number `again`.
std::vector<bitshares::history_part> together(std::vector<bitshares::history_part> before,
                                              std::vector<bitshares::history_part> const& now, std::uint64_t again);

} // namespace exporter
