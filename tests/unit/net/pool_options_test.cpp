// Each option of a pool, with its default and with another value: what is different then. That none is left out, a case of
// node_pool_readme_test.cpp sees to.

#include "pool_simulation.hpp"

#include <bitshares/net/pool_engine.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace pool_test;
using bitshares::node_state;

namespace {

template <class T, class V>
pool_options with(T pool_options::* member, V value, pool_options options = {})
{
    options.*member = value;
    return options;
}

milliseconds whole(engine::duration d)
{
    return std::chrono::duration_cast<milliseconds>(d);
}

void pass(world& w, milliseconds d)
{
    REQUIRE(w.run(d));
}

/// How long it takes, in steps of 100 ms; 0 where it does not come within an hour.
template <class Condition>
milliseconds until(world& w, Condition condition)
{
    time_point const begin = w.now();
    while (!condition())
    {
        if (w.now() - begin > 1h)
            return 0ms;
        pass(w, 100ms);
    }
    return whole(w.now() - begin);
}

node_state state(world& w, std::size_t i)
{
    return w.pool().status(i, w.now()).state;
}

std::size_t ejected(world& w)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < w.pool().size(); ++i)
        count += state(w, i) == node_state::ejected;
    return count;
}

std::vector<time_point> connects_to(world const& w, std::size_t i)
{
    std::vector<time_point> times;
    for (auto const& c : w.connects())
        if (c.node == i)
            times.push_back(c.at);
    return times;
}

bool is_said(world const& w, std::string const& what)
{
    return std::any_of(w.log().begin(), w.log().end(),
                       [&](std::string const& line) { return line.find(what) != std::string::npos; });
}

milliseconds answered_in(world& w, std::uint64_t call)
{
    pass(w, 11s);
    REQUIRE(w.calls().at(call).ended);
    REQUIRE_FALSE(w.calls().at(call).failure);
    return whole(*w.calls().at(call).ended - w.calls().at(call).submitted);
}

// Behind nodes that accept and never speak.
milliseconds first_reply(pool_options const& options, std::size_t silent)
{
    world w(silent + 1, options, 1);
    for (std::size_t i = 0; i < silent; ++i)
        w.node(i).tarpit = true;
    return answered_in(w, w.call());
}

// Between the first two attempts at a node that refuses, and between the last two of ten minutes.
std::pair<milliseconds, milliseconds> waits(pool_options options, std::uint64_t seed = 1)
{
    options.connects_per_minute = 1000;
    world w(1, options, seed);
    w.node(0).refuses = true;
    w.pool().start(w.now());
    pass(w, 10min);
    auto const times = connects_to(w, 0);
    REQUIRE(times.size() > 3);
    return {whole(times[1] - times[0]), whole(times.back() - times[times.size() - 2])};
}

// Of 2,000 calls to a node that loses a third of the replies, and is not left for it.
std::uint64_t hedges(pool_options options)
{
    options.missing_share = 1;
    world w(3, options, 17);
    w.call();
    pass(w, 5s);
    w.node(0).loses = true;
    for (int i = 0; i < 2000; ++i)
    {
        w.call();
        pass(w, 20ms);
    }
    pass(w, 20s);
    return w.pool().counts().hedges;
}

// What one call comes to that neither of two nodes answers.
struct vain_call
{
    std::optional<pool_failure> failure;
    std::uint64_t retries;
};
vain_call ask_in_vain(pool_options options, bool silent = false)
{
    options.api_failures = 1000; // otherwise the API rests
    world w(2, options, 16);
    w.call();
    pass(w, 5s);
    for (std::size_t i = 0; i < 2; ++i)
        (silent ? w.node(i).frozen : w.node(i).faulty_history) = true;
    auto const before = w.pool().counts().retries;
    auto const id = w.call(true, "history");
    pass(w, 11s);
    return {w.calls().at(id).failure, w.pool().counts().retries - before};
}

// From when the first node froze.
milliseconds left_after(pool_options const& options)
{
    world w(3, options, 5);
    w.call();
    pass(w, 20s);
    std::size_t const first = *w.pool().primary();
    w.node(first).frozen = true;
    return until(w, [&] { return state(w, first) != node_state::live; });
}

// Until a live node's head has stood still for too long.
milliseconds stale_after(pool_options const& options)
{
    world w(5, options, 9);
    w.call();
    pass(w, 20s);
    std::size_t const first = *w.pool().primary();
    w.node(first).standing = true;
    return until(w, [&] { return state(w, first) == node_state::stale; });
}

