#pragma once

#include <bitshares/crypto/private_key.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What is done to a brain key before it is hashed: wallets differ, and so do the keys of a phrase with small letters.
enum class brain_key_form
{
    cli_wallet, ///< ASCII white space is trimmed and runs of it are one blank; a to z become A to Z.
    verbatim, ///< Letters stay as they are, as in bitshares-ui and python-bitshares; Unicode's white space is trimmed, too.
    exact     ///< Nothing is changed, white space included, as in cli_wallet's `derive_owner_keys_from_brain_key`.
};

/// The phrase as it is hashed.
BITSHARES_DECL secure_string normalize_brain_key(std::string_view text, brain_key_form form);

/** The key number `sequence` of a phrase: sha256(sha512(phrase + " " + sequence)).

    @par Errors
    @li `errc::empty_brain_key`: nothing but white space.
    @li `errc::invalid_private_key`: the hash is none; nobody will find such a phrase.
    @par Source
    bitshares-core, `derive_private_key` and `normalize_brain_key` in libraries/wallet; for the verbatim form bitsharesjs.
*/
BITSHARES_DECL result<private_key> brain_key(std::string_view text, std::uint64_t sequence, brain_key_form form);

/** The key of an account that logs in with a password: sha256(account + role + password).

    @param role `"owner"`, `"active"` or `"memo"`.
    @par Errors
    @li `errc::empty_password`: every account would have a key that anybody can compute.
    @li `errc::invalid_private_key`: the hash is none; nobody will find such a password.
    @par Source
    bitshares-ui. White space stays as it is; bitsharesjs' `Login` collapses it, which its wallet does not.
*/
BITSHARES_DECL result<private_key> password_key(std::string_view account, std::string_view role,
                                                std::string_view password);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/brain_key.ipp>
#endif
