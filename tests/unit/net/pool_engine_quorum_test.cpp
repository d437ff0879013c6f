// What a pool's decisions have for quorum reads.

#include "pool_simulation.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace pool_test;
using bitshares::node_state;

namespace {

std::size_t live(world& w)
{
    return w.pool().live().size();
}

} // namespace

TEST_CASE("net/pool_engine: as many nodes as a quorum wants are connected soon, kept for a while, and let go")
{
    pool_options const options;
    world w(8, options, 1);
    w.node(1).tarpit = true;
    w.call();
    REQUIRE(w.run(10s));
    CHECK(live(w) == options.max_live);
    w.pool().want(5, w.now());
    REQUIRE(w.run(2s));
    CHECK(live(w) == 5);
    REQUIRE(w.run(60s)); // as long as it is wanted
    CHECK(live(w) == 5);
    w.pool().want(0, w.now());
    REQUIRE(w.run(options.extra_live - 1s));
    CHECK(live(w) == 5);
    w.pool().want(4, w.now()); // the next read finds them
    w.pool().want(0, w.now());
    REQUIRE(w.run(options.extra_live + 4 * options.probe_live));
    CHECK(live(w) == options.max_live);
}

TEST_CASE("net/pool_engine: a quorum never gets a node that is stale or of another chain, and goes without them")
{
    world w(5, {}, 2);
    w.node(0).wrong_chain = true;
    w.node(3).stale = true;
    w.pool().want(5, w.now());
    REQUIRE(w.run(30s));
    std::vector<std::size_t> nodes = w.pool().live();
    std::sort(nodes.begin(), nodes.end());
    CHECK(nodes == std::vector<std::size_t>{1, 2, 4});
    CHECK(w.pool().is_wrong_chain(0));
    CHECK(!w.pool().is_wrong_chain(3));
}

TEST_CASE("net/pool_engine: a node that deviates is not the first for the time of its distrust, unless it is alone")
{
    pool_options const options;
    world w(2, options, 3);
    w.call();
    REQUIRE(w.run(10s));
    REQUIRE(w.pool().primary() == 0u);
    w.latency(0, 5ms); // by far the quicker one
    w.latency(1, 200ms);
    w.pool().deviated(0, "another answer", w.now());
    CHECK(w.pool().primary() == 1u);
    CHECK(w.pool().status(0, w.now()).deviations == 1);
    CHECK(w.pool().status(0, w.now()).last_error == "another answer");
    CHECK(w.pool().status(0, w.now()).state == node_state::live); // it may be right for all that
    CHECK(w.pool().is_distrusted(0, w.now()));
    CHECK(w.log().back().find("deviates") != std::string::npos);
    REQUIRE(w.run(options.distrust - 1s));
    CHECK(w.pool().primary() == 1u);
    auto const id = w.call();
    REQUIRE(w.run(1s));
    CHECK(w.calls().at(id).answered_by == 1);
    REQUIRE(w.run(30s));
    CHECK(!w.pool().is_distrusted(0, w.now()));
    CHECK(w.pool().primary() == 0u);
    w.pool().deviated(0, "again", w.now());
    w.node(1).refuses = true;
    w.cut(1);
    REQUIRE(w.run(1s));
    CHECK(w.pool().primary() == 0u);
}

TEST_CASE("net/pool_engine: questions of a quorum take of a node's rate, and their ends are counted")
{
    world w(3, {}, 4, {{2, 3}, {}, {}});
    w.call();
    REQUIRE(w.run(10s));
    auto& pool = w.pool();
    for (int i = 0; i < 3; ++i)
        CHECK(pool.take(0, w.now()) == w.now());
    CHECK(pool.take(0, w.now()) > w.now());
    CHECK(pool.take(0, w.now()) <= w.now() + 501ms);
    REQUIRE(w.run(501ms));
    CHECK(pool.take(0, w.now()) == w.now());
    for (int i = 0; i < 100; ++i)
        CHECK(pool.take(1, w.now()) == w.now());

    auto const before = pool.status(1, w.now());
    pool.told(1, "history", 40ms, w.now());
    CHECK(pool.status(1, w.now()).answers == before.answers + 1);
    CHECK(pool.can_answer(1, "history", w.now()));
    pool.lacking(1, "history", "Method not found", w.now());
    CHECK(pool.can_answer(1, "history", w.now()));
    pool.lacking(1, "history", "Method not found", w.now());
    CHECK(!pool.can_answer(1, "history", w.now()));
    CHECK(pool.can_answer(1, "database", w.now()));
    CHECK(pool.status(1, w.now()).last_error == "Method not found");
    CHECK(pool.status(1, w.now()).failures == before.failures + 2);
    // Whose replies do not come is left, as after calls.
    for (int i = 0; i < 3; ++i)
        pool.silent(0, "silence", w.now());
    CHECK(pool.status(0, w.now()).state == node_state::waiting);
}
