#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/history/ledger_state.hpp>
#include <bitshares/protocol/json.hpp>

#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

struct saved_amount
{
    bitshares::asset_id asset_id;
    std::int64_t amount = 0;

    BITSHARES_FIELDS((asset_id), (amount))
};

struct saved_holding
{
    std::uint8_t bucket = 0;
    any_object_id object;
    bitshares::asset_id asset_id;
    std::int64_t amount = 0;

    BITSHARES_FIELDS((bucket), (object), (asset_id), (amount))
};

struct saved_ticket
{
    ticket_id id;
    std::uint8_t current = 0, target = 0, status = 0;
    time_point_sec next_step, next_downgrade;

    BITSHARES_FIELDS((id), (current), (target), (status), (next_step), (next_downgrade))
};

struct saved_place
{
    std::uint64_t sequence = 0;
    operation_history_id id;
    std::optional<std::uint8_t> tag;
    std::uint32_t block_num = 0;
    std::uint16_t trx_in_block = 0, op_in_trx = 0;
    std::uint32_t virtual_op = 0;
    time_point_sec time;

    BITSHARES_FIELDS((sequence), (id), (tag), (block_num), (trx_in_block), (op_in_trx), (virtual_op), (time))
};

struct saved_uncertainty
{
    std::optional<bitshares::asset_id> asset_id;
    std::optional<std::int64_t> lower, upper;
    std::string reason;
    saved_place place;

    BITSHARES_FIELDS((asset_id), (lower), (upper), (reason), (place))
};

struct saved_merge
{
    std::optional<bitshares::asset_id> asset_id;
    std::string reason;
    std::uint64_t at = 0;

    BITSHARES_FIELDS((asset_id), (reason), (at))
};

struct saved_deal
{
    credit_deal_id deal;
    credit_offer_id offer;

    BITSHARES_FIELDS((deal), (offer))
};

struct saved_core_fee
{
    limit_order_id order;
    std::uint64_t fee = 0;

    BITSHARES_FIELDS((order), (fee))
};

struct saved_ledger
{
    std::uint64_t version = 1;
    account_id account;
    std::vector<saved_amount> liquid;
    std::vector<saved_holding> held;
    std::vector<saved_ticket> tickets;
    std::vector<saved_deal> deals;
    std::vector<limit_order_id> core_refunds;
    std::vector<saved_core_fee> core_fees;
    std::vector<saved_uncertainty> uncertainties;
    std::vector<saved_merge> merged;
    std::optional<std::uint32_t> block_end;
    std::uint16_t block_end_place = 0;

    BITSHARES_FIELDS((version), (account), (liquid), (held), (tickets), (deals), (core_refunds), (core_fees),
                     (uncertainties), (merged), (block_end), (block_end_place))
};

// Reasons are words of the program, and stay as long as it runs.
template <class>
std::string_view kept_words(std::string const& words)
{
    static std::mutex mutex;
    static std::set<std::string, std::less<>> all;
    std::lock_guard const lock(mutex);
    return *all.insert(words).first;
}

template <class Dependent>
struct ledger_state
{
    using saved = typename dependent<saved_ledger, Dependent>::type;

    static saved save(ledger const& b)
    {
        saved s;
        s.account = b.account_;
        for (auto const& [id, amount] : b.liquid_)
            s.liquid.push_back({id, amount});
        for (auto const& [h, amount] : b.held_)
            s.held.push_back({static_cast<std::uint8_t>(h.bucket), h.object, h.asset_id, amount});
        for (auto const& [id, t] : b.tickets_)
            s.tickets.push_back({id, static_cast<std::uint8_t>(t.current), static_cast<std::uint8_t>(t.target),
                                 static_cast<std::uint8_t>(t.status), t.next_step, t.next_downgrade});
        for (auto const& [deal, offer] : b.deals_)
            s.deals.push_back({deal, offer});
        s.core_refunds.assign(b.core_refunds_.begin(), b.core_refunds_.end());
        for (auto const& [order, fee] : b.core_fees_)
            s.core_fees.push_back({order, fee});
        for (ledger_uncertainty const& u : b.uncertainties_)
        {
            ledger_place const& p = u.place;
            s.uncertainties.push_back(
                {u.asset_id,
                 u.lower,
                 u.upper,
                 std::string(u.reason),
                 {p.sequence, p.id, p.tag, p.block_num, p.trx_in_block, p.op_in_trx, p.virtual_op, p.time}});
        }
        for (auto const& [key, at] : b.merged_)
            s.merged.push_back({key.first, std::string(key.second), at});
        if (b.block_end_)
        {
            s.block_end = b.block_end_->first;
            s.block_end_place = b.block_end_->second;
        }
        return s;
    }

    static bool fits(saved const& s, ledger const& b)
    {
        bool good = s.version == 1 && s.account == b.account_;
        for (auto const& h : s.held)
            good = good && h.bucket <= static_cast<std::uint8_t>(ledger_bucket::credit_debt);
        for (auto const& m : s.merged)
            good = good && m.at < s.uncertainties.size();
        return good;
    }

    static void load(ledger& b, saved const& s)
    {
        for (auto const& a : s.liquid)
            b.liquid_[a.asset_id] = a.amount;
        for (auto const& h : s.held)
            b.held_[{static_cast<ledger_bucket>(h.bucket), h.object, h.asset_id}] = h.amount;
        for (auto const& t : s.tickets)
            b.tickets_[t.id] = {static_cast<ticket_type>(t.current), static_cast<ticket_type>(t.target),
                                static_cast<ticket_status>(t.status), t.next_step, t.next_downgrade};
        for (auto const& d : s.deals)
            b.deals_[d.deal] = d.offer;
        b.core_refunds_.insert(s.core_refunds.begin(), s.core_refunds.end());
        for (auto const& f : s.core_fees)
            b.core_fees_[f.order] = f.fee;
        for (auto const& u : s.uncertainties)
            b.uncertainties_.push_back({u.asset_id,
                                        u.lower,
                                        u.upper,
                                        kept_words<Dependent>(u.reason),
                                        {u.place.sequence, u.place.id, u.place.tag, u.place.block_num,
                                         u.place.trx_in_block, u.place.op_in_trx, u.place.virtual_op, u.place.time}});
        for (auto const& m : s.merged)
            b.merged_[{m.asset_id, kept_words<Dependent>(m.reason)}] = static_cast<std::size_t>(m.at);
        if (s.block_end)
            b.block_end_.emplace(*s.block_end, s.block_end_place);
    }
};

} // namespace detail

#ifndef BITSHARES_HEADER_ONLY
#define BITSHARES_STATE_OF detail::ledger_state<void>
#else
#define BITSHARES_STATE_OF detail::ledger_state<Dependent>
#endif

BITSHARES_LAZY std::string save_ledger(ledger const& books)
{
    return to_json(BITSHARES_STATE_OF::save(books));
}

BITSHARES_LAZY result<void> load_ledger(ledger& books, std::string_view json)
{
    json_options options;
    options.mode = json_mode::strict; // of another version, or damaged
    options.any_character = true;
    auto const s = from_json<BITSHARES_DEPENDENT(detail::saved_ledger)>(json, options);
    if (!s)
        return s.error();
    if (!BITSHARES_STATE_OF::fits(*s, books))
        return error(errc::wrong_type, "the books are another account's, or of another version");
    BITSHARES_STATE_OF::load(books, *s);
    return {};
}

#undef BITSHARES_STATE_OF

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
