#include <bitshares/history/ledger_queries.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/history/reconciliation.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <memory>

using namespace bitshares;

namespace {

std::shared_ptr<testing::data_set> data_of(testing::recording const& recording)
{
    return std::make_shared<testing::data_set>(recording);
}

account_statistics_id statistics_of(account_id account)
{
    return account_statistics_id(account.instance);
}

} // namespace

TEST_CASE("integration/ledger: what a node tells is enough for every recorded account to add up")
{
    for (auto const* recording : {&recordings::main_chain(), &recordings::chain_c()})
    {
        testing::node const node(data_of(*recording));
        blocking_client client(node_url::from_string(node.url()).value(), websocket());
        ledger_parameters const parameters = read_ledger_parameters(client);
        CHECK(parameters.block_interval == 1);
        for (auto const& account : recording->accounts)
        {
            account_id const id = account_id::from_string(account.id).value();
            ledger books(id, parameters);
            reconciliation compare;
            std::vector<history_record> page;
            std::vector<ledger_row> rows;
            node_history history(client, id);
            while (history.next(page))
            {
                read_ticket_times(client, page, books.parameters());
                for (history_record const& record : page)
                {
                    REQUIRE(books.apply(record, rows).has_value());
                    compare.note(rows);
                    rows.clear();
                }
            }
            balance_snapshot const told = read_balances(client, id, statistics_of(id));
            CHECK(told.total_ops == account.total_ops);
            CHECK(!told.balances.empty());
            REQUIRE(books.advance(told.time, rows).has_value());
            compare.note(rows);
            for (auto const& d : compare.check(books, told.balances))
                FAIL_CHECK(account.name << ": " << d.asset_id << " is " << d.expected << " instead of " << d.got
                                        << (d.first ? ", block " + std::to_string(d.first->block_num) : "") << ' '
                                        << d.reason);
        }
    }
}

TEST_CASE("integration/ledger: parameters are those of the committee's decisions, from the maintenance behind each")
{
    testing::node const node(data_of(recordings::main_chain()));
    blocking_client client(node_url::from_string(node.url()).value(), websocket());
    auto const parameters = read_ledger_parameters(client);
    // Decided at 03:43:59; before it, no node tells.
    auto const time = [](char const* text) { return time_point_sec::from_string(text).value(); };
    for (auto const& before :
         {parameters.at(time("2026-11-21T03:43:59"), true), parameters.at(time("2026-11-21T03:44:00"), false)})
    {
        CHECK(before.assumed);
        CHECK(before.maker_fee_discount_percent == 0);
        CHECK(before.cancel_fee == 0);
    }
    auto const then = parameters.at(time("2026-11-21T03:44:00"), true);
    CHECK(!then.assumed);
    CHECK(then.maker_fee_discount_percent == 1'060);
    CHECK(then.create_fee == 500'000);
    CHECK(then.cancel_fee == 0);
    CHECK(then.update_fee == 75'000);
    CHECK(parameters.at(time("2026-11-22T00:00:00"), false) == then);
}

TEST_CASE("integration/ledger: a node that keeps the committee's newest operation only tells just what is now")
{
    testing::node_options options;
    options.on_request = [](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("get_relative_account_history") == frame.npos && frame.find("history_operations") == frame.npos)
            return std::nullopt;
        testing::node_reply reply;
        reply.frames.push_back("{\"id\":" + std::string(testing::member(frame, "id")) + ",\"result\":[]}");
        return reply;
    };
    testing::node const node(data_of(recordings::main_chain()), options);
    blocking_client client(node_url::from_string(node.url()).value(), websocket());
    auto const parameters = read_ledger_parameters(client);
    auto const time = [](char const* text) { return time_point_sec::from_string(text).value(); };
    CHECK(parameters.at(time("2026-11-21T03:50:00"), false).assumed);
    CHECK(!parameters.at(time("2026-11-23T00:00:00"), false).assumed);
    CHECK(parameters.at(time("2026-11-23T00:00:00"), false).maker_fee_discount_percent == 1'060);
}

TEST_CASE("integration/ledger: another head block is waited for, but not for ever")
{
    testing::node const node(data_of(recordings::main_chain()));
    blocking_client client(node_url::from_string(node.url()).value(), websocket());
    auto const first = read_balances(client, account_id(18), account_statistics_id(18), 1);
    auto const start = std::chrono::steady_clock::now();
    auto const second = read_balances(client, account_id(18), account_statistics_id(18), 1, first.head_block);
    auto const waited = std::chrono::steady_clock::now() - start;
    CHECK(waited >= std::chrono::milliseconds(1'900));
    CHECK(waited < std::chrono::seconds(8));
    CHECK(second.balances == first.balances);
    CHECK_THROWS_AS(read_balances(client, account_id(18), account_statistics_id(19), 1), exception);
}
