#pragma once

#include <bitshares/protocol/asset.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A ratio of two amounts: `base` for `quote`. Exact; never a decimal fraction.
struct price
{
    asset base;
    asset quote;

    friend bool operator==(price const&, price const&) = default;

    BITSHARES_FIELDS((base), (quote))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
