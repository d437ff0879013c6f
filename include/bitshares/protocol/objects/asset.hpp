#pragma once

#include <bitshares/protocol/asset_options.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/price_feed.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <optional>
#include <string>
#include <utility>

/** @file
    Assets, and who holds them.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/asset_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

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

    friend bool operator==(asset_object const&, asset_object const&) = default;

    BITSHARES_FIELDS((id), (symbol), (precision), (issuer), (options), (dynamic_asset_data_id), (bitasset_data_id),
                     (buyback_account), (for_liquidity_pool), (creation_block_num), (creation_time))
};

/// An asset with totals, which only nodes with the api_helper_indexes plugin count; amounts in its smallest unit.
struct extended_asset_object : asset_object
{
    std::optional<std::int64_t> total_in_collateral;      ///< Locked as collateral.
    std::optional<std::int64_t> total_backing_collateral; ///< Of debt.

    friend bool operator==(extended_asset_object const&, extended_asset_object const&) = default;

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

/// Marks an account that buys an asset back.
struct buyback_object
{
    buyback_id id;
    asset_id asset_to_buy;

    friend bool operator==(buyback_object const&, buyback_object const&) = default;

    BITSHARES_FIELDS((id), (asset_to_buy))
};

/// Fees collected for an asset's holders.
struct fba_accumulator_object
{
    fba_accumulator_id id;
    std::int64_t accumulated_fba_fees = 0;    ///< In the core asset's smallest unit.
    std::optional<asset_id> designated_asset; ///< Whose holders get them; absent: nobody yet.

    friend bool operator==(fba_accumulator_object const&, fba_accumulator_object const&) = default;

    BITSHARES_FIELDS((id), (accumulated_fba_fees), (designated_asset))
};

/// A holder of an asset.
struct account_asset_balance
{
    std::string name;
    bitshares::account_id account_id;
    std::int64_t amount = 0; ///< In the asset's smallest unit.

    friend bool operator==(account_asset_balance const&, account_asset_balance const&) = default;

    BITSHARES_FIELDS((name), (account_id), (amount))
};

/// How many accounts hold an asset.
struct asset_holders
{
    bitshares::asset_id asset_id;
    std::int64_t count = 0;

    friend bool operator==(asset_holders const&, asset_holders const&) = default;

    BITSHARES_FIELDS((asset_id), (count))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
