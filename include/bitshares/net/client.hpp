#pragma once

#include <bitshares/base/limits.hpp>
#include <bitshares/net/logger.hpp>
#include <bitshares/net/node_url.hpp>
#include <bitshares/net/transport.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/rpc/node_error.hpp>
#include <bitshares/rpc/request.hpp>
#include <bitshares/rpc/session.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a subscription's notices go to: the number given when subscribing, and the JSON array that the node sent.
using notice_handler = std::function<void(std::uint64_t callback, std::string_view payload_json)>;

namespace detail {

template <class>
class client_connection;
class initiate_quorum;

// Wiped when nobody has them any more.
struct credentials
{
    credentials(std::string_view u, std::string_view p) : user(u), password(p) {}
    credentials(credentials const&) = delete;
    credentials& operator=(credentials const&) = delete;
    BITSHARES_DECL ~credentials();

    std::string user;
    std::string password;
};

} // namespace detail

/// How a client behaves. Each setter returns the options, so that they chain.
class client_options
{
public:
    using duration = std::chrono::milliseconds;

    client_options() = default;

    /// Time that a call has from `async_call` to its reply, connecting included. Default 10 s.
    client_options& deadline(duration d)
    {
        deadline_ = d;
        return *this;
    }
    /// The chain that the node must serve; asked after each connecting, before anything else is sent. Default: not asked.
    client_options& chain_id(chain_id_type const& id)
    {
        chain_id_ = id;
        return *this;
    }
    /// Chain id, key prefix and core symbol at once; see @ref chain_id.
    client_options& network(bitshares::network network)
    {
        chain_id_ = network.chain_id;
        key_prefix_ = std::move(network.key_prefix);
        core_symbol_ = std::move(network.core_symbol);
        return *this;
    }
    /** For nodes that give some APIs only to whom they know: sent on each new connection before anything else, but behind the
        check of the chain id where @ref chain_id names one; name it, or whoever answers gets them. Default: no login.

        Kept apart from URLs, never logged and in no error; wiped with the last copy of the options. Every node of a
        @ref blocking_client gets them, and over `ws` everybody on the way.
    */
    client_options& login(std::string_view user, std::string_view password)
    {
        credentials_ = std::make_shared<detail::credentials const>(user, password);
        return *this;
    }
    /// In front of keys in replies. Default `"BTS"`, the main network's.
    client_options& key_prefix(std::string prefix)
    {
        key_prefix_ = std::move(prefix);
        return *this;
    }
    /// Bounds of what is read.
    client_options& limits(bitshares::limits const& limits)
    {
        limits_ = limits;
        return *this;
    }
    /// Default: nowhere.
    client_options& log(logger log)
    {
        log_ = std::move(log);
        return *this;
    }
    /// Called on the client's executor, but for callback numbers from 2^52 on, which are the library's own (@ref follow_pending).
    /// The text is valid during the call only.
    client_options& notices(notice_handler handler)
    {
        notices_ = std::move(handler);
        return *this;
    }

    duration deadline() const noexcept { return deadline_; }
    std::optional<chain_id_type> const& chain_id() const noexcept { return chain_id_; }
    bool has_login() const noexcept { return credentials_ != nullptr; }
    std::string const& key_prefix() const noexcept { return key_prefix_; }
    /// What was set of it: the chain id is zeros where none was named.
    bitshares::network network() const { return {chain_id_.value_or(chain_id_type()), key_prefix_, core_symbol_}; }
    bitshares::limits const& limits() const noexcept { return limits_; }
    logger const& log() const noexcept { return log_; }
    notice_handler const& notices() const noexcept { return notices_; }

private:
    template <class>
    friend class detail::client_connection;

    duration deadline_{10000};
    std::optional<chain_id_type> chain_id_;
    std::shared_ptr<detail::credentials const> credentials_;
    std::string key_prefix_ = "BTS";
    std::string core_symbol_ = "BTS";
    bitshares::limits limits_;
    logger log_;
    notice_handler notices_;
};

namespace detail {

// A call that knows its handler. Which thread and when is the client's decision.
class call_operation : public pending_call
{
public:
    /// Frees the operation, then calls its handler: at once where `inside` (a handler of the client's executor runs us),
    /// otherwise later.
    virtual void complete(std::unique_ptr<call_operation> self, call_end end, asio::any_io_executor const& executor,
                          bool inside) = 0;

    /// What was decoded, of the type that the request names. @pre It was.
    virtual void const* value() const { return nullptr; }

