// Text as the JSON of an object of the chain, by its id, and of what nodes make of several of them.

#include "json.hpp"

#include <bitshares/protocol/objects.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/login.hpp>

#include <utility>
#include <vector>

namespace {

using namespace bitshares;
using target = void (*)(std::uint8_t const*, std::size_t);

constexpr std::pair<any_object_id, target> by_id[] = {
    {account_id(), &fuzz::json_target<account_object>},
    {asset_id(), &fuzz::json_target<extended_asset_object>},
    {force_settlement_id(), &fuzz::json_target<force_settlement_object>},
    {committee_member_id(), &fuzz::json_target<committee_member_object>},
    {witness_id(), &fuzz::json_target<witness_object>},
    {limit_order_id(), &fuzz::json_target<limit_order_object>},
    {call_order_id(), &fuzz::json_target<call_order_object>},
    {proposal_id(), &fuzz::json_target<proposal_object>},
    {operation_history_id(), &fuzz::json_target<operation_history_object>},
    {withdraw_permission_id(), &fuzz::json_target<withdraw_permission_object>},
    {vesting_balance_id(), &fuzz::json_target<vesting_balance_object>},
    {worker_id(), &fuzz::json_target<worker_object>},
    {balance_id(), &fuzz::json_target<balance_object>},
    {htlc_id(), &fuzz::json_target<htlc_object>},
    {custom_authority_id(), &fuzz::json_target<custom_authority_object>},
    {ticket_id(), &fuzz::json_target<ticket_object>},
    {liquidity_pool_id(), &fuzz::json_target<extended_liquidity_pool_object>},
    {samet_fund_id(), &fuzz::json_target<samet_fund_object>},
    {credit_offer_id(), &fuzz::json_target<credit_offer_object>},
    {credit_deal_id(), &fuzz::json_target<credit_deal_object>},
    {global_property_id(), &fuzz::json_target<global_property_object>},
    {dynamic_global_property_id(), &fuzz::json_target<dynamic_global_property_object>},
    {asset_dynamic_data_id(), &fuzz::json_target<asset_dynamic_data_object>},
    {asset_bitasset_data_id(), &fuzz::json_target<asset_bitasset_data_object>},
    {account_balance_id(), &fuzz::json_target<account_balance_object>},
    {account_statistics_id(), &fuzz::json_target<account_statistics_object>},
    {transaction_history_id(), &fuzz::json_target<transaction_history_object>},
    {account_history_id(), &fuzz::json_target<account_history_object>},
    {blinded_balance_id(), &fuzz::json_target<blinded_balance_object>},
    {chain_property_id(), &fuzz::json_target<chain_property_object>},
    {witness_schedule_id(), &fuzz::json_target<witness_schedule_object>},
    {budget_record_id(), &fuzz::json_target<budget_record_object>},
    {fba_accumulator_id(), &fuzz::json_target<fba_accumulator_object>},
    {collateral_bid_id(), &fuzz::json_target<collateral_bid_object>},
    {order_history_id(), &fuzz::json_target<order_history_object>},
    {bucket_id(), &fuzz::json_target<bucket_object>},
    {market_ticker_id(), &fuzz::json_target<market_ticker_object>},
    {liquidity_pool_history_id(), &fuzz::json_target<liquidity_pool_history_object>},
    {account_storage_id(), &fuzz::json_target<account_storage_object>}};

constexpr target replies[] = {&fuzz::json_target<flat_map<std::string, full_account>>,
                              &fuzz::json_target<order_book>,
                              &fuzz::json_target<std::vector<market_ticker>>,
                              &fuzz::json_target<std::vector<market_trade>>,
                              &fuzz::json_target<std::vector<limit_order_group>>,
                              &fuzz::json_target<std::vector<std::optional<account_object>>>,
                              &fuzz::json_target<flat_map<std::uint32_t, std::optional<maybe_signed_block_header>>>,
                              &fuzz::json_target<application_options>};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const head = from_json<object>(fuzz::text_of(data, size));
    bool known = false;
    for (auto const& [id, run] : by_id)
        if (head && head->id != any_object_id() && id.space() == head->id.space() && id.type() == head->id.type())
        {
            run(data, size);
            known = true;
        }
    if (!known)
        for (target const run : replies)
            run(data, size);
    return 0;
}
