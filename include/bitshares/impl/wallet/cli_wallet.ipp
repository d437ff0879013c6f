#pragma once

#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/wallet/cli_wallet.hpp>
#include <bitshares/wallet/damage.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail::cli_wallet_file {

struct file
{
    chain_id_type chain_id;
    std::vector<raw_json> my_accounts;
    bytes cipher_keys;
    flat_map<account_id, flat_set<public_key>> extra_keys;
    raw_json pending_account_registrations{"[]"};
    raw_json pending_witness_registrations{"[]"};
    std::vector<cli_wallet_label> labeled_keys;
    std::vector<raw_json> blind_receipts;
    std::string ws_server;
    std::string ws_user;
    std::string ws_password;

    BITSHARES_FIELDS((chain_id), (my_accounts), (cipher_keys), (extra_keys), (pending_account_registrations),
                     (pending_witness_registrations), (labeled_keys), (blind_receipts), (ws_server), (ws_user),
                     (ws_password))
};

struct account
{
    account_id id;
    std::string name;

    BITSHARES_FIELDS((id), (name))
};

inline constexpr std::size_t checksum_size = 64;
inline constexpr std::size_t wif_size = 51;
inline constexpr std::size_t smallest = 80; // no keys, the checksum, padding

/* Walks the map of public keys and WIFs from its front. What a wrong password decrypts does not get past the first entry: a tag,
   a length and the alphabet of 46 characters are right by chance once in 10^30 times. */
class map_walk
{
public:
    enum class end
    {
        whole,   ///< All entries are there.
        cut,     ///< The bytes end inside an entry.
        damaged, ///< What stands there is no entry.
        too_many
    };

    static constexpr std::size_t entry_size = 33 + 1 + wif_size;

    map_walk(std::span<std::uint8_t const> data, std::size_t max_keys) : data_(data), max_keys_(max_keys) {}

    /// Calls `take(key, wif)` for each entry; it says whether the entry is good.
    template <class Take>
    end run(Take&& take)
    {
        for (unsigned shift = 0;; shift += 7)
        {
            if (at_ == data_.size())
                return end::cut;
            std::uint8_t const byte = data_[at_++];
            count_ |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0)
                break;
            if (shift == 28)
                return end::damaged;
        }
        if (count_ > max_keys_)
            return end::too_many;
        for (; entries_ < count_; ++entries_)
        {
            std::size_t const left = data_.size() - at_;
            auto const entry = data_.subspan(at_, std::min(left, entry_size));
            for (std::size_t i = 0; i < entry.size(); ++i)
                if (i == 0    ? entry[i] != 2 && entry[i] != 3
                    : i < 33  ? false
                    : i == 33 ? entry[i] != wif_size
                              : entry[i] < '1' || entry[i] > 'z')
                    return end::damaged;
            seen_ = std::max(seen_, entry.size());
            if (entry.size() < entry_size)
                return end::cut;
            public_key key;
            std::copy_n(entry.begin(), 33, key.data.begin());
            if (!take(key, std::string_view(reinterpret_cast<char const*>(entry.data()) + 34, wif_size)))
                return end::damaged;
            at_ += entry.size();
        }
        return end::whole;
    }

    std::size_t at() const noexcept { return at_; }               ///< Behind the last good entry.
    std::uint64_t count() const noexcept { return count_; }       ///< Of entries, as stated.
    bool is_map() const noexcept { return seen_ >= 33 + 1 + 16; } ///< Far enough into an entry to be no chance.

private:
    std::span<std::uint8_t const> data_;
    std::size_t max_keys_;
    std::size_t at_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t entries_ = 0;
    std::size_t seen_ = 0;
};

// Whether parts of the checksum stand where some padding would leave it: then the password is right.
inline bool has_parts_of(std::span<std::uint8_t const> plain, secret<64> const& checksum) noexcept
{
    for (std::size_t padding = 0; padding <= 16 && padding + checksum_size <= plain.size(); ++padding)
    {
        auto const tail = plain.subspan(plain.size() - padding - checksum_size, checksum_size);
        std::size_t same = 0;
        for (std::size_t i = 0; i < checksum_size; ++i)
            same += tail[i] == checksum.data()[i] ? 1u : 0u;
        if (same >= 12)
            return true;
    }
    return false;
}

inline result<keyring> open_keys(std::span<std::uint8_t const> cipher, std::string_view password,
                                 cli_wallet_options const& options)
{
    if (cipher.size() < smallest || cipher.size() % 16 != 0)
        return error(errc::wallet_truncated, {}, "/cipher_keys");
    std::span const password_bytes(reinterpret_cast<std::uint8_t const*>(password.data()), password.size());
    secret<64> const key = secret_sha512(password_bytes);
    secure_bytes const plain = wallet_file::decrypt_blocks(key, cipher);
    std::span<std::uint8_t const> const all(plain.data(), plain.size());
    std::size_t const padding = wallet_file::padding_of(all);
    std::size_t const body = all.size() - padding;
    bool const whole = padding != 0 && body > checksum_size &&
                       secure_equal(all.subspan(body - checksum_size, checksum_size), key.span());

    keyring keys;
    map_walk walk(whole ? all.first(body - checksum_size) : all, options.max_keys);
    auto const end = walk.run([&](public_key const& half, std::string_view wif) {
        auto secret = private_key::from_wif(wif);
        if (!secret)
            return false;
        auto const added = keys.add(std::move(*secret));
        return added && *added == half;
    });
    if (whole)
    {
        if (end == map_walk::end::too_many && walk.count() <= body / map_walk::entry_size)
            return error(errc::element_limit, std::to_string(options.max_keys) + " keys", "/cipher_keys");
        if (end != map_walk::end::whole || walk.at() != body - checksum_size)
            return error(errc::wallet_tampered, "key " + std::to_string(keys.size()), "/cipher_keys");
        return keys;
    }
    // cli_wallet takes all of these for a wrong password.
    if (end == map_walk::end::cut && walk.is_map())
        return error(errc::wallet_truncated, {}, "/cipher_keys");
    if (end == map_walk::end::whole)
    {
        auto const rest = all.subspan(walk.at());
        std::size_t same = 0;
        while (same < std::min(rest.size(), checksum_size) && rest[same] == key.data()[same])
            ++same;
        if (same == rest.size() || same == checksum_size)
            return error(errc::wallet_truncated, {}, "/cipher_keys");
    }
    if (walk.is_map() || has_parts_of(all, key))
        return error(errc::wallet_tampered, {}, "/cipher_keys");
    return error(errc::wrong_passphrase);
}

} // namespace detail::cli_wallet_file

