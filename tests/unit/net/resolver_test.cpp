#include <bitshares/net/resolver.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace bitshares;
using namespace std::chrono_literals;

namespace {

// A look-up that hangs for names beginning with "hang" until it is released; counts what it was asked.
struct gate
{
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int inside = 0;
    std::map<std::string, int> asked;

    std::vector<asio::ip::address> operator()(std::string const& host, error_code& ec)
    {
        std::unique_lock lock(mutex);
        ++asked[host];
        if (host.starts_with("hang"))
        {
            ++inside;
            changed.notify_all();
            changed.wait(lock, [&] { return open; });
            --inside;
            changed.notify_all();
        }
        if (host == "throw")
            throw std::runtime_error("look-up");
        if (host == "throw an int")
            throw 5;
        if (host == "none")
            ec = errc::name_not_found;
        else if (host != "empty")
            return {asio::ip::make_address("127.0.0.1")};
        return {};
    }
    void wait_inside(int n)
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return inside >= n; });
    }
    void release()
    {
        std::unique_lock lock(mutex);
        open = true;
        changed.notify_all();
        changed.wait(lock, [&] { return inside == 0; });
    }
};

struct fixture
{
    // Shared with the threads, which may outlive the resolver.
    std::shared_ptr<gate> g = std::make_shared<gate>();
    asio::io_context io;
    std::shared_ptr<resolver> r;

    explicit fixture(std::size_t threads = 2, std::chrono::milliseconds hung_after = 0ms)
    {
        r = make_resolver(resolver_options()
                              .max_threads(threads)
                              .hung_after(hung_after)
                              .lookup([g = g](std::string const& host, error_code& ec) { return (*g)(host, ec); }));
    }

    struct outcome
    {
        int times = 0;
        error_code ec;
        std::vector<asio::ip::address> found;
    };
    void ask(std::string const& host, outcome& o, asio::cancellation_slot slot = {})
    {
        r->async_resolve(host, io.get_executor(),
                         asio::bind_cancellation_slot(slot, [&o](error_code ec, std::vector<asio::ip::address> found) {
                             ++o.times;
                             o.ec = ec;
                             o.found = std::move(found);
                         }));
    }
};

} // namespace

TEST_CASE("net/resolver: names, unknown names and names without an address")
{
    fixture f(5, 1h);
    fixture::outcome good, none, empty, thrown[2];
    f.ask("node", good);
    f.ask("none", none);
    f.ask("empty", empty);
    f.ask("throw", thrown[0]);
    f.ask("throw an int", thrown[1]);
    CHECK(good.times + none.times + empty.times == 0); // never inside the initiating function
    f.io.run();
    CHECK(!good.ec);
    REQUIRE(good.found.size() == 1);
    CHECK(none.ec == errc::name_not_found);
    CHECK(empty.ec == errc::name_not_found);
    for (auto const& o : thrown)
        CHECK(o.ec == errc::name_not_found);
}

TEST_CASE("net/resolver: literals need no thread")
{
    fixture f(0);
    fixture::outcome v4, v6;
    f.ask("127.0.0.1", v4);
    f.ask("::1", v6);
    CHECK(v4.times == 0);
    f.io.run();
    CHECK(v4.found == std::vector{asio::ip::make_address("127.0.0.1")});
    CHECK(v6.found == std::vector{asio::ip::make_address("::1")});
    CHECK(f.g->asked.empty());
}

TEST_CASE("net/resolver: a look-up that hangs delays no other name and holds one thread, however often it is asked")
{
    fixture f(2, 1h);
    fixture::outcome hanging[5], other;
    for (auto& o : hanging)
        f.ask("hang", o);
    f.g->wait_inside(1);
    f.ask("node", other);
    while (other.times == 0)
        f.io.run_one();
    CHECK(!other.ec);
    CHECK(hanging[0].times == 0);
    CHECK(f.g->asked["hang"] == 1);
    f.g->release();
    f.io.run();
    for (auto& o : hanging)
    {
        CHECK(o.times == 1);
        CHECK(!o.ec);
    }
}

