#include "support/chain_script.hpp"

#include <bitshares/chain/outcome.hpp>

#include <boost/system/errc.hpp>
#include <doctest/doctest.h>

using namespace bitshares_test;

namespace {

tx_outcome_tracker tracker_of(signed_transaction const& tx, broadcast_options options = {},
                              tx_state from = tx_state::prepared, std::size_t nodes = 1)
{
    return tx_outcome_tracker::create(tx, options, from, nodes).value();
}

using kind = tracking_step::kind;
using states = std::vector<tx_state>;

} // namespace

TEST_CASE("chain/outcome: a transaction is sent, found in its block, and followed until that is irreversible")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(60);
    SUBCASE("included")
    {
        auto tracker = tracker_of(tx);
        script s(chain);
        s.run(tracker);
        CHECK_FALSE(tracker.ec());
        CHECK(tracker.outcome().state == tx_state::included);
        CHECK(tracker.outcome().block_num == 11);
        CHECK(tracker.outcome().trx_num == 0);
        CHECK(tracker.outcome().operation_results.size() == 1);
        CHECK(tracker.outcome().block_id == id_of(static_cast<signed_block_header const&>(chain.block(11))));
        CHECK(tracker.outcome().id == id_of(tx).value());
        CHECK(s.log.recorded == states{tx_state::sending, tx_state::accepted, tx_state::included});
        CHECK(s.log.sent == 1);
    }
    SUBCASE("irreversible")
    {
        auto tracker = tracker_of(tx, broadcast_options().irreversible(true));
        script s(chain);
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::irreversible);
        CHECK(tracker.outcome().block_num == 11);
        CHECK(chain.irreversible() == 11);
        CHECK(s.log.recorded ==
              states{tx_state::sending, tx_state::accepted, tx_state::included, tx_state::irreversible});
    }
}

TEST_CASE("chain/outcome: a refusal is the end, where no node can have the transaction")
{
    script_chain chain;
    chain.refuse = true;
    auto const tx = chain.transaction_expiring_in(30);
    SUBCASE("at once")
    {
        auto tracker = tracker_of(tx);
        script s(chain);
        s.run(tracker);
        CHECK_FALSE(tracker.ec());
        CHECK(tracker.outcome().state == tx_state::refused);
        CHECK(tracker.outcome().refusal->message() == "insufficient balance");
        CHECK(s.log.recorded == states{tx_state::sending, tx_state::refused});
        CHECK(chain.head() == 10); // without waiting
    }
    SUBCASE("when it is proven, where that is wanted")
    {
        auto tracker = tracker_of(tx, broadcast_options().prove_refusal(true));
        script s(chain);
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::refused);
        CHECK(tracker.outcome().refusal->message() == "insufficient balance");
        CHECK(s.log.sent == 1);
        CHECK(chain.block(chain.irreversible()).timestamp > tx.expiration);
    }
    SUBCASE("not when it is in a block all the same")
    {
        auto tracker = tracker_of(tx, broadcast_options().prove_refusal(true));
        script s(chain);
        s.on_wait = [&](int wait) {
            chain.refuse = false;
            if (wait == 2)
                (void)chain.push(tx); // by the node that said no
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::included);
    }
    SUBCASE("not when it may have been sent before")
    {
        auto tracker = tracker_of(tx, {}, tx_state::sending);
        script s(chain);
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::expired);
        CHECK(tracker.outcome().refusal->message() == "insufficient balance");
        CHECK(chain.block(chain.irreversible()).timestamp > tx.expiration);
    }
}

TEST_CASE("chain/outcome: the same bytes are sent again after a loss, and a duplicate is followed on")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(60);
    for (bool const arrives : {false, true})
    {
        auto tracker = tracker_of(tx);
        script s(chain);
        s.faults = [&](int, tracking_step const& step) -> std::optional<script::fault> {
            if (step.what == kind::send && s.log.sent == 0)
                return script::fault{errc::connection_closed, arrives};
            return {};
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::included);
        CHECK(s.log.sent == 2);
        chain = script_chain();
    }
}

