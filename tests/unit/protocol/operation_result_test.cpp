#include "support/both_forms.hpp"

#include <bitshares/protocol/operation_result.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace bts = bitshares;
using bts::any_object_id;
using bts::asset;
using bts::asset_id;
using bts::operation_result;
using test::binary_error;
using test::check_both_forms;
using test::json_error;
using test::strict_json_error;

// Bytes as of a program linked to bitshares-core: tests/vectors/hashes.json, processed_transaction.

TEST_CASE("protocol/operation_result: nothing, an object, an amount")
{
    check_both_forms(operation_result(), "00", "[0,{}]");
    check_both_forms(operation_result(any_object_id(1, 2, 5)), "01 0500000000000201", R"([1,"1.2.5"])");
    check_both_forms(operation_result(asset{3, asset_id(0)}), "02 0300000000000000 00",
                     R"([2,{"amount":3,"asset_id":"1.3.0"}])");
    check_both_forms(operation_result(asset{-2'147'483'649, asset_id(128)}), "02 ffffff7fffffffff 8001",
                     R"([2,{"amount":"-2147483649","asset_id":"1.3.128"}])");
}

TEST_CASE("protocol/operation_result: what was made, changed and removed are sets, ordered by the whole id")
{
    bts::generic_operation_result r;
    r.new_objects = {any_object_id(1, 3, 9)};
    check_both_forms(operation_result(r), "03 01 0900000000000301 00 00",
                     R"([3,{"new_objects":["1.3.9"],"updated_objects":[],"removed_objects":[]}])");
    r.new_objects = {any_object_id(2, 0, 1), any_object_id(1, 10, 2), any_object_id(1, 9, 3), any_object_id(1, 9, 3)};
    CHECK(bts::to_json(r.new_objects) == R"(["1.9.3","1.10.2","2.0.1"])");
}

TEST_CASE("protocol/operation_result: an exchange with a pool keeps its lists' order, and equal amounts twice")
{
    asset const one{1, asset_id(1)};
    bts::generic_exchange_operation_result r;
    r.paid = {{2, asset_id(2)}, one, one};
    std::string const one_json = R"({"amount":1,"asset_id":"1.3.1"})";
    check_both_forms(operation_result(r), "04 03 020000000000000002 010000000000000001 010000000000000001 00 00",
                     R"([4,{"paid":[{"amount":2,"asset_id":"1.3.2"},)" + one_json + ',' + one_json +
                         R"(],"received":[],"fees":[]}])");
    CHECK(strict_json_error<operation_result>(R"([4,{"paid":[],"received":[]}])") == "missing_member /1/fees");
}

TEST_CASE("protocol/operation_result: of the extendable one only what applies is there, holes and all")
{
    bts::extendable_operation_result r;
    check_both_forms(operation_result(r), "0500", "[5,{}]");
    r.impacted_accounts = {bts::account_id(6)};
    check_both_forms(operation_result(r), "05 01 00 0106", R"([5,{"impacted_accounts":["1.2.6"]}])");
    r.paid.emplace();            // there, and empty
    r.fees = {{7, asset_id(0)}}; // members 1, 2, 3 and 5 are not
    check_both_forms(operation_result(r), "05 03 00 0106 04 00 06 01 070000000000000000",
                     R"([5,{"impacted_accounts":["1.2.6"],"paid":[],"fees":[{"amount":7,"asset_id":"1.3.0"}]}])");
    CHECK(binary_error<operation_result>("05 02 0400 000106") == "unordered_tag /1");
    CHECK(binary_error<operation_result>("05 01 07") == "unknown_tag /1");
    CHECK(json_error<operation_result>(R"([5,{"newer":1}])") == "unknown_member /1/newer");
}

TEST_CASE("protocol/operation_result: of a newer chain it is kept as printed, and can be neither packed nor signed")
{
    std::string const text = R"([6,{"x" : [1.50,"\u00e9"]}])";
    auto const read = bts::from_json<operation_result>(text);
    REQUIRE(read.has_value());
    CHECK(std::get<bts::unknown_alternative>(*read) == bts::unknown_alternative{6, R"({"x" : [1.50,"\u00e9"]})"});
    CHECK(bts::to_json(*read) == text);
    CHECK(test::said(bts::pack(*read).error()) == "unknown_tag /0");
    CHECK(strict_json_error<operation_result>(text) == "unknown_tag /0");
    CHECK(binary_error<operation_result>("06") == "unknown_tag /0");
}

TEST_CASE("protocol/operation_result: the value must be of the tag's type")
{
    CHECK(json_error<operation_result>("[0,[]]") == "wrong_type /1");
    CHECK(json_error<operation_result>(R"([1,{"a":1}])") == "wrong_type /1");
    CHECK(json_error<operation_result>(R"([1,"1.2"])") == "invalid_object_id /1");
    CHECK(json_error<operation_result>(R"([2,"1.2.5"])") == "wrong_type /1");
    CHECK(json_error<operation_result>(R"([3,{"new_objects":["1.2.x"]}])") == "invalid_object_id /1/new_objects/0");
    CHECK(json_error<operation_result>("[0]") == "wrong_type");
}
