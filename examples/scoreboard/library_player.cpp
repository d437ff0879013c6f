#include "player.hpp"

#include <bitshares/net/node_pool.hpp>
#include <bitshares/net/subscription.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/online.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace scoreboard {

namespace {

namespace asio = boost::asio;
using namespace bitshares;
using steady = std::chrono::steady_clock;

class library_player
{
public:
    explicit library_player(task const& what)
        : task_(what),
          pool_(io_.get_executor(), node_list::from_urls(what.urls).value(), websocket(),
                client_options().chain_id(program::read_chain_id(what.chain_id)), {},
                [this](pool_event const& e) { changed(e); }),
          timer_(io_.get_executor())
    {}

    outcome play(std::function<void()> const& go)
    {
        if (task_.warm)
        {
            call();
            run_until([&] { return open_ == 0; }, task_.give_up);
            outcome_.warmed = outcome_.answered == 1;
            outcome_.answered = 0;
            if (!outcome_.warmed)
                return outcome_;
        }
        outcome_.watched = task_.watch;
        start_ = steady::now();
        if (task_.follow != 0)
            return follow(go);
        go();
        start_ = steady::now();
        watching_ = true;
        if (task_.every != 0)
        {
            tick();
            run_until([&] { return since_start() >= task_.watch && open_ == 0; }, task_.watch + task_.give_up);
        }
        else
        {
            for (unsigned i = 0; i < task_.calls; ++i)
                call();
            run_until([&] { return open_ == 0; }, task_.give_up);
            run_until([&] { return outcome_.left || since_start() >= task_.watch; }, task_.watch);
        }
        outcome_.hanging = open_;
        if (open_ != 0)
            outcome_.last = since_start();
        return outcome_;
    }

private:
    double since_start() const { return std::chrono::duration<double, std::milli>(steady::now() - start_).count(); }

    template <class Condition>
    void run_until(Condition condition, unsigned longest)
    {
        auto const end = steady::now() + std::chrono::milliseconds(longest);
        while (!condition() && steady::now() < end)
        {
            io_.restart();
            io_.run_one_until(std::min(end, steady::now() + std::chrono::milliseconds(20)));
        }
    }

    void call()
    {
        ++open_;
        pool_.async_call(database::get_account_by_name("alice"), [this](error_code ec, auto const& reply) {
            --open_;
            outcome_.last = since_start();
            if (!ec && reply && *reply && (**reply).name == "alice")
                ++outcome_.answered;
            else
            {
                ++outcome_.failed;
                if (outcome_.error.empty())
                    outcome_.error = reply ? "another account" : reply.error().message();
            }
        });
    }

    void tick()
    {
        if (since_start() >= task_.watch)
            return;
        call();
        timer_.expires_after(std::chrono::milliseconds(task_.every));
        timer_.async_wait([this](error_code ec) {
            if (!ec)
                tick();
        });
    }

    void changed(pool_event const& e)
    {
        if (watching_ && e.node == 0 && e.state != node_state::live && !outcome_.left)
            outcome_.left = since_start();
    }

    // Two blocks, then the fault, then as many as were asked for; the first of those tells that the subscription goes on.
    outcome follow(std::function<void()> const& go)
    {
        subscription blocks(pool_, follow_blocks());
        outcome_.gaps = 0;
        std::uint32_t before = 0;
        unsigned told = 0;
        auto const next = [&] {
            bool done = false;
            blocks.async_next([&](error_code ec, reply<block_event> const& event) {
                done = true;
                if (ec || !event)
                {
                    ++outcome_.failed;
                    outcome_.error = event.error().message();
                    return;
                }
                if (before != 0 && event->number != before + 1)
                    ++*outcome_.gaps;
                before = event->number;
                ++told;
            });
            run_until([&] { return done; }, task_.give_up);
            return done && outcome_.failed == 0;
        };
        if (!next() || !next())
            return outcome_;
        go();
        start_ = steady::now();
        told = 0;
        for (unsigned i = 0; i < task_.follow && next(); ++i)
            if (i == 0)
                outcome_.last = since_start();
        outcome_.answered = told;
        outcome_.hanging = task_.follow - told - outcome_.failed;
        return outcome_;
    }

    task const& task_;
    asio::io_context io_{1};
    node_pool pool_;
    asio::steady_timer timer_;
    steady::time_point start_;
    unsigned open_ = 0;
    bool watching_ = false;
    outcome outcome_;
};

} // namespace

outcome play_with_library(task const& what, std::function<void()> const& go)
{
    return library_player(what).play(go);
}

} // namespace scoreboard
