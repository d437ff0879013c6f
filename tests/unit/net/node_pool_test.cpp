#include "support/fake_transport.hpp"

#include <bitshares/net/node_pool.hpp>
#include <bitshares/rpc/method.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;

namespace {

constexpr method<std::string(std::string)> echo{"database", "echo"};
constexpr method<void(std::string)> pay{"network_broadcast", "pay"};
constexpr method<std::string(std::string)> pay_aloud{"network_broadcast", "pay_aloud"};

std::string success(std::string const& frame, std::string const& json)
{
    return R"({"id":)" + id_of(frame) + R"(,"result":)" + json + "}";
}

std::string refusal(std::string const& frame, int code, std::string const& message)
{
    return R"({"id":)" + id_of(frame) + R"(,"error":{"code":)" + std::to_string(code) + R"(,"message":")" + message +
           "\"}}";
}

/// A node of the chain 11...: answers what a pool asks for, and "echo" and "pay" with its own name.
struct answers
{
    std::string name;
    char chain = '1';
    char fork = '0'; ///< In the ids of its blocks.

    std::vector<std::string> operator()(std::string const& frame) const
    {
        if (frame.find("get_chain_id") != std::string::npos)
            return {success(frame, '"' + std::string(64, chain) + '"')};
        if (frame.find("get_dynamic_global_properties") != std::string::npos)
            return {success(
                frame,
                R"({"head_block_number":70,"time":"2026-01-01T00:00:00","next_maintenance_time":"2026-01-01T01:00:00",)"
                R"("last_irreversible_block_num":55})")};
        if (frame.find("get_block_header") != std::string::npos)
            return {success(frame, frame.find("[41]") != std::string::npos
                                       ? R"({"previous":"00000028)" + std::string(32, fork) + "\"}"
                                       : "null")};
        return {success(frame, '"' + name + '"')};
    }
};

bool is_of_the_pool(std::string const& frame)
{
    return frame.find("\"get_") != std::string::npos;
}

chain_id_type ones()
{
    chain_id_type chain;
    chain.data.fill(0x11);
    return chain;
}

/// Nodes a, b, c ... of one chain, and a pool of them.
struct world
{
    explicit world(std::size_t count = 3)
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            std::string const host(1, static_cast<char>('a' + i));
            n.nodes[host].node = answers{host};
            urls.emplace_back("ws://" + host + "/ws");
        }
    }

    node_pool& pool(client_options options = client_options().chain_id(ones()), pool_options const& p = {})
    {
        return made.emplace(io.get_executor(), urls, n.factory(), std::move(options), p,
                            [this](pool_event const& e) { events.push_back(e); });
    }

    /// Runs until so many calls have ended.
    template <class Calls>
    void until(Calls const& ended, std::chrono::milliseconds longest = 20s)
    {
        auto const end = std::chrono::steady_clock::now() + longest;
        while (!ended() && std::chrono::steady_clock::now() < end)
            io.run_one_until(end);
        CHECK(ended());
    }

    fake_networks n;
    std::vector<node_url> urls;
    asio::io_context io;
    std::vector<pool_event> events;
    std::optional<node_pool> made;
};

/// How a call ended.
struct ending
{
    int times = 0;
    error_code ec;
    std::string detail;
    std::optional<node_error> refusal;
    std::string value;

    template <class R>
    auto handler()
    {
        return [this](error_code code, reply<R> r) {
            ++times;
            ec = code;
            if (code)
                detail = r.error().message();
            else if (!r)
                refusal = r.error();
            else if constexpr (!std::is_void_v<R>)
                value = std::move(*r);
        };
    }
    bool over() const { return times != 0; }
};

} // namespace

TEST_CASE("net/node_pool: a call is answered by a node that is there")
{
    world w;
    w.n.nodes["a"].connect_result = make_error_code(boost::system::errc::connection_refused);
    w.n.nodes["b"].connect_hangs = true;
    node_pool& pool = w.pool();
    ending e;
    pool.async_call(echo("x"), e.handler<std::string>());
    CHECK(!e.over()); // never inside the function that begins it
    w.until([&] { return e.over(); });
    CHECK(!e.ec);
    CHECK(e.value == "c");
    CHECK(pool.url() == node_url("ws://c/ws"));
    CHECK(pool.primary() == 2);
    auto const status = pool.status();
    REQUIRE(status.size() == 3);
    CHECK(status[0].state == node_state::waiting);
    CHECK(status[0].last_error == "Connection refused");
    CHECK(status[1].state == node_state::connecting);
    CHECK(status[2].state == node_state::live);
    CHECK(status[2].answers == 1);
    CHECK(status[2].head->block == 70);
    CHECK(pool.chain_time().value() >= 1767225600s);
    CHECK(pool.counts().calls == 1);
    w.until([&] {
        return std::any_of(w.events.begin(), w.events.end(),
                           [](pool_event const& event) { return event.node == 2 && event.state == node_state::live; });
    });
}

