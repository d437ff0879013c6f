#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/crypto/secure_bytes.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/transaction.hpp>

#include <span>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A private key: a number from 1 to the order of secp256k1 less 1, never another.

    Move-only; wiped when it is moved from and when it dies; never printed. A key that was moved from may only be assigned to or destroyed.
    @par Thread safety
    Constant functions may run at once. What depends on the number runs in constant time.
*/
class private_key
{
public:
    /// A new key of the system's randomness. @throws std::bad_alloc Without randomness.
    BITSHARES_DECL static private_key generate();

    /** Reads the usual text form of 51 characters.

        Surrounding blanks are not skipped. Like cli_wallet, a checksum of a single SHA-256 is taken as well.
        @par Errors None of them quotes the text.
        @li `errc::invalid_base58`: another alphabet or length; also Bitcoin's form with a mark for compressed keys.
        @li `errc::invalid_checksum`
        @li `errc::wrong_wif_version`: a private key of another network's form.
        @li `errc::invalid_private_key`: zero, or not less than the order of the group.
        @par Source
        bitshares-core, `wif_to_key`, which also takes other versions and lengths; these are somebody's mistake.
    */
    BITSHARES_DECL static result<private_key> from_wif(std::string_view text);

    /** @param data 32 bytes, most significant first.
        @par Errors
        @li `errc::invalid_private_key`: another size, zero, or not less than the order of the group.
    */
    BITSHARES_DECL static result<private_key> from_bytes(std::span<std::uint8_t const> data);

    private_key(private_key&&) noexcept = default;
    private_key& operator=(private_key&&) noexcept = default;

    /// A copy, on purpose.
    BITSHARES_DECL private_key clone() const;

    BITSHARES_DECL secure_string to_wif() const;
    /// 32 bytes, most significant first, for as long as the key lives.
    std::span<std::uint8_t const, 32> view() const noexcept { return secret_.span(); }

    /// @par Complexity One multiplication: keep the result.
    BITSHARES_DECL public_key to_public() const;

    /** Signs `digest` in the form that nodes accept.

        The same key and digest always give the same bytes, those that bitshares-core gives: the first of the numbers that
        RFC 6979 draws for them, from the second on, whose signature is canonical.
        @par Source
        bitshares-core, `fc::ecc::private_key::sign_compact`.
    */
    BITSHARES_DECL signature sign(sha256_digest const& digest) const;

    /** What this key's owner and the owner of `other` both can compute, and nobody else: SHA-512 of the x coordinate of the product.

        @par Errors
        @li `errc::invalid_public_key`: not a point.
    */
    BITSHARES_DECL result<secret<64>> shared_secret(public_key const& other) const;

    /** The private key to @ref child_of of this key's public key.

        @par Errors
        @li `errc::invalid_private_key`: the sum is none; nobody will find such an offset.
    */
    BITSHARES_DECL result<private_key> child(sha256_digest const& offset) const;

    /// In constant time.
    friend bool operator==(private_key const& a, private_key const& b) noexcept { return a.secret_ == b.secret_; }
    template <class Stream>
    friend Stream& operator<<(Stream&, private_key const&) = delete;

private:
    explicit private_key(secret<32> number) noexcept : secret_(std::move(number)) {}

    secret<32> secret_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/private_key.ipp>
#endif
