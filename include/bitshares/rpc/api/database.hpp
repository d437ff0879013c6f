#pragma once

#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/objects.hpp>
#include <bitshares/protocol/operation_fee.hpp>
#include <bitshares/rpc/method.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A block's header; the signature only where it was asked for.
struct maybe_signed_block_header : block_header
{
    std::optional<signature> witness_signature;

    friend bool operator==(maybe_signed_block_header const&, maybe_signed_block_header const&) = default;

    BITSHARES_FIELDS((previous), (timestamp), (witness), (transaction_merkle_root), (extensions), (witness_signature))
};

/** The chain's state: accounts, assets, orders, blocks. For everybody, without login.

    Limits are members of @ref application_options; a higher one than the node's is refused, never cut. Lists that go on
    behind the limit are read whole by @ref listing. With `subscribe` true, which is what an absent one means unless
    `set_auto_subscription` said otherwise, changes of the objects are told to the callback of `set_subscribe_callback`.
*/
namespace database {

/// Objects by id, in the order asked for, each as the node prints it; `null` for one that does not exist.
inline constexpr method<std::vector<raw_json>(std::vector<any_object_id> ids, std::optional<bool> subscribe)>
    get_objects{"database", "get_objects"};

/// Notices of changed objects go to `cb`: whole objects, ids of those removed. Ends earlier subscriptions to objects;
/// `notify_remove_create` tells of all objects, where the node has `enable_subscribe_to_all`.
inline constexpr method<void(std::uint64_t cb, bool notify_remove_create)> set_subscribe_callback{
    "database", "set_subscribe_callback"};

/// Whether calls without `subscribe` subscribe to what they return; initially they do.
inline constexpr method<void(bool enable)> set_auto_subscription{"database", "set_auto_subscription"};

/// Notices of transactions that the node accepted go to `cb`: each a @ref signed_transaction.
/// `cancel_all_subscriptions` does not end them.
inline constexpr method<void(std::uint64_t cb)> set_pending_transaction_callback{"database",
                                                                                 "set_pending_transaction_callback"};

/// Notices of new head blocks go to `cb`: the block's id. `cancel_all_subscriptions` does not end them.
inline constexpr method<void(std::uint64_t cb)> set_block_applied_callback{"database", "set_block_applied_callback"};

/// Ends subscriptions to objects and markets, not those to blocks and pending transactions.
inline constexpr method<void()> cancel_all_subscriptions{"database", "cancel_all_subscriptions"};

/// A block's header; empty when there is no such block.
inline constexpr method<std::optional<maybe_signed_block_header>(std::uint32_t block_num,
                                                                 std::optional<bool> with_witness_signature)>
    get_block_header{"database", "get_block_header"};

/// Headers by block number; empty where there is no such block.
inline constexpr method<flat_map<std::uint32_t, std::optional<maybe_signed_block_header>>(
    std::vector<std::uint32_t> block_nums, std::optional<bool> with_witness_signatures)>
    get_block_header_batch{"database", "get_block_header_batch"};

/// A block with its transactions; empty when there is no such block.
inline constexpr method<std::optional<signed_block>(std::uint32_t block_num)> get_block{"database", "get_block"};

/// A transaction by its place; refused where there is none.
inline constexpr method<processed_transaction(std::uint32_t block_num, std::uint32_t trx_in_block)> get_transaction{
    "database", "get_transaction"};

/// A transaction that has not expired yet, by its id; empty when the node has none, also of later ones.
inline constexpr method<std::optional<signed_transaction>(transaction_id txid)> get_recent_transaction_by_id{
    "database", "get_recent_transaction_by_id"};

/// The chain's id, and what can never change.
inline constexpr method<chain_property_object()> get_chain_properties{"database", "get_chain_properties"};

/// What the committee has set, fees among it, and who is elected.
inline constexpr method<global_property_object()> get_global_properties{"database", "get_global_properties"};

/// Constants that the node was compiled with, by their names.
inline constexpr method<raw_json()> get_config{"database", "get_config"};

/// The chain's id.
inline constexpr method<chain_id_type()> get_chain_id{"database", "get_chain_id"};

/// Head block, chain time, last irreversible block.
inline constexpr method<dynamic_global_property_object()> get_dynamic_global_properties{
    "database", "get_dynamic_global_properties"};

/// The id that the next object of a type will get; false for `with_pending_transactions` needs the api_helper_indexes
/// plugin.
inline constexpr method<any_object_id(std::uint8_t space_id, std::uint8_t type_id, bool with_pending_transactions)>
    get_next_object_id{"database", "get_next_object_id"};

/// For each key the accounts that name it, or an address of it. At most `api_limit_get_key_references`. Needs the
/// api_helper_indexes plugin.
inline constexpr method<std::vector<flat_set<account_id>>(std::vector<public_key> keys)> get_key_references{
    "database", "get_key_references"};

/// True where an account names the key. Needs the api_helper_indexes plugin.
inline constexpr method<bool(std::string_view public_key)> is_public_key_registered{"database",
                                                                                    "is_public_key_registered"};

/// An account's id by name or id; refused when there is none.
inline constexpr method<account_id(std::string_view name_or_id)> get_account_id_from_string{
    "database", "get_account_id_from_string"};

/// Accounts by name or id, in the order asked for; empty where there is none.
inline constexpr method<std::vector<std::optional<account_object>>(std::vector<std::string> account_names_or_ids,
                                                                   std::optional<bool> subscribe)>
    get_accounts{"database", "get_accounts"};

/// Accounts with all that belongs to them, by what they were asked for; without those that do not exist. At most
/// `api_limit_get_full_accounts`. Subscribes to at most `api_limit_get_full_accounts_subscribe` accounts.
inline constexpr method<flat_map<std::string, full_account>(std::vector<std::string> names_or_ids,
                                                            std::optional<bool> subscribe)>
    get_full_accounts{"database", "get_full_accounts"};

/// The accounts with most voting power, highest first. At most `api_limit_get_top_voters`.
inline constexpr method<std::vector<account_statistics_object>(std::uint32_t limit)> get_top_voters{"database",
                                                                                                    "get_top_voters"};

/// Account by name; empty when there is none.
inline constexpr method<std::optional<account_object>(std::string_view name)> get_account_by_name{
    "database", "get_account_by_name"};

/// Accounts whose authorities name the account. Needs the api_helper_indexes plugin.
inline constexpr method<std::vector<account_id>(std::string_view account_name_or_id)> get_account_references{
    "database", "get_account_references"};

/// Accounts by name, in the order asked for; empty where there is none. @ref get_accounts takes ids too.
inline constexpr method<std::vector<std::optional<account_object>>(std::vector<std::string> account_names)>
    lookup_account_names{"database", "lookup_account_names"};

/// Names and ids in the order of names, from `lower_bound_name` on. At most `api_limit_lookup_accounts`. Subscribes
/// only where one is asked for.
inline constexpr method<flat_map<std::string, account_id>(std::string_view lower_bound_name, std::uint32_t limit,
                                                          std::optional<bool> subscribe)>
    lookup_accounts{"database", "lookup_accounts"};

/// How many accounts there are.
inline constexpr method<std::uint64_t()> get_account_count{"database", "get_account_count"};

/// An account's balances of the assets named, or of all it has where none is named.
inline constexpr method<std::vector<asset>(std::string_view account_name_or_id, flat_set<asset_id> assets)>
    get_account_balances{"database", "get_account_balances"};

/// As @ref get_account_balances, which takes names, too.
inline constexpr method<std::vector<asset>(std::string_view name, flat_set<asset_id> assets)>
    get_named_account_balances{"database", "get_named_account_balances"};

/// Balances of the genesis block that addresses can claim.
inline constexpr method<std::vector<balance_object>(std::vector<address> addrs)> get_balance_objects{
    "database", "get_balance_objects"};

/// How much of each balance of the genesis block can be claimed now, in the order asked for.
inline constexpr method<std::vector<asset>(std::vector<balance_id> objs)> get_vested_balances{"database",
                                                                                              "get_vested_balances"};

/// An account's vesting balances.
inline constexpr method<std::vector<vesting_balance_object>(std::string_view account_name_or_id)> get_vesting_balances{
    "database", "get_vesting_balances"};

/// Assets by symbol or id, in the order asked for; empty where there is none. At most `api_limit_get_assets`.
inline constexpr method<std::vector<std::optional<extended_asset_object>>(std::vector<std::string> asset_symbols_or_ids,
                                                                          std::optional<bool> subscribe)>
    get_assets{"database", "get_assets"};

/// Assets in the order of their symbols, from `lower_bound_symbol` on. At most `api_limit_get_assets`.
inline constexpr method<std::vector<extended_asset_object>(std::string_view lower_bound_symbol, std::uint32_t limit)>
    list_assets{"database", "list_assets"};

/// As @ref get_assets, also on nodes that do not take symbols there; never subscribes.
inline constexpr method<std::vector<std::optional<extended_asset_object>>(std::vector<std::string> symbols_or_ids)>
    lookup_asset_symbols{"database", "lookup_asset_symbols"};

/// How many assets there are.
inline constexpr method<std::uint64_t()> get_asset_count{"database", "get_asset_count"};

/// Assets of an issuer by id, from `start` on. At most `api_limit_get_assets`.
inline constexpr method<std::vector<extended_asset_object>(std::string_view issuer_name_or_id, asset_id start,
                                                           std::uint32_t limit)>
    get_assets_by_issuer{"database", "get_assets_by_issuer"};

/// An asset's id by symbol or id; refused when there is none.
inline constexpr method<asset_id(std::string_view symbol_or_id)> get_asset_id_from_string{"database",
                                                                                          "get_asset_id_from_string"};

/// The best orders of both sides, as people read them. At most `api_limit_get_order_book`.
inline constexpr method<order_book(std::string_view base, std::string_view quote, std::uint32_t limit)> get_order_book{
    "database", "get_order_book"};

/// Orders of both sides of a market, `limit` of each, the best first. At most `api_limit_get_limit_orders`.
inline constexpr method<std::vector<limit_order_object>(std::string_view a, std::string_view b, std::uint32_t limit)>
    get_limit_orders{"database", "get_limit_orders"};

/// An account's orders by id, from `start_id` on. At most `api_limit_get_limit_orders_by_account`.
inline constexpr method<std::vector<limit_order_object>(
    std::string_view account_name_or_id, std::optional<std::uint32_t> limit, std::optional<limit_order_id> start_id)>
    get_limit_orders_by_account{"database", "get_limit_orders_by_account"};

/// An account's orders that sell `base` for `quote`, the highest price first, from an order or price on. At most
/// `api_limit_get_account_limit_orders`.
inline constexpr method<std::vector<limit_order_object>(
    std::string_view account_name_or_id, std::string_view base, std::string_view quote, std::uint32_t limit,
    std::optional<limit_order_id> ostart_id, std::optional<price> ostart_price)>
    get_account_limit_orders{"database", "get_account_limit_orders"};

/// Positions in an asset, the least covered first. At most `api_limit_get_call_orders`.
inline constexpr method<std::vector<call_order_object>(std::string_view a, std::uint32_t limit)> get_call_orders{
    "database", "get_call_orders"};

/// An account's positions by the asset borrowed, from `start` on. At most `api_limit_get_call_orders`.
inline constexpr method<std::vector<call_order_object>(std::string_view account_name_or_id, asset_id start,
                                                       std::uint32_t limit)>
    get_call_orders_by_account{"database", "get_call_orders_by_account"};

/// Settlement orders of an asset, the earliest first. At most `api_limit_get_settle_orders`.
inline constexpr method<std::vector<force_settlement_object>(std::string_view a, std::uint32_t limit)>
    get_settle_orders{"database", "get_settle_orders"};

/// An account's settlement orders by id, from `start` on. At most `api_limit_get_settle_orders`.
inline constexpr method<std::vector<force_settlement_object>(std::string_view account_name_or_id,
                                                             force_settlement_id start, std::uint32_t limit)>
    get_settle_orders_by_account{"database", "get_settle_orders_by_account"};

/// All of an account's positions.
inline constexpr method<std::vector<call_order_object>(std::string_view account_name_or_id)> get_margin_positions{
    "database", "get_margin_positions"};

/// Bids for the debt of an asset, the best first, without the first `start`. At most `api_limit_get_collateral_bids`.
inline constexpr method<std::vector<collateral_bid_object>(std::string_view a, std::uint32_t limit,
                                                           std::uint32_t start)>
    get_collateral_bids{"database", "get_collateral_bids"};

/// Notices of a market go to `callback`: orders that changed, ids of those gone, and pairs of fill_order operation and
/// result with a block.
inline constexpr method<void(std::uint64_t callback, std::string_view a, std::string_view b)> subscribe_to_market{
    "database", "subscribe_to_market"};

/// Ends the subscription to a market.
inline constexpr method<void(std::string_view a, std::string_view b)> unsubscribe_from_market{
    "database", "unsubscribe_from_market"};

/// A market's latest price, best orders and last 24 hours, as people read them; `base` is what is paid. Needs the
/// market_history plugin.
inline constexpr method<market_ticker(std::string_view base, std::string_view quote)> get_ticker{"database",
                                                                                                 "get_ticker"};

/// What a market traded in the last 24 hours, as people read it. Needs the market_history plugin.
inline constexpr method<market_volume(std::string_view base, std::string_view quote)> get_24_volume{"database",
                                                                                                    "get_24_volume"};

/// The markets with most volume of the last 24 hours. At most `api_limit_get_top_markets`. Needs the market_history
/// plugin.
inline constexpr method<std::vector<market_ticker>(std::uint32_t limit)> get_top_markets{"database", "get_top_markets"};

/// Trades from `start`, the later time, back to `stop`, newest first. At most `api_limit_get_trade_history`. Needs the
/// market_history plugin.
inline constexpr method<std::vector<market_trade>(std::string_view base, std::string_view quote, time_point_sec start,
                                                  time_point_sec stop, std::uint32_t limit)>
    get_trade_history{"database", "get_trade_history"};

/// Trades from number `start`, or the newest where it is higher, back to the time `stop`, newest first; from 0 none. At
/// most `api_limit_get_trade_history_by_sequence`. Needs the market_history plugin.
inline constexpr method<std::vector<market_trade>(std::string_view base, std::string_view quote, std::int64_t start,
                                                  time_point_sec stop, std::uint32_t limit)>
    get_trade_history_by_sequence{"database", "get_trade_history_by_sequence"};

/// Pools by id of pool, from `start_id` on. At most `api_limit_get_liquidity_pools`.
inline constexpr method<std::vector<extended_liquidity_pool_object>(
    std::optional<std::uint32_t> limit, std::optional<liquidity_pool_id> start_id, std::optional<bool> with_statistics)>
    list_liquidity_pools{"database", "list_liquidity_pools"};

/// Pools whose asset with the lower id is this one, by id of pool, from `start_id` on. At most
/// `api_limit_get_liquidity_pools`.
inline constexpr method<std::vector<extended_liquidity_pool_object>(
    std::string_view asset_symbol_or_id, std::optional<std::uint32_t> limit, std::optional<liquidity_pool_id> start_id,
    std::optional<bool> with_statistics)>
    get_liquidity_pools_by_asset_a{"database", "get_liquidity_pools_by_asset_a"};

/// Pools whose asset with the higher id is this one, by id of pool, from `start_id` on. At most
/// `api_limit_get_liquidity_pools`.
inline constexpr method<std::vector<extended_liquidity_pool_object>(
    std::string_view asset_symbol_or_id, std::optional<std::uint32_t> limit, std::optional<liquidity_pool_id> start_id,
    std::optional<bool> with_statistics)>
    get_liquidity_pools_by_asset_b{"database", "get_liquidity_pools_by_asset_b"};

/// Pools that have the asset, by id of pool, from `start_id` on. At most `api_limit_get_liquidity_pools`. Needs the
/// api_helper_indexes plugin.
inline constexpr method<std::vector<extended_liquidity_pool_object>(
    std::string_view asset_symbol_or_id, std::optional<std::uint32_t> limit, std::optional<liquidity_pool_id> start_id,
    std::optional<bool> with_statistics)>
    get_liquidity_pools_by_one_asset{"database", "get_liquidity_pools_by_one_asset"};

/// Pools of two assets, in whichever order they are named, by id of pool, from `start_id` on. At most
/// `api_limit_get_liquidity_pools`.
inline constexpr method<std::vector<extended_liquidity_pool_object>(
    std::string_view asset_symbol_or_id_a, std::string_view asset_symbol_or_id_b, std::optional<std::uint32_t> limit,
    std::optional<liquidity_pool_id> start_id, std::optional<bool> with_statistics)>
    get_liquidity_pools_by_both_assets{"database", "get_liquidity_pools_by_both_assets"};

/// Pools by id, in the order asked for; empty where there is none. At most `api_limit_get_liquidity_pools`.
inline constexpr method<std::vector<std::optional<extended_liquidity_pool_object>>(
    std::vector<liquidity_pool_id> ids, std::optional<bool> subscribe, std::optional<bool> with_statistics)>
    get_liquidity_pools{"database", "get_liquidity_pools"};

/// Pools by share asset, in the order asked for; empty where there is none. At most `api_limit_get_liquidity_pools`.
inline constexpr method<std::vector<std::optional<extended_liquidity_pool_object>>(
    std::vector<std::string> asset_symbols_or_ids, std::optional<bool> subscribe, std::optional<bool> with_statistics)>
    get_liquidity_pools_by_share_asset{"database", "get_liquidity_pools_by_share_asset"};

/// Pools of an account by share asset, from the share asset `start_id` on. At most `api_limit_get_liquidity_pools`.
inline constexpr method<std::vector<extended_liquidity_pool_object>(
    std::string_view account_name_or_id, std::optional<std::uint32_t> limit, std::optional<asset_id> start_id,
    std::optional<bool> with_statistics)>
    get_liquidity_pools_by_owner{"database", "get_liquidity_pools_by_owner"};

/// SameT funds by id, from `start_id` on. At most `api_limit_get_samet_funds`.
inline constexpr method<std::vector<samet_fund_object>(std::optional<std::uint32_t> limit,
                                                       std::optional<samet_fund_id> start_id)>
    list_samet_funds{"database", "list_samet_funds"};

/// SameT funds of an account by id, from `start_id` on. At most `api_limit_get_samet_funds`.
inline constexpr method<std::vector<samet_fund_object>(
    std::string_view account_name_or_id, std::optional<std::uint32_t> limit, std::optional<samet_fund_id> start_id)>
    get_samet_funds_by_owner{"database", "get_samet_funds_by_owner"};

/// SameT funds of an asset by id, from `start_id` on. At most `api_limit_get_samet_funds`.
inline constexpr method<std::vector<samet_fund_object>(
    std::string_view asset_symbol_or_id, std::optional<std::uint32_t> limit, std::optional<samet_fund_id> start_id)>
    get_samet_funds_by_asset{"database", "get_samet_funds_by_asset"};

/// Credit offers by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_offer_object>(std::optional<std::uint32_t> limit,
                                                         std::optional<credit_offer_id> start_id)>
    list_credit_offers{"database", "list_credit_offers"};

