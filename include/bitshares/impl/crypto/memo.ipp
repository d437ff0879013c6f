#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/secp256k1.hpp>
#include <bitshares/crypto/secret_hash.hpp>

#include <openssl/rand.h>

#include <charconv>
#include <new>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline constexpr std::size_t memo_checksum_size = 4;

/// Key and initial vector of one memo. @param x The shared point's, 32 bytes; fewer where an old client shortened it.
inline secret<64> memo_key(std::span<std::uint8_t const> x, std::uint64_t nonce)
{
    auto const shared = secret_sha512(x);
    secret<128> hex;
    write_hex(shared.span(), reinterpret_cast<char*>(hex.data()));
    char digits[20];
    auto const end = std::to_chars(digits, digits + sizeof digits, nonce).ptr;
    return secret_sha512({reinterpret_cast<std::uint8_t const*>(digits), static_cast<std::size_t>(end - digits)},
                         hex.span());
}

inline result<std::string> open_memo(memo_data const& memo, std::span<std::uint8_t const> x)
{
    auto const plain = aes_decrypt(memo_key(x, memo.nonce), memo.message);
    if (!plain)
        return plain.error();
    if (plain->size() < memo_checksum_size)
        return error(errc::memo_too_short);
    std::span<std::uint8_t const> const text = std::span(*plain).subspan(memo_checksum_size);
    auto const checksum = sha256(text);
    if (!std::equal(plain->begin(), plain->begin() + memo_checksum_size, checksum.data.begin()))
        return error(errc::invalid_checksum, "of a memo");
    return std::string(text.begin(), text.end());
}

} // namespace detail

BITSHARES_DECL std::uint64_t random_nonce()
{
    std::uint8_t random[8];
    if (RAND_bytes(random, sizeof random) != 1)
        throw std::bad_alloc();
    std::uint64_t nonce = 0;
    for (std::uint8_t const byte : random)
        nonce = nonce << 8 | byte;
    return nonce;
}

BITSHARES_DECL result<memo_data> encrypt_memo(private_key const& from, public_key const& to, std::string_view text,
                                              std::uint64_t nonce)
{
    secp256k1_pubkey point;
    secret<32> x;
    if (!detail::read_point(to, point) || !detail::multiply(point, from.view(), x))
        return error(errc::invalid_public_key);
    std::span const text_bytes(reinterpret_cast<std::uint8_t const*>(text.data()), text.size());
    secure_bytes plain(detail::memo_checksum_size + text.size());
    std::copy_n(sha256(text_bytes).data.begin(), detail::memo_checksum_size, plain.begin());
    std::copy(text.begin(), text.end(), plain.begin() + detail::memo_checksum_size);
    return memo_data{from.to_public(), to, nonce, aes_encrypt(detail::memo_key(x.span(), nonce), plain)};
}

BITSHARES_DECL memo_data clear_memo(std::string_view text)
{
    memo_data memo;
    memo.message.resize(detail::memo_checksum_size);
    memo.message.insert(memo.message.end(), text.begin(), text.end());
    return memo;
}

BITSHARES_DECL bool is_clear(memo_data const& memo) noexcept
{
    return memo.from == public_key();
}

BITSHARES_DECL result<std::string> read_clear_memo(memo_data const& memo)
{
    if (!is_clear(memo))
        return error(errc::wrong_memo_key, "it is encrypted");
    if (memo.message.size() < detail::memo_checksum_size)
        return error(errc::memo_too_short);
    return std::string(memo.message.begin() + detail::memo_checksum_size, memo.message.end());
}

BITSHARES_DECL result<std::string> decrypt_memo(memo_data const& memo, private_key const& either_side)
{
    if (is_clear(memo))
        return read_clear_memo(memo);
    public_key const own = either_side.to_public();
    if (own != memo.from && own != memo.to)
        return error(errc::wrong_memo_key);
    secp256k1_pubkey point;
    secret<32> x;
    if (!detail::read_point(own == memo.from ? memo.to : memo.from, point) ||
        !detail::multiply(point, either_side.view(), x))
        return error(errc::invalid_public_key);
    auto text = detail::open_memo(memo, x.span());
    if (text || x.data()[0] != 0)
        return text;
    // Old JavaScript clients hashed the number without its leading zero bytes.
    auto const first = std::find_if(x.span().begin(), x.span().end(), [](std::uint8_t byte) { return byte != 0; });
    auto shortened = detail::open_memo(memo, {first, x.span().end()});
    return shortened ? std::move(shortened) : std::move(text);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
