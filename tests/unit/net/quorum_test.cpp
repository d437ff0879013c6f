#include <bitshares/net/quorum.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace bitshares;
using namespace std::chrono_literals;

namespace {

using reading = quorum_read<>;
using time_point = reading::time_point;

quorum_head head_at(std::uint32_t number, std::uint8_t fork = 0)
{
    quorum_head head;
    head.number = number;
    for (std::size_t i = 0; i < 4; ++i)
        head.id.data[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    head.id.data[19] = fork;
    return head;
}

quorum_said says(std::string text)
{
    quorum_said s;
    s.canonical = s.json = std::move(text);
    return s;
}

quorum_said refuses(std::int64_t code, std::string message, std::string name)
{
    quorum_said s;
    s.refusal = node_error(code, std::move(message), std::move(name));
    return s;
}

quorum_options of(std::size_t nodes, std::size_t agree)
{
    quorum_options options;
    options.nodes = nodes;
    options.agree = agree;
    return options;
}

/// Asks and answers by hand, with a clock that stands still until it is moved.
struct script
{
    explicit script(quorum_options const& options = {}) : read(options) {}

    /// What is to be asked now: "0h" asks node 0 for its head, "0a" for the answer.
    std::string due()
    {
        std::string all;
        for (auto const& a : read.due(now))
            all += (all.empty() ? "" : " ") + std::to_string(a.node) + (a.what == quorum_question::head ? 'h' : 'a');
        return all;
    }
    void join(std::initializer_list<std::size_t> nodes)
    {
        for (std::size_t n : nodes)
            read.join(n, now);
    }
    /// Head, answer, head, all of them due at once.
    void whole(std::size_t node, quorum_head const& head, std::string const& text)
    {
        read.head(node, head, now);
        CHECK(due() == std::to_string(node) + 'a');
        read.answer(node, says(text), now);
        CHECK(due() == std::to_string(node) + 'h');
        read.head(node, head, now);
    }
    void pass(std::chrono::milliseconds d) { now += d; }

    time_point now{1h};
    reading read;
};

using numbers = std::vector<std::size_t>;

} // namespace

TEST_CASE("net/quorum: two of three that say the same of the same block agree, and who says something else is named")
{
    script s;
    CHECK(s.read.wants() == 3);
    CHECK(s.read.next_tick(s.now) == time_point::max());
    s.join({4, 7, 9});
    CHECK(s.read.wants() == 0);
    CHECK(s.due() == "4h 7h 9h");
    CHECK(s.due().empty());
    s.whole(4, head_at(100), "1");
    CHECK(!s.read.agreed());
    s.whole(7, head_at(100), "2");
    CHECK(!s.read.agreed());
    s.whole(9, head_at(100), "1");
    REQUIRE(s.read.agreed());
    CHECK(s.read.over(s.now));
    CHECK(s.read.said().json == "1");
    CHECK(s.read.at() == head_at(100));
    CHECK(s.read.agreeing() == numbers{4, 9});
    CHECK(s.read.deviating() == numbers{7});
    CHECK(s.read.note(7) == "at block 100 it said 2");
    CHECK(s.read.wants() == 0);
}

TEST_CASE("net/quorum: answers are not compared while the heads are not one block")
{
    script s;
    s.join({0, 1, 2});
    CHECK(s.due() == "0h 1h 2h");
    s.whole(0, head_at(100), "same");
    s.whole(1, head_at(100, 1), "same"); // the other branch of a fork
    s.whole(2, head_at(101), "same");
    CHECK(!s.read.agreed());
    // Those behind the newest are asked for their heads after a while; the newest rests.
    CHECK(s.due().empty());
    CHECK(s.read.next_tick(s.now) == s.now + 100ms);
    s.pass(100ms);
    CHECK(s.due() == "0h 1h");
    s.read.head(0, head_at(100), s.now); // still there: nothing new to hear
    CHECK(s.due().empty());
    s.read.head(1, head_at(101), s.now);
    CHECK(s.due() == "1a");
    s.read.answer(1, says("same"), s.now);
    CHECK(s.due() == "1h");
    s.read.head(1, head_at(101), s.now);
    REQUIRE(s.read.agreed());
    CHECK(s.read.at() == head_at(101));
    CHECK(s.read.agreeing() == numbers{2, 1});
    CHECK(s.read.deviating().empty());
    // Node 0 may come to this block soon, and is waited for; not longer.
    CHECK(!s.read.over(s.now));
    CHECK(!s.read.over(s.now + 249ms));
    CHECK(s.read.over(s.now + 250ms));
    CHECK(s.read.next_tick(s.now) == s.now + 200ms); // it waits twice as long the second time
    s.pass(200ms);
    CHECK(s.due() == "0h");
    s.read.head(0, head_at(102), s.now); // it has gone past: what it says now is of no use
    CHECK(s.read.over(s.now));
    CHECK(s.due().empty());
}

TEST_CASE("net/quorum: a head that moves while the node answers is asked again at once, from the new head on")
{
    script s;
    s.join({0, 1});
    CHECK(s.due() == "0h 1h");
    s.whole(1, head_at(101), "new");
    s.read.head(0, head_at(100), s.now);
    CHECK(s.due() == "0a");
    s.read.answer(0, says("old or new, who knows"), s.now);
    CHECK(s.due() == "0h");
    s.read.head(0, head_at(101), s.now);
    CHECK(s.due() == "0a");
    CHECK(s.read.note(0) == "its head, 101, moves while it answers");
    s.read.answer(0, says("new"), s.now);
    CHECK(s.due() == "0h");
    s.read.head(0, head_at(101), s.now);
    CHECK(s.read.agreed());
}

TEST_CASE("net/quorum: what a node said of a block counts when it is at another one already, or gone")
{
    script s(of(3, 2));
    s.join({0, 1, 2});
    CHECK(s.due() == "0h 1h 2h");
    s.whole(0, head_at(100), "x");
    s.read.head(1, head_at(101), s.now); // node 0 will be asked again
    CHECK(s.due() == "1a");
    s.pass(100ms);
    CHECK(s.due() == "0h");
    s.read.head(0, head_at(101), s.now);
    CHECK(s.due() == "0a");
    s.read.leave(0, "the connection was closed", s.now, s.now);
    CHECK(s.read.note(0) == "the connection was closed; at block 100 it said x");
    s.whole(2, head_at(100), "x");
    REQUIRE(s.read.agreed());
    CHECK(s.read.agreeing() == numbers{0, 2});
    CHECK(s.read.at() == head_at(100));
}

TEST_CASE("net/quorum: when all have spoken and too few agree, they are asked again, and the newest word counts")
{
    script s;
    s.join({0, 1, 2});
    CHECK(s.due() == "0h 1h 2h");
    s.whole(0, head_at(100), "a");
    s.whole(1, head_at(100), "b");
    s.whole(2, head_at(100), "c");
    CHECK(!s.read.agreed());
    CHECK(s.due().empty());
    CHECK(s.read.next_tick(s.now) == s.now + 100ms);
    s.pass(100ms);
    CHECK(s.due() == "0h 1h 2h");
    s.whole(0, head_at(100), "b"); // what was pending there has reached it
    REQUIRE(s.read.agreed());
    CHECK(s.read.agreeing() == numbers{1, 0});
    CHECK(s.read.deviating() == numbers{2});
}

TEST_CASE("net/quorum: refusals agree by code and name, whatever the words")
{
    script s;
    s.join({0, 1, 2});
    CHECK(s.due() == "0h 1h 2h");
    auto const refuse = [&](std::size_t node, quorum_said said) {
        s.read.head(node, head_at(5), s.now);
        s.due();
        s.read.answer(node, std::move(said), s.now);
        s.due();
        s.read.head(node, head_at(5), s.now);
    };
    refuse(0, refuses(10, "itr != end: at 12:01", "assert_exception"));
    refuse(1, refuses(10, "itr != end", "eof_exception"));
    CHECK(!s.read.agreed());
    refuse(2, refuses(10, "itr != end: at 12:02", "assert_exception"));
    REQUIRE(s.read.agreed());
    CHECK(s.read.said().refusal->message() == "itr != end: at 12:02");
    CHECK(s.read.deviating() == numbers{1});
}

TEST_CASE("net/quorum: the place of a node that leaves is another's, who cannot answer does not come back")
{
    script s;
    s.join({0, 1, 2});
    CHECK(s.due() == "0h 1h 2h");
    s.read.leave(0, "silence", s.now + 1s, s.now);
    CHECK(s.read.wants() == 1);
    CHECK(!s.read.takes_part(0));
    CHECK(!s.read.may_join(0, s.now));
    CHECK(s.read.next_tick(s.now) == s.now + 1s);
    CHECK(s.read.may_join(0, s.now + 1s));
    CHECK(s.read.next_tick(s.now + 1s) == time_point::max()); // from then on its return is what is waited for
    CHECK(s.read.departures(0) == 1);
    s.read.exclude(1, "Method not found", s.now);
    CHECK(s.read.wants() == 2);
    CHECK(!s.read.may_join(1, s.now + 1h));
    CHECK(s.read.is_excluded(1));
    CHECK(!s.read.is_excluded(0));
    CHECK(s.read.note(1) == "Method not found");
    CHECK(s.read.may_join(3, s.now));
    s.join({3});
    CHECK(s.due() == "3h");
    s.read.head(0, head_at(1), s.now);     // from one that has left
    s.read.answer(1, says("late"), s.now); // likewise
    s.read.put_off(1, s.now);              // likewise
    CHECK(s.due().empty());
    s.pass(1s);
    s.join({0});
    CHECK(s.due() == "0h");
    s.read.put_off(0, s.now + 30ms); // its rate does not allow it
    CHECK(s.due().empty());
    CHECK(s.read.next_tick(s.now) == s.now + 30ms);
    s.pass(30ms);
    CHECK(s.due() == "0h");
}

TEST_CASE("net/quorum: a head that is made up keeps nobody from agreeing")
{
    script s;
    s.join({0, 1, 2});
    CHECK(s.due() == "0h 1h 2h");
    s.whole(0, head_at(4'000'000'000), "trust me");
    s.whole(1, head_at(100), "x");
    s.whole(2, head_at(100), "x");
    REQUIRE(s.read.agreed());
    CHECK(s.read.at() == head_at(100));
    CHECK(s.read.over(s.now)); // whose head is beyond it cannot tell of it
    CHECK(s.read.deviating().empty());
}

TEST_CASE("net/quorum: one text for all that means the same")
{
    using detail::canonical_json;
    CHECK(canonical_json(R"( { "b" : 1 , "a" : [ 1, true ,null, "x y" ] } )") == R"({"a":[1,true,null,"x y"],"b":1})");
    CHECK(canonical_json("{}") == "{}");
    CHECK(canonical_json("[ ]") == "[]");
    CHECK(canonical_json("[[],{}]") == "[[],{}]");
    CHECK(canonical_json("7") == "7");
    CHECK(canonical_json(" -7 ") == "-7");
    CHECK(canonical_json("4294967295") == "4294967295");
    CHECK(canonical_json("4294967296") == R"("4294967296")"); // as nodes print them
    CHECK(canonical_json("-4294967296") == R"("-4294967296")");
    CHECK(canonical_json(R"("4294967296")") == R"("4294967296")");
    CHECK(canonical_json("340282366920938463463374607431768211456") == R"("340282366920938463463374607431768211456")");
    CHECK(canonical_json("7") != canonical_json("\"7\""));
    CHECK(canonical_json("[1.50,1e3]") == "[1.50,1e3]");
    CHECK(canonical_json(R"("\u0041\/\u00e9\"")") == canonical_json("\"A/\u00e9\\\"\""));
    CHECK(canonical_json(R"({"\u0062":1,"a":2})") == R"({"a":2,"b":1})");
    CHECK(canonical_json(R"(["\\","]"])") == R"(["\\","]"])");
    CHECK(canonical_json("[1,2]") != canonical_json("[2,1]")); // the order of a list means something
}

