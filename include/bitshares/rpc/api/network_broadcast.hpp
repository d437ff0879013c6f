#pragma once

#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/rpc/method.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Where a transaction was included.
struct transaction_confirmation
{
    transaction_id id;
    std::uint32_t block_num = 0;
    std::uint32_t trx_num = 0;
    processed_transaction trx;

    friend bool operator==(transaction_confirmation const&, transaction_confirmation const&) = default;

    BITSHARES_FIELDS((id), (block_num), (trx_num), (trx))
};

/// Sends signed transactions to the network. None of these may be repeated blindly.
namespace network_broadcast {

/// Returns once the node has accepted the transaction, which is not yet in a block.
inline constexpr method<void(signed_transaction trx)> broadcast_transaction{"network_broadcast",
                                                                            "broadcast_transaction"};

/// As @ref broadcast_transaction; a notice to `cb`, a @ref transaction_confirmation, tells when it is in a block.
inline constexpr method<void(std::uint64_t cb, signed_transaction trx)> broadcast_transaction_with_callback{
    "network_broadcast", "broadcast_transaction_with_callback"};

/// Returns when the transaction is in a block; give it a deadline of some block intervals.
inline constexpr method<transaction_confirmation(signed_transaction trx)> broadcast_transaction_synchronous{
    "network_broadcast", "broadcast_transaction_synchronous"};

/// Sends a block; for witnesses.
inline constexpr method<void(signed_block block)> broadcast_block{"network_broadcast", "broadcast_block"};

} // namespace network_broadcast

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
