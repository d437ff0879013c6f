#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/detail/bounded.hpp>
#include <bitshares/detail/under_way.hpp>
#include <bitshares/net/chain_clock.hpp>
#include <bitshares/net/pool_options.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a node said of its chain, when it was probed.
struct node_head
{
    std::uint32_t block = 0;           ///< Number of the head block.
    std::int64_t time = 0;             ///< Its timestamp: seconds since 1970 by the chain.
    std::int64_t next_maintenance = 0; ///< Likewise.
    std::uint32_t irreversible = 0;    ///< Number of the last block that cannot be undone.
};

/// Where a node of a pool stands.
enum class node_state : std::uint8_t
{
    idle,       ///< Without a connection; may be chosen.
    connecting, ///< A connection is being made.
    probing,    ///< Connected; its chain and its head are being asked for.
    live,       ///< Connected and found good: carries calls or stands by.
    waiting,    ///< Failed; is tried again later.
    ejected,    ///< Failed several times one after the other.
    stale,  ///< Its head, or its last irreversible block, is behind those of the others, or its head far before them.
    forked, ///< An irreversible block of it is another than most nodes'.
    wrong_chain, ///< Serves another chain; for good.
};

/// The name as it is written, such as `"live"`.
constexpr std::string_view name_of(node_state state)
{
    switch (state)
    {
    case node_state::idle: return "idle";
    case node_state::connecting: return "connecting";
    case node_state::probing: return "probing";
    case node_state::live: return "live";
    case node_state::waiting: return "waiting";
    case node_state::ejected: return "ejected";
    case node_state::stale: return "stale";
    case node_state::forked: return "forked";
    case node_state::wrong_chain: return "wrong_chain";
    }
    return {};
}

/// How an attempt at a call ended, as far as the pool cares.
enum class attempt_end : std::uint8_t
{
    answered,   ///< With a result, or with a refusal that is an answer: an assertion, say.
    lacking,    ///< The node has no such method, so it has done nothing: `-32601`.
    node_fault, ///< The node failed to answer: `-32603`, or a result that makes no sense.
    timed_out,  ///< Silence.
    broken,     ///< The connection was lost, or could not be made, or what came was no reply.
    partial, ///< With less than another node may have: a refusal for a limit of the node's own, or a part of a history.
};

/// What a pool needs to know of a call.
struct pool_call
{
    bool idempotent = true; ///< May be asked twice. A broadcast may not.
    std::string api;
    std::chrono::steady_clock::time_point deadline;
    std::uint64_t topic =
        0; ///< Names what nodes may have less of than others: the limit of a method, the depth of histories.
};

/// Why a call ended without an answer.
enum class pool_failure : std::uint8_t
{
    timed_out,     ///< Its deadline passed.
    maybe_applied, ///< It may not be asked twice, and no answer came to what was sent.
    retry_budget,  ///< Too many calls fail: another try would be one too many.
    rate_limited,  ///< No node may be asked before the deadline without breaking the terms of its use.
    wrong_chain,   ///< All nodes serve another chain.
};

/// A change that a person would want to see.
struct pool_event
{
    std::size_t node;
    node_state state; ///< The new one.
    std::string why;
};

/** What a pool decides, carried out by its driver; see @ref pool_engine.

    Not inside these functions, but later, the driver tells the engine what came of it.
*/
class pool_actions
{
public:
    virtual ~pool_actions() = default;

    virtual void connect(std::size_t node) = 0; ///< Then @ref pool_engine::connected or @ref pool_engine::failed.
    virtual void probe(std::size_t node) = 0;   ///< Then @ref pool_engine::probed or @ref pool_engine::failed.
    /// Asks for the id of a block that the node calls irreversible; then @ref pool_engine::checked or @ref pool_engine::failed.
    virtual void check(std::size_t node, std::uint32_t block) = 0;
    virtual void disconnect(std::size_t node) = 0; ///< Also while it is connecting. No answer is wanted.

    /// Asks a node; then @ref pool_engine::ended.
    virtual void send(std::uint64_t attempt, std::uint64_t call, std::size_t node) = 0;
    /// Nobody wants this answer any more.
    virtual void abandon(std::uint64_t attempt) = 0;
    /// The call is over: with the answer of this attempt, which may be an error of the node.
    virtual void finish(std::uint64_t call, std::uint64_t attempt) = 0;
    /// The call is over: with the best of the answers that were @ref attempt_end::partial. Nobody has a better one.
    /// @return The attempt that it is of; 0: none of them is better than another.
    virtual std::uint64_t settle(std::uint64_t call) = 0;
    /// The call is over without an answer.
    virtual void give_up(std::uint64_t call, pool_failure why) = 0;

    virtual void changed(pool_event const& event) = 0;
};

/// How one node of a pool is doing.
struct node_status
{
    node_state state = node_state::idle;
    bool primary = false; ///< Calls go here first.
    std::chrono::steady_clock::time_point since;
    std::string why; ///< Of the state.
    std::string last_error;
    std::optional<node_head> head;
    std::optional<std::chrono::steady_clock::time_point> head_at;
    std::optional<std::chrono::milliseconds> head_age; ///< By the chain's time, as the median of the nodes has it.
    std::optional<std::chrono::milliseconds> skew;     ///< See @ref chain_clock::skew.
    std::optional<std::chrono::microseconds> latency, p50, p95, p99; ///< Of what it answered lately.
    std::size_t pending = 0;
    std::uint64_t connects = 0;
    std::uint64_t answers = 0;
    std::uint64_t failures = 0;
    std::uint32_t ejections = 0;
    std::uint64_t deviations = 0; ///< Answers that were another than those of a quorum.
};

/// Sums over a pool's life.
struct pool_counts
{
    std::uint64_t calls = 0;
    std::uint64_t hedges = 0;
    std::uint64_t retries = 0;
    std::uint64_t switches = 0;       ///< Another node became the first.
    std::uint64_t refused_budget = 0; ///< Calls that the retry budget ended.
    std::uint64_t refused_rate = 0;   ///< Calls that the nodes' rates ended.
};

