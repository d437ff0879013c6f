// Quorum reads of a pool over fake connections; what decides them is tested in quorum_test.cpp.

#include "support/fake_transport.hpp"

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/node_pool.hpp>
#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/rpc/method.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;

namespace {

constexpr method<std::string(std::string)> echo{"database", "echo"};

std::string hex_of(std::uint32_t number)
{
    char text[9];
    std::snprintf(text, sizeof text, "%08x", number);
    return text;
}

/// A node whose head and words the test decides.
struct told
{
    std::uint32_t head = 7;
    std::string fork = "00"; ///< The last byte of its head's id.
    std::string result = "\"x\"";
    std::string error; ///< In place of it.
    char chain = '1';
    bool silent = false; ///< It does not answer what it is asked, but for what the pool asks.
    std::function<void()> asked = [] {};

    std::vector<std::string> operator()(std::string const& frame)
    {
        std::string const id = R"({"id":)" + id_of(frame);
        if (frame.find("get_chain_id") != std::string::npos)
            return {id + R"(,"result":")" + std::string(64, chain) + "\"}"};
        if (frame.find("get_dynamic_global_properties") != std::string::npos)
            return {id + R"(,"result":{"head_block_number":)" + std::to_string(head) + R"(,"head_block_id":")" +
                    hex_of(head) + std::string(30, '0') + fork +
                    R"(","time":"2026-01-01T00:00:00","next_maintenance_time":"2026-01-01T01:00:00"}})"};
        asked();
        if (silent)
            return {};
        return {id + (error.empty() ? R"(,"result":)" + result : R"(,"error":)" + error) + "}"};
    }
};

chain_id_type ones()
{
    chain_id_type chain;
    chain.data.fill(0x11);
    return chain;
}

/// Nodes a, b, c ... of one chain, and a pool of them.
struct world
{
    explicit world(std::size_t count = 3) : nodes(count)
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            std::string const host(1, static_cast<char>('a' + i));
            networks.nodes[host].node = [this, i](std::string const& frame) { return nodes[i](frame); };
            urls.emplace_back("ws://" + host + "/ws");
        }
    }

    node_pool& pool(client_options options = client_options().chain_id(ones()), pool_options const& p = {})
    {
        return made.emplace(io.get_executor(), urls, networks.factory(), std::move(options), p,
                            [this](pool_event const& e) {
                                events.push_back(e);
                                on_event(e);
                            });
    }

    fake_network& network(std::size_t i) { return networks.nodes[std::string(1, static_cast<char>('a' + i))]; }

    /// Runs until it holds.
    template <class Condition>
    void until(Condition const& holds, std::chrono::milliseconds longest = 20s)
    {
        auto const end = std::chrono::steady_clock::now() + longest;
        while (!holds() && std::chrono::steady_clock::now() < end)
            io.run_one_until(end);
        CHECK(holds());
    }

    bool said(std::string const& text) const
    {
        return std::any_of(events.begin(), events.end(),
                           [&](pool_event const& e) { return e.why.find(text) != std::string::npos; });
    }

    fake_networks networks;
    std::vector<told> nodes;
    std::vector<node_url> urls;
    asio::io_context io;
    std::vector<pool_event> events;
    std::function<void(pool_event const&)> on_event = [](pool_event const&) {};
    std::optional<node_pool> made;
};

/// How a read ended.
template <class R>
struct ending
{
    int times = 0;
    error_code ec;
    std::string detail;
    std::optional<node_error> refusal;
    quorum_answer<R> answer;

    auto handler()
    {
        return [this](error_code code, reply<quorum_answer<R>> r) {
            ++times;
            ec = code;
            if (code)
                detail = r.error().message();
            else if (!r)
                refusal = r.error();
            else
                answer = std::move(*r);
        };
    }
    bool over() const { return times != 0; }

    /// Hosts.
    static std::string names(std::vector<node_url> const& urls)
    {
        std::string all;
        for (node_url const& url : urls)
            all += url.host();
        std::sort(all.begin(), all.end());
        return all;
    }
    std::string agreed() const { return names(answer.agreed); }
    std::string deviated() const { return names(answer.deviated); }
};

