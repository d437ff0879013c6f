#pragma once

#include <bitshares/detail/bounded.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/client.hpp>
#include <bitshares/rpc/subscription.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// Does what a source wants with a client, for one handler at a time.
template <class Event>
class subscription_state : public std::enable_shared_from_this<subscription_state<Event>>
{
public:
    using handler_type = asio::any_completion_handler<void(error_code, reply<Event>)>;

    subscription_state(client& node, std::unique_ptr<event_source<Event>> source)
        : node_(node), source_(std::move(source)), timer_(node.get_executor())
    {}

    asio::any_io_executor get_executor() const noexcept { return node_.get_executor(); }

    void start(handler_type handler, asio::any_completion_executor foreign)
    {
        handler.swap(handler_); // Boost 1.81: move assignment never returns
        foreign_ = std::move(foreign);
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.assign([weak = this->weak_from_this()](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    self->cancel();
            });
        wake();
    }

    // Hears notices while it lives, whether anybody waits or not.
    void listen()
    {
        auto const callback = source_->callback();
        if (!callback)
            return;
        told_by_ = node_.state_;
        key_ = node_.state_->listeners.add(*callback, [weak = this->weak_from_this()](std::string_view payload_json) {
            if (auto const self = weak.lock())
            {
                self->source_->on_notice(payload_json, clock::now());
                self->wake();
            }
        });
    }

    // What was asked goes on, and serves the next handler.
    void cancel()
    {
        timer_.cancel();
        if (handler_)
            finish(errc::cancelled, node_error(0, make_error_code(errc::cancelled).message()));
    }

    // Nobody is left to ask for events.
    void shut_down()
    {
        if (auto const state = told_by_.lock())
            state->listeners.remove(key_);
        cancel();
        signal_.emit(asio::cancellation_type::terminal);
    }

private:
    using clock = std::chrono::steady_clock;

    // A question that is under way holds up no event that a notice brings.
    void wake()
    {
        if (handler_ && asking_ && source_->ready())
            finish({}, source_->take());
        timer_.cancel();
        run();
    }

    void run()
    {
        if (!handler_ || asking_)
            return;
        subscription_step const step = source_->next(clock::now());
        switch (step.what)
        {
        case subscription_step::kind::ask: return ask(*step.question);
        case subscription_step::kind::wait:
            timer_.expires_after(step.delay);
            return timer_.async_wait([self = this->shared_from_this()](error_code ec) {
                if (!ec)
                    self->run();
            });
        case subscription_step::kind::deliver: return finish({}, source_->take());
        case subscription_step::kind::fail:
            return finish(source_->failure().code(), node_error(0, source_->failure().message()));
        }
    }

    void ask(request<raw_json> const& question)
    {
        asking_ = true;
        node_.async_call(question, asio::bind_cancellation_slot(signal_.slot(), [self = this->shared_from_this()](
                                                                                    error_code ec, reply<raw_json> r) {
                             self->asking_ = false;
                             if (ec == errc::cancelled)
                                 return self->cancel();
                             if (!ec && r)
                                 self->source_->on_reply(r->text, clock::now());
                             else
                                 self->source_->on_failed(ec ? ec : make_error_code(errc::invalid_reply),
                                                          r.error().message(), clock::now());
                             self->run();
                         }));
    }

    void finish(error_code ec, reply<Event> answer)
    {
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.clear();
        handler_type handler;
        handler.swap(handler_);
        complete_handler(std::move(handler), get_executor(), std::move(foreign_), false, ec, std::move(answer));
    }

    client& node_;
    std::weak_ptr<client_state> told_by_;
    std::uint64_t key_ = 0;
    std::unique_ptr<event_source<Event>> source_;
    asio::steady_timer timer_;
    asio::cancellation_signal signal_;
    handler_type handler_;
    asio::any_completion_executor foreign_;
    bool asking_ = false;
};

template <class Event>
class initiate_next
{
public:
    using executor_type = asio::any_io_executor;

    explicit initiate_next(std::shared_ptr<subscription_state<Event>> state) : state_(std::move(state)) {}

    executor_type get_executor() const noexcept { return state_->get_executor(); }