TEST_CASE("chain/outcome: an accepted transaction that no block takes is sent again")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(60);
    chain.forget = true;
    auto tracker = tracker_of(tx, broadcast_options().resend_after(std::chrono::seconds(3)));
    script s(chain);
    s.on_wait = [&](int) { chain.forget = s.log.sent < 2; };
    s.run(tracker);
    CHECK(tracker.outcome().state == tx_state::included);
    CHECK(s.log.sent == 3);
}

TEST_CASE("chain/outcome: expired means absent from every block after the reference, up to the first irreversible one "
          "past it")
{
    script_chain chain;
    chain.produce(200);
    auto const tx = chain.transaction_expiring_in(30, 50);
    chain.forget = true;
    auto tracker = tracker_of(tx);
    script s(chain);
    s.run(tracker);
    CHECK(tracker.outcome().state == tx_state::expired);
    std::uint32_t const last = tracker.outcome().block_num;
    CHECK(chain.block(last).timestamp > tx.expiration);
    CHECK(chain.block(last - 1).timestamp <= tx.expiration);
    CHECK(chain.irreversible() >= last);
    for (std::uint32_t n = 51; n <= last; ++n)
        CHECK(s.log.read.contains(n));
    CHECK(s.log.recorded == states{tx_state::sending, tx_state::accepted, tx_state::expired});
}

TEST_CASE("chain/outcome: the first block stamped after the expiration can have the transaction")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(10); // 3.3 blocks
    chain.hold(true);
    auto tracker = tracker_of(tx);
    script s(chain);
    s.on_wait = [&](int wait) { chain.hold(wait < 3); };
    s.run(tracker);
    CHECK(tracker.outcome().state == tx_state::included);
    CHECK(tracker.outcome().block_time > tx.expiration);
}

TEST_CASE("chain/outcome: a transaction whose time is over is not sent, only looked for")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(10);
    (void)chain.push(tx);
    chain.produce(20);
    for (tx_state const from : {tx_state::prepared, tx_state::sending, tx_state::accepted, tx_state::included})
    {
        auto tracker = tracker_of(tx, broadcast_options().irreversible(true), from);
        script s(chain);
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::irreversible);
        CHECK(tracker.outcome().block_num == 11);
        CHECK(s.log.sent == 0);
        CHECK(s.log.recorded == states{tx_state::irreversible});
    }
}

TEST_CASE("chain/outcome: an end that is known is told without asking anybody")
{
    script_chain chain;
    auto tracker = tracker_of(chain.transaction_expiring_in(10), {}, tx_state::irreversible);
    tracker.recall(11, 2, std::nullopt);
    CHECK(tracker.done());
    CHECK(tracker.next({}).what == kind::done);
    CHECK(tracker.outcome().state == tx_state::irreversible);
    CHECK(tracker.outcome().block_num == 11);
}

TEST_CASE("chain/outcome: a block that is undone is no inclusion; the transaction is found where it ends up")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(90);
    auto tracker = tracker_of(tx, broadcast_options().irreversible(true));
    script s(chain);
    SUBCASE("in another block")
    {
        s.on_wait = [&](int wait) {
            if (wait == 3)
                chain.fork(3, true), chain.produce(4);
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::irreversible);
        auto const found = chain.block(tracker.outcome().block_num);
        CHECK(id_of(found.transactions.at(tracker.outcome().trx_num)).value() == id_of(tx).value());
        CHECK(tracker.outcome().block_id == id_of(static_cast<signed_block_header const&>(found)));
    }
    SUBCASE("in none, if nobody sends it again")
    {
        s.on_wait = [&](int wait) {
            if (wait == 3)
                chain.fork(3, false), chain.produce(4);
            chain.refuse = true;
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::expired);
        CHECK_FALSE(chain.contains(id_of(tx).value()));
    }
    SUBCASE("sent again by the tracker")
    {
        s.on_wait = [&](int wait) {
            if (wait == 3)
                chain.fork(3, false), chain.produce(4);
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::irreversible);
        CHECK(s.log.sent == 2);
    }
}

