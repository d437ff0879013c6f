#include <bitshares/base/limits.hpp>
#include <bitshares/protocol/binary.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace bts = bitshares;

namespace {

// A list that holds itself: the shortest way to any depth, one byte a level.
struct nested
{
    std::vector<nested> inner;
    BITSHARES_FIELDS((inner))
};

// Forty bytes in memory, one when packed.
struct large
{
    bts::varuint a;
    BITSHARES_FIELDS((a))
    std::uint64_t b = 0, c = 0, d = 0, e = 0;
};
static_assert(sizeof(large) == 40);

bts::bytes levels(std::size_t count)
{
    bts::bytes data(count, 1);
    data.push_back(0);
    return data;
}

} // namespace

// Each limit is met from both sides, so that each case fails where its check is taken out.

TEST_CASE("base/limits: depth")
{
    bts::limits limits;
    limits.max_depth = 10; // a level is a sequence and a structure
    CHECK(bts::unpack<nested>(levels(4), limits).has_value());
    auto const deep = bts::unpack<nested>(levels(5), limits);
    REQUIRE_FALSE(deep.has_value());
    CHECK(deep.error().code() == bts::errc::depth_limit);
    CHECK(deep.error().path() == "/inner/0/inner/0/inner/0/inner/0/inner/0/inner");
    CHECK(bts::unpack<nested>(levels(1'000'000)).error().code() == bts::errc::depth_limit);
}

TEST_CASE("base/limits: elements")
{
    bts::limits limits;
    limits.max_elements = 3;
    CHECK(bts::unpack<std::vector<bts::varuint>>(bts::bytes{3, 1, 2, 3}, limits).has_value());
    auto const many = bts::unpack<std::vector<bts::varuint>>(bts::bytes{4, 1, 2, 3, 4}, limits);
    REQUIRE_FALSE(many.has_value());
    CHECK(many.error().code() == bts::errc::element_limit);
}

TEST_CASE("base/limits: strings and byte arrays")
{
    bts::limits limits;
    limits.max_string_bytes = 3;
    CHECK(bts::unpack<std::string>(bts::bytes{3, 'a', 'b', 'c'}, limits).value() == "abc");
    CHECK(bts::unpack<std::string>(bts::bytes{4, 'a', 'b', 'c', 'd'}, limits).error().code() ==
          bts::errc::string_limit);
    CHECK(bts::unpack<bts::bytes>(bts::bytes{4, 1, 2, 3, 4}, limits).error().code() == bts::errc::string_limit);
}

TEST_CASE("base/limits: the whole input")
{
    bts::limits limits;
    limits.max_total_bytes = 4;
    CHECK(bts::unpack<std::string>(bts::bytes{3, 'a', 'b', 'c'}, limits).has_value());
    CHECK(bts::unpack<std::string>(bts::bytes{4, 'a', 'b', 'c', 'd'}, limits).error().code() == bts::errc::size_limit);
}

TEST_CASE("base/limits: memory for each byte of the input")
{
    // 40 bytes of memory for each zero.
    bts::bytes data = bts::pack(bts::varuint{100'000}).value();
    data.resize(data.size() + 100'000, 0);
    bts::limits limits;
    CHECK(bts::unpack<std::vector<large>>(data, limits).has_value());
    limits.max_memory_bytes = 3'999'999;
    CHECK(bts::unpack<std::vector<large>>(data, limits).error().code() == bts::errc::memory_limit);
    limits.max_memory_bytes = 4'000'000;
    CHECK(bts::unpack<std::vector<large>>(data, limits).has_value());
    limits.max_memory_factor = 39;
    auto const refused = bts::unpack<std::vector<large>>(data, limits);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == bts::errc::memory_limit);
}

TEST_CASE("base/limits: a count is believed only as far as the bytes behind it reach")
{
    auto const claimed = bts::unpack<std::vector<std::uint64_t>>(bts::bytes{100, 1, 2, 3, 4, 5, 6, 7, 8});
    REQUIRE_FALSE(claimed.has_value());
    CHECK(claimed.error().code() == bts::errc::unexpected_end);
}
