#include <bitshares/history/ledger.hpp>
#include <bitshares/history/reconciliation.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>
#include <support/ledger_proofs.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Operations are written with the members that matter.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

using namespace bitshares;

namespace {

constexpr account_id A{18}, B{19}, C{20};
constexpr asset_id U{5}, M{6}, share{7}, X{8};
using bucket = ledger_bucket;
using kind = ledger_kind;

constexpr asset core(std::int64_t amount)
{
    return {amount, core_asset};
}
constexpr asset u(std::int64_t amount)
{
    return {amount, U};
}
constexpr asset m(std::int64_t amount)
{
    return {amount, M};
}
constexpr asset x(std::int64_t amount)
{
    return {amount, X};
}

/// `2026-01-01`: all of today's rules.
constexpr time_point_sec now{1'767'225'600};

/// The parameters of the worked examples.
ledger_parameters examples()
{
    ledger_parameters p;
    p.set({}, {.maker_fee_discount_percent = std::uint16_t{5'000},
               .create_fee = 500'000,
               .update_fee = 37'500,
               .cancel_fee = 100'000,
               .assumed = false});
    return p;
}

ledger_proofs::rules& proofs()
{
    static ledger_proofs::rules proven;
    return proven;
}

/// A ledger, and what each operation did to its balance.
struct books
{
    explicit books(account_id account, ledger_parameters parameters = examples(), time_point_sec start = now)
        : all(account, std::move(parameters)), time(start)
    {}

    using amounts = std::map<asset_id, std::int64_t>;

    /// The change of the liquid balance, without zeros.
    amounts apply(operation op, operation_result result = void_result(), bool is_virtual = false)
    {
        history_record record;
        record.op = std::move(op);
        record.result = std::move(result);
        record.block_num = ++block;
        record.block_time = time;
        record.is_virtual = is_virtual;
        record.virtual_op = is_virtual ? 1 : 0;
        record.sequence = block;
        record.id = operation_history_id(block);
        return change([&] { REQUIRE(all.apply(record, rows).has_value()); }, &record);
    }

    amounts advance(time_point_sec to)
    {
        time = to;
        return change([&] { REQUIRE(all.advance(to, rows).has_value()); });
    }

    asset held(ledger_bucket in, any_object_id object) const
    {
        for (auto const& [holding, amount] : all.holdings())
            if (holding.bucket == in && holding.object == object)
                return {amount, holding.asset_id};
        return {};
    }

    std::vector<kind> kinds() const
    {
        std::vector<kind> list;
        for (auto const& row : rows)
            list.push_back(row.kind);
        return list;
    }

    ledger all;
    time_point_sec time;
    std::vector<ledger_row> rows; // of the last operation
    std::uint32_t block = 1000;

private:
    template <class Step>
    amounts change(Step step, history_record const* record = nullptr)
    {
        rows.clear();
        amounts before = all.balances();
        auto const tickets = all.tickets();
        std::size_t const doubts = all.uncertainties().size();
        step();
        proofs().note(record, rows, std::span(all.uncertainties()).subspan(doubts));
        proofs().note(tickets, all.tickets());
        amounts moved;
        for (auto const& [asset, amount] : all.balances())
            if (amount != before[asset])
                moved[asset] = amount - before[asset];
        amounts told;
        for (auto& row : rows)
        {
            row.record = nullptr; // gone
            for (auto const& p : row.postings)
                if (p.bucket == bucket::liquid)
                    told[p.amount.asset_id] += p.amount.amount;
        }
        std::erase_if(told, [](auto const& entry) { return entry.second == 0; });
        CHECK(told == moved); // rows tell all that happens
        return moved;
    }
};

using amounts = books::amounts;

limit_order_create order(account_id who, asset sell, asset want, asset fee = core(500'000))
{
    return {.fee = fee, .seller = who, .amount_to_sell = sell, .min_to_receive = want};
}
limit_order_cancel cancel(account_id who, std::uint64_t id, asset fee)
{
    return {.fee = fee, .fee_paying_account = who, .order = limit_order_id(id)};
}
fill_order fill(account_id who, any_object_id id, asset pays, asset receives, asset fee, bool maker)
{
    return {.fee = fee, .order_id = id, .account_id = who, .pays = pays, .receives = receives, .is_maker = maker};
}
operation_result made(any_object_id id)
{
    return id;
}
constexpr limit_order_id o0{0}, o1{1};

extendable_operation_result extended(std::vector<any_object_id> made_objects, std::vector<asset> paid = {},
                                     std::vector<asset> received = {}, std::vector<any_object_id> removed = {})
{
    extendable_operation_result result;
    auto const set = [](std::vector<any_object_id> const& ids) {
        flat_set<any_object_id> all;
        for (auto const id : ids)
            all.insert(id);
        return all;
    };
    if (!made_objects.empty())
        result.new_objects = set(made_objects);
    if (!removed.empty())
        result.removed_objects = set(removed);
    if (!paid.empty())
        result.paid = paid;
    if (!received.empty())
        result.received = received;
    return result;
}

} // namespace

// The worked examples of ledger.md, section 6: their numbers are a real node's.

TEST_CASE("history/ledger: a maker's order, filled in part, then cancelled")
{
    books a(A);
    CHECK(a.apply(order(A, core(1'000'000), u(2'000'000)), made(o0)) == amounts{{core_asset, -1'500'000}});
    CHECK(a.kinds() == std::vector{kind::lock, kind::lock});
    CHECK(a.held(bucket::order, o0) == core(1'000'000));
    CHECK(a.held(bucket::order_fee, o0) == core(500'000));
    CHECK(a.apply(fill(A, o0, core(250'000), u(500'000), u(5'000), true), {}, true) ==
          amounts{{core_asset, 250'000}, {U, 495'000}});
    CHECK(a.kinds() == std::vector{kind::trade, kind::fee, kind::fee});
    CHECK(a.held(bucket::order_fee, o0) == asset{});
    CHECK(a.apply(cancel(A, 0, core(100'000)), core(750'000)) == amounts{{core_asset, 650'000}});
    CHECK(a.kinds() == std::vector{kind::unlock, kind::fee});
    CHECK(a.all.balance(core_asset) == -600'000);
    CHECK(a.all.balance(U) == 495'000);
    CHECK(a.all.holdings().empty());
    CHECK(a.all.uncertainties().empty());
}

TEST_CASE("history/ledger: an order that nobody fills gives its fee back, cancelled or expired, also from old nodes")
{
    for (auto const& [told, expired] : {std::pair(true, true), std::pair(true, false), std::pair(false, true)})
    {
        books a(A);
        a.apply(order(A, core(1'000'000), u(2'000'000)), made(o0));
        CHECK(a.apply(cancel(A, 0, core(100'000)),
                      told ? operation_result(core(1'000'000)) : operation_result(void_result()),
                      expired) == amounts{{core_asset, 1'400'000}});
        CHECK(a.all.holdings().empty());
        CHECK(a.all.uncertainties().empty());
    }
    books a(A);
    a.apply(order(A, core(1'000'000), u(2'000'000)), made(o0));
    a.apply(fill(A, o0, core(250'000), u(500'000), u(5'000), true), {}, true);
    CHECK(a.apply(cancel(A, 0, core(0)), core(750'000), true) == amounts{{core_asset, 750'000}});
}

TEST_CASE("history/ledger: a taker has no discount; dust comes back without a fee")
{
    books b(B);
    CHECK(b.apply(order(B, u(500'000), core(250'000)), made(o1)) == amounts{{core_asset, -500'000}, {U, -500'000}});
    CHECK(b.apply(fill(B, o1, u(500'000), core(250'000), core(0), false), {}, true) == amounts{{core_asset, 250'000}});
    CHECK(b.all.holdings().empty());
    b.apply(order(B, core(400'000), u(800'000)), made(limit_order_id(2)));
    CHECK(b.apply(fill(B, limit_order_id(2), core(400'000), u(800'000), u(16'000), false), {}, true) ==
          amounts{{U, 784'000}});
    b.apply(order(B, u(1'000'000), core(1)), made(limit_order_id(3)));
    b.apply(fill(B, limit_order_id(3), u(23), core(1), core(0), false), {}, true);
    b.apply(fill(B, limit_order_id(3), u(900'000), core(1), core(0), false), {}, true);
    CHECK(b.apply(cancel(B, 3, core(0)), u(99'977), true) == amounts{{U, 99'977}});
    CHECK(b.all.holdings().empty());
    CHECK(b.all.uncertainties().empty());
}

TEST_CASE("history/ledger: updates of an order keep a part of the fee for its cancellation")
{
    auto const update = [](std::optional<asset> delta, asset fee) {
        return limit_order_update{
            .fee = fee, .seller = A, .order = o0, .delta_amount_to_sell = delta, .new_expiration = std::nullopt};
    };
    books a(A);
    a.apply(order(A, core(1'000'000), u(2'000'000)), made(o0));
    CHECK(a.apply(update(core(500'000), core(37'500))) == amounts{{core_asset, -500'000 + 492'500 - 37'500}});
    CHECK(a.apply(update(core(-200'000), u(112'500))) == amounts{{core_asset, 200'000 + 30'000}, {U, -112'500}});
    CHECK(a.held(bucket::order_fee, o0) == u(112'500));
    CHECK(a.all.uncertainties().empty());
    CHECK(a.apply(update(std::nullopt, core(37'500))) == amounts{{U, 90'000}, {core_asset, -37'500}});
    // Whether that fee in U was worth more than the schedule's, nothing tells.
    REQUIRE(a.all.uncertainties().size() == 1);
    CHECK(a.all.uncertainties()[0].asset_id == U);
    CHECK(a.all.uncertainties()[0].lower == 0);
    CHECK(a.all.uncertainties()[0].upper == 22'499);
    CHECK(a.apply(cancel(A, 0, core(100'000)), core(1'300'000)) == amounts{{core_asset, 1'300'000 + 37'500 - 100'000}});
    CHECK(a.all.holdings().empty());
}

TEST_CASE("history/ledger: an order's fee in another asset comes back in that asset, less what the chain keeps of it")
{
    // One of the core asset is three of it: a fee of 500,000 is 1,500,000, the cancellation's 100,000 is 300,000.
    auto const placed = [](std::int64_t fee) {
        books a(A);
        CHECK(a.apply(order(A, core(1'000'000), u(2'000'000), x(fee)), made(o0)) ==
              amounts{{core_asset, -1'000'000}, {X, -fee}});
        CHECK(a.held(bucket::order_fee, o0) == x(fee));
        return a;
    };
    auto const part = [](bool maker) { return fill(A, o0, core(250'000), u(500'000), u(5'000), maker); };
    {
        books a = placed(1'500'000);
        CHECK(a.apply(part(true), {}, true) == amounts{{U, 495'000}, {X, 750'000}});
        CHECK(a.kinds() == std::vector{kind::trade, kind::fee, kind::fee});
        CHECK(a.held(bucket::order_fee, o0) == asset{});
        CHECK(a.apply(part(true), {}, true) == amounts{{U, 495'000}}); // once only
        // What is left of the order expires without a fee: there is none to take it from.
        CHECK(a.apply(cancel(A, 0, core(0)), core(500'000), true) == amounts{{core_asset, 500'000}});
        CHECK(a.all.holdings().empty());
    }
    CHECK(placed(1'500'001).apply(part(true), {}, true) == amounts{{U, 495'000}, {X, 750'000}}); // rounded down
    CHECK(placed(1).apply(part(true), {}, true) == amounts{{U, 495'000}});
    CHECK(placed(1'500'000).apply(part(false), {}, true) == amounts{{U, 495'000}});
    {
        books a = placed(1'500'000);
        CHECK(a.apply(cancel(A, 0, x(300'000)), core(1'000'000), true) ==
              amounts{{core_asset, 1'000'000}, {X, 1'200'000}});
        CHECK(a.kinds() == std::vector{kind::unlock, kind::unlock, kind::fee});
        CHECK(a.all.holdings().empty());
        CHECK(a.all.uncertainties().empty());
    }
    {
        books a = placed(1'500'000); // its owner pays for the cancellation beside it
        CHECK(a.apply(cancel(A, 0, core(100'000)), core(1'000'000)) == amounts{{core_asset, 900'000}, {X, 1'500'000}});
        books b = placed(1'500'000);
        CHECK(b.apply(cancel(A, 0, u(400'000)), core(1'000'000)) ==
              amounts{{core_asset, 1'000'000}, {U, -400'000}, {X, 1'500'000}});
        CHECK(b.all.holdings().empty());
    }
}

TEST_CASE("history/ledger: a take-profit order is placed and enlarged by the chain")
{
    books a(A);
    a.apply(order(A, core(1'000'000), u(2'000'000)), made(o0));
    CHECK(a.apply(fill(A, o0, core(250'000), u(500'000), u(5'000), true), {}, true) ==
          amounts{{U, 495'000}, {core_asset, 250'000}});
    CHECK(a.apply(order(A, u(247'500), core(1)), made(o1), true) == amounts{{U, -247'500}, {core_asset, -500'000}});
    CHECK(a.apply(fill(A, o0, core(250'000), u(500'000), u(5'000), true), {}, true) == amounts{{U, 495'000}});
    CHECK(a.apply(limit_order_update{.fee = core(37'500),
                                     .seller = A,
                                     .order = o1,
                                     .delta_amount_to_sell = u(247'500),
                                     .new_expiration = std::nullopt},
                  {}, true) == amounts{{U, -247'500}, {core_asset, 492'500 - 37'500}});
    CHECK(a.held(bucket::order, o1) == u(495'000));
}

TEST_CASE("history/ledger: margin calls, global and individual settlement")
{
    call_order_id const position(0);
    auto const open = [](asset debt, asset collateral) {
        return call_order_update{
            .fee = core(2'000'000), .funding_account = A, .delta_collateral = collateral, .delta_debt = debt};
    };
    books a(A);
    CHECK(a.apply(open(m(1'000'000), core(2'100'000)), made(position)) ==
          amounts{{core_asset, -4'100'000}, {M, 1'000'000}});
    CHECK(a.kinds() == std::vector{kind::lock, kind::other, kind::fee});
    CHECK(a.apply(fill(A, position, core(408'571), m(300'000), core(18'571), false), {}, true).empty());
    CHECK(a.held(bucket::collateral, M) == core(1'691'429));
    CHECK(a.held(bucket::debt, M) == m(-700'000));

    books c(C);
    c.apply(order(C, m(300'000), core(390'000)), made(o0));
    CHECK(c.apply(fill(C, o0, m(300'000), core(390'000), core(0), true), {}, true) ==
          amounts{{core_asset, 390'000 + 250'000}});

    books swan(A);
    swan.apply(open(m(1'000'000), core(2'100'000)), made(position));
    CHECK(swan.apply(fill(A, position, core(2'100'000), m(1'000'000), core(190'909), true), {}, true).empty());
    CHECK(swan.all.holdings().empty());
    books other(A);
    other.apply(open(m(1'000'000), core(9'000'000)), made(position));
    CHECK(other.apply(fill(A, position, core(1'909'091), m(1'000'000), core(0), true), {}, true) ==
          amounts{{core_asset, 7'090'909}});
    CHECK(other.kinds() == std::vector{kind::trade, kind::unlock});
    CHECK(other.all.holdings().empty());
    books individual(A);
    individual.apply(open(m(1'000'000), core(2'100'000)), made(position));
    CHECK(individual.apply(fill(A, position, core(2'100'000), m(1'000'000), core(95'454), false), {}, true).empty());
    CHECK(individual.all.holdings().empty());
    CHECK(individual.all.uncertainties().empty());

    // Closed by its owner.
    books closed(A);
    closed.apply(open(m(1'000'000), core(2'100'000)), made(position));
    CHECK(closed.apply(open(m(-1'000'000), core(-2'100'000)), made(position)) ==
          amounts{{core_asset, 2'100'000 - 2'000'000}, {M, -1'000'000}});
    CHECK(closed.all.holdings().empty());
}

TEST_CASE("history/ledger: settlements, delayed and at once, in part, cancelled, and as older nodes told them")
{
    auto const settle = [](std::int64_t amount) {
        return asset_settle{.fee = core(10'000'000), .account = A, .amount = m(amount)};
    };
    force_settlement_id const s0(0), s3(3);
    books a(A);
    CHECK(a.apply(settle(200'000), extended({s0})) == amounts{{M, -200'000}, {core_asset, -10'000'000}});
    CHECK(a.held(bucket::settlement, s0) == m(200'000));
    CHECK(a.apply(fill(A, s0, m(200'000), core(198'000), core(1'980), false), {}, true) ==
          amounts{{core_asset, 196'020}});
    CHECK(a.all.holdings().empty());
    CHECK(a.apply(settle(100'000), extended({}, {m(100'000)}, {core(168'000)})) ==
          amounts{{M, -100'000}, {core_asset, 168'000 - 10'000'000}});
    CHECK(a.apply(settle(700'000), extended({s3}, {m(666'667)}, {core(1'336'365)})) ==
          amounts{{M, -700'000}, {core_asset, 1'336'365 - 10'000'000}});
    CHECK(a.held(bucket::settlement, s3) == m(33'333));
    CHECK(a.apply(asset_settle_cancel{.fee = core(0), .settlement = s3, .account = A, .amount = m(33'333)}, {}, true) ==
          amounts{{M, 33'333}});
    CHECK(a.all.holdings().empty());
    // Paid less than offered, nothing left waiting: the rest stays.
    CHECK(a.apply(settle(100), extended({}, {m(99)}, {core(50)})) == amounts{{M, -99}, {core_asset, 50 - 10'000'000}});
    CHECK(a.all.uncertainties().empty());

    // Nodes before 6.0.0.
    CHECK(a.apply(settle(200'000), made(s0)) == amounts{{M, -200'000}, {core_asset, -10'000'000}});
    CHECK(a.held(bucket::settlement, s0) == m(200'000));
    CHECK(a.all.uncertainties().empty());
    CHECK(a.apply(settle(100'000), core(33'333)) == amounts{{M, -100'000}, {core_asset, 33'333 - 10'000'000}});
    REQUIRE(a.all.uncertainties().size() == 1);
    CHECK(a.all.uncertainties()[0].asset_id == M);
    CHECK(a.all.uncertainties()[0].lower == 0);
    CHECK(a.all.uncertainties()[0].upper == 3); // less than one unit of collateral is worth
}

TEST_CASE("history/ledger: an HTLC, redeemed by a third account or expired")
{
    htlc_id const h(0);
    books a(A), b(B), d(C);
    htlc_create const create{.fee = core(200'000), .from = A, .to = B, .amount = core(700'000)};
    CHECK(a.apply(create, made(h)) == amounts{{core_asset, -900'000}});
    CHECK(b.apply(create, made(h)).empty());
    CHECK(a.held(bucket::htlc, h) == core(700'000));
    CHECK(a.apply(htlc_refund{.htlc_id = h, .to = A, .original_htlc_recipient = B, .htlc_amount = core(700'000)}, {},
                  true) == amounts{{core_asset, 700'000}});
    CHECK(a.all.holdings().empty());
    htlc_create second = create;
    second.amount = core(800'000);
    a.apply(second, made(h));
    CHECK(d.apply(htlc_redeem{.fee = core(200'000), .htlc_id = h, .redeemer = C}) == amounts{{core_asset, -200'000}});
    htlc_redeemed const redeemed{.htlc_id = h, .from = A, .to = B, .redeemer = C, .amount = core(800'000)};
    CHECK(b.apply(redeemed, {}, true) == amounts{{core_asset, 800'000}});
    CHECK(b.kinds() == std::vector{kind::deposit});
    CHECK(a.apply(redeemed, {}, true).empty());
    CHECK(a.kinds() == std::vector{kind::withdrawal});
    CHECK(a.all.holdings().empty());
    CHECK(d.apply(redeemed, {}, true).empty());
}

TEST_CASE("history/ledger: vesting balances of operations are locks, the chain's own are income")
{
    vesting_balance_id const v(7), cashback(8);
    vesting_balance_create const create{.fee = core(100'000), .creator = A, .owner = B, .amount = u(1'000'000)};
    books a(A), b(B);
    CHECK(a.apply(create, made(v)) == amounts{{U, -1'000'000}, {core_asset, -100'000}});
    CHECK(a.kinds() == std::vector{kind::withdrawal, kind::fee});
    CHECK(a.all.holdings().empty());
    CHECK(b.apply(create, made(v)).empty());
    CHECK(b.kinds() == std::vector{kind::deposit});
    auto const withdraw = [](vesting_balance_id id, asset amount) {
        return vesting_balance_withdraw{.fee = core(2'000'000), .vesting_balance = id, .owner = B, .amount = amount};
    };
    CHECK(b.apply(withdraw(v, u(400'000))) == amounts{{U, 400'000}, {core_asset, -2'000'000}});
    CHECK(b.kinds() == std::vector{kind::unlock, kind::fee});
    CHECK(b.held(bucket::vesting, v) == u(600'000));
    CHECK(b.apply(withdraw(cashback, core(550'000'000))) == amounts{{core_asset, 548'000'000}});
    CHECK(b.kinds() == std::vector{kind::income, kind::fee});
    books own(A);
    vesting_balance_create self = create;
    self.owner = A;
    CHECK(own.apply(self, made(v)) == amounts{{U, -1'000'000}, {core_asset, -100'000}});
    CHECK(own.kinds() == std::vector{kind::lock, kind::fee});
    books upgraded(A);
    CHECK(upgraded.apply(account_upgrade{.fee = core(1'000'000'000), .account_to_upgrade = A}) ==
          amounts{{core_asset, -1'000'000'000}});
}

TEST_CASE("history/ledger: loans, repaid in part, expired, repaid by the chain")
{
    credit_offer_id const offer(0);
    credit_deal_id const deal(0), second(1);
    books owner(A), b(B);
    CHECK(owner.apply(
              credit_offer_create{.fee = core(0), .owner_account = A, .asset_type = core_asset, .balance = 10'000'000},
              made(offer)) == amounts{{core_asset, -10'000'000}});
    credit_offer_accept const accept{
        .fee = core(0), .borrower = B, .offer_id = offer, .borrow_amount = core(1'000'000), .collateral = u(2'500'001)};
    CHECK(b.apply(accept, extended({deal})) == amounts{{U, -2'500'001}, {core_asset, 1'000'000}});
    CHECK(owner.apply(accept, extended({deal})).empty());
    CHECK(owner.held(bucket::credit_offer, offer) == core(9'000'000));
    CHECK(owner.held(bucket::credit_lent, deal) == core(1'000'000));
    credit_deal_repay const repay{
        .fee = core(0), .account = B, .deal_id = deal, .repay_amount = core(333'333), .credit_fee = core(10'000)};
    CHECK(b.apply(repay, extended({}, {}, {u(833'332)})) == amounts{{core_asset, -343'333}, {U, 833'332}});
    CHECK(b.kinds() == std::vector{kind::other, kind::fee, kind::unlock});
    CHECK(owner.apply(repay, extended({}, {}, {u(833'332)})).empty());
    CHECK(owner.kinds() == std::vector{kind::other, kind::income});
    CHECK(owner.held(bucket::credit_offer, offer) == core(9'343'333));
    CHECK(b.held(bucket::credit_debt, deal) == core(-666'667));
    credit_deal_expired const expired{.fee = core(0),
                                      .deal_id = deal,
                                      .offer_id = offer,
                                      .offer_owner = A,
                                      .borrower = B,
                                      .unpaid_amount = core(666'667),
                                      .collateral = u(1'666'669)};
    CHECK(owner.apply(expired, {}, true) == amounts{{U, 1'666'669}});
    CHECK(b.apply(expired, {}, true).empty());
    CHECK(b.all.holdings().empty());
    CHECK(owner.apply(credit_offer_delete{.fee = core(7), .owner_account = A, .offer_id = offer}, core(9'343'333)) ==
          amounts{{core_asset, 9'343'333 - 7}});
    CHECK(owner.kinds() == std::vector{kind::unlock, kind::fee});
    CHECK(owner.all.holdings().empty());

    // What the chain repays by itself, as far as the balance reaches.
    b.apply(credit_offer_accept{.fee = core(0),
                                .borrower = B,
                                .offer_id = offer,
                                .borrow_amount = core(3'000'000),
                                .collateral = u(9'000'000)},
            extended({second}));
    CHECK(b.apply(credit_deal_repay{.fee = core(0),
                                    .account = B,
                                    .deal_id = second,
                                    .repay_amount = core(1'198'608),
                                    .credit_fee = core(35'959)},
                  extended({}, {}, {u(3'595'824)}),
                  true) == amounts{{core_asset, -1'198'608 - 35'959}, {U, 3'595'824}});
    b.apply(credit_deal_expired{.fee = core(0),
                                .deal_id = second,
                                .offer_id = offer,
                                .offer_owner = A,
                                .borrower = B,
                                .unpaid_amount = core(1'801'392),
                                .collateral = u(5'404'176)},
            {}, true);
    CHECK(b.all.holdings().empty());
    CHECK(b.all.uncertainties().empty());
    CHECK(owner.all.uncertainties().empty());
}

TEST_CASE("history/ledger: pools move what their results say")
{
    liquidity_pool_id const pool(0);
    books a(A);
    generic_exchange_operation_result deposit{
        .paid = {core(1'000'000), u(2'000'000)}, .received = {{2'000'000, share}}, .fees = {}};
    CHECK(a.apply(
              liquidity_pool_deposit{
                  .fee = core(0), .account = A, .pool = pool, .amount_a = core(1'000'000), .amount_b = u(5'000'000)},
              deposit) == amounts{{core_asset, -1'000'000}, {U, -2'000'000}, {share, 2'000'000}});
    auto const swap = [&](asset sell, asset least) {
        return liquidity_pool_exchange{
            .fee = core(0), .account = A, .pool = pool, .amount_to_sell = sell, .min_to_receive = least};
    };
    CHECK(a.apply(swap(u(1'000'000), core(1)),
                  generic_exchange_operation_result{.paid = {u(1'000'000)},
                                                    .received = {core(491'108)},
                                                    .fees = {u(10'000), core(0), core(1'477)}}) ==
          amounts{{U, -1'000'000}, {core_asset, 491'108}});
    CHECK(a.apply(swap(core(1'000'000), u(1)),
                  generic_exchange_operation_result{
                      .paid = {core(1'000'000)}, .received = {u(1'953'853)}, .fees = {core(0), u(39'874), u(5'999)}}) ==
          amounts{{core_asset, -1'000'000}, {U, 1'953'853}});
    liquidity_pool_withdraw const withdraw{
        .fee = core(0), .account = A, .pool = pool, .share_amount = {500'000, share}};
    CHECK(a.apply(withdraw, generic_exchange_operation_result{.paid = {{500'000, share}},
                                                              .received = {core(251'259), u(497'515)},
                                                              .fees = {core(0), u(0)}}) ==
          amounts{{share, -500'000}, {core_asset, 251'259}, {U, 497'515}});
    CHECK(a.all.uncertainties().empty());
    // Results that are not there: what is sure, and bounds.
    CHECK(a.apply(swap(u(1'000'000), core(400'000))) == amounts{{U, -1'000'000}, {core_asset, 400'000}});
    CHECK(a.apply(withdraw) == amounts{{share, -500'000}});
    CHECK(a.apply(liquidity_pool_deposit{
                      .fee = core(0), .account = A, .pool = pool, .amount_a = core(10), .amount_b = u(50)})
              .empty());
    REQUIRE(a.all.uncertainties().size() == 5);
    CHECK(a.all.uncertainties()[0].asset_id == core_asset);
    CHECK(!a.all.uncertainties()[0].upper);
    CHECK(!a.all.uncertainties()[1].asset_id);
    CHECK(a.all.uncertainties()[2].lower == -10);
}

TEST_CASE("history/ledger: behind a block's transactions all virtual operations are under the maintenance's parameters")
{
    ledger_parameters parameters = examples();
    order_fee_parameters later = parameters.at(now, false);
    later.maker_fee_discount_percent = std::uint16_t{1'000};
    parameters.set(now, later); // the maintenance is in the block of this time
    books a(A, parameters);
    for (std::uint64_t id = 0; id < 4; ++id)
        a.apply(order(A, core(100), u(100)), made(limit_order_id(id)));
    std::uint64_t sequence = a.block;
    std::uint64_t id = 0;
    auto const discount = [&](std::uint16_t trx, std::uint32_t virtual_op) {
        std::int64_t const before = a.all.balance(core_asset);
        history_record record;
        record.op = fill(A, limit_order_id(id++), core(100), u(100), u(0), true);
        record.result = void_result();
        record.block_num = a.block + 1;
        record.block_time = now;
        record.is_virtual = true;
        record.trx_in_block = trx;
        record.virtual_op = virtual_op;
        record.sequence = ++sequence;
        record.id = operation_history_id(sequence);
        std::vector<ledger_row> rows;
        REQUIRE(a.all.apply(record, rows).has_value());
        return a.all.balance(core_asset) - before;
    };
    CHECK(discount(0, 1) == 250'000); // of the first transaction
    CHECK(discount(2, 0) == 50'000);  // behind two transactions
    CHECK(discount(2, 1) == 50'000);
    CHECK(discount(2, 7) == 50'000);
}

TEST_CASE("history/ledger: tickets are free when their time has come, without an operation")
{
    constexpr std::uint32_t day = 86'400;
    ticket_id const t0(0), t1(1);
    books a(A);
    CHECK(a.apply(ticket_create{.fee = core(5'000'000), .account = A, .target_type = {1}, .amount = core(5'000'000)},
                  made(t0)) == amounts{{core_asset, -10'000'000}});
    generic_operation_result split;
    split.new_objects.insert(t1);
    split.updated_objects.insert(t0);
    CHECK(a.apply(ticket_update{.fee = core(5'000'000),
                                .ticket = t0,
                                .account = A,
                                .target_type = {0},
                                .amount_for_new_target = core(2'000'000)},
                  split) == amounts{{core_asset, -5'000'000}});
    CHECK(a.held(bucket::ticket, t0) == core(3'000'000));
    CHECK(a.held(bucket::ticket, t1) == core(2'000'000));
    // Counted from the block before, one interval of 3 s earlier.
    std::uint32_t const due = now.seconds - 3 + 7 * day;
    CHECK(a.advance({due - 1}).empty());
    CHECK(a.advance({due}) == amounts{{core_asset, 2'000'000}});
    REQUIRE(a.rows.size() == 1);
    CHECK(a.rows[0].kind == kind::unlock);
    CHECK(a.rows[0].place.time.seconds == due);
    CHECK(a.rows[0].place.block_num == 0);
    CHECK(!a.rows[0].place.tag);
    // It charged for 15 days and is stable; down again takes 180.
    CHECK(a.advance({now.seconds + 20 * day}).empty());
    CHECK(a.all.tickets().at(t0).status == ticket_status::stable);
    CHECK(
        a.apply(
            ticket_update{
                .fee = core(1), .ticket = t0, .account = A, .target_type = {0}, .amount_for_new_target = std::nullopt},
            generic_operation_result()) == amounts{{core_asset, -1}});
    std::uint32_t const end = now.seconds + 20 * day - 3 + 180 * day;
    CHECK(a.advance({end - 1}).empty());
    // A later operation finds it released.
    a.time = {end + 100};
    CHECK(a.apply(transfer{.fee = core(0), .from = B, .to = A, .amount = core(1), .memo = std::nullopt}) ==
          amounts{{core_asset, 3'000'001}});
    CHECK(a.rows.size() == 2);
    CHECK(a.rows[0].place.time.seconds == end);
    CHECK(a.all.holdings().empty());
    CHECK(a.all.tickets().empty());

    // Known times of blocks are used; and a ticket that is updated was not released before, whatever the clock says.
    books exact(A);
    exact.all.parameters().set_block_time(1000, {now.seconds - 60});
    exact.apply(ticket_create{.fee = core(0), .account = A, .target_type = {2}, .amount = core(10)}, made(t0));
    CHECK(exact.all.tickets().at(t0).next_step.seconds == now.seconds - 60 + 15 * day);
    exact.apply(ticket_update{.fee = core(0), .ticket = t0, .account = A, .target_type = {0}},
                generic_operation_result());
    exact.time = {now.seconds + 8 * day};
    CHECK(exact
              .apply(ticket_update{.fee = core(0), .ticket = t0, .account = A, .target_type = {1}},
                     generic_operation_result())
              .empty());
    CHECK(exact.all.tickets().at(t0).status == ticket_status::charging);
}

TEST_CASE("history/ledger: an update that finds tickets due returns them, and no later release does again")
{
    constexpr std::uint32_t day = 86'400;
    ticket_id const t0(0), t1(1), others(9);
    auto const create = [](books& a, ticket_id id, std::int64_t amount) {
        a.apply(ticket_create{.fee = core(0), .account = A, .target_type = {1}, .amount = core(amount)}, made(id));
    };
    auto const update = [](books& a, ticket_id id, std::uint64_t target, std::vector<ticket_id> released = {}) {
        generic_operation_result result;
        for (ticket_id const gone : released)
            result.removed_objects.insert(gone);
        return a.apply(ticket_update{.fee = core(1), .ticket = id, .account = A, .target_type = {target}}, result);
    };
    // Another of its own, whose second has come with the update's block; and one of somebody else.
    books a(A);
    create(a, t0, 30);
    create(a, t1, 500);
    CHECK(update(a, t1, 0) == amounts{{core_asset, -1}});
    std::uint32_t const due = a.all.tickets().at(t1).next_step.seconds;
    CHECK(due == now.seconds - 3 + 7 * day);
    a.time = {due};
    CHECK(update(a, t0, 0, {t1, others}) == amounts{{core_asset, 500 - 1}});
    CHECK(a.kinds() == std::vector{kind::unlock, kind::fee});
    CHECK(a.rows[0].what == "ticket released");
    CHECK(a.rows[0].place.tag == ticket_update::traits.tag);
    CHECK(a.held(bucket::ticket, t1) == asset{});
    CHECK(!a.all.tickets().contains(t1));
    CHECK(a.advance({due + day}).empty());
    CHECK(a.held(bucket::ticket, t0) == core(30));
    // The ticket itself: it was on its way out, told to stay, and now has the date that is past.
    books b(A);
    create(b, t0, 70);
    update(b, t0, 0);
    b.time = {now.seconds + 2 * day};
    update(b, t0, 1);
    b.time = {now.seconds + 8 * day};
    CHECK(update(b, t0, 0, {t0}) == amounts{{core_asset, 70 - 1}});
    CHECK(b.all.holdings().empty());
    CHECK(b.all.tickets().empty());
    CHECK(b.advance({now.seconds + 400 * day}).empty());
    CHECK(a.all.uncertainties().empty());
    CHECK(b.all.uncertainties().empty());
}

TEST_CASE("history/ledger: a ticket comes down lock by lock, and turns round on its way")
{
    constexpr std::uint32_t day = 86'400;
    ticket_id const t0(0);
    books a(A);
    auto const target = [&](std::uint64_t to) {
        a.apply(ticket_update{.fee = core(0), .ticket = t0, .account = A, .target_type = {to}},
                generic_operation_result());
    };
    a.apply(ticket_create{.fee = core(0), .account = A, .target_type = {3}, .amount = core(10)}, made(t0));
    for (std::uint32_t const n : {1u, 2u, 3u})
    {
        CHECK(a.advance({now.seconds + n * 15 * day}).empty());
        CHECK(static_cast<std::uint32_t>(a.all.tickets().at(t0).current) == n);
    }
    std::uint32_t const turned = now.seconds + 50 * day;
    a.time = {turned};
    target(0);
    CHECK(a.all.tickets().at(t0).current == ticket_type::lock_360_days);
    CHECK(a.advance({turned + 360 * day}).empty());
    CHECK(a.all.tickets().at(t0).current == ticket_type::lock_180_days);
    target(3); // and up again
    target(0); // and down: the date of the step stays
    CHECK(a.all.tickets().at(t0).next_step.seconds == turned - 3 + (360 + 180) * day);
    CHECK(a.advance({turned + (360 + 180) * day}).empty());
    CHECK(a.all.tickets().at(t0).current == ticket_type::liquid);
    CHECK(a.advance({turned + (360 + 180 + 180) * day}) == amounts{{core_asset, 10}});
    CHECK(a.all.holdings().empty());
}

TEST_CASE("history/ledger: the ticket's clock, up and down")
{
    constexpr std::uint32_t day = 86'400;
    auto ticket = ticket_clock::create(ticket_type::lock_720_days, {0});
    for (std::uint32_t n = 1; n <= 3; ++n)
    {
        CHECK(ticket.next_step.seconds == n * 15 * day);
        CHECK(!ticket.step());
        CHECK(static_cast<std::uint32_t>(ticket.current) == n);
    }
    CHECK(ticket.status == ticket_status::stable);
    ticket.set_target(ticket_type::liquid, {100 * day});
    for (std::uint32_t const days : {460u, 640u, 820u})
    {
        CHECK(ticket.next_step.seconds == days * day);
        CHECK(ticket.step() == (days == 820));
    }
    // Half way down it is told to go up, and down again: the date that was set stays.
    ticket = {ticket_type::lock_360_days, ticket_type::lock_360_days, ticket_status::stable};
    ticket.set_target(ticket_type::liquid, {0});
    CHECK(ticket.current == ticket_type::lock_180_days);
    ticket.set_target(ticket_type::lock_720_days, {day});
    CHECK(ticket.next_step.seconds == 16 * day);
    ticket.set_target(ticket_type::lock_180_days, {2 * day});
    CHECK(ticket.next_step.seconds == 180 * day);
    CHECK(!ticket.step());
    CHECK(ticket.status == ticket_status::stable);
    // Forever is.
    ticket = ticket_clock::create(ticket_type::lock_forever, {0});
    for (int i = 0; i < 4; ++i)
        CHECK(!ticket.step());
    CHECK(ticket.current == ticket_type::lock_forever);
    CHECK(ticket.next_step == time_point_sec::maximum());
}

// By the table of ledger.md, section 1.

TEST_CASE("history/ledger: what has its movements in its own members")
{
    auto const moved = [](account_id who, operation op, operation_result result = void_result(),
                          bool by_the_chain = false) {
        return books(who).apply(std::move(op), std::move(result), by_the_chain);
    };
    transfer const sent{.fee = core(20), .from = A, .to = B, .amount = u(5), .memo = std::nullopt};
    CHECK(moved(A, sent) == amounts{{U, -5}, {core_asset, -20}});
    CHECK(moved(B, sent) == amounts{{U, 5}});
    CHECK(moved(C, sent).empty());
    asset_issue const issue{
        .fee = core(20), .issuer = A, .asset_to_issue = u(5), .issue_to_account = B, .memo = std::nullopt};
    CHECK(moved(A, issue) == amounts{{core_asset, -20}});
    CHECK(moved(B, issue) == amounts{{U, 5}});
    CHECK(moved(A, asset_reserve{.fee = core(20), .payer = A, .amount_to_reserve = u(5)}) ==
          amounts{{U, -5}, {core_asset, -20}});
    CHECK(moved(A, asset_fund_fee_pool{.fee = core(20), .from_account = A, .asset_id = U, .amount = 5}) ==
          amounts{{core_asset, -25}});
    withdraw_permission_claim const claim{.fee = core(20),
                                          .withdraw_from_account = A,
                                          .withdraw_to_account = B,
                                          .amount_to_withdraw = u(5),
                                          .memo = std::nullopt};
    CHECK(moved(A, claim) == amounts{{U, -5}});
    CHECK(moved(B, claim) == amounts{{U, 5}, {core_asset, -20}});
    CHECK(moved(A, balance_claim{.fee = core(0), .deposit_to_account = A, .total_claimed = core(5)}) ==
          amounts{{core_asset, 5}});
    override_transfer const forced{
        .fee = core(20), .issuer = A, .from = B, .to = C, .amount = u(5), .memo = std::nullopt};
    CHECK(moved(A, forced) == amounts{{core_asset, -20}});
    CHECK(moved(B, forced) == amounts{{U, -5}});
    CHECK(moved(C, forced) == amounts{{U, 5}});
    CHECK(moved(A, transfer_to_blind{.fee = core(20), .amount = u(5), .from = A}) ==
          amounts{{U, -5}, {core_asset, -20}});
    transfer_from_blind const unblind{.fee = core(20), .amount = u(5), .to = A};
    CHECK(moved(A, unblind) == amounts{{U, 5}});
    CHECK(moved(reserved_accounts::temp, unblind).empty()); // its fee comes out of the inputs, as the following's
    CHECK(moved(reserved_accounts::temp, blind_transfer{.fee = core(20)}).empty());
    CHECK(moved(A, asset_claim_fees{.fee = core(20), .issuer = A, .amount_to_claim = u(5)}) ==
          amounts{{U, 5}, {core_asset, -20}});
    CHECK(moved(A, asset_claim_pool{.fee = u(20), .issuer = A, .asset_id = M, .amount_to_claim = core(5)}) ==
          amounts{{core_asset, 5}, {U, -20}});
    CHECK(moved(A, fba_distribute{.fee = core(0), .account_id = A, .amount = 5}) == amounts{{core_asset, 5}});
    account_create const registered{.fee = core(20), .registrar = A, .referrer = B};
    CHECK(moved(A, registered, made(account_id(30))) == amounts{{core_asset, -20}});
    CHECK(moved(B, registered, made(account_id(30))).empty());
    CHECK(moved(reserved_accounts::committee, committee_member_update_global_parameters{.fee = core(20)}, {}, true) ==
          amounts{{core_asset, -20}});
    CHECK(moved(A, withdraw_permission_delete{.fee = core(20), .withdraw_from_account = A}) ==
          amounts{{core_asset, -20}});
    CHECK(moved(A, liquidity_pool_delete{.fee = core(20), .account = A}, generic_operation_result()) ==
          amounts{{core_asset, -20}});
    // What a proposal would do is not done.
    proposal_create proposal{.fee = core(20), .fee_paying_account = A};
    proposal.proposed_ops.push_back({sent});
    CHECK(moved(A, proposal, made(proposal_id(0))) == amounts{{core_asset, -20}});
    // Kinds.
    books a(A);
    a.apply(asset_claim_fees{.fee = core(20), .issuer = A, .amount_to_claim = u(5)});
    CHECK(a.kinds() == std::vector{kind::income, kind::fee});
    a.apply(sent);
    CHECK(a.kinds() == std::vector{kind::withdrawal, kind::fee});
}

TEST_CASE("history/ledger: bids replace each other, and become positions")
{
    auto const bid = [](asset collateral, asset debt) {
        return bid_collateral{.fee = core(1), .bidder = A, .additional_collateral = collateral, .debt_covered = debt};
    };
    books a(A);
    CHECK(a.apply(bid(core(100), m(10))) == amounts{{core_asset, -101}});
    CHECK(a.apply(bid(core(300), m(20))) == amounts{{core_asset, 100 - 300 - 1}});
    CHECK(a.kinds() == std::vector{kind::unlock, kind::lock, kind::fee});
    CHECK(a.apply(bid(core(77), m(0))) == amounts{{core_asset, 300 - 1}}); // 77 means nothing
    CHECK(a.all.holdings().empty());
    for (bool const swapped : {false, true})
    {
        books b(A);
        b.apply(bid(core(300), m(20)));
        execute_bid const executed{.fee = core(0),
                                   .bidder = A,
                                   .debt = swapped ? core(350) : m(20),
                                   .collateral = swapped ? m(20) : core(350)};
        CHECK(b.apply(executed, {}, true).empty());
        CHECK(b.held(bucket::collateral, M) == core(350));
        CHECK(b.held(bucket::debt, M) == m(-20));
        CHECK(b.held(bucket::bid, M) == asset{});
    }
    // Revived by its feed: the issuer has the debt, without a bid.
    books issuer(A);
    CHECK(issuer.apply(execute_bid{.fee = core(0), .bidder = A, .debt = m(20), .collateral = core(350)}, {}, true)
              .empty());
    CHECK(issuer.held(bucket::debt, M) == m(-20));
    CHECK(a.all.uncertainties().empty());
}

TEST_CASE("history/ledger: funds that lend inside a transaction")
{
    samet_fund_id const fund(0);
    books owner(A), b(B);
    CHECK(owner.apply(samet_fund_create{.fee = core(1), .owner_account = A, .asset_type = U, .balance = 1'000},
                      made(fund)) == amounts{{U, -1'000}, {core_asset, -1}});
    CHECK(owner.apply(samet_fund_update{
              .fee = core(1), .owner_account = A, .fund_id = fund, .delta_amount = u(-100), .new_fee_rate = {}}) ==
          amounts{{U, 100}, {core_asset, -1}});
    CHECK(owner.apply(samet_fund_update{
              .fee = core(1), .owner_account = A, .fund_id = fund, .delta_amount = u(50), .new_fee_rate = {}}) ==
          amounts{{U, -50}, {core_asset, -1}});
    samet_fund_borrow const borrow{.fee = core(1), .borrower = B, .fund_id = fund, .borrow_amount = u(500)};
    samet_fund_repay const repay{
        .fee = core(1), .account = B, .fund_id = fund, .repay_amount = u(500), .fund_fee = u(7)};
    CHECK(b.apply(borrow, extended({})) == amounts{{U, 500}, {core_asset, -1}});
    CHECK(b.apply(repay, extended({})) == amounts{{U, -507}, {core_asset, -1}});
    CHECK(owner.apply(borrow, extended({})).empty());
    CHECK(owner.apply(repay, extended({})).empty());
    CHECK(owner.kinds() == std::vector{kind::income});
    CHECK(owner.held(bucket::samet_fund, fund) == u(957));
    CHECK(owner.apply(samet_fund_delete{.fee = core(1), .owner_account = A, .fund_id = fund}, u(957)) ==
          amounts{{U, 957}, {core_asset, -1}});
    CHECK(owner.all.holdings().empty());
    credit_offer_id const offer(3);
    owner.apply(credit_offer_create{.fee = core(0), .owner_account = A, .asset_type = U, .balance = 10}, made(offer));
    credit_offer_update change{.fee = core(0), .owner_account = A, .offer_id = offer};
    change.delta_amount = u(-4);
    CHECK(owner.apply(change) == amounts{{U, 4}});
    CHECK(owner.held(bucket::credit_offer, offer) == u(6));
}

// What the chain did in its first years, and what a history does not tell.

TEST_CASE("history/ledger: before 2015-12-16 an order's fee was gone at once; until 2018-07-19 it came back in core")
{
    time_point_sec const old{1'440'000'000}, between{1'500'000'000};
    books first(A, {}, old);
    first.apply(order(A, core(1'000), u(1), core(10)), made(o0));
    CHECK(first.kinds() == std::vector{kind::lock, kind::fee});
    CHECK(first.apply(cancel(A, 0, core(0)), core(1'000)) == amounts{{core_asset, 1'000}});
    CHECK(first.all.uncertainties().empty());
    books second(A, {}, between);
    second.apply(order(A, core(1'000), u(1), core(10)), made(o0));
    CHECK(second.apply(cancel(A, 0, core(0)), core(1'000)) == amounts{{core_asset, 1'010}});
    CHECK(second.all.uncertainties().empty());
    second.apply(order(A, core(1'000), u(1), u(10)), made(o1));
    CHECK(second.apply(cancel(A, 1, core(0)), core(1'000)) == amounts{{core_asset, 1'000}});
    REQUIRE(second.all.uncertainties().size() == 1);
    CHECK(second.all.uncertainties()[0].asset_id == core_asset);
    CHECK(second.all.uncertainties()[0].lower == 0);
    CHECK(!second.all.uncertainties()[0].upper);
    CHECK(second.all.uncertainties()[0].place.tag == limit_order_cancel::traits.tag);
}

TEST_CASE("history/ledger: parameters that are not known leave bounds, and no guess")
{
    books a(A, {});
    a.apply(order(A, core(1'000'000), u(2'000'000)), made(o0));
    CHECK(a.apply(fill(A, o0, core(250'000), u(500'000), u(5'000), true), {}, true) == amounts{{U, 495'000}});
    REQUIRE(a.all.uncertainties().size() == 1);
    CHECK(a.all.uncertainties()[0].upper == 500'000);
    CHECK(a.all.uncertainties()[0].place.block_num == a.block);
    a.apply(order(A, core(1'000'000), u(2'000'000)), made(o1));
    CHECK(a.apply(limit_order_update{.fee = core(37'500), .seller = A, .order = o1, .new_expiration = now}) ==
          amounts{{core_asset, -37'500}});
    REQUIRE(a.all.uncertainties().size() == 2);
    CHECK(a.all.uncertainties()[1].upper == 500'000);
    // What is likely is booked, and bounded.
    ledger_parameters likely;
    order_fee_parameters half = examples().at(now, false);
    half.assumed = true;
    likely.set({}, half);
    books b(A, likely);
    b.apply(order(A, core(1'000'000), u(2'000'000)), made(o0));
    CHECK(b.apply(fill(A, o0, core(250'000), u(500'000), u(5'000), true), {}, true) ==
          amounts{{U, 495'000}, {core_asset, 250'000}});
    b.apply(order(A, core(1'000'000), u(2'000'000)), made(o1));
    CHECK(b.apply(limit_order_update{.fee = core(37'500), .seller = A, .order = o1, .new_expiration = now}) ==
          amounts{{core_asset, 492'500 - 37'500}});
    REQUIRE(b.all.uncertainties().size() == 2);
    CHECK(b.all.uncertainties()[0].lower == -250'000);
    CHECK(b.all.uncertainties()[0].upper == 250'000);
    CHECK(b.all.uncertainties()[1].lower == -492'500);
    CHECK(b.all.uncertainties()[1].upper == 7'500);
    // Before the discount could be, there was none.
    books early(A, {}, {1'590'000'000});
    early.apply(order(A, core(1'000'000), u(2'000'000)), made(o0));
    early.apply(fill(A, o0, core(250'000), u(500'000), u(5'000), true), {}, true);
    CHECK(early.all.uncertainties().empty());
}

TEST_CASE("history/ledger: parameters are in force from a maintenance on")
{
    ledger_parameters p;
    CHECK(!p.at(now, false).maker_fee_discount_percent);
    order_fee_parameters one, two;
    one.maker_fee_discount_percent = std::uint16_t{1};
    two.maker_fee_discount_percent = std::uint16_t{2};
    p.set({100}, one);
    p.set({200}, two);
    CHECK(p.at({100}, false) == order_fee_parameters());
    CHECK(p.at({100}, true) == one);
    CHECK(p.at({200}, false) == one);
    CHECK(p.at({200}, true) == two);
    CHECK(p.at({1'000}, false) == two);
    CHECK(ledger_parameters::next_maintenance({7'199}, 3'600).seconds == 7'200);
    CHECK(ledger_parameters::next_maintenance({7'200}, 3'600).seconds == 10'800);
    CHECK(ledger_parameters::next_maintenance({7'200}, 0) == time_point_sec::maximum());
    chain_parameters chain;
    chain.extensions.maker_fee_discount_percent = std::uint16_t{1'060};
    chain.current_fees.scale = 20'000;
    chain.current_fees.parameters.insert(fee_parameters::of<limit_order_create>({.fee = 500'001}));
    chain.current_fees.parameters.insert(fee_parameters::of<limit_order_cancel>({.fee = UINT64_MAX / 4}));
    auto const of = order_fee_parameters::of(chain);
    CHECK(of.maker_fee_discount_percent == 1'060);
    CHECK(of.create_fee == 1'000'002);
    CHECK(of.cancel_fee == UINT64_MAX / 4 * 2);
    CHECK(!of.update_fee);
    CHECK(order_fee_parameters::of(chain_parameters()).maker_fee_discount_percent == 0);
}

TEST_CASE("history/ledger: what was opened before the history begins is named")
{
    books a(A);
    CHECK(a.apply(fill(A, o0, core(10), u(20), u(0), true), {}, true) == amounts{{U, 20}});
    CHECK(a.apply(fill(A, call_order_id(1), core(10), m(20), core(1), false), {}, true).empty());
    CHECK(a.apply(cancel(A, 4, core(0))).empty());
    CHECK(a.all.holdings().empty());
    CHECK(a.all.uncertainties().size() >= 4);
    for (auto const& uncertain : a.all.uncertainties())
        CHECK(!uncertain.reason.empty());
    books b(A);
    CHECK(b.apply(unknown_operation{99, "{}"}).empty());
    REQUIRE(b.all.uncertainties().size() == 1);
    CHECK(!b.all.uncertainties()[0].asset_id);
    books null(reserved_accounts::null);
    CHECK(null.apply(fill(reserved_accounts::null, o0, core(10), u(20), u(0), true), {}, true).empty());
    CHECK(null.all.uncertainties().size() == 1); // burn workers' pay
}

TEST_CASE("history/ledger: what a late history or an old node leaves open is bounded where it can be")
{
    auto const only = [](books const& b, std::optional<asset_id> a, std::optional<std::int64_t> lower,
                         std::optional<std::int64_t> upper) {
        REQUIRE(b.all.uncertainties().size() == 1);
        CHECK(b.all.uncertainties()[0].asset_id == a);
        CHECK(b.all.uncertainties()[0].lower == lower);
        CHECK(b.all.uncertainties()[0].upper == upper);
        CHECK(b.all.uncertainties()[0].place.block_num == b.block);
    };
    books bidder(A); // 77 is what the member says, but not what comes back
    CHECK(
        bidder
            .apply(bid_collateral{.fee = core(1), .bidder = A, .additional_collateral = core(77), .debt_covered = m(0)})
            .at(core_asset) == -1);
    only(bidder, core_asset, 0, std::nullopt);
    books ticket(A);
    CHECK(ticket.apply(ticket_update{.fee = core(1), .ticket = ticket_id(3), .account = A, .target_type = {0}},
                       generic_operation_result()) == amounts{{core_asset, -1}});
    only(ticket, core_asset, 0, std::nullopt);
    books strange(A);
    CHECK(strange.apply(fill(A, any_object_id(1, 2, 5), core(1), u(1), u(0), true), {}, true).empty());
    only(strange, std::nullopt, std::nullopt, std::nullopt);
    books settled(A);
    CHECK(settled.apply(asset_settle{.fee = core(1), .account = A, .amount = m(50)}) == amounts{{core_asset, -1}});
    REQUIRE(settled.all.uncertainties().size() == 2);
    CHECK(settled.all.uncertainties()[0].asset_id == M);
    CHECK(settled.all.uncertainties()[0].lower == -50);
    CHECK(settled.all.uncertainties()[0].upper == 0);
    CHECK(!settled.all.uncertainties()[1].asset_id);
    CHECK(settled.all.uncertainties()[1].lower == 0);

    credit_deal_id const deal(0);
    credit_deal_repay const repay{
        .fee = core(0), .account = A, .deal_id = deal, .repay_amount = core(40), .credit_fee = core(2)};
    books known(A), late(A);
    known.apply(credit_offer_accept{.fee = core(0),
                                    .borrower = A,
                                    .offer_id = credit_offer_id(0),
                                    .borrow_amount = core(100),
                                    .collateral = u(300)},
                extended({deal}));
    CHECK(known.apply(repay) == amounts{{core_asset, -42}});
    only(known, U, 0, 300);
    CHECK(late.apply(repay) == amounts{{core_asset, -42}});
    REQUIRE(late.all.uncertainties().size() == 2);
    CHECK(late.all.uncertainties()[0].lower == 0); // a debt that is not known
    CHECK(late.all.uncertainties()[0].upper == 0);
    CHECK(!late.all.uncertainties()[1].asset_id);

    // An order from before 2018-07-19, whose fee in another asset counts in core, filled or updated when there are discounts.
    for (bool const updated : {false, true})
    {
        books old(A, examples(), {1'500'000'000});
        old.apply(order(A, core(1'000), u(1), u(10)), made(o0));
        old.time = now;
        if (updated)
            CHECK(old.apply(limit_order_update{.fee = core(37'500), .seller = A, .order = o0, .new_expiration = now}) ==
                  amounts{{core_asset, -37'500}});
        else
            CHECK(old.apply(fill(A, o0, core(10), u(20), u(0), true), {}, true) == amounts{{U, 20}});
        only(old, core_asset, 0, std::nullopt);
    }
}

TEST_CASE("history/ledger: more uncertainties than can be of use are added up")
{
    ledger all(A); // nothing is known of the discount
    std::vector<ledger_row> rows;
    history_record record;
    record.block_time = now;
    for (std::uint64_t n = 0; n < 10'100; ++n)
    {
        record.op = order(A, core(10), u(10), core(3));
        record.result = any_object_id(limit_order_id(n));
        REQUIRE(all.apply(record, rows).has_value());
        record.op = fill(A, limit_order_id(n), core(10), u(10), u(0), true);
        record.result = void_result();
        REQUIRE(all.apply(record, rows).has_value());
        rows.clear();
    }
    REQUIRE(all.uncertainties().size() == 10'001);
    CHECK(all.uncertainties()[9'999].upper == 3);
    CHECK(all.uncertainties()[10'000].lower == 0);
    CHECK(all.uncertainties()[10'000].upper == 300);
}

TEST_CASE("history/ledger: a balance past 64 bits is an error")
{
    ledger all(A);
    std::vector<ledger_row> rows;
    history_record record;
    record.op = transfer{.fee = core(0), .from = B, .to = A, .amount = core(INT64_MAX), .memo = std::nullopt};
    CHECK(all.apply(record, rows).has_value());
    auto const failed = all.apply(record, rows);
    REQUIRE(!failed.has_value());
    CHECK(failed.error().code() == errc::amount_overflow);
    ledger other(A);
    record.op = transfer{.fee = core(0), .from = A, .to = B, .amount = core(INT64_MIN), .memo = std::nullopt};
    CHECK(!other.apply(record, rows).has_value());
}

TEST_CASE("history/reconciliation: a difference names the asset, both amounts and the operation where it arises")
{
    books a(A, {});
    reconciliation compare;
    auto const note = [&] { compare.note(a.rows); };
    a.apply(transfer{.fee = core(0), .from = B, .to = A, .amount = u(100), .memo = std::nullopt}), note();
    CHECK(compare.check(a.all, {{U, 100}}).empty());
    a.apply(transfer{.fee = core(0), .from = B, .to = A, .amount = u(10), .memo = std::nullopt}), note();
    a.apply(transfer{.fee = core(0), .from = B, .to = A, .amount = u(1), .memo = std::nullopt}), note();
    auto differences = compare.check(a.all, {{U, 112}, {M, 5}});
    REQUIRE(differences.size() == 2);
    CHECK(differences[0].asset_id == U);
    CHECK(differences[0].expected == 112);
    REQUIRE(differences[0].agreed); // it came behind this one
    CHECK(differences[0].agreed->block_num == 1001);
    CHECK(differences[0].got == 111);
    REQUIRE(differences[0].first);
    CHECK(differences[0].first->block_num == 1002);
    CHECK(!differences[0].within_bounds);
    CHECK(differences[1].asset_id == M);
    CHECK(!differences[1].first); // nothing moved it: operations are missing
    // Below zero is closer to the cause than the first movement.
    a.apply(transfer{.fee = core(0), .from = A, .to = B, .amount = u(500), .memo = std::nullopt}), note();
    differences = compare.check(a.all, {{U, 0}});
    REQUIRE(differences.size() == 1);
    CHECK(differences[0].first->block_num == 1004);
    // And what the ledger itself is not sure of is closest.
    a.apply(order(A, core(1'000'000), u(2'000'000)), made(o0)), note();
    a.apply(fill(A, o0, core(250'000), u(500'000), u(5'000), true), {}, true), note();
    differences = compare.check(a.all, {{core_asset, -1'250'000}, {U, a.all.balance(U)}});
    REQUIRE(differences.size() == 1);
    CHECK(differences[0].first->block_num == 1006);
    CHECK(differences[0].within_bounds);
    CHECK(!compare.check(a.all, {{core_asset, -1'600'000}, {U, a.all.balance(U)}})[0].within_bounds);
}

TEST_CASE("history/reconciliation: no balance is below zero, which bounds where a difference came from")
{
    books a(A);
    std::vector<std::vector<ledger_row>> done;
    auto const moved = [&](std::int64_t amount) {
        a.apply(transfer{.fee = core(0),
                         .from = amount < 0 ? A : B,
                         .to = amount < 0 ? B : A,
                         .amount = u(amount < 0 ? -amount : amount),
                         .memo = std::nullopt});
        done.push_back(a.rows);
    };
    for (std::int64_t const amount : {100, 200, -250, 30, 500, -590, 20, -40, 100}) // blocks 1001 to 1009
        moved(amount);
    auto const bounds = [&done](std::int64_t missing) {
        difference_bounds b(U, missing);
        for (auto const& rows : done)
            b.note(rows);
        b.finish();
        std::pair<std::uint32_t, std::uint32_t> blocks{};
        if (b.after())
            blocks.first = b.after()->block_num;
        if (b.before())
            blocks.second = b.before()->block_num;
        return blocks;
    };
    // 100, 300, 50, 80, 580, -10, 10, -30, 70
    CHECK(bounds(30) == std::pair(0u, 1006u)); // without something before it there was less than nothing
    CHECK(bounds(-70) == std::pair(1008u, 0u));
    CHECK(bounds(-71) == std::pair(1009u, 0u)); // more than there ever is: behind everything
    CHECK(bounds(0) == std::pair(0u, 0u));
    CHECK(difference_bounds(M, 5).after() == std::nullopt);
    // What a transaction does is looked at when it is done.
    ledger_row row;
    row.place.block_num = 5;
    difference_bounds one(U, 5);
    for (std::int64_t const balance : {-10, 3})
    {
        row.postings = {{bucket::liquid, {}, u(1), balance}};
        one.note(std::span(&row, 1));
    }
    one.finish();
    CHECK(!one.before());
    row.postings[0].balance = -10;
    one.note(std::span(&row, 1));
    one.finish();
    CHECK(one.before());
}

TEST_CASE("history/ledger: kinds and buckets have names")
{
    for (int i = 0; i <= static_cast<int>(kind::other); ++i)
        CHECK(name(static_cast<kind>(i)) != "unknown");
    for (int i = 0; i <= static_cast<int>(bucket::credit_debt); ++i)
        CHECK(name(static_cast<bucket>(i)) != "unknown");
    CHECK(name(static_cast<kind>(77)) == "unknown");
    CHECK(name(static_cast<bucket>(77)) == "unknown");
}

namespace {

std::string read_text(std::string const& path)
{
    std::ifstream in(std::string(BITSHARES_TESTS_DIR) + "/../" + path, std::ios::binary);
    REQUIRE(in);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// What the books say of rows and doubts: every text between quotes in the class that books.
std::set<std::string, std::less<>> words_of_source()
{
    std::string const source = read_text("include/bitshares/impl/history/ledger.ipp");
    std::size_t const begin = source.find("class ledger_entry");
    std::size_t const end = source.find("} // namespace detail", begin);
    REQUIRE(end != source.npos);
    std::set<std::string, std::less<>> words;
    for (std::size_t at = source.find('"', begin); at < end; at = source.find('"', at + 1))
    {
        std::size_t const close = source.find('"', at + 1);
        words.insert(source.substr(at + 1, close - at - 1));
        at = close;
    }
    words.erase("at "); // of an error
    return words;
}

/// The list in README.md of what no recording proves, without its line breaks and the marks between its items.
std::string list_in_readme()
{
    std::string const text = read_text("README.md");
    std::size_t const begin = text.find("\n- ", text.find("Proven by hand-derived cases only"));
    std::size_t const end = text.find("\n\n", begin);
    REQUIRE(end != text.npos);
    std::string list;
    for (char const c : text.substr(begin, end - begin))
        if (c != '\n')
            list += c;
        else if (list.ends_with(' '))
            continue;
        else
            list += ' ';
    for (std::size_t at; (at = list.find("  ")) != list.npos;)
        list.erase(at, 1);
    return list;
}

struct unproven
{
    std::string_view readme; ///< How README.md says it.
    char const* rule;        ///< Of @ref ledger_proofs::rules::seen; null: no row tells it from what is proven.
};

// The first that fits counts.
constexpr unproven hand_proven_only[] = {
    {"orders placed before 2018-07-19 (fees that come back in core, or not at all)",
     R"(limit_order_create \(id\): (fee|order placed \[-liquid \+order\]( \+ order's fee \[-liquid\] in another asset)?)|)"
     R"((limit_order_cancel \(asset\)|limit_order_update|fill_order): .*before 2018.*)"},
    {"results as nodes before 7.0.0 tell them, or do not",
     R"(asset_settle( \((asset|id)\))?: .*|credit_deal_repay: .*|limit_order_cancel, by the chain: .*|liquidity_pool_(deposit|withdraw|exchange): .*\? .*)"},
    {"cancellation fees above 0 in updates of orders",
     R"(limit_order_update: order (enlarged|reduced) .* order's fee \[-order_fee\] .*)"},
    {"what an order's fee in another asset counts in core then (its bounds are named)",
     R"(limit_order_update: .*counts as at least the schedule's in core)"},
    {"an order's fee in another asset when the order is filled or expires",
     R"(fill_order: .* in another asset|limit_order_cancel, by the chain \(asset\): order cancelled .* in another asset)"},
    {"cancellations of orders with a fee above 0", R"(limit_order_cancel \(asset\): fee( in another asset)?)"},
    {"and expiries with one", R"(limit_order_cancel, by the chain \(asset\): fee( in another asset)?)"},
    {"cancellations of orders that are filled in part",
     R"(limit_order_cancel \(asset\): order cancelled \[-order \+liquid\])"},
    {"take-profit orders that enlarge one that is there", R"(limit_order_update, by the chain: .*)"},
    {"tickets of more than one lock on their way up", R"(ticket: charging [1-3] of 3 -> (charging|stable) [1-3] of 3)"},
    {"on their way down", R"(ticket: .* -> withdrawing [0-3] of 0)"},
    {"and when they change direction", R"(ticket: withdrawing [0-3] of 0 -> charging .*)"},
    {"tickets that an update finds due", R"(ticket_update \(objects\): ticket released .*)"},
    {"a new bid in place of an old one", R"(bid_collateral: bid replaced .*)"},
    {"a revival without a bid", R"(execute_bid: bid executed \[\+collateral -debt\])"},
    {"an instant settlement of which a part waits",
     R"(asset_settle \(extendable\): settled at once .* \+ settlement .*)"},
    {"a debt position that its owner closes", R"(call_order_update \(id\): collateral taken out .* \+ repaid .*)"},
    {"an automatic repayment of a part of a deal", nullptr},
    {"a SameT fund that is enlarged", R"(samet_fund_update: SameT fund \[-liquid \+samet_fund\])"},
    {"a credit offer that is reduced", R"(credit_offer_update: credit offer \[-credit_offer \+liquid\])"},
    {"a vesting balance that an account makes for itself", R"(vesting_balance_create \(id\): .*\[-liquid \+vesting\])"},
    {"and what is withdrawn of one that the chain filled", R"(vesting_balance_withdraw: vested \[\+liquid\])"},
    {"`withdraw_permission_delete`", "withdraw_permission_delete: fee"},
    {"`liquidity_pool_delete`", R"(liquidity_pool_delete \(objects\): fee)"},
    {"`samet_fund_delete`", R"(samet_fund_delete \(asset\): fee)"},
    {"and `credit_offer_delete` with a fee: they cost nothing on the recorded chains",
     R"(credit_offer_delete \(asset\): fee)"},
    {"what was opened before a history begins",
     R"(fill_order: (\?|order filled, as maker \[\+liquid\] \+ \?) more came out .*|)"
     R"((limit_order_cancel|bid_collateral|ticket_update \(objects\)): \? .* before the history begins.*)"},
    {"parameters that nobody tells", R"((fill_order|limit_order_update): .* (is|are) not known)"},
    {"and operations and orders of later versions", "unknown: .*|fill_order: .* of an unknown type was filled"},
};

} // namespace

TEST_CASE("history/ledger: every rule is proven, by recordings or by hand, and README.md names those by hand")
{
    // The last case of all that book: it sums up what the others have seen.
    auto const& recorded = ledger_proofs::recorded();
    auto const& by_hand = proofs();
    REQUIRE_MESSAGE(!recorded.seen.empty(), "this case runs together with all of history/ledger*");
    std::string list = list_in_readme();
    std::set<std::string_view> used;
    for (std::string const& rule : by_hand.seen)
    {
        if (recorded.seen.contains(rule))
            continue;
        auto const* const named =
            std::find_if(std::begin(hand_proven_only), std::end(hand_proven_only),
                         [&](auto const& u) { return u.rule && std::regex_match(rule, std::regex(u.rule)); });
        CHECK_MESSAGE(named != std::end(hand_proven_only), rule << " is proven by hand only: say so in README.md");
        if (named != std::end(hand_proven_only))
            used.insert(named->readme);
    }
    for (unproven const& u : hand_proven_only)
    {
        CHECK_MESSAGE((!u.rule || used.contains(u.readme)), u.readme << ": is proven by now, or no case does it");
        auto const at = list.find(u.readme);
        CHECK_MESSAGE(at != list.npos, "README.md does not name: " << u.readme);
        if (at != list.npos)
            list.erase(at, u.readme.size());
    }
    CHECK_MESSAGE(list.find_first_not_of("-,;. ") == list.npos, "README.md names more: " << list);

    // Nothing is booked in words that no test has met.
    std::string not_met;
    auto const source = words_of_source();
    CHECK(source.size() == 68);
    for (std::string const& word : source)
        if (!recorded.words().contains(word) && !by_hand.words().contains(word))
            not_met += word + "; ";
    CHECK(not_met == "");

    std::string only_by_hand, nothing;
    for (std::uint8_t tag = 0; tag < operation_count; ++tag)
    {
        std::string const word = std::string(operation_traits(tag).name) + ' ';
        if (by_hand.moves.contains(tag) && !recorded.moves.contains(tag))
            only_by_hand += word;
        if (!recorded.moves.contains(tag) && !recorded.fees.contains(tag) && !by_hand.moves.contains(tag) &&
            !by_hand.fees.contains(tag))
            nothing += word;
    }
    CHECK(only_by_hand == "");
    CHECK(nothing ==
          "account_transfer blind_transfer "); // the one no node applies; the other pays from what is blinded
}
