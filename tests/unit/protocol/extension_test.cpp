#include "support/both_forms.hpp"

#include <bitshares/protocol/extension.hpp>

#include <doctest/doctest.h>

using bitshares::extensions_type;
using test::binary_error;
using test::json_error;
using test::strict_json_error;

TEST_CASE("protocol/extension: empty, or its one alternative, which nodes accept")
{
    test::check_both_forms(extensions_type{}, "00", "[]");
    test::check_both_forms(extensions_type{bitshares::void_type{}}, "0100", "[[0,{}]]");
}

TEST_CASE("protocol/extension: it is a set: the alternative stands in it once")
{
    CHECK(bitshares::from_json<extensions_type>("[[0,{}],[0,{}],[0,{}]]").value().size() == 1);
    CHECK(bitshares::unpack<extensions_type>(bitshares::bytes{3, 0, 0, 0}).value() ==
          extensions_type{bitshares::void_type{}});
}

TEST_CASE("protocol/extension: what only a newer chain knows is an error in both modes, for it changes the bytes")
{
    for (auto const mode : {bitshares::json_mode::lenient, bitshares::json_mode::strict})
    {
        CHECK(json_error<extensions_type>("[[1,{}]]", mode) == "unknown_tag /0/0");
        CHECK(json_error<extensions_type>("[[0,{}],[7,{\"a\":1}]]", mode) == "unknown_tag /1/0");
    }
    CHECK(binary_error<extensions_type>("0101") == "unknown_tag /0/0");
    CHECK(binary_error<extensions_type>("020001") == "unknown_tag /1/0");
}

TEST_CASE("protocol/extension: other shapes are errors; members of the alternative only where reading is strict")
{
    for (std::string const text : {"{}", "null", "0", "\"\"", "[0]", "[[]]", "[[0]]", "[[0,[]]]", "[{}]", "[[0,{},0]]"})
    {
        CAPTURE(text);
        CHECK(json_error<extensions_type>(text).starts_with("wrong_type"));
    }
    CHECK(json_error<extensions_type>("[[0,{\"a\":1}]]") == "");
    CHECK(strict_json_error<extensions_type>("[[0,{\"a\":1}]]") == "unknown_member /0/1/a");
}
