#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/protocol/chain_parameters.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/uint128.hpp>
#include <bitshares/protocol/vote_id.hpp>

#include <optional>
#include <vector>

/** @file
    What there is once in a chain, and its records.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/global_property_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What the committee has set, and who is elected. 2.0.0; changes at maintenance.
struct global_property_object
{
    global_property_id id;
    chain_parameters parameters;
    std::optional<chain_parameters> pending_parameters; ///< Take effect at the next maintenance.
    std::uint32_t next_available_vote_id = 0;
    std::vector<committee_member_id> active_committee_members;
    flat_set<witness_id> active_witnesses; ///< In the order of their ids, not of their slots.

    friend bool operator==(global_property_object const&, global_property_object const&) = default;

    BITSHARES_FIELDS((id), (parameters), (pending_parameters), (next_available_vote_id), (active_committee_members),
                     (active_witnesses))
};

/// What changes with every block.
struct dynamic_global_property_object
{
    dynamic_global_property_id id;
    std::uint32_t head_block_number = 0;
    ripemd160_digest head_block_id;
    time_point_sec time; ///< Timestamp of the head block: the chain's clock.
    witness_id current_witness;
    time_point_sec next_maintenance_time;
    time_point_sec last_vote_tally_time;
    time_point_sec last_budget_time;
    std::int64_t witness_budget = 0;
    std::int64_t total_pob = 0;
    std::int64_t total_inactive = 0;
    std::uint32_t accounts_registered_this_interval = 0;
    std::uint32_t recently_missed_count = 0;
    std::uint64_t current_aslot = 0;
    uint128 recent_slots_filled; ///< One bit for each of the last 128 slots, the newest lowest.
    std::uint32_t dynamic_flags = 0;
    std::uint32_t last_irreversible_block_num = 0; ///< Blocks up to this one cannot be undone any more.

    friend bool operator==(dynamic_global_property_object const&, dynamic_global_property_object const&) = default;

    BITSHARES_FIELDS((id), (head_block_number), (head_block_id), (time), (current_witness), (next_maintenance_time),
                     (last_vote_tally_time), (last_budget_time), (witness_budget), (total_pob), (total_inactive),
                     (accounts_registered_this_interval), (recently_missed_count), (current_aslot),
                     (recent_slots_filled), (dynamic_flags), (last_irreversible_block_num))
};

/// What the genesis block fixed for ever.
struct immutable_chain_parameters
{
    std::uint16_t min_committee_member_count = 0;
    std::uint16_t min_witness_count = 0;
    std::uint32_t num_special_accounts = 0;
    std::uint32_t num_special_assets = 0;

    friend bool operator==(immutable_chain_parameters const&, immutable_chain_parameters const&) = default;

    BITSHARES_FIELDS((min_committee_member_count), (min_witness_count), (num_special_accounts), (num_special_assets))
};

/// The chain's id and what can never change. 2.11.0.
struct chain_property_object
{
    chain_property_id id;
    chain_id_type chain_id;
    immutable_chain_parameters immutable_parameters;

    friend bool operator==(chain_property_object const&, chain_property_object const&) = default;

    BITSHARES_FIELDS((id), (chain_id), (immutable_parameters))
};

/// The id of one of the last 65536 blocks; its instance is the block's number modulo 65536. For TaPoS.
struct block_summary_object
{
    block_summary_id id;
    ripemd160_digest block_id;

    friend bool operator==(block_summary_object const&, block_summary_object const&) = default;

    BITSHARES_FIELDS((id), (block_id))
};

/// The order in which witnesses produce this round's blocks. 2.12.0.
struct witness_schedule_object
{
    witness_schedule_id id;
    std::vector<witness_id> current_shuffled_witnesses;

    friend bool operator==(witness_schedule_object const&, witness_schedule_object const&) = default;

    BITSHARES_FIELDS((id), (current_shuffled_witnesses))
};

/// How one maintenance shared out the reserve; amounts in the core asset's smallest unit.
struct budget_record
{
    std::uint64_t time_since_last_budget = 0; ///< In seconds.
    std::int64_t from_initial_reserve = 0;    ///< The reserve before.
    std::int64_t from_accumulated_fees = 0;
    std::int64_t from_unused_witness_budget = 0;
    std::int64_t requested_witness_budget = 0; ///< What the witnesses could earn until the next one.
    std::int64_t total_budget = 0;
    std::int64_t witness_budget = 0;
    std::int64_t worker_budget = 0;
    std::int64_t leftover_worker_funds = 0; ///< What no worker got; back into the reserve.
    std::int64_t supply_delta = 0;          ///< By which the supply grew.
    std::int64_t max_supply = 0;
    std::int64_t current_supply = 0;

    friend bool operator==(budget_record const&, budget_record const&) = default;

    BITSHARES_FIELDS((time_since_last_budget), (from_initial_reserve), (from_accumulated_fees),
                     (from_unused_witness_budget), (requested_witness_budget), (total_budget), (witness_budget),
                     (worker_budget), (leftover_worker_funds), (supply_delta), (max_supply), (current_supply))
};

/// The budget of one maintenance.
struct budget_record_object
{
    budget_record_id id;
    time_point_sec time;
    budget_record record;

    friend bool operator==(budget_record_object const&, budget_record_object const&) = default;

    BITSHARES_FIELDS((id), (time), (record))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
