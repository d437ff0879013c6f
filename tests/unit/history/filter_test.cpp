#include <bitshares/history/filter.hpp>

#include <doctest/doctest.h>

#include <functional>

using namespace bitshares;

namespace {

history_record sample()
{
    history_record row;
    row.id = operation_history_id(50);
    row.block_num = 20;
    row.block_time = time_point_sec{1000};
    transfer op;
    op.fee = asset{1, asset_id(9)};
    op.from = account_id(3);
    op.to = account_id(4);
    op.amount = asset{5, asset_id(7)};
    row.op = op;
    return row;
}

bool wanted(std::function<void(history_filter&)> const& set, history_record const& row = sample())
{
    history_filter filter;
    set(filter);
    return filter.matches(row);
}

} // namespace

TEST_CASE("history/filter: what is not set leaves nothing out; ranges are with their first and last")
{
    CHECK(wanted([](auto&) {}));
    CHECK(wanted([](auto& f) { f.from = time_point_sec{1000}; }));
    CHECK_FALSE(wanted([](auto& f) { f.from = time_point_sec{1001}; }));
    CHECK(wanted([](auto& f) { f.to = time_point_sec{1001}; }));
    CHECK_FALSE(wanted([](auto& f) { f.to = time_point_sec{1000}; })); // the first time behind the range
    CHECK(wanted([](auto& f) { f.first_block = 20; }));
    CHECK_FALSE(wanted([](auto& f) { f.first_block = 21; }));
    CHECK(wanted([](auto& f) { f.last_block = 20; }));
    CHECK_FALSE(wanted([](auto& f) { f.last_block = 19; }));
    CHECK(wanted([](auto& f) { f.first = operation_history_id(50); }));
    CHECK_FALSE(wanted([](auto& f) { f.first = operation_history_id(51); }));
    CHECK(wanted([](auto& f) { f.last = operation_history_id(50); }));
    CHECK_FALSE(wanted([](auto& f) { f.last = operation_history_id(49); }));
    CHECK(wanted([](auto& f) { f.types = {1, 0}; }));
    CHECK_FALSE(wanted([](auto& f) { f.types = {1}; }));
    CHECK_FALSE(wanted([](auto& f) {
        f.types = {0};
        f.last_block = 19;
    }));
}

TEST_CASE("history/filter: assets and accounts are found wherever the operation names them")
{
    CHECK(wanted([](auto& f) { f.assets = {asset_id(1), asset_id(7)}; }));
    CHECK_FALSE(wanted([](auto& f) { f.assets = {asset_id(3)}; })); // an account's instance
    CHECK_FALSE(wanted([](auto& f) { f.assets = {asset_id(9)}; })); // the fee's
    CHECK(wanted([](auto& f) { f.counterparties = {account_id(4)}; }));
    CHECK_FALSE(wanted([](auto& f) { f.counterparties = {account_id(7)}; }));
    CHECK_FALSE(wanted([](auto& f) {
        f.counterparties = {account_id(4)};
        f.assets = {asset_id(8)};
    }));

    SUBCASE("what is proposed")
    {
        history_record row = sample();
        proposal_create proposal;
        proposal.proposed_ops.push_back({sample().op});
        row.op = proposal;
        CHECK(wanted([](auto& f) { f.assets = {asset_id(7)}; }, row));
        CHECK_FALSE(wanted([](auto& f) { f.assets = {asset_id(9)}; }, row));
        CHECK(wanted([](auto& f) { f.counterparties = {account_id(3)}; }, row));
        CHECK_FALSE(wanted([](auto& f) { f.counterparties = {account_id(5)}; }, row));
    }
    SUBCASE("the result")
    {
        history_record row = sample();
        row.result = asset{1, asset_id(77)};
        CHECK(wanted([](auto& f) { f.assets = {asset_id(77)}; }, row));
        extendable_operation_result result;
        result.impacted_accounts.emplace();
        result.impacted_accounts->insert(account_id(88));
        result.new_objects.emplace();
        result.new_objects->insert(any_object_id(account_id(89)));
        row.result = result;
        CHECK(wanted([](auto& f) { f.counterparties = {account_id(88)}; }, row));
        CHECK(wanted([](auto& f) { f.counterparties = {account_id(89)}; }, row));
        CHECK_FALSE(wanted([](auto& f) { f.assets = {asset_id(89)}; }, row));
    }
    SUBCASE("optional members, sets and maps")
    {
        history_record row = sample();
        account_update update;
        update.account = account_id(1);
        update.owner.emplace();
        update.owner->account_auths = {{account_id(66), std::uint16_t{1}}};
        row.op = update;
        CHECK(wanted([](auto& f) { f.counterparties = {account_id(66)}; }, row));
        CHECK_FALSE(wanted([](auto& f) { f.counterparties = {account_id(67)}; }, row));
    }
    SUBCASE("an operation of a newer chain, and one that is proposed")
    {
        history_record row = sample();
        row.op = unknown_operation{200, R"({"a":["1.2.66",1]})"};
        CHECK(wanted([](auto& f) { f.counterparties = {account_id(5), account_id(66)}; }, row));
        CHECK_FALSE(wanted([](auto& f) { f.counterparties = {account_id(6)}; }, row));
        CHECK_FALSE(wanted([](auto& f) { f.assets = {asset_id(66)}; }, row));
        proposal_create proposal;
        proposal.proposed_ops.push_back({row.op});
        row.op = proposal;
        CHECK(wanted([](auto& f) { f.counterparties = {account_id(66)}; }, row));
        CHECK_FALSE(wanted([](auto& f) { f.counterparties = {account_id(6)}; }, row));
    }
}
