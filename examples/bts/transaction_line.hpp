#pragma once

#include <bitshares/protocol/transaction.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace bts_program {

/// A transaction as it is built or as it was signed: strict reading must not ask for the signatures.
struct transaction_line
{
    std::uint16_t ref_block_num = 0;
    std::uint32_t ref_block_prefix = 0;
    bitshares::time_point_sec expiration;
    std::vector<bitshares::operation> operations;
    bitshares::extensions_type extensions;
    std::optional<std::vector<bitshares::signature>> signatures;

    BITSHARES_FIELDS((ref_block_num), (ref_block_prefix), (expiration), (operations), (extensions), (signatures))

    bitshares::signed_transaction take() &&
    {
        bitshares::signed_transaction tx;
        tx.ref_block_num = ref_block_num;
        tx.ref_block_prefix = ref_block_prefix;
        tx.expiration = expiration;
        tx.operations = std::move(operations);
        tx.extensions = std::move(extensions);
        if (signatures)
            tx.signatures = std::move(*signatures);
        return tx;
    }
};

} // namespace bts_program
