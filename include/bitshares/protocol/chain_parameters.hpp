#pragma once

#include <bitshares/protocol/asset.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct fee_parameters; // protocol/operation.hpp

struct fee_schedule
{
    flat_set<fee_parameters> parameters;
    std::uint32_t scale = 0;

    friend bool operator==(fee_schedule const&, fee_schedule const&) = default;

    BITSHARES_FIELDS((parameters), (scale))
};

struct htlc_options
{
    std::uint32_t max_timeout_secs = 0;
    std::uint32_t max_preimage_size = 0;

    friend bool operator==(htlc_options const&, htlc_options const&) = default;

    BITSHARES_FIELDS((max_timeout_secs), (max_preimage_size))
};

struct custom_authority_options
{
    std::uint32_t max_custom_authority_lifetime_seconds = 0;
    std::uint32_t max_custom_authorities_per_account = 0;
    std::uint32_t max_custom_authorities_per_account_op = 0;
    std::uint32_t max_custom_authority_restrictions = 0;

    friend bool operator==(custom_authority_options const&, custom_authority_options const&) = default;

    BITSHARES_FIELDS((max_custom_authority_lifetime_seconds), (max_custom_authorities_per_account), (max_custom_authorities_per_account_op), (max_custom_authority_restrictions))
};

struct chain_parameters
{
    struct extension
    {
        std::optional<htlc_options> updatable_htlc_options;
        std::optional<bitshares::custom_authority_options> custom_authority_options;
        std::optional<std::uint16_t> market_fee_network_percent;
        std::optional<std::uint16_t> maker_fee_discount_percent;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((updatable_htlc_options), (custom_authority_options), (market_fee_network_percent), (maker_fee_discount_percent))
    };

    fee_schedule current_fees;
    std::uint8_t block_interval = 0;
    std::uint32_t maintenance_interval = 0;
    std::uint8_t maintenance_skip_slots = 0;
    std::uint32_t committee_proposal_review_period = 0;
    std::uint32_t maximum_transaction_size = 0;
    std::uint32_t maximum_block_size = 0;
    std::uint32_t maximum_time_until_expiration = 0;
    std::uint32_t maximum_proposal_lifetime = 0;
    std::uint8_t maximum_asset_whitelist_authorities = 0;
    std::uint8_t maximum_asset_feed_publishers = 0;
    std::uint16_t maximum_witness_count = 0;
    std::uint16_t maximum_committee_count = 0;
    std::uint16_t maximum_authority_membership = 0;
    std::uint16_t reserve_percent_of_fee = 0;
    std::uint16_t network_percent_of_fee = 0;
    std::uint16_t lifetime_referrer_percent_of_fee = 0;
    std::uint32_t cashback_vesting_period_seconds = 0;
    std::int64_t cashback_vesting_threshold = 0;
    bool count_non_member_votes = false;
    bool allow_non_member_whitelists = false;
    std::int64_t witness_pay_per_block = 0;
    std::int64_t worker_budget_per_day = 0;
    std::uint16_t max_predicate_opcode = 0;
    std::int64_t fee_liquidation_threshold = 0;
    std::uint16_t accounts_per_fee_scale = 0;
    std::uint8_t account_fee_scale_bitshifts = 0;
    std::uint8_t max_authority_depth = 0;
    extension extensions;

    friend bool operator==(chain_parameters const&, chain_parameters const&) = default;

    BITSHARES_FIELDS((current_fees), (block_interval), (maintenance_interval), (maintenance_skip_slots), (committee_proposal_review_period), (maximum_transaction_size), (maximum_block_size), (maximum_time_until_expiration), (maximum_proposal_lifetime), (maximum_asset_whitelist_authorities), (maximum_asset_feed_publishers), (maximum_witness_count), (maximum_committee_count), (maximum_authority_membership), (reserve_percent_of_fee), (network_percent_of_fee), (lifetime_referrer_percent_of_fee), (cashback_vesting_period_seconds), (cashback_vesting_threshold), (count_non_member_votes), (allow_non_member_whitelists), (witness_pay_per_block), (worker_budget_per_day), (max_predicate_opcode), (fee_liquidation_threshold), (accounts_per_fee_scale), (account_fee_scale_bitshifts), (max_authority_depth), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
