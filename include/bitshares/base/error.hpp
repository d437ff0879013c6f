#pragma once

#include <bitshares/detail/config.hpp>

#include <boost/system/error_code.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

using boost::system::error_code;

/** What a client can meet on its own side; what a node answers is a `node_error`.

    Every distinguishable cause is an enumerator of its own. Name and message stand in `impl/base/error.ipp`,
    in a `switch` without `default`, so that the compiler finds a forgotten one.
*/
enum class errc
{
    // Reading bytes and text
    unexpected_end = 1, ///< The input ends inside a value.
    trailing_bytes,     ///< Something follows a whole value.
    unknown_tag,   ///< A static variant's or extension's tag is not known; in binary its length cannot be known either.
    unordered_tag, ///< Members of an extension are not in ascending order, or one stands twice.
    invalid_bool,  ///< A boolean byte other than 0 and 1.
    varint_overflow,    ///< A variable-length integer does not fit its type.
    value_out_of_range, ///< A number does not fit its type.
    wrong_type,         ///< A JSON value is not of the type that the member has.
    unknown_member,     ///< Strict reading: the type has no member of this name.
    missing_member,     ///< Strict reading: a member is not there.
    duplicate_member,   ///< Strict reading: a member stands twice.
    control_character,  ///< Strict reading: a string holds a control character that nodes misread.
    invalid_json,       ///< Not JSON, or not valid UTF-8.
    invalid_hex,        ///< Not an even number of hexadecimal digits, or not the number that the type has.
    invalid_base58,     ///< A character outside the alphabet, or a length that the type cannot have.
    invalid_checksum,   ///< The checksum of a key or address does not match.
    wrong_key_prefix,   ///< A key or address of another network.
    invalid_object_id,  ///< Not `space.type.instance`, or not of the space and type that the member has.
    invalid_vote_id,    ///< Not `type:instance`.
    invalid_time,       ///< Not `YYYY-MM-DDTHH:MM:SS`.
    invalid_amount,     ///< Not a decimal number of the asset's precision.
    invalid_price,      ///< Not a positive ratio of two assets, or not of these two.
    invalid_url,        ///< Not a node URL that the library understands.

    // Rules of the chain
    invalid_form,     ///< A rule of form is broken, which nodes check whatever the state of their chain.
    insufficient_fee, ///< A fee is lower than the operation costs.

    // Limits
    depth_limit,   ///< Nested deeper than `limits::max_depth`.
    element_limit, ///< More elements than `limits::max_elements`.
    string_limit,  ///< Longer than `limits::max_string_bytes`.
    size_limit,    ///< The whole input is larger than `limits::max_total_bytes`.
    memory_limit,  ///< The elements take more memory than `limits::max_memory_factor` or `max_memory_bytes` allows.

    // Connections and calls
    timed_out,            ///< The deadline passed.
    cancelled,            ///< Cancelled by the caller, or the client was destroyed.
    not_connected,        ///< There is no connection, and none is being made.
    connection_closed,    ///< The other side closed the connection.
    name_not_found,       ///< The host name has no address.
    resolver_busy,        ///< Every look-up of the resolver's pool hangs.
    tls_failed,           ///< The TLS handshake failed for another reason than the certificate.
    certificate_rejected, ///< The certificate is not trusted, is out of date, or is for another host name.
    handshake_refused,    ///< The server does not speak WebSocket at this path.
    proxy_refused,        ///< The proxy refused the connection or the credentials.
    message_too_large,    ///< A frame is larger than the limit for messages.
    invalid_reply,        ///< A frame that is not a JSON-RPC reply, or a result of another type than the method has.
    wrong_chain,          ///< The node serves another chain id than the client asked for.
    login_refused,        ///< The node does not take the user and password that the client was given.
    no_node,              ///< No node of the list could be used; the details name each one's error.
    maybe_applied,  ///< Sent once, as it may not be sent twice; the answer was lost, so the node may have done it.
    retry_budget,   ///< So many calls fail that a pool of nodes does not try them again.
    rate_limited,   ///< A pool could ask no node without asking it more often than its terms allow.
    no_quorum,      ///< Too few nodes said the same of the same block; the details name what each one said.
    duplicate_node, ///< A URL stands twice in a list of nodes.
    mixed_networks, ///< Nodes of two networks where all have to be of one.

    // Authorities
    missing_active_authority,   ///< The signatures do not satisfy an account's active authority.
    missing_owner_authority,    ///< The signatures do not satisfy an account's owner authority.
    missing_other_authority,    ///< Keys that an operation itself names did not sign.
    superfluous_signature,      ///< A signature is not needed; nodes refuse the transaction for it.
    duplicate_signature,        ///< A key signed twice.
    committee_approval,         ///< The committee account is needed; it acts by proposals only.
    account_not_given,          ///< An account's authorities are needed, and the source does not have it.
    invalid_restriction,        ///< A custom authority's restriction does not fit the operation's members.
    restriction_violated,       ///< The operation is not one that a custom authority allows.
    custom_authority_not_valid, ///< A custom authority is disabled, not yet or no longer valid.

    // Building and signing
    no_operations,           ///< A transaction without operations.
    expiration_out_of_range, ///< A time of expiration that the chain does not take.
    transaction_too_large,   ///< More bytes than the chain takes.
    signer_refused,          ///< The signer, or its owner, does not want to sign.
    wrong_signature,         ///< A signer gave a signature that is not canonical, or another key's.
    different_transactions,  ///< Signatures of different transactions, or for different chains, cannot be merged.
    unknown_format,          ///< A file of another kind or of a later version.

