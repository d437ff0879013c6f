// cli_wallet's files: the JSON itself, and behind the encryption any bytes, with and without the checksum. What reads is
// written as a file that reads as the same.

#include "support.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/wallet/cli_wallet.hpp>

namespace bts = bitshares;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    constexpr std::string_view password = "x";
    std::string text(fuzz::text_of(data + 1, size - 1));
    if (data[0] % 3 != 0)
    {
        auto const key = bts::secret_sha512({reinterpret_cast<std::uint8_t const*>(password.data()), password.size()});
        bts::bytes plain(data + 1, data + size);
        if (data[0] % 3 == 1)
            plain.insert(plain.end(), key.data(), key.data() + key.size());
        text = "{\"cipher_keys\":\"" + bts::to_hex(bts::aes_encrypt(key, plain)) + "\"}";
    }
    auto const read = bts::read_cli_wallet(text, password);
    if (!read)
    {
        require(read.error().code() != bts::error_code(), "an error has a code");
        return 0;
    }
    auto const written = bts::write_cli_wallet(*read, password);
    require(written.has_value(), "what was read can be written");
    auto const again = bts::read_cli_wallet(*written, password);
    require(again.has_value(), "what was written reads");
    require(again->keys.size() == read->keys.size(), "every key survives");
    for (auto const& entry : read->keys.entries())
    {
        auto const* const key = again->keys.find(entry.key);
        require(key != nullptr && *key == *read->keys.find(entry.key), "a key survives");
    }
    require(again->extra_keys == read->extra_keys && again->labeled_keys == read->labeled_keys &&
                again->my_accounts == read->my_accounts && again->ws_server == read->ws_server,
            "the rest survives");
    require(bts::write_cli_wallet(*again, password).value() == *written, "a wallet has one text");
    return 0;
}
