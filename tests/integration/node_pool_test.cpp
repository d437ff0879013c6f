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
#include <support/market.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <map>
#include <mutex>
#include <numeric>
#include <random>
#include <regex>
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

/// When a client began to connect, and to which node.
class connect_log
{
public:
    transport_factory watching(transport_factory inner)
    {
        return [this, inner = std::move(inner)](auto const& executor, node_url const& url, logger const& log) {
            {
                std::lock_guard const lock(mutex_);
                times_[url.host()].push_back(std::chrono::steady_clock::now());
            }
            return inner(executor, url, log);
        };
    }

    std::size_t to(std::string const& host) const
    {
        std::lock_guard const lock(mutex_);
        auto const at = times_.find(host);
        return at == times_.end() ? 0 : at->second.size();
    }

    /// To any of them, in any time as long as that.
    std::size_t most_in(std::chrono::steady_clock::duration length) const
    {
        std::lock_guard const lock(mutex_);
        std::size_t most = 0;
        for (auto const& [host, times] : times_)
            for (auto begin = times.begin(); begin != times.end(); ++begin)
                most = std::max(
                    most, static_cast<std::size_t>(std::lower_bound(begin, times.end(), *begin + length) - begin));
        return most;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<std::chrono::steady_clock::time_point>> times_;
};

/// A fault, and how it is seen that somebody has met it.
struct fault_kind
{
    std::string json;
    std::string_view frames; ///< It concerns the calls in which this stands; empty: who connects meets it.
    std::size_t enough = 1;  ///< So many of them.

    /// Only of a few nodes: no client knows better than most of them.
    bool is_lie() const
    {
        return json.starts_with("{\"fork") || json.starts_with("{\"lie") || json.starts_with("{\"history_hole");
    }
    bool strays() const { return json.starts_with("{\"wrong_chain"); } ///< Nobody comes back from there.

    /// `HEAD` and `NODE` are what they are by now.
    std::string json_at(std::size_t node, std::uint32_t head) const
    {
        std::string text = std::regex_replace(json, std::regex("HEAD"), std::to_string(head));
        return std::regex_replace(text, std::regex("NODE"), std::to_string(node));
    }
};

/// A node that counts what it is asked while something is wrong with it.
class played_node
{
public:
    played_node(std::shared_ptr<testing::chain> chain, testing::node_options options)
        : node_(std::move(chain), counting(std::move(options)))
    {}

    testing::node& node() { return node_; }

    /// From now on: calls in which this stands.
    void count(std::string_view frames)
    {
        std::lock_guard const lock(mutex_);
        counted_ = frames;
        frames_ = 0;
    }
    std::size_t frames() const
    {
        std::lock_guard const lock(mutex_);
        return frames_;
    }

private:
    testing::node_options counting(testing::node_options options)
    {
        options.on_request = [this](std::string_view frame) -> std::optional<testing::node_reply> {
            std::lock_guard const lock(mutex_);
            frames_ += frame.find(counted_) != std::string_view::npos;
            return std::nullopt;
        };
        return options;
    }

    mutable std::mutex mutex_;
    std::string_view counted_;
    std::size_t frames_ = 0;
    testing::node node_;
};

/// Hands on each event, until the subscription is ended; what else ends it has `failed`.
template <class Event>
void each_event(subscription<Event>& from, char const* what, std::function<void(std::string)> failed,
                std::function<void(Event const&)> told)
{
    from.async_next([&from, what, failed, told](error_code ec, reply<Event> e) {
        if (ec)
            return ec == errc::cancelled ? void() : failed(std::string(what) + ": " + e.error().message());
        told(*e);
        each_event(from, what, failed, told);
    });
}

/// Blocks as they are told, without those that were undone.
class standing_blocks
{
public:
    explicit standing_blocks(std::uint32_t first) : first_(first) {}

