#pragma once

#include <bitshares/testing/chain.hpp>

#include <cstdint>
#include <memory>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/** Another chain with the same blocks up to `last_common`, which goes its own way behind it: its next block comes a slot
    later, so that its id is another even with the same transactions. Give it to a @ref node of its own: a forked node.

    Pending transactions stay with the original.
    @param options Those of the original. @pre `last_common <= original.head_block_num()`
    @throws exception The options are not the original's, so that a block does not fit.
*/
BITSHARES_DECL std::shared_ptr<chain> fork_of(chain const& original, chain_options const& options,
                                              std::uint32_t last_common);

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/fork.ipp>
#endif
