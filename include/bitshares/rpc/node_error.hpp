#pragma once

#include <bitshares/base/result.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** The codes that nodes of bitshares-core refuse calls with, by the names that they give them.

    @par Source
    bitshares-core, exceptions.hpp of libraries/protocol and libraries/chain; the first five are JSON-RPC's.
*/
enum class node_errc : std::int64_t
{
    invalid_json = -32700,                   ///< The text that was sent is no JSON.
    invalid_request = -32600,                ///< No request: a batch, or without id, method or params.
    unknown_method = -32601,                 ///< The node knows no such API or method.
    named_parameters = -32602,               ///< Parameters by name.
    internal_error = -32603,                 ///< A fault inside the node.
    unspecified_exception = 0,               ///< No other code fits.
    unhandled_exception = 1,                 ///< An exception that nobody expected.
    timeout_exception = 2,                   ///< Something took too long.
    parse_error_exception = 4,               ///< An argument cannot be read.
    invalid_arg_exception = 5,               ///< An argument is not allowed.
    key_not_found_exception = 6,             ///< There is no such key.
    bad_cast_exception = 7,                  ///< An argument is of the wrong type.
    out_of_range_exception = 8,              ///< A value is out of range.
    assert_exception = 10,                   ///< A check failed; the message is the check. The commonest code by far.
    eof_exception = 11,                      ///< A text ended too early.
    std_exception = 13,                      ///< Another C++ exception, whose mangled name is the name.
    null_optional = 16,                      ///< A value is absent.
    aes_exception = 18,                      ///< Encryption failed.
    overflow_exception = 19,                 ///< A number is too large.
    underflow_exception = 20,                ///< A number is too small.
    divide_by_zero_exception = 21,           ///< A division by zero.
    method_not_found_exception = 22,         ///< There is no such method; answered as -32601.
    chain_exception = 3000000,               ///< Of the chain, without a code of its own.
    database_query_exception = 3010000,      ///< A query failed.
    block_validate_exception = 3020000,      ///< A block is not valid.
    transaction_process_exception = 3030000, ///< A transaction cannot be processed.
    duplicate_transaction = 3030001,         ///< This node already has the transaction, pending or included.
    operation_validate_exception = 3040000,  ///< An operation is malformed; its own codes: plus 100 * tag.
    operation_evaluate_exception = 3050000,  ///< An operation cannot be applied; its own: plus 100 * tag.
    utility_exception = 3060000,             ///< A helper failed.
    undo_database_exception = 3070000,       ///< Undoing failed.
    pop_empty_chain = 3070001,               ///< There is no block to take back.
    unlinkable_block_exception = 3080000,    ///< A block does not follow any known one.
    black_swan_exception = 3090000,          ///< Debt is not covered by its collateral.
    plugin_exception = 3100000,              ///< A plugin failed.
    insufficient_feeds = 37006,              ///< Too few price feeds.
    transfer_from_account_not_whitelisted = 3050001,           ///< The asset's lists forbid the sender.
    transfer_to_account_not_whitelisted = 3050002,             ///< The asset's lists forbid the recipient.
    transfer_restricted_transfer_asset = 3050003,              ///< The asset moves from and to its issuer only.
    limit_order_create_kill_unfilled = 3050101,                ///< A fill-or-kill order could not be filled.
    limit_order_create_market_not_whitelisted = 3050102,       ///< The market is not on the asset's white list.
    limit_order_create_market_blacklisted = 3050103,           ///< The market is on the asset's black list.
    limit_order_create_selling_asset_unauthorized = 3050104,   ///< The account may not hold what it sells.
    limit_order_create_receiving_asset_unauthorized = 3050105, ///< The account may not hold what it would get.
    limit_order_create_insufficient_balance = 3050106,         ///< The account does not have what it sells.
    limit_order_cancel_nonexist_order = 3050201,               ///< There is no such order.
    limit_order_cancel_owner_mismatch = 3050202,               ///< The order is another account's.
    call_order_update_unfilled_margin_call = 3050301,          ///< A margin call could not be filled.
    account_create_max_auth_exceeded = 3050501,                ///< An authority has too many members.
    account_create_auth_account_not_found = 3050502,           ///< An authority names an account that does not exist.
    account_create_buyback_incorrect_issuer = 3050503, ///< Only the issuer of the asset may make its buyback account.
    account_create_buyback_already_exists = 3050504,   ///< The asset has a buyback account.
    account_create_buyback_too_many_markets = 3050505, ///< Too many markets for a buyback account.
    account_update_max_auth_exceeded = 3050601,        ///< An authority has too many members.
    account_update_auth_account_not_found = 3050602,   ///< An authority names an account that does not exist.
    asset_reserve_invalid_on_mia = 3051501,            ///< A market-issued asset cannot be reserved.
    proposal_create_review_period_required = 3052201,  ///< The proposal needs a review period.
    proposal_create_review_period_insufficient = 3052202, ///< The review period is too short.
    balance_claim_claimed_too_often = 3053701,            ///< Claims of one balance are too close together.
    balance_claim_invalid_claim_amount = 3053702,         ///< More is claimed than can be.
    balance_claim_owner_mismatch = 3053703,               ///< The key is not the balance's.
    override_transfer_not_permitted = 3053801,            ///< The issuer may not override transfers of the asset.
    blind_transfer_unknown_commitment = 3054001,          ///< There is no such confidential balance.
    liquidity_pool_exchange_unfillable_price = 3056301,   ///< The pool gives less than was asked for.
    limit_order_update_nonexist_order = 3057701,          ///< There is no such order.
    limit_order_update_owner_mismatch = 3057702,          ///< The order is another account's.
    internal_exception = 3990000,                         ///< A fault inside the node.
    protocol_exception = 4000000,                         ///< Of the protocol, without a code of its own.
    transaction_exception = 4010000,                      ///< Of a transaction, without a code of its own.
    tx_missing_active_auth = 4010001,                     ///< An active authority is not satisfied by the signatures.
    tx_missing_owner_auth = 4010002,                      ///< An owner authority is not satisfied by the signatures.
    tx_missing_other_auth = 4010003,      ///< An authority of a key or balance is not satisfied by the signatures.
    tx_irrelevant_sig = 4010004,          ///< A signature is not needed, which is an error.
    tx_duplicate_sig = 4010005,           ///< The same signature stands twice.
    invalid_committee_approval = 4010006, ///< The committee account acts by proposals only.
    insufficient_fee = 4010007,           ///< A fee is lower than required.
};