TEST_CASE(
    "net/node_pool: what was asked of a connection that breaks is asked of another node, and nothing is heard twice")
{
    world w(2);
    node_pool& pool = w.pool();
    ending first;
    pool.async_call(echo("x"), first.handler<std::string>());
    w.until([&] { return first.over(); });
    std::string const leader(1, pool.url().host()[0]);
    std::string const other = leader == "a" ? "b" : "a";
    fake_network& n = w.n.nodes[leader];
    n.node = [host = leader](std::string const& frame) {
        return is_of_the_pool(frame) ? answers{host}(frame) : std::vector<std::string>();
    };
    ending calls[20];
    for (ending& e : calls)
        pool.async_call(echo("y"), e.handler<std::string>());
    w.io.poll();
    REQUIRE(n.current != nullptr);
    n.current->fail(errc::connection_closed);
    w.until([&] { return std::all_of(std::begin(calls), std::end(calls), [](ending const& e) { return e.over(); }); });
    for (ending const& e : calls)
    {
        CHECK(e.times == 1);
        CHECK(e.value == other);
    }
    CHECK(pool.counts().retries == 20);
    CHECK(pool.url().host() == other);
}

TEST_CASE("net/node_pool: a node that hangs is asked elsewhere, too, and its late answer is for nobody")
{
    world w(2);
    pool_options options;
    options.hedge_delay = 20ms;
    node_pool& pool = w.pool(client_options().chain_id(ones()), options);
    ending first;
    pool.async_call(echo("x"), first.handler<std::string>());
    w.until([&] {
        return first.over() && pool.status()[0].state == node_state::live && pool.status()[1].state == node_state::live;
    });
    std::string const leader(1, pool.url().host()[0]);
    std::vector<std::string> held;
    w.n.nodes[leader].node = [&, host = leader](std::string const& frame) {
        if (is_of_the_pool(frame))
            return answers{host}(frame);
        held.push_back(frame);
        return std::vector<std::string>();
    };
    ending e;
    pool.async_call(echo("y"), e.handler<std::string>());
    w.until([&] { return e.over(); });
    CHECK(e.value != leader);
    CHECK(pool.counts().hedges == 1);
    REQUIRE(held.size() == 1);
    REQUIRE(w.n.nodes[leader].current != nullptr);
    w.n.nodes[leader].current->send(success(held[0], "\"late\""));
    w.io.poll();
    CHECK(e.times == 1);
}

TEST_CASE("net/node_pool: a refusal is the answer, but a method that one node lacks is asked of another")
{
    world w(2);
    for (char const* host : {"a", "b"})
        w.n.nodes[host].node = [host = std::string(host)](std::string const& frame) -> std::vector<std::string> {
            if (frame.find("\"refuse\"") != std::string::npos)
                return {refusal(frame, 10, "no " + host)};
            if (frame.find("\"nowhere\"") != std::string::npos ||
                (frame.find("\"history\"") != std::string::npos && host == "a"))
                return {refusal(frame, -32601, "Method not found")};
            return answers{host}(frame);
        };
    node_pool& pool = w.pool();
    ending refused, found, nowhere;
    pool.async_call(echo("refuse"), refused.handler<std::string>());
    w.until([&] { return refused.over(); });
    CHECK(!refused.ec);
    REQUIRE(refused.refusal);
    CHECK(refused.refusal->code() == 10);
    CHECK(pool.counts().retries == 0);
    pool.async_call(request<std::string>("history", "first", "[]"), found.handler<std::string>());
    w.until([&] { return found.over(); });
    CHECK(found.value == "b");
    // What all lack: the nodes' own words, once there is no more time to look for another.
    pool.async_call(request<std::string>("orders", "nowhere", "[]").deadline(2s), nowhere.handler<std::string>());
    w.until([&] { return nowhere.over(); });
    CHECK(!nowhere.ec);
    REQUIRE(nowhere.refusal);
    CHECK(nowhere.refusal->code() == -32601);
}

