#include <bitshares/history/formats.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

using namespace bitshares;

namespace {

history_record record(std::string const& op, std::string const& result = "[0,{}]")
{
    history_record r;
    r.op = from_json<operation>(op).value();
    r.result = from_json<operation_result>(result).value();
    r.id = operation_history_id(1379);
    r.block_num = 888;
    r.block_time = time_point_sec::from_string("2026-11-21T03:53:49").value();
    r.sequence = 319;
    return r;
}

std::string const memo_of_two =
    R"({"from":"BTS1111111111111111111111111111111114T1Anm","to":"BTS1111111111111111111111111111111114T1Anm","nonce":0,"message":)"
    R"("000000003d312b312c2279220a"})"; // =1+1,"y"\n

std::string const transfer_json =
    R"([0,{"fee":{"amount":2000000,"asset_id":"1.3.0"},"from":"1.2.18","to":"1.2.19","amount":{"amount":"6735475937","asset_id":"1.3.1"},"memo":)" +
    memo_of_two + R"(,"extensions":[]}])";

history_labels labels()
{
    history_labels l;
    l.put(asset_id(0), asset_label{"BTS", 5});
    l.put(asset_id(1), asset_label{"GOLD", 4});
    l.put(account_id(18), "alice");
    l.put(account_id(19), "bob");
    return l;
}

std::string row_text(history_record const& r, history_labels const& l, std::string_view format, bool ids = false,
                     std::string_view transaction_id = {})
{
    history_row row;
    classify(r, account_id(18), row);
    row.transaction_id = transaction_id;
    std::string out, scratch = "left over";
    append_row(out, *find_export_format(format), {row, l}, ids, scratch);
    return out;
}

} // namespace

TEST_CASE("history/formats: the header has the columns' names; the transaction id's only where it was asked for")
{
    std::string header;
    append_header(header, *find_export_format("events"), false);
    CHECK(header ==
          "time,block,operation_id,sequence,type,virtual,role,sent_amount,sent_asset,received_amount,received_asset,"
          "fee_amount,fee_asset,counterparties,memo,result,details\r\n");
    header.clear();
    append_header(header, *find_export_format("events"), true);
    CHECK(header.ends_with(",details,transaction_id\r\n"));
    header.clear();
    append_header(header, *find_export_format("jsonl"), true);
    CHECK(header.empty());
    CHECK(!find_export_format("xml"));
    for (auto const& format : export_formats)
        CHECK(find_export_format(format.name) == &format);
}

TEST_CASE("history/formats: a transfer as CSV: exact decimals, the formula in its memo escaped")
{
    CHECK(row_text(record(transfer_json), labels(), "events") ==
          "2026-11-21 03:53:49,888,1.11.1379,319,transfer,false,from,673547.5937,GOLD,,,20.00000,BTS,bob,"
          "\"'=1+1,\"\"y\"\"\n\",,\r\n");
    std::string const with_id = row_text(record(transfer_json), labels(), "events", true, "00ff");
    CHECK(with_id.ends_with(",00ff\r\n"));
}

TEST_CASE("history/formats: a transfer as a JSON line holds the whole operation")
{
    std::string const line = row_text(record(transfer_json), labels(), "jsonl", true, "00ff");
    CHECK(
        line ==
        R"({"time":"2026-11-21T03:53:49Z","block":888,"trx_in_block":0,"op_in_trx":0,"virtual_op":0,"virtual":false,)"
        R"("operation_id":"1.11.1379","sequence":319,"type":"transfer","role":"from",)"
        R"("sent":[{"amount":"673547.5937","asset":"GOLD","asset_id":"1.3.1"}],"received":[],)"
        R"("fee":{"amount":"20.00000","asset":"BTS","asset_id":"1.3.0"},"counterparties":["bob"],"memo":"=1+1,\"y\"\n",)"
        R"("transaction_id":"00ff","op":)" +
            transfer_json +
            R"(,"result":[0,{}]})"
            "\n");
    CHECK(from_json<raw_json>(std::string_view(line).substr(0, line.size() - 1)).has_value());
}

