#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/operations/account.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <optional>
#include <string>

/** @file
    Accounts and what belongs to one.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/account_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

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

/// Marks an account that has a special authority.
struct special_authority_object
{
    special_authority_id id;
    account_id account;

    friend bool operator==(special_authority_object const&, special_authority_object const&) = default;

    BITSHARES_FIELDS((id), (account))
};

/// What an account stored under a key; kept by the custom_operations plugin, not by the chain.
struct account_storage_object
{
    account_storage_id id;
    account_id account;
    std::string catalog; ///< Group of keys.
    std::string key;
    std::optional<raw_json> value; ///< Any JSON; absent where the key was stored without.

    friend bool operator==(account_storage_object const&, account_storage_object const&) = default;

    BITSHARES_FIELDS((id), (account), (catalog), (key), (value))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
