#include "support/both_forms.hpp"
#include "support/es_recordings.hpp"
#include "support/json_value.hpp"
#include "support/recordings.hpp"

#include <bitshares/history/es_writer.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace bitshares;
using test::json_value;
using test::said;

namespace {

std::string written(es_document const& document, es_write_options const& options = {})
{
    std::string out;
    write_es_document(out, document, options);
    return out;
}

es_write_options const variant_object{};
es_write_options const variant_string{.operation_object = false, .operation_string = true};
es_write_options const variant_both{.operation_string = true};

// A document of an operation that is given as the node prints it.
es_document document_of(std::string const& op)
{
    es_document document;
    document.record.op = from_json<operation>(op).value();
    document.record.id = operation_history_id(5);
    document.record.block_num = 36;
    document.record.block_time = from_json<time_point_sec>(R"("2026-11-21T03:39:25")").value();
    document.record.sequence = 3;
    document.account = account_id(18);
    document.id = account_history_id(7);
    document.next = account_history_id(2);
    return document;
}

std::string op_object_of(std::string const& document)
{
    return json_value::parse(document)["operation_history"]["op_object"].dump();
}

} // namespace

TEST_CASE("history/es_writer: every document is the plugin's, byte for byte, in each variant")
{
    std::map<operation_history_id, operation_history_object> node;
    for (auto const& recorded : recordings::main_chain().operations)
    {
        auto operation = from_json<operation_history_object>(recorded.json).value();
        node.emplace(operation.id, std::move(operation));
    }
    std::size_t from_node = 0;
    std::size_t different = 0;
    auto const check = [&](std::vector<std::string> const& plugin, es_write_options const& options,
                           std::map<account_history_id, es_document> const& documents) {
        for (auto const& text : plugin)
        {
            auto const& document = documents.at(read_es_document(text).value().id);
            if (std::string const own = written(document, options); own != text && ++different < 5)
                MESSAGE(own << "\nis not\n" << text);
        }
    };
    // As the node tells the operation, where it was recorded; what else is in the document, from another variant.
    auto const documents = [&](std::vector<std::string> const& plugin) {
        std::map<account_history_id, es_document> all;
        for (auto const& text : plugin)
        {
            auto document = read_es_document(text).value();
            if (auto const told = node.find(document.record.id); told != node.end())
            {
                static_cast<operation_history_object&>(document.record) = told->second;
                ++from_node;
            }
            document.fee_payer.reset(); // the operation's own
            all.emplace(document.id, std::move(document));
        }
        return all;
    };
    auto const object = es_recordings::documents("object/all_documents");
    auto const string = es_recordings::documents("string/all_documents");
    auto const both = es_recordings::documents("both/account_olivia");
    REQUIRE(object.size() == 1769);
    REQUIRE(string.size() == 1769);
    REQUIRE(both.size() == 36);
    auto const of_object = documents(object);
    auto const of_string = documents(string);
    check(object, variant_object, of_string);
    check(string, variant_string, of_object);
    check(both, variant_both, of_string);
    CHECK(different == 0);
    CHECK(from_node == 2 * 1769);
}

TEST_CASE("history/es_writer: integers that nodes print as strings are numbers, but in what is stored as text")
{
    // 2147483648 is beyond 32 bits where it has a sign: a string in the node's form.
    auto const document = document_of(
        R"([22,{"fee":{"amount":"2147483648","asset_id":"1.3.0"},"fee_paying_account":"1.2.6",)"
        R"("expiration_time":"2026-11-21T03:43:59","proposed_ops":[{"op":[0,{"fee":{"amount":"4294967296",)"
        R"("asset_id":"1.3.0"},"from":"1.2.1","to":"1.2.2","amount":{"amount":5,"asset_id":"1.3.0"},"extensions":[]}]}],)"
        R"("review_period_seconds":4000000000,"extensions":[]}])");
    std::string const text = written(document, variant_both);
    auto const parts = json_value::parse(text)["operation_history"];
    CHECK(parts["op"].text() == to_json(document.record.op));
    CHECK(parts["op_object"]["fee"]["amount"].is_number());
    CHECK(parts["op_object"]["review_period_seconds"].is_number());
    CHECK(parts["op_object"]["proposed_ops"].text().find(R"("amount":"4294967296")") != std::string::npos);
    CHECK(parts["op_object"]["proposed_ops_object"][0]["op"].text().find(R"("amount":"4294967296")") !=
          std::string::npos);
    auto const& fee = parts["op_object"]["proposed_ops_object"][0]["op_object"]["data_object"]["fee"]["amount"];
    CHECK(fee.is_number());
    CHECK(fee.text() == "4294967296");
    CHECK(read_es_document(written(document)).value().record == document.record);
}