pool_options quick()
{
    pool_options options;
    options.connect_stagger = 1ms;
    return options;
}

/// Waits for all that may be named, also on a machine that is busy.
quorum_options patient()
{
    quorum_options options;
    options.linger = 4s;
    return options;
}

quorum_options of(std::size_t nodes, std::size_t agree)
{
    quorum_options options = patient();
    options.nodes = nodes;
    options.agree = agree;
    return options;
}

} // namespace

TEST_CASE("net/node_pool: a quorum read names who agreed at which block, and who deviates is marked")
{
    world w;
    w.nodes[2].result = "\"a lie\"";
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    ending<std::string> e;
    pool.async_quorum(echo("x"), patient(), e.handler());
    CHECK(!e.over()); // never inside the function that begins it
    w.until([&] { return e.over(); });
    CHECK(!e.ec);
    CHECK(e.answer.value == "x");
    CHECK(e.answer.block_num == 7);
    CHECK(e.answer.block_id.data[3] == 7);
    CHECK(e.agreed() == "ab");
    CHECK(e.deviated() == "c");
    auto const status = pool.status();
    CHECK(status[2].deviations == 1);
    CHECK(status[2].last_error == "echo: another answer than that of 2 nodes at block 7");
    CHECK(status[0].deviations == 0);
    CHECK(status[0].answers == 3); // a head, the answer, a head
    CHECK(pool.counts().calls == 0);
    w.until([&] { return w.said("deviates: echo"); });
}

TEST_CASE("net/node_pool: the first node gives its place up when it deviates, and does not get it back at once")
{
    world w;
    pool_options options = quick();
    options.probe_live = 5ms; // it would be quicker many times
    options.switch_advantage = -1000;
    node_pool& pool = w.pool(client_options().chain_id(ones()), options);
    pool.open();
    w.until([&] { return pool.primary().has_value(); });
    std::size_t const first = *pool.primary();
    w.nodes[first].result = "\"a lie\"";
    ending<std::string> e;
    pool.async_quorum(echo("x"), patient(), e.handler());
    w.until([&] { return e.over(); });
    CHECK(e.deviated() == std::string(1, static_cast<char>('a' + first)));
    REQUIRE(pool.primary());
    CHECK(*pool.primary() != first);
    w.until([&] { return w.said("the one before deviates"); });
    std::size_t probes = w.network(first).written.size() + 20;
    w.until([&] {
        CHECK(pool.primary() != first);
        return w.network(first).written.size() > probes || pool.status()[first].state == node_state::idle;
    });
}

TEST_CASE("net/node_pool: a quorum read connects to as many nodes as it needs, which are let go some time later")
{
    world w(6);
    pool_options options = quick();
    options.extra_live = 60ms;
    options.probe_live = 10ms;
    options.max_live = 1;
    node_pool& pool = w.pool(client_options().chain_id(ones()), options);
    auto const live = [&] {
        auto const all = pool.status();
        return std::count_if(all.begin(), all.end(), [](node_status const& s) { return s.state == node_state::live; });
    };
    pool.open();
    w.until([&] { return live() == 1; });
    for (int i = 0; i < 2; ++i)
    {
        ending<std::string> e;
        pool.async_quorum(echo("x"), of(5, 4), e.handler());
        w.until([&] { return e.over(); });
        CHECK(!e.ec);
        CHECK(e.answer.agreed.size() >= 4);
        CHECK(live() >= 4); // not one connect for each of several reads
    }
    w.until([&] { return live() == 1 && w.said("not needed any longer"); }); // it is told a moment later
}

TEST_CASE("net/node_pool: nodes with different heads are asked until they have the same")
{
    world w;
    w.nodes[1].head = 8;
    w.nodes[2].fork = "ff"; // block 7, too, but another
    int questions = 0;
    for (told& node : w.nodes)
        node.asked = [&] {
            if (++questions == 3)
                w.nodes[0].head = 8; // it moves while it is asked, or right behind
        };
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    ending<std::string> e;
    pool.async_quorum(echo("x"), {}, e.handler());
    w.until([&] { return e.over(); });
    CHECK(!e.ec);
    CHECK(e.answer.block_num == 8);
    CHECK(e.agreed() == "ab");
    CHECK(e.deviated() == "");
    CHECK(pool.status()[2].deviations == 0);
}

