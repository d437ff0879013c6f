#pragma once

#include <bitshares/history/ledger_queries.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/history/requests.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

struct committee_decision
{
    operation_history_id id;
    time_point_sec time;
    order_fee_parameters parameters;
};

inline constexpr account_statistics_id committee_statistics{0};

// Older nodes do not tell an operation's time.
template <class Client>
std::optional<committee_decision> read_decision(Client& node, operation_history_object const& entry)
{
    auto const* const update = entry.op.template get_if<committee_member_update_global_parameters>();
    if (!update)
        return std::nullopt;
    time_point_sec time = entry.block_time;
    if (time == time_point_sec())
    {
        auto const header = node.try_call(database::get_block_header(entry.block_num));
        if (!header || !*header)
            return std::nullopt;
        time = (*header)->timestamp;
    }
    return committee_decision{entry.id, time, order_fee_parameters::of(update->new_parameters)};
}

// Of a node with Elasticsearch, which gives of most methods the newest operation only: all of the history.
template <class Client>
std::optional<std::vector<committee_decision>> read_decisions_one_by_one(Client& node)
{
    history_options options;
    options.order = history_order::newest_first;
    options.types = {committee_member_update_global_parameters::traits.tag};
    std::vector<committee_decision> decisions;
    try
    {
        for (history_record const& record :
             node_history(node, reserved_accounts::committee, committee_statistics, options))
            if (auto decision = read_decision(node, record))
                decisions.push_back(*decision);
            else
                return std::nullopt;
    }
    catch (exception const& e)
    {
        if (e.code() != errc::history_incomplete)
            throw;
        return std::nullopt;
    }
    return decisions;
}

// Newest first. Nothing where the node cannot be trusted to have them all.
template <class Client>
std::optional<std::vector<committee_decision>> read_committee_decisions(Client& node)
{
    std::string const committee = reserved_accounts::committee.to_string();
    auto const statistics = node.try_call(history_count_request(committee_statistics));
    if (!statistics)
        return std::nullopt;
    auto const count = read_history_count(*statistics, reserved_accounts::committee, committee_statistics);
    if (!count || count->removed != 0)
        return std::nullopt;
    if (count->total > 1)
    {
        auto const two = node.try_call(history::get_relative_account_history(committee, 0, 2, 0));
        if (!two || two->size() != 2)
            return read_decisions_one_by_one(node);
    }
    constexpr std::uint32_t page_size = 25; // a decision is the whole fee schedule
    constexpr std::int64_t tag = committee_member_update_global_parameters::traits.tag;
    std::vector<committee_decision> decisions;
    for (operation_history_id start;;)
    {
        auto const page = node.try_call(
            history::get_account_history_operations(committee, tag, start, operation_history_id(), page_size));
        if (!page)
            return std::nullopt;
        for (operation_history_object const& entry : *page)
        {
            auto const decision = read_decision(node, entry);
            if (!decision || (!decisions.empty() && entry.id >= decisions.back().id))
                return std::nullopt;
            decisions.push_back(*decision);
        }
        if (page->size() < page_size || decisions.back().id.instance <= 1)
            return decisions;
        start = operation_history_id(decisions.back().id.instance - 1); // 0 would mean the newest
    }
}

} // namespace detail

BITSHARES_LAZY ledger_parameters read_ledger_parameters(blocking_client& node)
{
    auto const told = node.try_call(database::get_global_properties());
    if (!told) // a node that tells nothing leaves everything open
        return {};
    global_property_object const& now = *told;
    auto const head = node.call(database::get_dynamic_global_properties());
    ledger_parameters all;
    all.block_interval = now.parameters.block_interval;
    order_fee_parameters const current = order_fee_parameters::of(now.parameters);
    auto const decisions = detail::read_committee_decisions(node);
    std::uint32_t const interval = now.parameters.maintenance_interval;
    // What no node tells: most likely it was as it is, but for the discount, which no chain begins with.
    auto const assume = [&all](order_fee_parameters likely) {
        likely.assumed = true;
        all.set({}, likely);
    };
    if (!decisions)
    {
        assume(current);
        all.set(head.time, current);
        return all;
    }
    if (decisions->empty())
    {
        all.set({}, current);
        return all;
    }
    // The newest that is in force has to be what is in force.
    auto const effective = [interval](detail::committee_decision const& d) {
        return ledger_parameters::next_maintenance(d.time, interval);
    };
    auto const in_force = std::find_if(decisions->begin(), decisions->end(),
                                       [&](auto const& d) { return effective(d) < head.next_maintenance_time; });
    if (in_force == decisions->end()) // all of them are for later
        all.set({}, current);
    else if (in_force->parameters != current)
    {
        assume(current);
        all.set(head.time, current);
        return all;
    }
    else
    {
        order_fee_parameters first = decisions->back().parameters;
        first.maker_fee_discount_percent = std::uint16_t{0};
        assume(first);
    }
    for (auto d = decisions->rbegin(); d != decisions->rend(); ++d)
        all.set(effective(*d), d->parameters);
    return all;
}

