#pragma once

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <poll.h>
#include <pty.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace support {

// What a terminal would take for more than text.
inline bool is_harmless(std::string const& text)
{
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        auto const c = static_cast<unsigned char>(text[i]);
        if ((c < 0x20 && c != '\n') || c == 0x7f)
            return false;
        if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) // U+0080 to U+009F
            return false;
        if (c == 0xe2 && text.compare(i, 3, "\xe2\x80\xae") == 0) // right to left from here
            return false;
    }
    return true;
}

/// A program on a terminal of its own.
class on_terminal
{
public:
    on_terminal(std::vector<std::string> words, unsigned short columns, unsigned short rows)
    {
        winsize size{rows, columns, 0, 0};
        pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
        if (pid_ == 0)
        {
            ::close_range(3, ~0U, 0); // the test node's port is none of its business
            ::setenv("TERM", "xterm", 1);
            ::setenv("NO_COLOR", "1", 1);
            std::vector<char*> arguments;
            for (auto& word : words)
                arguments.push_back(word.data());
            arguments.push_back(nullptr);
            ::execv(arguments[0], arguments.data());
            ::_exit(127);
        }
    }
    on_terminal(on_terminal const&) = delete;
    on_terminal& operator=(on_terminal const&) = delete;
    int id() const { return pid_; }

    ~on_terminal()
    {
        if (pid_ > 0)
        {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(terminal_);
    }

    /// Waits until the newest frame holds the text.
    bool shows(std::string const& text, int milliseconds = 15'000)
    {
        auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
        while (std::chrono::steady_clock::now() < end)
        {
            if (frame().find(text) != std::string::npos)
                return true;
            if (!read(100))
                break;
        }
        return frame().find(text) != std::string::npos;
    }

    /// Waits until it has shown the text anywhere.
    bool says(std::string const& text, int milliseconds = 30'000)
    {
        auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
        while (seen_.find(text) == std::string::npos && std::chrono::steady_clock::now() < end)
            if (!read(100))
                break;
        return seen_.find(text) != std::string::npos;
    }

    /// All since the cursor was last sent home.
    std::string frame() const
    {
        std::size_t const home = seen_.rfind("\033[H");
        return home == seen_.npos ? std::string() : seen_.substr(home);
    }

    std::string const& all() const { return seen_; }
    void type(char c) { (void)!::write(terminal_, &c, 1); }
    void type(std::string const& text) { (void)!::write(terminal_, text.data(), text.size()); }
    void resize(unsigned short columns, unsigned short rows)
    {
        winsize size{rows, columns, 0, 0};
        ::ioctl(terminal_, TIOCSWINSZ, &size);
    }

    /// The exit code; 128 and the signal's number after a signal. What is silent for long and does not end is killed.
    int wait()
    {
        while (read(10'000))
        {
        }
        int status = 0;
        for (int i = 0; ::waitpid(pid_, &status, WNOHANG) == 0; ++i)
        {
            if (i == 2'500) // 50 s
                ::kill(pid_, SIGKILL);
            ::usleep(20'000);
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    bool read(int milliseconds)
    {
        pollfd waiting{terminal_, POLLIN, 0};
        int const ready = ::poll(&waiting, 1, milliseconds);
        if (ready <= 0)
            return ready == 0 && milliseconds < 10'000;
        char data[4096];
        ::ssize_t const got = ::read(terminal_, data, sizeof data);
        if (got > 0)
            seen_.append(data, static_cast<std::size_t>(got));
        return got > 0;
    }

    pid_t pid_ = -1;
    int terminal_ = -1;
    std::string seen_;
};

inline std::size_t longest_line(std::string const& frame)
{
    std::size_t longest = 0, length = 0;
    for (std::size_t i = 0; i < frame.size(); ++i)
        if (frame[i] == '\033') // a command ends with a letter
            i = frame.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", i + 1);
        else if (frame[i] == '\r' || frame[i] == '\n')
            length = 0;
        else
            longest = std::max(longest, ++length);
    return longest;
}

} // namespace support
