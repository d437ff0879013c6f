#pragma once

#include <bitshares/history/node_history.hpp>
#include <bitshares/history/requests.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct node_history::state
{
    BITSHARES_LAZY_DECL state(blocking_client& n, account_id a, account_statistics_id s, history_options o)
        : node(n), account(a), statistics(s), paging(std::move(o))
    {}

    blocking_client& node;
    account_id account;
    account_statistics_id statistics;

    mutable std::mutex mutex;
    std::condition_variable changed;
    history_paging paging;
    std::exception_ptr broken;
    std::uint64_t survey_told = 0;
    bool stopped = false;
    std::vector<std::thread> threads;

    // A thread asks one question at a time; so many threads, so many questions are under way.
    BITSHARES_LAZY_DECL void work()
    {
        std::unique_lock lock(mutex);
        while (!stopped && !broken)
        {
            auto const query = paging.next();
            if (!query)
            {
                changed.wait(lock);
                continue;
            }
            lock.unlock();
            try
            {
                send_history_query(*query, account, statistics,
                                   [&](auto const& request) { ask(*query, request, lock); });
            }
            catch (...)
            {
                if (!lock.owns_lock())
                    lock.lock();
                if (!broken)
                    broken = std::current_exception();
            }
            changed.notify_all();
        }
    }

    template <class R>
    void ask(history_query const& query, request<R> const& request, std::unique_lock<std::mutex>& lock)
    {
        for (int attempt = 1;; ++attempt)
            try
            {
                auto answer = node.try_call(request);
                lock.lock();
                return deliver(paging, query, account, statistics, std::move(answer));
            }
            catch (exception const& e)
            {
                if (attempt == 3 || !is_transient(e.code()))
                    throw;
                lock.lock();
                changed.wait_for(lock, std::chrono::milliseconds(200 * attempt), [this] { return stopped; });
                bool const give_up = stopped;
                lock.unlock();
                if (give_up)
                    throw;
            }
    }
};

BITSHARES_LAZY node_history::node_history(blocking_client& node, account_id account, account_statistics_id statistics,
                                          history_options options)
{
    std::uint32_t const threads = std::clamp(options.requests_in_flight, 1U, 64U);
    state_ = std::shared_ptr<state>(new state(node, account, statistics, std::move(options)), [](state* s) {
        {
            std::lock_guard const lock(s->mutex);
            s->stopped = true;
        }
        s->changed.notify_all();
        for (std::thread& thread : s->threads)
            thread.join();
        delete s;
    });
    for (std::uint32_t i = 0; i < threads; ++i)
        state_->threads.emplace_back([s = state_.get()] { s->work(); });
}

BITSHARES_LAZY node_history::node_history(blocking_client& node, account_id account, history_options options)
    : node_history(node, account, account_statistics_id(account.instance), std::move(options))
{}

BITSHARES_LAZY bool node_history::next(std::vector<history_record>& page)
{
    state& s = *state_;
    std::unique_lock lock(s.mutex);
    for (;;)
    {
        if (s.broken)
            std::rethrow_exception(s.broken);
        if (s.paging.pop(page))
            break;
        if (s.paging.done())
            return false;
        if (s.paging.failure())
            throw exception(*s.paging.failure());
        if (std::exchange(s.survey_told, s.paging.surveyed()) != s.survey_told)
            return true; // with the empty page that pop left
        s.changed.wait(lock);
    }
    lock.unlock();
    s.changed.notify_all(); // there is room for another page
    return true;
}

BITSHARES_LAZY history_count node_history::count() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->paging.count();
}

BITSHARES_LAZY std::uint64_t node_history::expected() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->paging.expected();
}

BITSHARES_LAZY std::uint64_t node_history::first() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->paging.first();
}

BITSHARES_LAZY std::uint64_t node_history::last() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->paging.last();
}

BITSHARES_LAZY std::uint64_t node_history::checked() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->paging.checked();
}

BITSHARES_LAZY std::uint64_t node_history::surveyed() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->paging.surveyed();
}

BITSHARES_LAZY bool node_history::uses_fallback() const
{
    std::lock_guard const lock(state_->mutex);
    return state_->paging.uses_fallback();
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
