#include "localisation.hpp"

#include "parallel.hpp"

#include <bitshares/history/node_history.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <common/patient.hpp>

#include <algorithm>
#include <atomic>
#include <compare>
#include <map>

namespace exporter {

using namespace bitshares;

namespace {

using program::patiently;

constexpr std::size_t records_at_once = 1000;
constexpr std::uint32_t blocks_searched = 20'000; // for an operation that the history does not have; some minutes

struct position
{
    std::uint32_t block = 0;
    std::uint16_t transaction = 0;
    std::uint16_t operation = 0;
    std::uint32_t virtual_op = 0;

    friend auto operator<=>(position const&, position const&) = default;
};

position position_of(operation_history_object const& entry)
{
    return {entry.block_num, entry.trx_in_block, entry.op_in_trx, entry.virtual_op};
}

std::string in_words(ledger_place const& place)
{
    std::string const kind = place.tag ? std::string(operation_traits(*place.tag).name) + ' ' : std::string();
    if (place.block_num == 0)
        return kind + place.time.to_string();
    return kind + place.id.to_string() + " in block " + std::to_string(place.block_num) + ", " + place.time.to_string();
}

class search
{
public:
    search(blocking_client& node, account const& account, settings const& s, ledger_parameters parameters,
           balance_difference const& difference, progress& shown, interrupt& ctrl_c)
        : node_(node),
          account_(account),
          options_(s.history),
          d_(difference),
          shown_(shown),
          ctrl_c_(ctrl_c),
          books_(account.id, std::move(parameters)),
          bounds_(difference.asset_id, missing())
    {
        options_.order = history_order::oldest_first;
        options_.from.reset();
        options_.to.reset();
    }

    std::string run()
    {
        std::string const contradicted = read_history();
        if (!contradicted.empty())
            return contradicted;
        bounds_.finish();
        compare_objects();
        // What came out of an object had been put into it before.
        for (ledger_uncertainty const& u : books_.uncertainties())
            if (evidence_.empty() && u.lower == 0 && u.upper == 0 && u.place.block_num != 0 &&
                (!before() || u.place.sequence < before()->sequence))
            {
                object_before_ = u.place;
                evidence_ = u.reason;
            }
        std::uint32_t const head =
            patiently([this] { return node_.try_call(database::get_dynamic_global_properties()); })
                .value()
                .head_block_number;
        std::uint32_t const first = after() ? std::max(after()->block_num, 1u) : 1;
        std::uint32_t const last = before() ? before()->block_num : head;
        if (last >= first && last - first < blocks_searched)
            if (std::string found = search_blocks(first, last); !found.empty())
                return found;
        return between();
    }

private:
    std::int64_t missing() const
    {
        std::int64_t by = 0; // of two balances, each below 2^63
        return __builtin_sub_overflow(d_.expected, d_.got, &by) ? (d_.expected < 0 ? INT64_MIN : INT64_MAX) : by;
    }

    // Bounds that an object gives are closer than those of balances.
    std::optional<ledger_place> const& after() const { return object_after_ ? object_after_ : bounds_.after(); }
    std::optional<ledger_place> const& before() const { return object_before_ ? object_before_ : bounds_.before(); }

    void check_interrupt() const
    {
        if (ctrl_c_.requested())
            throw interrupted();
    }

    bool concerns(ledger_row const& row) const
    {
        return std::any_of(row.postings.begin(), row.postings.end(),
                           [this](ledger_posting const& p) { return p.amount.asset_id == d_.asset_id; });
    }

