#pragma once

#include <bitshares/detail/wide.hpp>
#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>

#include <cstdint>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

class validation; // <bitshares/protocol/validation.hpp>

/** What the list of operations knows of one of them; the member `traits` of every operation.

    An operation also has: `asset fee`; `fee_parameters`, the numbers that price it, with the values of a new chain;
    `account_id fee_payer() const`, whose active authority is required; unless it is virtual, `void validate(validation&) const`,
    the chain's rules of form; BITSHARES_FIELDS; and, where its own members
    tell that an account gives or gets something, `balance_moves(visit)`, which calls `visit.sent(account_id, asset
    const&)` and `visit.received(account_id, asset const&)`. The fee is none of these moves, nor is what only the
    operation's result tells. Where more than the fee payer's active authority is needed, `required_authorities(visit)`
    calls `visit.active(account_id)`, `visit.owner(account_id)` and `visit.other(authority const&)` for it.
*/
struct op_traits
{
    std::uint8_t tag;        ///< On the wire and in JSON.
    std::string_view name;   ///< The chain's, without `_operation`.
    bool is_virtual = false; ///< Made by the chain, never in a transaction. (It makes virtual forms of others, too.)
};

namespace detail {

// What goes in or out by a signed amount.
template <class Visit>
void visit_sent(Visit&& visit, account_id who, asset const& delta)
{
    if (delta.amount > 0)
        visit.sent(who, delta);
    else if (delta.amount < 0)
        visit.received(who, negated(delta));
}

template <class Visit>
void visit_received(Visit&& visit, account_id who, asset const& delta)
{
    if (delta.amount > 0)
        visit.received(who, delta);
    else if (delta.amount < 0)
        visit.sent(who, negated(delta));
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
