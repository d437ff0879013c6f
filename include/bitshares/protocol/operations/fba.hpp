#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Says that an account got its share of a fee-backed asset's fees, at a maintenance.

    @par Wire
    Tag 44, virtual; fields in declaration order.
    @par Preconditions checked by the node
    Made by the chain alone: no transaction may hold it.
*/
struct fba_distribute
{
    asset fee; ///< Always 0.
    bitshares::account_id account_id;
    any_object_id fba_id;    ///< The accumulator, 2.16.x.
    std::int64_t amount = 0; ///< Of the core asset.

    static constexpr op_traits traits{.tag = 44, .name = "fba_distribute", .is_virtual = true};

    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    bitshares::account_id fee_payer() const { return account_id; }

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(account_id, asset{amount, core_asset});
    }

    friend bool operator==(fba_distribute const&, fba_distribute const&) = default;

    BITSHARES_FIELDS((fee), (account_id), (fba_id), (amount))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
