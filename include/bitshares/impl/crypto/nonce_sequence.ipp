#pragma once

#include <bitshares/crypto/nonce_sequence.hpp>

#include <openssl/sha.h>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail {

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif

/* OpenSSL's low-level functions: these are messages of one or two blocks, for which EVP takes twice as long, and here the
   state stands on our stack, where it is wiped. */
class hmac_sha256
{
public:
    explicit hmac_sha256(secret<32> const& key) noexcept
    {
        pad(inner_, key, 0x36);
        pad(outer_, key, 0x5c);
    }
    ~hmac_sha256()
    {
        secure_wipe(&inner_, sizeof inner_);
        secure_wipe(&outer_, sizeof outer_);
    }
    hmac_sha256(hmac_sha256 const&) = delete;
    hmac_sha256& operator=(hmac_sha256 const&) = delete;

    hmac_sha256& add(std::span<std::uint8_t const> data) noexcept
    {
        SHA256_Update(&inner_, data.data(), data.size());
        return *this;
    }
    void finish(secret<32>& out) noexcept
    {
        secret<32> inner;
        SHA256_Final(inner.data(), &inner_);
        SHA256_Update(&outer_, inner.data(), inner.size());
        SHA256_Final(out.data(), &outer_);
    }

private:
    static void pad(SHA256_CTX& context, secret<32> const& key, std::uint8_t with) noexcept
    {
        secret<64> block;
        for (std::size_t i = 0; i < block.size(); ++i)
            block.data()[i] = static_cast<std::uint8_t>((i < key.size() ? key.data()[i] : 0) ^ with);
        SHA256_Init(&context);
        SHA256_Update(&context, block.data(), block.size());
    }

    SHA256_CTX inner_;
    SHA256_CTX outer_;
};

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

BITSHARES_DECL nonce_sequence::nonce_sequence(std::span<std::uint8_t const, 32> key, sha256_digest const& digest)
{
    std::fill_n(value_.data(), value_.size(), std::uint8_t{1});
    for (std::uint8_t const round : {std::uint8_t{0}, std::uint8_t{1}})
    {
        hmac_sha256(key_).add(value_.span()).add({&round, 1}).add(key).add(digest.data).finish(key_);
        hmac_sha256(key_).add(value_.span()).finish(value_);
    }
}

BITSHARES_DECL void nonce_sequence::next(std::uint8_t* out)
{
    if (drawn_)
    {
        std::uint8_t const zero = 0;
        hmac_sha256(key_).add(value_.span()).add({&zero, 1}).finish(key_);
        hmac_sha256(key_).add(value_.span()).finish(value_);
    }
    drawn_ = true;
    hmac_sha256(key_).add(value_.span()).finish(value_);
    std::copy_n(value_.data(), value_.size(), out);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail
