#pragma once

#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/chain_parameters.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/price.hpp>

#include <map>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What is to be known of a chain to build a transaction for it: a value, which `async_tx_context` fetches.

    It serves for many transactions: as long as its time is not too far behind the chain's, as expirations count from it, and
    the fees are not changed.
*/
struct tx_context
{
    bitshares::network network;  ///< The chain id as the node gave it.
    chain_parameters parameters; ///< Fees and bounds.
    time_point_sec time; ///< The chain's: timestamp of the head block, or later, as the nodes of a pool have it.
    std::uint32_t head_block_num = 0; ///< The head block's number.
    block_id reference_block;         ///< Of an irreversible block, for TaPoS; its number is in it.

    /// Of other assets than the core asset, where fees shall be paid in them: their `core_exchange_rate`.
    std::map<asset_id, price> core_exchange_rates;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
