#include <bitshares/protocol/object_id.hpp>
#include <bitshares/rpc/method.hpp>

#include <doctest/doctest.h>

using namespace bitshares;

namespace {

constexpr method<std::optional<raw_json>(std::string_view name)> get_account_by_name{"database", "get_account_by_name"};
constexpr method<std::vector<raw_json>(std::vector<any_object_id>, std::optional<bool>)> get_objects{"database",
                                                                                                     "get_objects"};
constexpr method<raw_json(std::string_view, std::optional<std::uint32_t>, std::optional<std::string>)> two_optional{
    "history", "two"};
constexpr method<void()> nothing{"login", "logout"};

} // namespace

TEST_CASE("rpc/method: a call is a request with its parameters serialised")
{
    auto const r = get_account_by_name("alice");
    CHECK(r.api() == "database");
    CHECK(r.method() == "get_account_by_name");
    CHECK(r.params_json() == R"(["alice"])");
    CHECK(r.text() == R"("database","get_account_by_name",["alice"])");
    static_assert(std::is_same_v<decltype(r)::result_type, std::optional<raw_json>>);
    CHECK(nothing().params_json() == "[]");
    CHECK(nothing().api() == "login");
}

TEST_CASE("rpc/method: strings go as raw UTF-8, with the escapes that nodes understand")
{
    CHECK(get_account_by_name("äé€😀").params_json() == R"(["äé€😀"])");
    CHECK(get_account_by_name("a\"b\\c\n\t").params_json() == "[\"a\\\"b\\\\c\\n\\t\"]");
}

TEST_CASE("rpc/method: optional parameters are left out at the end and null before it")
{
    CHECK(get_objects({any_object_id(1, 2, 3), any_object_id(2, 1, 0)}).params_json() == R"([["1.2.3","2.1.0"]])");
    CHECK(get_objects({}, false).params_json() == R"([[],false])");
    CHECK(get_objects({}, std::nullopt).params_json() == R"([[]])");
    CHECK(two_optional("a").params_json() == R"(["a"])");
    CHECK(two_optional("a", 5).params_json() == R"(["a",5])");
    CHECK(two_optional("a", std::nullopt, "x").params_json() == R"(["a",null,"x"])");
    CHECK(two_optional("a", 5, std::nullopt).params_json() == R"(["a",5])");
}
