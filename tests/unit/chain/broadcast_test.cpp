#include <bitshares/base/hex.hpp>
#include <bitshares/chain/broadcast.hpp>
#include <bitshares/chain/receipt.hpp>
#include <bitshares/chain/tx_context.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>
#include <bitshares/tx/builder.hpp>
#include <support/folder.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <map>
#include <mutex>

using namespace bitshares;

namespace {

// A chain that makes blocks by itself, and clients of its node.
struct world
{
    world() : chain(std::make_shared<testing::chain>()), node(chain)
    {
        alice = chain->create_account("alice", 1'000'000'000);
        bob = chain->create_account("bob");
        chain->produce_blocks(30);
        chain->start_producing(std::chrono::milliseconds(10), testing::block_production::when_needed);
    }

    client connected() { return client(io.get_executor(), node_url(node.url()), websocket(), with_network()); }
    client_options with_network() const { return client_options().network(chain->network()); }
    static broadcast_options quick() { return broadcast_options().poll_interval(std::chrono::milliseconds(5)); }

    signed_transaction payment(std::int64_t amount) const
    {
        transfer op;
        op.from = alice;
        op.to = bob;
        op.amount = {amount, core_asset};
        auto const key = chain->key("alice");
        return chain->sign({operation(op)}, {&key});
    }

    void fault(testing::broadcast_fault f)
    {
        chain->on_broadcast([f, left = std::make_shared<std::atomic<int>>(1)](signed_transaction const&) {
            return left->fetch_sub(1) > 0 ? f : testing::broadcast_fault();
        });
    }

    struct ended
    {
        error_code ec;
        std::optional<reply<tx_outcome>> answer;
    };
    template <class Begin>
    ended run(Begin begin)
    {
        ended e;
        begin([&](error_code ec, reply<tx_outcome> r) {
            e.ec = ec;
            e.answer.emplace(std::move(r));
            io.stop();
        });
        io.restart();
        io.run_for(std::chrono::seconds(20));
        REQUIRE(e.answer.has_value());
        return e;
    }

    asio::io_context io;
    std::shared_ptr<testing::chain> chain;
    testing::node node;
    account_id alice, bob;
};

} // namespace

TEST_CASE("chain/broadcast: built with what was fetched, sent, and followed into an irreversible block")
{
    world w;
    client node = w.connected();
    CHECK(node.network() == w.chain->network());
    std::optional<tx_context> context;
    async_tx_context(node, [&](error_code ec, reply<tx_context> r) {
        CHECK_FALSE(ec);
        context = std::move(r.value());
        w.io.stop();
    });
    w.io.run_for(std::chrono::seconds(10));
    REQUIRE(context.has_value());
    CHECK(context->network == w.chain->network());
    std::uint32_t const number = block_num_of(context->reference_block);
    CHECK(number > 0);
    CHECK(number <= w.chain->last_irreversible_block_num());
    CHECK(context->reference_block == id_of(static_cast<signed_block_header const&>(*w.chain->block(number))));
    CHECK(context->time.seconds > 0);

    tx_builder tx(node.network());
    transfer op;
    op.from = w.alice;
    op.to = w.bob;
    op.amount = {500'000, core_asset};
    tx.add(op);
    signed_transaction const signed_tx = tx.prepare(*context).sign(w.chain->key("alice"));
    std::vector<tx_state> seen;
    auto const e = w.run([&](auto handler) {
        async_broadcast(node, signed_tx, world::quick().irreversible(true).on_state([&](tx_outcome const& o) {
            seen.push_back(o.state);
        }),
                        std::move(handler));
    });
    CHECK_FALSE(e.ec);
    tx_outcome const& outcome = e.answer->value();
    CHECK(outcome.state == tx_state::irreversible);
    auto const place = w.chain->find(id_of(signed_tx).value());
    REQUIRE(place.has_value());
    CHECK(outcome.block_num == place->block_num);
    CHECK(outcome.trx_num == place->index);
    CHECK(w.chain->last_irreversible_block_num() >= place->block_num);
    REQUIRE(outcome.operation_results.size() == 1); // which the block does not tell
    CHECK(std::holds_alternative<void_result>(outcome.operation_results[0]));
    CHECK(w.chain->balance(w.bob) == 500'000);
    CHECK(seen ==
          std::vector<tx_state>{tx_state::sending, tx_state::accepted, tx_state::included, tx_state::irreversible});

    // And its receipt, by the keys that the same node tells, by agreed ones, and by pinned ones.
    blocking_client blocking(node_url(w.node.url()), websocket(), w.with_network());
    auto const receipt = fetch_receipt(blocking, outcome.block_num, outcome.trx_num, 20);
    auto const keys = fetch_witness_keys(blocking);
    CHECK(keys.size() == 11);
    auto const weak = verify_receipt(receipt, outcome.id, witness_keys::of_node(keys)).value();
    CHECK_FALSE(weak.verified);
    auto const proof = verify_receipt(receipt, outcome.id, witness_keys::pinned(keys)).value();
    CHECK(proof.verified);
    CHECK(proof.block_id == outcome.block_id);
    CHECK(proof.built_by >= 7);
}

TEST_CASE("chain/broadcast: a refusal is the reply, in the node's words")
{
    world w;
    client node = w.connected();
    auto const e = w.run(
        [&](auto handler) { async_broadcast(node, w.payment(5'000'000'000'000), world::quick(), std::move(handler)); });
    CHECK_FALSE(e.ec);
    REQUIRE(e.answer->has_error());
    CHECK(e.answer->error() == node_errc::assert_exception);
    CHECK_THROWS_AS((void)e.answer->value(), node_refused);
}

TEST_CASE("chain/broadcast: an answer that is lost is no reason to pay twice")
{
    world w;
    client node = w.connected();
    for (auto const effect : {testing::broadcast_effect::take, testing::broadcast_effect::lose})
    {
        auto const before = w.chain->balance(w.bob);
        w.fault({.effect = effect, .answer = testing::broadcast_answer::close, .delay = {}, .refuse = {}});
        auto const e = w.run([&](auto handler) {
            async_broadcast(node, w.payment(1'000 + static_cast<int>(effect)), world::quick(), std::move(handler));
        });
        CHECK_FALSE(e.ec);
        CHECK(e.answer->value().state >= tx_state::included);
        CHECK(w.chain->balance(w.bob) - before == 1'000 + static_cast<int>(effect));
    }
}

TEST_CASE("chain/broadcast: what a node forgets expires, and that is proven")
{
    world w;
    client node = w.connected();
    w.chain->on_broadcast([](signed_transaction const&) {
        return testing::broadcast_fault{testing::broadcast_effect::lose, testing::broadcast_answer::send, {}, {}};
    });
    auto const e =
        w.run([&](auto handler) { async_broadcast(node, w.payment(1), world::quick(), std::move(handler)); });
    CHECK(e.ec == errc::transaction_expired);
    CHECK(e.answer->error().message().starts_with("proven absent up to block "));
    CHECK(w.chain->balance(w.bob) == 0);
}

TEST_CASE("chain/broadcast: the chain is checked before anything is sent")
{
    world w;
    client node(w.io.get_executor(), node_url(w.node.url()), websocket(), client_options());
    auto const e = w.run([&](auto handler) {
        async_broadcast(node, w.payment(1), world::quick().chain_id(chain_id_type{{7}}), std::move(handler));
    });
    CHECK(e.ec == errc::wrong_chain);
    CHECK(w.chain->balance(w.bob) == 0);
    client other(w.io.get_executor(), node_url(w.node.url()), websocket(),
                 client_options().chain_id(chain_id_type{{7}}));
    CHECK(w.run([&](auto handler) { async_broadcast(other, w.payment(1), world::quick(), std::move(handler)); }).ec ==
          errc::wrong_chain);
}

TEST_CASE("chain/broadcast: of several nodes the next is taken when one is lost")
{
    world w;
    auto second = std::make_unique<testing::node>(w.chain);
    client a(w.io.get_executor(), node_url(second->url()), websocket(), w.with_network());
    client b = w.connected();
    second->stop();
    broadcast_nodes const both({&a, &b});
    auto const e =
        w.run([&](auto handler) { async_broadcast(both, w.payment(3), world::quick(), std::move(handler)); });
    CHECK_FALSE(e.ec);
    CHECK(e.answer->value().state >= tx_state::included);
    broadcast_nodes const none({&a});
    auto const f =
        w.run([&](auto handler) { async_broadcast(none, w.payment(4), world::quick(), std::move(handler)); });
    CHECK(f.ec);
    CHECK(f.ec != errc::outcome_in_doubt); // nothing was sent
}

TEST_CASE(
    "chain/broadcast: after a loss another node is sent the same bytes, and what has arrived already is followed on")
{
    world w;
    // What each node was sent, as text; read when the node's threads have nothing to do with it any more.
    std::mutex mutex;
    std::array<std::vector<std::string>, 2> sent;
    auto const listening = [&](std::size_t i) {
        testing::node_options options;
        options.on_request = [&, i](std::string_view frame) -> std::optional<testing::node_reply> {
            if (frame.find("\"broadcast_transaction\"") != frame.npos)
            {
                std::lock_guard const lock(mutex);
                sent[i].emplace_back(frame.substr(frame.find("\"ref_block_num\"")));
            }
            return std::nullopt;
        };
        return options;
    };
    testing::node const first(w.chain, listening(0)), second(w.chain, listening(1));
    auto const options = w.with_network().deadline(std::chrono::milliseconds(500));
    client a(w.io.get_executor(), node_url(first.url()), websocket(), options);
    client b(w.io.get_executor(), node_url(second.url()), websocket(), options);
    broadcast_nodes const both({&a, &b});
    std::int64_t amount = 10;
    using effect = testing::broadcast_effect;
    using answer = testing::broadcast_answer;
    for (auto const& [done, told] : {std::pair(effect::take, answer::close), std::pair(effect::lose, answer::close),
                                     std::pair(effect::take, answer::withhold)})
    {
        CAPTURE(static_cast<int>(done));
        CAPTURE(static_cast<int>(told));
        for (auto& frames : sent)
            frames.clear();
        auto const before = w.chain->balance(w.bob);
        // The second node has the transaction where the first one passed it on: it says "duplicate".
        w.fault({.effect = done, .answer = told, .delay = {}, .refuse = {}});
        auto const tx = w.payment(++amount);
        auto const e = w.run([&](auto handler) { async_broadcast(both, tx, world::quick(), std::move(handler)); });
        CHECK_FALSE(e.ec);
        auto const& outcome = e.answer->value();
        CHECK(outcome.state >= tx_state::included);
        CHECK(outcome.id == id_of(tx).value());
        CHECK(w.chain->balance(w.bob) - before == amount);
        std::lock_guard const lock(mutex);
        REQUIRE(sent[0].size() == 1);
        REQUIRE(sent[1].size() == 1);
        CHECK(sent[0][0] == sent[1][0]);
        CHECK(sent[1][0].find(to_hex(tx.signatures.at(0).data)) != std::string::npos);
    }
}

TEST_CASE("chain/broadcast: cancelled while it waits")
{
    world w;
    w.chain->stop_producing();
    client node = w.connected();
    asio::cancellation_signal signal;
    asio::steady_timer timer(w.io, std::chrono::milliseconds(150));
    timer.async_wait([&](error_code) { signal.emit(asio::cancellation_type::terminal); });
    auto const e = w.run([&](auto handler) {
        async_broadcast(node, w.payment(1), world::quick(),
                        asio::bind_cancellation_slot(signal.slot(), std::move(handler)));
    });
    CHECK(e.ec == errc::cancelled);
}

TEST_CASE("chain/broadcast: with a journal: once, also when asked again, and resumed")
{
    world w;
    support::folder folder;
    auto journal = tx_journal::open(folder.file("journal")).value();
    client node = w.connected();
    auto const tx = w.payment(77);
    auto const first =
        w.run([&](auto handler) { async_broadcast(node, journal, "a", tx, world::quick(), std::move(handler)); });
    CHECK_FALSE(first.ec);
    CHECK(first.answer->value().state == tx_state::irreversible);
    CHECK(journal.find("a")->state == tx_state::irreversible);
    CHECK(w.run([&](auto handler) {
               async_broadcast(node, journal, "a", w.payment(78), world::quick(), std::move(handler));
           }).ec == errc::journal_conflict);
    auto const again =
        w.run([&](auto handler) { async_resume(node, journal, "a", world::quick(), std::move(handler)); });
    CHECK(again.answer->value().block_num == first.answer->value().block_num);
    CHECK(w.run([&](auto handler) { async_resume(node, journal, "b", world::quick(), std::move(handler)); }).ec ==
          errc::unknown_key);

    // As a crash leaves it between preparing and sending.
    REQUIRE(journal.prepare("c", w.chain->network().chain_id, w.payment(79)).has_value());
    CHECK(w.run([&](auto handler) { async_resume(node, journal, "c", world::quick(), std::move(handler)); })
              .answer->value()
              .state == tx_state::irreversible);
    blocking_client blocking(node_url(w.node.url()), websocket(), w.with_network());
    int made = 0;
    for (int i = 0; i < 2; ++i)
        CHECK(broadcast_once(
                  blocking, journal, "d", [&] { return ++made, w.payment(80); }, world::quick())
                  .value()
                  .state == tx_state::irreversible);
    CHECK(made == 1);
    CHECK(broadcast(blocking, w.payment(81), world::quick()).value().state >= tx_state::included);
    CHECK(w.chain->balance(w.bob) == 77 + 79 + 80 + 81);
}

TEST_CASE(
    "chain/broadcast: once, although the transaction that expired is made again by a node whose head stands still")
{
    world w;
    support::folder folder;
    auto journal = tx_journal::open(folder.file("journal")).value();
    auto const stale = w.payment(90);
    w.chain->on_broadcast([id = id_of(stale).value()](signed_transaction const& tx) {
        testing::broadcast_fault f;
        if (id_of(tx).value() == id)
            f.effect = testing::broadcast_effect::lose;
        return f;
    });
    blocking_client node(node_url(w.node.url()), websocket(), w.with_network());
    int made = 0;
    auto const outcome =
        broadcast_once(node, journal, "a", [&] { return ++made <= 3 ? stale : w.payment(91); }, world::quick(), 2);
    CHECK(outcome.value().state == tx_state::irreversible);
    CHECK(made == 4);
    CHECK(journal.find("a")->attempts == 2);
    CHECK(w.chain->balance(w.bob) == 91);
    // For ever: that it has expired is the end, after the patience.
    auto const forever = w.payment(92);
    w.chain->on_broadcast([](signed_transaction const&) {
        testing::broadcast_fault f;
        f.effect = testing::broadcast_effect::lose;
        return f;
    });
    made = 0;
    try
    {
        (void)broadcast_once(
            node, journal, "b", [&] { return ++made, forever; }, world::quick().patience(std::chrono::seconds(1)), 3);
        FAIL("no exception");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::transaction_expired);
    }
    CHECK(made > 2);
    CHECK(journal.find("b")->attempts == 1);
    CHECK(w.chain->balance(w.bob) == 91);
}

TEST_CASE("chain/broadcast: what a journal has is followed on its own chain only")
{
    world w;
    support::folder folder;
    auto journal = tx_journal::open(folder.file("journal")).value();
    client node(w.io.get_executor(), node_url(w.node.url()), websocket(), client_options()); // told no chain
    blocking_client blocking(node_url(w.node.url()), websocket(), client_options());
    auto const thrown = [](auto run) {
        try
        {
            (void)run();
        }
        catch (exception const& e)
        {
            return e.code();
        }
        return error_code();
    };

    // Nobody names a chain: it is not prepared.
    auto const tx = w.payment(5);
    CHECK(w.run([&](auto handler) {
               async_broadcast(node, journal, "a", tx, world::quick(), std::move(handler));
           }).ec == errc::wrong_chain);
    CHECK(thrown([&] { return broadcast(blocking, journal, "a", tx, world::quick()); }) == errc::wrong_chain);
    CHECK(thrown([&] { return broadcast_once(blocking, journal, "a", [&] { return tx; }, world::quick()); }) ==
          errc::wrong_chain);
    CHECK(journal.entries().empty());

    // The journal names another, whatever the options say.
    REQUIRE(journal.prepare("b", chain_id_type{{7}}, tx).has_value());
    for (bool const named : {false, true})
    {
        auto const options = named ? world::quick().chain_id(w.chain->network().chain_id) : world::quick();
        CHECK(w.run([&](auto handler) { async_resume(node, journal, "b", options, std::move(handler)); }).ec ==
              errc::wrong_chain);
        CHECK(thrown([&] { return resume(blocking, journal, "b", options); }) == errc::wrong_chain);
    }
    CHECK(journal.find("b")->state == tx_state::prepared);
    CHECK(w.chain->balance(w.bob) == 0);
}

TEST_CASE("chain/broadcast: with a journal a refusal is proven before it frees the key")
{
    world w;
    support::folder folder;
    auto journal = tx_journal::open(folder.file("journal")).value();
    client node = w.connected();
    blocking_client blocking(node_url(w.node.url()), websocket(), w.with_network());
    w.chain->on_broadcast([](signed_transaction const&) {
        testing::broadcast_fault fault;
        fault.refuse = node_error(10, "Assert Exception: not today", "assert_exception");
        return fault;
    });
    // Each is made when its turn comes: the chain's time runs.
    std::map<std::string, signed_transaction> made;
    auto const payment = [&](char const* key) { return made[key] = w.payment(6 + key[0]); };
    CHECK(w.run([&](auto handler) {
               async_broadcast(node, journal, "a", payment("a"), world::quick(), std::move(handler));
           }).answer->has_error());
    CHECK(broadcast(blocking, journal, "b", payment("b"), world::quick()).has_error());
    REQUIRE(journal.prepare("c", w.chain->network().chain_id, payment("c")).has_value());
    CHECK(w.run([&](auto handler) {
               async_resume(node, journal, "c", world::quick(), std::move(handler));
           }).answer->has_error());
    for (auto const& [key, tx] : made)
    {
        CAPTURE(key);
        auto const* const e = journal.find(key);
        CHECK(e->state == tx_state::refused);
        REQUIRE(e->block_num != 0); // the block that completes the proof
        CHECK(w.chain->block(e->block_num)->timestamp > tx.expiration);
    }
}
