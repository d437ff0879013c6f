#include "support/json_value.hpp"

#include <common/http_message.hpp>
#include <common/http_server.hpp>
#include <common/rate_limiter.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using program::http_reader;
using program::http_request;
using pairs = std::vector<program::text_pair>;
using reader_state = program::http_reader::state;

namespace {

struct decoded
{
    bool good = false;
    std::string path;
    pairs query;
};

decoded target(std::string_view text, std::size_t max_parameters = 64)
{
    decoded d;
    d.good = program::read_http_target(text, max_parameters, d.path, d.query);
    return d;
}

// Feeds pieces of so many bytes; the requests that came of them, and the last state.
struct outcome
{
    std::vector<http_request> requests;
    reader_state last = reader_state::more;
    std::string refusal; // status and code
    bool go_on = false;
};

outcome fed(std::string_view text, std::size_t piece, program::http_limits limits = {})
{
    outcome o;
    http_reader reader(limits);
    std::string in;
    while (o.last != reader_state::refused && (!text.empty() || !in.empty()))
    {
        in += text.substr(0, piece);
        text.remove_prefix(std::min(piece, text.size()));
        for (;;)
        {
            std::size_t used = 0;
            o.last = reader.feed(in, used);
            in.erase(0, used);
            o.go_on = o.go_on || o.last == reader_state::go_on;
            if (o.last != reader_state::whole)
                break;
            o.requests.push_back(reader.take());
        }
        if (text.empty())
            break;
    }
    if (o.last == reader_state::refused)
    {
        auto const problem = test::json_value::parse(reader.problem().body);
        o.refusal = std::to_string(reader.problem().status) + " " + problem["code"].text();
        CHECK(problem["status"].as_uint() == reader.problem().status);
        CHECK(problem["title"].text() == program::http_reason(reader.problem().status));
    }
    return o;
}

} // namespace

TEST_CASE("examples/http_message: paths and parameters, decoded")
{
    auto d = target("/a%20b/c?x=1&y=a+b%2Bc&x=2&&z&=e&u=%C3%A4#there");
    CHECK(d.good);
    CHECK(d.path == "/a b/c");
    CHECK(d.query == pairs{{"x", "1"}, {"y", "a b+c"}, {"x", "2"}, {"z", ""}, {"", "e"}, {"u", "\xc3\xa4"}});
    d = target("HTTP://host:80/a+b?c");
    CHECK(d.good);
    CHECK(d.path == "/a+b");
    CHECK(target("https://host").path == "/");
    CHECK(target("*").path == "*");
    for (std::string_view const bad : {"", "a", "%2Fa", "/%", "/%4", "/%zz", "/%00", "/a?x=%0a", "/a?%ff=1",
                                       "/a?x=\x7f", "/%C3", "//%80", "host:443", "http://"})
        CHECK_MESSAGE(!target(bad).good, bad);
    CHECK(target("/?a&b&c", 3).good);
    CHECK(!target("/?a&b&c&d", 3).good);
}

