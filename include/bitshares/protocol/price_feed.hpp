#pragma once

#include <bitshares/protocol/price.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What a feed producer says of a market-issued asset.

    @par Preconditions checked by the node
    @li Both ratios are within 1001 to 32000; the prices are positive or unset (0 for 0).
*/
struct price_feed
{
    price settlement_price;                             ///< `base` is the asset, `quote` its backing asset.
    std::uint16_t maintenance_collateral_ratio = 1'750; ///< Below it a position is margin-called; 1/1000.
    std::uint16_t maximum_short_squeeze_ratio = 1'500;  ///< The worst price of a margin call; 1/1000.
    price core_exchange_rate;                           ///< For fees.

    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(price_feed const&, price_feed const&) = default;

    BITSHARES_FIELDS((settlement_price), (maintenance_collateral_ratio), (maximum_short_squeeze_ratio),
                     (core_exchange_rate))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/price_feed.ipp>
#endif
