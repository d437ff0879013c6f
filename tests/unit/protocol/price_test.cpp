#include <bitshares/protocol/price.hpp>

#include <doctest/doctest.h>

#include <random>

using namespace bitshares;

namespace {

constexpr asset_id core{0};
constexpr asset_id usd{121};
constexpr asset_id third{7};

price ratio(std::int64_t base, std::int64_t quote)
{
    return {{base, core}, {quote, usd}};
}

} // namespace

TEST_CASE("protocol/price: an amount is converted either way, and rounded as asked")
{
    price const p = ratio(3, 2);
    CHECK(convert({300, core}, p, rounding::down).value() == asset{200, usd});
    CHECK(convert({200, usd}, p, rounding::up).value() == asset{300, core});
    CHECK(convert({100, core}, p, rounding::down).value() == asset{66, usd});
    CHECK(convert({100, core}, p, rounding::up).value() == asset{67, usd});
    CHECK(convert({1, core}, p, rounding::down).value() == asset{0, usd});
    CHECK(convert({0, core}, p, rounding::up).value() == asset{0, usd});
}

TEST_CASE("protocol/price: products beyond 64 bits are exact, results beyond them an error")
{
    price const p = ratio(INT64_MAX, INT64_MAX - 1);
    CHECK(convert({INT64_MAX, core}, p, rounding::down).value() == asset{INT64_MAX - 1, usd});
    CHECK(convert({INT64_MAX - 1, core}, p, rounding::down).value() == asset{INT64_MAX - 2, usd});
    CHECK(convert({INT64_MAX - 1, core}, p, rounding::up).value() == asset{INT64_MAX - 1, usd});
    auto const beyond = convert({INT64_MAX, core}, ratio(1, 2), rounding::down);
    REQUIRE(!beyond);
    CHECK(beyond.error().code() == errc::invalid_amount);
    // The quotient itself fits; rounding it up does not.
    CHECK(!convert({INT64_MAX, usd}, ratio(INT64_MAX, INT64_MAX - 1), rounding::up));
}

TEST_CASE("protocol/price: what is no price, or not the amount's, is refused")
{
    for (price const& p : {ratio(0, 1), ratio(1, 0), ratio(-1, 1), price{{1, core}, {2, core}}})
    {
        CHECK(convert({1, core}, p, rounding::down).error().code() == errc::invalid_price);
        CHECK(compare(p, p).error().code() == errc::invalid_price);
        CHECK(format_price(p, 5, 4, 4, rounding::down).error().code() == errc::invalid_price);
    }
    CHECK(convert({1, third}, ratio(1, 1), rounding::down).error().code() == errc::invalid_price);
    CHECK(convert({-1, core}, ratio(1, 1), rounding::down).error().code() == errc::invalid_price);
    CHECK(compare(ratio(1, 1), {{1, usd}, {1, core}}).error().code() == errc::invalid_price);
    CHECK(format_price(ratio(1, 1), 13, 0, 0, rounding::down).error().code() == errc::invalid_price);
    CHECK(format_price(ratio(1, 1), 0, 0, 37, rounding::down).error().code() == errc::invalid_price);
}

TEST_CASE("protocol/price: prices compare as the fractions that they are")
{
    CHECK(compare(ratio(1, 3), ratio(2, 6)).value() == std::strong_ordering::equal);
    CHECK(compare(ratio(1, 3), ratio(1, 2)).value() == std::strong_ordering::less);
    CHECK(compare(ratio(INT64_MAX, INT64_MAX - 1), ratio(INT64_MAX - 1, INT64_MAX - 2)).value() ==
          std::strong_ordering::less); // one double for both
}

TEST_CASE("protocol/price: a decimal number has as many digits as asked, cut or rounded up")
{
    CHECK(format_price(ratio(150'000, 10), 5, 1, 4, rounding::down).value() == "1.5000");
    CHECK(format_price(ratio(1, 3), 0, 0, 5, rounding::down).value() == "0.33333");
    CHECK(format_price(ratio(1, 3), 0, 0, 5, rounding::up).value() == "0.33334");
    CHECK(format_price(ratio(2, 3), 0, 0, 0, rounding::down).value() == "0");
    CHECK(format_price(ratio(2, 3), 0, 0, 0, rounding::up).value() == "1");
    CHECK(format_price(ratio(999'999, 100'000), 0, 0, 4, rounding::up).value() == "10.0000");
    CHECK(format_price(ratio(INT64_MAX, 1), 0, 12, 0, rounding::down).value() == "9223372036854775807000000000000");
    CHECK(format_price(ratio(1, INT64_MAX), 12, 0, 36, rounding::down).value() ==
          "0.000000000000000000000000000000108420");
}

TEST_CASE("protocol/price: a decimal number is read as its fraction in lowest terms")
{
    CHECK(parse_price("1.5", {core, 5}, {usd, 1}).value() == ratio(15'000, 1));
    CHECK(parse_price("0.0001", {core, 5}, {usd, 4}).value() == ratio(1, 1000));
    CHECK(parse_price("2.50000000", {core, 0}, {usd, 0}).value() == ratio(5, 2));
    CHECK(parse_price("123456789012.123456", {core, 0}, {usd, 0}).value() == ratio(1'929'012'328'314'429, 15'625));
}

TEST_CASE("protocol/price: what no fraction of two amounts can be is refused, not rounded")
{
    for (char const* text : {"", ".", "1.", ".5", "-1", "+1", "1e5", "1,5", " 1", "0", "0.000", "1.5.2",
                             "0.00000000000000000000000000000001", "99999999999999999999", "12345678901.1234567890123",
                             "1000000000000000000000000000000000000000"})
    {
        CAPTURE(text);
        auto const p = parse_price(text, {core, 0}, {usd, 0});
        REQUIRE(!p);
        CHECK(p.error().code() == errc::invalid_price);
    }
    CHECK(!parse_price("1", {core, 5}, {core, 5}));
    CHECK(!parse_price("1", {core, 13}, {usd, 5}));
}

TEST_CASE("protocol/price: writing gives back the number that was read")
{
    std::mt19937_64 random(20261121); // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable
    for (int i = 0; i < 5'000; ++i)
    {
        auto const base = static_cast<unsigned>(random() % (max_precision + 1));
        auto const quote = static_cast<unsigned>(random() % (max_precision + 1));
        std::string const text = format_amount(static_cast<std::int64_t>(random() % 1'000'000 + 1), 4);
        auto const p = parse_price(text, {core, base}, {usd, quote});
        CAPTURE(text);
        REQUIRE(p.has_value());
        REQUIRE(format_price(*p, base, quote, 4, rounding::down).value() == text);
        REQUIRE(format_price(*p, base, quote, 4, rounding::up).value() == text);
    }
}
