#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/secure_bytes.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/wallet/private_file.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/** @file
    Keys under a passphrase, in memory and in a file of this library's own.

    @par File
    All numbers are little endian.
    @code
     0   7  "BTSKEYS"
     7   1  version, 1
     8   1  scrypt's log2(N)
     9   4  scrypt's r
    13   4  scrypt's p
    17  32  salt
    49  12  nonce of AES-256-GCM
    61   4  size of the public part
    65   s  public part: empty, or the list of public keys: count (4), then for each: key (33), size of label (2), label
     +  16  check of the passphrase: HMAC-SHA-256 of all before it, cut to 16 bytes
     +   8  checksum: SHA-256 of all before it, cut to 8 bytes
     +   4  size of what follows
     +      AES-256-GCM of: count (4), then for each: secret (32), size of label (2), label; behind it the tag (16)
    @endcode
    scrypt gives 64 bytes: the key of AES and the key of the HMAC. Everything up to the sealed part is GCM's associated data: a
    changed byte of it is found even where checksum and check were made to fit.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What it costs to try one passphrase: scrypt's parameters. The defaults take 128 MiB and a third of a second or so.
struct keyring_cost
{
    std::uint8_t log2_n = 17; ///< At least 10 when a file is written.
    std::uint32_t r = 8;      ///< Memory: 128 * r * 2^log2_n bytes.
    std::uint32_t p = 1;      ///< Work: p times.

    friend bool operator==(keyring_cost const&, keyring_cost const&) = default;
};

/// How a keyring is written.
struct keyring_options
{
    keyring_cost cost = {};
    /// Puts public keys and labels into the file in clear, so that @ref inspect_keyring lists them without the passphrase.
    /// Whoever reads the file then knows which accounts it belongs to.
    bool list_public_keys = false;
};

/// What a file may ask of its reader, whoever wrote it.
struct keyring_limits
{
    std::uint64_t max_scrypt_bytes = 512 << 20; ///< Of memory: 128 * r * N.
    std::uint64_t max_scrypt_work = 1 << 26;    ///< N * r * p; the default cost has 2^20.
    std::size_t max_keys = 10'000;              ///< Also when writing.
    std::size_t max_label_bytes = 1'000;        ///< Also when writing.
    std::size_t max_file_bytes = std::size_t{16} << 20;
};

/// A key's public half and what its owner calls it.
struct keyring_entry
{
    public_key key;
    std::string label; ///< UTF-8 without control characters; may be empty, need not be unique.

    friend bool operator==(keyring_entry const&, keyring_entry const&) = default;
};

/** Private keys, each with a label. Move-only; the keys are wiped with it.

    @par Thread safety
    Const functions may be called from several threads at once.
*/
class keyring
{
public:
    keyring() = default;
    keyring(keyring&&) = default;
    keyring& operator=(keyring&&) = default;

    /** Takes a key in.

        @return Its public half.
        @par Errors
        @li `errc::duplicate_key`: the keyring has it already; nothing changes.
        @li `errc::invalid_label`: not UTF-8, with control characters, or longer than `keyring_limits{}.max_label_bytes`.
        @li `errc::element_limit`: `keyring_limits{}.max_keys`.
    */
    BITSHARES_DECL result<public_key> add(private_key key, std::string label = {});

    /// Wipes a key. False where there is none.
    BITSHARES_DECL bool remove(public_key const& key) noexcept;

    /// Gives a key another label. @par Errors `errc::unknown_key`, `errc::invalid_label`.
    BITSHARES_DECL result<void> set_label(public_key const& key, std::string label);

    std::size_t size() const noexcept { return keys_.size(); }
    bool empty() const noexcept { return keys_.empty(); }

    /// Public keys and labels in the order in which the keys were added.
    std::vector<keyring_entry> const& entries() const noexcept { return entries_; }

    bool contains(public_key const& key) const noexcept { return find(key) != nullptr; }

    /// Null where there is none. Stays valid until the keyring changes.
    BITSHARES_DECL private_key const* find(public_key const& key) const noexcept;

    /// Signs a digest with one of the keys. @par Errors `errc::unknown_key`.
    BITSHARES_DECL result<signature> sign(public_key const& key, sha256_digest const& digest) const;

private:
    std::vector<keyring_entry> entries_;
    std::vector<private_key> keys_; // in the same order
};

/// What a keyring's file says without its passphrase. Nobody vouches for it before @ref open_keyring did.
struct keyring_info
{
    keyring_cost cost;
    std::optional<std::vector<keyring_entry>> public_keys; ///< Where the file was written with them.
};

/** A keyring as the bytes of its file. Each call has another salt and nonce.

    @par Errors
    @li `errc::empty_password`
    @li `errc::scrypt_limit`: a cost below 2^10 or past the limits that readers have by default.
    @par Complexity
    As the cost says; the rest takes next to nothing.
*/
BITSHARES_DECL result<bytes> seal_keyring(keyring const& keys, std::string_view passphrase,
                                          keyring_options const& options = {});

/** Opens the bytes of a keyring's file.

    @par Errors
    @li `errc::wrong_passphrase`
    @li `errc::wallet_truncated`: the file ends too early.
    @li `errc::wallet_tampered`: a byte is not as it was written. Whoever changes salt or cost and makes the checksum fit
        gets `errc::wrong_passphrase`: nothing else can be told without the right key.
    @li `errc::not_a_wallet`, `errc::wallet_version`: another kind of file, or one of a later version.
    @li `errc::scrypt_limit`, `errc::size_limit`, `errc::element_limit`: more than `limits` allow; nothing was computed.
*/
BITSHARES_DECL result<keyring> open_keyring(std::span<std::uint8_t const> file, std::string_view passphrase,
                                            keyring_limits const& limits = {});

/// What is to be read without the passphrase. @par Errors As @ref open_keyring, without `errc::wrong_passphrase`.
BITSHARES_DECL result<keyring_info> inspect_keyring(std::span<std::uint8_t const> file,
                                                    keyring_limits const& limits = {});

/** Reads and opens a file.

    @par Errors
    As @ref read_private_file and @ref open_keyring.
*/
BITSHARES_DECL result<keyring> load_keyring(std::string const& path, std::string_view passphrase,
                                            file_access access = file_access::owner_only,
                                            keyring_limits const& limits = {});

/** Seals a keyring and writes it as @ref write_private_file does.

    Two programs that change one file at a time: the later one wins.
    @par Errors
    As @ref seal_keyring and @ref write_private_file.
*/
BITSHARES_DECL result<void> save_keyring(std::string const& path, keyring const& keys, std::string_view passphrase,
                                         existing_file existing = existing_file::keep,
                                         keyring_options const& options = {});

/** Puts a file under another passphrase: opened with the old one, sealed with the new one, replaced at once.

    Copies and backups of the file keep the old passphrase.
    @param options Cost and list of the new file; nothing: as in the old one.
    @par Errors
    As @ref load_keyring and @ref save_keyring; then the file is as before.
*/
BITSHARES_DECL result<void> change_keyring_passphrase(std::string const& path, std::string_view old_passphrase,
                                                      std::string_view new_passphrase,
                                                      std::optional<keyring_options> options = {},
                                                      file_access access = file_access::owner_only);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/wallet/keyring.ipp>
#endif
