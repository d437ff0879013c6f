#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct fba_distribute
{
    asset fee;
    bitshares::account_id account_id;
    any_object_id fba_id;
    std::int64_t amount = 0;

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
