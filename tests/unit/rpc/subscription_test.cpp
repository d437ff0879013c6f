#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/session.hpp>
#include <bitshares/rpc/subscription.hpp>
#include <bitshares/testing/chain.hpp>
#include <support/market.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace bitshares;
using namespace std::chrono_literals;
using time_point = subscription_source::time_point;

namespace {

/// What a node says to a question; empty: the connection broke.
using answering = std::function<std::optional<std::string>(any_request const&)>;

/// A node of a chain in memory.
class asked_chain
{
public:
    explicit asked_chain(testing::chain& chain) : connection_(chain.connect([](testing::node_reply const&) {})) {}

    std::optional<std::string> operator()(any_request const& question)
    {
        std::string const text =
            connection_->answer(R"({"id":1,"method":"call","params":[)" + question.text() + "]}").value();
        detail::envelope_json envelope;
        REQUIRE(detail::split_envelope(text, envelope));
        REQUIRE_MESSAGE(envelope.error.empty(), text);
        return std::string(envelope.result);
    }

private:
    std::shared_ptr<testing::node_service::connection> connection_;
};

/// Lets a source ask, by a clock of its own, until nothing has come for so many looks.
template <class Event>
struct follower
{
    std::unique_ptr<event_source<Event>> source;
    answering node;
    time_point now = time_point() + 1h;
    std::vector<Event> events = {};
    std::optional<error> failure = {};
    errc without_answer = errc::timed_out; ///< What the client says then.

    void run(int idle_looks = 3)
    {
        for (int waits = 0; waits < idle_looks && !failure;)
        {
            auto const step = source->next(now);
            switch (step.what)
            {
            case subscription_step::kind::ask:
                if (auto const answer = node(*step.question))
                    source->on_reply(*answer, now);
                else
                    source->on_failed(without_answer, {}, now);
                break;
            case subscription_step::kind::wait:
                REQUIRE(step.delay > 0ms);
                now += step.delay;
                ++waits;
                break;
            case subscription_step::kind::deliver:
                events.push_back(source->take());
                waits = 0;
                break;
            case subscription_step::kind::fail: failure = source->failure(); break;
            }
        }
    }
};

/// What is left when undone events are taken away; each has to be the newest one then.
template <class Event, class Number>
std::vector<Event> standing(std::vector<Event> const& events, Number const& number)
{
    std::vector<Event> left;
    for (Event const& e : events)
        if (e.kind == event_kind::undone)
        {
            REQUIRE(!left.empty());
            CHECK(number(left.back()) == number(e));
            left.pop_back();
        }
        else
        {
            if (!left.empty())
                CHECK(number(e) == number(left.back()) + 1);
            left.push_back(e);
        }
    return left;
}

std::uint64_t number_of(block_event const& e)
{
    return e.number;
}
std::uint64_t sequence_of(account_event const& e)
{
    return e.sequence;
}

/// Alice pays bob.
struct payments
{
    payments()
    {
        alice = chain.create_account("alice", 1'000'000'000'000);
        bob = chain.create_account("bob");
        chain.produce_blocks(20);
    }

    void pay(int amount)
    {
        transfer op;
        op.from = alice;
        op.to = bob;
        op.amount = {amount, core_asset};
        auto const key = chain.key("alice");
        REQUIRE(chain.push(chain.sign({op}, {&key})).has_value());
    }

    /// The operations of bob's history, oldest first.
    std::vector<operation_history_object> ledger()
    {
        asked_chain node(chain);
        auto all = from_json<std::vector<operation_history_object>>(
                       *node(bitshares::history::get_account_history(bob.to_string(), operation_history_id(0), 100,
                                                                     operation_history_id(0))))
                       .value();
        std::reverse(all.begin(), all.end());
        return all;
    }

    testing::chain chain;
    account_id alice, bob;
};

/// What is read of a header of the block with this number.
std::string header_of(std::uint32_t number)
{
    block_id previous;
    for (std::size_t i = 0; i < 4; ++i)
        previous.data[i] = static_cast<std::uint8_t>((number - 1) >> (24 - 8 * i));
    return R"({"previous":)" + to_json(previous) + "}";
}

} // namespace

TEST_CASE("rpc/subscription: blocks come in order, none twice, none left out")
{
    payments p;
    follower<block_event> f{follow_blocks(subscription_options().after(5)), asked_chain(p.chain)};
    f.run();
    REQUIRE(f.events.size() == p.chain.head_block_num() - 5);
    p.pay(7);
    p.chain.produce_blocks(3);
    f.run();
    REQUIRE(f.events.size() == p.chain.head_block_num() - 5);
    for (std::size_t i = 0; i < f.events.size(); ++i)
    {
        CHECK(f.events[i].kind == event_kind::applied);
        CHECK(f.events[i].number == i + 6);
        CHECK(f.events[i].id == id_of(*p.chain.block(f.events[i].number)));
    }
    CHECK(f.events[f.events.size() - 3].block.transactions.size() == 1);
    // Nothing named: what is there is not told.
    follower<block_event> g{follow_blocks(), asked_chain(p.chain)};
    g.run();
    CHECK(g.events.empty());
    p.chain.produce_block();
    g.run();
    CHECK(g.events.size() == 1);
}

TEST_CASE("rpc/subscription: a switch of forks tells what was undone, newest first, and what takes its place")
{
    payments p;
    follower<block_event> f{follow_blocks(subscription_options().after(15)), asked_chain(p.chain)};
    f.run();
    auto const head = p.chain.head_block_num();
    auto const old_id = f.events.back().id;
    f.events.clear();
    p.chain.undo_blocks(3, false);
    p.chain.advance(std::chrono::seconds(3));
    p.chain.produce_blocks(5);
    f.run();
    REQUIRE(f.events.size() == 8);
    for (std::uint32_t i = 0; i < 3; ++i)
    {
        CHECK(f.events[i].kind == event_kind::undone);
        CHECK(f.events[i].number == head - i);
    }
    CHECK(f.events[0].id == old_id);
    for (std::uint32_t i = 0; i < 5; ++i)
    {
        CHECK(f.events[3 + i].kind == event_kind::applied);
        CHECK(f.events[3 + i].number == head - 2 + i);
    }
    // Irreversible ones only: a fork changes nothing that was told.
    payments q;
    follower<block_event> g{follow_blocks(subscription_options().after(2).irreversible_only(true)),
                            asked_chain(q.chain)};
    g.run();
    CHECK(g.events.back().number == q.chain.last_irreversible_block_num());
    q.chain.undo_blocks(q.chain.head_block_num() - q.chain.last_irreversible_block_num(), false);
    q.chain.advance(std::chrono::seconds(3));
    q.chain.produce_blocks(40);
    g.run();
    CHECK(g.events.back().number == q.chain.last_irreversible_block_num());
    CHECK(std::none_of(g.events.begin(), g.events.end(),
                       [](block_event const& e) { return e.kind == event_kind::undone; }));
    for (block_event const& e : g.events)
        CHECK(e.id == id_of(*q.chain.block(e.number)));
}

