#pragma once

#include <bitshares/protocol/objects.hpp>
#include <bitshares/rpc/method.hpp>

#include <optional>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A page of @ref history::get_account_history_by_operations.
struct history_operation_detail
{
    std::uint32_t total_count = 0; ///< Operations looked through, of whatever type.
    std::vector<operation_history_object> operation_history_objs;

    friend bool operator==(history_operation_detail const&, history_operation_detail const&) = default;

    BITSHARES_FIELDS((total_count), (operation_history_objs))
};

/** What took place. Limits of one call: @ref application_options; nodes that run the elasticsearch plugin answer most of
    these methods with the latest operation only. Methods of markets and pools need the market_history plugin. */
namespace history {

/// The account's operations with `stop < id <= start`, newest first. `start` 1.11.0 means the newest, not the oldest.
/// At most `api_limit_get_account_history`.
inline constexpr method<std::vector<operation_history_object>(
    std::string_view account_name_or_id, operation_history_id stop, std::uint32_t limit, operation_history_id start)>
    get_account_history{"history", "get_account_history"};

/// The account's operations up to a time, newest first. At most `api_limit_get_account_history`.
inline constexpr method<std::vector<operation_history_object>(
    std::string_view account_name_or_id, std::optional<std::uint32_t> limit, std::optional<time_point_sec> start)>
    get_account_history_by_time{"history", "get_account_history_by_time"};

/// The account's operations of some types (all where none is named) among those numbered from `start` on. At most
/// `api_limit_get_account_history_by_operations`.
inline constexpr method<history_operation_detail(std::string_view account_name_or_id,
                                                 flat_set<std::uint16_t> operation_types, std::uint32_t start,
                                                 std::uint32_t limit)>
    get_account_history_by_operations{"history", "get_account_history_by_operations"};

/// The account's operations of one type, newest first; `start` 1.11.0 means the newest. At most
/// `api_limit_get_account_history_operations`.
inline constexpr method<std::vector<operation_history_object>(std::string_view account_name_or_id,
                                                              std::int64_t operation_type, operation_history_id start,
                                                              operation_history_id stop, std::uint32_t limit)>
    get_account_history_operations{"history", "get_account_history_operations"};

/// The account's operations whose running numbers are from `stop` to `start`, newest first; `start` 0 means the newest.
/// At most `api_limit_get_relative_account_history`.
inline constexpr method<std::vector<operation_history_object>(std::string_view account_name_or_id, std::uint64_t stop,
                                                              std::uint32_t limit, std::uint64_t start)>
    get_relative_account_history{"history", "get_relative_account_history"};

/// A block's operations, or one transaction's, virtual ones included.
inline constexpr method<std::vector<operation_history_object>(std::uint32_t block_num,
                                                              std::optional<std::uint16_t> trx_in_block)>
    get_block_operation_history{"history", "get_block_operation_history"};

/// Operations of the newest block up to a time, of the newest where none is named, virtual ones included.
inline constexpr method<std::vector<operation_history_object>(std::optional<time_point_sec> start)>
    get_block_operations_by_time{"history", "get_block_operations_by_time"};

/// Fills of a market, newest first. At most `api_limit_get_market_history`.
inline constexpr method<std::vector<order_history_object>(std::string_view a, std::string_view b, std::uint32_t limit)>
    get_fill_order_history{"history", "get_fill_order_history"};

/// Candles of a market from `start` to `end`, oldest first; `bucket_seconds` is one of `get_market_history_buckets`. At
/// most `api_limit_get_market_history`.
inline constexpr method<std::vector<bucket_object>(std::string_view a, std::string_view b, std::uint32_t bucket_seconds,
                                                   time_point_sec start, time_point_sec end)>
    get_market_history{"history", "get_market_history"};

/// Lengths of the candles that the node keeps, in seconds.
inline constexpr method<flat_set<std::uint32_t>()> get_market_history_buckets{"history", "get_market_history_buckets"};

/// A pool's operations, or those of one type, from the time `start` back to `stop`, newest first. At most
/// `api_limit_get_liquidity_pool_history`.
inline constexpr method<std::vector<liquidity_pool_history_object>(
    liquidity_pool_id pool_id, std::optional<time_point_sec> start, std::optional<time_point_sec> stop,
    std::optional<std::uint32_t> limit, std::optional<std::int64_t> operation_type)>
    get_liquidity_pool_history{"history", "get_liquidity_pool_history"};

/// A pool's operations, or those of one type, from number `start` back to the time `stop`, newest first; without
/// `start` the newest. At most `api_limit_get_liquidity_pool_history`.
inline constexpr method<std::vector<liquidity_pool_history_object>(
    liquidity_pool_id pool_id, std::optional<std::uint64_t> start, std::optional<time_point_sec> stop,
    std::optional<std::uint32_t> limit, std::optional<std::int64_t> operation_type)>
    get_liquidity_pool_history_by_sequence{"history", "get_liquidity_pool_history_by_sequence"};

} // namespace history

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
