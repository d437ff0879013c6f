#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Locks core asset for voting power that grows with the time of the lock.

    @par Wire
    Tag 57; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `amount.amount > 0`, of the core asset; `target_type` is 1 to 4.
    @li `account` holds the amount.
*/
struct ticket_create
{
    asset fee; ///< Paid by `account`.
    account_id account;
    varuint target_type; ///< 0 liquid, 1 lock_180_days, 2 lock_360_days, 3 lock_720_days, 4 lock_forever.
    asset amount;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 57, .name = "ticket_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 5'000'000;

        static constexpr bool fixed = true; ///< The node takes these, whatever the schedule says.

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, amount);
    }

    friend bool operator==(ticket_create const&, ticket_create const&) = default;

    BITSHARES_FIELDS((fee), (account), (target_type), (amount), (extensions))
};

/** Sets another target for a ticket or a part of it.

    What is split off becomes a new ticket. A released ticket's amount comes back without an operation.

    @par Wire
    Tag 58; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `target_type` is 0 to 4; `amount_for_new_target.amount > 0`, of the core asset.
    @li `account` owns the ticket, which holds as much; the target differs, and lock_forever is not left.
*/
struct ticket_update
{
    asset fee; ///< Paid by `account`.
    ticket_id ticket;
    account_id account;
    varuint target_type;                        ///< As for @ref ticket_create.
    std::optional<asset> amount_for_new_target; ///< Unset: all of it.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 58, .name = "ticket_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 5'000'000;

        static constexpr bool fixed = true; ///< The node takes these, whatever the schedule says.

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(ticket_update const&, ticket_update const&) = default;

    BITSHARES_FIELDS((fee), (ticket), (account), (target_type), (amount_for_new_target), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/ticket.ipp>
#endif
