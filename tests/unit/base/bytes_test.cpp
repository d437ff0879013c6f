#include "support/both_forms.hpp"

#include <bitshares/base/bytes.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <type_traits>
#include <vector>

namespace bts = bitshares;

namespace {

struct first_tag;
struct second_tag;

using three = bts::fixed_bytes<3>;

} // namespace

TEST_CASE("base/bytes: fixed bytes begin as zeros and know their size without an object")
{
    static_assert(three::size() == 3);
    static_assert(bts::fixed_bytes<0>::size() == 0);
    static_assert(sizeof(three) == 3, "packed and compared as plain memory");
    CHECK(three{} == three{{0, 0, 0}});
}

TEST_CASE("base/bytes: hashes of one size with other tags are other types, and never compared by mistake")
{
    using first = bts::fixed_bytes<3, first_tag>;
    using second = bts::fixed_bytes<3, second_tag>;
    static_assert(!std::is_same_v<first, second>);
    static_assert(!std::is_convertible_v<first, second>);
    static_assert(!std::is_convertible_v<first, three>);
    static_assert(!std::is_constructible_v<second, first>);
    CHECK(first{{1, 2, 3}}.data == second{{1, 2, 3}}.data);
}

TEST_CASE("base/bytes: ordered from the first byte on, each from 0 to 255")
{
    CHECK(three{{0, 0, 1}} < three{{0, 1, 0}});
    CHECK(three{{0, 255, 255}} < three{{1, 0, 0}});
    CHECK(three{{0x7f, 0, 0}} < three{{0x80, 0, 0}}); // no signed characters
    CHECK(three{{1, 2, 3}} >= three{{1, 2, 3}});
    CHECK(three{{1, 2, 3}} != three{{1, 2, 4}});
    std::vector<three> hashes{{{0xff, 0, 0}}, {{0, 0xff, 0}}, {{0, 0, 0xff}}, {{0x80, 0, 0}}};
    std::sort(hashes.begin(), hashes.end());
    CHECK(hashes == std::vector<three>{{{0, 0, 0xff}}, {{0, 0xff, 0}}, {{0x80, 0, 0}}, {{0xff, 0, 0}}});
}

TEST_CASE("base/bytes: bytes have a length in front, fixed bytes have none; lower-case digits in JSON")
{
    test::check_both_forms(bts::bytes{}, "00", R"("")");
    test::check_both_forms(bts::bytes{0xab, 0x00, 0xCD}, "03ab00cd", R"("ab00cd")");
    test::check_both_forms(three{{0xab, 0x00, 0xcd}}, "ab00cd", R"("ab00cd")");
    std::string ones;
    for (int i = 0; i < 128; ++i)
        ones += "01";
    test::check_both_forms(bts::bytes(128, 0x01), "8001" + ones, '"' + ones + '"');
}

TEST_CASE("base/bytes: digits of both cases are read; an odd number and another size are errors")
{
    CHECK(bts::from_json<bts::bytes>(R"("ABcd")").value() == bts::bytes{0xab, 0xcd});
    CHECK(test::json_error<bts::bytes>(R"("abc")") == "invalid_hex");
    CHECK(test::json_error<bts::bytes>(R"("0x00")") == "invalid_hex");
    CHECK(test::json_error<bts::bytes>("[1]") == "wrong_type");
    CHECK(test::json_error<three>(R"("")") == "invalid_hex");
    CHECK(test::json_error<three>(R"("ab00")") == "invalid_hex");
    CHECK(test::json_error<three>(R"("ab00cd00")") == "invalid_hex");
    CHECK(test::json_error<three>("null") == "wrong_type");
}
