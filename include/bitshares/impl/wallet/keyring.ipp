#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/base/utf8.hpp>
#include <bitshares/wallet/keyring.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail::keyring_file {

inline constexpr std::string_view magic = "BTSKEYS";
inline constexpr std::uint8_t version = 1;
inline constexpr std::size_t salt_size = 32;
inline constexpr std::size_t nonce_size = 12;
inline constexpr std::size_t check_size = 16;
inline constexpr std::size_t checksum_size = 8;
inline constexpr std::size_t tag_size = 16;
inline constexpr std::size_t fixed_size = 7 + 1 + 1 + 4 + 4 + salt_size + nonce_size + 4; // up to the public part

struct cipher_deleter
{
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

inline void put(auto& out, std::uint64_t value, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

inline bool valid_label(std::string_view label, std::size_t max_bytes) noexcept
{
    return label.size() <= max_bytes && find_invalid_utf8(label) == label.size() &&
           std::none_of(label.begin(), label.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// Takes bytes from the front; what is not there is null or zero and remembered.
class cursor
{
public:
    explicit cursor(std::span<std::uint8_t const> data) : left_(data) {}

    std::span<std::uint8_t const> take(std::size_t size)
    {
        if (size > left_.size())
        {
            short_ = true;
            left_ = {};
            return {};
        }
        auto const piece = left_.first(size);
        left_ = left_.subspan(size);
        return piece;
    }
    std::uint64_t number(std::size_t size)
    {
        std::uint64_t value = 0;
        auto const piece = take(size);
        for (std::size_t i = piece.size(); i-- > 0;)
            value = value << 8 | piece[i];
        return value;
    }
    std::size_t left() const noexcept { return left_.size(); }
    bool ran_out() const noexcept { return short_; }

private:
    std::span<std::uint8_t const> left_;
    bool short_ = false;
};

// Where the parts of a file are.
struct parts
{
    keyring_cost cost;
    std::span<std::uint8_t const> salt;
    std::span<std::uint8_t const> nonce;
    std::span<std::uint8_t const> listed;     // the public part
    std::span<std::uint8_t const> checked;    // what `check` is of
    std::span<std::uint8_t const> check;      // of the passphrase
    std::span<std::uint8_t const> associated; // all before the sealed part
    std::span<std::uint8_t const> sealed;     // with the tag
};

inline bool within(keyring_cost const& cost, keyring_limits const& limits) noexcept
{
    if (cost.log2_n < 1 || cost.log2_n > 40 || cost.r == 0 || cost.p == 0)
        return false;
    std::uint64_t const n = std::uint64_t{1} << cost.log2_n;
    return cost.r <= limits.max_scrypt_bytes / 128 / n && cost.r <= limits.max_scrypt_work / n &&
           cost.p <= limits.max_scrypt_work / n / cost.r;
}

inline bitshares::error cost_error(keyring_cost const& cost)
{
    return {errc::scrypt_limit, "log2(N) = " + std::to_string(cost.log2_n) + ", r = " + std::to_string(cost.r) +
                                    ", p = " + std::to_string(cost.p)};
}

inline result<parts> split(std::span<std::uint8_t const> file, keyring_limits const& limits)
{
    if (file.size() > limits.max_file_bytes)
        return error(errc::size_limit, std::to_string(limits.max_file_bytes) + " bytes");
    std::size_t const seen = std::min(file.size(), magic.size());
    if (!std::equal(magic.begin(), magic.begin() + static_cast<std::ptrdiff_t>(seen), file.begin(),
                    [](char c, std::uint8_t byte) { return static_cast<std::uint8_t>(c) == byte; }))
        return error(errc::not_a_wallet, "no keyring");
    cursor in(file);
    in.take(magic.size());
    auto const found = in.number(1);
    if (!in.ran_out() && found != version)
        return error(errc::wallet_version, "version " + std::to_string(found));
    parts p;
    p.cost.log2_n = static_cast<std::uint8_t>(in.number(1));
    p.cost.r = static_cast<std::uint32_t>(in.number(4));
    p.cost.p = static_cast<std::uint32_t>(in.number(4));
    p.salt = in.take(salt_size);
    p.nonce = in.take(nonce_size);
    p.listed = in.take(in.number(4));
    p.checked = file.first(file.size() - in.left());
    p.check = in.take(check_size);
    auto const covered = file.first(file.size() - in.left());
    auto const checksum = in.take(checksum_size);
    if (in.ran_out())
        return error(errc::wallet_truncated);
    // Before anything in it is believed.
    auto const expected = sha256(covered);
    if (!std::equal(checksum.begin(), checksum.end(), expected.data.begin()))
        return error(errc::wallet_tampered, "the header's checksum");
    std::size_t const size = in.number(4);
    p.associated = file.first(file.size() - in.left());
    p.sealed = in.take(size);
    if (in.ran_out())
        return error(errc::wallet_truncated);
    if (in.left() != 0 || size < tag_size + 4)
        return error(errc::wallet_tampered, "the size");
    if (!within(p.cost, limits))
        return cost_error(p.cost);
    return p;
}

// Both keys from a passphrase: of AES and of the HMAC.
inline secret<64> derive(std::string_view passphrase, std::span<std::uint8_t const> salt, keyring_cost const& cost)
{
    secret<64> keys;
    std::uint64_t const n = std::uint64_t{1} << cost.log2_n;
    // OpenSSL's limit is for all that it allocates; ours was kept before.
    std::uint64_t const memory = 128 * std::uint64_t{cost.r} * (n + cost.p + 2) + (1 << 20);
    if (EVP_PBE_scrypt(passphrase.data(), passphrase.size(), salt.data(), salt.size(), n, cost.r, cost.p, memory,
                       keys.data(), keys.size()) != 1)
        throw std::bad_alloc(); // the parameters are good: only memory can be missing
    return keys;
}

inline std::array<std::uint8_t, check_size> check_of(secret<64> const& keys, std::span<std::uint8_t const> data)
{
    std::array<std::uint8_t, 32> whole{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), keys.data() + 32, 32, data.data(), data.size(), whole.data(), &size) == nullptr)
        throw std::bad_alloc();
    std::array<std::uint8_t, check_size> cut{};
    std::copy_n(whole.begin(), cut.size(), cut.begin());
    return cut;
}

inline bytes seal(secret<64> const& keys, std::span<std::uint8_t const> nonce, std::span<std::uint8_t const> associated,
                  std::span<std::uint8_t const> plain)
{
    std::unique_ptr<EVP_CIPHER_CTX, cipher_deleter> const context(EVP_CIPHER_CTX_new());
    bytes out(plain.size() + tag_size);
    int size = 0;
    int rest = 0;
    if (!context || EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, keys.data(), nonce.data()) != 1 ||
        EVP_EncryptUpdate(context.get(), nullptr, &size, associated.data(), static_cast<int>(associated.size())) != 1 ||
        EVP_EncryptUpdate(context.get(), out.data(), &size, plain.data(), static_cast<int>(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(context.get(), out.data() + size, &rest) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, out.data() + plain.size()) != 1)
        throw std::bad_alloc();
    return out;
}

inline std::optional<secure_bytes> unseal(secret<64> const& keys, parts const& p)
{
    std::unique_ptr<EVP_CIPHER_CTX, cipher_deleter> const context(EVP_CIPHER_CTX_new());
    auto const cipher = p.sealed.first(p.sealed.size() - tag_size);
    std::array<std::uint8_t, tag_size> tag{};
    std::copy(p.sealed.end() - tag_size, p.sealed.end(), tag.begin());
    secure_bytes plain(cipher.size());
    int size = 0;
    int rest = 0;
    if (!context || EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, keys.data(), p.nonce.data()) != 1 ||
        EVP_DecryptUpdate(context.get(), nullptr, &size, p.associated.data(), static_cast<int>(p.associated.size())) !=
            1 ||
        EVP_DecryptUpdate(context.get(), plain.data(), &size, cipher.data(), static_cast<int>(cipher.size())) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) != 1)
        throw std::bad_alloc();
    if (EVP_DecryptFinal_ex(context.get(), plain.data() + size, &rest) != 1)
        return std::nullopt;
    return plain;
}

