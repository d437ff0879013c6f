#pragma once

#include <bitshares/protocol/objects.hpp>

#include <cstdint>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** One operation of an account's history, with its place in it.

    What the node tells of the operation, and `sequence`, which nodes count but do not tell.
    `block_time` is always set: where an older node does not tell it, it was read from the block's header.
*/
struct history_record : operation_history_object
{
    std::uint64_t sequence = 0; ///< 1 for the account's first operation; no number is left out.

    friend bool operator==(history_record const&, history_record const&) = default;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
