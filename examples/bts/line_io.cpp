#include "line_io.hpp"

#include <openssl/crypto.h>

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <unistd.h>

namespace bts_program {

namespace {

std::sig_atomic_t volatile signalled = 0;

} // namespace

void handle_signals()
{
    struct sigaction action = {};
    action.sa_handler = [](int) { signalled = 1; }; // no SA_RESTART: a waiting read must return
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    action.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &action, nullptr);
}

void wipe(std::string& text) noexcept
{
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

bool interrupted() noexcept
{
    return signalled != 0;
}

bool wait_for_input(int descriptor)
{
    // Between a look at `signalled` and a read that waits, a signal would be lost until the next input: it has to be blocked
    // when we look, and ppoll lets it in while it waits only.
    sigset_t ours, usual;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &ours, &usual);
    ::pollfd input = {descriptor, POLLIN, 0};
    while (!interrupted() && ::ppoll(&input, 1, nullptr, &usual) < 0 && errno == EINTR)
        ;
    bool const ready = !interrupted();
    ::pthread_sigmask(SIG_SETMASK, &usual, nullptr);
    return ready;
}

line_reader::status line_reader::fill()
{
    begin_ = end_ = 0;
    for (;;)
    {
        if (!wait_for_input(descriptor_))
            return status::interrupted;
        ::ssize_t const got = ::read(descriptor_, buffer_.data(), buffer_.size());
        if (got > 0)
        {
            end_ = static_cast<std::size_t>(got);
            return status::line;
        }
        if (got == 0)
            return status::end;
        if (errno != EINTR)
            return status::failed;
    }
}

void line_writer::flush()
{
    std::string_view left = buffer_;
    while (!left.empty() && error_ == 0)
    {
        ::ssize_t const put = ::write(descriptor_, left.data(), left.size());
        if (put >= 0)
            left.remove_prefix(static_cast<std::size_t>(put));
        else if (errno != EINTR || interrupted())
            error_ = errno;
    }
    wipe(buffer_);
}

} // namespace bts_program
