#include <bitshares/history/node_history.hpp>
#include <bitshares/protocol/json.hpp>
#include <support/fake_transport.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares;

namespace {

struct call_frame
{
    std::uint64_t id = 0;
    std::vector<raw_json> params;

    BITSHARES_FIELDS((id), (params))
};

/// A node with an account of `size` transfers; replies of a page come in any order, as the calls do.
struct small_node
{
    explicit small_node(std::uint64_t operations) : size(operations)
    {
        network.node = [this](std::string const& frame) { return answer(frame); };
    }

    std::vector<std::string> answer(std::string const& frame)
    {
        auto const call = from_json<call_frame>(frame).value();
        std::string const method = call.params.at(1).text;
        auto const arguments = from_json<std::vector<raw_json>>(call.params.at(2).text).value();
        std::string const head = "{\"id\":" + std::to_string(call.id) + ",\"result\":";
        if (method == "\"get_chain_id\"")
            return {head + "\"" + std::string(64, '1') + "\"}"};
        if (method == "\"get_dynamic_global_properties\"")
            return {head + R"({"head_block_number":70,"time":"2026-01-01T00:00:00",)"
                           R"("next_maintenance_time":"2026-01-01T01:00:00","last_irreversible_block_num":55}})"};
        if (method == "\"get_block_header\"")
            return {head + "null}"};
        if (method == "\"get_config\"")
            return {head + R"({"api_limit_get_relative_account_history":10,"api_limit_get_account_history":10}})"};
        if (method == "\"get_objects\"")
            return {head + "[{\"id\":\"2.6.18\",\"owner\":\"" + owner + "\",\"total_ops\":" + std::to_string(size) +
                    ",\"removed_ops\":" + std::to_string(removed) + "}]}"};
        if (method != "\"get_relative_account_history\"" || silent)
            return {};
        if (++pages == broken_page)
            return {"no JSON"}; // the client gives this connection up
        auto const number = [&arguments](std::size_t i) { return std::stoull(arguments.at(i).text); };
        std::string rows;
        std::uint64_t const stop = number(1), limit = number(2), start = number(3);
        for (std::uint64_t s = std::min(start, size), n = 0; s >= stop && s > removed && n < limit; --s, ++n)
            if (s != lost)
                rows += (rows.empty() ? "" : ",") + row(s);
        return {head + "[" + rows + "]}"};
    }

