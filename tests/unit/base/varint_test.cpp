#include <bitshares/base/varint.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <vector>

namespace bts = bitshares;
using bts::detail::varint_status;

namespace {

std::vector<std::uint8_t> write(std::uint64_t value)
{
    std::uint8_t buffer[bts::detail::max_varint_bytes];
    return {buffer, buffer + bts::detail::write_varint(value, buffer)};
}

varint_status read(std::vector<std::uint8_t> const& data, std::uint64_t& value, std::size_t& used)
{
    std::uint8_t const* at = data.data();
    auto const status = bts::detail::read_varint(at, data.data() + data.size(), value);
    used = static_cast<std::size_t>(at - data.data());
    return status;
}

} // namespace

TEST_CASE("base/varint: known forms")
{
    using bytes = std::vector<std::uint8_t>;
    CHECK(write(0) == bytes{0});
    CHECK(write(127) == bytes{127});
    CHECK(write(128) == bytes{0x80, 1});
    CHECK(write(16'384) == bytes{0x80, 0x80, 1});
    CHECK(write(std::numeric_limits<std::uint32_t>::max()) == bytes{0xff, 0xff, 0xff, 0xff, 0x0f});
    CHECK(write(std::numeric_limits<std::uint64_t>::max()) ==
          bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01});
}

TEST_CASE("base/varint: both sides of every power of two survive, and every proper prefix is truncated")
{
    for (unsigned bit = 0; bit < 64; ++bit)
        for (std::uint64_t value : {(std::uint64_t{1} << bit) - 1, std::uint64_t{1} << bit})
        {
            auto data = write(value);
            std::uint64_t got = ~value;
            std::size_t used = 0;
            CHECK(read(data, got, used) == varint_status::ok);
            CHECK(got == value);
            CHECK(used == data.size());
            while (!data.empty())
            {
                data.pop_back();
                CHECK(read(data, got, used) == varint_status::truncated);
                CHECK(used == 0);
            }
        }
}

TEST_CASE("base/varint: overlong forms are read, more than 64 bits are not")
{
    std::uint64_t value = 1;
    std::size_t used = 0;
    CHECK(read({0x80, 0x00}, value, used) == varint_status::ok);
    CHECK(value == 0);
    CHECK(used == 2);
    std::vector<std::uint8_t> nine(9, 0x80);
    auto ten = nine;
    ten.push_back(0x00);
    CHECK(read(ten, value, used) == varint_status::ok);
    CHECK(value == 0);
    ten.back() = 0x02;
    CHECK(read(ten, value, used) == varint_status::overflow);
    ten.back() = 0x81; // an eleventh byte
    ten.push_back(0x00);
    CHECK(read(ten, value, used) == varint_status::overflow);
}

TEST_CASE("base/varint: reading works at compile time")
{
    constexpr auto round_trip = [](std::uint64_t value) {
        std::uint8_t buffer[bts::detail::max_varint_bytes] = {};
        std::size_t const size = bts::detail::write_varint(value, buffer);
        std::uint8_t const* at = buffer;
        std::uint64_t got = 0;
        return bts::detail::read_varint(at, buffer + size, got) == varint_status::ok && got == value;
    };
    constexpr bool compiled = round_trip(0) && round_trip(300) && round_trip(~std::uint64_t{0});
    CHECK(compiled);
}
