#pragma once

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace support {

/** A program under test, with pipes to its standard input and from its standard output; its standard error is ours.

    It is killed when the object goes away before @ref wait.
*/
class process
{
public:
    explicit process(std::vector<std::string> command)
    {
        std::signal(SIGPIPE, SIG_IGN);
        int in[2], out[2];
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
            return;
        std::vector<char*> arguments;
        for (auto& word : command)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0)
        {
            ::dup2(in[0], STDIN_FILENO);
            ::dup2(out[1], STDOUT_FILENO);
            std::signal(SIGPIPE, SIG_DFL);
            ::closefrom(STDERR_FILENO + 1); // the ports of the test's own nodes would stay open with it
            ::execv(arguments[0], arguments.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        in_ = in[1];
        out_ = out[0];
    }
    process(process const&) = delete;
    process& operator=(process const&) = delete;
    ~process()
    {
        close_input();
        close_output();
        if (pid_ > 0)
        {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    int id() const { return pid_; }

    /// Writes without reading; false when the program reads no more. Only for what fits into the pipe or is read at once.
    bool write(std::string_view text)
    {
        while (!text.empty())
        {
            ::ssize_t const put = ::write(in_, text.data(), text.size());
            if (put <= 0)
                return false;
            text.remove_prefix(static_cast<std::size_t>(put));
        }
        return true;
    }

    /// The next line, without its end; empty at the end of the output or after `milliseconds` of silence.
    std::string read_line(int milliseconds = 10'000)
    {
        for (;;)
        {
            if (std::size_t const end = buffer_.find('\n'); end != std::string::npos)
            {
                std::string line = buffer_.substr(0, end);
                buffer_.erase(0, end + 1);
                return line;
            }
            pollfd waiting{out_, POLLIN, 0};
            if (::poll(&waiting, 1, milliseconds) <= 0 || !read_some())
                return {};
        }
    }

    /// Writes all of `input`, closes it, and reads the whole output meanwhile.
    std::string communicate(std::string_view input)
    {
        ::fcntl(in_, F_SETFL, O_NONBLOCK);
        for (;;)
        {
            if (input.empty())
                close_input();
            pollfd waiting[2] = {{out_, POLLIN, 0}, {in_, POLLOUT, 0}};
            if (::poll(waiting, in_ < 0 ? 1 : 2, 60'000) <= 0)
                break;
            if (in_ >= 0 && waiting[1].revents != 0)
            {
                ::ssize_t const put = ::write(in_, input.data(), input.size());
                if (put > 0)
                    input.remove_prefix(static_cast<std::size_t>(put));
                else
                    input = {}; // it reads no more
            }
            if (waiting[0].revents != 0 && !read_some())
                break;
        }
        close_input();
        return std::move(buffer_);
    }

    void close_input() { close(in_); }
    void close_output() { close(out_); }
    void signal(int number) { ::kill(pid_, number); }

    /// The exit code; 128 and the signal's number after a signal.
    int wait()
    {
        int status = 0;
        if (pid_ <= 0 || ::waitpid(pid_, &status, 0) != pid_)
            return -1;
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    /// Of memory since the program began; while it runs. (What wait4 tells counts the test's own memory at the fork, too.)
    long peak_kilobytes() const
    {
        std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("VmHWM:"))
                return std::strtol(line.c_str() + 6, nullptr, 10);
        return -1;
    }

private:
    static void close(int& descriptor)
    {
        if (descriptor >= 0)
            ::close(descriptor);
        descriptor = -1;
    }

    bool read_some()
    {
        char data[1 << 16];
        ::ssize_t const got = ::read(out_, data, sizeof data);
        if (got > 0)
            buffer_.append(data, static_cast<std::size_t>(got));
        return got > 0;
    }

    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    std::string buffer_;
};

} // namespace support