    asio::cancellation_slot slot;
    json_options const* options = nullptr;
};

// Whether a handler asks for another executor than the client's. Asked of the handler's own type: erased, it costs more.
template <class Handler>
bool is_foreign(Handler const& handler, asio::any_io_executor const& executor)
{
    decltype(auto) own = asio::get_associated_executor(handler, executor);
    if constexpr (std::is_convertible_v<decltype(own), asio::any_io_executor const&>)
        return static_cast<asio::any_io_executor const&>(own) != executor;
    else
        return true;
}

// Empty: the client's; otherwise the handler's, whose context is kept running.
template <class Handler>
asio::any_completion_executor foreign_executor(Handler const& handler, asio::any_io_executor const& executor)
{
    if (!is_foreign(handler, executor))
        return {};
    return asio::prefer(asio::any_completion_executor(asio::get_associated_executor(handler, executor)),
                        asio::execution::outstanding_work.tracked);
}

/* Inside a handler of `executor`, a handler that asks for no other is called on the spot: no hop. The way to a foreign
   executor, which any_completion_executor can only dispatch to, leads over ours from everywhere else. */
template <class Handler, class... Args>
void complete_handler(Handler handler, asio::any_io_executor const& executor, asio::any_completion_executor foreign,
                      bool inside, Args... args)
{
    if (inside && !foreign)
        return std::move(handler)(std::move(args)...);
    auto call = [handler = std::move(handler), ... args = std::move(args)]() mutable {
        std::move(handler)(std::move(args)...);
    };
    if (inside)
        asio::dispatch(foreign, std::move(call));
    else if (!foreign)
        asio::post(executor, std::move(call));
    else
        asio::post(executor, [foreign = std::move(foreign), call = std::move(call)]() mutable {
            asio::dispatch(foreign, std::move(call));
        });
}

template <class R>
class typed_call final : public call_operation
{
public:
    using handler_type = asio::any_completion_handler<void(error_code, reply<R>)>;

    template <class Handler>
    typed_call(Handler&& handler, asio::any_io_executor const& executor)
    {
        foreign_ = foreign_executor(handler, executor);
        handler_type(std::forward<Handler>(handler)).swap(handler_); // Boost 1.81: move assignment never returns
        slot = asio::get_associated_cancellation_slot(handler_);
    }

    result<void> decode(std::string_view json) override
    {
        // Not `= {}`: of a vector that is the assignment of a list, which compiles the copying of every operation.
        return read_json(json, type_of<value_type>, &value_.emplace(), *options);
    }

    void const* value() const override { return &*value_; }

    void complete(std::unique_ptr<call_operation> self, call_end end, asio::any_io_executor const& executor,
                  bool inside) override
    {
        handler_type handler = std::move(handler_);
        asio::any_completion_executor foreign = std::move(foreign_);
        reply<R> answer = take_reply(end);
        self.reset();
        complete_handler(std::move(handler), executor, std::move(foreign), inside, end.ec, std::move(answer));
    }

private:
    // A method without result answers null; whatever stands there has to be JSON.
    using value_type = std::conditional_t<std::is_void_v<R>, raw_json, R>;

    reply<R> take_reply(call_end& end)
    {
        if (end.ec)
            return node_error(0, end.detail.empty() ? end.ec.message() : std::move(end.detail));
        if (end.refusal)
            return std::move(*end.refusal);
        if constexpr (std::is_void_v<R>)
            return {};
        else
            return reply<R>(std::in_place, std::move(*value_));
    }

    handler_type handler_;
    asio::any_completion_executor foreign_;
    std::optional<value_type> value_;
};

class pool_state;

// Those who listen to the notices of a client, of whichever of its connections, with the library's own numbers.
class notice_listeners
{
public:
    using function = std::function<void(std::string_view payload_json)>;

    /// Begins to listen; the returned key ends it.
    std::uint64_t add(std::uint64_t callback, function f)
    {
        all_.emplace(++last_, listener{callback, std::make_shared<function const>(std::move(f))});
        return last_;
    }
    void remove(std::uint64_t key) { all_.erase(key); }

    /// False: the number is not one of the library's, but the user's.
    bool tell(std::uint64_t callback, std::string_view payload_json)
    {
        if (callback < first_own_callback)
            return false;
        std::vector<std::shared_ptr<function const>> told; // who hears it may end listening, or begin
        for (auto const& [key, l] : all_)
            if (l.callback == callback)
                told.push_back(l.hear);
        for (auto const& hear : told)
            (*hear)(payload_json);
        return true;
    }

private:
    struct listener
    {
        std::uint64_t callback;
        std::shared_ptr<function const> hear;
    };
    std::map<std::uint64_t, listener> all_;
    std::uint64_t last_ = 0;
};

template <class Event>
class subscription_state;

// What stands behind a client: the connection to a node, or a pool of them. Shared with the operations under way, which find
// it shut down when the client is gone.
class client_state
{
public:
    client_state() = default;
    client_state(client_state const&) = delete;
    client_state& operator=(client_state const&) = delete;
    virtual ~client_state() = default;

    virtual void start(any_request const& request, std::unique_ptr<call_operation> call) = 0;
    virtual void cancel_all() = 0;
    virtual void close() = 0;
    virtual void async_close(asio::any_completion_handler<void(error_code)> handler,
                             asio::any_completion_executor foreign) = 0;
    virtual void shut_down() = 0;
    virtual asio::any_io_executor const& executor() const noexcept = 0;
    virtual node_url const& url() const noexcept = 0;
    virtual bitshares::network network() const = 0;
    virtual std::optional<std::chrono::milliseconds> chain_time() const { return std::nullopt; }
    virtual pool_state* pool() noexcept { return nullptr; }

