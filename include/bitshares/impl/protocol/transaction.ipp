#pragma once

#include <bitshares/protocol/transaction.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_LAZY result<void> validate(transaction const& tx)
{
    validation v;
    v.require(!tx.operations.empty(), "operations", "must not be empty");
    v.check("operations", tx.operations);
    return v.outcome();
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
