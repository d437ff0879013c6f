#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct op_wrapper; // protocol/operation.hpp

struct proposal_create
{
    asset fee;
    account_id fee_paying_account;
    time_point_sec expiration_time;
    std::vector<op_wrapper> proposed_ops;
    std::optional<std::uint32_t> review_period_seconds;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 22, .name = "proposal_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;
        std::uint32_t price_per_kbyte = 10;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return fee_paying_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(proposal_create const&, proposal_create const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (expiration_time), (proposed_ops), (review_period_seconds), (extensions))
};

struct proposal_update
{
    asset fee;
    account_id fee_paying_account;
    proposal_id proposal;
    flat_set<account_id> active_approvals_to_add;
    flat_set<account_id> active_approvals_to_remove;
    flat_set<account_id> owner_approvals_to_add;
    flat_set<account_id> owner_approvals_to_remove;
    flat_set<public_key> key_approvals_to_add;
    flat_set<public_key> key_approvals_to_remove;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 23, .name = "proposal_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;
        std::uint32_t price_per_kbyte = 10;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return fee_paying_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(proposal_update const&, proposal_update const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (proposal), (active_approvals_to_add), (active_approvals_to_remove), (owner_approvals_to_add), (owner_approvals_to_remove), (key_approvals_to_add), (key_approvals_to_remove), (extensions))
};

struct proposal_delete
{
    asset fee;
    account_id fee_paying_account;
    bool using_owner_authority = false;
    proposal_id proposal;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 24, .name = "proposal_delete"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return fee_paying_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(proposal_delete const&, proposal_delete const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (using_owner_authority), (proposal), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
