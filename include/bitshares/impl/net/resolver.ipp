#pragma once

#include <bitshares/net/resolver.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <algorithm>
#include <deque>
#include <list>
#include <mutex>
#include <netdb.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_LAZY_DECL std::vector<asio::ip::address> system_lookup(std::string const& host, error_code& ec)
{
    ::addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    ::addrinfo* list = nullptr;
    int const status = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (status != 0)
    {
        if (status == EAI_SYSTEM)
            ec.assign(errno, boost::system::system_category());
        else if (status == EAI_AGAIN) // the name server does not answer: not the same as "no such name"
            ec = asio::error::host_not_found_try_again;
        else if (status == EAI_MEMORY)
            ec = asio::error::no_memory;
        else
            ec = errc::name_not_found;
        return {};
    }
    std::vector<asio::ip::address> found;
    for (::addrinfo const* at = list; at != nullptr; at = at->ai_next)
    {
        if (at->ai_family == AF_INET)
        {
            auto const* const in = reinterpret_cast<::sockaddr_in const*>(at->ai_addr);
            found.emplace_back(asio::ip::address_v4(ntohl(in->sin_addr.s_addr)));
        }
        else if (at->ai_family == AF_INET6)
        {
            auto const* const in = reinterpret_cast<::sockaddr_in6 const*>(at->ai_addr);
            asio::ip::address_v6::bytes_type bytes;
            std::copy(std::begin(in->sin6_addr.s6_addr), std::end(in->sin6_addr.s6_addr), bytes.begin());
            found.emplace_back(asio::ip::address_v6(bytes, in->sin6_scope_id));
        }
    }
    ::freeaddrinfo(list);
    return found;
}

// Lives as long as the resolver or one of its threads. A thread that hangs holds this and nothing of the caller's.
template <class Dependent = void>
class lookup_pool : public std::enable_shared_from_this<lookup_pool<Dependent>>
{
public:
    explicit lookup_pool(resolver_options options) : options_(std::move(options)) {}

    void start(std::string const& host, asio::any_io_executor const& executor, resolver::completion_handler handler)
    {
        error_code ec;
        asio::ip::address const literal = asio::ip::make_address(host, ec);
        if (!ec)
            return post(executor, std::move(handler), {}, {literal});

        auto slot = asio::get_associated_cancellation_slot(handler);
        std::lock_guard const lock(mutex_);
        std::uint64_t const id = ++last_id_;
        if (!find_job(host))
        {
            auto const now = clock::now();
            bool const all_hang =
                running_ >= options_.max_threads() && std::all_of(jobs_.begin(), jobs_.end(), [&](job const& j) {
                    return !j.running || now - j.since >= options_.hung_after();
                });
            if (stopped_ || all_hang)
                return post(executor, std::move(handler), stopped_ ? errc::cancelled : errc::resolver_busy, {});
            jobs_.push_back({host, {}, false, {}});
            if (running_ < options_.max_threads() && !add_thread() && running_ == 0)
            {
                jobs_.pop_back();
                return post(executor, std::move(handler), errc::resolver_busy, {});
            }
        }
        // The executor has to stay at work for as long as the handler waits.
        find_job(host)->waiters.push_back(
            {id, asio::prefer(executor, asio::execution::outstanding_work.tracked), std::move(handler)});
        if (slot.is_connected())
            slot.assign([weak = this->weak_from_this(), id](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    self->cancel(id);
            });
    }

    void stop()
    {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
        for (job& j : jobs_)
            for (waiter& w : j.waiters)
                post(w.executor, std::move(w.handler), errc::cancelled, {});
        for (job& j : jobs_)
            j.waiters.clear();
        std::erase_if(jobs_, [](job const& j) { return !j.running; });
    }

private:
    using clock = std::chrono::steady_clock;

    struct waiter
    {
        std::uint64_t id;
        asio::any_io_executor executor;
        resolver::completion_handler handler;
    };

    struct job
    {
        std::string host;
        std::list<waiter> waiters; // a list: move assignment of any_completion_handler never returns in Boost 1.81
        bool running;
        clock::time_point since;
    };

    job* find_job(std::string const& host)
    {
        auto const at = std::find_if(jobs_.begin(), jobs_.end(), [&](job const& j) { return j.host == host; });
        return at == jobs_.end() ? nullptr : &*at;
    }

    void cancel(std::uint64_t id)
    {
        std::lock_guard const lock(mutex_);
        for (job& j : jobs_)
            for (auto at = j.waiters.begin(); at != j.waiters.end(); ++at)
                if (at->id == id)
                {
                    post(at->executor, std::move(at->handler), errc::cancelled, {});
                    j.waiters.erase(at);
                    // Nobody waits for it any more, and no thread has it: it need not be looked up.
                    std::erase_if(jobs_, [](job const& k) { return !k.running && k.waiters.empty(); });
                    return;
                }
    }

    bool add_thread()
    {
        try
        {
            std::thread([self = this->shared_from_this()] { self->work(); }).detach();
            ++running_;
            return true;
        }
        catch (std::system_error const&)
        {
            return false;
        }
    }

    void work()
    {
        std::unique_lock lock(mutex_);
        for (;;)
        {
            auto const next = std::find_if(jobs_.begin(), jobs_.end(), [](job const& j) { return !j.running; });
            if (next == jobs_.end())
                break;
            next->running = true;
            next->since = clock::now();
            std::string const host = next->host;
            lock.unlock();
            error_code ec;
            std::vector<asio::ip::address> found;
            try
            {
                found = options_.lookup() ? options_.lookup()(host, ec) : system_lookup(host, ec);
            }
            catch (...) // out of this thread it would end the process
            {
                ec = errc::name_not_found;
            }
            if (!ec && found.empty())
                ec = errc::name_not_found;
            lock.lock();
            auto const done =
                std::find_if(jobs_.begin(), jobs_.end(), [&](job const& j) { return j.running && j.host == host; });
            std::list<waiter> waiters = std::move(done->waiters);
            jobs_.erase(done);
            for (waiter& w : waiters)
                post(w.executor, std::move(w.handler), ec, found);
        }
        --running_;
    }

    static void post(asio::any_io_executor const& executor, resolver::completion_handler handler, error_code ec,
                     std::vector<asio::ip::address> found)
    {
        asio::post(executor, [handler = std::move(handler), ec, found = std::move(found)]() mutable {
            std::move(handler)(ec, std::move(found));
        });
    }

    resolver_options const options_;
    std::mutex mutex_;
    std::deque<job> jobs_;
    std::size_t running_ = 0;
    std::uint64_t last_id_ = 0;
    bool stopped_ = false;
};

template <class Dependent = void>
class thread_resolver final : public resolver
{
public:
    explicit thread_resolver(resolver_options options)
        : pool_(std::make_shared<lookup_pool<Dependent>>(std::move(options)))
    {}
    ~thread_resolver() override { pool_->stop(); }

    void async_resolve(std::string const& host, asio::any_io_executor const& executor,
                       completion_handler handler) override
    {
        pool_->start(host, executor, std::move(handler));
    }

private:
    std::shared_ptr<lookup_pool<Dependent>> pool_;
};

} // namespace detail

BITSHARES_LAZY std::shared_ptr<resolver> make_resolver(resolver_options options)
{
    return std::make_shared<detail::thread_resolver<>>(std::move(options));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
