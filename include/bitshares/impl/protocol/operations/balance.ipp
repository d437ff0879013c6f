#pragma once

#include <bitshares/protocol/operations/balance.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void balance_claim::validate(validation& v) const
{
    v.require(fee == asset{}, "fee", "must be 0 of the core asset");
    v.require(balance_owner_key != public_key{}, "balance_owner_key", "must be set");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
