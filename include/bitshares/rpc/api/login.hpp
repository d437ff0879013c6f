#pragma once

#include <bitshares/rpc/method.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** How a node is configured: above all how many items one call may ask for. What it does not tell is absent.

    @par Source
    bitshares-core, libraries/app/include/graphene/app/application.hpp (`application_options`).
*/
struct application_options
{
    std::optional<bool> enable_subscribe_to_all;
    std::optional<bool> has_api_helper_indexes_plugin;
    std::optional<bool> has_market_history_plugin;
    std::optional<std::uint32_t> api_limit_get_account_history;
    std::optional<std::uint32_t> api_limit_get_account_history_operations;
    std::optional<std::uint32_t> api_limit_get_account_history_by_operations;
    std::optional<std::uint32_t> api_limit_get_relative_account_history;
    std::optional<std::uint32_t> api_limit_get_market_history;
    std::optional<std::uint32_t> api_limit_get_trade_history;
    std::optional<std::uint32_t> api_limit_get_trade_history_by_sequence;
    std::optional<std::uint32_t> api_limit_get_liquidity_pool_history;
    std::optional<std::uint32_t> api_limit_get_top_markets;
    std::optional<std::uint32_t> api_limit_get_assets;
    std::optional<std::uint32_t> api_limit_get_asset_holders;
    std::optional<std::uint32_t> api_limit_get_key_references;
    std::optional<std::uint32_t> api_limit_get_full_accounts;
    std::optional<std::uint32_t> api_limit_get_full_accounts_lists;
    std::optional<std::uint32_t> api_limit_get_full_accounts_subscribe;
    std::optional<std::uint32_t> api_limit_get_top_voters;
    std::optional<std::uint32_t> api_limit_get_limit_orders;
    std::optional<std::uint32_t> api_limit_get_limit_orders_by_account;
    std::optional<std::uint32_t> api_limit_get_account_limit_orders;
    std::optional<std::uint32_t> api_limit_get_grouped_limit_orders;
    std::optional<std::uint32_t> api_limit_get_order_book;
    std::optional<std::uint32_t> api_limit_get_call_orders;
    std::optional<std::uint32_t> api_limit_get_settle_orders;
    std::optional<std::uint32_t> api_limit_get_collateral_bids;
    std::optional<std::uint32_t> api_limit_lookup_accounts;
    std::optional<std::uint32_t> api_limit_lookup_witness_accounts;
    std::optional<std::uint32_t> api_limit_lookup_committee_member_accounts;
    std::optional<std::uint32_t> api_limit_lookup_vote_ids;
    std::optional<std::uint32_t> api_limit_list_htlcs;
    std::optional<std::uint32_t> api_limit_get_htlc_by;
    std::optional<std::uint32_t> api_limit_get_withdraw_permissions_by_giver;
    std::optional<std::uint32_t> api_limit_get_withdraw_permissions_by_recipient;
    std::optional<std::uint32_t> api_limit_get_tickets;
    std::optional<std::uint32_t> api_limit_get_liquidity_pools;
    std::optional<std::uint32_t> api_limit_get_samet_funds;
    std::optional<std::uint32_t> api_limit_get_credit_offers;
    std::optional<std::uint32_t> api_limit_get_storage_info;

    friend bool operator==(application_options const&, application_options const&) = default;

    BITSHARES_FIELDS((enable_subscribe_to_all), (has_api_helper_indexes_plugin), (has_market_history_plugin),
                     (api_limit_get_account_history), (api_limit_get_account_history_operations),
                     (api_limit_get_account_history_by_operations), (api_limit_get_relative_account_history),
                     (api_limit_get_market_history), (api_limit_get_trade_history),
                     (api_limit_get_trade_history_by_sequence), (api_limit_get_liquidity_pool_history),
                     (api_limit_get_top_markets), (api_limit_get_assets), (api_limit_get_asset_holders),
                     (api_limit_get_key_references), (api_limit_get_full_accounts),
                     (api_limit_get_full_accounts_lists), (api_limit_get_full_accounts_subscribe),
                     (api_limit_get_top_voters), (api_limit_get_limit_orders),
                     (api_limit_get_limit_orders_by_account), (api_limit_get_account_limit_orders),
                     (api_limit_get_grouped_limit_orders), (api_limit_get_order_book), (api_limit_get_call_orders),
                     (api_limit_get_settle_orders), (api_limit_get_collateral_bids), (api_limit_lookup_accounts),
                     (api_limit_lookup_witness_accounts), (api_limit_lookup_committee_member_accounts),
                     (api_limit_lookup_vote_ids), (api_limit_list_htlcs), (api_limit_get_htlc_by),
                     (api_limit_get_withdraw_permissions_by_giver), (api_limit_get_withdraw_permissions_by_recipient),
                     (api_limit_get_tickets), (api_limit_get_liquidity_pools), (api_limit_get_samet_funds),
                     (api_limit_get_credit_offers), (api_limit_get_storage_info))
};

/// What `login.login` says: whether the user is known, or, asked without one, the number of the API.
struct login_answer
{
    std::variant<bool, std::uint32_t> value;

    static std::size_t choose(std::string_view json)
    {
        return json == "true" || json == "false" ? 0 : json.find_first_not_of("0123456789") == json.npos ? 1 : 2;
    }

    friend bool operator==(login_answer const&, login_answer const&) = default;
};

/** The API that every connection begins with. The methods named after APIs return their numbers in this connection;
    @ref request names APIs, so that nobody needs the numbers. */
namespace login {

/// True where the node knows the user, false otherwise; without both, the number of this API. Every connection has
/// public access by itself. See @ref client_options::login.
inline constexpr method<login_answer(std::optional<std::string> user, std::optional<std::string> password)> login{
    "login", "login"};

/// Ends what `login` allowed, public access too.
inline constexpr method<bool()> logout{"login", "logout"};

/// The node's own description of itself; empty on older nodes.
inline constexpr method<std::string()> get_info{"login", "get_info"};

/// The node's limits; refused by older nodes.
inline constexpr method<application_options()> get_config{"login", "get_config"};

/// Names of the APIs that this connection may use.
inline constexpr method<flat_set<std::string>()> get_available_api_sets{"login", "get_available_api_sets"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> block{"login", "block"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> network_broadcast{"login", "network_broadcast"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> database{"login", "database"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> history{"login", "history"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> network_node{"login", "network_node"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> crypto{"login", "crypto"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> asset{"login", "asset"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> orders{"login", "orders"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> debug{"login", "debug"};

/// Number of the API in this connection; refused where the connection may not use it.
inline constexpr method<std::uint32_t()> custom_operations{"login", "custom_operations"};

} // namespace login

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
