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
    auto const statistics = node.try_call(database::get_objects({committee_statistics}));
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
        auto const count = read_history_count(node.call(database::get_objects({statistics})), account, statistics);
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

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
