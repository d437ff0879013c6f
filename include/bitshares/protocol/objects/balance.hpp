#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/objects/vesting.hpp>
#include <bitshares/protocol/operations/confidential.hpp>
#include <bitshares/protocol/public_key.hpp>

#include <optional>

/** @file
    Balances without an account.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/balance_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An amount of the genesis block that the owner of a key can claim.
struct balance_object
{
    balance_id id;
    address owner;
    asset balance;
    std::optional<linear_vesting_policy> vesting_policy; ///< Absent: all at once.
    time_point_sec last_claim_date;

    friend bool operator==(balance_object const&, balance_object const&) = default;

    BITSHARES_FIELDS((id), (owner), (balance), (vesting_policy), (last_claim_date))
};

/// A confidential balance: its commitment stands for an amount that only its owner knows.
struct blinded_balance_object
{
    blinded_balance_id id;
    bitshares::commitment commitment;
    bitshares::asset_id asset_id;
    authority owner;

    friend bool operator==(blinded_balance_object const&, blinded_balance_object const&) = default;

    BITSHARES_FIELDS((id), (commitment), (asset_id), (owner))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
