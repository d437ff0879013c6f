#include "support/both_forms.hpp"

#include <bitshares/protocol/price_feed.hpp>

#include <doctest/doctest.h>

#include <string>

namespace bts = bitshares;
using bts::price_feed;

TEST_CASE("protocol/price_feed: what the node takes for a feed without values")
{
    std::string const nothing = R"({"base":{"amount":0,"asset_id":"1.3.0"},"quote":{"amount":0,"asset_id":"1.3.0"}})";
    std::string const zeros(36, '0'); // two amounts of 8 bytes, two ids of one
    test::check_both_forms(price_feed{}, zeros + "d606" + "dc05" + zeros,
                           R"({"settlement_price":)" + nothing +
                               R"(,"maintenance_collateral_ratio":1750,"maximum_short_squeeze_ratio":1500,)"
                               R"("core_exchange_rate":)" +
                               nothing + "}");
}

TEST_CASE("protocol/price_feed: prices and ratios in the chain's order")
{
    price_feed feed;
    feed.settlement_price = {{100, bts::asset_id(5)}, {10'000, bts::asset_id(0)}};
    feed.maintenance_collateral_ratio = 1'001;
    feed.maximum_short_squeeze_ratio = 32'000;
    feed.core_exchange_rate = {{-1, bts::asset_id(200)}, {4'294'967'296, bts::asset_id(0)}};
    test::check_both_forms(
        feed, "6400000000000000 05 1027000000000000 00 e903 007d ffffffffffffffff c801 0000000001000000 00",
        R"({"settlement_price":{"base":{"amount":100,"asset_id":"1.3.5"},"quote":{"amount":10000,"asset_id":"1.3.0"}},)"
        R"("maintenance_collateral_ratio":1001,"maximum_short_squeeze_ratio":32000,)"
        R"("core_exchange_rate":{"base":{"amount":-1,"asset_id":"1.3.200"},"quote":{"amount":"4294967296","asset_id":"1.3.0"}}})");
}

TEST_CASE("protocol/price_feed: a node's feed with a member more is read; strictly it is an error")
{
    // As assets' feeds hold it; what is published has no such member.
    std::string const text =
        R"({"settlement_price":{"base":{"amount":1,"asset_id":"1.3.5"},"quote":{"amount":2,"asset_id":"1.3.0"}},)"
        R"("maintenance_collateral_ratio":1750,"maximum_short_squeeze_ratio":1100,)"
        R"("core_exchange_rate":{"base":{"amount":1,"asset_id":"1.3.5"},"quote":{"amount":2,"asset_id":"1.3.0"}},)"
        R"("initial_collateral_ratio":1750})";
    CHECK(bts::from_json<price_feed>(text).value().maximum_short_squeeze_ratio == 1'100);
    CHECK(test::strict_json_error<price_feed>(text) == "unknown_member /initial_collateral_ratio");
}

TEST_CASE("protocol/price_feed: ratios have 16 bits, asset ids no other type")
{
    CHECK(bts::from_json<price_feed>(R"({"maintenance_collateral_ratio":"65535"})")
              .value()
              .maintenance_collateral_ratio == 65'535);
    CHECK(test::json_error<price_feed>(R"({"maintenance_collateral_ratio":65536})") ==
          "value_out_of_range /maintenance_collateral_ratio");
    CHECK(test::json_error<price_feed>(R"({"core_exchange_rate":{"quote":{"asset_id":"1.2.0"}}})") ==
          "invalid_object_id /core_exchange_rate/quote/asset_id");
}
