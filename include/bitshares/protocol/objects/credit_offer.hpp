#pragma once

#include <bitshares/base/flat_set.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/time_point.hpp>

/** @file
    Loans against collateral.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/credit_offer_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An amount that is lent against collateral.
struct credit_offer_object
{
    credit_offer_id id;
    account_id owner_account;
    asset_id asset_type;
    std::int64_t total_balance = 0;   ///< Lent out and not; in the asset's smallest unit.
    std::int64_t current_balance = 0; ///< Not lent out.
    std::uint32_t fee_rate = 0;       ///< Of what is borrowed; 1/1000000.
    std::uint32_t max_duration_seconds = 0;
    std::int64_t min_deal_amount = 0;
    bool enabled = false;
    time_point_sec auto_disable_time;
    flat_map<asset_id, price> acceptable_collateral; ///< By asset: `base` is the asset lent, `quote` the collateral.
    flat_map<account_id, std::int64_t> acceptable_borrowers; ///< The most that each may owe at a time; empty: anybody.

    friend bool operator==(credit_offer_object const&, credit_offer_object const&) = default;

    BITSHARES_FIELDS((id), (owner_account), (asset_type), (total_balance), (current_balance), (fee_rate),
                     (max_duration_seconds), (min_deal_amount), (enabled), (auto_disable_time), (acceptable_collateral),
                     (acceptable_borrowers))
};

/// A loan.
struct credit_deal_object
{
    credit_deal_id id;
    account_id borrower;
    credit_offer_id offer_id;
    account_id offer_owner;
    asset_id debt_asset;
    std::int64_t debt_amount = 0; ///< In its asset's smallest unit, without the fee.
    asset_id collateral_asset;
    std::int64_t collateral_amount = 0; ///< In its asset's smallest unit.
    std::uint32_t fee_rate = 0;         ///< 1/1000000.
    time_point_sec latest_repay_time;
    std::uint8_t auto_repay = 0; ///< 0 no, 1 only in full, 2 as far as the balance goes.

    friend bool operator==(credit_deal_object const&, credit_deal_object const&) = default;

    BITSHARES_FIELDS((id), (borrower), (offer_id), (offer_owner), (debt_asset), (debt_amount), (collateral_asset),
                     (collateral_amount), (fee_rate), (latest_repay_time), (auto_repay))
};

/// What a borrower owes to an offer.
struct credit_deal_summary_object
{
    credit_deal_summary_id id;
    account_id borrower;
    credit_offer_id offer_id;
    account_id offer_owner;
    asset_id debt_asset;
    std::int64_t total_debt_amount = 0; ///< In the asset's smallest unit.

    friend bool operator==(credit_deal_summary_object const&, credit_deal_summary_object const&) = default;

    BITSHARES_FIELDS((id), (borrower), (offer_id), (offer_owner), (debt_asset), (total_debt_amount))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
