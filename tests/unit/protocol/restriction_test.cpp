#include "support/vectors.hpp"

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/restriction.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace bitshares;

namespace {

std::vector<restriction> one(std::uint64_t member, restriction::function function, restriction_argument argument)
{
    return {restriction{varuint{member}, varuint{function}, std::move(argument), {}}};
}

} // namespace

TEST_CASE("protocol/restriction: the core library takes the same restrictions for an operation")
{
    int fit = 0, unfit = 0;
    for (char const* part : {"agreed", "single", "core_only", "disputed"})
        for (test::json_value const& v : vectors::file("operations.json")[part].array())
        {
            auto const op = from_json<operation>(v["op"].dump(), {.mode = json_mode::lenient}).value();
            auto const* const custom = op.get_if<custom_authority_create>();
            if (!custom || custom->restrictions.empty())
                continue;
            bool const says = v["core_validate"].as_bool();
            auto const valid = validate_restrictions(custom->restrictions, custom->operation_type.value);
            CHECK_MESSAGE(valid.has_value() == says, v["tag"].text());
            if (!valid)
                CHECK(valid.error().code() == errc::invalid_restriction);
            ++(says ? fit : unfit);
        }
    MESSAGE(fit << " fit, " << unfit << " do not");
    REQUIRE(fit >= 1);
    REQUIRE(unfit >= 20);
}

TEST_CASE("protocol/restriction: what holds of an operation and what does not")
{
    transfer op;
    op.from = account_id{17};
    op.to = account_id{18};
    op.amount = {5, core_asset};
    CHECK(check_restrictions({}, op).has_value());
    CHECK(check_restrictions(one(1, restriction::eq, account_id{17}), op).has_value());
    auto const other = check_restrictions(one(1, restriction::eq, account_id{18}), op);
    REQUIRE_FALSE(other.has_value());
    CHECK(other.error().code() == errc::restriction_violated);
    CHECK(other.error().path() == "/0");
    auto const unfit = check_restrictions(one(1, restriction::eq, std::int64_t{17}), op);
    REQUIRE_FALSE(unfit.has_value());
    CHECK(unfit.error().code() == errc::invalid_restriction);
    CHECK_FALSE(validate_restrictions(one(1, restriction::eq, account_id{17}), 4).has_value()); // virtual
    CHECK_FALSE(validate_restrictions(one(1, restriction::eq, account_id{17}), 78).has_value());
    CHECK(validate_restrictions(one(1, restriction::eq, account_id{17}), 0).has_value());
}
