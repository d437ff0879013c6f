#include <bitshares/history/journal_formats.hpp>

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
    l.put(asset_id(1), asset_label{"GDEX.USDT", 4});
    l.put(asset_id(2), asset_label{"bad\"\n", 0});
    l.put(asset_id(3), asset_label{"TRUE", 0});
    l.put(alice, "alice");
    l.put(bob, "bo\"b;\n");
    return l;
}

ledger_row row(ledger_kind kind, std::string_view what, std::vector<ledger_posting> postings)
{
    ledger_row r;
    r.place.time = time_point_sec::from_string("2026-11-02T03:53:49").value();
    r.kind = kind;
    r.what = what;
    r.postings = std::move(postings);
    return r;
}

ledger_posting posting(ledger_bucket b, std::int64_t amount, asset_id id = core_asset)
{
    return {b, {}, {amount, id}, 0};
}

// A fill, a transfer with words of strangers, an odd amount of three assets.
std::string journal(journal_format const& format, std::string_view account = "alice")
{
    history_labels const l = labels();
    journal_writer writer(format, account);
    std::string out;
    writer.begin(out);
    statement_line had;
    had.asset_id = asset_id(3);
    had.amounts[0] = 3;
    writer.opening(out, std::vector{had}, l, time_point_sec::from_string("2026-11-01T00:00:00").value());
    writer.add(out,
               row(ledger_kind::trade, "order filled",
                   {posting(ledger_bucket::order, -5'000'001), posting(ledger_bucket::liquid, 7, asset_id(1))}),
               nullptr, l);
    transfer op;
    op.from = bob;
    op.to = alice;
    op.amount = {9, core_asset};
    history_record record;
    record.op = op;
    record.id = operation_history_id(1379);
    history_row event;
    classify(record, alice, event);
    event.memo = "a \"memo\"; [2020-01-01]\\\n:tag:";
    event.transaction_id = "00ff";
    writer.add(out, row(ledger_kind::deposit, "received", {posting(ledger_bucket::liquid, 9)}), &event, l);
    writer.add(out,
               row(ledger_kind::trade, "pool deposit",
                   {posting(ledger_bucket::liquid, -1), posting(ledger_bucket::liquid, -2, asset_id(2)),
                    posting(ledger_bucket::liquid, 3, asset_id(3))}),
               nullptr, l);
    writer.add(out, row(ledger_kind::lock, "nothing", {posting(ledger_bucket::liquid, 0)}), nullptr, l);
    statement_line bts;
    bts.asset_id = core_asset;
    bts.amounts[0] = 8;
    bts.amounts[1] = -5'000'001;
    writer.closing(out, std::vector{bts}, l, time_point_sec::from_string("2026-11-30T23:59:59").value());
    return out;
}

} // namespace

TEST_CASE("history/journal_formats: Beancount")
{
    CHECK(journal(journal_formats[0]) == R"(option "title" "BitShares"
option "inferred_tolerance_default" "*:0.000000000001"

2026-11-01 open Assets:BitShares:Alice:Liquid
2026-11-01 open Equity:BitShares:Alice:Opening-Balances
2026-11-01 * "opening balances"
  time: "00:00:00"
  Assets:BitShares:Alice:Liquid  3 ASSET'1.3.3
  Equity:BitShares:Alice:Opening-Balances  -3 ASSET'1.3.3

2026-11-02 open Assets:BitShares:Alice:Order
2026-11-02 * "order filled"
  time: "03:53:49"
  Assets:BitShares:Alice:Order  -50.00001 BTS @@ 0.0007 GDEX.USDT
  Assets:BitShares:Alice:Liquid  0.0007 GDEX.USDT

2026-11-02 open Equity:BitShares:Alice:Transfers
2026-11-02 * "bo\"b; " "received"
  time: "03:53:49"
  operation: "1.11.1379"
  type: "transfer"
  memo: "a \"memo\"; [2020-01-01]\\ :tag:"
  transaction: "00ff"
  Assets:BitShares:Alice:Liquid  0.00009 BTS
  Equity:BitShares:Alice:Transfers  -0.00009 BTS

2026-11-02 open Equity:BitShares:Alice:Trading
2026-11-02 * "pool deposit"
  time: "03:53:49"
  Assets:BitShares:Alice:Liquid  -0.00001 BTS
  Assets:BitShares:Alice:Liquid  -2 ASSET'1.3.2
  Assets:BitShares:Alice:Liquid  3 ASSET'1.3.3
  Equity:BitShares:Alice:Trading  0.00001 BTS
  Equity:BitShares:Alice:Trading  2 ASSET'1.3.2
  Equity:BitShares:Alice:Trading  -3 ASSET'1.3.3

2026-12-01 balance Assets:BitShares:Alice:Liquid  0.00008 ~ 0 BTS
2026-12-01 balance Assets:BitShares:Alice:Order  -50.00001 ~ 0 BTS

)");
}

