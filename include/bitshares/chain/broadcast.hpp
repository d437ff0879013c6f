#pragma once

#include <bitshares/chain/journal.hpp>
#include <bitshares/chain/outcome.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/client.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Whom to ask: one client, which connects again by itself, or several, of which the next is taken when one fails. All run on
/// one executor and outlive the operations that use them.
class broadcast_nodes
{
public:
    broadcast_nodes(client& node) : nodes_{&node} {} // NOLINT(google-explicit-constructor)
    /// @pre At least one; none is null.
    explicit broadcast_nodes(std::vector<client*> nodes) : nodes_(std::move(nodes)) {}

    std::size_t size() const noexcept { return nodes_.size(); }
    client& operator[](std::size_t i) const { return *nodes_[i]; }

private:
    std::vector<client*> nodes_;
};

namespace detail {

// One transaction under way. What it is about is complete before the initiating function returns.
struct broadcast_job
{
    broadcast_nodes nodes;
    broadcast_options options;
    tx_journal* journal = nullptr;
    std::string key;
    std::optional<tx_outcome_tracker> tracker;
    bitshares::error failed; // before it began
};
using broadcast_handler = asio::any_completion_handler<void(error_code, reply<tx_outcome>)>;

struct broadcast_access
{
    BITSHARES_LAZY_DECL static std::shared_ptr<broadcast_job> begin(broadcast_nodes nodes, signed_transaction const& tx,
                                                                    broadcast_options options, tx_journal* journal,
                                                                    std::string_view key);
    BITSHARES_LAZY_DECL static std::shared_ptr<broadcast_job> resume(broadcast_nodes nodes, tx_journal& journal,
                                                                     std::string_view key, broadcast_options options);
    BITSHARES_LAZY_DECL static void start(std::shared_ptr<broadcast_job> job, broadcast_handler handler,
                                          asio::any_completion_executor foreign);
};

class initiate_broadcast
{
public:
    using executor_type = asio::any_io_executor;

    explicit initiate_broadcast(std::shared_ptr<broadcast_job> job) : job_(std::move(job)) {}

