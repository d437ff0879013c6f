#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct ticket_create
{
    asset fee;
    account_id account;
    varuint target_type;
    asset amount;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 57, .name = "ticket_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 5000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, amount);
    }

    friend bool operator==(ticket_create const&, ticket_create const&) = default;

    BITSHARES_FIELDS((fee), (account), (target_type), (amount), (extensions))
};

struct ticket_update
{
    asset fee;
    ticket_id ticket;
    account_id account;
    varuint target_type;
    std::optional<asset> amount_for_new_target;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 58, .name = "ticket_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 5000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(ticket_update const&, ticket_update const&) = default;

    BITSHARES_FIELDS((fee), (ticket), (account), (target_type), (amount_for_new_target), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
