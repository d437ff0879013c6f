#include "scenarios.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/net/pool_options.hpp>
#include <bitshares/testing/node.hpp>

#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <thread>

namespace scoreboard {

namespace {

namespace testing = bitshares::testing;
using namespace std::chrono_literals;
using chain_pointer = std::shared_ptr<testing::chain>;

constexpr std::string_view counted_call = "get_account_by_name"; // all others are the client's own

// A JSON text's member "id", whatever white space a client writes.
std::string id_of(std::string_view frame)
{
    std::size_t at = frame.find("\"id\"");
    if (at == std::string_view::npos)
        return "null";
    at = frame.find_first_not_of(" :", at + 4);
    return std::string(frame.substr(at, frame.find_first_of(",} ", at) - at));
}

// Nodes of one chain, of which the first is the one that misbehaves.
class stage
{
public:
    stage(chain_pointer chain, std::size_t count) : chain_(std::move(chain))
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            testing::node_options options;
            options.on_request = [this, i](std::string_view frame) { return asked(i, frame); };
            nodes_.push_back(std::make_unique<testing::node>(chain_, options));
        }
    }
    stage(stage const&) = delete;
    stage& operator=(stage const&) = delete;

    testing::node& operator[](std::size_t i) { return *nodes_[i]; }

    task for_client() const
    {
        task t;
        for (auto const& node : nodes_)
            t.urls.push_back(node->url() + "/ws");
        t.chain_id = bitshares::to_hex(chain_->network().chain_id.data);
        return t;
    }

    // From now on the first node does this with counted calls; it gets their number, from 1 on.
    void intercept(std::function<std::optional<testing::node_reply>(unsigned, std::string_view)> with)
    {
        std::lock_guard const lock(mutex_);
        intercept_ = std::move(with);
        intercepted_ = 0;
    }

    // Counted calls of the first node, and when the last one came.
    unsigned asked_first()
    {
        std::lock_guard const lock(mutex_);
        return asked_;
    }
    void start_counting()
    {
        std::lock_guard const lock(mutex_);
        asked_ = 0;
        elsewhere_at_.reset();
        counting_since_ = std::chrono::steady_clock::now();
    }
    double last_asked_ms()
    {
        std::lock_guard const lock(mutex_);
        return asked_ == 0 ? 0 : since_counting(asked_at_);
    }

    // When another node was asked, be it by a client's own calls.
    std::optional<double> asked_elsewhere_ms()
    {
        std::lock_guard const lock(mutex_);
        return elsewhere_at_ ? std::optional(since_counting(*elsewhere_at_)) : std::nullopt;
    }

private:
    std::optional<testing::node_reply> asked(std::size_t node, std::string_view frame)
    {
        std::lock_guard const lock(mutex_);
        if (node != 0 && !elsewhere_at_)
            elsewhere_at_ = std::chrono::steady_clock::now();
        if (node != 0 || frame.find(counted_call) == std::string_view::npos)
            return std::nullopt;
        ++asked_;
        asked_at_ = std::chrono::steady_clock::now();
        return intercept_ ? intercept_(++intercepted_, frame) : std::nullopt;
    }

    double since_counting(std::chrono::steady_clock::time_point at) const
    {
        return std::chrono::duration<double, std::milli>(at - counting_since_).count();
    }

    chain_pointer chain_;
    std::mutex mutex_;
    std::function<std::optional<testing::node_reply>(unsigned, std::string_view)> intercept_;
    unsigned intercepted_ = 0;
    unsigned asked_ = 0;
    std::chrono::steady_clock::time_point asked_at_, counting_since_;
    std::optional<std::chrono::steady_clock::time_point> elsewhere_at_;
    std::vector<std::unique_ptr<testing::node>> nodes_; // last: their threads use the rest
};

testing::call_fault of_counted_calls()
{
    testing::call_fault fault;
    fault.calls.emplace().push_back("database." + std::string(counted_call));
    return fault;
}

measurement measured(outcome const& o, std::optional<double> bar_ms)
{
    measurement m;
    m.ms = o.last;
    m.bar_ms = bar_ms;
    m.lost = o.failed + o.hanging;
    if (o.hanging != 0)
        m.note = std::to_string(o.hanging) + " calls hang; ";
    if (!o.error.empty())
        m.note += o.error;
    return m;
}

measurement not_warmed(outcome const& o)
{
    measurement m;
    m.lost = 1;
    m.note = "no answer even before anything went wrong" + (o.error.empty() ? "" : ": " + o.error);
    return m;
}

double ms(std::chrono::milliseconds d)
{
    return static_cast<double>(d.count());
}

constexpr double scheduling = 200; // ms that the machine may take

