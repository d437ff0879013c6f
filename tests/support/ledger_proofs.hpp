#pragma once

#include <bitshares/history/ledger.hpp>
#include <bitshares/protocol/operation.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

/// Which of the ledger's rules a test has compared with something.
namespace ledger_proofs {

using namespace bitshares;

/** What a ledger did with an operation, in words: which rows it made, from where to where, and what it was not sure of.

    A rule is one way through what books an operation. What hangs on nothing else, an operation's fee and a market's, and the
    release of a ticket, is a rule of its own. Orders' fees are told apart by their asset, whole operations by whether the
    chain made them, where it books them otherwise.
*/
class rules
{
public:
    /** @param record Null: no operation.
        @param doubts What the ledger has become unsure of by it. */
    void note(history_record const* record, std::span<ledger_row const> rows,
              std::span<ledger_uncertainty const> doubts)
    {
        std::string const operation = record ? name_of(*record) : std::string();
        std::string way;
        for (ledger_row const& row : rows)
        {
            whats_.emplace(row.what);
            if (row.place.tag && record)
                (row.what == "fee" ? fees : moves).insert(*row.place.tag);
            if (!row.place.tag)
                seen.insert("-: " + text_of(row));
            else if (row.what == "fee" || row.what == "market fee")
                seen.insert(operation + ": " + std::string(row.what) + (is_order(*row.place.tag) ? asset_of(row) : ""));
            else
                way += (way.empty() ? "" : " + ") + text_of(row);
        }
        for (ledger_uncertainty const& u : doubts)
        {
            whats_.emplace(u.reason);
            way += (way.empty() ? "? " : " + ? ") + std::string(u.reason);
        }
        if (!way.empty())
            seen.insert(operation + ": " + way);
    }

    /// What a ticket became, by an operation or by time.
    void note(std::map<ticket_id, ticket_clock> const& before, std::map<ticket_id, ticket_clock> const& after)
    {
        for (auto const& [id, then] : before)
            if (auto const now = after.find(id); now != after.end() && now->second != then)
                seen.insert("ticket: " + text_of(then) + " -> " + text_of(now->second));
    }

    void merge(rules const& other)
    {
        seen.insert(other.seen.begin(), other.seen.end());
        moves.insert(other.moves.begin(), other.moves.end());
        fees.insert(other.fees.begin(), other.fees.end());
        whats_.insert(other.whats_.begin(), other.whats_.end());
    }

    /// The ledger's words that occurred, of rows and of uncertainties.
    std::set<std::string, std::less<>> const& words() const { return whats_; }

    std::set<std::string> seen;
    std::set<std::uint8_t> moves; ///< Operations with rows beside their own fee.
    std::set<std::uint8_t> fees;

private:
    static std::string name_of(history_record const& record)
    {
        if (!record.op.known())
            return "unknown";
        std::string name(operation_traits(static_cast<std::uint8_t>(record.op.tag())).name);
        if (record.is_virtual && !record.op.is_virtual())
            name += ", by the chain";
        if (std::get_if<void_result>(&record.result))
            return name;
        static constexpr char const* results[] = {"",           " (id)",       " (asset)",
                                                  " (objects)", " (exchange)", " (extendable)"};
        return name + results[record.result.index()];
    }

    static bool is_order(std::uint8_t tag)
    {
        return tag == limit_order_create::traits.tag || tag == limit_order_cancel::traits.tag ||
               tag == limit_order_update::traits.tag;
    }

    static std::string asset_of(ledger_row const& row)
    {
        return row.postings.front().amount.asset_id == core_asset ? "" : " in another asset";
    }

    static std::string text_of(ledger_row const& row)
    {
        std::string text(row.what);
        text += " [";
        for (ledger_posting const& p : row.postings)
            text += (p.amount.amount < 0 ? '-' : '+') + std::string(name(p.bucket)) + ' ';
        text.back() = ']';
        if (row.postings.front().bucket == ledger_bucket::order_fee || row.what == "order's fee")
            text += asset_of(row);
        return text;
    }

    static std::string text_of(ticket_clock const& ticket)
    {
        static constexpr char const* stati[] = {"charging", "stable", "withdrawing"};
        return std::string(stati[static_cast<int>(ticket.status)]) + ' ' +
               std::to_string(static_cast<int>(ticket.current)) + " of " +
               std::to_string(static_cast<int>(ticket.target));
    }

    std::set<std::string, std::less<>> whats_;
};

/// Of the recordings; filled by ledger_recordings_test.cpp, whose cases doctest runs before those of ledger_test.cpp.
inline rules& recorded()
{
    static rules proven;
    return proven;
}

} // namespace ledger_proofs
