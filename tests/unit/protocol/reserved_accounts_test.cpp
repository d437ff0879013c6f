#include "support/recordings.hpp"

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace bts = bitshares;
namespace reserved = bitshares::reserved_accounts;

namespace {

struct named_object
{
    bts::account_id id;
    std::string name;
    BITSHARES_FIELDS((id), (name))
};

} // namespace

TEST_CASE("protocol/reserved_accounts: the accounts that a real chain begins with, by their names")
{
    std::pair<bts::account_id, std::string> const expected[] = {
        {reserved::committee, "committee-account"},
        {reserved::witness, "witness-account"},
        {reserved::relaxed_committee, "relaxed-committee-account"},
        {reserved::null, "null-account"},
        {reserved::temp, "temp-account"},
        {reserved::proxy_to_self, "proxy-to-self"}};
    for (auto const& [id, name] : expected)
    {
        CAPTURE(name);
        auto const* const json = recordings::main_data()->object(id.to_string());
        REQUIRE(json != nullptr);
        auto const object = bts::from_json<named_object>(*json).value();
        CHECK(object.id == id);
        CHECK(object.name == name);
    }
}

TEST_CASE("protocol/reserved_accounts: constants, usable where ids are wanted")
{
    static_assert(reserved::committee == bts::account_id(0));
    static_assert(reserved::proxy_to_self == bts::account_id(5));
    CHECK(reserved::null.to_string() == "1.2.3");
}