TEST_CASE("examples/http_message: requests in pieces of any size, one behind the other")
{
    std::string const text = "GET /a?x=1 HTTP/1.1\r\nHost: h\r\nX-Thing:  some thing \r\n\r\n"
                             "POST /b HTTP/1.1\r\nhost: h\r\nContent-Length: 5\r\n\r\nhello"
                             "POST /c HTTP/1.1\r\nhost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                             "GET /d HTTP/1.0\r\n\r\n";
    for (std::size_t const piece : {1U, 2U, 7U, 100U, 10'000U})
    {
        CAPTURE(piece);
        auto const o = fed(text, piece);
        REQUIRE(o.requests.size() == 4);
        CHECK(o.requests[0].method == "GET");
        CHECK(o.requests[0].path == "/a");
        CHECK(o.requests[0].parameter("x") == "1");
        CHECK(!o.requests[0].parameter("y"));
        CHECK(o.requests[0].header("x-thing") == "some thing");
        CHECK(o.requests[0].keep_alive);
        CHECK(o.requests[1].method == "POST");
        CHECK(o.requests[1].body == "hello");
        CHECK(o.requests[2].body == "abc");
        CHECK(o.requests[3].old);
        CHECK(!o.requests[3].keep_alive);
        CHECK(!o.go_on);
    }
    CHECK(fed("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", 9).go_on);
}

TEST_CASE("examples/http_message: what is no request, or too much, is refused with the reason")
{
    program::http_limits limits{.header_bytes = 200, .body_bytes = 10, .parameters = 2};
    for (auto const& [text, refusal] : std::vector<std::pair<std::string, std::string>>{
             {"hello\r\n\r\n", "400 bad_request"},
             {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505 bad_version"},
             {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 bad_version"},
             {"GET / HTTP/1.1\r\n\r\n", "400 bad_host"},
             {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 bad_host"},
             {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400 bad_target"},
             {"GET /?a&b&c HTTP/1.1\r\nHost: a\r\n\r\n", "400 bad_target"},
             {"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "400 bad_target"},
             {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(300, 'x') + "\r\n\r\n", "431 header_too_large"},
             {"GET /" + std::string(300, 'x'), "431 header_too_large"},
             {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", "413 body_too_large"},
             {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", "400 bad_request"},
             {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400 bad_request"},
             {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
              "400 bad_request"},
             {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "501 bad_transfer_encoding"},
             {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n",
              "413 body_too_large"}})
        for (std::size_t const piece : {1U, 1000U})
        {
            auto const o = fed(text, piece, limits);
            CHECK_MESSAGE(o.refusal == refusal, text << ": " << o.refusal);
            CHECK(o.requests.empty());
        }
}

TEST_CASE("examples/http_message: the head of an answer, and what a problem says")
{
    program::http_response response;
    response.body = "{}";
    response.headers.emplace_back("X-More", "1");
    CHECK(program::http_head(response, false, true, "Date: d\r\n") ==
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-More: 1\r\nDate: d\r\n\r\n");
    response = {.status = 204};
    CHECK(program::http_head(response, true, true, "") == "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
    auto const problem = program::http_problem(400, "bad", "say \"x\"\n\xff");
    CHECK(problem.content_type == "application/problem+json");
    CHECK(test::json_value::parse(problem.body)["detail"].text() == "say \"x\"\n\xef\xbf\xbd");
}

TEST_CASE("examples/rate_limiter: so many at once, then by the minute, each client for itself")
{
    program::rate_limiter limiter(60, 3);
    auto now = program::rate_limiter::time_point() + std::chrono::hours(1);
    for (int i = 0; i < 3; ++i)
        CHECK(limiter.ask("a", now) == 0);
    CHECK(limiter.ask("a", now) == 1);
    CHECK(limiter.ask("b", now) == 0);
    now += std::chrono::milliseconds(999);
    CHECK(limiter.ask("a", now) == 1);
    now += std::chrono::milliseconds(2);
    CHECK(limiter.ask("a", now) == 0);
    CHECK(limiter.ask("a", now) == 1);
    now += std::chrono::hours(1);
    for (int i = 0; i < 3; ++i)
        CHECK(limiter.ask("a", now) == 0);
    CHECK(limiter.ask("a", now) == 1);
    program::rate_limiter slow(1, 1);
    CHECK(slow.ask("a", now) == 0);
    CHECK(slow.ask("a", now) == 60);
    program::rate_limiter none(0, 1);
    for (int i = 0; i < 1000; ++i)
        CHECK(none.ask("a", now) == 0);
    program::rate_limiter small(60, 2, 10);
    for (int i = 0; i < 1000; ++i)
        CHECK(small.ask(std::to_string(i), now) == 0);
    CHECK(small.clients() <= 10);
}

TEST_CASE("examples/http_server: where to listen")
{
    std::string address;
    std::uint16_t port = 0;
    for (auto const& [text, wanted] : std::vector<std::pair<std::string, std::string>>{{"8080", "127.0.0.1 8080"},
                                                                                       {":80", "127.0.0.1 80"},
                                                                                       {"0.0.0.0:1", "0.0.0.0 1"},
                                                                                       {"[::1]:5000", "::1 5000"},
                                                                                       {"localhost:0", "127.0.0.1 0"},
                                                                                       {"[::]:65535", ":: 65535"}})
    {
        CHECK(program::read_listen_address(text, address, port));
        CHECK(address + " " + std::to_string(port) == wanted);
    }
    for (std::string_view const bad :
         {"", ":", "x", "1.2.3:5", "::1:5000", "127.0.0.1:65536", "127.0.0.1:", "a.b:5", "1 "})
        CHECK_MESSAGE(!program::read_listen_address(bad, address, port), bad);
}
