// Keyring files: the bytes themselves, and behind checksum, check and tag any public part and any plain text. What opens is
// sealed as a file that opens as the same.

#include "support.hpp"

#include <bitshares/base/hash.hpp>
#include <bitshares/wallet/keyring.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace bts = bitshares;
using fuzz::require;

namespace {

constexpr std::string_view passphrase = "x";

void put(bts::bytes& out, std::uint64_t value, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

// A file whose every lock fits. scrypt with N = 2 costs nothing.
bts::bytes locked(std::span<std::uint8_t const> list, std::span<std::uint8_t const> plain)
{
    std::string_view const magic = "BTSKEYS";
    bts::bytes file(magic.begin(), magic.end());
    file.push_back(1);
    file.push_back(1);
    put(file, 1, 4);
    put(file, 1, 4);
    file.resize(file.size() + 32 + 12);
    put(file, list.size(), 4);
    file.insert(file.end(), list.begin(), list.end());
    static auto const keys = [] {
        std::array<std::uint8_t, 64> derived{};
        std::array<std::uint8_t, 32> const salt{};
        require(EVP_PBE_scrypt(passphrase.data(), passphrase.size(), salt.data(), salt.size(), 2, 1, 1, 0,
                               derived.data(), derived.size()) == 1,
                "scrypt");
        return derived;
    }();
    std::array<std::uint8_t, 32> check{};
    HMAC(EVP_sha256(), keys.data() + 32, 32, file.data(), file.size(), check.data(), nullptr);
    file.insert(file.end(), check.begin(), check.begin() + 16);
    auto const checksum = bts::sha256(file);
    file.insert(file.end(), checksum.data.begin(), checksum.data.begin() + 8);
    put(file, plain.size() + 16, 4);
    bts::bytes sealed(plain.size() + 16);
    std::array<std::uint8_t, 12> const nonce{};
    EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
    int got = 0;
    EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, keys.data(), nonce.data());
    EVP_EncryptUpdate(context, nullptr, &got, file.data(), static_cast<int>(file.size()));
    EVP_EncryptUpdate(context, sealed.data(), &got, plain.data(), static_cast<int>(plain.size()));
    EVP_EncryptFinal_ex(context, sealed.data() + plain.size(), &got);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, sealed.data() + plain.size());
    EVP_CIPHER_CTX_free(context);
    file.insert(file.end(), sealed.begin(), sealed.end());
    return file;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size < 2)
        return 0;
    // How the bytes are used; then, where they are two parts, the size of the first.
    std::span<std::uint8_t const> const rest(data + 2, size - 2);
    std::size_t const cut = std::min<std::size_t>(data[1] * std::size_t{4}, rest.size());
    bts::bytes const file =
        data[0] % 2 == 0 ? bts::bytes(rest.begin(), rest.end()) : locked(rest.first(cut), rest.subspan(cut));
    bts::keyring_limits limits;
    limits.max_scrypt_work = 1 << 8;
    auto const info = bts::inspect_keyring(file, limits);
    auto const read = bts::open_keyring(file, passphrase, limits);
    if (!read)
    {
        require(read.error().code() != bts::error_code(), "an error has a code");
        return 0;
    }
    require(info.has_value(), "what opens can be inspected");
    require(!info->public_keys || *info->public_keys == read->entries(), "the list is that of the keys");
    bts::keyring_options const options{.cost = {.log2_n = 10, .r = 1, .p = 1},
                                       .list_public_keys = info->public_keys.has_value()};
    auto const sealed = bts::seal_keyring(*read, passphrase, options);
    require(sealed.has_value(), "what opens can be sealed");
    auto const again = bts::open_keyring(*sealed, passphrase);
    require(again.has_value() && again->entries() == read->entries(), "what is sealed opens as the same");
    for (auto const& entry : read->entries())
        require(*again->find(entry.key) == *read->find(entry.key), "a key survives");
    return 0;
}
