#include "support/fake_transport.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/net/client.hpp>
#include <bitshares/rpc/method.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <thread>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;

namespace {

constexpr method<std::string(std::string_view)> echo{"database", "echo"};
constexpr method<std::uint32_t()> count{"database", "get_account_count"};
constexpr method<void()> nothing{"login", "logout"};

chain_id_type const chain = [] {
    chain_id_type id;
    id.data.fill(0x11);
    return id;
}();

// Answers echo with its parameter, get_chain_id with `chain`, get_account_count with 43.
std::vector<std::string> polite(std::string const& frame)
{
    auto const reply = [&](std::string const& result) {
        return std::vector<std::string>{R"({"id":)" + id_of(frame) + R"(,"result":)" + result + "}"};
    };
    if (frame.find("get_chain_id") != std::string::npos)
        return reply('"' + to_hex(chain.data) + '"');
    if (frame.find("get_account_count") != std::string::npos)
        return reply("43");
    if (frame.find("logout") != std::string::npos)
        return reply("null");
    auto const start = frame.find("\"echo\",[") + 8;
    return reply(frame.substr(start, frame.rfind("]]}") - start));
}

std::vector<std::string> silent(std::string const&)
{
    return {};
}

struct outcome
{
    int times = 0;
    error_code ec;
    reply<std::string> answer = node_error();
};

struct fixture
{
    fake_network network;
    asio::io_context io;
    std::optional<client> node;

    explicit fixture(client_options options = {})
    {
        network.node = polite;
        node.emplace(io.get_executor(), "ws://node.example", network.factory(), std::move(options));
    }
    void call(std::string const& text, outcome& o, std::optional<std::chrono::milliseconds> deadline = {})
    {
        auto request = echo(text);
        if (deadline)
            request.deadline(*deadline);
        node->async_call(request, [&o](error_code ec, reply<std::string> r) {
            ++o.times;
            o.ec = ec;
            o.answer = std::move(r);
        });
        // Never inside the initiating function, whatever happens; `times` may be above 0 in repeated use only.
        CHECK(o.times == 0);
    }
    void run()
    {
        io.restart();
        io.poll();
    }
    template <class Condition>
    void run_until(Condition condition)
    {
        io.restart();
        auto const end = std::chrono::steady_clock::now() + 20s;
        while (!condition() && std::chrono::steady_clock::now() < end)
            io.run_one_for(1s);
        REQUIRE(condition());
    }
};

} // namespace

TEST_CASE("net/client: connects when the first call needs it, and calls share the connection")
{
    fixture f;
    f.run();
    CHECK(f.network.connections == 0);
    outcome a, b;
    f.call("one", a);
    f.call("two", b);
    f.run();
    CHECK(f.network.connections == 1);
    CHECK(!a.ec);
    CHECK(a.answer.value() == "one");
    CHECK(b.answer.value() == "two");
    CHECK(f.network.written ==
          std::vector<std::string>{R"({"id":1,"method":"call","params":["database","echo",["one"]]})",
                                   R"({"id":2,"method":"call","params":["database","echo",["two"]]})"});
    bool ended = false;
    f.node->async_call(nothing(), [&](error_code ec, reply<void> r) { ended = !ec && r.has_value(); });
    f.run();
    CHECK(ended);
    CHECK(f.network.connections == 1);
}

TEST_CASE("net/client: calls are sent without waiting for replies, which may come in any order")
{
    fixture f;
    f.network.node = silent;
    outcome calls[5];
    for (auto& c : calls)
        f.call("x", c);
    f.run();
    REQUIRE(f.network.written.size() == 5);
    for (int id : {4, 1, 5, 3, 2})
    {
        f.network.current->send(R"({"id":)" + std::to_string(id) + R"(,"result":"r)" + std::to_string(id) + "\"}");
        f.run();
        CHECK(calls[id - 1].times == 1);
    }
    for (int i = 0; i < 5; ++i)
        CHECK(calls[i].answer.value() == "r" + std::to_string(i + 1));
}

