#pragma once

#include <bitshares/net/client.hpp>
#include <bitshares/net/endpoints.hpp>
#include <bitshares/net/pool_engine.hpp>
#include <bitshares/net/pool_options.hpp>
#include <bitshares/net/quorum.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Told when a node of a pool changes its state, or the calls go to another node first.
using pool_event_handler = std::function<void(pool_event const& event)>;

namespace detail {

// A quorum read that knows its handler.
class quorum_operation : public call_operation
{
public:
    result<void> decode(std::string_view json) final { return read_json(json, type(), fresh(), *options); }

    // What is compared of a result.
    BITSHARES_DECL result<std::string> canonical(std::string_view json);

    // Told before it is completed.
    quorum_head head;
    std::vector<node_url> agreed;
    std::vector<node_url> deviated;

protected:
    virtual type_info const& type() const = 0;
    virtual void* fresh() = 0; // a new value, which stays until the next one
};

template <class R>
class typed_quorum final : public quorum_operation
{
public:
    using handler_type = asio::any_completion_handler<void(error_code, reply<quorum_answer<R>>)>;

    template <class Handler>
    typed_quorum(Handler&& handler, asio::any_io_executor const& executor)
    {
        foreign_ = foreign_executor(handler, executor);
        handler_type(std::forward<Handler>(handler)).swap(handler_); // Boost 1.81: move assignment never returns
        slot = asio::get_associated_cancellation_slot(handler_);
    }

    void complete(std::unique_ptr<call_operation> self, call_end end, asio::any_io_executor const& executor,
                  bool inside) override
    {
        handler_type handler = std::move(handler_);
        asio::any_completion_executor foreign = std::move(foreign_);
        reply<quorum_answer<R>> answer = take_reply(end);
        self.reset();
        complete_handler(std::move(handler), executor, std::move(foreign), inside, end.ec, std::move(answer));
    }

private:
    type_info const& type() const override { return type_of<R>; }
    void* fresh() override { return &answer_.emplace().value; }

    reply<quorum_answer<R>> take_reply(call_end& end)
    {
        if (end.ec)
            return node_error(0, end.detail.empty() ? end.ec.message() : std::move(end.detail));
        if (end.refusal)
            return std::move(*end.refusal);
        answer_->block_num = head.number;
        answer_->block_id = head.id;
        answer_->agreed = std::move(agreed);
        answer_->deviated = std::move(deviated);
        return reply<quorum_answer<R>>(std::in_place, std::move(*answer_));
    }

    handler_type handler_;
    asio::any_completion_executor foreign_;
    std::optional<quorum_answer<R>> answer_;
};

// Throws std::invalid_argument where a mistake of the caller's makes it senseless.
BITSHARES_DECL void check_quorum(any_request const& request, quorum_options const& options);

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
    virtual void start_quorum(any_request const& request, quorum_options const& options,
                              std::unique_ptr<quorum_operation> operation) = 0;

    pool_state* pool() noexcept final { return this; }
};

class initiate_quorum
{
public:
    using executor_type = asio::any_io_executor;

    explicit initiate_quorum(client const& c) : state_(c.state_) {}

    // Whether there are several nodes.
    bool is_possible() const noexcept { return state_->pool() != nullptr; }

    executor_type get_executor() const noexcept { return state_->executor(); }

    template <class Handler, class R>
    void operator()(Handler&& handler, request<R> const& request, quorum_options const& options) const
    {
        state_->pool()->start_quorum(
            request, options, std::make_unique<typed_quorum<R>>(std::forward<Handler>(handler), state_->executor()));
    }

private:
    std::shared_ptr<client_state> state_;
};

} // namespace detail

/** A @ref client over several nodes of one chain, any of which may fail: whatever takes a client takes a pool.

    Chooses among the nodes, leaves one that is dead, silent, slow, behind or of another chain, and asks another what was asked
    there. net/README.md says by which rules; @ref pool_options has their numbers.

    What differs from a client of one node:
    @li A call whose connection is lost or that gets no answer is asked of another node, until its deadline; slow reads are
        asked of a second node and the first answer counts. A refusal is an answer, but for "there is no such method" and
        internal errors, which another node may not have.
    @li A refusal for a node's own limit, and an answer that leaves something out (@ref request::elsewhere), are the answer only
        where no other node has more.
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

    /** Asks several nodes the same, and answers when enough of them say the same of the same block.

        Each is asked for its head before and after the question. Answers are compared only where both are one block, and
        that is the same for all: as the values that they mean, not as texts; see net/README.md. A node that says something
        else is named in the answer, counted (@ref node_status::deviations), and others are preferred to it for
        @ref pool_options::distrust. For what has to be right although a node lies, or has a damaged database; an ordinary
        call costs a third of it and less, and waits for one node only.

        @par Handler signature
        `void(error_code, reply<quorum_answer<R>>)`. With an error code, the reply holds a @ref node_error with code 0 whose
        message gives details.
        @par Completion
        @ref quorum_options::linger after enough nodes agreed, or before where nobody else is to be waited for; at the latest
        at the request's deadline, by default the client's. The handler runs on its associated executor, never inside this
        function.
        @par Errors
        @li `errc::no_quorum`: the deadline passed and too few said the same of the same block, or the pool has too few
            nodes that can answer, as all others are of another chain, say. The details name each node and what it said.
        @li `errc::no_node`: the deadline passed, and no node could be used; the details name each one's error.
        @li `errc::cancelled`.
        @li A refusal is not an error of this operation: where enough nodes refuse with the same code and name, the reply
            holds the @ref node_error of one of them.
        @par Per-operation cancellation
        All types: ends with `errc::cancelled`; what comes later is dropped, and connections stay.
        @param request Copied before this function returns. What two honest nodes answer differently, such as their own state
        or anything with the time in it, finds no quorum.
        @throws std::invalid_argument @p request is not repeatable, or `options.agree` is not more than half of
        `options.nodes` or is more than all.
    */
    template <class R, class CompletionToken = asio::deferred_t>
    auto async_quorum(request<R> const& request, quorum_options const& options = {},
                      CompletionToken&& token = CompletionToken())
    {
        static_assert(!std::is_void_v<R>, "nothing to compare");
        detail::check_quorum(request, options);
        return asio::async_initiate<CompletionToken, void(error_code, reply<quorum_answer<R>>)>(
            detail::initiate_quorum(*this), token, request, options);
    }

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