TEST_CASE("history/es_writer: what lies too deep is text")
{
    std::string const transfer =
        R"([0,{"fee":{"amount":10,"asset_id":"1.3.0"},"from":"1.2.17","to":"1.2.18","amount":{"amount":"99999999999",)"
        R"("asset_id":"1.3.0"},"memo":{"from":"BTS6NCTECuDag2ecDus9ukg6jLQ4CL3oZkytz1gStZDi79LArYbSa",)"
        R"("to":"BTS7hqC8pQZZGJWyuVk2qQPEMELfJQAmeBQznxyKqnnBudAaM2u9x","nonce":5,"message":"ab"},"extensions":[]}])";
    auto const document = document_of(transfer);
    auto const deep = [&](std::uint16_t depth) {
        return json_value::parse(written(document, {.max_mapping_depth = depth}))["operation_history"];
    };
    CHECK(deep(4)["op_object"]["fee"]["amount"].text() == "10");
    CHECK(deep(4)["op_object"]["memo"]["nonce"].is_string());
    CHECK(deep(3)["op_object"]["fee"].text() == R"({"amount":10,"asset_id":"1.3.0"})");
    CHECK(deep(3)["op_object"]["amount_"].text() == R"({"amount":"99999999999","asset_id":"1.3.0"})");
    CHECK(deep(3)["operation_result_object"]["data_object"].text() == "{}");
    CHECK(deep(2)["op_object"].text() == transfer.substr(3, transfer.size() - 4));
    CHECK(deep(2)["operation_result_object"].text() == "[0,{}]");
    CHECK(deep(0)["op_object"].text() == deep(2)["op_object"].text());
    CHECK(read_es_document(written(document, {.max_mapping_depth = 3})).value().record == document.record);

    // A list that would be doubled is text only; what is a list of lists of texts stays.
    auto const authority = document_of(
        R"([5,{"fee":{"amount":0,"asset_id":"1.3.0"},"registrar":"1.2.17","referrer":"1.2.17",)"
        R"("referrer_percent":1,"name":"a","owner":{"weight_threshold":1,"account_auths":[["1.2.3",1]],)"
        R"("key_auths":[],"address_auths":[]},"active":{"weight_threshold":1,"account_auths":[],"key_auths":[],)"
        R"("address_auths":[]},"options":{"memo_key":"BTS7hqC8pQZZGJWyuVk2qQPEMELfJQAmeBQznxyKqnnBudAaM2u9x",)"
        R"("voting_account":"1.2.5","num_witness":0,"num_committee":0,"votes":[],"extensions":[]},)"
        R"("extensions":{}}])");
    auto const owner = [&](std::uint16_t depth) {
        return json_value::parse(
            written(authority, {.max_mapping_depth = depth}))["operation_history"]["op_object"]["owner"];
    };
    CHECK(owner(4).dump() ==
          R"({"weight_threshold":1,"account_auths":[["1.2.3","1"]],"key_auths":[],"address_auths":[]})");
    CHECK(owner(5)["account_auths_object"].dump() == R"([{"key_string":"1.2.3","data_int":1}])");
}

TEST_CASE("history/es_writer: alternatives of restrictions keep what they say")
{
    auto const argument = [](std::string const& json) {
        auto const document = document_of(
            R"([54,{"fee":{"amount":0,"asset_id":"1.3.0"},"account":"1.2.1","enabled":true,)"
            R"("valid_from":"2026-11-21T03:43:59","valid_to":"2026-11-22T03:43:59","operation_type":0,)"
            R"("auth":{"weight_threshold":1,"account_auths":[],"key_auths":[],"address_auths":[]},"restrictions":[)"
            R"({"member_index":1,"restriction_type":0,"argument":)" +
            json + R"(,"extensions":[]}],"extensions":[]}])");
        auto const text = written(document);
        CHECK(read_es_document(text).value().record == document.record);
        auto const stored = json_value::parse(text)["operation_history"]["op_object"]["restrictions"][0];
        CHECK(stored["argument"].text() == json);
        return stored["argument_object"].dump();
    };
    CHECK(argument(R"([2,"99999999999"])") == R"({"which":2,"data_int":99999999999})");
    CHECK(argument(R"([3,"5"])") == R"({"which":3,"data_string":"5"})");
    CHECK(argument(R"([26,["1.2.0","1.2.1"]])") == R"({"which":26,"data_string":"[\"1.2.0\",\"1.2.1\"]"})");
}

