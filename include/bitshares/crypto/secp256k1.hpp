#pragma once

#include <bitshares/crypto/secure_bytes.hpp>
#include <bitshares/protocol/public_key.hpp>

#include <secp256k1.h>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail {

/** The one context of the library: made at the first use, blinded with the system's randomness, never changed afterwards.

    @par Thread safety
    Everything that takes it as constant may run at once.
    @throws std::bad_alloc Without memory or randomness.
*/
BITSHARES_DECL secp256k1_context const* secp256k1();

/// False where the bytes are no point of the curve.
BITSHARES_DECL bool read_point(public_key const& key, secp256k1_pubkey& point);
BITSHARES_DECL public_key write_point(secp256k1_pubkey const& point);

/** The x coordinate of `scalar * point`, in constant time.

    @param scalar 1 to the group's order less 1; otherwise false.
*/
BITSHARES_DECL bool multiply(secp256k1_pubkey const& point, std::span<std::uint8_t const, 32> scalar, secret<32>& x);

/** As @ref multiply, for a libsecp256k1 without its ECDH module.

    Its other multiplication takes a time that depends on the scalar; so the scalar is split into two random addends.
*/
BITSHARES_DECL bool multiply_split(secp256k1_pubkey const& point, std::span<std::uint8_t const, 32> scalar,
                                   secret<32>& x);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/secp256k1.ipp>
#endif
