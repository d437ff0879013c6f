#include "support/both_forms.hpp"

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/vote_id.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

namespace bts = bitshares;
using bts::errc;
using bts::json_mode;

namespace {

struct point
{
    std::int32_t x = 0;
    std::uint8_t y = 0;
    friend bool operator==(point const&, point const&) = default;
    BITSHARES_FIELDS((x), (y))
};

struct labels
{
    std::string text;
    std::optional<std::string> note;
    friend bool operator==(labels const&, labels const&) = default;
    BITSHARES_FIELDS((text), (note))
};

struct options
{
    std::optional<std::uint16_t> first;
    std::optional<point> second;
    friend bool operator==(options const&, options const&) = default;
    BITSHARES_EXTENSION((first), (second))
};

struct holder
{
    bts::raw_json before;
    std::uint32_t number = 0;
    std::vector<bts::raw_json> many;
    BITSHARES_FIELDS((before), (number), (many))
};

using open_shape = std::variant<bts::void_type, point, std::string, bts::unknown_alternative>;
using closed_shape = std::variant<bts::void_type, point>;

struct nested
{
    std::vector<nested> inner;
    BITSHARES_FIELDS((inner))
};

// As many members as the largest structs of the chain have, and some more.
struct wide
{
    std::optional<bool> n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3,
        b4, b5, b6, b7, b8, b9, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9;
    friend bool operator==(wide const&, wide const&) = default;
    BITSHARES_FIELDS((n0), (n1), (n2), (n3), (n4), (n5), (n6), (n7), (n8), (n9), (a0), (a1), (a2), (a3), (a4), (a5), (a6), (a7),
                     (a8), (a9), (b0), (b1), (b2), (b3), (b4), (b5), (b6), (b7), (b8), (b9), (c0), (c1), (c2), (c3), (c4), (c5),
                     (c6), (c7), (c8), (c9))
};

constexpr bts::json_options strict{.mode = json_mode::strict};

template <class T>
errc code_of(std::string_view text, bts::json_options const& options = {})
{
    auto const read = bts::from_json<T>(text, options);
    return read ? errc{} : static_cast<errc>(read.error().code().value());
}

template <class T>
std::string path_of(std::string_view text, bts::json_options const& options = {})
{
    return bts::from_json<T>(text, options).error().path();
}

// `text` reads in both modes and is written back as it was.
template <class T>
void check_round_trip(std::string const& text)
{
    CAPTURE(text);
    for (auto mode : {json_mode::lenient, json_mode::strict})
    {
        auto const read = bts::from_json<T>(text, {.mode = mode});
        REQUIRE(read.has_value());
        CHECK(bts::to_json(*read) == text);
    }
}

} // namespace

TEST_CASE("protocol/json: integers beyond 32 bits are written as strings")
{
    check_round_trip<std::uint64_t>("4294967295");
    check_round_trip<std::uint64_t>("\"4294967296\"");
    check_round_trip<std::uint64_t>("\"18446744073709551615\"");
    check_round_trip<std::int64_t>("2147483647");
    check_round_trip<std::int64_t>("\"2147483648\"");
    check_round_trip<std::int64_t>("-2147483648");
    check_round_trip<std::int64_t>("\"-2147483649\"");
    check_round_trip<std::int64_t>("\"-9223372036854775808\"");
    check_round_trip<bts::varuint>("\"4294967296\"");
    check_round_trip<std::int8_t>("-128");
    check_round_trip<bool>("true");
}