TEST_CASE("chain/outcome: a block without one of its transactions, or another block, is believed by nobody")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(10);
    (void)chain.push(tx);
    chain.produce(20);
    auto tracker = tracker_of(tx, broadcast_options().patience(std::chrono::seconds(20)), tx_state::sending);
    script s(chain);
    s.alter = [](std::vector<std::optional<signed_block>>& blocks) {
        for (auto& b : blocks)
            if (b && !b->transactions.empty())
                b->transactions.clear(); // its Merkle root says that there was one
    };
    s.run(tracker);
    CHECK(tracker.ec() == errc::outcome_in_doubt);
    CHECK(tracker.may_be_sent());

    auto second = tracker_of(tx, broadcast_options().patience(std::chrono::seconds(20)), tx_state::sending);
    script t(chain);
    t.alter = [&](std::vector<std::optional<signed_block>>& blocks) {
        if (blocks.size() > 2)
            blocks[2] = chain.block(block_num_of(*blocks[2]) + 1);
    };
    t.run(second);
    CHECK(second.ec() == errc::outcome_in_doubt);
}

TEST_CASE("chain/outcome: a hole in what a node has leaves it in doubt")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(10);
    chain.produce(20);
    auto tracker = tracker_of(tx, broadcast_options().patience(std::chrono::seconds(20)), tx_state::sending);
    script s(chain);
    s.alter = [](std::vector<std::optional<signed_block>>& blocks) {
        for (auto& b : blocks)
            if (b && block_num_of(*b) == 12)
                b.reset();
    };
    s.run(tracker);
    CHECK(tracker.ec() == errc::outcome_in_doubt);

    // Another node has it.
    auto second = tracker_of(tx, {}, tx_state::sending, 2);
    script t(chain);
    t.faults = [](int, tracking_step const& step) -> std::optional<script::fault> {
        if (step.node == 0)
            return script::fault{};
        return {};
    };
    t.run(second);
    CHECK(second.outcome().state == tx_state::expired);
}

TEST_CASE("chain/outcome: irreversible blocks do not change; a node that says so is left")
{
    script_chain chain;
    script_chain other;
    other.fork(9, false);
    other.produce(60);
    auto const tx = chain.transaction_expiring_in(40);
    chain.forget = true;
    auto tracker = tracker_of(tx, broadcast_options().patience(std::chrono::seconds(30)));
    script s(chain);
    bool lie = false;
    s.on_wait = [&](int wait) { lie = wait > 8; };
    s.alter = [&](std::vector<std::optional<signed_block>>& blocks) {
        if (lie)
            for (auto& b : blocks)
                if (b)
                    b = other.block(block_num_of(*b));
    };
    s.run(tracker);
    CHECK(tracker.ec() == errc::outcome_in_doubt);
}

TEST_CASE("chain/outcome: what is read a second time, from the reference block on, is as final as its own node says")
{
    script_chain chain;
    chain.produce(200);
    auto const tx = chain.transaction_expiring_in(30, 50);
    // A node on another fork, of which nothing is irreversible behind block 110.
    script_chain other = chain;
    other.irreversible_depth = 140;
    other.fork(100, false);
    bool in_other = false;
    SUBCASE("where it has the transaction")
    {
        in_other = true;
        (void)other.push(tx);
    }
    SUBCASE("where it has not") {}
    other.produce(130);
    REQUIRE(other.contains(id_of(tx).value()) == in_other);
    REQUIRE(other.irreversible() < 110);
    chain.forget = true; // it is taken, so that blocks behind the irreversible ones are read first; and lost
    auto tracker = tracker_of(tx, broadcast_options().irreversible(true), tx_state::prepared, 2);
    script s(chain);
    s.others[1] = &other;
    int from_other = 0; // pieces of blocks
    s.faults = [&](int, tracking_step const& step) -> std::optional<script::fault> {
        // The first node is lost when the second reading begins, and is there again when the other one was read for a while.
        bool const again = step.what == kind::blocks && step.first <= 51 && s.log.read.contains(215);
        from_other += step.node == 1 && step.what == kind::blocks;
        if (step.node == 0 ? again && from_other == 0 : from_other > 8)
            return script::fault{};
        return {};
    };
    s.run(tracker);
    CHECK(from_other > 8);
    CHECK_FALSE(tracker.ec());
    CHECK(tracker.outcome().state == tx_state::expired);
    CHECK_FALSE(chain.contains(id_of(tx).value()));
    states expected{tx_state::sending, tx_state::accepted};
    if (in_other)
        expected.push_back(tx_state::included);
    expected.push_back(tx_state::expired);
    CHECK(s.log.recorded == expected);
}

