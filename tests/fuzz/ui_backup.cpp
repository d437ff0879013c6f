// Backups of bitshares-ui: the file itself, and behind the encryption any LZMA and any JSON. What reads is written as a file
// that reads as the same.

#include "support.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/wallet/ui_backup.hpp>

#include <lzma.h>

namespace bts = bitshares;
using fuzz::require;

namespace {

constexpr std::string_view password = "x";

std::span<std::uint8_t const> bytes_of(std::string_view text)
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

bts::bytes around(std::span<std::uint8_t const> packed)
{
    static auto const once = bts::private_key::from_bytes(bts::bytes(32, 7)).value();
    static auto const key = [] {
        auto const backup = bts::private_key::from_bytes(bts::secret_sha256(bytes_of(password)).span()).value();
        auto const hex = bts::to_hex(once.shared_secret(backup.to_public()).value().span());
        return bts::secret_sha512(bytes_of(hex));
    }();
    static auto const half = once.to_public();
    auto const checksum = bts::sha256(packed);
    bts::bytes plain(checksum.data.begin(), checksum.data.begin() + 4);
    plain.insert(plain.end(), packed.begin(), packed.end());
    bts::bytes file(half.data.begin(), half.data.end());
    auto const cipher = bts::aes_encrypt(key, plain);
    file.insert(file.end(), cipher.begin(), cipher.end());
    return file;
}

bts::bytes lzma_alone(std::span<std::uint8_t const> text)
{
    lzma_options_lzma options;
    lzma_lzma_preset(&options, 0);
    options.dict_size = 1 << 16;
    lzma_stream stream = LZMA_STREAM_INIT;
    require(lzma_alone_encoder(&stream, &options) == LZMA_OK, "LZMA encodes");
    bts::bytes out(2 * text.size() + 4096);
    stream.next_in = text.data();
    stream.avail_in = text.size();
    stream.next_out = out.data();
    stream.avail_out = out.size();
    require(lzma_code(&stream, LZMA_FINISH) == LZMA_STREAM_END, "LZMA encodes to the end");
    out.resize(stream.total_out);
    lzma_end(&stream);
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    std::span<std::uint8_t const> const rest(data + 1, size - 1);
    bts::ui_backup_options options;
    options.max_json_bytes = 1 << 20;
    bts::bytes const file = data[0] % 3 == 0   ? bts::bytes(rest.begin(), rest.end())
                            : data[0] % 3 == 1 ? around(rest)
                                               : around(lzma_alone(rest));
    auto const read = bts::read_ui_backup(file, password, options);
    if (!read)
    {
        require(read.error().code() != bts::error_code(), "an error has a code");
        return 0;
    }
    if (read->brain_key_lost)
        return 0;
    auto const written = bts::write_ui_backup(*read, password, options);
    require(written.has_value(), "what was read can be written");
    bts::ui_backup_options larger;
    larger.max_json_bytes = 16 << 20;
    auto const again = bts::read_ui_backup(*written, password, larger);
    require(again.has_value(), "what was written reads");
    require(again->keys.size() == read->keys.size(), "every key survives");
    for (std::size_t i = 0; i < read->keys.size(); ++i)
        require(again->keys[i].secret == read->keys[i].secret && again->keys[i].label == read->keys[i].label,
                "a key survives");
    require(again->brain_key == read->brain_key && again->public_name == read->public_name, "the wallet survives");
    return 0;
}
