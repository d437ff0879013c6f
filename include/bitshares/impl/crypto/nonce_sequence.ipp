#pragma once

#include <bitshares/crypto/nonce_sequence.hpp>
#include <bitshares/impl/base/hash.ipp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail {

// Which wipes what the context has hashed last.
BITSHARES_DECL void nonce_sequence::wipe_and_free::operator()(EVP_MD_CTX* context) const noexcept
{
    EVP_MD_CTX_free(context);
}

BITSHARES_DECL nonce_sequence::nonce_sequence(std::span<std::uint8_t const, 32> key, sha256_digest const& digest)
    : inner_(EVP_MD_CTX_new()), outer_(EVP_MD_CTX_new())
{
    if (!inner_ || !outer_)
        throw std::bad_alloc();
    sha256_algorithm(); // may throw here, and not later
    std::fill_n(value_.data(), value_.size(), std::uint8_t{1});
    for (std::uint8_t const round : {std::uint8_t{0}, std::uint8_t{1}})
    {
        hmac(key_, {value_.span(), {&round, 1}, key, digest.data});
        hmac(value_, {value_.span()});
    }
}

BITSHARES_DECL bool nonce_sequence::next(std::uint8_t* out) noexcept
{
    if (drawn_)
    {
        std::uint8_t const zero = 0;
        hmac(key_, {value_.span(), {&zero, 1}});
        hmac(value_, {value_.span()});
    }
    drawn_ = true;
    hmac(value_, {value_.span()});
    std::copy_n(value_.data(), value_.size(), out);
    return good_;
}

// HMAC-SHA-256 with key_. OpenSSL's own would ask for the algorithm's parts by name each time.
BITSHARES_DECL void nonce_sequence::hmac(secret<32>& out,
                                         std::initializer_list<std::span<std::uint8_t const>> message) noexcept
{
    EVP_MD const* const algorithm = sha256_algorithm();
    secret<64> block;
    auto const begin = [&](EVP_MD_CTX* context, std::uint8_t with) {
        for (std::size_t i = 0; i < block.size(); ++i)
            block.data()[i] = static_cast<std::uint8_t>((i < key_.size() ? key_.data()[i] : 0) ^ with);
        return EVP_DigestInit_ex2(context, algorithm, nullptr) == 1 &&
               EVP_DigestUpdate(context, block.data(), block.size()) == 1;
    };
    good_ = good_ && begin(inner_.get(), 0x36) && begin(outer_.get(), 0x5c);
    for (auto const part : message)
        good_ = good_ && EVP_DigestUpdate(inner_.get(), part.data(), part.size()) == 1;
    secret<32> inner;
    good_ = good_ && EVP_DigestFinal_ex(inner_.get(), inner.data(), nullptr) == 1 &&
            EVP_DigestUpdate(outer_.get(), inner.data(), inner.size()) == 1 &&
            EVP_DigestFinal_ex(outer_.get(), out.data(), nullptr) == 1;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail
