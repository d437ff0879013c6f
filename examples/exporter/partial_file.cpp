#include "partial_file.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace exporter {

using program::file_failure;

namespace {

struct checkpoint_json
{
    std::uint64_t version = 1;
    std::uint64_t bytes = 0;
    std::string sha256; // of so many
    bitshares::raw_json state;

    BITSHARES_FIELDS((version), (bytes), (sha256), (state))
};

std::span<std::uint8_t const> bytes_of(std::string_view text)
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()}; // NOLINT
}

// A regular file of one's own: what others put there is not trusted.
bool is_own(int file)
{
    struct stat s = {};
    return ::fstat(file, &s) == 0 && S_ISREG(s.st_mode) && s.st_uid == ::geteuid();
}

void sync_directory(std::string const& directory)
{
    // So that a new name survives a loss of power, too; a file system that cannot do it has done what it can.
    if (int const d = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); d >= 0)
    {
        ::fsync(d);
        ::close(d);
    }
}

bool write_all(int file, std::string_view text)
{
    while (!text.empty())
    {
        ssize_t const n = ::write(file, text.data(), text.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

std::optional<checkpoint_json> read_checkpoint(std::string const& path)
{
    int const file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return std::nullopt;
    bool const own = is_own(file);
    ::close(file);
    std::ifstream in(path, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    if (!own || !in)
        return std::nullopt;
    auto read = bitshares::from_json<checkpoint_json>(text);
    if (!read || read->version != 1 || read->sha256.size() != 64 || read->state.text.empty())
        return std::nullopt;
    return std::move(*read);
}

} // namespace

partial_file::partial_file(std::string path) : path_(std::move(path))
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
    partial_ = beside(".partial");
    checkpoint_ = beside(".checkpoint");
    fresh_checkpoint_ = beside(".checkpoint~");
    open();
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

// Locked, for a file that two write at once would be neither's.
void partial_file::open()
{
    for (;;)
    {
        file_ = ::open(partial_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (file_ < 0)
            fail("cannot write into its directory");
        if (!is_own(file_))
        {
            ::close(std::exchange(file_, -1));
            errno = EEXIST;
            fail("another's file stands where it is to be written");
        }
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
        {
            int const why = errno;
            ::close(std::exchange(file_, -1));
            errno = why;
            fail("another run is writing it");
        }
        struct stat held = {}, named = {};
        if (::fstat(file_, &held) == 0 && ::stat(partial_.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
            held.st_dev == named.st_dev)
            return;
        ::close(std::exchange(file_, -1)); // the run before has just put it in its place
    }
}

partial_file::~partial_file()
{
    if (file_ < 0)
        return;
    if (!committed_ && !keep_)
    {
        ::unlink(partial_.c_str());
        if (!final_checkpoint_)
            ::unlink(checkpoint_.c_str());
    }
    ::close(file_);
}

std::string partial_file::name() const
{
    return std::filesystem::path(path_).filename().string();
}

std::string partial_file::beside(std::string const& ending) const
{
    std::string const own = name();
    std::string const other = own.size() + ending.size() <= 255
                                  ? own + ending
                                  : own.substr(0, 180) + '-' +
                                        bitshares::to_hex(bitshares::sha256(bytes_of(own)).data).substr(0, 16) + ending;
    return (std::filesystem::path(directory_) / other).string();
}

void partial_file::fail(char const* what) const
{
    throw file_failure(errno, std::generic_category(), path_ + ": " + what);
}

void partial_file::flush()
{
    if (!write_all(file_, buffer_))
        fail("cannot write");
    written_ += buffer_.size();
    settle();
    auto const data = std::make_shared<std::string>(std::move(buffer_));
    try
    {
        hashing_ = std::async(std::launch::async, [this, data] {
            hash_.update(bytes_of(*data));
            return data;
        });
    }
    catch (std::system_error const&) // no thread is to be had
    {
        hash_.update(bytes_of(*data));
    }
    buffer_ = std::move(spare_);
    buffer_.clear();
}

void partial_file::settle()
{
    if (hashing_.valid())
        spare_ = std::move(*hashing_.get());
}

void partial_file::restart()
{
    settle();
    buffer_.clear();
    written_ = 0;
    hash_.reset();
    checkpointed_ = false;
    forgotten_ = true;
    ::unlink(fresh_checkpoint_.c_str());
    if (!final_checkpoint_)
        ::unlink(checkpoint_.c_str());
    if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0)
        fail("cannot begin anew");
}

// True: the first bytes are what the checkpoint says, and stand in the partial file, where the next ones come behind them.
bool partial_file::take_over(std::string const& from, std::uint64_t bytes, std::string const& sha256, bool copy)
{
    int const source = copy ? ::open(from.c_str(), O_RDONLY | O_CLOEXEC) : file_;
    if (source < 0)
        return false;
    if (copy && (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0))
        fail("cannot begin anew");
    hash_.reset();
    std::vector<char> block(buffer_size);
    std::uint64_t done = 0;
    bool good = copy || ::lseek(file_, 0, SEEK_SET) == 0;
    while (good && done < bytes)
    {
        std::size_t const want = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), bytes - done));
        ssize_t const n = ::read(source, block.data(), want);
        if (n < 0 && errno == EINTR)
            continue;
        good = n > 0;
        if (!good)
            break;
        std::string_view const piece(block.data(), static_cast<std::size_t>(n));
        hash_.update(bytes_of(piece));
        done += piece.size();
        if (copy && !write_all(file_, piece))
        {
            ::close(source);
            fail("cannot write");
        }
    }
    if (copy)
        ::close(source);
    good = good && bitshares::to_hex(hash_.digest().data) == sha256;
    if (good && (::ftruncate(file_, static_cast<off_t>(bytes)) != 0 || ::lseek(file_, 0, SEEK_END) < 0))
        fail("cannot go on");
    written_ = bytes;
    return good;
}

std::optional<std::string> partial_file::resume(bool since)
{
    settle();
    buffer_.clear();
    if (auto const c = forgotten_ ? std::nullopt : read_checkpoint(checkpoint_))
    {
        if (take_over(partial_, c->bytes, c->sha256, false))
        {
            checkpointed_ = true;
            return c->state.text;
        }
        if (since && take_over(path_, c->bytes, c->sha256, true))
        {
            final_checkpoint_ = true;
            return c->state.text;
        }
        final_checkpoint_ = std::filesystem::exists(path_) && !since;
    }
    restart();
    return std::nullopt;
}

void partial_file::checkpoint(std::string const& state)
{
    flush();
    settle();
    if (::fdatasync(file_) != 0)
        fail("cannot write");
    checkpoint_json const c{1, written_, bitshares::to_hex(hash_.digest().data), {state}};
    std::string const text = bitshares::to_json(c) + '\n';
    ::unlink(fresh_checkpoint_.c_str());
    int const file = ::open(fresh_checkpoint_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        fail("cannot write its checkpoint");
    bool const written = write_all(file, text) && ::fdatasync(file) == 0;
    if (::close(file) != 0 || !written || std::rename(fresh_checkpoint_.c_str(), checkpoint_.c_str()) != 0)
    {
        int const why = errno;
        ::unlink(fresh_checkpoint_.c_str());
        errno = why;
        fail("cannot write its checkpoint");
    }
    checkpointed_ = true;
    forgotten_ = false;
    final_checkpoint_ = false;
}

std::string partial_file::sha256()
{
    flush();
    settle();
    return bitshares::to_hex(hash_.digest().data);
}

void partial_file::commit(bool with_checkpoint)
{
    flush();
    if (::fsync(file_) != 0)
        fail("cannot write");
    if (std::rename(partial_.c_str(), path_.c_str()) != 0)
        fail("cannot be put in place");
    committed_ = true;
    if (!with_checkpoint)
        ::unlink(checkpoint_.c_str()); // one of before is of another file
    sync_directory(directory_);
}

} // namespace exporter
