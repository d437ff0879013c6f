#include "support/ws_server.hpp"

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/rpc/method.hpp>

#include <doctest/doctest.h>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;

namespace {

constexpr method<std::string(std::string)> echo{"database", "echo"};
constexpr method<raw_json(std::string)> raw_echo{"database", "echo"};

std::string id_of(std::string const& frame)
{
    auto const start = frame.find(":") + 1;
    return frame.substr(start, frame.find(',') - start);
}

std::string reply_to(std::string const& frame)
{
    auto const start = frame.find("\"echo\",[") + 8;
    return R"({"id":)" + id_of(frame) + R"(,"result":)" + frame.substr(start, frame.rfind("]]}") - start) + "}";
}

struct failure
{
    error_code ec;
    std::string detail;
};

// One call; how it failed.
failure call_failure(std::string const& url, websocket_options const& options = {},
                     client_options const& behaviour = {})
{
    blocking_client node(url, websocket(options), behaviour);
    try
    {
        node.call(echo("x"));
        return {};
    }
    catch (exception const& e)
    {
        return {e.code(), e.error().detail()};
    }
}

bool works(std::string const& url, websocket_options const& options = {})
{
    blocking_client node(url, websocket(options));
    return node.call(echo("hello")) == "hello";
}

// Where nobody listens.
std::string dead_port()
{
    asio::io_context io;
    asio::ip::tcp::acceptor const acceptor(io, {asio::ip::address_v4::loopback(), 0});
    return std::to_string(acceptor.local_endpoint().port());
}

// Sends names to the loopback; "hang" never comes back.
lookup_function const loopback = [](std::string const& host, error_code& ec) -> std::vector<asio::ip::address> {
    if (host == "hang")
        for (;;)
            std::this_thread::sleep_for(1h);
    if (host == "unknown")
        ec = errc::name_not_found;
    if (host == "two-addresses") // nobody listens at the first
        return {asio::ip::make_address("127.0.0.9"), asio::ip::make_address("127.0.0.1")};
    return {asio::ip::make_address("127.0.0.1")};
};

websocket_options with_names()
{
    return websocket_options().resolver(make_resolver(resolver_options().lookup(loopback)));
}

struct authorities
{
    identity good = identity::authority("good authority");
    identity other = identity::authority("other authority");
    temporary_file good_file{good.certificate_pem()};

    websocket_options trusting() const { return with_names().tls(tls_options().add_ca_file(good_file.path())); }
};

} // namespace

TEST_CASE("net/websocket: calls over ws, small and large, in any order")
{
    ws_server server(answering(reply_to));
    blocking_client node(server.url(), websocket());
    CHECK(node.call(echo("x")) == "x");
    CHECK(node.call(echo("äé€😀")) == "äé€😀");
    std::string const large(5 << 20, 'l');
    CHECK(node.call(echo(large)) == large);
    CHECK(node.call(echo("small again")) == "small again");
    CHECK(server.connections() == 1);
}

TEST_CASE("net/websocket: replies in reverse order, binary frames, frames in pieces")
{
    ws_server server([](ws_peer& peer) {
        std::string const first = peer.read();
        std::string const second = peer.read();
        peer.write(reply_to(second), true);
        // Two frames of one message, unmasked as a server's are.
        std::string const text = reply_to(first);
        std::string const half = text.substr(0, 10);
        std::string const rest = text.substr(10);
        peer.write_raw(std::string("\x01") + static_cast<char>(half.size()) + half + "\x80" +
                       static_cast<char>(rest.size()) + rest);
        swallow(peer.socket());
    });
    asio::io_context io;
    std::optional<client> node;
    node.emplace(io.get_executor(), server.url(), websocket());
    std::string order;
    for (std::string const text : {"one", "two"})
        node->async_call(echo(text), [&](error_code ec, reply<std::string> r) {
            CHECK(!ec);
            order += *r + ' ';
            if (order.size() == 8)
                node.reset();
        });
    io.run();
    CHECK(order == "two one ");
}

TEST_CASE("net/websocket: many threads over one connection")
{
    ws_server server(answering(reply_to));
    blocking_client node(server.url(), websocket());
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i)
            {
                std::string const text = std::to_string(t * 1000 + i);
                if (node.call(echo(text)) != text)
                    ++wrong;
            }
        });
    for (auto& t : threads)
        t.join();
    CHECK(wrong == 0);
    CHECK(server.connections() == 1);
}