    static std::string row(std::uint64_t s)
    {
        return "{\"id\":\"1.11." + std::to_string(s * 3) +
               R"(","op":[0,{"fee":{"amount":1,"asset_id":"1.3.0"},"from":"1.2.18","to":"1.2.19","amount":{"amount":)" +
               std::to_string(s) + R"(,"asset_id":"1.3.0"},"extensions":[]}],"result":[0,{}],"block_num":)" +
               std::to_string(s) +
               R"(,"trx_in_block":0,"op_in_trx":0,"virtual_op":0,"is_virtual":false,"block_time":"2026-11-21T03:53:49"})";
    }

    std::uint64_t size;
    std::string owner = "1.2.18";
    std::uint64_t removed = 0;
    std::uint64_t lost = 0;
    std::uint64_t broken_page = 0;
    std::uint64_t pages = 0;
    bool silent = false;
    bitshares_test::fake_network network;
};

blocking_client connect(small_node& node, client_options options = {})
{
    return blocking_client(node_url("ws://127.0.0.1:1"), node.network.factory(), std::move(options));
}

} // namespace

TEST_CASE("history/node_history: a range for sees every operation once")
{
    small_node node(1003);
    auto client = connect(node);
    std::uint64_t sequence = 0;
    for (auto const& record : node_history(client, account_id(18), {.requests_in_flight = 8}))
    {
        REQUIRE(record.sequence == ++sequence);
        REQUIRE(record.op.get_if<transfer>()->amount.amount == static_cast<std::int64_t>(sequence));
    }
    CHECK(sequence == 1003);
    CHECK(node.pages >= 101);
}

TEST_CASE("history/node_history: two histories of one client, each walked by a thread of its own")
{
    small_node node(500);
    auto client = connect(node);
    std::atomic<std::uint64_t> rows = 0;
    auto const walk = [&client, &rows](history_order order) {
        for (auto const& record : node_history(client, account_id(18), {.order = order}))
            rows += record.sequence != 0 ? 1 : 0;
    };
    std::thread other(walk, history_order::newest_first);
    walk(history_order::oldest_first);
    other.join();
    CHECK(rows == 1000);
}

TEST_CASE("history/node_history: it may be left in the middle, or before the beginning")
{
    small_node node(500);
    auto client = connect(node);
    for (int i = 0; i < 20; ++i)
        node_history const unread(client, account_id(18));
    node_history history(client, account_id(18));
    std::vector<history_record> page;
    REQUIRE(history.next(page));
    CHECK(page.size() == 10);
    CHECK(history.count().total == 500);
    CHECK(history.expected() == 500);
    CHECK(history.checked() == 10);
}

TEST_CASE("history/node_history: a missing operation is an exception that names it, and stays one")
{
    small_node node(500);
    node.lost = 333;
    auto client = connect(node);
    node_history history(client, account_id(18));
    std::vector<history_record> page;
    std::uint64_t rows = 0;
    auto const read = [&] {
        while (history.next(page))
            rows += page.size();
    };
    CHECK_THROWS_WITH_AS(read(), doctest::Contains("number 33"), exception);
    CHECK_THROWS_AS(read(), exception);
    CHECK(rows <= 330);
}

TEST_CASE(
    "history/node_history: an answer that is none ends it; one that does not come ends with the deadline or the client")
{
    small_node node(500);
    node.broken_page = 7;
    auto client = connect(node);
    std::vector<history_record> page;
    {
        node_history history(client, account_id(18));
        CHECK_THROWS_AS(
            [&] {
                while (history.next(page))
                {
                }
            }(),
            exception);
    }
    small_node mute(500);
    mute.silent = true;
    auto waiting = connect(mute, client_options().deadline(std::chrono::milliseconds(50)));
    node_history slow(waiting, account_id(18));
    CHECK_THROWS_AS(slow.next(page), exception);

    auto closed = connect(mute);
    std::thread closer([&closed] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        closed.close();
    });
    node_history history(closed, account_id(18));
    CHECK_THROWS_AS(history.next(page), exception);
    closer.join();
}

TEST_CASE("history/node_history: over a pool the whole history comes, wherever the node stands that has all of it")
{
    // Those that forgot say so, or have a hole that no count tells of, or have no plugin for histories.
    for (int const kind : {0, 1, 2})
        for (int const full : {0, 1, 2})
        {
            CAPTURE(kind);
            CAPTURE(full);
            small_node whole(95), part(95);
            part.removed = kind == 0 ? 40 : 0;
            part.lost = kind == 1 ? 33 : 0;
            part.size = kind == 2 ? 0 : 95;
            bitshares_test::fake_networks networks;
            std::vector<node_url> urls;
            std::mutex one; // both nodes count
            for (int i = 0; i < 3; ++i)
            {
                std::string const host(1, static_cast<char>('a' + i));
                urls.emplace_back("ws://" + host + "/ws");
                networks.nodes[host].node = [&one, &from = i == full ? whole : part](std::string const& frame) {
                    std::lock_guard const lock(one);
                    return from.answer(frame);
                };
            }
            blocking_client client(urls, networks.factory(), client_options().deadline(std::chrono::seconds(20)));
            node_history history(client, account_id(18), {});
            std::uint64_t next = 1;
            for (auto const& record : history)
                CHECK(record.sequence == next++);
            CHECK(next == 96);
            CHECK(history.count().total == 95);
            CHECK(history.count().removed == 0);
        }
}

TEST_CASE("history/node_history: another account's statistics are no empty history")
{
    small_node node(0);
    node.owner = "1.2.19";
    auto client = connect(node);
    node_history history(client, account_id(18));
    std::vector<history_record> page;
    try
    {
        history.next(page);
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::invalid_reply);
        CHECK(std::string(e.what()).find("1.2.19's instead of 1.2.18's") != std::string::npos);
    }
}