TEST_CASE("protocol/json: integers are read from numbers and strings, within their range only")
{
    CHECK(bts::from_json<std::int64_t>("\"12\"").value() == 12);
    CHECK(bts::from_json<std::int64_t>("9223372036854775807").value() == std::numeric_limits<std::int64_t>::max());
    CHECK(bts::from_json<std::int64_t>("-9223372036854775808").value() == std::numeric_limits<std::int64_t>::min());
    CHECK(bts::from_json<std::uint64_t>("18446744073709551615").value() == ~std::uint64_t{0});
    CHECK(bts::from_json<std::uint8_t>("255").value() == 255);
    CHECK(bts::from_json<std::uint8_t>("-0").value() == 0);

    CHECK(code_of<std::uint8_t>("256") == errc::value_out_of_range);
    CHECK(code_of<std::uint8_t>("\"256\"") == errc::value_out_of_range);
    CHECK(code_of<std::uint8_t>("-1") == errc::value_out_of_range);
    CHECK(code_of<std::uint64_t>("\"-1\"") == errc::value_out_of_range);
    CHECK(code_of<std::int8_t>("128") == errc::value_out_of_range);
    CHECK(code_of<std::int8_t>("-129") == errc::value_out_of_range);
    CHECK(code_of<std::int64_t>("9223372036854775808") == errc::value_out_of_range);
    CHECK(code_of<std::int64_t>("\"9223372036854775808\"") == errc::value_out_of_range);
    CHECK(code_of<std::int64_t>("\"-9223372036854775809\"") == errc::value_out_of_range);

    for (char const* text : {"1.0", "1e3", "18446744073709551616", "\"1.0\"", "\"\"", "\"-\"", "\" 1\"", "\"1 \"",
                             "\"+1\"", "\"0x1\"", "true", "null", "[]", "{}"})
    {
        CAPTURE(text);
        CHECK(code_of<std::int64_t>(text) == errc::wrong_type);
    }
}

TEST_CASE("protocol/json: booleans are also read as 0, 1 and their names")
{
    CHECK(bts::from_json<bool>("1").value());
    CHECK_FALSE(bts::from_json<bool>("0").value());
    CHECK(bts::from_json<bool>("\"true\"").value());
    CHECK(code_of<bool>("2") == errc::wrong_type);
    CHECK(code_of<bool>("-1") == errc::wrong_type);
    CHECK(code_of<bool>("\"yes\"") == errc::wrong_type);
}

TEST_CASE("protocol/json: text forms have their own errors, with the path")
{
    CHECK(code_of<bts::bytes>("\"0g\"") == errc::invalid_hex);
    CHECK(code_of<bts::bytes>("\"000\"") == errc::invalid_hex);
    CHECK(code_of<bts::fixed_bytes<2>>("\"00\"") == errc::invalid_hex);
    CHECK(code_of<bts::fixed_bytes<2>>("\"000000\"") == errc::invalid_hex);
    CHECK(bts::from_json<bts::fixed_bytes<2>>("\"0aFF\"").value() == bts::fixed_bytes<2>{{10, 255}});
    CHECK(code_of<bts::time_point_sec>("\"2016-01-01T00:00:00Z\"") == errc::invalid_time);
    CHECK(code_of<bts::vote_id>("\"1\"") == errc::invalid_vote_id);
    CHECK(code_of<bts::asset>(R"({"amount":1,"asset_id":"1.2.0"})") == errc::invalid_object_id);
    CHECK(path_of<bts::asset>(R"({"amount":1,"asset_id":"1.2.0"})") == "/asset_id");
    CHECK(path_of<std::vector<bts::asset>>(R"([{"amount":1,"asset_id":"1.3.0"},{"amount":"x"}])") == "/1/amount");
}

TEST_CASE("protocol/json: absent optional members are left out, and null reads as absent")
{
    CHECK(bts::to_json(labels{"a", {}}) == R"({"text":"a"})");
    CHECK(bts::to_json(labels{"a", ""}) == R"({"text":"a","note":""})");
    CHECK(bts::from_json<labels>(R"({"text":"a","note":null})", strict).value() == labels{"a", {}});
    CHECK(bts::from_json<labels>(R"({"text":"a"})", strict).value() == labels{"a", {}});
}

TEST_CASE("protocol/json: lenient reading skips unknown members of any shape and takes defaults for missing ones")
{
    char const* const text =
        R"({"new":[1,{"x":[[],{}]},"s"],"y":7,"other":{"y":[8]},"x":3,"z":null,"w":-1.5e3,"v":true})";
    CHECK(bts::from_json<point>(text).value() == point{3, 7});
    CHECK(bts::from_json<point>("{}").value() == point{});
    CHECK(bts::from_json<point>(R"({"x":1,"x":2})").value() == point{2, 0});
    CHECK(bts::from_json<std::vector<point>>(R"([{"q":[]},{"q":{}},{"x":1}])").value().back() == point{1, 0});
}

TEST_CASE("protocol/json: strict reading refuses unknown, missing and repeated members, and says which")
{
    CHECK(bts::from_json<point>(R"({"y":7,"x":3})", strict).value() == point{3, 7}); // the order is free
    CHECK(code_of<point>(R"({"x":1,"y":2,"z":3})", strict) == errc::unknown_member);
    CHECK(path_of<point>(R"({"x":1,"y":2,"z":3})", strict) == "/z");
    CHECK(path_of<std::vector<point>>(R"([{"x":1,"y":2},{"a/b~c":0}])", strict) == "/1/a~1b~0c");
    CHECK(code_of<point>(R"({"x":1})", strict) == errc::missing_member);
    CHECK(path_of<point>(R"({"x":1})", strict) == "/y");
    CHECK(code_of<point>(R"({"x":1,"y":2,"x":1})", strict) == errc::duplicate_member);
    CHECK(path_of<point>(R"({"x":1,"y":2,"x":1})", strict) == "/x");
    CHECK(code_of<labels>(R"({"text":"","note":"","note":null})", strict) == errc::duplicate_member);
    CHECK(code_of<options>(R"({"first":1,"first":2})", strict) == errc::duplicate_member);
    CHECK(code_of<options>(R"({"third":1})", strict) == errc::unknown_member);
    CHECK(bts::from_json<options>("{}", strict).has_value());
}

TEST_CASE("protocol/json: a struct of 40 members, each its own, in any order")
{
    CHECK(code_of<wide>(R"({"n1":true,"b5":false,"c7":true,"n1":true})", strict) == errc::duplicate_member);
    auto const value = bts::from_json<wide>(R"({"c9":true,"n0":true,"c8":false,"b3":true})", strict).value();
    wide expected;
    expected.c9 = expected.n0 = expected.b3 = true;
    expected.c8 = false;
    CHECK(value == expected);
}

TEST_CASE("protocol/json: control characters that nodes misread are errors in strict mode only")
{
    for (int c = 0; c < 0x20; ++c)
    {
        char text[] = "{\"text\":\"a\\u00XXb\"}";
        text[14] = "0123456789abcdef"[c / 16];
        text[15] = "0123456789abcdef"[c % 16];
        CAPTURE(text);
        bool const harmless = c == '\t' || c == '\n' || c == '\r';
        CHECK(code_of<labels>(text, strict) == (harmless ? errc{} : errc::control_character));
        REQUIRE(code_of<labels>(text) == errc{});
        CHECK(bts::from_json<labels>(text).value().text == std::string{'a', static_cast<char>(c), 'b'});
        if (!harmless)
            CHECK(path_of<labels>(text, strict) == "/text");
    }
}

TEST_CASE("protocol/json: wrong types are errors with the path, in both modes")
{
    for (auto mode : {json_mode::lenient, json_mode::strict})
    {
        bts::json_options const o{.mode = mode};
        CHECK(code_of<point>("[]", o) == errc::wrong_type);
        CHECK(code_of<point>("\"x\"", o) == errc::wrong_type);
        CHECK(code_of<point>("1", o) == errc::wrong_type);
        CHECK(code_of<point>("null", o) == errc::wrong_type);
        CHECK(code_of<std::vector<point>>("{}", o) == errc::wrong_type);
        CHECK(code_of<std::string>("1", o) == errc::wrong_type);
        CHECK(code_of<std::string>("true", o) == errc::wrong_type);
        CHECK(path_of<point>(R"({"x":{}})", o) == "/x");
        CHECK(path_of<std::vector<std::vector<point>>>(R"([[],[{"x":1,"y":2},3]])", o) == "/1/1");
        using pair = std::pair<std::uint8_t, std::uint8_t>;
        CHECK(code_of<pair>("[1]", o) == errc::wrong_type);
        CHECK(code_of<pair>("[1,2,3]", o) == errc::wrong_type);
        CHECK(bts::from_json<pair>("[1,2]", o).value() == pair{1, 2});
        CHECK(path_of<pair>("[1,256]", o) == "/1");
    }
}