TEST_CASE("net/client: a refusal is an answer, not an error")
{
    fixture f;
    f.network.node = [](std::string const& frame) {
        return std::vector{R"({"id":)" + id_of(frame) + R"(,"error":{"code":10,"message":"Assert Exception"}})"};
    };
    outcome a;
    f.call("x", a);
    f.run();
    CHECK(!a.ec);
    REQUIRE(!a.answer);
    CHECK(a.answer.error().code() == 10);
    CHECK_THROWS_AS(a.answer.value(), node_refused);
    CHECK(f.network.alive == 1); // and the connection stays
}

TEST_CASE("net/client: a connection that cannot be made ends every waiting call; the next call tries again")
{
    fixture f;
    f.network.connect_result = errc::certificate_rejected;
    f.network.detail = "certificate has expired";
    outcome a, b, c;
    f.call("x", a);
    f.call("x", b);
    f.run();
    for (auto* o : {&a, &b})
    {
        CHECK(o->times == 1);
        CHECK(o->ec == errc::certificate_rejected);
        CHECK(o->answer.error().message() == "certificate has expired");
        CHECK(o->answer.error().code() == 0);
    }
    CHECK(f.network.alive == 0);
    f.network.connect_result = {};
    f.call("again", c);
    f.run();
    CHECK(c.answer.value() == "again");
    CHECK(f.network.connections == 2);
}

TEST_CASE("net/client: a lost connection ends the calls that were sent, the others go over the next")
{
    fixture f;
    f.network.write_hangs = true;
    outcome sent, waiting;
    f.call("sent", sent);
    f.call("waiting", waiting);
    f.run();
    REQUIRE(f.network.written.size() == 1);
    f.network.write_hangs = false;
    f.network.current->fail(errc::connection_closed);
    f.run();
    CHECK(sent.ec == errc::connection_closed);
    CHECK(sent.times == 1);
    CHECK(waiting.times == 1);
    CHECK(waiting.answer.value() == "waiting");
    CHECK(f.network.connections == 2);
    // Lost while nothing is under way: the next call connects.
    f.network.current->fail(errc::connection_closed);
    f.run();
    CHECK(f.network.alive == 0);
    outcome next;
    f.call("next", next);
    f.run();
    CHECK(next.answer.value() == "next");
}

TEST_CASE("net/client: a write that fails is a lost connection")
{
    fixture f;
    f.network.write_result = errc::connection_closed;
    outcome a;
    f.call("x", a);
    f.run();
    CHECK(a.ec == errc::connection_closed);
    CHECK(a.times == 1);
    CHECK(f.network.alive == 0);
}

TEST_CASE("net/client: what is no reply ends the calls and the connection")
{
    fixture f;
    f.network.node = [](std::string const&) { return std::vector<std::string>{"<html>"}; };
    outcome a, b;
    f.call("x", a);
    f.run();
    CHECK(a.ec == errc::invalid_reply);
    CHECK(f.network.alive == 0);
    f.network.node = polite;
    f.call("x", b);
    f.run();
    CHECK(!b.ec);
}

TEST_CASE("net/client: a result of another type ends its call alone")
{
    fixture f;
    f.network.node = [](std::string const& frame) {
        return std::vector{R"({"id":)" + id_of(frame) + R"(,"result":{"a":1}})"};
    };
    outcome a;
    f.call("x", a);
    f.run();
    CHECK(a.ec == errc::invalid_reply);
    CHECK(a.answer.error().message().find("wrong JSON type") != std::string::npos);
    CHECK(f.network.alive == 1);
}

TEST_CASE("net/client: every call ends at its deadline, whatever hangs")
{
    for (std::string const what : {"connect", "write", "reply"})
    {
        CAPTURE(what);
        fixture f(client_options().deadline(30ms));
        f.network.connect_hangs = what == "connect";
        f.network.write_hangs = what == "write";
        if (what == "reply")
            f.network.node = silent;
        outcome a, b, own;
        f.call("a", a);
        f.call("b", b);
        f.call("own", own, 1ms);
        auto const start = std::chrono::steady_clock::now();
        f.run_until([&] { return own.times == 1; });
        f.run_until([&] { return a.times == 1 && b.times == 1; });
        CHECK(std::chrono::steady_clock::now() - start >= 30ms);
        CHECK(a.ec == errc::timed_out);
        CHECK(b.ec == errc::timed_out);
        CHECK(own.ec == errc::timed_out);
    }
    CHECK(client_options().deadline() == 10s);
}