TEST_CASE("net/websocket: wss with a certificate of a trusted authority, by name and by address")
{
    authorities a;
    ws_server server(answering(reply_to), a.good.signed_by_me("DNS:node.test,DNS:*.wild.test,IP:127.0.0.1"));
    CHECK(works(server.url("node.test"), a.trusting()));
    CHECK(works(server.url("NODE.test"), a.trusting()));
    CHECK(works(server.url("x.wild.test"), a.trusting()));
    CHECK(works(server.url("127.0.0.1"), a.trusting()));
    blocking_client node(server.url("node.test"), websocket(a.trusting()));
    std::string const large(3 << 20, 'l');
    CHECK(node.call(echo(large)) == large);
}

TEST_CASE("net/websocket: certificates that are for others, out of date or of strangers are rejected, saying why")
{
    authorities a;
    auto const refuse = [&](identity const& who, std::string const& host, websocket_options const& options,
                            std::string const& why) {
        ws_server server(answering(reply_to), who);
        auto const f = call_failure(server.url(host), options);
        CHECK(f.ec == errc::certificate_rejected);
        CAPTURE(f.detail);
        CHECK(f.detail.find(why) != std::string::npos);
    };
    refuse(a.good.signed_by_me("DNS:other.test"), "node.test", a.trusting(), "hostname mismatch");
    refuse(a.good.signed_by_me("DNS:*.test"), "a.b.test", a.trusting(), "hostname mismatch");
    refuse(a.good.signed_by_me("DNS:127.0.0.1"), "127.0.0.1", a.trusting(), "IP address mismatch");
    refuse(a.good.signed_by_me("DNS:node.test", -7200, -3600), "node.test", a.trusting(), "expired");
    refuse(a.good.signed_by_me("DNS:node.test", 3600, 7200), "node.test", a.trusting(), "not yet valid");
    refuse(a.other.signed_by_me("DNS:node.test"), "node.test", a.trusting(), "local issuer");
    refuse(a.good.signed_by_me("DNS:node.test"), "node.test", with_names(), "local issuer");
    refuse(a.good, "node.test", with_names(), "self-signed");
}

TEST_CASE("net/websocket: verification ends only where it is asked for by its long name")
{
    authorities a;
    ws_server server(answering(reply_to), a.other.signed_by_me("DNS:other.test", -7200, -3600));
    auto options = with_names();
    CHECK(call_failure(server.url("node.test"), options).ec == errc::certificate_rejected);
    CHECK(works(server.url("node.test"), options.tls(tls_options().dangerously_accept_any_certificate())));
}

TEST_CASE("net/websocket: TLS older than 1.2, and what is no TLS, fail the handshake")
{
    authorities a;
    ws_server old(answering(reply_to), a.good.signed_by_me("DNS:node.test"), true);
    CHECK(call_failure(old.url("node.test"), a.trusting()).ec == errc::tls_failed);
    ws_server plain(answering(reply_to));
    CHECK(call_failure("wss://node.test:" + std::to_string(plain.port()), a.trusting()).ec == errc::tls_failed);
}

TEST_CASE("net/websocket: an authority's file that cannot be read fails the connection, not silently the trust")
{
    authorities a;
    ws_server server(answering(reply_to), a.good.signed_by_me("DNS:node.test"));
    auto const f =
        call_failure(server.url("node.test"), with_names().tls(tls_options().add_ca_file("/nowhere/ca.pem")));
    CHECK(f.ec == errc::file_error);
    CHECK(f.detail.find("/nowhere/ca.pem") != std::string::npos);
    temporary_file const rubbish("no certificate");
    CHECK(call_failure(server.url("node.test"), with_names().tls(tls_options().add_ca_file(rubbish.path()))).ec ==
          errc::file_error);
    auto const only = tls_options().without_system_authorities().add_ca_file(a.good_file.path());
    CHECK(works(server.url("node.test"), with_names().tls(only)));
}

