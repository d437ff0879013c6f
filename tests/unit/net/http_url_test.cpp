#include <bitshares/net/http_url.hpp>

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace bitshares;

TEST_CASE("net/http_url: takes host, port, path and credentials apart")
{
    http_url const plain("HTTP://Search.Example/");
    CHECK_FALSE(plain.secure());
    CHECK(plain.host() == "search.example");
    CHECK(plain.port() == 80);
    CHECK(plain.path().empty());
    CHECK(plain.user().empty());
    CHECK(plain.authority() == "search.example");
    CHECK(plain.to_string() == "http://search.example");

    http_url const full("https://me:p%40ss%3a%2Fw%25@[::1]:9200/es/v2//");
    CHECK(full.secure());
    CHECK(full.host() == "::1");
    CHECK(full.port() == 9200);
    CHECK(full.path() == "/es/v2");
    CHECK(full.user() == "me");
    CHECK(full.password() == "p@ss:/w%");
    CHECK(full.authority() == "[::1]:9200");
    CHECK(full.to_string() == "https://[::1]:9200/es/v2");

    CHECK(http_url("https://a").port() == 443);
    CHECK(http_url("https://a:443/x").to_string() == "https://a/x");
    CHECK(http_url("http://u@a").user() == "u");
    CHECK(http_url("http://u:a:b@a").password() == "a:b");
    CHECK(http_url("http://a/%2A").path() == "/%2A");
}

TEST_CASE("net/http_url: prints no credentials")
{
    std::ostringstream out;
    out << http_url("https://someone:secret@a/x");
    CHECK(out.str() == "https://a/x");
}

TEST_CASE("net/http_url: an error says what is wrong, and repeats no credentials")
{
    auto const why = [](std::string const& text) {
        auto const url = http_url::from_string(text);
        REQUIRE_MESSAGE(!url, text);
        CHECK(url.error().code() == errc::invalid_url);
        CHECK(url.error().message().find("secret") == std::string::npos);
        return url.error().detail();
    };
    CHECK(why("wss://a") == "expected http:// or https:// in front");
    CHECK(why("a:9200") == "expected http:// or https:// in front");
    CHECK(why("http://") == "no host");
    CHECK(why("http://a:0").find("1 to 65535") != std::string::npos);
    CHECK(why("http://a:99999").find("1 to 65535") != std::string::npos);
    CHECK(why("http://::1").find("brackets") != std::string::npos);
    CHECK(why("http://me:secret/1@a").find("%2F") != std::string::npos);
    CHECK(why("http://me:secret@1@a").find("%40") != std::string::npos);
    CHECK(why("http://:secret@a").find("need a user") != std::string::npos);
    CHECK(why("http://a%3ab:secret@a").find("':'") != std::string::npos);
    CHECK(why("http://me:secret%0a@a").find("control character") != std::string::npos);
    CHECK(why("http://me:secret%@a").find("hexadecimal") != std::string::npos);
    CHECK(why("http://a/x?y=1").find("query") != std::string::npos);
    CHECK(why("http://a/#x").find("fragment") != std::string::npos);
    CHECK(why("http://a/x y").find("blank") != std::string::npos);
    CHECK(why("http://a/%zz").find("hexadecimal") != std::string::npos);
    CHECK(why("http://a/%2").find("hexadecimal") != std::string::npos);
    CHECK(why("http://a\r\nX: y").find("host") != std::string::npos);
    CHECK_THROWS_AS(http_url("nothing"), exception);
}
