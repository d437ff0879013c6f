#include "support/folder.hpp"

#include <bitshares/wallet/private_file.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bts = bitshares;
namespace fs = std::filesystem;
using bts::errc;

namespace {

bool ok(auto const& result)
{
    return result.has_value();
}

std::span<std::uint8_t const> as_bytes(std::string const& text)
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

std::string content(fs::path const& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

unsigned mode(fs::path const& file)
{
    struct stat about = {};
    REQUIRE(::stat(file.c_str(), &about) == 0);
    return about.st_mode & 07777;
}

std::string text_of(bts::secure_bytes const& data)
{
    return {reinterpret_cast<char const*>(data.data()), data.size()};
}

} // namespace

TEST_CASE("wallet/private_file: what is written is its owner's alone, and reads back")
{
    support::folder const folder;
    auto const path = folder.file("secret");
    mode_t const mask = ::umask(0); // whatever it is
    auto const written = bts::write_private_file(path, as_bytes("abc"));
    ::umask(mask);
    REQUIRE(ok(written));
    CHECK(mode(path) == 0600);
    CHECK(content(path) == "abc");
    CHECK(text_of(bts::read_private_file(path, 3).value()) == "abc");
    CHECK(bts::read_private_file(path, 2).error().code() == errc::size_limit);
    CHECK(folder.names() == "secret ");
}

TEST_CASE("wallet/private_file: an existing file stays unless it is to be replaced, and then it is as a whole")
{
    support::folder const folder;
    auto const path = folder.file("secret");
    REQUIRE(ok(bts::write_private_file(path, as_bytes("old"))));
    CHECK(bts::write_private_file(path, as_bytes("new")).error().code() == errc::file_exists);
    CHECK(content(path) == "old");
    ::chmod(path.c_str(), 0644); // what replaces it is private all the same
    REQUIRE(ok(bts::write_private_file(path, as_bytes("new"), bts::existing_file::replace)));
    CHECK(content(path) == "new");
    CHECK(mode(path) == 0600);
    CHECK(folder.names() == "secret ");
}

TEST_CASE("wallet/private_file: a file that others can read is refused, unless that is allowed")
{
    support::folder const folder;
    auto const path = folder.file("secret");
    REQUIRE(ok(bts::write_private_file(path, as_bytes("abc"))));
    for (unsigned const bits : {0640u, 0604u, 0620u, 0602u, 0601u, 0610u})
    {
        CAPTURE(bits);
        ::chmod(path.c_str(), static_cast<mode_t>(bits));
        auto const read = bts::read_private_file(path, 100);
        REQUIRE(!read);
        CHECK(read.error().code() == errc::file_not_private);
        CHECK(read.error().message().find("chmod 600") != std::string::npos);
        CHECK(text_of(bts::read_private_file(path, 100, bts::file_access::any).value()) == "abc");
    }
    ::chmod(path.c_str(), 0400);
    CHECK(ok(bts::read_private_file(path, 100)));
}

TEST_CASE("wallet/private_file: pipes are read to their end, whoever else has them")
{
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], "abc", 3) == 3);
    ::close(ends[1]);
    CHECK(text_of(bts::read_private_file("/dev/fd/" + std::to_string(ends[0]), 100).value()) == "abc");
    ::close(ends[0]);
}

TEST_CASE("wallet/private_file: where writing fails the old file stays, and nothing else does")
{
    support::folder const folder;
    auto const path = folder.file("secret");
    REQUIRE(ok(bts::write_private_file(path, as_bytes("old"))));

    rlimit before = {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    rlimit tight = before;
    tight.rlim_cur = 1000;
    auto const handler = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
    auto const full = bts::write_private_file(path, as_bytes(std::string(5000, 'x')), bts::existing_file::replace);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    REQUIRE(!full);
    CHECK(full.error().code() == errc::file_error);
    CHECK(full.error().detail().find(path) != std::string::npos);
    CHECK(content(path) == "old");
    CHECK(folder.names() == "secret ");

    CHECK(bts::write_private_file(folder.file("no/such"), as_bytes("x")).error().code() == errc::file_error);
    CHECK(bts::write_private_file(folder.path(), as_bytes("x"), bts::existing_file::replace).error().code() ==
          errc::file_error);
    CHECK(bts::read_private_file(folder.file("none"), 10).error().code() == errc::file_error);
}

TEST_CASE("wallet/private_file: a symbolic link stays one, and what it points to is replaced")
{
    support::folder const folder;
    auto const path = folder.file("secret");
    auto const link = folder.file("link");
    REQUIRE(ok(bts::write_private_file(path, as_bytes("old"))));
    fs::create_symlink("secret", link);
    CHECK(bts::write_private_file(link, as_bytes("new")).error().code() == errc::file_exists);
    REQUIRE(ok(bts::write_private_file(link, as_bytes("new"), bts::existing_file::replace)));
    CHECK(fs::is_symlink(link));
    CHECK(content(path) == "new");
}

TEST_CASE("wallet/private_file: a process that is killed while it writes leaves the old file or the new one")
{
    support::folder const folder;
    auto const path = folder.file("secret");
    std::string const old_text(200'000, 'o');
    std::string const new_text(300'000, 'n');
    REQUIRE(ok(bts::write_private_file(path, as_bytes(old_text))));
    unsigned news = 0;
    for (unsigned round = 0; round < 30; ++round)
    {
        int ready[2];
        REQUIRE(::pipe(ready) == 0);
        pid_t const child = ::fork();
        if (child == 0)
        {
            static_cast<void>(::write(ready[1], "x", 1) == 1);
            for (bool odd = true;; odd = !odd)
                if (!bts::write_private_file(path, as_bytes(odd ? new_text : old_text), bts::existing_file::replace))
                    ::_exit(1);
        }
        char byte = 0;
        REQUIRE(::read(ready[0], &byte, 1) == 1);
        ::usleep(200 * round);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(ready[0]);
        ::close(ready[1]);
        auto const now = content(path);
        CHECK((now == old_text || now == new_text));
        news += now == new_text ? 1u : 0u;
        CHECK(mode(path) == 0600);
    }
    MESSAGE("the new one in " << news << " of 30 rounds");
}
