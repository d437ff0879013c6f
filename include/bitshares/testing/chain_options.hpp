#pragma once

#include <bitshares/protocol/time_point.hpp>

#include <cstdint>
#include <string>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/// With what a @ref chain begins. Chains with the same options are the same chain: its id, its keys, its first block.
struct chain_options
{
    std::uint64_t seed = 1;                          ///< Of all keys.
    time_point_sec genesis_time{1'793'232'000};      ///< 2026-10-29T00:00:00
    std::uint8_t block_interval = 3;                 ///< In seconds of the chain's clock.
    std::uint32_t maintenance_interval = 3'600;      ///< In seconds of the chain's clock.
    unsigned witnesses = 11;                         ///< That take turns; at least 1.
    std::string core_symbol = "BTS";                 ///< Of asset 1.3.0.
    std::string key_prefix = "BTS";                  ///< Of keys and addresses as text.
    std::int64_t bank_balance = 500'000'000'000'000; ///< What `bank` begins with; the core asset's smallest unit.
};

/// Where a transaction is.
struct transaction_place
{
    std::uint32_t block_num = 0;
    std::uint32_t index = 0; ///< In the block.

    friend bool operator==(transaction_place const&, transaction_place const&) = default;
};

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
