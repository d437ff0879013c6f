#include <bitshares/testing/json_text.hpp>

#include <doctest/doctest.h>

using namespace bitshares::testing;

TEST_CASE("testing/json_text: the first value is what a node reads of a frame")
{
    CHECK(first_value(" \n {\"a\":[1,\"}\"]} trailing") == "{\"a\":[1,\"}\"]}");
    CHECK(first_value("{\"a\":1}{\"b\":2}") == "{\"a\":1}");
    CHECK(first_value("\"a\\\"b\" x") == "\"a\\\"b\"");
    CHECK(first_value("-12,") == "-12");
    CHECK(first_value("true") == "true");
    CHECK(first_value("") == "");
    CHECK(first_value("  ") == "");
    CHECK(first_value("hello") == "");
    CHECK(first_value("nothing") == "");
    CHECK(first_value("[1,2") == "");
    CHECK(first_value("\"open") == "");
    CHECK(first_value("\"open\\") == "");
}

TEST_CASE("testing/json_text: nesting has an end")
{
    CHECK(!first_value(std::string(250, '[') + std::string(250, ']')).empty());
    CHECK(first_value(std::string(300, '[') + std::string(300, ']')).empty());
    CHECK(first_value(std::string(1'000'000, '[')).empty());
}

TEST_CASE("testing/json_text: elements and members keep their text")
{
    auto const items = array_items("[1 , \"a,b\",{\"x\":[ ]},]");
    REQUIRE(items);
    CHECK(*items == std::vector<std::string_view>{"1", "\"a,b\"", "{\"x\":[ ]}"});
    CHECK(array_items("[]").value().empty());
    CHECK_FALSE(array_items("{}"));
    CHECK_FALSE(array_items("[1"));

    auto const members = object_members("{\"a\" : 1,\"b\\n\":{\"c\":2}}");
    REQUIRE(members);
    REQUIRE(members->size() == 2);
    CHECK((*members)[0].first == "a");
    CHECK((*members)[0].second == "1");
    CHECK((*members)[1].first == "b\n");
    CHECK((*members)[1].second == "{\"c\":2}");
    CHECK(member("{\"a\":1,\"b\":2}", "b") == "2");
    CHECK(member("{\"a\":1,\"b\":2}", "c").empty());
    CHECK_FALSE(object_members("{'a':1}"));
    CHECK_FALSE(object_members("{a:1}"));
    CHECK_FALSE(object_members("{\"a\" 1}"));
}

TEST_CASE("testing/json_text: strings say what the standard says, or what a node understands")
{
    CHECK(string_value(R"("a\n\"\\\u00e4\ud83d\ude00")") == "a\n\"\\\xc3\xa4\xf0\x9f\x98\x80");
    CHECK(string_value(R"("get\u0000")", string_reader::node) == "getu0000"); // as recorded
    CHECK_FALSE(string_value("12"));
    CHECK_FALSE(string_value("\"\\u12\""));
}

TEST_CASE("testing/json_text: integers as numbers and as strings")
{
    CHECK(unsigned_value("18446744073709551615") == 18446744073709551615u);
    CHECK(unsigned_value("\"12\"") == 12u);
    CHECK_FALSE(unsigned_value("18446744073709551616"));
    CHECK_FALSE(unsigned_value("-1"));
    CHECK_FALSE(unsigned_value("1.5"));
    CHECK_FALSE(unsigned_value("null"));
    CHECK_FALSE(unsigned_value("\"\""));
}

TEST_CASE("testing/json_text: spellings of one value have one canonical text")
{
    std::string const canonical = canonical_json(R"({"b":[1,{"d":null,"c":"\u0041"}],"a":true})");
    CHECK(canonical == R"({"a":true,"b":[1,{"c":"A","d":null}]})");
    CHECK(canonical_json("{ \"a\" :true, \"b\":[1, {\"c\":\"A\" ,\"d\":null}] }") == canonical);
    CHECK(canonical_json("[2,1]") != canonical_json("[1,2]"));
}