    void told(block_event const& e)
    {
        if (e.kind == event_kind::undone)
        {
            in_order_ = in_order_ && !blocks_.empty() && e.number == last() && e.id == blocks_.back().id;
            ++undone_;
            if (!blocks_.empty())
                blocks_.pop_back();
            return;
        }
        in_order_ = in_order_ && e.number == last() + 1;
        blocks_.push_back(e);
    }

    std::uint32_t last() const { return first_ + static_cast<std::uint32_t>(blocks_.size()); }
    std::size_t undone() const { return undone_; }

    /// Each of them in its turn, and as the chain has it.
    bool are_of(testing::chain const& chain) const
    {
        return in_order_ && std::all_of(blocks_.begin(), blocks_.end(),
                                        [&](block_event const& e) { return e.id == id_of(*chain.block(e.number)); });
    }
    std::vector<std::int64_t> amounts_to(account_id account) const
    {
        std::vector<std::int64_t> amounts;
        for (block_event const& e : blocks_)
            for (processed_transaction const& tx : e.block.transactions)
                for (operation const& op : tx.operations)
                    if (auto const* const t = op.get_if<transfer>(); t != nullptr && t->to == account)
                        amounts.push_back(t->amount.amount);
        return amounts;
    }

private:
    std::uint32_t first_;
    std::vector<block_event> blocks_;
    std::size_t undone_ = 0;
    bool in_order_ = true;
};

/// What the nodes of a pool can have at a time: all members of testing::faults, with their variants.
std::vector<fault_kind> kinds_of_faults()
{
    return {
        {R"({"refuse":{}})", {}},
        {R"({"refuse":{"permille":500}})", {}},
        {R"({"tarpit":{}})", {}},
        {R"({"tls":{"kind":"expired"}})", {}},
        {R"({"tls":{"kind":"wrong_host"}})", {}},
        {R"({"tls":{"kind":"self_signed"}})", {}},
        {R"({"tls":{"kind":"unknown_authority"}})", {}},
        {R"({"http_status":{"status":429}})", {}},
        {R"({"http_status":{"status":502}})", {}},
        {R"({"http_status":{"status":503}})", {}},
        {R"({"drop":{}})", {}},
        {R"({"drop":{"after_replies":8}})", "params", 2},
        {R"({"half_open":{"after_replies":6}})", "params", 2},
        {R"({"freeze":{}})", "params"},
        {R"({"lose":{"permille":300}})", "params", 10},
        {R"({"unknown_id":{"permille":300}})", "params", 10},
        {R"({"garbage":{"permille":400}})", "params", 5},
        {R"({"delay":{"ms":200,"jitter_ms":300}})", "params"},
        {R"({"reorder":{}})", "params", 2},
        {R"({"close_mid_frame":{"permille":400}})", "params", 5},
        {R"({"oversized_frame":{"permille":400}})", "params", 5},
        {R"({"truncated_frame":{"permille":400}})", "params", 5},
        {R"({"duplicate":{"permille":500}})", "params", 5},
        {R"({"lose_notices":{"permille":500}})", "set_pending_transaction_callback"},
        {R"({"duplicate_notices":{}})", "set_pending_transaction_callback"},
        {R"({"wrong_chain":{}})", {}},
        {R"({"stale_head":{"blocks":200}})", "get_dynamic_global_properties"},
        {R"({"head_backwards":{"blocks":200}})", "get_dynamic_global_properties", 2},
        {R"({"fork":{"after":HEAD}})", "get_dynamic_global_properties"},
        {R"({"lie":{"calls":["database.get_block"]}})", "get_block\""},
        {R"({"lie":{"member":"registrar","value":"1.2.NODE","calls":["database.get_account_by_name"]}})",
         "get_account_by_name"},
        {R"({"history_hole":{"first_block":HEAD,"last_block":4294967295}})", "_account_history"},
        {R"({"missing_apis":["database.get_account_by_name"]})", "get_account_by_name"},
        {R"({"missing_apis":["network_broadcast"]})", "broadcast_transaction"},
        {R"({"limits":{"limit":1}})", "_account_history"},
    };
}

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

TEST_CASE("integration/node_pool: a look-up that hangs for 30 s delays no other node, no deadline and no destructor")
{
    using clock = std::chrono::steady_clock;
    std::promise<void> over; // with this test: the look-ups' threads are left to themselves
    auto const hanging = std::make_shared<std::atomic<int>>(0);
    auto const transports = websocket(websocket_options().resolver(make_resolver(resolver_options().lookup(
        [ended = over.get_future().share(), hanging](std::string const& host, error_code& ec) {
            std::vector<boost::asio::ip::address> found;
            if (host != "hang.test")
                return found = {boost::asio::ip::make_address("127.0.0.1")};
            ++*hanging;
            ended.wait_for(30s);
            ec = errc::name_not_found;
            return found;
        }))));
    auto const chain = std::make_shared<testing::chain>();
    chain->create_account("alice", 100);
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<node_url> const hang{node_url("ws://hang.test")};
    std::vector<node_url> urls = hang;
    for (std::string const name : {"one", "two"})
    {
        nodes.push_back(std::make_unique<testing::node>(chain));
        urls.emplace_back("ws://" + name + ".test:" + std::to_string(nodes.back()->port()));
    }
    boost::asio::io_context io;
    clock::time_point destroyed;
    {
        node_pool pool(io.get_executor(), urls, transports);
        auto const began = clock::now();
        std::optional<clock::duration> first;
        pool.async_call(db::get_account_by_name("alice"), [&](error_code ec, auto const& account) {
            CHECK(!ec);
            CHECK((account && *account && (*account)->name == "alice"));
            first = clock::now() - began;
            io.stop();
        });
        io.run_for(10s);
        REQUIRE(first);
        CHECK(*first < 1s);
        CHECK(*hanging == 1);
        CHECK(pool.status()[0].state == node_state::connecting);
        CHECK(pool.primary() != 0u);
        destroyed = clock::now();
    }
    CHECK(clock::now() - destroyed < 1s);

    // Nobody else could answer. What is said is that there was no node, and of this one what it was doing.
    io.restart();
    {
        node_pool alone(io.get_executor(), hang, transports);
        auto const began = clock::now();
        std::optional<clock::duration> ended;
        alone.async_call(db::get_account_by_name("alice").deadline(500ms), [&](error_code ec, auto const& account) {
            CHECK(ec == errc::no_node);
            CHECK(account.error().message().find("hang.test") != std::string::npos);
            ended = clock::now() - began;
            io.stop();
        });
        io.run_for(10s);
        REQUIRE(ended);
        CHECK(*ended >= 500ms);
        CHECK(*ended < 1500ms);
        destroyed = clock::now();
    }
    CHECK(clock::now() - destroyed < 1s);
    {
        blocking_client client(urls, transports);
        CHECK(client.call(db::get_account_by_name("alice")));
        destroyed = clock::now();
    }
    CHECK(clock::now() - destroyed < 1s);
    CHECK(*hanging == 1); // all of them waited for the same one
}

TEST_CASE("integration/node_pool: faults at random on 25 of 26 nodes over TLS: no call fails, every payment happens "
          "once, every event is told once, nobody is connected to too often")
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
    support::market market(*chain);
    chain->produce_blocks(20);
    std::int64_t const before = chain->balance(bob);

