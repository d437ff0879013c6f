#pragma once

#include <bitshares/net/client.hpp>

#include <condition_variable>
#include <memory>
#include <optional>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

class blocking_state;

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
    friend blocking_state;
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

} // namespace detail

/// True for what another try may mend: the connection broke, or an answer took too long. Reading twice does no harm.
BITSHARES_DECL bool is_transient(error_code const& ec);

/** Calls a node's methods and waits for the reply; for programs and scripts that are not asynchronous.

    Runs the connection on a thread of its own. Of several nodes, the first that answers, with the right chain id if
    @ref client_options::chain_id is set, is used until a call fails by the connection; the next call then chooses again.
    Choosing takes at most one deadline for all nodes together, so that a call ends within two.

    @par Thread safety
    Calls: safe from many threads at once; they share one connection. Destruction: only when no call is under way in another
    thread (see @ref close). A call from inside the notice handler or logger throws `std::logic_error`, as it would never end.
    @par Exception safety
    What the notice handler or logger throws is dropped. Every call ends.
*/
class blocking_client
{
public:
    /// @pre At least one URL.
    BITSHARES_DECL blocking_client(std::vector<node_url> nodes, transport_factory transports,
                                   client_options options = {});

    blocking_client(node_url node, transport_factory transports, client_options options = {})
        : blocking_client(std::vector<node_url>{std::move(node)}, std::move(transports), std::move(options))
    {}
    BITSHARES_DECL ~blocking_client();

    blocking_client(blocking_client const&) = delete;
    blocking_client& operator=(blocking_client const&) = delete;

    /** Calls a method and waits for its result.

        @throws node_refused The node answered with an error.
        @throws exception With the errors of @ref client::async_call; of several nodes `errc::no_node`, whose detail names
        each one's error.
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
        run(waiting);
        return std::move(*waiting.answer);
    }

    /// The node in use, chosen if need be. @throws exception As @ref call.
    BITSHARES_DECL node_url node();

    /// As @ref client_options::network says: for whom transactions are built.
    BITSHARES_DECL bitshares::network network() const;

    /// Ends the calls of all threads with `errc::cancelled`, and every later call at once. Safe from any thread.
    BITSHARES_DECL void close();

private:
    BITSHARES_DECL void run(detail::blocking_call& call);

    std::unique_ptr<detail::blocking_state> state_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/blocking_client.ipp>
#endif