TEST_CASE("net/node_pool: a quorum read compares values: what nodes print differently is the same")
{
    world w;
    w.nodes[0].result = R"({"amount":"5000000000","asset_id":"1.3.0"})";
    w.nodes[1].result = R"({ "asset_id" : "1.3.0", "amount" : 5000000000, "of_a_newer_version": 1 })";
    w.nodes[2].result = R"({"amount":"5000000001","asset_id":"1.3.0"})";
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    ending<asset> typed;
    pool.async_quorum(request<asset>("database", "worth", "[]"), patient(), typed.handler());
    w.until([&] { return typed.over(); });
    CHECK(typed.agreed() == "ab");
    CHECK(typed.deviated() == "c");
    CHECK(typed.answer.value.amount == 5'000'000'000);
    ending<raw_json> raw;
    w.nodes[1].result = R"({ "asset_id" : "1.3.0", "amount" : 5000000000 })";
    pool.async_quorum(request<raw_json>("database", "worth", "[]"), patient(), raw.handler());
    w.until([&] { return raw.over(); });
    CHECK(raw.agreed() == "ab");
    CHECK((raw.answer.value.text == w.nodes[0].result || raw.answer.value.text == w.nodes[1].result)); // as it came
}

TEST_CASE("net/node_pool: a refusal in which enough nodes agree is the answer")
{
    world w;
    for (std::size_t i = 0; i < 3; ++i)
        w.nodes[i].error = R"({"code":1,"message":"no )" + std::to_string(i) +
                           R"(","data":{"code":10,"name":"assert_exception","message":"Assert Exception","stack":[]}})";
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    ending<std::string> e;
    pool.async_quorum(echo("x"), {}, e.handler());
    w.until([&] { return e.over(); });
    CHECK(!e.ec);
    REQUIRE(e.refusal);
    CHECK(e.refusal->name() == "assert_exception");
}

TEST_CASE("net/node_pool: a node that dies in the middle of a quorum read is replaced")
{
    world w(4);
    w.nodes[3].result = "\"y\""; // so that it cannot agree without the one that takes the place
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    std::size_t dead = 0;
    for (std::size_t const i : {0u, 1u, 2u})
        w.nodes[i].asked = [&w, &dead, i] {
            if (dead++ == 0)
            {
                w.network(i).connect_result = errc::connection_closed;
                w.network(i).current->fail(errc::connection_closed);
            }
        };
    ending<std::string> e;
    pool.async_quorum(echo("x"), patient(), e.handler());
    w.until([&] { return e.over(); });
    CHECK(!e.ec);
    CHECK(e.times == 1);
    CHECK(e.answer.value == "x");
    CHECK(e.agreed().size() == 2);
    CHECK(e.deviated() == "d");
}

TEST_CASE("net/node_pool: a node that is silent in a quorum read is left out after its time, and another asked")
{
    world w(4);
    quorum_options options = of(3, 3);
    options.node_timeout = 300ms;
    for (std::size_t i = 0; i < 3; ++i)
        w.nodes[i].asked = [&w, i] {
            for (std::size_t k = 0; k < 3; ++k)
                w.nodes[k].silent = w.nodes[k].silent || (k == i && k == 1);
        };
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    ending<std::string> e;
    pool.async_quorum(echo("x"), options, e.handler());
    w.until([&] { return e.over(); });
    CHECK(!e.ec);
    CHECK(e.agreed() == "acd");
    CHECK(pool.status()[1].last_error == "it did not answer within 300 ms");
}

