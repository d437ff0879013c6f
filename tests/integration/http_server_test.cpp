#include "support/http_caller.hpp"

#include <common/http_server.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using program::http_request;
using program::http_response;
using program::http_server;
using program::http_server_options;
using support::http_caller;
using support::http_get;
using namespace std::chrono_literals;

namespace {

// Handlers wait in it until it is opened.
class gate
{
public:
    void pass()
    {
        std::unique_lock lock(mutex_);
        ++inside_;
        changed_.notify_all();
        CHECK(changed_.wait_for(lock, 20s, [this] { return open_; }));
    }
    void await(int count)
    {
        std::unique_lock lock(mutex_);
        CHECK(changed_.wait_for(lock, 20s, [&] { return inside_ >= count; }));
    }
    void open()
    {
        std::lock_guard const lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int inside_ = 0;
    bool open_ = false;
};

struct served
{
    gate slow;
    std::vector<std::string> failures;
    std::mutex mutex;
    http_server server;

    explicit served(http_server_options options = {}) : server(with_errors(std::move(options)))
    {
        server.get("/hello", [](http_request const& r) {
            http_response response;
            response.body = std::string("\"hello ") + std::string(r.parameter("name").value_or("you")) + "\"";
            return response;
        });
        server.get("/slow", [this](http_request const&) {
            slow.pass();
            return http_response{.body = "\"slow\""};
        });
        server.get("/large", [](http_request const&) { return http_response{.body = std::string(64 << 20, 'x')}; });
        server.get("/thrower", [](http_request const&) -> http_response { throw std::runtime_error("secret \"x\""); });
        server.get("/client", [](http_request const& r) { return http_response{.body = r.client}; });
        server.get("/things/{id}/parts/{part}", [](http_request const& r) {
            return http_response{.body = std::string(*r.part("id")) + "," + std::string(*r.part("part"))};
        });
        server.route("POST", "/hello", [](http_request const& r) { return http_response{.body = r.body}; });
        server.get("/metrics", [this](http_request const&) {
            return http_response{.content_type = http_server::metrics_type, .body = server.metrics()};
        });
        server.start();
    }
    ~served() { slow.open(); }