    // @return What the blocks say against it, of the first operation against which they do.
    std::string read_history()
    {
        node_history history(node_, account_.id, account_.statistics, options_);
        std::vector<history_record> page, batch;
        std::vector<ledger_row> rows;
        for (bool more = true; more;)
        {
            batch.clear();
            while (more && batch.size() < records_at_once && (more = history.next(page)))
                batch.insert(batch.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
            check_interrupt();
            std::vector<history_record const*> suspects;
            for (history_record const& record : batch)
            {
                read_.push_back(position_of(record));
                rows.clear();
                if (auto const done = books_.apply(record, rows); !done)
                    throw exception(done.error());
                bounds_.note(rows);
                for (ledger_row const& row : rows)
                    for (ledger_posting const& p : row.postings)
                        if (p.bucket != ledger_bucket::liquid)
                            touched_.try_emplace({p.bucket, p.object, p.amount.asset_id}, row.place, row.place)
                                .first->second.second = row.place;
                if (std::any_of(rows.begin(), rows.end(), [this](ledger_row const& row) { return concerns(row); }))
                    suspects.push_back(&record);
            }
            if (std::string found = compare_with_blocks(suspects); !found.empty())
                return found;
            shown_.update("compared with blocks", history.checked(), history.expected());
        }
        return {};
    }

    // A block as its witness signed it, and what the node says that happened in it.
    struct told_block
    {
        std::optional<signed_block> block;
        std::vector<operation_history_object> operations;
    };

    told_block read_block(std::uint32_t number)
    {
        told_block told;
        if (auto block = patiently([&] { return node_.try_call(database::get_block(number)); }); block && *block)
            told.block = std::move(**block);
        told.operations = operations_of(number);
        return told;
    }

    // Nothing where the node does not offer it.
    std::vector<operation_history_object> operations_of(std::uint32_t number)
    {
        if (!tells_operations_)
            return {};
        auto operations = patiently([&] {
            return node_.try_call(history::get_block_operation_history(number, std::optional<std::uint16_t>()));
        });
        if (operations)
            return std::move(*operations);
        tells_operations_ = false;
        return {};
    }

    std::string compare_with_blocks(std::vector<history_record const*> const& suspects)
    {
        std::vector<std::uint32_t> numbers;
        for (history_record const* record : suspects)
            if (numbers.empty() || numbers.back() != record->block_num)
                numbers.push_back(record->block_num);
        std::vector<told_block> blocks(numbers.size());
        in_parallel(numbers.size(), [&](std::size_t i) { blocks[i] = read_block(numbers[i]); });
        for (history_record const* record : suspects)
        {
            auto const at = std::find(numbers.begin(), numbers.end(), record->block_num) - numbers.begin();
            if (std::string_view const why = contradiction(*record, blocks[static_cast<std::size_t>(at)]); !why.empty())
                return "; it arises with " + in_words(place_of(*record)) + ": " + std::string(why);
        }
        return {};
    }

    static std::string_view contradiction(history_record const& record, told_block const& told)
    {
        bool const real = !record.is_virtual && record.virtual_op == 0 && !record.op.is_virtual();
        if (real && told.block && record.trx_in_block < told.block->transactions.size())
        {
            auto const& operations = told.block->transactions[record.trx_in_block].operations;
            if (record.op_in_trx >= operations.size() || operations[record.op_in_trx] != record.op)
                return "the node's own block has another operation there";
        }
        if (told.operations.empty())
            return {};
        auto const same = std::find_if(told.operations.begin(), told.operations.end(),
                                       [&](auto const& other) { return position_of(other) == position_of(record); });
        if (same == told.operations.end())
            return "the node's list of that block's operations does not have it";
        if (same->op != record.op || same->result != record.result)
            return "the node's list of that block's operations has it otherwise";
        return {};
    }

    static ledger_place place_of(operation_history_object const& entry)
    {
        ledger_place place;
        place.id = entry.id;
        if (entry.op.known())
            place.tag = static_cast<std::uint8_t>(entry.op.tag());
        place.block_num = entry.block_num;
        place.trx_in_block = entry.trx_in_block;
        place.op_in_trx = entry.op_in_trx;
        place.virtual_op = entry.virtual_op;
        place.time = entry.block_time;
        return place;
    }

    // What the account has somewhere, as the node says and as its operations do.
    void compare_objects()
    {
        auto const told = patiently([this] { return read_holdings(node_, account_.id, books_.holdings()); });
        for (holding_difference const& h : compare_holdings(books_.holdings(), told))
        {
            if (h.holding.asset_id != d_.asset_id || h.holding.bucket == ledger_bucket::order_fee)
                continue;
            std::string const object = std::string(name(h.holding.bucket)) + ' ' + h.holding.object.to_string();
            if (auto const at = touched_.find(h.holding); at != touched_.end())
            {
                object_after_ = at->second.second;
                evidence_ = "the operations leave " + object + " as the node does not have it";
            }
            else
            {
                // Ids ascend: it was made between those of its neighbours.
                for (auto const& [holding, places] : touched_)
                    if (holding.bucket == h.holding.bucket && holding.object.type() == h.holding.object.type())
                    {
                        if (holding.object < h.holding.object)
                            object_after_ = places.first;
                        else if (!object_before_)
                            object_before_ = places.first;
                    }
                evidence_ = "the node has " + object + ", and no operation makes it";
            }
            return;
        }
    }

    // Ascending blocks, for an operation that is the account's and is not in its history.
    std::string search_blocks(std::uint32_t first, std::uint32_t last)
    {
        std::sort(read_.begin(), read_.end());
        for (std::uint32_t from = first; from <= last && tells_operations_; from += records_at_once)
        {
            std::size_t const count = std::min<std::size_t>(records_at_once, last - from + 1);
            std::vector<std::vector<operation_history_object>> blocks(count);
            in_parallel(count, [&](std::size_t i) {
                blocks[i] = operations_of(from + static_cast<std::uint32_t>(i));
                if (ctrl_c_.requested())
                    throw interrupted();
            });
            for (auto const& operations : blocks)
                for (operation_history_object const& entry : operations)
                    if (!std::binary_search(read_.begin(), read_.end(), position_of(entry)) && moves(entry))
                        return "; it arises with " + in_words(place_of(entry)) +
                               ": the node has it in the block's operations, but not in the account's";
            shown_.update("blocks searched", from - first + count, last - first + 1);
        }
        return {};
    }

    bool moves(operation_history_object const& entry) const
    {
        history_record record;
        static_cast<operation_history_object&>(record) = entry;
        ledger books = books_; // what is open now is the best that there is
        std::vector<ledger_row> rows;
        if (!books.apply(record, rows))
            return false;
        return std::any_of(rows.begin(), rows.end(),
                           [this](ledger_row const& row) { return row.record != nullptr && concerns(row); });
    }

    std::string between() const
    {
        std::string text = "; it arises ";
        if (after() && before())
            text += "between " + in_words(*after()) + " and " + in_words(*before());
        else if (after())
            text += "behind " + in_words(*after());
        else if (before())
            text += "with " + in_words(*before()) + " or before it";
        else if (d_.first)
            text += "with " + in_words(*d_.first) + " or behind it";
        else
            text += "with an operation that the history does not have";
        if (!evidence_.empty())
            return text + ": " + evidence_;
        if (after() || before())
            return text + ": otherwise the balance had been below zero";
        return text + (d_.first ? ": " + std::string(d_.reason) : ": no operation moved it");
    }

    blocking_client& node_;
    account const& account_;
    history_options options_;
    balance_difference const& d_;
    progress& shown_;
    interrupt& ctrl_c_;
    ledger books_;
    difference_bounds bounds_;
    std::vector<position> read_;
    std::map<ledger_holding, std::pair<ledger_place, ledger_place>> touched_; // first, last
    std::optional<ledger_place> object_after_;
    std::optional<ledger_place> object_before_;
    std::string evidence_;
    std::atomic<bool> tells_operations_ = true;
};

} // namespace

std::string where_it_arises(blocking_client& node, account const& account, settings const& s,
                            ledger_parameters parameters, balance_difference const& difference, progress& shown,
                            interrupt& ctrl_c)
{
    return search(node, account, s, std::move(parameters), difference, shown, ctrl_c).run();
}

} // namespace exporter
