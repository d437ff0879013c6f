#pragma once

#include <bitshares/crypto/secure_bytes.hpp>

#include <openssl/evp.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>

/** @file
    What tells a wrong password from a damaged file where the format itself does not: for the readers of wallet files.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace detail::wallet_file {

/** The blocks of AES-256-CBC as they decrypt, padding and all, so that the beginning of a file that was cut can be looked at.

    @param cipher Whole blocks.
*/
inline secure_bytes decrypt_blocks(secret<64> const& key_and_iv, std::span<std::uint8_t const> cipher)
{
    struct deleter
    {
        void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
    };
    std::unique_ptr<EVP_CIPHER_CTX, deleter> const context(EVP_CIPHER_CTX_new());
    if (!context ||
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key_and_iv.data(), key_and_iv.data() + 32) != 1)
        throw std::bad_alloc();
    EVP_CIPHER_CTX_set_padding(context.get(), 0);
    secure_bytes plain(cipher.size());
    constexpr std::size_t piece = std::size_t{1} << 30; // OpenSSL counts in `int`
    for (std::size_t done = 0; done < cipher.size();)
    {
        int got = 0;
        auto const part = cipher.subspan(done, std::min(piece, cipher.size() - done));
        if (EVP_DecryptUpdate(context.get(), plain.data() + done, &got, part.data(), static_cast<int>(part.size())) !=
            1)
            throw std::bad_alloc();
        done += part.size();
    }
    return plain;
}

/// Bytes of PKCS #7 padding at the end; 0 where it is none.
inline std::size_t padding_of(std::span<std::uint8_t const> plain) noexcept
{
    if (plain.empty() || plain.back() == 0 || plain.back() > 16 || plain.back() > plain.size())
        return 0;
    auto const padding = plain.last(plain.back());
    return std::all_of(padding.begin(), padding.end(), [&](std::uint8_t byte) { return byte == plain.back(); })
               ? padding.size()
               : 0;
}

/// Whether the text is the beginning of JSON, and more was to come.
inline bool json_ends_early(std::string_view text)
{
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::BaseReaderHandler<> nobody;
    rapidjson::Reader reader;
    auto const parsed = reader.Parse<rapidjson::kParseIterativeFlag>(stream, nobody);
    if (!parsed.IsError())
        return false;
    switch (parsed.Code())
    {
    case rapidjson::kParseErrorStringEscapeInvalid: // these name where the escape begins
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid: return parsed.Offset() + 12 >= text.size();
    default: return parsed.Offset() >= text.size();
    }
}

} // namespace detail::wallet_file
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
