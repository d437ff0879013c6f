#pragma once

#include <bitshares/net/pool_engine.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace pool_test {

using bitshares::attempt_end;
using bitshares::node_head;
using bitshares::pool_call;
using bitshares::pool_failure;
using bitshares::pool_options;
using engine = bitshares::pool_engine<>;
using time_point = engine::time_point;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// What is wrong with a simulated node. Several at once are possible.
struct trouble
{
    bool refuses = false; ///< Connecting fails at once.
    bool tarpit = false;  ///< Connecting never ends.
    bool frozen = false;  ///< Connections stay, nothing is answered.
    bool drops = false;   ///< Every connection is dropped 100 ms after it was made.
    bool wrong_chain = false;
    bool stale = false;          ///< Its head has stood still for ten minutes.
    bool standing = false;       ///< Its head stands still from now on.
    bool ahead = false;          ///< Its head lies ten minutes in the future.
    bool forked = false;         ///< Its blocks are others than the chain's.
    bool no_history = false;     ///< Lacks the history API.
    bool faulty_history = false; ///< Has it, and fails there.
    bool short_history = false;  ///< Has a part of what the history API is asked for.
    bool loses = false;          ///< One reply of three never comes.
    unsigned loses_heads = 0;    ///< So many of the next questions for its head are not answered.
    bool astray = false;         ///< On a fork with a third of the witnesses from now on: nothing becomes irreversible.
    milliseconds slow{0};        ///< More than usual.

    bool any() const
    {
        return refuses || tarpit || frozen || drops || wrong_chain || stale || standing || ahead || forked ||
               no_history || faulty_history || short_history || loses || loses_heads != 0 || astray || slow != 0ms;
    }
};

/** Nodes of one chain, their clients' pool and a clock, without a thread or a socket: an event queue is all there is. */
class world final : private bitshares::pool_actions
{
public:
    struct call_record
    {
        time_point submitted;
        time_point deadline;
        bool idempotent = true;
        std::optional<time_point> ended;
        std::optional<pool_failure> failure; // empty: answered
        std::size_t answered_by = 0;
        unsigned ends = 0;
        unsigned executed = 0; // times that a node carried it out
        bool partial = false;  // a part is the answer
    };
    struct connect_record
    {
        time_point at;
        std::size_t node;
    };

    world(std::size_t nodes, pool_options const& options, std::uint64_t seed,
          std::vector<engine::node_terms> terms = {})
        : random_(seed ^ 0x9e3779b97f4a7c15u)
    {
        terms.resize(nodes);
        for (std::size_t i = 0; i < nodes; ++i)
            nodes_.push_back({{}, {}, {}, milliseconds(20 + 7 * i), false, 0, {}});
        bitshares::pool_actions& driver = *this;
        pool_.emplace(driver, terms, options, seed, now_);
    }

    engine& pool() { return *pool_; }
    time_point now() const { return now_; }
    trouble& node(std::size_t i) { return nodes_[i].is; }
    void latency(std::size_t i, milliseconds d) { nodes_[i].latency = d; }
    std::map<std::uint64_t, call_record> const& calls() const { return calls_; }
    std::vector<connect_record> const& connects() const { return connects_; }
    std::vector<std::string> const& log() const { return log_; }

    /// The chain produces no more blocks.
    void halt() { halted_ = now_; }

    /// The node's connection breaks now, if there is one.
    void cut(std::size_t i)
    {
        if (nodes_[i].connected)
        {
            nodes_[i].connected = false;
            ++nodes_[i].connection;
            pool_->failed(i, "the connection broke", now_);
        }
    }

    std::uint64_t call(bool idempotent = true, std::string api = "database", milliseconds deadline = 10s)
    {
        std::uint64_t const id = ++last_call_;
        calls_[id] = {now_, now_ + deadline, idempotent, {}, {}, 0, 0, 0, false};
        std::uint64_t const topic = api.size();
        if (api == "history")
            history_.insert(id);
        pool_->submit(id, {idempotent, std::move(api), now_ + deadline, topic}, now_);
        return id;
    }