// How long a node rests for its first ejection, and for its second.
std::pair<milliseconds, milliseconds> rests(pool_options options)
{
    options.connects_per_minute = 1000;
    options.probe_others = 1s;
    world w(3, options, 23);
    w.call();
    pass(w, 10s);
    auto const rest = [&] {
        w.node(2).refuses = true;
        w.cut(2);
        until(w, [&] { return state(w, 2) == node_state::ejected; });
        w.node(2).refuses = false;
        return until(w, [&] { return state(w, 2) != node_state::ejected; });
    };
    milliseconds const first = rest();
    return {first, rest()};
}

// What is held against a node that lacks an API, after ten calls of it in half a minute.
std::uint64_t failures_for_an_api(pool_options const& options)
{
    world w(4, options, 13);
    w.node(0).no_history = true;
    w.call();
    pass(w, 5s);
    for (int i = 0; i < 10; ++i)
    {
        w.call(true, "history");
        pass(w, 3s);
    }
    return w.pool().status(0, w.now()).failures;
}

} // namespace

TEST_CASE("net/pool_options: connect_stagger: how soon another node is tried beside one that does not speak")
{
    CHECK(first_reply({}, 1) >= 250ms);
    CHECK(first_reply({}, 1) < 600ms);
    CHECK(first_reply(with(&pool_options::connect_stagger, 800ms), 1) >= 800ms);
}

TEST_CASE("net/pool_options: max_racing: how many are tried at once")
{
    CHECK(first_reply({}, 2) < 1s);
    CHECK(first_reply(with(&pool_options::max_racing, 1u), 2) >= 2s); // one a second, see slow_connect
}

TEST_CASE("net/pool_options: slow_connect: when one that is being tried no longer keeps others from it")
{
    auto const one = with(&pool_options::max_racing, 1u);
    CHECK(first_reply(one, 1) >= 1s);
    CHECK(first_reply(with(&pool_options::slow_connect, 400ms, one), 1) < 1s);
    CHECK(first_reply(with(&pool_options::slow_connect, 3s, one), 1) >= 3s);
}

TEST_CASE("net/pool_options: connect_timeout: how long a node may take until its first probe is answered")
{
    auto const given_up_after = [](pool_options const& options, bool frozen) {
        world w(1, options, 1);
        (frozen ? w.node(0).frozen : w.node(0).tarpit) = true;
        w.pool().start(w.now());
        return until(w, [&] { return state(w, 0) == node_state::waiting; });
    };
    for (bool const frozen : {false, true})
    {
        CHECK(given_up_after({}, frozen) == 5s);
        CHECK(given_up_after(with(&pool_options::connect_timeout, 1500ms), frozen) == 1500ms);
    }
}

TEST_CASE("net/pool_options: max_live: how many connections are kept")
{
    for (std::size_t const many : {1u, 2u, 4u})
    {
        world w(6, with(&pool_options::max_live, many), 1);
        w.call();
        pass(w, 5min);
        CHECK(w.pool().live().size() == many);
    }
    CHECK(pool_options().max_live == 2);
}

TEST_CASE("net/pool_options: extra_live: how long there is one more after all were asked in vain")
{
    auto const kept_for = [](pool_options options) {
        options.api_failures = 1000; // otherwise the API rests
        world w(3, options, 1);
        w.node(0).faulty_history = w.node(1).faulty_history = true;
        w.call();
        pass(w, 5s);
        w.call(true, "history");
        until(w, [&] { return w.pool().live().size() == 3; });
        return until(w, [&] { return w.pool().live().size() == 2; });
    };
    CHECK(kept_for({}) >= 9s);
    CHECK(kept_for({}) <= 14s);
    CHECK(kept_for(with(&pool_options::extra_live, 30s)) >= 29s);
}

