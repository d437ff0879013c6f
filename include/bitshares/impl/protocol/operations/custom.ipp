#pragma once

#include <bitshares/protocol/operations/custom.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void custom::validate(validation& v) const
{
    v.positive(fee, "fee"); // of this operation alone
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