/// Credit offers of an account by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_offer_object>(
    std::string_view account_name_or_id, std::optional<std::uint32_t> limit, std::optional<credit_offer_id> start_id)>
    get_credit_offers_by_owner{"database", "get_credit_offers_by_owner"};

/// Credit offers of an asset by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_offer_object>(
    std::string_view asset_symbol_or_id, std::optional<std::uint32_t> limit, std::optional<credit_offer_id> start_id)>
    get_credit_offers_by_asset{"database", "get_credit_offers_by_asset"};

/// Loans by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_deal_object>(std::optional<std::uint32_t> limit,
                                                        std::optional<credit_deal_id> start_id)>
    list_credit_deals{"database", "list_credit_deals"};

/// Loans of an offer by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_deal_object>(credit_offer_id offer_id, std::optional<std::uint32_t> limit,
                                                        std::optional<credit_deal_id> start_id)>
    get_credit_deals_by_offer_id{"database", "get_credit_deals_by_offer_id"};

/// Loans that an account gave by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_deal_object>(
    std::string_view account_name_or_id, std::optional<std::uint32_t> limit, std::optional<credit_deal_id> start_id)>
    get_credit_deals_by_offer_owner{"database", "get_credit_deals_by_offer_owner"};

/// Loans that an account took by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_deal_object>(
    std::string_view account_name_or_id, std::optional<std::uint32_t> limit, std::optional<credit_deal_id> start_id)>
    get_credit_deals_by_borrower{"database", "get_credit_deals_by_borrower"};

