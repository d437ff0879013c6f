#include "support/both_forms.hpp"
#include "support/json_value.hpp"
#include "support/recordings.hpp"

#include <bitshares/protocol/chain_parameters.hpp>
#include <bitshares/protocol/operation.hpp>

#include <doctest/doctest.h>

#include <string>

namespace bts = bitshares;
using bts::operation;
using extension = bts::chain_parameters::extension;
using test::json_error;
using test::json_value;

// Parameters stand inside of an operation here, as they are proposed: its tables are compiled in the library, while those
// of parameters alone take each unit 6 s.

namespace {

std::string with_parameters(std::string const& json)
{
    return R"([31,{"fee":{"amount":0,"asset_id":"1.3.0"},"new_parameters":)" + json + "}]";
}

// The members behind the fees, as bitshares-core prints them where nobody has set them, and their bytes.
std::string const default_json =
    R"({"current_fees":{"parameters":[],"scale":10000},"block_interval":5,"maintenance_interval":86400,)"
    R"("maintenance_skip_slots":3,"committee_proposal_review_period":1209600,"maximum_transaction_size":2048,)"
    R"("maximum_block_size":2000000,"maximum_time_until_expiration":86400,"maximum_proposal_lifetime":2419200,)"
    R"("maximum_asset_whitelist_authorities":10,"maximum_asset_feed_publishers":10,"maximum_witness_count":1001,)"
    R"("maximum_committee_count":1001,"maximum_authority_membership":10,"reserve_percent_of_fee":2000,)"
    R"("network_percent_of_fee":2000,"lifetime_referrer_percent_of_fee":3000,"cashback_vesting_period_seconds":31536000,)"
    R"("cashback_vesting_threshold":10000000,"count_non_member_votes":true,"allow_non_member_whitelists":false,)"
    R"("witness_pay_per_block":1000000,"worker_budget_per_day":"50000000000","max_predicate_opcode":1,)"
    R"("fee_liquidation_threshold":10000000,"accounts_per_fee_scale":1000,"account_fee_scale_bitshifts":4,)"
    R"("max_authority_depth":2,"extensions":{}})";
std::string const default_hex =
    "0010270000 05 80510100 03 00751200 00080000 80841e00 80510100 00ea2400 0a 0a e903 e903 "
    "0a00 d007 d007 b80b 8033e101 8096980000000000 01 00 40420f0000000000 "
    "00743ba40b000000 0100 8096980000000000 e803 04 02 00";

} // namespace

TEST_CASE("protocol/chain_parameters: what the core library takes where nothing is set, member by member")
{
    auto const op = bts::from_json<operation>("[31,{}]").value();
    CHECK(bts::to_json(op) == with_parameters(default_json));
    CHECK(bts::to_hex(bts::pack(op).value()) == test::digits("1f 000000000000000000" + default_hex));
    CHECK(bts::unpack<operation>(bts::pack(op).value()).value() == op);
}

TEST_CASE(
    "protocol/chain_parameters: a real chain's, with HTLCs and custom authorities, come back as they were printed")
{
    auto const* const recorded = recordings::main_data()->object("2.0.0");
    REQUIRE(recorded != nullptr);
    std::string const text = with_parameters(json_value::parse(*recorded)["parameters"].dump());
    auto const op = bts::from_json<operation>(text, {.mode = bts::json_mode::strict});
    REQUIRE_MESSAGE(op.has_value(), op.error().message());
    CHECK(bts::to_json(*op) == text);
    auto const& parameters = op->get_if<bts::committee_member_update_global_parameters>()->new_parameters;
    CHECK(parameters.block_interval == 1);
    CHECK(parameters.current_fees.parameters.size() > 60);
    REQUIRE(parameters.extensions.updatable_htlc_options);
    CHECK(parameters.extensions.updatable_htlc_options->max_preimage_size == 1'024'000);
    CHECK(parameters.extensions.maker_fee_discount_percent == 1'060);
}

TEST_CASE("protocol/chain_parameters: a member that is missing is an error where reading is strict")
{
    std::string text = default_json;
    std::string const member = R"("max_authority_depth":2,)";
    text.erase(text.find(member), member.size());
    CHECK(json_error<operation>(with_parameters(default_json), bts::json_mode::strict) == "");
    CHECK(json_error<operation>(with_parameters(text), bts::json_mode::strict) ==
          "missing_member /1/new_parameters/max_authority_depth");
    CHECK(json_error<operation>(with_parameters(text)) == "");
    CHECK(json_error<operation>(with_parameters(R"({"block_interval":256})")) ==
          "value_out_of_range /1/new_parameters/block_interval");
    CHECK(json_error<operation>(with_parameters(R"({"count_non_member_votes":2})")) ==
          "wrong_type /1/new_parameters/count_non_member_votes");
}

TEST_CASE("protocol/chain_parameters: the extension's members, each for itself")
{
    test::check_both_forms(extension{}, "00", "{}");
    extension e;
    e.maker_fee_discount_percent = 0;
    test::check_both_forms(e, "01 030000", R"({"maker_fee_discount_percent":0})");
    e.custom_authority_options.emplace();
    test::check_both_forms(e, "02 01 008d2700 0a000000 03000000 0a000000 030000",
                           R"({"custom_authority_options":{"max_custom_authority_lifetime_seconds":2592000,)"
                           R"("max_custom_authorities_per_account":10,"max_custom_authorities_per_account_op":3,)"
                           R"("max_custom_authority_restrictions":10},"maker_fee_discount_percent":0})");
    e = {};
    e.updatable_htlc_options = {1, 2};
    e.market_fee_network_percent = 10'000;
    test::check_both_forms(e, "02 00 01000000 02000000 021027",
                           R"({"updatable_htlc_options":{"max_timeout_secs":1,"max_preimage_size":2},)"
                           R"("market_fee_network_percent":10000})");
    CHECK(test::binary_error<extension>("01 0400") == "unknown_tag");
    CHECK(json_error<extension>(R"({"newer_options":{}})") == "unknown_member /newer_options");
    CHECK(test::strict_json_error<extension>(R"({"updatable_htlc_options":{"max_timeout_secs":1}})") ==
          "missing_member /updatable_htlc_options/max_preimage_size");
}
