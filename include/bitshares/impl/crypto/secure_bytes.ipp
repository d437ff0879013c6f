#pragma once

#include <bitshares/crypto/secure_bytes.hpp>

#include <openssl/crypto.h>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void secure_wipe(void* data, std::size_t size) noexcept
{
    if (size != 0)
        OPENSSL_cleanse(data, size);
}

BITSHARES_DECL bool secure_equal(std::span<std::uint8_t const> a, std::span<std::uint8_t const> b) noexcept
{
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

namespace detail {

BITSHARES_DECL void wipe_stack() noexcept
{
    // Signing and multiplying use less than 4 kB; a page more for what the compiler adds.
    std::uint8_t used_before[8192];
    secure_wipe(used_before, sizeof used_before);
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