TEST_CASE("net/client: a late reply is dropped and the connection goes on")
{
    fixture f;
    f.network.node = silent;
    outcome a, b;
    f.call("x", a, 1ms);
    f.run_until([&] { return a.times == 1; });
    f.network.current->send(R"({"id":1,"result":"late"})");
    f.network.node = polite;
    f.call("y", b);
    f.run();
    CHECK(b.answer.value() == "y");
    CHECK(a.times == 1);
    CHECK(f.network.connections == 1);
}

TEST_CASE("net/client: cancelling one call: all types, nothing sent before, late reply dropped after")
{
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total})
    {
        fixture f;
        f.network.write_hangs = true;
        asio::cancellation_signal first, second;
        outcome a, b, c;
        auto const into = [](outcome& o) {
            return [&o](error_code ec, reply<std::string> r) {
                ++o.times;
                o.ec = ec;
                o.answer = std::move(r);
            };
        };
        f.node->async_call(echo("sent"), asio::bind_cancellation_slot(first.slot(), into(a)));
        f.node->async_call(echo("unsent"), asio::bind_cancellation_slot(second.slot(), into(b)));
        f.run();
        second.emit(type);
        CHECK(b.times == 0); // not inside emit()
        first.emit(type);
        f.run();
        CHECK(a.times == 1);
        CHECK(a.ec == errc::cancelled);
        CHECK(b.ec == errc::cancelled);
        first.emit(type); // once more does nothing
        f.network.current->send(R"({"id":1,"result":"late"})");
        f.run();
        CHECK(a.times == 1);
        CHECK(f.network.alive == 1);
        CHECK(f.network.written.size() == 1);
        f.network.current->fail(errc::connection_closed);
        f.network.write_hangs = false;
        f.call("c", c);
        f.run();
        CHECK(c.answer.value() == "c");
        CHECK(f.network.written.size() == 2); // "unsent" never was
    }
}

TEST_CASE("net/client: cancel, close and destruction complete every handler once, not inside")
{
    for (std::string const what : {"cancel", "close", "destroy", "assign", "async_close"})
        for (int stage = 0; stage < 4; ++stage) // nothing run yet; connecting; writing; waiting for replies
        {
            CAPTURE(what);
            CAPTURE(stage);
            fixture f;
            f.network.connect_hangs = stage == 1;
            f.network.write_hangs = stage == 2;
            f.network.node = silent;
            outcome calls[3];
            for (auto& c : calls)
                f.call("x", c);
            if (stage > 0)
                f.run();
            bool closed = false;
            if (what == "cancel")
                f.node->cancel();
            else if (what == "close")
                f.node->close();
            else if (what == "destroy")
                f.node.reset();
            else if (what == "assign")
                *f.node = client(f.io.get_executor(), "ws://other.example", f.network.factory());
            else
                f.node->async_close([&](error_code ec) { closed = !ec; });
            for (auto& c : calls)
                CHECK(c.times == 0);
            if (what == "cancel")
                f.run();
            else
            {
                f.io.restart();
                f.io.run(); // nothing keeps the context running
                CHECK(f.network.alive == 0);
            }
            for (auto& c : calls)
            {
                CHECK(c.times == 1);
                CHECK(c.ec == errc::cancelled);
            }
            CHECK(closed == (what == "async_close"));
            if (f.node && what != "assign")
            {
                f.network.connect_hangs = f.network.write_hangs = false;
                f.network.node = polite;
                if (f.network.current && what == "cancel")
                    f.node->close();
                outcome again;
                f.call("again", again);
                f.run();
                CHECK(again.answer.value() == "again");
            }
        }
}

