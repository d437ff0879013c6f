#include <bitshares/history/http_query.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace bitshares;

TEST_CASE("history/http_query: what a URL cannot have is percent-encoded")
{
    CHECK(detail::percent_encode("bitshares-2026-11_~.") == "bitshares-2026-11_~.");
    CHECK(detail::percent_encode("a*b,c", "*,") == "a*b,c");
    CHECK(detail::percent_encode("a*b/../\xc3\xa4?x=1 ") == "a%2Ab%2F..%2F%C3%A4%3Fx%3D1%20");
}

TEST_CASE("history/http_query: a refusal tells the status and what the server said")
{
    auto const said = [](unsigned status, std::string const& body) {
        error const e = detail::http_failure(status, body);
        return std::string(name(static_cast<errc>(e.code().value()))) + ": " + e.detail();
    };
    CHECK(said(400,
               R"({"error":{"root_cause":[],"type":"parsing_exception","reason":"unknown query [x]"},"status":400})") ==
          "http_refused: HTTP 400: parsing_exception: unknown query [x]");
    CHECK(said(404, R"({"detail":"Not Found"})") == "http_refused: HTTP 404: Not Found");
    CHECK(said(500, R"({"message":"Internal Server Error"})") == "http_refused: HTTP 500: Internal Server Error");
    CHECK(said(405, R"({"error":"Incorrect HTTP method","status":405})") ==
          "http_refused: HTTP 405: Incorrect HTTP method");
    CHECK(said(422, R"({"detail":[{"msg":"x"}]})") == R"(http_refused: HTTP 422: [{"msg":"x"}])");
    CHECK(said(502, "<html>Bad \xff gateway") == "http_refused: HTTP 502: Bad \xef\xbf\xbd gateway");
    CHECK(
        said(502,
             "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502  Bad Gateway</h1>\n</body>\r\n") ==
        "http_refused: HTTP 502: 502 Bad Gateway 502 Bad Gateway");
    CHECK(said(500, "<br") == "http_refused: HTTP 500");
    CHECK(said(500, std::string(5000, 'x')).size() < 400);
    CHECK(said(401, "") == "login_refused: HTTP 401");
    CHECK(said(403, R"({"error":{"reason":"action denied"}})") == "login_refused: HTTP 403: action denied");
}

TEST_CASE("history/http_query: an overloaded or restarting server is asked again")
{
    for (unsigned const status : {408U, 425U, 429U, 500U, 502U, 503U, 504U})
        CHECK(detail::is_passing(status));
    for (unsigned const status : {200U, 301U, 400U, 401U, 403U, 404U, 405U, 413U, 501U})
        CHECK_FALSE(detail::is_passing(status));
}
