#pragma once

#include <bitshares/protocol/price.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Bits of `asset_options::flags` and of `issuer_permissions`.
namespace asset_flags {

inline constexpr std::uint16_t charge_market_fee = 1;
inline constexpr std::uint16_t white_list = 2;         ///< The lists of accounts and markets count.
inline constexpr std::uint16_t override_authority = 4; ///< @ref override_transfer is allowed.
inline constexpr std::uint16_t transfer_restricted = 8;
inline constexpr std::uint16_t disable_force_settle = 16;
inline constexpr std::uint16_t global_settle = 32; ///< A permission, not a flag.
inline constexpr std::uint16_t disable_confidential = 64;
inline constexpr std::uint16_t witness_fed_asset = 128;
inline constexpr std::uint16_t committee_fed_asset = 256;
inline constexpr std::uint16_t lock_max_supply = 512; ///< From here on a permission that is set is one given up.
inline constexpr std::uint16_t disable_new_supply = 1'024;
inline constexpr std::uint16_t disable_mcr_update = 2'048;
inline constexpr std::uint16_t disable_icr_update = 4'096;
inline constexpr std::uint16_t disable_mssr_update = 8'192;
inline constexpr std::uint16_t disable_bsrm_update = 16'384;
inline constexpr std::uint16_t disable_collateral_bidding = 32'768;

} // namespace asset_flags

namespace detail {

BITSHARES_DECL void check_collateral_ratio(validation& v, std::string_view member, std::optional<std::uint16_t> ratio);

} // namespace detail

/// What was added to @ref asset_options later.
struct additional_asset_options
{
    /// Of market fees, for the payer's registrar and referrer; 1/100 of a percent.
    std::optional<std::uint16_t> reward_percent;
    std::optional<flat_set<account_id>> whitelist_market_fee_sharing; ///< Registrars that get it; not set: all.
    /// For takers, in place of `market_fee_percent`; 1/100 of a percent.
    std::optional<std::uint16_t> taker_fee_percent;

    friend bool operator==(additional_asset_options const&, additional_asset_options const&) = default;

    BITSHARES_EXTENSION((reward_percent), (whitelist_market_fee_sharing), (taker_fee_percent))
};

/** What an asset's issuer can set of every asset.

    Flags, and permissions to change them, are the same bits: see @ref asset_flags.
    @par Preconditions checked by the node
    @li `0 < max_supply <= 10^15`, `market_fee_percent <= 10000`, `0 <= max_market_fee <= 10^15`
    @li Flags are within the permissions; the core exchange rate is positive, and one side is the core asset.
    @li The lists hold no more than the chain's limit; no market is in both lists.
*/
struct asset_options
{
    std::int64_t max_supply = 1'000'000'000'000'000;
    std::uint16_t market_fee_percent = 0; ///< Of what is received in a trade; 1/100 of a percent.
    std::int64_t max_market_fee = 1'000'000'000'000'000;
    std::uint16_t issuer_permissions = 79; ///< Flags that the issuer may still set.
    std::uint16_t flags = 0;
    price core_exchange_rate;                   ///< At which fees are taken in the asset.
    flat_set<account_id> whitelist_authorities; ///< Accounts whose white lists count; empty: everybody is allowed.
    flat_set<account_id> blacklist_authorities; ///< Accounts whose black lists count.
    flat_set<asset_id> whitelist_markets;       ///< Assets to trade against; empty: all.
    flat_set<asset_id> blacklist_markets;
    std::string description; ///< Often JSON.
    additional_asset_options extensions;

    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(asset_options const&, asset_options const&) = default;

    BITSHARES_FIELDS((max_supply), (market_fee_percent), (max_market_fee), (issuer_permissions), (flags),
                     (core_exchange_rate), (whitelist_authorities), (blacklist_authorities), (whitelist_markets),
                     (blacklist_markets), (description), (extensions))
};

/** Rules of a market-issued asset.

    Collateral ratios are in 1/1000: 1750 is 175 %; from 1001 to 32000.
    @par Preconditions checked by the node
    @li `minimum_feeds > 0`, `force_settlement_offset_percent <= 10000`, `maximum_force_settlement_volume <= 10000`
    @li The chain's least delays; ratios within 1001 to 32000; `margin_call_fee_ratio`, `force_settle_fee_percent` <=
        10000; `black_swan_response_method < 4`
*/
struct bitasset_options
{
    struct extension
    {
        std::optional<std::uint16_t> initial_collateral_ratio;     ///< Below it no debt can be taken.
        std::optional<std::uint16_t> maintenance_collateral_ratio; ///< Overrides the feeds'.
        std::optional<std::uint16_t> maximum_short_squeeze_ratio;  ///< Overrides the feeds'.
        std::optional<std::uint16_t> margin_call_fee_ratio;        ///< Kept of a margin call; 1/1000.
        std::optional<std::uint16_t> force_settle_fee_percent;     ///< Kept of a settlement; 1/100 of a percent.
        /// 0 settle all, 1 none, 2 into a fund, 3 into an order.
        std::optional<std::uint8_t> black_swan_response_method;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((initial_collateral_ratio), (maintenance_collateral_ratio), (maximum_short_squeeze_ratio),
                            (margin_call_fee_ratio), (force_settle_fee_percent), (black_swan_response_method))
    };

    std::uint32_t feed_lifetime_sec = 86'400; ///< For which a feed counts.
    std::uint8_t minimum_feeds = 1;
    std::uint32_t force_settlement_delay_sec = 86'400;
    std::uint16_t force_settlement_offset_percent = 0; ///< Below the feed's price; 1/100 of a percent.
    std::uint16_t maximum_force_settlement_volume =
        2'000;                    ///< Of the supply, a maintenance interval; 1/100 of a percent.
    asset_id short_backing_asset; ///< The collateral.
    extension extensions;

    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(bitasset_options const&, bitasset_options const&) = default;

    BITSHARES_FIELDS((feed_lifetime_sec), (minimum_feeds), (force_settlement_delay_sec),
                     (force_settlement_offset_percent), (maximum_force_settlement_volume), (short_backing_asset),
                     (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/asset_options.ipp>
#endif
