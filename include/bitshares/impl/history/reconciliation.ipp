#pragma once

#include <bitshares/detail/wide.hpp>
#include <bitshares/history/reconciliation.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// Whether what is added has room for it; a bound that is not known has room for everything.
template <class Uncertainties>
bool within_uncertainties(Uncertainties const& all, asset_id asset, std::int64_t expected, std::int64_t got)
{
    signed_wide low = 0, high = 0;
    bool any = false, no_low = false, no_high = false;
    for (auto const& u : all)
    {
        if ((u.asset_id && *u.asset_id != asset) || (u.lower == 0 && u.upper == 0))
            continue;
        any = true;
        no_low |= !u.lower;
        no_high |= !u.upper;
        low += u.lower.value_or(0);
        high += u.upper.value_or(0);
    }
    signed_wide const difference = static_cast<signed_wide>(expected) - got;
    return any && (no_low || difference >= low) && (no_high || difference <= high);
}

} // namespace detail

BITSHARES_LAZY void reconciliation::note(std::span<ledger_row const> rows)
{
    for (ledger_row const& row : rows)
    {
        newest_ = row.place;
        for (ledger_posting const& p : row.postings)
        {
            if (p.bucket != ledger_bucket::liquid)
                continue;
            trace& t = traces_[p.amount.asset_id];
            t.balance += p.amount.amount; // the ledger has found that it fits
            if (!t.moved)
                t.moved = row.place;
            if (t.balance < 0 && !t.negative)
                t.negative = row.place;
        }
    }
}

BITSHARES_LAZY std::vector<balance_difference> reconciliation::check(ledger const& books,
                                                                     std::map<asset_id, std::int64_t> const& balances)
{
    std::map<asset_id, std::int64_t> all = books.balances();
    for (auto const& [asset, amount] : balances)
        all.try_emplace(asset, 0);
    std::span<ledger_uncertainty const> const uncertainties = books.uncertainties();
    // A full list takes further ones into its entries, the settled ones, too.
    std::size_t const begin = uncertainties.size() < ledger::max_uncertainties ? settled_ : 0;
    std::vector<balance_difference> differences;
    for (auto const& [asset, got] : all)
    {
        auto const told = balances.find(asset);
        std::int64_t const expected = told == balances.end() ? 0 : told->second;
        trace& t = traces_[asset];
        if (expected == got)
        {
            t.moved.reset();
            t.negative.reset();
            t.agreed = newest_;
            continue;
        }
        balance_difference d{.asset_id = asset,
                             .expected = expected,
                             .got = got,
                             .first = std::nullopt,
                             .reason = {},
                             .agreed = t.agreed};
        d.within_bounds = detail::within_uncertainties(uncertainties.subspan(begin), asset, expected, got);
        for (std::size_t i = begin; i < uncertainties.size() && !d.first; ++i)
        {
            ledger_uncertainty const& u = uncertainties[i];
            bool const contradiction = u.lower == 0 && u.upper == 0;
            if (u.asset_id.value_or(asset) == asset && contradiction != d.within_bounds)
            {
                d.first = u.place;
                d.reason = u.reason;
            }
        }
        if (!d.first && t.negative)
        {
            d.first = t.negative;
            d.reason = "more goes out than there is";
        }
        else if (!d.first && t.moved)
        {
            d.first = t.moved;
            d.reason = "the first that moves this asset since the balances agreed";
        }
        differences.push_back(d);
    }
    if (differences.empty())
        settled_ = uncertainties.size();
    return differences;
}

BITSHARES_LAZY void difference_bounds::note(std::span<ledger_row const> rows)
{
    for (ledger_row const& row : rows)
    {
        // What has no place in a block, as the release of a ticket, is for itself.
        if (newest_ && (newest_->block_num != row.place.block_num || newest_->trx_in_block != row.place.trx_in_block ||
                        newest_->block_num == 0))
            settle();
        for (ledger_posting const& p : row.postings)
            if (p.bucket == ledger_bucket::liquid && p.amount.asset_id == asset_)
            {
                balance_ = p.balance;
                newest_ = row.place;
            }
    }
}

BITSHARES_DECL void difference_bounds::settle()
{
    if (!newest_)
        return;
    if (balance_ < 0 && missing_ > 0 && !before_)
        before_ = newest_;
    // Behind it, what is missing would leave less than nothing.
    if (missing_ < 0 && static_cast<detail::signed_wide>(balance_) + missing_ < 0)
        after_ = newest_;
    newest_.reset();
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