/// Loans of an asset by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_deal_object>(
    std::string_view asset_symbol_or_id, std::optional<std::uint32_t> limit, std::optional<credit_deal_id> start_id)>
    get_credit_deals_by_debt_asset{"database", "get_credit_deals_by_debt_asset"};

/// Loans against an asset by id, from `start_id` on. At most `api_limit_get_credit_offers`.
inline constexpr method<std::vector<credit_deal_object>(
    std::string_view asset_symbol_or_id, std::optional<std::uint32_t> limit, std::optional<credit_deal_id> start_id)>
    get_credit_deals_by_collateral_asset{"database", "get_credit_deals_by_collateral_asset"};

/// Witnesses by id, in the order asked for; empty where there is none.
inline constexpr method<std::vector<std::optional<witness_object>>(std::vector<witness_id> witness_ids)> get_witnesses{
    "database", "get_witnesses"};

/// The witness of an account; empty when it has none.
inline constexpr method<std::optional<witness_object>(std::string_view account_name_or_id)> get_witness_by_account{
    "database", "get_witness_by_account"};

/// Names of witnesses' accounts and ids of witnesses in the order of names, from `lower_bound_name` on. At most
/// `api_limit_lookup_witness_accounts`.
inline constexpr method<flat_map<std::string, witness_id>(std::string_view lower_bound_name, std::uint32_t limit)>
    lookup_witness_accounts{"database", "lookup_witness_accounts"};

