#pragma once

#include <bitshares/base/flat_set.hpp>
#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>
#include <bitshares/crypto/secure_bytes.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/wallet/keyring.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/** @file
    The wallet file of bitshares-core's cli_wallet, `wallet.json`.

    Its keys are under AES with SHA-512 of the password: whoever has the file tries passwords at the speed of a hash. Nothing else
    in it is encrypted, and nothing says whether the rest was changed.
    @par Source
    bitshares-core, `wallet_data` and `plain_keys` in libraries/wallet.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A key to which the wallet's owner gave a name: accounts and contacts of blinded transfers.
struct cli_wallet_label
{
    std::string label;
    public_key key;

    friend bool operator==(cli_wallet_label const&, cli_wallet_label const&) = default;

    BITSHARES_FIELDS((label), (key))
};

/// A wallet of cli_wallet with its keys in clear. Move-only.
struct cli_wallet
{
    chain_id_type chain_id;
    std::vector<raw_json> my_accounts; ///< Account objects as the node gave them when the wallet was saved.
    /// Each key's label is the wallet's own for it, or else the name of the account it was imported for. Labels are not
    /// written: `labeled_keys` is.
    keyring keys;
    flat_map<account_id, flat_set<public_key>> extra_keys; ///< For which accounts keys were imported.
    /// Registrations under way, as the file has them. With private keys in clear, which cli_wallet writes so.
    raw_json pending_account_registrations{"[]"};
    raw_json pending_witness_registrations{"[]"};
    std::vector<cli_wallet_label> labeled_keys;
    std::vector<raw_json> blind_receipts;
    std::string ws_server; ///< The node that the wallet asks.
    std::string ws_user;
    std::string ws_password; ///< In clear in the file.
};

/// How wallet files of cli_wallet are read and written.
struct cli_wallet_options
{
    std::string_view key_prefix = "BTS"; ///< Of the network.
    std::size_t max_file_bytes = std::size_t{64} << 20;
    std::size_t max_keys = 10'000;
};

/** Reads a wallet file.

    Every key is checked against the public key that the file says it has.
    @par Errors
    @li `errc::wrong_passphrase`: the password is not the file's.
    @li `errc::wallet_truncated`: the file, or what is encrypted in it, ends too early.
    @li `errc::wallet_tampered`: the password is right, but encrypted bytes were changed. Where *all* the encrypted bytes were,
        nothing can tell it from a wrong password.
    @li `errc::not_a_wallet`: JSON, but not of this kind.
    @li `errc::invalid_json` and other errors of @ref from_json; a locked wallet's file is the same as an unlocked one's.
    @li `errc::size_limit`, `errc::element_limit`
*/
BITSHARES_DECL result<cli_wallet> read_cli_wallet(std::string_view file, std::string_view password,
                                                  cli_wallet_options const& options = {});

/** The wallet as a file that cli_wallet opens: JSON, but without cli_wallet's line breaks.

    The encrypted bytes are those that cli_wallet writes for the same keys and password.
    @par Errors
    @li `errc::empty_password`
*/
BITSHARES_DECL result<std::string> write_cli_wallet(cli_wallet const& wallet, std::string_view password,
                                                    cli_wallet_options const& options = {});

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/wallet/cli_wallet.ipp>
#endif