TEST_CASE("history/journal_formats: Ledger")
{
    CHECK(journal(journal_formats[1]) == R"(tag Time
tag Type
tag With
tag Memo
tag Transaction

commodity TRUE
account Assets:BitShares:Alice:Liquid
account Equity:BitShares:Alice:Opening-Balances
2026-11-01 * opening balances
    ; Time: 00:00:00
    Assets:BitShares:Alice:Liquid  3 TRUE
    Equity:BitShares:Alice:Opening-Balances  -3 TRUE

commodity BTS
account Assets:BitShares:Alice:Order
commodity "GDEX.USDT"
2026-11-02 * order filled
    ; Time: 03:53:49
    Assets:BitShares:Alice:Order  -50.00001 BTS @@ 0.0007 "GDEX.USDT"
    Assets:BitShares:Alice:Liquid  0.0007 "GDEX.USDT"

account Equity:BitShares:Alice:Transfers
2026-11-02 * (1.11.1379) received
    ; Time: 03:53:49
    ; Type: transfer
    ; With: bo"b  
    ; Memo: a "memo"   2020-01-01 \  tag 
    ; Transaction: 00ff
    Assets:BitShares:Alice:Liquid  0.00009 BTS
    Equity:BitShares:Alice:Transfers  -0.00009 BTS

commodity "bad  "
account Equity:BitShares:Alice:Trading
2026-11-02 * pool deposit
    ; Time: 03:53:49
    Assets:BitShares:Alice:Liquid  -0.00001 BTS
    Assets:BitShares:Alice:Liquid  -2 "bad  "
    Assets:BitShares:Alice:Liquid  3 TRUE
    Equity:BitShares:Alice:Trading  0.00001 BTS
    Equity:BitShares:Alice:Trading  2 "bad  "
    Equity:BitShares:Alice:Trading  -3 TRUE

2026-11-30 * balances
    Assets:BitShares:Alice:Liquid  0.00000 BTS = 0.00008 BTS
    Assets:BitShares:Alice:Order  0.00000 BTS = -50.00001 BTS

)");
}

TEST_CASE("history/journal_formats: accounts' names are words of the journal, and stay apart")
{
    auto const named = [](std::string_view account) {
        std::string const text = journal(journal_formats[0], account);
        std::size_t const at = text.find("Assets:BitShares:") + 17;
        return text.substr(at, text.find(':', at) - at);
    };
    CHECK(named("exporter-alice") == "Exporter-alice");
    CHECK(named("a.b") == "A-b-x");
    CHECK(named("a-b") == "A-b");
    CHECK(named("1.2.3") == "A-1-2-3-x");
    CHECK(named("") == "A--x");
}

TEST_CASE("history/journal_formats: a writer that goes on with a file does not open what is open")
{
    history_labels const l = labels();
    journal_writer first(journal_formats[0], "alice"), second(journal_formats[0], "alice");
    auto const received = row(ledger_kind::deposit, "received", {posting(ledger_bucket::liquid, 9)});
    std::string whole, part;
    first.add(whole, received, nullptr, l);
    CHECK(whole.find(" open ") != whole.npos);
    second.set_used(first.used());
    second.add(part, received, nullptr, l);
    CHECK(part.starts_with("2026-11-02 * \"received\""));
    second.closing(part, std::vector<statement_line>{}, l, {0});
    CHECK(part.find("balance") == part.npos);
}
