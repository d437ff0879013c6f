#pragma once

#include "simulated_ledger.hpp"

#include <bitshares/chain/journal.hpp>
#include <bitshares/net/pool_engine.hpp>
#include <bitshares/rpc/session.hpp>
#include <bitshares/rpc/subscription.hpp>

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

/* Nodes of one chain that fail in every way, a client with its pool, and a clock, without a thread or a socket: an event queue is
   all there is. What decides is the library's: pool_engine, a session for each connection, the sources of subscriptions,
   tx_outcome_tracker and tx_journal. Only the glue between them, which in the library is Asio's, is made here again. */
namespace bitshares_test {

using namespace std::chrono_literals;

/// What can be wrong with a node: the members of testing::faults, kinds of certificates and of HTTP replies apart, and a
/// connection that breaks once.
enum class fault : std::uint8_t
{
    refuse,
    tarpit,
    tls_expired,
    tls_wrong_host,
    tls_self_signed,
    tls_unknown_authority,
    http_status_429,
    http_status_502,
    http_status_503,
    drop,
    half_open,
    freeze,
    lose,
    unknown_id,
    garbage,
    delay,
    reorder,
    close_mid_frame,
    oversized_frame,
    truncated_frame,
    duplicate,
    lose_notices,
    duplicate_notices,
    wrong_chain,
    stale_head,
    head_backwards,
    fork,
    lie,
    history_hole,
    missing_apis,
    limits,
    cut
};
inline constexpr std::array<std::string_view, 32> fault_names{"refuse",
                                                              "tarpit",
                                                              "tls_expired",
                                                              "tls_wrong_host",
                                                              "tls_self_signed",
                                                              "tls_unknown_authority",
                                                              "http_status_429",
                                                              "http_status_502",
                                                              "http_status_503",
                                                              "drop",
                                                              "half_open",
                                                              "freeze",
                                                              "lose",
                                                              "unknown_id",
                                                              "garbage",
                                                              "delay",
                                                              "reorder",
                                                              "close_mid_frame",
                                                              "oversized_frame",
                                                              "truncated_frame",
                                                              "duplicate",
                                                              "lose_notices",
                                                              "duplicate_notices",
                                                              "wrong_chain",
                                                              "stale_head",
                                                              "head_backwards",
                                                              "fork",
                                                              "lie",
                                                              "history_hole",
                                                              "missing_apis",
                                                              "limits",
                                                              "cut"};
static_assert(static_cast<std::size_t>(fault::cut) + 1 == fault_names.size());

class simulation;

/// What a call came to: a result, a node's refusal, or an error of the client.
struct call_outcome
{
    bitshares::error_code ec;
    std::optional<bitshares::node_error> refusal;
    std::string result;
    std::string detail;
    std::optional<bitshares::pool_failure> failure;
};

/** The network and the client. Programs that use it are made of @ref call and @ref after. */
class simulation final : private bitshares::pool_actions
{
public:
    using engine = bitshares::pool_engine<>;
    using time_point = engine::time_point;
    using milliseconds = std::chrono::milliseconds;
    using head = simulated_ledger::head;

    static constexpr time_point beginning = time_point() + 1002s;

    simulation(std::size_t nodes, bitshares::pool_options const& options, std::uint64_t seed,
               std::vector<engine::node_terms> terms = {})
        : options_(options), random_(seed ^ 0x9e3779b97f4a7c15u), ledger_(seed ^ 0x5851f42d4c957f2du, now_)
    {
        terms.resize(nodes);
        nodes_.resize(nodes);
        for (std::size_t i = 0; i < nodes; ++i)
        {
            nodes_[i].latency = milliseconds(20 + 7 * i);
            nodes_[i].behind = milliseconds(draw(900));
        }
        bitshares::pool_actions& driver = *this;
        pool_.emplace(driver, terms, options, seed, now_);
        produce();
    }

    time_point now() const { return now_; }
    std::int64_t ms() const { return std::chrono::duration_cast<milliseconds>(now_ - beginning).count(); }
    std::uint64_t draw(std::uint64_t below) { return random_() % below; }
    engine& pool() { return *pool_; }
    simulated_ledger& ledger() { return ledger_; }

    /// What is found to be against the rules.
    std::vector<std::string> broken;
    std::vector<std::string> log;
    bool keep_log = false;
    bool halted = false;                   ///< No more blocks.
    std::bitset<fault_names.size()> met;   ///< Faults that made a difference.
    std::function<void()> on_lead = [] {}; ///< Another node carries the calls.

    void note(std::string what)
    {
        if (keep_log)
            log.push_back(std::to_string(ms()) + " ms: " + std::move(what));
    }

    // ---- time

