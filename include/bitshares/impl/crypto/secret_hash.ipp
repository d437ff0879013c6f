#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/impl/base/hash.ipp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <std::size_t Size>
secret<Size> secret_digest(EVP_MD const* algorithm, std::span<std::uint8_t const> first,
                           std::span<std::uint8_t const> second = {})
{
    EVP_MD_CTX* const context = digest_context();
    secret<Size> digest;
    bool const good = EVP_DigestInit_ex2(context, algorithm, nullptr) == 1 &&
                      EVP_DigestUpdate(context, first.data(), first.size()) == 1 &&
                      (second.empty() || EVP_DigestUpdate(context, second.data(), second.size()) == 1) &&
                      EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1;
    // The state ends as the digest, and the last block stands in its buffer: OpenSSL wipes both when it frees them.
    EVP_MD_CTX_reset(context);
    if (!good)
        throw std::bad_alloc();
    return digest;
}

} // namespace detail

BITSHARES_DECL secret<32> secret_sha256(std::span<std::uint8_t const> data)
{
    return detail::secret_digest<32>(detail::sha256_algorithm(), data);
}

BITSHARES_DECL secret<64> secret_sha512(std::span<std::uint8_t const> data)
{
    return detail::secret_digest<64>(detail::sha512_algorithm(), data);
}

BITSHARES_DECL secret<64> secret_sha512(std::span<std::uint8_t const> first, std::span<std::uint8_t const> second)
{
    return detail::secret_digest<64>(detail::sha512_algorithm(), first, second);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
