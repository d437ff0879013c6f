#pragma once

#include <bitshares/protocol/operations/assert.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void assert::validate(validation& v) const
{
    v.not_negative(fee, "fee"); // names and symbols of predicates are looked at, but what comes out is not
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