TEST_CASE("net/client: a cancelled leave-taking does not wait for the node; all types")
{
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total})
        for (bool const connected : {true, false})
        {
            CAPTURE(connected);
            fixture f;
            f.network.close_hangs = true;
            outcome call;
            if (connected)
            {
                f.call("x", call);
                f.run();
                CHECK(call.times == 1);
            }
            asio::cancellation_signal signal;
            int closed = 0;
            f.node->async_close(asio::bind_cancellation_slot(signal.slot(), [&](error_code ec) { closed += !ec; }));
            CHECK(closed == 0);
            f.run();
            CHECK(closed == (connected ? 0 : 1)); // nobody to wait for
            signal.emit(type);
            CHECK(closed == (connected ? 0 : 1)); // never inside
            f.run();
            CHECK(closed == 1);
            CHECK(f.network.alive == 0);
            signal.emit(type); // late
        }
}

TEST_CASE("net/client: a call whose time is over says what it waited for")
{
    struct
    {
        std::string hangs, says;
    } const cases[] = {{"connect", "the TLS handshake"},
                       {"silent connect", "connecting"},
                       {"chain", "asking for the chain id"},
                       {"write", "sending what was asked before"},
                       {"reply", "waiting for the reply"}};
    for (auto const& c : cases)
    {
        CAPTURE(c.hangs);
        auto options = client_options();
        if (c.hangs == "chain")
            options.chain_id(chain);
        fixture f(options);
        f.network.connect_hangs = c.hangs == "connect" || c.hangs == "silent connect";
        f.network.write_hangs = c.hangs == "write";
        if (c.hangs == "connect")
            f.network.detail = "the TLS handshake";
        f.network.node = silent;
        outcome first, o;
        f.call("first", first);
        f.call("x", o, 5ms);
        f.run_until([&] { return o.times == 1; });
        CHECK(o.ec == errc::timed_out);
        CHECK(o.answer.error().message().starts_with(c.says));
    }
}

TEST_CASE("net/client: a handler may destroy the client, cancel the others, or call again")
{
    SUBCASE("destroy")
    {
        fixture f;
        outcome other;
        f.node->async_call(echo("x"), [&](error_code ec, reply<std::string>) {
            CHECK(!ec);
            f.node.reset();
        });
        f.network.node = [](std::string const& frame) {
            return frame.find("\"x\"") != std::string::npos ? polite(frame) : silent(frame);
        };
        f.call("y", other);
        f.io.run();
        CHECK(other.times == 1);
        CHECK(other.ec == errc::cancelled);
        CHECK(f.network.alive == 0);
    }
    SUBCASE("cancel")
    {
        fixture f;
        outcome other;
        f.network.node = [](std::string const& frame) {
            return frame.find("\"x\"") != std::string::npos ? polite(frame) : silent(frame);
        };
        bool inside = false;
        f.node->async_call(echo("x"), [&](error_code, reply<std::string>) {
            inside = true;
            f.node->cancel();
            CHECK(other.times == 0);
            inside = false;
        });
        f.call("y", other);
        f.run();
        CHECK(!inside);
        CHECK(other.ec == errc::cancelled);
    }
    SUBCASE("call again, many times, without growing the stack")
    {
        fixture f;
        int left = 20'000;
        std::function<void(error_code, reply<std::uint32_t>)> next = [&](error_code ec, reply<std::uint32_t> r) {
            CHECK(!ec);
            CHECK(*r == 43);
            if (--left > 0)
                f.node->async_call(count(), next);
        };
        f.node->async_call(count(), next);
        f.run();
        CHECK(left == 0);
    }
}

TEST_CASE("net/client: an exception of a handler leaves through run() and the connection goes on")
{
    fixture f;
    outcome other;
    f.node->async_call(echo("x"), [](error_code, reply<std::string>) { throw std::runtime_error("handler"); });
    f.call("y", other);
    CHECK_THROWS_AS(f.io.run(), std::runtime_error);
    f.run();
    CHECK(other.answer.value() == "y");
}