TEST_CASE("net/resolver: when all threads hang, new names are refused at once")
{
    fixture f(2);
    fixture::outcome a, b, c, literal;
    f.ask("hang1", a);
    f.ask("hang2", b);
    f.g->wait_inside(2);
    f.ask("node", c);
    f.ask("127.0.0.1", literal);
    while (c.times == 0 || literal.times == 0)
        f.io.run_one();
    CHECK(c.ec == errc::resolver_busy);
    CHECK(!literal.ec);
    f.g->release();
    f.io.run();
    CHECK(a.times == 1);
    CHECK(b.times == 1);
}

TEST_CASE("net/resolver: by default, 25 names that hang leave room for the 26th")
{
    auto const g = std::make_shared<gate>();
    asio::io_context io;
    auto const r = make_resolver(
        resolver_options().lookup([g](std::string const& host, error_code& ec) { return (*g)(host, ec); }));
    int hung = 0, found = 0;
    for (int i = 0; i < 25; ++i)
        r->async_resolve("hang" + std::to_string(i), io.get_executor(),
                         [&](error_code, std::vector<asio::ip::address> const&) { ++hung; });
    r->async_resolve("node", io.get_executor(),
                     [&](error_code ec, std::vector<asio::ip::address> const&) { found += !ec; });
    io.run_one_for(20s);
    CHECK(found == 1);
    CHECK(hung == 0);
    g->release();
    io.run();
    CHECK(hung == 25);
}

TEST_CASE("net/resolver: while the threads are busy but not hung, names wait their turn")
{
    fixture f(1, 1h);
    fixture::outcome a, b;
    f.ask("hang", a);
    f.g->wait_inside(1);
    f.ask("node", b);
    f.io.poll();
    CHECK(b.times == 0);
    f.g->release();
    f.io.restart();
    f.io.run();
    CHECK(!b.ec);
    CHECK(b.times == 1);
}

TEST_CASE("net/resolver: cancelling ends the wait, not the others'")
{
    fixture f;
    fixture::outcome a, b;
    asio::cancellation_signal signal;
    f.ask("hang", a, signal.slot());
    f.ask("hang", b);
    f.g->wait_inside(1);
    signal.emit(asio::cancellation_type::total);
    CHECK(a.times == 0);
    while (a.times == 0)
        f.io.run_one();
    CHECK(a.ec == errc::cancelled);
    CHECK(b.times == 0);
    f.g->release();
    f.io.run();
    CHECK(a.times == 1);
    CHECK(!b.ec);
}

TEST_CASE("net/resolver: destruction waits for no look-up and completes every handler")
{
    fixture f(1, 1h);
    fixture::outcome running, queued, again;
    f.ask("hang", running);
    f.g->wait_inside(1);
    f.ask("node", queued);
    f.ask("hang", again);
    auto const before = std::chrono::steady_clock::now();
    f.r.reset();
    f.io.run();
    CHECK(std::chrono::steady_clock::now() - before < 5s);
    for (auto* o : {&running, &queued, &again})
    {
        CHECK(o->times == 1);
        CHECK(o->ec == errc::cancelled);
    }
    f.g->release(); // the thread ends by itself, with nobody left to tell
}

TEST_CASE("net/resolver: the system's look-up knows localhost and no invalid name")
{
    asio::io_context io;
    auto const r = make_resolver();
    error_code good, bad;
    std::size_t count = 0;
    r->async_resolve("localhost", io.get_executor(), [&](error_code ec, std::vector<asio::ip::address> found) {
        good = ec;
        count = found.size();
    });
    r->async_resolve("no..name", io.get_executor(), [&](error_code ec, std::vector<asio::ip::address>) { bad = ec; });
    io.run();
    CHECK(!good);
    CHECK(count > 0);
    CHECK(bad);
}