inline result<std::string> take_label(cursor& in, keyring_limits const& limits)
{
    auto const text = in.take(in.number(2));
    std::string label(text.begin(), text.end());
    if (in.ran_out() || !valid_label(label, limits.max_label_bytes))
        return error(errc::wallet_tampered, "a label");
    return label;
}

inline result<std::size_t> take_count(cursor& in, keyring_limits const& limits, std::size_t least)
{
    std::size_t const count = in.number(4);
    if (count > limits.max_keys)
        return error(errc::element_limit, std::to_string(limits.max_keys) + " keys");
    if (in.ran_out() || count > in.left() / least)
        return error(errc::wallet_tampered, "the number of keys");
    return count;
}

inline result<std::optional<std::vector<keyring_entry>>> list_of(parts const& p, keyring_limits const& limits)
{
    std::optional<std::vector<keyring_entry>> list;
    if (p.listed.empty())
        return list;
    cursor in(p.listed);
    auto const count = take_count(in, limits, 33 + 2);
    if (!count)
        return count.error();
    list.emplace();
    for (std::size_t i = 0; i < *count; ++i)
    {
        keyring_entry entry;
        auto const key = in.take(entry.key.data.size());
        std::copy(key.begin(), key.end(), entry.key.data.begin());
        auto label = take_label(in, limits);
        if (!label)
            return label.error();
        entry.label = std::move(*label);
        list->push_back(std::move(entry));
    }
    if (in.left() != 0)
        return error(errc::wallet_tampered, "the list of public keys");
    return list;
}

} // namespace detail::keyring_file