TEST_CASE("net/node_pool: nodes that lack the method are not counted, and their places are others'")
{
    world w(5);
    for (std::size_t const i : {0u, 1u})
        w.nodes[i].error = R"({"code":-32601,"message":"Method not found"})";
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    ending<std::string> e;
    pool.async_quorum(echo("x"), of(3, 3), e.handler());
    w.until([&] { return e.over(); });
    CHECK(!e.ec);
    CHECK(e.agreed() == "cde");
    // So many that no quorum is left: there is nothing to wait for.
    for (told& node : w.nodes)
        node.error = R"({"code":-32601,"message":"Method not found"})";
    ending<std::string> none;
    auto const start = std::chrono::steady_clock::now();
    pool.async_quorum(request<std::string>("history", "first", "[]"), of(3, 2), none.handler());
    w.until([&] { return none.over(); });
    CHECK(none.ec == errc::no_quorum);
    CHECK(none.detail.find("ws://c/ws: Method not found") != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - start < 5s); // of ten
}

TEST_CASE("net/node_pool: without a quorum a read ends at its deadline, and tells what each node said")
{
    world w;
    for (std::size_t i = 0; i < 3; ++i)
        w.nodes[i].result = "\"" + std::to_string(i) + "\"";
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    ending<std::string> e;
    auto const start = std::chrono::steady_clock::now();
    pool.async_quorum(echo("x").deadline(2s), {}, e.handler());
    w.until([&] { return e.over(); });
    CHECK(std::chrono::steady_clock::now() - start >= 2s);
    CHECK(e.ec == errc::no_quorum);
    CHECK(e.detail ==
          R"(ws://a/ws: at block 7 it said "0"; ws://b/ws: at block 7 it said "1"; ws://c/ws: at block 7 it said "2")");
    CHECK(pool.status()[0].deviations == 0); // nobody knows which of them it is
    // The pool is as it was before.
    ending<std::string> next;
    w.nodes[0].result = w.nodes[1].result;
    pool.async_quorum(echo("x"), {}, next.handler());
    w.until([&] { return next.over(); });
    CHECK(next.answer.value == "1");
}

TEST_CASE("net/node_pool: fewer usable nodes than have to agree")
{
    SUBCASE("in the pool: at once")
    {
        world w(1);
        ending<std::string> e;
        w.pool().async_quorum(echo("x"), {}, e.handler());
        CHECK(!e.over());
        w.until([&] { return e.over(); }, 5s);
        CHECK(e.ec == errc::no_quorum);
        CHECK(e.detail.find("ws://a/ws") != std::string::npos);
    }
    SUBCASE("of the right chain: at once")
    {
        world w;
        w.nodes[0].chain = w.nodes[1].chain = '2';
        ending<std::string> e;
        w.pool().async_quorum(echo("x"), {}, e.handler());
        w.until([&] { return e.over(); }, 5s);
        CHECK(e.ec == errc::no_quorum);
        CHECK(e.detail.find("ws://a/ws: it serves 2222") != std::string::npos);
    }
    SUBCASE("none of the right chain")
    {
        world w;
        for (told& node : w.nodes)
            node.chain = '2';
        ending<std::string> e;
        w.pool().async_quorum(echo("x"), {}, e.handler());
        w.until([&] { return e.over(); }, 5s);
        CHECK(e.ec == errc::no_quorum);
        CHECK(e.detail.find("it serves 2222") != std::string::npos);
    }
    SUBCASE("alive: at the deadline")
    {
        world w;
        for (std::size_t const i : {1u, 2u})
            w.network(i).connect_result = make_error_code(boost::system::errc::connection_refused);
        ending<std::string> e;
        w.pool().async_quorum(echo("x").deadline(2s), {}, e.handler());
        w.until([&] { return e.over(); });
        CHECK(e.ec == errc::no_quorum);
        CHECK(e.detail == R"(ws://a/ws: at block 7 it said "x")");
    }
    SUBCASE("none alive")
    {
        world w;
        for (std::size_t const i : {0u, 1u, 2u})
            w.network(i).connect_result = make_error_code(boost::system::errc::connection_refused);
        ending<std::string> e;
        w.pool().async_quorum(echo("x").deadline(500ms), {}, e.handler());
        w.until([&] { return e.over(); });
        CHECK(e.ec == errc::no_node);
        CHECK(e.detail.find("ws://b/ws: Connection refused") != std::string::npos);
    }
}

