#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/object_id.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <sstream>

namespace bts = bitshares;

TEST_CASE("protocol/object_id: text both ways")
{
    CHECK(bts::any_object_id(1, 2, 3).to_string() == "1.2.3");
    CHECK(bts::any_object_id::from_string("1.2.3").value() == bts::any_object_id(1, 2, 3));
    CHECK(bts::any_object_id(255, 255, bts::max_object_instance).to_string() == "255.255.281474976710655");
    CHECK(bts::any_object_id::from_string("255.255.281474976710655").value().number == ~std::uint64_t{0});
    CHECK(bts::account_id(17).to_string() == "1.2.17");
    CHECK(bts::account_id::from_string("1.2.17").value() == bts::account_id(17));
    std::ostringstream out;
    out << bts::asset_id(5) << ' ' << bts::any_object_id(2, 1, 0);
    CHECK(out.str() == "1.3.5 2.1.0");
}

TEST_CASE("protocol/object_id: what is no id is an error")
{
    for (char const* text :
         {"", "1", "1.2", "1.2.", "1..3", ".2.3", "1.2.3.", "1.2.3.4", " 1.2.3", "1.2.3 ", "1.2.-3", "+1.2.3",
          "1.2.0x3", "256.2.3", "1.256.3", "1.2.281474976710656", "1.2.99999999999999999999", "a.b.c"})
    {
        CAPTURE(text);
        auto const read = bts::any_object_id::from_string(text);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code() == bts::errc::invalid_object_id);
    }
}

TEST_CASE("protocol/object_id: an id of another space or type is an error, in text and in JSON")
{
    CHECK(bts::account_id::from_string("1.3.17").error().code() == bts::errc::invalid_object_id);
    CHECK(bts::account_id::from_string("2.2.17").error().code() == bts::errc::invalid_object_id);
    CHECK(bts::from_json<bts::account_id>(R"("1.3.17")").error().code() == bts::errc::invalid_object_id);
    CHECK(bts::from_json<bts::account_id>(R"("1.2.17")").value() == bts::account_id(17));
    CHECK(bts::from_json<bts::any_object_id>(R"("1.3.17")").value() == bts::asset_id(17));
}

TEST_CASE("protocol/object_id: a typed id packs as its instance, any id as eight bytes")
{
    CHECK(bts::pack(bts::account_id(300)).value() == bts::bytes{0xac, 0x02});
    CHECK(bts::pack(bts::any_object_id(1, 2, 300)).value() == bts::bytes{0x2c, 0x01, 0, 0, 0, 0, 2, 1});
    CHECK(bts::unpack<bts::account_id>(bts::bytes{0xac, 0x02}).value() == bts::account_id(300));
    CHECK(bts::unpack<bts::any_object_id>(bts::bytes{0x2c, 0x01, 0, 0, 0, 0, 2, 1}).value() ==
          bts::any_object_id(1, 2, 300));
    auto const large = bts::pack(bts::varuint{bts::max_object_instance + 1}).value();
    CHECK(bts::unpack<bts::account_id>(large).error().code() == bts::errc::value_out_of_range);
    CHECK(bts::unpack<bts::account_id>(bts::pack(bts::varuint{bts::max_object_instance}).value()).has_value());
}
