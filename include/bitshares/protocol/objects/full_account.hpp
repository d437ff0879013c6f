#pragma once

#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/protocol/objects/htlc.hpp>
#include <bitshares/protocol/objects/market.hpp>
#include <bitshares/protocol/objects/proposal.hpp>
#include <bitshares/protocol/objects/vesting.hpp>
#include <bitshares/protocol/objects/voted_object.hpp>
#include <bitshares/protocol/objects/withdraw_permission.hpp>

#include <optional>
#include <string>
#include <vector>

/** @file
    An account with all that belongs to it.

    @par Source
    bitshares-core, libraries/app/include/graphene/app/full_account.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An account with all that belongs to it, each list up to `api_limit_get_full_accounts_lists`.
struct full_account
{
    /// Which lists were cut.
    struct more_data
    {
        bool balances = false;
        bool vesting_balances = false;
        bool limit_orders = false;
        bool call_orders = false;
        bool settle_orders = false;
        bool proposals = false;
        bool assets = false;
        bool withdraws_from = false;
        bool withdraws_to = false;
        bool htlcs_from = false;
        bool htlcs_to = false;

        friend bool operator==(more_data const&, more_data const&) = default;

        BITSHARES_FIELDS((balances), (vesting_balances), (limit_orders), (call_orders), (settle_orders), (proposals),
                         (assets), (withdraws_from), (withdraws_to), (htlcs_from), (htlcs_to))
    };

    account_object account;
    account_statistics_object statistics;
    std::string registrar_name;
    std::string referrer_name;
    std::string lifetime_referrer_name;
    std::vector<std::optional<voted_object>> votes;         ///< Witnesses, committee members, workers; absent: gone.
    std::optional<vesting_balance_object> cashback_balance; ///< Absent where it has none.
    std::vector<account_balance_object> balances;
    std::vector<vesting_balance_object> vesting_balances;
    std::vector<limit_order_object> limit_orders;
    std::vector<call_order_object> call_orders;
    std::vector<force_settlement_object> settle_orders;
    std::vector<proposal_object>
        proposals;                ///< That need its approval; empty from nodes without the api_helper_indexes plugin.
    std::vector<asset_id> assets; ///< That it issued.
    std::vector<withdraw_permission_object> withdraws_from;
    std::vector<withdraw_permission_object> withdraws_to;
    std::vector<htlc_object> htlcs_from;
    std::vector<htlc_object> htlcs_to;
    more_data more_data_available;

    friend bool operator==(full_account const&, full_account const&) = default;

    BITSHARES_FIELDS((account), (statistics), (registrar_name), (referrer_name), (lifetime_referrer_name), (votes),
                     (cashback_balance), (balances), (vesting_balances), (limit_orders), (call_orders), (settle_orders),
                     (proposals), (assets), (withdraws_from), (withdraws_to), (htlcs_from), (htlcs_to),
                     (more_data_available))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