TEST_CASE("net/pool_options: reconnect_min, reconnect_max, reconnect_jitter: the waits for a node that failed")
{
    auto const even = with(&pool_options::reconnect_jitter, 0);
    milliseconds const refusal = 1ms; // takes so long
    CHECK(waits(even).first == 500ms + refusal);
    CHECK(waits(even).second == 30s + refusal);
    CHECK(waits(with(&pool_options::reconnect_min, 2s, even)).first == 2s + refusal);
    CHECK(waits(with(&pool_options::reconnect_max, 4s, even)).second == 4s + refusal);

    auto const first_waits = [](pool_options const& options) {
        std::set<milliseconds> all;
        for (std::uint64_t seed = 1; seed <= 50; ++seed)
            all.insert(waits(options, seed).first);
        return all;
    };
    CHECK(first_waits(even).size() == 1);
    for (double const share : {0.15, 0.5})
    {
        auto const all = first_waits(with(&pool_options::reconnect_jitter, share));
        CHECK(all.size() > 10);
        CHECK(*all.begin() >= 500ms * (1 - share));
        CHECK(*all.begin() < 500ms * (1 - share / 2));
        CHECK(*all.rbegin() <= 500ms * (1 + share) + refusal);
        CHECK(*all.rbegin() > 500ms * (1 + share / 2));
    }
}

TEST_CASE("net/pool_options: connects_per_minute: to one node, however it fails")
{
    for (std::size_t const most : {5u, 2u, 20u})
    {
        auto options = with(&pool_options::connects_per_minute, most);
        options.reconnect_max = options.reconnect_min; // nothing else keeps it from it
        world w(1, options, 6);
        w.node(0).drops = true;
        w.pool().start(w.now());
        pass(w, 5min);
        auto const times = connects_to(w, 0);
        CHECK(times.size() >= 5 * most);
        for (std::size_t i = most; i < times.size(); ++i)
            CHECK(times[i] - times[i - most] >= 1min);
    }
    CHECK(pool_options().connects_per_minute == 5);
}

TEST_CASE("net/pool_options: hedge_delay: when a second node is asked")
{
    auto const helped_after = [](pool_options const& options) {
        world w(3, options, 4);
        w.call();
        pass(w, 5s);
        w.node(0).frozen = true;
        return answered_in(w, w.call());
    };
    CHECK(helped_after({}) >= 400ms);
    CHECK(helped_after({}) < 500ms);
    CHECK(helped_after(with(&pool_options::hedge_delay, 1200ms)) >= 1200ms);
    CHECK(helped_after(with(&pool_options::hedge_delay, 1200ms)) < 1300ms);
}

TEST_CASE("net/pool_options: hedge_percentile: of a node that is slow now and then, which replies are too slow")
{
    auto const helped_after = [](pool_options options) {
        options.hedge_delay = 50ms;
        options.switch_advantage = 1; // the first stays it
        world w(3, options, 4);
        w.call();
        pass(w, 5s);
        for (int i = 0; i < 60; ++i) // such calls are not hedged: one of ten takes 300 ms
        {
            w.node(0).slow = i % 10 == 0 ? 280ms : 0ms;
            w.call(false);
            pass(w, 500ms);
        }
        w.node(0).slow = 0ms;
        w.node(0).frozen = true;
        return answered_in(w, w.call());
    };
    CHECK(helped_after({}) >= 300ms);
    CHECK(helped_after(with(&pool_options::hedge_percentile, 0.5)) < 100ms);
}

TEST_CASE("net/pool_options: attempt_timeout: how long one node's reply is waited for")
{
    auto const given_up_after = [](pool_options const& options) {
        world w(1, options, 4);
        w.call();
        pass(w, 5s);
        w.node(0).frozen = true;
        w.call();
        return until(w, [&] { return w.pool().status(0, w.now()).failures != 0; });
    };
    CHECK(given_up_after({}) == 2s);
    CHECK(given_up_after(with(&pool_options::attempt_timeout, 700ms)) == 700ms);
}

TEST_CASE("net/pool_options: missing_share: how many replies may be missing until a node is left")
{
    auto const is_left = [](pool_options const& options) {
        world w(3, options, 17);
        w.call();
        pass(w, 5s);
        w.node(0).loses = true; // a third of them
        for (int i = 0; i < 200; ++i)
        {
            w.call();
            pass(w, 100ms);
        }
        return is_said(w, "too many of its replies do not come");
    };
    CHECK(is_left({}));
    CHECK_FALSE(is_left(with(&pool_options::missing_share, 0.95)));
}

