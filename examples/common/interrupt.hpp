#pragma once

#include <atomic>
#include <functional>
#include <list>
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

private:
    friend class on_interrupt;

    void watch();

    int pipe_[2] = {-1, -1};
    std::atomic<bool> requested_ = false;
    std::mutex mutex_;
    std::list<std::function<void()>> actions_;
    std::thread thread_;
};

/** While it lives, an interrupt calls `end_waiting`: what closes a client, say. At once, where the signal came before. Others may
    live beside it. When its destructor returns, it is not being called. */
class on_interrupt
{
public:
    on_interrupt(interrupt& source, std::function<void()> end_waiting);
    ~on_interrupt();

    on_interrupt(on_interrupt const&) = delete;
    on_interrupt& operator=(on_interrupt const&) = delete;

private:
    interrupt& source_;
    std::list<std::function<void()>>::iterator place_;
};

} // namespace program
