#pragma once

#include <bitshares/detail/paged_sequence.hpp>
#include <bitshares/history/es_document.hpp>
#include <bitshares/history/http_query.hpp>
#include <bitshares/history/paging.hpp>
#include <bitshares/net/http.hpp>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What is sent for a query.
inline http_request to_http_request(http_query query)
{
    http_request request;
    request.method = query.post ? http_method::post : http_method::get;
    request.target = std::move(query.target);
    request.body = std::move(query.body);
    return request;
}

namespace detail {

/// Asks the questions of one reading, each time once: it is the reading that asks again, and the client lets time pass before it does.
class http_asker
{
public:
    explicit http_asker(http_sender& servers) : servers_(servers) {}

    /// Where it is the same question again, an answer to the last one was of no use, and its server is blamed.
    result<http_reply> ask(http_query query, std::stop_token stop = {})
    {
        if (query.attempt != 0 && !answered_by_.empty())
            servers_.blame(answered_by_, query.attempt);
        answered_by_.clear();
        http_request request = to_http_request(std::move(query));
        request.attempts = 1;
        request.stop = std::move(stop);
        auto answer = servers_.send(request);
        if (answer && !is_passing(answer->status))
            answered_by_ = answer->server;
        return answer;
    }

    /// Whether to ask again where there was no answer.
    static bool may_pass(error_code const& ec)
    {
        return ec != errc::cancelled && ec != errc::invalid_url && ec != errc::file_error &&
               ec != errc::message_too_large && ec != errc::http_refused && ec != errc::certificate_rejected &&
               ec != errc::name_not_found;
    }

private:
    http_sender& servers_;
    std::string answered_by_; // the last question; empty where the sender knows itself that it was in vain
};

} // namespace detail

/** A history as a sequence that is read over HTTP while it is walked: an @ref es_paging or @ref wrapper_paging, driven.

    Either every operation comes, each once, or an exception says what is missing. While a page is decoded and used, a thread
    asks for the next one; two pages are held at most. A server that is lost or busy, or whose answer is of no use, is asked again
    after a while, and another one in its place, as the client says; each question @ref es_options::attempts times.

    @par Object lifetimes
    The client outlives the history. Destruction ends the request under way.
    @par Thread safety
    Distinct objects: safe, also with one client. Shared objects: unsafe.
*/
template <class Paging>
class http_history : public detail::paged_sequence<http_history<Paging>, history_record>
{
public:
    /// Begins to read. @param options Of the paging: @ref es_options, @ref wrapper_options.
    template <class Options>
    http_history(http_sender& server, Options options) : state_(new state(server, std::move(options)), release)
    {
        state_->thread = std::thread([s = state_.get()] { s->work(); });
    }

    http_history(http_history const&) = delete;
    http_history& operator=(http_history const&) = delete;

    /** The next page, in order; it may be empty, where the filter leaves all of it out. False: the history is at its end.

        @param page Of @ref history_record, or of @ref es_document, which tell more.
        @throws exception The paging's errors; those of @ref http_sender::send.
    */
    template <class Record>
    bool next(std::vector<Record>& page)
    {
        state& s = *state_;
        std::unique_lock lock(s.mutex);
        for (;;)
        {
            // Decoded under the lock: the page behind it was asked for before, and comes meanwhile.
            bool const taken = s.paging.take(page);
            if (taken || s.paging.done() || s.paging.failure() || s.broken)
            {
                if (taken)
                {
                    lock.unlock();
                    s.changed.notify_all(); // there is room for another page
                    return true;
                }
                if (s.paging.failure())
                    throw exception(*s.paging.failure());
                if (s.paging.done())
                    return false;
                std::rethrow_exception(s.broken);
            }
            s.changed.notify_all(); // what was no page is asked for again
            s.changed.wait(lock);
        }
    }

    /// Documents to be read and checked, where the server could count them. @pre A page was read, or there was none.
    std::optional<std::uint64_t> expected() const
    {
        std::lock_guard const lock(state_->mutex);
        if constexpr (requires(Paging const& p) { p.total(); })
            return state_->paging.total();
        else
            return std::nullopt;
    }

    /// The sequence number of the newest operation in the range, when the reading began; 0 where there is none. @pre As above.
    std::uint64_t newest() const
    {
        std::lock_guard const lock(state_->mutex);
        auto const& found = state_->paging.newest();
        return found ? found->record.sequence : 0;
    }

    /// Operations that were read and checked, those included that the filter left out.
    std::uint64_t checked() const
    {
        std::lock_guard const lock(state_->mutex);
        return state_->paging.checked();
    }

private:
    struct state
    {
        template <class Options>
        state(http_sender& servers, Options options) : asker(servers), paging(std::move(options))
        {}

        void work()
        {
            std::unique_lock lock(mutex);
            while (!stopping.stop_requested() && !broken)
            {
                auto query = paging.next();
                if (!query)
                {
                    changed.wait(lock);
                    continue;
                }
                std::uint64_t const ticket = query->ticket;
                lock.unlock();
                try
                {
                    auto answer = asker.ask(std::move(*query), stopping.get_token());
                    lock.lock();
                    if (answer)
                        paging.on_reply(ticket, answer->status, std::move(answer->body));
                    else if (detail::http_asker::may_pass(answer.error().code()))
                        paging.on_lost(ticket, std::move(answer.error()));
                    else
                        broken = std::make_exception_ptr(exception(answer.error()));
                }
                catch (...)
                {
                    if (!lock.owns_lock())
                        lock.lock();
                    broken = std::current_exception();
                }
                changed.notify_all();
            }
        }

        detail::http_asker asker;
        mutable std::mutex mutex;
        std::condition_variable changed;
        Paging paging;
        std::exception_ptr broken;
        std::stop_source stopping;
        std::thread thread;
    };

    // The state's deleter: a destructor would be compiled wherever the type is named.
    static void release(state* s)
    {
        {
            std::lock_guard const lock(s->mutex);
            s->stopping.request_stop();
        }
        s->changed.notify_all();
        if (s->thread.joinable())
            s->thread.join();
        delete s;
    }

    std::shared_ptr<state> state_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
