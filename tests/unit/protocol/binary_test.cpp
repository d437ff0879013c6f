#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace bts = bitshares;
using bts::errc;

namespace {

struct point
{
    std::int32_t x = 0;
    std::uint8_t y = 0;
    friend bool operator==(point const&, point const&) = default;
    BITSHARES_FIELDS((x), (y))
};

struct options
{
    std::optional<std::uint16_t> first;
    std::optional<point> second;
    friend bool operator==(options const&, options const&) = default;
    BITSHARES_EXTENSION((first), (second))
};

using shape = std::variant<bts::void_type, point, std::string, bts::unknown_alternative>;

struct everything
{
    bool flag = false;
    std::int64_t number = 0;
    bts::varuint count;
    std::string text;
    bts::bytes data;
    bts::fixed_bytes<4> four;
    bts::time_point_sec time;
    bts::asset amount;
    std::optional<point> maybe;
    std::vector<point> points;
    bts::flat_set<std::uint16_t> set;
    bts::flat_map<std::string, std::uint8_t> map;
    shape form;
    options more;
    friend bool operator==(everything const&, everything const&) = default;
    BITSHARES_FIELDS((flag), (number), (count), (text), (data), (four), (time), (amount), (maybe), (points), (set), (map), (form),
                     (more))
};

everything example()
{
    return {.flag = true,
            .number = -2,
            .count = {300},
            .text = "ab",
            .data = {0xff},
            .four = {{1, 2, 3, 4}},
            .time = {0x01020304},
            .amount = {5, bts::asset_id(200)},
            .maybe = point{-1, 7},
            .points = {{1, 2}, {3, 4}},
            .set = {3, 1},
            .map = {{"k", std::uint8_t{9}}},
            .form = point{6, 6},
            .more = {.first = {}, .second = point{8, 8}}};
}

template <class T>
errc code_of(bts::bytes const& data)
{
    auto const read = bts::unpack<T>(data);
    return read ? errc{} : static_cast<errc>(read.error().code().value());
}

template <class T>
std::string path_of(bts::bytes const& data)
{
    return bts::unpack<T>(data).error().path();
}

} // namespace

TEST_CASE("protocol/binary: each kind of type in the chain's form")
{
    bts::bytes const expected{1,                                                             // flag
                              0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,                // number
                              0xac, 0x02,                                                    // count
                              2,    'a',  'b',  1,    0xff, 1,    2,    3,    4,             // text, data, four
                              4,    3,    2,    1,                                           // time
                              5,    0,    0,    0,    0,    0,    0,    0,    0xc8, 0x01,    // amount
                              1,    0xff, 0xff, 0xff, 0xff, 7,                               // maybe
                              2,    1,    0,    0,    0,    2,    3,    0,    0,    0,    4, // points
                              2,    1,    0,    3,    0,                                     // set, sorted
                              1,    1,    'k',  9,                                           // map
                              1,    6,    0,    0,    0,    6,                               // form
                              1,    1,    8,    0,    0,    0,    8};                        // more
    CHECK(bts::pack(example()).value() == expected);
    CHECK(bts::unpack<everything>(expected).value() == example());
    CHECK(bts::unpack<everything>(bts::pack(everything{}).value()).value() == everything{});
}

TEST_CASE("protocol/binary: every proper prefix and every trailing byte is rejected")
{
    bts::bytes data = bts::pack(example()).value();
    for (std::size_t size = 0; size < data.size(); ++size)
    {
        CAPTURE(size);
        CHECK(code_of<everything>({data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size)}) ==
              errc::unexpected_end);
    }
    data.push_back(0);
    CHECK(code_of<everything>(data) == errc::trailing_bytes);
}

TEST_CASE("protocol/binary: appends, and leaves the bytes as they were on an error")
{
    bts::bytes out{9};
    CHECK(bts::pack(point{1, 2}, out).has_value());
    CHECK(out == bts::bytes{9, 1, 0, 0, 0, 2});
    everything value = example();
    value.form = bts::unknown_alternative{77, "{}"};
    auto const failed = bts::pack(value, out);
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().code() == errc::unknown_tag);
    CHECK(failed.error().path() == "/form/0");
    CHECK(failed.error().detail().find("77") != std::string::npos);
    CHECK(out == bts::bytes{9, 1, 0, 0, 0, 2});
}

