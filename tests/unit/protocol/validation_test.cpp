#include "support/recordings.hpp"
#include "support/vectors.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/protocol/validation.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace bts = bitshares;
using bts::account_id;
using bts::asset;
using bts::asset_id;
using bts::errc;
using bts::operation;
using test::json_value;
using namespace bts;

namespace {

constexpr asset_id core = core_asset;
constexpr account_id alice{17}, bob{18}, carol{19};
constexpr std::int64_t most = 1'000'000'000'000'000;

std::string const long_url(127, 'u');

authority by_account(account_id id)
{
    authority a;
    a.weight_threshold = 1;
    a.account_auths = {{id, std::uint16_t{1}}};
    return a;
}

fixed_bytes<33> commitment_of(std::uint8_t first)
{
    fixed_bytes<33> c;
    c.data[0] = 2;
    c.data[1] = first;
    return c;
}

blind_output output_of(std::uint8_t first)
{
    blind_output o;
    o.commitment = commitment_of(first);
    o.owner = by_account(alice);
    return o;
}

blind_input input_of(std::uint8_t first)
{
    blind_input i;
    i.commitment = commitment_of(first);
    i.owner = by_account(alice);
    return i;
}

asset_options good_options(asset_id id)
{
    asset_options o;
    o.core_exchange_rate = {{1, core}, {3, id}};
    return o;
}

public_key some_key(std::uint8_t last)
{
    public_key k;
    k.data[0] = 2;
    k.data[32] = last;
    return k;
}

// One operation of each type that breaks no rule.
template <class Operation>
Operation good()
{
    Operation op{};
    if constexpr (requires { op.fee; })
        op.fee = {100, core};
    return op;
}

template <>
transfer good()
{
    transfer op;
    op.from = alice;
    op.to = bob;
    op.amount = {1, core};
    return op;
}
template <>
override_transfer good()
{
    override_transfer op;
    op.issuer = carol;
    op.from = alice;
    op.to = bob;
    op.amount = {1, asset_id{7}};
    return op;
}
template <>
limit_order_create good()
{
    limit_order_create op;
    op.seller = alice;
    op.amount_to_sell = {5, core};
    op.min_to_receive = {1, asset_id{7}};
    create_take_profit_order_action action;
    action.spread_percent = 100;
    action.expiration_seconds = 3'600;
    op.extensions.on_fill = {action};
    return op;
}
template <>
limit_order_update good()
{
    limit_order_update op;
    op.seller = alice;
    op.new_price = price{{1, core}, {2, asset_id{7}}};
    op.delta_amount_to_sell = asset{-1, core};
    op.on_fill = good<limit_order_create>().extensions.on_fill;
    return op;
}
template <>
call_order_update good()
{
    call_order_update op;
    op.funding_account = alice;
    op.delta_collateral = {5, core};
    op.delta_debt = {0, asset_id{7}};
    return op;
}
template <>
bid_collateral good()
{
    bid_collateral op;
    op.bidder = alice;
    op.additional_collateral = {5, core};
    op.debt_covered = {1, asset_id{7}};
    return op;
}
template <>
account_create good()
{
    account_create op;
    op.registrar = op.referrer = alice;
    op.name = "new-one";
    op.owner = op.active = by_account(bob);
    op.options.votes = {vote_id{vote_id::witness, 1}, vote_id{vote_id::witness, 2}, vote_id{vote_id::committee, 3}};
    op.options.num_witness = 2;
    op.options.num_committee = 1;
    return op;
}
account_create good_buyback()
{
    auto op = good<account_create>();
    op.owner = op.active = by_account(reserved_accounts::null);
    op.extensions.buyback_options = buyback_account_options{asset_id{7}, alice, {asset_id{8}, asset_id{9}}};
    return op;
}
template <>
account_update good()
{
    account_update op;
    op.account = alice;
    op.owner = op.active = by_account(bob);
    op.new_options.emplace();
    return op;
}
template <>
asset_create good()
{
    asset_create op;
    op.issuer = alice;
    op.symbol = "GOLD.A";
    op.precision = 12;
    op.common_options = good_options(asset_id{1});
    return op;
}
asset_create good_bitasset()
{
    auto op = good<asset_create>();
    op.common_options.issuer_permissions = 79 | asset_flags::global_settle;
    op.bitasset_opts.emplace();
    op.bitasset_opts->extensions.initial_collateral_ratio = std::uint16_t{1'001};
    op.bitasset_opts->extensions.maintenance_collateral_ratio = std::uint16_t{32'000};
    return op;
}
asset_create good_prediction_market()
{
    auto op = good_bitasset();
    op.is_prediction_market = true;
    return op;
}
template <>
asset_update good()
{
    asset_update op;
    op.issuer = alice;
    op.asset_to_update = asset_id{7};
    op.new_options = good_options(asset_id{7});
    op.new_options.flags = asset_flags::white_list;
    op.new_options.whitelist_authorities = {alice};
    op.new_options.blacklist_authorities = {bob};
    op.new_options.whitelist_markets = {asset_id{1}, asset_id{2}};
    op.new_options.blacklist_markets = {asset_id{3}};
    op.new_options.extensions.reward_percent = std::uint16_t{10'000};
    return op;
}
template <>
asset_update_issuer good()
{
    asset_update_issuer op;
    op.issuer = alice;
    op.new_issuer = bob;
    return op;
}
template <>
asset_issue good()
{
    asset_issue op;
    op.asset_to_issue = {most, asset_id{7}};
    return op;
}
template <>
asset_reserve good()
{
    asset_reserve op;
    op.amount_to_reserve = {most, core};
    return op;
}
template <>
asset_fund_fee_pool good()
{
    asset_fund_fee_pool op;
    op.amount = 1;
    return op;
}
template <>
asset_claim_fees good()
{
    asset_claim_fees op;
    op.amount_to_claim = {1, asset_id{7}};
    op.extensions.claim_from_asset_id = asset_id{8};
    return op;
}
template <>
asset_claim_pool good()
{
    asset_claim_pool op;
    op.asset_id = asset_id{7};
    op.amount_to_claim = {1, core};
    return op;
}
template <>
asset_publish_feed good()
{
    asset_publish_feed op;
    op.asset_id = asset_id{7};
    op.feed.settlement_price = {{1, asset_id{7}}, {2, core}};
    op.feed.core_exchange_rate = {{1, asset_id{7}}, {2, core}};
    op.extensions.initial_collateral_ratio = std::uint16_t{2'000};
    return op;
}
template <>
asset_global_settle good()
{
    asset_global_settle op;
    op.asset_to_settle = asset_id{7};
    op.settle_price = {{1, asset_id{7}}, {2, core}};
    return op;
}
template <>
witness_update good()
{
    witness_update op;
    op.new_url = std::string(126, 'u');
    return op;
}
template <>
committee_member_update good()
{
    committee_member_update op;
    op.new_url = std::string(126, 'u');
    return op;
}
template <>
proposal_create good()
{
    proposal_create op;
    op.fee_paying_account = alice;
    op.proposed_ops.push_back({good<transfer>()});
    op.proposed_ops.push_back({good<limit_order_create>()});
    return op;
}
template <>
proposal_update good()
{
    proposal_update op;
    op.active_approvals_to_add = {alice, bob};
    op.active_approvals_to_remove = {carol};
    op.owner_approvals_to_add = {alice};
    op.key_approvals_to_add = {some_key(1)};
    return op;
}
template <>
withdraw_permission_create good()
{
    withdraw_permission_create op;
    op.withdraw_from_account = alice;
    op.authorized_account = bob;
    op.withdrawal_limit = {1, core};
    op.withdrawal_period_sec = op.periods_until_expiration = 1;
    return op;
}
template <>
withdraw_permission_update good()
{
    withdraw_permission_update op;
    op.withdraw_from_account = alice;
    op.authorized_account = bob;
    op.withdrawal_limit = {1, core};
    op.withdrawal_period_sec = op.periods_until_expiration = 1;
    return op;
}
template <>
withdraw_permission_claim good()
{
    withdraw_permission_claim op;
    op.withdraw_from_account = alice;
    op.withdraw_to_account = bob;
    op.amount_to_withdraw = {1, core};
    return op;
}
template <>
withdraw_permission_delete good()
{
    withdraw_permission_delete op;
    op.withdraw_from_account = alice;
    op.authorized_account = bob;
    return op;
}
template <>
vesting_balance_create good()
{
    vesting_balance_create op;
    op.amount = {1, core};
    return op;
}
template <>
vesting_balance_withdraw good()
{
    vesting_balance_withdraw op;
    op.amount = {1, core};
    return op;
}
template <>
worker_create good()
{
    worker_create op;
    op.work_end_date = time_point_sec{1};
    op.daily_pay = most - 1;
    op.name = std::string(62, 'n');
    op.url = std::string(126, 'u');
    return op;
}
template <>
balance_claim good()
{
    balance_claim op;
    op.balance_owner_key = some_key(1);
    return op;
}
template <>
transfer_to_blind good()
{
    transfer_to_blind op;
    op.amount = {1, core};
    op.outputs = {output_of(1), output_of(2), output_of(3)};
    return op;
}
template <>
blind_transfer good()
{
    blind_transfer op;
    op.inputs = {input_of(1), input_of(2)};
    op.outputs = {output_of(1), output_of(2), output_of(3)};
    return op;
}
template <>
transfer_from_blind good()
{
    transfer_from_blind op;
    op.amount = {1, core};
    op.inputs = {input_of(1), input_of(2)};
    return op;
}
template <>
htlc_create good()
{
    htlc_create op;
    op.amount = {1, core};
    return op;
}
template <>
custom_authority_create good()
{
    custom_authority_create op;
    op.account = alice;
    op.valid_to = time_point_sec{1};
    op.auth = by_account(bob);
    return op;
}
template <>
custom_authority_update good()
{
    custom_authority_update op;
    op.account = alice;
    op.new_valid_from = time_point_sec{1};
    op.new_valid_to = time_point_sec{2};
    op.new_auth = by_account(bob);
    return op;
}
template <>
ticket_create good()
{
    ticket_create op;
    op.target_type = varuint{4};
    op.amount = {1, core};
    return op;
}
template <>
ticket_update good()
{
    ticket_update op;
    op.target_type = varuint{4};
    op.amount_for_new_target = asset{1, core};
    return op;
}
template <>
liquidity_pool_create good()
{
    liquidity_pool_create op;
    op.asset_a = asset_id{1};
    op.asset_b = asset_id{2};
    op.share_asset = asset_id{3};
    op.taker_fee_percent = op.withdrawal_fee_percent = 10'000;
    return op;
}
template <>
liquidity_pool_update good()
{
    liquidity_pool_update op;
    op.taker_fee_percent = std::uint16_t{10'000};
    op.withdrawal_fee_percent = std::uint16_t{0};
    return op;
}
template <>
liquidity_pool_deposit good()
{
    liquidity_pool_deposit op;
    op.amount_a = {1, asset_id{1}};
    op.amount_b = {1, asset_id{2}};
    return op;
}
template <>
liquidity_pool_withdraw good()
{
    liquidity_pool_withdraw op;
    op.share_amount = {1, asset_id{3}};
    return op;
}
template <>
liquidity_pool_exchange good()
{
    liquidity_pool_exchange op;
    op.amount_to_sell = {1, asset_id{1}};
    op.min_to_receive = {1, asset_id{2}};
    return op;
}
template <>
samet_fund_create good()
{
    samet_fund_create op;
    op.balance = 1;
    return op;
}
template <>
samet_fund_update good()
{
    samet_fund_update op;
    op.delta_amount = asset{-1, core};
    return op;
}
template <>
samet_fund_borrow good()
{
    samet_fund_borrow op;
    op.borrow_amount = {1, core};
    return op;
}
template <>
samet_fund_repay good()
{
    samet_fund_repay op;
    op.repay_amount = {1, core};
    return op;
}
template <>
credit_offer_create good()
{
    credit_offer_create op;
    op.asset_type = asset_id{1};
    op.balance = 1;
    op.max_duration_seconds = 380 * 86'400;
    op.acceptable_collateral = {{core, price{{1, asset_id{1}}, {2, core}}},
                                {asset_id{2}, price{{1, asset_id{1}}, {2, asset_id{2}}}}};
    op.acceptable_borrowers = {{alice, std::int64_t{0}}, {bob, most}};
    return op;
}
template <>
credit_offer_update good()
{
    auto const offer = good<credit_offer_create>();
    credit_offer_update op;
    op.delta_amount = asset{-1, asset_id{1}};
    op.max_duration_seconds = offer.max_duration_seconds;
    op.min_deal_amount = most;
    op.acceptable_collateral = offer.acceptable_collateral;
    op.acceptable_borrowers = offer.acceptable_borrowers;
    return op;
}
template <>
credit_offer_accept good()
{
    credit_offer_accept op;
    op.borrow_amount = {1, core};
    op.collateral = {1, asset_id{1}};
    op.extensions.auto_repay = std::uint8_t{2};
    return op;
}
template <>
credit_deal_repay good()
{
    credit_deal_repay op;
    op.repay_amount = {1, core};
    return op;
}

// A rule of an operation, broken; all else about the operation is good.
struct broken_rule
{
    std::string path;
    std::string text; // begins the rule
    operation bad;
};

class table
{
public:
    std::vector<operation> good_ones;
    std::vector<broken_rule> rules;

    // The operation that the following rules are of.
    template <class Operation>
    class of_operation
    {
    public:
        of_operation(table& t, Operation op) : table_(t), op_(std::move(op)) { table_.good_ones.emplace_back(op_); }

        template <class Break>
        of_operation& rule(std::string path, std::string text, Break&& breaks)
        {
            Operation bad = op_;
            breaks(bad);
            table_.rules.push_back({std::move(path), std::move(text), operation(std::move(bad))});
            return *this;
        }
        of_operation& fee()
        {
            return rule("/fee/amount", "must not be negative", [](Operation& op) { op.fee.amount = -1; });
        }
        template <class Member>
        of_operation& positive(std::string name, Member member)
        {
            rule('/' + name + "/amount", "must be above 0", [member](Operation& op) { (op.*member).amount = 0; });
            return rule('/' + name + "/amount", "must be above 0",
                        [member](Operation& op) { (op.*member).amount = -1; });
        }

    private:
        table& table_;
        Operation op_;
    };

    template <class Operation>
    of_operation<Operation> of(Operation op = good<Operation>())
    {
        return {*this, std::move(op)};
    }
};

// Rules of `options`, which several operations have.
template <class Operation, class Get>
void rules_of_asset_options(table::of_operation<Operation>&& o, std::string const& at, Get get)
{
    auto const rule = [&](char const* member, char const* text, auto breaks) {
        o.rule(at + member, text, [&](Operation& op) { breaks(get(op)); });
    };
    rule("/max_supply", "must be above 0", [](asset_options& a) { a.max_supply = 0; });
    rule("/max_supply", "must be at most 10^15", [](asset_options& a) { a.max_supply = most + 1; });
    rule("/market_fee_percent", "must be at most 10000", [](asset_options& a) { a.market_fee_percent = 10'001; });
    rule("/extensions/taker_fee_percent", "must be at most 10000",
         [](asset_options& a) { a.extensions.taker_fee_percent = std::uint16_t{10'001}; });
    rule("/max_market_fee", "must be from 0", [](asset_options& a) { a.max_market_fee = -1; });
    rule("/max_market_fee", "must be from 0", [](asset_options& a) { a.max_market_fee = most + 1; });
    rule("/flags", "global_settle", [](asset_options& a) { a.flags |= asset_flags::global_settle; });
    rule("/flags", "either witnesses",
         [](asset_options& a) { a.flags |= asset_flags::witness_fed_asset | asset_flags::committee_fed_asset; });
    rule("/core_exchange_rate/base/amount", "must be above 0",
         [](asset_options& a) { a.core_exchange_rate.base.amount = 0; });
    rule("/core_exchange_rate/quote/amount", "must be above 0",
         [](asset_options& a) { a.core_exchange_rate.quote.amount = -1; });
    rule("/core_exchange_rate/quote/asset_id", "must be another asset",
         [](asset_options& a) { a.core_exchange_rate.quote.asset_id = a.core_exchange_rate.base.asset_id; });
    rule("/core_exchange_rate", "one side must be the core",
         [](asset_options& a) { a.core_exchange_rate.base.asset_id = asset_id{99}; });
    rule("/whitelist_authorities", "needs the flag", [](asset_options& a) {
        a.flags = 0;
        a.whitelist_authorities = {alice};
        a.blacklist_authorities = {};
    });
    rule("/blacklist_authorities", "needs the flag", [](asset_options& a) {
        a.flags = 0;
        a.whitelist_authorities = {};
        a.blacklist_authorities = {alice};
    });
    rule("/whitelist_markets/1", "stands in", [](asset_options& a) {
        a.whitelist_markets = {asset_id{1}, asset_id{2}};
        a.blacklist_markets = {asset_id{2}, asset_id{3}};
    });
    rule("/extensions/reward_percent", "must be at most 10000",
         [](asset_options& a) { a.extensions.reward_percent = std::uint16_t{10'001}; });
}

template <class Operation, class Get>
void rules_of_bitasset_options(table::of_operation<Operation>&& o, std::string const& at, Get get)
{
    auto const rule = [&](char const* member, char const* text, auto breaks) {
        o.rule(at + member, text, [&](Operation& op) { breaks(get(op)); });
    };
    rule("/minimum_feeds", "must be above 0", [](bitasset_options& b) { b.minimum_feeds = 0; });
    rule("/force_settlement_offset_percent", "must be at most 10000",
         [](bitasset_options& b) { b.force_settlement_offset_percent = 10'001; });
    rule("/maximum_force_settlement_volume", "must be at most 10000",
         [](bitasset_options& b) { b.maximum_force_settlement_volume = 10'001; });
    rule("/extensions/margin_call_fee_ratio", "must be at most 32000",
         [](bitasset_options& b) { b.extensions.margin_call_fee_ratio = std::uint16_t{32'001}; });
    for (std::uint16_t const ratio : {std::uint16_t{1'000}, std::uint16_t{32'001}})
    {
        rule("/extensions/initial_collateral_ratio", "must be from 1001",
             [ratio](bitasset_options& b) { b.extensions.initial_collateral_ratio = ratio; });
        rule("/extensions/maintenance_collateral_ratio", "must be from 1001",
             [ratio](bitasset_options& b) { b.extensions.maintenance_collateral_ratio = ratio; });
        rule("/extensions/maximum_short_squeeze_ratio", "must be from 1001",
             [ratio](bitasset_options& b) { b.extensions.maximum_short_squeeze_ratio = ratio; });
    }
    rule("/extensions/force_settle_fee_percent", "must be at most 10000",
         [](bitasset_options& b) { b.extensions.force_settle_fee_percent = std::uint16_t{10'001}; });
    rule("/extensions/black_swan_response_method", "must be from 0 to 3",
         [](bitasset_options& b) { b.extensions.black_swan_response_method = std::uint8_t{4}; });
}

template <class Operation, class Get>
void rules_of_authority(table::of_operation<Operation>&& o, std::string const& at, bool may_be_empty, Get get)
{
    if (!may_be_empty)
        o.rule(at, "must not be empty", [&](Operation& op) { get(op) = authority{}; });
    o.rule(at + "/address_auths", "must be empty",
           [&](Operation& op) { get(op).address_auths = {{address{}, std::uint16_t{1}}}; });
    o.rule(at + "/weight_threshold", "must not be above the sum", [&](Operation& op) { get(op).weight_threshold = 2; });
}

template <class Operation, class Get>
void rules_of_account_options(table::of_operation<Operation>&& o, std::string const& at, Get get)
{
    o.rule(at + "/num_witness", "must not be above", [&](Operation& op) { get(op).num_witness = 3; });
    o.rule(at + "/num_committee", "must not be above", [&](Operation& op) { get(op).num_committee = 2; });
}

template <class Operation, class Get>
void rules_of_action(table::of_operation<Operation>&& o, std::string const& at, Get get)
{
    auto const rule = [&](char const* member, char const* text, auto breaks) {
        o.rule(at + member, text,
               [&](Operation& op) { breaks(std::get<create_take_profit_order_action>(get(op)->at(0))); });
    };
    using action = create_take_profit_order_action;
    rule("/0/spread_percent", "must be above 0", [](action& a) { a.spread_percent = 0; });
    rule("/0/size_percent", "must be from 1", [](action& a) { a.size_percent = 0; });
    rule("/0/size_percent", "must be from 1", [](action& a) { a.size_percent = 10'001; });
    rule("/0/expiration_seconds", "must be above 0", [](action& a) { a.expiration_seconds = 0; });
}

void rules_of_chain_parameters(table& t)
{
    auto o = t.of<committee_member_update_global_parameters>();
    o.fee();
    auto const rule = [&](std::string const& member, char const* text, void (*breaks)(chain_parameters&)) {
        o.rule("/new_parameters/" + member, text, [&](auto& op) { breaks(op.new_parameters); });
    };
    using p = chain_parameters;
    rule("reserve_percent_of_fee", "must be at most 10000", [](p& x) { x.reserve_percent_of_fee = 10'001; });
    rule("network_percent_of_fee", "must be at most 10000", [](p& x) { x.network_percent_of_fee = 10'001; });
    rule("lifetime_referrer_percent_of_fee", "must be at most 10000", [](p& x) {
        x.network_percent_of_fee = 0;
        x.lifetime_referrer_percent_of_fee = 10'001;
    });
    rule("lifetime_referrer_percent_of_fee", "must be at most 10000 together",
         [](p& x) { x.lifetime_referrer_percent_of_fee = 8'001; });
    rule("block_interval", "must be from 1", [](p& x) { x.block_interval = 0; });
    rule("block_interval", "must be from 1", [](p& x) { x.block_interval = 31; });
    rule("maintenance_interval", "must be above", [](p& x) { x.maintenance_interval = 5; });
    rule("maintenance_interval", "must be a multiple", [](p& x) { x.maintenance_interval = 11; });
    rule("maximum_transaction_size", "must be at least 1024", [](p& x) { x.maximum_transaction_size = 1'023; });
    rule("maximum_block_size", "must be at least 5120", [](p& x) { x.maximum_block_size = 5'119; });
    rule("maximum_time_until_expiration", "must be above", [](p& x) { x.maximum_time_until_expiration = 5; });
    rule("maximum_proposal_lifetime", "must be above",
         [](p& x) { x.maximum_proposal_lifetime = x.committee_proposal_review_period + 5; });
    rule("extensions/market_fee_network_percent", "must be at most 3000",
         [](p& x) { x.extensions.market_fee_network_percent = std::uint16_t{3'001}; });
    rule("extensions/maker_fee_discount_percent", "must be at most 10000",
         [](p& x) { x.extensions.maker_fee_discount_percent = std::uint16_t{10'001}; });
}

table const& all_rules()
{
    static table const rules = [] {
        table t;
        t.of<transfer>()
            .fee()
            .rule("/to", "must be another account", [](transfer& op) { op.to = op.from; })
            .positive("amount", &transfer::amount);
        t.of<override_transfer>()
            .fee()
            .rule("/to", "must be another account", [](override_transfer& op) { op.to = op.from; })
            .positive("amount", &override_transfer::amount)
            .rule("/from", "must be another account", [](override_transfer& op) { op.from = op.issuer; });

        t.of<limit_order_create>()
            .fee()
            .rule("/min_to_receive/asset_id", "must be another asset",
                  [](limit_order_create& op) { op.min_to_receive.asset_id = core; })
            .positive("amount_to_sell", &limit_order_create::amount_to_sell)
            .positive("min_to_receive", &limit_order_create::min_to_receive);
        rules_of_action(t.of<limit_order_create>(), "/extensions/on_fill",
                        [](limit_order_create& op) { return &*op.extensions.on_fill; });
        t.of<limit_order_update>()
            .fee()
            .rule("", "must change something",
                  [](limit_order_update& op) {
                      op.new_price.reset();
                      op.delta_amount_to_sell.reset();
                      op.on_fill.reset();
                  })
            .rule("/new_price/base/amount", "must be above 0",
                  [](limit_order_update& op) { op.new_price->base.amount = 0; })
            .rule("/new_price/quote/amount", "must be above 0",
                  [](limit_order_update& op) { op.new_price->quote.amount = 0; })
            .rule("/new_price/quote/asset_id", "must be another asset",
                  [](limit_order_update& op) { op.new_price->quote.asset_id = core; })
            .rule("/delta_amount_to_sell/amount", "must not be 0",
                  [](limit_order_update& op) { op.delta_amount_to_sell->amount = 0; });
        rules_of_action(t.of<limit_order_update>(), "/on_fill", [](limit_order_update& op) { return &*op.on_fill; });
        t.of<limit_order_cancel>().fee();
        t.of<call_order_update>()
            .fee()
            .rule("/delta_debt/asset_id", "must be another asset",
                  [](call_order_update& op) { op.delta_debt.asset_id = core; })
            .rule("", "must change collateral", [](call_order_update& op) { op.delta_collateral.amount = 0; });
        t.of<bid_collateral>()
            .fee()
            .rule("/debt_covered/amount", "must not be negative",
                  [](bid_collateral& op) { op.debt_covered.amount = -1; })
            .positive("additional_collateral", &bid_collateral::additional_collateral);

        auto create = t.of<account_create>().fee();
        for (char const* name : {"", "Alice", "1lice", "alice-", "al..ice", "alice.", ".alice", "al_ice", "-alice"})
            create.rule("/name", "must be an account name", [name](account_create& op) { op.name = name; });
        create.rule("/name", "must be an account name", [](account_create& op) { op.name = std::string(64, 'a'); });
        create.rule("/referrer_percent", "must be at most 10000",
                    [](account_create& op) { op.referrer_percent = 10'001; });
        create.rule("/extensions/owner_special_authority/num_top_holders", "must be above 0", [](account_create& op) {
            op.extensions.owner_special_authority = top_holders_special_authority{core, 0};
        });
        create.rule("/extensions/active_special_authority/num_top_holders", "must be above 0", [](account_create& op) {
            op.extensions.active_special_authority = top_holders_special_authority{core, 0};
        });
        rules_of_authority(t.of<account_create>(), "/owner", false,
                           [](account_create& op) -> authority& { return op.owner; });
        rules_of_authority(t.of<account_create>(), "/active", false,
                           [](account_create& op) -> authority& { return op.active; });
        rules_of_account_options(t.of<account_create>(), "/options",
                                 [](account_create& op) -> account_options& { return op.options; });
        t.of(good_buyback())
            .rule("/extensions/owner_special_authority", "must not be set",
                  [](account_create& op) { op.extensions.owner_special_authority = no_special_authority{}; })
            .rule("/extensions/active_special_authority", "must not be set",
                  [](account_create& op) { op.extensions.active_special_authority = no_special_authority{}; })
            .rule("/owner", "must be the null account", [](account_create& op) { op.owner = by_account(alice); })
            .rule("/active", "must be the null account", [](account_create& op) { op.active = by_account(alice); })
            .rule("/extensions/buyback_options/markets", "must not be empty",
                  [](account_create& op) { op.extensions.buyback_options->markets = {}; })
            .rule("/extensions/buyback_options/markets/1", "must be another asset",
                  [](account_create& op) { op.extensions.buyback_options->asset_to_buy = asset_id{9}; });
        t.of<account_update>()
            .fee()
            .rule("/account", "must not be temp", [](account_update& op) { op.account = reserved_accounts::temp; })
            .rule("/account", "must not be committee",
                  [](account_update& op) { op.account = reserved_accounts::committee; })
            .rule("", "must change something",
                  [](account_update& op) {
                      op.owner.reset();
                      op.active.reset();
                      op.new_options.reset();
                  })
            .rule("/extensions/owner_special_authority/num_top_holders", "must be above 0",
                  [](account_update& op) {
                      op.extensions.owner_special_authority = top_holders_special_authority{core, 0};
                  })
            .rule("/extensions/active_special_authority/num_top_holders", "must be above 0", [](account_update& op) {
                op.extensions.active_special_authority = top_holders_special_authority{core, 0};
            });
        rules_of_authority(t.of<account_update>(), "/owner", false,
                           [](account_update& op) -> authority& { return *op.owner; });
        rules_of_authority(t.of<account_update>(), "/active", false,
                           [](account_update& op) -> authority& { return *op.active; });
        rules_of_account_options(t.of<account_update>(), "/new_options",
                                 [](account_update& op) -> account_options& { return *op.new_options; });
        t.of<account_whitelist>().fee().rule("/new_listing", "must be from 0 to 3",
                                             [](account_whitelist& op) { op.new_listing = 4; });
        t.of<account_upgrade>().fee();
        t.of<account_transfer>().fee();

        auto new_asset = t.of<asset_create>().fee();
        for (char const* symbol : {"AB", "ABCDEFGHIJKLMNOPQ", "abc", "1ABC", "ABC.", ".ABC", "A.B.C", "A-B", "BITCOIN"})
            new_asset.rule("/symbol", "must be 3 to 16", [symbol](asset_create& op) { op.symbol = symbol; });
        new_asset.rule("/precision", "must be at most 12", [](asset_create& op) { op.precision = 13; })
            .rule("/common_options/core_exchange_rate", "must be of 1.3.0 and 1.3.1",
                  [](asset_create& op) { op.common_options.core_exchange_rate.quote.asset_id = asset_id{2}; })
            .rule("/common_options/core_exchange_rate", "one unit must not",
                  [](asset_create& op) { op.common_options.core_exchange_rate.quote.amount = most + 1; });
        for (std::uint16_t const permission :
             {asset_flags::disable_force_settle, asset_flags::global_settle, asset_flags::disable_mcr_update,
              asset_flags::disable_icr_update, asset_flags::disable_mssr_update, asset_flags::disable_bsrm_update})
            new_asset.rule("/common_options/issuer_permissions", "holds a permission of market-issued",
                           [permission](asset_create& op) { op.common_options.issuer_permissions = permission; });
        rules_of_asset_options(t.of<asset_create>(), "/common_options",
                               [](asset_create& op) -> asset_options& { return op.common_options; });
        rules_of_bitasset_options(t.of(good_bitasset()), "/bitasset_opts",
                                  [](asset_create& op) -> bitasset_options& { return *op.bitasset_opts; });
        t.of(good_prediction_market())
            .rule("/bitasset_opts", "must be set for a prediction market",
                  [](asset_create& op) {
                      op.common_options.issuer_permissions =
                          79; // with the other rule held: only this one is broken first
                      op.bitasset_opts.reset();
                  })
            .rule("/common_options/issuer_permissions", "must hold global_settle",
                  [](asset_create& op) { op.common_options.issuer_permissions = 79; })
            .rule("/common_options/issuer_permissions", "must not hold disable_bsrm_update",
                  [](asset_create& op) { op.common_options.issuer_permissions |= asset_flags::disable_bsrm_update; })
            .rule("/bitasset_opts/extensions/black_swan_response_method", "must not be set",
                  [](asset_create& op) { op.bitasset_opts->extensions.black_swan_response_method = std::uint8_t{0}; });
        t.of<asset_update>()
            .fee()
            .rule("/new_issuer", "must be another account", [](asset_update& op) { op.new_issuer = op.issuer; })
            .rule("/new_options/core_exchange_rate", "must be of 1.3.7 and 1.3.0",
                  [](asset_update& op) { op.new_options.core_exchange_rate.quote.asset_id = asset_id{8}; })
            .rule("/new_options/core_exchange_rate", "one unit must not",
                  [](asset_update& op) { op.new_options.core_exchange_rate = {{most + 1, core}, {1, asset_id{7}}}; })
            .rule("/extensions/new_precision", "must be at most 12",
                  [](asset_update& op) { op.extensions.new_precision = std::uint8_t{13}; })
            .rule("/extensions/skip_core_exchange_rate", "must be true",
                  [](asset_update& op) { op.extensions.skip_core_exchange_rate = false; });
        rules_of_asset_options(t.of<asset_update>(), "/new_options",
                               [](asset_update& op) -> asset_options& { return op.new_options; });
        t.of<asset_update_issuer>().fee().rule("/new_issuer", "must be another account",
                                               [](asset_update_issuer& op) { op.new_issuer = op.issuer; });
        t.of<asset_issue>()
            .fee()
            .rule("/asset_to_issue/amount", "must be at most 10^15",
                  [](asset_issue& op) { op.asset_to_issue.amount = most + 1; })
            .positive("asset_to_issue", &asset_issue::asset_to_issue)
            .rule("/asset_to_issue/asset_id", "must not be the core asset",
                  [](asset_issue& op) { op.asset_to_issue.asset_id = core; });
        t.of<asset_reserve>()
            .fee()
            .rule("/amount_to_reserve/amount", "must be at most 10^15",
                  [](asset_reserve& op) { op.amount_to_reserve.amount = most + 1; })
            .positive("amount_to_reserve", &asset_reserve::amount_to_reserve);
        t.of<asset_fund_fee_pool>()
            .fee()
            .rule("/fee/asset_id", "must be the core asset",
                  [](asset_fund_fee_pool& op) { op.fee.asset_id = asset_id{7}; })
            .rule("/amount", "must be above 0", [](asset_fund_fee_pool& op) { op.amount = 0; });
        t.of<asset_claim_fees>()
            .fee()
            .positive("amount_to_claim", &asset_claim_fees::amount_to_claim)
            .rule("/extensions/claim_from_asset_id", "must be another asset",
                  [](asset_claim_fees& op) { op.extensions.claim_from_asset_id = asset_id{7}; });
        t.of<asset_claim_pool>()
            .fee()
            .rule("/fee/asset_id", "must be another asset", [](asset_claim_pool& op) { op.fee.asset_id = asset_id{7}; })
            .positive("amount_to_claim", &asset_claim_pool::amount_to_claim)
            .rule("/amount_to_claim/asset_id", "must be the core asset",
                  [](asset_claim_pool& op) { op.amount_to_claim.asset_id = asset_id{8}; });

        t.of<asset_update_bitasset>().fee();
        rules_of_bitasset_options(t.of<asset_update_bitasset>(), "/new_options",
                                  [](asset_update_bitasset& op) -> bitasset_options& { return op.new_options; });
        t.of<asset_update_feed_producers>().fee();
        auto feed = t.of<asset_publish_feed>().fee();
        feed.rule("/feed/settlement_price/base/amount", "must be above 0",
                  [](asset_publish_feed& op) { op.feed.settlement_price.base.amount = 0; })
            .rule("/feed/settlement_price", "must be set",
                  [](asset_publish_feed& op) { op.feed.settlement_price = {}; })
            .rule("/feed/core_exchange_rate", "must be set",
                  [](asset_publish_feed& op) { op.feed.core_exchange_rate = {}; })
            .rule("/feed/core_exchange_rate/quote/amount", "must be above 0",
                  [](asset_publish_feed& op) { op.feed.core_exchange_rate.quote.amount = 0; })
            .rule("/feed/core_exchange_rate/base/asset_id", "must be the base",
                  [](asset_publish_feed& op) { op.feed.core_exchange_rate = {{1, core}, {1, asset_id{7}}}; })
            .rule("/feed/settlement_price/base/asset_id", "must be `asset_id`",
                  [](asset_publish_feed& op) { op.asset_id = asset_id{8}; });
        for (std::uint16_t const ratio : {std::uint16_t{1'000}, std::uint16_t{32'001}})
            feed.rule("/feed/maximum_short_squeeze_ratio", "must be from 1001",
                      [ratio](asset_publish_feed& op) { op.feed.maximum_short_squeeze_ratio = ratio; })
                .rule("/feed/maintenance_collateral_ratio", "must be from 1001",
                      [ratio](asset_publish_feed& op) { op.feed.maintenance_collateral_ratio = ratio; })
                .rule("/extensions/initial_collateral_ratio", "must be from 1001",
                      [ratio](asset_publish_feed& op) { op.extensions.initial_collateral_ratio = ratio; });
        t.of<asset_settle>().fee().rule("/amount/amount", "must not be negative",
                                        [](asset_settle& op) { op.amount.amount = -1; });
        t.of<asset_global_settle>().fee().rule("/settle_price/base/asset_id", "must be `asset_to_settle`",
                                               [](asset_global_settle& op) { op.asset_to_settle = asset_id{8}; });

        t.of<witness_create>().fee().rule("/url", "must be shorter", [](witness_create& op) { op.url = long_url; });
        t.of<witness_update>().fee().rule("/new_url", "must be shorter",
                                          [](witness_update& op) { op.new_url = long_url; });
        t.of<committee_member_create>().fee().rule("/url", "must be shorter",
                                                   [](committee_member_create& op) { op.url = long_url; });
        t.of<committee_member_update>().fee().rule("/new_url", "must be shorter",
                                                   [](committee_member_update& op) { op.new_url = long_url; });
        rules_of_chain_parameters(t);

        t.of<proposal_create>()
            .fee()
            .rule("/proposed_ops", "must not be empty", [](proposal_create& op) { op.proposed_ops.clear(); })
            .rule("/proposed_ops/0/op/amount/amount", "must be above 0",
                  [](proposal_create& op) { op.proposed_ops[0].op.get_if<transfer>()->amount.amount = 0; })
            .rule("/proposed_ops/1/op/extensions/on_fill/0/spread_percent", "must be above 0",
                  [](proposal_create& op) {
                      std::get<0>(op.proposed_ops[1].op.get_if<limit_order_create>()->extensions.on_fill->at(0))
                          .spread_percent = 0;
                  })
            .rule("/proposed_ops/0/op", "is made by the chain",
                  [](proposal_create& op) { op.proposed_ops[0].op = fill_order{}; });
        t.of<proposal_update>()
            .fee()
            .rule("", "must add or remove",
                  [](proposal_update& op) {
                      op.active_approvals_to_add = op.active_approvals_to_remove = op.owner_approvals_to_add = {};
                      op.key_approvals_to_add = {};
                  })
            .rule("/active_approvals_to_add/1", "must not be both",
                  [](proposal_update& op) { op.active_approvals_to_remove = {bob}; })
            .rule("/owner_approvals_to_add/0", "must not be both",
                  [](proposal_update& op) { op.owner_approvals_to_remove = {alice}; })
            .rule("/key_approvals_to_add/0", "must not be both",
                  [](proposal_update& op) { op.key_approvals_to_remove = {some_key(1)}; });
        t.of<proposal_delete>().fee();

        t.of<withdraw_permission_create>()
            .fee()
            .rule("/authorized_account", "must be another account",
                  [](withdraw_permission_create& op) { op.authorized_account = op.withdraw_from_account; })
            .positive("withdrawal_limit", &withdraw_permission_create::withdrawal_limit)
            .rule("/withdrawal_period_sec", "must be above 0",
                  [](withdraw_permission_create& op) { op.withdrawal_period_sec = 0; })
            .rule("/periods_until_expiration", "must be above 0",
                  [](withdraw_permission_create& op) { op.periods_until_expiration = 0; });
        t.of<withdraw_permission_update>()
            .fee()
            .rule("/authorized_account", "must be another account",
                  [](withdraw_permission_update& op) { op.authorized_account = op.withdraw_from_account; })
            .positive("withdrawal_limit", &withdraw_permission_update::withdrawal_limit)
            .rule("/withdrawal_period_sec", "must be above 0",
                  [](withdraw_permission_update& op) { op.withdrawal_period_sec = 0; })
            .rule("/periods_until_expiration", "must be above 0",
                  [](withdraw_permission_update& op) { op.periods_until_expiration = 0; });
        t.of<withdraw_permission_claim>()
            .fee()
            .rule("/withdraw_to_account", "must be another account",
                  [](withdraw_permission_claim& op) { op.withdraw_to_account = op.withdraw_from_account; })
            .positive("amount_to_withdraw", &withdraw_permission_claim::amount_to_withdraw);
        t.of<withdraw_permission_delete>().fee().rule(
            "/authorized_account", "must be another account",
            [](withdraw_permission_delete& op) { op.authorized_account = op.withdraw_from_account; });

        t.of<vesting_balance_create>().fee().positive("amount", &vesting_balance_create::amount);
        t.of<vesting_balance_withdraw>().fee().positive("amount", &vesting_balance_withdraw::amount);
        t.of<worker_create>()
            .fee()
            .rule("/work_end_date", "must be after", [](worker_create& op) { op.work_end_date = op.work_begin_date; })
            .rule("/daily_pay", "must be above 0", [](worker_create& op) { op.daily_pay = 0; })
            .rule("/daily_pay", "must be below 10^15", [](worker_create& op) { op.daily_pay = most; })
            .rule("/name", "must be shorter", [](worker_create& op) { op.name = std::string(63, 'n'); })
            .rule("/url", "must be shorter", [](worker_create& op) { op.url = long_url; });
        t.of<custom>().positive("fee", &custom::fee);
        t.of<bts::assert>().fee();
        t.of<balance_claim>()
            .rule("/fee", "must be 0", [](balance_claim& op) { op.fee.amount = 1; })
            .rule("/fee", "must be 0", [](balance_claim& op) { op.fee.asset_id = asset_id{7}; })
            .rule("/balance_owner_key", "must be set", [](balance_claim& op) { op.balance_owner_key = {}; });

        t.of<transfer_to_blind>()
            .fee()
            .positive("amount", &transfer_to_blind::amount)
            .rule("/outputs", "must not be empty", [](transfer_to_blind& op) { op.outputs.clear(); })
            .rule("/outputs/2/commitment", "must be above", [](transfer_to_blind& op) { op.outputs[2] = output_of(2); })
            .rule("/outputs/1/owner/weight_threshold", "must not be above",
                  [](transfer_to_blind& op) { op.outputs[1].owner.weight_threshold = 2; });
        t.of<blind_transfer>()
            .fee()
            .rule("/inputs", "must not be empty", [](blind_transfer& op) { op.inputs.clear(); })
            .rule("/inputs/1/commitment", "must be above", [](blind_transfer& op) { op.inputs[1] = input_of(1); })
            .rule("/outputs/1/commitment", "must be above", [](blind_transfer& op) { op.outputs[1] = output_of(0); })
            .rule("/outputs/2/owner/weight_threshold", "must not be above",
                  [](blind_transfer& op) { op.outputs[2].owner.weight_threshold = 2; });
        t.of<transfer_from_blind>()
            .fee()
            .positive("amount", &transfer_from_blind::amount)
            .rule("/fee/asset_id", "must be the asset", [](transfer_from_blind& op) { op.fee.asset_id = asset_id{7}; })
            .rule("/inputs", "must not be empty", [](transfer_from_blind& op) { op.inputs.clear(); })
            .rule("/inputs/1/commitment", "must be above", [](transfer_from_blind& op) { op.inputs[1] = input_of(0); });

        t.of<htlc_create>().fee().positive("amount", &htlc_create::amount);
        t.of<htlc_redeem>().fee();
        t.of<htlc_extend>().fee();

        auto custom_create = t.of<custom_authority_create>().fee();
        auto custom_update = t.of<custom_authority_update>().fee();
        for (account_id const id : {reserved_accounts::temp, reserved_accounts::committee, reserved_accounts::witness,
                                    reserved_accounts::relaxed_committee})
        {
            custom_create.rule("/account", "must not be one of",
                               [id](custom_authority_create& op) { op.account = id; });
            custom_update.rule("/account", "must not be one of",
                               [id](custom_authority_update& op) { op.account = id; });
        }
        custom_create.rule("/valid_to", "must be after",
                           [](custom_authority_create& op) { op.valid_to = op.valid_from; });
        custom_update.rule("/new_valid_to", "must be after",
                           [](custom_authority_update& op) { op.new_valid_to = op.new_valid_from; });
        rules_of_authority(t.of<custom_authority_create>(), "/auth", true,
                           [](custom_authority_create& op) -> authority& { return op.auth; });
        rules_of_authority(t.of<custom_authority_update>(), "/new_auth", true,
                           [](custom_authority_update& op) -> authority& { return *op.new_auth; });
        custom_create
            .rule("/restrictions", "no operation has",
                  [](custom_authority_create& op) { op.operation_type = varuint{99}; })
            .rule("/restrictions", "fill_order", [](custom_authority_create& op) { op.operation_type = varuint{4}; })
            .rule("/restrictions/1/argument/1/0", "member 9 of", [](custom_authority_create& op) {
                op.restrictions = {
                    {varuint{1}, varuint{restriction::eq}, alice, {}},
                    {varuint{3},
                     varuint{restriction::attr},
                     std::vector<restriction>{{varuint{9}, varuint{restriction::eq}, std::int64_t{1}, {}}},
                     {}}};
            });
        custom_update.rule("", "must change something", [](custom_authority_update& op) {
            op = custom_authority_update{};
            op.account = alice;
        });
        t.of<custom_authority_delete>().fee();

        t.of<ticket_create>()
            .fee()
            .rule("/target_type", "must be from 1 to 4", [](ticket_create& op) { op.target_type = varuint{0}; })
            .rule("/target_type", "must be from 1 to 4", [](ticket_create& op) { op.target_type = varuint{5}; })
            .positive("amount", &ticket_create::amount)
            .rule("/amount/asset_id", "must be the core asset",
                  [](ticket_create& op) { op.amount.asset_id = asset_id{7}; });
        t.of<ticket_update>()
            .fee()
            .rule("/target_type", "must be from 0 to 4", [](ticket_update& op) { op.target_type = varuint{5}; })
            .rule("/amount_for_new_target/amount", "must be above 0",
                  [](ticket_update& op) { op.amount_for_new_target->amount = 0; })
            .rule("/amount_for_new_target/asset_id", "must be the core asset",
                  [](ticket_update& op) { op.amount_for_new_target->asset_id = asset_id{7}; });

        t.of<liquidity_pool_create>()
            .fee()
            .rule("/asset_b", "must be above", [](liquidity_pool_create& op) { op.asset_b = op.asset_a; })
            .rule("/share_asset", "must be another asset",
                  [](liquidity_pool_create& op) { op.share_asset = op.asset_a; })
            .rule("/share_asset", "must be another asset",
                  [](liquidity_pool_create& op) { op.share_asset = op.asset_b; })
            .rule("/taker_fee_percent", "must be at most 10000",
                  [](liquidity_pool_create& op) { op.taker_fee_percent = 10'001; })
            .rule("/withdrawal_fee_percent", "must be at most 10000",
                  [](liquidity_pool_create& op) { op.withdrawal_fee_percent = 10'001; });
        t.of<liquidity_pool_update>()
            .fee()
            .rule("", "must change something",
                  [](liquidity_pool_update& op) {
                      op.taker_fee_percent.reset();
                      op.withdrawal_fee_percent.reset();
                  })
            .rule("/taker_fee_percent", "must be at most 10000",
                  [](liquidity_pool_update& op) { op.taker_fee_percent = std::uint16_t{10'001}; })
            .rule("/withdrawal_fee_percent", "can only be set to 0",
                  [](liquidity_pool_update& op) { op.withdrawal_fee_percent = std::uint16_t{1}; });
        t.of<liquidity_pool_delete>().fee();
        t.of<liquidity_pool_deposit>()
            .fee()
            .positive("amount_a", &liquidity_pool_deposit::amount_a)
            .positive("amount_b", &liquidity_pool_deposit::amount_b)
            .rule("/amount_b/asset_id", "must be above",
                  [](liquidity_pool_deposit& op) { op.amount_b.asset_id = op.amount_a.asset_id; });
        t.of<liquidity_pool_withdraw>().fee().positive("share_amount", &liquidity_pool_withdraw::share_amount);
        t.of<liquidity_pool_exchange>()
            .fee()
            .positive("amount_to_sell", &liquidity_pool_exchange::amount_to_sell)
            .positive("min_to_receive", &liquidity_pool_exchange::min_to_receive)
            .rule("/min_to_receive/asset_id", "must be another asset",
                  [](liquidity_pool_exchange& op) { op.min_to_receive.asset_id = op.amount_to_sell.asset_id; });

        t.of<samet_fund_create>().fee().rule("/balance", "must be above 0",
                                             [](samet_fund_create& op) { op.balance = 0; });
        t.of<samet_fund_delete>().fee();
        t.of<samet_fund_update>()
            .fee()
            .rule("", "must change something", [](samet_fund_update& op) { op.delta_amount.reset(); })
            .rule("/delta_amount/amount", "must not be 0", [](samet_fund_update& op) { op.delta_amount->amount = 0; });
        t.of<samet_fund_borrow>().fee().positive("borrow_amount", &samet_fund_borrow::borrow_amount);
        t.of<samet_fund_repay>()
            .fee()
            .positive("repay_amount", &samet_fund_repay::repay_amount)
            .rule("/fund_fee/amount", "must not be negative", [](samet_fund_repay& op) { op.fund_fee.amount = -1; })
            .rule("/fund_fee/asset_id", "must be the asset",
                  [](samet_fund_repay& op) { op.fund_fee.asset_id = asset_id{7}; });

        auto const rules_of_offer = [](auto&& o, auto member) {
            using offer = std::remove_cvref_t<decltype(member.operation())>;
            o.fee();
            o.rule("/max_duration_seconds", "must be at most 380 days",
                   [](offer& op) { op.max_duration_seconds = 380 * 86'400 + 1; });
            for (std::int64_t const amount : {std::int64_t{-1}, most + 1})
            {
                o.rule("/min_deal_amount", "must be from 0", [amount](offer& op) { op.min_deal_amount = amount; });
                o.rule("/acceptable_borrowers/1/1", "must be from 0", [amount](offer& op) {
                    op.acceptable_borrowers =
                        flat_map<account_id, std::int64_t>{{alice, std::int64_t{1}}, {bob, amount}};
                });
            }
            o.rule("/acceptable_collateral", "must not be empty",
                   [](offer& op) { op.acceptable_collateral = flat_map<asset_id, price>{}; });
            auto const collateral = [&](char const* path, char const* text, price second) {
                o.rule(std::string("/acceptable_collateral/1/1") + path, text, [second](offer& op) {
                    op.acceptable_collateral =
                        flat_map<asset_id, price>{{core, price{{1, asset_id{1}}, {2, core}}}, {asset_id{2}, second}};
                });
            };
            collateral("/base/asset_id", "must be the asset that is lent", {{1, asset_id{3}}, {1, asset_id{2}}});
            collateral("/quote/asset_id", "must be the collateral's", {{1, asset_id{1}}, {1, asset_id{3}}});
            collateral("/base/amount", "must be above 0", {{0, asset_id{1}}, {1, asset_id{2}}});
            collateral("/quote/amount", "must be above 0", {{1, asset_id{1}}, {0, asset_id{2}}});
            collateral("/base/amount", "must be at most 10^15", {{most + 1, asset_id{1}}, {1, asset_id{2}}});
            collateral("/quote/amount", "must be at most 10^15", {{1, asset_id{1}}, {most + 1, asset_id{2}}});
        };
        struct create_tag
        {
            credit_offer_create operation() const;
        };
        struct update_tag
        {
            credit_offer_update operation() const;
        };
        rules_of_offer(t.of<credit_offer_create>(), create_tag{});
        t.of<credit_offer_create>().rule("/balance", "must be above 0",
                                         [](credit_offer_create& op) { op.balance = 0; });
        t.of<credit_offer_delete>().fee();
        rules_of_offer(t.of<credit_offer_update>(), update_tag{});
        t.of<credit_offer_update>()
            .rule("/delta_amount/amount", "must not be 0", [](credit_offer_update& op) { op.delta_amount->amount = 0; })
            .rule("", "must change something", [](credit_offer_update& op) {
                op = credit_offer_update{};
                op.owner_account = alice;
            });
        t.of<credit_offer_accept>()
            .fee()
            .positive("borrow_amount", &credit_offer_accept::borrow_amount)
            .positive("collateral", &credit_offer_accept::collateral)
            .rule("/extensions/auto_repay", "must be from 0 to 2",
                  [](credit_offer_accept& op) { op.extensions.auto_repay = std::uint8_t{3}; });
        t.of<credit_deal_repay>()
            .fee()
            .positive("repay_amount", &credit_deal_repay::repay_amount)
            .rule("/credit_fee/amount", "must not be negative",
                  [](credit_deal_repay& op) { op.credit_fee.amount = -1; })
            .rule("/credit_fee/asset_id", "must be the asset",
                  [](credit_deal_repay& op) { op.credit_fee.asset_id = asset_id{7}; });
        t.of<credit_deal_update>().fee().rule("/auto_repay", "must be from 0 to 2",
                                              [](credit_deal_update& op) { op.auto_repay = 3; });
        return t;
    }();
    return rules;
}

} // namespace

TEST_CASE("protocol/validation: each rule of each operation is told, with the member that breaks it")
{
    table const& t = all_rules();
    std::set<std::uint64_t> types;
    for (operation const& op : t.good_ones)
    {
        auto const valid = op.validate();
        CHECK_MESSAGE(valid.has_value(), op.name() << ": " << valid.error().message());
        types.insert(op.tag());
    }
    std::set<std::tuple<std::uint64_t, std::string, std::string>> distinct;
    for (broken_rule const& rule : t.rules)
    {
        CAPTURE(rule.bad.name());
        CAPTURE(rule.path);
        CAPTURE(rule.text);
        auto const valid = rule.bad.validate();
        REQUIRE_FALSE(valid.has_value());
        CHECK(valid.error().code() ==
              (rule.path.starts_with("/restrictions") ? errc::invalid_restriction : errc::invalid_form));
        CHECK(valid.error().path() == rule.path);
        CHECK_MESSAGE(valid.error().detail().starts_with(rule.text), valid.error().detail());
        distinct.emplace(rule.bad.tag(), rule.path, rule.text);

        transaction tx;
        tx.operations = {good<transfer>(), rule.bad};
        auto const in_transaction = validate(tx);
        REQUIRE_FALSE(in_transaction.has_value());
        CHECK(in_transaction.error().path() == "/operations/1" + rule.path);
    }
    MESSAGE(t.rules.size() << " broken operations, " << distinct.size() << " rules, " << types.size() << " types");
    REQUIRE(types.size() == 71);
    REQUIRE(distinct.size() == 338);
}

TEST_CASE("protocol/validation: what the chain makes and what nobody knows stands in no transaction")
{
    std::set<std::uint64_t> virtual_ones;
    for (json_value const& v : vectors::file("core.json")["realistic"].array())
    {
        if (v["type"].text() != "operation")
            continue;
        auto const op = from_json<operation>(v["json"].dump()).value();
        if (!op.is_virtual())
            continue;
        virtual_ones.insert(op.tag());
        auto const valid = op.validate();
        REQUIRE_FALSE(valid.has_value());
        CHECK(valid.error().code() == errc::invalid_form);
        CHECK(valid.error().path().empty());
    }
    REQUIRE(virtual_ones.size() == 7);

    operation const unknown(unknown_operation{99, "{}"});
    REQUIRE_FALSE(unknown.validate().has_value());
    CHECK(unknown.validate().error().code() == errc::unknown_tag);
    transaction tx;
    CHECK(validate(tx).error().path() == "/operations");
    CHECK(validate(tx).error().code() == errc::invalid_form);
    proposal_create proposal;
    proposal.proposed_ops.push_back({unknown});
    tx.operations = {good<transfer>(), proposal};
    auto const valid = validate(tx);
    REQUIRE_FALSE(valid.has_value());
    CHECK(valid.error().code() == errc::unknown_tag);
    CHECK(valid.error().path() == "/operations/1/proposed_ops/0/op");
    CHECK(valid.error().detail().find("99") != std::string::npos);
}

TEST_CASE("protocol/validation: edges that the chain takes")
{
    auto const fine = [](auto op) {
        auto const valid = operation(std::move(op)).validate();
        CHECK_MESSAGE(valid.has_value(), valid.error().message());
    };
    auto bid = good<bid_collateral>();
    bid.debt_covered.amount = bid.additional_collateral.amount = 0;
    fine(bid);
    auto order = good<limit_order_create>();
    order.extensions.on_fill->clear();
    fine(order);
    auto update = good<limit_order_update>();
    update = limit_order_update{};
    update.on_fill.emplace();
    fine(update);
    auto feed = good<asset_publish_feed>();
    feed.extensions.initial_collateral_ratio.reset();
    fine(feed);
    auto settled = good<asset_update>();
    settled.extensions.skip_core_exchange_rate = true;
    settled.new_issuer = bob;
    fine(settled);
    bts::assert nothing;
    nothing.predicates = {account_name_eq_lit_predicate{alice, "Not A Name"}};
    fine(nothing); // the node looks at the name, but not at what comes of it
    auto custom = good<custom_authority_create>();
    custom.auth = authority{};
    fine(custom);
    auto parameters = good<committee_member_update_global_parameters>();
    parameters.new_parameters.committee_proposal_review_period =
        parameters.new_parameters.maximum_proposal_lifetime + 1; // the node's 32 bits wrap around
    fine(parameters);
    CHECK(authority{}.can_be_satisfied());
}

TEST_CASE("protocol/validation: the core library's own answer on every vector")
{
    std::map<std::string, int> count;
    int sums = 0;
    for (char const* part : {"agreed", "single", "core_only", "disputed"})
        for (json_value const& v : vectors::file("operations.json")[part].array())
        {
            json_value const* const says = v.find("core_validate");
            if (!says)
                continue;
            auto const op = from_json<operation>(v["op"].dump(), {.mode = json_mode::lenient}).value();
            auto const valid = op.validate();
            ++count[says->text()];
            if (valid && !says->as_bool() && (op.get_if<transfer_to_blind>() || op.get_if<blind_transfer>()))
            {
                ++sums; // of commitments, that are not checked here: these are random bytes
                continue;
            }
            CHECK_MESSAGE(valid.has_value() == says->as_bool(),
                          v["id"].text() << ' ' << op.name() << ", " << v["tag"].text() << ": the core says "
                                         << says->text() << "; " << (valid ? "" : valid.error().message()));
        }
    CHECK(sums == 3);
    MESSAGE(count["true"] << " valid, " << count["false"] << " not");
    REQUIRE(count["true"] + count["false"] == 217);
    REQUIRE(count["false"] >= 50);
}

TEST_CASE("protocol/validation: every operation that a node of the recordings took is valid")
{
    for (auto const* recording : {&recordings::main_chain(), &recordings::chain_c()})
    {
        std::map<std::uint64_t, int> types;
        std::size_t transactions = 0, operations = 0, proposed = 0;
        for (auto const& [number, recorded] : recording->blocks)
        {
            if (recorded.block.empty())
                continue;
            auto const block = from_json<signed_block>(recorded.block, {.mode = json_mode::lenient});
            REQUIRE_MESSAGE(block.has_value(), block.error().message());
            for (processed_transaction const& tx : block->transactions)
            {
                auto const valid = validate(tx);
                CHECK_MESSAGE(valid.has_value(), "block " << number << ": " << valid.error().message());
                ++transactions;
                operations += tx.operations.size();
                for (operation const& op : tx.operations)
                {
                    ++types[op.tag()];
                    if (auto const* const proposal = op.get_if<proposal_create>())
                        proposed += proposal->proposed_ops.size();
                }
            }
        }
        MESSAGE(recording->directory.filename().string()
                << ": " << transactions << " transactions, " << operations << " operations, " << proposed
                << " proposed, " << types.size() << " types");
        bool const is_main = recording == &recordings::main_chain();
        REQUIRE(transactions == (is_main ? 535 : 76));
        REQUIRE(types.size() >= (is_main ? 60 : 10));
    }
}

TEST_CASE("protocol/validation: what a node refused for its form is refused for it, and nothing else")
{
    std::size_t form = 0, other = 0, unreadable = 0;
    std::set<std::string> rules;
    auto const judge = [&](json_value const& request, json_value const& response) {
        json_value const* const failed = response.find("error");
        if (!request["params"][2].is_array() || request["params"][2].array().empty())
            return;
        json_value const& last = request["params"][2].array().back();
        auto const tx = from_json<signed_transaction>(last.dump(), {.mode = json_mode::lenient});
        if (!tx)
        {
            ++unreadable;
            return;
        }
        bool by_form = false;
        if (failed && failed->find("data") && (*failed)["data"].find("stack"))
            for (json_value const& entry : (*failed)["data"]["stack"].array())
                by_form = by_form || entry["context"]["method"].text() == "validate" ||
                          entry["context"]["method"].text() == "set_which"; // no such operation
        auto const valid = validate(*tx);
        INFO(response.dump().substr(0, 400));
        CHECK(valid.has_value() != by_form);
        by_form ? ++form : ++other;
        if (!valid)
            rules.insert(valid.error().path() + ' ' + valid.error().detail());
    };
    static std::set<std::string> const methods{"broadcast_transaction", "broadcast_transaction_synchronous",
                                               "validate_transaction"};
    for (auto const& call : recordings::main_chain().calls)
    {
        if (call.request.find("_transaction") == std::string::npos)
            continue;
        json_value request, response;
        try
        {
            request = json_value::parse(call.request);
            response = json_value::parse(call.response);
        }
        catch (std::runtime_error const&)
        {
            continue; // recorded for being no JSON
        }
        if (!request.is_object() || !request.find("params") || !request["params"].is_array() ||
            request["params"].array().size() < 3 || !methods.contains(request["params"][1].text()))
            continue;
        judge(request, response);
    }
    for (char const* file : {"/transactions_live.jsonl", "/chain_c/transactions_live.jsonl"})
    {
        std::string const text = testing::read_recording_file(recordings::directory() + file).value();
        for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1)
        {
            end = std::min(text.find('\n', begin), text.size());
            if (end == begin)
                continue;
            auto const line = json_value::parse(std::string_view(text).substr(begin, end - begin));
            judge(json_value::parse(line["broadcast"]["request"].text()),
                  json_value::parse(line["broadcast"]["response"].text()));
        }
    }
    MESSAGE(form << " refused for their form by " << rules.size() << " rules, " << other << " not, " << unreadable
                 << " unreadable");
    for (std::string const& rule : rules)
        MESSAGE(rule);
    REQUIRE(form >= 10);
    REQUIRE(rules.size() >= 8);
    REQUIRE(other >= 400);
}
