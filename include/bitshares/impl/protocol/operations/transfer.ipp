#pragma once

#include <bitshares/protocol/operations/transfer.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void transfer::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(from != to, "to", "must be another account than `from`");
    v.positive(amount, "amount");
}

BITSHARES_DECL void override_transfer::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(from != to, "to", "must be another account than `from`");
    v.positive(amount, "amount");
    v.require(issuer != from, "from", "must be another account than `issuer`");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
