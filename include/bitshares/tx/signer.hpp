#pragma once

#include <bitshares/crypto/private_key.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/transaction.hpp>

#include <functional>
#include <span>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a signer is asked to sign. The references are valid during the call.
struct signing_request
{
    transaction const& body; ///< For a device that shows what it signs.
    chain_id_type const& chain_id;
    std::span<std::uint8_t const> packed; ///< The transaction's bytes, without signatures.
    sha256_digest digest;                 ///< SHA-256 of chain id and these bytes: what the signature is of.
    public_key key;                       ///< Whose signature is asked for: one of @ref signer::keys.
};

/** Something that signs: keys in memory, a keyring, a device, another process.

    What it returns is checked: a signature that is not canonical or of another key is `errc::wrong_signature`.
*/
class signer
{
public:
    virtual ~signer() = default;

    /// The keys that it can sign with.
    virtual std::vector<public_key> keys() const = 0;

    /** A canonical signature of `request.digest` by `request.key`.

        @par Errors
        @li `errc::unknown_key`: it has no such key.
        @li `errc::signer_refused`: it does not want to, or its owner does not.
    */
    virtual result<signature> sign(signing_request const& request) = 0;
};

/// Keys in memory, wiped with the signer.
class memory_signer final : public signer
{
public:
    memory_signer() = default;
    BITSHARES_DECL explicit memory_signer(private_key key);

    /// Takes a key.
    BITSHARES_DECL memory_signer& add(private_key key);

    std::vector<public_key> keys() const override { return public_keys_; }
    BITSHARES_DECL result<signature> sign(signing_request const& request) override;

private:
    std::vector<private_key> keys_;
    std::vector<public_key> public_keys_; // in the same order
};

/// Asks a function: for a device, or another process that has the keys.
class callback_signer final : public signer
{
public:
    using function = std::function<result<signature>(signing_request const&)>;

    callback_signer(std::vector<public_key> keys, function sign) : keys_(std::move(keys)), sign_(std::move(sign)) {}

    std::vector<public_key> keys() const override { return keys_; }
    result<signature> sign(signing_request const& request) override { return sign_(request); }

private:
    std::vector<public_key> keys_;
    function sign_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/tx/signer.ipp>
#endif
