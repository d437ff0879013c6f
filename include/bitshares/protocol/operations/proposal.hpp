#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct op_wrapper; // <bitshares/protocol/operation.hpp>: it holds an operation, which may be a proposal

/** Proposes operations, which are executed once enough accounts have approved them.

    Nothing moves until then. Executed operations follow as virtual ones; each pays its own fee.

    @par Wire
    Tag 22; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `proposed_ops` is not empty, and each is valid by itself.
    @li `expiration_time` is after the head block's time, at most `maximum_proposal_lifetime` later.
    @li `review_period_seconds` is above 0 and shorter than the lifetime; the committee account demands
        `committee_proposal_review_period`.
    @li No operation needs authorities that are no account's (as `balance_claim`).
*/
struct proposal_create
{
    asset fee; ///< Paid by `fee_paying_account`.
    account_id fee_paying_account;
    time_point_sec expiration_time;
    std::vector<op_wrapper> proposed_ops;
    /// Before the expiration; in it approvals can only be withdrawn.
    std::optional<std::uint32_t> review_period_seconds;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 22, .name = "proposal_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;
        std::uint32_t price_per_kbyte = 10;

        /// Plus the bytes, those of the proposed operations included.
        template <class Calculation>
        detail::wide core_fee(proposal_create const& op, Calculation& c) const
        {
            return fee + c.data_fee(op, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return fee_paying_account; }
    BITSHARES_LAZY_DECL void validate(validation& v) const;

    friend bool operator==(proposal_create const&, proposal_create const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (expiration_time), (proposed_ops), (review_period_seconds),
                     (extensions))
};

/** Adds approvals to a proposal or withdraws them.

    Without a review period the proposal is executed as soon as it has enough.

    @par Wire
    Tag 23; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; something is added or removed, and nothing both.
    @li What is removed had been added.
    @li No key approval is added in the review period, nor one of an account.
*/
struct proposal_update
{
    asset fee; ///< Paid by `fee_paying_account`.
    account_id fee_paying_account;
    proposal_id proposal;
    flat_set<account_id> active_approvals_to_add;    ///< Needs the active authority of each.
    flat_set<account_id> active_approvals_to_remove; ///< Needs the active authority of each.
    flat_set<account_id> owner_approvals_to_add;     ///< Needs the owner authority of each.
    flat_set<account_id> owner_approvals_to_remove;  ///< Needs the owner authority of each.
    flat_set<public_key> key_approvals_to_add;       ///< Needs a signature of each.
    flat_set<public_key> key_approvals_to_remove;    ///< Needs a signature of each.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 23, .name = "proposal_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;
        std::uint32_t price_per_kbyte = 10;

        /// Plus the bytes.
        template <class Calculation>
        detail::wide core_fee(proposal_update const& op, Calculation& c) const
        {
            return fee + c.data_fee(op, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return fee_paying_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        for (auto const* accounts : {&active_approvals_to_add, &active_approvals_to_remove})
            for (account_id account : *accounts)
                visit.active(account);
        for (auto const* accounts : {&owner_approvals_to_add, &owner_approvals_to_remove})
            for (account_id account : *accounts)
                visit.owner(account);
        authority keys;
        for (auto const* approvals : {&key_approvals_to_add, &key_approvals_to_remove})
            for (public_key const& key : *approvals)
                keys.key_auths.insert({key, std::uint16_t{1}});
        keys.weight_threshold = static_cast<std::uint32_t>(keys.key_auths.size());
        visit.other(keys);
    }

    friend bool operator==(proposal_update const&, proposal_update const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (proposal), (active_approvals_to_add), (active_approvals_to_remove),
                     (owner_approvals_to_add), (owner_approvals_to_remove), (key_approvals_to_add),
                     (key_approvals_to_remove), (extensions))
};

/** Vetoes a proposal.

    @par Wire
    Tag 24; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `fee_paying_account` is among the accounts that the proposal needs: by owner or by active authority.
*/
struct proposal_delete
{
    asset fee; ///< Paid by `fee_paying_account`.
    account_id fee_paying_account;
    bool using_owner_authority = false; ///< The proposal needs the owner authority, and the veto has it.
    proposal_id proposal;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 24, .name = "proposal_delete"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return fee_paying_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(proposal_delete const&, proposal_delete const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (using_owner_authority), (proposal), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/proposal.ipp>
#endif
