#pragma once

#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/vote_id.hpp>

#include <optional>
#include <string>

/** @file
    Witnesses and committee members.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/witness_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An account that may produce blocks.
struct witness_object
{
    witness_id id;
    account_id witness_account;
    std::uint64_t last_aslot = 0; ///< Slot of its last block, counted from the genesis block.
    public_key signing_key;
    std::optional<vesting_balance_id> pay_vb; ///< Where its pay vests; absent before the first block.
    bitshares::vote_id vote_id;
    std::uint64_t total_votes = 0; ///< In the core asset's smallest unit.
    std::string url;
    std::int64_t total_missed = 0; ///< Blocks.
    std::uint32_t last_confirmed_block_num = 0;

    friend bool operator==(witness_object const&, witness_object const&) = default;

    BITSHARES_FIELDS((id), (witness_account), (last_aslot), (signing_key), (pay_vb), (vote_id), (total_votes), (url),
                     (total_missed), (last_confirmed_block_num))
};

/// An account that may sit in the committee.
struct committee_member_object
{
    committee_member_id id;
    account_id committee_member_account;
    bitshares::vote_id vote_id;
    std::uint64_t total_votes = 0; ///< In the core asset's smallest unit.
    std::string url;

    friend bool operator==(committee_member_object const&, committee_member_object const&) = default;

    BITSHARES_FIELDS((id), (committee_member_account), (vote_id), (total_votes), (url))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
