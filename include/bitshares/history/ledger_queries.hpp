#pragma once

#include <bitshares/history/ledger.hpp>
#include <bitshares/net/blocking_client.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** The committee's parameters through time, as far as a node tells them.

    Those in force come from `get_global_properties`; since when, and which there were before, from the operations
    `committee_member_update_global_parameters` in the committee account's history. What was before the first of these is
    told by no node; a node that has not all of that history leaves more of it out. That is assumed: no discount before the
    first decision, and otherwise the same; the ledger names bounds.

    @throws exception As @ref blocking_client::call.
    @throws node_refused The node refuses `get_dynamic_global_properties`.
*/
BITSHARES_LAZY_DECL ledger_parameters read_ledger_parameters(blocking_client& node);

/** The time of the block before each ticket operation in `records`, from which the ticket's terms count.

    Where a node does not tell, the ledger takes the interval between blocks.
    @throws exception As @ref blocking_client::call.
*/
BITSHARES_LAZY_DECL void read_ticket_times(blocking_client& node, std::span<history_record const> records,
                                           ledger_parameters& parameters);

/// What a node says that an account has, and when that was.
struct balance_snapshot
{
    std::map<asset_id, std::int64_t> balances;
    std::uint32_t head_block = 0;
    time_point_sec time;         ///< Of the head block.
    std::uint64_t total_ops = 0; ///< Of the account, by its statistics: a ledger of fewer is not to be compared.
};

/** Reads an account's balances, between two looks at the head block and the statistics that have to agree.

    Nodes add what waits for the next block to the balances that they tell. So a difference counts only if a later snapshot,
    of another head block, has it as well: give `unlike`, the head block of the one before, and it is waited for.

    @param unlike Waits for another head block than this one, for two block intervals (but 10 s) at most.
    @throws exception `errc::invalid_reply`: the statistics are not the account's; as @ref blocking_client::call.
    @throws node_refused The node refuses one of the calls.
*/
BITSHARES_LAZY_DECL balance_snapshot read_balances(blocking_client& node, account_id account,
                                                   account_statistics_id statistics, std::uint8_t block_interval = 3,
                                                   std::optional<std::uint32_t> unlike = std::nullopt);

/// What a node says that an account has beside its balance, as far as nodes tell it.
struct told_holdings
{
    std::map<ledger_holding, std::int64_t> amounts; ///< 0 for an object that is not there any more.
    std::set<ledger_bucket> whole;                  ///< Of these, it has told what there is, whether asked for or not.
    std::map<ticket_id, ticket_object> tickets;
};

/** Reads orders with their deferred fees, debt positions, settlements, HTLCs, tickets, funds, loans and the vesting balances that
    operations made. Of bids no node tells by account; what a node refuses is left out.

    @param known What is asked for by its id, where no list has it.
    @throws exception As @ref blocking_client::call.
*/
BITSHARES_LAZY_DECL told_holdings read_holdings(blocking_client& node, account_id account,
                                                std::map<ledger_holding, std::int64_t> const& known);

/// An amount that a node has otherwise than the ledger.
struct holding_difference
{
    ledger_holding holding;
    std::int64_t expected = 0; ///< What the node says.
    std::int64_t got = 0;      ///< What the ledger says.

    friend bool operator==(holding_difference const&, holding_difference const&) = default;
};

/// In the order of buckets and objects.
BITSHARES_DECL std::vector<holding_difference> compare_holdings(std::map<ledger_holding, std::int64_t> const& books,
                                                                told_holdings const& told);

/// Tickets of which a node says another lock or another next date than the ledger; the votes of a lock for ever go on falling.
BITSHARES_DECL std::vector<ticket_id> compare_tickets(std::map<ticket_id, ticket_clock> const& books,
                                                      told_holdings const& told);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/ledger_queries.ipp>
#endif