TEST_CASE("history/es_writer: an operation that the library does not know is kept as far as its text tells")
{
    auto const document =
        document_of(R"([99,{"fee":{"amount":5,"asset_id":"1.3.0"},"owner":"1.2.3","list":[1,[true]]}])");
    CHECK(op_object_of(written(document)) ==
          R"({"fee":{"amount":5,"asset_id":"1.3.0"},"list":["1",["true"]],"owner_":"1.2.3"})");
    auto const back = read_es_document(written(document, variant_string));
    CHECK(back.value().record.op == document.record.op);
    CHECK(back.value().fee_payer == account_id(0));
    CHECK(op_object_of(written(document_of("[99,[1,2]]"))) == "null");
    CHECK(op_object_of(written(document_of("[99,5]"))) == "null");
    CHECK(op_object_of(written(document_of(R"([99,{ "a" : [ ] , "b" : { } , "c" : "\"}" }])"))) ==
          R"({"a":[],"b":{},"c":"\"}"})");

    // No reader lets this through, but a program can make it.
    for (std::string const text :
         {"{", "{\"a", "{\"a\":", "{\"a\":[", "{\"a\\", "{]", "{\"a\":}", "{\"op\":[", "\x02", "", "{a:b}"})
    {
        es_document damaged = document;
        damaged.record.op = unknown_operation{99, text};
        CHECK_FALSE(written(damaged).empty());
    }
}

TEST_CASE("history/es_writer: names of indexes and lines of a bulk request")
{
    auto const document = document_of(R"([0,{"fee":{"amount":10,"asset_id":"1.3.0"},"from":"1.2.17","to":"1.2.18",)"
                                      R"("amount":{"amount":1,"asset_id":"1.3.0"},"extensions":[]}])");
    CHECK(es_index_name(document.record.block_time) == "bitshares-2026-11");
    CHECK(es_index_name(document.record.block_time, "testnet-") == "testnet-2026-11");
    auto const bulk = [&](es_version const& server) {
        std::string out;
        write_es_bulk(out, document, server);
        return out;
    };
    std::string const lines = "\n" + written(document) + "\n";
    for (auto const& server : {es_version{.major = 7, .minor = 17}, es_version{.major = 8}, es_version{},
                               es_version{.major = 2, .minor = 19, .opensearch = true}})
        CHECK(bulk(server) == R"({"index":{"_index":"bitshares-2026-11","_id":"2.9.7"}})" + lines);
    CHECK(bulk({.major = 6, .minor = 2}) ==
          R"({"index":{"_index":"bitshares-2026-11","_type":"_doc","_id":"2.9.7"}})" + lines);
}

TEST_CASE("history/es_writer: the answer to a bulk request")
{
    auto const good =
        read_es_bulk_reply(R"({"took":3,"errors":false,"items":[{"index":{"_index":"i","_id":"2.9.1","status":201}},)"
                           R"({"index":{"_index":"i","_id":"2.9.2","status":200}}]})",
                           2);
    REQUIRE(good.has_value());
    CHECK(good->written == 2);
    CHECK(good->refused == 0);
    CHECK_FALSE(good->passing);

    auto const items = [](std::string const& first, std::string const& second) {
        return read_es_bulk_reply(R"({"errors":true,"items":[{"index":{"_id":"2.9.1",)" + first +
                                      R"(}},{"index":{"_id":"2.9.2",)" + second + "}}]}",
                                  2)
            .value();
    };
    std::string const busy =
        R"("status":429,"error":{"type":"es_rejected_execution_exception","reason":"queue is full"})";
    std::string const bad = R"("status":400,"error":{"type":"mapper_parsing_exception","reason":"failed to parse"})";
    auto const later = items(R"("status":201)", busy);
    CHECK(later.written == 1);
    CHECK(later.refused == 1);
    CHECK(later.passing);
    CHECK(said(later.first_refusal.value()) == "http_refused");
    CHECK(later.first_refusal->detail() == "2.9.2: HTTP 429: es_rejected_execution_exception: queue is full");
    auto const never = items(bad, busy);
    CHECK(never.refused == 2);
    CHECK_FALSE(never.passing);
    CHECK(never.first_refusal->detail() == "2.9.1: HTTP 400: mapper_parsing_exception: failed to parse");

    auto const failed = [](std::string const& json) { return said(read_es_bulk_reply(json, 1).error()); };
    CHECK(failed(R"({"items":[]})") == "missing_member /errors");
    CHECK(failed(R"({"errors":false})") == "missing_member /items");
    CHECK(failed(R"({"errors":false,"items":[]})") == "partial_reply /items");
    CHECK(failed(R"({"errors":false,"items":[{"create":{}}]})") == "missing_member /items/0/index");
    CHECK(failed("<html>").starts_with("invalid_json"));
}
