// The pool over real sockets and TLS: nodes of one chain in this process that misbehave on command.

#include <bitshares/base/hex.hpp>
#include <bitshares/chain/broadcast.hpp>
#include <bitshares/chain/tx_context.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/node_pool.hpp>
#include <bitshares/net/subscription.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/testing/certificate.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/node.hpp>
#include <support/certificates.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <thread>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;
namespace db = bitshares::database;

namespace {

testing::faults faults_of(std::string const& json)
{
    json_options options;
    options.mode = json_mode::strict;
    return from_json<testing::faults>(json, options).value();
}

std::string address_of(std::size_t i)
{
    return "127.0.1." + std::to_string(i + 1);
}

// The real URLs have no port, so that it is 443, which not everybody may listen on.
bool may_listen_on(std::uint16_t port)
{
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor acceptor(io);
    error_code ec;
    acceptor.open(boost::asio::ip::tcp::v4(), ec);
    acceptor.bind({boost::asio::ip::make_address_v4(address_of(0)), port}, ec);
    return !ec;
}

/// Sends each host to an address of its own.
class hosts_file
{
public:
    void add(std::string host, std::string const& address) { addresses_[std::move(host)] = address; }

    std::shared_ptr<resolver> made() const
    {
        return make_resolver(
            resolver_options().lookup([addresses = addresses_](std::string const& host, error_code& ec) {
                std::vector<boost::asio::ip::address> found;
                if (auto const at = addresses.find(host); at != addresses.end())
                    found.push_back(boost::asio::ip::make_address(at->second));
                else
                    ec = errc::name_not_found;
                return found;
            }));
    }

private:
    std::map<std::string, std::string> addresses_;
};

} // namespace

TEST_CASE(
    "integration/node_pool: all 26 nodes of the infrastructure list by their own names over TLS, one after the other")
{
    auto const authority = testing::make_certificate();
    temporary_file const trusted(authority.certificate_pem);
    std::uint16_t const port = may_listen_on(443) ? 443 : 0;
    hosts_file hosts;
    auto const chain = std::make_shared<testing::chain>();
    chain->create_account("alice", 100);
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<node_entry> entries;
    std::map<std::string, std::size_t> index;
    for (node_entry entry : node_list(infrastructure_nodes()))
    {
        testing::certificate_options names;
        names.names = {entry.url.host()};
        testing::node_options options;
        options.address = address_of(nodes.size());
        options.port = port;
        options.tls = testing::make_certificate(names, authority);
        options.faults.wrong_chain.emplace().chain_id = to_hex(entry.chain_id.value().data);
        index[entry.url.host()] = nodes.size();
        hosts.add(entry.url.host(), options.address);
        nodes.push_back(std::make_unique<testing::node>(chain, options));
        if (port == 0)
            entry.url = node_url::from_string("wss://" + entry.url.host() + ":" + std::to_string(nodes.back()->port()) +
                                              (entry.url.has_path() ? entry.url.target() : ""))
                            .value();
        entries.push_back(std::move(entry));
    }
    REQUIRE(nodes.size() == 26);
    auto const list = node_list::from_entries(entries).value();
    auto const transports =
        websocket(websocket_options().tls(tls_options().add_ca_file(trusted.path())).resolver(hosts.made()));

    std::set<std::string> used;
    for (public_network const network : {public_network::mainnet, public_network::testnet})
    {
        blocking_client client(list.of(network), transports);
        for (std::size_t left = list.of(network).size(); left > 0; --left)
        {
            REQUIRE(client.call(db::get_account_by_name("alice")));
            node_url const at = client.node();
            CHECK(used.insert(at.host()).second);
            nodes[index.at(at.host())]->stop(); // whoever answers is gone
        }
    }
    CHECK(used.size() == 26);

    // A certificate for another name: the node that shows it is not the one that was meant.
    nodes[0]->start();
    nodes[0]->set_faults(faults_of(R"({"tls":{"kind":"wrong_host"}})"));
    blocking_client client(list.of(public_network::mainnet), transports, client_options().deadline(3s));
    try
    {
        client.call(db::get_chain_id());
        FAIL("it answered");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::no_node);
        CHECK(std::string(e.what()).find("bitshares.nu") != std::string::npos);
        CHECK(std::string(e.what()).find("ertificate") != std::string::npos);
    }
}