TEST_CASE("protocol/json: static variants are [tag, value]")
{
    check_round_trip<closed_shape>(R"([0,{}])");
    check_round_trip<closed_shape>(R"([1,{"x":1,"y":2}])");
    check_round_trip<open_shape>(R"([2,"s"])");
    for (char const* text :
         {"[]", "[1]", R"([1,{"x":1,"y":2},0])", "{}", R"(["x",{}])", "[true,{}]", "[null,{}]", "[[],{}]"})
    {
        CAPTURE(text);
        CHECK(code_of<closed_shape>(text) == errc::wrong_type);
        CHECK(code_of<open_shape>(text, strict) == errc::wrong_type);
    }
    CHECK(code_of<closed_shape>("[-1,{}]") == errc::value_out_of_range);
    CHECK(bts::from_json<closed_shape>(R"(["1",{"x":1,"y":2}])").value() == closed_shape(point{1, 2}));
    CHECK(path_of<closed_shape>(R"([1,{"x":true}])") == "/1/x");
}

TEST_CASE("protocol/json: an unknown alternative is kept verbatim where the variant is open and reading is lenient")
{
    for (std::string const value :
         {R"({"b":1,"a":[1.50,"\u00e9",{}]})", "7", "\"s\"", "null", "[]", "{}", "-1.5e3", "true"})
    {
        auto const text = "[99," + value + "]";
        CAPTURE(text);
        auto const read = bts::from_json<open_shape>(text);
        REQUIRE(read.has_value());
        auto const& unknown = std::get<bts::unknown_alternative>(*read);
        CHECK(unknown.tag == 99);
        CHECK(unknown.raw_json == value);
        CHECK(bts::to_json(*read) == text);
        CHECK(code_of<open_shape>(text, strict) == errc::unknown_tag);
        CHECK(code_of<closed_shape>(text) == errc::unknown_tag);
    }
    CHECK(path_of<closed_shape>("[99,{}]") == "/0");
    CHECK(bts::to_json(bts::from_json<open_shape>("[\"18446744073709551615\",{}]").value()) ==
          "[\"18446744073709551615\",{}]");
    CHECK(bts::to_json(bts::from_json<std::vector<open_shape>>(R"([[99, {"a" : 1} ],[2,"x"],[98,[1 , 2]]])").value()) ==
          R"([[99,{"a" : 1}],[2,"x"],[98,[1 , 2]]])");
    CHECK(code_of<open_shape>("[99]") == errc::wrong_type);
    CHECK(code_of<open_shape>("[99,{},1]") == errc::wrong_type);
}

TEST_CASE("protocol/json: raw JSON is kept byte for byte, wherever it stands")
{
    std::string const text =
        R"({"before":{"a" : [1,2.50 , "\u0041"]},"number":1,"many":[1.0,-0,"x","",null,true,[ ],{ "k":0 }]})";
    check_round_trip<holder>(text);
    auto const read =
        bts::from_json<holder>(R"( { "before" : 12.0 , "number" : 1 , "many" : [ "a" , 3 , [ 1 ] ] } )").value();
    CHECK(read.before.text == "12.0");
    REQUIRE(read.many.size() == 3);
    CHECK(read.many[0].text == "\"a\"");
    CHECK(read.many[1].text == "3");
    CHECK(read.many[2].text == "[ 1 ]");
    CHECK(bts::to_json(bts::raw_json{}) == "null");
    for (std::string const whole : {"1", "\"s\"", "{}", "[1, 2]", "false", "null"})
        CHECK(bts::from_json<bts::raw_json>("  " + whole + "\n").value().text == whole);
}

TEST_CASE("protocol/json: extensions are objects of what is present; nodes also take null and []")
{
    check_round_trip<options>("{}");
    check_round_trip<options>(R"({"second":{"x":1,"y":2}})");
    CHECK(bts::from_json<options>("null").value() == options{});
    CHECK(bts::from_json<options>("[]").value() == options{});
    CHECK(code_of<options>("[1]") == errc::wrong_type);
}

TEST_CASE("protocol/json: maps are arrays of pairs, sets and maps are sorted and freed of duplicates")
{
    using map = bts::flat_map<std::string, std::uint8_t>;
    check_round_trip<map>(R"([["a",1],["b",2]])");
    CHECK(bts::to_json(bts::from_json<map>(R"([["b",2],["a",1],["b",3]])").value()) == R"([["a",1],["b",2]])");
    CHECK(bts::to_json(bts::from_json<bts::flat_set<std::uint8_t>>("[3,1,3,2]").value()) == "[1,2,3]");
    CHECK(path_of<map>(R"([["a",1],["b",256]])") == "/1/1");
}

