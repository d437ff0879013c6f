#include "support/http_server.hpp"

#include <bitshares/net/http_client.hpp>

#include <doctest/doctest.h>
#include <zlib.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <set>
#include <thread>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;

namespace {

// Quick, so that a failure is told soon; a server's own time is never the reason.
http_options quick()
{
    return http_options().attempts(2).back_off(1ms, 5ms);
}

std::string gzip(std::string const& text, int level = 6)
{
    z_stream z{};
    REQUIRE(deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(deflateBound(&z, text.size()) + 64, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
    out.resize(z.total_out);
    deflateEnd(&z);
    return out;
}

http_request post(std::string body)
{
    return {.method = http_method::post, .target = "/_search", .body = std::move(body)};
}

// How one request failed.
bitshares::error failure(std::string const& url, http_options const& options = quick(),
                         http_request const& request = {})
{
    http_client client{http_url(url), options};
    auto const r = client.send(request);
    REQUIRE(!r);
    return r.error();
}

// Where nobody listens.
std::string dead_url()
{
    asio::io_context io;
    asio::ip::tcp::acceptor const acceptor(io, {asio::ip::address_v4::loopback(), 0});
    return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
}

lookup_function const loopback = [](std::string const& host, error_code& ec) -> std::vector<asio::ip::address> {
    if (host == "unknown")
        ec = errc::name_not_found;
    return {asio::ip::make_address("127.0.0.1")};
};

http_options with_names()
{
    return quick().resolver(make_resolver(resolver_options().lookup(loopback)));
}

// Opens once; the wait for it ends in any case.
class gate
{
public:
    void open()
    {
        std::lock_guard const lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    bool wait()
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 20s, [this] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

} // namespace

TEST_CASE("net/http_client: sends what is asked for, behind the URL's path, and tells what came")
{
    guarded<std::vector<http_question>> log;
    http_server server(answering_http([&](http_question const& q) {
        log.change([&](auto& all) { all.push_back(q); });
        return http_answer("[" + q.body + "]", q.method() == "PUT" ? 201 : 200,
                           "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: 7\r\n");
    }));
    http_client client{http_url("http://me:p%40ss@127.0.0.1:" + std::to_string(server.port()) + "/es/")};
    auto const a = client.send({.target = "/bitshares-*/_count?q=1"}).value();
    auto const b = client.send(post("{}")).value();
    auto const c =
        client.send({.method = http_method::put, .target = "/_template/x", .body = "{}", .content_type = "text/x"})
            .value();
    CHECK(client.send({.method = http_method::del}).value().body == "[]");
    auto const seen = log.get();
    REQUIRE(seen.size() == 4);
    CHECK(seen[0].line == "GET /es/bitshares-*/_count?q=1 HTTP/1.1");
    CHECK(seen[0].field("Host") == "127.0.0.1:" + std::to_string(server.port()));
    CHECK(seen[0].field("Authorization") == "Basic bWU6cEBzcw==");
    CHECK(seen[0].field("Accept-Encoding") == "gzip");
    CHECK(seen[0].field("User-Agent").starts_with("bitshares-cpp/"));
    CHECK(seen[0].field("Content-Type").empty());
    CHECK(seen[1].line == "POST /es/_search HTTP/1.1");
    CHECK(seen[1].field("Content-Type") == "application/json");
    CHECK(seen[1].body == "{}");
    CHECK(seen[2].line == "PUT /es/_template/x HTTP/1.1");
    CHECK(seen[2].field("Content-Type") == "text/x");
    CHECK(seen[3].line == "DELETE /es/ HTTP/1.1");
    CHECK(a.status == 200);
    CHECK(a.body == "[]");
    CHECK(a.content_type == "application/json");
    CHECK(a.date == 784111777);
    CHECK(a.retry_after == 7s);
    CHECK(a.server == "http://127.0.0.1:" + std::to_string(server.port()) + "/es");
    CHECK(b.body == "[{}]");
    CHECK(c.status == 201);
    CHECK(server.connections() == 1);
}

TEST_CASE("net/http_client: a target or type that would break the request is refused before anything is sent")
{
    http_server server(answering_http([](auto const&) { return http_answer("x"); }));
    http_client client{http_url(server.url())};
    for (std::string const target : {"", "x", "/a b", "/a\r\nX: y", "/\xc3\xa4", "/#a"})
        CHECK(client.send({.target = target}).error().code() == errc::invalid_url);
    CHECK(client.send({.body = "x", .content_type = "a\r\nb: c"}).error().code() == errc::invalid_url);
    CHECK(server.connections() == 0);
}

TEST_CASE("net/http_client: bodies of all lengths: counted, in chunks, to the connection's end, none")
{
    std::string const large(3 << 20, 'l');
    http_server server([&](http_peer& peer) {
        for (;;)
        {
            auto const q = peer.read();
            if (q.target() == "/large")
                peer.write(http_answer(large + q.body));
            else if (q.target() == "/chunks")
                peer.write(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n");
            else if (q.target() == "/slow") // a byte at a time
                for (char const c : http_answer("slow"))
                    peer.write(std::string(1, c));
            else if (q.target() == "/none")
                peer.write("HTTP/1.1 204 No Content\r\n\r\n");
            else if (q.target() == "/interim")
                peer.write("HTTP/1.1 100 Continue\r\n\r\n" + http_answer("after"));
            else if (q.method() == "HEAD")
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            else
            {
                peer.write("HTTP/1.0 200 OK\r\n\r\nto the end");
                return peer.end();
            }
        }
    });
    http_client client{http_url(server.url())};
    CHECK(client.send({.target = "/large"}).value().body == large);
    auto request = post(large);
    request.target = "/large";
    CHECK(client.send(request).value().body == large + large);
    CHECK(client.send({.target = "/chunks"}).value().body == "abcdefg");
    CHECK(client.send({.target = "/slow"}).value().body == "slow");
    CHECK(client.send({.target = "/none"}).value().status == 204);
    CHECK(client.send({.target = "/interim"}).value().body == "after");
    CHECK(client.send({.method = http_method::head, .target = "/h"}).value().body.empty());
    CHECK(client.send({.target = "/chunks"}).value().body == "abcdefg");
    CHECK(server.connections() == 1);
    CHECK(client.send({.target = "/end"}).value().body == "to the end");
    CHECK(client.send({.target = "/chunks"}).value().body == "abcdefg");
    CHECK(server.connections() == 2);
}

TEST_CASE("net/http_client: gzip, in one member or several; damaged or too large is an error")
{
    std::mt19937 random(7);
    std::string noise(300'000, '\0');
    for (char& c : noise)
        c = static_cast<char>(random());
    std::string const text = noise + std::string(2'000'000, 't') + noise.substr(0, 1000);
    SUBCASE("the decompressor")
    {
        std::size_t const limit = 3 << 20;
        for (std::string const& original : {std::string(), std::string("a"), text, noise})
            for (int const level : {0, 1, 9})
                CHECK(detail::gunzip(gzip(original, level), limit).value() == original);
        CHECK(detail::gunzip(gzip("one ") + gzip("two"), limit).value() == "one two");
        // With name, comment, extra field and the header's checksum.
        std::string fields = gzip("named");
        fields[3] = 0x1e;
        fields.insert(10, std::string("\x02\x00xyname\0comment\0cc", 20 - 1));
        CHECK(detail::gunzip(fields, limit).value() == "named");

        std::string const whole = gzip("to be damaged " + noise.substr(0, 100));
        for (std::size_t size = 0; size < whole.size(); ++size)
            CHECK(detail::gunzip(whole.substr(0, size), limit).error().code() == errc::invalid_reply);
        for (std::size_t at : {std::size_t(0), std::size_t(2), std::size_t(3), whole.size() - 1, whole.size() - 8})
        {
            std::string bad = whole;
            bad[at] = static_cast<char>(bad[at] ^ 0x80);
            CHECK(detail::gunzip(bad, limit).error().code() == errc::invalid_reply);
        }
        CHECK(detail::gunzip(whole + "x", limit).error().code() == errc::invalid_reply);

        CHECK(detail::gunzip(gzip(std::string(1000, 'x')), 1000).value().size() == 1000);
        CHECK(detail::gunzip(gzip(std::string(1001, 'x')), 1000).error().code() == errc::message_too_large);
        // A thousand times as large as it came.
        CHECK(detail::gunzip(gzip(std::string(50 << 20, '\0'), 9), 1 << 20).error().code() == errc::message_too_large);
    }
    SUBCASE("over the network")
    {
        guarded<std::string> answer;
        http_server server(answering_http([&](http_question const& q) {
            return q.field("Accept-Encoding") == "gzip" ? answer.get() : http_answer("plain");
        }));
        http_client client(http_url(server.url()), quick().max_reply_bytes(5 << 20));
        answer = http_answer(gzip(text), 200, "Content-Encoding: gzip\r\n");
        CHECK(client.send({}).value().body == text);
        answer = http_answer(gzip(std::string(6 << 20, 'x')), 200, "Content-Encoding: GZIP\r\n");
        CHECK(client.send({}).error().code() == errc::message_too_large);
        answer = http_answer(gzip(text).substr(0, 1000), 200, "Content-Encoding: gzip\r\n");
        CHECK(client.send({}).error().code() == errc::invalid_reply);
        answer = http_answer("x", 200, "Content-Encoding: br\r\n");
        CHECK(client.send({}).error().code() == errc::invalid_reply);
        http_client without(http_url(server.url()), quick().gzip(false));
        CHECK(without.send({}).value().body == "plain");
    }
}

TEST_CASE("net/http_client: what is no answer, or not a whole one, is told as what it is")
{
    guarded<std::string> bytes;
    http_server server([&](http_peer& peer) {
        peer.read();
        peer.write(bytes.get());
        peer.end();
    });
    auto const told = [&](std::string answer, http_options options = quick()) {
        bytes = std::move(answer);
        auto e = failure(server.url(), options);
        CHECK(e.detail().find(server.url()) != std::string::npos);
        return e.code();
    };
    CHECK(told("") == errc::connection_closed);
    CHECK(told("HTTP/1.1 200 OK\r\nContent-Le") == errc::connection_closed);
    CHECK(told("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf") == errc::connection_closed);
    CHECK(told("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal") == errc::connection_closed);
    CHECK(told("SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n") == errc::invalid_reply);
    CHECK(told("HTTP/1.1 two hundred\r\n\r\n") == errc::invalid_reply);
    CHECK(told("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n") == errc::invalid_reply);
    CHECK(told("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n") == errc::invalid_reply);
    CHECK(told("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n") == errc::invalid_reply);
    std::string interim;
    for (int i = 0; i < 100; ++i)
        interim += "HTTP/1.1 102 Processing\r\n\r\n";
    CHECK(told(interim) == errc::invalid_reply);
    auto const small = quick().max_reply_bytes(1000);
    CHECK(told("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", small) == errc::message_too_large);
    CHECK(told("HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'x'), small) == errc::message_too_large);
    CHECK(told("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x'), small) ==
          errc::message_too_large);
}

TEST_CASE("net/http_client: statuses are answers; redirections are not followed but told")
{
    std::atomic<int> status = 0;
    std::atomic<int> asked = 0;
    http_server server(answering_http([&](auto const&) {
        ++asked;
        return http_answer("words", status, "Location: https://elsewhere/x\r\n");
    }));
    http_client client(http_url(server.url()), quick().attempts(3));
    for (int const s : {200, 204, 304, 400, 401, 403, 404, 501})
    {
        status = s;
        asked = 0;
        CHECK(client.send({}).value().status == static_cast<unsigned>(s));
        CHECK(asked == 1);
    }
    for (int const s : {408, 429, 500, 502, 503, 504}) // asked again, then told
    {
        status = s;
        asked = 0;
        auto const reply = client.send({}).value();
        CHECK(reply.status == static_cast<unsigned>(s));
        CHECK(reply.body == "words");
        CHECK(asked == 3);
        asked = 0;
        client.send({.attempts = 1}).value();
        CHECK(asked == 1);
        asked = 0;
        client.send({.repeatable = false}).value();
        CHECK(asked == 1);
    }
    status = 301;
    auto const e = client.send({}).error();
    CHECK(e.code() == errc::http_refused);
    CHECK(e.detail().find("HTTP 301") != std::string::npos);
    CHECK(e.detail().find("https://elsewhere/x") != std::string::npos);
}

TEST_CASE("net/http_client: a server that is blamed is left alone, the longer the more often")
{
    auto const counting = [](std::atomic<int>& asked) {
        return answering_http([&asked](auto const&) { return ++asked, http_answer("good"); });
    };
    std::atomic<int> of_first = 0, of_second = 0;
    http_server first(counting(of_first)), second(counting(of_second));
    http_client both({first.url(), second.url()}, quick().back_off(1h, 1h));
    std::string const server = both.send({}).value().server;
    CHECK(of_first == 1);
    both.blame("http://127.0.0.1:1", 1); // none of them
    both.send({}).value();
    CHECK(of_first == 2);
    both.blame(server, 1);
    both.send({}).value();
    both.send({}).value();
    CHECK(of_first == 2);
    CHECK(of_second == 2);

    http_client one(http_url(first.url()), quick().back_off(1ms, 1h).call_timeout(20s));
    for (unsigned const times : {1U, 2U})
    {
        one.blame(server, times);
        one.send({}).value();
    }
    CHECK(of_first == 4);
    one.blame(server, 30); // beyond the call's end
    CHECK(one.send({}).error().code() == errc::timed_out);
    CHECK(of_first == 4);
}

TEST_CASE("net/http_client: of several servers, one without a name does not hide that another may come back")
{
    http_client lost({dead_url(), "http://unknown:1"}, with_names());
    for (int i = 0; i < 3; ++i)
        CHECK(lost.send({.attempts = 1}).error().code() == asio::error::connection_refused);
    http_client none({"http://unknown:1", "http://unknown:2"}, with_names());
    CHECK(none.send({.attempts = 1}).error().code() == errc::name_not_found);
    // The one that may come back is not asked in this call.
    http_server server(answering_http([](auto const&) { return http_answer("good"); }));
    http_client left({server.url(), "http://unknown:1"}, with_names().back_off(1ms, 1h));
    left.blame(server.url(), 30);
    CHECK(left.send({.attempts = 1}).error().code() == errc::timed_out);
}

TEST_CASE("net/http_client: a call is ended from elsewhere, between its tries or in one, and no other call")
{
    std::atomic<int> asked = 0;
    gate reached;
    http_server server(answering_http([&](auto const&) {
        return ++asked == 1 ? (reached.open(), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart")
                            : http_answer("good");
    }));
    auto const options = quick().attempt_timeout(1h).call_timeout(2h).back_off(1h, 1h);
    http_client client(http_url(server.url()), options);
    std::stop_source under_way;
    std::thread stopper([&] {
        CHECK(reached.wait());
        under_way.request_stop();
    });
    http_request request;
    request.stop = under_way.get_token();
    CHECK(client.send(request).error().code() == errc::cancelled);
    stopper.join();
    CHECK(client.send(request).error().code() == errc::cancelled); // at once
    CHECK(asked == 1);
    CHECK(client.send({}).value().body == "good");

    client.blame(server.url(), 1);
    std::stop_source waiting;
    request.stop = waiting.get_token();
    std::thread caller([&] { CHECK(client.send(request).error().code() == errc::cancelled); });
    waiting.request_stop();
    caller.join();
    CHECK(asked == 2);
}

TEST_CASE("net/http_client: Retry-After is waited for, but not for ever, and not beyond the call's end")
{
    std::atomic<int> asked = 0;
    guarded<std::string> after;
    http_server server(answering_http([&](auto const&) {
        return ++asked == 1
                   ? http_answer("", 503, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: " + after.get() + "\r\n")
                   : http_answer("good");
    }));
    auto const start = std::chrono::steady_clock::now();
    auto const passed = [&] { return std::chrono::steady_clock::now() - start; };
    SUBCASE("seconds")
    {
        after = "1";
        http_client client(http_url(server.url()), quick());
        CHECK(client.send({}).value().body == "good");
        CHECK(passed() >= 1s);
    }
    SUBCASE("a date, by the server's own clock")
    {
        after = "Sun, 06 Nov 1994 08:49:38 GMT";
        http_client client(http_url(server.url()), quick());
        CHECK(client.send({}).value().body == "good");
        CHECK(passed() >= 1s);
    }
    SUBCASE("bounded")
    {
        after = "4000000000";
        http_client client(http_url(server.url()), quick().max_retry_after(10ms));
        CHECK(client.send({}).value().body == "good");
    }
    SUBCASE("a call that ends before tells the refusal at once")
    {
        after = "3600";
        http_client client(http_url(server.url()), quick().max_retry_after(24h).call_timeout(10s));
        CHECK(client.send({}).value().status == 503);
        CHECK(client.send({}).error().code() == errc::timed_out); // the server is not even asked
        CHECK(asked == 1);
        CHECK(passed() < 9s);
    }
}

TEST_CASE("net/http_client: a silent server costs the attempt's time, a slow one the call's")
{
    http_server server([](http_peer& peer) {
        peer.read();
        swallow(peer.socket());
    });
    auto const e = failure(server.url(), quick().attempt_timeout(50ms));
    CHECK(e.code() == errc::timed_out);
    CHECK(server.connections() == 2); // each attempt its own
    CHECK(failure(server.url(), http_options().call_timeout(100ms)).code() == errc::timed_out);

    http_server trickle([](http_peer& peer) {
        peer.read();
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        for (int i = 0; i < 999; ++i)
        {
            peer.write("x");
            std::this_thread::sleep_for(20ms);
        }
    });
    CHECK(failure(trickle.url(), http_options().attempts(1).attempt_timeout(200ms)).code() == errc::timed_out);
}

TEST_CASE("net/http_client: a connection that the server closed meanwhile is replaced without a word")
{
    std::atomic<int> asked = 0;
    SUBCASE("closed after an answer that did not say so")
    {
        http_server server([&](http_peer& peer) {
            peer.read();
            peer.write(http_answer(std::to_string(++asked)));
        });
        std::atomic<int> warnings = 0;
        http_client client(http_url(server.url()),
                           http_options().attempts(1).log([&](log_level level, std::string_view) {
                               if (level == log_level::warning)
                                   ++warnings;
                           }));
        for (int i = 1; i <= 5; ++i)
            CHECK(client.send({}).value().body == std::to_string(i));
        CHECK(server.connections() == 5);
        CHECK(warnings == 0);
    }
    SUBCASE("closed when the next request has come: what may be sent again is, once; the rest has its own connection")
    {
        http_server server([&](http_peer& peer) {
            peer.read();
            peer.write(http_answer(std::to_string(++asked)));
            peer.read();
        });
        http_client client(http_url(server.url()), http_options().attempts(1));
        for (int i = 1; i <= 3; ++i)
            CHECK(client.send({}).value().body == std::to_string(i));
        CHECK(client.send({.repeatable = false}).value().body == "4");
        CHECK(server.connections() == 4);
    }
    SUBCASE("said, or not wanted, or something behind the answer")
    {
        guarded<std::string> fields, rest;
        http_server server(
            answering_http([&](auto const&) { return http_answer("x", 200, fields.get()) + rest.get(); }));
        http_client client{http_url(server.url())};
        fields = "Connection: close\r\n";
        client.send({}).value();
        client.send({}).value();
        CHECK(server.connections() == 2);
        fields = "";
        rest = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
        client.send({}).value();
        CHECK(client.send({}).value().body == "x");
        CHECK(server.connections() == 4);
        rest = "";
        http_client without(http_url(server.url()), http_options().keep_alive(0ms));
        without.send({}).value();
        without.send({}).value();
        CHECK(server.connections() == 6);
    }
}

TEST_CASE("net/http_client: what may not be sent again and has no answer may have been done")
{
    std::atomic<int> asked = 0;
    http_server server([&](http_peer& peer) {
        peer.read();
        ++asked;
    });
    CHECK(failure(server.url(), quick(), {.method = http_method::post, .repeatable = false}).code() ==
          errc::maybe_applied);
    CHECK(asked == 1);
    // What never reached a server may go to another one.
    http_server good(answering_http([](auto const&) { return http_answer("good"); }));
    http_client client({dead_url(), good.url()}, quick());
    CHECK(client.send({.method = http_method::post, .repeatable = false}).value().body == "good");
}

TEST_CASE("net/http_client: of several servers, any may be lost")
{
    SUBCASE("dead, silent, refusing and garbling ones; the good one is found and then asked first")
    {
        std::atomic<int> refused = 0;
        http_server silent([](http_peer& peer) { swallow(peer.socket()); });
        http_server busy(answering_http([&](auto const&) {
            ++refused;
            return http_answer("", 503);
        }));
        http_server garbling([](http_peer& peer) { peer.write("garbage\r\n\r\n"); });
        http_server good(answering_http([](auto const&) { return http_answer("good"); }));
        http_client client({dead_url(), silent.url(), busy.url(), garbling.url(), good.url()},
                           http_options().attempts(1).attempt_timeout(2s).back_off(1h, 1h));
        auto const reply = client.send({}).value();
        CHECK(reply.body == "good");
        CHECK(reply.server == good.url());
        for (int i = 0; i < 10; ++i)
            CHECK(client.send({}).value().server == good.url());
        CHECK(refused == 1);
        CHECK(good.connections() == 1);
    }
    SUBCASE("all lost: each one's reason is told")
    {
        std::string const dead = dead_url();
        http_server closing([](http_peer&) {});
        http_client client({dead, closing.url()}, quick());
        auto const e = client.send({}).error();
        CHECK(e.detail().find(dead) != std::string::npos);
        CHECK(e.detail().find("refused") != std::string::npos);
        CHECK(e.detail().find(closing.url()) != std::string::npos);
    }
    SUBCASE("one that comes back is used again")
    {
        std::atomic<bool> up = false;
        http_server server(answering_http([&](auto const&) { return http_answer("back", up ? 200 : 503); }));
        http_client client({server.url(), dead_url()}, quick());
        CHECK(client.send({}).value().status == 503);
        up = true;
        CHECK(client.send({}).value().status == 200);
    }
    SUBCASE("credentials go only to the server whose URL names them")
    {
        std::mutex mutex;
        std::string first_said, second_said;
        auto const note = [&mutex](std::string& to, int status) {
            return answering_http([&to, &mutex, status](http_question const& q) {
                std::lock_guard const lock(mutex);
                to += q.field("Authorization") + ";";
                return http_answer("", status);
            });
        };
        http_server first(note(first_said, 503));
        http_server second(note(second_said, 200));
        http_client client({"http://me:pw@127.0.0.1:" + std::to_string(first.port()), second.url()}, quick());
        CHECK(client.send({}).value().status == 200);
        std::lock_guard const lock(mutex);
        CHECK(first_said == "Basic bWU6cHc=;");
        CHECK(second_said == ";");
    }
    SUBCASE("none at all")
    {
        CHECK_THROWS_AS(http_client(std::vector<http_url>()), std::invalid_argument);
    }
}

TEST_CASE("net/http_client: TLS verifies the chain and the name, and sends nothing where they are wrong")
{
    identity const good = identity::authority("good authority");
    identity const other = identity::authority("other authority");
    temporary_file const good_file(good.certificate_pem());
    auto const trusting = [&] { return with_names().tls(tls_options().add_ca_file(good_file.path())); };
    std::atomic<int> asked = 0;
    auto const conduct = answering_http([&](auto const&) {
        ++asked;
        return http_answer("secret");
    });
    http_server server(conduct, good.signed_by_me("DNS:search.test"));
    http_client client(http_url(server.url("search.test")), trusting());
    for (int i = 0; i < 3; ++i)
        CHECK(client.send(post(std::string(200'000, 'b'))).value().body == "secret");
    CHECK(server.connections() == 1);
    asked = 0;
    std::string const with_password = "https://me:pw@other.test:" + std::to_string(server.port());
    CHECK(failure(with_password, trusting()).code() == errc::certificate_rejected);
    CHECK(failure(server.url("search.test"), with_names()).code() == errc::certificate_rejected);
    http_server expired(conduct, good.signed_by_me("DNS:search.test", -100, -10));
    CHECK(failure(expired.url("search.test"), trusting()).code() == errc::certificate_rejected);
    http_server stranger(conduct, other.signed_by_me("DNS:search.test"));
    CHECK(failure(stranger.url("search.test"), trusting()).code() == errc::certificate_rejected);
    CHECK(asked == 0);
    CHECK(failure("https://search.test", with_names().tls(tls_options().add_ca_file("/nowhere/ca.pem"))).code() ==
          errc::file_error);
    http_server plain([](http_peer& peer) {
        char byte;
        peer.read_some(&byte, 1);
        peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        swallow(peer.socket());
    });
    CHECK(failure("https://search.test:" + std::to_string(plain.port()), trusting()).code() == errc::tls_failed);

    // Cut off without TLS's own end: anybody on the line can do that.
    http_server cut(
        [](http_peer& peer) {
            peer.read();
            peer.write("HTTP/1.1 200 OK\r\n\r\nhalf of it");
        },
        good.signed_by_me("DNS:search.test"));
    CHECK(failure(cut.url("search.test"), trusting()).code() == errc::connection_closed);
}

TEST_CASE("net/http_client: names and proxies as for nodes")
{
    CHECK(failure("http://unknown", with_names()).code() == errc::name_not_found);
    http_server server(answering_http([](auto const&) { return http_answer("x"); }));
    for (auto const type : {proxy::protocol_type::socks5, proxy::protocol_type::http_connect})
    {
        proxy_server through(type == proxy::protocol_type::socks5, "pw");
        http_client client(http_url(server.url("unknown")),
                           with_names().through(proxy(type, "127.0.0.1", through.port(), "me", "pw")));
        CHECK(client.send({}).value().body == "x");
        CHECK(through.last_target() == "unknown:" + std::to_string(server.port()));
        auto const e = failure(server.url("unknown"),
                               with_names().through(proxy(type, "127.0.0.1", through.port(), "me", "pssst")));
        CHECK(e.code() == errc::proxy_refused);
        CHECK(e.message().find("pssst") == std::string::npos);
    }
}

TEST_CASE("net/http_client: close() ends calls in every stage, also those between two tries, and every later one")
{
    gate asked;
    http_server silent([&](http_peer& peer) {
        peer.read();
        asked.open();
        swallow(peer.socket());
    });
    http_server busy(answering_http([&](auto const&) {
        asked.open();
        return http_answer("", 503, "Retry-After: 3600\r\n");
    }));
    for (http_server const* const server : {&silent, &busy})
    {
        http_client client(http_url(server->url()),
                           http_options().max_retry_after(24h).call_timeout(24h).attempt_timeout(1h));
        result<http_reply> r = errc::timed_out;
        std::thread caller([&] { r = client.send({}); });
        CHECK(asked.wait());
        client.close();
        caller.join();
        CHECK(r.error().code() == errc::cancelled);
        CHECK(client.send({}).error().code() == errc::cancelled);
    }
    // While a name is looked up that leads nowhere.
    auto const released = std::make_shared<gate>();
    auto const looked_up = std::make_shared<gate>();
    {
        http_client client(http_url("http://hang"),
                           http_options().call_timeout(1h).resolver(make_resolver(
                               resolver_options().lookup([released, looked_up](std::string const&, error_code&) {
                                   looked_up->open();
                                   released->wait();
                                   return std::vector<asio::ip::address>();
                               }))));
        result<http_reply> r = errc::timed_out;
        std::thread caller([&] { r = client.send({}); });
        CHECK(looked_up->wait());
        client.close();
        caller.join();
        CHECK(r.error().code() == errc::cancelled);
    }
    released->open();
}

TEST_CASE("net/http_client: many threads, each with its own connection, which are used again")
{
    http_server server(answering_http([](http_question const& q) { return http_answer(q.body); }));
    http_client client{http_url(server.url())};
    std::atomic<int> wrong = 0;
    for (int round = 0; round < 2; ++round)
    {
        std::vector<std::thread> threads;
        for (int t = 0; t < 8; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 25; ++i)
                {
                    std::string const text = std::to_string(t) + ':' + std::to_string(i);
                    auto const r = client.send(post(text));
                    if (!r || r->body != text)
                        ++wrong;
                }
            });
        for (auto& t : threads)
            t.join();
    }
    CHECK(wrong == 0);
    CHECK(server.connections() <= 8);
}

TEST_CASE("net/http_client: the log has no credentials")
{
    http_server server(answering_http([](auto const&) { return http_answer("", 503); }));
    std::string said;
    http_client client(http_url("http://someone:secret@127.0.0.1:" + std::to_string(server.port())),
                       quick().log([&](log_level, std::string_view text) { said += text; }));
    client.send({}).value();
    CHECK(said.find("HTTP 503") != std::string::npos);
    CHECK(said.find("secret") == std::string::npos);
}
