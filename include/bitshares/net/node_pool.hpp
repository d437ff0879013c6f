#pragma once

#include <bitshares/net/client.hpp>
#include <bitshares/net/endpoints.hpp>
#include <bitshares/net/pool_engine.hpp>
#include <bitshares/net/pool_options.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Told when a node of a pool changes its state, or the calls go to another node first.
using pool_event_handler = std::function<void(pool_event const& event)>;

namespace detail {

// A pool behind a client. Behind an interface, so that it is compiled only where one is made.
class pool_state : public client_state
{
public:
    virtual void open() = 0;
    virtual node_list const& nodes() const noexcept = 0;
    virtual std::vector<node_status> status() const = 0;
    virtual pool_counts counts() const = 0;
    virtual std::optional<std::size_t> primary() const = 0;
    virtual clock_report time_report() const = 0;
};

} // namespace detail

/** A @ref client over several nodes of one chain, any of which may fail: whatever takes a client takes a pool.

    Chooses among the nodes, leaves one that is dead, silent, slow, behind or of another chain, and asks another what was asked
    there. net/README.md says by which rules; @ref pool_options has their numbers.

    What differs from a client of one node:
    @li A call whose connection is lost or that gets no answer is asked of another node, until its deadline; slow reads are
        asked of a second node and the first answer counts. A refusal is an answer, but for "there is no such method" and
        internal errors, which another node may not have.
    @li A request that may not be sent twice (@ref any_request::repeatable), such as a broadcast, is sent once. When its answer
        is lost, it ends with `errc::maybe_applied`.
    @li The pool is at work from the first call, or from @ref open, until it is closed: it connects, asks for heads, and keeps
        the executor's context running.
    @li Which chain, @ref client_options::chain_id says, otherwise the list of nodes, otherwise the first node that answers.
        A node of another is never used.

    @par Errors
    Besides those of @ref client::async_call:
    @li `errc::no_node`: no node could be used before the deadline; the details name each one's error.
    @li `errc::wrong_chain`: all nodes serve another chain.
    @li `errc::maybe_applied`: see above.
    @li `errc::retry_budget`: so many calls fail that trying them again would only add to what overloads the nodes.
    @li `errc::rate_limited`: no node could be asked without asking it more often than its terms allow.
    @par Thread safety
    As of a @ref client.
*/
class node_pool : public client
{
public:
    /** @param nodes In the order of preference among nodes that are not known yet.
        @param events Called on the executor, not inside the pool's functions.
        @throws exception `errc::mixed_networks`: the nodes are said to be of two chains, or of another than the options'.
        @throws std::invalid_argument Without a node.
    */
    BITSHARES_LAZY_DECL node_pool(asio::any_io_executor executor, node_list nodes, transport_factory transports,
                                  client_options options = {}, pool_options const& pool = {},
                                  pool_event_handler events = {});

    /// Begins connecting, without waiting for a call.
    void open() { pool().open(); }

    node_list const& nodes() const noexcept { return pool().nodes(); }

    /// How each node is doing, in the list's order.
    std::vector<node_status> status() const { return pool().status(); }

    pool_counts counts() const { return pool().counts(); }

    /// The node that calls go to first, by its place in the list; empty while there is none.
    std::optional<std::size_t> primary() const { return pool().primary(); }

    /// The chain's time, and whether this machine's clock agrees with the nodes.
    clock_report time_report() const { return pool().time_report(); }

private:
    detail::pool_state& pool() const noexcept { return static_cast<detail::pool_state&>(*state()); }
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/node_pool.ipp>
#endif
