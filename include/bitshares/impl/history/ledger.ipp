#pragma once

#include <bitshares/detail/wide.hpp>
#include <bitshares/history/ledger.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>

#include <algorithm>
#include <concepts>
#include <utility>
#include <variant>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL std::string_view name(ledger_bucket bucket) noexcept
{
    switch (bucket)
    {
    case ledger_bucket::liquid: return "liquid";
    case ledger_bucket::order: return "order";
    case ledger_bucket::order_fee: return "order_fee";
    case ledger_bucket::collateral: return "collateral";
    case ledger_bucket::debt: return "debt";
    case ledger_bucket::settlement: return "settlement";
    case ledger_bucket::bid: return "bid";
    case ledger_bucket::htlc: return "htlc";
    case ledger_bucket::vesting: return "vesting";
    case ledger_bucket::ticket: return "ticket";
    case ledger_bucket::samet_fund: return "samet_fund";
    case ledger_bucket::credit_offer: return "credit_offer";
    case ledger_bucket::credit_lent: return "credit_lent";
    case ledger_bucket::credit_collateral: return "credit_collateral";
    case ledger_bucket::credit_debt: return "credit_debt";
    }
    return "unknown";
}

BITSHARES_DECL std::string_view name(ledger_kind kind) noexcept
{
    switch (kind)
    {
    case ledger_kind::deposit: return "deposit";
    case ledger_kind::withdrawal: return "withdrawal";
    case ledger_kind::trade: return "trade";
    case ledger_kind::fee: return "fee";
    case ledger_kind::income: return "income";
    case ledger_kind::lock: return "lock";
    case ledger_kind::unlock: return "unlock";
    case ledger_kind::other: return "other";
    }
    return "unknown";
}

