#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace program {

/// The file cannot be written; the text names it.
class file_failure : public std::system_error
{
    using std::system_error::system_error;
};

/** A file that appears whole or not at all: it is written beside its place under another name, and takes its place by a
    rename, when its bytes are on the disk. */
class output_file
{
public:
    /// @throws file_failure, as all its functions.
    explicit output_file(std::string path);

    /// Takes away what was written, unless @ref commit was called.
    ~output_file();

    output_file(output_file const&) = delete;
    output_file& operator=(output_file const&) = delete;

    /// To append to; call @ref drain from time to time.
    std::string& buffer() noexcept { return buffer_; }

    /// Writes the buffer where it is large.
    void drain()
    {
        if (buffer_.size() >= buffer_size)
            flush();
    }

    /// Begins anew.
    void restart();

    /// Puts the file in its place, instead of one that is there.
    void commit();

    std::uint64_t size() const noexcept { return written_ + buffer_.size(); }
    std::string const& path() const noexcept { return path_; }

private:
    static constexpr std::size_t buffer_size = 1 << 20;

    void flush();
    [[noreturn]] void fail(char const* what) const;

    std::string path_;
    std::string temporary_;
    std::string directory_;
    int file_ = -1;
    std::uint64_t written_ = 0;
    std::string buffer_;
};

} // namespace program