TEST_CASE("protocol/json: what is no JSON is an error that names the byte")
{
    for (char const* text : {"",         " ",    "{",     "[1,]", "{\"x\":1,}", "{x:1}",       "{'x':1}",
                             "[1 2]",    "01",   "1.",    "+1",   "nul",        "\"a",         "\"\\x\"",
                             "\"a\nb\"", "[1]]", "[1] x", "NaN",  "// c\n1",    "\"\\ud800\"", "\"\\udc00\\ud800\""})
    {
        CAPTURE(text);
        CHECK(code_of<bts::raw_json>(text) == errc::invalid_json);
        CHECK(code_of<bts::raw_json>(text, strict) == errc::invalid_json);
    }
    CHECK(bts::from_json<std::vector<int>>("[1,2 3]").error().detail().find("byte 5") == 0);
}

TEST_CASE("protocol/json: a NUL ends nothing, and a byte order mark begins nothing")
{
    using list = std::vector<int>;
    CHECK(code_of<list>(std::string_view("[1]\0", 4)) == errc::invalid_json);
    CHECK(code_of<list>(std::string_view("[1]\0 garbage }", 14)) == errc::invalid_json);
    CHECK(code_of<list>(std::string_view("[1\0]", 4)) == errc::invalid_json);
    CHECK(code_of<std::string>(std::string_view("\"a\0b\"", 5)) == errc::invalid_json);
    CHECK(code_of<std::string>(std::string_view("\0", 1)) == errc::invalid_json);
    CHECK(code_of<list>("\xef\xbb\xbf[1]") == errc::invalid_json);
    CHECK(bts::from_json<list>("[1] \r\n\t").has_value());
}

TEST_CASE("protocol/json: UTF-8 is validated everywhere, and written as it is")
{
    check_round_trip<std::string>("\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf\"");
    CHECK(bts::from_json<std::string>("\"\\u00e9\\ud83d\\ude00\"").value() == "\xc3\xa9\xf0\x9f\x98\x80");
    for (std::string const bad :
         {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe2\x82", "\xed\xa0\x80",
          "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2(\xa1", "\xf0\x9f\x98"})
        for (std::string const around : {"", "0123456789abcdef0123456789"})
        {
            auto const quoted = '"' + around + bad + around + '"';
            CHECK(code_of<std::string>(quoted) == errc::invalid_json);
            CHECK(code_of<bts::raw_json>("[" + quoted + "]") == errc::invalid_json);
            CHECK(code_of<point>("{\"unknown\":" + quoted + "}") == errc::invalid_json);
            CHECK(code_of<point>("{" + quoted + ":1}") == errc::invalid_json);
        }
}

TEST_CASE("protocol/json: text is escaped as nodes understand it")
{
    CHECK(bts::json_quote("a\"b\\c/d\n\t\x01\x7f") == "\"a\\\"b\\\\c/d\\n\\t\\u0001\x7f\"");
    CHECK(bts::json_quote({}) == "\"\"");
    CHECK(bts::json_quote("\b\f\r\v\x1b\x1f") == R"("\b\f\r\u000b\u001b\u001f")"); // nodes print lower-case digits
    std::string every;
    for (int c = 0; c < 128; ++c)
        every += static_cast<char>(c);
    CHECK(bts::from_json<std::string>(bts::json_quote(every)).value() == every);
    CHECK(bts::to_json(every) == bts::json_quote(every));
}

// Each limit is met from both sides, so that each check fails where the limit is taken out.

