#include "support/both_forms.hpp"

#include <bitshares/protocol/fee_schedule.hpp>
#include <bitshares/protocol/operation.hpp>

#include <doctest/doctest.h>

#include <string>

namespace bts = bitshares;
using bts::fee_schedule;
using bts::operation;

// Schedules stand inside of an operation here, whose tables the library has compiled: alone, they take each unit 6 s.

namespace {

std::string with_schedule(std::string const& json)
{
    return R"([31,{"new_parameters":{"current_fees":)" + json + "}}]";
}

operation read(std::string const& schedule)
{
    auto const op = bts::from_json<operation>(with_schedule(schedule));
    REQUIRE_MESSAGE(op.has_value(), op.error().message());
    return *op;
}

fee_schedule const& schedule_of(operation const& op)
{
    return op.get_if<bts::committee_member_update_global_parameters>()->new_parameters.current_fees;
}

std::string printed(operation const& op)
{
    std::string const text = bts::to_json(op);
    std::string const begin = R"("current_fees":)";
    auto const from = text.find(begin) + begin.size();
    return text.substr(from, text.find(R"(,"block_interval")") - from);
}

// Behind the tag, a fee of nothing and in front of the parameters' other members, which are always the same.
std::string packed(operation const& op)
{
    std::size_t const others = bts::pack(read("{}")).value().size() - 5;
    std::string const hex = bts::to_hex(bts::pack(op).value());
    return hex.substr(20, hex.size() - 2 * others);
}

std::string error_of(std::string const& schedule, bts::json_mode mode = bts::json_mode::lenient)
{
    auto const text = test::json_error<operation>(with_schedule(schedule), mode);
    std::string const path = " /1/new_parameters/current_fees";
    auto const at = text.find(path);
    return at == std::string::npos ? text : text.substr(0, at + 1) + text.substr(at + path.size());
}

void check_both_forms(std::string const& hex, std::string const& json)
{
    CAPTURE(json);
    auto const op = read(json);
    CHECK(printed(op) == json);
    CHECK(packed(op) == test::digits(hex));
    CHECK(bts::unpack<operation>(bts::pack(op).value()).value() == op);
}

} // namespace

TEST_CASE("protocol/fee_schedule: parameters by operation and the scale, 100 % unless set")
{
    CHECK(schedule_of(read("{}")).scale == 10'000);
    CHECK(schedule_of(read("{}")).parameters.empty());
    check_both_forms("00 10270000", R"({"parameters":[],"scale":10000})");
    check_both_forms("02 00 0000000001000000 07000000 02 0000000000000000 ce230000",
                     R"({"parameters":[[0,{"fee":"4294967296","price_per_kbyte":7}],[2,{"fee":0}]],"scale":9166})");
    check_both_forms("01 04 10270000",
                     R"({"parameters":[[4,{}]],"scale":10000})"); // filling an order costs nothing
}

TEST_CASE("protocol/fee_schedule: finds what is set for an operation, and nothing else")
{
    CHECK(schedule_of(read("{}")).find<bts::transfer>() == nullptr);
    auto const op = read(R"({"parameters":[[0,{"fee":5,"price_per_kbyte":7}],[2,{"fee":1}],[4,{}]]})");
    auto const* const transfer = schedule_of(op).find<bts::transfer>();
    REQUIRE(transfer != nullptr);
    CHECK(transfer->fee == 5);
    CHECK(transfer->price_per_kbyte == 7);
    CHECK(schedule_of(op).find<bts::limit_order_cancel>()->fee == 1);
    CHECK(schedule_of(op).find<bts::fill_order>() != nullptr);
    CHECK(schedule_of(op).find<bts::limit_order_create>() == nullptr);
    CHECK(schedule_of(read(R"({"parameters":[[0,{"fee":"18446744073709551615"}]]})")).find<bts::transfer>()->fee ==
          ~std::uint64_t{0});
}

TEST_CASE("protocol/fee_schedule: at most one for each operation, the first, whatever the amounts are")
{
    auto const op = read(R"({"parameters":[[2,{"fee":1}],[0,{"fee":8}],[2,{"fee":3}],[0,{"fee":9}]]})");
    CHECK(schedule_of(op).parameters.size() == 2);
    CHECK(schedule_of(op).parameters.begin()->tag() == 0);
    CHECK(schedule_of(op).find<bts::transfer>()->fee == 8);
    CHECK(schedule_of(op).find<bts::limit_order_cancel>()->fee == 1);
}

TEST_CASE("protocol/fee_schedule: an operation of a newer chain is kept as printed, in its place, and cannot be packed")
{
    std::string const text = R"({"parameters":[[0,{"fee":1,"price_per_kbyte":2}],[78,{"fee" : [3.0]}]],"scale":10000})";
    auto const op = read(text);
    CHECK(printed(op) == text);
    CHECK((schedule_of(op).parameters.begin() + 1)->tag() == 78);
    CHECK(schedule_of(op).find<bts::transfer>()->fee == 1);
    CHECK(test::said(bts::pack(op).error()).starts_with("unknown_tag"));
    CHECK(test::said(bts::pack(op).error()).ends_with("/current_fees/parameters/1/0"));
    // Two of them are told apart by their tags, as known ones are.
    CHECK(printed(read(R"({"parameters":[[300,1],[78,2],[300,3]]})")) ==
          R"({"parameters":[[78,2],[300,1]],"scale":10000})");
}

TEST_CASE("protocol/fee_schedule: what does not fit is an error that leads to the member")
{
    CHECK(error_of(R"({"parameters":[[0,{"fee":-1}]]})") == "value_out_of_range /parameters/0/1/fee");
    CHECK(error_of(R"({"parameters":[[0,{"fee":"18446744073709551616"}]]})") ==
          "value_out_of_range /parameters/0/1/fee");
    CHECK(error_of(R"({"scale":4294967296})") == "value_out_of_range /scale");
    CHECK(error_of(R"({"parameters":{}})") == "wrong_type /parameters");
    CHECK(error_of(R"({"parameters":[[0]]})") == "wrong_type /parameters/0");
    auto const strict = bts::json_mode::strict;
    CHECK(error_of(R"({"parameters":[[0,{"fee":1}]]})", strict) == "missing_member /parameters/0/1/price_per_kbyte");
    CHECK(error_of(R"({"parameters":[]})", strict) == "missing_member /scale");
    CHECK(error_of(R"({"parameters":[[78,{}]]})", strict) == "unknown_tag /parameters/0/0");
}
