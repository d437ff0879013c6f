#include <bitshares/net/node_url.hpp>

#include <doctest/doctest.h>

#include <sstream>

using namespace bitshares;

TEST_CASE("net/node_url: scheme, host, port and path are read, defaults filled in")
{
    node_url const plain("ws://node.example");
    CHECK(!plain.secure());
    CHECK(plain.host() == "node.example");
    CHECK(plain.port() == 80);
    CHECK(plain.target() == "/");
    CHECK(plain.authority() == "node.example");

    node_url const full("WSS://Node.Example:8090/ws?key=1");
    CHECK(full.secure());
    CHECK(full.host() == "node.example");
    CHECK(full.port() == 8090);
    CHECK(full.target() == "/ws?key=1");
    CHECK(full.authority() == "node.example:8090");

    CHECK(node_url("wss://a?x").target() == "/?x");
    CHECK(node_url("wss://a").port() == 443);
    CHECK(node_url("ws://127.0.0.1:1").host() == "127.0.0.1");
}

TEST_CASE("net/node_url: IPv6 addresses stand in brackets")
{
    node_url const url("wss://[2001:DB8::1]:8090/");
    CHECK(url.host() == "2001:db8::1");
    CHECK(url.authority() == "[2001:db8::1]:8090");
    CHECK(url.to_string() == "wss://[2001:db8::1]:8090");
    CHECK(node_url("ws://[::1]").authority() == "[::1]");
}

TEST_CASE("net/node_url: text and value are one")
{
    for (std::string const text :
         {"ws://a", "wss://a", "ws://a:81", "wss://a:80/x", "ws://[::1]:8090", "wss://a/ws?b=c"})
    {
        CHECK(node_url(text).to_string() == text);
        CHECK(node_url(node_url(text).to_string()) == node_url(text));
        std::ostringstream out;
        out << node_url(text);
        CHECK(out.str() == text);
    }
    CHECK(node_url("ws://a:80/").to_string() == "ws://a");
    CHECK(node_url("wss://a:443").to_string() == "wss://a");
    CHECK(node_url("wss://a:80").to_string() == "wss://a:80");
}

TEST_CASE("net/node_url: whether a path was written is remembered, and makes no other URL")
{
    for (char const* text : {"wss://a", "wss://a:443", "ws://[::1]:8090", "WSS://A"})
        CHECK(!node_url(text).has_path());
    for (char const* text : {"wss://a/", "wss://a/ws", "wss://a?key=1", "ws://[::1]:8090/"})
        CHECK(node_url(text).has_path());
    CHECK(node_url("wss://a") == node_url("wss://a/"));
    CHECK(node_url("wss://a").target() == "/");
    CHECK(node_url("wss://a") != node_url("wss://a/ws"));
    CHECK(node_url("wss://a") != node_url("ws://a"));
    CHECK(node_url("wss://a") != node_url("wss://a:80"));
    CHECK(node_url("wss://a") != node_url("wss://b"));
}

TEST_CASE("net/node_url: what is no node's URL is refused, saying why")
{
    for (std::string const text : {"",           "node.example", "http://a",     "ws:/a",     "ws://",     "ws://:80",
                                   "ws://a:",    "ws://a:0",     "ws://a:65536", "ws://a:8x", "ws://a:-1", "ws://a b",
                                   "ws://a/b c", "ws://a#x",     "ws://[::1",    "ws://[]",   "ws://[1]",  "ws://[::g]",
                                   "ws://::1",   "ws://[::1]x",  "ws://[::1]:",  "ws://ä",    "ws://a/ä",  "ws://a\n",
                                   "ws://a/\x7f"})
    {
        CAPTURE(text);
        auto const url = node_url::from_string(text);
        REQUIRE(!url);
        CHECK(url.error().code() == errc::invalid_url);
        CHECK(!url.error().detail().empty());
        CHECK_THROWS_AS(node_url{text}, exception);
    }
    CHECK(!node_url::from_string("ws://" + std::string(254, 'a')));
    CHECK(!node_url::from_string(std::string_view("ws://a\0b", 8)));
}

TEST_CASE("net/node_url: credentials are refused and never repeated")
{
    auto const url = node_url::from_string("wss://user:secret@node.example");
    REQUIRE(!url);
    CHECK(url.error().message().find("secret") == std::string::npos);
    CHECK(url.error().message().find("credentials") != std::string::npos);
    CHECK(node_url("ws://a/@x").target() == "/@x");
}