TEST_CASE("net/client: handlers run on their own executor")
{
    fixture f;
    asio::io_context other;
    std::thread::id thread;
    f.node->async_call(echo("x"), asio::bind_executor(other.get_executor(), [&](error_code ec, reply<std::string> r) {
                           CHECK(!ec);
                           CHECK(*r == "x");
                           thread = std::this_thread::get_id();
                       }));
    // The call is work for that executor: its context does not run out of it meanwhile.
    std::thread runner([&] { other.run(); });
    auto const id = runner.get_id();
    std::this_thread::sleep_for(5ms);
    f.run_until([&] { return !f.network.written.empty(); });
    f.run();
    runner.join();
    CHECK(thread == id);
    // Also when the call is cancelled.
    other.restart();
    f.network.node = silent;
    bool ended = false;
    f.node->async_call(echo("x"), asio::bind_executor(other.get_executor(), [&](error_code ec, reply<std::string>) {
                           ended = ec == errc::cancelled;
                       }));
    f.run();
    f.node.reset();
    f.io.restart();
    f.io.run();
    CHECK(!ended);
    other.run();
    CHECK(ended);
}

namespace {

template <class T>
struct counting_allocator
{
    using value_type = T;
    int* live;
    explicit counting_allocator(int& n) : live(&n) {}
    template <class U>
    counting_allocator(counting_allocator<U> const& other) : live(other.live)
    {}
    T* allocate(std::size_t n)
    {
        ++*live;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n)
    {
        --*live;
        std::allocator<T>().deallocate(p, n);
    }
    friend bool operator==(counting_allocator const& a, counting_allocator const& b) { return a.live == b.live; }
};

struct counting_handler
{
    int* live;
    int* at_call;
    using allocator_type = counting_allocator<void>;
    allocator_type get_allocator() const { return allocator_type(*live); }
    void operator()(error_code, reply<std::string>) const { *at_call = *live; }
};

} // namespace

TEST_CASE("net/client: a handler's memory is freed before it is called")
{
    fixture f;
    int live = 0;
    int at_call = -1;
    f.node->async_call(echo("x"), counting_handler{&live, &at_call});
    CHECK(live > 0);
    f.run();
    CHECK(at_call == 0);
}

TEST_CASE("net/client: futures, coroutines and deferred calls")
{
    fixture f;
    auto future = f.node->async_call(count(), asio::use_future);
    f.run();
    CHECK(future.get().value() == 43);

    std::string said;
    asio::co_spawn(
        f.io,
        [&]() -> asio::awaitable<void> {
            auto answer = co_await f.node->async_call(echo("co"), asio::use_awaitable);
            said = answer.value();
            auto number = co_await f.node->async_call(count(), asio::use_awaitable);
            said += std::to_string(number.value());
        },
        asio::detached);
    f.run();
    CHECK(said == "co43");

    outcome o;
    auto later = f.node->async_call(echo(std::string("gone") + " by then")); // deferred: holds its own copy
    f.run();
    CHECK(f.network.written.size() == 3);
    std::move(later)([&o](error_code ec, reply<std::string> r) {
        o.ec = ec;
        o.answer = std::move(r);
    });
    f.run();
    CHECK(o.answer.value() == "gone by then");

    auto orphan = f.node->async_call(echo("x"));
    f.node.reset();
    bool cancelled = false;
    std::move(orphan)([&](error_code ec, reply<std::string>) { cancelled = ec == errc::cancelled; });
    CHECK(!cancelled);
    f.run();
    CHECK(cancelled);
}

TEST_CASE("net/client: works on a strand of a context with several threads")
{
    fake_network network;
    network.node = polite;
    asio::io_context io;
    auto const strand = asio::make_strand(io);
    std::optional<client> node;
    node.emplace(strand, "ws://node.example", network.factory());
    std::atomic<int> ended = 0;
    asio::post(strand, [&] {
        for (int i = 0; i < 200; ++i)
            node->async_call(count(), [&](error_code ec, reply<std::uint32_t> r) {
                CHECK(!ec);
                CHECK(*r == 43);
                if (++ended == 200)
                    node.reset();
            });
    });
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { io.run(); });
    for (auto& t : threads)
        t.join();
    CHECK(ended == 200);
}

