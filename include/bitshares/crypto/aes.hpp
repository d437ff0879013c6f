#pragma once

#include <bitshares/base/bytes.hpp>
#include <bitshares/base/result.hpp>
#include <bitshares/crypto/secure_bytes.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** AES-256 in CBC mode with PKCS #7 padding, as memos and wallet files use it.

    @param key_and_iv A SHA-512: the key are its bytes 0 to 32, the initial vector its bytes 32 to 48; the rest is not used.
    @return Between 1 and 16 bytes more than `plain`, a multiple of 16.
    @throws std::bad_alloc Where OpenSSL cannot provide the algorithm at all.
    @par Source
    bitshares-core, `fc::aes_encrypt`.
*/
BITSHARES_DECL bytes aes_encrypt(secret<64> const& key_and_iv, std::span<std::uint8_t const> plain);

/** The reverse of @ref aes_encrypt.

    @par Errors
    @li `errc::invalid_cipher_size`: not a positive multiple of 16 bytes.
    @li `errc::invalid_padding`: the key is wrong, or the bytes are damaged. (A wrong key passes once in 256 times or so:
        callers compare a checksum.)
*/
BITSHARES_DECL result<secure_bytes> aes_decrypt(secret<64> const& key_and_iv, std::span<std::uint8_t const> cipher);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/aes.ipp>
#endif
