#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/protocol/asset_options.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/operation_result.hpp>
#include <bitshares/protocol/price_feed.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/uint128.hpp>

/** @file
    Objects of the chain's database as nodes print them. They are only read, and leniently: what an older or newer node
    does not have stays at its default, what it has beyond is skipped.

    @par Source
    protocol.json, `api_objects`.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

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

/// An account: its authorities and options.
struct account_object
{
    account_id id;
    time_point_sec membership_expiration_date; ///< 2106-02-07T06:28:15 for lifetime members, 1970 for basic ones.
    account_id registrar;
    account_id referrer;
    account_id lifetime_referrer;
    std::uint16_t network_fee_percentage = 0;           ///< Of 10000.
    std::uint16_t lifetime_referrer_fee_percentage = 0; ///< Of 10000.
    std::uint16_t referrer_rewards_percentage = 0;      ///< Of 10000.
    std::string name;
    authority owner;
    authority active;
    account_options options;
    std::uint16_t num_committee_voted = 0;
    account_statistics_id statistics; ///< Its @ref account_statistics_object.
    flat_set<account_id> whitelisting_accounts;
    flat_set<account_id> blacklisting_accounts;
    flat_set<account_id> whitelisted_accounts;
    flat_set<account_id> blacklisted_accounts;
    std::optional<vesting_balance_id> cashback_vb;
    special_authority owner_special_authority;
    special_authority active_special_authority;
    std::uint8_t top_n_control_flags = 0;
    std::optional<flat_set<asset_id>> allowed_assets; ///< All where absent.
    std::uint32_t creation_block_num = 0;
    time_point_sec creation_time;

    friend bool operator==(account_object const&, account_object const&) = default;

    BITSHARES_FIELDS((id), (membership_expiration_date), (registrar), (referrer), (lifetime_referrer),
                     (network_fee_percentage), (lifetime_referrer_fee_percentage), (referrer_rewards_percentage),
                     (name), (owner), (active), (options), (num_committee_voted), (statistics),
                     (whitelisting_accounts), (blacklisting_accounts), (whitelisted_accounts), (blacklisted_accounts),
                     (cashback_vb), (owner_special_authority), (active_special_authority), (top_n_control_flags),
                     (allowed_assets), (creation_block_num), (creation_time))
};

/// What the chain counts of an account, apart from it because it changes often.
struct account_statistics_object
{
    account_statistics_id id;
    account_id owner;
    std::string name;
    account_history_id most_recent_op; ///< The newest entry of its history.
    std::uint64_t total_ops = 0;       ///< Operations ever in its history.
    std::uint64_t removed_ops = 0;     ///< Of these, how many the node has dropped.
    std::int64_t total_core_in_orders = 0;
    std::int64_t total_core_inactive = 0;
    std::int64_t total_core_pob = 0;
    std::int64_t total_core_pol = 0;
    std::int64_t total_pob_value = 0;
    std::int64_t total_pol_value = 0;
    std::int64_t core_in_balance = 0;
    bool has_cashback_vb = false;
    bool is_voting = false;
    time_point_sec last_vote_time;
    std::uint64_t vp_all = 0;
    std::uint64_t vp_active = 0;
    std::uint64_t vp_committee = 0;
    std::uint64_t vp_witness = 0;
    std::uint64_t vp_worker = 0;
    time_point_sec vote_tally_time;
    std::int64_t lifetime_fees_paid = 0; ///< In the core asset's smallest unit.
    std::int64_t pending_fees = 0;
    std::int64_t pending_vested_fees = 0;

    friend bool operator==(account_statistics_object const&, account_statistics_object const&) = default;

    BITSHARES_FIELDS((id), (owner), (name), (most_recent_op), (total_ops), (removed_ops), (total_core_in_orders),
                     (total_core_inactive), (total_core_pob), (total_core_pol), (total_pob_value), (total_pol_value),
                     (core_in_balance), (has_cashback_vb), (is_voting), (last_vote_time), (vp_all), (vp_active),
                     (vp_committee), (vp_witness), (vp_worker), (vote_tally_time), (lifetime_fees_paid),
                     (pending_fees), (pending_vested_fees))
};

/// What an account has of one asset.
struct account_balance_object
{
    account_balance_id id;
    account_id owner;
    asset_id asset_type;
    std::int64_t balance = 0; ///< In the asset's smallest unit.
    bool maintenance_flag = false;

    friend bool operator==(account_balance_object const&, account_balance_object const&) = default;

    BITSHARES_FIELDS((id), (owner), (asset_type), (balance), (maintenance_flag))
};

/// A link of an account's history: its n-th operation.
struct account_history_object
{
    account_history_id id;
    account_id account;
    operation_history_id operation_id;
    std::uint64_t sequence = 0; ///< Counted from 1.
    account_history_id next;    ///< The one before; 2.9.0 for the oldest.

    friend bool operator==(account_history_object const&, account_history_object const&) = default;

    BITSHARES_FIELDS((id), (account), (operation_id), (sequence), (next))
};

/// An asset: its symbol, precision and options.
struct asset_object
{
    asset_id id;
    std::string symbol;
    std::uint8_t precision = 0; ///< Digits behind the decimal point: one unit is 10^precision of the smallest.
    account_id issuer;
    asset_options options;
    asset_dynamic_data_id dynamic_asset_data_id;
    std::optional<asset_bitasset_data_id> bitasset_data_id; ///< Of assets backed by collateral and prediction markets.
    std::optional<account_id> buyback_account;
    std::optional<liquidity_pool_id> for_liquidity_pool;
    std::uint32_t creation_block_num = 0;
    time_point_sec creation_time;
    std::optional<std::int64_t> total_in_collateral;      ///< Only from nodes that count it.
    std::optional<std::int64_t> total_backing_collateral; ///< Only from nodes that count it.

    friend bool operator==(asset_object const&, asset_object const&) = default;

    BITSHARES_FIELDS((id), (symbol), (precision), (issuer), (options), (dynamic_asset_data_id), (bitasset_data_id),
                     (buyback_account), (for_liquidity_pool), (creation_block_num), (creation_time),
                     (total_in_collateral), (total_backing_collateral))
};

/// What changes of an asset; amounts in its smallest unit.
struct asset_dynamic_data_object
{
    asset_dynamic_data_id id;
    std::int64_t current_supply = 0;
    std::int64_t confidential_supply = 0;
    std::int64_t accumulated_fees = 0; ///< Claimable by the issuer.
    std::int64_t accumulated_collateral_fees = 0;
    std::int64_t fee_pool = 0; ///< In the core asset's smallest unit.

    friend bool operator==(asset_dynamic_data_object const&, asset_dynamic_data_object const&) = default;

    BITSHARES_FIELDS((id), (current_supply), (confidential_supply), (accumulated_fees), (accumulated_collateral_fees),
                     (fee_pool))
};

/// A price feed with the ratio that was added to it later.
struct price_feed_with_icr : price_feed
{
    std::uint16_t initial_collateral_ratio = 0;

    friend bool operator==(price_feed_with_icr const&, price_feed_with_icr const&) = default;

    BITSHARES_FIELDS((settlement_price), (maintenance_collateral_ratio), (maximum_short_squeeze_ratio),
                     (core_exchange_rate), (initial_collateral_ratio))
};

/// The state of an asset backed by collateral.
struct asset_bitasset_data_object
{
    asset_bitasset_data_id id;
    bitshares::asset_id asset_id;
    flat_map<account_id, std::pair<time_point_sec, price_feed_with_icr>> feeds;
    price_feed_with_icr median_feed;
    price_feed_with_icr current_feed;
    time_point_sec current_feed_publication_time;
    price current_maintenance_collateralization;
    price current_initial_collateralization;
    bitasset_options options;
    std::int64_t force_settled_volume = 0;
    bool is_prediction_market = false;
    price settlement_price;
    std::int64_t settlement_fund = 0; ///< Collateral after a global settlement.
    std::int64_t individual_settlement_debt = 0;
    std::int64_t individual_settlement_fund = 0;
    bool asset_cer_updated = false;
    bool feed_cer_updated = false;

    friend bool operator==(asset_bitasset_data_object const&, asset_bitasset_data_object const&) = default;

    BITSHARES_FIELDS((id), (asset_id), (feeds), (median_feed), (current_feed), (current_feed_publication_time),
                     (current_maintenance_collateralization), (current_initial_collateralization), (options),
                     (force_settled_volume), (is_prediction_market), (settlement_price), (settlement_fund),
                     (individual_settlement_debt), (individual_settlement_fund), (asset_cer_updated),
                     (feed_cer_updated))
};

/// An operation that took place, with its place in the chain.
struct operation_history_object
{
    operation_history_id id;
    operation op;
    operation_result result; ///< What it returned.
    std::uint32_t block_num = 0;
    /// Index in the block; of virtual operations behind the last transaction, or of the one they belong to.
    std::uint16_t trx_in_block = 0;
    std::uint16_t op_in_trx = 0;
    std::uint32_t virtual_op = 0; ///< Running number of virtual operations in a block.
    bool is_virtual = false;      ///< Made by the chain itself. Older nodes do not tell: then false.
    time_point_sec block_time;    ///< 1970 from nodes that do not tell.

    friend bool operator==(operation_history_object const&, operation_history_object const&) = default;

    BITSHARES_FIELDS((id), (op), (result), (block_num), (trx_in_block), (op_in_trx), (virtual_op), (is_virtual),
                     (block_time))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
