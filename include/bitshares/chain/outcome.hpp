#pragma once

#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/objects/global.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/rpc/node_error.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// How far a transaction has come, as journals record it. The last three are ends.
enum class tx_state : std::uint8_t
{
    prepared,     ///< Signed, and certainly never sent.
    sending,      ///< May have been sent; whether a node has it is not known.
    accepted,     ///< A node has it, pending or included.
    included,     ///< In a block that can still be undone.
    irreversible, ///< In a block for good.
    refused,      ///< A node refused it, and none ever had it.
    expired       ///< Its time is over, and it is proven to be in no block: it can never be included.
};

/// The enumerator's own name.
BITSHARES_DECL std::string_view name_of(tx_state state) noexcept;

/// The state of this name; empty where there is none.
BITSHARES_DECL std::optional<tx_state> tx_state_of(std::string_view name) noexcept;

/// Whether nothing can come after it.
constexpr bool is_final(tx_state state) noexcept
{
    return state >= tx_state::irreversible;
}

/// What became of a transaction.
struct tx_outcome
{
    tx_state state = tx_state::prepared;
    transaction_id id;
    std::uint32_t block_num = 0; ///< That has the transaction; of an expired one the block that completes the proof.
    std::uint32_t trx_num = 0;   ///< Its place in the block.
    bitshares::block_id block_id;
    time_point_sec block_time;
    std::vector<operation_result> operation_results; ///< What each operation came to, in the node's words; empty where
                                                     ///< it does not tell (see @ref broadcast_options).
    std::optional<node_error> refusal;               ///< In the state refused; what a node said last, if it expired.
};

/// How a transaction is followed. Each setter returns the options, so that they chain.
class broadcast_options
{
public:
    using duration = std::chrono::milliseconds;

    broadcast_options() = default;

    /// Follow an included transaction until its block is irreversible. Default: no.
    broadcast_options& irreversible(bool on)
    {
        irreversible_ = on;
        return *this;
    }
    /** Believe a refusal only when the transaction has expired and is proven absent. Default: no.

        A node that refuses does not pass a transaction on; whether it speaks the truth, only the chain can say. Wanted
        where another transaction shall take the refused one's place.
    */
    broadcast_options& prove_refusal(bool on)
    {
        prove_refusal_ = on;
        return *this;
    }
    /// Between two looks at the head block. Default 1 s.
    broadcast_options& poll_interval(duration d)
    {
        poll_interval_ = d;
        return *this;
    }
    /// How long to go on without an answer from any node, or without a new block; what a node says when the same bytes are
    /// sent again does not count. Default 5 min.
    broadcast_options& patience(duration d)
    {
        patience_ = d;
        return *this;
    }
    /// When the same bytes are sent again to a node that accepted them, as long as no block has them. Default 15 s.
    broadcast_options& resend_after(duration d)
    {
        resend_after_ = d;
        return *this;
    }
    /// When a node whose head block does not change is left for another one, where there is one: it may have lost its peers.
    /// Default 15 s.
    broadcast_options& stalled_after(duration d)
    {
        stalled_after_ = d;
        return *this;
    }
    /// Blocks that are asked for at once. Default 16.
    broadcast_options& blocks_at_once(std::uint32_t count)
    {
        blocks_at_once_ = count == 0 ? 1 : count;
        return *this;
    }

    /// Ask the node's history for what the operations came to, which its blocks do not tell; nodes without a history leave
    /// the results empty. Default: yes.
    broadcast_options& operation_results(bool on)
    {
        operation_results_ = on;
        return *this;
    }
    /// Called with what is known so far at every new state. Default: nobody.
    broadcast_options& on_state(std::function<void(tx_outcome const&)> observer)
    {
        on_state_ = std::move(observer);
        return *this;
    }
    /// The chain that a node must serve, asked before anything is sent; for clients that were not told it themselves (see
    /// @ref client_options::chain_id). Default: not asked.
    broadcast_options& chain_id(chain_id_type const& id)
    {
        chain_id_ = id;
        return *this;
    }

    /** It may have been sent before, by whomever: begin at `tx_state::sending`. Default: no.

        For another try after `errc::outcome_in_doubt` without a journal. A node's refusal is then not believed, for another
        node may have the transaction: it ends in a block, or proven absent.
    */
    broadcast_options& may_have_been_sent(bool on)
    {
        may_have_been_sent_ = on;
        return *this;
    }

