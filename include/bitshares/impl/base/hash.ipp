#pragma once

#include <bitshares/base/hash.hpp>

#include <openssl/evp.h>
#include <openssl/ripemd.h>

#include <memory>
#include <new>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

struct evp_deleter
{
    void operator()(EVP_MD* p) const noexcept { EVP_MD_free(p); }
    void operator()(EVP_MD_CTX* p) const noexcept { EVP_MD_CTX_free(p); }
};

// Fetching an algorithm costs more than hashing 200 bytes, so each is fetched once.
inline EVP_MD const* fetch_digest(std::unique_ptr<EVP_MD, evp_deleter> const& digest)
{
    if (!digest)
        throw std::bad_alloc();
    return digest.get();
}

inline EVP_MD_CTX* digest_context()
{
    thread_local std::unique_ptr<EVP_MD_CTX, evp_deleter> const context(EVP_MD_CTX_new());
    if (!context)
        throw std::bad_alloc();
    return context.get();
}

template <class Digest>
Digest evp_digest(EVP_MD const* algorithm, std::span<std::uint8_t const> first,
                  std::span<std::uint8_t const> second = {})
{
    EVP_MD_CTX* const context = digest_context();
    Digest digest;
    if (EVP_DigestInit_ex2(context, algorithm, nullptr) != 1 ||
        EVP_DigestUpdate(context, first.data(), first.size()) != 1 ||
        (!second.empty() && EVP_DigestUpdate(context, second.data(), second.size()) != 1) ||
        EVP_DigestFinal_ex(context, digest.data.data(), nullptr) != 1)
        throw std::bad_alloc();
    return digest;
}

inline EVP_MD const* sha256_algorithm()
{
    static std::unique_ptr<EVP_MD, evp_deleter> const digest(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
    return fetch_digest(digest);
}

inline EVP_MD const* sha512_algorithm()
{
    static std::unique_ptr<EVP_MD, evp_deleter> const digest(EVP_MD_fetch(nullptr, "SHA2-512", nullptr));
    return fetch_digest(digest);
}

} // namespace detail

BITSHARES_DECL sha256_digest sha256(std::span<std::uint8_t const> data)
{
    return detail::evp_digest<sha256_digest>(detail::sha256_algorithm(), data);
}

BITSHARES_DECL sha256_digest sha256(std::span<std::uint8_t const> first, std::span<std::uint8_t const> second)
{
    return detail::evp_digest<sha256_digest>(detail::sha256_algorithm(), first, second);
}

BITSHARES_DECL sha256_stream::sha256_stream()
    : context_(EVP_MD_CTX_new(), [](void* context) { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context)); })
{
    reset();
}

BITSHARES_DECL void sha256_stream::reset()
{
    auto* const context = static_cast<EVP_MD_CTX*>(context_.get());
    if (!context || EVP_DigestInit_ex2(context, detail::sha256_algorithm(), nullptr) != 1)
        throw std::bad_alloc();
}

BITSHARES_DECL void sha256_stream::update(std::span<std::uint8_t const> data)
{
    if (EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), data.data(), data.size()) != 1)
        throw std::bad_alloc();
}

BITSHARES_DECL sha256_digest sha256_stream::digest() const
{
    EVP_MD_CTX* const copy = detail::digest_context();
    sha256_digest digest;
    if (EVP_MD_CTX_copy_ex(copy, static_cast<EVP_MD_CTX*>(context_.get())) != 1 ||
        EVP_DigestFinal_ex(copy, digest.data.data(), nullptr) != 1)
        throw std::bad_alloc();
    return digest;
}

BITSHARES_DECL sha512_digest sha512(std::span<std::uint8_t const> data)
{
    return detail::evp_digest<sha512_digest>(detail::sha512_algorithm(), data);
}

BITSHARES_DECL sha224_digest sha224(std::span<std::uint8_t const> data)
{
    static std::unique_ptr<EVP_MD, detail::evp_deleter> const digest(EVP_MD_fetch(nullptr, "SHA2-224", nullptr));
    return detail::evp_digest<sha224_digest>(detail::fetch_digest(digest), data);
}

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif

BITSHARES_DECL ripemd160_digest ripemd160(std::span<std::uint8_t const> data)
{
    ripemd160_digest digest;
    RIPEMD160(data.data(), data.size(), digest.data.data());
    return digest;
}

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
