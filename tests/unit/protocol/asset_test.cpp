#include <bitshares/protocol/asset.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <random>

using namespace bitshares;

TEST_CASE("protocol/asset: an amount is written with all digits of the asset's precision")
{
    CHECK(format_amount(0, 0) == "0");
    CHECK(format_amount(0, 5) == "0.00000");
    CHECK(format_amount(1, 5) == "0.00001");
    CHECK(format_amount(-1, 5) == "-0.00001");
    CHECK(format_amount(100'000, 5) == "1.00000");
    CHECK(format_amount(123'456'789, 4) == "12345.6789");
    CHECK(format_amount(42, 0) == "42");
    CHECK(format_amount(-42, 0) == "-42");
    CHECK(format_amount(99'999, 5) == "0.99999");
    CHECK(format_amount(1, 12) == "0.000000000001");
}

TEST_CASE("protocol/asset: the largest and the least amount keep every digit")
{
    CHECK(format_amount(INT64_MAX, 0) == "9223372036854775807");
    CHECK(format_amount(INT64_MIN, 0) == "-9223372036854775808");
    CHECK(format_amount(INT64_MAX, 12) == "9223372.036854775807");
    CHECK(format_amount(INT64_MIN, 18) == "-9.223372036854775808");
    for (unsigned precision : {0U, 5U, 12U, 18U})
        for (std::int64_t amount : {INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1})
            CHECK(parse_amount(format_amount(amount, precision), precision).value() == amount);
}

TEST_CASE("protocol/asset: reading is the inverse of writing")
{
    std::mt19937_64 random(20261121); // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable
    for (int i = 0; i < 20'000; ++i)
    {
        auto const amount = static_cast<std::int64_t>(random() >> (random() % 64)) * (random() % 2 != 0 ? 1 : -1);
        auto const precision = static_cast<unsigned>(random() % (max_precision + 1));
        REQUIRE(parse_amount(format_amount(amount, precision), precision).value() == amount);
    }
}

TEST_CASE("protocol/asset: missing digits behind the point are zeros, excess ones are refused")
{
    CHECK(parse_amount("1", 5).value() == 100'000);
    CHECK(parse_amount("1.5", 5).value() == 150'000);
    CHECK(parse_amount("-0.00001", 5).value() == -1);
    CHECK(parse_amount("007", 0).value() == 7);
    CHECK(parse_amount("-0", 3).value() == 0);
    for (char const* text : {"1.000001", "1.000000", "0.0000000000000000000000001"})
    {
        CAPTURE(text);
        REQUIRE(!parse_amount(text, 5));
        CHECK(parse_amount(text, 5).error().code() == errc::invalid_amount);
        CHECK(parse_amount(text, 5).error().detail().find("more than 5 digits") != std::string::npos);
    }
    CHECK(!parse_amount("1.0", 0));
}

TEST_CASE("protocol/asset: what is no number of the range is refused")
{
    for (char const* text : {"", "-", ".", "1.", ".1", "-.1", "+1", " 1", "1 ", "1e3", "0x10", "1,5", "1.2.3", "--1",
                             "1-", "nan", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999"})
    {
        CAPTURE(text);
        REQUIRE(!parse_amount(text, 2));
        CHECK(parse_amount(text, 2).error().code() == errc::invalid_amount);
    }
    CHECK(!parse_amount("92233720368547758.08", 2));
    CHECK(parse_amount("92233720368547758.07", 2).value() == INT64_MAX);
    CHECK(parse_amount("-92233720368547758.08", 2).value() == INT64_MIN);
    CHECK(!parse_amount(std::string_view("1\0", 2), 2));
}
