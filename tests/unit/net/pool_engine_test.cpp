#include "pool_simulation.hpp"

#include <bitshares/net/pool_engine.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace pool_test;
using bitshares::node_state;

namespace {

// Of one call: how long it took, or nothing where it failed.
std::optional<milliseconds> time_of(world const& w, std::uint64_t id)
{
    world::call_record const& c = w.calls().at(id);
    if (!c.ended || c.failure)
        return std::nullopt;
    return std::chrono::duration_cast<milliseconds>(*c.ended - c.submitted);
}

std::size_t most_connects_a_minute(world const& w, std::size_t node)
{
    std::vector<time_point> times;
    for (auto const& c : w.connects())
        if (c.node == node)
            times.push_back(c.at);
    std::size_t most = 0;
    for (std::size_t i = 0; i < times.size(); ++i)
        most = std::max(most, static_cast<std::size_t>(
                                  std::upper_bound(times.begin(), times.end(), times[i] + 60s - 1ns) - times.begin()) -
                                  i);
    return most;
}

} // namespace

TEST_CASE("net/pool_engine: the first node that answers carries the calls, a second stands by, the others are probed")
{
    world w(5, {}, 1);
    auto const id = w.call();
    REQUIRE(w.run(1s));
    REQUIRE(time_of(w, id));
    CHECK(w.calls().at(id).answered_by == 0);
    REQUIRE(w.run(30s));
    CHECK(w.pool().primary() == 0u);
    std::size_t live = 0, known = 0;
    for (std::size_t i = 0; i < 5; ++i)
    {
        auto const s = w.pool().status(i, w.now());
        live += s.state == node_state::live;
        known += s.head.has_value();
    }
    CHECK(live == 2);
    CHECK(known == 5);
    CHECK(w.connects().size() == 5);
}

TEST_CASE("net/pool_engine: a node that accepts and never speaks delays the first reply by the stagger only")
{
    world w(3, {}, 2);
    w.node(0).tarpit = true;
    auto const id = w.call();
    REQUIRE(w.run(20s));
    REQUIRE(time_of(w, id));
    CHECK(*time_of(w, id) < 1s);
    CHECK(w.calls().at(id).answered_by == 1);
}

TEST_CASE("net/pool_engine: with 25 nodes that never speak the 26th is found within a call's time")
{
    world w(26, {}, 3);
    for (std::size_t i = 0; i < 25; ++i)
        w.node(i).tarpit = true;
    auto const id = w.call();
    REQUIRE(w.run(20s));
    CHECK(time_of(w, id));
}

TEST_CASE("net/pool_engine: what was asked of a node that froze is answered by another after the hedge's delay")
{
    pool_options const options;
    world w(4, options, 4);
    w.call();
    REQUIRE(w.run(10s));
    REQUIRE(w.pool().primary() == 0u);
    w.node(0).frozen = true;
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < 200; ++i)
        ids.push_back(w.call());
    time_point const frozen = w.now();
    std::optional<time_point> left;
    for (int i = 0; i < 200 && !left; ++i)
    {
        REQUIRE(w.run(100ms));
        if (w.pool().primary() != 0u)
            left = w.now();
    }
    for (auto id : ids)
    {
        REQUIRE(time_of(w, id));
        CHECK(*time_of(w, id) <= options.hedge_delay + 2 * 50ms);
    }
    REQUIRE(left);
    CHECK(*left - frozen <= 9s + 100ms); // three blocks, and the step above
}

TEST_CASE("net/pool_engine: calls in flight when the connection breaks are answered by the next node at once")
{
    world w(3, {}, 5);
    w.call();
    REQUIRE(w.run(10s));
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < 50; ++i)
        ids.push_back(w.call());
    w.cut(0);
    REQUIRE(w.run(2s));
    for (auto id : ids)
    {
        REQUIRE(time_of(w, id));
        CHECK(*time_of(w, id) < 100ms);
    }
}

TEST_CASE("net/pool_engine: a node that drops every connection is connected to five times a minute at most")
{
    world w(1, {}, 6);
    w.node(0).drops = true;
    for (int i = 0; i < 300; ++i)
    {
        w.call();
        REQUIRE(w.run(1s));
    }
    CHECK(most_connects_a_minute(w, 0) <= 5);
    CHECK(w.connects().size() >= 10);
}

TEST_CASE("net/pool_engine: a node of another chain is never used, and never asked again")
{
    world w(2, {}, 8);
    w.node(0).wrong_chain = true;
    auto const id = w.call();
    REQUIRE(w.run(1h));
    REQUIRE(time_of(w, id));
    CHECK(w.calls().at(id).answered_by == 1);
    CHECK(w.pool().status(0, w.now()).state == node_state::wrong_chain);
    CHECK(std::count_if(w.connects().begin(), w.connects().end(), [](auto const& c) { return c.node == 0; }) == 1);
}

TEST_CASE("net/pool_engine: a node whose head stands still gives way, and returns when it has caught up")
{
    world w(5, {}, 9);
    w.call();
    REQUIRE(w.run(20s));
    REQUIRE(w.pool().primary() == 0u);
    w.node(0).standing = true;
    REQUIRE(w.run(15s));
    CHECK(w.pool().primary() != 0u);
    REQUIRE(w.run(15s));
    CHECK(w.pool().status(0, w.now()).state == node_state::stale);
    CHECK(w.pool().status(0, w.now()).why.find("behind") != std::string::npos);
    w.node(0).standing = false;
    REQUIRE(w.run(3min));
    CHECK(w.pool().status(0, w.now()).state != node_state::stale);
}

TEST_CASE("net/pool_engine: heads ten minutes old or in the future are not used while others agree on the time")
{
    for (bool const ahead : {false, true})
    {
        world w(7, {}, 10);
        (ahead ? w.node(0).ahead : w.node(0).stale) = true;
        w.pool().start(w.now());
        REQUIRE(w.run(1min));
        CHECK(w.pool().status(0, w.now()).state == node_state::stale);
        CHECK(w.pool().primary() != 0u);
    }
}