/// How many witnesses there are.
inline constexpr method<std::uint64_t()> get_witness_count{"database", "get_witness_count"};

/// Committee members by id, in the order asked for; empty where there is none.
inline constexpr method<std::vector<std::optional<committee_member_object>>(
    std::vector<committee_member_id> committee_member_ids)>
    get_committee_members{"database", "get_committee_members"};

/// The committee member of an account; empty when it has none.
inline constexpr method<std::optional<committee_member_object>(std::string_view account_name_or_id)>
    get_committee_member_by_account{"database", "get_committee_member_by_account"};

/// Names of committee members' accounts and ids of committee members in the order of names, from `lower_bound_name` on.
/// At most `api_limit_lookup_committee_member_accounts`.
inline constexpr method<flat_map<std::string, committee_member_id>(std::string_view lower_bound_name,
                                                                   std::uint32_t limit)>
    lookup_committee_member_accounts{"database", "lookup_committee_member_accounts"};

/// How many committee members there are.
inline constexpr method<std::uint64_t()> get_committee_count{"database", "get_committee_count"};

/// All workers, or those that are over, or those that are not.
inline constexpr method<std::vector<worker_object>(std::optional<bool> is_expired)> get_all_workers{"database",
                                                                                                    "get_all_workers"};

/// Workers of an account.
inline constexpr method<std::vector<worker_object>(std::string_view account_name_or_id)> get_workers_by_account{
    "database", "get_workers_by_account"};

