#include <bitshares/protocol/names.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace bitshares;

TEST_CASE("protocol/names: account names")
{
    for (char const* name : {"a", "alice", "a1", "a-1", "a--b", "alice.bob", "x.y.z", "bts-1.a2-b3"})
        CHECK_MESSAGE(is_account_name(name), name);
    CHECK(is_account_name(std::string(63, 'a')));
    for (char const* name : {"", "1", "1a", "-a", "a-", "A", "a.", ".a", "a..b", "a.1", "a b", "a_b", "ä", "a.b-"})
        CHECK_FALSE_MESSAGE(is_account_name(name), name);
    CHECK_FALSE(is_account_name(std::string(64, 'a')));
    CHECK_FALSE(is_account_name(std::string_view("a\0b", 3)));
}

TEST_CASE("protocol/names: cheap names have a digit, a sign or no vowel")
{
    for (char const* name : {"bcd", "alice-1", "alice1", "a.b", "a/b", "x"})
        CHECK_MESSAGE(is_cheap_account_name(name), name);
    for (char const* name : {"alice", "xyz", "bob"})
        CHECK_FALSE_MESSAGE(is_cheap_account_name(name), name);
}

TEST_CASE("protocol/names: symbols of assets")
{
    for (char const* symbol : {"BTS", "USD", "A.B", "GOLD2", "ABCDEFGHIJKLMNOP", "B1T", "ABIT"})
        CHECK_MESSAGE(is_asset_symbol(symbol), symbol);
    for (char const* symbol :
         {"", "AB", "ABCDEFGHIJKLMNOPQ", "usd", "1AB", ".AB", "AB.", "A.B.C", "A-B", "A B", "BITUSD", "BIT", "ÄBC"})
        CHECK_FALSE_MESSAGE(is_asset_symbol(symbol), symbol);
}
