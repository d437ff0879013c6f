#pragma once

#include <bitshares/protocol/object_id.hpp>

/** @file
    SameT funds: loans within one transaction.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/samet_fund_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What anybody can borrow who pays it back in the same transaction.
struct samet_fund_object
{
    samet_fund_id id;
    account_id owner_account;
    asset_id asset_type;
    std::int64_t balance = 0;       ///< In the asset's smallest unit.
    std::uint32_t fee_rate = 0;     ///< Of what is borrowed; 1/1000000.
    std::int64_t unpaid_amount = 0; ///< 0 outside of a transaction.

    friend bool operator==(samet_fund_object const&, samet_fund_object const&) = default;

    BITSHARES_FIELDS((id), (owner_account), (asset_type), (balance), (fee_rate), (unpaid_amount))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
