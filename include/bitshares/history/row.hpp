#pragma once

#include <bitshares/history/record.hpp>
#include <bitshares/protocol/asset.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What an operation means for one account: a row of an export, with ids where @ref history_labels has the names.

    Everything but the amounts is found by walking the types' tables, so that a new operation needs nothing here.
*/
struct history_row
{
    history_record const* record = nullptr; ///< Outlives the row.
    account_id account;                     ///< Whose history it is.
    std::string role;        ///< Members in which the account stands, as `seller`; those of the result as `result.…`.
    std::vector<asset> sent; ///< What the account gave: out of its balance, or out of what was locked before.
    std::vector<asset> received;            ///< What the account got, before @ref fee.
    std::optional<asset> fee;               ///< What the account paid as a fee; absent if nothing.
    std::vector<account_id> counterparties; ///< Other accounts in the operation and its result, in order of appearance.
    std::vector<asset_id> assets;           ///< Of the amounts above and of the result.
    std::string memo;                       ///< `encrypted`, or the text of a memo that is in clear.
    std::string_view transaction_id;        ///< In hexadecimal; empty where unknown, or where there is none.
    detail::type_info const* operation_type = nullptr; ///< So that only @ref classify needs the table of operations.
};

/** Fills `row`, whose memory is used again.

    Amounts: what the operation's own `balance_moves` says; where it cannot know, the result does: an exchange's `paid` and
    `received`, the asset that a cancellation returns, the `paid` and `received` of a settlement or repayment.
*/
BITSHARES_LAZY_DECL void classify(history_record const& record, account_id account, history_row& row);

namespace detail {

/// `transfer`; `unknown_78` for a tag that this version does not know.
BITSHARES_DECL void append_type_name(std::string& out, operation const& op);

/// Calls `on_account(path)` and `on_asset` for what the value holds. The path's parts are members' names.
class id_walker
{
public:
    virtual void on_account(account_id id, std::vector<std::string_view> const& path) = 0;
    virtual void on_asset(asset_id id) = 0;

    BITSHARES_DECL void walk(type_info const& type, void const* value);

protected:
    ~id_walker() = default;
    std::vector<std::string_view> path_;
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/row.ipp>
#endif
