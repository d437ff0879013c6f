// A market is followed over real sockets, while its nodes die.

#include <bitshares/net/node_pool.hpp>
#include <bitshares/net/subscription.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>
#include <support/market.hpp>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

using namespace bitshares;
using namespace std::chrono_literals;

TEST_CASE("integration/market: every fill is told once and in order while the node that is asked dies, at the head and "
          "when it is irreversible, whatever the block interval")
{
    for (std::uint8_t const interval : {std::uint8_t{1}, std::uint8_t{5}})
    {
        CAPTURE(int(interval));
        testing::chain_options chain_options;
        chain_options.block_interval = interval;
        chain_options.witnesses = 3;
        auto const chain = std::make_shared<testing::chain>(chain_options);
        support::market market(*chain);
        for (int i = 0; i < 3; ++i) // there are some before anybody looks
            market.trade();
        chain->produce_blocks(20);
        std::vector<std::unique_ptr<testing::node>> nodes;
        std::vector<node_url> urls;
        for (int i = 0; i < 4; ++i)
        {
            nodes.push_back(std::make_unique<testing::node>(chain));
            urls.emplace_back(nodes.back()->url());
        }
        constexpr auto real_interval = 30ms;
        pool_options options;
        options.block_interval = std::chrono::seconds(interval);
        options.chain_speed = std::chrono::duration<double>(options.block_interval) / real_interval;
        options.suspect_blocks = 300; // no node is given up because this machine has too much to do
        options.stale_blocks = 500;
        options.probe_live = 100ms;
        options.reconnect_min = 20ms;
        options.connects_per_minute = 1000; // however long it takes between two nodes' ends

        boost::asio::io_context io;
        node_pool pool(io.get_executor(), urls, websocket(), client_options().network(chain->network()), options);
        auto const followed =
            subscription_options().poll_interval(10ms).key_prefix(chain->network().key_prefix).after(0);
        struct follower
        {
            subscription<market_event> events;
            bool irreversible = false;
            std::vector<market_event> told{};
        };
        auto const follow = [&](bool irreversible) {
            return follower{{pool, follow_market(core_asset, market.gold(),
                                                 subscription_options(followed).irreversible_only(irreversible))},
                            irreversible};
        };
        follower newest = follow(false), certain = follow(true);
        std::function<void(follower&)> const wait = [&](follower& f) {
            f.events.async_next([&](error_code ec, reply<market_event> e) {
                if (ec == errc::cancelled)
                    return;
                REQUIRE_MESSAGE(!ec, (ec ? e.error().message() : ""));
                auto const last = chain->block(chain->last_irreversible_block_num());
                CHECK((!f.irreversible || e->fill.time <= last->timestamp));
                f.told.push_back(std::move(*e));
                wait(f);
            });
        };
        wait(newest);
        wait(certain);
        auto const until = [&](auto const& condition) {
            auto const end = std::chrono::steady_clock::now() + 30s;
            while (!condition() && std::chrono::steady_clock::now() < end)
                io.run_one_for(20ms);
            CAPTURE(newest.told.size());
            CAPTURE(certain.told.size());
            CAPTURE(market.fills_made());
            REQUIRE(condition());
        };
        // One at a time, and not faster than they are told.
        auto const trade_until = [&](auto const& condition) {
            until([&] {
                if (market.fills_made() < std::min(newest.told.size(), certain.told.size()) + 40)
                    market.trade();
                return condition();
            });
        };
        chain->start_producing(real_interval);
        std::size_t gone = nodes.size();
        for (int kills = 0; kills < 4; ++kills)
        {
            std::size_t const first = newest.told.size(), sure = certain.told.size();
            trade_until([&] { return newest.told.size() >= first + 8 && certain.told.size() >= sure + 8; });
            trade_until([&] { return pool.primary().has_value(); });
            std::size_t const used = *pool.primary();
            std::uint64_t const asked = nodes[used]->requests();
            trade_until([&] { return nodes[used]->requests() > asked; });
            if (gone < nodes.size())
                nodes[gone]->start();
            nodes[used]->stop();
            gone = used;
            trade_until([&] { return pool.primary() && *pool.primary() != used; });
        }
        until([&] {
            return chain->pending().empty() && newest.told.size() == market.fills_made() &&
                   certain.told.size() == market.fills_made();
        });
        chain->stop_producing();
        io.run_for(50ms); // and nothing more
        auto const made = market.fills_in_blocks();
        CHECK(made.size() == market.fills_made());
        for (follower const* f : {&newest, &certain})
        {
            CAPTURE(f->irreversible);
            REQUIRE(f->told.size() == made.size());
            for (std::size_t i = 0; i < made.size(); ++i)
            {
                CHECK(f->told[i].kind == event_kind::applied);
                CHECK(f->told[i].sequence == i + 1);
                CHECK(f->told[i].fill.time == made[i].time);
                CHECK(f->told[i].fill.op == made[i].op);
            }
        }
        MESSAGE("blocks every " << int(interval) << " s: " << made.size() << " fills in " << chain->head_block_num()
                                << " blocks, each told twice");
    }
}