TEST_CASE("net/pool_options: hedge_burst, hedge_share: how many slow calls are helped at once, and in the long run")
{
    auto const none = with(&pool_options::hedge_share, 0, with(&pool_options::hedge_burst, 0));
    std::uint64_t const free = hedges(none); // of calls in whose time nothing else came, either
    std::uint64_t const at_once = hedges(with(&pool_options::hedge_share, 0)) - free;
    CHECK(at_once >= 15);
    CHECK(at_once <= 25);
    CHECK(hedges({}) >= free + 80); // and a twentieth of 2,000
    CHECK(hedges({}) <= free + 130);
    CHECK(hedges(with(&pool_options::hedge_share, 0.1)) >= hedges({}) + 50);
}

TEST_CASE("net/pool_options: retry_budget, retry_cost, timeout_cost: when retries end")
{
    CHECK(ask_in_vain({}).failure == pool_failure::timed_out);
    auto const little = ask_in_vain(with(&pool_options::retry_budget, 20));
    CHECK(little.failure == pool_failure::retry_budget);
    CHECK(little.retries == 4);
    auto const dear = ask_in_vain(with(&pool_options::retry_cost, 200));
    CHECK(dear.failure == pool_failure::retry_budget);
    CHECK(dear.retries == 2);

    CHECK(ask_in_vain({}, true).failure == pool_failure::timed_out);
    CHECK(ask_in_vain(with(&pool_options::retry_cost, 200), true).failure == pool_failure::timed_out);
    auto const silence = ask_in_vain(with(&pool_options::timeout_cost, 300), true);
    CHECK(silence.failure == pool_failure::retry_budget);
    CHECK(silence.retries == 1);
}

TEST_CASE("net/pool_options: retry_refill: what an answer gives back")
{
    auto const refused = [](double refill) {
        auto options = with(&pool_options::retry_refill, refill);
        options.api_failures = 1000; // otherwise the API rests
        options.retry_budget = 100;
        options.retry_cost = 50;
        world w(2, options, 16);
        w.node(0).faulty_history = true;
        w.call();
        pass(w, 5s);
        for (int i = 0; i < 10; ++i)
        {
            w.call(true, "history");
            pass(w, 1s);
        }
        return w.pool().counts().refused_budget;
    };
    CHECK(refused(0) == 8);
    CHECK(refused(25) == 7); // 100, 75, 50, 25: the first three, whose answers give back half of what they take
    CHECK(refused(50) == 0);
    CHECK(pool_options().retry_refill == 1);
}

TEST_CASE("net/pool_options: retry_wait_min, retry_wait_max: the waits between the rounds")
{
    auto const plenty = with(&pool_options::retry_budget, 1e6);
    std::uint64_t const usual = ask_in_vain(plenty).retries;
    CHECK(usual >= 12);
    CHECK(usual <= 30);
    CHECK(ask_in_vain(with(&pool_options::retry_wait_min, 4s, plenty)).retries <= 10);
    CHECK(ask_in_vain(with(&pool_options::retry_wait_max, 100ms, plenty)).retries >= 80);
}

TEST_CASE("net/pool_options: block_interval, chain_speed, suspect_blocks: how long a node may be silent")
{
    pool_options usual = with(&pool_options::probe_live, 500ms);
    auto const is_about = [](milliseconds d, milliseconds expected) {
        CAPTURE(d.count());
        CHECK(d >= expected - 600ms); // since its last word
        CHECK(d <= expected + 200ms);
    };
    is_about(left_after(usual), 9s);
    is_about(left_after(with(&pool_options::suspect_blocks, 5u, usual)), 15s);
    is_about(left_after(with(&pool_options::block_interval, 5s, usual)), 15s);
    is_about(left_after(with(&pool_options::chain_speed, 2, usual)), 4500ms);
}

TEST_CASE("net/pool_options: stale_blocks: how far behind a node's head may be")
{
    milliseconds const usual = stale_after({}), more = stale_after(with(&pool_options::stale_blocks, 20u));
    CHECK(usual >= 15s);
    CHECK(usual <= 22s);
    CHECK(more >= 60s);
    CHECK(more <= 67s);
}

