#pragma once

#include <bitshares/protocol/operations/htlc.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void htlc_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(amount, "amount");
}

BITSHARES_DECL void htlc_redeem::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void htlc_extend::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