    executor_type get_executor() const noexcept { return job_->nodes[0].get_executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const
    {
        asio::any_completion_executor foreign = foreign_executor(handler, get_executor());
        broadcast_handler erased;
        broadcast_handler(std::forward<Handler>(handler)).swap(erased);
        broadcast_access::start(job_, std::move(erased), std::move(foreign));
    }

private:
    std::shared_ptr<broadcast_job> job_;
};

template <class CompletionToken>
auto run_broadcast(std::shared_ptr<broadcast_job> job, CompletionToken&& token)
{
    return asio::async_initiate<CompletionToken, void(error_code, reply<tx_outcome>)>(
        initiate_broadcast(std::move(job)), token);
}

template <class T>
concept not_options = !std::convertible_to<T, broadcast_options>;

} // namespace detail

/** Broadcasts a signed transaction and follows it to its outcome.

    The transaction's id is known before: @ref id_of. The same bytes, never others, are sent again when a node was lost, or
    does not include them. How it is decided what became of it: @ref tx_outcome_tracker.

    @par Handler signature
    `void(error_code, reply<tx_outcome>)`. With an error code the reply holds a @ref node_error with code 0 whose message
    gives details.
    @par Completion
    When the transaction is in a block, or with @ref broadcast_options::irreversible when this block is irreversible. At the
    latest when the chain's time is past the expiration and the last irreversible block is past it too, or when the chain
    stands still longer than @ref broadcast_options::patience. The handler runs on its associated executor, never inside
    this function.
    @par Errors
    @li `errc::transaction_expired`: proven absent; another transaction may be sent in its place.
    @li `errc::outcome_in_doubt`: every node was lost after sending. To resume, call again with the same transaction and
        @ref broadcast_options::may_have_been_sent, without which a refusal would be believed: the same bytes can never be
        included twice. What a journal has is taken up by @ref async_resume.
    @li `errc::wrong_chain`: the node serves another chain. Nothing was sent.
    @li Those of @ref client::async_call: no node could be asked. Nothing was sent.
    @li `errc::file_error`: a record of the journal could not be written.
    @li A refusal is not an error of this operation: the reply holds the @ref node_error.
    @par Per-operation cancellation
    All types: `errc::cancelled`. Before the frame is written nothing is sent; afterwards the transaction may still be
    included. To close the client is not enough: it connects again for the next look.
    @par Object lifetimes
    The clients outlive the operation.
    @param tx Signed transaction; copied before this function returns. @pre `!tx.signatures.empty()`.
*/
template <class CompletionToken = asio::deferred_t>
auto async_broadcast(broadcast_nodes nodes, signed_transaction const& tx, broadcast_options options,
                     CompletionToken&& token = CompletionToken())
{
    return detail::run_broadcast(detail::broadcast_access::begin(std::move(nodes), tx, std::move(options), nullptr, {}),
                                 std::forward<CompletionToken>(token));
}

/// @copydoc async_broadcast
template <detail::not_options CompletionToken = asio::deferred_t>
auto async_broadcast(broadcast_nodes nodes, signed_transaction const& tx, CompletionToken&& token = CompletionToken())
{
    return async_broadcast(std::move(nodes), tx, broadcast_options(), std::forward<CompletionToken>(token));
}

/** Broadcasts a transaction that stands for an intent, and follows it until it is irreversible, in a journal.

    The journal has the transaction before this function returns, and each state before anything else is done. As @ref
    async_broadcast otherwise, but a refusal is always proven (see @ref broadcast_options::prove_refusal), and the node is
    always asked for its chain, which is the one that the journal has for the transaction.
    @par Errors
    @li `errc::journal_conflict`: the key has another transaction; see @ref async_resume. Nothing was sent.
    @li `errc::wrong_chain`: also where neither the options nor the client name a chain. Nothing was sent.
    @par Object lifetimes
    Clients and journal outlive the operation.
*/
template <class CompletionToken = asio::deferred_t>
auto async_broadcast(broadcast_nodes nodes, tx_journal& journal, std::string_view key, signed_transaction const& tx,
                     broadcast_options options, CompletionToken&& token = CompletionToken())
{
    return detail::run_broadcast(
        detail::broadcast_access::begin(std::move(nodes), tx, std::move(options), &journal, key),
        std::forward<CompletionToken>(token));
}

/** Takes up what a journal has under a key, after a crash or an outcome in doubt. Nothing is ever sent but the bytes that
    it has.

    Of an intent that is at its end the recorded outcome, without operation results; a node is not asked.
    @par Errors
    As above; `errc::unknown_key`: the journal has no such key.
*/
template <class CompletionToken = asio::deferred_t>
auto async_resume(broadcast_nodes nodes, tx_journal& journal, std::string_view key, broadcast_options options,
                  CompletionToken&& token = CompletionToken())
{
    return detail::run_broadcast(detail::broadcast_access::resume(std::move(nodes), journal, key, std::move(options)),
                                 std::forward<CompletionToken>(token));
}

/** As @ref async_broadcast, but waits.

    @return The outcome, or the node's refusal.
    @throws exception As the errors of @ref async_broadcast.
    Of several nodes, the next is taken when one fails. Closing the client ends it with `errc::cancelled`, after a poll
    interval at the latest.
*/
BITSHARES_LAZY_DECL reply<tx_outcome> broadcast(blocking_client& node, signed_transaction const& tx,
                                                broadcast_options options = {});

/// @copydoc broadcast
BITSHARES_LAZY_DECL reply<tx_outcome> broadcast(blocking_client& node, tx_journal& journal, std::string_view key,
                                                signed_transaction const& tx, broadcast_options options = {});

/// As @ref async_resume, but waits. @throws exception As its errors.
BITSHARES_LAZY_DECL reply<tx_outcome> resume(blocking_client& node, tx_journal& journal, std::string_view key,
                                             broadcast_options options = {});

/** Sees to it that an intent is carried out once, whatever happened to it before: the whole of a payment.

    Where the journal has a transaction under the key, it is followed to its end, and an irreversible one is the result,
    also of an earlier run. Where it has none, or one that is proven absent, `make` is asked for a signed transaction, which
    is recorded, sent and followed. A transaction that expires is replaced by another one as often as `attempts` says; one that
    is refused is the result.

    @param make Builds and signs, with a new reference block and expiration. What it throws passes through; nothing was sent.
    Where it gives the very one that has expired, as from a node whose head stands still, it is asked again every @ref
    broadcast_options::poll_interval, for as long as @ref broadcast_options::patience.
    @throws exception `errc::transaction_expired`: all attempts are used up, or that was in vain; otherwise as @ref broadcast.
*/
BITSHARES_LAZY_DECL reply<tx_outcome> broadcast_once(blocking_client& node, tx_journal& journal, std::string_view key,
                                                     std::function<signed_transaction()> const& make,
                                                     broadcast_options options = {}, std::uint32_t attempts = 3);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/chain/broadcast.ipp>
#endif