/// How many workers there are.
inline constexpr method<std::uint64_t()> get_worker_count{"database", "get_worker_count"};

/// For each vote the witness, committee member or worker that it is for; absent for none. At most
/// `api_limit_lookup_vote_ids`.
inline constexpr method<std::vector<std::optional<voted_object>>(std::vector<vote_id> votes)> lookup_vote_ids{
    "database", "lookup_vote_ids"};

/// A transaction packed, as hexadecimal digits. @ref pack does it here.
inline constexpr method<std::string(signed_transaction trx)> get_transaction_hex{"database", "get_transaction_hex"};

/// As @ref get_transaction_hex, without signatures.
inline constexpr method<std::string(transaction trx)> get_transaction_hex_without_sig{
    "database", "get_transaction_hex_without_sig"};

/// The least of the available keys that, with the signatures there are, satisfy the authorities. Ignores custom
/// authorities.
inline constexpr method<flat_set<public_key>(signed_transaction trx, flat_set<public_key> available_keys)>
    get_required_signatures{"database", "get_required_signatures"};

/// All keys that could sign for the transaction, by the authorities' keys.
inline constexpr method<flat_set<public_key>(signed_transaction trx)> get_potential_signatures{
    "database", "get_potential_signatures"};

/// All addresses whose keys could sign for the transaction.
inline constexpr method<flat_set<address>(signed_transaction trx)> get_potential_address_signatures{
    "database", "get_potential_address_signatures"};