TEST_CASE("rpc/subscription: nodes that fail, lag, or lie on another fork: the ledger's events all the same")
{
    char const* const wanted = std::getenv("BITSHARES_SUBSCRIPTION_SEEDS");
    char const* const one = std::getenv("BITSHARES_SUBSCRIPTION_SEED");
    std::uint32_t const first = one != nullptr ? static_cast<std::uint32_t>(std::atoi(one)) : 1;
    std::uint32_t const seeds = one != nullptr      ? 1
                                : wanted != nullptr ? static_cast<std::uint32_t>(std::atoi(wanted))
                                                    : 30;
    std::size_t undone = 0;
    for (std::uint32_t seed = first; seed < first + seeds; ++seed)
    {
        CAPTURE(seed); // BITSHARES_SUBSCRIPTION_SEED plays it alone
        std::mt19937 generator(seed);
        auto const random = [&] { return static_cast<std::uint32_t>(generator()); };
        payments p;
        payments behind; // the same chain, some blocks ago
        asked_chain there(p.chain), lagging(behind.chain);
        auto const node = [&](any_request const& question) -> std::optional<std::string> {
            switch (random() % 8)
            {
            case 0: return std::nullopt;
            case 1: return lagging(question);
            case 2: return "garbage";
            default: return there(question);
            }
        };
        bool const irreversible = seed % 3 == 0;
        auto const options = subscription_options().irreversible_only(irreversible).patience(24h);
        follower<block_event> blocks{follow_blocks(subscription_options(options).after(18)), node};
        follower<account_event> operations{follow_account(p.bob, subscription_options(options).after(0)), node};
        std::uint32_t settled = behind.chain.head_block_num();
        int amount = 0;
        for (int round = 0; round < 25; ++round)
        {
            if (random() % 3 == 0)
                for (std::uint32_t i = random() % 4; i > 0; --i)
                    p.pay(++amount); // otherwise they might be the same transaction
            // The lagging node follows up to where it will never be undone.
            settled = std::max(settled, p.chain.last_irreversible_block_num());
            while (behind.chain.head_block_num() < settled)
                REQUIRE(behind.chain.push_block(*p.chain.block(behind.chain.head_block_num() + 1)).has_value());
            if (random() % 6 == 0)
            {
                auto const reversible = p.chain.head_block_num() - settled;
                p.chain.undo_blocks(std::min<std::uint32_t>(reversible, random() % 5), random() % 2 == 0);
                p.chain.advance(std::chrono::seconds(3));
                p.chain.produce_blocks(6);
            }
            p.chain.produce_blocks(1 + random() % 3);
            blocks.run(static_cast<int>(random() % 3));
            operations.run(static_cast<int>(random() % 3));
        }
        p.chain.produce_until_irreversible(p.chain.head_block_num());
        p.chain.produce_blocks(30);
        blocks.node = operations.node = there;
        blocks.run(10);
        operations.run(10);
        REQUIRE(!blocks.failure);
        REQUIRE(!operations.failure);
        auto const seen = standing(blocks.events, number_of);
        REQUIRE(!seen.empty());
        CHECK(seen.front().number == 19);
        CHECK(seen.back().number == (irreversible ? p.chain.last_irreversible_block_num() : p.chain.head_block_num()));
        for (block_event const& e : seen)
            CHECK(e.id == id_of(*p.chain.block(e.number)));
        auto const heard = standing(operations.events, sequence_of);
        auto const ledger = p.ledger();
        REQUIRE(heard.size() == ledger.size());
        for (std::size_t i = 0; i < ledger.size(); ++i)
            CHECK(heard[i].entry == ledger[i]);
        auto const count = static_cast<std::size_t>(
            std::count_if(operations.events.begin(), operations.events.end(),
                          [](account_event const& e) { return e.kind == event_kind::undone; }));
        if (irreversible)
            CHECK(count == 0);
        undone += count;
    }
    MESSAGE(undone << " operations undone by forks");
    if (seeds > 10)
        CHECK(undone > 0);
}