TEST_CASE("chain/outcome: what was never sent ends with the node's error, what may have been sent in doubt")
{
    auto const with = [](error_code ec, kind at, std::size_t nodes = 1) {
        script_chain chain;
        auto const tx = chain.transaction_expiring_in(60);
        auto tracker =
            tracker_of(tx, broadcast_options().patience(std::chrono::seconds(20)), tx_state::prepared, nodes);
        script s(chain);
        s.faults = [=](int, tracking_step const& step) -> std::optional<script::fault> {
            if (step.what == at)
                return script::fault{ec, false};
            return {};
        };
        s.run(tracker);
        return tracker.ec();
    };
    CHECK(with(errc::name_not_found, kind::properties) == errc::name_not_found);
    CHECK(with(errc::connection_closed, kind::properties, 3) == errc::connection_closed);
    CHECK(with(errc::not_connected, kind::send) == errc::not_connected);
    CHECK(with(errc::wrong_chain, kind::send) == errc::wrong_chain);
    CHECK(with(errc::timed_out, kind::send) == errc::outcome_in_doubt);
    // The system says these of established connections, too.
    for (auto const code : {boost::system::errc::host_unreachable, boost::system::errc::network_unreachable,
                            boost::system::errc::connection_refused})
    {
        CHECK(with(make_error_code(code), kind::send) == errc::outcome_in_doubt);
        CHECK(with(make_error_code(code), kind::properties) == code);
    }
    CHECK(with(errc::connection_closed, kind::blocks) == errc::outcome_in_doubt);
    CHECK(with(errc::cancelled, kind::send) == errc::cancelled);
    CHECK(with(errc::file_error, kind::record) == errc::file_error);
}

TEST_CASE("chain/outcome: a chain that stands still is waited for no longer than patience allows")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(60);
    auto tracker = tracker_of(tx, broadcast_options().patience(std::chrono::seconds(10)));
    chain.hold(true);
    script s(chain);
    s.on_wait = [&](int) { chain.fork(1, true); };
    s.run(tracker);
    CHECK(tracker.ec() == errc::outcome_in_doubt);
}

TEST_CASE("chain/outcome: one that is only looked for is not sent, whatever becomes of it")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(30);
    script s(chain);
    SUBCASE("in no block")
    {
        auto tracker = tracker_of(tx, broadcast_options().look_only(true));
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::expired);
        CHECK_FALSE(chain.contains(id_of(tx).value()));
    }
    SUBCASE("in one that is undone")
    {
        (void)chain.push(tx);
        auto tracker = tracker_of(tx, broadcast_options().look_only(true).irreversible(true));
        s.on_wait = [&](int wait) {
            if (wait == 3)
                chain.fork(3, false), chain.produce(4);
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::expired);
    }
    SUBCASE("in one")
    {
        s.on_wait = [&](int wait) {
            if (wait == 2)
                (void)chain.push(tx); // by whoever has it
        };
        auto tracker = tracker_of(tx, broadcast_options().look_only(true));
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::included);
    }
    CHECK(s.log.sent == 0);
}

TEST_CASE(
    "chain/outcome: what is said to the same bytes again does not prolong the patience with a chain that stands still")
{
    for (std::size_t const nodes : {1u, 3u})
    {
        script_chain chain;
        auto const tx = chain.transaction_expiring_in(60);
        auto tracker = tracker_of(tx, {}, tx_state::prepared, nodes);
        script s(chain);
        s.on_wait = [&](int) { chain.fork(1, true); };
        s.run(tracker);
        CHECK(tracker.done());
        CHECK(tracker.ec() == errc::outcome_in_doubt);
        CHECK(s.log.sent > 10); // once each 15 s
        CHECK(s.now - tx_outcome_tracker::time_point() < broadcast_options().patience() + std::chrono::seconds(10));
    }
}

