#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/crypto/secure_bytes.hpp>

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
    BITSHARES_DECL nonce_sequence(std::span<std::uint8_t const, 32> key, sha256_digest const& digest);

    /// The next number, most significant byte first; not always one that can be used.
    BITSHARES_DECL void next(std::uint8_t* out);

private:
    secret<32> key_;
    secret<32> value_;
    bool drawn_ = false;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/nonce_sequence.ipp>
#endif
