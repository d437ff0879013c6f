#pragma once

#include <bitshares/protocol/transaction.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

using block_id = ripemd160_digest; ///< In truth the front of a SHA-224, begun with the block's number.

/// A block without its transactions, which the Merkle root stands for.
struct block_header
{
    block_id previous;
    time_point_sec timestamp; ///< Of the witness's slot, by the chain's clock.
    witness_id witness;
    ripemd160_digest transaction_merkle_root;
    extensions_type extensions;

    friend bool operator==(block_header const&, block_header const&) = default;

    BITSHARES_FIELDS((previous), (timestamp), (witness), (transaction_merkle_root), (extensions))
};

/// A header with the signature of the witness: what a block's id is made of.
struct signed_block_header : block_header
{
    signature witness_signature;

    friend bool operator==(signed_block_header const&, signed_block_header const&) = default;

    BITSHARES_FIELDS((previous), (timestamp), (witness), (transaction_merkle_root), (extensions), (witness_signature))
};

/// A whole block.
struct signed_block : signed_block_header
{
    std::vector<processed_transaction> transactions;

    friend bool operator==(signed_block const&, signed_block const&) = default;

    BITSHARES_FIELDS((previous), (timestamp), (witness), (transaction_merkle_root), (extensions), (witness_signature),
                     (transactions))
};

/// The number in the first four bytes of a block's id.
BITSHARES_DECL std::uint32_t block_num_of(block_id const& id);

/// The number of the block that has this header: one more than the block before it.
BITSHARES_DECL std::uint32_t block_num_of(block_header const& header);

/// The block's id: SHA-224 of its signed header, cut to 20 bytes, the first four replaced by its number.
BITSHARES_DECL block_id id_of(signed_block_header const& header);

/// What the witness signs: SHA-256 of the header without signature. No chain id.
BITSHARES_DECL sha256_digest signing_digest(block_header const& header);

/** The Merkle root of transactions' hashes, each the SHA-256 of the packed @ref processed_transaction.

    An odd last hash is carried up unchanged; without transactions 20 zero bytes.
    @par Source
    bitshares-core, `signed_block::calculate_merkle_root` in libraries/protocol/block.cpp.
*/
BITSHARES_DECL ripemd160_digest merkle_root(std::vector<sha256_digest> hashes);

/// The Merkle root of the block's transactions, to be compared with its header's. @par Errors As @ref pack.
template <std::derived_from<signed_block> Block>
result<ripemd160_digest> merkle_root(Block const& block)
{
    std::vector<sha256_digest> hashes;
    hashes.reserve(block.transactions.size());
    for (processed_transaction const& tx : block.transactions)
    {
        auto const packed = pack(tx);
        if (!packed)
            return packed.error();
        hashes.push_back(sha256(*packed));
    }
    return merkle_root(std::move(hashes));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/block.ipp>
#endif
