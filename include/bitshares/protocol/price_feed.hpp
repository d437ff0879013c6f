#pragma once

#include <bitshares/protocol/price.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct price_feed
{
    price settlement_price;
    std::uint16_t maintenance_collateral_ratio = 0;
    std::uint16_t maximum_short_squeeze_ratio = 0;
    price core_exchange_rate;

    friend bool operator==(price_feed const&, price_feed const&) = default;

    BITSHARES_FIELDS((settlement_price), (maintenance_collateral_ratio), (maximum_short_squeeze_ratio), (core_exchange_rate))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
