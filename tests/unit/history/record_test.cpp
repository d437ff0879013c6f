#include <bitshares/history/record.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace bitshares;

namespace {

std::string const printed =
    R"({"id":"1.11.1379","op":[2,{"fee":{"amount":0,"asset_id":"1.3.0"},"fee_paying_account":"1.2.18","order":"1.7.4","extensions":[]}],)"
    R"("result":[2,{"amount":7,"asset_id":"1.3.0"}],"block_num":888,"trx_in_block":1,"op_in_trx":2,"virtual_op":3,)"
    R"("is_virtual":false,"block_time":"2026-11-21T03:53:49"})";

} // namespace

TEST_CASE("history/record: what the node tells of the operation, read and written as the node prints it")
{
    auto const r = from_json<history_record>(printed, {.mode = json_mode::strict});
    REQUIRE_MESSAGE(r.has_value(), r.error().message());
    CHECK(r->id == operation_history_id(1379));
    CHECK(r->op.name() == "limit_order_cancel");
    CHECK(r->block_num == 888);
    CHECK(r->block_time.to_string() == "2026-11-21T03:53:49");
    CHECK(to_json(*r) == printed);
}

TEST_CASE("history/record: the sequence is no member of the node's: neither read nor written, but part of the value")
{
    auto r = from_json<history_record>(printed).value();
    CHECK(r.sequence == 0);
    auto const same = r;
    r.sequence = 319;
    CHECK(r != same);
    CHECK(to_json(r) == printed);
    std::string text = printed;
    text.insert(1, R"("sequence":319,)");
    CHECK(from_json<history_record>(text).value().sequence == 0);
    CHECK(from_json<history_record>(text, {.mode = json_mode::strict}).error().code() == errc::unknown_member);
}

TEST_CASE("history/record: two operations of one place differ in what the node tells of them")
{
    auto const r = from_json<history_record>(printed).value();
    auto other = r;
    other.virtual_op = 4;
    CHECK(other != r);
    other = r;
    other.op.get_if<limit_order_cancel>()->order = limit_order_id(5);
    CHECK(other != r);
    operation_history_object const& told = r; // wherever the node's object is wanted
    CHECK(told == static_cast<operation_history_object const&>(r));
}