TEST_CASE("net/client: the chain id is asked before anything else is sent")
{
    fixture f(client_options().chain_id(chain));
    outcome a, b;
    f.call("a", a);
    f.call("b", b);
    f.run();
    CHECK(a.answer.value() == "a");
    CHECK(b.answer.value() == "b");
    REQUIRE(f.network.written.size() == 3);
    CHECK(f.network.written[0].find("get_chain_id") != std::string::npos);
    // On each new connection
    f.network.current->fail(errc::connection_closed);
    f.run();
    outcome c;
    f.call("c", c);
    f.run();
    CHECK(c.answer.value() == "c");
    CHECK(f.network.written[3].find("get_chain_id") != std::string::npos);
}

TEST_CASE("net/client: a node that does not prove its chain is not used, and nothing else is sent")
{
    struct
    {
        std::string name;
        std::string result;
        errc code;
    } const answers[] = {{"another chain", R"("result":")" + std::string(64, '2') + '"', errc::wrong_chain},
                         {"refusal", R"("error":{"code":10,"message":"Access denied"})", errc::invalid_reply},
                         {"no hash", R"("result":5)", errc::invalid_reply},
                         {"garbage", "}", errc::invalid_reply},
                         {"silence", "", errc::timed_out},
                         {"loss", "", errc::connection_closed}};
    for (auto const& answer : answers)
    {
        CAPTURE(answer.name);
        fixture f(client_options().chain_id(chain).deadline(answer.name == "silence" ? 20ms : 10'000ms));
        f.network.node = [&](std::string const& frame) {
            return answer.result.empty()
                       ? std::vector<std::string>()
                       : std::vector<std::string>{R"({"id":)" + id_of(frame) + "," + answer.result + "}"};
        };
        outcome a, b;
        f.call("a", a, 10s);
        f.call("b", b, 10s);
        f.run();
        if (answer.name == "loss")
            f.network.current->fail(errc::connection_closed);
        f.run_until([&] { return a.times == 1 && b.times == 1; });
        CHECK(a.ec == answer.code);
        CHECK(b.ec == answer.code);
        CHECK(f.network.written.size() == 1);
        CHECK(f.network.connections == 1);
        CHECK(f.network.alive == 0);
        if (answer.name == "another chain")
            CHECK(a.answer.error().message().find(std::string(64, '2')) != std::string::npos);
        f.network.node = polite;
        outcome c;
        f.call("c", c);
        f.run();
        CHECK(c.answer.value() == "c");
    }
}

TEST_CASE("net/client: logs in on each new connection, behind the chain id and before anything else")
{
    for (bool const with_chain : {false, true})
    {
        CAPTURE(with_chain);
        client_options options;
        options.login("me", "pass\"word");
        if (with_chain)
            options.chain_id(chain);
        CHECK(options.has_login());
        fixture f(options);
        f.network.node = [](std::string const& frame) {
            return frame.find("login") == std::string::npos
                       ? polite(frame)
                       : std::vector<std::string>{R"({"id":)" + id_of(frame) + R"(,"result":true})"};
        };
        std::string const login = R"(,"method":"call","params":["login","login",["me","pass\"word"]]})";
        for (std::size_t connection = 0; connection < 2; ++connection)
        {
            outcome a, b;
            f.call("a", a);
            f.call("b", b);
            f.run();
            CHECK(a.answer.value() == "a");
            CHECK(b.answer.value() == "b");
            std::size_t const frames = with_chain ? 4 : 3;
            REQUIRE(f.network.written.size() == frames * (connection + 1));
            CHECK(f.network.written[frames * connection + frames - 3].ends_with(login));
            if (with_chain)
                CHECK(f.network.written[frames * connection].find("get_chain_id") != std::string::npos);
            f.network.current->fail(errc::connection_closed);
            f.run();
        }
    }
    CHECK(!client_options().has_login());
}