TEST_CASE("integration/node_pool: a forked node is found out, and left, by the blocks that it calls irreversible")
{
    auto const chain = std::make_shared<testing::chain>();
    chain->produce_blocks(60);
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<node_url> urls;
    for (int i = 0; i < 4; ++i)
    {
        nodes.push_back(std::make_unique<testing::node>(chain, testing::node_options()));
        urls.emplace_back(nodes.back()->url());
    }
    nodes[0]->set_faults(faults_of(R"({"fork":{"after":10}})"));
    boost::asio::io_context io;
    pool_options options;
    options.probe_live = 50ms;
    node_pool pool(io.get_executor(), urls, websocket(), {}, options);
    pool.open();
    auto const end = std::chrono::steady_clock::now() + 20s;
    while (pool.status()[0].state != node_state::forked && std::chrono::steady_clock::now() < end)
        io.run_one_until(end);
    CHECK(pool.status()[0].state == node_state::forked);
    CHECK(pool.primary() != 0u);
    for (std::size_t i = 1; i < 4; ++i)
        CHECK(pool.status()[i].state != node_state::forked);
}

TEST_CASE(
    "integration/node_pool: transactions expire by the nodes' time, whichever of them was asked and whatever this "
    "machine's clock says")
{
    testing::chain_options chain_options;
    chain_options.block_interval = 3;
    auto const chain = std::make_shared<testing::chain>(chain_options);
    chain->produce_blocks(60);
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<node_url> urls;
    for (int i = 0; i < 3; ++i)
    {
        testing::node_options options;
        options.date_ahead = -100s;
        nodes.push_back(std::make_unique<testing::node>(chain, options));
        urls.emplace_back(nodes.back()->url());
    }
    nodes[0]->set_faults(faults_of(R"({"stale_head":{"blocks":2}})")); // not enough to be left
    chain->start_producing(3s);
    boost::asio::io_context io;
    pool_options options;
    options.switch_advantage = 2; // nobody is so much quicker
    options.suspect_blocks = 10;  // and two blocks behind look like three, or more if this machine is late
    options.stale_blocks = 20;
    node_pool pool(io.get_executor(), urls, websocket(), {}, options);
    pool.open();
    auto const end = std::chrono::steady_clock::now() + 20s;
    auto const told = [&] {
        auto const status = pool.status();
        // When it was asked again: at first it was the only one. A head is up to a block old when it is asked for, the
        // others' as well as its own: two blocks look like one to three, and always the same, as it is asked once a block.
        return status[0].skew <= -2s &&
               std::all_of(status.begin(), status.end(), [](node_status const& s) { return s.head.has_value(); });
    };
    while (!told() && std::chrono::steady_clock::now() < end)
        io.run_one_until(end);
    REQUIRE(told());
    CHECK(pool.primary() == 0u);
    clock_report const report = pool.time_report();
    CHECK(report.verdict == clock_verdict::ahead);
    CHECK(report.ahead_of_dates > 98s);
    CHECK(report.ahead_of_dates < 102s);
    std::optional<tx_context> context;
    time_point_sec const before = chain->head_time();
    async_tx_context(pool, {}, [&](error_code, reply<tx_context> const& found) {
        if (found)
            context = *found;
        pool.close();
    });
    io.run_until(std::chrono::steady_clock::now() + 20s);
    REQUIRE(context);
    chain->stop_producing();
    // Of the one that was asked, which is two blocks behind; the time is that of the others, whose heads are told in time.
    CHECK(context->head_block_num <= chain->head_block_num() - 2);
    CHECK(context->time.seconds + 5 >= before.seconds);
}

