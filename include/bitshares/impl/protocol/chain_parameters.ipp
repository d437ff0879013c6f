#pragma once

#include <bitshares/protocol/chain_parameters.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void chain_parameters::validate(validation& v) const
{
    constexpr char const* percentage = "must be at most 10000";
    v.require(reserve_percent_of_fee <= 10'000, "reserve_percent_of_fee", percentage);
    v.require(network_percent_of_fee <= 10'000, "network_percent_of_fee", percentage);
    v.require(lifetime_referrer_percent_of_fee <= 10'000, "lifetime_referrer_percent_of_fee", percentage);
    v.require(network_percent_of_fee + lifetime_referrer_percent_of_fee <= 10'000, "lifetime_referrer_percent_of_fee",
              "must be at most 10000 together with `network_percent_of_fee`");
    v.require(block_interval >= 1 && block_interval <= 30, "block_interval", "must be from 1 to 30");
    v.require(maintenance_interval > block_interval, "maintenance_interval", "must be above `block_interval`");
    v.require(block_interval == 0 || maintenance_interval % block_interval == 0, "maintenance_interval",
              "must be a multiple of `block_interval`");
    v.require(maximum_transaction_size >= 1'024, "maximum_transaction_size", "must be at least 1024");
    v.require(maximum_block_size >= 5'120, "maximum_block_size", "must be at least 5120");
    v.require(maximum_time_until_expiration > block_interval, "maximum_time_until_expiration",
              "must be above `block_interval`");
    // In the node's own 32 bits: a review period beyond the lifetime wraps around, and passes.
    v.require(maximum_proposal_lifetime - committee_proposal_review_period > block_interval,
              "maximum_proposal_lifetime",
              "must be above `committee_proposal_review_period` by more than `block_interval`");
    v.require(extensions.market_fee_network_percent.value_or(0) <= 3'000, "extensions/market_fee_network_percent",
              "must be at most 3000");
    v.require(extensions.maker_fee_discount_percent.value_or(0) <= 10'000, "extensions/maker_fee_discount_percent",
              percentage);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
