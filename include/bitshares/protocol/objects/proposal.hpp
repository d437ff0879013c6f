#pragma once

#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/transaction.hpp>

#include <optional>
#include <string>

/** @file
    Proposed transactions.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/proposal_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A transaction that waits for approvals.
struct proposal_object
{
    proposal_id id;
    time_point_sec expiration_time;
    std::optional<time_point_sec> review_period_time; ///< From then on approvals can only be withdrawn.
    transaction proposed_transaction;
    flat_set<account_id> required_active_approvals;  ///< Accounts whose active authority it needs.
    flat_set<account_id> available_active_approvals; ///< Those that have given it.
    flat_set<account_id> required_owner_approvals;   ///< Accounts whose owner authority it needs.
    flat_set<account_id> available_owner_approvals;
    flat_set<public_key> available_key_approvals; ///< Keys that approved.
    account_id proposer;
    std::string fail_reason; ///< The node's words where execution failed; empty otherwise.

    friend bool operator==(proposal_object const&, proposal_object const&) = default;

    BITSHARES_FIELDS((id), (expiration_time), (review_period_time), (proposed_transaction), (required_active_approvals),
                     (available_active_approvals), (required_owner_approvals), (available_owner_approvals),
                     (available_key_approvals), (proposer), (fail_reason))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
