#pragma once

#include <bitshares/crypto/secure_bytes.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** @name Digests of secrets
    As @ref sha256 and @ref sha512, but the digest is a secret, too, and neither the input nor the state stays behind in
    the thread's context.
    @throws std::bad_alloc Where OpenSSL cannot provide the algorithm at all.
    @{
*/
BITSHARES_DECL secret<32> secret_sha256(std::span<std::uint8_t const> data);
BITSHARES_DECL secret<64> secret_sha512(std::span<std::uint8_t const> data);
/// Of the two pieces, one behind the other.
BITSHARES_DECL secret<64> secret_sha512(std::span<std::uint8_t const> first, std::span<std::uint8_t const> second);
/// @}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/secret_hash.ipp>
#endif
