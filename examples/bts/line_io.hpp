#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bts_program {

/// Ends the loops below at the next chance on Ctrl-C or a request to terminate; a reader that went away is an error of write.
void handle_signals();
bool interrupted() noexcept;

/// Waits until a read would not wait, also for the end of the input. False: interrupted, no matter how short before.
bool wait_for_input(int descriptor);

/// Overwrites a text, which may be a secret, and empties it.
void wipe(std::string& text) noexcept;

/// Lines of a file descriptor, in memory that does not grow with the input.
class line_reader
{
public:
    enum class status
    {
        line,
        too_long, ///< The line is longer than the limit; it was skipped up to its end.
        end,
        interrupted,
        failed ///< errno says why.
    };

    line_reader(int descriptor, std::size_t max_line)
        : descriptor_(descriptor), max_line_(max_line), buffer_(buffer_size, '\0')
    {}
    ~line_reader() { wipe(buffer_); }

    line_reader(line_reader const&) = delete;
    line_reader& operator=(line_reader const&) = delete;

    /** The next line, without its end.

        @param line Overwritten; holds at most `max_line` characters.
        @param before_wait Called before each read, which may wait: the moment to flush the output, so that a program at the other
                           end of two pipes gets each answer before it must ask on.
    */
    template <class BeforeWait>
    status next(std::string& line, BeforeWait&& before_wait)
    {
        line.clear();
        bool any = false;
        bool too_long = false;
        for (;;)
        {
            std::string_view const left(buffer_.data() + begin_, end_ - begin_);
            std::size_t const size = left.find('\n');
            std::string_view const piece = left.substr(0, size);
            any = any || !piece.empty() || size != left.npos;
            too_long = too_long || piece.size() > max_line_ - line.size();
            if (!too_long)
                line.append(piece);
            if (size != left.npos)
            {
                begin_ += size + 1;
                return too_long ? status::too_long : status::line;
            }
            before_wait();
            status const filled = fill();
            if (filled == status::end && any) // the last line lacks its end
                return too_long ? status::too_long : status::line;
            if (filled != status::line)
                return filled;
        }
    }

private:
    static constexpr std::size_t buffer_size = 1 << 16;

    status fill();

    int descriptor_;
    std::size_t max_line_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// Collects lines for a file descriptor.
class line_writer
{
public:
    static constexpr std::size_t full = 1 << 16;

    explicit line_writer(int descriptor) : descriptor_(descriptor) { buffer_.reserve(full); }
    ~line_writer() { wipe(buffer_); }

    line_writer(line_writer const&) = delete;
    line_writer& operator=(line_writer const&) = delete;

    void write(std::string_view line)
    {
        buffer_.append(line).push_back('\n');
        if (buffer_.size() >= full)
            flush();
    }
    void flush();

    bool failed() const noexcept { return error_ != 0; }
    int error() const noexcept { return error_; } ///< errno of the first write that failed.

private:
    int descriptor_;
    std::string buffer_;
    int error_ = 0;
};

} // namespace bts_program
