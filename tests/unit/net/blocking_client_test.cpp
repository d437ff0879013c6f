#include "support/fake_transport.hpp"

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/rpc/method.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;

namespace {

constexpr method<std::string(std::string)> echo{"database", "echo"};

std::string const chain_text(64, '1');

// Copying the type of a reply is never compiled: of pages of operations it costs seconds.
struct move_only
{
    std::int32_t x = 0;

    move_only() = default;
    move_only(move_only&&) = default;
    move_only& operator=(move_only&&) = default;

    BITSHARES_FIELDS((x))
};

// A reply that cannot be handed over, as for want of memory.
struct throwing
{
    std::int32_t x = 0;

    throwing() = default;
    throwing(throwing&&) { throw std::bad_alloc(); }
    throwing& operator=(throwing&&) { throw std::bad_alloc(); }

    BITSHARES_FIELDS((x))
};

std::vector<std::string> polite(std::string const& frame)
{
    std::string result = '"' + chain_text + '"';
    if (frame.find("get_dynamic_global_properties") != std::string::npos)
        result =
            R"({"head_block_number":7,"time":"2026-01-01T00:00:00","next_maintenance_time":"2026-01-01T01:00:00"})";
    if (frame.find("\"echo\"") != std::string::npos)
    {
        auto const start = frame.find("\"echo\",[") + 8;
        result = frame.substr(start, frame.rfind("]]}") - start);
    }
    if (result == "\"refuse\"")
        return {
            R"({"id":)" + id_of(frame) +
            R"(,"error":{"code":10,"message":"refused","data":{"code":10,"name":"assert_exception","message":"m","stack":[]}}})"};
    if (result == "\"silence\"")
        return {};
    return {R"({"id":)" + id_of(frame) + R"(,"result":)" + result + "}"};
}

} // namespace

TEST_CASE("net/blocking_client: call returns or throws, try_call returns the refusal")
{
    fake_networks n;
    n.nodes["a"].node = polite;
    blocking_client node("ws://a", n.factory());
    CHECK(node.call(echo("x")) == "x");
    CHECK(node.try_call(echo("x")).value() == "x");
    auto const refused = node.try_call(echo("refuse"));
    REQUIRE(!refused);
    CHECK(refused.error().name() == "assert_exception");
    CHECK_THROWS_AS(node.call(echo("refuse")), node_refused);
    try
    {
        node.try_call(echo("silence").deadline(1ms));
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::timed_out);
    }
    CHECK(node.call(echo("after")) == "after");
}

TEST_CASE("net/blocking_client: replies are moved, never copied")
{
    fake_networks n;
    n.nodes["a"].node = [](std::string const& frame) {
        return std::vector{R"({"id":)" + id_of(frame) + R"(,"result":[{"x":7}]})"};
    };
    blocking_client node("ws://a", n.factory());
    std::vector<move_only> const page = node.call(request<std::vector<move_only>>("a", "b", "[]"));
    REQUIRE(page.size() == 1);
    CHECK(page[0].x == 7);
}

TEST_CASE("net/blocking_client: many threads share one connection, each gets its own reply")
{
    fake_networks n;
    n.nodes["a"].node = polite;
    blocking_client node("ws://a", n.factory());
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 100; ++i)
            {
                std::string const text = std::to_string(t) + ":" + std::to_string(i);
                if (node.call(echo(text)) != text)
                    ++wrong;
            }
        });
    for (auto& t : threads)
        t.join();
    CHECK(wrong == 0);
    CHECK(n.used.size() == 1);
}

TEST_CASE("net/blocking_client: of several nodes one that answers and has the right chain id")
{
    fake_networks n;
    n.nodes["dead"].connect_result = make_error_code(boost::system::errc::connection_refused);
    n.nodes["other"].node = [](std::string const& frame) {
        return std::vector{R"({"id":)" + id_of(frame) + R"(,"result":")" + std::string(64, '2') + "\"}"};
    };
    n.nodes["good"].node = polite;
    chain_id_type chain;
    chain.data.fill(0x11);
    blocking_client node({"ws://dead/ws", "ws://other/ws", "ws://good/ws"}, n.factory(),
                         client_options().chain_id(chain));
    CHECK(node.call(echo("x")) == "x");
    CHECK(node.node() == node_url("ws://good/ws"));
    // One call without a reply says nothing of the others.
    CHECK_THROWS_AS(node.call(echo("silence").deadline(1ms)), exception);
    CHECK(node.call(echo("z")) == "z");
}