    std::size_t const healthy = random() % 26;
    std::vector<std::size_t> liars; // and the first of them strays to another chain, from which nobody comes back
    while (liars.size() < 6)
        if (std::size_t const n = random() % 26; n != healthy && std::count(liars.begin(), liars.end(), n) == 0)
            liars.push_back(n);

    testing::certificate_options names;
    auto const authority = testing::make_certificate();
    temporary_file const trusted(authority.certificate_pem);
    std::vector<std::unique_ptr<played_node>> nodes;
    std::vector<node_url> urls;
    for (std::size_t i = 0; i < 26; ++i)
    {
        testing::node_options options;
        options.address = address_of(i);
        names.names = {options.address};
        options.tls = testing::make_certificate(names, authority);
        if (i == healthy)
            options.delay = 20ms; // the pool does not stay with it
        nodes.push_back(std::make_unique<played_node>(chain, options));
        urls.push_back(node_url(nodes.back()->node().url() + "/ws"));
    }
    chain->start_producing(100ms);

    pool_options pool;
    pool.block_interval = 1s;
    pool.chain_speed = 10;
    pool.suspect_blocks = 30; // no node is given up because this machine has too much to do
    pool.stale_blocks = 50;   // the nodes are read one after the other, ten blocks a second
    pool.probe_live = 300ms;
    // What lasts a minute lasts six seconds here, but for connects_per_minute: that is the default, by the wall clock.
    pool.reconnect_min = 50ms;
    pool.reconnect_max = 3s;
    pool.extra_live = 1s;
    pool.probe_others = 30s;
    pool.latency_decay = 1s;
    pool.switch_samples = 1; // a node that is healthy, but slow, does not carry the calls for long
    pool.distrust = 6s;
    pool.eject_time = 3s;
    pool.eject_max = 30s;
    pool.api_rest = 6s;
    connect_log client_connects, listener_connects;
    auto const transports = websocket(websocket_options().tls(tls_options().add_ca_file(trusted.path())));
    auto const options = client_options().network(chain->network());
    blocking_client client(urls, client_connects.watching(transports), options, pool);

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
    // Each intent is an amount of its own. What has certainly expired is made again, until it is paid. No fault lasts as long
    // as a transaction lives, so of two in three the first one has no time to lose, and half of these are sent too late; as
    // after a crash, it is not known whether that is the first time.
    std::int64_t intents = 0, paid = 0;
    int expired = 0;
    std::vector<std::int64_t> paid_each;
    std::set<transaction_id> signed_ids; // of the payer's thread, until that has ended
    auto const key = chain->key("alice");
    auto const pay = [&](std::int64_t amount) {
        transfer op;
        op.from = alice;
        op.to = bob;
        op.amount = {amount, core_asset};
        bool hurried = amount % 3 != 0;
        for (int more = 3; more > 0; more -= done) // so many more when nothing is wrong any more
        {
            auto const tx = chain->sign({op}, {&key}, hurried ? 0s : 60s);
            signed_ids.insert(id_of(tx).value());
            while (hurried && amount % 3 == 1 && chain->head_time() <= tx.expiration)
                std::this_thread::sleep_for(5ms);
            auto const how =
                broadcast_options().irreversible(true).poll_interval(50ms).resend_after(500ms).may_have_been_sent(
                    std::exchange(hurried, false));
            try
            {
                auto const outcome = broadcast(client, tx, how);
                if (outcome && outcome->state == tx_state::irreversible)
                    return true;
                // Where a busy machine takes a transaction's whole life until the first node gets it: that is a refusal.
                if (outcome && outcome->refusal &&
                    outcome->refusal->message().find("now <= trx.expiration") != std::string::npos)
                {
                    ++expired;
                    continue;
                }
                failed("a payment: " + (!outcome           ? outcome.error().message()
                                        : outcome->refusal ? outcome->refusal->message()
                                                           : std::string(name_of(outcome->state))));
                return false;
            }
            catch (exception const& e)
            {
                if (e.code() != errc::transaction_expired)
                {
                    failed(std::string("a payment: ") + e.what());
                    return false;
                }
                ++expired;
            }
        }
        failed("a payment expires again and again");
        return false;
    };
    std::thread payer([&] {
        while (!done)
            if (std::int64_t const amount = ++intents; pay(amount))
            {
                paid += amount;
                paid_each.push_back(amount);
            }
    });

