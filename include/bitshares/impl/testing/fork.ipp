#pragma once

#include <bitshares/testing/fork.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

BITSHARES_DECL std::shared_ptr<chain> fork_of(chain const& original, chain_options const& options,
                                              std::uint32_t last_common)
{
    auto other = std::make_shared<chain>(options);
    for (std::uint32_t number = 1; number <= last_common; ++number)
        other->push_block(original.block(number).value()).value();
    other->advance(std::chrono::seconds(options.block_interval));
    return other;
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