TEST_CASE("net/node_pool: behind a quorum read that was cancelled, nothing is woken any more")
{
    for (bool const all : {false, true})
    {
        world w;
        for (told& node : w.nodes)
            node.silent = true;
        node_pool& pool = w.pool();
        int asked = 0;
        for (told& node : w.nodes)
            node.asked = [&] { ++asked; };
        ending<std::string> e;
        asio::cancellation_signal signal;
        auto question = echo("x");
        question.deadline(500ms);
        pool.async_quorum(question, {}, asio::bind_cancellation_slot(signal.slot(), e.handler()));
        w.until([&] { return asked != 0 || e.times != 0; });
        if (all)
            pool.cancel();
        else
            signal.emit(asio::cancellation_type::terminal);
        CHECK(w.io.run_for(1s) < 1000); // beyond its deadline; the nodes are looked at
        CHECK(e.times == 1);
    }
}

TEST_CASE("net/node_pool: a quorum read that is cancelled, alone, with all calls, or by closing the pool")
{
    world w;
    for (told& node : w.nodes)
        node.silent = true;
    node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
    asio::cancellation_signal signal;
    ending<std::string> alone, all, closed;
    pool.async_quorum(echo("x"), {}, asio::bind_cancellation_slot(signal.slot(), alone.handler()));
    int asked = 0;
    for (told& node : w.nodes)
        node.asked = [&] { ++asked; };
    w.until([&] { return asked == 3; });
    signal.emit(asio::cancellation_type::terminal);
    CHECK(!alone.over());
    w.until([&] { return alone.over(); });
    CHECK(alone.ec == errc::cancelled);
    pool.async_quorum(echo("x"), {}, all.handler());
    w.until([&] { return asked == 6; });
    pool.cancel();
    w.until([&] { return all.over(); });
    CHECK(all.ec == errc::cancelled);
    pool.async_quorum(echo("x"), {}, closed.handler());
    w.until([&] { return asked == 9; });
    pool.close();
    w.until([&] { return closed.over(); });
    CHECK(closed.ec == errc::cancelled);
    w.until([&] { return w.network(0).alive + w.network(1).alive + w.network(2).alive == 0; });
    // It opens again.
    for (told& node : w.nodes)
        node.silent = false;
    ending<std::string> again;
    pool.async_quorum(echo("x"), {}, again.handler());
    w.until([&] { return again.over(); });
    CHECK(again.answer.value == "x");
    CHECK(alone.times + all.times + closed.times + again.times == 4);
}

TEST_CASE("net/node_pool: the pool may be closed or destroyed by the handler of a quorum read, and by an event")
{
    for (int const way : {0, 1, 2, 3})
    {
        CAPTURE(way);
        world w;
        w.nodes[1].result = "\"a lie\"";
        node_pool& pool = w.pool(client_options().chain_id(ones()), quick());
        int times = 0;
        std::vector<error_code> codes;
        auto const handler = [&](error_code ec, reply<quorum_answer<std::string>> const&) {
            ++times;
            codes.push_back(ec);
            if (way == 0)
                w.made.reset();
            else if (way == 1)
                pool.close();
        };
        w.on_event = [&](pool_event const& e) {
            if (e.state != node_state::live || times != 0 || !w.made)
                return;
            if (way == 2)
                w.made.reset();
            else if (way == 3)
                pool.close();
        };
        pool.async_quorum(echo("x"), {}, handler);
        pool.async_quorum(echo("y"), {}, handler);
        w.until([&] { return times == 2; });
        if (way >= 2)
            CHECK(codes == std::vector<error_code>(2, errc::cancelled));
        else
            CHECK(!codes[0]);
        w.made.reset();
        w.io.run();
        CHECK(times == 2);
        CHECK(w.networks.nodes["a"].alive == 0);
    }
}