    void after(milliseconds d, std::function<void()> what)
    {
        queue_.try_emplace({now_ + d, ++order_}, std::move(what));
    }

    /// False where the pool wanted to be woken so often that it must be going round in circles.
    bool run(milliseconds d)
    {
        time_point const until = now_ + d;
        for (std::uint64_t ticks = 0;;)
        {
            time_point const tick = std::max(now_, pool_->next_tick());
            time_point const next = queue_.empty() ? tick : std::min(tick, queue_.begin()->first.first);
            if (next > until)
                break;
            if (next > now_)
                ticks = 0;
            now_ = next;
            if (++ticks > 10'000)
                return false;
            if (!queue_.empty() && queue_.begin()->first.first <= tick)
                queue_.extract(queue_.begin()).mapped()();
            else
                tell([&] { pool_->tick(now_); });
        }
        now_ = until;
        return true;
    }

    // ---- the nodes' owners

    /// What is wrong with a node from now on; that alone. @param strength In 1000: of what the fault concerns.
    void upset(std::size_t i, fault kind, std::uint32_t strength)
    {
        node& n = nodes_[i];
        n.wrong[index(kind)] = strength;
        n.changed_at.push_back(now_);
        note("node " + std::to_string(i) + " gets " + std::string(fault_names[index(kind)]) + " " +
             std::to_string(strength));
        switch (kind)
        {
        case fault::cut:
            if (n.open)
                met.set(index(kind));
            n.wrong[index(kind)] = 0;
            return lose(i, "the connection was reset");
        case fault::fork:
            n.aside = view(i);
            n.aside_waiting.clear();
            return;
        case fault::freeze: n.frozen_since = now_; return;
        case fault::stale_head:
            // Some blocks behind, many, or stuck from now on.
            n.stale_by = strength > 600   ? milliseconds(0)
                         : strength > 300 ? milliseconds(600'000)
                                          : milliseconds(3000 * (1 + strength % 4));
            n.stuck_at = now_;
            return;
        case fault::head_backwards: n.backwards = strength % 2 == 0 ? 30s : 600s; return;
        default: return;
        }
    }
    void calm(std::size_t i)
    {
        node& n = nodes_[i];
        n.wrong.fill(0);
        n.aside = nullptr;
        n.frozen_since.reset();
        note("node " + std::to_string(i) + " is well");
        auto waiting = std::exchange(n.frozen, {});
        for (auto& what : waiting)
            what(); // what it was asked while it was frozen
    }
    /// Has no fault now, nor does its connection feel one from before.
    bool is_free(std::size_t i) const
    {
        node const& n = nodes_[i];
        return !n.dead && n.cut_frame.empty() &&
               std::all_of(n.wrong.begin(), n.wrong.end(), [](auto w) { return w == 0; });
    }
    /// How often a fault has begun there.
    std::uint64_t changes(std::size_t i) const { return changes_before(i, now_); }
    std::uint64_t changes_before(std::size_t i, time_point t) const
    {
        auto const& all = nodes_[i].changed_at;
        return static_cast<std::uint64_t>(std::upper_bound(all.begin(), all.end(), t) - all.begin());
    }
    std::optional<time_point> frozen_since(std::size_t i) const { return nodes_[i].frozen_since; }
    milliseconds latency(std::size_t i) const { return nodes_[i].latency; }

    // ---- calls

    struct call_record
    {
        std::string name;
        time_point submitted, deadline;
        bool idempotent = true;
        std::optional<time_point> ended;
        std::optional<bitshares::pool_failure> failure;
        unsigned ends = 0, executed = 0;
        unsigned asked = 0; ///< Times that a node was sent it.
        /// What the budget had for hedges when it ended, at least: those of nodes that hang are not charged.
        double hedges_left = 0;
    };
    std::map<std::uint64_t, call_record> const& calls() const { return records_; }

    using handler = std::function<void(call_outcome)>;

    std::uint64_t call(bitshares::any_request const& request, milliseconds deadline, handler then)
    {
        std::uint64_t const id = ++last_call_;
        records_[id] = {std::string(request.method()), now_, now_ + deadline, request.repeatable(), {}, {}, 0, 0, 0, 0};
        hedges_left_ = std::min(options_.hedge_burst, hedges_left() + options_.hedge_share);
        hedges_seen_ = pool_->counts().hedges;
        calls_.try_emplace(id, request, std::move(then));
        std::string_view const topic = request.topic().empty() ? request.method() : request.topic();
        tell([&] {
            pool_->submit(id,
                          {request.repeatable(), std::string(request.api()), now_ + deadline,
                           std::hash<std::string_view>()(topic)},
                          now_);
        });
        return id;
    }

    // ---- notices

    using listener = std::function<void(std::string_view payload_json)>;

    /// Hears the notices with this number, of whichever node. @return What ends it.
    std::uint64_t listen(std::uint64_t callback, listener hear)
    {
        listeners_[++last_listener_] = {callback, std::move(hear)};
        return last_listener_;
    }
    void stop_listening(std::uint64_t key) { listeners_.erase(key); }

    /// Transactions that waited for a block on any node, those that a fork gave back included.
    std::set<bitshares::transaction_id> const& taken() const { return taken_; }
    std::uint64_t notices_heard() const { return notices_heard_; }

    /// How often each node was connected to.
    struct connect_record
    {
        time_point at;
        std::size_t node;
    };
    std::vector<connect_record> const& connects() const { return connects_; }

    std::vector<std::size_t> live() const
    {
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (nodes_[i].state == bitshares::node_state::live)
                all.push_back(i);
        return all;
    }

private:
    static constexpr std::size_t index(fault f) { return static_cast<std::size_t>(f); }

    // A reply can be read: any JSON will do, whoever asked looks at it.
    class reading final : public bitshares::pending_call
    {
    public:
        explicit reading(std::uint64_t a) : attempt(a) {}
        bitshares::result<void> decode(std::string_view json) override
        {
            auto read = bitshares::from_json<bitshares::raw_json>(json, {});
            if (!read)
                return read.error();
            text = std::move(read->text);
            return {};
        }

        std::uint64_t attempt; // 0: a question of the pool's own
        std::string text;
    };

    struct node final : bitshares::session::events
    {
        void on_end(std::unique_ptr<bitshares::pending_call> call, bitshares::call_end end) override
        {
            auto& r = static_cast<reading&>(*call);
            if (end.ec != bitshares::errc::cancelled)
                owner->ended(at, r, std::move(end));
        }
        void on_notice(std::uint64_t callback, std::string_view payload_json) override
        {
            owner->hear(callback, payload_json);
        }
        void on_stray(std::string_view) override {}

        simulation* owner = nullptr;
        std::size_t at = 0;

        // The node.
        std::array<std::uint32_t, fault_names.size()> wrong{}; // in 1000
        std::vector<time_point> changed_at;
        milliseconds latency{0}, behind{0}, stale_by{0}, backwards{0};
        time_point stuck_at;
        std::uint64_t heads_told = 0;
        head aside = nullptr; // on a fork of its own
        std::uint32_t asked_block = 0;
        std::vector<bitshares::signed_transaction> aside_waiting;
        std::optional<time_point> frozen_since;
        std::vector<std::function<void()>> frozen;

        // The connection to it.
        bitshares::node_state state = bitshares::node_state::idle;
        std::unique_ptr<bitshares::session> conversation;
        std::uint64_t connection = 0; // counts them, so that what belongs to an old one is dropped
        bool open = false, dead = false;
        std::uint64_t pending_callback = 0, block_callback = 0; // 0: it is not to tell
        std::uint64_t replies = 0;
        std::string cut_frame; // what is there of one
        std::vector<std::string> held;

        // What the pool is held against.
        std::uint32_t failures = 0; // one after the other, without a head between them
        std::uint32_t ejections = 0;
        std::optional<time_point> not_before;
    };

    struct called
    {
        called(bitshares::any_request r, handler h) : request(std::move(r)), then(std::move(h)) {}
        bitshares::any_request request;
        handler then;
        call_outcome last;
        bool sent = false;
        std::uint64_t missing = 0; // in the best part of an answer that there is
        std::uint64_t best_attempt = 0;
        std::optional<call_outcome> best;
    };
    struct attempted
    {
        std::size_t node;
        std::uint64_t call;
        bitshares::session::call_id on_connection;
    };

    // ---- the chain as nodes have it

    void produce()
    {
        after(3000ms - milliseconds(ms() % 3000), [this] {
            if (halted)
                return;
            ledger_.advance(now_);
            for (std::size_t i = 0; i < nodes_.size(); ++i)
                if (nodes_[i].open && nodes_[i].conversation)
                {
                    std::uint64_t const callback = nodes_[i].block_callback;
                    notify(i, callback != 0 ? callback : 4, "[[]]");  // nobody listens to 4
                    for (auto const& tx : std::vector(waiting_at(i))) // what is still pending is told again
                        tell_pending(i, tx);
                }
            produce();
        });
    }

    // To whoever listens. One may be late, and behind those that were sent after it.
    void notify(std::size_t i, std::uint64_t callback, std::string const& payload_json)
    {
        node& n = nodes_[i];
        if (n.dead)
            return;
        if (n.wrong[index(fault::freeze)] != 0)
        {
            n.frozen.push_back([this, i, callback, payload_json, of = n.connection] {
                if (nodes_[i].connection == of)
                    notify(i, callback, payload_json);
            });
            return;
        }
        if (hits(i, fault::lose_notices))
            return;
        std::string const frame =
            R"({"method":"notice","params":[)" + std::to_string(callback) + ',' + payload_json + "]}";
        for (bool again = false;; again = true)
        {
            milliseconds const late = hits(i, fault::delay) ? milliseconds(100 + draw(1500)) : 0ms;
            deliver(i, trip(i) / 2 + n.behind + late, frame);
            if (again || !hits(i, fault::duplicate_notices))
                return;
        }
    }

    // What waits there for a block.
    std::vector<bitshares::signed_transaction>& waiting_at(std::size_t i)
    {
        node& n = nodes_[i];
        return view(i) == n.aside || n.wrong[index(fault::stale_head)] != 0 ? n.aside_waiting : ledger_.pending();
    }

    void tell_pending(std::size_t i, bitshares::signed_transaction const& tx)
    {
        taken_.insert(bitshares::id_of(tx).value());
        if (nodes_[i].open && nodes_[i].conversation && nodes_[i].pending_callback != 0)
            notify(i, nodes_[i].pending_callback, '[' + bitshares::to_json(tx) + ']');
    }

    void hear(std::uint64_t callback, std::string_view payload_json)
    {
        // Who hears it may ask, end listening, or begin.
        for (auto const& [number, l] : std::map(listeners_))
            if (l.first == callback)
            {
                ++notices_heard_;
                after(0ms, [this, key = number, payload = std::string(payload_json)] {
                    if (auto const at = listeners_.find(key); at != listeners_.end())
                        listener(at->second.second)(payload);
                });
            }
    }

    head view(std::size_t i)
    {
        node& n = nodes_[i];
        time_point then = now_ - n.behind;
        if (n.wrong[index(fault::stale_head)] != 0)
            then = n.stale_by == 0ms ? std::min(then, n.stuck_at) : then - n.stale_by;
        if (n.aside == nullptr || n.wrong[index(fault::fork)] == 0)
            return ledger_.head_at(then);
        // A third of the witnesses is there, at most, and their slots are nobody else's.
        for (std::uint32_t slot = n.aside->block.timestamp.seconds + 10; slot <= simulated_ledger::seconds(then);
             slot += 10)
            n.aside = ledger_.produce_aside(n.aside, slot, n.aside_waiting);
        return n.aside;
    }

    // Where a node stands that is asked: whether it is elsewhere than it would be if it were well, is seen only now.
    head asked_view(std::size_t i)
    {
        node& n = nodes_[i];
        head const h = view(i);
        if (h != ledger_.head_at(now_ - n.behind))
            met.set(index(h == n.aside ? fault::fork : fault::stale_head));
        return h;
    }

    head told_head(std::size_t i)
    {
        node& n = nodes_[i];
        if (n.wrong[index(fault::head_backwards)] != 0 && ++n.heads_told % 2 == 0)
        {
            met.set(index(fault::head_backwards));
            return ledger_.head_at(now_ - n.behind - n.backwards);
        }
        return asked_view(i);
    }

    static std::string refused(int code, std::string_view message)
    {
        return "\"error\":{\"code\":" + std::to_string(code) + ",\"message\":\"" + std::string(message) + "\"}";
    }
    static std::string answered(std::string_view json) { return "\"result\":" + std::string(json); }

    static std::vector<std::uint64_t> numbers(std::string_view json)
    {
        std::vector<std::uint64_t> all;
        for (char const *at = json.data(), *const end = at + json.size(); at != end;)
        {
            std::uint64_t n = 0;
            auto const read = std::from_chars(at, end, n);
            if (read.ec == std::errc())
                all.push_back(n);
            at = read.ec == std::errc() ? read.ptr : at + 1;
        }
        return all;
    }

    // What a node says to a request: the member of a reply.
    std::string answer(std::size_t i, bitshares::any_request const& request)
    {
        using namespace bitshares;
        node& n = nodes_[i];
        std::string_view const api = request.api(), method = request.method();
        if (n.wrong[index(fault::missing_apis)] != 0 &&
            (n.wrong[index(fault::missing_apis)] > 300 ? api == "history"
                                                       : method == "get_block" || api == "network_broadcast"))
        {
            met.set(index(fault::missing_apis));
            return refused(-32601, "Method not found");
        }
        auto const limited = [&](std::uint64_t asked) {
            if (n.wrong[index(fault::limits)] == 0 || asked <= 10)
                return false;
            met.set(index(fault::limits));
            return true;
        };
        if (method == "get_chain_id")
        {
            if (n.wrong[index(fault::wrong_chain)] == 0)
                return answered("\"right\"");
            met.set(index(fault::wrong_chain));
            return answered("\"wrong\"");
        }
        if (method == "get_dynamic_global_properties")
            return answered(properties(told_head(i)));
        if (method == "get_block" || method == "get_block_header")
        {
            head const h =
                simulated_ledger::at(asked_view(i), static_cast<std::uint32_t>(numbers(request.params_json()).at(0)));
            if (h == nullptr)
                return answered("null");
            if (!h->block.transactions.empty() && hits(i, fault::lie))
            {
                signed_block other = h->block; // that nothing was paid
                other.transactions.clear();
                return answered(to_json(other));
            }
            return answered(h->json);
        }
        if (method == "get_objects")
            return answered((request.params_json().find("\"2.1.0\"") != std::string_view::npos
                                 ? '[' + properties(asked_view(i)) + ','
                                 : "[") +
                            "{\"id\":\"2.6.6\",\"total_ops\":" + std::to_string(asked_view(i)->entry_count) +
                            ",\"removed_ops\":0}]");
        if (method == "get_relative_account_history")
        {
            auto const n4 = numbers(request.params_json()); // 1, 2, account, stop, limit, start
            if (limited(n4.at(4)))
                return refused(10, "limit <= configured_limit: limit can not be greater than 10");
            return answered(list(i, n4.at(3), n4.at(5), n4.at(4), &simulated_ledger::state::entries,
                                 &simulated_ledger::state::entry_count));
        }
        if (method == "get_fill_order_history")
        {
            auto const n7 = numbers(request.params_json()); // of two ids, and the limit
            if (limited(n7.back()))
                return refused(10, "limit <= configured_limit: limit can not be greater than 10");
            return answered(list(i, 1, asked_view(i)->fill_count, n7.back(), &simulated_ledger::state::fills,
                                 &simulated_ledger::state::fill_count));
        }
        if (method == "broadcast_transaction")
        {
            std::string_view const params = request.params_json();
            auto const tx = from_json<signed_transaction>(params.substr(1, params.size() - 2), {}).value();
            head const h = asked_view(i);
            auto& waiting = waiting_at(i);
            if (auto const taken = simulated_ledger::push(h, tx, waiting); !taken)
                return refused(static_cast<int>(taken.error().code()), taken.error().message());
            for (std::size_t k = 0; k < nodes_.size(); ++k)
                if (&waiting_at(k) == &waiting)
                    tell_pending(k, tx);
            return answered("null");
        }
        if (method == "set_pending_transaction_callback" || method == "set_block_applied_callback")
        {
            (method == "set_block_applied_callback" ? n.block_callback : n.pending_callback) =
                numbers(request.params_json()).at(0);
            return answered("null");
        }
        return answered(hits(i, fault::lie) ? "\"a lie\"" : "\"true\"");
    }

    static std::string properties(head h)
    {
        bitshares::dynamic_global_property_object p;
        p.head_block_number = h->number;
        p.head_block_id = h->id;
        p.time = h->block.timestamp;
        p.next_maintenance_time = {simulated_ledger::genesis + 100'000'000};
        p.last_irreversible_block_num = h->irreversible;
        return bitshares::to_json(p);
    }

    // Entries from `last` down to `first`, newest first.
    template <class Entry>
    std::string list(std::size_t i, std::uint64_t first, std::uint64_t last, std::uint64_t limit,
                     std::vector<Entry> simulated_ledger::state::* entries,
                     std::uint64_t simulated_ledger::state::* count)
    {
        node& n = nodes_[i];
        std::string json = "[";
        std::uint64_t taken = 0;
        for (head h = asked_view(i); h != nullptr && h->*count >= first && taken < limit; h = h->before)
        {
            std::uint64_t number = h->*count;
            for (auto e = (h->*entries).rbegin(); e != (h->*entries).rend(); ++e, --number)
            {
                if (number > last || number < first || ++taken > limit)
                    continue;
                // Operations of some blocks are gone, and no count tells of it.
                if (n.wrong[index(fault::history_hole)] != 0 && h->number % 7 < 2)
                {
                    met.set(index(fault::history_hole));
                    continue;
                }
                json += (json.size() > 1 ? "," : "") + bitshares::to_json(*e);
            }
        }
        return json + "]";
    }

    // ---- the wires

    bool hits(std::size_t i, fault kind)
    {
        if (nodes_[i].wrong[index(kind)] == 0 || draw(1000) >= nodes_[i].wrong[index(kind)])
            return false;
        met.set(index(kind));
        return true;
    }

    milliseconds trip(std::size_t i) { return nodes_[i].latency + milliseconds(draw(10)); }

    // On this connection, if it is still there then.
    void later(std::size_t i, milliseconds d, std::function<void()> what)
    {
        after(d, [this, i, of = nodes_[i].connection, what = std::move(what)] {
            if (nodes_[i].connection == of)
                what();
        });
    }

    void lose(std::size_t i, std::string why)
    {
        node& n = nodes_[i];
        if (!n.conversation)
            return;
        bury(n);
        tell([&] { pool_->failed(i, std::move(why), now_); });
    }

    // A session must not go while it is being told something.
    void bury(node& n)
    {
        n.open = false;
        n.pending_callback = n.block_callback = 0;
        ++n.connection;
        n.held.clear();
        n.cut_frame.clear();
        if (n.conversation)
        {
            buried_.push_back(std::move(n.conversation));
            if (depth_ == 0)
                buried_.clear();
        }
    }

    struct question
    {
        bitshares::any_request request;
        std::uint64_t call; // 0: the pool's
    };

    void arrive(std::size_t i, std::string const& id, question const& q)
    {
        node& n = nodes_[i];
        if (!n.dead && hits(i, fault::half_open))
            n.dead = true;
        if (n.dead)
            return;
        if (n.wrong[index(fault::freeze)] != 0)
        {
            met.set(index(fault::freeze));
            n.frozen.push_back([this, i, id, q, of = n.connection] {
                if (nodes_[i].connection == of)
                    arrive(i, id, q);
            });
            return;
        }
        std::string const body = answer(i, q.request);
        if (q.call != 0 && !body.starts_with("\"error\":{\"code\":-32601"))
            ++records_[q.call].executed;
        if (hits(i, fault::lose))
            return;
        std::string frame = "{\"id\":" + (hits(i, fault::unknown_id) ? "999999999" : id) + ',' +
                            (id.back() % 2 == 0 ? "" : "\"jsonrpc\":\"2.0\",") + body + '}';
        if (hits(i, fault::garbage))
            frame = "<html><h1>Internal Server Error</h1></html>";
        ++n.replies;
        milliseconds d = trip(i) / 2;
        if (hits(i, fault::delay))
            d += milliseconds(100 + draw(1500));
        if (hits(i, fault::reorder))
        {
            n.held.push_back(std::move(frame));
            return later(i, d + 50ms, [this, i] { release(i, 0ms); });
        }
        if (hits(i, fault::close_mid_frame) || hits(i, fault::oversized_frame))
            return later(i, d, [this, i] { lose(i, "the frame cannot be read"); });
        if (hits(i, fault::drop))
            return later(i, d, [this, i] { lose(i, "the connection was closed"); });
        if (n.cut_frame.empty() && hits(i, fault::truncated_frame))
        {
            // What comes next is taken for its other half.
            n.cut_frame = frame.substr(0, frame.size() / 2) + "\x81\x7e";
            return;
        }
        bool const twice = hits(i, fault::duplicate);
        deliver(i, d, frame);
        if (twice)
            deliver(i, d + 1ms, frame);
        release(i, d);
    }

    void release(std::size_t i, milliseconds d)
    {
        auto held = std::exchange(nodes_[i].held, {});
        for (auto frame = held.rbegin(); frame != held.rend(); ++frame)
            deliver(i, d, std::move(*frame));
    }

    void deliver(std::size_t i, milliseconds d, std::string frame)
    {
        later(i, d, [this, i, frame = std::move(frame)]() mutable {
            node& n = nodes_[i];
            if (n.dead || !n.conversation)
                return;
            if (!n.cut_frame.empty())
                frame = std::exchange(n.cut_frame, {}) + frame;
            pool_->heard(i, now_);
            ++depth_;
            bool const understood = n.conversation->received(frame);
            --depth_;
            if (!understood)
                lose(i, "a frame that is no JSON-RPC message");
            if (depth_ == 0)
                buried_.clear();
        });
    }

    void ask(std::size_t i, bitshares::any_request const& request, std::uint64_t call, std::uint64_t attempt)
    {
        bitshares::session& s = *nodes_[i].conversation;
        auto const id = s.submit(request, std::make_unique<reading>(attempt), time_point::max());
        (void)s.next_frame(); // what stands in it is known here
        if (attempt != 0)
            attempts_.insert_or_assign(attempt, attempted{i, call, id});
        later(i, trip(i) / 2, [this, i, id = std::to_string(id), q = question{request, call}] { arrive(i, id, q); });
    }

    // ---- the client: what the driver of node_pool does

    // Runs the engine; then the calls that have ended are told.
    template <class Function>
    void tell(Function const& function)
    {
        ++depth_;
        function();
        while (!endings_.empty())
        {
            auto [then, outcome] = std::move(endings_.back());
            endings_.pop_back();
            if (then)
                then(std::move(outcome));
        }
        if (--depth_ == 0)
            buried_.clear();
    }

    void ended(std::size_t i, reading& r, bitshares::call_end end)
    {
        using bitshares::attempt_end;
        using bitshares::errc;
        if (r.attempt == 0)
            return learned(i, r.text, end);
        auto const at = attempts_.find(r.attempt);
        if (at == attempts_.end())
            return;
        std::uint64_t const of = at->second.call;
        attempts_.erase(at);
        attempt_end how = attempt_end::answered;
        std::string why;
        if (end.ec)
        {
            how = end.ec == errc::timed_out       ? attempt_end::timed_out
                  : end.ec == errc::invalid_reply ? attempt_end::node_fault
                                                  : attempt_end::broken;
            why = end.ec.message();
        }
        else if (end.refusal && *end.refusal == bitshares::node_errc::unknown_method)
            how = attempt_end::lacking;
        else if (end.refusal && *end.refusal == bitshares::node_errc::internal_error)
            how = attempt_end::node_fault;
        called& c = calls_.at(of);
        c.last = {end.ec, end.refusal, r.text, end.detail, {}};
        if (how == attempt_end::answered && c.request.repeatable())
        {
            bool const limit = end.refusal && is_limit_refusal(*end.refusal);
            bitshares::raw_json const said{r.text};
            std::uint64_t const missing = limit         ? std::numeric_limits<std::uint64_t>::max()
                                          : end.refusal ? 0
                                                        : c.request.missing_in(&said);
            if (missing != 0)
                how = attempt_end::partial;
            if (missing != 0 && (!c.best || missing < c.missing))
            {
                c.missing = missing;
                c.best_attempt = r.attempt;
                c.best = c.last;
            }
        }
        tell([&] { pool_->ended(r.attempt, how, std::move(why), now_); });
    }

    void learned(std::size_t i, std::string const& text, bitshares::call_end const& end)
    {
        if (end.ec || end.refusal)
            return tell([&] { pool_->failed(i, "it does not say what it is", now_); });
        if (text == "\"wrong\"")
            return tell([&] { pool_->wrong_chain(i, "it serves another chain", now_); });
        if (text == "\"right\"")
            return tell([&] { pool_->connected(i, now_); });
        if (text == "null" || text.find("\"previous\"") != text.npos)
        {
            auto const header = bitshares::from_json<std::optional<bitshares::signed_block>>(text, {}).value();
            return tell([&] {
                pool_->checked(i, nodes_[i].asked_block, header ? std::optional(header->previous) : std::nullopt, now_);
            });
        }
        auto const p = bitshares::from_json<bitshares::dynamic_global_property_object>(text, {});
        if (!p)
            return tell([&] { pool_->failed(i, "it does not tell its head", now_); });
        nodes_[i].failures = 0;
        bitshares::node_head said;
        said.block = p->head_block_number;
        said.time = p->time.seconds;
        said.next_maintenance = p->next_maintenance_time.seconds;
        said.irreversible = p->last_irreversible_block_num;
        tell([&] { pool_->probed(i, said, now_); });
    }

    void connect(std::size_t i) override
    {
        node& n = nodes_[i];
        n.owner = this;
        n.at = i;
        connects_.push_back({now_, i});
        if (n.not_before && now_ < *n.not_before && !live().empty())
            broken.push_back("node " + std::to_string(i) + " was ejected, and connected to " +
                             std::to_string(std::chrono::duration_cast<milliseconds>(*n.not_before - now_).count()) +
                             " ms too early");
        bury(n);
        n.dead = false;
        n.replies = 0;
        n.conversation = std::make_unique<bitshares::session>(n);
        for (fault const kind :
             {fault::refuse, fault::tls_expired, fault::tls_wrong_host, fault::tls_self_signed,
              fault::tls_unknown_authority, fault::http_status_429, fault::http_status_502, fault::http_status_503})
            if (hits(i, kind))
                return later(i, kind == fault::refuse ? 1ms : trip(i) * 2,
                             [this, i, kind] { lose(i, std::string(fault_names[index(kind)])); });
        if (hits(i, fault::tarpit))
            return;
        later(i, trip(i) * 3, [this, i] {
            node& m = nodes_[i];
            m.open = true;
            if (m.wrong[index(fault::drop)] >= 900)
            {
                met.set(index(fault::drop));
                later(i, 100ms, [this, i] { lose(i, "the connection was closed"); });
            }
            ask(i, {"database", "get_chain_id", "[]"}, 0, 0);
        });
    }
    void probe(std::size_t i) override { ask(i, {"database", "get_dynamic_global_properties", "[]"}, 0, 0); }
    void check(std::size_t i, std::uint32_t block) override
    {
        nodes_[i].asked_block = block;
        ask(i, {"database", "get_block_header", "[" + std::to_string(block + 1) + "]"}, 0, 0);
    }
    void disconnect(std::size_t i) override { bury(nodes_[i]); }
    void send(std::uint64_t attempt, std::uint64_t call, std::size_t i) override
    {
        called& c = calls_.at(call);
        c.sent = true;
        ++records_.at(call).asked;
        ask(i, c.request, call, attempt);
    }
    void abandon(std::uint64_t attempt) override
    {
        auto const at = attempts_.find(attempt);
        if (at == attempts_.end())
            return;
        attempted const a = at->second;
        attempts_.erase(at);
        if (nodes_[a.node].conversation)
            nodes_[a.node].conversation->cancel(a.on_connection);
    }
    void finish(std::uint64_t id, std::uint64_t) override { end(id, std::move(calls_.at(id).last), {}); }
    std::uint64_t settle(std::uint64_t id) override
    {
        called& c = calls_.at(id);
        std::uint64_t const best = c.best->refusal ? 0 : c.best_attempt;
        end(id, std::move(*c.best), {});
        return best;
    }
    void give_up(std::uint64_t id, bitshares::pool_failure why) override
    {
        using bitshares::errc;
        using bitshares::pool_failure;
        called& c = calls_.at(id);
        call_outcome last = std::move(c.last);
        if (why == pool_failure::maybe_applied)
            last = {};
        if (!last.refusal && last.ec != errc::invalid_reply)
            switch (why)
            {
            case pool_failure::timed_out: last.ec = c.sent ? errc::timed_out : errc::no_node; break;
            case pool_failure::maybe_applied: last.ec = errc::maybe_applied; break;
            case pool_failure::retry_budget: last.ec = errc::retry_budget; break;
            case pool_failure::rate_limited: last.ec = errc::rate_limited; break;
            case pool_failure::wrong_chain: last.ec = errc::wrong_chain; break;
            }
        last.failure = why;
        end(id, std::move(last), why);
    }
    void end(std::uint64_t id, call_outcome outcome, std::optional<bitshares::pool_failure> failure)
    {
        call_record& r = records_.at(id);
        ++r.ends;
        r.ended = now_;
        r.failure = failure;
        r.hedges_left = hedges_left();
        auto const at = calls_.find(id);
        endings_.emplace_back(std::move(at->second.then), std::move(outcome));
        calls_.erase(at);
    }
    void changed(bitshares::pool_event const& event) override
    {
        using bitshares::node_state;
        node& n = nodes_[event.node];
        if (event.why.starts_with("carries the calls"))
        {
            note("node " + std::to_string(event.node) + ' ' + event.why);
            return after(0ms, [this] { on_lead(); });
        }
        n.state = event.state;
        note("node " + std::to_string(event.node) + " is " + std::string(name_of(event.state)) +
             (event.why.empty() ? "" : ": " + event.why));
        // Three failures one after the other eject a node for growing times: half of them at most, and nobody where nobody
        // else is there.
        if (event.state != node_state::waiting && event.state != node_state::ejected)
            return;
        if (++n.failures < bitshares::pool_options().eject_failures || live().empty())
            return;
        std::size_t ejected = 1;
        for (node const& m : nodes_)
            ejected += &m != &n && m.state == node_state::ejected;
        if (ejected * 2 > nodes_.size())
            return;
        n.failures = 0;
        n.not_before = now_ + std::min<milliseconds>(eject_max, eject_time * ++n.ejections);
    }

    double hedges_left() const { return hedges_left_ - static_cast<double>(pool_->counts().hedges - hedges_seen_); }

    static constexpr milliseconds eject_time{30'000}, eject_max{300'000};

    bitshares::pool_options options_;
    std::mt19937_64 random_;
    time_point now_ = beginning;
    simulated_ledger ledger_;
    std::vector<node> nodes_;
    std::uint64_t order_ = 0;
    std::uint64_t last_call_ = 0;
    std::map<std::pair<time_point, std::uint64_t>, std::function<void()>> queue_;
    std::map<std::uint64_t, call_record> records_;
    std::map<std::uint64_t, called> calls_;
    std::map<std::uint64_t, attempted> attempts_;
    std::vector<connect_record> connects_;
    std::map<std::uint64_t, std::pair<std::uint64_t, listener>> listeners_;
    std::uint64_t last_listener_ = 0;
    std::uint64_t notices_heard_ = 0;
    double hedges_left_ = options_.hedge_burst;
    std::uint64_t hedges_seen_ = 0;
    std::set<bitshares::transaction_id> taken_;
    std::vector<std::pair<handler, call_outcome>> endings_;
    std::vector<std::unique_ptr<bitshares::session>> buried_;
    int depth_ = 0;
    std::optional<engine> pool_;
};

} // namespace bitshares_test