TEST_CASE("protocol/binary: an unknown tag is an error that names it and where")
{
    CHECK(code_of<shape>({3}) == errc::unknown_tag);
    CHECK(bts::unpack<shape>(bts::bytes{42}).error().detail().find("42") != std::string::npos);
    CHECK(path_of<std::vector<shape>>({2, 0, 42}) == "/1/0");
    CHECK(code_of<shape>({0}) == errc{});
    // A tag beyond 32 bits is not taken for its low half.
    CHECK(code_of<shape>({0x80, 0x80, 0x80, 0x80, 0x10}) == errc::unknown_tag);
}

TEST_CASE("protocol/binary: a boolean is 0 or 1")
{
    CHECK(code_of<bool>({1}) == errc{});
    CHECK(code_of<bool>({2}) == errc::invalid_bool);
    CHECK(code_of<std::optional<point>>({2}) == errc::invalid_bool);
}

TEST_CASE("protocol/binary: integers of variable length that overflow are errors")
{
    bts::bytes const wide{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02};
    CHECK(code_of<bts::varuint>(wide) == errc::varint_overflow);
    CHECK(code_of<std::string>(wide) == errc::varint_overflow);
    CHECK(code_of<std::vector<point>>(wide) == errc::varint_overflow);
    CHECK(code_of<shape>(wide) == errc::varint_overflow);
}

TEST_CASE("protocol/binary: members of an extension stand in ascending order, each once")
{
    CHECK(code_of<options>({2, 0, 1, 0, 1, 8, 0, 0, 0, 8}) == errc{});
    CHECK(code_of<options>({2, 1, 8, 0, 0, 0, 8, 0, 1, 0}) == errc::unordered_tag);
    CHECK(code_of<options>({2, 0, 1, 0, 0, 1, 0}) == errc::unordered_tag);
    CHECK(code_of<options>({1, 2}) == errc::unknown_tag);
    CHECK(path_of<options>({1, 1, 8}) == "/second/x");
}

TEST_CASE("protocol/binary: sets and maps are sorted, and of equal elements the first stays")
{
    auto const set = bts::unpack<bts::flat_set<std::uint16_t>>(bts::bytes{3, 5, 0, 1, 0, 5, 0}).value();
    CHECK(bts::pack(set).value() == bts::bytes{2, 1, 0, 5, 0});
    using map_type = bts::flat_map<std::uint8_t, std::uint8_t>;
    CHECK(bts::pack(bts::unpack<map_type>(bts::bytes{3, 2, 1, 1, 7, 2, 9}).value()).value() ==
          bts::bytes{2, 1, 7, 2, 1});
}

TEST_CASE("protocol/binary: the path leads to the member")
{
    CHECK(path_of<everything>({2}) == "/flag");
    CHECK(path_of<std::vector<point>>({2, 1, 0, 0, 0, 2, 3, 0, 0, 0}) == ""); // the count claims more than there is
    CHECK(path_of<std::vector<std::string>>({2, 1, 'a', 2, 'b'}) == "/1");
    CHECK(path_of<std::pair<std::string, std::string>>({0, 1}) == "/1");
}

TEST_CASE("protocol/binary: a type without binary form is an error, not a guess")
{
    CHECK(bts::pack(bts::raw_json{"{}"}).error().code() == errc::wrong_type);
    CHECK(code_of<bts::raw_json>({0}) == errc::wrong_type);
}

TEST_CASE("protocol/binary: memory is bounded by the input's size however large the counts are")
{
    // A list of a million strings, claimed and not there.
    CHECK(code_of<std::vector<std::string>>({0xc0, 0x84, 0x3d, 0, 0}) == errc::unexpected_end);
    bts::bytes structs{0xc0, 0x84, 0x3d};
    structs.resize(1'000'003, 0); // bytes enough for the count's smallest elements, not for these
    CHECK(code_of<std::vector<point>>(structs) == errc::unexpected_end);
}
