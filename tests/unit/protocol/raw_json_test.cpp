#include "support/both_forms.hpp"

#include <bitshares/protocol/raw_json.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

using bitshares::raw_json;

namespace {

std::string kept(std::string_view text, bitshares::json_mode mode = bitshares::json_mode::lenient)
{
    return bitshares::from_json<raw_json>(text, {.mode = mode}).value().text;
}

struct holder
{
    std::optional<raw_json> any;
    friend bool operator==(holder const&, holder const&) = default;
    BITSHARES_FIELDS((any))
};

} // namespace

TEST_CASE("protocol/raw_json: any value is kept as it was printed, in both modes")
{
    for (std::string const text :
         {"0", "-0", "1.50", "1e308", "123456789012345678901234567890", "true", "false", "null", "\"\"",
          R"("\u0041\u0000\/")", "[]", "{}", "[ 1 ,\t2\n]", R"({"b":1,"a":2,"b":3})", R"({ "x" : [ { } ] })"})
    {
        CAPTURE(text);
        CHECK(kept(text) == text);
        CHECK(kept(text, bitshares::json_mode::strict) == text);
        CHECK(bitshares::to_json(raw_json{text}) == text);
        CHECK(kept("[" + text + "]") == "[" + text + "]");
    }
}

TEST_CASE("protocol/raw_json: blanks around the value are no part of it")
{
    CHECK(kept(" \t\r\n{ \"a\": 1 } \n") == "{ \"a\": 1 }");
    CHECK(kept("  -1.0 ") == "-1.0");
    CHECK(kept("\n\"a b\"\n") == "\"a b\"");
}

TEST_CASE("protocol/raw_json: it must be one whole value, of valid UTF-8")
{
    for (std::string const text : {"", " ", "{", "[1,]", "1 2", "{}{}", "nul", "'a'", "\"\xff\""})
    {
        CAPTURE(text);
        CHECK(test::json_error<raw_json>(text) == "invalid_json");
    }
}

TEST_CASE("protocol/raw_json: empty text writes as null, also in a list")
{
    CHECK(bitshares::to_json(raw_json{}) == "null");
    CHECK(bitshares::to_json(std::vector<raw_json>(2)) == "[null,null]");
}

TEST_CASE("protocol/raw_json: null is a value of its own, and an absent optional")
{
    CHECK(bitshares::from_json<std::vector<raw_json>>("[null]").value() == std::vector<raw_json>{{"null"}});
    CHECK(bitshares::from_json<holder>(R"({"any":null})").value() == holder{});
    CHECK(bitshares::from_json<holder>(R"({"any":[null]})").value() == holder{raw_json{"[null]"}});
}

TEST_CASE("protocol/raw_json: it has no binary form, wherever it stands")
{
    CHECK(test::said(bitshares::pack(raw_json{"{}"}).error()) == "wrong_type");
    CHECK(test::said(bitshares::pack(holder{raw_json{"1"}}).error()) == "wrong_type /any");
    CHECK(bitshares::pack(holder{}).value() == bitshares::bytes{0});
    CHECK(test::binary_error<raw_json>("00") == "wrong_type");
}