TEST_CASE("net/node_pool: what cannot be asked of several nodes is a mistake of the caller's")
{
    world w;
    node_pool& pool = w.pool();
    ending<std::string> e;
    CHECK_THROWS_AS(pool.async_quorum(request<std::string>("network_broadcast", "pay", "[]"), {}, e.handler()),
                    std::invalid_argument);
    CHECK_THROWS_AS(pool.async_quorum(echo("x"), of(4, 2), e.handler()), std::invalid_argument);
    CHECK_THROWS_AS(pool.async_quorum(echo("x"), of(3, 4), e.handler()), std::invalid_argument);
    CHECK_THROWS_AS(pool.async_quorum(echo("x"), of(0, 0), e.handler()), std::invalid_argument);
    CHECK(!e.over());
    blocking_client node(w.urls, w.networks.factory());
    CHECK_THROWS_AS(node.quorum(echo("x"), of(3, 1)), std::invalid_argument);
}

TEST_CASE("net/node_pool: many quorum reads and calls at once, while heads move and connections break")
{
    world w(5);
    pool_options options = quick();
    options.reconnect_min = 5ms;
    options.connects_per_minute = 1000;
    for (told& node : w.nodes)
        node.asked = [&, count = 0, at = &node - w.nodes.data()]() mutable {
            if (++count % 40 == 0)
                for (told& other : w.nodes)
                    ++other.head;
            if (count % 13 == 0 && w.network(static_cast<std::size_t>(at)).current != nullptr)
                w.network(static_cast<std::size_t>(at)).current->fail(errc::connection_closed);
        };
    node_pool& pool = w.pool(client_options().chain_id(ones()), options);
    std::vector<ending<std::string>> reads(10);
    for (auto& e : reads)
        pool.async_quorum(echo("x"), {}, e.handler());
    w.until([&] { return std::all_of(reads.begin(), reads.end(), [](auto const& e) { return e.over(); }); }, 15s);
    for (auto const& e : reads)
    {
        CHECK(!e.ec);
        CHECK(e.times == 1);
        CHECK(e.answer.value == "x");
        CHECK(e.answer.deviated.empty());
        CHECK(e.answer.agreed.size() >= 2);
    }
}

TEST_CASE("net/node_pool: a quorum read keeps the nodes' rates")
{
    world w;
    std::vector<node_entry> entries;
    for (node_url const& url : w.urls)
    {
        node_entry entry{url};
        entry.terms = "a few calls";
        entries.push_back(entry);
    }
    pool_options const options = quick();
    node_pool pool(w.io.get_executor(), node_list::from_entries(entries).value(), w.networks.factory(),
                   client_options().chain_id(ones()), options);
    request_rate const rate = entries[0].rate();
    // Seven reads one after the other cost each node 21 calls; the burst has room for 20.
    REQUIRE(rate.burst == 20);
    auto const start = std::chrono::steady_clock::now();
    for (int i = 0; i < 7; ++i)
    {
        ending<std::string> e;
        pool.async_quorum(echo("x"), of(3, 3), e.handler());
        w.until([&] { return e.over(); });
        CHECK(e.answer.value == "x");
    }
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - start;
    CHECK(took.count() * rate.per_second >= 0.9);
    std::size_t questions = 0;
    for (std::string const& frame : w.network(0).written)
        questions += frame.find("echo") != std::string::npos ? 1u : 0u;
    CHECK(questions == 7);
}

TEST_CASE("net/blocking_client: quorum returns, throws, and says when there is one node only")
{
    world w;
    w.nodes[0].result = "\"a lie\"";
    {
        blocking_client node(w.urls, w.networks.factory(), client_options().chain_id(ones()), quick());
        auto const answer = node.quorum(echo("x"), patient());
        CHECK(answer.value == "x");
        CHECK(answer.deviated == std::vector<node_url>{w.urls[0]});
        for (told& each : w.nodes)
            each.error = R"({"code":10,"message":"no"})";
        CHECK_THROWS_AS(node.quorum(echo("x")), node_refused);
        CHECK(node.try_quorum(echo("x")).error().code() == 10);
    }
    blocking_client alone(w.urls[0], w.networks.factory());
    try
    {
        alone.quorum(echo("x"));
        FAIL("one node is no quorum");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::no_quorum);
        CHECK(std::string(e.what()).find("one node only") != std::string::npos);
    }
}