/// The name that nodes give to a code, as in @ref node_error::name; empty for an unknown code, and for JSON-RPC's own.
constexpr std::string_view name_of(node_errc code) noexcept
{
    switch (code)
    {
    case node_errc::unhandled_exception: return "unhandled_exception";
    case node_errc::timeout_exception: return "timeout_exception";
    case node_errc::parse_error_exception: return "parse_error_exception";
    case node_errc::invalid_arg_exception: return "invalid_arg_exception";
    case node_errc::key_not_found_exception: return "key_not_found_exception";
    case node_errc::bad_cast_exception: return "bad_cast_exception";
    case node_errc::out_of_range_exception: return "out_of_range_exception";
    case node_errc::assert_exception: return "assert_exception";
    case node_errc::eof_exception: return "eof_exception";
    case node_errc::std_exception: return "std_exception";
    case node_errc::null_optional: return "null_optional";
    case node_errc::aes_exception: return "aes_exception";
    case node_errc::overflow_exception: return "overflow_exception";
    case node_errc::underflow_exception: return "underflow_exception";
    case node_errc::divide_by_zero_exception: return "divide_by_zero_exception";
    case node_errc::method_not_found_exception: return "method_not_found_exception";
    case node_errc::chain_exception: return "chain_exception";
    case node_errc::database_query_exception: return "database_query_exception";
    case node_errc::block_validate_exception: return "block_validate_exception";
    case node_errc::transaction_process_exception: return "transaction_process_exception";
    case node_errc::duplicate_transaction: return "duplicate_transaction";
    case node_errc::operation_validate_exception: return "operation_validate_exception";
    case node_errc::operation_evaluate_exception: return "operation_evaluate_exception";
    case node_errc::utility_exception: return "utility_exception";
    case node_errc::undo_database_exception: return "undo_database_exception";
    case node_errc::pop_empty_chain: return "pop_empty_chain";
    case node_errc::unlinkable_block_exception: return "unlinkable_block_exception";
    case node_errc::black_swan_exception: return "black_swan_exception";
    case node_errc::plugin_exception: return "plugin_exception";
    case node_errc::insufficient_feeds: return "insufficient_feeds";
    case node_errc::transfer_from_account_not_whitelisted: return "transfer_from_account_not_whitelisted";
    case node_errc::transfer_to_account_not_whitelisted: return "transfer_to_account_not_whitelisted";
    case node_errc::transfer_restricted_transfer_asset: return "transfer_restricted_transfer_asset";
    case node_errc::limit_order_create_kill_unfilled: return "limit_order_create_kill_unfilled";
    case node_errc::limit_order_create_market_not_whitelisted: return "limit_order_create_market_not_whitelisted";
    case node_errc::limit_order_create_market_blacklisted: return "limit_order_create_market_blacklisted";
    case node_errc::limit_order_create_selling_asset_unauthorized:
        return "limit_order_create_selling_asset_unauthorized";
    case node_errc::limit_order_create_receiving_asset_unauthorized:
        return "limit_order_create_receiving_asset_unauthorized";
    case node_errc::limit_order_create_insufficient_balance: return "limit_order_create_insufficient_balance";
    case node_errc::limit_order_cancel_nonexist_order: return "limit_order_cancel_nonexist_order";
    case node_errc::limit_order_cancel_owner_mismatch: return "limit_order_cancel_owner_mismatch";
    case node_errc::call_order_update_unfilled_margin_call: return "call_order_update_unfilled_margin_call";
    case node_errc::account_create_max_auth_exceeded: return "account_create_max_auth_exceeded";
    case node_errc::account_create_auth_account_not_found: return "account_create_auth_account_not_found";
    case node_errc::account_create_buyback_incorrect_issuer: return "account_create_buyback_incorrect_issuer";
    case node_errc::account_create_buyback_already_exists: return "account_create_buyback_already_exists";
    case node_errc::account_create_buyback_too_many_markets: return "account_create_buyback_too_many_markets";
    case node_errc::account_update_max_auth_exceeded: return "account_update_max_auth_exceeded";
    case node_errc::account_update_auth_account_not_found: return "account_update_auth_account_not_found";
    case node_errc::asset_reserve_invalid_on_mia: return "asset_reserve_invalid_on_mia";
    case node_errc::proposal_create_review_period_required: return "proposal_create_review_period_required";
    case node_errc::proposal_create_review_period_insufficient: return "proposal_create_review_period_insufficient";
    case node_errc::balance_claim_claimed_too_often: return "balance_claim_claimed_too_often";
    case node_errc::balance_claim_invalid_claim_amount: return "balance_claim_invalid_claim_amount";
    case node_errc::balance_claim_owner_mismatch: return "balance_claim_owner_mismatch";
    case node_errc::override_transfer_not_permitted: return "override_transfer_not_permitted";
    case node_errc::blind_transfer_unknown_commitment: return "blind_transfer_unknown_commitment";
    case node_errc::liquidity_pool_exchange_unfillable_price: return "liquidity_pool_exchange_unfillable_price";
    case node_errc::limit_order_update_nonexist_order: return "limit_order_update_nonexist_order";
    case node_errc::limit_order_update_owner_mismatch: return "limit_order_update_owner_mismatch";
    case node_errc::internal_exception: return "internal_exception";
    case node_errc::protocol_exception: return "protocol_exception";
    case node_errc::transaction_exception: return "transaction_exception";
    case node_errc::tx_missing_active_auth: return "tx_missing_active_auth";
    case node_errc::tx_missing_owner_auth: return "tx_missing_owner_auth";
    case node_errc::tx_missing_other_auth: return "tx_missing_other_auth";
    case node_errc::tx_irrelevant_sig: return "tx_irrelevant_sig";
    case node_errc::tx_duplicate_sig: return "tx_duplicate_sig";
    case node_errc::invalid_committee_approval: return "invalid_committee_approval";
    case node_errc::insufficient_fee: return "insufficient_fee";
    case node_errc::unknown_method: return "method_not_found_exception";
    case node_errc::unspecified_exception: return "exception";
    case node_errc::invalid_json:
    case node_errc::invalid_request:
    case node_errc::named_parameters:
    case node_errc::internal_error: break;
    }
    return {};
}