BITSHARES_LAZY void read_ticket_times(blocking_client& node, std::span<history_record const> records,
                                      ledger_parameters& parameters)
{
    for (history_record const& record : records)
    {
        if (record.block_num < 2 ||
            !(record.op.template get_if<ticket_create>() || record.op.template get_if<ticket_update>()) ||
            parameters.block_time(record.block_num - 1))
            continue;
        auto const header = node.try_call(database::get_block_header(record.block_num - 1));
        if (header && *header)
            parameters.set_block_time(record.block_num - 1, (*header)->timestamp);
    }
}

BITSHARES_LAZY balance_snapshot read_balances(blocking_client& node, account_id account,
                                              account_statistics_id statistics, std::uint8_t block_interval,
                                              std::optional<std::uint32_t> unlike)
{
    using clock = std::chrono::steady_clock;
    auto const deadline = clock::now() + std::min<std::chrono::milliseconds>(std::chrono::seconds(2 * block_interval),
                                                                             std::chrono::seconds(10));
    auto const look = [&] {
        balance_snapshot s;
        auto const head = node.call(database::get_dynamic_global_properties());
        s.head_block = head.head_block_number;
        s.time = head.time;
        auto const count = read_history_count(node.call(history_count_request(statistics)), account, statistics);
        if (!count)
            throw exception(count.error());
        s.total_ops = count->total;
        return s;
    };
    for (;;)
    {
        balance_snapshot before = look();
        bool const late = clock::now() >= deadline;
        if (unlike && before.head_block == *unlike && !late)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            continue;
        }
        auto const balances = node.call(database::get_account_balances(account.to_string(), {}));
        balance_snapshot const after = look();
        if ((before.head_block != after.head_block || before.total_ops != after.total_ops) && !late)
            continue;
        for (asset const& a : balances)
            before.balances[a.asset_id] = a.amount;
        return before;
    }
}

namespace detail {

// A template so that it is compiled where it is used: a full account has proposals, and these have operations.
template <class Dependent>
class holdings_reader
{
public:
    holdings_reader(account_id account, told_holdings& out) : account_(account), out_(out) {}

    void take(full_account const& full)
    {
        using bucket = ledger_bucket;
        if (!full.more_data_available.limit_orders)
        {
            out_.whole.insert({bucket::order, bucket::order_fee});
            for (auto const& o : full.limit_orders)
                take(o);
        }
        if (!full.more_data_available.call_orders)
        {
            out_.whole.insert({bucket::collateral, bucket::debt});
            for (auto const& o : full.call_orders)
            {
                any_object_id const id = o.call_price.quote.asset_id;
                put(bucket::collateral, id, {o.collateral, o.call_price.base.asset_id});
                put(bucket::debt, id, {-o.debt, o.call_price.quote.asset_id});
            }
        }
        if (!full.more_data_available.settle_orders)
        {
            out_.whole.insert(bucket::settlement);
            for (auto const& o : full.settle_orders)
                take(o);
        }
        if (!full.more_data_available.htlcs_from)
        {
            out_.whole.insert(bucket::htlc);
            for (auto const& o : full.htlcs_from)
                take(o);
        }
    }

    // An object that was asked for by its id; what was known of it is 0 where it is gone, or another's by now.
    void take(any_object_id id, std::span<ledger_holding const> known, std::string_view json)
    {
        for (ledger_holding const& holding : known)
            out_.amounts.try_emplace(holding, 0);
        if (json == "null")
            return;
        switch (id.type())
        {
        case limit_order_id::type(): return read<limit_order_object>(json);
        case force_settlement_id::type(): return read<force_settlement_object>(json);
        case htlc_id::type(): return read<htlc_object>(json);
        case ticket_id::type(): return read<ticket_object>(json);
        case samet_fund_id::type(): return read<samet_fund_object>(json);
        case credit_offer_id::type(): return read<credit_offer_object>(json);
        case credit_deal_id::type(): return read<credit_deal_object>(json);
        case vesting_balance_id::type(): return read<vesting_balance_object>(json);
        default: return;
        }
    }

private:
    template <class Object>
    void read(std::string_view json)
    {
        auto const object = from_json<Object>(json);
        if (!object)
            throw exception(object.error());
        take(*object);
    }

    void put(ledger_bucket bucket, any_object_id object, asset const& amount)
    {
        if (amount.amount != 0)
            out_.amounts[{bucket, object, amount.asset_id}] = amount.amount;
    }

