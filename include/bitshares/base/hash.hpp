#pragma once

#include <bitshares/base/bytes.hpp>

#include <memory>
#include <span>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {
struct ripemd160_tag;
struct sha1_tag;
struct hash160_tag;
} // namespace detail

using sha256_digest = fixed_bytes<32>;
using sha512_digest = fixed_bytes<64>;
using sha224_digest = fixed_bytes<28>;
using ripemd160_digest = fixed_bytes<20, detail::ripemd160_tag>;
using sha1_digest = fixed_bytes<20, detail::sha1_tag>;
using hash160_digest = fixed_bytes<20, detail::hash160_tag>; ///< ripemd160(sha256(x)).

/** @name Digests
    Thread-safe. They never allocate after the first call of a thread.
    @throws std::bad_alloc Where OpenSSL cannot provide the algorithm at all.
    @{
*/
BITSHARES_DECL sha256_digest sha256(std::span<std::uint8_t const> data);
BITSHARES_DECL sha256_digest sha256(std::span<std::uint8_t const> first, std::span<std::uint8_t const> second);
BITSHARES_DECL sha512_digest sha512(std::span<std::uint8_t const> data);
BITSHARES_DECL sha224_digest sha224(std::span<std::uint8_t const> data);

/** RIPEMD-160 by OpenSSL's low-level function: OpenSSL 3.0.0 to 3.0.6 offer it through EVP only where the legacy
    provider is installed and loaded, and every chain address needs it. */
BITSHARES_DECL ripemd160_digest ripemd160(std::span<std::uint8_t const> data);
/// @}

/** SHA-256 of what comes in pieces.

    @throws std::bad_alloc As @ref sha256.
*/
class sha256_stream
{
public:
    BITSHARES_DECL sha256_stream();
    sha256_stream(sha256_stream const&) = delete;
    sha256_stream& operator=(sha256_stream const&) = delete;

    BITSHARES_DECL void update(std::span<std::uint8_t const> data);
    /// Of all that came so far; more may follow.
    BITSHARES_DECL sha256_digest digest() const;
    /// Begins anew.
    BITSHARES_DECL void reset();

private:
    std::shared_ptr<void> context_; // OpenSSL's
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/base/hash.ipp>
#endif
