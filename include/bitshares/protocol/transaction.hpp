#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/operation_result.hpp>

#include <concepts>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Header byte, r and s of an ECDSA signature; the header byte tells which key made it.
using signature = fixed_bytes<65>;

using transaction_id = ripemd160_digest; ///< Of 20 bytes, as block ids; in truth the front of a SHA-256.

/// Operations that take effect together or not at all.
struct transaction
{
    std::uint16_t ref_block_num = 0;    ///< Number of a recent block, modulo 65536.
    std::uint32_t ref_block_prefix = 0; ///< Bytes 4 to 8 of that block's id, little endian.
    time_point_sec expiration;          ///< By the chain's clock.
    std::vector<operation> operations;
    extensions_type extensions;

    friend bool operator==(transaction const&, transaction const&) = default;

    BITSHARES_FIELDS((ref_block_num), (ref_block_prefix), (expiration), (operations), (extensions))
};

/** A transaction with its signatures, as it is broadcast.

    @par Preconditions checked by the node
    @li The reference block is one of the last 65536; the expiration is not over, and at most `maximum_time_until_expiration`
        ahead of the head block's time.
    @li The unsigned bytes are at most `maximum_transaction_size`; no transaction with this id is known.
    @li The signatures satisfy the required authorities, and none is superfluous.
    @par Source
    bitshares-core, libraries/protocol/transaction.cpp, and `database::_apply_transaction` in db_block.cpp.
*/
struct signed_transaction : transaction
{
    std::vector<signature> signatures;

    friend bool operator==(signed_transaction const&, signed_transaction const&) = default;

    BITSHARES_FIELDS((ref_block_num), (ref_block_prefix), (expiration), (operations), (extensions), (signatures))
};

/// A transaction in a block, with what each operation returned.
struct processed_transaction : signed_transaction
{
    std::vector<operation_result> operation_results;

    friend bool operator==(processed_transaction const&, processed_transaction const&) = default;

    BITSHARES_FIELDS((ref_block_num), (ref_block_prefix), (expiration), (operations), (extensions), (signatures),
                     (operation_results))
};

/** The chain's rules of form: there is an operation, and each one is valid by itself. Signatures are not looked at.

    @par Errors
    @li `errc::invalid_form`: the path leads to the operation's member, as `/operations/3/amount/amount`; of a proposed operation,
        `/operations/0/proposed_ops/1/op/amount/amount`. The detail says what must hold.
    @li `errc::unknown_tag`: an operation that this version does not know.
    @par Source
    bitshares-core, `transaction::validate`.
*/
BITSHARES_LAZY_DECL result<void> validate(transaction const& tx);

/// The bytes that are hashed and signed: the transaction without signatures. @par Errors As @ref pack.
template <std::derived_from<transaction> Transaction>
result<bytes> pack_unsigned(Transaction const& tx)
{
    return pack<transaction>(tx);
}

/** The id of a transaction whose unsigned bytes are `unsigned_bytes`: the first 20 bytes of their SHA-256.

    Signatures are no part of it.
*/
inline transaction_id id_of_transaction(std::span<std::uint8_t const> unsigned_bytes)
{
    sha256_digest const hash = sha256(unsigned_bytes);
    transaction_id id;
    std::copy_n(hash.data.begin(), id.data.size(), id.data.begin());
    return id;
}

/// @copydoc id_of_transaction
template <std::derived_from<transaction> Transaction>
result<transaction_id> id_of(Transaction const& tx)
{
    auto const packed = pack_unsigned(tx);
    if (!packed)
        return packed.error();
    return id_of_transaction(*packed);
}

/// What is signed: SHA-256 of the chain id and the transaction without signatures. @par Errors As @ref pack.
template <std::derived_from<transaction> Transaction>
result<sha256_digest> signing_digest(Transaction const& tx, chain_id_type const& chain_id)
{
    auto const packed = pack_unsigned(tx);
    if (!packed)
        return packed.error();
    return sha256(chain_id.data, *packed);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/transaction.ipp>
#endif
