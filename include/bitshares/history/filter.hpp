#pragma once

#include <bitshares/history/record.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Which operations of a history are wanted: the same question to every source, a node, an Elasticsearch cluster, its
    wrapper or a file. What is not set leaves nothing out; what is set has to hold all at once.

    A range of times, blocks or ids a source can look up; of the rest, it may have to read more than it gives. An operation that
    this version does not know names what its text has, that of its fee, too.
*/
struct history_filter
{
    std::optional<time_point_sec> from = {};        ///< The first time of the range.
    std::optional<time_point_sec> to = {};          ///< The first time behind the range.
    std::optional<std::uint32_t> first_block = {};  ///< The lowest block.
    std::optional<std::uint32_t> last_block = {};   ///< The highest block.
    std::optional<operation_history_id> first = {}; ///< The lowest id.
    std::optional<operation_history_id> last = {};  ///< The highest id.
    std::vector<std::uint64_t> types = {};          ///< Tags of operations.
    /// The operation names one of these assets, in itself, what it proposes or its result; not only as that of a fee.
    std::vector<asset_id> assets = {};
    /// The operation or its result names one of these accounts. A filled order does not name who filled it.
    std::vector<account_id> counterparties = {};

    /// Whether the place of an operation is in the ranges, and its type among @ref types.
    BITSHARES_LAZY_DECL bool in_range(operation_history_object const& row) const;

    /// Whether the operation or its result names what @ref assets and @ref counterparties say.
    BITSHARES_LAZY_DECL bool names(operation_history_object const& row) const;

    /// Whether the operation is wanted.
    BITSHARES_LAZY_DECL bool matches(operation_history_object const& row) const { return in_range(row) && names(row); }

    friend bool operator==(history_filter const&, history_filter const&) = default;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/filter.ipp>
#endif
