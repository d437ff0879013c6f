#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/base/hex.hpp>
#include <bitshares/base/utf8.hpp>
#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/secp256k1.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/wallet/damage.hpp>
#include <bitshares/wallet/ui_backup.hpp>

#include <algorithm>
#include <lzma.h>
#include <new>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail::ui_backup_file {

// The JSON, as far as it is read; written in the order of JavaScript's objects.
struct wallet
{
    std::string public_name;
    std::optional<std::string> created;
    std::optional<std::string> last_modified;
    std::optional<public_key> password_pubkey;
    bytes encryption_key;
    std::optional<bytes> encrypted_brainkey;
    std::optional<public_key> brainkey_pubkey;
    std::optional<std::int64_t> brainkey_sequence;
    std::optional<raw_json> deposit_keys;
    std::optional<chain_id_type> chain_id;

    BITSHARES_FIELDS((public_name), (created), (last_modified), (password_pubkey), (encryption_key),
                     (encrypted_brainkey), (brainkey_pubkey), (brainkey_sequence), (deposit_keys), (chain_id))
};

struct key
{
    std::optional<std::int64_t> id;
    std::optional<public_key> pubkey;
    std::optional<std::string> label;
    std::optional<std::vector<std::string>> import_account_names;
    std::optional<std::int64_t> brainkey_sequence;
    bytes encrypted_key;

    BITSHARES_FIELDS((id), (pubkey), (label), (import_account_names), (brainkey_sequence), (encrypted_key))
};

struct file
{
    std::vector<ui_backup_file::wallet> wallet;
    std::vector<key> private_keys;
    std::vector<ui_linked_account> linked_accounts;

    BITSHARES_FIELDS((wallet), (private_keys), (linked_accounts))
};

inline constexpr std::size_t key_size = 33;
inline constexpr std::size_t checksum_size = 4;
inline constexpr std::size_t lzma_header_size = 13;
inline constexpr std::uint64_t decoder_memory = 64 << 20;
inline constexpr char const* epoch = "1970-01-01T00:00:00.000Z";

inline std::span<std::uint8_t const> bytes_of(std::string_view text) noexcept
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

/// Key and initial vector from a shared point. @param x 32 bytes; fewer where an old client shortened it.
inline secret<64> shared_key(std::span<std::uint8_t const> x)
{
    auto const shared = secret_sha512(x);
    secret<128> hex;
    write_hex(shared.span(), reinterpret_cast<char*>(hex.data()));
    return secret_sha512(hex.span());
}

inline result<private_key> password_private_key(std::string_view password)
{
    return private_key::from_bytes(secret_sha256(bytes_of(password)).span());
}

/* Whether the first block begins as LZMA does, behind the checksum: its properties, a size of dictionary that encoders use, and
   what is there of the text's size. A wrong password gives that once in 10^14 times. */
inline bool begins_as_lzma(std::span<std::uint8_t const> plain) noexcept
{
    if (plain.size() < 16 || plain[checksum_size] >= 9 * 5 * 5)
        return false;
    std::uint32_t dictionary = 0;
    for (std::size_t i = 4; i-- > 0;)
        dictionary = dictionary << 8 | plain[checksum_size + 1 + i];
    bool usual = false;
    for (unsigned n = 10; n < 32; ++n)
        usual = usual || dictionary == 1u << n || dictionary == 3u << (n - 1);
    auto const size = plain.subspan(checksum_size + 5, 7);
    auto const all = [](std::span<std::uint8_t const> data, std::uint8_t byte) {
        return std::all_of(data.begin(), data.end(), [byte](std::uint8_t b) { return b == byte; });
    };
    return usual && (all(size, 0xff) || all(size.subspan(4), 0));
}

enum class inflated
{
    whole,
    cut,
    damaged,
    too_large
};