    http_server_options with_errors(http_server_options options)
    {
        options.on_error = [this](std::string const& target, std::string const& what) {
            std::lock_guard const lock(mutex);
            failures.push_back(target + ": " + what);
        };
        return options;
    }
};

// Asks until it holds; the counts of an answer are written before the answer, others need a moment.
template <class Holds>
bool eventually(Holds&& holds)
{
    for (auto const end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;)
    {
        if (holds())
            return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

} // namespace

TEST_CASE("examples/http_server: routes, methods, and what every answer has")
{
    served s;
    http_caller caller(s.server.port());
    auto answer = caller.get("/hello?name=a+b");
    CHECK(answer.status == 200);
    CHECK(answer.body == "\"hello a b\"");
    CHECK(answer.headers["content-type"] == "application/json");
    CHECK(answer.headers["access-control-allow-origin"] == "*");
    CHECK(answer.headers["x-content-type-options"] == "nosniff");
    CHECK(answer.headers["date"].ends_with(" GMT"));
    CHECK(!answer.headers.contains("connection"));

    caller.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    answer = caller.read(true);
    CHECK(answer.status == 200);
    CHECK(answer.headers["content-length"] == "11");

    caller.send("OPTIONS /hello HTTP/1.1\r\nHost: x\r\nOrigin: y\r\n\r\n");
    answer = caller.read();
    CHECK(answer.status == 204);
    CHECK(answer.headers["allow"] == "GET, HEAD, POST, OPTIONS");
    CHECK(answer.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS");
    caller.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(caller.read().status == 204);

    caller.send("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    CHECK(caller.read().body == "abc");
    caller.send("POST /hello HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    CHECK(caller.read().status == 100);
    caller.send("abc");
    CHECK(caller.read().body == "abc");
    caller.send("DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    answer = caller.read();
    CHECK(answer.status == 405);
    CHECK(answer.json()["code"].text() == "method_not_allowed");
    CHECK(answer.headers["allow"] == "GET, HEAD, POST, OPTIONS");

    CHECK(caller.get("/things/7/parts/a%2Fb").status == 404); // the part has a slash
    CHECK(caller.get("/things/7/parts/a%20b").body == "7,a b");
    CHECK(caller.get("/things//parts/x").status == 404);
    answer = caller.get("/nothing");
    CHECK(answer.status == 404);
    CHECK(answer.json()["code"].text() == "not_found");
    CHECK(answer.headers["content-type"] == "application/problem+json");

    // Several at once, and the answers in their order.
    caller.send("GET /hello?name=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
                "GET /hello?name=2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(caller.read().body == "\"hello 1\"");
    CHECK(caller.read().status == 404);
    answer = caller.read();
    CHECK(answer.body == "\"hello 2\"");
    CHECK(answer.headers["connection"] == "close");
    CHECK(caller.is_over());
}

TEST_CASE("examples/http_server: what a handler throws is a 500 that keeps it to itself")
{
    served s;
    auto const answer = http_get(s.server.port(), "/thrower?x");
    CHECK(answer.status == 500);
    CHECK(answer.json()["code"].text() == "internal_error");
    CHECK(answer.body.find("secret") == std::string::npos);
    CHECK(s.failures == std::vector<std::string>{"/thrower?x: secret \"x\""});
    CHECK(http_get(s.server.port(), "/hello").status == 200);
}

TEST_CASE("examples/http_server: slow handlers delay nobody else")
{
    http_server_options options;
    options.threads = 4;
    served s(options);
    http_caller first(s.server.port()), second(s.server.port());
    first.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    second.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    s.slow.await(2);
    CHECK(http_get(s.server.port(), "/hello").status == 200);
    s.slow.open();
    CHECK(first.read().body == "\"slow\"");
    CHECK(second.read().body == "\"slow\"");
}

TEST_CASE("examples/http_server: slow questions of one client leave a thread to the others, and each is answered")
{
    http_server_options options;
    options.threads = 3;
    options.trusted_proxies = {"127.0.0.1"};
    served s(options);
    auto const ask = [&](http_caller& caller, std::string const& path, std::string const& client) {
        caller.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + client + "\r\n\r\n");
    };
    std::list<http_caller> slow;
    for (int i = 0; i < 5; ++i)
        ask(slow.emplace_back(s.server.port()), "/slow", "1.1.1.1");
    s.slow.await(2);
    http_caller other(s.server.port());
    ask(other, "/hello", "2.2.2.2");
    CHECK(other.read().status == 200);
    s.slow.open();
    for (http_caller& caller : slow)
        CHECK(caller.read().body == "\"slow\"");
    http_caller again(s.server.port());
    ask(again, "/hello", "1.1.1.1");
    CHECK(again.read().status == 200);
}

TEST_CASE("examples/http_server: limits of connections, of requests that wait, and of what an address asks")
{
    SUBCASE("connections")
    {
        http_server_options options;
        options.connections = 2;
        served s(options);
        http_caller first(s.server.port()), second(s.server.port());
        CHECK(first.get("/hello").status == 200);
        CHECK(second.get("/hello").status == 200);
        http_caller third(s.server.port());
        auto const answer = third.read();
        CHECK(answer.status == 503);
        CHECK(answer.json()["code"].text() == "too_many_connections");
        CHECK(answer.headers.contains("retry-after"));
        CHECK(third.is_over());
        CHECK(first.get("/hello").status == 200);
    }
    SUBCASE("connections of an address")
    {
        http_server_options options;
        options.connections_per_client = 1;
        served s(options);
        http_caller first(s.server.port());
        CHECK(first.get("/hello").status == 200);
        CHECK(http_caller(s.server.port()).read().status == 429);
        first.close_output();
        CHECK(first.is_over());
        CHECK(eventually([&] {
            try
            {
                return http_get(s.server.port(), "/hello").status == 200;
            }
            catch (boost::system::system_error const&)
            {
                return false;
            }
        }));
    }
    SUBCASE("requests that wait")
    {
        http_server_options options;
        options.threads = 1;
        options.waiting = 1;
        served s(options);
        http_caller first(s.server.port());
        first.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        s.slow.await(1);
        auto const answer = http_get(s.server.port(), "/hello");
        CHECK(answer.status == 503);
        CHECK(answer.json()["code"].text() == "overloaded");
        CHECK(answer.headers.contains("retry-after"));
        s.slow.open();
        CHECK(first.read().status == 200);
    }
    SUBCASE("requests of an address")
    {
        http_server_options options;
        options.requests_per_minute = 1;
        options.burst = 3;
        options.trusted_proxies = {"127.0.0.1", "10.0.0.1"};
        served s(options);
        auto const get = [&](std::string const& headers) {
            http_caller caller(s.server.port());
            caller.send("GET /client HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
            return caller.read();
        };
        for (int i = 0; i < 3; ++i)
            CHECK(get("").body == "127.0.0.1");
        auto const answer = get("");
        CHECK(answer.status == 429);
        CHECK(answer.json()["code"].text() == "too_many_requests");
        CHECK(std::stoi(answer.headers.at("retry-after")) >= 1);
        // Of those behind the proxy each has its own; what one of them says of itself is not believed.
        CHECK(get("X-Forwarded-For: 1.1.1.1, 2.2.2.2\r\n").body == "2.2.2.2");
        CHECK(get("X-Forwarded-For: 1.1.1.1, 2.2.2.2 , 10.0.0.1\r\n").body == "2.2.2.2");
        CHECK(get("X-Forwarded-For: 2.2.2.2\r\nX-Forwarded-For: 10.0.0.1\r\n").body == "2.2.2.2");
        CHECK(get("X-Forwarded-For: 2.2.2.2\r\n").status == 429);
        CHECK(get("X-Forwarded-For: 3.3.3.3\r\n").status == 200);
        CHECK(get("X-Forwarded-For: rubbish\r\n").status == 429); // the proxy itself
        // One network of IPv6 is one client.
        for (int i = 0; i < 3; ++i)
            CHECK(get("X-Forwarded-For: 2001:db8::" + std::to_string(i) + "\r\n").status == 200);
        CHECK(get("X-Forwarded-For: 2001:db8::9\r\n").status == 429);
        CHECK(get("X-Forwarded-For: 2001:db8:0:1::9\r\n").status == 200);
    }
    SUBCASE("addresses of a proxy that nobody trusts")
    {
        served s;
        http_caller caller(s.server.port());
        caller.send("GET /client HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 2.2.2.2\r\n\r\n");
        CHECK(caller.read().body == "127.0.0.1");
    }
}

TEST_CASE("examples/http_server: connections that say or read too little end, and others are served")
{
    http_server_options options;
    options.request_timeout = 300ms;
    options.idle_timeout = 300ms;
    options.write_timeout = 300ms;
    served s(options);
    SUBCASE("a request that does not end")
    {
        http_caller caller(s.server.port());
        caller.send("GET /hello HTT");
        CHECK(caller.is_over());
    }
    SUBCASE("a connection that says nothing")
    {
        http_caller caller(s.server.port());
        CHECK(caller.is_over());
    }
    SUBCASE("an answer that nobody reads")
    {
        http_caller caller(s.server.port());
        caller.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(eventually([&] { return s.server.metrics().find("http_connections_open 0\n") != std::string::npos; }));
    }
    CHECK(eventually([&] { // this test, too, may be slow
        try
        {
            return http_get(s.server.port(), "/hello").status == 200;
        }
        catch (boost::system::system_error const&)
        {
            return false;
        }
    }));
}

TEST_CASE("examples/http_server: hostile requests are refused, and others are served")
{
    served s;
    SUBCASE("rubbish, and more of it")
    {
        http_caller caller(s.server.port());
        caller.send("\x16\x03\x01 this is TLS, is it not?\r\n\r\n");
        auto const answer = caller.read();
        CHECK(answer.status == 400);
        CHECK(answer.headers.at("connection") == "close");
        CHECK(caller.is_over());
    }
    SUBCASE("a header without an end")
    {
        http_caller caller(s.server.port());
        caller.send("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x'));
        CHECK(caller.read().status == 431);
    }
    SUBCASE("a body that is too large")
    {
        http_caller caller(s.server.port());
        caller.send("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc");
        CHECK(caller.read().status == 413);
    }
    SUBCASE("a client that goes away")
    {
        {
            http_caller caller(s.server.port());
            caller.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
            s.slow.await(1);
        }
        s.slow.open();
        CHECK(eventually([&] { return s.server.metrics().find("http_connections_open 0\n") != std::string::npos; }));
    }
    CHECK(http_get(s.server.port(), "/hello").status == 200);
}

TEST_CASE("examples/http_server: metrics for Prometheus")
{
    served s;
    CHECK(http_get(s.server.port(), "/hello?a").status == 200);
    CHECK(http_get(s.server.port(), "/hello?b").status == 200);
    CHECK(http_get(s.server.port(), "/nothing/\"x").status == 404);
    CHECK(http_get(s.server.port(), "/things/1/parts/2").status == 200);
    auto const answer = http_get(s.server.port(), "/metrics");
    CHECK(answer.headers.at("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    for (std::string_view const line :
         {"http_requests_total{route=\"/hello\",method=\"GET\",status=\"200\"} 2\n",
          "http_requests_total{route=\"other\",method=\"GET\",status=\"404\"} 1\n",
          "http_requests_total{route=\"/things/{id}/parts/{part}\",method=\"GET\",status=\"200\"} 1\n",
          "http_request_duration_seconds_bucket{route=\"/hello\",le=\"+Inf\"} 2\n",
          "http_request_duration_seconds_count{route=\"/hello\"} 2\n", "# TYPE http_requests_total counter\n",
          "# TYPE http_request_duration_seconds histogram\n", "http_connections_total 5\n",
          "http_requests_under_way 1\n"})
        CHECK_MESSAGE(answer.body.find(line) != std::string::npos, line);
    for (std::size_t at = 0; at < answer.body.size();) // each line is a comment, or a name and a number
    {
        std::size_t const end = answer.body.find('\n', at);
        REQUIRE(end != std::string::npos);
        std::string const line = answer.body.substr(at, end - at);
        at = end + 1;
        if (!line.starts_with('#'))
            CHECK_MESSAGE(line.find_first_not_of("0123456789.e+-", line.rfind(' ') + 1) == line.npos, line);
    }
}

TEST_CASE("examples/http_server: at its end, nobody is let in, what is under way is answered, idle connections end")
{
    served s;
    std::uint16_t const port = s.server.port();
    http_caller idle(port), busy(port);
    CHECK(idle.get("/hello").status == 200);
    busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    s.slow.await(1);
    s.server.request_stop();
    CHECK(idle.is_over());
    CHECK(eventually([&] {
        try
        {
            http_caller late(port);
            return false;
        }
        catch (boost::system::system_error const&)
        {
            return true;
        }
    }));
    s.slow.open();
    auto const answer = busy.read();
    CHECK(answer.body == "\"slow\"");
    CHECK(answer.headers.at("connection") == "close");
    CHECK(busy.is_over());
    s.server.wait();
}

TEST_CASE("examples/http_server: the end comes also where a client does not read, or does not send")
{
    http_server_options options;
    options.stop_timeout = 200ms;
    served s(options);
    http_caller half(s.server.port()), deaf(s.server.port());
    half.send("GET /hel");
    deaf.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(eventually([&] {
        return s.server.metrics().find("route=\"/large\",method=\"GET\",status=\"200\"} 1") != std::string::npos;
    }));
    s.server.stop();
    CHECK(half.is_over());
}

TEST_CASE("examples/http_server: stops under load, and every answer that was begun is whole")
{
    served s;
    std::uint16_t const port = s.server.port();
    std::atomic<int> good = 0, bad = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back([&] {
            for (;;)
                try
                {
                    http_caller caller(port);
                    for (bool open = true; open;)
                    {
                        auto const answer = caller.get("/hello");
                        answer.body == "\"hello you\"" ? ++good : ++bad;
                        open = !answer.headers.contains("connection");
                    }
                }
                catch (boost::system::system_error const&)
                {
                    return; // it has stopped
                }
        });
    CHECK(eventually([&] { return good > 200; }));
    s.server.stop();
    for (auto& c : clients)
        c.join();
    CHECK(bad == 0);
}