TEST_CASE("chain/outcome: a node whose head stands still is left for another one, which gets the same bytes")
{
    script_chain frozen; // it answers, but has lost its peers
    script_chain chain = frozen;
    auto const tx = chain.transaction_expiring_in(60);
    SUBCASE("before it is in a block")
    {
        auto tracker = tracker_of(tx, broadcast_options().irreversible(true), tx_state::prepared, 2);
        script s(chain);
        s.others[0] = &frozen;
        s.run(tracker);
        CHECK_FALSE(tracker.ec());
        CHECK(tracker.outcome().state == tx_state::irreversible);
        CHECK(chain.contains(id_of(tx).value()));
        CHECK(s.log.recorded ==
              states{tx_state::sending, tx_state::accepted, tx_state::included, tx_state::irreversible});
    }
    SUBCASE("when it can be proven absent by the other one only")
    {
        chain.refuse = true;
        auto tracker = tracker_of(tx, {}, tx_state::prepared, 2);
        script s(chain);
        s.others[0] = &frozen;
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::expired);
        CHECK_FALSE(chain.contains(id_of(tx).value()));
    }
    SUBCASE("when only the other one tells that its block is irreversible")
    {
        auto tracker = tracker_of(tx, broadcast_options().irreversible(true), tx_state::prepared, 2);
        script s(chain);
        s.others[0] = &frozen;
        int waits = 0;
        s.on_wait = [&](int) {
            if (++waits == 1)
                frozen.produce(), (void)chain.push(tx);
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::irreversible);
        CHECK(id_of(chain.block(tracker.outcome().block_num).transactions.at(0)).value() == id_of(tx).value());
    }
    SUBCASE("but not while much is read from it")
    {
        chain.produce(1000);
        auto const late = chain.transaction_expiring_in(60, 20);
        script s(chain);
        auto tracker = tracker_of(late, broadcast_options().blocks_at_once(1), tx_state::sending, 2);
        std::set<std::size_t> asked;
        s.faults = [&](int, tracking_step const& step) -> std::optional<script::fault> {
            asked.insert(step.node);
            s.now += std::chrono::milliseconds(100);
            return {};
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::included);
        CHECK(asked == std::set<std::size_t>{0});
    }
}

TEST_CASE("chain/outcome: a node that is met after a loss and takes no broadcasts is left, too")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(60);
    auto tracker = tracker_of(tx, {}, tx_state::prepared, 3);
    script s(chain);
    s.refusals[1] = node_error(-32601, "Method not found");
    s.faults = [](int, tracking_step const& step) -> std::optional<script::fault> {
        if (step.node == 0 && step.what == kind::send)
            return script::fault{errc::connection_closed, false};
        return {};
    };
    s.run(tracker);
    CHECK(tracker.outcome().state == tx_state::included);
    CHECK(s.log.sent == 3);
    CHECK_FALSE(tracker.outcome().refusal);
}

TEST_CASE("chain/outcome: a node that does not have the reference block yet is waited for, not read from the beginning")
{
    script_chain chain;
    chain.produce(300 - chain.head());
    script_chain behind = chain;
    chain.produce(20);
    auto const tx = chain.transaction_expiring_in(120, 310);
    behind.refuse = true; // "the reference block is another"
    auto tracker = tracker_of(tx, broadcast_options().irreversible(true), tx_state::sending, 2);
    script s(chain);
    s.others[1] = &behind;
    s.faults = [](int, tracking_step const& step) -> std::optional<script::fault> {
        if (step.node == 0)
            return script::fault{};
        return {};
    };
    int waits = 0;
    s.on_wait = [&](int) {
        behind.produce();
        behind.refuse = ++waits < 15;
        if (waits == 15)
            (void)behind.push(tx); // by the node that was lost
    };
    s.run(tracker);
    CHECK(tracker.outcome().state == tx_state::irreversible);
    CHECK(*s.log.read.begin() == 311);
}

TEST_CASE("chain/outcome: a node that takes no broadcasts is left for another; if none does, that is a refusal")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(60);
    node_error const unable(-32601, "Method not found");
    auto tracker = tracker_of(tx, {}, tx_state::prepared, 2);
    auto now = tx_outcome_tracker::time_point();
    std::size_t sends = 0;
    std::vector<std::size_t> asked;
    for (;;)
    {
        auto const step = tracker.next(now);
        if (step.what == kind::done)
            break;
        if (step.what == kind::record)
            tracker.on_recorded();
        else if (step.what == kind::properties)
        {
            dynamic_global_property_object p;
            p.head_block_number = chain.head();
            p.time = chain.time();
            tracker.on_properties(p, now);
        }
        else if (step.what == kind::send)
        {
            asked.push_back(step.node);
            ++sends;
            tracker.on_sent(unable, now);
        }
        else
            now += std::chrono::seconds(1);
        REQUIRE(sends < 10);
    }
    CHECK(asked == std::vector<std::size_t>{0, 1});
    CHECK(tracker.outcome().state == tx_state::refused);
    CHECK(tracker.outcome().refusal->code() == -32601);
}