/// True where the signatures suffice; refused otherwise. Honours custom authorities.
inline constexpr method<bool(signed_transaction trx)> verify_authority{"database", "verify_authority"};

/// True where the keys suffice for a transfer of the account; refused otherwise.
inline constexpr method<bool(std::string_view account_name_or_id, flat_set<public_key> signers)>
    verify_account_authority{"database", "verify_account_authority"};

/// Applies a signed transaction without keeping or sending it; refused as a broadcast would be.
inline constexpr method<processed_transaction(signed_transaction trx)> validate_transaction{"database",
                                                                                            "validate_transaction"};

/// What each operation costs in an asset; @ref required_fees tells it here. Fees that the operations name are not looked at.
inline constexpr method<std::vector<operation_fee>(std::vector<operation> ops, std::string_view asset_symbol_or_id)>
    get_required_fees{"database", "get_required_fees"};

/// Proposals that need the account's approval. Needs the api_helper_indexes plugin.
inline constexpr method<std::vector<proposal_object>(std::string_view account_name_or_id)> get_proposed_transactions{
    "database", "get_proposed_transactions"};

/// The confidential balances that exist of those asked for.
inline constexpr method<std::vector<blinded_balance_object>(flat_set<commitment> commitments)> get_blinded_balances{
    "database", "get_blinded_balances"};

/// Permissions that an account gave by id, from `start` on. At most `api_limit_get_withdraw_permissions_by_giver`.
inline constexpr method<std::vector<withdraw_permission_object>(std::string_view account_name_or_id,
                                                                withdraw_permission_id start, std::uint32_t limit)>
    get_withdraw_permissions_by_giver{"database", "get_withdraw_permissions_by_giver"};

/// Permissions that an account got by id, from `start` on. At most `api_limit_get_withdraw_permissions_by_recipient`.
inline constexpr method<std::vector<withdraw_permission_object>(std::string_view account_name_or_id,
                                                                withdraw_permission_id start, std::uint32_t limit)>
    get_withdraw_permissions_by_recipient{"database", "get_withdraw_permissions_by_recipient"};

/// An HTLC that is open; empty when there is none.
inline constexpr method<std::optional<htlc_object>(htlc_id id, std::optional<bool> subscribe)> get_htlc{"database",
                                                                                                        "get_htlc"};

/// HTLCs from an account by id, from `start` on. At most `api_limit_get_htlc_by`.
inline constexpr method<std::vector<htlc_object>(std::string_view account_name_or_id, htlc_id start,
                                                 std::uint32_t limit)>
    get_htlc_by_from{"database", "get_htlc_by_from"};

/// HTLCs to an account by id, from `start` on. At most `api_limit_get_htlc_by`.
inline constexpr method<std::vector<htlc_object>(std::string_view account_name_or_id, htlc_id start,
                                                 std::uint32_t limit)>
    get_htlc_by_to{"database", "get_htlc_by_to"};

/// HTLCs by id, from `start` on. At most `api_limit_list_htlcs`.
inline constexpr method<std::vector<htlc_object>(htlc_id start, std::uint32_t limit)> list_htlcs{"database",
                                                                                                 "list_htlcs"};

/// Tickets by id, from `start_id` on. At most `api_limit_get_tickets`.
inline constexpr method<std::vector<ticket_object>(std::optional<std::uint32_t> limit,
                                                   std::optional<ticket_id> start_id)>
    list_tickets{"database", "list_tickets"};

/// Tickets of an account by id, from `start_id` on. At most `api_limit_get_tickets`.
inline constexpr method<std::vector<ticket_object>(
    std::string_view account_name_or_id, std::optional<std::uint32_t> limit, std::optional<ticket_id> start_id)>
    get_tickets_by_account{"database", "get_tickets_by_account"};

} // namespace database

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
