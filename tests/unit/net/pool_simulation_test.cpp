// 26 nodes in random trouble, and a client that calls, follows and pays: what it was promised holds in every schedule.
//
// BITSHARES_POOL_SCHEDULES: how many. BITSHARES_POOL_SEED=N plays one again, BITSHARES_POOL_LOG=1 tells what happened in it.

#include "support/folder.hpp"
#include "support/network_simulation.hpp"

#include <bitshares/protocol/binary.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/network_broadcast.hpp>
#include <bitshares/testing/faults.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares_test;
using bitshares::pool_options;

namespace {

using milliseconds = std::chrono::milliseconds;

/// What is switched off, to see that it is missed.
enum class without
{
    nothing,
    back_fill,
    hedging,
    ejection,
    journal
};

std::uint64_t number_of(bitshares::block_event const& e)
{
    return e.number;
}
std::uint64_t number_of(bitshares::account_event const& e)
{
    return e.sequence;
}
std::uint64_t number_of(bitshares::market_event const& e)
{
    return e.sequence;
}

/// Asks what a source wants to know, and keeps what it tells.
template <class Event>
class follower
{
public:
    using factory = std::function<std::unique_ptr<bitshares::event_source<Event>>(bool from_the_beginning)>;

    follower(simulation& net, factory make) : net_(net), make_(std::move(make)), source_(make_(true))
    {
        if (auto const callback = source_->callback())
            net_.listen(*callback, [this](std::string_view payload_json) {
                if (failure)
                    return;
                source_->on_notice(payload_json, net_.now());
                if (!asking_)
                    return run();
                while (source_->ready()) // what is asked for holds up no event
                    take();
            });
        run();
    }

    /// As clients do that subscribe again where they are, and fill no gap.
    void begin_again()
    {
        ++life_;
        asking_ = false;
        source_ = make_(false);
        run();
    }

    std::vector<Event> events;
    std::uint64_t last = 0; ///< Number of the one that stands.
    std::optional<bitshares::error> failure;

private:
    void take()
    {
        events.push_back(source_->take());
        if constexpr (requires { number_of(events.back()); })
            last = number_of(events.back()) - (events.back().kind == bitshares::event_kind::undone ? 1 : 0);
    }

    void run()
    {
        ++wait_;
        for (;;)
        {
            auto const step = source_->next(net_.now());
            using kind = bitshares::subscription_step::kind;
            switch (step.what)
            {
            case kind::deliver: take(); break;
            case kind::fail: failure = source_->failure(); return;
            case kind::wait:
                return net_.after(step.delay, [this, life = life_, wait = wait_] {
                    if (life == life_ && wait == wait_)
                        run();
                });
            case kind::ask:
                asking_ = true;
                net_.call(*step.question, 10s, [this, life = life_](call_outcome const& o) {
                    if (life != life_)
                        return;
                    asking_ = false;
                    if (!o.ec && !o.refusal)
                        source_->on_reply(o.result, net_.now());
                    else
                        source_->on_failed(o.ec ? o.ec : make_error_code(bitshares::errc::invalid_reply),
                                           o.refusal ? o.refusal->message() : o.detail, net_.now());
                    run();
                });
                return;
            }
        }
    }

    simulation& net_;
    factory make_;
    std::unique_ptr<bitshares::event_source<Event>> source_;
    std::uint64_t life_ = 0;
    std::uint64_t wait_ = 0; // counts them: a notice ends one
    bool asking_ = false;
};

/// A program that carries out intents, and is killed now and then. With a journal it goes on from what that has; without one it
/// knows of what it had finished.
class payer
{
public:
    payer(simulation& net, std::string file, bool with_journal)
        : net_(net), file_(std::move(file)), with_journal_(with_journal)
    {
        start();
    }

