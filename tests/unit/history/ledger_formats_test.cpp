#include <bitshares/history/ledger_formats.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace bitshares;

namespace {

constexpr account_id alice{18}, bob{19};

history_labels labels()
{
    history_labels l;
    l.put(asset_id(0), asset_label{"BTS", 5});
    l.put(asset_id(1), asset_label{"=GOLD", 4});
    l.put(alice, "alice");
    l.put(bob, "bob");
    return l;
}

history_record order(std::uint64_t sequence)
{
    limit_order_create op;
    op.fee = {50, core_asset};
    op.seller = alice;
    op.amount_to_sell = {12'345, asset_id(1)};
    op.min_to_receive = {1, core_asset};
    history_record r;
    r.op = op;
    r.result = any_object_id(limit_order_id(7));
    r.id = operation_history_id(1000 + sequence);
    r.sequence = sequence;
    r.block_num = 888;
    r.block_time = {1'767'225'600};
    return r;
}

} // namespace

TEST_CASE("history/ledger_formats: a line for each posting, with what is there afterwards")
{
    history_labels const l = labels();
    std::string out, scratch;
    append_header(out, ledger_formats[0], true);
    CHECK(out == "time,block,operation_id,sequence,type,virtual,row,kind,what,bucket,object,amount,asset,balance,"
                 "counterparties,memo,transaction_id\r\n");
    ledger books(alice);
    std::vector<ledger_row> rows;
    history_record const record = order(3);
    REQUIRE(books.apply(record, rows).has_value());
    history_row event;
    classify(record, alice, event);
    event.transaction_id = "00ff";
    out.clear();
    for (unsigned number = 0; auto const& row : rows)
    {
        ++number;
        for (auto const& posting : row.postings)
            append_row(out, ledger_formats[0], {row, posting, number, &event, l}, true, scratch);
    }
    std::string const head = "2026-01-01 00:00:00,888,1.11.1003,3,limit_order_create,false,";
    CHECK(out == head + "1,lock,order placed,liquid,,-1.2345,'=GOLD,-1.2345,,,00ff\r\n" + head +
                     "1,lock,order placed,order,1.7.7,1.2345,'=GOLD,1.2345,,,00ff\r\n" + head +
                     "2,lock,order's fee,liquid,,-0.00050,BTS,-0.00050,,,00ff\r\n" + head +
                     "2,lock,order's fee,order_fee,1.7.7,0.00050,BTS,0.00050,,,00ff\r\n");
}

TEST_CASE("history/ledger_formats: what has no operation has a time only")
{
    history_labels const l = labels();
    ledger_row row;
    row.place.time = {1'767'225'600};
    row.kind = ledger_kind::unlock;
    row.what = "ticket released";
    row.postings = {{ledger_bucket::liquid, {}, {5, core_asset}, 7}};
    std::string out, scratch;
    append_row(out, ledger_formats[0], {row, row.postings[0], 1, nullptr, l}, true, scratch);
    CHECK(out == "2026-01-01 00:00:00,,,,,true,1,unlock,ticket released,liquid,,0.00005,BTS,0.00007,,,\r\n");
}

TEST_CASE("history/ledger_formats: a statement has a line for each asset, with all that is somewhere")
{
    history_labels const l = labels();
    ledger books(alice);
    std::vector<ledger_row> rows;
    history_record const record = order(1);
    REQUIRE(books.apply(record, rows).has_value());
    std::map<asset_id, std::int64_t> const node{{core_asset, -50}, {asset_id(9), 3}};
    std::map<asset_id, std::int64_t> const vesting{{asset_id(1), 20'000}, {asset_id(11), 8}};
    auto const lines = make_statement(books, &node, &vesting);
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].asset_id == core_asset);
    CHECK(lines[0].amount(ledger_bucket::order_fee) == 50);
    CHECK(lines[0].node == -50);
    CHECK(lines[1].amount(ledger_bucket::order) == 12'345);
    CHECK(lines[1].node == 0); // it names none
    CHECK(lines[2].node == 3);
    CHECK(lines[2].amount(ledger_bucket::liquid) == 0);
    CHECK(lines[0].vesting_node == 0);
    CHECK(lines[1].vesting_node == 20'000);
    CHECK(lines[1].amount(ledger_bucket::vesting) == 0); // no operation put it there
    CHECK(lines[3].asset_id == asset_id(11));
    CHECK(lines[3].vesting_node == 8);
    CHECK(lines[3].node == 0);
    std::string out, scratch;
    append_header(out, statement_formats[0], false);
    append_row(out, statement_formats[0], {lines[1], {1'767'225'600}, l}, false, scratch);
    CHECK(out == "time,asset,asset_id,liquid,order,order_fee,collateral,debt,settlement,bid,htlc,vesting,ticket,"
                 "samet_fund,credit_offer,credit_lent,credit_collateral,credit_debt,total,node,vesting_node\r\n"
                 "2026-01-01 00:00:00,'=GOLD,1.3.1,-1.2345,1.2345,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,"
                 "0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,2.0000\r\n");
    CHECK(!make_statement(books)[0].node);
    CHECK(!make_statement(books, &node)[0].vesting_node); // a node that does not tell it
    out.clear();
    append_row(out, statement_formats[1], {lines[0], {0}, l}, false, scratch);
    CHECK(out.starts_with(R"({"time":"1970-01-01 00:00:00","asset":"BTS","asset_id":"1.3.0","liquid":"-0.00050",)"));
    out.clear();
    append_row(out, statement_formats[1], {lines[1], {0}, l}, false, scratch);
    CHECK(out.ends_with(R"("total":"0.0000","node":"0.0000","vesting_node":"2.0000"})"
                        "\n"));
    out.clear();
    append_row(out, statement_formats[0], {make_statement(books, &node)[1], {0}, l}, false, scratch);
    CHECK(out.ends_with(",0.0000,0.0000,\r\n"));
}
