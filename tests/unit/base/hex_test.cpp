#include <bitshares/base/hex.hpp>

#include <doctest/doctest.h>

#include <string>

namespace bts = bitshares;

TEST_CASE("base/hex: writes lower-case digits and reads either case")
{
    bts::bytes const data{0x00, 0x01, 0x7f, 0x80, 0xab, 0xff};
    CHECK(bts::to_hex(data) == "00017f80abff");
    CHECK(bts::from_hex("00017f80abff").value() == data);
    CHECK(bts::from_hex("00017F80AbfF").value() == data);
    CHECK(bts::to_hex({}).empty());
    CHECK(bts::from_hex("").value().empty());
}

TEST_CASE("base/hex: every byte survives")
{
    bts::bytes all(256);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::uint8_t>(i);
    CHECK(bts::from_hex(bts::to_hex(all)).value() == all);
}

TEST_CASE("base/hex: rejects an odd number of digits and every other character, in either place")
{
    CHECK(bts::from_hex("0").error().code() == bts::errc::invalid_hex);
    CHECK(bts::from_hex("012").error().code() == bts::errc::invalid_hex);
    for (int c = 0; c < 256; ++c)
    {
        auto const character = static_cast<char>(c);
        bool const digit = std::string("0123456789abcdefABCDEF").find(character) != std::string::npos;
        CAPTURE(c);
        CHECK(bts::from_hex(std::string{character, '0'}).has_value() == digit);
        CHECK(bts::from_hex(std::string{'0', character}).has_value() == digit);
        CHECK(bts::from_hex(std::string{'1', '2', character, '0', '3', '4'}).has_value() == digit);
    }
}
