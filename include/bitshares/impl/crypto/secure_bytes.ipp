#pragma once

#include <bitshares/crypto/secure_bytes.hpp>

#include <openssl/crypto.h>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

#if defined(__GNUC__)
using wiped_word [[gnu::may_alias]] = std::size_t;
#else
using wiped_word = unsigned char;
#endif

} // namespace detail

BITSHARES_LAZY void secure_wipe(void* data, std::size_t size) noexcept
{
    using word = detail::wiped_word;
    // By hand: what is called into another library may be resolved at this very call, and that saves all registers.
    auto* byte = static_cast<std::uint8_t volatile*>(data);
    for (; size != 0 && reinterpret_cast<std::uintptr_t>(byte) % sizeof(word) != 0; --size)
        *byte++ = 0;
    auto* words = reinterpret_cast<word volatile*>(byte);
    for (; size >= sizeof(word); size -= sizeof(word))
        *words++ = 0;
    for (byte = reinterpret_cast<std::uint8_t volatile*>(words); size != 0; --size)
        *byte++ = 0;
}

BITSHARES_DECL bool secure_equal(std::span<std::uint8_t const> a, std::span<std::uint8_t const> b) noexcept
{
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

namespace detail {

BITSHARES_LAZY void wipe_stack() noexcept
{
    // Signing and multiplying use less than 4 kB; a page more for what the compiler adds.
    alignas(16) std::uint8_t used_before[8192];
    secure_wipe(used_before, sizeof used_before);
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
