#pragma once

#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/objects.hpp>
#include <bitshares/rpc/method.hpp>

#include <optional>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A block's header; the signature only where it was asked for.
struct maybe_signed_block_header : block_header
{
    std::optional<signature> witness_signature;

    friend bool operator==(maybe_signed_block_header const&, maybe_signed_block_header const&) = default;

    BITSHARES_FIELDS((previous), (timestamp), (witness), (transaction_merkle_root), (extensions), (witness_signature))
};

/// The chain's state: accounts, assets, blocks.
namespace database {

/// The chain's id.
inline constexpr method<chain_id_type()> get_chain_id{"database", "get_chain_id"};

/// Head block, chain time, last irreversible block.
inline constexpr method<dynamic_global_property_object()> get_dynamic_global_properties{
    "database", "get_dynamic_global_properties"};

/// Objects by id, in the order asked for, each as the node prints it; `null` for one that does not exist.
inline constexpr method<std::vector<raw_json>(std::vector<any_object_id> ids, std::optional<bool> subscribe)>
    get_objects{"database", "get_objects"};

/// Account by name; empty when there is none.
inline constexpr method<std::optional<account_object>(std::string_view name)> get_account_by_name{
    "database", "get_account_by_name"};

/// Accounts by name or id, in the order asked for; empty where there is none.
inline constexpr method<std::vector<std::optional<account_object>>(std::vector<std::string> names_or_ids,
                                                                   std::optional<bool> subscribe)>
    get_accounts{"database", "get_accounts"};

/// How many accounts there are.
inline constexpr method<std::uint64_t()> get_account_count{"database", "get_account_count"};

/// An account's balances of the assets named, or of all it has where none is named.
inline constexpr method<std::vector<asset>(std::string_view account_name_or_id, flat_set<asset_id> assets)>
    get_account_balances{"database", "get_account_balances"};

/// Assets by symbol or id, in the order asked for; empty where there is none.
inline constexpr method<std::vector<std::optional<asset_object>>(std::vector<std::string> symbols_or_ids,
                                                                 std::optional<bool> subscribe)>
    get_assets{"database", "get_assets"};

/// As @ref get_assets, also on nodes that do not take symbols there.
inline constexpr method<std::vector<std::optional<asset_object>>(std::vector<std::string> symbols_or_ids)>
    lookup_asset_symbols{"database", "lookup_asset_symbols"};

/// Assets in the order of their symbols, beginning with `lower_bound_symbol`.
inline constexpr method<std::vector<asset_object>(std::string_view lower_bound_symbol, std::uint32_t limit)>
    list_assets{"database", "list_assets"};

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

/// A transaction by its place.
inline constexpr method<processed_transaction(std::uint32_t block_num, std::uint32_t trx_in_block)> get_transaction{
    "database", "get_transaction"};

} // namespace database

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
