#include <bitshares/base/base58.hpp>
#include <bitshares/base/hex.hpp>

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>

namespace bts = bitshares;

// The examples of the draft that describes Bitcoin's base58.
TEST_CASE("base/base58: known answers")
{
    std::string const hello = "Hello World!";
    CHECK(bts::to_base58(bts::bytes(hello.begin(), hello.end())) == "2NEpo7TZRRrLZSi2U");
    CHECK(bts::to_base58(bts::from_hex("0000287fb4cd").value()) == "11233QC4");
    CHECK(bts::from_base58("11233QC4").value() == bts::from_hex("0000287fb4cd").value());
    CHECK(bts::to_base58({}).empty());
    CHECK(bts::from_base58("").value().empty());
    CHECK(bts::to_base58(bts::bytes(5, 0)) == "11111");
    CHECK(bts::from_base58("11111").value() == bts::bytes(5, 0));
}

TEST_CASE("base/base58: bytes of every length up to 300 survive, with and without zeros in front")
{
    std::mt19937 random(20260101);
    for (std::size_t size = 0; size <= 300; ++size)
        for (std::size_t zeros : {std::size_t{0}, size / 3})
        {
            bts::bytes data(size);
            for (auto& byte : data)
                byte = static_cast<std::uint8_t>(random());
            std::fill_n(data.begin(), zeros, std::uint8_t{0});
            auto const text = bts::to_base58(data);
            CAPTURE(size);
            CHECK(bts::from_base58(text).value() == data);
        }
}

TEST_CASE("base/base58: characters outside the alphabet are an error")
{
    std::string const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    for (int c = 0; c < 256; ++c)
    {
        bool const digit = alphabet.find(static_cast<char>(c)) != std::string::npos;
        auto const read = bts::from_base58(std::string("2a") + static_cast<char>(c) + "b");
        CAPTURE(c);
        CHECK(read.has_value() == digit);
        if (!digit)
            CHECK(read.error().code() == bts::errc::invalid_base58);
    }
}

TEST_CASE("base/base58: the limit of 4096 characters holds, because the conversion is quadratic")
{
    CHECK(bts::from_base58(std::string(4096, 'z')).has_value());
    CHECK(bts::from_base58(std::string(4097, 'z')).error().code() == bts::errc::string_limit);
}

TEST_CASE("base/base58: reading a known size refuses every other size")
{
    bts::bytes const data = bts::from_hex("00ff10").value();
    auto const text = bts::to_base58(data);
    std::array<std::uint8_t, 3> three{};
    CHECK(bts::detail::read_base58(text, three));
    CHECK(bts::bytes(three.begin(), three.end()) == data);
    std::array<std::uint8_t, 2> two{};
    std::array<std::uint8_t, 4> four{};
    CHECK_FALSE(bts::detail::read_base58(text, two));
    CHECK_FALSE(bts::detail::read_base58(text, four));
    CHECK_FALSE(bts::detail::read_base58("1" + text, three));
    CHECK_FALSE(bts::detail::read_base58(std::string(91, 'z'), three));
    std::array<std::uint8_t, 64> most;
    most.fill(0xff);
    std::array<std::uint8_t, 64> back{};
    CHECK(bts::detail::read_base58(bts::to_base58(most), back));
    CHECK(back == most);
}