TEST_CASE("net/client: a node that does not take the login is not used, and nobody is told the password")
{
    struct
    {
        std::string name;
        std::string result;
        errc code;
    } const answers[] = {{"false", R"("result":false)", errc::login_refused},
                         {"a number", R"("result":1)", errc::login_refused},
                         {"refusal", R"("error":{"code":10,"message":"bad password hunter2"})", errc::login_refused},
                         {"no JSON", R"("result":hunter2)", errc::invalid_reply},
                         {"silence", "", errc::timed_out},
                         {"loss", "", errc::connection_closed}};
    for (auto const& answer : answers)
    {
        CAPTURE(answer.name);
        std::string log;
        fixture f(client_options()
                      .login("me", "hunter2")
                      .deadline(answer.name == "silence" ? 20ms : 10'000ms)
                      .log([&](log_level, std::string_view text) { log.append(text).append("\n"); }));
        f.network.node = [&](std::string const& frame) {
            return answer.result.empty()
                       ? std::vector<std::string>()
                       : std::vector<std::string>{R"({"id":)" + id_of(frame) + "," + answer.result + "}"};
        };
        outcome a, b;
        f.call("a", a, 10s);
        f.call("b", b, 10s);
        f.run();
        if (answer.name == "loss")
            f.network.current->fail(errc::connection_closed);
        f.run_until([&] { return a.times == 1 && b.times == 1; });
        CHECK(a.ec == answer.code);
        CHECK(b.ec == answer.code);
        CHECK(f.network.written.size() == 1); // no call was
        CHECK(f.network.alive == 0);
        for (std::string const& told : {log, a.answer.error().message(), a.answer.error().stack_json()})
            CHECK(told.find("hunter2") == std::string::npos);
        CHECK(!log.empty());
    }
}

TEST_CASE("net/client: the password is wiped when it was written, and with the last copy of the options")
{
    fixture f(client_options().login("me", "hunter2"));
    f.network.node = silent;
    outcome a;
    f.call("a", a);
    f.run();
    CHECK(f.network.written.at(0).find("hunter2") != std::string::npos);
    CHECK(f.network.last_frame.size() == f.network.written[0].size());
    CHECK(f.network.last_frame.find("hunter2") == std::string_view::npos);

    alignas(detail::credentials) unsigned char room[sizeof(detail::credentials)] = {};
    auto* const credentials = new (room) detail::credentials("user", "hunter2");
    auto const text = [&] { return std::string_view(reinterpret_cast<char const*>(room), sizeof room); };
    CHECK(text().find("hunter2") != std::string_view::npos); // short texts stand in the string itself
    credentials->~credentials();
    CHECK(text().find("hunter2") == std::string_view::npos);
}

TEST_CASE("net/client: a login goes to no node of another chain")
{
    fixture f(client_options().chain_id(chain_id_type()).login("me", "hunter2"));
    outcome a;
    f.call("a", a);
    f.run();
    CHECK(a.ec == errc::wrong_chain);
    REQUIRE(f.network.written.size() == 1);
    CHECK(f.network.written[0].find("get_chain_id") != std::string::npos);
}

TEST_CASE("net/client: notices and the logger")
{
    std::vector<std::pair<std::uint64_t, std::string>> notices;
    std::string log;
    fixture f(client_options()
                  .notices([&](std::uint64_t id, std::string_view payload) { notices.emplace_back(id, payload); })
                  .log([&](log_level, std::string_view text) { log.append(text).append("\n"); }));
    outcome a;
    f.call("secret", a);
    f.run();
    f.network.current->send(R"({"method":"notice","params":[7,["0001"]]})");
    f.network.current->send(R"({"id":99,"result":"x"})");
    f.run();
    CHECK(notices == std::vector<std::pair<std::uint64_t, std::string>>{{7, R"(["0001"])"}});
    CHECK(log.find("a reply to no call") != std::string::npos);
    f.network.detail = "close code 1001";
    f.network.current->fail(errc::connection_closed);
    f.run();
    CHECK(log.find("ws://node.example: the other side closed the connection: close code 1001") != std::string::npos);
    CHECK(log.find("secret") == std::string::npos);
}
