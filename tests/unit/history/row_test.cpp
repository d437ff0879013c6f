#include <bitshares/history/row.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

using namespace bitshares;

namespace {

constexpr account_id alice{18}, bob{19}, carol{20};

history_record record(std::string const& op, std::string const& result = "[0,{}]")
{
    history_record r;
    auto read = from_json<operation>(op);
    REQUIRE_MESSAGE(read.has_value(), read.error().message());
    r.op = std::move(*read);
    auto outcome = from_json<operation_result>(result);
    REQUIRE_MESSAGE(outcome.has_value(), outcome.error().message());
    r.result = std::move(*outcome);
    return r;
}

history_row classified(history_record const& r, account_id account)
{
    history_row row;
    row.role = "left over";
    row.sent = {{1, core_asset}};
    row.fee = asset{1, core_asset};
    row.memo = "left over";
    classify(r, account, row);
    return row;
}

std::string transfer_json(std::string const& memo = {})
{
    return R"([0,{"fee":{"amount":20,"asset_id":"1.3.0"},"from":"1.2.18","to":"1.2.19","amount":{"amount":5,"asset_id":"1.3.3"},)" +
           (memo.empty() ? "" : "\"memo\":" + memo + ",") + R"("extensions":[]}])";
}

std::string const null_key = "BTS1111111111111111111111111111111114T1Anm";

using assets = std::vector<asset>;

} // namespace

TEST_CASE("history/row: a transfer from both sides; the fee is of who paid it")
{
    history_record const r = record(transfer_json());
    history_row row = classified(r, alice);
    CHECK(row.record == &r);
    CHECK(row.role == "from");
    CHECK(row.sent == assets{{5, asset_id(3)}});
    CHECK(row.received.empty());
    CHECK(row.fee == asset{20, core_asset});
    CHECK(row.counterparties == std::vector{bob});
    CHECK(row.assets == std::vector{asset_id(3), core_asset});
    CHECK(row.memo.empty());

    row = classified(r, bob);
    CHECK(row.role == "to");
    CHECK(row.sent.empty());
    CHECK(row.received == assets{{5, asset_id(3)}});
    CHECK(!row.fee);
    CHECK(row.counterparties == std::vector{alice});

    row = classified(r, carol); // sees it by some authority
    CHECK(row.role.empty());
    CHECK(row.sent.empty());
    CHECK(row.received.empty());
    CHECK(row.counterparties == std::vector{alice, bob});
}

TEST_CASE("history/row: memos are marked, in clear where they are, and made valid UTF-8")
{
    auto const memo = [](std::string const& from, std::string const& message) {
        return classified(record(transfer_json(R"({"from":")" + from + R"(","to":")" + from +
                                               R"(","nonce":0,"message":")" + message + "\"}")),
                          bob)
            .memo;
    };
    CHECK(memo("BTS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV", "00") == "encrypted");
    CHECK(memo(null_key, "00000000"
                         "68c3a9") == "h\xc3\xa9");
    CHECK(memo(null_key, "00000000"
                         "61ff62c3") == "a\xef\xbf\xbd"
                                        "b\xef\xbf\xbd");
    CHECK(memo(null_key, "00000000"
                         "eda080") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); // a surrogate
    CHECK(memo(null_key, "00000000"
                         "f09f9880") == "\xf0\x9f\x98\x80");
    CHECK(memo(null_key, "0000").empty());
    CHECK(memo(null_key, "").empty());
}

TEST_CASE("history/row: an order's fill has its fee out of what it gets, a margin call's is inside what it pays")
{
    std::string const fill =
        R"([4,{"fee":{"amount":3,"asset_id":"1.3.FEE"},"order_id":"1.7.1","account_id":"1.2.18",)"
        R"("pays":{"amount":100,"asset_id":"1.3.0"},"receives":{"amount":200,"asset_id":"1.3.5"},)"
        R"("fill_price":{"base":{"amount":1,"asset_id":"1.3.0"},"quote":{"amount":2,"asset_id":"1.3.5"}},"is_maker":true}])";
    auto const with_fee = [&fill](char digit) {
        std::string text = fill;
        text.replace(text.find("FEE"), 3, 1, digit);
        return record(text);
    };
    history_record const order = with_fee('5');
    history_row row = classified(order, alice);
    CHECK(row.sent == assets{{100, core_asset}});
    CHECK(row.received == assets{{200, asset_id(5)}});
    CHECK(row.fee == asset{3, asset_id(5)});
    history_record const call = with_fee('0');
    row = classified(call, alice);
    CHECK(row.sent == assets{{97, core_asset}});
    CHECK(row.fee == asset{3, core_asset});
}

TEST_CASE("history/row: where the operation cannot know, the result tells")
{
    std::string const exchange =
        R"([63,{"fee":{"amount":1,"asset_id":"1.3.0"},"account":"1.2.18","pool":"1.19.0","amount_to_sell":{"amount":50,"asset_id":"1.3.0"},)"
        R"("min_to_receive":{"amount":1,"asset_id":"1.3.5"},"extensions":[]}])";
    history_row row = classified(
        record(exchange,
               R"([4,{"paid":[{"amount":50,"asset_id":"1.3.0"}],"received":[{"amount":49,"asset_id":"1.3.5"}],)"
               R"("fees":[{"amount":0,"asset_id":"1.3.0"},{"amount":2,"asset_id":"1.3.6"}]}])"),
        alice);
    CHECK(row.sent == assets{{50, core_asset}});
    CHECK(row.received == assets{{49, asset_id(5)}});
    CHECK(row.assets == std::vector{core_asset, asset_id(5), asset_id(6)});

    std::string const cancel =
        R"([2,{"fee":{"amount":0,"asset_id":"1.3.0"},"fee_paying_account":"1.2.18","order":"1.7.9","extensions":[]}])";
    row = classified(record(cancel, R"([2,{"amount":77,"asset_id":"1.3.5"}])"), alice);
    CHECK(row.received == assets{{77, asset_id(5)}});
    CHECK(!row.fee);                                           // nothing was paid
    CHECK(classified(record(cancel), alice).received.empty()); // older nodes

    std::string const settle =
        R"([17,{"fee":{"amount":1,"asset_id":"1.3.0"},"account":"1.2.18","amount":{"amount":30,"asset_id":"1.3.5"},"extensions":[]}])";
    row = classified(record(settle, R"([5,{"new_objects":["1.4.3"]}])"), alice);
    CHECK(row.sent == assets{{30, asset_id(5)}});
    row = classified(
        record(settle,
               R"([5,{"paid":[{"amount":20,"asset_id":"1.3.5"}],"received":[{"amount":2,"asset_id":"1.3.0"}]}])"),
        alice);
    CHECK(row.sent == assets{{20, asset_id(5)}}); // the rest was given back
    CHECK(row.received == assets{{2, core_asset}});
    row = classified(
        record(
            settle,
            R"([5,{"new_objects":["1.4.4"],"paid":[{"amount":20,"asset_id":"1.3.5"}],"received":[{"amount":2,"asset_id":"1.3.0"}]}])"),
        alice);
    CHECK(row.sent == assets{{30, asset_id(5)}}); // the rest waits in the new order
    CHECK(row.received == assets{{2, core_asset}});

    // The result is of who acted: somebody else's repayment returns collateral to him.
    std::string const repay =
        R"([73,{"fee":{"amount":1,"asset_id":"1.3.0"},"account":"1.2.18","deal_id":"1.22.0","repay_amount":{"amount":8,"asset_id":"1.3.0"},)"
        R"("credit_fee":{"amount":1,"asset_id":"1.3.0"},"extensions":[]}])";
    std::string const repaid = R"([5,{"impacted_accounts":["1.2.19"],"received":[{"amount":9,"asset_id":"1.3.5"}]}])";
    row = classified(record(repay, repaid), alice);
    CHECK(row.sent == assets{{8, core_asset}, {1, core_asset}});
    CHECK(row.received == assets{{9, asset_id(5)}});
    row = classified(record(repay, repaid), bob);
    CHECK(row.role == "result.impacted_accounts");
    CHECK(row.received.empty());
    CHECK(row.sent.empty());
}