namespace {

/// Nodes of one chain with heads of their own, of which some lie, lag, fall silent or die, and a read of them.
struct simulation
{
    struct node
    {
        std::chrono::milliseconds lag{0};
        bool lies = false;
        bool lies_of_head = false;
        std::chrono::milliseconds dies = 1h;
    };

    explicit simulation(std::uint64_t seed) : random(seed) {}

    std::uint64_t draw(std::uint64_t below) { return random() % below; }

    std::uint32_t head_of(node const& n, std::chrono::milliseconds at) const
    {
        return static_cast<std::uint32_t>((at + 1min - n.lag) / 3s);
    }

    /// Until the read is over, or the time is. @return Whether it is.
    bool run(reading& read, std::chrono::milliseconds longest)
    {
        struct message
        {
            reading::ask what;
            std::chrono::milliseconds told; // when the node looks
        };
        time_point const start{1h};
        std::multimap<std::chrono::milliseconds, message> under_way; // by arrival
        std::chrono::milliseconds now{0};
        for (;;)
        {
            time_point const t = start + now;
            for (std::size_t i = 0; i < nodes.size(); ++i)
                if (now >= nodes[i].dies && read.takes_part(i))
                    read.leave(i, "dead", t + 1h, t);
            for (std::size_t i = 0; i < nodes.size() && read.wants() != 0; ++i)
                if (now < nodes[i].dies && !read.takes_part(i) && read.may_join(i, t))
                    read.join(i, t);
            for (auto const& a : read.due(t))
            {
                std::chrono::milliseconds const way(5 + draw(100)), back(5 + draw(100));
                under_way.emplace(now + way + back, message{a, now + way});
                ++questions;
            }
            if (read.over(t))
                return true;
            std::chrono::milliseconds next = longest;
            if (auto const tick = read.next_tick(t); tick != time_point::max())
                next = std::min(next, std::chrono::ceil<std::chrono::milliseconds>(tick - start));
            if (!under_way.empty())
                next = std::min(next, under_way.begin()->first);
            for (node const& n : nodes)
                if (n.dies > now)
                    next = std::min(next, n.dies);
            if (next >= longest)
                return false;
            now = std::max(now, next);
            while (!under_way.empty() && under_way.begin()->first <= now)
            {
                message const m = under_way.begin()->second;
                under_way.erase(under_way.begin());
                node const& n = nodes[m.what.node];
                std::uint32_t const head = head_of(n, m.told);
                if (now >= n.dies)
                    continue;
                if (m.what.what == quorum_question::answer)
                    read.answer(m.what.node,
                                says(n.lies ? "lie " + std::to_string(draw(3)) : "truth " + std::to_string(head)),
                                start + now);
                else
                    read.head(m.what.node, head_at(n.lies_of_head ? 1'000'000 + head : head), start + now);
            }
        }
    }