namespace {

std::uint64_t too_few(std::vector<std::uint32_t> const& items, std::uint64_t wanted)
{
    return wanted - std::min<std::uint64_t>(items.size(), wanted);
}

request<std::vector<std::uint32_t>> items(std::uint64_t wanted)
{
    request<std::vector<std::uint32_t>> r("history", "items", "[]");
    return r.elsewhere<too_few>("history", wanted);
}

struct listed
{
    int times = 0;
    std::optional<std::vector<std::uint32_t>> value;

    auto handler()
    {
        return [this](error_code ec, reply<std::vector<std::uint32_t>> r) {
            ++times;
            value.reset();
            if (!ec && r)
                value = *r;
        };
    }
};

} // namespace

TEST_CASE(
    "net/node_pool: what a node refuses for a limit of its own is asked of one with a larger limit, from then on first")
{
    world w(3);
    std::map<std::string, int> asked;
    for (auto const& [name, limit] : {std::pair("a", 10), std::pair("b", 50), std::pair("c", 100)})
        w.n.nodes[name].node = [&asked, host = std::string(name), limit](std::string const& frame) {
            if (frame.find("\"items\"") == std::string::npos)
                return answers{host}(frame);
            ++asked[host];
            auto const from = frame.find("\"items\",[") + 9;
            if (std::stoi(frame.substr(from)) <= limit)
                return std::vector{success(frame, "[7]")};
            return std::vector{refusal(frame, 10,
                                       "Assert Exception: limit <= configured_limit: limit can not be greater than " +
                                           std::to_string(limit))};
        };
    node_pool& pool = w.pool();
    using list = request<std::vector<std::uint32_t>>;
    auto const ask = [&](int limit) {
        listed l;
        asked.clear();
        pool.async_call(list("database", "items", "[" + std::to_string(limit) + "]"), l.handler());
        w.until([&] { return l.times != 0; }, 20s);
        CHECK(l.times == 1);
        return l.value.has_value();
    };
    CHECK(ask(5));
    CHECK(asked["a"] == 1);
    CHECK(ask(100)); // c is not among the two that are connected
    CHECK(asked["c"] == 1);
    CHECK(ask(100));
    CHECK(asked["a"] == 0);
    CHECK(asked["c"] == 1);
    // More than any gives: the refusal, once, and each node is asked once at most.
    ending refused;
    asked.clear();
    pool.async_call(request<std::string>("database", "items", "[1000]"), refused.handler<std::string>());
    w.until([&] { return refused.over(); }, 20s);
    CHECK(refused.times == 1);
    CHECK(!refused.ec);
    REQUIRE(refused.refusal);
    CHECK(is_limit_refusal(*refused.refusal));
    for (char const* host : {"a", "b", "c"})
        CHECK(asked[host] <= 1);
    for (node_status const& s : pool.status())
        CHECK(s.failures == 0);
    // Other refusals are answers, and what may be sent once only is never asked elsewhere.
    asked.clear();
    refused = {};
    pool.async_call(request<std::string>("database", "items", "[1000]").repeatable(false),
                    refused.handler<std::string>());
    w.until([&] { return refused.over(); });
    REQUIRE(refused.refusal);
    CHECK(asked["a"] + asked["b"] + asked["c"] == 1);
}

TEST_CASE(
    "net/node_pool: a part of what there is is asked for elsewhere; the largest part is the answer if nobody has all")
{
    for (char const* full : {"a", "b", "c", "nobody"})
    {
        CAPTURE(std::string(full));
        world w(3);
        for (auto const& [name, part] : {std::pair("a", "[1]"), std::pair("b", "[1,2]"), std::pair("c", "[]")})
            w.n.nodes[name].node = [host = std::string(name), json = name == std::string(full) ? "[1,2,3]" : part](
                                       std::string const& frame) -> std::vector<std::string> {
                if (frame.find("\"items\"") == std::string::npos)
                    return answers{host}(frame);
                return {success(frame, json)};
            };
        node_pool& pool = w.pool();
        for (int i = 0; i < 3; ++i)
        {
            listed l;
            pool.async_call(items(3), l.handler());
            w.until([&] { return l.times != 0; }, 20s);
            REQUIRE(l.value);
            CHECK(*l.value == (full == std::string("nobody") ? std::vector{1u, 2u} : std::vector{1u, 2u, 3u}));
        }
        CHECK(pool.counts().refused_budget == 0);
    }
}

