#pragma once

#include <bitshares/history/ledger.hpp>

#include <map>
#include <optional>
#include <span>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An asset of which an account has another amount than its ledger says.
struct balance_difference
{
    bitshares::asset_id asset_id;
    std::int64_t expected = 0; ///< What the chain says.
    std::int64_t got = 0;      ///< What the ledger says.

    /** The first operation since the last agreement from which the difference can come: one that leaves the amount
        uncertain if the bounds have room for it; else one that takes more out of an object than is in it, one after which the
        balance is below zero, or the first that moved the asset. Absent where nothing did: then operations are missing. */
    std::optional<ledger_place> first;
    std::string_view reason; ///< Why it is that one; static.

    /// The newest operation when this asset agreed last: what differs came behind it. Absent where it was never compared.
    std::optional<ledger_place> agreed;

    /// True where the ledger's uncertainties since the last agreement, added up, have room for the difference.
    bool within_bounds = false;
};

/** Compares a ledger with what the chain says, as often as wanted: the oftener, the closer a difference is pinned down.

    Vesting credits, which no operation tells, are no part of it: it is about the balances that can be spent.
*/
class reconciliation
{
public:
    /// Takes note of rows that @ref ledger::apply or @ref ledger::advance appended.
    BITSHARES_LAZY_DECL void note(std::span<ledger_row const> rows);

    /** Compares; what agrees is settled until here.

        @param balances Of the chain, at the time up to which the ledger is; an asset that is not there is 0.
        @return By asset; empty where all agrees to the unit.
    */
    BITSHARES_LAZY_DECL std::vector<balance_difference> check(ledger const& books,
                                                              std::map<asset_id, std::int64_t> const& balances);

private:
    struct trace
    {
        std::int64_t balance = 0;
        std::optional<ledger_place> moved;    // first since the last agreement
        std::optional<ledger_place> negative; // as above
        std::optional<ledger_place> agreed;
    };

    std::map<asset_id, trace> traces_;
    std::optional<ledger_place> newest_;
    std::size_t settled_ = 0; // uncertainties before the last agreement of all assets
};

/** Between which operations a difference that is known has come, for a balance is never below zero.

    Fed with the whole history once more. What the account lacks of an asset it cannot have lost before it had as much; what
    it has more of, it had before it spent it. Both are looked at behind whole transactions: inside them, the order of an
    operation's fee and of its fills is another.
*/
class difference_bounds
{
public:
    /// @param missing What the account has more, by the chain, than by its ledger; negative: less.
    difference_bounds(asset_id asset, std::int64_t missing) : asset_(asset), missing_(missing) {}

    /// What one operation, or time, did.
    BITSHARES_LAZY_DECL void note(std::span<ledger_row const> rows);

    /// It came behind the operation, all of it: here there was less. Absent: it may have been there from the beginning.
    std::optional<ledger_place> const& after() const noexcept { return after_; }

    /// It came with the operation, or before it: without it, there would not have been enough. Absent: perhaps at the end.
    std::optional<ledger_place> const& before() const noexcept { return before_; }

    /// Call it behind the last operation.
    void finish() { settle(); }

private:
    BITSHARES_DECL void settle();

    asset_id asset_;
    std::int64_t missing_ = 0;
    std::int64_t balance_ = 0;
    std::optional<ledger_place> newest_; // that moved it
    std::optional<ledger_place> after_;
    std::optional<ledger_place> before_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/reconciliation.ipp>
#endif
