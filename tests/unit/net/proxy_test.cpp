#include <bitshares/net/proxy.hpp>

#include <doctest/doctest.h>

using namespace bitshares;
using handshake = detail::proxy_handshake;
using state = handshake::state;

namespace {

std::string bytes_of(std::initializer_list<int> list)
{
    std::string text;
    for (int b : list)
        text += static_cast<char>(b);
    return text;
}

proxy const socks(proxy::protocol_type::socks5, "p", 1080);
proxy const socks_with_password(proxy::protocol_type::socks5, "p", 1080, "me", "pw");
proxy const http(proxy::protocol_type::http_connect, "p", 8080);

// Answers of the proxy in turn, each fed byte by byte.
state converse(handshake& h, std::vector<std::string> const& answers)
{
    for (std::string const& answer : answers)
    {
        REQUIRE(h.current() == state::write);
        h.wrote();
        for (char c : answer)
        {
            if (h.current() != state::read)
                break;
            h.received({&c, 1});
        }
    }
    return h.current();
}

} // namespace

TEST_CASE("net/proxy: URLs of proxies, with credentials that are not shown")
{
    auto const p = proxy::from_string("socks5://me:p%40ss%3A@proxy.example:9050").value();
    CHECK(p.protocol() == proxy::protocol_type::socks5);
    CHECK(p.host() == "proxy.example");
    CHECK(p.port() == 9050);
    CHECK(p.user() == "me");
    CHECK(p.password() == "p@ss:");
    CHECK(p.to_string() == "socks5://proxy.example:9050");
    CHECK(proxy::from_string("socks5://[::1]").value().port() == 1080);
    CHECK(proxy::from_string("http://h/").value().port() == 8080);
    CHECK(proxy::from_string("HTTP://h").value().protocol() == proxy::protocol_type::http_connect);
    for (std::string const text : {"", "h:1", "ftp://h", "socks5://", "socks5://h:0", "socks5://a%4@h",
                                   "socks5://a%zz@h", "socks5://:pw@h", "http://h/x"})
    {
        CAPTURE(text);
        CHECK(!proxy::from_string(text));
    }
    CHECK(proxy::from_string("socks5://me:secret@h:0").error().message().find("secret") == std::string::npos);
}

TEST_CASE("net/proxy: SOCKS5 without credentials, host by name")
{
    handshake h(socks, "node.example", 8090);
    CHECK(h.output() == bytes_of({5, 1, 0}));
    h.wrote();
    h.received(bytes_of({5, 0}));
    REQUIRE(h.current() == state::write);
    CHECK(h.output() == bytes_of({5, 1, 0, 3, 12}) + "node.example" + bytes_of({0x1f, 0x9a}));
    h.wrote();
    h.received(bytes_of({5, 0, 0, 1, 127, 0, 0, 1, 0, 80}));
    CHECK(h.current() == state::done);
}

TEST_CASE("net/proxy: SOCKS5 with credentials, hosts by address, answers in pieces")
{
    {
        handshake h(socks_with_password, "10.0.0.1", 80);
        CHECK(h.output() == bytes_of({5, 2, 0, 2}));
        CHECK(converse(h, {bytes_of({5, 2})}) == state::write);
        CHECK(h.output() == bytes_of({1, 2, 'm', 'e', 2, 'p', 'w'}));
        CHECK(converse(h, {bytes_of({1, 0})}) == state::write);
        CHECK(h.output() == bytes_of({5, 1, 0, 1, 10, 0, 0, 1, 0, 80}));
        CHECK(converse(h, {bytes_of({5, 0, 0, 3, 2, 'a', 'b', 0, 1})}) == state::done);
    }
    handshake h(socks, "::1", 80);
    CHECK(converse(h, {bytes_of({5, 0})}) == state::write);
    CHECK(h.output() == bytes_of({5, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80}));
    CHECK(converse(h, {bytes_of({5, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80})}) == state::done);
}

TEST_CASE("net/proxy: each refusal of a SOCKS5 proxy is told")
{
    auto const reason = [](proxy const& p, std::vector<std::string> const& answers) {
        handshake h(p, "node.example", 80);
        CHECK(converse(h, answers) == state::failed);
        return h.reason();
    };
    CHECK(reason(socks, {bytes_of({4, 0})}) == "it does not speak SOCKS5");
    CHECK(reason(socks, {"HTTP/1.1"}) == "it does not speak SOCKS5");
    CHECK(reason(socks, {bytes_of({5, 255})}) == "it wants credentials");
    CHECK(reason(socks_with_password, {bytes_of({5, 255})}) == "it accepts no credentials of this kind");
    CHECK(reason(socks, {bytes_of({5, 2})}) == "it wants credentials");
    CHECK(reason(socks_with_password, {bytes_of({5, 2}), bytes_of({1, 1})}) == "wrong user or password");
    CHECK(reason(socks, {bytes_of({5, 0}), bytes_of({5, 5, 0, 1, 0})}) == "connection refused");
    CHECK(reason(socks, {bytes_of({5, 0}), bytes_of({5, 99, 0, 1, 0})}) == "unknown reply 99");
    CHECK(reason(socks, {bytes_of({5, 0}), bytes_of({5, 0, 0, 9, 0})}) == "an address of unknown type in its answer");
    handshake h(proxy(proxy::protocol_type::socks5, "p", 1, std::string(256, 'x')), "a", 1);
    CHECK(h.current() == state::failed);
}

TEST_CASE("net/proxy: HTTP CONNECT, with and without credentials")
{
    {
        handshake h(http, "node.example", 443);
        CHECK(h.output() == "CONNECT node.example:443 HTTP/1.1\r\nHost: node.example:443\r\n\r\n");
        CHECK(converse(h, {"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n"}) == state::done);
    }
    handshake h(proxy(proxy::protocol_type::http_connect, "p", 1, "Aladdin", "open sesame"), "::1", 443);
    CHECK(h.output() == "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\nProxy-Authorization: Basic "
                        "QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

TEST_CASE("net/proxy: an HTTP proxy's refusal is told, without characters that do harm in a terminal")
{
    auto const reason = [](std::string const& answer) {
        handshake h(http, "node.example", 443);
        h.wrote();
        h.received(answer);
        REQUIRE(h.current() == state::failed);
        return h.reason();
    };
    CHECK(reason("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") == "407 Proxy Authentication Required");
    CHECK(reason("HTTP/1.1 502 \x1b[31m\r\n\r\n") == "502 ?[31m");
    CHECK(reason("SSH-2.0-OpenSSH\r\n\r\n") == "it does not speak HTTP");
    CHECK(reason("HTTP/1.1 200 OK\r\n\r\nearly") == "it speaks before the node does");
    CHECK(reason(std::string(20000, 'x')) == "an endless answer");
}