// A second node is asked after this delay, and answers in two round trips.
double hedged_by()
{
    return ms(bitshares::pool_options().hedge_delay) + scheduling;
}

measurement pipelined(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 1);
    testing::faults slow;
    testing::delay_fault& delay = slow.delay.emplace();
    delay.ms = 50;
    delay.calls = of_counted_calls().calls;
    nodes[0].set_faults(slow);
    task t = nodes.for_client();
    t.calls = 200;
    outcome const o = client(t, [] {});
    return t.warm && !o.warmed ? not_warmed(o) : measured(o, 75);
}

measurement socket_dies(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 2);
    task t = nodes.for_client();
    t.calls = 10;
    auto const service = chain->connect([](testing::node_reply const&) {});
    std::vector<std::string> ids;
    outcome const o = client(t, [&] {
        nodes.intercept([&](unsigned number, std::string_view frame) -> std::optional<testing::node_reply> {
            testing::node_reply reply;
            ids.push_back(id_of(frame));
            if (number != 10)
                return reply;
            // The third and the first are answered, in this order; the others never.
            for (std::size_t i : {2u, 0u})
                reply.frames.push_back(
                    service
                        ->answer(R"({"id":)" + ids[i] +
                                 R"(,"method":"call","params":["database","get_account_by_name",["alice"]]})")
                        .value());
            reply.drop = true;
            return reply;
        });
    });
    return t.warm && !o.warmed ? not_warmed(o) : measured(o, 1000);
}

measurement lost_reply(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 2);
    task t = nodes.for_client();
    outcome const o = client(t, [&] {
        nodes.intercept([](unsigned number, std::string_view) {
            return number == 1 ? std::optional(testing::node_reply()) : std::nullopt;
        });
    });
    return t.warm && !o.warmed ? not_warmed(o) : measured(o, hedged_by());
}

void freeze(testing::node& node)
{
    testing::faults frozen;
    frozen.freeze.emplace();
    node.set_faults(frozen);
}

measurement frozen_reads(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 2);
    task t = nodes.for_client();
    t.calls = 10;
    outcome const o = client(t, [&] { freeze(nodes[0]); });
    return !o.warmed ? not_warmed(o) : measured(o, hedged_by());
}

measurement frozen_left(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 2);
    task t = nodes.for_client();
    t.calls = 10;
    t.watch = 15'000;
    t.peer_every = 5000;
    t.peer_watch = 120'000; // one of them asks the frozen node again for 50 s before it takes another
    t.give_up = 10'000;     // how long calls hang is what `frozen-reads` says
    t.asked_elsewhere = [&] { return nodes.asked_elsewhere_ms(); };
    outcome const o = client(t, [&] {
        freeze(nodes[0]);
        nodes.start_counting();
    });
    if (!o.warmed)
        return not_warmed(o);
    measurement m = measured(o, 9000 + scheduling); // three blocks of 3 s
    m.ms = o.left;
    if (!o.left)
        m.note = "stays: no other node is asked in " + std::to_string(o.watched / 1000) + " s";
    return m;
}

measurement tarpit_first(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 2);
    testing::faults silent;
    silent.tarpit.emplace();
    nodes[0].set_faults(silent);
    task t = nodes.for_client();
    t.warm = false;
    measurement m = measured(client(t, [] {}), 1000);
    m.connects = nodes[0].connections();
    return m;
}

measurement node_dies(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 2);
    task t = nodes.for_client();
    outcome const o = client(t, [&] { nodes[0].stop(); });
    return t.warm && !o.warmed ? not_warmed(o) : measured(o, 1000);
}

measurement subscription(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 2);
    task t = nodes.for_client();
    t.follow = 4;
    outcome const o = client(t, [&] {
        nodes.start_counting();
        nodes[0].stop();
    });
    if (!o.warmed)
        return not_warmed(o);
    measurement m = measured(o, 9000); // a block comes every 3 s
    m.lost = *m.lost + o.gaps.value_or(0);
    m.note = o.error + (o.error.empty() ? "" : "; ");
    if (o.answered != 0)
        m.note += std::to_string(o.hanging) + " blocks did not come, " + std::to_string(o.gaps.value_or(0)) + " gaps";
    else
    {
        m.ms.reset();
        std::optional<double> const elsewhere = nodes.asked_elsewhere_ms();
        m.note += "stops: no block is told any more, " +
                  (elsewhere ? "though another node is asked after " + std::to_string(std::lround(*elsewhere)) + " ms"
                             : "and no other node is asked");
    }
    return m;
}

