#include "support/fake_transport.hpp"

#include <bitshares/net/node_pool.hpp>
#include <bitshares/net/subscription.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/faults.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <thread>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;

namespace {

subscription_options quick()
{
    return subscription_options().poll_interval(2ms).patience(200ms);
}

struct outcome
{
    int times = 0;
    error_code ec;
    std::string detail;
    std::optional<block_event> event;

    auto handler()
    {
        return [this](error_code code, reply<block_event> r) {
            ++times;
            ec = code;
            event.reset();
            if (r)
                event = std::move(*r);
            else
                detail = r.error().message();
        };
    }
};

/// A chain of 20 blocks, a client of one node of it, and its blocks from the 16th on.
struct fixture
{
    fake_network network;
    testing::chain chain;
    std::shared_ptr<testing::node_service::connection> service = chain.connect([](testing::node_reply const&) {});
    bool silent = false;
    std::vector<std::string> unanswered;
    asio::io_context io;
    std::optional<client> node;
    std::optional<subscription<block_event>> blocks;

    explicit fixture(std::chrono::milliseconds poll_interval = 2ms)
    {
        chain.produce_blocks(20);
        network.node = [this](std::string const& frame) -> std::vector<std::string> {
            if (!silent)
                return {service->answer(frame).value()};
            unanswered.push_back(frame);
            return {};
        };
        node.emplace(io.get_executor(), "ws://node.example", network.factory());
        blocks.emplace(*node, follow_blocks(quick().poll_interval(poll_interval).after(15)));
    }

    template <class Condition>
    void until(Condition const& condition)
    {
        io.restart();
        auto const end = std::chrono::steady_clock::now() + 20s;
        while (!condition() && std::chrono::steady_clock::now() < end)
            io.run_one_for(100ms);
        REQUIRE(condition());
    }

    block_event next()
    {
        outcome o;
        blocks->async_next(o.handler());
        CHECK(o.times == 0); // never inside
        until([&] { return o.times != 0; });
        REQUIRE_MESSAGE(o.event, o.detail);
        return std::move(*o.event);
    }

    /// Lets the silent node say what it owes.
    void speak()
    {
        silent = false;
        for (std::string const& frame : std::exchange(unanswered, {}))
            network.current->send(service->answer(frame).value());
    }
};

} // namespace

TEST_CASE("net/subscription: the events one after the other, and a wait for the one that has not happened yet")
{
    fixture f;
    for (std::uint32_t number = 16; number <= 20; ++number)
    {
        block_event const e = f.next();
        CHECK(e.kind == event_kind::applied);
        CHECK(e.number == number);
        CHECK(e.id == id_of(*f.chain.block(number)));
    }
    outcome o;
    f.blocks->async_next(o.handler());
    f.io.restart();
    f.io.run_for(50ms);
    CHECK(o.times == 0);
    f.chain.produce_block();
    f.until([&] { return o.times != 0; });
    REQUIRE(o.event);
    CHECK(o.event->number == 21);
    // Nothing is asked for while nobody waits.
    auto const asked = f.network.written.size();
    f.chain.produce_blocks(2);
    f.io.restart();
    f.io.run_for(50ms);
    CHECK(f.network.written.size() == asked);
    CHECK(f.next().number == 22);
    CHECK(f.next().number == 23);
}

