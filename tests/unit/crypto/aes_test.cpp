#include "support/both_forms.hpp"

#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/secret_hash.hpp>

#include <doctest/doctest.h>
#include <openssl/err.h>

#include <vector>

namespace bts = bitshares;

namespace {

bts::secret<64> key_of(std::string_view text)
{
    return bts::secret_sha512(std::span(reinterpret_cast<std::uint8_t const*>(text.data()), text.size()));
}

std::string decrypt_error(bts::secret<64> const& key, std::span<std::uint8_t const> cipher)
{
    auto const plain = bts::aes_decrypt(key, cipher);
    return plain ? "" : test::said(plain.error());
}

} // namespace

TEST_CASE("crypto/aes: the vectors of NIST's SP 800-38A, F.2.5, with one block of padding behind")
{
    bts::secret<64> key;
    auto const bytes = bts::from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
                                     "000102030405060708090a0b0c0d0e0f")
                           .value();
    std::copy(bytes.begin(), bytes.end(), key.data());
    auto const plain = bts::from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                                     "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710")
                           .value();
    auto const cipher = bts::aes_encrypt(key, plain);
    CHECK(bts::to_hex(std::span(cipher).first(64)) ==
          "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
          "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b");
    CHECK(cipher.size() == 80);
    auto const again = bts::aes_decrypt(key, cipher).value();
    CHECK(bts::secure_equal(again, plain));
}

TEST_CASE("crypto/aes: every length, and the key's last bytes do not matter")
{
    auto const key = key_of("key");
    auto other = key.clone();
    for (std::size_t i = 48; i < 64; ++i)
        other.data()[i] ^= 1;
    std::vector<std::uint8_t> plain;
    for (std::size_t size = 0; size < 100; ++size)
    {
        auto const cipher = bts::aes_encrypt(key, plain);
        CHECK(cipher.size() == size / 16 * 16 + 16);
        CHECK(bts::aes_encrypt(other, plain) == cipher);
        CHECK(bts::secure_equal(bts::aes_decrypt(key, cipher).value(), plain));
        plain.push_back(static_cast<std::uint8_t>(size));
    }
}

TEST_CASE("crypto/aes: a wrong size and a wrong key are told apart, and leave nothing for others to find")
{
    auto const key = key_of("key");
    auto const cipher = bts::aes_encrypt(key, std::vector<std::uint8_t>(20));
    CHECK(decrypt_error(key, {}) == "invalid_cipher_size");
    CHECK(decrypt_error(key, std::span(cipher).first(31)) == "invalid_cipher_size");
    CHECK(decrypt_error(key, std::span(cipher).first(16)) == "invalid_padding");
    int refused = 0;
    for (int i = 0; i < 50; ++i)
        if (decrypt_error(key_of("another " + std::to_string(i)), cipher) == "invalid_padding")
            ++refused;
    CHECK(refused >= 48);
    CHECK(ERR_peek_error() == 0);
    CHECK(bts::aes_decrypt(key, cipher).value().size() == 20); // the context is as good as new
}
