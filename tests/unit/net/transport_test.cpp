#include "support/fake_transport.hpp"

#include <bitshares/net/transport.hpp>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <type_traits>

using namespace bitshares;
using bitshares_test::fake_network;

// The double on which the clients' tests stand keeps what the interface promises; the real one's tests are in
// tests/integration/net_websocket_test.cpp.

namespace {

struct fixture
{
    boost::asio::io_context context;
    fake_network network;
    std::unique_ptr<transport> made =
        network.factory()(context.get_executor(), node_url("ws://node.example"), logger());
    std::optional<error_code> connected, written, closed, read;
    std::string message;

    void connect()
    {
        made->async_connect([this](error_code ec) { connected = ec; });
    }
    void receive()
    {
        made->async_read([this](error_code ec, std::string_view text) {
            read = ec;
            message = text;
        });
    }
    void send(std::string_view text)
    {
        made->async_write(text, [this](error_code ec) { written = ec; });
    }
    void run()
    {
        context.restart();
        context.run();
    }
};

} // namespace

TEST_CASE("net/transport: an interface, destroyed through its base, that is never copied")
{
    static_assert(std::is_abstract_v<transport>);
    static_assert(std::has_virtual_destructor_v<transport>);
    static_assert(!std::is_copy_constructible_v<transport> && !std::is_copy_assignable_v<transport>);
    static_assert(!std::is_move_constructible_v<transport>);
    CHECK_FALSE(static_cast<bool>(transport_factory()));
}

TEST_CASE("net/transport: nothing completes inside of the function that begins it")
{
    fixture f;
    f.connect();
    f.send("x");
    f.receive();
    f.made->async_close([&](error_code ec) { f.closed = ec; });
    CHECK_FALSE((f.connected || f.written || f.read || f.closed));
    f.run();
    CHECK(f.connected == error_code());
    CHECK(f.written == error_code());
    CHECK(f.closed == error_code());
}

TEST_CASE("net/transport: whole messages, in order, however they come")
{
    fixture f;
    f.connect();
    f.run();
    f.network.current->send("first");
    f.network.current->send("");
    f.receive();
    f.run();
    CHECK(f.message == "first");
    f.receive();
    f.run();
    CHECK(f.read == error_code());
    CHECK(f.message.empty());
    f.receive();
    f.run(); // waits
    f.network.current->send("third");
    f.run();
    CHECK(f.message == "third");
}

TEST_CASE("net/transport: closing ends what is outstanding with an error")
{
    fixture f;
    f.network.connect_hangs = true;
    f.network.write_hangs = true;
    f.connect();
    f.send("x");
    f.receive();
    f.run();
    CHECK_FALSE((f.connected || f.written || f.read));
    f.made->close();
    CHECK_FALSE((f.connected || f.written || f.read));
    f.run();
    CHECK(f.connected == errc::cancelled);
    CHECK(f.written == errc::cancelled);
    CHECK(f.read == errc::cancelled);
    f.made->close(); // once more is no harm
    f.run();
}

TEST_CASE("net/transport: so does the end of the transport itself")
{
    fixture f;
    f.connect();
    f.run();
    f.receive();
    CHECK(f.network.alive == 1);
    f.made.reset();
    CHECK(f.network.alive == 0);
    CHECK_FALSE(f.read.has_value());
    f.run();
    CHECK(f.read == errc::cancelled);
}

TEST_CASE("net/transport: the transports of one factory are apart")
{
    fixture f;
    auto other = f.network.factory()(f.context.get_executor(), node_url("ws://node.example"), logger());
    f.connect();
    f.run();
    f.receive();
    other->close();
    f.run();
    CHECK_FALSE(f.read.has_value());
    CHECK(f.network.alive == 2);
}