TEST_CASE("chain/outcome: the reference block is the one with the right id among those whose numbers end alike")
{
    script_chain chain;
    chain.produce(0x10000 + 100 - chain.head());
    auto tx = chain.transaction_expiring_in(1, 60);
    // As it was when block 60 was new.
    tx.expiration = {chain.block(70).timestamp.seconds};
    auto tracker = tracker_of(tx, broadcast_options().blocks_at_once(100), tx_state::sending);
    script s(chain);
    s.run(tracker);
    CHECK(tracker.outcome().state == tx_state::expired);
    CHECK(tracker.outcome().block_num == 71);
    CHECK(s.log.read.contains(61));
}

TEST_CASE("chain/outcome: a head block whose number ends as the reference block's is not taken for it unless its id is")
{
    script_chain chain;
    chain.produce(70 - chain.head());
    auto const tx = chain.transaction_expiring_in(30, 60);
    (void)chain.push(tx);
    chain.produce(0x10000 + 60 - chain.head());
    for (bool const told : {false, true}) // the head block's id; without it, too, nothing is left out
    {
        CAPTURE(told);
        auto tracker = tracker_of(tx, broadcast_options().irreversible(true).blocks_at_once(100), tx_state::sending);
        std::uint32_t behind = 0;
        if (told)
        {
            dynamic_global_property_object p;
            p.head_block_number = chain.head();
            p.head_block_id = id_of(static_cast<signed_block_header const&>(chain.block(chain.head())));
            p.time = chain.time();
            REQUIRE(tracker.next({}).what == kind::properties);
            tracker.on_properties(p, {});
            behind = tracker.next({}).first;
            CHECK(behind == 61);
        }
        script s(chain);
        s.run(tracker);
        CHECK_FALSE(tracker.ec());
        CHECK(tracker.outcome().state == tx_state::irreversible);
        CHECK(tracker.outcome().block_num == 71);
        CHECK(s.log.sent == 0);
        if (!told)
            CHECK(chain.head() == 0x10000 + 60);
    }

    // A head block that is the one.
    chain = script_chain();
    chain.produce(0x10000 + 60 - chain.head());
    auto const young = chain.transaction_expiring_in(30, chain.head());
    auto tracker = tracker_of(young, {}, tx_state::included);
    dynamic_global_property_object p;
    p.head_block_number = chain.head();
    p.head_block_id = id_of(static_cast<signed_block_header const&>(chain.block(chain.head())));
    p.time = {young.expiration.seconds + 1}; // nothing is sent
    REQUIRE(tracker.next({}).what == kind::properties);
    tracker.on_properties(p, {});
    CHECK(tracker.next({}).what == kind::wait);

    // Another node, whose head block is before it.
    auto second = tracker_of(tx, {}, tx_state::included, 2);
    REQUIRE(second.next({}).what == kind::properties);
    p.head_block_number = 0x10000 + 62;
    second.on_properties(p, {});
    CHECK(second.next({}).first == 0x10000 + 61);
    second.on_failed(errc::timed_out, "", {});
    REQUIRE(second.next({}).what == kind::properties);
    p.head_block_number = 0x10000 + 50;
    second.on_properties(p, {});
    CHECK(second.next({}).first == 61);
}

