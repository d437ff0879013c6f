#pragma once

#include <bitshares/chain/outcome.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects/history.hpp>
#include <bitshares/protocol/objects/market.hpp>
#include <bitshares/tx/builder.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace bitshares_test {

/** A chain without keys and fees, as nodes see it over time: blocks that follow a clock, forks under the head, and what the
    API history says of one account and one market. Blocks are linked, have Merkle roots, and are kept for ever, so that a node may
    stand on any of them. */
class simulated_ledger
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::uint32_t interval = 3;            ///< s
    static constexpr std::uint32_t irreversible_depth = 8;  ///< Blocks.
    static constexpr std::uint32_t genesis = 1'700'000'001; ///< At the clock's epoch; a slot.
    static constexpr std::uint64_t payer = 5, shop = 6, stranger = 7;

    /// A block, and what is known at it. Its address stays.
    struct state
    {
        bitshares::signed_block block;
        bitshares::block_id id;
        std::uint32_t number = 0;
        std::uint32_t irreversible = 0;
        state const* before = nullptr;
        std::string json; ///< Of the block.
        std::vector<bitshares::transaction_id> transactions;
        std::vector<bitshares::operation_history_object> entries; ///< Of the shop, in this block.
        std::uint64_t entry_count = 0;                            ///< Up to this block.
        std::vector<bitshares::order_history_object> fills;       ///< Of the market, in this block.
        std::uint64_t fill_count = 0;
    };
    using head = state const*;

    simulated_ledger(std::uint64_t seed, time_point begin) : random_(seed)
    {
        // Some blocks from before; the newest of them at the beginning.
        std::uint32_t const first = seconds(begin) / interval * interval - 19 * interval;
        for (std::uint32_t i = 0; i < 20; ++i)
            heads_.emplace_back(time_point(std::chrono::seconds(first + i * interval - genesis)),
                                produce(heads_.empty() ? nullptr : heads_.back().second, first + i * interval));
        last_slot_ = first + 19 * interval;
    }

    static std::uint32_t seconds(time_point t)
    {
        return genesis + static_cast<std::uint32_t>(
                             std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count());
    }

    /** The chain goes on until then.

        Now and then witnesses are of two minds for a while: each slot is used on one branch only. The second branch becomes the
        longer one in the end, and takes back what was on the first. */
    void advance(time_point now)
    {
        for (std::uint32_t slot = last_slot_ + interval; slot <= seconds(now); last_slot_ = slot, slot += interval)
        {
            head at = main_head();
            if (planned_ == 0 && draw(16) == 0)
            {
                planned_ = 1 + draw(3);
                fork_from_ = at;
            }
            bool const elsewhere = planned_ != 0 && other_slots_.size() < at->number - fork_from_->number;
            if (elsewhere && other_slots_.size() + 1 <= planned_)
            {
                other_slots_.push_back(slot);
                continue;
            }
            if (planned_ != 0 && other_slots_.size() == planned_)
            {
                for (; at != fork_from_; at = at->before)
                    if (draw(2) == 0) // what was in it waits again, or is forgotten
                        for (auto const& tx : at->block.transactions)
                            pending_.push_back(tx);
                for (std::uint32_t const other : other_slots_)
                    at = produce(at, other);
                other_slots_.clear();
                planned_ = 0;
            }
            heads_.emplace_back(time_point(std::chrono::seconds(slot - genesis)), produce(at, slot));
        }
    }

    head main_head() const { return heads_.back().second; }

    /// What the network's head was then. @pre The chain has gone on until then.
    head head_at(time_point then) const
    {
        auto const next = std::upper_bound(heads_.begin(), heads_.end(), then,
                                           [](time_point t, auto const& h) { return t < h.first; });
        return next == heads_.begin() ? next->second : std::prev(next)->second;
    }

    /// Another block behind any other one, by witnesses who are too few to make anything irreversible.
    head produce_aside(head before, std::uint32_t timestamp, std::vector<bitshares::signed_transaction>& waiting)
    {
        head const made = add(before, timestamp, take(before, waiting, 1));
        states_.back().irreversible = before->irreversible;
        return made;
    }

    /// The block of this number behind which a head stands; null where there is none.
    static head at(head h, std::uint32_t number)
    {
        while (h != nullptr && h->number > number)
            h = h->before;
        return h != nullptr && h->number == number ? h : nullptr;
    }

    static bool contains(head h, bitshares::transaction_id const& id)
    {
        for (; h != nullptr; h = h->before)
            if (std::find(h->transactions.begin(), h->transactions.end(), id) != h->transactions.end())
                return true;
        return false;
    }

    /// What a node at this head says to a transaction, which then waits in `waiting`.
    static bitshares::reply<void> push(head h, bitshares::signed_transaction const& tx,
                                       std::vector<bitshares::signed_transaction>& waiting)
    {
        using bitshares::node_error;
        auto const id = id_of(tx).value();
        bool const waits =
            std::any_of(waiting.begin(), waiting.end(), [&](auto const& other) { return id_of(other).value() == id; });
        if (h->block.timestamp > tx.expiration)
            return node_error(10, "now <= trx.expiration: expired");
        if (waits || contains(h, id))
            return node_error(3'030'001, "duplicate");
        if (!refers(h, tx))
            return node_error(10, "trx.ref_block_prefix == tapos_block_summary.block_id._hash[1]");
        waiting.push_back(tx);
        return {};
    }

    /// What honest nodes have that is in no block yet.
    std::vector<bitshares::signed_transaction>& pending() { return pending_; }

    /// The account's history at a head, oldest first.
    static std::vector<bitshares::operation_history_object> history(head h)
    {
        std::vector<bitshares::operation_history_object> all;
        for (; h != nullptr; h = h->before)
            all.insert(all.end(), h->entries.rbegin(), h->entries.rend());
        std::reverse(all.begin(), all.end());
        return all;
    }

    /// The market's, oldest first.
    static std::vector<bitshares::order_history_object> fills(head h)
    {
        std::vector<bitshares::order_history_object> all;
        for (; h != nullptr; h = h->before)
            all.insert(all.end(), h->fills.rbegin(), h->fills.rend());
        std::reverse(all.begin(), all.end());
        return all;
    }

