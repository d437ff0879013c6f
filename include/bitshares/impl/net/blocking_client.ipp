#pragma once

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/node_pool.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <class Dependent = void>
class blocking_driver final : public blocking_state
{
public:
    blocking_driver(node_list nodes, transport_factory transports, client_options options, pool_options const& pool)
        : network_(options.network()), work_(io_.get_executor())
    {
        if (nodes.size() == 1) // nothing to choose: its own errors, and no probes
            client_.emplace(io_.get_executor(), nodes[0].url, std::move(transports), std::move(options));
        else
            client_.emplace(
                node_pool(io_.get_executor(), std::move(nodes), std::move(transports), std::move(options), pool));
        thread_ = std::thread([this] { work(); });
    }

    ~blocking_driver() override
    {
        close();
        work_.reset();
        thread_.join();
    }

    void run(blocking_call& call) override
    {
        wait_for(call);
        if (call.ec)
            throw exception(error(call.ec, call.detail));
    }

    node_url node() override
    {
        url_question question(*this);
        run(question);
        return *question.url;
    }

    bitshares::network network() const override { return network_; }

    std::optional<std::chrono::milliseconds> chain_time() override
    {
        time_question question;
        run(question);
        return question.time;
    }

    void close() override
    {
        asio::post(io_, [this] {
            closed_ = true;
            client_.reset(); // completes all handlers
        });
    }

    void finish(blocking_call& call) override
    {
        // Under the lock to the end: the call lives on the stack of the thread that waits.
        std::lock_guard const lock(mutex_);
        call.done_ = true;
        call.ended_.notify_one();
    }

private:
    // Which node answers, as only its thread may ask.
    class url_question final : public blocking_call
    {
    public:
        explicit url_question(blocking_driver& driver) : driver_(driver) {}

        void start(client& node) override
        {
            request<chain_id_type> const question("database", "get_chain_id", "[]");
            node.async_call(question, [this, call = std::unique_ptr<url_question, abandon>(this)](
                                          error_code code, reply<chain_id_type> const& r) mutable {
                // The answer may have been on its way here when the client was closed.
                if (!code && driver_.closed_)
                    return call.release()->finish(errc::cancelled, "the client was closed");
                if (!code)
                    url = driver_.client_->url();
                call.release()->finish(code, code ? r.error().message() : std::string());
            });
        }

        std::optional<node_url> url;

    private:
        blocking_driver& driver_;
    };

    class time_question final : public blocking_call
    {
    public:
        void start(client& node) override
        {
            time = node.chain_time();
            finish({}, {});
        }

        std::optional<std::chrono::milliseconds> time;
    };

    void work()
    {
        // Of the user's notice handler or logger, or for want of memory: calls go on without it, and the one that it
        // concerns ends (see blocking_call::abandon).
        for (;;)
            try
            {
                io_.run();
                return;
            }
            catch (...)
            {}
    }

    void wait_for(blocking_call& call)
    {
        if (std::this_thread::get_id() == thread_.get_id())
            throw std::logic_error("blocking_client called from its own thread");
        call.state_ = this;
        asio::post(io_, [this, &call] {
            if (closed_)
                return call.finish(errc::cancelled, "the client was closed");
            try
            {
                call.start(*client_);
            }
            catch (...)
            {
                client_->close(); // nobody knows how far the call came, and what became of the connection
                throw;
            }
        });
        std::unique_lock lock(mutex_);
        call.ended_.wait(lock, [&] { return call.done_; });
    }

    bitshares::network const network_;
    typename dependent<asio::io_context, Dependent>::type io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::optional<client> client_; // of the thread
    bool closed_ = false;          // of the thread
    std::mutex mutex_;             // of the calls' ends
    std::thread thread_;
};

BITSHARES_DECL void blocking_call::finish(error_code code, std::string const& what)
{
    ec = code;
    detail = what;
    state_->finish(*this);
}

} // namespace detail

BITSHARES_DECL bool is_transient(error_code const& ec)
{
    if (ec.category() != client_category())
        return static_cast<bool>(ec); // the system's or the TLS library's
    return ec == errc::timed_out || ec == errc::connection_closed || ec == errc::not_connected;
}

BITSHARES_LAZY blocking_client::blocking_client(node_list nodes, transport_factory transports, client_options options,
                                                pool_options const& pool)
    : state_(std::make_unique<BITSHARES_DEPENDENT(detail::blocking_driver<>)>(std::move(nodes), std::move(transports),
                                                                              std::move(options), pool))
{}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