TEST_CASE("rpc/subscription: a head block that there is not, told once, ends nothing, at whichever look")
{
    for (std::uint64_t const lie : {std::uint64_t{4'000'000'000}, std::uint64_t{250}})
        for (int const at : {0, 1, 2, 5})
            for (bool const after : {false, true})
            {
                CAPTURE(lie);
                CAPTURE(at);
                CAPTURE(after);
                payments p;
                asked_chain there(p.chain);
                auto const lying = [&, looks = 0](any_request const& question) mutable -> std::optional<std::string> {
                    std::string text = *there(question);
                    std::string const member = "\"head_block_number\":";
                    auto const found = text.find(member);
                    // Once in each place where a head is told.
                    if (found == text.npos ||
                        (question.method() == "get_dynamic_global_properties" ? looks++ : looks) != at)
                        return text;
                    auto const from = found + member.size();
                    return text.replace(from, text.find_first_of(",}", from) - from, std::to_string(lie));
                };
                subscription_options options;
                options.irreversible_only(false);
                follower<block_event> blocks{follow_blocks(after ? subscription_options(options).after(20) : options),
                                             lying};
                follower<account_event> operations{
                    follow_account(p.bob, after ? subscription_options(options).after(0) : options), lying};
                follower<object_event> objects{follow_objects({p.bob}, options), lying};
                int amount = 0;
                for (int i = 0; i < 12; ++i)
                {
                    p.pay(++amount);
                    p.chain.produce_block();
                    blocks.run(2);
                    operations.run(2);
                    objects.run(2);
                    REQUIRE(!blocks.failure);
                    REQUIRE(!operations.failure);
                    REQUIRE(!objects.failure);
                }
                // And far more blocks between two looks than usual are no lie.
                p.pay(++amount);
                p.chain.produce_blocks(30);
                blocks.run(100); // beyond the patience
                operations.run(100);
                objects.run(100);
                REQUIRE(!blocks.failure);
                REQUIRE(!operations.failure);
                REQUIRE(!objects.failure);
                REQUIRE(blocks.events.size() >= 40);
                for (std::size_t i = 0; i < blocks.events.size(); ++i)
                {
                    CHECK(blocks.events[i].number == blocks.events[0].number + i);
                    CHECK(blocks.events[i].kind == event_kind::applied);
                }
                CHECK(blocks.events.back().number == p.chain.head_block_num());
                REQUIRE(operations.events.size() >= 11);
                CHECK(operations.events.back().entry == p.ledger().back());
                REQUIRE(!objects.events.empty());
                CHECK(objects.events.back().block <= p.chain.head_block_num());
            }
}

TEST_CASE("rpc/subscription: objects are asked for once a look, though a block comes between the head and them")
{
    payments p;
    asked_chain there(p.chain);
    int looks = 0, questions = 0;
    follower<object_event> f{follow_objects({p.bob}), [&](any_request const& question) -> std::optional<std::string> {
                                 auto text = there(question);
                                 if (question.method() == "get_objects")
                                 {
                                     REQUIRE(++questions < 100);
                                     return text;
                                 }
                                 ++looks;
                                 p.chain.produce_block();
                                 return text;
                             }};
    f.run(10);
    CHECK(looks >= 10);
    CHECK(questions <= looks);
    CHECK(questions >= 4); // every second one: the next head is known by then
}

TEST_CASE("rpc/subscription: what no node has any more is a gap that is named, not passed over")
{
    payments p;
    for (int i = 1; i <= 5; ++i)
        p.pay(i);
    p.chain.produce_blocks(20);
    asked_chain node(p.chain);
    // A node that has dropped the first three operations.
    auto const pruned = [&](any_request const& question) -> std::optional<std::string> {
        std::string text = *node(question);
        if (question.method() == "get_objects")
        {
            auto const at = text.find("\"removed_ops\":0");
            REQUIRE(at != std::string::npos);
            text.replace(at, 15, "\"removed_ops\":3");
        }
        return text;
    };
    follower<account_event> f{follow_account(p.bob, subscription_options().after(0).patience(5s)), pruned};
    f.run(100);
    REQUIRE(f.failure);
    CHECK(f.failure->code() == errc::gap_unfillable);
    CHECK(f.failure->detail() == "entries up to 3");
    CHECK(f.events.empty());
    // From what is known and still there, it goes on.
    follower<account_event> g{follow_account(p.bob, subscription_options().after(4)), pruned};
    g.run();
    CHECK(!g.failure);
    REQUIRE(!g.events.empty());
    CHECK(g.events.front().sequence == 5);
    // Blocks that nobody has.
    auto const holes = [&](any_request const& question) -> std::optional<std::string> {
        return question.text().ends_with("[9]") ? "null" : node(question);
    };
    follower<block_event> h{follow_blocks(subscription_options().after(5).patience(5s)), holes};
    h.run(100);
    REQUIRE(h.failure);
    CHECK(h.failure->code() == errc::gap_unfillable);
    CHECK(h.failure->detail() == "block 9");
    CHECK(h.events.size() == 3);
    // Nobody answers: the client's own error.
    follower<block_event> silent{follow_blocks(subscription_options().patience(5s)),
                                 [](any_request const&) { return std::nullopt; }};
    silent.run(100);
    REQUIRE(silent.failure);
    CHECK(silent.failure->code() == errc::timed_out);
}

TEST_CASE("rpc/subscription: a node that drops operations while they are followed makes a gap, and undoes none of them")
{
    payments p;
    p.pay(1);
    p.pay(2);
    p.chain.produce_block();
    asked_chain node(p.chain);
    bool pruned = false;
    auto const forgetful = [&](any_request const& question) -> std::optional<std::string> {
        if (pruned && question.method() == "get_relative_account_history")
            return "[]"; // all of the page is gone
        if (pruned && question.method() == "get_objects")
            return R"([{"total_ops":400,"removed_ops":300}])";
        return node(question);
    };
    for (bool const settled : {false, true})
    {
        pruned = false;
        follower<account_event> f{follow_account(p.bob, subscription_options().after(0).patience(5s)), forgetful};
        f.run();
        REQUIRE(!f.events.empty());
        if (settled)
        {
            p.chain.produce_blocks(60);
            f.run();
        }
        auto const told = f.events.size();
        pruned = true;
        p.chain.produce_blocks(60);
        f.run(100);
        CHECK(f.events.size() == told);
        REQUIRE(f.failure);
        CHECK(f.failure->code() == errc::gap_unfillable);
        CHECK(f.failure->detail() == "entries up to 300");
    }
}

TEST_CASE("rpc/subscription: single failures far from each other are none")
{
    payments p;
    asked_chain there(p.chain);
    int asked = 0;
    follower<block_event> f{follow_blocks(subscription_options().patience(5s)),
                            [&](any_request const& question) -> std::optional<std::string> {
                                if (++asked % 50 == 0)
                                    return std::nullopt;
                                return there(question);
                            }};
    f.run(300);
    CHECK(!f.failure);
}

TEST_CASE("rpc/subscription: a block that was irreversible and is another now is not taken")
{
    // What is told at once is kept for some blocks more: what was irreversible elsewhere may have been told of a fork.
    for (auto const& [irreversible, blocks] : {std::pair(false, 80u), std::pair(true, 80u), std::pair(true, 10u)})
    {
        CAPTURE(blocks);
        payments p;
        p.pay(1);
        p.chain.produce_blocks(blocks);
        follower<account_event> operations{
            follow_account(p.bob, subscription_options().after(1).patience(5s).irreversible_only(irreversible)),
            asked_chain(p.chain)};
        operations.run();
        CHECK(operations.events.size() == 1);
        follower<block_event> f{
            follow_blocks(subscription_options().after(5).patience(5s).irreversible_only(irreversible)),
            asked_chain(p.chain)};
        f.run();
        auto const told = f.events.size();
        p.chain.undo_blocks(p.chain.head_block_num() - 7, false);
        p.chain.advance(std::chrono::seconds(3));
        p.chain.produce_block(); // the chain's own account of bob's is gone with its block
        p.chain.produce_blocks(150);
        operations.run(100);
        CHECK((operations.events.size() == 1) == (irreversible || blocks > 40));
        f.run(100);
        REQUIRE(f.failure);
        CHECK(f.failure->code() == errc::gap_unfillable);
        CHECK(f.failure->detail().find("was irreversible and is another now") != std::string::npos);
        CHECK((f.events.size() == told) == irreversible);
        CHECK(std::all_of(f.events.begin() + static_cast<std::ptrdiff_t>(told), f.events.end(),
                          [](block_event const& e) { return e.kind == event_kind::undone; }));
    }
}

TEST_CASE("rpc/subscription: what was told of a fork is undone, though another node calls those numbers irreversible")
{
    payments p;
    payments aside; // the same chain, up to here
    for (int i = 1; i <= 3; ++i)
    {
        aside.pay(i);
        aside.chain.produce_block();
        p.pay(10 + i);
        p.chain.produce_blocks(2);
    }
    p.chain.produce_blocks(30);
    REQUIRE(p.chain.last_irreversible_block_num() > aside.chain.head_block_num());
    asked_chain there(p.chain), forked(aside.chain);
    // The head, and whether there is one, is asked of one, everything else of the other, as hedging may do.
    bool lost = true;
    auto const node = [&](any_request const& question) {
        return lost && question.method() != "get_dynamic_global_properties" && question.method() != "get_block_header"
                   ? forked(question)
                   : there(question);
    };
    follower<block_event> blocks{follow_blocks(subscription_options().after(18).patience(10s)), node};
    follower<account_event> operations{follow_account(p.bob, subscription_options().after(0).patience(10s)), node};
    follower<account_event> for_good{
        follow_account(p.bob, subscription_options().after(0).patience(10s).irreversible_only(true)), node};
    blocks.run(2);
    operations.run(2);
    for_good.run(5);
    CHECK(for_good.events.size() <= 1); // what cannot be taken back has to be of the head's chain; the first one is
    REQUIRE(blocks.events.back().number == aside.chain.head_block_num());
    REQUIRE(operations.events.size() == aside.ledger().size());
    lost = false;
    blocks.run();
    p.chain.produce_block();
    operations.run();
    for_good.run(5);
    REQUIRE(!for_good.failure);
    REQUIRE(for_good.events.size() == p.ledger().size());
    for (std::size_t i = 0; i < for_good.events.size(); ++i)
        CHECK(for_good.events[i].entry == p.ledger()[i]);
    CHECK(!blocks.failure);
    CHECK(!operations.failure);
    auto const seen = standing(blocks.events, number_of);
    REQUIRE(seen.back().number == p.chain.head_block_num() - 1);
    for (block_event const& e : seen)
        CHECK(e.id == id_of(*p.chain.block(e.number)));
    auto const heard = standing(operations.events, sequence_of);
    auto const ledger = p.ledger();
    REQUIRE(heard.size() == ledger.size());
    for (std::size_t i = 0; i < ledger.size(); ++i)
        CHECK(heard[i].entry == ledger[i]);
}

TEST_CASE(
    "rpc/subscription: what cannot be taken back is not told of the fork that another node than the head's is left on")
{
    for (bool const longer : {false, true}) // then the fork has blocks of all numbers
    {
        CAPTURE(longer);
        payments p;
        p.chain.produce_blocks(60);
        payments aside; // the same chain, up to here
        aside.chain.produce_blocks(60);
        p.pay(1);
        p.chain.produce_block();
        aside.pay(2);
        aside.chain.produce_block();
        auto const forked_at = p.chain.head_block_num();
        auto const before = aside.chain.last_irreversible_block_num();
        REQUIRE(before < forked_at);
        p.chain.produce_until_irreversible(forked_at);
        while (longer && aside.chain.head_block_num() < p.chain.head_block_num() + 2)
            aside.chain.produce_block();
        asked_chain there(p.chain), forked(aside.chain);
        bool lost_head = false, lost_blocks = true;
        auto const node = [&](any_request const& question) {
            bool const head =
                question.method() == "get_dynamic_global_properties" || question.method() == "get_block_header";
            return (head ? lost_head : lost_blocks) ? forked(question) : there(question);
        };
        auto const options = subscription_options().patience(24h).irreversible_only(true);
        follower<block_event> f{follow_blocks(subscription_options(options).after(5)), node};
        follower<account_event> operations{follow_account(p.bob, subscription_options(options).after(0)), node};
        // Irreversible by the head's node, and read of the other at as many looks as there may be.
        f.run(7);
        CHECK(f.events.back().number < forked_at);
        operations.run(7);
        auto const shared = operations.events.size();
        CHECK(shared + 1 == p.ledger().size());
        lost_blocks = false;
        // What was read of the fork is dropped, and what takes its place is told, though no block has come since.
        f.run(4);
        operations.run(4);
        REQUIRE(!f.failure);
        CHECK(f.events.back().number == p.chain.last_irreversible_block_num());
        // What comes next is told at the first look at it.
        f.run(1);
        p.chain.produce_until_irreversible(f.events.back().number + 1);
        f.run(1);
        CHECK(f.events.back().number == p.chain.last_irreversible_block_num());
        for (std::size_t i = 0; i < f.events.size(); ++i)
        {
            CHECK(f.events[i].kind == event_kind::applied);
            CHECK(f.events[i].number == i + 6);
            CHECK(f.events[i].id == id_of(*p.chain.block(f.events[i].number)));
            CHECK(f.events[i].block == *p.chain.block(f.events[i].number));
        }
        auto const ledger = p.ledger();
        REQUIRE(operations.events.size() == ledger.size());
        for (std::size_t i = 0; i < ledger.size(); ++i)
            CHECK(operations.events[i].entry == ledger[i]);
    }
}

TEST_CASE("rpc/subscription: a head far below the one that is known is not believed, however often it is told")
{
    for (bool const irreversible : {false, true})
    {
        CAPTURE(irreversible);
        payments p;
        payments stale;
        p.pay(1);
        p.chain.produce_blocks(60);
        auto const known = irreversible ? p.chain.last_irreversible_block_num() : p.chain.head_block_num();
        asked_chain there(p.chain), behind(stale.chain);
        bool lost = false, broken = true;
        auto const node = [&](any_request const& question) -> std::optional<std::string> {
            // After the first head nothing is heard of what comes next.
            if (broken && question.method() != "get_dynamic_global_properties" &&
                question.method() != "get_block_header")
                return std::nullopt;
            return lost ? behind(question) : there(question);
        };
        auto const options = subscription_options().irreversible_only(irreversible);
        follower<block_event> blocks{follow_blocks(options), node};
        follower<account_event> operations{follow_account(p.bob, options), node};
        blocks.run(1);
        operations.run(1);
        lost = true;
        broken = false;
        blocks.run(3);
        operations.run(3);
        CHECK(blocks.events.empty());
        CHECK(operations.events.empty());
        lost = false;
        blocks.run();
        operations.run();
        p.pay(2);
        p.chain.produce_until_irreversible(p.chain.head_block_num() + 1);
        blocks.run();
        operations.run();
        REQUIRE(!blocks.failure);
        REQUIRE(!operations.failure);
        REQUIRE(!blocks.events.empty());
        CHECK(blocks.events.front().number == known + 1); // what was there when it began is not told
        CHECK(operations.events.size() == 1);
    }
}

TEST_CASE("rpc/subscription: what is asked of the chain is asked of the node that told the head")
{
    payments p;
    p.pay(1);
    p.chain.produce_until_irreversible(p.chain.head_block_num());
    asked_chain there(p.chain);
    std::string topic;
    std::size_t blocks = 0;
    auto const node = [&](any_request const& question) -> std::optional<std::string> {
        if (question.method() == "get_fill_order_history")
            return "[]";
        if (question.method() == "get_dynamic_global_properties")
            topic = question.topic();
        CHECK_MESSAGE(!topic.empty(), question.text());
        CHECK_MESSAGE(question.topic() == topic, question.text());
        auto const text = there(question).value();
        if (question.method() == "get_block")
        {
            // Another node may have what this one has not, or has otherwise.
            ++blocks;
            auto const missing = [&](std::string const& json) {
                raw_json const answer{json};
                return question.missing_in(&answer);
            };
            auto block = from_json<std::optional<signed_block>>(text).value().value();
            CHECK(missing(text) == 0);
            CHECK(missing("null") == 1);
            CHECK(missing(to_json(*p.chain.block(block_num_of(block) > 5 ? 5 : 6))) == 1);
            bool const paid = !block.transactions.empty();
            block.transactions.clear();
            CHECK(missing(to_json(block)) == (paid ? 1 : 0));
            CHECK(missing("[]") == 0); // that is said elsewhere
        }
        return text;
    };
    for (bool const irreversible : {false, true})
    {
        auto const options = subscription_options().after(1).irreversible_only(irreversible);
        follower<block_event> f{follow_blocks(options), node};
        f.run();
        CHECK(!f.events.empty());
        follower<account_event> operations{follow_account(p.bob, options), node};
        operations.run();
        CHECK(operations.events.size() == 1);
        follower<market_event> fills{follow_market(asset_id(0), asset_id(1), subscription_options(options).after(0)),
                                     node};
        fills.run();
        CHECK(!fills.failure);
    }
    CHECK(blocks > 0);
}

TEST_CASE(
    "rpc/subscription: what cannot be taken back is told, though blocks come of a node that is one behind the head's")
{
    payments p;
    payments aside; // the same chain, a block ago
    auto const go_on = [&] {
        p.chain.produce_block();
        while (aside.chain.head_block_num() + 1 < p.chain.head_block_num())
            REQUIRE(aside.chain.push_block(*p.chain.block(aside.chain.head_block_num() + 1)).has_value());
    };
    p.pay(1);
    for (int i = 0; i < 60; ++i)
        go_on();
    asked_chain there(p.chain), behind(aside.chain);
    int calls = 0;
    auto const node = [&](any_request const& question) {
        ++calls;
        return question.method() == "get_block" ? behind(question) : there(question);
    };
    auto const options = subscription_options().irreversible_only(true);
    follower<block_event> blocks{follow_blocks(subscription_options(options).after(60)), node};
    follower<account_event> operations{follow_account(p.bob, subscription_options(options).after(0)), node};
    for (int look = 0; look < 300; ++look)
    {
        blocks.run(1);
        operations.run(1);
        if (look == 30)
            p.pay(2);
        if (look % 3 == 0)
            go_on();
    }
    REQUIRE(!blocks.failure);
    REQUIRE(!operations.failure);
    REQUIRE(!blocks.events.empty());
    CHECK(blocks.events.back().number + 2 >= p.chain.last_irreversible_block_num());
    CHECK(operations.events.size() == p.ledger().size());
    CHECK(calls < 2000);
}

TEST_CASE("rpc/subscription: a head that is no block's is forgotten, though its block's header was there, or it is "
          "told again and again")
{
    for (bool const far : {false, true})
        for (bool const irreversible : {false, true})
        {
            CAPTURE(far);
            CAPTURE(irreversible);
            payments p;
            p.pay(1);
            p.chain.produce_blocks(60);
            asked_chain there(p.chain);
            int heads = 0;
            std::uint32_t told = 0;
            bool lied = false;
            auto const lying = [&](any_request const& question) {
                std::string text = *there(question);
                if (question.method() == "get_dynamic_global_properties")
                {
                    ++heads;
                    lied = far ? heads == 3 : heads > 3 && heads < 19;
                    if (!lied)
                        return text;
                    told = far ? 1000 : std::max(told, p.chain.head_block_num()) + 5;
                    std::string const member = "\"head_block_number\":";
                    auto const at = text.find(member) + member.size();
                    return text.replace(at, text.find(',', at) - at, std::to_string(told));
                }
                if (lied && question.method() == "get_block_header")
                    return header_of(told - 5);
                return text;
            };
            auto const options = subscription_options().irreversible_only(irreversible);
            follower<block_event> blocks{
                follow_blocks(subscription_options(options).after(p.chain.last_irreversible_block_num())), lying};
            follower<account_event> operations{follow_account(p.bob, subscription_options(options).after(1)), lying};
            auto const follow = [&](auto& f) {
                heads = 0;
                told = 0;
                for (int look = 0; look < 120; ++look)
                {
                    if (look == 30)
                        p.pay(1000 + look);
                    if (look % 3 == 0)
                        p.chain.produce_block();
                    f.run(1);
                }
                REQUIRE(!f.failure);
            };
            follow(blocks);
            REQUIRE(!blocks.events.empty());
            CHECK(blocks.events.back().number >=
                  (irreversible ? p.chain.last_irreversible_block_num() : p.chain.head_block_num()) - 1);
            for (block_event const& e : blocks.events)
                CHECK(e.id == id_of(*p.chain.block(e.number)));
            follow(operations);
            CHECK(operations.events.size() + 1 == p.ledger().size());
        }
}

TEST_CASE("rpc/subscription: where all nodes are behind what was told, it ends")
{
    for (bool const irreversible : {false, true})
    {
        CAPTURE(irreversible);
        payments p;
        payments stale;
        p.chain.produce_blocks(60);
        auto const known = p.chain.last_irreversible_block_num() - 1;
        follower<block_event> f{follow_blocks(subscription_options().irreversible_only(irreversible).after(known)),
                                asked_chain(p.chain)};
        f.run();
        REQUIRE(!f.events.empty());
        REQUIRE(known > stale.chain.head_block_num());
        auto const told = f.events.size();
        f.node = asked_chain(stale.chain);
        f.run(200);
        CHECK(f.events.size() == told);
        REQUIRE(f.failure);
        CHECK(f.failure->code() == errc::gap_unfillable);
        CHECK(f.failure->detail() == "head block " + std::to_string(p.chain.head_block_num()));
    }
}

TEST_CASE("rpc/subscription: one node's word that all is irreversible leaves no block out at the beginning")
{
    payments p;
    p.chain.produce_blocks(60);
    asked_chain there(p.chain);
    auto const irreversible = p.chain.last_irreversible_block_num();
    REQUIRE(irreversible + 1 < p.chain.head_block_num());
    int looks = 0;
    follower<block_event> f{
        follow_blocks(subscription_options().irreversible_only(true)), [&](any_request const& question) {
            auto text = *there(question);
            if (question.method() != "get_dynamic_global_properties" || ++looks != 1)
                return text;
            std::string const member = "\"last_irreversible_block_num\":";
            auto const at = text.find(member) + member.size();
            return text.replace(at, text.find_first_of(",}", at) - at, std::to_string(p.chain.head_block_num()));
        }};
    f.run(3);
    for (int i = 0; i < 30; ++i)
    {
        p.chain.produce_block();
        f.run(1);
    }
    CHECK(!f.failure);
    REQUIRE(!f.events.empty());
    CHECK(f.events.front().number == irreversible + 1);
    CHECK(f.events.size() == p.chain.last_irreversible_block_num() - irreversible);
    // Nor that there is a block far beyond the head.
    auto const head = p.chain.head_block_num();
    looks = 0;
    follower<block_event> g{follow_blocks(), [&](any_request const& question) {
                                auto text = *there(question);
                                if (question.method() == "get_dynamic_global_properties" && ++looks == 1)
                                    text.replace(text.find(':', text.find("\"head_block_number\"")) + 1, 0, "10");
                                if (looks == 1 && question.method() == "get_block_header")
                                    return header_of(
                                        static_cast<std::uint32_t>(std::stoul("10" + std::to_string(head)) - 5));
                                return text;
                            }};
    for (int look = 0; look < 120; ++look)
    {
        g.run(1);
        if (look % 3 == 0)
            p.chain.produce_block();
    }
    CHECK(!g.failure);
    REQUIRE(!g.events.empty());
    CHECK(g.events.front().number <= head + 15);
    CHECK(g.events.back().number == p.chain.head_block_num());
}

TEST_CASE("rpc/subscription: who gets on slowly from block to block does not end, but who only goes to and fro does")
{
    payments p;
    p.chain.produce_blocks(60);
    p.pay(1);
    p.chain.produce_block();
    p.chain.produce_until_irreversible(p.chain.head_block_num());
    p.chain.produce_blocks(10);
    asked_chain there(p.chain);
    follower<account_event> f{follow_account(p.bob, subscription_options().after(1).irreversible_only(true)), {}};
    int asked = 0;
    f.node = [&](any_request const& question) -> std::optional<std::string> {
        f.now += 4s;
        if (question.method() == "get_block" && (++asked == 1 || asked == 18)) // more than a minute later
            return std::nullopt;
        return there(question);
    };
    f.run(6);
    CHECK(asked >= 18);
    CHECK(!f.failure);
    CHECK(f.events.size() == 1);
    // Each block gets it on, but no head is one that they lead to.
    follower<block_event> g{follow_blocks(subscription_options().after(60).irreversible_only(true)),
                            [&](any_request const& question) {
                                auto text = *there(question);
                                std::string const member = "\"head_block_id\":\"";
                                if (auto const at = text.find(member); at != text.npos)
                                    text.replace(at + member.size() + 8, 4, "abcd");
                                return text;
                            }};
    for (int look = 0; look < 200; ++look)
    {
        g.run(1);
        if (look % 3 == 0)
            p.chain.produce_block();
    }
    REQUIRE(g.failure);
    CHECK(g.failure->code() == errc::gap_unfillable);
}

TEST_CASE("rpc/subscription: fills that cannot be taken back, on a chain whose blocks come each second")
{
    testing::chain_options options;
    options.block_interval = 1;
    testing::chain chain(options);
    chain.create_account("alice", 100);
    chain.produce_blocks(300);
    asked_chain there(chain);
    std::uint32_t const before = chain.last_irreversible_block_num();
    // So many seconds before the last irreversible block.
    for (std::uint32_t const age : {20u, 36u, 100u})
    {
        CAPTURE(age);
        std::uint32_t const filled = before - age;
        std::size_t blocks = 0;
        follower<market_event> f{
            follow_market(asset_id(0), asset_id(1), subscription_options().after(0).irreversible_only(true)),
            [&](any_request const& question) -> std::optional<std::string> {
                blocks += question.method() == "get_block" ? 1U : 0U;
                REQUIRE(blocks < 1000);
                if (question.method() != "get_fill_order_history")
                    return there(question);
                return R"([{"id":"5.0.1","key":{"base":"1.3.0","quote":"1.3.1","sequence":0},"time":")" +
                       chain.block(filled)->timestamp.to_string() +
                       R"(","op":{"fee":{"amount":0,"asset_id":"1.3.0"},"order_id":"1.7.1","account_id":"1.2.7","pays":{"amount":1,"asset_id":"1.3.0"},"receives":{"amount":1,"asset_id":"1.3.1"},"fill_price":{"base":{"amount":1,"asset_id":"1.3.0"},"quote":{"amount":1,"asset_id":"1.3.1"}},"is_maker":true}}])";
            }};
        f.run(3);
        CHECK(!f.failure);
        CHECK(f.events.size() == 1);
        CHECK(blocks <= 2 * (chain.head_block_num() - filled + 1));
    }
}