TEST_CASE("net/subscription: over a pool an account's history has no gap while one node has all of it")
{
    for (bool const forgets : {false, true})
        for (int const full : {0, 1, 2})
        {
            CAPTURE(forgets);
            CAPTURE(full);
            testing::chain chain;
            auto const alice = chain.create_account("alice", 1'000'000'000);
            auto const bob = chain.create_account("bob");
            auto const key = chain.key("alice");
            for (int amount = 1; amount <= 5; ++amount)
            {
                transfer op;
                op.from = alice;
                op.to = bob;
                op.amount = {amount, core_asset};
                REQUIRE(chain.push(chain.sign({op}, {&key})).has_value());
                chain.produce_block();
            }
            std::uint32_t const hole = chain.head_block_num() - 2;
            chain.produce_blocks(20);
            auto const service = chain.connect([](testing::node_reply const&) {});
            testing::fault_rewriter rewriter(*service);
            testing::faults wrong;
            wrong.history_hole.emplace();
            wrong.history_hole->first_block = wrong.history_hole->last_block = hole;
            fake_networks networks;
            std::vector<node_url> urls;
            for (int i = 0; i < 3; ++i)
            {
                std::string const host(1, static_cast<char>('a' + i));
                urls.emplace_back("ws://" + host + "/ws");
                networks.nodes[host].node = [&, pruned = i != full](std::string const& frame) {
                    std::string text = rewriter.answer(frame, pruned ? wrong : testing::faults()).value();
                    if (auto const at = text.find("\"removed_ops\":0"); pruned && forgets && at != std::string::npos)
                        text.replace(at, 15, "\"removed_ops\":3");
                    return std::vector{std::move(text)};
                };
            }
            asio::io_context io;
            node_pool pool(io.get_executor(), urls, networks.factory());
            subscription<account_event> events(pool, follow_account(bob, quick().patience(20s).after(0)));
            for (std::uint64_t number = 1; number <= 6; ++number)
            {
                bool done = false;
                events.async_next([&](error_code ec, reply<account_event> r) {
                    done = true;
                    CHECK(!ec);
                    REQUIRE(r.has_value());
                    CHECK(r->sequence == number);
                });
                auto const end = std::chrono::steady_clock::now() + 20s;
                while (!done && std::chrono::steady_clock::now() < end)
                    io.run_one_for(100ms);
                REQUIRE(done);
            }
        }
}

TEST_CASE("net/subscription: cancellation ends a wait, whatever it waits for, and loses no event")
{
    asio::cancellation_signal signal;
    // While the first, second or third question is under way: for the head, the block before, the block.
    for (int answers = 0; answers < 3; ++answers)
    {
        fixture f;
        outcome o;
        f.silent = true;
        f.blocks->async_next(asio::bind_cancellation_slot(signal.slot(), o.handler()));
        for (int i = 0; i < answers; ++i)
        {
            f.until([&] { return !f.unanswered.empty(); });
            f.speak();
            f.silent = true;
        }
        f.until([&] { return !f.unanswered.empty(); });
        REQUIRE(o.times == 0);
        signal.emit(asio::cancellation_type::terminal);
        CHECK(o.times == 0);
        f.until([&] { return o.times != 0; });
        CHECK(o.ec == errc::cancelled);
        CHECK_FALSE(o.event);
        // What was asked serves the next one, and is not asked again.
        auto const asked = f.network.written.size();
        outcome again;
        f.blocks->async_next(again.handler());
        f.io.restart();
        f.io.run_for(5ms);
        CHECK(f.network.written.size() == asked);
        f.speak();
        f.until([&] { return again.times != 0; });
        REQUIRE(again.event);
        CHECK(again.event->number == 16);
        CHECK(o.times == 1);
    }
    // While there is nothing to ask for.
    fixture f(200ms);
    while (f.next().number < 20)
    {
    }
    outcome o;
    f.blocks->async_next(asio::bind_cancellation_slot(signal.slot(), o.handler()));
    f.io.restart();
    f.io.run_for(20ms);
    REQUIRE(o.times == 0);
    signal.emit(asio::cancellation_type::total);
    f.until([&] { return o.times != 0; });
    CHECK(o.ec == errc::cancelled);
    f.chain.produce_block();
    CHECK(f.next().number == 21);
}

TEST_CASE("net/subscription: destruction ends the wait as cancelled, also while a question is under way")
{
    for (bool const asking : {false, true})
    {
        fixture f(asking ? 2ms : 10'000ms);
        while (f.next().number < 20)
        {
        }
        f.silent = asking;
        outcome o;
        f.blocks->async_next(o.handler());
        if (asking)
            f.until([&] { return !f.unanswered.empty(); });
        f.io.restart();
        f.io.run_for(20ms);
        REQUIRE(f.unanswered.empty() != asking);
        f.blocks.reset();
        CHECK(o.times == 0);
        f.until([&] { return o.times != 0; });
        CHECK(o.ec == errc::cancelled);
        // And nothing is left that would keep the context running, once the client is gone.
        f.node.reset();
        f.io.restart();
        f.io.run_for(5s);
        CHECK(f.io.stopped());
        CHECK(o.times == 1);
    }
    // Closing the client ends it, too.
    fixture f;
    while (f.next().number < 20)
    {
    }
    f.silent = true;
    outcome o;
    f.blocks->async_next(o.handler());
    f.until([&] { return !f.unanswered.empty(); });
    f.node->close();
    f.until([&] { return o.times != 0; });
    CHECK(o.ec == errc::cancelled);
}

TEST_CASE("net/subscription: a failure is told with its details, from then on each time")
{
    fixture f;
    CHECK(f.next().number == 16);
    auto const answers = f.network.node;
    f.network.node = [&](std::string const& frame) -> std::vector<std::string> {
        if (frame.find("get_block") != std::string::npos)
            return {R"({"id":)" + id_of(frame) + R"(,"result":null})"};
        return answers(frame);
    };
    for (int i = 0; i < 2; ++i)
    {
        outcome o;
        f.blocks->async_next(o.handler());
        CHECK(o.times == 0);
        f.until([&] { return o.times != 0; });
        CHECK(o.ec == errc::gap_unfillable);
        CHECK(o.detail.find("block 17") != std::string::npos);
    }
    // A node's refusal is in the way just as well, and its words are told.
    f.blocks.emplace(*f.node, follow_blocks(quick().after(15)));
    f.network.node = [](std::string const& frame) -> std::vector<std::string> {
        return {R"({"id":)" + id_of(frame) + R"(,"error":{"code":10,"message":"not today"}})"};
    };
    outcome o;
    f.blocks->async_next(o.handler());
    f.until([&] { return o.times != 0; });
    CHECK(o.ec == errc::invalid_reply);
    CHECK(o.detail.find("not today") != std::string::npos);
}

TEST_CASE("net/subscription: a handler runs on its own executor, and a future gets the event")
{
    fixture f;
    asio::io_context other;
    outcome o;
    std::thread::id ran_in;
    std::atomic<bool> told = false;
    f.blocks->async_next(asio::bind_executor(other.get_executor(), [&](error_code ec, reply<block_event> r) {
        ran_in = std::this_thread::get_id();
        o.handler()(ec, std::move(r));
        told = true;
    }));
    // The other context has work as long as the event is waited for, and nothing runs on this one.
    std::thread thread([&] { other.run(); });
    auto const id = thread.get_id();
    f.until([&] { return told.load(); });
    thread.join();
    CHECK(o.times == 1);
    CHECK(ran_in == id);
    REQUIRE(o.event);
    CHECK(o.event->number == 16);

    auto future = f.blocks->async_next(asio::use_future);
    f.until([&] { return future.wait_for(0s) == std::future_status::ready; });
    CHECK(future.get().value().number == 17);
}

TEST_CASE("net/subscription: with a pool the events go on when the node that told them is gone")
{
    testing::chain chain;
    chain.produce_blocks(20);
    auto const service = chain.connect([](testing::node_reply const&) {});
    fake_networks networks;
    for (std::string const host : {"a", "b"})
        networks.nodes[host].node = [&](std::string const& frame) {
            return std::vector<std::string>{service->answer(frame).value()};
        };
    asio::io_context io;
    node_pool pool(io.get_executor(), std::vector<node_url>{node_url("ws://a/ws"), node_url("ws://b/ws")},
                   networks.factory(), client_options().chain_id(chain.network().chain_id));
    subscription<block_event> blocks(pool, follow_blocks(quick().patience(20s).after(15)));
    std::vector<std::uint32_t> told;
    std::function<void()> const wait = [&] {
        blocks.async_next([&](error_code ec, reply<block_event> r) {
            if (ec)
                return;
            told.push_back(r->number);
            if (r->number == 18)
            {
                auto& gone = networks.nodes[networks.nodes["a"].written.size() > 3 ? "a" : "b"];
                gone.connect_result = errc::connection_closed;
                gone.current->fail(errc::connection_closed);
                chain.produce_blocks(2);
            }
            wait();
        });
    };
    wait();
    auto const end = std::chrono::steady_clock::now() + 20s;
    while (told.size() < 7 && std::chrono::steady_clock::now() < end)
        io.run_one_for(100ms);
    CHECK(told == std::vector<std::uint32_t>{16, 17, 18, 19, 20, 21, 22});
    CHECK(!networks.nodes["b"].written.empty());
}

namespace {

/// Waits for pending transactions, one after the other.
struct pending_collector
{
    std::optional<subscription<pending_event>> pending;
    std::vector<transaction_id> told;
    error_code ended;

    explicit pending_collector(client& node, subscription_options const& options = quick())
    {
        pending.emplace(node, follow_pending(options));
        wait();
    }

    void wait()
    {
        pending->async_next([this](error_code ec, reply<pending_event> r) {
            ended = ec;
            if (ec)
                return;
            told.push_back(r->id);
            wait();
        });
    }
};

signed_transaction paying(std::int64_t amount)
{
    transfer op;
    op.amount = {amount, core_asset};
    signed_transaction tx;
    tx.expiration = {2'000'000'000};
    tx.operations.push_back(op);
    return tx;
}

std::string notice_of(signed_transaction const& tx, std::uint64_t callback = first_own_callback)
{
    return R"({"method":"notice","params":[)" + std::to_string(callback) + ",[" + to_json(tx) + "]]}";
}

transaction_id paid(std::int64_t amount)
{
    return bitshares::id_of(paying(amount)).value();
}

template <class Condition>
void run_until(asio::io_context& io, Condition const& condition)
{
    auto const end = std::chrono::steady_clock::now() + 20s;
    io.restart();
    while (!condition() && std::chrono::steady_clock::now() < end)
        io.run_one_for(100ms);
    REQUIRE(condition());
}

} // namespace

TEST_CASE("net/subscription: pending transactions to all who follow them, other notices to whom the options name")
{
    fake_network network;
    bool silent = false;
    network.node = [&](std::string const& frame) -> std::vector<std::string> {
        if (silent)
            return {};
        return {R"({"id":)" + id_of(frame) + R"(,"result":null})"};
    };
    asio::io_context io;
    std::vector<std::uint64_t> others;
    client node(
        io.get_executor(), "ws://node.example", network.factory(),
        client_options().notices([&](std::uint64_t callback, std::string_view) { others.push_back(callback); }));
    pending_collector one(node);
    std::optional<pending_collector> two(node);
    run_until(io, [&] { return network.written.size() >= 2; });
    network.current->send(notice_of(paying(1)));
    network.current->send(notice_of(paying(1)));
    network.current->send(notice_of(paying(2), 7));
    network.current->send(notice_of(paying(2)));
    run_until(io, [&] { return one.told.size() >= 2 && two->told.size() >= 2; });
    CHECK(one.told == std::vector{paid(1), paid(2)});
    CHECK(two->told == one.told);
    CHECK(others == std::vector<std::uint64_t>{7});

    // While a question is under way the notices do not wait for its answer.
    silent = true;
    auto const written = network.written.size();
    run_until(io, [&] { return network.written.size() >= written + 2; });
    auto const start = std::chrono::steady_clock::now();
    network.current->send(notice_of(paying(3)));
    run_until(io, [&] { return one.told.size() >= 3 && two->told.size() >= 3; });
    CHECK(std::chrono::steady_clock::now() - start < 5s); // and not at the question's deadline
    silent = false;
    two->pending.reset();
    run_until(io, [&] { return two->ended == errc::cancelled; });
    CHECK_FALSE(one.ended);

    // Who does not wait at the moment is told later; what nobody follows any more goes nowhere.
    auto future = std::make_unique<subscription<pending_event>>(node, follow_pending(quick()));
    network.current->send(notice_of(paying(4)));
    run_until(io, [&] { return one.told.size() >= 4; });
    auto const event = future->async_next(asio::use_future);
    run_until(io, [&] { return event.wait_for(0s) == std::future_status::ready; });
    future.reset();
    one.pending.reset();
    network.current->send(notice_of(paying(5)));
    network.current->send(notice_of(paying(5), 8));
    run_until(io, [&] { return others.size() >= 2; });
    CHECK(others == std::vector<std::uint64_t>{7, 8});
    CHECK(one.told.size() == 4);
}

TEST_CASE("net/subscription: pending transactions go on at the next node of a pool, and none is told twice")
{
    testing::chain chain;
    chain.produce_blocks(20);
    auto const service = chain.connect([](testing::node_reply const&) {});
    fake_networks networks;
    std::map<std::string, int> asked;
    for (std::string const host : {"a", "b"})
        networks.nodes[host].node = [&, host](std::string const& frame) {
            asked[host] += frame.find("set_pending_transaction_callback") != std::string::npos ? 1 : 0;
            return std::vector<std::string>{service->answer(frame).value()};
        };
    asio::io_context io;
    std::vector<std::uint64_t> others;
    node_pool pool(
        io.get_executor(), std::vector<node_url>{node_url("ws://a/ws"), node_url("ws://b/ws")}, networks.factory(),
        client_options().chain_id(chain.network().chain_id).notices([&](std::uint64_t callback, std::string_view) {
            others.push_back(callback);
        }));
    pending_collector c(pool);
    run_until(io, [&] { return asked["a"] + asked["b"] > 0; });
    std::string const first = asked["a"] > 0 ? "a" : "b", second = first == "a" ? "b" : "a";
    networks.nodes[first].current->send(notice_of(paying(1)));
    networks.nodes[first].current->send(notice_of(paying(2)));
    run_until(io, [&] { return c.told.size() >= 2; });
    networks.nodes[first].connect_result = errc::connection_closed;
    networks.nodes[first].current->fail(errc::connection_closed);
    asked.clear();
    run_until(io, [&] { return asked[second] > 0; });
    // It tells what it has, which the other one told in part.
    for (int i = 1; i <= 3; ++i)
        networks.nodes[second].current->send(notice_of(paying(i)));
    networks.nodes[second].current->send(notice_of(paying(9), 9));
    run_until(io, [&] { return !others.empty(); });
    run_until(io, [&] { return c.told.size() >= 3; });
    CHECK(c.told == std::vector{paid(1), paid(2), paid(3)});
    CHECK(others == std::vector<std::uint64_t>{9});
    CHECK_FALSE(c.ended);
}

TEST_CASE("net/subscription: with hints a block is told long before the next look would be due")
{
    fixture f(1h);
    f.blocks.emplace(*f.node, follow_blocks(subscription_options().hints(true).poll_interval(25s)));
    // Notices of the chain itself, as its node sends them.
    f.service = f.chain.connect([&](testing::node_reply const& reply) {
        for (std::string const& frame : reply.frames)
            f.network.current->send(frame);
    });
    outcome o;
    f.blocks->async_next(o.handler());
    f.io.restart();
    auto const asked_for = [&](std::string_view method) {
        return std::any_of(f.network.written.begin(), f.network.written.end(),
                           [&](std::string const& frame) { return frame.find(method) != frame.npos; });
    };
    f.until([&] { return asked_for("get_dynamic_global_properties"); });
    f.io.restart();
    f.io.run_for(50ms); // it has looked, and found nothing
    REQUIRE(o.times == 0);
    f.chain.produce_block();
    f.until([&] { return o.times != 0; }); // which waits 20 s at most
    REQUIRE(o.event);
    CHECK(o.event->number == 21);
}

// A thread that comes back now and then would not hear what is told in between.
template <class Event>
concept next_event_takes = requires(blocking_client& node, event_source<Event>& source) { next_event(node, source); };
static_assert(next_event_takes<block_event>);
static_assert(!next_event_takes<pending_event>);

TEST_CASE(
    "net/subscription: next_event waits in this thread, not longer than it may, and throws what the source failed of")
{
    testing::chain chain;
    chain.produce_blocks(20);
    auto const service = chain.connect([](testing::node_reply const&) {});
    fake_network network;
    std::atomic<bool> holes = false;
    network.node = [&](std::string const& frame) -> std::vector<std::string> {
        if (holes && frame.find("\"get_block\"") != std::string::npos)
            return {R"({"id":)" + id_of(frame) + R"(,"result":null})"};
        return {service->answer(frame).value()};
    };
    blocking_client node("ws://node.example", network.factory());
    auto const blocks = follow_blocks(quick().after(18));
    CHECK(next_event(node, *blocks)->number == 19);
    CHECK(next_event(node, *blocks, 1s)->number == 20);
    auto const start = std::chrono::steady_clock::now();
    CHECK_FALSE(next_event(node, *blocks, 30ms));
    CHECK(std::chrono::steady_clock::now() - start >= 30ms);
    holes = true;
    chain.produce_block();
    for (int i = 0; i < 2; ++i)
        try
        {
            next_event(node, *blocks);
            FAIL("there was an event");
        }
        catch (exception const& e)
        {
            CHECK(e.code() == errc::gap_unfillable);
        }
    node.close();
    auto const others = follow_blocks(quick().after(18));
    try
    {
        next_event(node, *others);
        FAIL("a closed client answered");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::cancelled);
    }
}
