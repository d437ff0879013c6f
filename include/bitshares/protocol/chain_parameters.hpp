#pragma once

#include <bitshares/protocol/fee_schedule.hpp>

#include <cstdint>
#include <optional>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

class validation; // <bitshares/protocol/validation.hpp>

/// Bounds of HTLCs.
struct htlc_options
{
    std::uint32_t max_timeout_secs = 0;
    std::uint32_t max_preimage_size = 0; ///< In bytes.

    friend bool operator==(htlc_options const&, htlc_options const&) = default;

    BITSHARES_FIELDS((max_timeout_secs), (max_preimage_size))
};

/// Bounds of custom authorities.
struct custom_authority_options
{
    std::uint32_t max_custom_authority_lifetime_seconds = 2'592'000;
    std::uint32_t max_custom_authorities_per_account = 10;
    std::uint32_t max_custom_authorities_per_account_op = 3;
    std::uint32_t max_custom_authority_restrictions = 10;

    friend bool operator==(custom_authority_options const&, custom_authority_options const&) = default;

    BITSHARES_FIELDS((max_custom_authority_lifetime_seconds), (max_custom_authorities_per_account),
                     (max_custom_authorities_per_account_op), (max_custom_authority_restrictions))
};

/** What the committee can set of the chain. Include <bitshares/protocol/operation.hpp> to use one.

    Percentages are in 1/100 of a percent, times in seconds, sizes in bytes, amounts of the core asset.
    @par Preconditions checked by the node
    @li Percentages are at most 10000, and reserve, network and referrer parts do not exceed the whole.
    @li `1 <= block_interval <= 30`, `maintenance_interval` is longer and a multiple of it; `maximum_transaction_size
        >= 1024`, `maximum_block_size >= 5120`; times, counts and the extension's values are above their least ones.
*/
struct chain_parameters
{
    struct extension
    {
        std::optional<htlc_options> updatable_htlc_options; ///< Not set: no HTLCs.
        std::optional<bitshares::custom_authority_options> custom_authority_options;
        std::optional<std::uint16_t> market_fee_network_percent; ///< Of market fees, for the network.
        std::optional<std::uint16_t> maker_fee_discount_percent; ///< Of the order's fee, given back to the maker.

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((updatable_htlc_options), (custom_authority_options), (market_fee_network_percent),
                            (maker_fee_discount_percent))
    };

    fee_schedule current_fees;
    std::uint8_t block_interval = 5;
    std::uint32_t maintenance_interval = 86'400;
    std::uint8_t maintenance_skip_slots = 3; ///< Blocks that are not produced at a maintenance.
    std::uint32_t committee_proposal_review_period = 1'209'600;
    std::uint32_t maximum_transaction_size = 2'048;
    std::uint32_t maximum_block_size = 2'000'000;
    std::uint32_t maximum_time_until_expiration = 86'400; ///< Of transactions.
    std::uint32_t maximum_proposal_lifetime = 2'419'200;
    std::uint8_t maximum_asset_whitelist_authorities = 10;
    std::uint8_t maximum_asset_feed_publishers = 10;
    std::uint16_t maximum_witness_count = 1'001;
    std::uint16_t maximum_committee_count = 1'001;
    std::uint16_t maximum_authority_membership = 10; ///< Keys and accounts of one authority.
    std::uint16_t reserve_percent_of_fee = 2'000;    ///< Burnt.
    std::uint16_t network_percent_of_fee = 2'000;
    std::uint16_t lifetime_referrer_percent_of_fee = 3'000;
    std::uint32_t cashback_vesting_period_seconds = 31'536'000;
    std::int64_t cashback_vesting_threshold = 10'000'000; ///< Fees up to this vest at once.
    bool count_non_member_votes = true;
    bool allow_non_member_whitelists = false;
    std::int64_t witness_pay_per_block = 1'000'000;
    std::int64_t worker_budget_per_day = 50'000'000'000;
    std::uint16_t max_predicate_opcode = 1;
    std::int64_t fee_liquidation_threshold = 10'000'000;
    std::uint16_t accounts_per_fee_scale = 1'000; ///< New accounts in one interval after which they cost more.
    std::uint8_t account_fee_scale_bitshifts = 4; ///< How much more: times 2^n.
    std::uint8_t max_authority_depth = 2;         ///< Accounts behind accounts of an authority.
    extension extensions;

    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(chain_parameters const&, chain_parameters const&) = default;

    BITSHARES_FIELDS((current_fees), (block_interval), (maintenance_interval), (maintenance_skip_slots),
                     (committee_proposal_review_period), (maximum_transaction_size), (maximum_block_size),
                     (maximum_time_until_expiration), (maximum_proposal_lifetime),
                     (maximum_asset_whitelist_authorities), (maximum_asset_feed_publishers), (maximum_witness_count),
                     (maximum_committee_count), (maximum_authority_membership), (reserve_percent_of_fee),
                     (network_percent_of_fee), (lifetime_referrer_percent_of_fee), (cashback_vesting_period_seconds),
                     (cashback_vesting_threshold), (count_non_member_votes), (allow_non_member_whitelists),
                     (witness_pay_per_block), (worker_budget_per_day), (max_predicate_opcode),
                     (fee_liquidation_threshold), (accounts_per_fee_scale), (account_fee_scale_bitshifts),
                     (max_authority_depth), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/chain_parameters.ipp>
#endif
