// Quorum reads over real sockets: nodes of one chain in this process, of which some misbehave on command.

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares;
using namespace std::chrono_literals;
namespace db = bitshares::database;

namespace {

testing::faults faults_of(std::string const& json)
{
    json_options options;
    options.mode = json_mode::strict;
    return from_json<testing::faults>(json, options).value();
}

/// Nodes of a chain where alice has 500.
struct sandbox
{
    explicit sandbox(std::vector<std::string> const& faults)
        : chain(std::make_shared<testing::chain>()), alice(chain->create_account("alice", 500))
    {
        chain->produce_blocks(20);
        for (std::string const& json : faults)
        {
            nodes.push_back(std::make_unique<testing::node>(chain));
            nodes.back()->set_faults(faults_of(json));
            urls.emplace_back(nodes.back()->url());
        }
    }

    auto question() const { return db::get_account_balances(alice.to_string(), {core_asset}); }

    std::shared_ptr<testing::chain> chain;
    account_id alice;
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<node_url> urls;
};

/// Waits for all that may be named, also on a machine that is busy.
quorum_options patient()
{
    quorum_options options;
    options.linger = 5s;
    return options;
}

constexpr char const* lie = R"({"lie":{"calls":["database.get_account_balances"]}})";

} // namespace

TEST_CASE("integration/quorum: a node that lies is outvoted and named, wherever it stands in the list")
{
    for (std::size_t liar = 0; liar < 3; ++liar)
    {
        CAPTURE(liar);
        std::vector<std::string> faults(3, "{}");
        faults[liar] = lie;
        sandbox box(faults);
        blocking_client client(box.urls, websocket(), client_options().network(box.chain->network()));
        auto const answer = client.quorum(box.question(), patient());
        REQUIRE(answer.value.size() == 1);
        CHECK(answer.value[0].amount == 500);
        CHECK(answer.block_num == box.chain->head_block_num());
        CHECK(answer.agreed.size() == 2);
        CHECK(answer.deviated == std::vector<node_url>{box.urls[liar]});
    }
}

TEST_CASE("integration/quorum: the answers of a node whose head is behind are not compared with the others'")
{
    sandbox box({"{}", R"({"stale_head":{"blocks":1}})", R"({"reorder":{},"delay":{"ms":5,"jitter_ms":20}})"});
    blocking_client client(box.urls, websocket(), client_options().network(box.chain->network()));
    auto const answer = client.quorum(box.question());
    CHECK(answer.value.at(0).amount == 500);
    CHECK(answer.deviated.empty());
    std::vector<node_url> agreed = answer.agreed;
    std::sort(agreed.begin(), agreed.end(), [&](node_url const& a, node_url const&) { return a == box.urls[0]; });
    CHECK(agreed == std::vector<node_url>{box.urls[0], box.urls[2]});
}

TEST_CASE("integration/quorum: two that lie are not outvoted by one, and nobody is believed")
{
    sandbox box({lie, R"({"lie":{"calls":["database.get_account_balances"],"value":7}})", "{}"});
    blocking_client client(box.urls, websocket(), client_options().network(box.chain->network()));
    try
    {
        client.quorum(box.question().deadline(3s));
        FAIL("one node is no quorum");
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::no_quorum);
        std::string const text = e.what();
        for (char const* const said : {"\"amount\":500,", "\"amount\":501,", "\"amount\":7,"})
            CHECK(text.find(said) != std::string::npos);
        for (node_url const& url : box.urls)
            CHECK(text.find(url.to_string()) != std::string::npos);
    }
}

TEST_CASE(
    "integration/quorum: while blocks come, payments are made and nodes are killed, every answer is one that was true")
{
    sandbox box({"{}", "{}", "{}", lie, "{}"});
    box.chain->start_producing(400ms); // two nodes have to be read within a block
    pool_options pool;
    pool.chain_speed = 7.5;
    pool.suspect_blocks = 10;
    pool.stale_blocks = 50;
    pool.connect_stagger = 5ms;
    pool.reconnect_min = 10ms;
    pool.connects_per_minute = 1000;
    blocking_client client(box.urls, websocket(), client_options().network(box.chain->network()), pool);
    std::int64_t least = 500;
    for (std::size_t i = 0; i < 8; ++i)
    {
        testing::node& victim = *box.nodes[i % 3];
        if (i % 2 == 0)
            victim.stop();
        else
            victim.drop_connections();
        auto const answer = client.quorum(box.question());
        victim.start();
        std::int64_t const amount = answer.value.at(0).amount;
        CHECK(amount >= least);
        CHECK(amount <= box.chain->balance(box.alice));
        CHECK((amount - 500) % 1000 == 0); // and not the lie
        CHECK(answer.agreed.size() >= 2);
        least = amount;
        box.chain->fund(box.alice, {1000, core_asset});
    }
    box.chain->stop_producing();
}