TEST_CASE("protocol/json: depth limit, in the type's own nesting, in skipped and in kept values")
{
    bts::json_options o;
    o.limits.max_depth = 4;
    CHECK(code_of<nested>(R"({"inner":[{"inner":[]}]})", o) == errc{});
    CHECK(code_of<nested>(R"({"inner":[{"inner":[{}]}]})", o) == errc::depth_limit);
    CHECK(path_of<nested>(R"({"inner":[{"inner":[{}]}]})", o) == "/inner/0/inner");
    CHECK(code_of<point>(R"({"u":[[[]]]})", o) == errc{});
    CHECK(code_of<point>(R"({"u":[[[[]]]]})", o) == errc::depth_limit);
    CHECK(code_of<bts::raw_json>("[[[[]]]]", o) == errc{});
    CHECK(code_of<bts::raw_json>("[[[[[]]]]]", o) == errc::depth_limit);
    // However high the limit is set, the parser's own stack is safe.
    o.limits.max_depth = 1'000'000;
    CHECK(code_of<bts::raw_json>(std::string(100'000, '['), o) == errc::depth_limit);
}

TEST_CASE("protocol/json: element limit")
{
    bts::json_options o;
    o.limits.max_elements = 3;
    CHECK(code_of<std::vector<int>>("[1,2,3]", o) == errc{});
    CHECK(code_of<std::vector<int>>("[1,2,3,4]", o) == errc::element_limit);
    CHECK(code_of<std::vector<std::vector<int>>>("[[1,2,3],[1,2,3]]", o) == errc{});
}

TEST_CASE("protocol/json: string limit counts bytes after decoding")
{
    bts::json_options o;
    o.limits.max_string_bytes = 4;
    CHECK(code_of<std::string>("\"abcd\"", o) == errc{});
    CHECK(code_of<std::string>("\"abcde\"", o) == errc::string_limit);
    CHECK(code_of<std::string>(R"("\u0061\u0061\u0061\u0061")", o) == errc{});
    CHECK(code_of<bts::bytes>("\"00010203\"", o) == errc{});
    CHECK(code_of<bts::bytes>("\"0001020304\"", o) == errc::string_limit);
}

TEST_CASE("protocol/json: size limit")
{
    bts::json_options o;
    o.limits.max_total_bytes = 5;
    CHECK(code_of<std::vector<int>>("[1,2]", o) == errc{});
    CHECK(code_of<std::vector<int>>("[1,2] ", o) == errc::size_limit);
}

TEST_CASE("protocol/json: memory for each byte of the input")
{
    // A point of 8 bytes, twice for the room that lists grow into, for each "{}," of three; 4 MiB are free.
    std::string text = "[{}";
    for (int i = 1; i < 900'000; ++i)
        text += ",{}";
    text += ']';
    bts::json_options o;
    CHECK(code_of<std::vector<point>>(text, o) == errc{});
    o.limits.max_memory_bytes = 14'399'999; // 900,000 of 16
    CHECK(code_of<std::vector<point>>(text, o) == errc::memory_limit);
    o.limits.max_memory_bytes = 14'400'000;
    CHECK(code_of<std::vector<point>>(text, o) == errc{});
    o.limits.max_memory_factor = 3;
    CHECK(code_of<std::vector<point>>(text, o) == errc::memory_limit);
    o.limits.max_memory_factor = 4;
    CHECK(code_of<std::vector<point>>(text, o) == errc{});
}

TEST_CASE("protocol/json: an unknown member of an extension is an error in both modes, as in the node")
{
    for (auto const mode : {bts::json_mode::lenient, bts::json_mode::strict})
    {
        bts::json_options o;
        o.mode = mode;
        auto const read = bts::from_json<options>(R"({"first":1,"brand_new":{"a":1}})", o);
        REQUIRE(!read);
        CHECK(read.error().code() == errc::unknown_member);
        CHECK(read.error().path() == "/brand_new");
    }
}

TEST_CASE("protocol/json: an escape of half a surrogate pair is no character")
{
    CHECK(code_of<std::string>(R"("\udc00")") == errc::invalid_json);
    CHECK(code_of<std::string>(R"("\ud800")") == errc::invalid_json);
    CHECK(bts::from_json<std::string>(R"("\ud83d\ude00")").value() == "\xf0\x9f\x98\x80");
}

TEST_CASE("protocol/json: any character may stand in strict text that no node reads, and strict it stays")
{
    bts::json_options o;
    o.mode = bts::json_mode::strict;
    CHECK(code_of<std::string>(R"("a\u0000\u000c")", o) == errc::control_character);
    o.any_character = true;
    CHECK(bts::from_json<std::string>(R"("a\u0000\u000c")", o).value() == std::string("a\0\f", 3));
    CHECK(code_of<point>(R"({"x":1,"y":2,"z":3})", o) == errc::unknown_member);
}

namespace {

struct adapted
{
    point amount;
    std::optional<point> memo;
    std::vector<point> many;
    closed_shape shape;
    options extra;
    std::optional<std::string> note;
    bts::raw_json kept;
    friend bool operator==(adapted const& a, adapted const& b) { return bts::to_json(a) == bts::to_json(b); }
    BITSHARES_FIELDS((amount), (memo), (many), (shape), (extra), (note), (kept))
};

} // namespace

TEST_CASE("protocol/json: reads what a plugin made of values for Elasticsearch")
{
    auto const stored = [](std::string_view text) {
        return bts::from_json<adapted>(text, {.mode = json_mode::elasticsearch});
    };
    auto const failure = [](std::string_view text) {
        return test::json_error<adapted>(text, json_mode::elasticsearch);
    };
    auto const plain =
        bts::from_json<adapted>(
            R"({"amount":{"x":1,"y":2},"memo":{"x":3,"y":4},"many":[{"x":5,"y":6}],"shape":[1,{"x":7,"y":8}],)"
            R"("extra":{"first":9,"second":{"x":10,"y":11}},"note":"","kept":{"a":["}",1]}})")
            .value();
    CHECK(stored(bts::to_json(plain)).value() == plain);
    std::string const text =
        R"({"memo":"{\"x\":3,\"y\":4}","many":"[{\"x\":5,\"y\":6}]","many_object":[{"x":0,"z":"\\\"}]"}],)"
        R"("shape":"[1,{\"x\":7,\"y\":8}]","shape_object":{"which":1},)"
        R"("extra":{"first":"9","second":"{\"x\":10,\"y\":11}","second_object":{}},"note":"",)"
        R"("kept":{"a":["}",1]},"amount_":{"x":1,"y":2}})";
    CHECK(stored(text).value() == plain);
    CHECK(bts::to_json(stored(text).value()) == bts::to_json(plain));

    // An empty text is an absent value, unless it can be one.
    CHECK_FALSE(stored(R"({"memo":""})")->memo);
    CHECK(stored(R"({"note":""})")->note == "");
    CHECK(failure(R"({"amount":""})") == "invalid_json /amount");

    CHECK(failure(R"({"memo":"{\"x\":true}"})") == "wrong_type /memo/x");
    CHECK(failure(R"({"memo":"{\"x\":\"{}\"}"})") == "wrong_type /memo/x");
    CHECK(failure(R"({"memo":"{} {}"})") == "invalid_json /memo");
    CHECK(failure(R"({"extra":{"third":1}})") == "unknown_member /extra/third");
    CHECK(failure(R"({"extra":{"third_object":1}})") == "unknown_member /extra/third_object");
    // Inside a text everything is as a node prints it.
    CHECK(failure(R"({"many":"[{\"x_\":5}]"})") == "");
    CHECK(stored(R"({"many":"[{\"x_\":5}]"})")->many[0].x == 0);
    // Other modes know nothing of all this.
    CHECK(bts::from_json<adapted>(R"({"amount_":{"x":1}})")->amount.x == 0);
    CHECK(test::json_error<adapted>(R"({"memo":"{}"})") == "wrong_type /memo");
}

TEST_CASE("protocol/json: what is passed over in a stored document ends where its bracket does")
{
    auto const failure = [](std::string_view text) { return test::json_error<point>(text, json_mode::elasticsearch); };
    for (char const* value :
         {"{}", "[]", R"({"a":"}"})", R"(["\\",{"]":"\""}])", "[[[[]]]]", R"({"a":{"b":[1,2,"x"]}})"})
    {
        CAPTURE(value);
        auto const read =
            bts::from_json<point>(R"({"z":)" + std::string(value) + R"(,"x":5})", {.mode = json_mode::elasticsearch});
        REQUIRE(read.has_value());
        CHECK(read->x == 5);
        std::string_view const text = value;
        CHECK(failure(R"({"z":)" + std::string(text.substr(0, text.size() - 1))).starts_with("invalid_json"));
    }
    CHECK(failure(R"({"z":{],"x":5})").starts_with("invalid_json"));
    CHECK(failure(R"({"z":["\)").starts_with("invalid_json"));
}