TEST_CASE("integration/node_pool: pending transactions are told once by nodes that repeat or lose notices and die")
{
    auto const chain = std::make_shared<testing::chain>();
    account_id const alice = chain->create_account("alice", 1'000'000'000'000);
    account_id const bob = chain->create_account("bob");
    chain->produce_blocks(3);
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<node_url> urls;
    for (int i = 0; i < 2; ++i)
    {
        nodes.push_back(std::make_unique<testing::node>(chain));
        nodes.back()->set_faults(faults_of(R"({"duplicate_notices":{}})"));
        urls.push_back(node_url(nodes.back()->url()));
    }
    boost::asio::io_context io;
    pool_options often;
    often.connects_per_minute = 1000; // however long this machine takes between two nodes' ends
    node_pool pool(io.get_executor(), urls, websocket(), client_options().network(chain->network()), often);
    subscription<pending_event> pending(
        pool, follow_pending(subscription_options().poll_interval(10ms).key_prefix(chain->network().key_prefix)));
    std::vector<transaction_id> told;
    std::function<void()> const wait = [&] {
        pending.async_next([&](error_code ec, reply<pending_event> r) {
            if (ec)
                return;
            CHECK(r->dropped_notices == 0);
            told.push_back(r->id);
            wait();
        });
    };
    wait();
    auto const until = [&](auto const& condition) {
        auto const end = std::chrono::steady_clock::now() + 20s;
        while (!condition() && std::chrono::steady_clock::now() < end)
            io.run_one_for(20ms);
        REQUIRE(condition());
    };
    // The callback has been set after so many calls: others are the pool's own, of which there are a few.
    auto const asked_at = [&](testing::node const& node) {
        auto const before = node.requests();
        until([&] { return node.requests() >= before + 10; });
    };
    std::vector<signed_transaction> sent;
    auto const pay = [&] {
        transfer op;
        op.from = alice;
        op.to = bob;
        op.amount = {static_cast<std::int64_t>(sent.size()) + 1, core_asset};
        auto const key = chain->key("alice");
        sent.push_back(chain->sign({op}, {&key}));
        REQUIRE(chain->push(sent.back()).has_value());
    };
    auto const all = [&] {
        std::vector<transaction_id> ids;
        for (signed_transaction const& tx : sent)
            ids.push_back(id_of(tx).value());
        return ids;
    };
    until([&] { return pool.primary().has_value(); });
    std::size_t const first = *pool.primary(), second = 1 - first;
    asked_at(*nodes[first]);
    pay();
    pay();
    until([&] { return told.size() >= 2; });

    nodes[first]->stop();
    asked_at(*nodes[second]);
    pay();
    until([&] { return told.size() >= 3; });

    // What this node does not tell is told when it tells it again, as nodes do with the next block.
    nodes[second]->set_faults(faults_of(R"({"lose_notices":{}})"));
    pay();
    io.run_for(50ms);
    CHECK(told.size() == 3);
    nodes[second]->clear_faults();
    for (signed_transaction const& tx : sent)
        nodes[second]->send(R"({"method":"notice","params":[)" + std::to_string(first_own_callback) + ",[" +
                            to_json(tx, chain->network().key_prefix) + "]]}");
    until([&] { return told.size() >= 4; });
    // And back to the other one.
    nodes[first]->start();
    nodes[second]->stop();
    asked_at(*nodes[first]);
    pay();
    until([&] { return told.size() >= 5; });
    io.run_for(20ms);
    CHECK(told == all());
}

