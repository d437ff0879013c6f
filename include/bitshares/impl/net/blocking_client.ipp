#pragma once

#include <bitshares/net/blocking_client.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <class Dependent = void>
class blocking_driver final : public blocking_state
{
public:
    blocking_driver(std::vector<node_url> nodes, transport_factory const& transports, client_options const& options)
        : urls_(std::move(nodes)), deadline_(options.deadline()), network_(options.network()), work_(io_.get_executor())
    {
        if (urls_.empty())
            throw std::invalid_argument("blocking_client needs at least one node");
        for (node_url const& url : urls_)
            clients_.emplace_back(io_.get_executor(), url, transports, options);
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
        std::size_t const node = choose();
        wait_for(call, node);
        if (!call.ec)
            return;
        {
            std::lock_guard const lock(choice_);
            if (current_ == node)
                current_.reset();
        }
        throw exception(error(call.ec, call.detail));
    }

    node_url node() override { return urls_[choose()]; }
    bitshares::network network() const override { return network_; }

    void close() override
    {
        asio::post(io_, [this] {
            closed_ = true;
            clients_.clear(); // completes all handlers
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

    void wait_for(blocking_call& call, std::size_t node)
    {
        if (std::this_thread::get_id() == thread_.get_id())
            throw std::logic_error("blocking_client called from its own thread");
        call.state_ = this;
        asio::post(io_, [this, &call, node] {
            if (closed_)
                return call.finish(errc::cancelled, "the client was closed");
            try
            {
                call.start(clients_[node]);
            }
            catch (...)
            {
                clients_[node].close(); // nobody knows how far the call came, and what became of the connection
                throw;
            }
        });
        std::unique_lock lock(mutex_);
        call.ended_.wait(lock, [&] { return call.done_; });
    }

    static std::string described(typed_blocking_call<chain_id_type> const& probe)
    {
        return probe.ec ? error(probe.ec, probe.detail).message() : probe.answer->error().message();
    }

    // Threads that come while one chooses wait for its choice, or share its failure. All nodes together have the time of one
    // call, each an equal part of what is left.
    std::size_t choose()
    {
        unsigned const failed_before = failed_choices_;
        std::lock_guard const lock(choice_);
        if (urls_.size() == 1)
            current_ = 0;
        if (!current_ && failed_choices_ != failed_before)
            throw exception(error(errc::no_node, last_failures_));
        auto const until = std::chrono::steady_clock::now() + deadline_;
        std::string failures;
        for (std::size_t i = 0; !current_ && i < urls_.size(); ++i)
        {
            auto const left =
                std::chrono::duration_cast<client_options::duration>(until - std::chrono::steady_clock::now());
            request<chain_id_type> question("database", "get_chain_id", "[]");
            question.deadline(std::max(left / static_cast<int>(urls_.size() - i), client_options::duration(1)));
            typed_blocking_call<chain_id_type> probe(question);
            wait_for(probe, i);
            if (!probe.ec && *probe.answer)
                current_ = i;
            else if (probe.ec == errc::cancelled)
                throw exception(error(probe.ec, probe.detail));
            else
                failures += (failures.empty() ? "" : "; ") + urls_[i].to_string() + ": " + described(probe);
        }
        if (!current_)
        {
            last_failures_ = failures;
            ++failed_choices_;
            throw exception(error(errc::no_node, failures));
        }
        return *current_;
    }

    std::vector<node_url> const urls_;
    client_options::duration const deadline_;
    bitshares::network const network_;
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::vector<client> clients_; // of the thread
    bool closed_ = false;         // of the thread
    std::mutex choice_;
    std::optional<std::size_t> current_;
    std::string last_failures_; // with choice_
    std::atomic<unsigned> failed_choices_ = 0;
    std::mutex mutex_; // of the calls' ends
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

BITSHARES_LAZY blocking_client::blocking_client(std::vector<node_url> nodes, transport_factory transports,
                                                client_options options)
    : state_(std::make_unique<detail::blocking_driver<>>(std::move(nodes), transports, options))
{}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