TEST_CASE("net/pool_options: maintenance_slots: blocks that are not missed around a maintenance")
{
    // A node that has the first block behind the pause a second later than the other one.
    auto const is_shunned = [](pool_options options) {
        options.probe_live = 500ms;
        options.stale_blocks = 2;
        options.suspect_blocks = 10;
        world w(2, options, 11);
        w.call();
        until(w, [&] {
            auto const s = w.pool().status(1, w.now());
            return s.head && s.head->next_maintenance - s.head->time == 3; // the last block before it
        });
        w.node(1).standing = true;
        until(w, [&] {
            auto const s = w.pool().status(0, w.now());
            return s.head->next_maintenance - s.head->time > 60;
        });
        pass(w, 1s);
        w.node(1).standing = false;
        return is_said(w, "behind the other nodes'");
    };
    CHECK_FALSE(is_shunned({}));
    CHECK(is_shunned(with(&pool_options::maintenance_slots, 0u)));
}

TEST_CASE("net/pool_options: fork_check_blocks: how often the nodes' irreversible blocks are compared")
{
    auto const found_after = [](pool_options const& options) {
        world w(5, options, 12);
        w.call();
        pass(w, 5min);
        std::size_t const first = *w.pool().primary();
        w.node(first).forked = true;
        return until(w, [&] { return state(w, first) == node_state::forked; });
    };
    milliseconds const usual = found_after({}), seldom = found_after(with(&pool_options::fork_check_blocks, 1000u));
    CHECK(usual > 0ms);
    CHECK(usual <= 3min);
    CHECK(seldom >= 5min); // somewhere in 50
    CHECK(seldom <= 53min);
}

TEST_CASE("net/pool_options: probe_live: how often a live connection is asked for its head")
{
    auto const oldest = [](pool_options const& options) {
        world w(3, options, 1);
        w.call();
        pass(w, 20s);
        milliseconds age = 0ms;
        for (int i = 0; i < 600; ++i)
        {
            pass(w, 100ms);
            age = std::max(age, whole(w.now() - *w.pool().status(*w.pool().primary(), w.now()).head_at));
        }
        return age;
    };
    CHECK(oldest({}) >= 2900ms);
    CHECK(oldest({}) <= 3100ms);
    CHECK(oldest(with(&pool_options::probe_live, 1s)) <= 1100ms);
}

TEST_CASE("net/pool_options: probe_others: how often nodes without a connection are")
{
    auto const looks = [](pool_options const& options) {
        world w(5, options, 1);
        w.call();
        pass(w, 1min);
        std::size_t const before = w.connects().size();
        pass(w, 20min);
        return w.connects().size() - before;
    };
    CHECK(looks({}) >= 3 * 20 - 5);
    CHECK(looks({}) <= 3 * 20 + 5);
    CHECK(looks(with(&pool_options::probe_others, 300s)) <= 3 * 4 + 3);
}

TEST_CASE("net/pool_options: latency_decay: how long a slow reply is remembered")
{
    auto const latency = [](pool_options const& options) {
        world w(2, options, 1);
        w.call();
        pass(w, 20s);
        w.node(0).slow = 500ms;
        w.call(false);
        pass(w, 700ms);
        w.node(0).slow = 0ms;
        pass(w, 30s);
        return whole(*w.pool().status(0, w.now()).latency);
    };
    CHECK(latency({}) < 100ms);
    CHECK(latency(with(&pool_options::latency_decay, 10min)) > 400ms);
}

TEST_CASE("net/pool_options: latency_window: which of the nodes that are known may take a place")
{
    auto const taken = [](pool_options const& options) {
        std::set<std::size_t> const nodes{0, 1, 2, 3, 4, 5};
        std::set<std::size_t> all;
        for (std::uint64_t seed = 1; seed <= 40; ++seed)
        {
            world w(6, options, seed);
            w.latency(2, 60ms);
            w.latency(3, 80ms);
            w.latency(4, 100ms);
            w.latency(5, 150ms); // with up to 9 ms more: always more than twice as slow as the best
            w.call();
            pass(w, 5min);
            until(w, [&] { // nobody is just being looked at
                return std::count_if(nodes.begin(), nodes.end(), [&](std::size_t i) {
                           return state(w, i) == node_state::live || state(w, i) == node_state::idle;
                       }) == 6;
            });
            std::vector<std::size_t> const before = w.pool().live();
            REQUIRE(before.size() == 2);
            w.cut(before[1]);
            pass(w, 2s);
            for (std::size_t i : w.pool().live())
                if (i != before[0])
                    all.insert(i);
        }
        return all;
    };
    auto const usual = taken({}), narrow = taken(with(&pool_options::latency_window, 1.15));
    CHECK(usual == std::set<std::size_t>{2, 3, 4});
    CHECK(narrow == std::set<std::size_t>{2});
}