/** Decides for a list of nodes which of them are connected and which is asked what, and when again; does nothing itself.

    Everything comes in as a call with the time, everything goes out through @ref pool_actions: no clock, no socket, and
    chance comes from a seed. So a failover of minutes is tested in microseconds.

    The driver calls @ref tick when @ref next_tick says.
    @tparam Dependent Always `void`: compiled where it is used.
    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
template <class Dependent = void>
class pool_engine
{
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using duration = clock::duration;

    /// What is known of a node beforehand.
    struct node_terms
    {
        double per_second = 0; ///< Calls, on average; 0: any number.
        double burst = 0;      ///< Calls at once.
    };

    pool_engine(pool_actions& driver, std::vector<node_terms> const& terms, pool_options const& options,
                std::uint64_t seed, time_point now)
        : driver_(driver),
          options_(in_bounds(options)),
          clock_(terms.size(), blocks(options_.stale_blocks), 2 * options_.probe_others, options_.chain_speed),
          random_state_(seed),
          retry_tokens_(options.retry_budget),
          hedge_tokens_(options.hedge_burst)
    {
        for (node_terms const& t : terms)
        {
            node& n = nodes_.emplace_back();
            n.terms = t;
            n.tokens = t.burst;
            n.tokens_at = n.since = now;
            n.next_probe = now + std::chrono::seconds(nodes_.size()); // spread: all heads are known soon, one a second
        }
    }

    /// Begins connecting, without waiting for a call.
    void start(time_point now)
    {
        started_ = true;
        run(now);
    }

    /// Leaves all nodes; what is known of them stays. The next call connects again. @pre No call is under way.
    void stop(time_point now)
    {
        started_ = false;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (is_open(nodes_[i]))
                drop(i, node_state::idle, "the pool was closed", now);
        next_tick_ = time_point::max();
    }

    /// A call, with a number of the driver's own; best a greater one than before.
    void submit(std::uint64_t id, pool_call what, time_point now)
    {
        ++counts_.calls;
        started_ = true;
        hedge_tokens_ = std::min(options_.hedge_burst, hedge_tokens_ + options_.hedge_share);
        call& c = calls_.insert(id, call());
        c.what = std::move(what);
        deadlines_.insert(c.what.deadline, id);
        wake(c.what.deadline);
        if (!send(id, c, now))
            run(now);
    }

    /// The caller does not want it any more; nothing is said of its end.
    void cancel(std::uint64_t id)
    {
        if (call const* const c = calls_.find(id))
            remove(id, *c);
    }

    void connected(std::size_t i, time_point now)
    {
        node& n = nodes_[i];
        if (n.state != node_state::connecting)
            return;
        n.last_byte = now;
        enter(i, node_state::probing, {}, now);
        probe(i, now);
        run(now);
    }

    void probed(std::size_t i, node_head const& head, time_point now)
    {
        node& n = nodes_[i];
        if (!n.probe_sent || n.checking)
            return;
        sample(n, now - *n.probe_sent, now);
        n.probe_sent.reset();
        n.last_byte = now;
        n.head = head;
        n.head_at = now;
        clock_.told(i, head.time, now);
        n.lag = -clock_.skew(i)->count();
        n.consecutive = 0;
        n.backoff = 0;
        n.next_probe = now + jittered(options_.probe_others);
        if (n.failed_at && now - *n.failed_at > 2 * options_.eject_max)
            n.eject_level = 0;
        move_checkpoint(now);
        if (std::abs(n.lag) > chain_ms(options_.stale_blocks))
            ask_others_soon(now);
        if (std::string why = out_of_time(i, now); !why.empty())
            shun(i, node_state::stale, std::move(why), now);
        else if (n.checked == checkpoint_ || head.irreversible <= checkpoint_)
        {
            n.unanswered = 0;
            admit(i, now);
        }
        else
        {
            // As long as nobody could judge, the first calls need not wait for it.
            if (!n.forked && !n.only_probed && told_checkpoint() < 2)
                admit(i, now);
            if (is_open(n))
            {
                n.probe_sent = now;
                n.checking = checkpoint_;
                driver_.check(i, checkpoint_);
            }
        }
        run(now);
    }

    /// The id of the block that was asked for; empty: it has none.
    void checked(std::size_t i, std::uint32_t block, std::optional<ripemd160_digest> const& id, time_point now)
    {
        node& n = nodes_[i];
        if (!n.probe_sent || n.checking != block)
            return;
        n.probe_sent.reset();
        n.checking.reset();
        n.unanswered = 0;
        n.last_byte = now;
        if (block == checkpoint_)
        {
            n.checked = block;
            n.checked_id = id;
            judge(now);
        }
        if (is_open(n))
            admit(i, now);
        run(now);
    }

    /// The node's HTTP server said that it is this time: seconds since 1970.
    void dated(std::size_t i, std::int64_t date, time_point now) { clock_.dated(i, date, now); }

    /// Connecting or probing failed, or the connection broke. @param why For people.
    void failed(std::size_t i, std::string why, time_point now)
    {
        if (is_open(nodes_[i]))
        {
            fail(i, std::move(why), now);
            run(now);
        }
    }

    /// It serves another chain: in place of @ref connected, @ref probed or @ref failed. It is never used again.
    void wrong_chain(std::size_t i, std::string why, time_point now)
    {
        drop(i, node_state::wrong_chain, std::move(why), now);
        run(now);
    }

    /// Any byte of the node arrived.
    void heard(std::size_t i, time_point now) { nodes_[i].last_byte = now; }

    /// An attempt ended. @param why For people, where it failed.
    void ended(std::uint64_t id, attempt_end how, std::string why, time_point now)
    {
        attempt const* const found = attempts_.find(id);
        if (found == nullptr)
            return; // abandoned
        attempt const a = *found;
        call& c = *calls_.find(a.call);
        erase(id, a);
        std::erase(c.attempts, id);
        node& n = nodes_[a.node];
        if (how == attempt_end::answered || how == attempt_end::partial)
        {
            ++n.answers;
            n.consecutive = 0;
            n.last_byte = now;
            n.apis.erase(c.what.api);
            sample(n, now - a.sent, now);
            doubt(a.node, false, now);
            if (how == attempt_end::partial && c.what.idempotent)
            {
                look_further(id, a, c, now);
                return run(now);
            }
            if (!c.less.empty()) // where it is found again
            {
                n.topics[c.what.topic] = {true, now};
                searches_.erase(c.what.topic);
            }
            retry_tokens_ = std::min(options_.retry_budget, retry_tokens_ + options_.retry_refill);
            // Another node was quicker than one that had a start: what hedging covers up must not be forgotten.
            std::vector<std::size_t> outrun;
            for (std::uint64_t other : c.attempts)
                if (attempt const& o = *attempts_.find(other); o.hedged && nodes_[o.node].samples >= enough_samples)
                    outrun.push_back(o.node);
            remove(a.call, c);
            driver_.finish(a.call, id);
            for (std::size_t i : outrun)
                doubt(i, true, now);
            if (!waiting_.empty() || primary_ == none)
                run(now);
            return;
        }
        ++n.failures;
        n.last_error = std::move(why);
        if (how == attempt_end::lacking || how == attempt_end::node_fault)
        {
            n.last_byte = now;
            auto& api = n.apis[c.what.api];
            if (++api.failures >= options_.api_failures)
                api.rests_until = now + options_.api_rest;
        }
        if (how == attempt_end::lacking && !is_among(c.lacking, a.node))
            c.lacking.push_back(a.node);
        if (how == attempt_end::lacking && c.attempts.empty() && c.less.empty() && nobody_has(c, now))
        {
            remove(a.call, c);
            driver_.finish(a.call, id);
            return run(now);
        }
        // Where asking again may do it again, the node's error is the answer; without one nobody knows.
        bool const once = !c.what.idempotent && how != attempt_end::lacking;
        if (once && how == attempt_end::node_fault)
        {
            remove(a.call, c);
            driver_.finish(a.call, id);
        }
        else if (once)
            end(a.call, c, pool_failure::maybe_applied);
        else if (c.attempts.empty())
            retry(a.call, c,
                  how == attempt_end::timed_out ? options_.timeout_cost
                  : how == attempt_end::lacking ? 0 // a node that is well says so, and soon it is not asked any more
                                                : options_.retry_cost,
                  now);
        run(now);
    }

    /// The time has come that @ref next_tick named; calling it earlier does no harm.
    void tick(time_point now) { run(now); }

    /// @name Quorum reads
    /// Questions that the driver asks of live nodes itself; see @ref quorum_read. They count as calls of these nodes.
    /// @{

    /// So many live nodes are wanted until this is called again. 0: no more than usual, but those that are there stay for
    /// @ref pool_options::extra_live, as the next read may come soon.
    void want(std::size_t live, time_point now)
    {
        if (live == 0)
        {
            quorum_until_ = std::min(quorum_until_, now + options_.extra_live);
            return;
        }
        quorum_live_ = live;
        quorum_until_ = time_point::max();
        started_ = true;
        run(now);
    }

    /// Connected and found good. @return In the order in which they came.
    std::vector<std::size_t> const& live() const noexcept { return live_; }

    bool is_wrong_chain(std::size_t i) const { return nodes_[i].state == node_state::wrong_chain; }

    /// Whether a node answers calls of an API, as far as is known.
    bool can_answer(std::size_t i, std::string const& api, time_point now) const
    {
        return !api_rests(nodes_[i], api, now);
    }

    /// Whether a node deviated lately, so that others are preferred.
    bool is_distrusted(std::size_t i, time_point now) const
    {
        auto const& at = nodes_[i].deviated_at;
        return at && now - *at <= options_.distrust;
    }

    /// A question to a node. @return When its terms allow it: `now`, and then it has been counted, or later.
    time_point take(std::size_t i, time_point now)
    {
        time_point const at = allowed_at(nodes_[i], now);
        if (at <= now)
            nodes_[i].tokens -= 1;
        return at;
    }

    /// A node answered such a question.
    void told(std::size_t i, std::string const& api, duration took, time_point now)
    {
        node& n = nodes_[i];
        ++n.answers;
        n.consecutive = 0;
        n.last_byte = now;
        n.apis.erase(api);
        sample(n, took, now);
        doubt(i, false, now);
    }

    /// A node did not, as it has no such method, or failed. @param why For people.
    void lacking(std::size_t i, std::string const& api, std::string why, time_point now)
    {
        node& n = nodes_[i];
        ++n.failures;
        n.last_error = std::move(why);
        n.last_byte = now;
        auto& rest = n.apis[api];
        if (++rest.failures >= options_.api_failures)
            rest.rests_until = now + options_.api_rest;
    }

    /// A node did not say a word. @param why For people.
    void silent(std::size_t i, std::string why, time_point now)
    {
        ++nodes_[i].failures;
        nodes_[i].last_error = std::move(why);
        doubt(i, true, now);
        run(now);
    }

    /// A node said something else than enough others, of the same block. @param why For people.
    void deviated(std::size_t i, std::string why, time_point now)
    {
        node& n = nodes_[i];
        ++n.deviations;
        n.failed_at = n.deviated_at = now;
        n.last_error = why;
        driver_.changed({i, n.state, "deviates: " + why});
        if (primary_ != i)
            return;
        if (std::size_t const other = best_live(now); other != i)
            lead(other, "the one before deviates");
    }
    /// @}

    /// When @ref tick has to be called, at the latest.
    time_point next_tick() const noexcept { return next_tick_; }

    pool_counts const& counts() const noexcept { return counts_; }
    std::size_t size() const noexcept { return nodes_.size(); }  ///< Nodes.
    std::size_t calls() const noexcept { return calls_.size(); } ///< Under way.
    std::optional<std::size_t> primary() const                   ///< Where calls go first.
    {
        return primary_ == none ? std::nullopt : std::optional(primary_);
    }

    /// The chain's time now, see @ref chain_clock::time.
    std::optional<std::chrono::milliseconds> chain_time(time_point now) const { return clock_.time(now); }

    /// As @ref chain_clock::report; what a node may be behind is not worth a word.
    clock_report time_report(std::chrono::milliseconds local, time_point now) const
    {
        return clock_.report(local, std::chrono::milliseconds(chain_ms(options_.stale_blocks)), now);
    }

    node_status status(std::size_t i, time_point now) const
    {
        node const& n = nodes_[i];
        node_status s;
        s.state = n.state;
        s.primary = primary_ == i;
        s.since = n.since;
        s.why = n.why;
        s.last_error = n.last_error;
        s.head = n.head;
        if (n.head)
            s.head_at = n.head_at;
        if (auto const time = chain_time(now); time && n.head)
            s.head_age = *time - std::chrono::seconds(n.head->time);
        s.skew = clock_.skew(i);
        s.pending = n.pending;
        s.connects = n.connects_total;
        s.answers = n.answers;
        s.failures = n.failures;
        s.ejections = n.ejections;
        s.deviations = n.deviations;
        if (n.samples != 0)
        {
            using std::chrono::duration_cast;
            using std::chrono::microseconds;
            s.latency = duration_cast<microseconds>(from_seconds(n.peak));
            s.p50 = duration_cast<microseconds>(percentile(n, 0.50));
            s.p95 = duration_cast<microseconds>(percentile(n, 0.95));
            s.p99 = duration_cast<microseconds>(percentile(n, 0.99));
        }
        return s;
    }

private:
    static constexpr std::size_t kept_samples = 128;
    static constexpr std::size_t enough_samples = 20; // for a percentile to mean something
    static constexpr double replies_remembered = 10;
    static constexpr duration connects_window = std::chrono::minutes(1); // of connects_per_minute
    static constexpr std::uint32_t most_unanswered = 3;                  // one lost is chance
    // Blocks by which nodes of one chain may differ in what they call irreversible: those of two minutes. Their heads differ by
    // a few, and whenever the witnesses' order changes, the last irreversible one stays behind by up to a round.
    static constexpr std::uint32_t irreversible_spread = 40;
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    struct api_state
    {
        std::uint32_t failures = 0;
        time_point rests_until;
    };

    // Whether a node had more of a topic than others, or less.
    struct topic_state
    {
        bool more = false;
        time_point at;
    };

    // What a call needs that no live node has. Empty: nothing.
    struct need
    {
        std::string api;
        std::optional<std::uint64_t> topic;

        bool any() const { return !api.empty(); }
    };

    struct node
    {
        node_terms terms;
        node_state state = node_state::idle;
        time_point since;
        std::string why;
        std::string last_error;
        bool only_probed = false; // connected for a probe, and let go then
        std::optional<time_point> probe_sent;
        std::optional<std::uint32_t> checking; // of that block the id was asked for, not the head
        std::uint32_t unanswered = 0;          // questions of the pool's own, one after the other
        time_point probe_last;
        time_point connect_began;
        time_point last_byte;
        time_point next_probe;           // while there is no connection
        time_point not_before;           // of the next connecting
        std::deque<time_point> connects; // of the last minute
        std::uint64_t connects_total = 0;
        std::optional<time_point> failed_at;
        std::optional<time_point> deviated_at;
        std::uint64_t deviations = 0;
        std::uint32_t consecutive = 0; // failures
        std::uint32_t backoff = 0;     // doublings
        std::uint32_t ejections = 0;
        std::uint32_t eject_level = 0; // of them those that are not forgiven
        std::optional<node_head> head;
        time_point head_at;
        std::int64_t lag = 0;                       // ms behind the chain's time when it was probed
        std::uint32_t checked = 0;                  // the checkpoint of which it told the id
        std::optional<ripemd160_digest> checked_id; // its own
        bool forked = false;                        // until it agrees with others
        double missing = 0;                         // share of replies
        double peak = 0;                            // s
        time_point peak_at;
        std::array<float, kept_samples> recent{}; // s
        std::size_t samples = 0;
        std::uint32_t faster = 0; // probes in which it was better than the first, one after the other
        std::map<std::string, api_state, std::less<>> apis;
        std::map<std::uint64_t, topic_state> topics;
        std::size_t pending = 0; // attempts
        detail::agenda aging;    // of them those that may be asked elsewhere, too, since when they are under way
        double tokens = 0;
        time_point tokens_at;
        std::uint64_t answers = 0;
        std::uint64_t failures = 0;
    };

    struct attempt
    {
        std::uint64_t call;
        std::size_t node;
        time_point sent;
        bool aging;          // in its node's agenda
        bool hedged = false; // another node was asked because this one was slow
    };

    struct call
    {
        pool_call what;
        std::vector<std::uint64_t> attempts;
        std::vector<std::size_t> asked;                          // nodes, in this round
        std::vector<std::size_t> failed;                         // nodes, in all rounds before
        std::vector<std::pair<std::uint64_t, std::size_t>> less; // attempts that gave a part, and their nodes
        bool further = false;                                    // is to be asked for more than a part
        std::vector<std::size_t> lacking;                        // nodes that have no such method
        std::uint32_t rounds = 0;
        time_point not_before; // of the next attempt
        bool no_token = false; // the last time that it could not be sent, it was for the nodes' rates
    };

    static pool_options in_bounds(pool_options o)
    {
        using d = pool_options::duration;
        for (d pool_options::* const member :
             {&pool_options::connect_stagger, &pool_options::slow_connect, &pool_options::connect_timeout,
              &pool_options::extra_live, &pool_options::reconnect_min, &pool_options::reconnect_max,
              &pool_options::hedge_delay, &pool_options::attempt_timeout, &pool_options::retry_wait_min,
              &pool_options::retry_wait_max, &pool_options::block_interval, &pool_options::probe_live,
              &pool_options::probe_others, &pool_options::latency_decay, &pool_options::distrust,
              &pool_options::eject_time, &pool_options::eject_max, &pool_options::api_rest})
            o.*member = detail::bounded(o.*member);
        return o;
    }
    static double seconds(duration d) { return std::chrono::duration<double>(d).count(); }
    static duration from_seconds(double s)
    {
        // A hundred years, as no clock has more to go.
        return std::chrono::duration_cast<duration>(std::chrono::duration<double>(std::min(s, 3.2e9)));
    }
    static std::int64_t milliseconds(duration d)
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    }
    // So many blocks, in ms of the chain's time, and in wall-clock time.
    std::int64_t chain_ms(std::uint32_t blocks) const
    {
        return (options_.block_interval * std::min(blocks, 100'000u)).count();
    }
    duration blocks(std::uint32_t count) const
    {
        return from_seconds(static_cast<double>(chain_ms(count)) / 1000 / options_.chain_speed);
    }
    // From 0 to 1, exclusive: splitmix64. What is drawn here is no secret, and <random> is dear to include.
    double random_share()
    {
        std::uint64_t z = random_state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
    }

    duration jittered(duration d)
    {
        return from_seconds(seconds(d) * (1 + options_.reconnect_jitter * (2 * random_share() - 1)));
    }

    void wake(time_point at) { next_tick_ = std::min(next_tick_, at); }

    void enter(std::size_t i, node_state state, std::string why, time_point now)
    {
        node& n = nodes_[i];
        bool const same = n.state == state;
        n.state = state;
        n.why = std::move(why);
        if (same)
            return;
        n.since = now;
        driver_.changed({i, state, n.why});
    }

    static bool is_open(node const& n)
    {
        return n.state == node_state::connecting || n.state == node_state::probing || n.state == node_state::live;
    }

    // Leaves a node; what was asked there is asked elsewhere.
    void drop(std::size_t i, node_state state, std::string why, time_point now)
    {
        node& n = nodes_[i];
        if (is_open(n))
            driver_.disconnect(i);
        n.probe_sent.reset();
        n.checking.reset();
        n.unanswered = 0;
        n.only_probed = false;
        std::erase(live_, i);
        if (primary_ == i)
            primary_ = none;
        enter(i, state, std::move(why), now);
        if (n.pending == 0)
            return;
        for (std::uint64_t id : attempts_.numbers())
        {
            attempt const* const a = attempts_.find(id);
            if (a == nullptr || a->node != i)
                continue;
            std::uint64_t const of = a->call;
            call& c = abandon(id, *a);
            if (!c.what.idempotent)
                end(of, c, pool_failure::maybe_applied);
            else if (c.attempts.empty())
                retry(of, c, options_.retry_cost, now);
        }
    }

    void fail(std::size_t i, std::string why, time_point now)
    {
        node& n = nodes_[i];
        n.last_error = why;
        n.failed_at = now;
        ++n.failures;
        duration const wait = std::min<pool_options::duration>(
            options_.reconnect_max, options_.reconnect_min * (1 << std::min(n.backoff, 16u)));
        ++n.backoff;
        n.not_before = now + jittered(wait);
        auto const ejected =
            std::count_if(nodes_.begin(), nodes_.end(), [](node const& m) { return m.state == node_state::ejected; });
        bool const too_many =
            static_cast<double>(ejected + 1) > options_.eject_share * static_cast<double>(nodes_.size());
        // Where nobody else is there, it is not the node: who returns first shall be found soon.
        bool const alone = std::none_of(live_.begin(), live_.end(), [i](std::size_t k) { return k != i; });
        if (++n.consecutive < options_.eject_failures || too_many || alone)
            return drop(i, node_state::waiting, std::move(why), now);
        n.consecutive = 0;
        ++n.ejections;
        ++n.eject_level;
        n.not_before =
            std::max(n.not_before,
                     now + std::min<pool_options::duration>(options_.eject_max, options_.eject_time * n.eject_level));
        drop(i, node_state::ejected,
             std::to_string(options_.eject_failures) + " failures one after the other, the last: " + why, now);
    }

    // It answers, but cannot be used. It may be good again any time, so the connections that a minute has are spread.
    void shun(std::size_t i, node_state state, std::string why, time_point now)
    {
        nodes_[i].not_before =
            now +
            jittered(std::max<duration>(options_.reconnect_min,
                                        connects_window / std::max<std::size_t>(options_.connects_per_minute, 1)));
        drop(i, state, std::move(why), now);
    }

    // Its head is good: whether it is used now.
    void admit(std::size_t i, time_point now)
    {
        node& n = nodes_[i];
        if (n.forked)
            return shun(i, node_state::forked, "most nodes have another block " + std::to_string(checkpoint_), now);
        if (n.state == node_state::probing && !live_.empty() && (n.only_probed || live_.size() >= wanted(now)))
            return drop(i, node_state::idle, "probed", now);
        if (n.state == node_state::probing)
        {
            n.only_probed = false;
            live_.push_back(i);
            enter(i, node_state::live, {}, now);
        }
        settle(i);
    }

    // The block whose id is compared: the newest of every so many that most of the nodes call irreversible.
    void move_checkpoint(time_point now)
    {
        std::vector<std::uint32_t> told;
        for (node const& n : nodes_)
            if (n.head && now - n.head_at <= 2 * options_.probe_others)
                told.push_back(n.head->irreversible);
        auto const middle = told.begin() + static_cast<std::ptrdiff_t>((told.size() - 1) / 2); // of two the smaller
        std::nth_element(told.begin(), middle, told.end());
        irreversible_ = *middle;
        std::uint32_t const step = std::max<std::uint32_t>(options_.fork_check_blocks, 1);
        // One behind it: a block's id stands in the one that follows.
        std::uint32_t const newest = *middle > 0 ? (*middle - 1) / step * step : 0;
        // Backwards only where it was a lie that brought it there.
        if (newest > checkpoint_ || std::uint64_t{newest} + 2 * step < checkpoint_)
            checkpoint_ = newest;
    }

    std::size_t told_checkpoint() const
    {
        return static_cast<std::size_t>(std::count_if(
            nodes_.begin(), nodes_.end(), [this](node const& n) { return n.checked == checkpoint_ && n.checked_id; }));
    }

    // Irreversible blocks do not differ, but on another fork: whoever has another one than most is not used. Of two nobody
    // knows which is right.
    void judge(time_point now)
    {
        std::map<ripemd160_digest, std::size_t> votes;
        for (node const& n : nodes_)
            if (n.checked == checkpoint_ && n.checked_id)
                ++votes[*n.checked_id];
        std::size_t const told = told_checkpoint();
        if (told < 3)
            return;
        auto const most = std::max_element(votes.begin(), votes.end(),
                                           [](auto const& a, auto const& b) { return a.second < b.second; });
        if (2 * most->second <= told)
            return;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
        {
            node& n = nodes_[i];
            if (n.checked != checkpoint_ || !n.checked_id)
                continue;
            n.forked = *n.checked_id != most->first;
            if (n.forked && is_open(n))
                shun(i, node_state::forked, "most nodes have another block " + std::to_string(checkpoint_), now);
        }
    }

    // Why its head cannot be used, if it cannot.
    std::string out_of_time(std::size_t i, time_point now) const
    {
        node const& n = nodes_[i];
        std::int64_t const bound = chain_ms(options_.stale_blocks);
        // Around a maintenance no blocks come for some slots, and not all nodes have the first one after it at once.
        bool const maintenance =
            n.head->next_maintenance != 0 && (n.head->next_maintenance - n.head->time) * 1000 <= chain_ms(2);
        std::int64_t const pause = maintenance ? chain_ms(options_.maintenance_slots) : 0;
        if (n.lag - pause > bound)
            return "its head is " + std::to_string(n.lag / 1000) + " s behind the other nodes'";
        if (clock_.recent(now) >= 3 && -n.lag > bound)
            return "its head is " + std::to_string(-n.lag / 1000) + " s before the other nodes'";
        // A fork with few witnesses has heads of its own, but nothing there becomes irreversible.
        if (std::uint64_t{n.head->irreversible} + irreversible_spread < irreversible_)
            return "its last irreversible block is " + std::to_string(irreversible_ - n.head->irreversible) +
                   " blocks behind the other nodes'";
        return {};
    }

    // Somebody is wrong about the time, and who has been asked lately may be all behind one balancer: more are to say.
    void ask_others_soon(time_point now)
    {
        if (now < asked_soon_at_ + options_.probe_others)
            return;
        asked_soon_at_ = now;
        for (node& n : nodes_)
            n.next_probe = std::min(n.next_probe, now);
    }

    void probe(std::size_t i, time_point now)
    {
        node& n = nodes_[i];
        n.probe_sent = n.probe_last = now;
        driver_.probe(i);
    }

    void connect(std::size_t i, bool only_probed, time_point now)
    {
        node& n = nodes_[i];
        n.only_probed = only_probed;
        n.connect_began = now;
        n.connects.push_back(now);
        ++n.connects_total;
        n.next_probe = now + jittered(options_.probe_others);
        if (!only_probed)
            last_connect_ = now;
        enter(i, node_state::connecting, {}, now);
        driver_.connect(i);
    }

    // Whether, or when, a node may be connected to.
    time_point free_at(node& n, time_point now) { return std::max(n.not_before, connect_left_at(n, now)); }

    // When one of the connects of a minute is left. They are not used up at once: as many are kept as it takes that nobody waits
    // longer than the back-off for the next one. All but one of them fit into a window that is shorter by this wait, all but two
    // into one that is shorter by two, and so on.
    time_point connect_left_at(node& n, time_point now)
    {
        while (!n.connects.empty() && n.connects.front() + connects_window <= now)
            n.connects.pop_front();
        std::size_t const most = std::max<std::size_t>(options_.connects_per_minute, 1);
        std::size_t used = std::min(most, n.connects.size());
        // At least half of them are for the first moments.
        duration const wait = std::max({duration(std::chrono::milliseconds(1)), duration(options_.reconnect_max),
                                        duration(duration(2 * connects_window) / most)});
        time_point at = now;
        if (most - used >= static_cast<std::size_t>(connects_window / wait) + 1)
            return at;
        duration window = connects_window - static_cast<duration::rep>(most - used) * wait;
        for (; used > 0 && window.count() > 0; --used, window -= wait)
            at = std::max(at, n.connects[n.connects.size() - used] + window);
        return at;
    }

    // One more while a call gets no answer from those that are there.
    std::size_t wanted(time_point now) const
    {
        std::size_t const usual = options_.max_live + (!missing_.any() && now >= stuck_until_ ? 0 : 1);
        return now < quorum_until_ ? std::max(usual, quorum_live_) : usual;
    }

    // The quickest of those that are trusted, or else of all. There is one.
    std::size_t best_live(time_point now) const
    {
        return *std::min_element(live_.begin(), live_.end(), [&](std::size_t a, std::size_t b) {
            bool const worse = is_distrusted(a, now);
            return worse != is_distrusted(b, now) ? !worse : nodes_[a].peak < nodes_[b].peak;
        });
    }

    // The next node to connect to: one of the quick ones that are known, otherwise one that was never asked, in the list's
    // order, otherwise whoever may be tried again.
    std::size_t candidate(time_point now)
    {
        double best = std::numeric_limits<double>::max();
        std::vector<std::size_t> known;
        std::size_t unknown = none, again = none, last_resort = none;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
        {
            node& n = nodes_[i];
            // A stale or forked one only when there is nobody else: it is looked at before it is used.
            bool const stale = n.state == node_state::stale || n.state == node_state::forked;
            if (is_open(n) || n.state == node_state::wrong_chain || (stale && !live_.empty()) ||
                (missing_.any() && !has(n, missing_, now)))
                continue;
            if (time_point const at = free_at(n, now); at > now)
            {
                // Ejected ones only when there is nobody else at all: no call shall fail for want of trying.
                bool const tried = n.state == node_state::ejected && live_.empty();
                time_point const sooner = std::max(n.connect_began + options_.reconnect_max, connect_left_at(n, now));
                if (tried && sooner <= now)
                    last_resort = i;
                wake(tried && sooner > now ? std::min(at, sooner) : at);
                continue;
            }
            if (stale)
            {
                last_resort = last_resort == none ? i : last_resort;
                continue;
            }
            if (missing_.topic && has_more(n, *missing_.topic))
                return i;
            bool const trusted = !n.failed_at || now - *n.failed_at > options_.distrust;
            if (n.samples != 0 && trusted)
            {
                known.push_back(i);
                best = std::min(best, n.peak);
            }
            else if (trusted)
                unknown = std::min(unknown, i);
            else if (again == none || *n.failed_at < *nodes_[again].failed_at)
                again = i;
        }
        std::erase_if(known, [&](std::size_t i) { return nodes_[i].peak > best * options_.latency_window; });
        if (!known.empty())
        {
            auto const any = [&] {
                return known[static_cast<std::size_t>(random_share() * static_cast<double>(known.size()))];
            };
            std::size_t const a = any(), b = any(); // of two at random the better: not all pools go to the same node
            return nodes_[b].peak < nodes_[a].peak ? b : a;
        }
        return unknown != none ? unknown : again != none ? again : last_resort;
    }

    // Where a call needs what the live nodes lack, one that stands by gives its place to another.
    void make_room(time_point now)
    {
        if (!missing_.any() || live_.size() < wanted(now))
            return;
        for (std::size_t k = live_.size(); k-- > 0;)
        {
            node const& n = nodes_[live_[k]];
            if (live_[k] == primary_ || has(n, missing_, now))
                continue;
            if (api_rests(n, missing_.api, now))
                return drop(live_[k], node_state::idle, "it cannot answer '" + missing_.api + "'", now);
            if (n.pending == 0) // it answers, if not that
                return drop(live_[k], node_state::idle, "it gives less than others may", now);
        }
    }

    // Keeps as many connections as wanted.
    void connect_some(time_point now)
    {
        if (!started_)
            return;
        make_room(now);
        while (live_.size() < wanted(now))
        {
            std::size_t racing = 0, slow = 0;
            for (node const& n : nodes_)
                if ((n.state == node_state::connecting || n.state == node_state::probing) && !n.only_probed)
                    ++(now - n.connect_began < options_.slow_connect ? racing : slow);
            bool const alone = live_.empty(); // somebody waits
            std::size_t const together =
                now < quorum_until_ ? std::max<std::size_t>(quorum_live_, live_.size() + 1) - live_.size() : 1;
            if (racing >= (alone ? options_.max_racing : std::min(options_.max_racing, together)))
            {
                wake(now + std::max<duration>(options_.connect_stagger, std::chrono::milliseconds(1)));
                break;
            }
            if (racing + slow != 0 && now < last_connect_ + options_.connect_stagger)
            {
                wake(last_connect_ + options_.connect_stagger);
                break;
            }
            std::size_t const i = candidate(now);
            if (i == none)
                break;
            connect(i, false, now);
        }
        if (live_.size() <= wanted(now))
            return;
        // One more than is needed: rather one that has not got all than the one that was sought because it has.
        std::size_t leaves = none;
        for (std::size_t i : live_)
            if (i != primary_ && nodes_[i].pending == 0 &&
                (leaves == none || !lacks_something(nodes_[leaves], now) || lacks_something(nodes_[i], now)))
                leaves = i;
        if (leaves != none)
            drop(leaves, node_state::idle, "not needed any longer", now);
    }

    // Those without a connection are asked for their heads in turn, once there is somebody to carry calls.
    void probe_others(time_point now)
    {
        if (live_.empty())
            return;
        for (node const& n : nodes_)
            if (n.only_probed)
                return;
        std::size_t next = none;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
        {
            node& n = nodes_[i];
            if (is_open(n) || n.state == node_state::wrong_chain)
                continue;
            time_point const at = std::max(n.next_probe, free_at(n, now));
            if (at > now)
                wake(at);
            else if (next == none || n.next_probe < nodes_[next].next_probe)
                next = i;
        }
        if (next != none)
            connect(next, true, now);
    }

    // What is open: whether it is still there, and whether its head has to be asked for.
    void watch(time_point now)
    {
        for (std::size_t i = 0; i < nodes_.size(); ++i)
        {
            node& n = nodes_[i];
            if (n.state == node_state::connecting || n.state == node_state::probing)
            {
                if (now >= n.connect_began + options_.connect_timeout)
                    fail(i, n.state == node_state::connecting ? "connecting took too long" : "it did not tell its head",
                         now);
                else
                    wake(n.connect_began + options_.connect_timeout);
            }
            else if (n.state == node_state::live)
            {
                if (n.probe_sent)
                {
                    duration const longest =
                        blocks(options_.suspect_blocks); // since its last word, not since the probe
                    time_point const until = std::max(
                        n.last_byte + longest, *n.probe_sent + std::min<duration>(longest, options_.attempt_timeout));
                    if (now >= until)
                    {
                        fail(i, "it has been silent for " + std::to_string(milliseconds(longest)) + " ms", now);
                        continue;
                    }
                    // Others came, so this one is lost.
                    time_point const patience = *n.probe_sent + options_.attempt_timeout;
                    if (now >= patience && n.last_byte > *n.probe_sent)
                    {
                        ask_again(i, now);
                        continue;
                    }
                    if (now < patience)
                        wake(patience);
                    wake(until);
                }
                else if (now >= n.probe_last + options_.probe_live)
                    probe(i, now);
                else
                    wake(n.probe_last + options_.probe_live);
            }
        }
    }

    void ask_again(std::size_t i, time_point now)
    {
        node& n = nodes_[i];
        if (++n.unanswered >= most_unanswered)
            return fail(i, "it does not tell its head", now);
        doubt(i, true, now);
        if (!is_open(n))
            return;
        n.checking.reset();
        probe(i, now);
    }

    // A live node was probed: may it carry the calls?
    void settle(std::size_t i)
    {
        node& n = nodes_[i];
        if (primary_ == none)
            return lead(i, led_before_ ? "the one before is gone" : "it was the first to answer");
        if (primary_ == i)
        {
            // Behind, but not yet too much: whoever is not takes over.
            if (n.lag > chain_ms(options_.suspect_blocks))
                for (std::size_t k : live_)
                    if (nodes_[k].lag <= chain_ms(options_.suspect_blocks))
                        return lead(k, "the head of the one before stood still");
            return;
        }
        node const& first = nodes_[primary_];
        n.faster = n.peak < first.peak * (1 - options_.switch_advantage) ? n.faster + 1 : 0;
        if (n.faster >= options_.switch_samples && n.lag <= chain_ms(options_.suspect_blocks) &&
            !is_distrusted(i, n.head_at))
            lead(i, "it is quicker");
    }

    void lead(std::size_t i, char const* why)
    {
        if (led_before_)
            ++counts_.switches;
        led_before_ = true;
        primary_ = i;
        for (node& n : nodes_)
            n.faster = 0;
        driver_.changed({i, nodes_[i].state, std::string("carries the calls: ") + why});
    }

    void sample(node& n, duration d, time_point now)
    {
        double const value = seconds(d);
        // A peak counts at once and fades with time; a better value is believed slowly.
        double const weight = std::exp(-seconds(now - n.peak_at) / seconds(options_.latency_decay));
        n.peak = n.samples == 0 || value > n.peak ? value : n.peak * weight + value * (1 - weight);
        n.peak_at = now;
        n.recent[n.samples % kept_samples] = static_cast<float>(value);
        ++n.samples;
    }

    duration percentile(node const& n, double p) const
    {
        std::size_t const count = std::min(n.samples, kept_samples);
        std::array<float, kept_samples> sorted = n.recent;
        std::size_t const at = std::min(count - 1, static_cast<std::size_t>(p * static_cast<double>(count)));
        std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at),
                         sorted.begin() + static_cast<std::ptrdiff_t>(count));
        return from_seconds(static_cast<double>(sorted[at]));
    }

    duration hedge_after(node const& n) const
    {
        return n.samples < enough_samples
                   ? options_.hedge_delay
                   : std::max<duration>(options_.hedge_delay, percentile(n, options_.hedge_percentile));
    }

    void remove(std::uint64_t id, call const& c)
    {
        for (std::uint64_t a : c.attempts)
        {
            erase(a, *attempts_.find(a));
            driver_.abandon(a);
        }
        deadlines_.erase(c.what.deadline, id);
        waiting_.erase(id);
        calls_.erase(id);
    }

    void end(std::uint64_t id, call const& c, pool_failure why)
    {
        if (!c.less.empty()) // better than nothing
            return settle(id, c);
        remove(id, c);
        driver_.give_up(id, why);
    }

    void settle(std::uint64_t id, call const& c)
    {
        auto const less = c.less;
        std::uint64_t const topic = c.what.topic;
        remove(id, c);
        std::uint64_t const best = driver_.settle(id);
        for (auto const& [of, i] : less) // who has most is asked first, as long as nobody has all
            if (of == best)
                nodes_[i].topics[topic].more = true;
    }

    void erase(std::uint64_t id, attempt const& a)
    {
        node& n = nodes_[a.node];
        --n.pending;
        if (a.aging)
            n.aging.erase(a.sent, id);
        attempts_.erase(id);
    }

    // Of a call that goes on.
    call& abandon(std::uint64_t id, attempt const& a)
    {
        call& c = *calls_.find(a.call);
        erase(id, a);
        std::erase(c.attempts, id);
        driver_.abandon(id);
        return c;
    }

    bool api_rests(node const& n, std::string const& api, time_point now) const
    {
        auto const at = n.apis.find(api);
        return at != n.apis.end() && at->second.failures >= options_.api_failures && now < at->second.rests_until;
    }

    // All nodes said that they have no such method, in this call or lately.
    bool nobody_has(call const& c, time_point now) const
    {
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (nodes_[i].state != node_state::wrong_chain && !is_among(c.lacking, i) &&
                !api_rests(nodes_[i], c.what.api, now))
                return false;
        return true;
    }

    // It gave less than others may have, not long ago.
    bool has_less(node const& n, std::uint64_t topic, time_point now) const
    {
        auto const at = n.topics.find(topic);
        return at != n.topics.end() && !at->second.more && now < at->second.at + options_.api_rest;
    }
    static bool has_more(node const& n, std::uint64_t topic)
    {
        auto const at = n.topics.find(topic);
        return at != n.topics.end() && at->second.more;
    }
    bool has(node const& n, need const& what, time_point now) const
    {
        return !api_rests(n, what.api, now) && !(what.topic && has_less(n, *what.topic, now));
    }
    bool lacks_something(node const& n, time_point now) const
    {
        return std::any_of(n.apis.begin(), n.apis.end(), [&](auto const& a) { return api_rests(n, a.first, now); }) ||
               std::any_of(n.topics.begin(), n.topics.end(), [&](auto const& t) { return has_less(n, t.first, now); });
    }

    // A node answered, and another may have more. That is no failure: it costs nothing of the retries' budget, and each node
    // is asked once.
    void look_further(std::uint64_t id, attempt const& a, call& c, time_point now)
    {
        nodes_[a.node].topics[c.what.topic] = {false, now};
        c.less.emplace_back(id, a.node);
        // Nodes that are not connected are sought for as long as a node is waited for, and not again while it is remembered who
        // has less: what nobody has is found out once.
        auto const search = searches_.try_emplace(c.what.topic, now).first;
        if (now - search->second >= options_.api_rest)
            search->second = now;
        if (!c.attempts.empty())
            return; // another one is asked already
        c.further = true;
        c.not_before = now;
        waiting_.insert(a.call);
    }

    // Of a call that has a part of an answer: whether a node is worth waiting for.
    bool may_have_more(call const& c, std::size_t i, time_point now)
    {
        node const& n = nodes_[i];
        if (gave_less(c, i) || api_rests(n, c.what.api, now))
            return false;
        bool const live = n.state == node_state::live;
        if (live && !is_among(c.asked, i) && !is_among(c.failed, i))
            return true;
        bool const may_come =
            live || n.state == node_state::idle || n.state == node_state::connecting || n.state == node_state::probing;
        if (has_more(n, c.what.topic)) // and is lost just now, say
            return may_come || n.state == node_state::waiting;
        auto const search = searches_.find(c.what.topic);
        time_point const until = search == searches_.end() ? now : search->second + options_.attempt_timeout;
        if (!may_come || has_less(n, c.what.topic, now) || now >= until)
            return false;
        wake(until);
        return true;
    }

    // No live node could be asked: waits for one, or for another, or is content with what there is.
    void look_on(std::uint64_t id, call& c, time_point now)
    {
        bool any = false, any_live = false;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (may_have_more(c, i, now))
            {
                any = true;
                any_live |= nodes_[i].state == node_state::live;
            }
        if (!any)
            settle(id, c);
        else if (!any_live)
            missing_ = {c.what.api, c.what.topic};
        else if (!c.no_token)
        {
            c.asked.clear();
            send(id, c, now);
        }
    }

    static bool gave_less(call const& c, std::size_t i)
    {
        return std::any_of(c.less.begin(), c.less.end(), [i](auto const& l) { return l.second == i; });
    }
    static bool is_among(std::vector<std::size_t> const& nodes, std::size_t i)
    {
        return std::find(nodes.begin(), nodes.end(), i) != nodes.end();
    }

    // When the node's terms allow another call.
    time_point allowed_at(node& n, time_point now)
    {
        if (n.terms.per_second <= 0)
            return now;
        n.tokens = std::min(n.terms.burst, n.tokens + seconds(now - n.tokens_at) * n.terms.per_second);
        n.tokens_at = now;
        // Half a thousandth: what rounding takes must not make it wait for ever.
        return n.tokens >= 0.9995 ? now : now + from_seconds((1 - n.tokens) / n.terms.per_second);
    }

    // A live node for the call: the first, if it will do, otherwise the one with the least to do for its speed.
    std::size_t choose(call& c, time_point now)
    {
        std::size_t best = none;
        double best_score = 0;
        c.no_token = false;
        // Where all of them rest, it may be for one method that nobody has, and others are answered.
        bool const all_rest = !live_.empty() && api_rests(nodes_[live_.front()], c.what.api, now) && nobody_has(c, now);
        for (std::size_t i : live_)
        {
            node& n = nodes_[i];
            if (is_among(c.asked, i) || gave_less(c, i) || (!all_rest && api_rests(n, c.what.api, now)))
                continue;
            if (time_point const at = allowed_at(n, now); at > now)
            {
                c.no_token = true;
                wake(at);
                continue;
            }
            double score = i == primary_ ? 0 : n.peak * static_cast<double>(n.pending + 1);
            if (is_among(c.failed, i))
                score += 1000; // s: whoever has not failed it yet comes first
            if (has_less(n, c.what.topic, now))
                score += 300;
            if (is_distrusted(i, now))
                score += 100;
            if (best == none || score < best_score)
            {
                best = i;
                best_score = score;
            }
        }
        return best;
    }

    bool send(std::uint64_t id, call& c, time_point now)
    {
        std::size_t const i = choose(c, now);
        if (i == none)
        {
            if (c.attempts.empty())
                waiting_.insert(id);
            return false;
        }
        node& n = nodes_[i];
        n.tokens -= 1;
        if (std::exchange(c.further, false))
            ++counts_.retries;
        std::uint64_t const a = ++last_attempt_;
        if (c.what.idempotent)
        {
            n.aging.insert(now, a);
            wake(now + options_.hedge_delay); // or later: what is dear to find is looked at then
        }
        attempts_.insert(a, attempt{id, i, now, c.what.idempotent});
        ++n.pending;
        c.attempts.push_back(a);
        c.asked.push_back(i);
        waiting_.erase(id);
        driver_.send(a, id, i);
        return true;
    }

    // Another attempt, if the budget has one: at once on another node, or after a wait when all of them were asked.
    void retry(std::uint64_t id, call& c, double cost, time_point now)
    {
        if (retry_tokens_ < cost)
        {
            counts_.refused_budget += c.less.empty();
            return end(id, c, pool_failure::retry_budget);
        }
        retry_tokens_ -= cost;
        ++counts_.retries;
        bool const all = std::all_of(live_.begin(), live_.end(),
                                     [&](std::size_t i) { return is_among(c.asked, i) || gave_less(c, i); });
        if (all && !live_.empty())
        {
            c.failed.insert(c.failed.end(), c.asked.begin(), c.asked.end());
            c.asked.clear();
            stuck_until_ = now + options_.extra_live;
            duration const longest = std::min<pool_options::duration>(
                options_.retry_wait_max, options_.retry_wait_min * (1 << std::min(c.rounds, 16u)));
            ++c.rounds;
            c.not_before = now + from_seconds(seconds(longest) * random_share());
        }
        waiting_.insert(id);
    }

    // Sends what waits for a node.
    void send_waiting(time_point now)
    {
        missing_ = {};
        std::vector<std::uint64_t> const ids(waiting_.begin(), waiting_.end());
        for (std::uint64_t id : ids)
        {
            call& c = *calls_.find(id);
            if (c.not_before > now)
            {
                wake(c.not_before);
                continue;
            }
            if (send(id, c, now))
                continue;
            if (!c.less.empty())
                look_on(id, c, now);
            else if (!live_.empty() && std::all_of(live_.begin(), live_.end(), [&](std::size_t i) {
                         return api_rests(nodes_[i], c.what.api, now);
                     }))
                missing_ = {c.what.api, std::nullopt};
            else if (!c.no_token && !live_.empty())
            {
                c.asked.clear(); // the nodes have changed since: a new round
                send(id, c, now);
            }
        }
    }

    // Asks a second node where the first is slow, and gives up waiting for what does not come.
    void age(time_point now)
    {
        std::vector<std::uint64_t> overdue;
        for (std::size_t i : std::vector<std::size_t>(live_))
        {
            node& n = nodes_[i];
            duration const delay = hedge_after(n);
            for (auto const& [sent, id] : n.aging) // what is sent here goes to other nodes
            {
                attempt const& a = *attempts_.find(id);
                if (sent + options_.attempt_timeout <= now)
                {
                    overdue.push_back(id);
                    continue;
                }
                wake(sent + options_.attempt_timeout);
                if (sent + delay > now)
                {
                    wake(sent + delay);
                    break;
                }
                call& c = *calls_.find(a.call);
                // Not a word since: the node hangs, and all that it was asked is asked elsewhere. Otherwise the call is slow,
                // and only few of those get help.
                bool const hangs = n.last_byte < sent;
                if (a.hedged || c.attempts.size() > 1 || (!hangs && hedge_tokens_ < 1))
                    continue;
                if (!send(a.call, c, now))
                {
                    seek_another(c, now);
                    continue;
                }
                attempts_.find(id)->hedged = true; // it may have moved
                ++counts_.hedges;
                if (!hangs)
                    hedge_tokens_ -= 1;
            }
        }
        for (std::uint64_t id : overdue)
        {
            attempt const* const found = attempts_.find(id);
            if (found == nullptr)
                continue; // its node was left meanwhile
            attempt const a = *found;
            std::size_t const i = a.node;
            call& c = abandon(id, a);
            ++nodes_[i].failures;
            if (c.attempts.empty())
                retry(a.call, c, options_.timeout_cost, now);
            doubt(i, true, now);
        }
    }

    // No live node can be asked that has not been asked already.
    void seek_another(call const& c, time_point now)
    {
        if (c.no_token)
            return;
        stuck_until_ = now + options_.extra_live;
        if (std::any_of(live_.begin(), live_.end(),
                        [&](std::size_t i) { return api_rests(nodes_[i], c.what.api, now); }))
            missing_ = {c.what.api, std::nullopt};
    }

    // Of its latest replies, the share that did not come.
    void doubt(std::size_t i, bool missing, time_point now)
    {
        node& n = nodes_[i];
        n.missing = n.missing * (1 - 1 / replies_remembered) + (missing ? 1 / replies_remembered : 0);
        if (n.missing > options_.missing_share && is_open(n))
        {
            n.missing = 0;
            fail(i, "too many of its replies do not come", now);
        }
    }

    void expire(time_point now)
    {
        while (!deadlines_.empty() && deadlines_.front().first <= now)
        {
            std::uint64_t const id = deadlines_.front().second;
            call const& c = *calls_.find(id);
            pool_failure why = pool_failure::timed_out;
            if (!c.what.idempotent && !c.attempts.empty())
                why = pool_failure::maybe_applied;
            else if (c.no_token && c.attempts.empty())
            {
                why = pool_failure::rate_limited;
                counts_.refused_rate += c.less.empty();
            }
            end(id, c, why);
        }
        if (!deadlines_.empty())
            wake(deadlines_.front().first);
    }

    void run(time_point now)
    {
        next_tick_ = time_point::max();
        if (std::all_of(nodes_.begin(), nodes_.end(), [](node const& n) { return n.state == node_state::wrong_chain; }))
            for (std::uint64_t id : calls_.numbers())
                end(id, *calls_.find(id), pool_failure::wrong_chain);
        expire(now);
        watch(now);
        if (primary_ == none && !live_.empty())
            lead(best_live(now), "the one before is gone");
        send_waiting(now);
        age(now);
        connect_some(now);
        probe_others(now);
        send_waiting(now); // what was asked of a node that has just been left
    }

    pool_actions& driver_;
    pool_options options_;
    chain_clock clock_;
    std::uint64_t random_state_;
    std::vector<node> nodes_;
    std::uint32_t checkpoint_ = 0;   // the block whose id is compared
    std::uint32_t irreversible_ = 0; // what most nodes call the last one
    std::vector<std::size_t> live_;  // in the order in which they came
    std::size_t primary_ = none;
    bool led_before_ = false;
    bool started_ = false;
    detail::number_map<call> calls_;
    detail::number_map<attempt> attempts_;
    std::uint64_t last_attempt_ = 0;
    detail::agenda deadlines_;
    std::set<std::uint64_t> waiting_;            // calls without an attempt under way
    time_point stuck_until_ = time_point::min(); // a call has asked all live nodes in vain
    time_point quorum_until_ = time_point::min();
    std::size_t quorum_live_ = 0;
    need missing_;                                 // by a call
    std::map<std::uint64_t, time_point> searches_; // for nodes with more of a topic, since when
    double retry_tokens_;
    double hedge_tokens_;
    time_point last_connect_ = time_point::min();
    time_point asked_soon_at_ = time_point::min();
    time_point next_tick_ = time_point::min();
    pool_counts counts_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