    notice_listeners listeners;
};

class initiate_call
{
public:
    using executor_type = asio::any_io_executor;

    explicit initiate_call(std::shared_ptr<client_state> state) : state_(std::move(state)) {}

    executor_type get_executor() const noexcept { return state_->executor(); }

    template <class Handler, class R>
    void operator()(Handler&& handler, request<R> const& request) const
    {
        state_->start(request, std::make_unique<typed_call<R>>(std::forward<Handler>(handler), state_->executor()));
    }

private:
    std::shared_ptr<client_state> state_;
};

class initiate_close
{
public:
    using executor_type = asio::any_io_executor;

    explicit initiate_close(std::shared_ptr<client_state> state) : state_(std::move(state)) {}

    executor_type get_executor() const noexcept { return state_->executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const
    {
        asio::any_completion_executor foreign = foreign_executor(handler, get_executor());
        state_->async_close(std::forward<Handler>(handler), std::move(foreign));
    }

private:
    std::shared_ptr<client_state> state_;
};

} // namespace detail

/** Calls the methods of one node, over one connection that is made when the first call needs it and made again by the next
    call after it was lost.

    Calls are sent without waiting for each other's replies; replies may come in any order.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe; use an executor that runs one handler at a time (a strand where several
    threads run the context) and call from its handlers. @ref blocking_client can be called from many threads.
    @par Object lifetimes
    The executor's context outlives the client. Destruction completes all handlers with `errc::cancelled`.
*/
class client
{
public:
    using executor_type = asio::any_io_executor;

    BITSHARES_LAZY_DECL client(asio::any_io_executor executor, node_url url, transport_factory transports,
                               client_options options = {});
    client(client&&) noexcept = default;
    BITSHARES_DECL client& operator=(client&& other) noexcept;
    BITSHARES_DECL ~client();

    executor_type get_executor() const noexcept { return state_->executor(); }

    node_url const& url() const noexcept { return state_->url(); }

    /// As @ref client_options::network says: for whom transactions are built. A pool that was told no chain adds the one that it
    /// found, once it has.
    bitshares::network network() const { return state_->network(); }

    /// Time since 1970 by the chain. Of a pool: the median of what the nodes said lately, grown older since; of a client of one
    /// node always empty, its head's time is all there is.
    std::optional<std::chrono::milliseconds> chain_time() const { return state_->chain_time(); }

    /** Calls a method.

        @par Handler signature
        `void(error_code, reply<R>)`. With an error code, the reply holds a @ref node_error with code 0 whose message
        gives details, such as why a certificate was rejected.
        @par Completion
        At the latest at the call's deadline. The handler runs on its associated executor, never inside this function.
        @par Errors
        @li What the transport reports, if the connection cannot be made or is lost; of calls that were sent the node may
            have carried out any.
        @li `errc::timed_out`: no reply before the deadline. The details say what it waited for: the look-up of the name,
            connecting, a handshake, the reply.
        @li `errc::invalid_reply`: the result is not of type `R`, or the node sent something that is no reply.
        @li `errc::wrong_chain`: the node serves another chain than @ref client_options::chain_id. Nothing was sent.
        @li `errc::login_refused`: the node does not take what @ref client_options::login was given.
        @li `errc::cancelled`.
        @li A refusal is not an error of this operation: the reply holds the @ref node_error.
        @par Per-operation cancellation
        All types: the call ends with `errc::cancelled`; a reply that comes later is dropped, and the connection stays. A
        request that was sent may still be carried out.
        @param request Copied before this function returns.
    */
    template <class R, class CompletionToken = asio::deferred_t>
    auto async_call(request<R> const& request, CompletionToken&& token = CompletionToken())
    {
        return asio::async_initiate<CompletionToken, void(error_code, reply<R>)>(detail::initiate_call(state_), token,
                                                                                 request);
    }

    /** Ends all calls with `errc::cancelled` and takes leave of the node; waits at most a second for its answer.

        @par Handler signature
        `void(error_code)`, always without error. The next call connects again.
        @par Completion
        When the node has answered, or a second later; soon where there is no connection. The handler runs on its associated
        executor, never inside this function.
        @par Per-operation cancellation
        All types: the connection is dropped without the node's answer, and the handler is called, without error. The calls
        ended before, whatever is cancelled.
    */
    template <class CompletionToken = asio::deferred_t>
    auto async_close(CompletionToken&& token = CompletionToken())
    {
        return asio::async_initiate<CompletionToken, void(error_code)>(detail::initiate_close(state_), token);
    }

    /// Ends all calls with `errc::cancelled`. The connection stays.
    void cancel() { state_->cancel_all(); }

    /// Ends all calls with `errc::cancelled` and drops the connection. The next call connects again.
    void close() { state_->close(); }

protected:
    friend class detail::initiate_quorum;

    explicit client(std::shared_ptr<detail::client_state> state) noexcept : state_(std::move(state)) {}

    std::shared_ptr<detail::client_state> const& state() const noexcept { return state_; }

private:
    template <class>
    friend class detail::subscription_state;

    std::shared_ptr<detail::client_state> state_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/client.ipp>
#endif
