#include <bitshares/net/websocket.hpp>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>

using namespace bitshares;
using namespace std::chrono_literals;

// What needs no network; connections are made in tests/integration/net_websocket_test.cpp.

TEST_CASE("net/websocket: the defaults suit what nodes send and how long a call has")
{
    websocket_options const o;
    CHECK(o.max_message_bytes() == 33u * 1024 * 1024);
    CHECK(o.max_message_bytes() > 32'000'000); // of a node's largest answer
    CHECK(o.handshake_timeout() == 8s);
    CHECK(o.handshake_timeout() < 10s); // of a call
    CHECK(o.idle_timeout() == 30s);
    CHECK(o.tls().verify());
    CHECK_FALSE(o.through().has_value());
    CHECK(o.resolver() == nullptr);
}

TEST_CASE("net/websocket: each setting is its own, and a copy is apart")
{
    websocket_options o;
    CHECK(&o.max_message_bytes(1).handshake_timeout(2ms).idle_timeout(0ms) == &o);
    CHECK(o.max_message_bytes() == 1);
    CHECK(o.handshake_timeout() == 2ms);
    CHECK(o.idle_timeout() == 0ms);
    websocket_options copy = o;
    copy.tls(tls_options().without_system_authorities()).handshake_timeout(1min);
    CHECK(copy.handshake_timeout() == 60'000ms);
    CHECK_FALSE(copy.tls().system_authorities());
    CHECK(o.tls().system_authorities());
    CHECK(o.handshake_timeout() == 2ms);
}

TEST_CASE("net/websocket: connections share the resolver that was given")
{
    auto const shared = make_resolver();
    auto const o = websocket_options().resolver(shared);
    CHECK(o.resolver() == shared);
    auto const before = shared.use_count();
    {
        auto const factory = websocket(o);
        boost::asio::io_context context;
        auto const first = factory(context.get_executor(), node_url("ws://localhost:1"), {});
        auto const second = factory(context.get_executor(), node_url("wss://localhost:1"), {});
        CHECK(shared.use_count() > before);
    }
    CHECK(shared.use_count() == before);
}

TEST_CASE("net/websocket: making a transport begins nothing, and ending it unused is no harm")
{
    boost::asio::io_context context;
    auto const factory = websocket();
    for (char const* url : {"ws://localhost:1", "wss://localhost:1/path", "ws://[::1]:1"})
    {
        auto made = factory(context.get_executor(), node_url(url), {});
        REQUIRE(made != nullptr);
        CHECK(made->detail().empty());
        CHECK(context.poll() == 0);
        made->close();
        made->close();
        made.reset();
        context.restart();
        context.poll();
    }
}

TEST_CASE("net/websocket: a trust that cannot be had fails wss before anything is sent, and is no matter of ws")
{
    boost::asio::io_context context;
    auto const factory = websocket(websocket_options().tls(tls_options().add_ca_file("/nonexistent.pem")));
    CHECK(factory(context.get_executor(), node_url("ws://localhost:1"), {})->detail().empty());
    auto const made = factory(context.get_executor(), node_url("wss://localhost:1"), {});
    std::optional<error_code> connected;
    made->async_connect([&](error_code ec) { connected = ec; });
    CHECK_FALSE(connected.has_value());
    context.run_for(20s);
    REQUIRE(connected.has_value());
    CHECK(connected->failed());
    CHECK(made->detail().find("/nonexistent.pem") != std::string::npos);
}

TEST_CASE("net/websocket: a read or write before the connection fails, and not at once")
{
    boost::asio::io_context context;
    auto const made = websocket()(context.get_executor(), node_url("ws://localhost:1"), {});
    std::optional<error_code> read, written;
    made->async_read([&](error_code ec, std::string_view) { read = ec; });
    made->async_write("x", [&](error_code ec) { written = ec; });
    CHECK_FALSE((read || written));
    context.run_for(20s);
    REQUIRE((read && written));
    CHECK(read->failed());
    CHECK(written->failed());
}
