#pragma once

#include "target.hpp"

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/protocol/objects/history.hpp>
#include <bitshares/protocol/transaction.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace feeder {

/// The node has dropped a part of the history, or never kept it; the text says which.
class incomplete_node : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// The node or the target is of another chain, or was fed otherwise.
class wrong_target : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

struct feed_options
{
    std::vector<std::string> accounts; ///< Names or ids; empty: all.
    std::size_t batch = 1'000;         ///< Entries of histories a request.
    bool reversible = false;           ///< Also what can still be undone; it is read again by the next run.
    bool from_start = false;           ///< Whatever was written before.
};

/// How far it is.
struct feed_state
{
    std::uint64_t next = 0;    ///< Instance of the 2.9 object that is read next.
    std::uint64_t read = 0;    ///< Entries of histories, in this run.
    std::uint64_t written = 0; ///< Documents, in this run.
    std::uint32_t block = 0;   ///< Of the last document.
    std::uint32_t up_to = 0;   ///< The last block that may be read.
    bool at_end = false;       ///< There was nothing more to read.
};

/** Reads the entries of all histories of a node in their order, and writes the documents that its plugin would write.

    @par Exception safety
    Throws @ref incomplete_node, @ref wrong_target, bitshares::exception and what a target throws. What was written stays;
    the next run goes on behind it.
*/
class feed
{
public:
    /// @param chain That of the node.
    feed(bitshares::blocking_client& node, target& to, bitshares::chain_id_type const& chain, feed_options options);

    /// Where a run before came to an end: documents behind that are written now.
    feed_state const& state() const noexcept { return state_; }

    /// Reads and writes up to @ref feed_options::batch entries. False where there are none, for now.
    bool step();

private:
    struct link
    {
        bitshares::account_history_object entry;
        bitshares::operation_history_object operation;
    };

    void choose_accounts();
    void look_up(std::string const& name_or_id);
    void take_checkpoint();
    std::string checkpoint() const;
    std::vector<bitshares::raw_json> objects(std::vector<bitshares::any_object_id> const& ids);
    std::vector<bitshares::account_history_object> read_entries();
    void look_beyond(std::uint64_t missing);
    std::vector<link> read_operations(std::vector<bitshares::account_history_object> entries);
    void read_blocks(std::vector<link> const& links);
    void check_entry(bitshares::account_history_object const& entry);
    void check_operation(link const& l);
    void check_payer();
    void check_block();
    bitshares::es_document document(link const& l) const;

    struct block_part
    {
        std::vector<std::vector<bitshares::operation>> operations; // of each transaction
        std::vector<bitshares::transaction_id> ids;
        bitshares::time_point_sec time;
    };

    bitshares::blocking_client& node_;
    target& to_;
    bitshares::chain_id_type chain_;
    feed_options options_;
    feed_state state_;
    std::set<bitshares::account_id> accounts_;                                // empty: all
    std::map<bitshares::account_id, bitshares::account_history_object> last_; // of each account that occurred
    std::map<std::uint32_t, block_part> blocks_;
    bool looked_at_statistics_ = false;
    bool from_begin_ = false; // this run reads from the chain's beginning on
    std::uint64_t safe_ = 0;  // the first entry that can be undone, or the next one

    // The operation whose entries are being read.
    std::optional<bitshares::operation_history_id> current_;
    std::optional<bitshares::account_id> payer_;
    bool payer_seen_ = false;
    bool current_whole_ = false; // its first entry was read, too

    // The block whose operations are being read.
    std::uint32_t block_ = 0;
    std::set<std::pair<std::uint16_t, std::uint16_t>> of_block_;
    bool block_whole_ = false;
};

} // namespace feeder