BITSHARES_DECL result<public_key> keyring::add(private_key key, std::string label)
{
    keyring_limits const limits;
    if (!detail::keyring_file::valid_label(label, limits.max_label_bytes))
        return error(errc::invalid_label, "of key " + std::to_string(size()));
    if (size() >= limits.max_keys)
        return error(errc::element_limit, std::to_string(limits.max_keys) + " keys");
    public_key const half = key.to_public();
    if (contains(half))
        return error(errc::duplicate_key, half.to_string("BTS"));
    entries_.push_back({half, std::move(label)});
    keys_.push_back(std::move(key));
    return half;
}

BITSHARES_DECL bool keyring::remove(public_key const& key) noexcept
{
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].key == key)
        {
            entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
            keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(i));
            return true;
        }
    return false;
}

BITSHARES_DECL result<void> keyring::set_label(public_key const& key, std::string label)
{
    if (!detail::keyring_file::valid_label(label, keyring_limits{}.max_label_bytes))
        return error(errc::invalid_label);
    for (keyring_entry& entry : entries_)
        if (entry.key == key)
        {
            entry.label = std::move(label);
            return {};
        }
    return error(errc::unknown_key);
}

BITSHARES_DECL private_key const* keyring::find(public_key const& key) const noexcept
{
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].key == key)
            return &keys_[i];
    return nullptr;
}

BITSHARES_DECL result<signature> keyring::sign(public_key const& key, sha256_digest const& digest) const
{
    private_key const* const found = find(key);
    if (found == nullptr)
        return error(errc::unknown_key);
    return found->sign(digest);
}

BITSHARES_DECL result<bytes> seal_keyring(keyring const& keys, std::string_view passphrase,
                                          keyring_options const& options)
{
    namespace file = detail::keyring_file;
    if (passphrase.empty())
        return error(errc::empty_password);
    if (options.cost.log2_n < 10 || !file::within(options.cost, keyring_limits{}))
        return file::cost_error(options.cost);

    bytes out(file::magic.begin(), file::magic.end());
    out.push_back(file::version);
    out.push_back(options.cost.log2_n);
    file::put(out, options.cost.r, 4);
    file::put(out, options.cost.p, 4);
    std::array<std::uint8_t, file::salt_size + file::nonce_size> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
        throw std::bad_alloc();
    out.insert(out.end(), random.begin(), random.end());
    auto const salt = std::span(random).first<file::salt_size>();
    auto const nonce = std::span(random).last<file::nonce_size>();

    bytes list;
    if (options.list_public_keys)
    {
        file::put(list, keys.size(), 4);
        for (keyring_entry const& entry : keys.entries())
        {
            list.insert(list.end(), entry.key.data.begin(), entry.key.data.end());
            file::put(list, entry.label.size(), 2);
            list.insert(list.end(), entry.label.begin(), entry.label.end());
        }
    }
    file::put(out, list.size(), 4);
    out.insert(out.end(), list.begin(), list.end());

    auto const derived = file::derive(passphrase, salt, options.cost);
    auto const check = file::check_of(derived, out);
    out.insert(out.end(), check.begin(), check.end());
    auto const checksum = sha256(out);
    out.insert(out.end(), checksum.data.begin(), checksum.data.begin() + file::checksum_size);

    secure_bytes plain;
    file::put(plain, keys.size(), 4);
    for (keyring_entry const& entry : keys.entries())
    {
        plain.append(keys.find(entry.key)->view());
        file::put(plain, entry.label.size(), 2);
        for (char c : entry.label)
            plain.push_back(static_cast<std::uint8_t>(c));
    }
    file::put(out, plain.size() + file::tag_size, 4);
    auto const sealed = file::seal(derived, nonce, out, {plain.data(), plain.size()});
    out.insert(out.end(), sealed.begin(), sealed.end());
    return out;
}

