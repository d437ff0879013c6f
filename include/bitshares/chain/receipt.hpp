#pragma once

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/objects/global.hpp>
#include <bitshares/protocol/objects/witness.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** That a transaction is in a block, in a form that others can check without a node: the transaction as the block has it, the
    hashes that lead from it to the block's Merkle root, the block's signed header and those that follow it.
*/
struct tx_receipt
{
    processed_transaction transaction;
    std::uint32_t trx_num = 0;              ///< Its place in the block.
    std::uint32_t trx_count = 0;            ///< Transactions in the block.
    std::vector<sha256_digest> merkle_path; ///< The neighbours on the way to the root, from below.
    signed_block_header header;
    std::vector<signed_block_header> following; ///< In order, each with the one before it as `previous`.

    friend bool operator==(tx_receipt const&, tx_receipt const&) = default;

    BITSHARES_FIELDS((transaction), (trx_num), (trx_count), (merkle_path), (header), (following))
};

/** The receipt of a block's transaction.

    @pre `trx_num < block.transactions.size()`
    @par Errors
    As @ref pack: the block has an operation that this version does not know.
*/
BITSHARES_LAZY_DECL result<tx_receipt> make_receipt(signed_block const& block, std::uint32_t trx_num,
                                                    std::vector<signed_block_header> following);

/// Why signing keys are believed.
enum class key_trust : std::uint8_t
{
    same_node, ///< The node that told of the block told of the keys, too: it could have invented both.
    agreed,    ///< So many nodes as were demanded said the same.
    pinned     ///< The caller knew them.
};

/// The keys by which witnesses sign blocks, and who of them is active: what receipts are checked against.
class witness_keys
{
public:
    using keys_type = std::map<witness_id, public_key>;

    /// Keys that the caller knows, all of active witnesses.
    static witness_keys pinned(keys_type keys)
    {
        std::size_t const active = keys.size();
        return witness_keys(std::move(keys), active, key_trust::pinned);
    }

    /// What the node said from which the receipt is.
    static witness_keys of_node(keys_type keys)
    {
        std::size_t const active = keys.size();
        return witness_keys(std::move(keys), active, key_trust::same_node);
    }

    /** What at least `enough` of several nodes said alike, witness by witness. So many are taken for active as
        `enough` nodes name at least: witnesses on whom they do not agree count all the same in what is needed. It is for the caller to see that they are
        different people's nodes, and that there are more of them than @p enough only where these outnumber the rest.

        @par Errors
        @li `errc::unknown_witness`: there is no witness whom so many nodes agree on, or `enough` is below 2.
    */
    BITSHARES_LAZY_DECL static result<witness_keys> agreed(std::span<keys_type const> answers, std::size_t enough);

    key_trust trust() const noexcept { return trust_; }
    keys_type const& keys() const noexcept { return keys_; }

    /// How many witnesses are active; of some of them there may be no key.
    std::size_t active() const noexcept { return active_; }

private:
    witness_keys(keys_type keys, std::size_t active, key_trust trust)
        : keys_(std::move(keys)), active_(active), trust_(trust)
    {}

    keys_type keys_;
    std::size_t active_;
    key_trust trust_;
};

/// What a receipt proves.
struct receipt_proof
{
    bool verified = false; ///< False: everything fits, but the keys are from the node that the receipt is from.
    key_trust trust = key_trust::same_node;
    transaction_id id;
    bitshares::block_id block_id;
    std::uint32_t block_num = 0;
    std::uint32_t trx_num = 0;
    time_point_sec block_time;
    /// Different active witnesses that signed a later block on top of it.
    std::uint32_t built_by = 0;
    /// Of so many active ones. A node takes a block for irreversible when 70% of them, its own one included, have signed it or a
    /// later one.
    std::uint32_t active = 0;
    bool irreversible = false; ///< By that rule.
};

/** Checks all parts of a receipt.

    @param expected Of which transaction it must be.
    @par Errors
    The path leads to the part.
    @li `errc::wrong_transaction_id`: it is of another transaction.
    @li `errc::wrong_merkle_root`: the transaction, signatures and results included, is not in the block at this place.
    @li `errc::broken_chain`: a header does not follow the one before it.
    @li `errc::unknown_witness`: the keys lack the witness of a header.
    @li `errc::wrong_witness_signature`: a header is not signed by its witness.
    @li As @ref pack.
    @par Source
    bitshares-core, `signed_block` in libraries/protocol/block.cpp; for irreversibility
    `database::update_last_irreversible_block` in libraries/chain/db_update.cpp.
*/
BITSHARES_LAZY_DECL result<receipt_proof> verify_receipt(tx_receipt const& receipt, transaction_id const& expected,
                                                         witness_keys const& keys);

/** Fetches the receipt of a block's transaction, with up to `following` headers behind the block.

    @throws exception `errc::invalid_reply`: there is no such block or transaction; the errors of @ref client::async_call.
    @throws node_refused The node refuses a call.
*/
BITSHARES_LAZY_DECL tx_receipt fetch_receipt(blocking_client& node, std::uint32_t block_num, std::uint32_t trx_num,
                                             std::uint32_t following = 50);

/// The signing keys of the witnesses that are active now, as a node tells them. @throws As @ref fetch_receipt.
BITSHARES_LAZY_DECL witness_keys::keys_type fetch_witness_keys(blocking_client& node);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/chain/receipt.ipp>
#endif
