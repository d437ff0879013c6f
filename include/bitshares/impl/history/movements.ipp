#pragma once

#include <bitshares/detail/wide.hpp>
#include <bitshares/history/movements.hpp>
#include <bitshares/protocol/operations/limit_order.hpp>

#include <algorithm>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

struct net_amount
{
    asset_id id;
    signed_wide amount = 0;
};

inline bool fits(signed_wide amount)
{
    return amount >= -static_cast<signed_wide>(INT64_MAX) && amount <= static_cast<signed_wide>(INT64_MAX);
}

// What a row changes the wallet by, of each asset, in order of appearance and without zeros.
inline result<void> net_of(ledger_row const& row, std::vector<net_amount>& nets)
{
    nets.clear();
    for (ledger_posting const& p : row.postings)
    {
        if (p.bucket == ledger_bucket::debt || p.bucket == ledger_bucket::credit_debt)
            continue;
        auto const same =
            std::find_if(nets.begin(), nets.end(), [&p](net_amount const& n) { return n.id == p.amount.asset_id; });
        net_amount& n = same != nets.end() ? *same : nets.emplace_back(net_amount{p.amount.asset_id, 0});
        n.amount += p.amount.amount;
    }
    std::erase_if(nets, [](net_amount const& n) { return n.amount == 0; });
    for (net_amount const& n : nets)
        if (!fits(n.amount))
            return error(errc::amount_overflow, "at " + row.place.id.to_string());
    return {};
}

inline bool add_to(asset& sum, asset const& more)
{
    return sum.asset_id == more.asset_id && !__builtin_add_overflow(sum.amount, more.amount, &sum.amount);
}

// True: the movement has taken the fee in.
inline bool attach(movement& m, asset const& fee, fee_rule rule)
{
    if (!m.sent || (m.fee && m.fee->asset_id != fee.asset_id))
        return false;
    movement with = m;
    if (!with.fee)
        with.fee = asset{0, fee.asset_id};
    if (!add_to(*with.fee, fee))
        return false;
    if (rule == fee_rule::included)
    {
        if (with.received && with.received->asset_id == fee.asset_id && with.received->amount > fee.amount)
            with.received->amount -= fee.amount;
        else if (with.sent->asset_id != fee.asset_id || !add_to(*with.sent, fee))
            return false;
    }
    m = std::move(with);
    return true;
}

inline bool is_fill(movement const& m)
{
    return m.place.tag == fill_order::traits.tag && m.operations.size() == 1 &&
           (m.kind == movement_kind::trade || m.kind == movement_kind::fee);
}

// True: `sum` has taken it in.
inline bool add_fill(movement& sum, movement const& m)
{
    auto const alike = [](std::optional<asset> const& a, std::optional<asset> const& b) {
        return a.has_value() == b.has_value() && (!a || a->asset_id == b->asset_id);
    };
    if (sum.kind != m.kind || sum.place.tag != m.place.tag || !alike(sum.received, m.received) ||
        !alike(sum.sent, m.sent) || !alike(sum.fee, m.fee))
        return false;
    auto received = sum.received, sent = sum.sent, fee = sum.fee;
    if ((received && !add_to(*received, *m.received)) || (sent && !add_to(*sent, *m.sent)) ||
        (fee && !add_to(*fee, *m.fee)))
        return false;
    sum.received = received;
    sum.sent = sent;
    sum.fee = fee;
    sum.operations.insert(sum.operations.end(), m.operations.begin(), m.operations.end());
    sum.transaction_id.clear(); // of many there is none
    for (account_id who : m.counterparties)
        if (std::find(sum.counterparties.begin(), sum.counterparties.end(), who) == sum.counterparties.end())
            sum.counterparties.push_back(who);
    return true;
}

} // namespace detail

BITSHARES_DECL result<void> append_movements(std::span<ledger_row const> rows, history_row const* event, fee_rule rule,
                                             std::vector<movement>& out)
{
    std::size_t const begin = out.size();
    std::vector<detail::net_amount> nets;
    struct lone_fee
    {
        asset amount;
        ledger_row const* row;
    };
    std::vector<lone_fee> fees;
    auto const add = [&](ledger_row const& row, movement_kind kind) -> movement& {
        movement& m = out.emplace_back();
        m.kind = kind;
        m.place = row.place;
        m.what = row.what;
        if (row.record)
            m.operations.push_back(row.place.id);
        if (event && row.record)
        {
            m.counterparties = event->counterparties;
            m.transaction_id = event->transaction_id;
        }
        return m;
    };
    for (ledger_row const& row : rows)
    {
        if (auto const done = detail::net_of(row, nets); !done)
            return done.error();
        auto const of = [](detail::net_amount const& n) {
            return asset{static_cast<std::int64_t>(n.amount < 0 ? -n.amount : n.amount), n.id};
        };
        if (nets.size() == 2 && (nets[0].amount < 0) != (nets[1].amount < 0))
        {
            bool const first_in = nets[0].amount > 0;
            movement& m = add(row, movement_kind::trade);
            m.received = of(nets[first_in ? 0 : 1]);
            m.sent = of(nets[first_in ? 1 : 0]);
            continue;
        }
        for (detail::net_amount const& n : nets)
            if (n.amount > 0)
                add(row, row.kind == ledger_kind::income ? movement_kind::income : movement_kind::deposit).received =
                    of(n);
            else if (row.kind != ledger_kind::fee)
                add(row, movement_kind::withdrawal).sent = of(n);
            else if (auto const same = std::find_if(fees.begin(), fees.end(),
                                                    [&n](lone_fee const& f) { return f.amount.asset_id == n.id; });
                     same == fees.end() || !detail::add_to(same->amount, of(n)))
                fees.push_back({of(n), &row});
    }
    std::size_t const end = out.size();
    for (lone_fee const& fee : fees)
    {
        // A trade of the fee's own asset comes before another trade, and that before what was sent.
        auto const rank = [&fee](movement const& m) {
            bool const own = (m.sent && m.sent->asset_id == fee.amount.asset_id) ||
                             (m.received && m.received->asset_id == fee.amount.asset_id);
            return (m.kind == movement_kind::trade ? 2 : 0) + (own ? 1 : 0);
        };
        std::size_t best = end;
        for (std::size_t i = begin; i < end; ++i)
            if (out[i].sent && (best == end || rank(out[i]) > rank(out[best])))
                best = i;
        if (best != end && detail::attach(out[best], fee.amount, rule))
            continue;
        movement& m = add(*fee.row, movement_kind::fee);
        m.sent = m.fee = fee.amount;
    }
    return {};
}

BITSHARES_DECL void daily_fills::add(movement next, std::vector<movement>& out)
{
    std::uint32_t const number = next.place.time.seconds / 86'400;
    if (number != number_)
        finish(out);
    number_ = number;
    if (detail::is_fill(next))
    {
        for (std::size_t at : sums_)
            if (detail::add_fill(day_[at], next))
                return;
        sums_.push_back(day_.size());
    }
    day_.push_back(std::move(next));
}

BITSHARES_DECL void daily_fills::finish(std::vector<movement>& out)
{
    std::move(day_.begin(), day_.end(), std::back_inserter(out));
    day_.clear();
    sums_.clear();
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
