#include "output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace program {

output_file::output_file(std::string path) : path_(std::move(path))
{
    namespace fs = std::filesystem;
    // A symbolic link stays one: what it points to is replaced.
    std::error_code ignored;
    if (fs::is_symlink(path_, ignored))
        path_ = fs::weakly_canonical(path_, ignored).string();
    fs::path const place(path_);
    directory_ = place.has_parent_path() ? place.parent_path().string() : ".";
    if (fs::is_directory(place, ignored))
        throw file_failure(EISDIR, std::generic_category(), path_);
    if (fs::exists(place, ignored) && !fs::is_regular_file(place, ignored)) // /dev/null and pipes cannot be replaced
        throw file_failure(std::make_error_code(std::errc::not_supported), path_ + " is no regular file");
    temporary_ = (fs::path(directory_) / ".bts-XXXXXX").string(); // not a longer name than the file's own
    file_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
    if (file_ < 0)
    {
        temporary_.clear();
        fail("cannot write into its directory");
    }
    struct stat old = {};
    mode_t mode = 0;
    if (::stat(path_.c_str(), &old) == 0) // who may not read the old file shall not read the new one
        mode = old.st_mode & static_cast<mode_t>(0777);
    else
    {
        mode_t const mask = ::umask(0);
        ::umask(mask);
        mode = static_cast<mode_t>(0666) & ~mask;
    }
    [[maybe_unused]] int const kept = ::fchmod(file_, mode); // where it fails, the file stays its owner's alone
    buffer_.reserve(buffer_size + (64 << 10));
}

output_file::~output_file()
{
    if (file_ >= 0)
        ::close(file_);
    if (!temporary_.empty())
        ::unlink(temporary_.c_str());
}

void output_file::fail(char const* what) const
{
    throw file_failure(errno, std::generic_category(), path_ + ": " + what);
}

void output_file::flush()
{
    for (std::size_t done = 0; done < buffer_.size();)
    {
        ssize_t const n = ::write(file_, buffer_.data() + done, buffer_.size() - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            fail("cannot write");
        done += static_cast<std::size_t>(n);
    }
    written_ += buffer_.size();
    buffer_.clear();
}

void output_file::restart()
{
    buffer_.clear();
    written_ = 0;
    if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0)
        fail("cannot begin anew");
}

void output_file::commit()
{
    flush();
    if (::fsync(file_) != 0)
        fail("cannot write");
    int const file = file_;
    file_ = -1;
    if (::close(file) != 0)
        fail("cannot write");
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0)
        fail("cannot be put in place");
    temporary_.clear();
    // So that the new name survives a loss of power, too; a file system that cannot do it has done what it can.
    if (int const directory = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); directory >= 0)
    {
        ::fsync(directory);
        ::close(directory);
    }
}

} // namespace program
