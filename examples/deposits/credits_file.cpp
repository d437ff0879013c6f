#include "credits_file.hpp"

#include <common/output_file.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace deposits {

namespace {

constexpr std::string_view credit_begin = "{\"credit\":\"";
constexpr std::string_view cursor_begin = "{\"cursor\":\"";
constexpr std::uint64_t passed_at_most = 100; // operations that are no deposits and would be read again

[[noreturn]] void fail(std::string const& path, char const* what)
{
    throw program::file_failure(errno, std::generic_category(), path + ": " + what);
}

} // namespace

std::string to_string(position const& p)
{
    return std::to_string(p.block) + '.' + std::to_string(p.transaction) + '.' + std::to_string(p.operation) + '.' +
           std::to_string(p.virtual_operation);
}

std::optional<position> read_position(std::string_view text)
{
    std::array<std::uint32_t, 4> parts{};
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), parts[i]);
        if (ec != std::errc())
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (i + 1 < parts.size())
        {
            if (text.empty() || text[0] != '.')
                return std::nullopt;
            text.remove_prefix(1);
        }
    }
    return text.empty() ? std::optional(position{parts[0], parts[1], parts[2], parts[3]}) : std::nullopt;
}

credits_file::credits_file(std::string path) : path_(std::move(path))
{
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0)
        fail(path_, "cannot be opened");
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0)
    {
        int const error = errno;
        ::close(file_);
        errno = error;
        fail(path_, "another process writes it");
    }
    try
    {
        read();
        synchronise();
    }
    catch (...)
    {
        ::close(file_);
        throw;
    }
}

credits_file::~credits_file()
{
    ::close(file_);
}

void credits_file::read()
{
    std::string line, part(1 << 16, '\0');
    ::off_t whole = 0; // bytes of whole lines
    std::uint64_t number = 0;
    for (;;)
    {
        ::ssize_t const got = ::read(file_, part.data(), part.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fail(path_, "cannot be read");
        if (got == 0)
            break;
        for (char const c : std::string_view(part).substr(0, static_cast<std::size_t>(got)))
        {
            if (c != '\n')
            {
                line.push_back(c);
                continue;
            }
            ++number;
            bool const credit = line.starts_with(credit_begin);
            std::string_view at = std::string_view(line).substr(std::min(line.size(), credit_begin.size()));
            at = at.substr(0, at.find('"'));
            auto const found = credit || line.starts_with(cursor_begin) ? read_position(at) : std::nullopt;
            if (!found || !line.ends_with('}') || (cursor_ && *found <= *cursor_))
                throw std::runtime_error(path_ + ": line " + std::to_string(number) +
                                         " is not what this program wrote");
            cursor_ = *found;
            credits_ += credit;
            whole += static_cast<::off_t>(line.size()) + 1;
            line.clear();
        }
    }
    if (!line.empty() && ::ftruncate(file_, whole) != 0)
        fail(path_, "cannot be cut behind its last whole line");
}

// What was read is relied upon, and was perhaps in memory only when whoever wrote it was killed; nor is a new file on the
// disk before its folder is.
void credits_file::synchronise()
{
    if (::fsync(file_) != 0)
        fail(path_, "cannot be brought to the disk");
    std::size_t const name = path_.find_last_of('/') + 1; // 0 where there is no folder in the path
    std::string const parent = name == 0 ? "." : path_.substr(0, name);
    int const folder = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool const done = folder >= 0 && ::fsync(folder) == 0;
    int const error = errno;
    if (folder >= 0)
        ::close(folder);
    errno = error;
    if (!done)
        fail(path_, "its folder cannot be brought to the disk");
}

void credits_file::add(position const& at, std::string const& json)
{
    buffer_.append(credit_begin).append(to_string(at)).append("\",").append(json.substr(1)).push_back('\n');
    cursor_ = at;
    ++credits_;
    passed_.reset();
    passed_count_ = 0;
}

void credits_file::pass(position const& at)
{
    passed_ = at;
    ++passed_count_;
}

void credits_file::commit()
{
    if (passed_ && passed_count_ >= passed_at_most)
    {
        buffer_.append(cursor_begin).append(to_string(*passed_)).append("\"}\n");
        cursor_ = *passed_;
        passed_.reset();
        passed_count_ = 0;
    }
    std::string_view left = buffer_;
    if (left.empty())
        return;
    while (!left.empty())
    {
        ::ssize_t const put = ::write(file_, left.data(), left.size());
        if (put < 0 && errno != EINTR)
            fail(path_, "cannot be written");
        if (put > 0)
            left.remove_prefix(static_cast<std::size_t>(put));
    }
    if (::fdatasync(file_) != 0)
        fail(path_, "cannot be brought to the disk");
    buffer_.clear();
}

} // namespace deposits
