#include <bitshares/base/error.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace bts = bitshares;
using bts::errc;

namespace {

constexpr int first_code = 1;
constexpr int last_code = static_cast<int>(errc::wrong_memo_key);

} // namespace

TEST_CASE("base/error: every enumerator has a name and a message of its own")
{
    std::set<std::string> names, messages;
    for (int code = first_code; code <= last_code; ++code)
    {
        CAPTURE(code);
        std::string const name = bts::name(static_cast<errc>(code));
        CHECK(name != "unknown");
        CHECK(names.insert(name).second);
        CHECK(messages.insert(bts::client_category().message(code)).second);
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos);
    }
    CHECK(bts::name(errc::unknown_member) == std::string("unknown_member"));
    CHECK(bts::name(static_cast<errc>(last_code + 1)) == std::string("unknown"));
    CHECK(bts::name(static_cast<errc>(0)) == std::string("unknown"));
}

TEST_CASE("base/error: an enumerator is an error code of the library's category")
{
    bts::error_code const code = errc::timed_out;
    CHECK(code.category() == bts::client_category());
    CHECK(code.category().name() == std::string("bitshares"));
    CHECK(code == errc::timed_out);
    CHECK(code != errc::cancelled);
    CHECK(code.failed());
}

TEST_CASE("base/error: the message says what, where and which")
{
    bts::error const bare(errc::invalid_hex);
    CHECK(bare.message() == bare.code().message());
    bts::error const whole(errc::invalid_hex, "the details", "/a/0");
    CHECK(whole.message() == bare.message() + " at /a/0: the details");
    CHECK(whole.detail() == "the details");
    CHECK(whole.path() == "/a/0");
    CHECK_FALSE(bts::error().code().failed());
}