TEST_CASE("history/formats: a line of the reference wallet's report: an id, and what it says of the operation")
{
    std::string const line = row_text(record(transfer_json), labels(), "ui", true, "00ff");
    CHECK(line == R"(["1.11.1379",{"timestamp":"2026-11-21T03:53:49.000Z","type":"transfer","data":)" +
                      transfer_json.substr(3, transfer_json.size() - 4) + "}]\n");
    std::string const unknown = row_text(record(R"([ 99 , {"a":[1,2]} ])"), labels(), "ui");
    CHECK(from_json<raw_json>(std::string_view(unknown).substr(0, unknown.size() - 1)).has_value());
    CHECK(unknown.find(R"("type":"unknown_99")") != unknown.npos);
    CHECK(unknown.find(R"({"a":[1,2]})") != unknown.npos);
}

TEST_CASE("history/formats: several amounts of one row are joined")
{
    history_record const r = record(
        R"([61,{"fee":{"amount":0,"asset_id":"1.3.0"},"account":"1.2.18","pool":"1.19.0","amount_a":{"amount":9,"asset_id":"1.3.0"},)"
        R"("amount_b":{"amount":9,"asset_id":"1.3.1"},"extensions":[]}])",
        R"([4,{"paid":[{"amount":98300000,"asset_id":"1.3.0"},{"amount":109000,"asset_id":"1.3.1"}],)"
        R"("received":[{"amount":5,"asset_id":"1.3.9"}],"fees":[]}])");
    history_labels l = labels();
    history_row row;
    classify(r, account_id(18), row);
    l.need(row);
    CHECK(l.assets_missing() == std::vector{asset_id(9)});
    l.give_up();
    CHECK(l.complete());
    // An asset that the node does not know: its id, and its smallest unit.
    CHECK(row_text(r, l, "events")
              .find(",983.00000 + 10.9000,BTS + GOLD,5,1.3.9,,,,,"
                    "paid 983.00000 BTS + 10.9000 GOLD; received 5 1.3.9,") != std::string::npos);
}

TEST_CASE("history/formats: results in words")
{
    auto const words = [](std::string const& result) {
        history_record const r = record(transfer_json, result);
        history_row row;
        classify(r, account_id(18), row);
        std::string text;
        history_labels const l = labels();
        detail::cells::result(text, {row, l});
        return text;
    };
    CHECK(words("[0,{}]").empty());
    CHECK(words(R"([1,"1.7.32"])") == "1.7.32");
    CHECK(words(R"([2,{"amount":1,"asset_id":"1.3.0"}])") == "0.00001 BTS");
    CHECK(words(R"([3,{"new_objects":["1.18.2"],"updated_objects":[],"removed_objects":["1.18.0","1.18.1"]}])") ==
          "new objects 1.18.2; removed objects 1.18.0 + 1.18.1");
    CHECK(words(R"([5,{"impacted_accounts":["1.2.19","1.2.18"]}])") == "impacted accounts alice + bob");
    CHECK(words(R"([5,{}])").empty());
}

TEST_CASE("history/formats: an operation of the future keeps its JSON in both formats")
{
    history_record r = record(R"x([78,{"who":"1.2.18","what":"=cmd()"}])x", R"([99,{"new":1}])");
    CHECK(row_text(r, labels(), "events") ==
          "2026-11-21 03:53:49,888,1.11.1379,319,unknown_78,false,,,,,,,,,,\"{\"\"new\"\":1}\","
          "\"{\"\"who\"\":\"\"1.2.18\"\",\"\"what\"\":\"\"=cmd()\"\"}\"\r\n");
    std::string const line = row_text(r, labels(), "jsonl");
    CHECK(line.find(R"("type":"unknown_78")") != std::string::npos);
    CHECK(line.find(R"x("op":[78,{"who":"1.2.18","what":"=cmd()"}],"result":[99,{"new":1}]})x") != std::string::npos);
}

TEST_CASE("history/formats: what the chain did itself is marked, also where an older node does not tell")
{
    history_record r = record(transfer_json);
    auto const marked = [&r] { return row_text(r, labels(), "events").find(",transfer,true,") != std::string::npos; };
    CHECK(!marked());
    r.virtual_op = 1;
    CHECK(marked());
    r.virtual_op = 0;
    r.is_virtual = true;
    CHECK(marked());
}