TEST_CASE("chain/outcome: what may have been sent in an earlier try is not refused by another node")
{
    script_chain chain;
    chain.refuse = true;
    auto const tx = chain.transaction_expiring_in(30);
    SUBCASE("it is looked for to the end, and the doubt is recorded first")
    {
        auto tracker = tracker_of(tx, broadcast_options().may_have_been_sent(true));
        CHECK(tracker.may_be_sent());
        CHECK(tracker.state() == tx_state::sending);
        script s(chain);
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::expired);
        CHECK(tracker.outcome().refusal->message() == "insufficient balance");
        CHECK(s.log.recorded == states{tx_state::sending, tx_state::expired});
    }
    SUBCASE("it is found where the other node included it")
    {
        auto tracker = tracker_of(tx, broadcast_options().may_have_been_sent(true));
        script s(chain);
        s.on_wait = [&](int wait) {
            chain.refuse = false;
            if (wait == 2)
                (void)chain.push(tx);
        };
        s.run(tracker);
        CHECK(tracker.outcome().state == tx_state::included);
    }
    SUBCASE("what is known already is not taken back")
    {
        auto tracker = tracker_of(tx, broadcast_options().may_have_been_sent(true), tx_state::accepted);
        CHECK(tracker.state() == tx_state::accepted);
        CHECK(tracker.next({}).what == kind::properties);
        CHECK(tracker_of(tx, broadcast_options().may_have_been_sent(true), tx_state::expired).done());
    }
}

namespace {

// What must hold whatever went wrong.
void check_truth(tx_outcome_tracker const& tracker, script_chain& chain, signed_transaction const& tx)
{
    chain.produce(40); // whatever still waits is included now, or never
    bool const there = chain.contains(id_of(tx).value());
    if (tracker.ec())
        return;
    switch (tracker.outcome().state)
    {
    case tx_state::irreversible:
    case tx_state::included: CHECK(there); break;
    case tx_state::refused:
    case tx_state::expired: CHECK_FALSE(there); break;
    default: FAIL("no end");
    }
}

} // namespace

TEST_CASE("chain/outcome: every script, with every one of its steps failing, comes to a true end")
{
    struct scenario
    {
        char const* name;
        std::uint32_t lifetime;
        std::function<void(script_chain&, int)> on_wait;
        bool refuse = false;
        bool forget = false;
    };
    std::vector<scenario> const scenarios{
        {"included", 60, [](script_chain&, int) {}},
        {"expired", 20, [](script_chain&, int) {}, false, true},
        {"refused", 20, [](script_chain&, int) {}, true},
        {"fork", 60,
         [](script_chain& c, int wait) {
             if (wait == 3)
                 c.fork(3, true), c.produce(4);
         }},
        {"late", 20, [](script_chain& c, int wait) { c.hold(wait < 6); }},
    };
    for (auto const& sc : scenarios)
        for (bool const arrives : {false, true})
            for (error_code const ec : {make_error_code(errc::connection_closed), make_error_code(errc::not_connected)})
                for (int failing = 0;; ++failing)
                {
                    CAPTURE(sc.name);
                    CAPTURE(failing);
                    script_chain chain;
                    chain.refuse = sc.refuse;
                    chain.forget = sc.forget;
                    auto const tx = chain.transaction_expiring_in(sc.lifetime);
                    auto tracker = tracker_of(tx, broadcast_options().irreversible(true));
                    script s(chain);
                    s.on_wait = [&](int wait) { sc.on_wait(chain, wait); };
                    s.faults = [&](int step, tracking_step const&) -> std::optional<script::fault> {
                        if (step == failing)
                            return script::fault{ec, arrives && ec == errc::connection_closed};
                        return {};
                    };
                    s.run(tracker);
                    REQUIRE(tracker.done());
                    if (s.log.sent > 0 && tracker.ec() && tracker.ec() != errc::file_error)
                        CHECK((tracker.ec() == errc::outcome_in_doubt || tracker.ec() == errc::not_connected));
                    check_truth(tracker, chain, tx);
                    if (failing > s.steps)
                        break;
                }
}

