#pragma once

#include <bitshares/base/error.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

struct error_text
{
    char const* name;
    char const* message;
};

BITSHARES_DECL error_text text_of(errc code) noexcept
{
    switch (code)
    {
    case errc::unexpected_end: return {"unexpected_end", "the input ends inside a value"};
    case errc::trailing_bytes: return {"trailing_bytes", "something follows the value"};
    case errc::unknown_tag: return {"unknown_tag", "unknown tag of a static variant or extension"};
    case errc::unordered_tag:
        return {"unordered_tag", "members of an extension are repeated or not in ascending order"};
    case errc::invalid_bool: return {"invalid_bool", "a boolean byte is neither 0 nor 1"};
    case errc::varint_overflow: return {"varint_overflow", "a variable-length integer is too large"};
    case errc::value_out_of_range: return {"value_out_of_range", "a number does not fit its type"};
    case errc::wrong_type: return {"wrong_type", "a value of the wrong JSON type"};
    case errc::unknown_member: return {"unknown_member", "no member of this name"};
    case errc::missing_member: return {"missing_member", "a member is missing"};
    case errc::duplicate_member: return {"duplicate_member", "a member stands twice"};
    case errc::control_character:
        return {"control_character", "a control character other than tab, newline and return: nodes misread it"};
    case errc::invalid_json: return {"invalid_json", "not valid JSON in UTF-8"};
    case errc::invalid_hex: return {"invalid_hex", "not the expected hexadecimal digits"};
    case errc::invalid_base58: return {"invalid_base58", "not the expected base58 text"};
    case errc::invalid_checksum: return {"invalid_checksum", "the checksum does not match"};
    case errc::wrong_key_prefix: return {"wrong_key_prefix", "a key or address of another network"};
    case errc::invalid_object_id: return {"invalid_object_id", "not an object id of the expected space and type"};
    case errc::invalid_vote_id: return {"invalid_vote_id", "not a vote id (type:instance)"};
    case errc::invalid_time: return {"invalid_time", "not a time of the form YYYY-MM-DDTHH:MM:SS"};
    case errc::invalid_amount: return {"invalid_amount", "not a decimal number of the asset's precision"};
    case errc::invalid_price: return {"invalid_price", "not a positive ratio of the two assets"};
    case errc::invalid_url: return {"invalid_url", "not a node URL (ws://, wss://)"};
    case errc::invalid_form: return {"invalid_form", "breaks a rule of the chain"};
    case errc::insufficient_fee: return {"insufficient_fee", "the fee is too low"};
    case errc::depth_limit: return {"depth_limit", "nested deeper than the limit (max_depth)"};
    case errc::element_limit: return {"element_limit", "more elements than the limit (max_elements)"};
    case errc::string_limit: return {"string_limit", "a string longer than the limit (max_string_bytes)"};
    case errc::size_limit: return {"size_limit", "the input is larger than the limit (max_total_bytes)"};
    case errc::memory_limit:
        return {"memory_limit",
                "the elements take more memory than the limit for this input (max_memory_factor, max_memory_bytes)"};
    case errc::timed_out: return {"timed_out", "no answer before the deadline"};
    case errc::cancelled: return {"cancelled", "cancelled"};
    case errc::not_connected: return {"not_connected", "there is no connection"};
    case errc::connection_closed: return {"connection_closed", "the other side closed the connection"};
    case errc::name_not_found: return {"name_not_found", "the host name has no address"};
    case errc::resolver_busy: return {"resolver_busy", "all name look-ups hang; try again later or name an address"};
    case errc::tls_failed: return {"tls_failed", "the TLS handshake failed"};
    case errc::certificate_rejected:
        return {"certificate_rejected", "the server's certificate is not trusted or is for another host name"};
    case errc::handshake_refused: return {"handshake_refused", "the server does not speak WebSocket at this path"};
    case errc::proxy_refused: return {"proxy_refused", "the proxy refused"};
    case errc::message_too_large: return {"message_too_large", "a message is larger than the limit"};
    case errc::invalid_reply: return {"invalid_reply", "the node's reply is not what its method returns"};
    case errc::wrong_chain: return {"wrong_chain", "the node serves another chain"};
    case errc::login_refused: return {"login_refused", "the node does not take the user and password"};
    case errc::no_node: return {"no_node", "no node of the list could be used"};
    case errc::maybe_applied:
        return {"maybe_applied", "the answer was lost, and the node may have done what it was asked"};
    case errc::retry_budget: return {"retry_budget", "too many calls fail to try this one again"};
    case errc::rate_limited: return {"rate_limited", "no node may be asked so often; ask less, or name more nodes"};
    case errc::no_quorum: return {"no_quorum", "too few nodes said the same of the same block"};
    case errc::duplicate_node: return {"duplicate_node", "a node stands twice in the list"};
    case errc::mixed_networks: return {"mixed_networks", "the nodes are not of one network"};
    case errc::missing_active_authority:
        return {"missing_active_authority", "the signatures do not satisfy an active authority"};
    case errc::missing_owner_authority:
        return {"missing_owner_authority", "the signatures do not satisfy an owner authority"};
    case errc::missing_other_authority: return {"missing_other_authority", "keys that an operation names did not sign"};
    case errc::superfluous_signature: return {"superfluous_signature", "a signature is not needed"};
    case errc::duplicate_signature: return {"duplicate_signature", "a key signed twice"};
    case errc::committee_approval: return {"committee_approval", "the committee account may only act by a proposal"};
    case errc::account_not_given: return {"account_not_given", "an account's authorities are needed and not given"};
    case errc::invalid_restriction:
        return {"invalid_restriction", "a restriction does not fit the operation's members"};
    case errc::restriction_violated: return {"restriction_violated", "the operation violates a restriction"};
    case errc::custom_authority_not_valid:
        return {"custom_authority_not_valid", "the custom authority is not valid now"};
    case errc::no_operations: return {"no_operations", "a transaction without operations"};
    case errc::expiration_out_of_range:
        return {"expiration_out_of_range", "a time of expiration that the chain does not take"};
    case errc::transaction_too_large:
        return {"transaction_too_large", "the transaction has more bytes than the chain takes"};
    case errc::signer_refused: return {"signer_refused", "the signer does not want to sign"};
    case errc::wrong_signature: return {"wrong_signature", "not a canonical signature of the key that was asked for"};
    case errc::different_transactions: return {"different_transactions", "not the same transaction for the same chain"};
    case errc::unknown_format: return {"unknown_format", "a file of another kind or of a later version"};
    case errc::asset_not_found: return {"asset_not_found", "the node knows no such asset"};
    case errc::transaction_expired:
        return {"transaction_expired", "the transaction has expired and is in no block: it can never be included"};
    case errc::outcome_in_doubt:
        return {"outcome_in_doubt", "what became of the transaction is not known; it may have been sent: resume later"};
    case errc::journal_damaged: return {"journal_damaged", "the journal is damaged"};
    case errc::journal_in_use: return {"journal_in_use", "another process has the journal open"};
    case errc::journal_conflict:
        return {"journal_conflict", "the journal has another transaction under this key that is not settled"};
    case errc::wrong_transaction_id: return {"wrong_transaction_id", "not the transaction that the receipt is for"};
    case errc::wrong_merkle_root: return {"wrong_merkle_root", "the transaction is not in the block"};
    case errc::broken_chain: return {"broken_chain", "a block header does not follow the one before it"};
    case errc::wrong_witness_signature:
        return {"wrong_witness_signature", "a block header is not signed by its witness"};
    case errc::unknown_witness: return {"unknown_witness", "the signing key of a witness is not known"};
    case errc::gap_unfillable: return {"gap_unfillable", "no node has the events that come next"};
    case errc::history_incomplete: return {"history_incomplete", "operations are missing from the history"};
    case errc::http_refused: return {"http_refused", "the server refused"};
    case errc::partial_reply: return {"partial_reply", "the server answers for a part of its data only"};
    case errc::tie_too_large:
        return {"tie_too_large", "more operations have the same time than the server can be made to tell"};
    case errc::account_not_found: return {"account_not_found", "the node knows no such account"};
    case errc::amount_overflow: return {"amount_overflow", "a balance is past 64 bits"};
    case errc::invalid_recording: return {"invalid_recording", "the recording is damaged or incomplete"};
    case errc::file_error: return {"file_error", "a file cannot be read or written"};
    case errc::wrong_passphrase:
        return {"wrong_passphrase", "not this file's passphrase: type it again, or take the file that belongs to it"};
    case errc::wallet_truncated:
        return {"wallet_truncated", "the wallet's file ends too early: copy it again from where it came from"};
    case errc::wallet_tampered:
        return {"wallet_tampered",
                "the wallet's file was changed since it was written: use nothing of it, take another copy"};
    case errc::not_a_wallet: return {"not_a_wallet", "not a wallet of this format: see which program wrote the file"};
    case errc::wallet_version:
        return {"wallet_version", "a wallet's file of a later version: read it with the program that wrote it"};
    case errc::scrypt_limit:
        return {"scrypt_limit", "scrypt's parameters are beyond the limits: where you trust the file, allow more"};
    case errc::unknown_key: return {"unknown_key", "the keyring does not have this key"};
    case errc::duplicate_key: return {"duplicate_key", "the keyring has this key already"};
    case errc::invalid_label: return {"invalid_label", "a label is to be short UTF-8 without control characters"};
    case errc::unsupported_character:
        return {"unsupported_character", "a character that the file's format would lose: leave the text out"};
    case errc::file_not_private:
        return {"file_not_private", "others than its owner can read this file: chmod 600 it, and change what it holds"};
    case errc::file_exists: return {"file_exists", "the file exists already: name another, or allow to replace it"};
    case errc::invalid_private_key: return {"invalid_private_key", "not a private key"};
    case errc::wrong_wif_version: return {"wrong_wif_version", "a private key of another network"};
    case errc::invalid_public_key: return {"invalid_public_key", "not a public key: no point of the curve"};
    case errc::invalid_signature: return {"invalid_signature", "no key can have made this signature"};
    case errc::not_canonical: return {"not_canonical", "a signature in a form that nodes refuse"};
    case errc::empty_brain_key: return {"empty_brain_key", "a brain key without a word"};
    case errc::empty_password: return {"empty_password", "an empty password"};
    case errc::invalid_cipher_size: return {"invalid_cipher_size", "the cipher text is not of whole blocks"};
    case errc::invalid_padding: return {"invalid_padding", "decrypted with the wrong key, or damaged"};
    case errc::memo_too_short: return {"memo_too_short", "the memo has no room for its checksum"};
    case errc::wrong_memo_key: return {"wrong_memo_key", "the memo is not this key's"};
    }
    return {"unknown", "unknown error"};
}

class client_category_type final : public boost::system::error_category
{
public:
    char const* name() const noexcept override { return "bitshares"; }
    std::string message(int value) const override { return text_of(static_cast<errc>(value)).message; }
};

} // namespace detail

BITSHARES_DECL boost::system::error_category const& client_category() noexcept
{
    static detail::client_category_type const category;
    return category;
}

BITSHARES_DECL char const* name(errc code) noexcept
{
    return detail::text_of(code).name;
}

BITSHARES_DECL std::string error::message() const
{
    std::string text = code_.message();
    if (!path_.empty())
        text += " at " + path_;
    if (!detail_.empty())
        text += ": " + detail_;
    return text;
}

BITSHARES_DECL void throw_exception_from_error(error const& e)
{
    throw exception(e);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
