#include "support/both_forms.hpp"

#include <bitshares/protocol/transaction.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace bts = bitshares;
using bts::processed_transaction;
using bts::signed_transaction;
using bts::transaction;
using test::json_error;
using test::strict_json_error;

// That ids and digests are the core library's is proven in vectors_test.cpp and block_test.cpp.

namespace {

std::string const transfer_json =
    R"([0,{"fee":{"amount":1,"asset_id":"1.3.0"},"from":"1.2.2","to":"1.2.3","amount":{"amount":4,"asset_id":"1.3.0"},"extensions":[]}])";
std::string const transfer_hex = "00 010000000000000000 02 03 040000000000000000 00 00";

processed_transaction example()
{
    processed_transaction tx;
    tx.ref_block_num = 0x0102;
    tx.ref_block_prefix = 0xfffefdfc;
    tx.expiration = bts::time_point_sec::from_string("2023-11-14T22:13:20").value();
    tx.operations.push_back(bts::from_json<bts::operation>(transfer_json).value());
    tx.signatures.resize(1);
    tx.signatures[0].data.fill(0xab);
    tx.operation_results.emplace_back(bts::any_object_id(1, 2, 5));
    return tx;
}

std::string const head_json =
    R"({"ref_block_num":258,"ref_block_prefix":4294901244,"expiration":"2023-11-14T22:13:20",)";
std::string const unsigned_hex = test::digits("0201 fcfdfeff 00f15365 01" + transfer_hex + "00");
std::string const signatures_json = []() {
    std::string text = R"(,"signatures":[")";
    for (int i = 0; i < 65; ++i)
        text += "ab";
    return text + "\"]";
}();
std::string const signatures_hex = "01" + bts::to_hex(bts::bytes(65, 0xab));

} // namespace

TEST_CASE("protocol/transaction: each kind is the one before and its own members behind")
{
    test::check_both_forms(
        transaction{}, "0000 00000000 00000000 00 00",
        R"({"ref_block_num":0,"ref_block_prefix":0,"expiration":"1970-01-01T00:00:00","operations":[],"extensions":[]})");
    auto const tx = example();
    std::string const json = head_json + R"("operations":[)" + transfer_json + R"(],"extensions":[])";
    test::check_both_forms<transaction>(tx, unsigned_hex, json + "}");
    test::check_both_forms<signed_transaction>(tx, unsigned_hex + signatures_hex, json + signatures_json + "}");
    test::check_both_forms(tx, unsigned_hex + signatures_hex + "01 01 0500000000000201",
                           json + signatures_json + R"(,"operation_results":[[1,"1.2.5"]]})");
}

TEST_CASE("protocol/transaction: hashed and signed are the unsigned bytes, whatever stands behind them")
{
    auto const tx = example();
    CHECK(bts::to_hex(bts::pack_unsigned(tx).value()) == unsigned_hex);
    CHECK(bts::pack_unsigned<signed_transaction>(tx).value() == bts::pack_unsigned(tx).value());
    auto const id = bts::id_of(tx).value();
    CHECK(id == bts::id_of_transaction(bts::from_hex(unsigned_hex).value()));
    auto const hash = bts::sha256(bts::from_hex(unsigned_hex).value());
    CHECK(std::equal(id.data.begin(), id.data.end(), hash.data.begin()));

    auto changed = tx;
    changed.signatures.clear();
    changed.operation_results.clear();
    CHECK(bts::id_of(changed).value() == id);
    changed.ref_block_num += 1;
    CHECK(bts::id_of(changed).value() != id);
}

TEST_CASE("protocol/transaction: what is signed holds for one chain alone")
{
    bts::chain_id_type one, other;
    one.data.fill(1);
    other.data.fill(2);
    auto const tx = example();
    CHECK(bts::signing_digest(tx, one).value() == bts::sha256(one.data, bts::from_hex(unsigned_hex).value()));
    CHECK(bts::signing_digest(tx, one).value() != bts::signing_digest(tx, other).value());
    CHECK(bts::signing_digest<transaction>(tx, one).value() == bts::signing_digest(tx, one).value());
}

TEST_CASE("protocol/transaction: with an operation that this version does not know there is neither id nor digest")
{
    std::string const text = head_json + R"("operations":[)" + transfer_json + R"(,[99,{"a" : 1}]],"extensions":[]})";
    auto const tx = bts::from_json<transaction>(text);
    REQUIRE(tx.has_value());
    CHECK(bts::to_json(*tx) == text);
    CHECK(test::said(bts::pack_unsigned(*tx).error()) == "unknown_tag /operations/1/0");
    CHECK(test::said(bts::id_of(*tx).error()) == "unknown_tag /operations/1/0");
    CHECK(test::said(bts::signing_digest(*tx, bts::chain_id_type()).error()) == "unknown_tag /operations/1/0");
    CHECK(strict_json_error<transaction>(text) == "unknown_tag /operations/1/0");
}

TEST_CASE("protocol/transaction: what does not fit is an error that leads to the member")
{
    CHECK(json_error<transaction>(R"({"ref_block_num":65536})") == "value_out_of_range /ref_block_num");
    CHECK(json_error<transaction>(R"({"ref_block_prefix":-1})") == "value_out_of_range /ref_block_prefix");
    CHECK(json_error<transaction>(R"({"expiration":1700000000})") == "wrong_type /expiration");
    CHECK(json_error<signed_transaction>(R"({"signatures":["ab"]})") == "invalid_hex /signatures/0");
    CHECK(json_error<transaction>(R"({"extensions":[[1,{}]]})") == "unknown_tag /extensions/0/0");
    std::string const json = head_json + R"("operations":[],"extensions":[])";
    CHECK(strict_json_error<transaction>(json + "}") == "");
    CHECK(strict_json_error<signed_transaction>(json + "}") == "missing_member /signatures");
    CHECK(strict_json_error<transaction>(json + signatures_json + "}") == "unknown_member /signatures");
    // Lenient reading takes what a newer node adds.
    CHECK(bts::from_json<signed_transaction>(json + signatures_json + R"(,"id":"00"})").value().signatures.size() == 1);
}