TEST_CASE("net/pool_options: switch_advantage: by how much a node that takes over has to be quicker")
{
    auto const leads = [](pool_options const& options) {
        world w(2, options, 18);
        w.latency(0, 200ms);
        w.latency(1, 160ms);
        w.call();
        pass(w, 2min);
        return *w.pool().primary();
    };
    pool_options const even = with(&pool_options::connect_stagger, 2s); // the first of the list comes first
    CHECK(leads(even) == 0);
    CHECK(leads(with(&pool_options::switch_advantage, 0.1, even)) == 1);
}

TEST_CASE("net/pool_options: switch_samples: how often it has to be so")
{
    auto const switched_after = [](pool_options const& options) {
        world w(2, options, 18);
        w.call();
        pass(w, 30s);
        REQUIRE(w.pool().primary() == 0u);
        w.node(0).slow = 300ms;
        return until(w, [&] { return w.pool().primary() == 1u; });
    };
    CHECK(switched_after({}) > 6s);
    CHECK(switched_after({}) <= 13s);
    CHECK(switched_after(with(&pool_options::switch_samples, 1u)) <= 6500ms);
    CHECK(switched_after(with(&pool_options::switch_samples, 10u)) > 27s);
}

TEST_CASE("net/pool_options: distrust: how long others are preferred to a node that failed")
{
    auto const returns = [](pool_options const& options) {
        world w(4, options, 1);
        w.latency(3, 120ms); // slower than anybody else
        w.call();
        pass(w, 2min);
        REQUIRE(w.pool().primary() == 0u);
        w.cut(0);
        pass(w, 10s);
        REQUIRE(state(w, 2) == node_state::live);
        w.cut(2);
        pass(w, 5s);
        return state(w, 0) == node_state::live;
    };
    CHECK_FALSE(returns({}));
    CHECK(returns(with(&pool_options::distrust, 5s)));
}

TEST_CASE("net/pool_options: eject_failures: how many of them, one after the other")
{
    auto const failures = [](pool_options options) {
        options.connects_per_minute = 1000;
        world w(3, options, 1);
        w.node(2).refuses = true;
        w.call();
        until(w, [&] { return state(w, 2) == node_state::ejected; });
        return w.pool().status(2, w.now()).failures;
    };
    CHECK(failures({}) == 3);
    CHECK(failures(with(&pool_options::eject_failures, 1u)) == 1);
    CHECK(failures(with(&pool_options::eject_failures, 6u)) == 6);
}

TEST_CASE("net/pool_options: eject_time, eject_max: how long an ejected node rests")
{
    auto const is_about = [](milliseconds d, milliseconds expected) {
        CAPTURE(d.count());
        CHECK(d >= expected - 200ms);
        CHECK(d <= expected + 2s); // others are looked at in between
    };
    auto const usual = rests({});
    is_about(usual.first, 30s);
    is_about(usual.second, 60s);
    auto const shorter = rests(with(&pool_options::eject_time, 12s));
    is_about(shorter.first, 12s);
    is_about(shorter.second, 24s);
    is_about(rests(with(&pool_options::eject_max, 40s)).second, 40s);
}

TEST_CASE("net/pool_options: eject_share: of the nodes, at most")
{
    auto const most_ejected = [](pool_options const& options) {
        world w(6, options, 14);
        for (std::size_t i = 1; i < 6; ++i)
            w.node(i).refuses = true;
        w.call();
        std::size_t most = 0;
        for (int i = 0; i < 1200; ++i)
        {
            pass(w, 500ms);
            most = std::max(most, ejected(w));
        }
        return most;
    };
    CHECK(most_ejected({}) == 3);
    CHECK(most_ejected(with(&pool_options::eject_share, 0.2)) == 1);
    CHECK(most_ejected(with(&pool_options::eject_share, 1)) == 5);
}

TEST_CASE("net/pool_options: api_failures, api_rest: when a node is not asked for an API, and how long")
{
    CHECK(failures_for_an_api({}) == 2);
    CHECK(failures_for_an_api(with(&pool_options::api_failures, 5u)) == 5);
    CHECK(failures_for_an_api(with(&pool_options::api_rest, 1s)) == 10);
    CHECK(failures_for_an_api(with(&pool_options::api_rest, 10s)) < 7);
    CHECK(failures_for_an_api(with(&pool_options::api_rest, 10s)) > 2);
}
