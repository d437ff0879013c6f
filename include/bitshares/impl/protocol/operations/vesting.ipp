#pragma once

#include <bitshares/protocol/operations/vesting.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void vesting_balance_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(amount, "amount");
}

BITSHARES_DECL void vesting_balance_withdraw::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(amount, "amount");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
