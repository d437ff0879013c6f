#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects.hpp>
#include <bitshares/testing/data_set.hpp>
#include <bitshares/testing/json_text.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

using namespace bitshares::testing;

namespace {

std::string row(account_history const& history, std::uint64_t index)
{
    std::string out;
    history.append(out, index);
    return out;
}

} // namespace

TEST_CASE("testing/data_set: a synthetic history is the same each time, ascends, and is what it says of itself")
{
    synthetic_history const one("1.2.1000000", 100'000);
    synthetic_history const other("1.2.1000000", 1'000'000);
    CHECK(one.size() == 100'000);
    std::size_t transfers = 0;
    std::size_t fills = 0;
    std::size_t memos = 0;
    for (std::uint64_t i = 0; i < 2'000; ++i)
    {
        auto const op = read_recorded_operation(row(one, i)).value();
        CHECK(op.json == row(other, i));
        CHECK(op.id == one.id(i));
        CHECK(op.time == one.time(i));
        CHECK(op.tag == one.tag(i));
        if (i > 0)
        {
            CHECK(one.id(i) > one.id(i - 1));
            CHECK(one.time(i) >= one.time(i - 1));
        }
        CHECK(op.json.find("\"1.2.1000000\"") != std::string::npos);
        transfers += op.tag == 0;
        fills += op.tag == 4;
        memos += op.json.find("\"memo\":{") != std::string::npos;
        auto const members = object_members(op.json).value();
        REQUIRE(members.size() == 9);
        CHECK(unsigned_value(members[3].second) == 1000 + i / 3);
    }
    CHECK(transfers == 1'600);
    CHECK(fills == 400);
    CHECK(memos == 300);
    CHECK(row(one, 0) != row(one, 20));
}

TEST_CASE("testing/data_set: synthetic entries and objects are printed as a node prints them")
{
    data_set data;
    std::string const id = data.add_synthetic_account("big", 1'000);
    auto const strict = bitshares::json_options{.mode = bitshares::json_mode::strict};
    for (std::uint64_t i = 0; i < 1'000; ++i)
    {
        std::string const text = row(*data.history(id), i);
        auto const entry = bitshares::from_json<bitshares::operation_history_object>(text, strict);
        REQUIRE_MESSAGE(entry.has_value(), entry.error().message());
        CHECK(bitshares::to_json(*entry) == text);
    }
    auto const account = bitshares::from_json<bitshares::account_object>(*data.object(id), strict);
    REQUIRE_MESSAGE(account.has_value(), account.error().message());
    CHECK(bitshares::to_json(*account) == *data.object(id));
    auto const asset = bitshares::from_json<bitshares::asset_object>(*data.object("1.3.1"), strict);
    REQUIRE_MESSAGE(asset.has_value(), asset.error().message());
    CHECK(bitshares::to_json(*asset) == *data.object("1.3.1"));
}

TEST_CASE("testing/data_set: a synthetic account comes with its statistics, its accounts and its assets")
{
    data_set data;
    std::string const id = data.add_synthetic_account("big", 5'000'000'000);
    CHECK(data.add_synthetic_account("other", 1) != id);
    CHECK(*data.account_id("big") == id);
    CHECK(member(*data.object(id), "name") == "\"big\"");
    CHECK(member(*data.object("2.6." + id.substr(4)), "total_ops") == "\"5000000000\"");
    CHECK(data.history(id)->size() == 5'000'000'000);
    for (std::uint64_t i = 0; i < 40; ++i)
        for (auto const* const name : {"from", "to"})
            if (auto const party =
                    string_value(member(array_items(member(row(*data.history(id), i), "op")).value()[1], name)))
                CHECK(data.object(*party) != nullptr);
    CHECK(data.extended_asset("1.3.0") != nullptr);
    CHECK(data.extended_asset("1.3.1") != nullptr);
}

TEST_CASE("testing/data_set: recorded accounts and assets stay what they are beside a synthetic account")
{
    data_set data(recordings::main_chain());
    std::string const core = *data.extended_asset("1.3.0");
    data.add_synthetic_account("big", 10);
    CHECK(*data.extended_asset("1.3.0") == core);
    CHECK(member(*data.object("1.3.1"), "symbol") == "\"GOLDCOIN\"");
    CHECK(*data.account_id("exporter-alice") == "1.2.18");
}

TEST_CASE("testing/data_set: answers are found by any spelling of their arguments")
{
    data_set data;
    data.add_answer("database", "get_ticker", R"(["BTS",{"b":1,"a":2}])", {"5"});
    REQUIRE(data.answer("database", "get_ticker", "[ \"BTS\" , {\"a\":2,\"b\":1} ]") != nullptr);
    CHECK(data.answer("database", "get_ticker", "[\"BTS\"]") == nullptr);
    CHECK(data.answer("history", "get_ticker", R"(["BTS",{"b":1,"a":2}])") == nullptr);
    CHECK(data.has_method("database", "get_ticker"));
    CHECK_FALSE(data.has_method("database", "get_order_book"));
}

TEST_CASE("testing/data_set: the configuration is the one that nodes have by default")
{
    data_set data;
    auto const whole = recordings::main_data();
    REQUIRE(whole->answer("login", "get_config", "[]") != nullptr);
    CHECK(data.config() == whole->answer("login", "get_config", "[]")->json);

    data.set_limit("api_limit_get_account_history", 7);
    CHECK(data.limit("api_limit_get_account_history") == 7);
    CHECK(data.config().find("\"api_limit_get_account_history\":7,") != std::string::npos);
    data.remove_config();
    CHECK(data.config().empty());
    CHECK(data.limit("api_limit_get_account_history") == 100);
}

TEST_CASE("testing/data_set: histories can end before the recording does")
{
    data_set const before(recordings::main_chain(), 1374);
    CHECK(before.history("1.2.18")->size() < recordings::main_data()->history("1.2.18")->size());
    CHECK(before.history("1.2.18")->id(before.history("1.2.18")->size() - 1) == 1361);
    CHECK(before.operations.back().id == 1374);
}