    /** Only look for it; send nothing, not even again. Default: no.

        Implies @ref may_have_been_sent: it ends in a block, or proven absent.
    */
    broadcast_options& look_only(bool on)
    {
        look_only_ = on;
        return *this;
    }

    bool irreversible() const noexcept { return irreversible_; }
    bool operation_results() const noexcept { return operation_results_; }
    bool prove_refusal() const noexcept { return prove_refusal_; }
    bool may_have_been_sent() const noexcept { return may_have_been_sent_ || look_only_; }
    bool look_only() const noexcept { return look_only_; }
    duration poll_interval() const noexcept { return poll_interval_; }
    duration patience() const noexcept { return patience_; }
    duration stalled_after() const noexcept { return stalled_after_; }
    duration resend_after() const noexcept { return resend_after_; }
    std::uint32_t blocks_at_once() const noexcept { return blocks_at_once_; }
    std::function<void(tx_outcome const&)> const& on_state() const noexcept { return on_state_; }
    std::optional<chain_id_type> const& chain_id() const noexcept { return chain_id_; }

private:
    bool irreversible_ = false;
    bool prove_refusal_ = false;
    bool may_have_been_sent_ = false;
    bool look_only_ = false;
    bool operation_results_ = true;
    duration poll_interval_{1000};
    duration patience_{300'000};
    duration resend_after_{15'000};
    duration stalled_after_{15'000};
    std::uint32_t blocks_at_once_ = 16;
    std::function<void(tx_outcome const&)> on_state_;
    std::optional<chain_id_type> chain_id_;
};

/// What a @ref tx_outcome_tracker wants done next.
struct tracking_step
{
    enum class kind : std::uint8_t
    {
        properties, ///< Ask @ref tracking_step::node for the dynamic global properties.
        record,     ///< Make `state` durable, where there is a journal.
        send,       ///< Send the transaction to the node.
        blocks,     ///< Ask the node for the blocks `first` to `last`.
        wait,       ///< Do nothing for `delay`.
        done        ///< It is over: see @ref tx_outcome_tracker::ec and @ref tx_outcome_tracker::outcome.
    };

    kind what = kind::done;
    std::size_t node = 0; ///< Index into the list of nodes.
    tx_state state = tx_state::prepared;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::chrono::milliseconds delay{0};
};

/** Follows a signed transaction to its end: the decisions, without any input or output. Time is a parameter.

    @ref next says what to do; do it, and give the answer to the function that the kind of step names. `async_broadcast` and
    `broadcast` do just that.

    The rules: The same bytes are sent, never others. A refusal ends it only where no node can have the transaction. A
    transaction that was, or may have been, sent is looked for in every block after its reference block, each read with
    its predecessor's id and its Merkle root checked, so that no block and no transaction is left out. It is proven absent when
    all blocks were read up to the first irreversible one with a timestamp past the expiration, that one included: a block's
    transactions are applied before the chain's time advances.

    @par Source
    bitshares-core, `database::_push_block`, `_apply_transaction` and `is_known_transaction` in libraries/chain/db_block.cpp.
*/
class tx_outcome_tracker
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /** Begins to follow `tx`.

        @param from How far it is known to have come; other than `tx_state::prepared`: @ref next begins to look for it.
        @param nodes How many there are to ask.
        @par Errors
        As @ref pack: the transaction holds an operation that this version does not know.
    */
    BITSHARES_LAZY_DECL static result<tx_outcome_tracker> create(signed_transaction tx, broadcast_options options = {},
                                                                 tx_state from = tx_state::prepared,
                                                                 std::size_t nodes = 1);

    signed_transaction const& signed_tx() const noexcept { return tx_; }
    transaction_id const& id() const noexcept { return outcome_.id; }

    /// What to do next.
    BITSHARES_LAZY_DECL tracking_step next(time_point now);

    /// @name Answers to steps
    /// @{
    BITSHARES_LAZY_DECL void on_recorded();                                     ///< To `record`.
    BITSHARES_LAZY_DECL void on_record_failed(error_code ec, std::string what); ///< To `record`: nothing is sent.
    BITSHARES_LAZY_DECL void on_properties(dynamic_global_property_object const& properties, time_point now);
    BITSHARES_LAZY_DECL void on_sent(reply<void> const& answer, time_point now);
    /// In the order of their numbers; empty where the node has no such block.
    BITSHARES_LAZY_DECL void on_blocks(std::vector<std::optional<signed_block>> const& blocks, time_point now);
    /// To `properties`, `send` and `blocks`: no answer came, or none that can be read. `errc::cancelled` ends it.
    BITSHARES_LAZY_DECL void on_failed(error_code ec, std::string what, time_point now);
    /// @}

    /// Where it was created at its end: what is known of that.
    BITSHARES_LAZY_DECL void recall(std::uint32_t block_num, std::uint32_t trx_num, std::optional<node_error> refusal);

    /// Once it is done: what the operations came to, as the node's history says.
    void take_results(std::vector<operation_result> results) { outcome_.operation_results = std::move(results); }

    /// Ends it, as the caller wishes.
    BITSHARES_LAZY_DECL void cancel();

    bool done() const noexcept { return done_; }

    /** Why there is no outcome: `errc::outcome_in_doubt` where the transaction may have been sent. @pre @ref done.

        To resume: another tracker for the same transaction with @ref state, any time later.
    */
    error_code const& ec() const noexcept { return ec_; }
    std::string const& detail() const noexcept { return detail_; }

    /// How far it has come.
    tx_state state() const noexcept { return state_; }

    /// Whether a node can have the transaction, or can have had it.
    bool may_be_sent() const noexcept { return maybe_sent_; }

    /// What is known so far.
    tx_outcome const& outcome() const noexcept { return outcome_; }

private:
    struct seen_block
    {
        std::uint32_t num;
        block_id id;
        time_point_sec time;
    };

    BITSHARES_LAZY_DECL void want_record(tx_state state);
    BITSHARES_LAZY_DECL void end(error_code ec, std::string detail);
    BITSHARES_LAZY_DECL void fail(error_code ec, std::string what, time_point now);
    BITSHARES_LAZY_DECL void take_next_node();
    BITSHARES_LAZY_DECL bool stands_still(time_point now) const;
    BITSHARES_LAZY_DECL void leave();
    BITSHARES_LAZY_DECL bool is_before_reference() const;
    BITSHARES_LAZY_DECL void follow_from(std::uint32_t number);
    BITSHARES_LAZY_DECL void take_successor(signed_block const& block);
    BITSHARES_LAZY_DECL bool take_block(std::uint32_t number, signed_block const& block, time_point now);
    BITSHARES_LAZY_DECL bool step_back(std::uint32_t number, time_point now);
    BITSHARES_LAZY_DECL void look_for_it(seen_block const& at, signed_block const& block);
    BITSHARES_LAZY_DECL void settle();

    signed_transaction tx_;
    broadcast_options options_;
    tx_state state_ = tx_state::prepared;
    tx_outcome outcome_;
    bool done_ = false;
    error_code ec_;
    std::string detail_;

    std::optional<tx_state> recording_; // to be made durable before anything else
    bool maybe_sent_ = false;           // a node may have it, or have had it
    bool send_due_ = true;
    bool refused_ = false; // and that is to be proven

    // What the node in use said since the last pause.
    std::vector<bool> dead_; // nodes that will not do: of another chain, with a certificate of another name
    std::size_t node_ = 0;
    bool asked_ = false;
    std::uint32_t head_ = 0;
    block_id head_id_;
    std::uint32_t irreversible_ = 0;
    time_point_sec head_time_;

    std::optional<std::uint32_t> reference_;      // may be the reference block; its successor is to be looked at
    std::optional<std::uint32_t> lower_;          // the reference block's successor
    std::optional<std::uint32_t> accepted_after_; // the last irreversible block when a node took it and had not had it
    std::uint32_t next_ = 0;                      // to be read
    bool whole_ = true;                           // everything from lower_ to next_ was read
    std::uint32_t final_ = 0;                     // of what was read, blocks up to this one cannot change
    std::deque<seen_block> seen_;                 // the last final block that was read, and those behind it
    std::optional<seen_block> past_;              // the first block past the expiration
    bool found_ = false;

    std::optional<time_point> wait_until_;
    std::optional<time_point> last_progress_;
    std::optional<time_point> last_sent_;
    std::optional<time_point> head_moved_; // of the node in use: since when it has this head block
    std::size_t failures_ = 0;             // in a row
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/chain/outcome.ipp>
#endif
