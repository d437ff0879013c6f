#pragma once

#include <bitshares/protocol/object_id.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An amount of one asset, in the asset's smallest unit.
struct asset
{
    std::int64_t amount = 0;
    bitshares::asset_id asset_id;

    friend bool operator==(asset const&, asset const&) = default;

    BITSHARES_FIELDS((amount), (asset_id))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
