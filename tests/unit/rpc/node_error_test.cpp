#include <bitshares/rpc/node_error.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

reply<std::uint32_t> refused()
{
    return node_error(10, "Assert Exception: amount > 0", "assert_exception", R"([{"format":"x"}])");
}

} // namespace

TEST_CASE("rpc/node_error: keeps code, words, name and stack; nothing where the node tells nothing")
{
    node_error const e = refused().error();
    CHECK(e.code() == 10);
    CHECK(e.message() == "Assert Exception: amount > 0");
    CHECK(e.name() == "assert_exception");
    CHECK(e.stack_json() == R"([{"format":"x"}])");
    node_error const short_one(-32601, "no such method");
    CHECK(short_one.code() == -32601);
    CHECK(short_one.name().empty());
    CHECK(short_one.stack_json().empty());
    CHECK(node_error() == node_error(0, ""));
    CHECK(node_error(std::int64_t{1} << 40, "x").code() == std::int64_t{1} << 40);
}

TEST_CASE("rpc/node_error: each part tells two errors apart")
{
    node_error const e(1, "m", "n", "[]");
    CHECK(e == node_error(1, "m", "n", "[]"));
    CHECK(e != node_error(2, "m", "n", "[]"));
    CHECK(e != node_error(1, "", "n", "[]"));
    CHECK(e != node_error(1, "m", "", "[]"));
    CHECK(e != node_error(1, "m", "n"));
}

TEST_CASE("rpc/node_error: value() throws what the node said")
{
    CHECK(!refused());
    try
    {
        (void)refused().value();
        FAIL("no exception");
    }
    catch (node_refused const& e)
    {
        CHECK(e.error() == refused().error());
        CHECK(e.what() == refused().error().message());
    }
    CHECK_THROWS_AS(reply<void>(node_error(3, "no")).value(), std::runtime_error);
    CHECK_THROWS_WITH(reply<std::string>(node_error(3, "no")).value(), "no");
}

TEST_CASE("rpc/node_error: a reply holds any value, also integers, texts and nothing")
{
    CHECK(*reply<std::uint32_t>(7u) == 7);
    CHECK(*reply<std::int64_t>(std::int64_t{10}) == 10); // not taken for an error's code
    CHECK(reply<std::string>(std::string("text")).value() == "text");
    CHECK(reply<std::vector<int>>(std::vector{1, 2}).value().size() == 2);
    CHECK(reply<void>().has_value());
    CHECK_NOTHROW(reply<void>().value());
}

TEST_CASE("rpc/node_error: a refusal for a node's own limit is told from others")
{
    for (char const* const message :
         {"Assert Exception: limit <= configured_limit: limit can not be greater than 101",
          "Assert Exception: names_or_ids.size() <= configured_limit: Number of querying accounts can not be greater "
          "than 50",
          "Assert Exception: limit <= 100: ", "Assert Exception: limit <= api_limit_get_asset_holders: "})
    {
        CAPTURE(message);
        CHECK(is_limit_refusal({10, message}));
        CHECK_FALSE(is_limit_refusal({3030000, message}));
    }
    for (char const* const message :
         {"Assert Exception: from.balance >= amount: insufficient balance",
          "Assert Exception: limit > 0: ", "Assert Exception: is_authorized: whitelisted: transfer is restricted", ""})
        CHECK_FALSE(is_limit_refusal({10, message}));
}
