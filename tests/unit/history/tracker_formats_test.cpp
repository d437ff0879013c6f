#include <bitshares/history/tracker_formats.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace bitshares;

namespace {

history_labels labels()
{
    history_labels l;
    l.put(asset_id(0), asset_label{"BTS", 5});
    l.put(asset_id(1), asset_label{"GDEX.USDT", 4});
    l.put(asset_id(2), asset_label{"ODD,\"ONE\"", 0});
    l.put(account_id(19), "bob");
    return l;
}

movement some(movement_kind kind)
{
    movement m;
    m.kind = kind;
    m.place.time = time_point_sec::from_string("2026-11-02T03:53:49").value();
    m.operations = {operation_history_id(1379)};
    m.what = "order filled, as taker";
    return m;
}

movement trade()
{
    movement m = some(movement_kind::trade);
    m.received = asset{1'234'567, asset_id(1)};
    m.sent = asset{5'000'001, core_asset};
    m.fee = asset{12, asset_id(1)};
    m.counterparties = {account_id(19)};
    m.transaction_id = "00ff";
    return m;
}

movement lone_fee()
{
    movement m = some(movement_kind::fee);
    m.what = "fee";
    m.counterparties = {account_id(19)}; // it did not go to them
    m.sent = m.fee = asset{1, core_asset};
    return m;
}

tracker_format const& format(std::string_view name)
{
    for (tracker_format const& f : tracker_formats)
        if (f.name == name)
            return f;
    FAIL("no such format");
    return tracker_formats[0];
}

std::string header(std::string_view name)
{
    std::string out;
    append_header<movement_source>(out, format(name), true);
    return out;
}

std::string line(std::string_view name, movement const& m)
{
    history_labels const l = labels();
    std::string out, scratch;
    append_row<movement_source>(out, format(name), {m, l}, true, scratch);
    return out;
}

} // namespace

TEST_CASE("history/tracker_formats: CoinTracking: 11 columns in its order, its dates, the fee inside the amounts")
{
    CHECK(format("cointracking").fees == fee_rule::included);
    CHECK(header("cointracking") == "Type,Buy Amount,Buy Currency,Sell Amount,Sell Currency,Fee Amount,Fee Currency,"
                                    "Exchange,Trade Group,Comment,Date\r\n");
    CHECK(line("cointracking", trade()) ==
          "Trade,123.4567,GDEX.USDT,50.00001,BTS,0.0012,GDEX.USDT,BTS-DEX,,"
          "\"order filled, as taker with bob, 1.11.1379\",02.11.2026 03:53:49 GMT+0000\r\n");
    CHECK(line("cointracking", lone_fee()) ==
          "Other Fee,,,0.00001,BTS,0.00001,BTS,BTS-DEX,,\"fee, 1.11.1379\",02.11.2026 03:53:49 GMT+0000\r\n");
    movement in = some(movement_kind::deposit);
    in.what = "received";
    in.received = asset{7, asset_id(2)};
    in.counterparties = {account_id(19)};
    CHECK(line("cointracking", in) == "Deposit,7,\"ODD,\"\"ONE\"\"\",,,,,BTS-DEX,,\"received from bob, 1.11.1379\","
                                      "02.11.2026 03:53:49 GMT+0000\r\n");
    in.kind = movement_kind::income;
    CHECK(line("cointracking", in).starts_with("Income,7,"));
    movement out = some(movement_kind::withdrawal);
    out.what = "sent";
    out.sent = asset{8, core_asset};
    out.counterparties = {account_id(19)};
    CHECK(line("cointracking", out).starts_with("Withdrawal,,,0.00008,BTS,,,BTS-DEX,,\"sent to bob, 1.11.1379\","));
}

TEST_CASE("history/tracker_formats: Koinly: minutes with UTC, the fee beside the amounts, a lone one sent and labelled")
{
    CHECK(format("koinly").fees == fee_rule::beside);
    CHECK(header("koinly") ==
          "Date,Sent Amount,Sent Currency,Received Amount,Received Currency,Fee Amount,Fee Currency,"
          "Net Worth Amount,Net Worth Currency,Label,Description,TxHash\r\n");
    CHECK(line("koinly", trade()) == "2026-11-02 03:53 UTC,50.00001,BTS,123.4567,GDEX.USDT,0.0012,GDEX.USDT,,,,"
                                     "\"order filled, as taker with bob, 1.11.1379\",00ff\r\n");
    CHECK(line("koinly", lone_fee()) == "2026-11-02 03:53 UTC,0.00001,BTS,,,,,,,cost,\"fee, 1.11.1379\",\r\n");
    movement in = some(movement_kind::income);
    in.what = "vested";
    in.received = asset{7, core_asset};
    CHECK(line("koinly", in) == "2026-11-02 03:53 UTC,,,0.00007,BTS,,,,,income,\"vested, 1.11.1379\",\r\n");
}

TEST_CASE("history/tracker_formats: CoinTracker: American dates, the fee beside the amounts")
{
    CHECK(format("cointracker").fees == fee_rule::beside);
    CHECK(header("cointracker") ==
          "Date,Received Quantity,Received Currency,Sent Quantity,Sent Currency,Fee Amount,Fee Currency,Tag\r\n");
    CHECK(line("cointracker", trade()) == "11/02/2026 03:53:49,123.4567,GDEX.USDT,50.00001,BTS,0.0012,GDEX.USDT,\r\n");
    CHECK(line("cointracker", lone_fee()) == "11/02/2026 03:53:49,,,0.00001,BTS,,,\r\n");
}

TEST_CASE("history/tracker_formats: ccGains: 0 for what there is none of, operations in the comment, dates with a zone")
{
    CHECK(format("ccgains").fees == fee_rule::included);
    CHECK(header("ccgains") == "Kind,Date,Buy currency,Buy amount,Sell currency,Sell amount,Fee currency,Fee "
                               "amount,Exchange,Mark,Comment\r\n");
    movement two = trade();
    two.operations.push_back(operation_history_id(1380));
    CHECK(line("ccgains", two) == "Trade,2026-11-02T03:53:49Z,GDEX.USDT,123.4567,BTS,50.00001,GDEX.USDT,0.0012,"
                                  "Bitshares,-1,1.11.1379 1.11.1380\r\n");
    CHECK(line("ccgains", lone_fee()) ==
          "Withdrawal,2026-11-02T03:53:49Z,,0,BTS,0.00001,BTS,0.00001,Bitshares,-1,1.11.1379\r\n");
    movement in = some(movement_kind::income);
    in.received = asset{7, core_asset};
    CHECK(line("ccgains", in) == "Deposit,2026-11-02T03:53:49Z,BTS,0.00007,,0,,0,Bitshares,-1,1.11.1379\r\n");
}

TEST_CASE("history/tracker_formats: names are told apart")
{
    for (tracker_format const& f : tracker_formats)
    {
        CHECK(&format(f.name) == &f);
        CHECK(find_export_format(f.name) == nullptr);
    }
}
