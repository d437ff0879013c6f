#pragma once

#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/tx/context.hpp>
#include <bitshares/tx/signer.hpp>

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a transaction says of its reference block beside the number: bytes 4 to 8 of the id, little endian.
inline std::uint32_t tapos_prefix(block_id const& block)
{
    return std::uint32_t{block.data[4]} | std::uint32_t{block.data[5]} << 8 | std::uint32_t{block.data[6]} << 16 |
           std::uint32_t{block.data[7]} << 24;
}

/** A transaction that is whole but for its signatures, and the chain that it is for.

    Nothing in it can be changed any more: its id is known, and signing makes a @ref signed_transaction, which is another type.
*/
class unsigned_transaction
{
public:
    /** Of a transaction that was built elsewhere. What it says is not checked.

        @par Errors
        As @ref pack: it holds an operation that this version does not know.
    */
    BITSHARES_LAZY_DECL static result<unsigned_transaction> of(transaction tx, chain_id_type const& chain_id);

    transaction const& body() const noexcept { return body_; }
    chain_id_type const& chain_id() const noexcept { return chain_id_; }
    bytes const& packed() const noexcept { return packed_; } ///< The bytes that are signed, behind the chain id.
    sha256_digest const& digest() const noexcept { return digest_; } ///< What signatures are of.
    transaction_id const& id() const noexcept { return id_; }

    /// The transaction with the signature of each key, in their order.
    BITSHARES_LAZY_DECL signed_transaction sign(private_key const& key) const;
    BITSHARES_LAZY_DECL signed_transaction sign(std::span<private_key const> keys) const;

    /** The transaction with the signature of each of `keys`, in their order.

        @par Errors
        @li `errc::wrong_signature`: the signer gave another key's signature, or one that is not canonical.
        @li What the signer says.
    */
    BITSHARES_LAZY_DECL result<signed_transaction> sign(signer& by, std::span<public_key const> keys) const;

    /// One signature, checked. @par Errors As above.
    BITSHARES_LAZY_DECL result<signature> signature_of(signer& by, public_key const& key) const;

private:
    BITSHARES_LAZY_DECL signed_transaction with(std::vector<signature> signatures) const;

    transaction body_;
    chain_id_type chain_id_;
    bytes packed_;
    sha256_digest digest_;
    transaction_id id_;
};

/// How operations are proposed. Each setter returns the options, so that they chain.
class proposal_options
{
public:
    proposal_options() = default;

    /// From the chain's time to the proposal's expiration; in it the approvals are collected. Default: a day more than the
    /// review period, where there is one.
    proposal_options& lifetime(std::chrono::seconds d)
    {
        lifetime_ = d;
        return *this;
    }
    /** Before the expiration; in it approvals can only be withdrawn. Default: none, and what the chain demands where the
        committee's authority is needed. */
    proposal_options& review_period(std::chrono::seconds d)
    {
        review_period_ = d;
        return *this;
    }

    std::optional<std::chrono::seconds> const& lifetime() const noexcept { return lifetime_; }
    std::optional<std::chrono::seconds> const& review_period() const noexcept { return review_period_; }

private:
    std::optional<std::chrono::seconds> lifetime_;
    std::optional<std::chrono::seconds> review_period_;
};

/** Builds a transaction: a value, which keeps what it is told until it is prepared, as often as you like.

    @code
    bitshares::tx_builder tx(client.network());
    tx.add(bitshares::transfer{.from = alice, .to = bob, .amount = {500'000, core}});
    bitshares::signed_transaction signed_tx = tx.prepare(context).sign(key);
    @endcode
*/
class tx_builder
{
public:
    BITSHARES_LAZY_DECL explicit tx_builder(bitshares::network network);

    bitshares::network const& network() const noexcept { return network_; }
    std::vector<operation> const& operations() const noexcept { return operations_; }

    /// Appends an operation. @ref prepare sets its fee, in the asset that the operation's fee names.
    BITSHARES_LAZY_DECL tx_builder& add(operation op);

    /** Appends a proposal of `operations`. @ref prepare sets its expiration and, where it is needed, its review period.

        @param payer Pays the fee of the proposal, now, and signs.
    */
    BITSHARES_LAZY_DECL tx_builder& propose(account_id payer, std::vector<operation> operations,
                                            proposal_options options = {});

    /// All fees are paid in this asset, whatever the operations name; its core exchange rate must be in the context.
    BITSHARES_LAZY_DECL tx_builder& fee_asset(asset_id asset);

    /// Fees stay as they are in the operations.
    BITSHARES_LAZY_DECL tx_builder& keep_fees();

    /// From the context's time to the expiration. Default 60 s; the chain allows `maximum_time_until_expiration`.
    BITSHARES_LAZY_DECL tx_builder& expires_in(std::chrono::seconds d);

    /// By the chain's clock.
    BITSHARES_LAZY_DECL tx_builder& expires_at(time_point_sec time);

    /// A block that must be in the chain; otherwise the transaction can never be included. Default: the context's.
    BITSHARES_LAZY_DECL tx_builder& reference(block_id const& block);

    /** An encrypted memo with a nonce that nobody used before.

        @param from The key that belongs to the sender's memo key.
        @param to The recipient's memo key.
        @throws exception As `encrypt_memo`: `to` is no point.
    */
    BITSHARES_LAZY_DECL memo_data memo(private_key const& from, public_key const& to, std::string_view text) const;

    /** The transaction with reference block, expiration and fees.

        @throws exception As @ref try_prepare returns.
    */
    BITSHARES_LAZY_DECL unsigned_transaction prepare(tx_context const& context) const;

    /** As @ref prepare, but returns the error.

        @par Errors
        @li `errc::wrong_chain`: the context is of another chain than the builder.
        @li What the chain would refuse for form, with operation and member in the path (`/operations/3/amount`).
        @li `errc::no_operations`: there is none.
        @li `errc::expiration_out_of_range`: further off than `maximum_time_until_expiration`, or not after the chain's time.
        @li `errc::transaction_too_large`: more than `maximum_transaction_size` bytes.
        @li What `required_fee` says, such as a fee asset whose core exchange rate is not in the context.
    */
    BITSHARES_LAZY_DECL result<unsigned_transaction> try_prepare(tx_context const& context) const;

private:
    struct proposed
    {
        std::size_t index; // of the operation
        proposal_options options;
    };

    BITSHARES_LAZY_DECL result<void> complete(proposal_create& proposal, proposal_options const& options,
                                              tx_context const& context) const;
    BITSHARES_LAZY_DECL result<void> set_fees_of(transaction& tx, tx_context const& context) const;

    bitshares::network network_;
    std::vector<operation> operations_;
    std::vector<proposed> proposals_;
    std::optional<asset_id> fee_asset_;
    bool keep_fees_ = false;
    std::chrono::seconds expires_in_{60};
    std::optional<time_point_sec> expires_at_;
    std::optional<block_id> reference_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/tx/builder.ipp>
#endif