    // Blocks, and bob's operations, as they happen.
    std::uint32_t const first_block = chain->head_block_num();
    std::atomic<std::uint32_t> last_block = 0;
    standing_blocks polled(first_block), hinted(first_block);
    auto const followed = subscription_options().poll_interval(100ms).key_prefix(chain->network().key_prefix);
    threads.emplace_back([&] {
        try
        {
            auto const blocks = follow_blocks(subscription_options(followed).after(first_block));
            while (last_block == 0 || polled.last() < last_block)
            {
                auto const e = next_event(client, *blocks, 20s);
                if (!e)
                    return failed("no block " + std::to_string(polled.last() + 1));
                polled.told(*e);
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
                follow_account(bob, subscription_options(followed).irreversible_only(true).after(0));
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

    // Somebody else hears notices, and believes no single node.
    std::vector<transaction_id> pending_ids;
    int agreements = 0, deviations = 0;
    account_statistics_id const observed(bob.instance);
    std::vector<object_event> states;
    std::vector<market_event> trades;
    std::atomic<std::size_t> trades_told = 0;
    threads.emplace_back([&] {
        boost::asio::io_context io;
        node_pool listener(io.get_executor(), urls, listener_connects.watching(transports), options, pool);
        subscription<block_event> blocks(listener,
                                         follow_blocks(subscription_options(followed).after(first_block).hints(true)));
        subscription<pending_event> pending(listener, follow_pending(followed));
        subscription<object_event> objects(listener, follow_objects({observed}, followed));
        subscription<market_event> fills(
            listener, follow_market(core_asset, market.gold(), subscription_options(followed).after(0)));
        account_id const registrar = chain->account("alice")->registrar;
        boost::asio::steady_timer pause(io);
        std::function<void()> const agree = [&] {
            listener.async_quorum(db::get_account_by_name("alice"), {}, [&](error_code ec, auto const& answer) {
                if (!ec && answer)
                {
                    ++agreements;
                    deviations += static_cast<int>(answer->deviated.size());
                    if (!answer->value || answer->value->registrar != registrar)
                        failed("a quorum believed a liar");
                }
                pause.expires_after(100ms);
                pause.async_wait([&](error_code stopped) {
                    if (!stopped && !done)
                        agree();
                });
            });
        };
        each_event<block_event>(blocks, "blocks by hints", failed, [&](block_event const& e) { hinted.told(e); });
        each_event<pending_event>(pending, "pending", failed, [&](pending_event const& e) {
            if (e.transaction.operations.front().get_if<transfer>() != nullptr) // no trade
                pending_ids.push_back(e.id);
        });
        each_event<object_event>(objects, "objects", failed, [&](object_event const& e) { states.push_back(e); });
        each_event<market_event>(fills, "fills", failed, [&](market_event const& e) {
            trades.push_back(e);
            trades_told = trades.size();
        });
        agree();
        auto moved = std::chrono::steady_clock::now();
        // When the last block is known, nobody pays or trades any more.
        auto const has_all = [&] {
            return last_block != 0 && hinted.last() >= last_block && trades.size() == market.fills_made() &&
                   !states.empty() && states.back().object.text == chain->object(observed);
        };
        for (std::uint32_t last = first_block; !has_all();)
        {
            io.run_for(50ms);
            auto const now = std::chrono::steady_clock::now();
            // Blocks of the chain go on: beyond the last one they are no progress.
            std::uint32_t const block =
                last_block == 0 ? hinted.last() : std::min<std::uint32_t>(hinted.last(), last_block);
            std::uint32_t const told = block + static_cast<std::uint32_t>(trades.size() + states.size());
            if (told != last)
            {
                last = told;
                moved = now;
            }
            else if (now - moved > 20s)
                return failed("only block " + std::to_string(hinted.last()) + " by hints, " +
                              std::to_string(trades.size()) + " fills and " + std::to_string(states.size()) +
                              " states of an object are told");
        }
    });

    // Each kind in turn, on somebody who is asked just now or on anybody. What nobody has met does not count, and stays.
    std::vector<fault_kind> const kinds = kinds_of_faults();
    std::vector<int> played(kinds.size()), met(kinds.size());
    std::vector<std::optional<std::size_t>> trouble(nodes.size()); // the kind
    std::vector<std::size_t> connects_before(nodes.size());
    std::vector<std::uint64_t> requests_before(nodes.size());
    auto const connects_to = [&](std::size_t n) {
        return client_connects.to(address_of(n)) + listener_connects.to(address_of(n));
    };
    auto const is_met = [&](std::size_t n) {
        fault_kind const& kind = kinds[*trouble[n]];
        return (kind.frames.empty() ? connects_to(n) - connects_before[n] : nodes[n]->frames()) >= kind.enough;
    };
    auto const mend = [&](std::size_t n) {
        if (!trouble[n])
            return;
        met[*trouble[n]] += is_met(n);
        nodes[n]->node().clear_faults();
        trouble[n].reset();
    };
    int count = 0;
    auto const sum = [](std::vector<int> const& all) { return std::accumulate(all.begin(), all.end(), 0); };
    auto const enough = [&] { return sum(met) >= faults && std::count(met.begin(), met.end(), 0) == 0; };
    std::size_t turn = 0;
    int waited = 0; // rounds, for somebody who may have it
    for (int rounds = 0; rounds < 100 * faults && !enough(); ++rounds)
    {
        if (waited == 0)
            do // what is left in the end is what nobody has met
                turn = (turn + 1) % kinds.size();
            while (met[turn] != 0 && sum(met) >= faults);
        fault_kind const& kind = kinds[turn];
        std::vector<std::size_t> well, asked; // of those that may have it
        std::vector<std::size_t> others;      // who are asked instead
        for (std::size_t n = 0; n < nodes.size(); ++n)
        {
            std::uint64_t const requests = nodes[n]->node().requests();
            bool const is_asked = requests > std::exchange(requests_before[n], requests) + 4; // not for its head alone
            if (trouble[n] && random() % (is_met(n) ? 3 : 40) == 0)
                mend(n);
            bool const is_liar = std::count(liars.begin() + 1, liars.end(), n) != 0;
            if (is_asked && !is_liar && n != healthy) // that one is not to spend the connects of its minute
                others.push_back(n);
            if (trouble[n] || n == healthy || (kind.is_lie() && !is_liar) || (kind.strays() != (n == liars[0])))
                continue;
            well.push_back(n);
            if (is_asked)
                asked.push_back(n);
        }
        // Who connects meets some of them, so anybody may be next; others only who is asked.
        auto const& from = kind.frames.empty() ? well : asked;
        waited = from.empty() ? (waited + 1) % 10 : 0;
        if (from.empty() && waited == 0) // a pool stays with whom it has: nobody may come to a liar by himself
            for (std::size_t const n : others)
                nodes[n]->node().drop_connections();
        if (!from.empty())
        {
            std::size_t const n = from[random() % from.size()];
            nodes[n]->count(kind.frames);
            connects_before[n] = connects_to(n);
            nodes[n]->node().set_faults(faults_of(kind.json_at(n, chain->head_block_num())));
            trouble[n] = turn;
            ++played[turn];
            ++count;
            if (kind.frames.empty() && random() % 2 == 0)
                nodes[n]->node().drop_connections();
        }
        if (market.fills_made() < trades_told + 40) // not faster than they are told
            market.trade();
        std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 30));
    }
    done = true;
    for (std::size_t n = 0; n < nodes.size(); ++n)
        mend(n);
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
    // The pool looks at its clock before the log looks at it: on a machine that has much to do that may take a while.
    auto const minute = 60s - 500ms;
    std::size_t const most = client_connects.most_in(minute), most_listener = listener_connects.most_in(minute);
    MESSAGE(calls.load() << " calls, " << intents << " intents, of which " << expired << " transactions expired, "
                         << paid << " units paid, " << std::accumulate(met.begin(), met.end(), 0) << " of " << count
                         << " faults met, " << agreements << " agreements with " << deviations << " deviations, "
                         << pending_ids.size() << " pending transactions, " << polled.undone() + hinted.undone()
                         << " blocks undone, " << trades.size() << " fills, " << states.size()
                         << " states of an object, " << std::max(most, most_listener)
                         << " connects to one node in a minute at most");
    std::string kinds_played;
    for (std::size_t k = 0; k < kinds.size(); ++k)
    {
        kinds_played += "\n  " + kinds[k].json + ": " + std::to_string(played[k]) + ", met " + std::to_string(met[k]);
        CHECK_MESSAGE(met[k] > 0, kinds[k].json);
    }
    MESSAGE("faults played:" << kinds_played);
    CHECK(sum(met) >= faults);
    CHECK(calls > 100);
    CHECK(intents > 0);
    CHECK(expired >= (intents + 2) / 3);
    std::vector<std::int64_t> each_once(static_cast<std::size_t>(intents));
    std::iota(each_once.begin(), each_once.end(), 1);
    CHECK(paid_each == each_once);
    CHECK(chain->balance(bob) - before == paid);
    CHECK(polled.amounts_to(bob) == paid_each);
    CHECK(hinted.amounts_to(bob) == paid_each);
    CHECK(polled.are_of(*chain));
    CHECK(hinted.are_of(*chain));
    CHECK(in_history == paid_each);
    auto const fills_made = market.fills_in_blocks();
    REQUIRE(trades.size() == fills_made.size());
    CHECK(trades.size() > 40);
    for (std::size_t i = 0; i < trades.size(); ++i)
    {
        CHECK(trades[i].kind == event_kind::applied);
        CHECK(trades[i].sequence == i + 1);
        CHECK(trades[i].fill.time == fills_made[i].time);
        CHECK(trades[i].fill.op == fills_made[i].op);
    }
    // Each state is one that the object had, by the newest operation that it names, and the last is the one that it has.
    REQUIRE_FALSE(states.empty());
    CHECK(states.back().object.text == chain->object(observed));
    std::uint64_t operations_before = 0;
    for (object_event const& e : states)
    {
        auto const state = from_json<account_statistics_object>(e.object.text).value();
        auto const newest = from_json<account_history_object>(chain->object(state.most_recent_op)).value();
        CHECK(e.id == any_object_id(observed));
        CHECK(state.total_ops >= operations_before); // what is pending changes it, too, and is no operation yet
        CHECK(newest.account == bob);
        CHECK(newest.sequence == state.total_ops);
        operations_before = state.total_ops;
    }
    CHECK(agreements > 0);
    CHECK_FALSE(pending_ids.empty());
    CHECK(std::set(pending_ids.begin(), pending_ids.end()).size() == pending_ids.size());
    for (transaction_id const& id : pending_ids)
        CHECK(signed_ids.contains(id));
    CHECK(most <= pool.connects_per_minute);
    CHECK(most_listener <= pool.connects_per_minute);
    for (std::size_t n = 0; n < nodes.size(); ++n)
        CHECK(nodes[n]->node().connections() <= connects_to(n)); // nothing went past the log
}

TEST_CASE("integration/node_pool: every fault that a node of the tests can have is among those that are played")
{
    auto const kinds = kinds_of_faults();
    auto const played = [&](std::string const& text) {
        return std::any_of(kinds.begin(), kinds.end(),
                           [&](fault_kind const& k) { return k.json.find('"' + text) != std::string::npos; });
    };
    auto const& members = bitshares::detail::type_of<testing::faults>;
    for (std::size_t i = 0; i < members.field_count; ++i)
        if (auto const name = members.fields[i].name; name != "seed")
            CHECK_MESSAGE(played(std::string(name) + "\":"), name);
    for (auto const name : bitshares::detail::describe<testing::tls_fault>::names)
        CHECK_MESSAGE(played(std::string(name)), name);
    for (char const* const status : {"429", "502", "503"})
        CHECK_MESSAGE(played("status\":" + std::string(status)), status);
}
