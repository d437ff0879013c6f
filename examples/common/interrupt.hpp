#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace program {

/** Ctrl-C (and SIGTERM, SIGHUP) as a call on a thread of its own, where everything is allowed; not inside a signal's handler,
    where next to nothing is.

    One object at a time.
*/
class interrupt
{
public:
    interrupt();
    ~interrupt();

    interrupt(interrupt const&) = delete;
    interrupt& operator=(interrupt const&) = delete;

    bool requested() const noexcept { return requested_; }

    /// What ends the waiting. Called at once where the signal came before. @return What was called so far.
    std::function<void()> on_request(std::function<void()> action);

private:
    void watch();

    int pipe_[2] = {-1, -1};
    std::atomic<bool> requested_ = false;
    std::mutex mutex_;
    std::function<void()> action_;
    std::thread thread_;
};

/// While it lives, an interrupt closes the client.
template <class Client>
class closed_by_interrupt
{
public:
    closed_by_interrupt(interrupt& source, Client& client) : source_(source)
    {
        source.on_request([&client] { client.close(); });
    }
    ~closed_by_interrupt() { source_.on_request({}); }

    closed_by_interrupt(closed_by_interrupt const&) = delete;
    closed_by_interrupt& operator=(closed_by_interrupt const&) = delete;

private:
    interrupt& source_;
};

} // namespace program
