#include "support/both_forms.hpp"

#include <bitshares/protocol/asset_options.hpp>

#include <doctest/doctest.h>

#include <string>

namespace bts = bitshares;
using bts::account_id;
using bts::additional_asset_options;
using bts::asset_id;
using bts::asset_options;
using bts::bitasset_options;
using test::binary_error;
using test::json_error;
using test::strict_json_error;

TEST_CASE("protocol/asset_options: what the core library takes where nothing is set")
{
    std::string const side = R"({"amount":0,"asset_id":"1.3.0"})";
    test::check_both_forms(
        asset_options{}, // 10^15 is 0x38d7ea4c68000
        "0080c6a47e8d0300 0000 0080c6a47e8d0300 4f00 0000" + std::string(36, '0') + "00000000 00 00",
        R"({"max_supply":"1000000000000000","market_fee_percent":0,"max_market_fee":"1000000000000000",)"
        R"("issuer_permissions":79,"flags":0,"core_exchange_rate":{"base":)" +
            side + R"(,"quote":)" + side +
            R"(},"whitelist_authorities":[],"blacklist_authorities":[],"whitelist_markets":[],"blacklist_markets":[],)"
            R"("description":"","extensions":{}})");
}

TEST_CASE("protocol/asset_options: members in the chain's order, lists sorted, text with its bytes counted")
{
    asset_options o;
    o.max_supply = 2;
    o.market_fee_percent = 0x0102;
    o.max_market_fee = 3;
    o.issuer_permissions = 65'535;
    o.flags = 0x8001;
    o.core_exchange_rate = {{1, asset_id(300)}, {2, asset_id(0)}};
    o.whitelist_authorities = {account_id(9), account_id(8), account_id(9)};
    o.blacklist_authorities = {account_id(7)};
    o.whitelist_markets = {asset_id(6)};
    o.blacklist_markets = {asset_id(5), asset_id(4)};
    o.description = "\"\xe2\x82\xac\"";
    test::check_both_forms(o,
                           "0200000000000000 0201 0300000000000000 ffff 0180 0100000000000000ac02 020000000000000000 "
                           "020809 0107 0106 020405 0522e282ac22 00",
                           R"({"max_supply":2,"market_fee_percent":258,"max_market_fee":3,"issuer_permissions":65535,)"
                           R"("flags":32769,"core_exchange_rate":{"base":{"amount":1,"asset_id":"1.3.300"},)"
                           R"("quote":{"amount":2,"asset_id":"1.3.0"}},"whitelist_authorities":["1.2.8","1.2.9"],)"
                           R"("blacklist_authorities":["1.2.7"],"whitelist_markets":["1.3.6"],)"
                           R"("blacklist_markets":["1.3.4","1.3.5"],"description":"\")"
                           "\xe2\x82\xac"
                           R"(\"","extensions":{}})");
}

TEST_CASE("protocol/asset_options: additions are there or not, each for itself; an empty list is not none")
{
    test::check_both_forms(additional_asset_options{}, "00", "{}");
    additional_asset_options o;
    o.taker_fee_percent = 30;
    test::check_both_forms(o, "01 021e00", R"({"taker_fee_percent":30})");
    o.reward_percent = 0;
    test::check_both_forms(o, "02 000000 021e00", R"({"reward_percent":0,"taker_fee_percent":30})");
    o.whitelist_market_fee_sharing.emplace();
    test::check_both_forms(o, "03 000000 0100 021e00",
                           R"({"reward_percent":0,"whitelist_market_fee_sharing":[],"taker_fee_percent":30})");
    CHECK(bts::from_json<additional_asset_options>(R"({"reward_percent":null})").value() == additional_asset_options{});
}

TEST_CASE("protocol/asset_options: rules of a market-issued asset, and which of them were added later")
{
    test::check_both_forms(bitasset_options{}, "80510100 01 80510100 0000 d007 00 00",
                           R"({"feed_lifetime_sec":86400,"minimum_feeds":1,"force_settlement_delay_sec":86400,)"
                           R"("force_settlement_offset_percent":0,"maximum_force_settlement_volume":2000,)"
                           R"("short_backing_asset":"1.3.0","extensions":{}})");
    bitasset_options::extension e;
    e.maintenance_collateral_ratio = 1'750;
    e.force_settle_fee_percent = 100;
    test::check_both_forms(e, "02 01d606 046400",
                           R"({"maintenance_collateral_ratio":1750,"force_settle_fee_percent":100})");
    e = {};
    e.black_swan_response_method = 3;
    test::check_both_forms(e, "01 0503", R"({"black_swan_response_method":3})");
}

TEST_CASE("protocol/asset_options: additions out of order, twice, unknown or too large are errors")
{
    using extension = bitasset_options::extension;
    CHECK(binary_error<extension>("02 046400 01d606") == "unordered_tag");
    CHECK(binary_error<extension>("02 01d606 01d606") == "unordered_tag");
    CHECK(binary_error<extension>("01 0600") == "unknown_tag");
    CHECK(binary_error<additional_asset_options>("01 0300") == "unknown_tag");
    CHECK(json_error<extension>(R"({"black_swan_response_method":256})") ==
          "value_out_of_range /black_swan_response_method");
    CHECK(json_error<asset_options>(R"({"extensions":{"brand_new":1}})") == "unknown_member /extensions/brand_new");
    CHECK(strict_json_error<extension>(R"({"margin_call_fee_ratio":1,"margin_call_fee_ratio":1})") ==
          "duplicate_member /margin_call_fee_ratio");
}

TEST_CASE("protocol/asset_options: what does not fit is an error that leads to the member")
{
    CHECK(json_error<asset_options>(R"({"max_supply":"9223372036854775808"})") == "value_out_of_range /max_supply");
    CHECK(json_error<asset_options>(R"({"flags":-1})") == "value_out_of_range /flags");
    CHECK(json_error<asset_options>(R"({"whitelist_markets":["1.3.1","1.2.1"]})") ==
          "invalid_object_id /whitelist_markets/1");
    CHECK(json_error<asset_options>(R"({"description":{}})") == "wrong_type /description");
    CHECK(strict_json_error<asset_options>(R"({"description":"\u0001"})") == "control_character /description");
    CHECK(strict_json_error<bitasset_options>(R"({"feed_lifetime_sec":1})") == "missing_member /minimum_feeds");
}