    static std::string key_of(std::size_t i) { return "intent-" + std::to_string(i); }
    static std::int64_t amount_of(std::size_t i) { return 1'000 + static_cast<std::int64_t>(i); }

    void add_intent()
    {
        if (running_)
            begin(intents_++);
        else
            ++intents_;
    }
    std::size_t intents() const { return intents_; }
    bool done() const { return running_ && tasks_.empty(); }

    /// At once, or while a record is written: so many stages later.
    void kill(std::uint64_t stages)
    {
        if (!running_)
            return;
        fuse_ = stages;
        if (stages == 0 || !with_journal_)
            die();
    }

    bitshares::tx_journal const* journal() const { return journal_ ? &*journal_ : nullptr; }

private:
    struct killed
    {};
    struct task
    {
        std::optional<bitshares::tx_outcome_tracker> tracker;
    };

    void start()
    {
        running_ = true;
        guarded([this] {
            if (with_journal_)
                journal_.emplace(
                    bitshares::tx_journal::open(file_, bitshares::journal_options().observe(
                                                           [this](bitshares::tx_state, bitshares::journal_stage) {
                                                               if (fuse_ != 0 && --fuse_ == 0)
                                                                   throw killed();
                                                           }))
                        .value());
            for (std::size_t i = 0; i < intents_; ++i)
                begin(i);
        });
    }

    void die()
    {
        net_.note("the payer is killed");
        running_ = false;
        ++life_;
        tasks_.clear();
        journal_.reset();
        net_.after(700ms, [this] { start(); });
    }

    template <class Function>
    void guarded(Function const& function)
    {
        try
        {
            function();
        }
        catch (killed const&)
        {
            die();
        }
    }

    // Later, unless it was killed meanwhile.
    template <class Then>
    auto alive(Then then)
    {
        return [this, life = life_, then = std::move(then)](auto const&... values) {
            if (life == life_)
                guarded([&] { then(values...); });
        };
    }

    bitshares::broadcast_options options() const
    {
        return bitshares::broadcast_options().irreversible(true).prove_refusal(true);
    }

    void begin(std::size_t i)
    {
        if (finished_.contains(i))
            return;
        tasks_[i];
        if (with_journal_)
            if (auto const* const known = journal_->find(key_of(i)))
            {
                if (known->state == bitshares::tx_state::irreversible)
                {
                    tasks_.erase(i);
                    return;
                }
                if (!is_final(known->state))
                    return follow(i, bitshares::unpack<bitshares::signed_transaction>(known->packed).value(),
                                  known->state, false);
            }
        make(i);
    }

    // With an irreversible block to refer to.
    void make(std::size_t i)
    {
        auto const again = [this, i] { net_.after(1s, alive([this, i] { make(i); })); };
        net_.call(
            bitshares::database::get_dynamic_global_properties(), 10s, alive([this, i, again](call_outcome const& o) {
                auto const p = properties_of(o);
                if (!p)
                    return again();
                net_.call(bitshares::database::get_block(p->last_irreversible_block_num + 1), 10s,
                          alive([this, i, p, again](call_outcome const& b) {
                              auto const block = block_of(b);
                              if (!block || !*block || block_num_of(**block) != p->last_irreversible_block_num + 1)
                                  return again();
                              bitshares::signed_transaction tx;
                              tx.ref_block_num = static_cast<std::uint16_t>(p->last_irreversible_block_num & 0xffff);
                              tx.ref_block_prefix = bitshares::tapos_prefix((*block)->previous);
                              tx.expiration = {p->time.seconds + 30};
                              bitshares::transfer op;
                              op.from = bitshares::account_id(simulated_ledger::payer);
                              op.to = bitshares::account_id(simulated_ledger::shop);
                              op.amount = bitshares::asset{amount_of(i), bitshares::core_asset};
                              tx.operations.emplace_back(op);
                              tx.signatures.emplace_back();
                              bitshares::chain_id_type chain;
                              chain.data.fill(0x11);
                              // From a node whose head stands still it may be the very one that has expired.
                              if (journal_ && !journal_->prepare(key_of(i), chain, tx))
                                  return again();
                              net_.note(key_of(i) + " is prepared");
                              follow(i, std::move(tx), bitshares::tx_state::prepared, false);
                          }));
            }));
    }

    void follow(std::size_t i, bitshares::signed_transaction tx, bitshares::tx_state from, bool maybe_sent)
    {
        tasks_.at(i).tracker.emplace(
            bitshares::tx_outcome_tracker::create(std::move(tx), options().may_have_been_sent(maybe_sent), from)
                .value());
        go_on(i);
    }

    static std::optional<bitshares::dynamic_global_property_object> properties_of(call_outcome const& o)
    {
        if (o.ec || o.refusal)
            return std::nullopt;
        auto p = bitshares::from_json<bitshares::dynamic_global_property_object>(o.result, {});
        return p ? std::optional(*p) : std::nullopt;
    }
    static std::optional<std::optional<bitshares::signed_block>> block_of(call_outcome const& o)
    {
        if (o.ec || o.refusal)
            return std::nullopt;
        auto b = bitshares::from_json<std::optional<bitshares::signed_block>>(o.result, {});
        return b ? std::optional(std::move(*b)) : std::nullopt;
    }

    void go_on(std::size_t i)
    {
        using kind = bitshares::tracking_step::kind;
        auto& tracker = *tasks_.at(i).tracker;
        auto const failed = [this, i](call_outcome const& o) {
            tasks_.at(i).tracker->on_failed(o.ec ? o.ec : make_error_code(bitshares::errc::invalid_reply),
                                            o.refusal ? o.refusal->message() : o.detail, net_.now());
        };
        for (;;)
        {
            auto const step = tracker.next(net_.now());
            switch (step.what)
            {
            case kind::done: return finish(i);
            case kind::record:
                net_.note(key_of(i) + " is " + std::string(name_of(step.state)));
                if (journal_)
                    journal_->record(key_of(i), step.state, tracker.outcome()).value();
                tracker.on_recorded();
                break;
            case kind::wait: return net_.after(step.delay, alive([this, i] { go_on(i); }));
            case kind::properties:
                net_.call(bitshares::database::get_dynamic_global_properties(), 10s,
                          alive([this, i, failed](call_outcome const& o) {
                              if (auto const p = properties_of(o))
                                  tasks_.at(i).tracker->on_properties(*p, net_.now());
                              else
                                  failed(o);
                              go_on(i);
                          }));
                return;
            case kind::blocks:
                net_.call(bitshares::database::get_block(step.first), 10s,
                          alive([this, i, failed](call_outcome const& o) {
                              if (auto b = block_of(o))
                                  tasks_.at(i).tracker->on_blocks({std::move(*b)}, net_.now());
                              else
                                  failed(o);
                              go_on(i);
                          }));
                return;
            case kind::send:
                net_.call(bitshares::network_broadcast::broadcast_transaction(tracker.signed_tx()), 10s,
                          alive([this, i, failed](call_outcome const& o) {
                              if (o.ec)
                                  failed(o);
                              else if (o.refusal)
                                  tasks_.at(i).tracker->on_sent(*o.refusal, net_.now());
                              else
                                  tasks_.at(i).tracker->on_sent({}, net_.now());
                              go_on(i);
                          }));
                return;
            }
        }
    }

    void finish(std::size_t i)
    {
        auto const& tracker = *tasks_.at(i).tracker;
        if (tracker.ec())
            net_.note(key_of(i) + ": " + tracker.ec().message() + ", " + tracker.detail());
        if (tracker.state() == bitshares::tx_state::irreversible)
        {
            if (!with_journal_)
                finished_.insert(i);
            tasks_.erase(i);
        }
        else if (!tracker.ec())
            make(i); // proven absent
        else
            net_.after(1s, alive([this, i] {
                           auto const old = *tasks_.at(i).tracker;
                           follow(i, old.signed_tx(), old.state(), old.may_be_sent());
                       }));
    }

    simulation& net_;
    std::string file_;
    bool with_journal_;
    std::optional<bitshares::tx_journal> journal_;
    std::size_t intents_ = 0;
    std::set<std::size_t> finished_; // without a journal, what is known to be done
    std::map<std::size_t, task> tasks_;
    std::uint64_t life_ = 0;
    std::uint64_t fuse_ = 0; // stages of records until it is killed
    bool running_ = false;
};

/// What a schedule came to.
struct result
{
    std::vector<std::string> broken; ///< Rules.
    std::bitset<fault_names.size()> met;
    std::size_t calls = 0, events = 0, undone = 0, payments = 0, kills = 0, pending = 0, notices = 0;
    std::vector<std::string> log;
};

/// What is left when undone events are taken away; each has to be the newest one then.
template <class Event>
std::vector<Event> standing(std::string const& name, std::vector<Event> const& events, result& r)
{
    std::vector<Event> left;
    for (Event const& e : events)
    {
        ++r.events;
        if (e.kind == bitshares::event_kind::undone)
        {
            ++r.undone;
            if (left.empty() || number_of(left.back()) != number_of(e))
                r.broken.push_back(name + ": " + std::to_string(number_of(e)) + " is undone, which was not told last");
            else
                left.pop_back();
        }
        else
        {
            if (!left.empty() && number_of(e) != number_of(left.back()) + 1)
                r.broken.push_back(name + ": " + std::to_string(number_of(e)) + " follows " +
                                   std::to_string(number_of(left.back())));
            left.push_back(e);
        }
    }
    return left;
}

std::size_t most_connects_a_minute(simulation const& net, std::size_t node)
{
    std::vector<simulation::time_point> times;
    for (auto const& c : net.connects())
        if (c.node == node)
            times.push_back(c.at);
    std::size_t most = 0;
    for (std::size_t i = 0; i < times.size(); ++i)
        most = std::max(most, static_cast<std::size_t>(
                                  std::upper_bound(times.begin(), times.end(), times[i] + 60s - 1ns) - times.begin()) -
                                  i);
    return most;
}

// Where a journal's fsync costs nothing: what is in the file is looked at here, not the disk.
std::filesystem::path scratch()
{
    std::filesystem::path const memory = "/dev/shm";
    std::error_code ignored;
    return std::filesystem::is_directory(memory, ignored) ? memory : std::filesystem::temp_directory_path();
}

/// Two minutes of trouble, and then as long as the payments need.
result play(std::uint64_t seed, without off, bool keep_log = false)
{
    using bitshares::pool_failure;
    std::mt19937_64 random(seed);
    auto const draw = [&](std::uint64_t below) { return random() % below; };
    constexpr std::size_t nodes = 26;
    constexpr std::uint64_t trouble = 120'000; // ms
    pool_options options;
    if (off == without::hedging)
        options.hedge_delay = 24h;
    if (off == without::ejection)
        options.eject_failures = 1'000'000;
    bool const with_rates = seed % 10 == 0;
    support::folder const folder(scratch());
    result r;
    simulation net(nodes, options, seed,
                   std::vector<simulation::engine::node_terms>(
                       nodes, with_rates ? simulation::engine::node_terms{10, 20} : simulation::engine::node_terms{}));
    net.keep_log = keep_log;

    // ---- the trouble: some nodes never have any
    std::vector<bool> is_good(nodes), may_lie(nodes);
    bool const lone = draw(8) == 0; // one is well, and the others cannot be reached all the time
    for (std::uint64_t i = lone ? 1 : 1 + draw(6); i-- > 0;)
        is_good[8 + draw(nodes - 8)] = true; // among the slower ones: the pool does not stay with them
    std::uint64_t const lasting = draw(4) == 0 ? 200'000 : 40'000; // ms at most, until it changes
    // Of the time: against a majority of liars no median helps.
    for (int i = 0; i < 5; ++i)
        may_lie[draw(nodes)] = true;
    auto const upset = [&](std::size_t i) {
        for (std::uint64_t count = draw(4) == 0 ? 2 : 1; count > 0; --count)
        {
            auto kind = static_cast<fault>(draw(fault_names.size()));
            if (!may_lie[i] &&
                (kind == fault::stale_head || kind == fault::head_backwards || kind == fault::wrong_chain))
                kind = fault::freeze;
            if (lone)
                kind = static_cast<fault>(draw(static_cast<std::uint64_t>(fault::drop)));
            net.upset(i, kind, lone || draw(2) == 0 ? 1000 : 100 + static_cast<std::uint32_t>(draw(900)));
        }
    };
    for (std::size_t i = 0; i < nodes; ++i)
        if (!is_good[i])
        {
            if (lone || draw(3) != 0)
                upset(i);
            for (std::uint64_t ms = lone ? trouble : draw(lasting / 2); ms < trouble; ms += 1 + draw(lasting))
                net.after(milliseconds(ms), [&net, &upset, &draw, i] {
                    net.calm(i);
                    if (draw(4) != 0)
                        upset(i);
                });
            net.after(milliseconds(trouble), [&net, i] { net.calm(i); });
        }

    // And whoever carries the calls gets into it.
    for (std::uint64_t ms = 5000 + draw(20'000); ms < trouble - 20'000; ms += 5000 + draw(20'000))
        net.after(milliseconds(ms), [&] {
            auto const i = net.pool().primary();
            if (!i || is_good[*i])
                return;
            net.calm(*i);
            if (draw(3) == 0)
                net.upset(*i, fault::freeze, 1000);
            else
                upset(*i);
        });

    // ---- calls
    struct watched
    {
        std::uint64_t id;
        // Nodes that are live and without a fault, and how often that had changed.
        std::vector<std::pair<std::size_t, std::uint64_t>> well;
    };
    std::vector<watched> helped;
    for (std::uint64_t ms = 0; ms < trouble; ms += 1 + draw(800))
        net.after(milliseconds(ms), [&, kind = draw(10)] {
            if (kind == 0)
                return void(net.call({"network_broadcast", "ping", "[]"}, 10s, {}));
            if (kind < 3)
                return void(net.call({"history", "get", "[]"}, 10s, {}));
            auto const first = net.pool().primary();
            auto const live = net.live();
            auto const id = net.call({"database", "get", "[]"}, kind < 6 ? 1500ms : 10000ms, {});
            if (!first || kind >= 6 || with_rates)
                return;
            // 1.5 s are enough where all that are connected but one are well. At worst that one is asked first and says
            // nothing: then another is asked after the hedge's delay, 400 ms or the first one's 95th percentile, and answers
            // after a round trip of 204 ms at most. Where hedges find no budget, as of a node that talks and does not answer,
            // the attempt's 2 s are over too late.
            auto const s = net.pool().status(*first, net.now());
            watched w{id, {}};
            for (std::size_t const i : live)
                if (net.is_free(i))
                    w.well.emplace_back(i, net.changes(i));
            if (!w.well.empty() && w.well.size() + 1 >= live.size() && (!s.p95 || *s.p95 < 1200ms))
                helped.push_back(std::move(w));
            if (live.size() != 2)
                return;
            std::size_t const other = live[0] == *first ? live[1] : live[0];
            auto const since = net.frozen_since(*first);
            if (since && net.now() - *since > 13s && net.is_free(other))
                r.broken.push_back(
                    "node " + std::to_string(*first) + " carries the calls, though it has been frozen for " +
                    std::to_string(std::chrono::duration_cast<milliseconds>(net.now() - *since).count()) + " ms");
        });

    // ---- what is followed
    bool const irreversible = seed % 3 == 0;
    auto const following = [&](std::optional<std::uint64_t> last) {
        bitshares::subscription_options o;
        o.irreversible_only(irreversible).poll_interval(2s).hints(seed % 2 == 0);
        if (last)
            o.after(*last);
        return o;
    };
    std::uint32_t const first_block = net.ledger().main_head()->irreversible;
    follower<bitshares::block_event> blocks(net, [&](bool begin) {
        return bitshares::follow_blocks(following(begin ? std::optional<std::uint64_t>(first_block) : std::nullopt));
    });
    follower<bitshares::account_event> operations(net, [&](bool begin) {
        return bitshares::follow_account(bitshares::account_id(simulated_ledger::shop),
                                         following(begin ? std::optional<std::uint64_t>(0) : std::nullopt));
    });
    follower<bitshares::market_event> fills(net, [&](bool begin) {
        return bitshares::follow_market(bitshares::asset_id(0), bitshares::asset_id(1),
                                        following(begin ? std::optional<std::uint64_t>(0) : std::nullopt));
    });
    follower<bitshares::object_event> objects(net, [&](bool) {
        return bitshares::follow_objects({bitshares::account_statistics_id(simulated_ledger::shop)}, following({}));
    });
    follower<bitshares::pending_event> waiting(
        net, [](bool) { return bitshares::follow_pending(bitshares::subscription_options().poll_interval(2s)); });
    if (off == without::back_fill)
        net.on_lead = [&, first = true]() mutable {
            if (std::exchange(first, false))
                return;
            blocks.begin_again();
            operations.begin_again();
            fills.begin_again();
        };

    // ---- payments
    payer program(net, folder.file("journal"), off != without::journal);
    for (std::uint64_t i = 4 + draw(4); i-- > 0;)
        net.after(milliseconds(draw(trouble)), [&] { program.add_intent(); });
    for (std::uint64_t i = draw(4); i-- > 0;)
        net.after(milliseconds(draw(trouble)), [&, stages = draw(12)] {
            ++r.kills;
            program.kill(stages);
        });

    // ---- it runs
    bool running = net.run(milliseconds(trouble));
    for (int i = 0; i < 40 && running && !program.done(); ++i)
        running = net.run(10s);
    running = running && net.run(30s);
    // That an operation is undone and nothing takes its place, is told when it would have been irreversible for long.
    for (int i = 0; i < 14 && running && std::max(operations.last, fills.last) > net.ledger().main_head()->entry_count;
         ++i)
        running = net.run(10s);
    net.halted = true;
    running = running && net.run(20s);
    if (!running)
        r.broken.push_back("the pool goes round in circles");
    r.broken.insert(r.broken.end(), net.broken.begin(), net.broken.end());
    r.met = net.met;

    // ---- what came of it
    for (auto const& [id, c] : net.calls())
    {
        ++r.calls;
        std::string const name = "call " + std::to_string(id) + " (" + c.name + ")";
        // A node that is well may be the last of the list, and nobody connected to it. It takes up to 9.6 s to find it where
        // the 25 others accept and never speak: 8.3 s, as three of them are tried at once and each is in the way for
        // slow_connect, 1 s; and six round trips of 204 ms at most: three to connect, its chain id, its head, the call. For
        // shorter calls to a node that is connected see `helped`.
        bool const long_enough = c.deadline - c.submitted >= 10s;
        bool const budget =
            c.failure == pool_failure::retry_budget || (with_rates && c.failure == pool_failure::rate_limited);
        if (c.ends > 1 || (c.ends == 0 && c.deadline < net.now()))
            r.broken.push_back(name + " ended " + std::to_string(c.ends) + " times");
        else if (c.ended && *c.ended > c.deadline)
            r.broken.push_back(name + " ended after its deadline");
        else if (c.idempotent && c.failure && long_enough && !budget)
            r.broken.push_back(
                name + " failed though a node was well, at " +
                std::to_string(std::chrono::duration_cast<milliseconds>(*c.ended - simulation::beginning).count()) +
                " ms, reason " + std::to_string(static_cast<int>(*c.failure)));
        if (!c.idempotent && c.executed > 1)
            r.broken.push_back(name + " was carried out twice");
    }
    for (watched const& w : helped)
    {
        simulation::call_record const& c = net.calls().at(w.id);
        bool const allowed = c.asked > 1 || c.hedges_left >= 1;
        // Whoever else is asked is well, too, and stays so.
        bool const stayed = std::all_of(w.well.begin(), w.well.end(), [&](auto const& node) {
            return net.changes_before(node.first, c.deadline) == node.second;
        });
        if (c.failure && allowed && stayed)
            r.broken.push_back("call " + std::to_string(w.id) + " got no answer in 1.5 s, though node " +
                               std::to_string(w.well.front().first) + " was connected and well");
    }
    // What ejection is for: nodes that cannot be reached are left alone. Where that are all but one, half of them may be ejected,
    // and 13 are connected to six times in two minutes instead of eight: 175 connects and a few, not 200.
    auto const in_trouble =
        std::count_if(net.connects().begin(), net.connects().end(), [&](simulation::connect_record const& c) {
            return c.at < simulation::beginning + milliseconds(trouble);
        });
    if (lone && in_trouble > 187)
        r.broken.push_back(std::to_string(in_trouble) +
                           " connects to 25 nodes that cannot be reached and one that can");
    for (std::size_t i = 0; i < nodes; ++i)
        if (most_connects_a_minute(net, i) > options.connects_per_minute)
            r.broken.push_back("node " + std::to_string(i) + " was connected to too often");

    auto const head = net.ledger().main_head();
    auto const seen = standing("blocks", blocks.events, r);
    auto const heard = standing("operations", operations.events, r);
    if (irreversible && r.undone != 0)
        r.broken.push_back("what was irreversible is undone");
    auto const traded = standing("fills", fills.events, r);
    for (auto const* failure : {&blocks.failure, &operations.failure, &fills.failure, &objects.failure})
        if (*failure)
            r.broken.push_back("a subscription failed: " + (*failure)->message());
    std::uint32_t const last_block = irreversible ? head->irreversible : head->number;
    if (seen.empty() || seen.front().number != first_block + 1 || seen.back().number != last_block)
        r.broken.push_back("blocks: not from " + std::to_string(first_block + 1) + " to " + std::to_string(last_block) +
                           (seen.empty() ? ""
                                         : ", but from " + std::to_string(seen.front().number) + " to " +
                                               std::to_string(seen.back().number)));
    for (auto const& e : seen)
        if (auto const at = simulated_ledger::at(head, e.number);
            at == nullptr || at->id != e.id || at->block != e.block)
            r.broken.push_back("blocks: " + std::to_string(e.number) + " is another one on the chain");
    auto ledger = simulated_ledger::history(head);
    if (irreversible)
        std::erase_if(ledger, [&](auto const& entry) { return entry.block_num > head->irreversible; });
    if (heard.size() != ledger.size())
        r.broken.push_back("operations: " + std::to_string(heard.size()) + " of " + std::to_string(ledger.size()));
    for (std::size_t i = 0; i < std::min(heard.size(), ledger.size()); ++i)
        if (heard[i].entry != ledger[i])
        {
            r.broken.push_back("operations: number " + std::to_string(i + 1) + " of " + std::to_string(ledger.size()) +
                               ", in block " + std::to_string(heard[i].entry.block_num) +
                               ", is another one on the chain, in block " + std::to_string(ledger[i].block_num) +
                               "; head block " + std::to_string(head->number));
            break;
        }

    auto market = simulated_ledger::fills(head);
    if (irreversible)
        std::erase_if(market, [&](auto const& fill) {
            return fill.time > simulated_ledger::at(head, head->irreversible)->block.timestamp;
        });
    if (traded.size() != market.size())
        r.broken.push_back("fills: " + std::to_string(traded.size()) + " of " + std::to_string(market.size()));
    for (std::size_t i = 0; i < std::min(traded.size(), market.size()); ++i)
        if (traded[i].fill != market[i])
        {
            r.broken.push_back("fills: number " + std::to_string(i + 1) + " is another one on the chain");
            break;
        }
    if (objects.events.empty() || objects.events.back().object.text.find(
                                      "\"total_ops\":" + std::to_string(head->entry_count) + ",") == std::string::npos)
        r.broken.push_back("objects: not what is on the chain in the end");
    for (std::size_t i = 1; i < objects.events.size(); ++i)
        if (objects.events[i].object == objects.events[i - 1].object)
            r.broken.push_back("objects: the same state is told twice");
        else if (objects.events[i].block <= objects.events[i - 1].block)
            r.broken.push_back("objects: an older state behind a newer one");
    r.events += objects.events.size();

    // Notices may be lost, come twice, late or in another order: what is told is told once, and was there.
    std::set<bitshares::transaction_id> told;
    for (auto const& e : waiting.events)
    {
        if (!told.insert(e.id).second)
            r.broken.push_back("pending: the same transaction is told twice");
        if (!net.taken().contains(e.id) || id_of(e.transaction).value() != e.id)
            r.broken.push_back("pending: a transaction that nobody sent");
        if (e.dropped_notices != 0)
            r.broken.push_back("pending: a notice was dropped");
    }
    if (waiting.failure)
        r.broken.push_back("pending: " + waiting.failure->message());
    r.pending = told.size();
    r.notices = net.notices_heard();

    std::map<std::int64_t, unsigned> paid;
    for (auto const& entry : simulated_ledger::history(head))
        if (auto const* const t = entry.op.get_if<bitshares::transfer>();
            t->from == bitshares::account_id(simulated_ledger::payer))
            ++paid[t->amount.amount];
    for (std::size_t i = 0; i < program.intents(); ++i)
    {
        unsigned const times = paid[payer::amount_of(i)];
        r.payments += times;
        if (times != 1)
            r.broken.push_back("intent " + std::to_string(i) + " was paid " + std::to_string(times) + " times");
        auto const* const known = program.journal() == nullptr ? nullptr : program.journal()->find(payer::key_of(i));
        if (program.journal() != nullptr &&
            (known == nullptr || known->state != bitshares::tx_state::irreversible ||
             std::count(simulated_ledger::at(head, known->block_num)->transactions.begin(),
                        simulated_ledger::at(head, known->block_num)->transactions.end(), known->id) != 1))
            r.broken.push_back("intent " + std::to_string(i) + ": the journal has it otherwise");
    }
    if (paid.size() != program.intents())
        r.broken.push_back("something was paid that nobody wanted");
    r.log = std::move(net.log);
    return r;
}

/// So many schedules, from this one on, in their order. Each is played by itself, so all processors take part.
std::vector<result> play_all(std::uint64_t first, std::uint64_t count, bool keep_log)
{
    std::vector<result> results(count);
    std::atomic<std::uint64_t> next = 0;
    std::mutex mutex;
    auto const work = [&] {
        for (std::uint64_t i = next++; i < count; i = next++)
        {
            results[i] = play(first + i, without::nothing, keep_log);
            std::lock_guard const lock(mutex);
            for (std::string const& what : results[i].broken) // at once: a run of hours may be ended before its end
                std::cerr << "seed " << first + i << ": " << what << '\n';
        }
    };
    std::vector<std::future<void>> others;
    for (unsigned n = 1; n < std::thread::hardware_concurrency(); ++n)
        others.push_back(std::async(std::launch::async, work));
    work();
    for (auto& other : others)
        other.get();
    return results;
}

// Sanitizers make it ten times slower, and find what they find in a few.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t default_count = 20;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::uint64_t default_count = 20;
#else
constexpr std::uint64_t default_count = 100;
#endif
#else
constexpr std::uint64_t default_count = 100;
#endif

std::uint64_t number_from(char const* variable, std::uint64_t otherwise)
{
    char const* const text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

} // namespace

TEST_CASE("net/pool_simulation: 26 nodes in random trouble: calls end, events are the ledger's, intents are payments")
{
    std::uint64_t const first = number_from("BITSHARES_POOL_SEED", 1);
    std::uint64_t const count =
        std::getenv("BITSHARES_POOL_SEED") != nullptr ? 1 : number_from("BITSHARES_POOL_SCHEDULES", default_count);
    std::map<std::string_view, std::size_t> met;
    result all;
    std::uint64_t seed = first;
    for (result const& r : play_all(first, count, std::getenv("BITSHARES_POOL_LOG") != nullptr))
    {
        for (auto const& line : r.log)
            MESSAGE(line);
        all.calls += r.calls;
        all.events += r.events;
        all.undone += r.undone;
        all.payments += r.payments;
        all.kills += r.kills;
        all.pending += r.pending;
        all.notices += r.notices;
        for (std::size_t i = 0; i < fault_names.size(); ++i)
            met[fault_names[i]] += r.met[i];
        for (std::size_t i = 0; i < std::min<std::size_t>(r.broken.size(), 3); ++i)
            FAIL_CHECK("BITSHARES_POOL_SEED="
                       << seed << " bitshares_unit_tests --test-case='net/pool_simulation: 26*': " << r.broken[i]);
        ++seed;
    }
    std::string kinds;
    for (auto const& [name, times] : met)
    {
        kinds += ' ' + std::string(name) + '=' + std::to_string(times);
        if (count >= 100)
            CHECK_MESSAGE(times * 100 >= count, name);
    }
    if (count >= 20)
        CHECK(all.pending * 2 > all.payments); // most of them: the node that carries the calls is asked for them again
    MESSAGE(count << " schedules, " << all.calls << " calls, " << all.events << " events (" << all.undone
                  << " undone), " << all.pending << " pending transactions by " << all.notices << " notices, "
                  << all.payments << " payments, the payer killed " << all.kills
                  << " times; faults in so many schedules:" << kinds);
}

TEST_CASE("net/pool_simulation: schedules that once broke a rule")
{
    // 6390: a fork's block, seen at two looks beside another node's head, was taken for irreversible.
    // 3289: a node alone on a fork took back what was told of an object at a higher block.
    for (std::uint64_t const seed : {std::uint64_t{6390}, std::uint64_t{3289}})
    {
        result const r = play(seed, without::nothing);
        for (std::string const& what : r.broken)
            FAIL_CHECK(seed << ": " << what);
    }
}

TEST_CASE("net/pool_simulation: every fault that a node of the tests can have is among those that are simulated")
{
    auto const& members = bitshares::detail::type_of<bitshares::testing::faults>;
    for (std::size_t i = 0; i < members.field_count; ++i)
        if (auto const name = members.fields[i].name; name != "seed")
            CHECK_MESSAGE(std::any_of(fault_names.begin(), fault_names.end(),
                                      [&](std::string_view simulated) { return simulated.starts_with(name); }),
                          name);
}

TEST_CASE("net/pool_simulation: what is switched off is missed: back-fill, hedging, ejection, the journal")
{
    struct mutation
    {
        without off;
        std::string_view name, violation; // that somebody outside the pool sees
        std::string_view also = violation;
    };
    for (mutation const& m : {mutation{without::back_fill, "back-fill", " follows "},
                              mutation{without::hedging, "hedging", "got no answer in 1.5 s"},
                              mutation{without::ejection, "ejection", "connects to 25 nodes that cannot be reached",
                                       "was ejected, and connected to"},
                              mutation{without::journal, "journal", "was paid 2 times"}})
    {
        CAPTURE(m.name);
        bool missed = false;
        // With everything switched on they pass above.
        for (std::uint64_t seed = 1; seed <= 40 && !missed; ++seed)
        {
            result const r = play(seed, m.off);
            if (r.broken.empty())
                continue;
            // Events that are left out are missed in the end, too; otherwise nothing else is broken.
            for (std::string const& what : r.broken)
            {
                bool const expected = what.find(m.violation) != std::string::npos;
                missed = missed || expected;
                CHECK_MESSAGE((expected || what.find(m.also) != std::string::npos || m.off == without::back_fill),
                              what);
            }
            for (std::string const& what : r.broken)
                if (what.find(m.violation) != std::string::npos)
                {
                    MESSAGE("without " << m.name << ", seed " << seed << ": " << what);
                    break;
                }
        }
        CHECK(missed);
    }
}
