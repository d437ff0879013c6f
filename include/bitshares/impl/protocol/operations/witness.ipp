#pragma once

#include <bitshares/protocol/operations/witness.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void witness_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(url.size() < 127, "url", "must be shorter than 127 bytes");
}

BITSHARES_DECL void witness_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(!new_url || new_url->size() < 127, "new_url", "must be shorter than 127 bytes");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