BITSHARES_DECL result<cli_wallet> read_cli_wallet(std::string_view text, std::string_view password,
                                                  cli_wallet_options const& options)
{
    namespace from = detail::cli_wallet_file;
    if (text.size() > options.max_file_bytes)
        return error(errc::size_limit, std::to_string(options.max_file_bytes) + " bytes");
    json_options reading{.key_prefix = options.key_prefix};
    reading.limits.max_total_bytes = options.max_file_bytes;
    auto file = from_json<from::file>(text, reading);
    if (!file)
    {
        auto const& why = file.error();
        if (detail::wallet_file::json_ends_early(text))
            return error(errc::wallet_truncated, why.detail());
        if (why.code() == errc::wrong_type && why.path().empty())
            return error(errc::not_a_wallet, "no JSON object");
        return why;
    }
    if (file->cipher_keys.empty())
        return error(errc::not_a_wallet, "no cipher_keys");
    auto keys = from::open_keys(file->cipher_keys, password, options);
    if (!keys)
        return keys.error();

    for (auto const& [id, halves] : file->extra_keys)
        for (raw_json const& object : file->my_accounts)
            if (auto const account = from_json<from::account>(object.text, reading); account && account->id == id)
                for (public_key const& half : halves)
                    static_cast<void>(keys->set_label(half, account->name)); // keys of others are listed, too
    for (cli_wallet_label const& named : file->labeled_keys)
        static_cast<void>(keys->set_label(named.key, named.label));

    cli_wallet wallet;
    wallet.chain_id = file->chain_id;
    wallet.my_accounts = std::move(file->my_accounts);
    wallet.keys = std::move(*keys);
    wallet.extra_keys = std::move(file->extra_keys);
    wallet.pending_account_registrations = std::move(file->pending_account_registrations);
    wallet.pending_witness_registrations = std::move(file->pending_witness_registrations);
    wallet.labeled_keys = std::move(file->labeled_keys);
    wallet.blind_receipts = std::move(file->blind_receipts);
    wallet.ws_server = std::move(file->ws_server);
    wallet.ws_user = std::move(file->ws_user);
    wallet.ws_password = std::move(file->ws_password);
    return wallet;
}

BITSHARES_DECL result<std::string> write_cli_wallet(cli_wallet const& wallet, std::string_view password,
                                                    cli_wallet_options const& options)
{
    namespace to = detail::cli_wallet_file;
    if (password.empty())
        return error(errc::empty_password);
    std::span const password_bytes(reinterpret_cast<std::uint8_t const*>(password.data()), password.size());
    secret<64> const key = secret_sha512(password_bytes);

    // In the order of cli_wallet's map, so that its bytes come out.
    std::vector<std::pair<address, public_key>> order;
    for (keyring_entry const& entry : wallet.keys.entries())
        order.emplace_back(address_of(entry.key), entry.key);
    std::sort(order.begin(), order.end(), [](auto const& a, auto const& b) { return a.first < b.first; });

    secure_bytes plain;
    std::uint64_t count = order.size();
    for (; count >= 0x80; count >>= 7)
        plain.push_back(static_cast<std::uint8_t>(count | 0x80));
    plain.push_back(static_cast<std::uint8_t>(count));
    for (auto const& [unused, half] : order)
    {
        plain.append(std::span<std::uint8_t const>(half.data));
        secure_string const wif = wallet.keys.find(half)->to_wif();
        plain.push_back(static_cast<std::uint8_t>(wif.size()));
        plain.append(std::span(reinterpret_cast<std::uint8_t const*>(wif.data()), wif.size()));
    }
    plain.append(key.span());

    to::file file;
    file.chain_id = wallet.chain_id;
    file.my_accounts = wallet.my_accounts;
    file.cipher_keys = aes_encrypt(key, {plain.data(), plain.size()});
    file.extra_keys = wallet.extra_keys;
    file.pending_account_registrations = wallet.pending_account_registrations;
    file.pending_witness_registrations = wallet.pending_witness_registrations;
    file.labeled_keys = wallet.labeled_keys;
    file.blind_receipts = wallet.blind_receipts;
    file.ws_server = wallet.ws_server;
    file.ws_user = wallet.ws_user;
    file.ws_password = wallet.ws_password;
    return to_json(file, options.key_prefix);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
