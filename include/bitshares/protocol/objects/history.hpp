#pragma once

#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/operation_result.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/transaction.hpp>

/** @file
    What took place.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/operation_history_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An operation that took place, with its place in the chain.
struct operation_history_object
{
    operation_history_id id;
    operation op;
    operation_result result; ///< What it returned.
    std::uint32_t block_num = 0;
    /// Index in the block; of virtual operations behind the last transaction, or of the one they belong to.
    std::uint16_t trx_in_block = 0;
    std::uint16_t op_in_trx = 0;
    std::uint32_t virtual_op = 0; ///< Running number of virtual operations in a block.
    bool is_virtual = false;      ///< Made by the chain itself. Older nodes do not tell: then false.
    time_point_sec block_time;    ///< 1970 from nodes that do not tell.

    friend bool operator==(operation_history_object const&, operation_history_object const&) = default;

    BITSHARES_FIELDS((id), (op), (result), (block_num), (trx_in_block), (op_in_trx), (virtual_op), (is_virtual),
                     (block_time))
};

/// A link of an account's history: its n-th operation.
struct account_history_object
{
    account_history_id id;
    account_id account;
    operation_history_id operation_id;
    std::uint64_t sequence = 0; ///< Counted from 1.
    account_history_id next;    ///< The one before; 2.9.0 for the oldest.

    friend bool operator==(account_history_object const&, account_history_object const&) = default;

    BITSHARES_FIELDS((id), (account), (operation_id), (sequence), (next))
};

/// A recent transaction, kept until it expires so that none is applied twice.
struct transaction_history_object
{
    transaction_history_id id;
    signed_transaction trx;
    transaction_id trx_id;

    friend bool operator==(transaction_history_object const&, transaction_history_object const&) = default;

    BITSHARES_FIELDS((id), (trx), (trx_id))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
