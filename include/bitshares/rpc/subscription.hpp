#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/objects/history.hpp>
#include <bitshares/protocol/objects/market.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/rpc/request.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/** @file
    What happens on the chain, in order, each event once, whichever node is asked and however often it changes.

    Nodes forget subscriptions with the connection and lose notices, so an event is never taken from a notice: it is read, and
    joined to the one before by what the chain itself guarantees. Blocks name the one before them, the operations of an account
    and the fills of a market are numbered. Only pending transactions are told by notices and by nothing else. Nothing here does input or output; net/subscription.hpp asks the nodes.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Whether something has happened, or was undone because the chain went on elsewhere.
enum class event_kind : std::uint8_t
{
    applied,
    undone ///< It was told as applied; newest first. What takes its place follows.
};

struct block_event
{
    event_kind kind = event_kind::applied;
    std::uint32_t number = 0;
    block_id id;
    signed_block block;
};

struct account_event
{
    event_kind kind = event_kind::applied;
    std::uint64_t sequence = 0; ///< Number of the operation in the account's history, counted from 1.
    operation_history_object entry;
};

struct market_event
{
    event_kind kind = event_kind::applied;
    std::uint64_t sequence = 0; ///< Number of the fill in the market, counted from 1.
    order_history_object fill;
};

/// An object's state where it differs from the last one told; what it was in between, nobody tells.
struct object_event
{
    any_object_id id;
    raw_json object;         ///< `null`: it is gone, or was never there.
    std::uint32_t block = 0; ///< The head block when it was asked for.
};

/// A transaction that a node has taken, and that is in no block yet.
struct pending_event
{
    transaction_id id;
    signed_transaction transaction;
    std::uint64_t dropped_notices = 0; ///< Up to here: that were no transaction, or for which there was no room.
};

/// How events are followed. Each setter returns the options, so that they chain.
class subscription_options
{
public:
    using duration = std::chrono::milliseconds;

    subscription_options() = default;

    /** Only what cannot be undone any more, some blocks later. Default: no. Not for objects and pending transactions.

        What is newer than 40 blocks before the last irreversible one is told when blocks lead from it to the head of the node
        that calls it irreversible, so that no other node's fork is taken for the chain. Entries that a node does not tell the
        time of, as older ones do not, are told 40 blocks later. What the chain itself did, fills above all, is in no block:
        of those, only that there is a block at their time is known, which a fork's may share.

        So all blocks have to be readable: with a @ref key_prefix that is not the chain's it ends with what cannot be read.
        A head 10'000 blocks or more behind the last irreversible one is refused; nodes do not get so far.
        @par Complexity
        Accounts and markets: one call more for each block from the entry's to the head, and none while nothing is new. */
    subscription_options& irreversible_only(bool on)
    {
        irreversible_only_ = on;
        return *this;
    }
    /// The last event that is known: number of the block, or of the operation or the fill (0: from the first one on).
    /// Default: what is there when the subscription begins is not told.
    subscription_options& after(std::uint64_t last)
    {
        after_ = last;
        return *this;
    }
    /// Between two looks at the head block. Default 1 s.
    subscription_options& poll_interval(duration d)
    {
        poll_interval_ = d;
        return *this;
    }
    /// How long to go on where no node answers, or none has what comes next. Default 1 min.
    subscription_options& patience(duration d)
    {
        patience_ = d;
        return *this;
    }
    /// Blocks, accounts, markets and objects: a node's notice of a block makes the next look come at once. Nothing depends on
    /// it, and @ref next_event does not hear it. Default: no.
    subscription_options& hints(bool on)
    {
        hints_ = on;
        return *this;
    }
    /// In front of keys. Default `"BTS"`.
    subscription_options& key_prefix(std::string prefix)
    {
        key_prefix_ = std::move(prefix);
        return *this;
    }

