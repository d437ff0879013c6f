#pragma once

#include <bitshares/crypto/secp256k1.hpp>
#include <bitshares/crypto/signature.hpp>

#include <secp256k1_recovery.h>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL bool is_canonical(signature const& s) noexcept
{
    auto const good = [](std::uint8_t first, std::uint8_t second) {
        return (first & 0x80) == 0 && !(first == 0 && (second & 0x80) == 0);
    };
    return good(s.data[1], s.data[2]) && good(s.data[33], s.data[34]);
}

BITSHARES_DECL result<public_key> recover(sha256_digest const& digest, signature const& s)
{
    if (!is_canonical(s))
        return error(errc::not_canonical);
    if (s.data[0] < 27 || s.data[0] > 34)
        return error(errc::invalid_signature, "header byte " + std::to_string(s.data[0]));
    secp256k1_context const* const c = detail::secp256k1();
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey point;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(c, &parsed, s.data.data() + 1, (s.data[0] - 27) & 3) != 1 ||
        secp256k1_ecdsa_recover(c, &point, &parsed, digest.data.data()) != 1)
        return error(errc::invalid_signature);
    return detail::write_point(point);
}

BITSHARES_DECL bool verify(sha256_digest const& digest, signature const& s, public_key const& key)
{
    auto const signer = recover(digest, s);
    return signer && *signer == key;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