namespace detail {

// When the chain's rules changed.
namespace ledger_forks {

inline constexpr time_point_sec deferred_fees{1'450'288'800};  // 2015-12-16T18:00:00, issue 445
inline constexpr time_point_sec refund_as_paid{1'532'008'920}; // 2018-07-19T14:02:00, issue 604
inline constexpr time_point_sec maker_discount{1'596'117'300}; // 2020-07-30T13:55:00, BSIP 85

} // namespace ledger_forks

template <class Operation, class... Listed>
inline constexpr bool is_one_of = (std::is_same_v<Operation, Listed> || ...);

/* What one record, or the passing of time, does to a ledger: one overload of `book` for each operation whose movements
   depend on what was before or on the result; the others' are their own `balance_moves`. A template so that it is compiled
   where a ledger is used. */
template <class Dependent>
class ledger_entry
{
public:
    ledger_entry(ledger& books, history_record const* record, ledger_place const& place, std::vector<ledger_row>& rows)
        : books_(books), me_(books.account_), record_(record), place_(place), rows_(rows)
    {}

    result<void> take()
    {
        if (overflow_)
            return error(errc::amount_overflow, "at " + place_.id.to_string());
        return {};
    }

    static ledger_place place_at(time_point_sec time)
    {
        ledger_place place;
        place.time = time;
        return place;
    }

    // Everything up to `until` that tickets do by themselves, but nothing to `kept`.
    void release_tickets(time_point_sec until, std::optional<ticket_id> kept = std::nullopt)
    {
        for (;;)
        {
            auto next = books_.tickets_.end();
            for (auto i = books_.tickets_.begin(); i != books_.tickets_.end(); ++i)
                if (i->first != kept && i->second.next_step <= until &&
                    i->second.next_step < time_point_sec::maximum() &&
                    (next == books_.tickets_.end() || i->second.next_step < next->second.next_step))
                    next = i;
            if (next == books_.tickets_.end())
                return;
            time_point_sec const due = next->second.next_step;
            if (!next->second.step())
                continue;
            ticket_id const id = next->first;
            books_.tickets_.erase(next);
            ledger_place const here = std::exchange(place_, place_at(due));
            history_record const* const record = std::exchange(record_, nullptr);
            unlock_all("ticket released", ledger_bucket::ticket, id);
            place_ = here;
            record_ = record;
        }
    }

    void run()
    {
        bool const block_end = at_block_end();
        // The tickets' turn is at a block's end, before what the chain does to others there, and behind the transactions.
        // Without the block before, the last second before this one is as good: dates are of the chain's slots.
        time_point_sec const until = block_end ? record_->block_time : last_block_or(1);
        auto const* const update = record_->op.template get_if<ticket_update>();
        release_tickets(until, update ? std::optional(update->ticket) : std::nullopt);
        if (update)
            bring_up_to_date(update->ticket, until);
        record_->op.value.visit([this]<class Operation>(Operation const& op) { this->dispatch(op); });
    }

private:
    using bucket = ledger_bucket;
    using kind = ledger_kind;

    template <class Operation>
    void dispatch(Operation const& op)
    {
        if constexpr (std::is_same_v<Operation, unknown_operation>)
            uncertain(std::nullopt, std::nullopt, std::nullopt, "an operation that this version does not know");
        else
        {
            if constexpr (requires { this->book(op); })
                book(op);
            else if constexpr (requires { op.balance_moves(default_moves{*this, false}); })
                op.balance_moves(
                    default_moves{*this, is_one_of<Operation, asset_claim_fees, asset_claim_pool, fba_distribute>});
            // A fill's fee is the market's, a blinded transfer's comes out of its inputs, an order's is deferred.
            if constexpr (!is_one_of<Operation, fill_order, blind_transfer, transfer_from_blind, limit_order_create,
                                     limit_order_update>)
                if (op.fee_payer() == me_)
                    row(kind::fee, "fee", {out(op.fee)});
        }
    }

    struct default_moves
    {
        ledger_entry& entry;
        bool income;

        void sent(account_id who, asset const& a) const
        {
            if (who == entry.me_)
                entry.row(kind::withdrawal, "sent", {entry.out(a)});
        }
        void received(account_id who, asset const& a) const
        {
            if (who == entry.me_)
                entry.row(income ? kind::income : kind::deposit, income ? "claimed" : "received", {entry.in(a)});
        }
    };

    // Orders

    void book(limit_order_create const& op)
    {
        if (op.seller != me_)
            return;
        any_object_id const id = made(limit_order_id());
        row(kind::lock, "order placed", {out(op.amount_to_sell), in(bucket::order, id, op.amount_to_sell)});
        if (record_->block_time < ledger_forks::deferred_fees)
            return row(kind::fee, "fee", {out(op.fee)});
        if (record_->block_time < ledger_forks::refund_as_paid && op.fee.asset_id != core_asset)
        {
            books_.core_refunds_.insert(limit_order_id(id.instance()));
            return row(kind::fee, "order's fee", {out(op.fee)});
        }
        order_fee_parameters const then = order_parameters();
        defer(limit_order_id(id.instance()), op.fee, then.assumed ? std::nullopt : then.create_fee);
    }

    void book(limit_order_update const& op)
    {
        if (op.seller != me_)
            return;
        if (op.delta_amount_to_sell)
        {
            asset const& delta = *op.delta_amount_to_sell;
            if (delta.amount > 0)
                row(kind::lock, "order enlarged", {out(delta), in(bucket::order, op.order, delta)});
            else
                row(kind::unlock, "order reduced",
                    {taken(bucket::order, op.order, negative(delta)), in(negative(delta))});
        }
        order_fee_parameters const now = order_parameters();
        give_back_fee_of_updated(op.order, now);
        defer(op.order, op.fee, now.assumed ? std::nullopt : now.update_fee);
    }

    void book(limit_order_cancel const& op)
    {
        if (op.fee_paying_account != me_)
            return;
        std::optional<asset> const rest = held(bucket::order, op.order);
        // Old nodes do not tell what an order had left when the chain cancelled it.
        auto const* const told = std::get_if<asset>(&record_->result);
        if (!told && !rest)
            uncertain(std::nullopt, 0, std::nullopt,
                      "an order that was placed before the history begins was cancelled");
        if (told && (rest ? *rest != *told : told->amount != 0))
            contradiction(told->asset_id);
        std::vector<ledger_posting> postings;
        if (rest)
            postings.push_back(out(bucket::order, op.order, *rest));
        if (told || rest)
            postings.push_back(in(told ? *told : *rest));
        row(kind::unlock, "order cancelled", std::move(postings));
        if (books_.core_refunds_.erase(op.order) != 0)
            uncertain(core_asset, 0, std::nullopt,
                      "the fee of an order placed before 2018-07-19 comes back in core, whatever it was paid in");
        unlock_all("order's fee back", bucket::order_fee, op.order);
        books_.core_fees_.erase(op.order);
    }

    void book(fill_order const& op)
    {
        if (op.account_id != me_)
            return;
        switch (op.order_id.type())
        {
        case limit_order_id::type():
            // What was settled individually is sold in the name of the null account, whose balances do not change by it.
            if (me_ == reserved_accounts::null && !held(bucket::order, op.order_id))
                return;
            row(kind::trade, op.is_maker ? "order filled, as maker" : "order filled, as taker",
                {taken(bucket::order, op.order_id, op.pays), in(op.receives)});
            row(kind::fee, "market fee", {out(op.fee)});
            return use_up_fee(limit_order_id(op.order_id.instance()), op.is_maker);
        case call_order_id::type(): return fill_call(op);
        case force_settlement_id::type():
            row(kind::trade, "settled", {taken(bucket::settlement, op.order_id, op.pays), in(op.receives)});
            return row(kind::fee, "market fee", {out(op.fee)});
        default: return uncertain(std::nullopt, std::nullopt, std::nullopt, "an order of an unknown type was filled");
        }
    }

    void defer(limit_order_id order, asset const& fee, std::optional<std::uint64_t> core_value)
    {
        row(kind::lock, "order's fee", {out(fee), in(bucket::order_fee, order, fee)});
        books_.core_fees_.erase(order);
        if (fee.asset_id != core_asset && core_value)
            books_.core_fees_.emplace(order, *core_value);
    }

    // At the first fill the fee is the chain's, but for a maker's discount.
    void use_up_fee(limit_order_id order, bool maker)
    {
        bool const discount = maker && record_->block_time >= ledger_forks::maker_discount;
        if (books_.core_refunds_.erase(order) != 0 && discount)
            uncertain(core_asset, 0, std::nullopt, "a maker's discount on a fee that was paid before 2018-07-19");
        std::optional<asset> const fee = held(bucket::order_fee, order);
        if (!fee)
            return;
        books_.core_fees_.erase(order);
        asset back{0, fee->asset_id};
        bool assumed = false;
        if (discount)
        {
            order_fee_parameters const then = order_parameters();
            if (then.maker_fee_discount_percent)
                back.amount = share(fee->amount, std::min<std::uint16_t>(*then.maker_fee_discount_percent, 10'000),
                                    10'000, false);
            assumed = !then.maker_fee_discount_percent || then.assumed;
            if (assumed)
                uncertain(fee->asset_id, -back.amount, fee->amount - back.amount,
                          "a maker's discount whose percentage then is not known");
        }
        row(kind::fee, assumed ? "order's fee, assumed" : "order's fee",
            {out(bucket::order_fee, order, *fee), in(back)});
    }

    // The chain keeps a part of the cancellation's fee; no field tells it.
    void give_back_fee_of_updated(limit_order_id order, order_fee_parameters const& now)
    {
        if (books_.core_refunds_.erase(order) != 0)
            uncertain(core_asset, 0, std::nullopt,
                      "the fee of an order placed before 2018-07-19 comes back in core, whatever it was paid in");
        std::optional<asset> const fee = held(bucket::order_fee, order);
        if (!fee)
            return;
        if (fee->amount < 0) // no chain has such
            return unlock_all("order's fee back", bucket::order_fee, order);
        std::optional<std::uint64_t> kept = kept_by_update(now);
        if (kept && *kept != 0)
        {
            auto const amount = static_cast<std::uint64_t>(fee->amount);
            if (fee->asset_id == core_asset)
                kept = std::min(*kept, amount);
            else if (auto const value = books_.core_fees_.find(order); value == books_.core_fees_.end())
                kept.reset();
            else if (*kept < value->second)
                kept = mul_div(amount, *kept, value->second, true);
            else
                kept = amount;
            // Who pays more than the schedule asks gets more of it back.
            if (kept && *kept > 1 && fee->asset_id != core_asset)
                uncertain(fee->asset_id, 0, static_cast<std::int64_t>(*kept) - 1,
                          "an order's fee in another asset counts as at least the schedule's in core");
        }
        bool const assumed = !kept || now.assumed;
        if (assumed)
        {
            std::int64_t const back = kept ? fee->amount - static_cast<std::int64_t>(*kept) : 0;
            uncertain(fee->asset_id, -back, fee->amount - back,
                      "an order was updated, and the fees of then are not known");
            kept = static_cast<std::uint64_t>(fee->amount - back);
        }
        asset const lost{static_cast<std::int64_t>(*kept), fee->asset_id};
        asset const back{fee->amount - lost.amount, fee->asset_id};
        row(kind::unlock, assumed ? "order's fee back, assumed" : "order's fee back",
            {out(bucket::order_fee, order, back), in(back)});
        row(kind::fee, assumed ? "order's fee, assumed" : "order's fee", {out(bucket::order_fee, order, lost)});
    }

    static std::optional<std::uint64_t> kept_by_update(order_fee_parameters const& now)
    {
        if (!now.cancel_fee)
            return std::nullopt;
        if (*now.cancel_fee == 0)
            return std::uint64_t{0};
        if (!now.create_fee)
            return std::nullopt;
        if (*now.create_fee == 0)
            return now.cancel_fee;
        if (!now.update_fee)
            return std::nullopt;
        // No chain asks more for an update than what fits; otherwise it keeps everything.
        if (*now.update_fee > *now.create_fee && *now.cancel_fee > UINT64_MAX / *now.update_fee)
            return UINT64_MAX;
        return mul_div(*now.cancel_fee, *now.update_fee, *now.create_fee, false);
    }

    // Debt positions

    void book(call_order_update const& op)
    {
        if (op.funding_account != me_)
            return;
        any_object_id const id = op.delta_debt.asset_id;
        if (asset const& c = op.delta_collateral; c.amount > 0)
            row(kind::lock, "collateral added", {out(c), in(bucket::collateral, id, c)});
        else
            row(kind::unlock, "collateral taken out", {taken(bucket::collateral, id, negative(c)), in(negative(c))});
        if (asset const& d = op.delta_debt; d.amount > 0)
            row(kind::other, "borrowed", {in(d), out(bucket::debt, id, d)});
        else
            row(kind::other, "repaid", {out(negative(d)), repaid(bucket::debt, id, negative(d))});
    }

    void fill_call(fill_order const& op)
    {
        any_object_id const id = op.receives.asset_id;
        bool const known = held(bucket::debt, id).has_value();
        asset fee{0, op.pays.asset_id};
        if (op.fee.asset_id == op.pays.asset_id)
            fee.amount = std::clamp<std::int64_t>(op.fee.amount, 0, std::max<std::int64_t>(op.pays.amount, 0));
        asset const price{op.pays.amount - fee.amount, op.pays.asset_id};
        row(kind::trade, "margin called",
            {taken(bucket::collateral, id, price), repaid(bucket::debt, id, op.receives)});
        row(kind::fee, "margin call fee", {taken(bucket::collateral, id, fee)});
        if (!known)
            uncertain(op.pays.asset_id, 0, std::nullopt, "a debt position that was opened before the history begins");
        else if (!held(bucket::debt, id))
            unlock_all("collateral freed", bucket::collateral, id);
    }

    void book(bid_collateral const& op)
    {
        if (op.bidder != me_)
            return;
        any_object_id const id = op.debt_covered.asset_id;
        bool const open = held(bucket::bid, id).has_value();
        unlock_all(op.debt_covered.amount > 0 ? "bid replaced" : "bid cancelled", bucket::bid, id);
        if (op.debt_covered.amount > 0)
            row(kind::lock, "bid", {out(op.additional_collateral), in(bucket::bid, id, op.additional_collateral)});
        else if (!open)
            uncertain(op.additional_collateral.asset_id, 0, std::nullopt,
                      "a bid that was made before the history begins was cancelled");
    }

    void book(execute_bid const& op)
    {
        if (op.bidder != me_)
            return;
        // Nodes before 5.2.0 swap the two members; the bid tells.
        bool const swapped =
            !held(bucket::bid, op.debt.asset_id) && held(bucket::bid, op.collateral.asset_id).has_value();
        asset const& debt = swapped ? op.collateral : op.debt;
        asset const& collateral = swapped ? op.debt : op.collateral;
        any_object_id const id = debt.asset_id;
        std::vector<ledger_posting> postings;
        if (auto const offered = held(bucket::bid, id))
            postings.push_back(out(bucket::bid, id, *offered));
        postings.push_back(in(bucket::collateral, id, collateral));
        postings.push_back(out(bucket::debt, id, debt));
        row(kind::other, "bid executed", std::move(postings));
    }

    // Settlements

    void book(asset_settle const& op)
    {
        if (op.account != me_)
            return;
        any_object_id const id = made(force_settlement_id());
        if (std::get_if<any_object_id>(&record_->result))
            return row(kind::lock, "settlement", {out(op.amount), in(bucket::settlement, id, op.amount)});
        if (auto const* const got = std::get_if<asset>(&record_->result))
        {
            // Nodes before 6.0.0: all is paid, or less by what is worth less than one unit of the collateral.
            std::int64_t const unit = got->amount > 0
                                          ? share(op.amount.amount, 1, static_cast<std::uint64_t>(got->amount), true)
                                          : op.amount.amount;
            if (unit > 1)
                uncertain(op.amount.asset_id, 0, unit - 1,
                          "how much an instant settlement took, older nodes do not tell");
            return row(kind::trade, "settled at once", {out(op.amount), in(*got)});
        }
        auto const* const told = std::get_if<extendable_operation_result>(&record_->result);
        if (!told)
        {
            uncertain(op.amount.asset_id, negative(op.amount).amount, 0, "the result of a settlement is missing");
            return uncertain(std::nullopt, 0, std::nullopt, "the result of a settlement is missing");
        }
        asset rest = op.amount;
        std::vector<ledger_posting> postings;
        for (asset const& a : told->paid.value_or(std::vector<asset>()))
        {
            postings.push_back(out(a));
            if (a.asset_id == rest.asset_id && a.amount >= 0)
                rest.amount = rest.amount > a.amount ? rest.amount - a.amount : 0;
        }
        for (asset const& a : told->received.value_or(std::vector<asset>()))
            postings.push_back(in(a));
        row(kind::trade, "settled at once", std::move(postings));
        if (told->new_objects && !told->new_objects->empty())
            row(kind::lock, "settlement", {out(rest), in(bucket::settlement, id, rest)});
    }

    void book(asset_settle_cancel const& op)
    {
        if (op.account == me_)
            row(kind::unlock, "settlement cancelled",
                {taken(bucket::settlement, op.settlement, op.amount), in(op.amount)});
    }

    // Contracts

    void book(htlc_create const& op)
    {
        if (op.from == me_)
            row(kind::lock, "HTLC", {out(op.amount), in(bucket::htlc, made(htlc_id()), op.amount)});
    }

    void book(htlc_redeemed const& op)
    {
        if (op.from == me_ && op.to == me_)
            row(kind::unlock, "HTLC redeemed", {taken(bucket::htlc, op.htlc_id, op.amount), in(op.amount)});
        else if (op.from == me_)
            row(kind::withdrawal, "HTLC redeemed", {taken(bucket::htlc, op.htlc_id, op.amount)});
        else if (op.to == me_)
            row(kind::deposit, "HTLC redeemed", {in(op.amount)});
    }

    void book(htlc_refund const& op)
    {
        if (op.to == me_)
            row(kind::unlock, "HTLC expired", {taken(bucket::htlc, op.htlc_id, op.htlc_amount), in(op.htlc_amount)});
    }

    void book(vesting_balance_create const& op)
    {
        std::vector<ledger_posting> postings;
        if (op.creator == me_)
            postings.push_back(out(op.amount));
        if (op.owner == me_)
            postings.push_back(in(bucket::vesting, made(vesting_balance_id()), op.amount));
        kind const k = op.creator != me_ ? kind::deposit : op.owner == me_ ? kind::lock : kind::withdrawal;
        row(k, "vesting balance", std::move(postings));
    }

    void book(vesting_balance_withdraw const& op)
    {
        if (op.owner != me_)
            return;
        if (held(bucket::vesting, op.vesting_balance))
            row(kind::unlock, "vested", {taken(bucket::vesting, op.vesting_balance, op.amount), in(op.amount)});
        else // which the chain filled, at times that are in no history
            row(kind::income, "vested", {in(op.amount)});
    }

    void book(ticket_create const& op)
    {
        if (op.account != me_)
            return;
        any_object_id const id = made(ticket_id());
        row(kind::lock, "ticket", {out(op.amount), in(bucket::ticket, id, op.amount)});
        books_.tickets_.insert_or_assign(ticket_id(id.instance()),
                                         ticket_clock::create(ticket_target(op.target_type), chain_clock()));
    }

    void book(ticket_update const& op)
    {
        if (op.account != me_)
            return;
        auto const found = books_.tickets_.find(op.ticket);
        std::optional<asset> const locked = held(bucket::ticket, op.ticket);
        if (found == books_.tickets_.end() || !locked)
            uncertain(core_asset, 0, std::nullopt, "a ticket that was made before the history begins");
        else if (op.amount_for_new_target && op.amount_for_new_target->amount < locked->amount)
        {
            asset const& split = *op.amount_for_new_target;
            any_object_id const id = made(ticket_id());
            row(kind::other, "ticket split", {taken(bucket::ticket, op.ticket, split), in(bucket::ticket, id, split)});
            ticket_clock part = found->second;
            part.set_target(ticket_target(op.target_type), chain_clock());
            books_.tickets_.insert_or_assign(ticket_id(id.instance()), part);
        }
        else
            found->second.set_target(ticket_target(op.target_type), chain_clock());
        if (auto const* const told = std::get_if<generic_operation_result>(&record_->result))
            for (any_object_id const gone : told->removed_objects)
                if (is(gone, ticket_id()) && books_.tickets_.erase(ticket_id(gone.instance())) != 0)
                    unlock_all("ticket released", bucket::ticket, gone);
    }

    // Pools

    void book(liquidity_pool_deposit const& op)
    {
        if (op.account != me_ || exchanged("pool deposit"))
            return;
        uncertain(op.amount_a.asset_id, negative(op.amount_a).amount, 0, no_pool_result);
        uncertain(op.amount_b.asset_id, negative(op.amount_b).amount, 0, no_pool_result);
        uncertain(std::nullopt, 0, std::nullopt, no_pool_result);
    }

    void book(liquidity_pool_withdraw const& op)
    {
        if (op.account != me_ || exchanged("pool withdrawal"))
            return;
        row(kind::trade, "pool withdrawal", {out(op.share_amount)});
        uncertain(std::nullopt, 0, std::nullopt, no_pool_result);
    }

    void book(liquidity_pool_exchange const& op)
    {
        if (op.account != me_ || exchanged("pool exchange"))
            return;
        row(kind::trade, "pool exchange", {out(op.amount_to_sell), in(op.min_to_receive)});
        uncertain(op.min_to_receive.asset_id, 0, std::nullopt, no_pool_result);
    }

    bool exchanged(std::string_view what)
    {
        auto const* const told = std::get_if<generic_exchange_operation_result>(&record_->result);
        if (!told)
            return false;
        std::vector<ledger_posting> postings;
        for (asset const& a : told->paid)
            postings.push_back(out(a));
        for (asset const& a : told->received)
            postings.push_back(in(a));
        row(kind::trade, what, std::move(postings));
        return true;
    }

    static constexpr std::string_view no_pool_result = "the result of an exchange with a pool is missing";

    // Loans inside a transaction. Who borrows need not be who repays, so that nothing is owed between the two rows.

    void book(samet_fund_create const& op)
    {
        asset const all{op.balance, op.asset_type};
        if (op.owner_account == me_)
            row(kind::lock, "SameT fund", {out(all), in(bucket::samet_fund, made(samet_fund_id()), all)});
    }

    void book(samet_fund_update const& op)
    {
        if (op.owner_account == me_ && op.delta_amount)
            change("SameT fund", bucket::samet_fund, op.fund_id, *op.delta_amount);
    }

    void book(samet_fund_delete const& op)
    {
        if (op.owner_account == me_)
            close("SameT fund deleted", bucket::samet_fund, op.fund_id);
    }

    void book(samet_fund_borrow const& op)
    {
        if (op.borrower == me_)
            row(kind::other, "borrowed", {in(op.borrow_amount)});
    }

    void book(samet_fund_repay const& op)
    {
        if (op.account == me_)
        {
            row(kind::other, "repaid", {out(op.repay_amount)});
            row(kind::fee, "lender's fee", {out(op.fund_fee)});
        }
        if (held(bucket::samet_fund, op.fund_id))
            row(kind::income, "lender's fee", {in(bucket::samet_fund, op.fund_id, op.fund_fee)});
    }

    // Loans

    void book(credit_offer_create const& op)
    {
        asset const all{op.balance, op.asset_type};
        if (op.owner_account == me_)
            row(kind::lock, "credit offer", {out(all), in(bucket::credit_offer, made(credit_offer_id()), all)});
    }

    void book(credit_offer_update const& op)
    {
        if (op.owner_account == me_ && op.delta_amount)
            change("credit offer", bucket::credit_offer, op.offer_id, *op.delta_amount);
    }

    void book(credit_offer_delete const& op)
    {
        if (op.owner_account == me_)
            close("credit offer deleted", bucket::credit_offer, op.offer_id);
    }

    void book(credit_offer_accept const& op)
    {
        any_object_id const deal = made(credit_deal_id());
        if (op.borrower == me_)
        {
            row(kind::lock, "collateral", {out(op.collateral), in(bucket::credit_collateral, deal, op.collateral)});
            row(kind::other, "borrowed", {in(op.borrow_amount), out(bucket::credit_debt, deal, op.borrow_amount)});
        }
        if (held(bucket::credit_offer, op.offer_id))
        {
            row(kind::other, "lent",
                {taken(bucket::credit_offer, op.offer_id, op.borrow_amount),
                 in(bucket::credit_lent, deal, op.borrow_amount)});
            books_.deals_.insert_or_assign(credit_deal_id(deal.instance()), op.offer_id);
        }
    }

    void book(credit_deal_repay const& op)
    {
        if (op.account == me_)
        {
            row(kind::other, "repaid",
                {out(op.repay_amount), repaid(bucket::credit_debt, op.deal_id, op.repay_amount)});
            row(kind::fee, "lender's fee", {out(op.credit_fee)});
            auto const* const told = std::get_if<extendable_operation_result>(&record_->result);
            if (told && told->received)
                for (asset const& a : *told->received)
                    row(kind::unlock, "collateral back", {taken(bucket::credit_collateral, op.deal_id, a), in(a)});
            else if (auto const all = held(bucket::credit_collateral, op.deal_id))
                uncertain(all->asset_id, 0, all->amount, "the result of a repayment is missing");
            else
                uncertain(std::nullopt, 0, std::nullopt, "the result of a repayment is missing");
        }
        if (auto const deal = books_.deals_.find(op.deal_id); deal != books_.deals_.end())
        {
            row(kind::other, "loan repaid",
                {taken(bucket::credit_lent, op.deal_id, op.repay_amount),
                 in(bucket::credit_offer, deal->second, op.repay_amount)});
            row(kind::income, "lender's fee", {in(bucket::credit_offer, deal->second, op.credit_fee)});
            if (!held(bucket::credit_lent, op.deal_id))
                books_.deals_.erase(deal);
        }
    }

    void book(credit_deal_expired const& op)
    {
        if (op.borrower == me_)
            row(kind::other, "collateral lost",
                {taken(bucket::credit_collateral, op.deal_id, op.collateral),
                 repaid(bucket::credit_debt, op.deal_id, op.unpaid_amount)});
        if (op.offer_owner == me_)
        {
            row(kind::other, "collateral of an unpaid loan",
                {taken(bucket::credit_lent, op.deal_id, op.unpaid_amount), in(op.collateral)});
            books_.deals_.erase(op.deal_id);
        }
    }

    void change(std::string_view what, bucket b, any_object_id id, asset const& delta)
    {
        if (delta.amount > 0)
            row(kind::lock, what, {out(delta), in(b, id, delta)});
        else
            row(kind::unlock, what, {taken(b, id, negative(delta)), in(negative(delta))});
    }

    void close(std::string_view what, bucket b, any_object_id id)
    {
        if (auto const* const told = std::get_if<asset>(&record_->result))
            row(kind::unlock, what, {taken(b, id, *told), in(*told)});
        else
            unlock_all(what, b, id);
    }

    // Time

    /* What the chain does behind a block's transactions is counted from 0; the account may see later ones of it only, of which
       some can be made nowhere else. */
    bool at_block_end() const
    {
        if (!record_->is_virtual)
            return false;
        std::pair<std::uint32_t, std::uint16_t> const place(record_->block_num, record_->trx_in_block);
        if (record_->virtual_op == 0 || record_->op.template get_if<fba_distribute>() ||
            record_->op.template get_if<htlc_refund>() || record_->op.template get_if<credit_deal_expired>())
            books_.block_end_ = place;
        return books_.block_end_ == place;
    }

    time_point_sec last_block_or(std::uint32_t seconds_before) const
    {
        if (record_->block_num != 0)
            if (auto const known = books_.parameters_.block_time(record_->block_num - 1))
                return *known;
        return {record_->block_time.seconds - std::min(record_->block_time.seconds, seconds_before)};
    }

    time_point_sec chain_clock() const
    {
        return at_block_end() ? record_->block_time : last_block_or(books_.parameters_.block_interval);
    }

    order_fee_parameters order_parameters() const { return books_.parameters_.at(record_->block_time, at_block_end()); }

    static ticket_type ticket_target(varuint target)
    {
        return static_cast<ticket_type>(std::min<std::uint64_t>(target.value, 4));
    }

    // A ticket that is updated has not been released yet; its steps until then have been made.
    void bring_up_to_date(ticket_id id, time_point_sec until)
    {
        auto const found = books_.tickets_.find(id);
        if (found == books_.tickets_.end())
            return;
        ticket_clock& ticket = found->second;
        while (ticket.next_step <= until && ticket.next_step < time_point_sec::maximum())
        {
            ticket_clock before = ticket;
            if (ticket.step())
            {
                ticket = before;
                return;
            }
        }
    }

    // The result

    template <class Id>
    static bool is(any_object_id id, Id)
    {
        return id.space() == Id::space() && id.type() == Id::type();
    }

    // The first object of this type that the operation made; 0.0.0 where the result does not tell.
    template <class Id>
    any_object_id made(Id type) const
    {
        if (auto const* const id = std::get_if<any_object_id>(&record_->result); id && is(*id, type))
            return *id;
        auto const first = [type](flat_set<any_object_id> const& ids) {
            auto const found = std::find_if(ids.begin(), ids.end(), [type](any_object_id id) { return is(id, type); });
            return found == ids.end() ? any_object_id() : *found;
        };
        if (auto const* const told = std::get_if<generic_operation_result>(&record_->result))
            return first(told->new_objects);
        if (auto const* const told = std::get_if<extendable_operation_result>(&record_->result);
            told && told->new_objects)
            return first(*told->new_objects);
        return {};
    }

    // Postings

    static constexpr std::string_view contradicted = "more came out of something than the history put into it";

    asset negative(asset const& a)
    {
        if (a.amount == INT64_MIN)
            overflow_ = true;
        return negated(a);
    }

    // floor(a * b / c), or ceil, for b <= c.
    static std::int64_t share(std::int64_t a, std::uint64_t b, std::uint64_t c, bool up)
    {
        return a <= 0 ? 0 : static_cast<std::int64_t>(mul_div(static_cast<std::uint64_t>(a), b, c, up));
    }

    ledger_posting in(asset const& a) const { return {bucket::liquid, {}, a, 0}; }
    ledger_posting out(asset const& a) { return {bucket::liquid, {}, negative(a), 0}; }
    ledger_posting in(bucket b, any_object_id id, asset const& a) const { return {b, id, a, 0}; }
    ledger_posting out(bucket b, any_object_id id, asset const& a) { return {b, id, negative(a), 0}; }

    // Never more than there is: a history that begins late must not leave what was never there.
    ledger_posting taken(bucket b, any_object_id id, asset const& a)
    {
        asset rest{std::min(a.amount, amount_in(b, id, a.asset_id)), a.asset_id};
        if (rest.amount != a.amount)
            contradiction(a.asset_id);
        return out(b, id, rest);
    }
    ledger_posting repaid(bucket b, any_object_id id, asset const& a)
    {
        std::int64_t const owed = amount_in(b, id, a.asset_id);
        asset rest{std::min(a.amount, negative({owed, a.asset_id}).amount), a.asset_id};
        if (rest.amount != a.amount)
            contradiction(a.asset_id);
        return in(b, id, rest);
    }

    void contradiction(asset_id a) { uncertain(a, 0, 0, contradicted); }

    std::int64_t amount_in(bucket b, any_object_id id, asset_id a) const
    {
        auto const found = books_.held_.find({b, id, a});
        return found == books_.held_.end() ? 0 : found->second;
    }

    // Objects hold one asset each.
    std::optional<asset> held(bucket b, any_object_id id) const
    {
        auto const found = books_.held_.lower_bound({b, id, asset_id(0)});
        if (found == books_.held_.end() || found->first.bucket != b || found->first.object != id)
            return std::nullopt;
        return asset{found->second, found->first.asset_id};
    }

    void unlock_all(std::string_view what, bucket b, any_object_id id)
    {
        if (auto const all = held(b, id))
            row(kind::unlock, what, {out(b, id, *all), in(*all)});
    }

    void row(kind k, std::string_view what, std::vector<ledger_posting> postings)
    {
        std::erase_if(postings, [](ledger_posting const& p) { return p.amount.amount == 0; });
        if (postings.empty())
            return;
        for (ledger_posting& p : postings)
        {
            if (p.bucket == bucket::liquid)
            {
                std::int64_t& balance = books_.liquid_[p.amount.asset_id];
                add(balance, p.amount.amount);
                p.balance = balance;
                continue;
            }
            auto const at = books_.held_.try_emplace({p.bucket, p.object, p.amount.asset_id}).first;
            add(at->second, p.amount.amount);
            p.balance = at->second;
            if (at->second == 0)
                books_.held_.erase(at);
        }
        rows_.push_back({record_, place_, k, what, std::move(postings)});
    }

    void add(std::int64_t& to, std::int64_t amount)
    {
        if (amount > 0 ? to > INT64_MAX - amount : to < INT64_MIN - amount)
            overflow_ = true;
        else
            to += amount;
    }

    void uncertain(std::optional<asset_id> a, std::optional<std::int64_t> lower, std::optional<std::int64_t> upper,
                   std::string_view reason)
    {
        if (lower && upper && *lower > *upper) // of negative amounts, which no chain has
            std::swap(lower, upper);
        auto& all = books_.uncertainties_;
        if (all.size() >= ledger::max_uncertainties)
        {
            auto const [at, fresh] = books_.merged_.try_emplace({a, reason}, all.size());
            if (!fresh)
            {
                add_bound(all[at->second].lower, lower);
                add_bound(all[at->second].upper, upper);
                return;
            }
        }
        all.push_back({a, lower, upper, reason, place_});
    }

    static void add_bound(std::optional<std::int64_t>& to, std::optional<std::int64_t> bound)
    {
        if (!to || !bound || (*bound > 0 ? *to > INT64_MAX - *bound : *to < INT64_MIN - *bound))
            to.reset();
        else
            *to += *bound;
    }

    ledger& books_;
    account_id me_;
    history_record const* record_;
    ledger_place place_;
    std::vector<ledger_row>& rows_;
    bool overflow_ = false;
};

} // namespace detail

BITSHARES_LAZY ledger::ledger(account_id account, ledger_parameters parameters)
    : account_(account), parameters_(std::move(parameters))
{
    if (account_ == reserved_accounts::null)
        uncertainties_.push_back({core_asset, 0, std::nullopt, "what burn workers earn has no operation", {}});
}

BITSHARES_LAZY result<void> ledger::apply(history_record const& record, std::vector<ledger_row>& rows)
{
    ledger_place place{.sequence = record.sequence,
                       .id = record.id,
                       .tag = std::nullopt,
                       .block_num = record.block_num,
                       .trx_in_block = record.trx_in_block,
                       .op_in_trx = record.op_in_trx,
                       .virtual_op = record.virtual_op,
                       .time = record.block_time};
    if (record.op.known())
        place.tag = static_cast<std::uint8_t>(record.op.tag());
    detail::ledger_entry<void> entry(*this, &record, place, rows);
    entry.run();
    return entry.take();
}

BITSHARES_LAZY result<void> ledger::advance(time_point_sec time, std::vector<ledger_row>& rows)
{
    detail::ledger_entry<void> entry(*this, nullptr, {}, rows);
    entry.release_tickets(time);
    return entry.take();
}

BITSHARES_LAZY std::int64_t ledger::balance(asset_id asset) const
{
    auto const found = liquid_.find(asset);
    return found == liquid_.end() ? 0 : found->second;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