/** What a node says when it refuses a call: an answer, not a fault of the connection.

    Codes and names are bitshares-core's (see @ref node_errc): 10 `assert_exception`, 3030001 `duplicate_transaction`,
    4010001 `tx_missing_active_auth` ...; a newer node may have others.
*/
class node_error
{
public:
    node_error() = default;

    node_error(std::int64_t code, std::string message, std::string name = {}, std::string stack_json = {})
        : code_(code), message_(std::move(message)), name_(std::move(name)), stack_json_(std::move(stack_json))
    {}

    std::int64_t code() const noexcept { return code_; }

    /// `if (e == node_errc::duplicate_transaction)`.
    friend bool operator==(node_error const& e, node_errc code) noexcept
    {
        return e.code_ == static_cast<std::int64_t>(code);
    }

    /// In the node's words; empty only where the node has none.
    std::string const& message() const noexcept { return message_; }

    /// The exception's name, such as `"assert_exception"`; empty where the node does not tell.
    std::string const& name() const noexcept { return name_; }

    /// JSON array of the node's log messages, which hold the values that the assertion was about; empty without one.
    std::string const& stack_json() const noexcept { return stack_json_; }

    friend bool operator==(node_error const&, node_error const&) = default;

private:
    std::int64_t code_ = 0;
    std::string message_;
    std::string name_;
    std::string stack_json_;
};

/** Whether a node refused for a limit of its own: more was asked for at once than its operator allows, or another node may.

    @par Source
    bitshares-core, `libraries/app`: `limit <= configured_limit: limit can not be greater than 100`; before there were options,
    `limit <= 100`.
*/
inline bool is_limit_refusal(node_error const& e) noexcept
{
    if (!(e == node_errc::assert_exception))
        return false;
    for (std::string_view const words : {"<= configured_limit", "limit <= ", "api_limit_"})
        if (e.message().find(words) != std::string::npos)
            return true;
    return false;
}

/// What `reply<T>::value()` throws.
class node_refused : public std::runtime_error
{
public:
    explicit node_refused(node_error error) : std::runtime_error(error.message()), error_(std::move(error)) {}

    node_error const& error() const noexcept { return error_; }

private:
    node_error error_;
};

/// Found by `result::value()`.
[[noreturn]] inline void throw_exception_from_error(node_error const& e)
{
    throw node_refused(e);
}

/** A node's answer to a call: the value, or the node's refusal.

    `if (r)`, `*r`, `r.error()`; `r.value()` throws @ref node_refused.
*/
template <class T>
using reply = result<T, node_error>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
