#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/crypto/secure_bytes.hpp>

#include <openssl/types.h>

#include <initializer_list>
#include <memory>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail {

/** The numbers that RFC 6979 draws for a key and a digest, with HMAC-SHA-256, one after the other.

    What `secp256k1_nonce_function_rfc6979` gives for attempts 0, 1, 2 ..., which however draws all numbers before the one
    asked for each time; a signature needs three of them on average. Nothing here depends on the key but values.
    @par Source
    RFC 6979, section 3.2. As in bitshares-core, a digest beyond the group's order is not reduced; nobody will find one.
*/
class nonce_sequence
{
public:
    /// @throws std::bad_alloc Where OpenSSL has no memory.
    BITSHARES_DECL nonce_sequence(std::span<std::uint8_t const, 32> key, sha256_digest const& digest);

    /// The next number, most significant byte first; not always one that can be used. False: see @ref good.
    BITSHARES_DECL bool next(std::uint8_t* out) noexcept;

    /// Not so, and never again, where OpenSSL has failed: in the midst of libsecp256k1's code, which nothing may be thrown through.
    bool good() const noexcept { return good_; }

private:
    struct wipe_and_free
    {
        BITSHARES_DECL void operator()(EVP_MD_CTX* context) const noexcept;
    };

    BITSHARES_DECL void hmac(secret<32>& out, std::initializer_list<std::span<std::uint8_t const>> message) noexcept;

    secret<32> key_;
    secret<32> value_;
    std::unique_ptr<EVP_MD_CTX, wipe_and_free> inner_, outer_; // for all hashes of the sequence
    bool drawn_ = false;
    bool good_ = true;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/nonce_sequence.ipp>
#endif
