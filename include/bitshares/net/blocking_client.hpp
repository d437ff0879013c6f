#pragma once

#include <bitshares/net/client.hpp>
#include <bitshares/net/endpoints.hpp>
#include <bitshares/net/node_pool.hpp>
#include <bitshares/net/pool_options.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <optional>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

class blocking_call;

// The thread and its clients. Behind an interface, so that what it needs of Asio is compiled only where a client is made.
class blocking_state
{
public:
    blocking_state() = default;
    blocking_state(blocking_state const&) = delete;
    blocking_state& operator=(blocking_state const&) = delete;
    virtual ~blocking_state() = default;

    virtual void run(blocking_call& call) = 0;
    virtual void finish(blocking_call& call) = 0;
    virtual void close() = 0;
    virtual node_url node() = 0;
    virtual bitshares::network network() const = 0;
    virtual std::optional<std::chrono::milliseconds> chain_time() = 0;
};

template <class Dependent>
class blocking_driver;

// What a calling thread sleeps on.
class blocking_call
{
public:
    virtual ~blocking_call() = default;

    /// On the client's thread: begins the call, which ends with @ref finish.
    virtual void start(client& node) = 0;

    error_code ec;
    std::string detail;

protected:
    BITSHARES_DECL void finish(error_code code, std::string const& what);

    // Of the call's handler: where an exception destroys it uncalled, the call ends, too.
    struct abandon
    {
        void operator()(blocking_call* call) const { call->finish(errc::cancelled, "an exception ended the call"); }
    };

private:
    template <class>
    friend class blocking_driver;
    blocking_state* state_ = nullptr;
    std::condition_variable ended_;
    bool done_ = false;
};

template <class R>
class typed_blocking_call final : public blocking_call
{
public:
    explicit typed_blocking_call(request<R> const& request) : request_(request) {}

    void start(client& node) override
    {
        node.async_call(request_, [call = std::unique_ptr<typed_blocking_call, abandon>(this)](error_code code,
                                                                                               reply<R> r) mutable {
            auto& a = call->answer.emplace(std::move(r));
            call.release()->finish(code,
                                   code && a.error().message() != code.message() ? a.error().message() : std::string());
        });
    }

    std::optional<reply<R>> answer; ///< Empty where the call was never made.

private:
    request<R> const& request_;
};

template <class R>
class typed_blocking_quorum final : public blocking_call
{
public:
    typed_blocking_quorum(request<R> const& request, quorum_options const& options)
        : request_(request), options_(options)
    {}

    void start(client& node) override
    {
        initiate_quorum const initiation(node);
        if (!initiation.is_possible())
            return finish(errc::no_quorum, "there is one node only");
        initiation(
            [call = std::unique_ptr<typed_blocking_quorum, abandon>(this)](error_code code,
                                                                           reply<quorum_answer<R>> r) mutable {
                auto& a = call->answer.emplace(std::move(r));
                call.release()->finish(code, code && a.error().message() != code.message() ? a.error().message()
                                                                                           : std::string());
            },
            request_, options_);
    }

    std::optional<reply<quorum_answer<R>>> answer; ///< Empty where it was never asked.

private:
    request<R> const& request_;
    quorum_options const& options_;
};

} // namespace detail

/// True for what another try may mend: the connection broke, or an answer took too long. Reading twice does no harm.
BITSHARES_DECL bool is_transient(error_code const& ec);

/** Calls a node's methods and waits for the reply; for programs and scripts that are not asynchronous.

    Runs on a thread of its own: a @ref client of one node, or a @ref node_pool of several, any of which may fail.

    @par Thread safety
    Calls: safe from many threads at once; they share one connection. Destruction: only when no call is under way in another
    thread (see @ref close). A call from inside the notice handler or logger throws `std::logic_error`, as it would never end.
    @par Exception safety
    What the notice handler or logger throws is dropped. Every call ends.
*/
class blocking_client
{
public:
    /** @param pool Of several nodes.
        @throws exception, std::invalid_argument As @ref node_pool. */
    BITSHARES_LAZY_DECL blocking_client(node_list nodes, transport_factory transports, client_options options = {},
                                        pool_options const& pool = {});

    BITSHARES_LAZY_DECL blocking_client(node_url const& node, transport_factory transports, client_options options = {})
        : blocking_client(node_list(node), std::move(transports), std::move(options))
    {}

    blocking_client(blocking_client const&) = delete;
    blocking_client& operator=(blocking_client const&) = delete;

    /** Calls a method and waits for its result.

        @throws node_refused The node answered with an error.
        @throws exception With the errors of @ref client::async_call and @ref node_pool.
    */
    template <class R>
    R call(request<R> const& request)
    {
        return try_call(request).value();
    }

    /// As @ref call, but returns a refusal of the node instead of throwing it.
    template <class R>
    reply<R> try_call(request<R> const& request)
    {
        detail::typed_blocking_call<R> waiting(request);
        state_->run(waiting);
        return std::move(*waiting.answer);
    }

    /** Asks several nodes the same and waits until enough of them say the same of the same block; see
        @ref node_pool::async_quorum.

        @throws node_refused Enough of the nodes refused alike.
        @throws exception With the errors of @ref node_pool::async_quorum; `errc::no_quorum` also where there is one node.
        @throws std::invalid_argument As there.
    */
    template <class R>
    quorum_answer<R> quorum(request<R> const& request, quorum_options const& options = {})
    {
        return try_quorum(request, options).value();
    }

    /// As @ref quorum, but returns a refusal of the nodes instead of throwing it.
    template <class R>
    reply<quorum_answer<R>> try_quorum(request<R> const& request, quorum_options const& options = {})
    {
        static_assert(!std::is_void_v<R>, "nothing to compare");
        detail::check_quorum(request, options);
        detail::typed_blocking_quorum<R> waiting(request, options);
        state_->run(waiting);
        return std::move(*waiting.answer);
    }

    /// The node that answers now: it is asked. @throws exception As @ref call.
    node_url node() { return state_->node(); }

    /// As @ref client_options::network says: for whom transactions are built.
    bitshares::network network() const { return state_->network(); }

    /// As @ref client::chain_time. @throws exception `errc::cancelled`: the client was closed.
    std::optional<std::chrono::milliseconds> chain_time() { return state_->chain_time(); }

    /// Ends the calls of all threads with `errc::cancelled`, and every later call at once. Safe from any thread.
    void close() { state_->close(); }

private:
    std::unique_ptr<detail::blocking_state> state_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/blocking_client.ipp>
#endif
