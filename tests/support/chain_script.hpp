#pragma once

#include <bitshares/chain/outcome.hpp>
#include <bitshares/tx/builder.hpp>

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

/* A chain and nodes without keys, fees or sockets, for scripts that a tracker of outcomes is run against: blocks are linked and
   have Merkle roots, and everything may go wrong on purpose. */
namespace bitshares_test {

using namespace bitshares;

class script_chain
{
public:
    static constexpr std::uint32_t genesis_time = 1'700'000'000;
    static constexpr std::uint32_t interval = 3;
    std::uint32_t irreversible_depth = 4;

    script_chain() { produce(10); }

    std::uint32_t head() const { return static_cast<std::uint32_t>(blocks_.size()); }
    std::uint32_t irreversible() const { return head() > irreversible_depth ? head() - irreversible_depth : 0; }
    time_point_sec time() const { return blocks_.back().timestamp; }
    signed_block const& block(std::uint32_t number) const { return blocks_[number - 1]; }

    // What waits goes into the next block, as the chain's time allows.
    void produce(std::uint32_t count = 1)
    {
        for (; count != 0; --count)
        {
            signed_block b;
            b.previous = blocks_.empty() ? block_id() : id_of(static_cast<signed_block_header const&>(blocks_.back()));
            b.timestamp = {slot_};
            b.witness = witness_id(salt_);
            slot_ += interval;
            if (!blocks_.empty() && !hold_)
            {
                for (signed_transaction const& tx : pending_)
                    if (blocks_.back().timestamp <= tx.expiration && !contains(id_of(tx).value()))
                    {
                        processed_transaction processed;
                        static_cast<signed_transaction&>(processed) = tx;
                        processed.operation_results.resize(tx.operations.size());
                        b.transactions.push_back(processed);
                    }
                pending_.clear();
            }
            b.transaction_merkle_root = merkle_root(b).value();
            blocks_.push_back(std::move(b));
        }
    }

    // Takes blocks back and makes others; what was in them waits again, or is forgotten.
    void fork(std::uint32_t depth, bool keep)
    {
        ++salt_;
        for (; depth != 0 && !blocks_.empty(); --depth)
        {
            if (keep)
                for (auto const& tx : blocks_.back().transactions)
                    pending_.push_back(tx);
            blocks_.pop_back();
        }
        slot_ += interval; // the other fork missed a slot
    }

    bool contains(transaction_id const& id) const
    {
        for (signed_block const& b : blocks_)
            for (auto const& tx : b.transactions)
                if (id_of(tx).value() == id)
                    return true;
        return false;
    }

    reply<void> push(signed_transaction const& tx)
    {
        auto const id = id_of(tx).value();
        bool known = contains(id);
        for (signed_transaction const& p : pending_)
            known = known || id_of(p).value() == id;
        if (known && time() <= tx.expiration)
            return node_error(3'030'001, "duplicate");
        if (time() > tx.expiration)
            return node_error(10, "now <= trx.expiration: expired");
        if (refuse)
            return node_error(10, "insufficient balance");
        if (!forget)
            pending_.push_back(tx);
        return {};
    }

    signed_transaction transaction_expiring_in(std::uint32_t seconds, std::uint32_t reference = 0) const
    {
        reference = reference == 0 ? irreversible() : reference;
        signed_transaction tx;
        auto const id = id_of(static_cast<signed_block_header const&>(block(reference)));
        tx.ref_block_num = static_cast<std::uint16_t>(reference & 0xffff);
        tx.ref_block_prefix = tapos_prefix(id);
        tx.expiration = {time().seconds + seconds};
        transfer op;
        op.from = account_id(5);
        op.to = account_id(6);
        op.amount = asset{100, core_asset};
        tx.operations.emplace_back(op);
        tx.signatures.emplace_back();
        return tx;
    }

    void hold(bool on) { hold_ = on; } // keeps what waits out of blocks
    void drop_pending() { pending_.clear(); }

    bool refuse = false;
    bool forget = false; // accepts, and loses it

private:
    std::vector<signed_block> blocks_;
    std::vector<signed_transaction> pending_;
    std::uint32_t slot_ = genesis_time;
    std::uint64_t salt_ = 1;
    bool hold_ = false;
};

// What a tracker met, in words.
struct script_log
{
    std::vector<std::string> steps;
    std::vector<tx_state> recorded;
    std::set<std::uint32_t> read; // block numbers
    int sent = 0;
};

class script
{
public:
    explicit script(script_chain& c) : chain(c) {}

    script_chain& chain;
    std::map<std::size_t, script_chain*> others; // what nodes that do not serve `chain` serve
    std::map<std::size_t, node_error> refusals;  // what nodes say to every transaction
    script_log log;
    std::function<void(int wait)> on_wait = [](int) {};
    // In place of an answer: an error. For a step that is a send, whether the transaction arrives first.
    struct fault
    {
        error_code ec = errc::connection_closed;
        bool arrives = false;
    };
    std::function<std::optional<fault>(int step, tracking_step const&)> faults = [](int, tracking_step const&) {
        return std::nullopt;
    };
    std::function<void(std::vector<std::optional<signed_block>>&)> alter = [](auto&) {};
    int steps = 0;
    int max_steps = 3000;
    tx_outcome_tracker::time_point now{};

    void run(tx_outcome_tracker& tracker)
    {
        int waits = 0;
        while (steps < max_steps)
        {
            tracking_step const step = tracker.next(now);
            ++steps;
            now += std::chrono::milliseconds(1);
            if (step.what == tracking_step::kind::done)
                return;
            if (step.what == tracking_step::kind::wait)
            {
                now += step.delay;
                chain.produce();
                on_wait(++waits);
                continue;
            }
            if (step.what == tracking_step::kind::record)
            {
                log.recorded.push_back(step.state);
                if (auto const f = faults(steps, step))
                    tracker.on_record_failed(errc::file_error, "disk full");
                else
                    tracker.on_recorded();
                continue;
            }
            auto const f = faults(steps, step);
            auto const other = others.find(step.node);
            script_chain& served = other == others.end() ? chain : *other->second;
            if (step.what == tracking_step::kind::send)
            {
                ++log.sent;
                if (f)
                {
                    if (f->arrives)
                        (void)served.push(tracker.signed_tx());
                    tracker.on_failed(f->ec, "", now);
                }
                else if (auto const no = refusals.find(step.node); no != refusals.end())
                    tracker.on_sent(no->second, now);
                else
                    tracker.on_sent(served.push(tracker.signed_tx()), now);
                continue;
            }
            if (f)
            {
                tracker.on_failed(f->ec, "", now);
                continue;
            }
            if (step.what == tracking_step::kind::properties)
            {
                dynamic_global_property_object p;
                p.head_block_number = served.head();
                p.time = served.time();
                p.last_irreversible_block_num = served.irreversible();
                tracker.on_properties(p, now);
                continue;
            }
            std::vector<std::optional<signed_block>> blocks;
            for (std::uint32_t n = step.first; n <= step.last; ++n)
            {
                log.read.insert(n);
                blocks.push_back(n <= served.head() ? std::optional(served.block(n)) : std::nullopt);
            }
            alter(blocks);
            tracker.on_blocks(blocks, now);
        }
    }
};

} // namespace bitshares_test