TEST_CASE("net/node_pool: a broadcast is sent once; when its answer is lost, it may have been done")
{
    world w(2);
    node_pool& pool = w.pool();
    ending first, paid, lost, wished;
    pool.async_call(echo("x"), first.handler<std::string>());
    w.until([&] { return first.over(); });
    std::string const leader(1, pool.url().host()[0]);
    pool.async_call(pay("x"), paid.handler<void>());
    w.until([&] { return paid.over(); });
    CHECK(!paid.ec);
    for (auto& [host, network] : w.n.nodes)
        network.node = [self = answers{host}](std::string const& frame) {
            return is_of_the_pool(frame) ? self(frame) : std::vector<std::string>();
        };
    auto const sent = [&] {
        std::ptrdiff_t count = 0;
        for (auto const& [host, network] : w.n.nodes)
            count += std::count_if(network.written.begin(), network.written.end(), [](std::string const& frame) {
                return frame.find("\"again\"") != std::string::npos;
            });
        return count;
    };
    pool.async_call(pay("again").deadline(300ms), lost.handler<void>());
    w.until([&] { return lost.over(); });
    CHECK(lost.ec == errc::maybe_applied);
    CHECK(sent() == 1);
    // Whose request it is knows better.
    pool.async_call(pay("again").repeatable(true).deadline(3s), wished.handler<void>());
    w.until([&] { return wished.over(); });
    CHECK(wished.ec == errc::timed_out);
    CHECK(sent() >= 3);
}

TEST_CASE("net/node_pool: what one node lacks and another may have done is told as maybe done")
{
    world w(2);
    for (auto& [host, network] : w.n.nodes)
        network.node = [self = answers{host}, &own = network](std::string const& frame) -> std::vector<std::string> {
            if (frame.find("\"pay\"") == std::string::npos)
                return self(frame);
            if (self.name == "a")
                return {refusal(frame, -32601, "Method not found")};
            own.current->fail(errc::connection_closed);
            return {};
        };
    node_pool& pool = w.pool();
    ending first, lost;
    pool.async_call(echo("x"), first.handler<std::string>());
    w.until([&] {
        return first.over() && pool.status()[0].state == node_state::live && pool.status()[1].state == node_state::live;
    });
    REQUIRE(pool.primary() == 0);
    pool.async_call(pay("x"), lost.handler<void>());
    w.until([&] { return lost.over(); });
    CHECK(lost.ec == errc::maybe_applied);
    CHECK(!lost.refusal);
}

TEST_CASE("net/node_pool: what may be sent once only and has an answer that cannot be read is told as maybe done")
{
    world w(2);
    for (auto& [host, network] : w.n.nodes)
        network.node = [self = answers{host}](std::string const& frame) {
            return is_of_the_pool(frame) ? self(frame) : std::vector{success(frame, "[7]")};
        };
    node_pool& pool = w.pool();
    ending paid, read;
    pool.async_call(pay_aloud("x"), paid.handler<std::string>());
    w.until([&] { return paid.over(); });
    CHECK(paid.ec == errc::maybe_applied);
    CHECK(paid.detail.find("reply") != std::string::npos); // what there was
    std::ptrdiff_t sent = 0;
    for (auto const& [host, network] : w.n.nodes)
        sent += std::count_if(network.written.begin(), network.written.end(), [](std::string const& frame) {
            return frame.find("\"pay_aloud\"") != std::string::npos;
        });
    CHECK(sent == 1);
    // What may be asked again is an error of the nodes.
    pool.async_call(pay_aloud("x").repeatable(true).deadline(300ms), read.handler<std::string>());
    w.until([&] { return read.over(); });
    CHECK(read.ec == errc::invalid_reply);
}

TEST_CASE("net/node_pool: a server that is busy says nothing of the path")
{
    world w(1);
    w.urls = {"ws://a"};
    auto const factory = [&](asio::any_io_executor const& executor, node_url const& url, logger const& log) {
        fake_network& a = w.n.nodes["a"];
        auto const tries = w.n.used.size();
        a.connect_result = tries < 3 ? make_error_code(errc::handshake_refused) : error_code();
        a.detail = tries == 0 ? "HTTP status 503" : tries == 1 ? "HTTP status 429" : "HTTP status 404";
        return w.n.factory()(executor, url, log);
    };
    pool_options options;
    options.reconnect_min = 5ms;
    node_pool pool(w.io.get_executor(), w.urls, factory, client_options().chain_id(ones()), options);
    ending e;
    pool.async_call(echo("x"), e.handler<std::string>());
    w.until([&] { return e.over(); });
    CHECK(e.value == "a");
    CHECK(w.n.used == std::vector<std::string>{"a/ws", "a/ws", "a/ws", "a/wss"});
}

