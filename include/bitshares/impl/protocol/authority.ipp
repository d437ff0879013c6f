#pragma once

#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL bool authority::can_be_satisfied() const noexcept
{
    std::uint64_t sum = 0; // of 16-bit weights: 2^48 of them fit
    for (auto const& [account, weight] : account_auths)
        sum += weight;
    for (auto const& [key, weight] : key_auths)
        sum += weight;
    for (auto const& [address, weight] : address_auths)
        sum += weight;
    return sum >= weight_threshold;
}

BITSHARES_DECL void top_holders_special_authority::validate(validation& v) const
{
    v.require(num_top_holders > 0, "num_top_holders", "must be above 0");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
