#include <bitshares/base/reflect.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace bts = bitshares;
using bts::detail::type_kind;
using bts::detail::type_of;

namespace {

struct none
{
    friend bool operator==(none const&, none const&) = default;
    BITSHARES_FIELDS()
};

struct inner
{
    std::uint16_t a = 0;
    std::string b;
    friend bool operator==(inner const&, inner const&) = default;
    BITSHARES_FIELDS((a), (b))
};

struct outer
{
    std::uint64_t number = 0;
    inner one;
    std::vector<inner> many;
    std::optional<inner> maybe;
    std::pair<std::uint8_t, bool> two{};
    std::variant<none, inner> either;
    friend bool operator==(outer const&, outer const&) = default;
    BITSHARES_FIELDS((number), (one), (many), (maybe), (two), (either))
};

struct additions
{
    std::optional<std::uint32_t> first;
    std::optional<inner> second;
    friend bool operator==(additions const&, additions const&) = default;
    BITSHARES_EXTENSION((first), (second))
};

// As many members as the macro must take: the chain parameters have 29.
struct wide
{
    std::uint8_t a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9;
    std::uint8_t c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9;
    BITSHARES_FIELDS((a0), (a1), (a2), (a3), (a4), (a5), (a6), (a7), (a8), (a9), (b0), (b1), (b2), (b3), (b4), (b5), (b6),
                     (b7), (b8), (b9), (c0), (c1), (c2), (c3), (c4), (c5), (c6), (c7), (c8), (c9), (d0), (d1), (d2), (d3),
                     (d4), (d5), (d6), (d7), (d8), (d9))
};

// What C++ cannot name, or would rather not.
struct renamed
{
    std::uint16_t plain = 0;
    std::string operated_by;
    std::optional<bool> is_default;
    friend bool operator==(renamed const&, renamed const&) = default;
    BITSHARES_FIELDS((plain), (operated_by, "operator"), (is_default, "default"))
};

struct renamed_additions
{
    std::optional<std::uint32_t> first;
    std::optional<std::string> second;
    friend bool operator==(renamed_additions const&, renamed_additions const&) = default;
    BITSHARES_EXTENSION((first, "class"), (second))
};

outer example()
{
    return {.number = 5'000'000'000,
            .one = {1, "x"},
            .many = {{2, "y"}, {3, ""}},
            .maybe = inner{4, "z"},
            .two = {9, true},
            .either = inner{5, "w"}};
}

} // namespace

TEST_CASE("base/reflect: the table has the members' names, types and places in their order")
{
    auto const& type = type_of<outer>;
    REQUIRE(type.kind == type_kind::structure);
    REQUIRE(type.field_count == 6);
    std::string_view const names[] = {"number", "one", "many", "maybe", "two", "either"};
    for (std::size_t i = 0; i < 6; ++i)
        CHECK(type.fields[i].name == names[i]);
    outer value = example();
    auto const* const at = reinterpret_cast<std::byte const*>(&value);
    CHECK(static_cast<void const*>(at + type.fields[2].offset) == &value.many);
    CHECK(type.fields[2].type == &type_of<std::vector<inner>>);
    CHECK(type.size == sizeof(outer));
    CHECK(type_of<additions>.kind == type_kind::extension);
    CHECK(type_of<none>.field_count == 0);
    CHECK(type_of<wide>.field_count == 40);
    CHECK(type_of<wide>.fields[39].name == "d9");
}

TEST_CASE("base/reflect: the least packed size bounds what a count can claim")
{
    static_assert(bts::detail::minimum_packed_of<none>() == 0);
    static_assert(bts::detail::minimum_packed_of<inner>() == 2 + 1);
    static_assert(bts::detail::minimum_packed_of<std::pair<inner, std::uint64_t>>() == 3 + 8);
    static_assert(bts::detail::minimum_packed_of<additions>() == 1);
    static_assert(bts::detail::minimum_packed_of<std::optional<inner>>() == 1);
    CHECK(type_of<inner>.minimum_packed == 3);
    CHECK(type_of<outer>.minimum_packed <= bts::pack(outer{}).value().size());
}

TEST_CASE("base/reflect: one description gives binary and JSON both ways")
{
    outer const value = example();
    auto const packed = bts::pack(value);
    REQUIRE(packed.has_value());
    CHECK(bts::unpack<outer>(*packed).value() == value);
    auto const json = bts::to_json(value);
    CHECK(json == R"({"number":"5000000000","one":{"a":1,"b":"x"},"many":[{"a":2,"b":"y"},{"a":3,"b":""}],)"
                  R"("maybe":{"a":4,"b":"z"},"two":[9,true],"either":[1,{"a":5,"b":"w"}]})");
    CHECK(bts::from_json<outer>(json).value() == value);
    CHECK(bts::from_json<outer>(json, {.mode = bts::json_mode::strict}).value() == value);
}

TEST_CASE("base/reflect: a struct without members is no bytes and {}")
{
    CHECK(bts::pack(none{}).value().empty());
    CHECK(bts::to_json(none{}) == "{}");
    CHECK(bts::unpack<none>({}).has_value());
}

TEST_CASE("base/reflect: an extension is the members present, each with its index")
{
    additions value;
    CHECK(bts::pack(value).value() == bts::bytes{0});
    CHECK(bts::to_json(value) == "{}");
    value.second = inner{1, "a"};
    CHECK(bts::pack(value).value() == bts::bytes{1, 1, 1, 0, 1, 'a'});
    value.first = 7;
    CHECK(bts::pack(value).value() == bts::bytes{2, 0, 7, 0, 0, 0, 1, 1, 0, 1, 'a'});
    CHECK(bts::unpack<additions>(bts::pack(value).value()).value() == value);
    CHECK(bts::from_json<additions>(bts::to_json(value)).value() == value);
}

TEST_CASE("base/reflect: a member has the name in JSON that stands behind it, and its own where none does")
{
    auto const& type = type_of<renamed>;
    REQUIRE(type.field_count == 3);
    CHECK(type.fields[0].name == "plain");
    CHECK(type.fields[1].name == "operator");
    CHECK(type.fields[2].name == "default");
    CHECK(type.fields[1].offset == offsetof(renamed, operated_by));
    CHECK(bts::detail::minimum_packed_of<renamed>() == 2 + 1 + 1);

    renamed const value{.plain = 7, .operated_by = "a", .is_default = true};
    CHECK(bts::to_json(value) == R"({"plain":7,"operator":"a","default":true})");
    CHECK(bts::from_json<renamed>(bts::to_json(value), {.mode = bts::json_mode::strict}).value() == value);
    CHECK(bts::pack(value).value() == bts::bytes{7, 0, 1, 'a', 1, 1});
    CHECK(bts::unpack<renamed>(bts::pack(value).value()).value() == value);

    auto const own_name = bts::from_json<renamed>(R"({"plain":7,"operated_by":"a"})", {.mode = bts::json_mode::strict});
    REQUIRE(!own_name);
    CHECK(own_name.error().code() == bts::errc::unknown_member);
    CHECK(own_name.error().path() == "/operated_by");
    auto const wrong = bts::from_json<renamed>(R"({"plain":7,"operator":1})", {.mode = bts::json_mode::strict});
    REQUIRE(!wrong);
    CHECK(wrong.error().path() == "/operator");

    renamed_additions const additions{.first = 1, .second = "b"};
    CHECK(bts::to_json(additions) == R"({"class":1,"second":"b"})");
    CHECK(bts::from_json<renamed_additions>(bts::to_json(additions)).value() == additions);
}