    // Outcomes
    asset_not_found,     ///< The node knows no such asset.
    transaction_expired, ///< Its time is over, and it is proven to be in no block: it can never be included.
    outcome_in_doubt, ///< The transaction may have been sent, and what became of it could not be found out; resume later.
    journal_damaged, ///< A record of the journal is not as it was written, and it is not the last.
    journal_in_use,  ///< Another process has the journal open.
    journal_conflict, ///< The journal has other bytes, which are not settled, under the same key; or it is of another chain.

    // Receipts
    wrong_transaction_id,    ///< The transaction is not the one that the receipt is for.
    wrong_merkle_root,       ///< The transaction is not in the block: its path does not lead to the block's root.
    broken_chain,            ///< A header does not follow the one before it.
    wrong_witness_signature, ///< A header is not signed by its witness's key.
    unknown_witness,         ///< The signing key of a header's witness is not known.

    // Subscriptions, histories and recordings
    gap_unfillable,     ///< No node has the events that come next; the details name them.
    history_incomplete, ///< The operations read are not all that the account's statistics count.
    http_refused,       ///< A server answered with an HTTP status that is an error; the details say which, and why.
    partial_reply,      ///< A server answers for a part of its data only, again and again.
    tie_too_large,      ///< More operations of one second than a server can be made to tell.
    account_not_found,  ///< The node knows no account of this name.
    amount_overflow,    ///< A ledger's balance would be past 64 bits: the history is of no chain.
    invalid_recording,  ///< A recording is damaged or lacks what is asked of it.
    file_error,         ///< A file cannot be read or written.

    // Wallet files
    wrong_passphrase,      ///< The passphrase or password is not the one that the file was written with.
    wallet_truncated,      ///< The file of a wallet ends too early.
    wallet_tampered,       ///< The file of a wallet is not as it was written.
    not_a_wallet,          ///< A file of another kind.
    wallet_version,        ///< A file of a later version than this library knows.
    scrypt_limit,          ///< The cost of trying a passphrase is beyond the limits.
    unknown_key,           ///< The keyring does not have this key.
    duplicate_key,         ///< The keyring has this key already.
    invalid_label,         ///< A label that is not UTF-8, has control characters, or is too long.
    unsupported_character, ///< A character that the file's format would lose.
    file_not_private,      ///< A file with secrets that others than its owner can read.
    file_exists,           ///< A file is there already, and was not to be replaced.

    // Keys and memos
    invalid_private_key, ///< Zero, not less than the order of the group, or not 32 bytes.
    wrong_wif_version,   ///< A private key's text of another network.
    invalid_public_key,  ///< Not a point of the curve.
    invalid_signature,   ///< No key can have made it.
    not_canonical,       ///< A signature in a form that nodes refuse.
    empty_brain_key,     ///< A brain key without a word.
    empty_password,      ///< A key of no password is everybody's.
    invalid_cipher_size, ///< Cipher text that is not a positive multiple of its cipher's blocks.
    invalid_padding,     ///< Decrypted with the wrong key, or damaged.
    memo_too_short,      ///< A memo without room for its checksum.
    wrong_memo_key       ///< A memo between others, or an encrypted one where no key was given.
};

/// The category of @ref errc; its `name()` is `"bitshares"`.
BITSHARES_DECL boost::system::error_category const& client_category() noexcept;

/// The enumerator's own name, such as `"unknown_member"`; stable, meant for programs.
BITSHARES_DECL char const* name(errc code) noexcept;

inline error_code make_error_code(errc code) noexcept
{
    return {static_cast<int>(code), client_category()};
}

/** Why a pure function failed: the code, where in the input, and what was found there.

    `path` is a JSON Pointer (RFC 6901) into the value that was read, also for binary input; empty for the value itself.
*/
class error
{
public:
    error() = default; // what `result::error()` gives where there is a value
    error(errc code, std::string detail = {},
          std::string path = {}) // NOLINT(google-explicit-constructor): `return errc::x;`
        : error(make_error_code(code), std::move(detail), std::move(path))
    {}
    error(error_code code, std::string detail, std::string path = {})
        : code_(code), detail_(std::move(detail)), path_(std::move(path))
    {}

    error_code const& code() const noexcept { return code_; }
    std::string const& detail() const noexcept { return detail_; }
    std::string const& path() const noexcept { return path_; }

    /// One line for a person: what, where, details.
    BITSHARES_DECL std::string message() const;

private:
    error_code code_;
    std::string detail_;
    std::string path_;
};

/// What `result<T>::value()` throws.
class exception : public std::runtime_error
{
public:
    explicit exception(bitshares::error error) : std::runtime_error(error.message()), error_(std::move(error)) {}

    bitshares::error const& error() const noexcept { return error_; }
    error_code const& code() const noexcept { return error_.code(); }

private:
    bitshares::error error_;
};

/// Found by `result::value()`.
[[noreturn]] BITSHARES_DECL void throw_exception_from_error(error const& e);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

template <>
struct boost::system::is_error_code_enum<bitshares::errc> : std::true_type
{};

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/base/error.ipp>
#endif