// A client that connects a thousand times a second may have the port for itself for a moment.
void return_of(testing::node& node)
{
    for (int i = 0; i < 500; ++i)
        try
        {
            return node.start();
        }
        catch (bitshares::exception const&)
        {
            std::this_thread::sleep_for(10ms);
        }
}

measurement all_down(player const& client, chain_pointer const& chain)
{
    constexpr auto down = 1500ms;
    stage nodes(chain, 2);
    task t = nodes.for_client();
    std::thread later;
    outcome const o = client(t, [&] {
        nodes[0].stop();
        nodes[1].stop();
        later = std::thread([&] {
            std::this_thread::sleep_for(down);
            return_of(nodes[1]);
        });
    });
    if (later.joinable())
        later.join();
    if (!o.warmed)
        return not_warmed(o);
    // The waits double: behind the one in which the outage ends, none is longer than this.
    bitshares::pool_options const p;
    double const longest = ms(p.reconnect_min) * std::exp2(std::floor(std::log2(ms(down) / ms(p.reconnect_min)) + 1));
    measurement m = measured(o, longest * (1 + p.reconnect_jitter) + scheduling);
    if (o.last < ms(down))
        m.ms.reset(); // it failed before anybody could have answered
    else if (m.ms)
        *m.ms -= ms(down);
    return m;
}

measurement drop_storm(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 1);
    testing::faults dropping;
    dropping.drop.emplace();
    nodes[0].set_faults(dropping);
    task t = nodes.for_client();
    t.warm = false;
    t.every = 1000;
    t.watch = 60'000;
    t.peer_watch = 6000;
    t.give_up = 0;
    outcome const o = client(t, [] {});
    measurement m;
    m.connects = nodes[0].connections();
    m.bar_connects = 5;
    m.note = "in " + std::to_string(o.watched / 1000) + " s";
    return m;
}

measurement stale_head(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 3);
    testing::faults stale;
    stale.stale_head.emplace().blocks = 200; // 10 minutes
    nodes[0].set_faults(stale);
    task t = nodes.for_client();
    t.warm = false;
    t.every = 100;
    t.watch = 12'000;
    outcome const o = client(t, [&] { nodes.start_counting(); });
    measurement m = measured(o, 9000);
    m.ms = nodes.last_asked_ms();
    m.note += std::to_string(nodes.asked_first()) + " of " + std::to_string(o.answered + o.failed + o.hanging) +
              " calls went to it";
    return m;
}

measurement wrong_chain(player const& client, chain_pointer const& chain)
{
    stage nodes(chain, 2);
    testing::faults other;
    other.wrong_chain.emplace();
    nodes[0].set_faults(other);
    task t = nodes.for_client();
    t.warm = false;
    t.calls = 10;
    outcome const o = client(t, [&] { nodes.start_counting(); });
    measurement m = measured(o, 1000);
    m.wrong = nodes.asked_first();
    m.bar_wrong = 0;
    return m;
}

} // namespace

bool measurement::pass() const
{
    return not_run.empty() && (!bar_ms || (ms && *ms <= *bar_ms)) &&
           (!bar_connects || (connects && *connects <= *bar_connects)) &&
           (!bar_wrong || (wrong && *wrong <= *bar_wrong)) && lost.value_or(0) == 0;
}

std::vector<scenario> const& scenarios()
{
    static std::vector<scenario> const all = {
        {"pipelined", "200 calls at once, each answered after 50 ms", "until the last answer", pipelined},
        {"socket-dies", "10 calls in flight, 2 answered out of order, then the socket dies", "until the last answer",
         socket_dies},
        {"lost-reply", "one reply never comes, the node is otherwise fine", "until the answer", lost_reply},
        {"frozen-reads", "the node freezes with 10 reads in flight", "until the last answer", frozen_reads},
        {"frozen-left", "the node freezes", "until it is left", frozen_left, false, true},
        {"tarpit-first", "the first node accepts and never speaks", "until the first answer", tarpit_first},
        {"node-dies", "the node in use dies: the next call", "until the answer", node_dies},
        {"subscription", "the node in use dies: the blocks that are followed", "until the next block", subscription,
         false, true},
        {"all-down", "all nodes are down for 1.5 s, then one returns", "from then on until the answer", all_down},
        {"drop-storm", "the only node drops every connection, for a minute", "", drop_storm, true},
        {"stale-head", "the first node's head is 10 minutes old", "until its last call", stale_head},
        {"wrong-chain", "the first node serves another chain", "until the last answer", wrong_chain},
    };
    return all;
}

chain_pointer make_chain()
{
    auto chain = std::make_shared<testing::chain>();
    chain->create_account("alice", 100);
    chain->produce_blocks(300);
    chain->start_producing(3s);
    return chain;
}

} // namespace scoreboard