TEST_CASE("integration/node_pool: faults at random on 25 of 26 nodes over TLS: no call fails, every payment happens "
          "once, every event "
          "is told once")
{
    char const* const wanted = std::getenv("BITSHARES_POOL_FAULTS");
    char const* const seeded = std::getenv("BITSHARES_POOL_SEED");
    int const faults = wanted != nullptr ? std::atoi(wanted) : 100;
    auto const seed = seeded != nullptr ? static_cast<std::uint32_t>(std::atol(seeded)) : std::random_device()();
    MESSAGE("BITSHARES_POOL_SEED=" << seed);
    std::mt19937 random(seed);

    testing::chain_options chain_options;
    chain_options.block_interval = 1;
    chain_options.witnesses = 3;
    auto const chain = std::make_shared<testing::chain>(chain_options);
    account_id const alice = chain->create_account("alice", 1'000'000'000'000);
    account_id const bob = chain->create_account("bob", 100);
    chain->produce_blocks(20);
    std::int64_t const before = chain->balance(bob);

    testing::certificate_options names;
    auto const authority = testing::make_certificate();
    temporary_file const trusted(authority.certificate_pem);
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<node_url> urls;
    for (std::size_t i = 0; i < 26; ++i)
    {
        testing::node_options options;
        options.address = address_of(i);
        names.names = {options.address};
        options.tls = testing::make_certificate(names, authority);
        nodes.push_back(std::make_unique<testing::node>(chain, options));
        urls.push_back(node_url(nodes.back()->url() + "/ws"));
    }
    std::size_t const healthy = random() % nodes.size();
    chain->start_producing(100ms);

    pool_options pool;
    pool.block_interval = 1s;
    pool.chain_speed = 10;
    pool.suspect_blocks = 30; // no node is given up because this machine has too much to do
    pool.stale_blocks = 50;   // the nodes are read one after the other, ten blocks a second
    pool.probe_live = 300ms;
    pool.connects_per_minute = 60; // a minute of a chain is six seconds here
    blocking_client client(urls, websocket(websocket_options().tls(tls_options().add_ca_file(trusted.path()))),
                           client_options().network(chain->network()), pool);

    std::atomic<bool> done = false;
    std::atomic<int> calls = 0;
    std::vector<std::string> failures;
    std::mutex failures_mutex;
    auto const failed = [&](std::string what) {
        std::lock_guard const lock(failures_mutex);
        failures.push_back(std::move(what));
    };
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            while (!done)
            {
                auto const start = std::chrono::steady_clock::now();
                std::string const name = t % 2 == 0 ? "alice" : "bob";
                try
                {
                    auto const account = client.call(db::get_account_by_name(name));
                    if (!account || account->name != name)
                        failed("another account");
                }
                catch (std::exception const& e)
                {
                    failed(e.what());
                }
                if (std::chrono::steady_clock::now() - start > 15s) // of ten, and what a busy machine adds
                    failed("a call took too long");
                ++calls;
                std::this_thread::sleep_for(2ms);
            }
        });
    std::int64_t paid = 0;
    std::vector<std::int64_t> paid_each;
    auto const key = chain->key("alice");
    std::thread payer([&] {
        for (int i = 1; !done; ++i)
        {
            transfer op;
            op.from = alice;
            op.to = bob;
            op.amount = {i, core_asset};
            auto const tx = chain->sign({op}, {&key});
            try
            {
                auto const outcome = broadcast(
                    client, tx, broadcast_options().irreversible(true).poll_interval(50ms).resend_after(500ms));
                if (outcome && outcome->state == tx_state::irreversible)
                {
                    paid += i;
                    paid_each.push_back(i);
                }
                else
                    failed("a payment: " + (!outcome           ? outcome.error().message()
                                            : outcome->refusal ? outcome->refusal->message()
                                                               : std::string(name_of(outcome->state))));
            }
            catch (exception const& e)
            {
                if (e.code() != errc::transaction_expired)
                    failed(std::string("a payment: ") + e.what());
            }
        }
    });

    // Blocks, and bob's operations, as they happen.
    std::uint32_t const first_block = chain->head_block_num();
    std::atomic<std::uint32_t> last_block = 0;
    std::vector<std::int64_t> received;
    threads.emplace_back([&] {
        try
        {
            auto const options = subscription_options().poll_interval(100ms);
            auto const blocks = follow_blocks(subscription_options(options).after(first_block));
            for (std::uint32_t next = first_block + 1; last_block == 0 || next <= last_block; ++next)
            {
                auto const e = next_event(client, *blocks, 20s);
                if (!e || e->kind != event_kind::applied || e->number != next || e->id != id_of(*chain->block(next)))
                    return failed("another block than " + std::to_string(next));
                for (processed_transaction const& tx : e->block.transactions)
                    for (operation const& op : tx.operations)
                        if (auto const* const t = op.get_if<transfer>(); t != nullptr && t->to == bob)
                            received.push_back(t->amount.amount);
            }
        }
        catch (exception const& e)
        {
            failed(std::string("blocks: ") + e.what());
        }
    });
    std::vector<std::int64_t> in_history;
    std::atomic<std::size_t> payments = 0;
    threads.emplace_back([&] {
        try
        {
            // From the first one on: where it begins may be behind the first payment.
            auto const operations =
                follow_account(bob, subscription_options().irreversible_only(true).poll_interval(100ms).after(0));
            auto last = std::chrono::steady_clock::now();
            while (payments == 0 || in_history.size() < payments)
            {
                auto const e = next_event(client, *operations, 300ms);
                auto const now = std::chrono::steady_clock::now();
                if (!e && payments != 0 && now - last > 60s)
                    return failed("an operation did not come");
                if (!e)
                    continue;
                last = now;
                if (auto const* const t = e->entry.op.get_if<transfer>(); t != nullptr && t->from == alice)
                    in_history.push_back(t->amount.amount);
            }
        }
        catch (exception const& e)
        {
            failed(std::string("operations: ") + e.what());
        }
    });

    constexpr char const* kinds[] = {
        R"({"refuse":{}})",
        R"({"refuse":{"permille":500}})",
        R"({"tarpit":{}})",
        R"({"tls":{"kind":"expired"}})",
        R"({"tls":{"kind":"wrong_host"}})",
        R"({"tls":{"kind":"self_signed"}})",
        R"({"tls":{"kind":"unknown_authority"}})",
        R"({"http_status":{"status":429}})",
        R"({"http_status":{"status":502}})",
        R"({"http_status":{"status":503}})",
        R"({"drop":{}})",
        R"({"drop":{"after_replies":20}})",
        R"({"half_open":{"after_replies":10}})",
        R"({"freeze":{}})",
        R"({"lose":{"permille":300}})",
        R"({"unknown_id":{"permille":300}})",
        R"({"garbage":{"permille":100}})",
        R"({"delay":{"ms":200,"jitter_ms":300}})",
        R"({"reorder":{}})",
        R"({"close_mid_frame":{"permille":100}})",
        R"({"oversized_frame":{"permille":100}})",
        R"({"truncated_frame":{"permille":100}})",
        R"({"duplicate":{"permille":500}})",
        R"({"stale_head":{"blocks":200}})",
        R"({"head_backwards":{"blocks":200}})",
        R"({"missing_apis":["database.get_account_by_name"]})",
        R"({"missing_apis":["network_broadcast"]})",
    };
    std::set<std::size_t> troubled;
    for (int i = 0; i < faults; ++i)
    {
        std::size_t const n = random() % nodes.size();
        if (n != healthy)
        {
            nodes[n]->clear_faults();
            if (troubled.erase(n) == 0 || random() % 2 == 0)
            {
                nodes[n]->set_faults(faults_of(kinds[static_cast<std::size_t>(i) % std::size(kinds)]));
                troubled.insert(n);
                if (random() % 2 == 0)
                    nodes[n]->drop_connections();
            }
        }
        else
            --i;
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 60));
    }
    done = true;
    for (auto const& node : nodes)
        node->clear_faults();
    payer.join();
    payments = paid_each.size();
    last_block = chain->head_block_num();
    for (std::thread& t : threads)
        t.join();
    chain->stop_producing();
    std::map<std::string, int> different;
    for (std::string const& what : failures)
        ++different[what];
    for (auto const& [what, times] : different)
        MESSAGE(times << " times: " << what);
    CHECK(failures.empty());
    MESSAGE(calls.load() << " calls, " << paid << " units paid, " << faults << " faults");
    CHECK(calls > 100);
    CHECK(paid > 0);
    CHECK(chain->balance(bob) - before == paid);
    CHECK(received == paid_each);
    CHECK(in_history == paid_each);
}
