#pragma once

#include <bitshares/crypto/public_key.hpp>
#include <bitshares/crypto/secp256k1.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// What bitshares-core calls a PTS address: Bitcoin's address with one of two versions.
inline address address_of_bitcoin(std::span<std::uint8_t const> key, std::uint8_t version)
{
    std::array<std::uint8_t, 25> whole{version};
    auto const hash = ripemd160(sha256(key).data);
    std::copy(hash.data.begin(), hash.data.end(), whole.begin() + 1);
    auto const checksum = sha256(sha256(std::span(whole).first<21>()).data);
    std::copy_n(checksum.data.begin(), 4, whole.begin() + 21);
    return {ripemd160(whole).data};
}

} // namespace detail

BITSHARES_DECL bool is_point(public_key const& key)
{
    secp256k1_pubkey point;
    return detail::read_point(key, point);
}

BITSHARES_DECL result<key_addresses> addresses_of(public_key const& key)
{
    secp256k1_pubkey point;
    if (!detail::read_point(key, point))
        return error(errc::invalid_public_key);
    std::array<std::uint8_t, 65> uncompressed;
    std::size_t size = uncompressed.size();
    secp256k1_ec_pubkey_serialize(detail::secp256k1(), uncompressed.data(), &size, &point, SECP256K1_EC_UNCOMPRESSED);
    return key_addresses{
        address_of(key),
        detail::address_of_bitcoin(uncompressed, 0),
        detail::address_of_bitcoin(key.data, 0),
        detail::address_of_bitcoin(uncompressed, 56),
        detail::address_of_bitcoin(key.data, 56),
    };
}

BITSHARES_DECL result<public_key> child_of(public_key const& key, sha256_digest const& offset)
{
    secp256k1_pubkey point;
    auto const tweak = sha256(key.data, offset.data);
    if (!detail::read_point(key, point) ||
        secp256k1_ec_pubkey_tweak_add(detail::secp256k1(), &point, tweak.data.data()) != 1)
        return error(errc::invalid_public_key);
    return detail::write_point(point);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