TEST_CASE("net/blocking_client: when no node will do, each one's error is told")
{
    fake_networks n;
    n.nodes["dead"].connect_result = make_error_code(boost::system::errc::connection_refused);
    n.nodes["tls"].connect_result = errc::certificate_rejected;
    n.nodes["tls"].detail = "certificate has expired";
    {
        blocking_client node({"ws://dead/ws", "wss://tls/ws"}, n.factory(), client_options().deadline(1s));
        try
        {
            node.call(echo("x"));
            FAIL("no exception");
        }
        catch (exception const& e)
        {
            CHECK(e.code() == errc::no_node);
            std::string const what = e.what();
            CHECK(what.find("ws://dead/ws: Connection refused") != std::string::npos);
            CHECK(what.find("wss://tls/ws: ") != std::string::npos);
            CHECK(what.find("certificate has expired") != std::string::npos);
        }
    }
    // With one node its own error is enough.
    blocking_client node("wss://tls", n.factory());
    try
    {
        node.call(echo("x"));
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::certificate_rejected);
        CHECK(e.error().detail() == "certificate has expired");
    }
    CHECK_THROWS_AS(blocking_client(std::vector<node_url>{}, n.factory()), std::invalid_argument);
}

TEST_CASE("net/blocking_client: close ends the calls of all threads, and later ones at once")
{
    fake_networks n;
    n.nodes["a"].node = polite;
    blocking_client node("ws://a", n.factory());
    std::atomic<int> cancelled = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            try
            {
                node.call(echo("silence"));
            }
            catch (exception const& e)
            {
                if (e.code() == errc::cancelled)
                    ++cancelled;
            }
        });
    std::this_thread::sleep_for(10ms);
    node.close();
    for (auto& t : threads)
        t.join();
    CHECK(cancelled == 4);
    try
    {
        node.call(echo("x"));
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::cancelled);
    }
}

TEST_CASE("net/blocking_client: a call from its own thread is refused instead of hanging")
{
    fake_networks n;
    n.nodes["a"].node = polite;
    std::atomic<bool> refused = false;
    blocking_client* self = nullptr;
    blocking_client node("ws://a", n.factory(), client_options().notices([&](std::uint64_t, std::string_view) {
        try
        {
            self->call(echo("x"));
        }
        catch (std::logic_error const&)
        {
            refused = true;
        }
    }));
    self = &node;
    n.nodes["a"].node = [](std::string const& frame) {
        auto frames = polite(frame);
        frames.insert(frames.begin(), R"({"method":"notice","params":[1,[]]})");
        return frames;
    };
    CHECK(node.call(echo("x")) == "x");
    CHECK(refused);
}

TEST_CASE("net/blocking_client: a factory that throws ends the call with its words")
{
    int made = 0;
    transport_factory const broken = [&](auto const&...) -> std::unique_ptr<transport> {
        ++made;
        throw std::runtime_error("no transports today");
    };
    blocking_client node("ws://a", broken);
    for (int i = 1; i <= 2; ++i) // and the next call tries again
    {
        try
        {
            node.call(echo("x"));
            FAIL("no exception");
        }
        catch (exception const& e)
        {
            CHECK(e.code() == errc::not_connected);
            CHECK(e.error().detail().find("no transports today") != std::string::npos);
        }
        CHECK(made == i);
    }
}

TEST_CASE("net/blocking_client: a call whose reply is lost by an exception ends all the same")
{
    fake_networks n;
    n.nodes["a"].node = [](std::string const& frame) {
        return std::vector{R"({"id":)" + id_of(frame) + R"(,"result":{"x":7}})"};
    };
    blocking_client node("ws://a", n.factory());
    try
    {
        node.call(request<throwing>("a", "b", "[]"));
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::cancelled);
    }
    n.nodes["a"].node = polite;
    CHECK(node.call(echo("after")) == "after");
}

TEST_CASE("net/blocking_client: a call that an exception interrupts ends at once, not with its deadline")
{
    fake_networks n;
    n.nodes["a"].node = polite;
    blocking_client node("ws://a", n.factory(), client_options().deadline(60s));
    CHECK(node.call(echo("x")) == "x");
    n.nodes["a"].node = [](std::string const&) -> std::vector<std::string> { throw std::bad_alloc(); };
    auto const start = std::chrono::steady_clock::now();
    try
    {
        node.call(echo("x"));
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::cancelled);
    }
    CHECK(std::chrono::steady_clock::now() - start < 30s);
    n.nodes["a"].node = polite;
    CHECK(node.call(echo("y")) == "y");
}

TEST_CASE("net/blocking_client: a logger that throws keeps no call from its own error, and the client from no node")
{
    fake_networks n;
    n.nodes["a"].connect_result = make_error_code(boost::system::errc::connection_refused);
    n.nodes["a"].node = polite;
    blocking_client node("ws://a", n.factory(), client_options().log([](log_level, std::string_view) { throw 7; }));
    try
    {
        node.call(echo("x"));
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == boost::system::errc::connection_refused);
    }
    n.nodes["a"].connect_result = {};
    CHECK(node.call(echo("x")) == "x");
}