TEST_CASE(
    "rpc/subscription: fills that cannot be taken back, from the first blocks on of a chain with five seconds between")
{
    testing::chain_options options;
    options.block_interval = 5;
    testing::chain chain(options);
    support::market market(chain);
    market.trade();
    chain.produce_blocks(20);
    asked_chain there(chain);
    std::size_t asked = 0;
    follower<market_event> f{
        follow_market(core_asset, market.gold(), subscription_options().after(0).irreversible_only(true)),
        [&](any_request const& question) {
            REQUIRE(++asked < 1000);
            return there(question);
        }};
    f.run(3);
    CHECK(!f.failure);
    REQUIRE(f.events.size() == 2);
    CHECK(f.events[0].fill.op == market.fills_in_blocks()[0].op);
}

TEST_CASE(
    "rpc/subscription: more fills between two looks than are asked for at once are no gap, unless no node has them")
{
    testing::chain chain;
    support::market market(chain);
    asked_chain there(chain);
    std::size_t most = 0, kept = 10'000; // of which the plugin keeps so many
    answering const node = [&](any_request const& question) -> std::optional<std::string> {
        if (question.method() != "get_fill_order_history")
            return there(question);
        std::string const parameters(question.params_json());
        auto const wanted = std::stoul(parameters.substr(parameters.rfind(',') + 1));
        most = std::max<std::size_t>(most, wanted);
        return there(any_request("history", "get_fill_order_history",
                                 parameters.substr(0, parameters.rfind(',')) + "," +
                                     std::to_string(std::min(wanted, kept)) + "]"));
    };
    auto const trade = [&](int times) {
        for (int i = 0; i < times; ++i)
            market.trade();
        chain.produce_blocks(30);
    };
    trade(75);
    for (bool const for_good : {false, true})
    {
        CAPTURE(for_good);
        follower<market_event> f{
            follow_market(core_asset, market.gold(), subscription_options().after(0).irreversible_only(for_good)),
            node};
        f.run(3);
        CHECK(!f.failure);
        trade(130);
        f.run(3);
        CHECK(!f.failure);
        auto const all = market.fills_in_blocks();
        REQUIRE(f.events.size() == all.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            CHECK(f.events[i].fill.op == all[i].op);
        CHECK(most == 1'000);
        // With the next one, it is asked for a usual page again.
        trade(1);
        f.run(3);
        most = 0;
        chain.produce_blocks(30);
        f.run(3);
        CHECK(most == 100);

        kept = 20;
        trade(15);
        f.run(200);
        REQUIRE(f.failure);
        CHECK(f.failure->code() == errc::gap_unfillable);
        CHECK(most == 10'000);
        kept = 10'000;
        most = 0;
    }
}

TEST_CASE(
    "rpc/subscription: a head that is farther from the last irreversible block than nodes can undo is not followed")
{
    payments p;
    asked_chain there(p.chain);
    std::uint32_t const irreversible = p.chain.last_irreversible_block_num();
    REQUIRE(irreversible > 2);
    for (std::uint32_t const reversible : {9'999u, 10'000u})
    {
        CAPTURE(reversible);
        std::size_t blocks = 0;
        follower<block_event> f{follow_blocks(subscription_options().after(irreversible - 2).irreversible_only(true)),
                                [&](any_request const& question) {
                                    blocks += question.method() == "get_block" ? 1U : 0U;
                                    std::string text = *there(question);
                                    std::uint32_t const head = irreversible + reversible;
                                    if (question.method() == "get_block_header")
                                        return header_of(head - 5);
                                    std::string const member = "\"head_block_number\":";
                                    if (auto const at = text.find(member); at != text.npos)
                                        text.replace(at + member.size(), text.find(',', at) - at - member.size(),
                                                     std::to_string(head));
                                    return text;
                                }};
        f.run(200);
        CHECK((blocks > 0) == (reversible < 10'000));
        REQUIRE(f.failure);
        CHECK((f.failure->detail().find("10000") != std::string::npos) == (reversible == 10'000));
    }
}

TEST_CASE("rpc/subscription: an entry of a fork whose block is in the same slot is not told for good")
{
    payments p;
    p.chain.produce_blocks(60);
    payments aside; // the same chain, up to here
    aside.chain.produce_blocks(60);
    p.pay(1);
    p.chain.produce_block();
    aside.pay(2);
    aside.chain.produce_block();
    auto const forked_at = p.chain.head_block_num();
    REQUIRE(p.chain.block(forked_at)->timestamp == aside.chain.block(forked_at)->timestamp);
    p.chain.produce_until_irreversible(forked_at);
    while (aside.chain.head_block_num() < p.chain.head_block_num())
        aside.chain.produce_block();
    asked_chain there(p.chain), forked(aside.chain);
    bool lost = true;
    follower<account_event> f{follow_account(p.bob, subscription_options().after(0).irreversible_only(true)),
                              [&](any_request const& question) {
                                  return lost && question.api() == "history" ? forked(question) : there(question);
                              }};
    f.run(5);
    auto const ledger = p.ledger();
    CHECK(f.events.size() + 1 == ledger.size());
    lost = false;
    f.run(5);
    CHECK(!f.failure);
    REQUIRE(f.events.size() == ledger.size());
    for (std::size_t i = 0; i < ledger.size(); ++i)
        CHECK(f.events[i].entry == ledger[i]);
}

TEST_CASE("rpc/subscription: a block without its transactions is not believed")
{
    payments p;
    p.pay(7);
    p.chain.produce_blocks(3);
    asked_chain there(p.chain);
    bool lies = true;
    follower<block_event> f{follow_blocks(subscription_options().after(19)), [&](any_request const& question) {
                                auto text = there(question);
                                if (question.method() != "get_block" || !lies)
                                    return text;
                                auto block = from_json<std::optional<signed_block>>(*text).value();
                                block->transactions.clear();
                                return std::optional(to_json(block));
                            }};
    f.run();
    auto const told = f.events.size();
    CHECK(told < p.chain.head_block_num() - 19);
    lies = false;
    f.run();
    REQUIRE(f.events.size() == p.chain.head_block_num() - 19);
    for (block_event const& e : f.events)
        CHECK(e.block.transactions == p.chain.block(e.number)->transactions);
}

TEST_CASE("rpc/subscription: a history with a hole in it gives nothing another number, and undoes nothing")
{
    payments p;
    for (int i = 1; i <= 5; ++i)
    {
        p.pay(i);
        p.chain.produce_block();
    }
    asked_chain there(p.chain);
    auto const ledger = p.ledger();
    // Which of the entries, counted from 1, is not there.
    for (bool const irreversible : {false, true})
        for (std::size_t hole = 1; hole <= ledger.size(); ++hole)
        {
            CAPTURE(hole);
            p.chain.produce_until_irreversible(p.chain.head_block_num());
            bool whole = false;
            follower<account_event> f{
                follow_account(p.bob, subscription_options().after(2).patience(5s).irreversible_only(irreversible)),
                [&](any_request const& question) {
                    auto text = there(question);
                    if (question.method() != "get_relative_account_history" || whole)
                        return text;
                    auto entries = from_json<std::vector<operation_history_object>>(*text).value();
                    std::erase(entries, ledger[hole - 1]);
                    return std::optional(to_json(entries));
                }};
            f.run(3);
            for (std::size_t i = 0; i < f.events.size(); ++i)
                CHECK(f.events[i].entry == ledger[2 + i]);
            if (hole > 2 && hole < ledger.size())
            {
                CHECK(f.events.empty());
                f.run(20);
                REQUIRE(f.failure);
                CHECK(f.failure->code() == errc::gap_unfillable);
                continue;
            }
            whole = true;
            p.chain.produce_blocks(1);
            f.run();
            REQUIRE(!f.failure);
            REQUIRE(f.events.size() == ledger.size() - 2);
            // Even when it is the last one that was told.
            whole = false;
            p.chain.produce_blocks(1);
            f.run();
            CHECK(f.events.size() == ledger.size() - 2);
        }
}

TEST_CASE("rpc/subscription: a node that gives little at once is asked for less")
{
    payments p;
    for (int i = 1; i <= 30; ++i)
        p.pay(i);
    p.chain.produce_block();
    asked_chain there(p.chain);
    std::size_t refused = 0;
    follower<account_event> f{follow_account(p.bob, subscription_options().after(0)),
                              [&](any_request const& question) -> std::optional<std::string> {
                                  // Account, first, limit, last.
                                  std::string const given(question.params_json());
                                  std::size_t const limit = given.find(',', given.find(',') + 1) + 1;
                                  if (question.method() != "get_relative_account_history" ||
                                      std::stoul(given.substr(limit)) <= 10)
                                      return there(question);
                                  ++refused;
                                  return std::nullopt;
                              },
                              time_point() + 1h,
                              {},
                              {},
                              errc::invalid_reply};
    f.run(40);
    CHECK(!f.failure);
    CHECK(f.events.size() == p.ledger().size());
    CHECK(refused >= 2);
}

TEST_CASE("rpc/subscription: fills by their numbers, with those that were undone")
{
    std::vector<std::string> fills; // oldest first
    std::uint32_t head = 100, irreversible = 90;
    auto const fill = [&](int number, int block, int amount) {
        return R"({"id":"5.0.)" + std::to_string(number) + R"(","key":{"base":"1.3.0","quote":"1.3.1","sequence":)" +
               std::to_string(1 - number) + R"(},"time":"2026-01-01T00:)" + std::to_string(10 + block / 60) + ":" +
               (block % 60 < 10 ? "0" : "") + std::to_string(block % 60) +
               R"(","op":{"fee":{"amount":0,"asset_id":"1.3.0"},"order_id":"1.7.1","account_id":"1.2.7","pays":{"amount":)" +
               std::to_string(amount) +
               R"(,"asset_id":"1.3.0"},"receives":{"amount":1,"asset_id":"1.3.1"},"fill_price":{"base":{"amount":1,"asset_id":"1.3.0"},"quote":{"amount":1,"asset_id":"1.3.1"}},"is_maker":true}})";
    };
    auto const node = [&](any_request const& question) -> std::optional<std::string> {
        if (question.method() == "get_dynamic_global_properties")
            return R"({"head_block_number":)" + std::to_string(head) + R"(,"last_irreversible_block_num":)" +
                   std::to_string(irreversible) + "}";
        if (question.method() == "get_block_header")
        {
            auto const number = std::stoul(std::string(question.params_json().substr(1)));
            block_id previous;
            for (std::size_t i = 0; i < 4; ++i)
                previous.data[i] = static_cast<std::uint8_t>((number - 1) >> (24 - 8 * i));
            return R"({"previous":)" + to_json(previous) + R"(,"timestamp":"2026-01-01T00:)" +
                   std::to_string(10 + number / 60) + ":" + (number % 60 < 10 ? "0" : "") +
                   std::to_string(number % 60) + "\"}";
        }
        REQUIRE(question.method() == "get_fill_order_history");
        std::string page = "[";
        for (std::size_t i = 0; i < std::min<std::size_t>(fills.size(), 100); ++i)
            page += (i == 0 ? "" : ",") + fills[fills.size() - 1 - i];
        return page + "]";
    };
    for (int i = 1; i <= 5; ++i)
        fills.push_back(fill(i, 80 + i, i));
    follower<market_event> f{follow_market(asset_id(0), asset_id(1)), node};
    f.run();
    CHECK(f.events.empty());
    fills.push_back(fill(6, 100, 6));
    fills.push_back(fill(7, 101, 7));
    head = 101;
    f.run();
    REQUIRE(f.events.size() == 2);
    CHECK(f.events[0].sequence == 6);
    CHECK(f.events[1].fill.op.pays.amount == 7);
    // The last one takes place otherwise.
    fills.back() = fill(7, 102, 8);
    head = 102;
    f.run();
    REQUIRE(f.events.size() == 4);
    CHECK(f.events[2].kind == event_kind::undone);
    CHECK(f.events[2].fill.op.pays.amount == 7);
    CHECK(f.events[3].fill.op.pays.amount == 8);
    // More than this node hands out since the last look, however many it is asked for.
    for (int i = 8; i <= 150; ++i)
        fills.push_back(fill(i, 103, i));
    head = 103;
    f.run(200);
    REQUIRE(f.failure);
    CHECK(f.failure->code() == errc::gap_unfillable);
    CHECK(f.failure->detail() == "entries 8 to 50");
    // From the first one on, which is not handed out any more.
    follower<market_event> g{follow_market(asset_id(0), asset_id(1), subscription_options().after(0)), node};
    g.run(200);
    CHECK(g.events.empty());
    REQUIRE(g.failure);
    CHECK(g.failure->detail() == "entries up to 50");
    // A page with a hole.
    fills.resize(6);
    fills.erase(fills.begin() + 3);
    follower<market_event> h{follow_market(asset_id(0), asset_id(1), subscription_options().after(1)), node};
    h.run(200);
    CHECK(h.events.size() == 2);
    REQUIRE(h.failure);
    CHECK(h.failure->detail() == "entries 4 to 4");
}

TEST_CASE("rpc/subscription: objects where they change, and when they are gone")
{
    payments p;
    follower<object_event> f{follow_objects({account_id(p.bob), limit_order_id(0)}), asked_chain(p.chain)};
    f.run();
    REQUIRE(f.events.size() == 2);
    CHECK(f.events[0].object.text.find("\"bob\"") != std::string::npos);
    CHECK(f.events[1].object.text == "null");
    p.chain.produce_blocks(3);
    f.run();
    CHECK(f.events.size() == 2);
}

TEST_CASE("rpc/subscription: objects do not go back where two nodes answer in turn")
{
    payments p;
    payments aside; // the same chain, which stays behind
    asked_chain newer(p.chain), older(aside.chain);
    bool turn = false;
    follower<object_event> f{
        follow_objects({any_object_id::from_string("2.1.0").value()}, subscription_options().patience(10min)),
        [&](any_request const& question) {
            // The head of the newer one, the objects of both in turn.
            bool const objects = question.method() == "get_objects";
            turn = objects ? !turn : turn;
            return objects && !turn ? older(question) : newer(question);
        }};
    for (int i = 0; i < 6; ++i)
    {
        p.chain.produce_block();
        f.run(4);
    }
    CHECK(!f.failure);
    REQUIRE(f.events.size() >= 6);
    for (std::size_t i = 0; i < f.events.size(); ++i)
    {
        // The block is that of the state, and not of the head that another node told before.
        CHECK(f.events[i].object.text.find("\"head_block_number\":" + std::to_string(f.events[i].block) + ",") !=
              std::string::npos);
        CHECK((i == 0 || f.events[i].block > f.events[i - 1].block));
    }
    CHECK(f.events.back().block == p.chain.head_block_num());
    // And without anybody who is not behind, it ends.
    f.node = [&](any_request const& question) {
        return question.method() == "get_objects" ? older(question) : newer(question);
    };
    p.chain.produce_block();
    f.run(1000);
    REQUIRE(f.failure);
    CHECK(f.failure->code() == errc::gap_unfillable);
}

TEST_CASE("rpc/subscription: objects do not go back where for most of the patience only a node far behind is there")
{
    payments p;
    payments aside; // the same chain, which stays behind
    p.chain.produce_blocks(20);
    asked_chain newer(p.chain), older(aside.chain);
    bool alone = false;
    follower<object_event> f{follow_objects({any_object_id::from_string("2.1.0").value()}),
                             [&](any_request const& question) { return alone ? older(question) : newer(question); }};
    f.run();
    REQUIRE(f.events.size() == 1);
    alone = true;
    f.run(50); // of 60 s
    CHECK(!f.failure);
    CHECK(f.events.size() == 1);
    alone = false;
    p.chain.produce_block();
    f.run();
    CHECK(!f.failure);
    REQUIRE(f.events.size() == 2);
    CHECK(f.events[1].block == p.chain.head_block_num());
}

TEST_CASE("rpc/subscription: objects name their block, and do not go back, though a look shows an older head")
{
    for (bool const both : {false, true}) // the head alone, or the objects, too
        for (std::uint32_t const blocks : {0u, 20u})
            for (int const at : {1, 2}) // the look behind the first one; or the one behind that
            {
                CAPTURE(both);
                CAPTURE(blocks);
                CAPTURE(at);
                payments p;
                payments aside; // the same chain, which stays behind
                p.chain.produce_blocks(blocks);
                asked_chain newer(p.chain), older(aside.chain);
                follower<object_event> f{follow_objects({any_object_id::from_string("2.1.0").value()}),
                                         [&, looks = 0](any_request const& question) mutable {
                                             bool const head = question.method() == "get_dynamic_global_properties";
                                             bool const late = head ? looks == at : both && looks == at + 1;
                                             looks += head ? 1 : 0;
                                             return late ? older(question) : newer(question);
                                         }};
                for (int i = 0; i < 8; ++i)
                {
                    f.run(1);
                    p.chain.produce_blocks(10);
                }
                f.run();
                CHECK(!f.failure);
                REQUIRE(f.events.size() >= 6);
                for (std::size_t i = 0; i < f.events.size(); ++i)
                {
                    CHECK(f.events[i].object.text.find("\"head_block_number\":" + std::to_string(f.events[i].block) +
                                                       ",") != std::string::npos);
                    CHECK((i == 0 || f.events[i].block > f.events[i - 1].block));
                }
                CHECK(f.events.back().block == p.chain.head_block_num());
            }
}

TEST_CASE("rpc/subscription: objects of a chain that runs away from each question are told all the same")
{
    payments p;
    asked_chain there(p.chain);
    int questions = 0;
    follower<object_event> f{follow_objects({any_object_id::from_string("2.1.0").value()}),
                             [&](any_request const& question) {
                                 REQUIRE(++questions < 1000);
                                 p.chain.produce_blocks(7);
                                 return there(question);
                             }};
    while (f.events.size() < 5)
        f.run(1);
    CHECK(!f.failure);
    for (std::size_t i = 1; i < f.events.size(); ++i)
        CHECK(f.events[i].block > f.events[i - 1].block);
}

TEST_CASE("rpc/subscription: objects of another block with the same number are none that are newer")
{
    payments p;
    payments aside; // on a fork of its own from here on
    p.chain.produce_block();
    aside.chain.advance(std::chrono::seconds(3));
    aside.chain.produce_block();
    REQUIRE(p.chain.head_block_num() == aside.chain.head_block_num());
    asked_chain there(p.chain), forked(aside.chain);
    bool of_the_fork = false;
    follower<object_event> f{
        follow_objects({any_object_id::from_string("2.1.0").value()}), [&](any_request const& question) {
            return of_the_fork && question.method() == "get_objects" ? forked(question) : there(question);
        }};
    f.run();
    REQUIRE(f.events.size() == 1);
    of_the_fork = true;
    p.chain.produce_block();
    f.run();
    CHECK(f.events.size() == 1);
    of_the_fork = false;
    f.run();
    CHECK(!f.failure);
    REQUIRE(f.events.size() == 2);
    CHECK(f.events[1].block == p.chain.head_block_num());
}

TEST_CASE("rpc/subscription: looks that hints bring one after the other do not make a node behind another say it all")
{
    payments p;
    payments behind; // the same chain, a block ago
    asked_chain there(p.chain), lagging(behind.chain);
    bool lags = true;
    follower<account_event> f{follow_account(p.bob, subscription_options().after(0).hints(true).poll_interval(10s)),
                              [&](any_request const& question) -> std::optional<std::string> {
                                  if (question.method() == "set_block_applied_callback")
                                      return "null";
                                  bool const head = question.method() == "get_dynamic_global_properties";
                                  return head || !lags ? there(question) : lagging(question);
                              }};
    p.pay(1);
    p.chain.produce_block();
    // Each notice makes it look again at once.
    for (int i = 0; i < 6; ++i)
    {
        f.run(1);
        f.now -= 9s;
        f.source->on_notice("[\"00\"]", f.now);
    }
    std::size_t const before = p.ledger().size() - 1;
    CHECK(f.events.size() == before);
    // It follows a second later, and no block comes any more.
    lags = false;
    f.run();
    CHECK(!f.failure);
    REQUIRE(f.events.size() == before + 1);
    CHECK(f.events.back().entry == p.ledger().back());
}

TEST_CASE("rpc/subscription: times beyond the clock's are as good as for ever, and none is before now")
{
    using ms = std::chrono::milliseconds;
    payments p;
    for (auto const& [interval, patience] :
         {std::pair(ms::max(), ms::max()), std::pair(1000ms, ms::max()), std::pair(ms::max(), 5000ms)})
    {
        auto const options = subscription_options().poll_interval(interval).patience(patience).after(18);
        follower<block_event> f{follow_blocks(options), asked_chain(p.chain)};
        f.run(3);
        CHECK(f.events.size() == p.chain.head_block_num() - 18);
        CHECK(f.now >= time_point() + 1h + std::min<ms>(3 * std::min<ms>(interval, 300 * 24h), 3s));
        f.node = [](any_request const&) { return std::nullopt; };
        f.run(1000ms == interval ? 30 : 3);
        CHECK(f.failure.has_value() == (interval == ms::max())); // a year, which is no longer than the patience
        follower<pending_event> pending{follow_pending(options), asked_chain(p.chain)};
        pending.run(3);
        CHECK(pending.now >= time_point() + 1h + 3s);
        CHECK_FALSE(pending.failure);
    }
    auto const source = follow_blocks(subscription_options().poll_interval(ms::min()).patience(ms::min()));
    auto const now = time_point() + 1h;
    CHECK(source->next(now).what == subscription_step::kind::ask);
    source->on_failed(errc::timed_out, {}, now);
    CHECK(source->next(now).what == subscription_step::kind::ask); // at once
    source->on_failed(errc::timed_out, {}, now + 1ms);
    CHECK(source->next(now + 1ms).what == subscription_step::kind::fail);
}

namespace {

std::string noticed(signed_transaction const& tx)
{
    return '[' + to_json(tx) + ']';
}

signed_transaction paying(std::int64_t amount, std::uint32_t expiration)
{
    transfer op;
    op.amount = {amount, core_asset};
    signed_transaction tx;
    tx.expiration = {expiration};
    tx.operations.push_back(op);
    return tx;
}

/// A node that takes the callback, and whose chain is at a time.
struct taking_node
{
    std::uint32_t time = 1'800'000'000;
    int asked = 0;
    int asked_time = 0;

    answering answers()
    {
        return [this](any_request const& question) -> std::optional<std::string> {
            if (question.method() == "set_pending_transaction_callback")
            {
                ++asked;
                CHECK(question.params_json() == "[" + std::to_string(first_own_callback) + "]");
                return "null";
            }
            REQUIRE(question.method() == "get_dynamic_global_properties");
            ++asked_time;
            return R"({"time":")" + time_point_sec{time}.to_string() + R"("})";
        };
    }
};

} // namespace

TEST_CASE(
    "rpc/subscription: pending transactions are told once, whoever tells them again, and asked for again and again")
{
    taking_node node;
    follower<pending_event> f{follow_pending(), node.answers()};
    CHECK(f.source->callback() == first_own_callback);
    f.run(5);
    CHECK(node.asked == 5);
    CHECK(node.asked_time == 0); // nothing to forget
    CHECK_FALSE(f.source->ready());
    auto const first = paying(1, node.time + 30), second = paying(2, node.time + 30);
    f.source->on_notice(noticed(first), f.now);
    CHECK(f.source->ready());
    f.source->on_notice(noticed(first), f.now);
    f.source->on_notice(noticed(second), f.now);
    f.source->on_notice(noticed(first), f.now);
    f.run();
    REQUIRE(f.events.size() == 2);
    CHECK(f.events[0].id == id_of(first).value());
    CHECK(f.events[0].transaction == first);
    CHECK(f.events[1].id == id_of(second).value());
    CHECK(f.events[1].dropped_notices == 0);
    // Another node tells again what it has still pending; and all that comes while a question is under way.
    REQUIRE(f.source->next(f.now + 1s).what == subscription_step::kind::ask);
    for (signed_transaction const& tx : {second, paying(3, node.time + 30), first})
        f.source->on_notice(noticed(tx), f.now);
    CHECK(f.source->ready());
    CHECK(f.source->take().id == id_of(paying(3, node.time + 30)).value());
    CHECK_FALSE(f.source->ready());
    f.source->on_failed(errc::connection_closed, {}, f.now + 1s);
    f.run();
    CHECK(f.events.size() == 2);
    // The id is that of what was signed, with other signatures, too.
    auto again = first;
    again.signatures.resize(1);
    f.source->on_notice(noticed(again), f.now);
    CHECK_FALSE(f.source->ready());
}

TEST_CASE("rpc/subscription: a pending transaction is forgotten when it has expired, or too many came behind it")
{
    taking_node node;
    follower<pending_event> f{follow_pending(), node.answers()};
    auto const soon = paying(1, node.time + 30), later = paying(2, node.time + 3000);
    f.source->on_notice(noticed(soon), f.now);
    f.source->on_notice(noticed(later), f.now);
    f.run();
    CHECK(node.asked_time == 1);
    node.time += 90; // not yet: a minute is left
    f.run(61);
    CHECK(node.asked_time == 2);
    f.source->on_notice(noticed(soon), f.now);
    CHECK_FALSE(f.source->ready());
    node.time += 1;
    f.run(61);
    CHECK(node.asked_time == 3);
    f.source->on_notice(noticed(later), f.now);
    CHECK_FALSE(f.source->ready());
    f.source->on_notice(noticed(soon), f.now);
    f.run();
    REQUIRE(f.events.size() == 3);
    CHECK(f.events.back().id == id_of(soon).value());

    // 100'000 are remembered, and 10'000 wait; what is too much is told when it is told again.
    auto const source = follow_pending();
    std::vector<std::string> many;
    for (int i = 0; i < 10'001; ++i)
        many.push_back(noticed(paying(i, node.time)));
    for (std::string const& json : many)
        source->on_notice(json, f.now);
    for (int i = 0; i < 10'000; ++i)
    {
        REQUIRE(source->ready());
        source->take();
    }
    CHECK_FALSE(source->ready());
    source->on_notice(many.back(), f.now);
    REQUIRE(source->ready());
    CHECK(source->take().dropped_notices == 1);
    for (int i = 10'001; i < 100'000; ++i)
    {
        source->on_notice(noticed(paying(i, node.time)), f.now);
        source->take();
    }
    source->on_notice(many.front(), f.now);
    CHECK_FALSE(source->ready());
    source->on_notice(noticed(paying(100'000, node.time)), f.now);
    source->take();
    source->on_notice(many[1], f.now);
    CHECK_FALSE(source->ready());
    source->on_notice(many.front(), f.now);
    CHECK(source->ready());
}

TEST_CASE("rpc/subscription: notices that are no transaction are counted, and end it where there is nothing else")
{
    taking_node node;
    auto const good = [&](int i) { return noticed(paying(i, node.time + 30)); };
    char const* const bad[] = {"[]", "[1]", "{}", "[{}]", R"(["00000001"])", "[[]]"};
    follower<pending_event> f{follow_pending(subscription_options().patience(10s)), node.answers()};
    for (char const* const json : bad)
        f.source->on_notice(json, f.now);
    f.source->on_notice(good(1), f.now);
    f.run(20);
    REQUIRE(f.events.size() == 1);
    CHECK(f.events[0].dropped_notices == std::size(bad));
    for (int i = 0; i < 2; ++i) // a good one between them makes it well
    {
        f.source->on_notice(bad[1], f.now);
        f.run(6);
        f.source->on_notice(good(1), f.now);
        f.run(6);
    }
    CHECK_FALSE(f.failure);
    f.source->on_notice(bad[1], f.now);
    f.run(11);
    f.source->on_notice(bad[1], f.now);
    f.run();
    REQUIRE(f.failure);
    CHECK(f.failure->code() == errc::invalid_reply);
    // Nor does it go on where no node takes the callback.
    follower<pending_event> refused{follow_pending(subscription_options().patience(10s)),
                                    [](any_request const&) { return std::nullopt; }};
    refused.run(100);
    REQUIRE(refused.failure);
    CHECK(refused.failure->code() == errc::timed_out);
}

TEST_CASE("rpc/subscription: a notice of a block is a hint to look, and no more than that")
{
    payments p;
    asked_chain there(p.chain);
    int asked = 0;
    bool refuses = false;
    follower<block_event> f{follow_blocks(subscription_options().hints(true).poll_interval(10s)),
                            [&](any_request const& question) -> std::optional<std::string> {
                                if (question.method() == "set_block_applied_callback")
                                {
                                    ++asked;
                                    if (refuses)
                                        return std::nullopt;
                                }
                                return there(question);
                            }};
    REQUIRE(f.source->callback());
    f.run(20);
    CHECK(asked == 2);
    // Where it stands now, a look is due. Half a second behind that the next one would be far.
    f.run(1);
    f.now -= 9500ms;
    auto const delay = [&] {
        auto const step = f.source->next(f.now);
        REQUIRE(step.what == subscription_step::kind::wait);
        return step.delay;
    };
    CHECK(delay() == 9500ms);
    // The looks that notices bring are a tenth of the interval apart, however many there are.
    for (int i = 0; i < 3; ++i)
    {
        f.source->on_notice(i == 0 ? "[\"00\"]" : "nonsense", f.now);
        CHECK(delay() == 500ms);
    }
    p.chain.produce_block();
    f.now += 500ms;
    f.run();
    REQUIRE(f.events.size() == 1);
    CHECK(f.events[0].number == p.chain.head_block_num());
    // Nothing depends on them.
    refuses = true;
    p.chain.produce_block();
    f.run(30);
    CHECK_FALSE(f.failure);
    CHECK(f.events.size() == 2);
    CHECK_FALSE(follow_blocks()->callback());
}