inline inflated inflate(std::span<std::uint8_t const> data, std::size_t max_size, std::string& out)
{
    struct decoder
    {
        lzma_stream stream = LZMA_STREAM_INIT;
        ~decoder() { lzma_end(&stream); }
    } lzma;
    if (data.size() < lzma_header_size)
        return inflated::cut;
    std::uint64_t stated = 0;
    for (std::size_t i = 8; i-- > 0;)
        stated = stated << 8 | data[5 + i];
    if (stated != ~std::uint64_t{0} && stated > max_size)
        return inflated::too_large;
    if (lzma_ret const ready = lzma_alone_decoder(&lzma.stream, decoder_memory); ready != LZMA_OK)
        throw std::bad_alloc();
    lzma.stream.next_in = data.data();
    lzma.stream.avail_in = data.size();
    out.clear();
    for (;;)
    {
        std::size_t const had = out.size();
        std::size_t const room = std::min<std::size_t>(max_size - had + 1, 64 << 10);
        out.resize(had + room);
        lzma.stream.next_out = reinterpret_cast<std::uint8_t*>(out.data()) + had;
        lzma.stream.avail_out = room;
        lzma_ret const code = lzma_code(&lzma.stream, LZMA_RUN);
        out.resize(had + room - lzma.stream.avail_out);
        if (out.size() > max_size)
            return inflated::too_large;
        switch (code)
        {
        case LZMA_OK:
            if (lzma.stream.avail_in == 0 && lzma.stream.avail_out != 0)
                return inflated::cut;
            break;
        case LZMA_STREAM_END: return inflated::whole;
        case LZMA_BUF_ERROR: return inflated::cut;
        case LZMA_MEMLIMIT_ERROR: return inflated::too_large;
        case LZMA_MEM_ERROR: throw std::bad_alloc();
        default: return inflated::damaged;
        }
    }
}

// The checksum and the compressed text, without padding, or why they cannot be had.
inline result<std::string> open_text(std::span<std::uint8_t const> cipher, secret<64> const& key,
                                     ui_backup_options const& options)
{
    secure_bytes const plain = wallet_file::decrypt_blocks(key, cipher);
    std::span<std::uint8_t const> all(plain.data(), plain.size());
    if (!begins_as_lzma(all))
        return error(errc::wrong_passphrase);
    std::size_t const padding = wallet_file::padding_of(all);
    auto const packed = all.first(all.size() - padding).subspan(checksum_size);
    auto const checksum = sha256(packed);
    bool const whole = padding != 0 && std::equal(all.begin(), all.begin() + checksum_size, checksum.data.begin());
    std::string text;
    inflated const got = inflate(packed, options.max_json_bytes, text);
    if (whole && got == inflated::whole)
        return text;
    if (whole && got == inflated::too_large)
        return error(errc::size_limit, std::to_string(options.max_json_bytes) + " bytes of JSON");
    // What ends without padding and unpacks to the beginning of JSON was cut. One byte of padding is also chance.
    if (padding < 2 && got == inflated::cut && (text.empty() || wallet_file::json_ends_early(text)))
        return error(errc::wallet_truncated);
    return error(errc::wallet_tampered);
}

inline secure_string from_latin1(std::span<std::uint8_t const> text)
{
    secure_string out;
    for (std::uint8_t const c : text)
        if (c < 0x80)
            out.push_back(static_cast<char>(c));
        else
        {
            out.push_back(static_cast<char>(0xc0 | c >> 6));
            out.push_back(static_cast<char>(0x80 | (c & 0x3f)));
        }
    return out;
}

inline bool to_latin1(std::string_view text, secure_bytes& out)
{
    if (find_invalid_utf8(text) != text.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        auto const c = static_cast<std::uint8_t>(text[i]);
        if (c < 0x80)
            out.push_back(c);
        else if (c == 0xc2 || c == 0xc3)
            out.push_back(static_cast<std::uint8_t>((c & 3) << 6 | (static_cast<std::uint8_t>(text[++i]) & 0x3f)));
        else
            return false;
    }
    return true;
}

