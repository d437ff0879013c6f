#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/secure_bytes.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/raw_json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/** @file
    Backups of the web wallet bitshares-ui, `.bin` files. Needs liblzma: CMake's `bitshares::wallet`.

    The file is the public half of a key made for it, and under AES by that key and the password's: a checksum of four bytes and
    LZMA of JSON. In the JSON private keys and brain key are encrypted once more, by a key that is under SHA-512 of the password:
    whoever has the file tries passwords at the speed of a hash.
    @par Source
    bitshares-ui, BackupActions.js and WalletDb.js; bitsharesjs, aes.js.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A private key of a web wallet and where it comes from.
struct ui_backup_key
{
    private_key secret;
    public_key key; ///< Of `secret`.
    std::string label;
    std::vector<std::string> account_names;     ///< For which it was imported.
    std::optional<std::int64_t> brain_sequence; ///< Its number among the brain key's; absent where it was imported.
};

/// An account that the web wallet showed.
struct ui_linked_account
{
    std::string name;
    std::string chainId; ///< 64 hexadecimal digits; may be empty in old files.

    friend bool operator==(ui_linked_account const&, ui_linked_account const&) = default;

    BITSHARES_FIELDS((name), (chainId))
};

/// What a backup of bitshares-ui holds, in clear. Move-only.
struct ui_backup
{
    std::string public_name; ///< Of the wallet.
    chain_id_type chain_id;
    std::string created;       ///< As JavaScript prints times, `2015-10-13T12:00:00.000Z`; empty: written as 1970.
    std::string last_modified; ///< The same.
    std::optional<secure_string> brain_key; ///< As it was typed.
    /// The file has a brain key that is not the wallet's: bitshares-ui loses characters outside of Latin-1 in it.
    bool brain_key_lost = false;
    std::int64_t brain_sequence = 0; ///< Number of the brain key's next key.
    std::vector<ui_backup_key> keys;
    std::vector<ui_linked_account> linked_accounts;
    std::optional<raw_json> deposit_keys;
};

/// How backups are read and written.
struct ui_backup_options
{
    std::string_view key_prefix = "BTS"; ///< Of the network.
    std::size_t max_file_bytes = std::size_t{16} << 20;
    std::size_t max_json_bytes = std::size_t{64} << 20; ///< After decompression: a small file can become a large text.
    std::size_t max_keys = 10'000;
};

/** Reads a backup that was made with the wallet's password, as bitshares-ui makes them.

    Every key is checked against the public key that the file says it has.
    @par Errors
    @li `errc::wrong_passphrase`: the password is not the file's, or one of the first 49 bytes was changed: nothing can tell these
        apart.
    @li `errc::wallet_truncated`: the file ends too early; or one of its last 32 bytes was changed, which can look the same.
    @li `errc::wallet_tampered`: the password is right, but the file was changed elsewhere.
    @li `errc::not_a_wallet`: not of this kind: what it begins with is no public key, or what it holds no wallet.
    @li `errc::size_limit`: the file, or what it decompresses to; the detail names the limit.
    @li `errc::element_limit`: more keys than `max_keys`.
*/
BITSHARES_DECL result<ui_backup> read_ui_backup(std::span<std::uint8_t const> file, std::string_view password,
                                                ui_backup_options const& options = {});

/** The bytes of a file that bitshares-ui restores. Each call has other keys.

    @par Errors
    @li `errc::empty_password`
    @li `errc::unsupported_character`: the brain key has a character outside of Latin-1, which the format would lose.
*/
BITSHARES_DECL result<bytes> write_ui_backup(ui_backup const& backup, std::string_view password,
                                             ui_backup_options const& options = {});

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/wallet/ui_backup.ipp>
#endif
