#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/uint128.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace bts = bitshares;
using bts::uint128;

TEST_CASE("protocol/uint128: always a decimal string in JSON, and read from a number too")
{
    struct
    {
        uint128 value;
        char const* text;
    } const numbers[] = {{{0, 0}, "0"},
                         {{0, 9}, "9"},
                         {{0, 10}, "10"},
                         {{0, ~std::uint64_t{0}}, "18446744073709551615"},
                         {{1, 0}, "18446744073709551616"},
                         {{0x4b3b4ca85a86c47a, 0x098a223fffffffff}, "99999999999999999999999999999999999999"},
                         {{~std::uint64_t{0}, ~std::uint64_t{0}}, "340282366920938463463374607431768211455"}};
    for (auto const& [value, text] : numbers)
    {
        CHECK(bts::to_json(value) == '"' + std::string(text) + '"');
        CHECK(bts::from_json<uint128>('"' + std::string(text) + '"').value() == value);
    }
    CHECK(bts::from_json<uint128>("18446744073709551615").value() == uint128{0, ~std::uint64_t{0}});
}

TEST_CASE("protocol/uint128: beyond 128 bits, signs and other characters are errors")
{
    for (char const* text :
         {"\"340282366920938463463374607431768211456\"", "\"999999999999999999999999999999999999999\"",
          "\"1000000000000000000000000000000000000000\"", "\"-1\"", "-1", "\"\"", "\"1 \"", "\"0x1\""})
    {
        CAPTURE(text);
        auto const read = bts::from_json<uint128>(text);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code() == bts::errc::value_out_of_range);
    }
    CHECK(bts::from_json<uint128>("1.5").error().code() == bts::errc::wrong_type);
}

TEST_CASE("protocol/uint128: packed with the high half first")
{
    uint128 const value{0x0102030405060708, 0x1112131415161718};
    bts::bytes const packed{8, 7, 6, 5, 4, 3, 2, 1, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11};
    CHECK(bts::pack(value).value() == packed);
    CHECK(bts::unpack<uint128>(packed).value() == value);
}