TEST_CASE("net/node_pool: may be destroyed in a handler and in an event")
{
    for (bool const in_event : {false, true})
    {
        fake_networks n;
        n.nodes["a"].node = answers{"a"};
        asio::io_context io;
        std::optional<node_pool> pool;
        std::string const kept(100, 'x'); // of the handler, which lives on while it runs
        std::size_t seen = 0;
        pool.emplace(io.get_executor(), node_url("ws://a/ws"), n.factory(), client_options().chain_id(ones()),
                     pool_options(), [&, kept](pool_event const&) {
                         if (in_event)
                             pool.reset();
                         seen += kept.size();
                     });
        ending e;
        pool->async_call(echo("x"), [&, kept](error_code, reply<std::string> const&) {
            ++e.times;
            pool.reset();
            seen += kept.size();
        });
        io.run_for(5s);
        CHECK(e.times == 1);
        CHECK(seen >= 100);
        CHECK(io.stopped());
        CHECK(n.nodes["a"].alive == 0);
    }
}

TEST_CASE("net/node_pool: a node of another chain is never used; when all are, that is the answer at once")
{
    for (bool const named : {true, false})
    {
        world w(3);
        w.n.nodes["b"].node = answers{"b", '2'};
        node_pool& pool = w.pool(named ? client_options().chain_id(ones()) : client_options());
        ending e;
        pool.async_call(echo("x"), e.handler<std::string>());
        w.until([&] { return e.over() && pool.status()[1].state == node_state::wrong_chain; });
        CHECK(pool.network().chain_id == ones());
        CHECK(e.value != "b");
        CHECK(std::none_of(w.n.nodes["b"].written.begin(), w.n.nodes["b"].written.end(),
                           [](std::string const& frame) { return frame.find("echo") != std::string::npos; }));
    }
    world w(2);
    for (char const* host : {"a", "b"})
        w.n.nodes[host].node = answers{host, '2'};
    node_pool& pool = w.pool();
    ending e;
    auto const start = std::chrono::steady_clock::now();
    pool.async_call(echo("x"), e.handler<std::string>());
    w.until([&] { return e.over(); });
    CHECK(e.ec == errc::wrong_chain);
    CHECK(e.detail.find("ws://a/ws: it serves 2222") != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - start < 5s); // of a deadline of ten
}

TEST_CASE("net/node_pool: of a URL without a path the usual ones are tried, and the one that answers is kept")
{
    world w(1);
    w.urls = {"ws://a"};
    bool upgrades = false;
    auto const factory = [&](asio::any_io_executor const& executor, node_url const& url, logger const& log) {
        upgrades = url.target() == "/";
        w.n.nodes["a"].connect_result = upgrades ? error_code() : make_error_code(errc::handshake_refused);
        return w.n.factory()(executor, url, log);
    };
    pool_options options;
    options.reconnect_min = 5ms;
    node_pool pool(w.io.get_executor(), w.urls, factory, client_options().chain_id(ones()), options);
    ending e, again;
    pool.async_call(echo("x"), e.handler<std::string>());
    w.until([&] { return e.over(); });
    CHECK(e.value == "a");
    CHECK(w.n.used == std::vector<std::string>{"a/ws", "a/wss", "a"});
    w.n.nodes["a"].current->fail(errc::connection_closed);
    pool.async_call(echo("x"), again.handler<std::string>());
    w.until([&] { return again.over(); });
    CHECK(w.n.used.size() == 4);
    CHECK(w.n.used.back() == "a");
}

