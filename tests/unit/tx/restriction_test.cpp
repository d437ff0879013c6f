#include <bitshares/tx/restriction.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace bitshares;

namespace {

restriction rule(std::uint64_t member, restriction::function function, restriction_argument argument)
{
    restriction r;
    r.member_index = {member};
    r.restriction_type = {function};
    r.argument = std::move(argument);
    return r;
}

std::string said(result<void> const& r)
{
    return r ? "" : name(static_cast<errc>(r.error().code().value())) + (" " + r.error().path());
}

} // namespace

TEST_CASE("tx/restriction: a custom authority is for one type of operation and a time")
{
    custom_authority_object custom;
    custom.enabled = true;
    custom.valid_from = {100};
    custom.valid_to = {200};
    custom.operation_type = {transfer::traits.tag};
    custom.restrictions = {
        {std::uint16_t{3}, rule(2, restriction::eq, account_id{18})},
        {std::uint16_t{8},
         rule(3, restriction::attr, std::vector<restriction>{rule(0, restriction::le, std::int64_t{10})})}};
    transfer op;
    op.to = account_id{18};
    op.amount.amount = 10;
    CHECK(said(check_custom_authority(custom, op, {100})) == "");
    CHECK(said(check_custom_authority(custom, op, {199})) == "");
    CHECK(said(check_custom_authority(custom, op, {99})) == "custom_authority_not_valid /valid_from");
    CHECK(said(check_custom_authority(custom, op, {200})) == "custom_authority_not_valid /valid_to");
    CHECK(said(check_custom_authority(custom, limit_order_cancel{}, {100})) == "restriction_violated /operation_type");
    op.amount.amount = 11;
    CHECK(said(check_custom_authority(custom, op, {100})) == "restriction_violated /restrictions/1/1/argument/1/0");
    custom.enabled = false;
    CHECK(said(check_custom_authority(custom, op, {100})) == "custom_authority_not_valid /enabled");
}