TEST_CASE("net/websocket: failures before the connection stands are told apart")
{
    SUBCASE("nobody listens: the system's own code")
    {
        auto const f = call_failure("ws://127.0.0.1:" + dead_port());
        CHECK(f.ec == boost::system::errc::connection_refused);
        CHECK(f.detail.find("127.0.0.1") != std::string::npos);
    }
    SUBCASE("no such name")
    {
        auto const f = call_failure("ws://unknown:1", with_names());
        CHECK(f.ec == errc::name_not_found);
    }
    SUBCASE("the next address is tried")
    {
        ws_server server(answering(reply_to));
        CHECK(works(server.url("two-addresses"), with_names()));
    }
    SUBCASE("an address that leads nowhere, as IPv6 may, costs a moment and not its share of the time")
    {
        ws_server server(answering(reply_to));
        asio::io_context io;
        asio::ip::tcp::endpoint const nowhere(asio::ip::make_address("127.0.0.9"), server.port());
        asio::ip::tcp::acceptor full(io, nowhere.protocol());
        full.bind(nowhere);
        full.listen(0);
        std::vector<asio::ip::tcp::socket> waiting; // nobody accepts them, and for more there is no room
        for (int i = 0; i < 8; ++i)
            waiting.emplace_back(io).async_connect(nowhere, [](error_code) {});
        CHECK(works(server.url("two-addresses"), with_names().handshake_timeout(60s))); // of a deadline of 10 s
    }
    SUBCASE("an HTTP server without WebSocket")
    {
        tcp_server server([](asio::ip::tcp::socket& s, tcp_server&) {
            char buffer[1000];
            s.read_some(asio::buffer(buffer));
            asio::write(s, asio::buffer(std::string("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")));
            swallow(s);
        });
        auto const f = call_failure("ws://127.0.0.1:" + server.port_text());
        CHECK(f.ec == errc::handshake_refused);
        CHECK(f.detail == "HTTP status 403");
    }
    SUBCASE("no HTTP server at all")
    {
        tcp_server server([](asio::ip::tcp::socket& s, tcp_server&) {
            asio::write(s, asio::buffer(std::string("SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n")));
            swallow(s);
        });
        CHECK(call_failure("ws://127.0.0.1:" + server.port_text()).ec == errc::handshake_refused);
    }
    SUBCASE("the server hangs up")
    {
        tcp_server server([](asio::ip::tcp::socket& s, tcp_server&) {
            char buffer[1000];
            s.read_some(asio::buffer(buffer));
        });
        CHECK(call_failure("ws://127.0.0.1:" + server.port_text()).ec == errc::connection_closed);
    }
    SUBCASE("the server is silent, in each handshake")
    {
        tcp_server server([](asio::ip::tcp::socket& s, tcp_server&) { swallow(s); });
        auto const options = websocket_options().handshake_timeout(50ms);
        std::string const at = "127.0.0.1:" + server.port_text();
        CHECK(call_failure("ws://" + at, options).ec == errc::timed_out);
        CHECK(call_failure("wss://" + at, options).ec == errc::timed_out);
        // The call's own deadline, before the transport's; long enough to get there under a sanitizer.
        CHECK(call_failure("ws://" + at, {}, client_options().deadline(1s)).detail == "the WebSocket handshake");
        CHECK(call_failure("wss://" + at, {}, client_options().deadline(1s)).detail == "the TLS handshake");
        for (auto const type : {proxy::protocol_type::socks5, proxy::protocol_type::http_connect})
            CHECK(call_failure("ws://node.test",
                               websocket_options(options).through(proxy(type, "127.0.0.1", server.port())))
                      .ec == errc::timed_out);
    }
}