    void take(limit_order_object const& o)
    {
        if (o.seller != account_ || o.is_settled_debt)
            return;
        put(ledger_bucket::order, o.id, {o.for_sale, o.sell_price.base.asset_id});
        put(ledger_bucket::order_fee, o.id,
            o.deferred_paid_fee.amount != 0 ? o.deferred_paid_fee : asset{o.deferred_fee, core_asset});
    }
    void take(force_settlement_object const& o)
    {
        if (o.owner == account_)
            put(ledger_bucket::settlement, o.id, o.balance);
    }
    void take(htlc_object const& o)
    {
        if (o.transfer.from == account_)
            put(ledger_bucket::htlc, o.id, {o.transfer.amount, o.transfer.asset_id});
    }
    void take(ticket_object const& o)
    {
        if (o.account != account_)
            return;
        put(ledger_bucket::ticket, o.id, o.amount);
        out_.tickets.emplace(o.id, o);
    }
    void take(samet_fund_object const& o)
    {
        if (o.owner_account == account_)
            put(ledger_bucket::samet_fund, o.id, {o.balance, o.asset_type});
    }
    void take(credit_offer_object const& o)
    {
        if (o.owner_account == account_)
            put(ledger_bucket::credit_offer, o.id, {o.current_balance, o.asset_type});
    }
    void take(credit_deal_object const& o)
    {
        if (o.borrower == account_)
        {
            put(ledger_bucket::credit_collateral, o.id, {o.collateral_amount, o.collateral_asset});
            put(ledger_bucket::credit_debt, o.id, {-o.debt_amount, o.debt_asset});
        }
        if (o.offer_owner == account_)
            put(ledger_bucket::credit_lent, o.id, {o.debt_amount, o.debt_asset});
    }
    void take(vesting_balance_object const& o)
    {
        if (o.owner == account_)
            put(ledger_bucket::vesting, o.id, o.balance);
    }

    account_id account_;
    told_holdings& out_;
};

} // namespace detail

BITSHARES_LAZY told_holdings read_holdings(blocking_client& node, account_id account,
                                           std::map<ledger_holding, std::int64_t> const& known)
{
    told_holdings told;
    detail::holdings_reader<void> reader(account, told);
    if (auto const full = node.try_call(database::get_full_accounts({account.to_string()}, false)); full)
        if (auto const* const found = full->find(account.to_string()); found && found->account.id == account)
            reader.take(*found);

    std::map<any_object_id, std::vector<ledger_holding>> objects;
    for (auto const& [holding, amount] : known)
        if (!told.whole.contains(holding.bucket) && holding.bucket != ledger_bucket::bid &&
            holding.bucket != ledger_bucket::collateral && holding.bucket != ledger_bucket::debt &&
            holding.object != any_object_id())
            objects[holding.object].push_back(holding);
    constexpr std::size_t at_once = 100;
    for (auto next = objects.begin(); next != objects.end();)
    {
        auto const first = next;
        std::vector<any_object_id> ids;
        for (; next != objects.end() && ids.size() < at_once; ++next)
            ids.push_back(next->first);
        auto const answer = node.try_call(database::get_objects(ids));
        if (!answer)
            continue;
        if (answer->size() != ids.size())
            throw exception(error(errc::invalid_reply, "get_objects: " + std::to_string(answer->size()) +
                                                           " objects for " + std::to_string(ids.size())));
        auto at = first;
        for (raw_json const& object : *answer)
        {
            reader.take(at->first, at->second, object.text);
            ++at;
        }
    }
    return told;
}

BITSHARES_DECL std::vector<holding_difference> compare_holdings(std::map<ledger_holding, std::int64_t> const& books,
                                                                told_holdings const& told)
{
    std::vector<holding_difference> differences;
    auto mine = books.begin();
    auto theirs = told.amounts.begin();
    while (mine != books.end() || theirs != told.amounts.end())
    {
        bool const only_mine = theirs == told.amounts.end() || (mine != books.end() && mine->first < theirs->first);
        bool const only_theirs = mine == books.end() || (theirs != told.amounts.end() && theirs->first < mine->first);
        if (only_mine)
        {
            if (told.whole.contains(mine->first.bucket))
                differences.push_back({mine->first, 0, mine->second});
            ++mine;
        }
        else if (only_theirs)
        {
            if (theirs->second != 0)
                differences.push_back({theirs->first, theirs->second, 0});
            ++theirs;
        }
        else
        {
            if (mine->second != theirs->second)
                differences.push_back({mine->first, theirs->second, mine->second});
            ++mine;
            ++theirs;
        }
    }
    return differences;
}

BITSHARES_DECL std::vector<ticket_id> compare_tickets(std::map<ticket_id, ticket_clock> const& books,
                                                      told_holdings const& told)
{
    std::vector<ticket_id> different;
    for (auto const& [id, clock] : books)
    {
        auto const at = told.tickets.find(id);
        if (at == told.tickets.end())
            continue;
        ticket_object const& said = at->second;
        bool const forever = clock.current == ticket_type::lock_forever;
        if (clock.current != said.current_type || clock.target != said.target_type ||
            (!forever && (clock.status != said.status || clock.next_step != said.next_auto_update_time)))
            different.push_back(id);
    }
    return different;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