    template <class Handler>
    void operator()(Handler&& handler) const
    {
        asio::any_completion_executor foreign = foreign_executor(handler, get_executor());
        typename subscription_state<Event>::handler_type erased;
        typename subscription_state<Event>::handler_type(std::forward<Handler>(handler)).swap(erased);
        state_->start(std::move(erased), std::move(foreign));
    }

private:
    std::shared_ptr<subscription_state<Event>> state_;
};

} // namespace detail

/** Events of the chain over a client; with a @ref node_pool, whichever of its nodes fail.

    @code
    subscription blocks(pool, follow_blocks());
    block_event e = (co_await blocks.async_next()).value();
    @endcode

    @tparam Event As the source has it: @ref block_event and others.
    @par Thread safety
    As of the @ref client.
    @par Object lifetimes
    The client outlives the subscription. Destruction ends the wait for an event with `errc::cancelled`.
*/
template <class Event>
class subscription
{
public:
    using executor_type = asio::any_io_executor;

    /// @param source Of @ref follow_blocks and the others.
    subscription(client& node, std::unique_ptr<event_source<Event>> source)
        : state_(std::make_shared<detail::subscription_state<Event>>(node, std::move(source)))
    {
        state_->listen();
    }
    subscription(subscription&&) noexcept = default;
    subscription& operator=(subscription&&) = delete;
    ~subscription()
    {
        if (state_)
            state_->shut_down();
    }

    executor_type get_executor() const noexcept { return state_->get_executor(); }

    /** Waits for the next event. Nothing is asked for while nobody waits; what happens meanwhile is told later
        (but see @ref follow_pending).

        @par Handler signature
        `void(error_code, reply<Event>)`; with an error code the reply's error has the details.
        @par Completion
        With an event, or when the subscription has failed; the chain may be silent for ever. The handler runs on its
        associated executor, never inside this function.
        @par Errors
        @li Those of @ref subscription_source::failure, from then on each time.
        @li `errc::cancelled`.
        @par Per-operation cancellation
        All types: ends with `errc::cancelled`, and no event is lost by it.
        @pre No other wait is under way.
    */
    template <class CompletionToken = asio::deferred_t>
    auto async_next(CompletionToken&& token = CompletionToken())
    {
        return asio::async_initiate<CompletionToken, void(error_code, reply<Event>)>(
            detail::initiate_next<Event>(state_), token);
    }

private:
    std::shared_ptr<detail::subscription_state<Event>> state_;
};

/** Waits for the next event of a source, in this thread.

    Not for @ref follow_pending: notices come whether anybody calls this or not, so they need a @ref subscription.
    @param longest How long; without it, as long as it takes. A question that is under way then is waited for, up to its deadline
    (@ref client_options::deadline): it would be lost otherwise, and a source that is never answered gets nowhere.
    @return Empty: none came in that time.
    @throws exception With the source's failure, and `errc::cancelled` when the client was closed.
*/
template <class Event>
    requires(!std::same_as<Event, pending_event>)
std::optional<Event> next_event(blocking_client& node, event_source<Event>& source,
                                std::optional<std::chrono::milliseconds> longest = {})
{
    using clock = std::chrono::steady_clock;
    auto const start = clock::now();
    if (longest)
        longest = detail::bounded(*longest);
    for (;;)
    {
        auto const now = clock::now();
        subscription_step const step = source.next(now);
        switch (step.what)
        {
        case subscription_step::kind::deliver: return source.take();
        case subscription_step::kind::fail: throw exception(source.failure());
        case subscription_step::kind::wait:
            if (longest && now - start >= *longest)
                return std::nullopt;
            std::this_thread::sleep_for(
                std::min<clock::duration>(step.delay, longest ? start + *longest - now : clock::duration(step.delay)));
            break;
        case subscription_step::kind::ask:
            try
            {
                auto const answer = node.try_call(*step.question);
                if (answer)
                    source.on_reply(answer->text, clock::now());
                else
                    source.on_failed(errc::invalid_reply, answer.error().message(), clock::now());
            }
            catch (exception const& e)
            {
                if (e.code() == errc::cancelled)
                    throw;
                source.on_failed(e.code(), e.error().detail(), clock::now());
            }
            break;
        }
    }
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