private:
    std::uint64_t draw(std::uint64_t below) { return random_() % below; }

    static bool refers(head h, bitshares::transaction const& tx)
    {
        if (tx.ref_block_num == 0 && tx.ref_block_prefix == 0)
            return true; // a stranger's
        head const reference = at(h, tx.ref_block_num);
        return reference != nullptr && bitshares::tapos_prefix(reference->id) == tx.ref_block_prefix;
    }

    // Of what waits, what may go into the next block; one of so many stays for later.
    std::vector<bitshares::signed_transaction> take(head before, std::vector<bitshares::signed_transaction>& waiting,
                                                    std::uint64_t of)
    {
        std::vector<bitshares::signed_transaction> taken, left;
        for (auto& tx : waiting)
        {
            // One that was undone and sent again waits twice.
            if (std::find(taken.begin(), taken.end(), tx) != taken.end() || before->block.timestamp > tx.expiration ||
                contains(before, id_of(tx).value()) || !refers(before, tx))
                continue;
            (of > 1 && draw(of) == 0 ? left : taken).push_back(std::move(tx));
        }
        waiting = std::move(left);
        return taken;
    }

    head produce(head before, std::uint32_t timestamp)
    {
        std::vector<bitshares::signed_transaction> taken;
        if (before != nullptr)
        {
            taken = take(before, pending_, 4);
            for (std::uint64_t i = draw(4); i-- > 1;)
            {
                bitshares::signed_transaction tx;
                tx.expiration = {timestamp + 30};
                bitshares::transfer op;
                op.from = bitshares::account_id(stranger);
                op.to = bitshares::account_id(draw(3) == 0 ? payer : shop);
                op.amount =
                    bitshares::asset{1'000'000 + static_cast<std::int64_t>(++strangers_), bitshares::core_asset};
                tx.operations.emplace_back(op);
                taken.push_back(std::move(tx));
            }
        }
        head const made = add(before, timestamp, std::move(taken));
        states_.back().irreversible =
            std::max(before == nullptr ? 0 : before->irreversible,
                     made->number > irreversible_depth ? made->number - irreversible_depth : 0);
        return made;
    }

    head add(head before, std::uint32_t timestamp, std::vector<bitshares::signed_transaction> transactions)
    {
        using namespace bitshares;
        state& s = states_.emplace_back();
        s.before = before;
        if (before != nullptr)
        {
            s.block.previous = before->id;
            s.entry_count = before->entry_count;
            s.fill_count = before->fill_count;
        }
        s.block.timestamp = {timestamp};
        s.block.witness = witness_id(1 + draw(100'000)); // so that no two blocks are the same
        s.number = block_num_of(s.block);
        for (signed_transaction& tx : transactions)
        {
            processed_transaction processed;
            static_cast<signed_transaction&>(processed) = std::move(tx);
            processed.operation_results.resize(processed.operations.size());
            auto const index = static_cast<std::uint16_t>(s.block.transactions.size());
            for (std::size_t i = 0; i < processed.operations.size(); ++i)
                if (auto const* const t = processed.operations[i].get_if<transfer>();
                    t != nullptr && t->to == account_id(shop))
                {
                    operation_history_object entry;
                    entry.id = operation_history_id(1000 + ++s.entry_count);
                    entry.op = *t;
                    entry.block_num = s.number;
                    entry.trx_in_block = index;
                    entry.op_in_trx = static_cast<std::uint16_t>(i);
                    entry.block_time = {timestamp};
                    s.entries.push_back(entry);
                    // Not a payment of the market's, but it will do: as often, and as hard to undo.
                    order_history_object fill;
                    fill.key.base = asset_id(0);
                    fill.key.quote = asset_id(1);
                    fill.key.sequence = -static_cast<std::int64_t>(s.fill_count++);
                    fill.time = {timestamp};
                    fill.op.account_id = account_id(stranger);
                    fill.op.pays = t->amount;
                    fill.op.receives = asset{s.number, asset_id(1)};
                    s.fills.push_back(fill);
                }
            s.transactions.push_back(id_of(processed).value());
            s.block.transactions.push_back(std::move(processed));
        }
        s.block.transaction_merkle_root = merkle_root(s.block).value();
        s.id = id_of(static_cast<signed_block_header const&>(s.block));
        s.json = to_json(s.block);
        return &s;
    }

    std::mt19937_64 random_;
    std::deque<state> states_;
    std::vector<std::pair<time_point, head>> heads_; // since when
    std::vector<bitshares::signed_transaction> pending_;
    std::uint64_t strangers_ = 0;
    std::uint32_t last_slot_ = 0;
    std::uint64_t planned_ = 0; // blocks that are going to be undone
    head fork_from_ = nullptr;
    std::vector<std::uint32_t> other_slots_; // of the branch that nobody sees yet
};

} // namespace bitshares_test