    bool irreversible_only() const noexcept { return irreversible_only_; }
    std::optional<std::uint64_t> const& after() const noexcept { return after_; }
    duration poll_interval() const noexcept { return poll_interval_; }
    duration patience() const noexcept { return patience_; }
    bool hints() const noexcept { return hints_; }
    std::string const& key_prefix() const noexcept { return key_prefix_; }

private:
    bool irreversible_only_ = false;
    bool hints_ = false;
    std::optional<std::uint64_t> after_;
    duration poll_interval_{1000};
    duration patience_{60'000};
    std::string key_prefix_ = "BTS";
};

/// What a subscription wants of its driver.
struct subscription_step
{
    enum class kind : std::uint8_t
    {
        ask,     ///< Send `question`; its answer goes to `on_reply`, `on_failed`.
        wait,    ///< Come again after `delay`, or earlier.
        deliver, ///< There is an event to take.
        fail     ///< It ended; see `failure`.
    };
    kind what = kind::wait;
    std::optional<request<raw_json>> question;
    std::chrono::milliseconds delay{0};
};

/** Decides what to ask for next, and what the answers tell. Made by @ref follow_blocks and the others.

    One question at a time.
    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class subscription_source
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    subscription_source() = default;
    subscription_source(subscription_source const&) = delete;
    subscription_source& operator=(subscription_source const&) = delete;
    virtual ~subscription_source() = default;

    virtual subscription_step next(time_point now) = 0;

    /// The answer to the last question.
    virtual void on_reply(std::string_view json, time_point now) = 0;
    /// There is no answer: an error of the client, or what a node said against it.
    virtual void on_failed(error_code ec, std::string detail, time_point now) = 0;

    /// The number whose notices it hears; empty: none. It asks the nodes itself to send them.
    virtual std::optional<std::uint64_t> callback() const = 0;
    /// A notice with that number, of any node; also while a question is under way. @param json The array that the node sent.
    virtual void on_notice(std::string_view json, time_point now) = 0;
    /// Whether there is an event to take, also while a question is under way.
    virtual bool ready() const = 0;

    /** Why it ended.

        @par Errors
        @li `errc::gap_unfillable`: for as long as @ref subscription_options::patience no node had what comes next; the detail
            names it. Begin again behind it, or with nodes that keep more. So it ends where all nodes tell a head below
            a block that was told, too: no chain goes back. (What one node alone said of its head is forgotten when for
            half of that time all tell a lower one.)
        @li What the client said last, if it said nothing else for so long.
    */
    virtual error const& failure() const = 0;
};

template <class Event>
class event_source : public subscription_source
{
public:
    /// @pre The last step was `deliver`, or @ref ready.
    virtual Event take() = 0;
};

/// The blocks, each with the id of the one before it, so that none is left out.
BITSHARES_LAZY_DECL std::unique_ptr<event_source<block_event>> follow_blocks(subscription_options options = {});

/** The operations of an account's history, virtual ones included.

    The nodes need their account_history plugin; one that keeps only the newest operations tells of a gap when it is asked for
    more (`errc::gap_unfillable`). What is read is counted against the account's statistics, so that a list with a hole in it is
    a gap, too. Over a pool it is one only where no node has it all. */
BITSHARES_LAZY_DECL std::unique_ptr<event_source<account_event>> follow_account(account_id account,
                                                                                subscription_options options = {});

/** The fills of a market. The nodes need their market_history plugin, which keeps the newest ones only. A fill that is not
    among the newest 10,000 any more, or that the plugin has dropped, is a gap. Over a pool it is one only where no node has it
    all.

    @par Source
    bitshares-core, libraries/app/api.cpp (`get_fill_order_history` has no limit) and the plugin's options
    `max-order-his-records-per-market` (1,000) and `max-order-his-seconds-per-market` (259,200). */
BITSHARES_LAZY_DECL std::unique_ptr<event_source<market_event>> follow_market(asset_id a, asset_id b,
                                                                              subscription_options options = {});

/// The objects' states, first as they are. At most one less than a node hands out at once (`api_limit_get_objects`, 99): the
/// head block is read with them, so that no node takes back what a newer one told.
BITSHARES_LAZY_DECL std::unique_ptr<event_source<object_event>> follow_objects(std::vector<any_object_id> ids,
                                                                               subscription_options options = {});

/** The transactions that nodes have taken and that wait for a block, each once, however often and by how many nodes it is told.

    Notices are all there is: nothing can be asked for later. Every @ref subscription_options::poll_interval the node that
    carries the calls is asked for them again, so that after a failover they go on within that time and the call's. Nodes tell
    what is still pending again with each block, so that little is missed; but nobody tells what was pending only while no
    node had been asked, or what a node did not tell. What must be complete is followed by its blocks.
    @li Being told is no promise: a transaction may never come into a block.
    @li Nothing is asked while nobody waits for an event. Up to 10'000 events are kept meanwhile; what comes beyond counts as
        @ref pending_event::dropped_notices.
    @li Ids are forgotten a minute after the transaction's expiration by the chain's time, the oldest one when there are more
        than 100'000; such a transaction would be told again.
    @li It takes the connection's one pending transaction callback from others who set it by hand. Subscriptions share it.
    @li When all that nodes tell for longer than @ref subscription_options::patience is no transaction, it fails with
        `errc::invalid_reply`.
    @li @ref subscription_options::after and @ref subscription_options::irreversible_only do not apply. */
BITSHARES_LAZY_DECL std::unique_ptr<event_source<pending_event>> follow_pending(subscription_options options = {});

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/rpc/subscription.ipp>
#endif
