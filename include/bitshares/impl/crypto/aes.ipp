#pragma once

#include <bitshares/crypto/aes.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>

#include <new>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

struct cipher_deleter
{
    void operator()(EVP_CIPHER* p) const noexcept { EVP_CIPHER_free(p); }
    void operator()(EVP_CIPHER_CTX* p) const noexcept { EVP_CIPHER_CTX_free(p); }
};

inline EVP_CIPHER const* aes_256_cbc()
{
    static std::unique_ptr<EVP_CIPHER, cipher_deleter> const cipher(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr));
    if (!cipher)
        throw std::bad_alloc();
    return cipher.get();
}

/// The thread's context, ready for one use; wiped, key schedule and all, at the end of it.
class cipher_use
{
public:
    cipher_use(secret<64> const& key_and_iv, bool encrypting)
    {
        thread_local std::unique_ptr<EVP_CIPHER_CTX, cipher_deleter> const context(EVP_CIPHER_CTX_new());
        context_ = context.get();
        if (!context_ || EVP_CipherInit_ex2(context_, aes_256_cbc(), key_and_iv.data(), key_and_iv.data() + 32,
                                            encrypting ? 1 : 0, nullptr) != 1)
            throw std::bad_alloc();
    }
    ~cipher_use() { EVP_CIPHER_CTX_reset(context_); }
    cipher_use(cipher_use const&) = delete;
    cipher_use& operator=(cipher_use const&) = delete;

    /// False for wrong padding. `out` has room for `in` and a block.
    bool run(std::span<std::uint8_t const> in, std::uint8_t* out, std::size_t& written)
    {
        // The functions count in `int`.
        constexpr std::size_t piece = std::size_t{1} << 30;
        written = 0;
        for (int got = 0; !in.empty(); in = in.subspan(std::min(piece, in.size())))
        {
            if (EVP_CipherUpdate(context_, out + written, &got, in.data(),
                                 static_cast<int>(std::min(piece, in.size()))) != 1)
                throw std::bad_alloc();
            written += static_cast<std::size_t>(got);
        }
        int last = 0;
        if (EVP_CipherFinal_ex(context_, out + written, &last) != 1)
            return false;
        written += static_cast<std::size_t>(last);
        return true;
    }

private:
    EVP_CIPHER_CTX* context_;
};

} // namespace detail

BITSHARES_DECL bytes aes_encrypt(secret<64> const& key_and_iv, std::span<std::uint8_t const> plain)
{
    bytes cipher(plain.size() + 16);
    std::size_t written = 0;
    if (!detail::cipher_use(key_and_iv, true).run(plain, cipher.data(), written))
        throw std::bad_alloc();
    cipher.resize(written);
    return cipher;
}

BITSHARES_DECL result<secure_bytes> aes_decrypt(secret<64> const& key_and_iv, std::span<std::uint8_t const> cipher)
{
    if (cipher.empty() || cipher.size() % 16 != 0)
        return error(errc::invalid_cipher_size);
    secure_bytes plain(cipher.size() + 16);
    std::size_t written = 0;
    if (!detail::cipher_use(key_and_iv, false).run(cipher, plain.data(), written))
    {
        ERR_clear_error(); // ours to report, and no later function's
        return error(errc::invalid_padding);
    }
    plain.resize(written);
    return plain;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