TEST_CASE(
    "net/pool_engine: a node whose head jumps ahead after a while makes no other one stale and no time of its own")
{
    for (std::size_t const nodes : {3u, 5u, 7u, 14u, 26u})
        for (bool const first : {false, true})
            for (std::uint64_t seed = 1; seed <= 10; ++seed)
            {
                CAPTURE(nodes);
                CAPTURE(first);
                CAPTURE(seed);
                world w(nodes, {}, seed);
                w.pool().start(w.now());
                REQUIRE(w.run(5min + milliseconds(seed * 1'700)));
                std::size_t liar = 0;
                while (w.pool().status(liar, w.now()).state != node_state::live ||
                       (w.pool().primary() == liar) != first)
                    ++liar;
                auto const before = *w.pool().chain_time(w.now()) - w.now().time_since_epoch();
                w.node(liar).ahead = true; // ten minutes
                for (int i = 0; i < 120; ++i)
                {
                    REQUIRE(w.run(1s));
                    auto const since = *w.pool().chain_time(w.now()) - w.now().time_since_epoch() - before;
                    CHECK(std::chrono::abs(since) < 10s);
                    for (std::size_t k = 0; k < nodes; ++k)
                        CHECK((k == liar || w.pool().status(k, w.now()).state != node_state::stale));
                    if (i >= 10)
                        CHECK(w.pool().primary() != liar);
                }
                CHECK(w.pool().status(liar, w.now()).state == node_state::stale);
            }
}

TEST_CASE("net/pool_engine: a node with another irreversible block than most is not used, until it has theirs")
{
    world w(5, {}, 12);
    w.node(0).forked = true;
    w.call();
    REQUIRE(w.run(1s));
    CHECK(w.pool().primary() == 0u); // nobody can know yet
    REQUIRE(w.run(30s));
    CHECK(w.pool().status(0, w.now()).state == node_state::forked);
    CHECK(w.pool().status(0, w.now()).why.find("another block") != std::string::npos);
    CHECK(w.pool().primary() != 0u);
    auto const answered = [&] {
        auto const id = w.call();
        return w.run(1s) && w.calls().at(id).answered_by != 0;
    };
    for (int i = 0; i < 200; ++i)
        CHECK(answered());
    CHECK(w.pool().status(0, w.now()).state == node_state::forked); // it was looked at several times
    // Not even where nobody else is there.
    for (std::size_t i = 1; i < 5; ++i)
        w.node(i).refuses = true;
    for (int twice = 0; twice < 2; ++twice) // one was just connecting
    {
        for (std::size_t i = 1; i < 5; ++i)
            w.cut(i);
        REQUIRE(w.run(1s));
    }
    auto const id = w.call();
    REQUIRE(w.run(11s));
    CHECK(w.calls().at(id).failure == pool_failure::timed_out);
    for (std::size_t i = 1; i < 5; ++i)
        w.node(i).refuses = false;
    REQUIRE(w.run(2min));
    w.node(0).forked = false;
    REQUIRE(w.run(4min));
    CHECK(w.pool().status(0, w.now()).state != node_state::forked);
}

TEST_CASE(
    "net/pool_engine: of two nodes with other irreversible blocks nobody knows which is right; of three, most decide")
{
    for (std::size_t const nodes : {2u, 3u})
    {
        world w(nodes, {}, 13);
        w.node(1).forked = true;
        w.pool().start(w.now());
        REQUIRE(w.run(2min));
        CHECK((w.pool().status(1, w.now()).state == node_state::forked) == (nodes == 3));
        CHECK(w.pool().status(0, w.now()).state == node_state::live);
    }
}

TEST_CASE("net/pool_engine: a node that calls all blocks irreversible keeps the others from no check")
{
    world w(5, {}, 14);
    w.node(0).ahead = true; // ten minutes, and its irreversible block with it
    w.node(2).forked = true;
    w.pool().start(w.now());
    REQUIRE(w.run(2min));
    CHECK(w.pool().status(2, w.now()).state == node_state::forked);
}

TEST_CASE("net/pool_engine: nobody is left behind by a maintenance, nor when the chain itself stands still")
{
    world w(5, {}, 11);
    w.pool().start(w.now());
    REQUIRE(w.run(2h)); // two maintenances
    for (auto const& line : w.log())
        CHECK_MESSAGE(line.find("behind") == std::string::npos, line);
    w.halt();
    REQUIRE(w.run(10min));
    for (auto const& line : w.log())
        CHECK_MESSAGE(line.find("behind") == std::string::npos, line);
    CHECK(w.pool().primary());
}

TEST_CASE("net/pool_engine: what may not be asked twice is sent once, and its loss is named")
{
    world w(3, {}, 12);
    w.call();
    REQUIRE(w.run(5s));
    auto const id = w.call(false);
    REQUIRE(w.run(15ms)); // sent and carried out, not answered
    w.cut(0);
    REQUIRE(w.run(20s));
    CHECK(w.calls().at(id).failure == pool_failure::maybe_applied);
    CHECK(w.calls().at(id).executed <= 1);
    // Of a node that froze: hedging leaves it alone, too.
    w.node(*w.pool().primary()).frozen = true;
    auto const other = w.call(false);
    REQUIRE(w.run(20s));
    CHECK(w.calls().at(other).failure == pool_failure::maybe_applied);
    CHECK(w.calls().at(other).executed <= 1);
    // A node's own failure is the answer: whether it had done it before nobody knows. One that has no such method has not.
    for (bool const lacking : {true, false})
    {
        world v(3, {}, 12);
        (lacking ? v.node(0).no_history : v.node(0).faulty_history) = true;
        v.call();
        REQUIRE(v.run(5s));
        REQUIRE(v.pool().primary() == 0);
        auto const asked = v.call(false, "history");
        REQUIRE(v.run(20s));
        CHECK(v.calls().at(asked).ends == 1);
        CHECK_FALSE(v.calls().at(asked).failure);
        CHECK((v.calls().at(asked).answered_by == 0) == !lacking);
    }
}

TEST_CASE("net/pool_engine: an API that a node lacks is asked of another, and the node remembered for it")
{
    pool_options const options;
    world w(4, options, 13);
    w.node(0).no_history = w.node(1).no_history = true;
    w.call();
    REQUIRE(w.run(5s));
    for (int i = 0; i < 10; ++i)
    {
        auto const id = w.call(true, "history");
        REQUIRE(w.run(3s));
        REQUIRE(time_of(w, id));
        CHECK(w.calls().at(id).answered_by >= 2);
    }
    auto const id = w.call(); // the other APIs are not affected
    REQUIRE(w.run(1s));
    CHECK(w.calls().at(id).answered_by == 0);
    CHECK(w.pool().status(0, w.now()).failures <= 3);
}

TEST_CASE("net/pool_engine: a method that no node has is answered so at once, and costs the other calls nothing")
{
    for (std::size_t const nodes : {1u, 2u, 3u})
    {
        CAPTURE(nodes);
        world w(nodes, {}, 24);
        w.call();
        REQUIRE(w.run(5s));
        for (std::size_t i = 0; i < nodes; ++i)
            w.node(i).no_history = true;
        for (int i = 0; i < 200; ++i)
        {
            auto const id = w.call(true, "history");
            REQUIRE(w.run(3s));
            REQUIRE(time_of(w, id));
            CHECK(*time_of(w, id) < 3s);
            CHECK(w.calls().at(id).ends == 1);
        }
        CHECK(w.pool().counts().refused_budget == 0);
        auto const last = w.call(true, "history");
        REQUIRE(w.run(3s));
        CHECK(*time_of(w, last) < 1s);
        for (std::size_t i = 0; i < nodes; ++i)
            w.node(i).no_history = false; // nobody rests for what nobody has
        auto const id = w.call(true, "history");
        REQUIRE(w.run(3s));
        CHECK(time_of(w, id));
    }
}

TEST_CASE("net/pool_engine: a part of an answer is asked for elsewhere, wherever the node stands that has all")
{
    for (std::size_t const full : {0u, 1u, 2u, 5u})
    {
        CAPTURE(full);
        world w(6, {}, 12);
        for (std::size_t i = 0; i < 6; ++i)
            w.node(i).short_history = i != full;
        w.call();
        REQUIRE(w.run(5s));
        auto const id = w.call(true, "history");
        REQUIRE(w.run(5s));
        REQUIRE(time_of(w, id));
        CHECK(*time_of(w, id) < 3s);
        CHECK_FALSE(w.calls().at(id).partial);
        CHECK(w.calls().at(id).answered_by == full);
        CHECK(w.calls().at(id).executed <= 6);
        // From then on it is asked first, while other calls go where they went, and it stays connected.
        std::size_t const connects = w.connects().size();
        for (int i = 0; i < 20; ++i)
        {
            auto const again = w.call(true, "history");
            auto const other = w.call();
            REQUIRE(w.run(1s));
            CHECK(w.calls().at(again).executed == 1);
            CHECK(w.calls().at(again).answered_by == full);
            CHECK(w.calls().at(other).answered_by == 0);
        }
        CHECK(w.connects().size() <= connects + 6); // each was probed once
        CHECK(w.pool().counts().refused_budget == 0);
        for (std::size_t i = 0; i < 6; ++i)
            CHECK(w.pool().status(i, w.now()).failures == 0);
    }
}

TEST_CASE("net/pool_engine: what no node has all of is answered by a part, soon, and nobody is asked twice")
{
    world w(6, {}, 13);
    for (std::size_t i = 0; i < 6; ++i)
        w.node(i).short_history = true;
    w.node(4).tarpit = w.node(5).tarpit = true;
    w.call();
    REQUIRE(w.run(5s));
    auto const first = w.call(true, "history");
    REQUIRE(w.run(5s));
    REQUIRE(time_of(w, first));
    CHECK(*time_of(w, first) < 3s);
    CHECK(w.calls().at(first).partial);
    CHECK(w.calls().at(first).executed >= 3); // two were connected
    CHECK(w.calls().at(first).executed <= 4);
    CHECK(w.calls().at(first).ends == 1);
    // It is known now: two round trips, and no budget is used up by it, however often.
    auto const retries = w.pool().counts().retries;
    for (int i = 0; i < 250; ++i)
    {
        auto const again = w.call(true, "history");
        REQUIRE(w.run(200ms));
        REQUIRE(time_of(w, again));
        CHECK(w.calls().at(again).partial);
        CHECK(w.calls().at(again).executed <= 4);
    }
    CHECK(w.pool().counts().retries >= retries + 250);
    w.cut(0);
    auto const other = w.call();
    REQUIRE(w.run(5s));
    CHECK(time_of(w, other));
}

TEST_CASE("net/pool_engine: the node that had all is waited for when it is lost; a part is better than nothing at the "
          "deadline")
{
    world w(3, {}, 14);
    w.node(0).short_history = w.node(2).short_history = true;
    w.call();
    REQUIRE(w.run(5s));
    auto const id = w.call(true, "history");
    REQUIRE(w.run(30s));
    REQUIRE(w.calls().at(id).answered_by == 1);
    w.cut(1);
    auto const again = w.call(true, "history");
    REQUIRE(w.run(5s));
    REQUIRE(time_of(w, again));
    CHECK_FALSE(w.calls().at(again).partial);
    CHECK(w.calls().at(again).answered_by == 1);
    // It hangs: the call ends at its deadline, at the latest, and with what there is.
    w.node(1).frozen = true;
    auto const third = w.call(true, "history");
    REQUIRE(w.run(11s));
    REQUIRE(time_of(w, third));
    CHECK(w.calls().at(third).partial);
}

TEST_CASE("net/pool_engine: never more than half of the nodes are ejected")
{
    world w(6, {}, 14);
    for (std::size_t i = 0; i < 6; ++i)
        w.node(i).refuses = true;
    for (int i = 0; i < 100; ++i)
    {
        w.call();
        REQUIRE(w.run(1s));
        std::size_t ejected = 0;
        for (std::size_t k = 0; k < 6; ++k)
            ejected += w.pool().status(k, w.now()).state == node_state::ejected;
        CHECK(ejected <= 3);
    }
}

TEST_CASE("net/pool_engine: a node's rate is kept, and calls that it leaves no room for say so")
{
    world w(1, {}, 15, {{10, 20}});
    for (int i = 0; i < 200; ++i)
        w.call();
    REQUIRE(w.run(15s));
    std::size_t answered = 0, limited = 0;
    for (auto const& [id, c] : w.calls())
    {
        answered += !c.failure;
        limited += c.failure == pool_failure::rate_limited;
    }
    CHECK(answered + limited == 200);
    CHECK(answered >= 110);
    CHECK(answered <= 125); // 20 at once and 10 a second for 10 s
    CHECK(w.pool().counts().refused_rate == limited);
}

TEST_CASE("net/pool_engine: a node that freezes without calls is left three blocks after its last word")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
    {
        world w(3, {}, seed);
        w.call();
        REQUIRE(w.run(5s + milliseconds(seed * 137)));
        std::size_t const frozen = *w.pool().primary();
        w.node(frozen).frozen = true;
        REQUIRE(w.run(9s));
        CHECK(w.pool().primary() != frozen);
    }
}

milliseconds longest_wait(pool_options const& options)
{
    return std::chrono::duration_cast<milliseconds>(options.reconnect_max * (1 + options.reconnect_jitter) +
                                                    options.connect_stagger);
}

TEST_CASE("net/pool_engine: while nobody else is there no node is ejected: the first that returns is found within the "
          "back-off, however long it takes")
{
    pool_options const defaults;
    for (bool const with_call : {false, true})
        for (std::uint64_t seed = 1; seed <= 20; ++seed)
        {
            CAPTURE(seed);
            world w(3, defaults, seed);
            for (std::size_t i = 0; i < 3; ++i)
                w.node(i).refuses = true;
            w.pool().start(w.now());
            REQUIRE(w.run(600s + milliseconds(seed * 1'300)));
            for (std::size_t i = 0; i < 3; ++i)
                CHECK(w.pool().status(i, w.now()).ejections == 0);
            w.node(2).refuses = false;
            std::optional<std::uint64_t> waiting;
            if (with_call)
                waiting = w.call(true, "database", 60s);
            REQUIRE(w.run(longest_wait(defaults)));
            CHECK(w.pool().primary() == 2u);
            if (waiting)
                CHECK(time_of(w, *waiting));
        }
    // One that fails again and again beside another one that works is ejected. When that is lost, it is tried all the same.
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
    {
        CAPTURE(seed);
        world w(3, defaults, seed);
        w.node(1).refuses = w.node(2).refuses = true;
        w.pool().start(w.now());
        REQUIRE(w.run(200s + milliseconds(seed * 1'300)));
        bool const first = w.pool().status(1, w.now()).state == node_state::ejected;
        std::size_t const ejected = first ? 1 : 2;
        REQUIRE(w.pool().status(ejected, w.now()).state == node_state::ejected);
        w.node(0).refuses = true;
        w.cut(0);
        w.node(ejected).refuses = false;
        REQUIRE(w.run(longest_wait(defaults)));
        CHECK(w.pool().primary() == ejected);
    }
}

TEST_CASE(
    "net/pool_engine: all are lost at once: however soon one returns, it is found within the back-off, and nobody is "
    "connected to more than five times a minute")
{
    pool_options defaults;
    for (std::size_t const nodes : {1u, 2u, 3u, 26u})
        for (int outage = 0; outage <= 60; ++outage)
        {
            CAPTURE(nodes);
            CAPTURE(outage);
            world w(nodes, defaults, static_cast<std::uint64_t>(outage) + 1);
            w.call();
            REQUIRE(w.run(10s));
            for (std::size_t i = 0; i < nodes; ++i)
            {
                w.node(i).refuses = true;
                w.cut(i);
            }
            auto const waiting = w.call(true, "database", 180s);
            REQUIRE(w.run(std::chrono::seconds(outage)));
            w.node(nodes - 1).refuses = false;
            time_point const back = w.now();
            while (!w.pool().primary() && w.now() - back < 120s)
                REQUIRE(w.run(100ms));
            CHECK(w.now() - back <= longest_wait(defaults) + 100ms);
            REQUIRE(w.run(100ms));
            CHECK(time_of(w, waiting));
            for (std::size_t i = 0; i < nodes; ++i)
                CHECK(most_connects_a_minute(w, i) <= defaults.connects_per_minute);
        }
}

TEST_CASE("net/pool_engine: when too many calls fail, retries end with an error of their own")
{
    pool_options options;
    options.retry_budget = 20;
    options.api_failures = 1000; // otherwise the API rests, and calls wait for a node that has it
    world w(2, options, 16);
    w.node(0).faulty_history = w.node(1).faulty_history = true;
    w.call();
    REQUIRE(w.run(5s));
    for (int i = 0; i < 20; ++i)
        w.call(true, "history");
    REQUIRE(w.run(30s));
    std::size_t refused = 0;
    for (auto const& [id, c] : w.calls())
        refused += c.failure == pool_failure::retry_budget;
    CHECK(refused > 10);
    CHECK(w.pool().counts().refused_budget == refused);
}

TEST_CASE("net/pool_engine: of slow calls only few are hedged")
{
    pool_options options;
    options.missing_share = 1; // otherwise the node is left
    world w(3, options, 17);
    w.call();
    REQUIRE(w.run(5s));
    w.node(0).loses = true; // one reply of three
    for (int i = 0; i < 2000; ++i)
    {
        w.call();
        REQUIRE(w.run(20ms));
    }
    REQUIRE(w.run(20s));
    CHECK(static_cast<double>(w.pool().counts().hedges) <= options.hedge_burst + 0.05 * 2100);
    CHECK(w.pool().counts().hedges >= 50);
}

TEST_CASE(
    "net/pool_engine: calls in flight count: an idle node is asked rather than a quicker one that has some to answer")
{
    // Of so many calls that the first node leaves open, how many each of the others answers.
    auto const helped_by = [](int calls) {
        pool_options options;
        options.max_live = 4;
        world w(4, options, 8);
        w.latency(1, 60ms);
        w.latency(2, 80ms); // up to 9 ms more: less than twice as long
        w.latency(3, 300ms);
        w.call();
        REQUIRE(w.run(1min));
        REQUIRE(w.pool().live().size() == 4);
        REQUIRE(w.pool().primary() == 0u);
        w.node(0).frozen = true;
        std::vector<std::uint64_t> ids;
        for (int i = 0; i < calls; ++i)
            ids.push_back(w.call());
        REQUIRE(w.run(1s));
        std::vector<int> answers(4);
        for (std::uint64_t const id : ids)
        {
            REQUIRE(time_of(w, id));
            ++answers[w.calls().at(id).answered_by];
        }
        return answers;
    };
    CHECK(helped_by(1) == std::vector{0, 1, 0, 0});
    CHECK(helped_by(2) == std::vector{0, 1, 1, 0});
    CHECK(helped_by(3) == std::vector{0, 2, 1, 0});
    CHECK(helped_by(4) == std::vector{0, 2, 2, 0});
    CHECK(helped_by(12)[3] == 1); // and in the end the slow one, too
}

TEST_CASE("net/pool_engine: a node that stands by takes over when it is quicker for long enough, not for a moment")
{
    world w(2, {}, 18);
    w.latency(0, 40ms);
    w.latency(1, 60ms);
    w.call();
    REQUIRE(w.run(30s));
    REQUIRE(w.pool().primary() == 0u);
    w.node(0).slow = 5ms; // not by 30 %
    REQUIRE(w.run(1min));
    CHECK(w.pool().primary() == 0u);
    w.node(0).slow = 300ms;
    REQUIRE(w.run(30s));
    CHECK(w.pool().primary() == 1u);
    CHECK(w.pool().counts().switches == 1);
}

TEST_CASE(
    "net/pool_engine: a reply to the pool's own question that is lost is asked for again, and a node that never tells "
    "its head is left, whatever else it answers")
{
    world w(3, {}, 22);
    w.call();
    REQUIRE(w.run(20s));
    REQUIRE(w.pool().primary() == 0u);
    auto const busy = [&](int seconds) {
        for (int i = 0; i < seconds; ++i)
        {
            w.call();
            if (!w.run(1s))
                return false;
        }
        return true;
    };
    // One is lost: nothing comes of it, but that its head is known soon again.
    w.node(0).loses_heads = 1;
    REQUIRE(busy(10));
    CHECK(w.pool().primary() == 0u);
    CHECK(w.now() - *w.pool().status(0, w.now()).head_at <= 6s);
    // And when its head stands still later, others take over.
    w.node(0).standing = true;
    REQUIRE(busy(30));
    CHECK(w.pool().primary() != 0u);
    CHECK(w.pool().status(0, w.now()).state == node_state::stale);

    world v(3, {}, 22);
    v.call();
    REQUIRE(v.run(20s));
    REQUIRE(v.pool().primary() == 0u);
    v.node(0).loses_heads = 1000;
    for (int i = 0; i < 15; ++i)
    {
        v.call();
        REQUIRE(v.run(1s));
    }
    CHECK(v.pool().primary() != 0u);
    CHECK(v.pool().status(0, v.now()).last_error.find("head") != std::string::npos);
}

TEST_CASE(
    "net/pool_engine: a node that is alone on a fork with few witnesses is left, though its head is hardly behind")
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
    {
        CAPTURE(seed);
        world w(5, {}, seed);
        w.call();
        REQUIRE(w.run(2min));
        std::size_t const first = *w.pool().primary();
        w.node(first).astray = true;
        REQUIRE(w.run(5min));
        CHECK(w.pool().primary() != first);
        CHECK(w.pool().status(first, w.now()).state == node_state::stale);
        CHECK(w.pool().status(first, w.now()).why.find("irreversible") != std::string::npos);
        w.node(first).astray = false;
        REQUIRE(w.run(2min));
        CHECK(w.pool().status(first, w.now()).state != node_state::stale);
    }
    // Where all are, because too few witnesses are there at all, nobody is left.
    world w(5, {}, 1);
    w.call();
    REQUIRE(w.run(2min));
    for (std::size_t i = 0; i < 5; ++i)
        w.node(i).astray = true;
    REQUIRE(w.run(20min));
    for (auto const& line : w.log())
        CHECK_MESSAGE(line.find("stale") == std::string::npos, line);
}

TEST_CASE(
    "net/pool_engine: a node that is behind is not asked five times at once: when it has caught up, it is found soon")
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
    {
        CAPTURE(seed);
        world w(2, {}, seed);
        w.call();
        REQUIRE(w.run(30s));
        std::size_t const other = *w.pool().primary() == 0 ? 1 : 0;
        w.node(other).standing = true;
        REQUIRE(w.run(25s));
        REQUIRE(w.pool().status(other, w.now()).state == node_state::stale);
        std::size_t const before = w.connects().size();
        w.node(1 - other).refuses = true;
        w.cut(1 - other);
        auto const id = w.call(true, "database", 60s);
        REQUIRE(w.run(3s));
        CHECK(std::count_if(w.connects().begin() + static_cast<std::ptrdiff_t>(before), w.connects().end(),
                            [&](auto const& c) { return c.node == other; }) <= 3);
        REQUIRE(w.run(22s));
        w.node(other).standing = false;
        REQUIRE(w.run(15s));
        CHECK(w.pool().primary() == other);
        CHECK(time_of(w, id));
    }
}

TEST_CASE("net/pool_engine: where two live nodes' heads stand still, the others are asked at once, and not outvoted "
          "one by one")
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
    {
        CAPTURE(seed);
        world w(5, {}, seed);
        w.call();
        REQUIRE(w.run(5min));
        std::vector<std::size_t> live;
        for (std::size_t i = 0; i < 5; ++i)
            if (w.pool().status(i, w.now()).state == node_state::live)
                live.push_back(i);
        REQUIRE(live.size() == 2);
        for (std::size_t i : live)
            w.node(i).standing = true;
        REQUIRE(w.run(90s)); // somebody is looked at within a minute
        for (std::size_t i : live)
            CHECK(w.pool().status(i, w.now()).state == node_state::stale);
        REQUIRE(w.pool().primary());
        CHECK(std::find(live.begin(), live.end(), *w.pool().primary()) == live.end());
    }
}

TEST_CASE("net/pool_engine: a connection that was made to look at a node carries calls where nobody else does any more")
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
    {
        CAPTURE(seed);
        pool_options options;
        options.max_live = 1;
        world w(2, options, seed);
        w.call();
        REQUIRE(w.run(1s));
        std::size_t const first = *w.pool().primary();
        w.latency(1 - first, 300ms);
        while (w.pool().status(1 - first, w.now()).state != node_state::connecting)
            REQUIRE(w.run(100ms));
        std::size_t const before = w.connects().size();
        w.node(first).refuses = true;
        w.cut(first);
        auto const id = w.call();
        REQUIRE(w.run(5s));
        CHECK(time_of(w, id));
        CHECK(std::count_if(w.connects().begin() + static_cast<std::ptrdiff_t>(before), w.connects().end(),
                            [&](auto const& c) { return c.node != first; }) == 0);
    }
}

TEST_CASE(
    "net/pool_engine: how long a node rests grows with its ejections, and is forgiven after a while without a failure")
{
    pool_options options;
    options.connects_per_minute = 1000;
    options.probe_others = 1s;
    world w(3, options, 23);
    w.call();
    REQUIRE(w.run(10s));
    auto const eject = [&](std::size_t i) { // and how long it rests
        w.node(i).refuses = true;
        w.cut(i);
        for (int k = 0; k < 6'000 && w.pool().status(i, w.now()).state != node_state::ejected; ++k)
            if (!w.run(100ms))
                return 0ms;
        w.node(i).refuses = false;
        time_point const began = w.now();
        while (w.pool().status(i, w.now()).state == node_state::ejected && w.now() < began + 10min)
            if (!w.run(100ms))
                return 0ms;
        return std::chrono::duration_cast<milliseconds>(w.now() - began);
    };
    milliseconds const first = eject(2), second = eject(2);
    CHECK(second >= first + options.eject_time / 2);
    REQUIRE(w.run(15min));
    CHECK(eject(2) < second);
    CHECK(w.pool().status(2, w.now()).ejections == 3);
}

TEST_CASE("net/pool_engine: no connect a minute is one, and any number is no bound")
{
    for (std::size_t const most : {std::size_t{0}, std::size_t{1}, std::size_t{1'000'000}, ~std::size_t{0}})
        for (milliseconds const wait : {0ms, 1ms, milliseconds(1h)})
        {
            CAPTURE(most);
            CAPTURE(wait.count());
            pool_options options;
            options.connects_per_minute = most;
            options.reconnect_max = wait;
            world w(1, options, 1);
            REQUIRE(w.run(1ms));
            w.call();
            REQUIRE(w.run(1s));
            w.cut(0);
            auto const id = w.call(true, "database", 90s);
            REQUIRE(w.run(most < 2 ? 58s : 1s));
            CHECK(time_of(w, id).has_value() == (most > 1));
            REQUIRE(w.run(2s));
            CHECK(time_of(w, id));
        }
}

TEST_CASE("net/pool_engine: times beyond the clock's are as good as for ever")
{
    using ms = pool_options::duration;
    ms pool_options::* const times[] = {
        &pool_options::connect_stagger, &pool_options::slow_connect,    &pool_options::connect_timeout,
        &pool_options::extra_live,      &pool_options::reconnect_min,   &pool_options::reconnect_max,
        &pool_options::hedge_delay,     &pool_options::attempt_timeout, &pool_options::retry_wait_min,
        &pool_options::retry_wait_max,  &pool_options::block_interval,  &pool_options::probe_live,
        &pool_options::probe_others,    &pool_options::latency_decay,   &pool_options::distrust,
        &pool_options::eject_time,      &pool_options::eject_max,       &pool_options::api_rest};
    for (ms const far : {ms::max(), ms(ms::max().count() / 2'000'000), ms(std::chrono::hours(24 * 365 * 200))})
    {
        for (ms pool_options::* const time : times)
        {
            pool_options options;
            options.*time = far;
            world w(3, options, 20);
            auto const id = w.call();
            REQUIRE(w.run(10s));
            CHECK(time_of(w, id));
            // And when something fails: nothing comes at once, again and again, where it was to take for ever.
            w.cut(0);
            auto const next = w.call();
            REQUIRE(w.run(10s));
            CHECK(time_of(w, next));
        }
        pool_options all;
        for (ms pool_options::* const time : times)
            all.*time = far;
        all.stale_blocks = all.suspect_blocks = all.maintenance_slots = 0xffff'ffff;
        all.chain_speed = 1e-9;
        world w(3, all, 21);
        auto const id = w.call();
        REQUIRE(w.run(20s));
        CHECK(time_of(w, id));
        for (int i = 0; i < 5; ++i)
        {
            w.cut(0);
            REQUIRE(w.run(20s));
        }
    }
}
