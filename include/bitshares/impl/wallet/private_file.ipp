#pragma once

#include <bitshares/wallet/private_file.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// A file descriptor that is closed, and a name that is taken away, unless they were given up.
struct open_file
{
    int descriptor = -1;
    std::string temporary;

    open_file() = default;
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;
    ~open_file()
    {
        if (descriptor >= 0)
            ::close(descriptor);
        if (!temporary.empty())
            ::unlink(temporary.c_str());
    }
};

inline bitshares::error file_failure(std::string const& path, char const* what, int code)
{
    return {errc::file_error, path + ": " + what + ": " + std::generic_category().message(code)};
}

} // namespace detail

BITSHARES_DECL result<secure_bytes> read_private_file(std::string const& path, std::size_t max_bytes,
                                                      file_access access)
{
    detail::open_file file;
    file.descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file.descriptor < 0)
        return detail::file_failure(path, "cannot be opened", errno);
    struct stat about = {};
    if (::fstat(file.descriptor, &about) != 0)
        return detail::file_failure(path, "cannot be read", errno);
    if (access == file_access::owner_only && S_ISREG(about.st_mode) && (about.st_mode & 077) != 0)
        return error(errc::file_not_private, path);
    secure_bytes data;
    for (;;)
    {
        std::size_t const had = data.size();
        // One byte more than is allowed, so that an excess is seen.
        std::size_t const room = std::min<std::size_t>(max_bytes - had + 1, 64 << 10);
        data.resize(had + room);
        ssize_t got = 0;
        do
            got = ::read(file.descriptor, data.data() + had, room);
        while (got < 0 && errno == EINTR);
        if (got < 0)
            return detail::file_failure(path, "cannot be read", errno);
        data.resize(had + static_cast<std::size_t>(got));
        if (got == 0)
            return data;
        if (data.size() > max_bytes)
            return error(errc::size_limit, path + ": more than " + std::to_string(max_bytes) + " bytes");
    }
}

BITSHARES_DECL result<void> write_private_file(std::string const& path, std::span<std::uint8_t const> data,
                                               existing_file existing)
{
    namespace fs = std::filesystem;
    std::error_code code;
    std::string place = path;
    if (fs::is_symlink(place, code))
        place = fs::weakly_canonical(place, code).string();
    auto const status = fs::status(place, code);
    if (fs::exists(status))
    {
        if (existing == existing_file::keep)
            return error(errc::file_exists, path);
        if (!fs::is_regular_file(status)) // /dev/null and directories cannot be replaced
            return error(errc::file_error, path + ": is no regular file");
    }
    fs::path const directory = fs::path(place).has_parent_path() ? fs::path(place).parent_path() : fs::path(".");

    detail::open_file file;
    std::string temporary = (directory / ".bts-XXXXXX").string(); // not a longer name than the file's own
    file.descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (file.descriptor < 0)
        return detail::file_failure(path, "cannot write into its directory", errno);
    file.temporary = temporary;
    if (::fchmod(file.descriptor, S_IRUSR | S_IWUSR) != 0)
        return detail::file_failure(path, "cannot be kept from others", errno);
    while (!data.empty())
    {
        ssize_t const put = ::write(file.descriptor, data.data(), data.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return detail::file_failure(path, "cannot be written", errno);
        data = data.subspan(static_cast<std::size_t>(put));
    }
    if (::fsync(file.descriptor) != 0)
        return detail::file_failure(path, "cannot be written", errno);
    int const descriptor = std::exchange(file.descriptor, -1);
    if (::close(descriptor) != 0)
        return detail::file_failure(path, "cannot be written", errno);
    if (existing == existing_file::keep)
    {
        // A rename would replace what appeared meanwhile; a link does not.
        if (::link(temporary.c_str(), place.c_str()) != 0)
            return errno == EEXIST ? error(errc::file_exists, path)
                                   : detail::file_failure(path, "cannot be put in place", errno);
        ::unlink(temporary.c_str());
    }
    else if (std::rename(temporary.c_str(), place.c_str()) != 0)
        return detail::file_failure(path, "cannot be put in place", errno);
    file.temporary.clear();
    int const folder = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return detail::file_failure(path, "its directory cannot be opened", errno);
    int const synced = ::fsync(folder);
    int const why = errno;
    ::close(folder);
    // Some file systems cannot sync a directory (EINVAL); they have done what they can.
    if (synced != 0 && why != EINVAL)
        return detail::file_failure(path, "its directory cannot be written", why);
    return {};
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