TEST_CASE("chain/outcome: random faults, forks and crashes never end in an untruth")
{
    std::uint32_t const first = std::random_device{}();
    MESSAGE("seeds from " << first);
    int ends[8] = {};
    for (std::uint32_t i = 0; i < 2000; ++i)
    {
        std::uint32_t const seed = first + i;
        CAPTURE(seed);
        std::mt19937 engine(seed);
        auto const random = [&] { return static_cast<std::uint32_t>(engine()); };
        auto const chance = [&](unsigned percent) { return random() % 100 < percent; };
        script_chain chain;
        chain.produce(random() % 30);
        chain.refuse = chance(15);
        chain.forget = chance(15);
        auto const tx = chain.transaction_expiring_in(5 + random() % 60);
        tx_state from = tx_state::prepared;
        std::uint32_t const deepest = chain.irreversible_depth - 1;
        for (int life = 0;; ++life) // a process; the next one goes on from what was recorded
        {
            auto tracker = tracker_of(tx, broadcast_options().irreversible(true).resend_after(std::chrono::seconds(4)),
                                      from, 1 + random() % 3);
            script s(chain);
            s.max_steps = life < 4 && chance(70) ? static_cast<int>(1 + random() % 40) : 3000;
            s.faults = [&](int, tracking_step const&) -> std::optional<script::fault> {
                if (!chance(8))
                    return {};
                return script::fault{chance(50) ? make_error_code(errc::connection_closed)
                                                : make_error_code(errc::timed_out),
                                     chance(50)};
            };
            s.on_wait = [&](int) {
                if (chance(5))
                    chain.refuse = !chain.refuse;
                if (chance(5))
                    chain.forget = false;
                if (chance(10))
                    chain.hold(chance(50));
                if (chance(10))
                {
                    std::uint32_t const depth = 1 + random() % deepest;
                    chain.fork(depth, chance(50));
                    chain.produce(depth + 1);
                }
            };
            s.run(tracker);
            for (tx_state const recorded : s.log.recorded)
                from = recorded;
            if (!tracker.done() || tracker.ec())
            {
                if (life < 30)
                    continue;
                ++ends[7];
                break;
            }
            ++ends[static_cast<int>(tracker.outcome().state)];
            check_truth(tracker, chain, tx);
            break;
        }
    }
    CHECK(ends[static_cast<int>(tx_state::irreversible)] > 200);
    CHECK(ends[static_cast<int>(tx_state::expired)] > 100);
    CHECK(ends[static_cast<int>(tx_state::refused)] > 20);
    CHECK(ends[7] < 20);
}

TEST_CASE("chain/outcome: blocks of a fork are not irreversible because another node's head says so of its own")
{
    script_chain chain;
    auto const tx = chain.transaction_expiring_in(600);
    script_chain astray = chain;
    REQUIRE(astray.push(tx).has_value());
    astray.produce(8);
    chain.produce(8);
    for (bool const expires : {false, true})
    {
        CAPTURE(expires);
        script_chain right = chain;
        auto tracker = tracker_of(tx, broadcast_options().irreversible(true).look_only(true), tx_state::accepted);
        std::chrono::steady_clock::time_point now{};
        bool alone = true; // the blocks are those of a node on a fork, the head is another one's
        int waits = 0, steps = 0;
        for (; steps < 10'000; ++steps)
        {
            auto const step = tracker.next(now);
            if (step.what == kind::done)
                break;
            script_chain const& asked = alone ? astray : right;
            std::vector<std::optional<signed_block>> blocks;
            switch (step.what)
            {
            case kind::properties:
            {
                dynamic_global_property_object p;
                p.head_block_number = right.head();
                p.head_block_id = id_of(static_cast<signed_block_header const&>(right.block(right.head())));
                p.time = right.time();
                p.last_irreversible_block_num = right.irreversible();
                tracker.on_properties(p, now);
                break;
            }
            case kind::blocks:
                for (std::uint32_t number = step.first; number <= step.last; ++number)
                    blocks.push_back(number <= asked.head() ? std::optional(asked.block(number)) : std::nullopt);
                tracker.on_blocks(blocks, now);
                break;
            case kind::record:
                CHECK((!alone || step.state <= tx_state::included));
                tracker.on_recorded();
                break;
            case kind::wait:
                now += step.delay;
                if (++waits == 5)
                {
                    alone = false;
                    if (!expires)
                        REQUIRE(right.push(tx).has_value());
                }
                if (waits >= 5)
                    right.produce();
                break;
            default: FAIL("nothing is to be sent");
            }
        }
        CHECK(steps < 10'000);
        CHECK_FALSE(tracker.ec());
        if (expires)
            CHECK(tracker.outcome().state == tx_state::expired);
        else
        {
            CHECK(tracker.outcome().state == tx_state::irreversible);
            CHECK(tracker.outcome().block_id ==
                  id_of(static_cast<signed_block_header const&>(right.block(tracker.outcome().block_num))));
        }
    }
}
