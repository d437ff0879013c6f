#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/base/result.hpp>
#include <bitshares/protocol/public_key.hpp>

#include <array>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Whether the bytes are a point of the curve; 33 zeros, the chain's "no key", are not.
BITSHARES_DECL bool is_point(public_key const& key);

/** Every address that the chain takes for one key, in authorities, balances and `get_key_references`.

    @par Source
    bitshares-core, `address` and `pts_address` in libraries/protocol.
*/
struct key_addresses
{
    address own;              ///< ripemd160(sha512(key)): what @ref address_of gives.
    address btc_uncompressed; ///< Of Bitcoin's address of the key (version 0), made from 65 bytes.
    address btc_compressed;   ///< The same made from 33 bytes.
    address pts_uncompressed; ///< Of the address with version 56, made from 65 bytes.
    address pts_compressed;   ///< The same made from 33 bytes.

    std::array<address, 5> all() const
    {
        return {own, btc_uncompressed, btc_compressed, pts_uncompressed, pts_compressed};
    }
    friend bool operator==(key_addresses const&, key_addresses const&) = default;
};

/// @par Errors @li `errc::invalid_public_key`: not a point, so that it has no uncompressed form.
BITSHARES_DECL result<key_addresses> addresses_of(public_key const& key);

/** `key` moved by a number that both sides of a blinded transfer know.

    The private key to it is @ref private_key::child with the same offset.
    @par Errors
    @li `errc::invalid_public_key`: not a point, or the sum is none.
    @par Source
    bitshares-core, `fc::ecc::public_key::child`: key + sha256(key, offset) * G.
*/
BITSHARES_DECL result<public_key> child_of(public_key const& key, sha256_digest const& offset);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/public_key.ipp>
#endif