BITSHARES_DECL result<keyring> open_keyring(std::span<std::uint8_t const> data, std::string_view passphrase,
                                            keyring_limits const& limits)
{
    namespace file = detail::keyring_file;
    auto const parts = file::split(data, limits);
    if (!parts)
        return parts.error();
    auto const derived = file::derive(passphrase, parts->salt, parts->cost);
    auto const check = file::check_of(derived, parts->checked);
    if (!secure_equal(check, parts->check))
        return error(errc::wrong_passphrase);
    auto const plain = file::unseal(derived, *parts);
    if (!plain)
        return error(errc::wallet_tampered, "the sealed part");

    // What was sealed came from somebody with the passphrase; it is read with care all the same.
    file::cursor in({plain->data(), plain->size()});
    auto const count = file::take_count(in, limits, 32 + 2);
    if (!count)
        return count.error();
    keyring keys;
    for (std::size_t i = 0; i < *count; ++i)
    {
        auto key = private_key::from_bytes(in.take(32));
        if (!key)
            return error(errc::wallet_tampered, "key " + std::to_string(i));
        auto label = file::take_label(in, limits);
        if (!label)
            return label.error();
        if (!keys.add(std::move(*key), std::move(*label)))
            return error(errc::wallet_tampered, "key " + std::to_string(i) + " stands twice");
    }
    if (in.left() != 0)
        return error(errc::wallet_tampered, "bytes behind the keys");
    auto const list = file::list_of(*parts, limits);
    if (!list)
        return list.error();
    if (*list && **list != keys.entries())
        return error(errc::wallet_tampered, "the list of public keys");
    return keys;
}

BITSHARES_DECL result<keyring_info> inspect_keyring(std::span<std::uint8_t const> data, keyring_limits const& limits)
{
    auto const parts = detail::keyring_file::split(data, limits);
    if (!parts)
        return parts.error();
    auto list = detail::keyring_file::list_of(*parts, limits);
    if (!list)
        return list.error();
    return keyring_info{parts->cost, std::move(*list)};
}

BITSHARES_DECL result<keyring> load_keyring(std::string const& path, std::string_view passphrase, file_access access,
                                            keyring_limits const& limits)
{
    auto const file = read_private_file(path, limits.max_file_bytes, access);
    if (!file)
        return file.error();
    return open_keyring({file->data(), file->size()}, passphrase, limits);
}

BITSHARES_DECL result<void> save_keyring(std::string const& path, keyring const& keys, std::string_view passphrase,
                                         existing_file existing, keyring_options const& options)
{
    auto const file = seal_keyring(keys, passphrase, options);
    if (!file)
        return file.error();
    return write_private_file(path, *file, existing);
}

BITSHARES_DECL result<void> change_keyring_passphrase(std::string const& path, std::string_view old_passphrase,
                                                      std::string_view new_passphrase,
                                                      std::optional<keyring_options> options, file_access access)
{
    auto const file = read_private_file(path, keyring_limits{}.max_file_bytes, access);
    if (!file)
        return file.error();
    std::span<std::uint8_t const> const data(file->data(), file->size());
    auto const keys = open_keyring(data, old_passphrase);
    if (!keys)
        return keys.error();
    if (!options)
    {
        auto const info = inspect_keyring(data);
        if (!info)
            return info.error();
        options = keyring_options{info->cost, info->public_keys.has_value()};
    }
    return save_keyring(path, *keys, new_passphrase, existing_file::replace, *options);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
