#pragma once

#include <bitshares/crypto/secp256k1.hpp>

#include <openssl/rand.h>

#include <new>
#if __has_include(<secp256k1_ecdh.h>)
#include <secp256k1_ecdh.h>
#endif

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail {

inline secret<32> random_secret()
{
    secret<32> seed;
    if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1)
        throw std::bad_alloc();
    return seed;
}

BITSHARES_DECL secp256k1_context const* secp256k1()
{
    // Never destroyed: somebody else's static object may still sign when ours would be gone.
    static secp256k1_context* const context = [] {
        secp256k1_context* const c = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
        if (c == nullptr || secp256k1_context_randomize(c, random_secret().data()) != 1)
            throw std::bad_alloc();
        return c;
    }();
    return context;
}

BITSHARES_DECL bool read_point(public_key const& key, secp256k1_pubkey& point)
{
    return secp256k1_ec_pubkey_parse(secp256k1(), &point, key.data.data(), key.data.size()) == 1;
}

BITSHARES_DECL public_key write_point(secp256k1_pubkey const& point)
{
    public_key key;
    std::size_t size = key.data.size();
    secp256k1_ec_pubkey_serialize(secp256k1(), key.data.data(), &size, &point, SECP256K1_EC_COMPRESSED);
    return key;
}

BITSHARES_DECL bool multiply(secp256k1_pubkey const& point, std::span<std::uint8_t const, 32> scalar, secret<32>& x)
{
#if __has_include(<secp256k1_ecdh.h>)
    auto const x_only = [](unsigned char* out, unsigned char const* x32, unsigned char const*, void*) {
        std::copy_n(x32, 32, out);
        return 1;
    };
    bool const good = secp256k1_ecdh(secp256k1(), x.data(), &point, scalar.data(), x_only, nullptr) == 1;
    wipe_stack();
    return good;
#else
    return multiply_split(point, scalar, x);
#endif
}

BITSHARES_DECL bool multiply_split(secp256k1_pubkey const& point, std::span<std::uint8_t const, 32> scalar,
                                   secret<32>& x)
{
    secp256k1_context const* const c = secp256k1();
    if (secp256k1_ec_seckey_verify(c, scalar.data()) != 1)
        return false;
    secret<32> first, second;
    do // both are in range but for once in 2^127 times
    {
        first = random_secret();
        second = first.clone();
    } while (secp256k1_ec_seckey_verify(c, first.data()) != 1 || secp256k1_ec_seckey_negate(c, second.data()) != 1 ||
             secp256k1_ec_seckey_tweak_add(c, second.data(), scalar.data()) != 1);
    secp256k1_pubkey parts[3] = {point, point, {}};
    secp256k1_pubkey const* const addends[2] = {&parts[0], &parts[1]};
    bool const good = secp256k1_ec_pubkey_tweak_mul(c, &parts[0], first.data()) == 1 &&
                      secp256k1_ec_pubkey_tweak_mul(c, &parts[1], second.data()) == 1 &&
                      secp256k1_ec_pubkey_combine(c, &parts[2], addends, 2) == 1;
    if (good)
    {
        public_key product = write_point(parts[2]);
        std::copy_n(product.data.begin() + 1, 32, x.data());
        secure_wipe(product.data.data(), product.data.size());
    }
    secure_wipe(parts, sizeof parts);
    wipe_stack();
    return good;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail
