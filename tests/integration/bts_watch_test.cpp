// bts watch, as a process, against a chain in memory.

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>
#include <support/json_value.hpp>
#include <support/market.hpp>
#include <support/process.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares;
using test::json_value;

namespace {

std::vector<std::string> command(std::vector<std::string> const& arguments)
{
    std::vector<std::string> whole{
        "/bin/sh", "-c", "unset BTS_NODE; exec \"$@\" 2>/dev/null", "sh", BITSHARES_PROGRAMS_DIR "/bts", "watch"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

struct finished
{
    int exit = -1;
    std::vector<std::string> lines;
};

finished run(std::vector<std::string> const& arguments)
{
    support::process program(command(arguments));
    finished f;
    std::istringstream out(program.communicate({}));
    for (std::string line; std::getline(out, line);)
        f.lines.push_back(line);
    f.exit = program.wait();
    return f;
}

} // namespace

TEST_CASE("integration/bts watch: blocks, an account and objects, each event once and in order")
{
    auto const chain = std::make_shared<testing::chain>();
    auto const alice = chain->create_account("alice", 1'000'000);
    chain->produce_blocks(30);
    testing::node const node(chain);
    testing::node gone(chain);
    std::string const dead = gone.url();
    gone.stop();

    auto const blocks =
        run({"blocks", "--after", "20", "--count", "5", "--json", "--node", dead, "--node", node.url()});
    CHECK(blocks.exit == 0);
    REQUIRE(blocks.lines.size() == 5);
    for (std::size_t i = 0; i < 5; ++i)
    {
        auto const e = json_value::parse(blocks.lines[i]);
        CHECK(e["event"].text() == "applied");
        CHECK(e["block"].text() == std::to_string(21 + i));
    }
    auto const plain = run({"blocks", "--after", "20", "--count", "1", "--node", node.url()});
    REQUIRE(plain.lines.size() == 1);
    CHECK(plain.lines[0].starts_with("block 21  "));

    auto const account = run({"account", "alice", "--after", "0", "--count", "2", "--json", "--node", node.url()});
    CHECK(account.exit == 0);
    REQUIRE(account.lines.size() == 2);
    CHECK(json_value::parse(account.lines[0])["sequence"].text() == "1");
    CHECK(json_value::parse(account.lines[1])["sequence"].text() == "2");

    auto const objects = run({"objects", alice.to_string(), "--count", "1", "--json", "--node", node.url()});
    REQUIRE(objects.lines.size() == 1);
    CHECK(json_value::parse(objects.lines[0])["object"]["name"].text() == "alice");

    CHECK(run({"market", "BTS", "--node", node.url()}).exit == 2);
    CHECK(run({"account", "nobody-of-that-name", "--node", node.url()}).exit == 1);
    CHECK(run({"blocks", "--node", dead, "--timeout", "1"}).exit == 3);
}

TEST_CASE("integration/bts watch: a market's fills, each once and in order, as they stand in the blocks")
{
    auto const chain = std::make_shared<testing::chain>();
    support::market market(*chain);
    for (int i = 0; i < 3; ++i)
    {
        market.trade();
        chain->produce_blocks(20);
    }
    testing::node const node(chain);
    testing::node gone(chain);
    std::string const dead = gone.url();
    gone.stop();

    auto const made = market.fills_in_blocks();
    REQUIRE(made.size() == 6);
    for (bool const irreversible : {false, true})
    {
        CAPTURE(irreversible);
        std::vector<std::string> arguments{"market", "BTS",    "GOLD",   "--after", "2",      "--count",
                                           "4",      "--json", "--node", dead,      "--node", node.url()};
        if (irreversible)
            arguments.push_back("--irreversible");
        auto const f = run(arguments);
        CHECK(f.exit == 0);
        REQUIRE(f.lines.size() == 4);
        for (std::size_t i = 0; i < 4; ++i)
        {
            auto const e = json_value::parse(f.lines[i]);
            CHECK(e["event"].text() == "applied");
            CHECK(e["sequence"].text() == std::to_string(i + 3));
            CHECK(e["time"].text() == made[i + 2].time.to_string());
            CHECK(f.lines[i].find(R"("fill":)" + to_json(made[i + 2].op) + "}") != std::string::npos);
        }
    }
    auto const plain = run({"market", "GOLD", "1.3.0", "--after", "0", "--count", "2", "--node", node.url()});
    REQUIRE(plain.lines.size() == 2);
    CHECK(plain.lines[0] == "#1  " + made[0].time.to_string() + "  " + made[0].op.account_id.to_string() +
                                " pays 100 of 1.3.0, receives 1 of " + market.gold().to_string());
    CHECK(plain.lines[1].ends_with(", receives 100 of 1.3.0, maker"));
    CHECK(run({"market", "BTS", "NOSUCH", "--node", node.url()}).exit == 1);
}

TEST_CASE("integration/bts watch: runs until it is told to stop")
{
    auto const chain = std::make_shared<testing::chain>();
    chain->produce_blocks(5);
    testing::node const node(chain);
    chain->start_producing(std::chrono::milliseconds(50));
    support::process program(command({"blocks", "--node", node.url()}));
    CHECK(program.read_line().starts_with("block "));
    program.signal(SIGINT);
    program.communicate({});
    CHECK(program.wait() == 0);
}

TEST_CASE("integration/bts watch: pending transactions, each once, while they wait for a block")
{
    auto const chain = std::make_shared<testing::chain>();
    auto const alice = chain->create_account("alice", 1'000'000'000'000);
    auto const bob = chain->create_account("bob");
    chain->produce_blocks(5);
    testing::node_options twice;
    twice.faults.duplicate_notices.emplace();
    testing::node const node(chain, twice);
    testing::node gone(chain);
    std::string const dead = gone.url();
    gone.stop();

    // Nobody says when it listens: payments go on until it has told enough.
    std::set<std::string> paid;
    std::atomic<bool> done = false;
    std::thread payer([&] {
        auto const key = chain->key("alice");
        for (int amount = 1; !done; ++amount)
        {
            transfer op;
            op.from = alice;
            op.to = bob;
            op.amount = {amount, core_asset};
            auto const tx = chain->sign({op}, {&key});
            paid.insert(to_hex(id_of(tx).value().data));
            if (!chain->push(tx).has_value())
                break;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    auto const f = run({"pending", "--count", "5", "--json", "--node", dead, "--node", node.url()});
    auto const plain = run({"pending", "--count", "1", "--node", node.url()});
    done = true;
    payer.join();

    CHECK(f.exit == 0);
    REQUIRE(f.lines.size() == 5);
    std::set<std::string> told;
    for (std::string const& line : f.lines)
    {
        auto const e = json_value::parse(line);
        CHECK(paid.contains(e["id"].text()));
        CHECK(told.insert(e["id"].text()).second);
        CHECK(e["transaction"]["operations"][0][1]["to"].text() == bob.to_string());
        CHECK(e["dropped_notices"].text() == "0");
    }
    REQUIRE(plain.lines.size() == 1);
    CHECK(plain.lines[0].ends_with("  transfer"));

    CHECK(run({"pending", "bob", "--node", node.url()}).exit == 2);
    CHECK(run({"pending", "--after", "1", "--node", node.url()}).exit == 2);
    CHECK(run({"pending", "--irreversible", "--node", node.url()}).exit == 2);
}

TEST_CASE("integration/bts watch: pending transactions are waited for until it is told to stop")
{
    auto const chain = std::make_shared<testing::chain>();
    chain->produce_blocks(5);
    testing::node const node(chain);
    support::process program(command({"pending", "--node", node.url()}));
    std::this_thread::sleep_for(std::chrono::milliseconds(300)); // it may be interrupted at any time
    program.signal(SIGINT);
    program.communicate({});
    int const code = program.wait();
    CHECK((code == 0 || code == 5)); // 5: it had not begun yet
}
