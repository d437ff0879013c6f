#pragma once

#include <bitshares/protocol/price.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct additional_asset_options
{
    std::optional<std::uint16_t> reward_percent;
    std::optional<flat_set<account_id>> whitelist_market_fee_sharing;
    std::optional<std::uint16_t> taker_fee_percent;

    friend bool operator==(additional_asset_options const&, additional_asset_options const&) = default;

    BITSHARES_EXTENSION((reward_percent), (whitelist_market_fee_sharing), (taker_fee_percent))
};

struct asset_options
{
    std::int64_t max_supply = 0;
    std::uint16_t market_fee_percent = 0;
    std::int64_t max_market_fee = 0;
    std::uint16_t issuer_permissions = 0;
    std::uint16_t flags = 0;
    price core_exchange_rate;
    flat_set<account_id> whitelist_authorities;
    flat_set<account_id> blacklist_authorities;
    flat_set<asset_id> whitelist_markets;
    flat_set<asset_id> blacklist_markets;
    std::string description;
    additional_asset_options extensions;

    friend bool operator==(asset_options const&, asset_options const&) = default;

    BITSHARES_FIELDS((max_supply), (market_fee_percent), (max_market_fee), (issuer_permissions), (flags), (core_exchange_rate), (whitelist_authorities), (blacklist_authorities), (whitelist_markets), (blacklist_markets), (description), (extensions))
};

struct bitasset_options
{
    struct extension
    {
        std::optional<std::uint16_t> initial_collateral_ratio;
        std::optional<std::uint16_t> maintenance_collateral_ratio;
        std::optional<std::uint16_t> maximum_short_squeeze_ratio;
        std::optional<std::uint16_t> margin_call_fee_ratio;
        std::optional<std::uint16_t> force_settle_fee_percent;
        std::optional<std::uint8_t> black_swan_response_method;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((initial_collateral_ratio), (maintenance_collateral_ratio), (maximum_short_squeeze_ratio), (margin_call_fee_ratio), (force_settle_fee_percent), (black_swan_response_method))
    };

    std::uint32_t feed_lifetime_sec = 0;
    std::uint8_t minimum_feeds = 0;
    std::uint32_t force_settlement_delay_sec = 0;
    std::uint16_t force_settlement_offset_percent = 0;
    std::uint16_t maximum_force_settlement_volume = 0;
    asset_id short_backing_asset;
    extension extensions;

    friend bool operator==(bitasset_options const&, bitasset_options const&) = default;

    BITSHARES_FIELDS((feed_lifetime_sec), (minimum_feeds), (force_settlement_delay_sec), (force_settlement_offset_percent), (maximum_force_settlement_volume), (short_backing_asset), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