    std::mt19937_64 random;
    std::vector<node> nodes;
    std::size_t questions = 0;
};

} // namespace

TEST_CASE("net/quorum: random nodes with moving heads, liars, laggards and deaths")
{
    constexpr std::pair<std::size_t, std::size_t> sizes[] = {{3, 2}, {5, 3}, {4, 3}, {1, 1}, {2, 2}, {7, 4}};
    std::size_t found = 0, deviations = 0, moved = 0;
    for (std::uint64_t seed = 1; seed <= 2000; ++seed)
    {
        CAPTURE(seed);
        simulation world(seed);
        auto const [count, agree] = sizes[seed % std::size(sizes)];
        std::size_t const extra = world.draw(3);
        std::size_t const liars = world.draw(count - agree + 1); // so that enough honest ones are among those asked
        for (std::size_t i = 0; i < count + extra; ++i)
        {
            simulation::node n;
            n.lag = std::chrono::milliseconds(world.draw(2000));
            if (i < liars)
            {
                n.lies = true;
                n.lies_of_head = world.draw(4) == 0;
            }
            else if (i >= count - extra && i < count) // another is there in its place
                n.dies = std::chrono::milliseconds(world.draw(3000));
            world.nodes.push_back(n);
        }
        reading read(of(count, agree));
        REQUIRE(world.run(read, 60s));
        ++found;
        REQUIRE(read.agreed());
        // Only truth, of the block that is said, by so many honest ones; and no honest one is called a deviator.
        CHECK(read.said().json == "truth " + std::to_string(read.at().number));
        CHECK(read.agreeing().size() >= agree);
        for (std::size_t i : read.agreeing())
            CHECK(!world.nodes[i].lies);
        for (std::size_t i : read.deviating())
            CHECK(world.nodes[i].lies);
        std::set<std::size_t> const once(read.agreeing().begin(), read.agreeing().end());
        CHECK(once.size() == read.agreeing().size());
        deviations += read.deviating().size();
        moved += world.questions > 3 * count ? 1u : 0u;
        CHECK(world.questions < 60 * count);
    }
    CHECK(found == 2000);
    CHECK(deviations > 200);
    CHECK(moved > 200);
}

TEST_CASE("net/quorum: too few honest nodes find no quorum")
{
    for (std::uint64_t seed = 1; seed <= 50; ++seed)
    {
        CAPTURE(seed);
        simulation world(seed);
        for (std::size_t i = 0; i < 3; ++i)
            world.nodes.push_back({std::chrono::milliseconds(world.draw(1000)), i < 2, false, 1h});
        world.random.seed(seed);
        reading read(of(3, 3));
        CHECK(!world.run(read, 20s));
        CHECK(!read.agreed());
        CHECK(read.note(2).find("truth") != std::string::npos);
        CHECK(world.questions < 900); // and nobody is hammered
    }
}