TEST_CASE("history/row: the account is found wherever it stands, also inside proposed operations; once by name")
{
    history_record const r = record(
        R"([22,{"fee":{"amount":1,"asset_id":"1.3.0"},"fee_paying_account":"1.2.18","expiration_time":"2026-11-21T03:42:14","proposed_ops":[{"op":)" +
        transfer_json() + R"(},{"op":)" + transfer_json() + R"(}],"extensions":[]}])");
    history_row row = classified(r, alice);
    CHECK(row.role == "fee_paying_account proposed_ops.op.from");
    CHECK(row.sent.empty()); // not yet
    CHECK(row.counterparties == std::vector{bob});
    row = classified(r, bob);
    CHECK(row.role == "proposed_ops.op.to");

    history_record const create = record(
        R"([6,{"fee":{"amount":1,"asset_id":"1.3.0"},"account":"1.2.19","active":{"weight_threshold":1,"account_auths":[["1.2.18",1],["1.2.20",1]],)"
        R"("key_auths":[],"address_auths":[]},"extensions":{}}])");
    row = classified(create, alice);
    CHECK(row.role == "active.account_auths");
    CHECK(row.counterparties == std::vector{bob, carol});
}

TEST_CASE("history/row: a created account sees its creation by the result")
{
    history_record r = record(transfer_json(), R"([1,"1.2.20"])");
    CHECK(classified(r, carol).role == "result");
    CHECK(classified(r, alice).counterparties == std::vector{bob, carol});
    r = record(transfer_json(), R"([1,"1.7.20"])");
    CHECK(classified(r, carol).role.empty());
}

TEST_CASE("history/row: an operation of the future is a row, too")
{
    history_record const r = record(R"([78,{"who":"1.2.18","what":[1,{"x":"y"}]}])", R"([99,{"new":1}])");
    history_row const row = classified(r, alice);
    CHECK(row.record == &r);
    CHECK(row.role.empty());
    CHECK(row.sent.empty());
    CHECK(row.received.empty());
    CHECK(!row.fee);
    CHECK(row.memo.empty());
    std::string name;
    detail::append_type_name(name, r.op);
    CHECK(name == "unknown_78");
}

TEST_CASE("history/row: the least amount and other nonsense of a node does no harm")
{
    std::string text = transfer_json();
    text.replace(text.find("\"amount\":5"), 10, "\"amount\":\"-9223372036854775808\"");
    history_row row = classified(record(text), alice);
    CHECK(row.sent.empty());
    // A margin call's fee that is not inside what the position pays.
    for (char const* fee : {"\"-9223372036854775808\"", "101", "-1"})
    {
        row = classified(
            record(std::string(R"([4,{"fee":{"amount":)") + fee +
                   R"(,"asset_id":"1.3.0"},"order_id":"1.8.1","account_id":"1.2.18",)"
                   R"("pays":{"amount":100,"asset_id":"1.3.0"},"receives":{"amount":200,"asset_id":"1.3.5"},)"
                   R"("fill_price":{"base":{"amount":1,"asset_id":"1.3.0"},)"
                   R"("quote":{"amount":2,"asset_id":"1.3.5"}},"is_maker":true}])"),
            alice);
        CHECK(row.sent == assets{{100, core_asset}});
    }
    text = transfer_json();
    text.replace(text.find("\"amount\":5"), 10, "\"amount\":-5");
    row = classified(record(text), alice);
    CHECK(row.received == assets{{5, asset_id(3)}});
}