    void at(time_point when, std::function<void()> what) { queue_.push({when, ++order_, std::move(what)}); }
    void after(milliseconds d, std::function<void()> what) { at(now_ + d, std::move(what)); }

    /// Lets time pass. Returns false where the pool wanted to be woken so often that it must be going round in circles.
    bool run(milliseconds d)
    {
        time_point const until = now_ + d;
        for (std::uint64_t ticks = 0;;)
        {
            time_point const tick = std::max(now_, pool_->next_tick());
            time_point const next = queue_.empty() ? tick : std::min(tick, queue_.top().when);
            if (next > until)
                break;
            if (next > now_)
                ticks = 0;
            now_ = next;
            if (++ticks > 10'000)
                return false;
            if (!queue_.empty() && queue_.top().when <= tick)
            {
                auto const what = queue_.top().what;
                queue_.pop();
                what();
            }
            else
                pool_->tick(now_);
        }
        now_ = until;
        return true;
    }

private:
    struct simulated
    {
        trouble is;
        std::optional<node_head> standing_at;
        std::optional<node_head> astray_at;
        milliseconds latency;
        bool connected;
        std::uint64_t connection; // counts them, so that what belongs to an old one is dropped
        std::map<std::uint64_t, std::uint64_t> attempts;
    };
    struct happening
    {
        time_point when;
        std::uint64_t order;
        std::function<void()> what;

        bool operator<(happening const& other) const
        {
            return std::tie(other.when, other.order) < std::tie(when, order);
        }
    };

    milliseconds trip(std::size_t i)
    {
        std::uniform_int_distribution<int> jitter(0, 9);
        return nodes_[i].latency + nodes_[i].is.slow + milliseconds(jitter(random_));
    }

    // A block every 3 s, a maintenance every hour that leaves out three.
    node_head head_of(std::size_t i)
    {
        simulated& n = nodes_[i];
        std::int64_t const ms =
            std::chrono::duration_cast<milliseconds>(halted_.value_or(now_) - time_point()).count() + 1'700'000'000'000;
        std::int64_t seconds = ms / 3000 * 3;
        std::int64_t const maintenance = seconds / 3600 * 3600;
        if (seconds - maintenance < 9)
            seconds = maintenance - 3; // no blocks yet
        node_head head{static_cast<std::uint32_t>((seconds - 1'600'000'000) / 3), seconds, (seconds / 3600 + 1) * 3600};
        head.irreversible = head.block - 15;
        if (n.is.standing)
        {
            if (!n.standing_at)
                n.standing_at = head;
            head = *n.standing_at;
        }
        else
            n.standing_at.reset();
        if (n.is.astray)
        {
            if (!n.astray_at)
                n.astray_at = head;
            auto const own = (head.time - n.astray_at->time) / 9; // every third slot
            head.time = n.astray_at->time + own * 9;
            head.block = n.astray_at->block + static_cast<std::uint32_t>(own);
            head.irreversible = n.astray_at->irreversible;
        }
        else
            n.astray_at.reset();
        for (auto const& [wrong, by] : {std::pair{n.is.stale, -600}, std::pair{n.is.ahead, 600}})
            if (wrong)
            {
                head.time += by;
                head.block = static_cast<std::uint32_t>(static_cast<int>(head.block) + by / 3);
                head.irreversible = head.block - 15;
            }
        return head;
    }

    // On this connection, if it is still there then.
    void later(std::size_t i, milliseconds d, std::function<void()> what)
    {
        after(d, [this, i, of = nodes_[i].connection, what = std::move(what)] {
            if (nodes_[i].connection == of)
                what();
        });
    }

    // pool_actions
    void connect(std::size_t i) override
    {
        simulated& n = nodes_[i];
        connects_.push_back({now_, i});
        ++n.connection;
        if (n.is.refuses)
            return later(i, 1ms, [this, i] { pool_->failed(i, "refused", now_); });
        if (n.is.tarpit)
            return;
        later(i, trip(i) * 3, [this, i] {
            simulated& m = nodes_[i];
            m.connected = true;
            if (m.is.drops)
                later(i, 100ms, [this, i] { cut(i); });
            pool_->connected(i, now_);
        });
    }
    void probe(std::size_t i) override
    {
        later(i, trip(i), [this, i] {
            if (nodes_[i].is.frozen)
                return;
            if (nodes_[i].is.loses_heads != 0)
            {
                --nodes_[i].is.loses_heads;
                return;
            }
            if (nodes_[i].is.wrong_chain)
                pool_->wrong_chain(i, "it serves another chain", now_);
            else
                pool_->probed(i, head_of(i), now_);
        });
    }
    void check(std::size_t i, std::uint32_t block) override
    {
        later(i, trip(i), [this, i, block] {
            if (nodes_[i].is.frozen)
                return;
            bitshares::ripemd160_digest id;
            id.data[0] = static_cast<std::uint8_t>(block);
            id.data[19] = nodes_[i].is.forked;
            pool_->checked(i, block, id, now_);
        });
    }
    void disconnect(std::size_t i) override
    {
        nodes_[i].connected = false;
        ++nodes_[i].connection;
    }
    void send(std::uint64_t attempt, std::uint64_t call, std::size_t i) override
    {
        note("node " + std::to_string(i) + " is asked call " + std::to_string(call));
        milliseconds const half = trip(i) / 2;
        std::uniform_int_distribution<int> third(0, 2);
        bool const lost = nodes_[i].is.loses && third(random_) == 0;
        later(i, half, [this, attempt, call, i, half, lost] {
            if (nodes_[i].is.frozen)
                return;
            bool const missing = (nodes_[i].is.no_history || nodes_[i].is.faulty_history) && wants_history(call);
            if (!missing)
                ++calls_[call].executed;
            if (lost)
                return;
            bool const short_call = wants_history(call);
            later(i, half, [this, attempt, i, missing, short_call] {
                if (nodes_[i].is.frozen)
                    return;
                asked_ = i;
                pool_->ended(attempt,
                             missing ? (nodes_[i].is.faulty_history ? attempt_end::node_fault : attempt_end::lacking)
                             : nodes_[i].is.short_history && short_call ? attempt_end::partial
                                                                        : attempt_end::answered,
                             missing ? "no such API" : "", now_);
            });
        });
    }
    void abandon(std::uint64_t) override {}
    void finish(std::uint64_t call, std::uint64_t) override
    {
        call_record& c = calls_[call];
        ++c.ends;
        c.ended = now_;
        c.answered_by = asked_;
    }
    std::uint64_t settle(std::uint64_t call) override
    {
        finish(call, 0);
        calls_[call].partial = true;
        return 0;
    }
    void give_up(std::uint64_t call, pool_failure why) override
    {
        call_record& c = calls_[call];
        ++c.ends;
        c.ended = now_;
        c.failure = why;
    }
    void changed(bitshares::pool_event const& event) override
    {
        note("node " + std::to_string(event.node) + " is " + std::string(name_of(event.state)) +
             (event.why.empty() ? "" : ": " + event.why));
    }

    void note(std::string what)
    {
        std::int64_t const ms = std::chrono::duration_cast<milliseconds>(now_ - time_point()).count();
        log_.push_back(std::to_string(ms) + " ms: " + std::move(what));
    }

    bool wants_history(std::uint64_t call) const { return history_.contains(call); }

    std::set<std::uint64_t> history_; // calls of that API
    time_point now_ = time_point() + 1000s;
    std::optional<time_point> halted_;
    std::uint64_t order_ = 0;
    std::uint64_t last_call_ = 0;
    std::mt19937_64 random_;
    std::vector<simulated> nodes_;
    std::priority_queue<happening> queue_;
    std::map<std::uint64_t, call_record> calls_;
    std::vector<connect_record> connects_;
    std::vector<std::string> log_;
    std::size_t asked_ = 0;
    std::optional<engine> pool_;
};

} // namespace pool_test
