#include "interrupt.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace program {

namespace {

std::atomic<int> signal_pipe = -1;
constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};

void on_signal(int)
{
    int const kept = errno;
    [[maybe_unused]] auto const n = ::write(signal_pipe, "s", 1);
    errno = kept;
}

} // namespace

interrupt::interrupt()
{
    if (::pipe2(pipe_, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    signal_pipe = pipe_[1];
    thread_ = std::thread([this] { watch(); });
    for (int s : signals)
    {
        struct sigaction action = {};
        ::sigaction(s, nullptr, &action);
        if (action.sa_handler == SIG_IGN) // as nohup sets it
            continue;
        action = {};
        action.sa_handler = on_signal;
        action.sa_flags = SA_RESTART;
        ::sigaction(s, &action, nullptr);
    }
}

interrupt::~interrupt()
{
    for (int s : signals)
    {
        struct sigaction action = {};
        ::sigaction(s, nullptr, &action);
        if (action.sa_handler == on_signal)
            ::signal(s, SIG_DFL);
    }
    [[maybe_unused]] auto const n = ::write(pipe_[1], "q", 1);
    thread_.join();
    ::close(pipe_[0]);
    ::close(pipe_[1]);
}

void interrupt::watch()
{
    for (char c = 0; c != 'q';)
    {
        if (::read(pipe_[0], &c, 1) != 1)
        {
            if (errno == EINTR)
                continue;
            return;
        }
        if (c != 's')
            continue;
        requested_ = true;
        std::lock_guard const lock(mutex_);
        for (auto const& end_waiting : actions_)
            end_waiting();
    }
}

on_interrupt::on_interrupt(interrupt& source, std::function<void()> end_waiting) : source_(source)
{
    std::lock_guard const lock(source_.mutex_);
    if (source_.requested_)
        end_waiting();
    place_ = source_.actions_.insert(source_.actions_.end(), std::move(end_waiting));
}

on_interrupt::~on_interrupt()
{
    std::lock_guard const lock(source_.mutex_);
    source_.actions_.erase(place_);
}

} // namespace program