TEST_CASE("net/websocket: a look-up that hangs delays no deadline, no other node and no destructor")
{
    auto const start = std::chrono::steady_clock::now();
    {
        ws_server server(answering(reply_to));
        auto const options = with_names();
        auto const transports = websocket(options);
        asio::io_context io;
        client hanging(io.get_executor(), "ws://hang", transports);
        client good(io.get_executor(), server.url("node.test"), transports);
        error_code ec;
        std::string said;
        bool other = false;
        hanging.async_call(echo("x").deadline(30ms), [&](error_code e, reply<std::string> r) {
            ec = e;
            said = r.error().message();
            good.async_call(echo("x"), [&](error_code e2, reply<std::string>) {
                other = !e2;
                io.stop();
            });
        });
        io.run();
        CHECK(ec == errc::timed_out);
        CHECK(said == "looking up hang");
        CHECK(other);
        CHECK(call_failure("ws://hang", websocket_options(options).handshake_timeout(30ms)).ec == errc::timed_out);
    }
    CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("net/websocket: through SOCKS5 and HTTP proxies, with and without password, ws and wss")
{
    authorities a;
    ws_server plain(answering(reply_to));
    ws_server tls(answering(reply_to), a.good.signed_by_me("DNS:node.test"));
    for (auto const type : {proxy::protocol_type::socks5, proxy::protocol_type::http_connect})
        for (std::string const password : {"", "pw"})
        {
            proxy_server server(type == proxy::protocol_type::socks5, password);
            proxy const through(type, "127.0.0.1", server.port(), password.empty() ? "" : "me", password);
            // The name is the proxy's to resolve.
            CHECK(works(plain.url("unknown"), a.trusting().through(through)));
            CHECK(server.last_target() == "unknown:" + std::to_string(plain.port()));
            CHECK(works(plain.url("127.0.0.1"), a.trusting().through(through)));
            CHECK(works(tls.url("node.test"), a.trusting().through(through)));
            CHECK(call_failure(tls.url("other.test"), a.trusting().through(through)).ec == errc::certificate_rejected);
            auto const dead = call_failure("ws://node.test:" + dead_port(), a.trusting().through(through));
            CHECK(dead.ec == errc::proxy_refused);
            CHECK(dead.detail.find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos);
            if (!password.empty())
            {
                auto const wrong = call_failure(
                    plain.url(), a.trusting().through(proxy(type, "127.0.0.1", server.port(), "me", "wrong")));
                CHECK(wrong.ec == errc::proxy_refused);
                CHECK(wrong.detail.find(type == proxy::protocol_type::socks5 ? "wrong user or password" : "407") !=
                      std::string::npos);
                CHECK(call_failure(plain.url(), a.trusting().through(proxy(type, "127.0.0.1", server.port()))).ec ==
                      errc::proxy_refused);
            }
        }
    tcp_server hangs_up([](asio::ip::tcp::socket& s, tcp_server&) {
        char c[1];
        s.read_some(asio::buffer(c));
    });
    proxy const broken(proxy::protocol_type::socks5, "127.0.0.1", hangs_up.port());
    auto const f = call_failure(plain.url(), websocket_options().through(broken));
    CHECK((f.ec == errc::proxy_refused || f.ec == boost::system::errc::connection_reset));
}

TEST_CASE("net/websocket: messages up to the limit are read, larger ones are an error that names it")
{
    // Answers with a frame of as many bytes as the parameter says.
    ws_server server(answering([](std::string const& frame) {
        auto const size = std::stoul(frame.substr(frame.find("\"echo\",[\"") + 9));
        std::string const head = R"({"id":)" + id_of(frame) + R"(,"result":")";
        return head + std::string(size - head.size() - 2, 'x') + "\"}";
    }));
    auto const options = websocket_options().max_message_bytes(100'000);
    blocking_client node(server.url(), websocket(options));
    CHECK(node.call(raw_echo("100000")).text.size() > 99'900);
    try
    {
        node.call(raw_echo("100001"));
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::message_too_large);
        CHECK(e.error().detail().find("100000") != std::string::npos);
    }
    CHECK(node.call(raw_echo("1000")).text.size() > 900); // over a new connection
    CHECK(server.connections() == 2);
    CHECK(websocket_options().max_message_bytes() > 32'000'000);
}

TEST_CASE("net/websocket: however the other side ends it, the call ends and says so")
{
    auto const failure_of = [](ws_server::conduct_type conduct, websocket_options const& options = {}) {
        ws_server server([conduct](ws_peer& peer) {
            peer.read();
            conduct(peer);
        });
        return call_failure(server.url(), options);
    };
    auto const closed = failure_of([](ws_peer& peer) { peer.close(1009, "A message was too large"); });
    CHECK(closed.ec == errc::connection_closed);
    CHECK(closed.detail == "close code 1009: A message was too large");

    CHECK(failure_of([](ws_peer&) {}).ec == errc::connection_closed);
    CHECK(failure_of([](ws_peer& peer) {
              peer.socket().set_option(asio::socket_base::linger(true, 0));
              peer.socket().close();
          }).ec == errc::connection_closed);
    CHECK(failure_of([](ws_peer& peer) { peer.write_raw(std::string("\x81\x7e\xff\xff") + "half a frame"); }).ec ==
          errc::connection_closed);
    CHECK(failure_of([](ws_peer& peer) {
              peer.write_raw(std::string("\xf1\x00", 2)); // reserved bits
              swallow(peer.socket());
          }).ec == errc::invalid_reply);
    CHECK(failure_of([](ws_peer& peer) {
              peer.write_raw("\x81\x02\xff\xfe"); // text that is not UTF-8
              swallow(peer.socket());
          }).ec == errc::invalid_reply);
    CHECK(failure_of([](ws_peer& peer) {
              peer.write("<html></html>");
              swallow(peer.socket());
          }).ec == errc::invalid_reply);
    CHECK(failure_of([](ws_peer& peer) {
              peer.write("\xff\xfe", true); // binary rubbish
              swallow(peer.socket());
          }).ec == errc::invalid_reply);
}

TEST_CASE("net/websocket: silence is found out by pings; a node that answers them stays")
{
    {
        auto const options = websocket_options().idle_timeout(100ms);
        ws_server server([](ws_peer& peer) {
            peer.read();
            std::this_thread::sleep_for(2s); // reads nothing, so answers no ping
        });
        auto const f = call_failure(server.url(), options);
        CHECK(f.ec == errc::timed_out);
        CHECK(f.detail == "the other side fell silent");
    }
    ws_server server(answering(reply_to));
    blocking_client node(server.url(), websocket(websocket_options().idle_timeout(600ms)));
    node.call(echo("x"));
    std::this_thread::sleep_for(1500ms);
    CHECK(node.call(echo("y")) == "y");
    CHECK(server.connections() == 1);
}

TEST_CASE("net/websocket: destruction with calls under way, in every stage of connecting")
{
    authorities a;
    ws_server silent([](ws_peer& peer) { swallow(peer.socket()); });
    ws_server secure([](ws_peer& peer) { swallow(peer.socket()); }, a.good.signed_by_me("DNS:node.test"));
    tcp_server dumb([](asio::ip::tcp::socket& s, tcp_server&) { swallow(s); });
    auto const transports = websocket(a.trusting());
    for (std::string const& url : {silent.url(), secure.url("node.test"), "ws://127.0.0.1:" + dumb.port_text(),
                                   "wss://127.0.0.1:" + dumb.port_text(), std::string("ws://hang")})
        for (int steps = 0; steps < 12; ++steps)
        {
            CAPTURE(url);
            CAPTURE(steps);
            asio::io_context io;
            std::optional<client> node;
            node.emplace(io.get_executor(), url, transports);
            int ended = 0;
            for (int i = 0; i < 3; ++i)
                node->async_call(echo("x"),
                                 [&](error_code ec, reply<std::string>) { ended += ec == errc::cancelled ? 1 : 100; });
            for (int i = 0; i < steps; ++i)
                io.run_one_for(5ms);
            node.reset();
            io.restart();
            auto const start = std::chrono::steady_clock::now();
            io.run();
            CHECK(std::chrono::steady_clock::now() - start < 5s);
            CHECK(ended == 3);
        }
}

TEST_CASE("net/websocket: taking leave reaches the other side")
{
    std::atomic<bool> left = false;
    ws_server server([&](ws_peer& peer) {
        try
        {
            for (;;)
                peer.write(reply_to(peer.read()));
        }
        catch (boost::system::system_error const& e)
        {
            left = e.code() == beast::websocket::error::closed;
        }
    });
    asio::io_context io;
    client node(io.get_executor(), server.url(), websocket());
    bool done = false;
    node.async_call(echo("x"), [&](error_code ec, reply<std::string>) {
        CHECK(!ec);
        node.async_close([&](error_code e) { done = !e; });
    });
    io.run();
    CHECK(done);
    for (int i = 0; i < 1000 && !left; ++i)
        std::this_thread::sleep_for(1ms);
    CHECK(left);
}

TEST_CASE("net/websocket: the log tells the stages and no secret")
{
    std::string log;
    std::mutex mutex;
    ws_server server(answering(reply_to));
    proxy_server through(true, "pw");
    auto const options = websocket_options().through(
        proxy(proxy::protocol_type::socks5, "127.0.0.1", through.port(), "me", "pw-secret"));
    call_failure(server.url(), options, client_options().log([&](log_level, std::string_view text) {
        std::lock_guard const lock(mutex);
        log.append(text).append("\n");
    }));
    CAPTURE(log);
    CHECK(log.find("connecting to 127.0.0.1") != std::string::npos);
    CHECK(log.find("wrong user or password") != std::string::npos);
    CHECK(log.find("pw-secret") == std::string::npos);
}