inline bytes deflate(std::string_view text)
{
    lzma_options_lzma options;
    if (lzma_lzma_preset(&options, 6) != 0)
        throw std::bad_alloc();
    options.dict_size = 1 << 16; // what bitshares-ui writes, and so what its reader is used to
    bytes out = {static_cast<std::uint8_t>((options.pb * 5 + options.lp) * 9 + options.lc)};
    for (unsigned i = 0; i < 4; ++i)
        out.push_back(static_cast<std::uint8_t>(options.dict_size >> 8 * i));
#ifdef LZMA_FILTER_LZMA1EXT
    // The text's size in front and no mark at the end, as bitshares-ui writes it.
    options.ext_flags = 0;
    options.ext_size_low = static_cast<std::uint32_t>(text.size());
    options.ext_size_high = static_cast<std::uint32_t>(std::uint64_t{text.size()} >> 32);
    std::uint64_t const stated = text.size();
    lzma_filter const filters[] = {{LZMA_FILTER_LZMA1EXT, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
#else
    std::uint64_t const stated = ~std::uint64_t{0};
    lzma_filter const filters[] = {{LZMA_FILTER_LZMA1, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
#endif
    for (unsigned i = 0; i < 8; ++i)
        out.push_back(static_cast<std::uint8_t>(stated >> 8 * i));
    std::size_t used = out.size();
    out.resize(used + lzma_block_buffer_bound(text.size()));
    if (lzma_raw_buffer_encode(filters, nullptr, reinterpret_cast<std::uint8_t const*>(text.data()), text.size(),
                               out.data(), &used, out.size()) != LZMA_OK)
        throw std::bad_alloc();
    out.resize(used);
    return out;
}

} // namespace detail::ui_backup_file

BITSHARES_DECL result<ui_backup> read_ui_backup(std::span<std::uint8_t const> data, std::string_view password,
                                                ui_backup_options const& options)
{
    namespace from = detail::ui_backup_file;
    if (data.size() > options.max_file_bytes)
        return error(errc::size_limit, std::to_string(options.max_file_bytes) + " bytes");
    if (!data.empty() && data[0] != 2 && data[0] != 3)
        return error(errc::not_a_wallet, "no backup of bitshares-ui");
    if (data.size() < from::key_size + 2 * 16 || (data.size() - from::key_size) % 16 != 0)
        return error(errc::wallet_truncated);
    public_key once;
    std::copy_n(data.begin(), from::key_size, once.data.begin());
    secp256k1_pubkey point;
    auto const backup_key = from::password_private_key(password);
    if (!backup_key)
        return backup_key.error();
    secret<32> x;
    if (!detail::read_point(once, point) || !detail::multiply(point, backup_key->view(), x))
        return error(errc::wallet_tampered, "the first 33 bytes are no public key");
    auto const cipher = data.subspan(from::key_size);
    auto text = from::open_text(cipher, from::shared_key(x.span()), options);
    if (!text && text.error().code() == errc::wrong_passphrase && x.data()[0] == 0)
    {
        // Old JavaScript clients hashed the number without its leading zero bytes.
        auto const first = std::find_if(x.span().begin(), x.span().end(), [](std::uint8_t byte) { return byte != 0; });
        text = from::open_text(cipher, from::shared_key({first, x.span().end()}), options);
    }
    if (!text)
        return text.error();

    json_options reading{.key_prefix = options.key_prefix};
    reading.limits.max_total_bytes = options.max_json_bytes;
    auto file = from_json<from::file>(*text, reading);
    if (!file)
        return error(errc::not_a_wallet, file.error().message());
    if (file->wallet.size() != 1)
        return error(errc::not_a_wallet, std::to_string(file->wallet.size()) + " wallets");
    if (file->private_keys.size() > options.max_keys)
        return error(errc::element_limit, std::to_string(options.max_keys) + " keys");

    from::wallet& wallet = file->wallet.front();
    auto const stretched = aes_decrypt(secret_sha512(from::bytes_of(password)), wallet.encryption_key);
    if (!stretched || stretched->size() != 32)
        return error(errc::wrong_passphrase, "the backup's, but not the wallet's inside", "/wallet/0/encryption_key");
    secret<64> const inner = secret_sha512(std::span<std::uint8_t const>(stretched->data(), stretched->size()));

    ui_backup backup;
    backup.public_name = std::move(wallet.public_name);
    backup.chain_id = wallet.chain_id.value_or(chain_id_type{});
    backup.created = std::move(wallet.created).value_or("");
    backup.last_modified = std::move(wallet.last_modified).value_or("");
    backup.brain_sequence = wallet.brainkey_sequence.value_or(0);
    backup.deposit_keys = std::move(wallet.deposit_keys);
    backup.linked_accounts = std::move(file->linked_accounts);
    if (wallet.encrypted_brainkey)
    {
        auto const phrase = aes_decrypt(inner, *wallet.encrypted_brainkey);
        if (!phrase)
            return error(errc::wallet_tampered, {}, "/wallet/0/encrypted_brainkey");
        secure_string brain_key = from::from_latin1({phrase->data(), phrase->size()});
        auto const seed = from::password_private_key(brain_key.view()); // both are sha256 of the text
        backup.brain_key_lost = wallet.brainkey_pubkey && (!seed || seed->to_public() != *wallet.brainkey_pubkey);
        backup.brain_key = std::move(brain_key);
    }
    backup.keys.reserve(file->private_keys.size());
    for (std::size_t i = 0; i < file->private_keys.size(); ++i)
    {
        from::key& stored = file->private_keys[i];
        std::string const path = "/private_keys/" + std::to_string(i);
        auto const secret = aes_decrypt(inner, stored.encrypted_key);
        auto key = secret ? private_key::from_bytes({secret->data(), secret->size()}) : secret.error();
        if (!key || (stored.pubkey && key->to_public() != *stored.pubkey))
            return error(errc::wallet_tampered, "not the key that it says", path);
        public_key const half = key->to_public();
        backup.keys.push_back({std::move(*key), half, std::move(stored.label).value_or(""),
                               std::move(stored.import_account_names).value_or(std::vector<std::string>()),
                               stored.brainkey_sequence});
    }
    return backup;
}

BITSHARES_DECL result<bytes> write_ui_backup(ui_backup const& backup, std::string_view password,
                                             ui_backup_options const& options)
{
    namespace to = detail::ui_backup_file;
    if (password.empty())
        return error(errc::empty_password);
    auto const backup_key = to::password_private_key(password);
    if (!backup_key)
        return backup_key.error();
    public_key const backup_half = backup_key->to_public();

    to::file file;
    to::wallet& wallet = file.wallet.emplace_back();
    wallet.public_name = backup.public_name;
    wallet.created = backup.created.empty() ? to::epoch : backup.created;
    wallet.last_modified = backup.last_modified.empty() ? to::epoch : backup.last_modified;
    wallet.password_pubkey = backup_half;
    private_key const stretched = private_key::generate(); // bitshares-ui takes a key for its 32 random bytes, too
    wallet.encryption_key = aes_encrypt(secret_sha512(to::bytes_of(password)), stretched.view());
    secret<64> const inner = secret_sha512(stretched.view());
    if (backup.brain_key)
    {
        secure_bytes phrase;
        if (!to::to_latin1(backup.brain_key->view(), phrase))
            return error(errc::unsupported_character, "in the brain key");
        auto const seed = to::password_private_key(backup.brain_key->view());
        if (!seed)
            return seed.error();
        wallet.encrypted_brainkey = aes_encrypt(inner, {phrase.data(), phrase.size()});
        wallet.brainkey_pubkey = seed->to_public();
    }
    else
        wallet.brainkey_pubkey =
            private_key::generate().to_public(); // bitshares-ui wants one: a phrase that nobody knows
    wallet.brainkey_sequence = backup.brain_sequence;
    wallet.deposit_keys = backup.deposit_keys;
    wallet.chain_id = backup.chain_id;
    for (ui_backup_key const& key : backup.keys)
    {
        to::key& stored = file.private_keys.emplace_back();
        stored.id = static_cast<std::int64_t>(file.private_keys.size());
        stored.pubkey = key.key;
        if (!key.label.empty())
            stored.label = key.label;
        stored.import_account_names = key.account_names;
        stored.brainkey_sequence = key.brain_sequence;
        stored.encrypted_key = aes_encrypt(inner, key.secret.view());
    }
    file.linked_accounts = backup.linked_accounts;

    bytes const packed = to::deflate(to_json(file, options.key_prefix));
    auto const checksum = sha256(packed);
    bytes plain(checksum.data.begin(), checksum.data.begin() + to::checksum_size);
    plain.insert(plain.end(), packed.begin(), packed.end());

    secp256k1_pubkey point;
    detail::read_point(backup_half, point);
    for (;;)
    {
        private_key const once = private_key::generate();
        secret<32> x;
        if (!detail::multiply(point, once.view(), x) || x.data()[0] == 0)
            continue; // some JavaScript clients would shorten it
        public_key const half = once.to_public();
        bytes out(half.data.begin(), half.data.end());
        bytes const cipher = aes_encrypt(to::shared_key(x.span()), plain);
        out.insert(out.end(), cipher.begin(), cipher.end());
        return out;
    }
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