TEST_CASE("net/node_pool: cancellation, closing and destruction end every call once")
{
    world w(2);
    for (auto& [host, network] : w.n.nodes)
        network.node = [self = answers{host}](std::string const& frame) {
            return is_of_the_pool(frame) ? self(frame) : std::vector<std::string>();
        };
    node_pool& pool = w.pool();
    ending one, closed, last, after;
    asio::cancellation_signal signal;
    pool.async_call(echo("x"), asio::bind_cancellation_slot(signal.slot(), one.handler<std::string>()));
    pool.async_call(echo("y"), closed.handler<std::string>());
    w.until([&] { return pool.primary().has_value(); });
    signal.emit(asio::cancellation_type::all);
    CHECK(!one.over());
    w.until([&] { return one.over(); });
    CHECK(one.ec == errc::cancelled);
    CHECK(!closed.over());
    pool.close();
    w.until([&] { return closed.over(); });
    CHECK(closed.ec == errc::cancelled);
    CHECK(w.io.run_for(1s) < 1000); // nothing left to do: it returns
    CHECK(w.io.stopped());
    for (auto const& [host, network] : w.n.nodes)
        CHECK(network.alive == 0);
    // The next call connects again.
    w.io.restart();
    for (auto& [host, network] : w.n.nodes)
        network.node = answers{host};
    pool.async_call(echo("z"), after.handler<std::string>());
    w.until([&] { return after.over(); });
    CHECK(!after.ec);
    pool.async_call(echo("never"), last.handler<std::string>());
    w.made.reset();
    CHECK(!last.over());
    w.until([&] { return last.over(); });
    CHECK(last.ec == errc::cancelled);
    for (ending const* e : {&one, &closed, &after, &last})
        CHECK(e->times == 1);
}

TEST_CASE("net/node_pool: a handler that throws takes no other call's end with it")
{
    world w(1);
    node_pool& pool = w.pool();
    ending first, calls[5];
    pool.async_call(echo("x"), first.handler<std::string>());
    w.until([&] { return first.over(); });
    w.n.nodes["a"].node = [](std::string const& frame) {
        return is_of_the_pool(frame) ? answers{"a"}(frame) : std::vector<std::string>();
    };
    int thrown = 0;
    pool.async_call(echo("x").deadline(30ms), [&](error_code, reply<std::string> const&) {
        ++thrown;
        throw std::runtime_error("of a user");
    });
    for (ending& e : calls)
        pool.async_call(echo("x").deadline(30ms), e.handler<std::string>());
    auto const over = [&] {
        return std::all_of(std::begin(calls), std::end(calls), [](ending const& e) { return e.over(); });
    };
    try
    {
        w.until(over);
    }
    catch (std::runtime_error const&)
    {
        w.until(over);
    }
    CHECK(thrown == 1);
    for (ending const& e : calls)
        CHECK(e.ec == errc::timed_out);
}

TEST_CASE("net/node_pool: no pool without nodes, or over two networks")
{
    asio::io_context io;
    fake_networks n;
    CHECK_THROWS_AS(node_pool(io.get_executor(), node_list(), n.factory()), std::invalid_argument);
    try
    {
        node_pool(io.get_executor(), infrastructure_nodes(), n.factory());
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::mixed_networks);
    }
    try
    {
        node_pool(io.get_executor(), testnet_nodes(), n.factory(), client_options().network(mainnet()));
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::mixed_networks);
    }
}

TEST_CASE("net/node_pool: a node with another irreversible block than most is not used")
{
    world w(4);
    auto& a = w.n.nodes["a"];
    answers forked{"a"};
    forked.fork = '6';
    a.node = forked;
    pool_options options;
    options.probe_live = 20ms;
    node_pool& pool = w.pool(client_options().chain_id(ones()), options);
    pool.open();
    w.until([&] { return pool.status()[0].state == node_state::forked; }, 20s);
    CHECK(pool.status()[0].why == "most nodes have another block 40");
    ending e;
    pool.async_call(echo("x"), e.handler<std::string>());
    w.until([&] { return e.over(); });
    CHECK(!e.ec);
    CHECK(e.value != "a");
}

TEST_CASE("net/node_pool: what the nodes' servers say the time is tells whether this machine's clock is right")
{
    auto const verdict = [](std::chrono::seconds ahead) {
        world w;
        for (auto const& url : w.urls)
            w.n.nodes[std::string(url.host())].date = std::chrono::duration_cast<std::chrono::seconds>(
                                                          std::chrono::system_clock::now().time_since_epoch() - ahead)
                                                          .count();
        node_pool& pool = w.pool();
        CHECK(pool.time_report().verdict == clock_verdict::unknown);
        CHECK(!pool.chain_time());
        ending e;
        pool.async_call(echo("x"), e.handler<std::string>());
        w.until([&] { return e.over(); });
        CHECK(pool.chain_time() >= std::chrono::seconds(1767225600)); // 2026-01-01, and a moment
        CHECK(pool.chain_time() < std::chrono::seconds(1767225660));
        CHECK(pool.status()[0].skew == 0ms);
        return pool.time_report().verdict;
    };
    CHECK(verdict(60s) == clock_verdict::ahead);
    CHECK(verdict(-60s) == clock_verdict::behind);
    CHECK(verdict(0s) == clock_verdict::chain_late); // since New Year
}
