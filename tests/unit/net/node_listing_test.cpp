#include "support/fake_transport.hpp"
#include "support/recordings.hpp"

#include <bitshares/net/node_listing.hpp>
#include <bitshares/testing/node_session.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

// A node that answers from the recordings; every so often its connection breaks instead.
struct recorded_node
{
    recorded_node()
    {
        network.node = [this](std::string const& frame) -> std::vector<std::string> {
            if (break_every != 0 && ++frames % break_every == 0)
            {
                network.current->fail(errc::connection_closed);
                return {};
            }
            if (!refuse.empty() && frame.find('"' + refuse + '"') != std::string::npos)
                return {testing::assert_error(frame.substr(6, frame.find(',') - 6), "not here")};
            auto reply = session.answer(frame);
            return reply ? std::vector<std::string>{*reply} : std::vector<std::string>{};
        };
    }

    std::size_t calls_of(std::string const& method) const
    {
        std::size_t count = 0;
        for (std::string const& frame : network.written)
            count += frame.find('"' + method + '"') != std::string::npos;
        return count;
    }

    testing::node_session session{recordings::main_data()};
    bitshares_test::fake_network network;
    std::string refuse;
    int frames = 0;
    int break_every = 0;
    blocking_client client{node_url("ws://127.0.0.1:1"), network.factory()};
};

} // namespace

TEST_CASE("net/node_listing: a range for sees every account of the recorded chain once, by name")
{
    recorded_node node;
    std::map<std::string, std::string> found;
    std::string last;
    for (auto const& [name, id] : node_listing(node.client, listings::accounts().page_size(7)))
    {
        CHECK(last < name);
        last = name;
        found[name] = id.to_string();
    }
    CHECK(found == recordings::main_data()->account_ids());
    CHECK(found.size() == 43);
    CHECK(node.calls_of("lookup_accounts") == 8); // 7, then 6 new ones each
    CHECK(node.calls_of("get_config") == 1);
}

TEST_CASE("net/node_listing: asks with the limits that the node tells")
{
    recorded_node node;
    node_listing assets(node.client, listings::assets().from("A")); // of 744, recorded the first page
    std::vector<extended_asset_object> page;
    REQUIRE(assets.next(page));
    CHECK(page.size() == 101);
    CHECK(std::is_sorted(page.begin(), page.end(), [](auto const& a, auto const& b) { return a.symbol < b.symbol; }));
    std::int64_t amount = 0;
    for (auto const& holder : node_listing(node.client, listings::holders("GOLDCOIN")))
        amount += holder.amount;
    CHECK(amount > 400'000'000);
}

TEST_CASE("net/node_listing: reads as far as it is walked")
{
    recorded_node node;
    node_listing accounts(node.client, listings::accounts().page_size(5));
    auto at = accounts.begin();
    CHECK(at->first == "brain-user-a1");
    ++at;
    CHECK(at->first == "carol-m1");
    CHECK(node.calls_of("lookup_accounts") == 1);
}

TEST_CASE("net/node_listing: what the connection broke is asked again")
{
    recorded_node node;
    node.break_every = 3;
    std::size_t count = 0;
    for (auto const& account : node_listing(node.client, listings::accounts().page_size(10)))
        count += !account.first.empty();
    CHECK(count == 43);
    CHECK(node.network.connections > 1);
}

TEST_CASE("net/node_listing: limits that the node does not tell are 100; a refusal is the node's own words")
{
    recorded_node node;
    node.refuse = "get_config";
    std::size_t count = 0;
    for (auto const& account : node_listing(node.client, listings::accounts()))
        count += !account.first.empty();
    CHECK(count == 43);
    CHECK(node.network.written.back().find(R"(["",100])") != std::string::npos);

    node.refuse = "lookup_accounts";
    node_listing refused(node.client, listings::accounts());
    std::vector<std::pair<std::string, account_id>> page;
    CHECK_THROWS_AS(refused.next(page), node_refused);
    node.refuse.clear();
    CHECK(refused.next(page)); // the same page, asked again
    CHECK(page.size() == 43);
    CHECK(!refused.next(page));
    CHECK(page.empty());
}
