#pragma once

#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/operations/htlc.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <optional>

/** @file
    Hash time-locked contracts.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/htlc_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An amount for whoever shows the preimage of a hash in time.
struct htlc_object
{
    /// What goes to whom.
    struct transfer_info
    {
        account_id from;
        account_id to;
        std::int64_t amount = 0; ///< In the asset's smallest unit.
        bitshares::asset_id asset_id;

        friend bool operator==(transfer_info const&, transfer_info const&) = default;

        BITSHARES_FIELDS((from), (to), (amount), (asset_id))
    };

    /// On what conditions.
    struct condition_info
    {
        /// The hash, and the size of its preimage in bytes.
        struct hash_lock_info
        {
            htlc_hash preimage_hash;
            std::uint16_t preimage_size = 0;

            friend bool operator==(hash_lock_info const&, hash_lock_info const&) = default;

            BITSHARES_FIELDS((preimage_hash), (preimage_size))
        };
        /// After which the amount goes back.
        struct time_lock_info
        {
            time_point_sec expiration;

            friend bool operator==(time_lock_info const&, time_lock_info const&) = default;

            BITSHARES_FIELDS((expiration))
        };
        hash_lock_info hash_lock;
        time_lock_info time_lock;

        friend bool operator==(condition_info const&, condition_info const&) = default;

        BITSHARES_FIELDS((hash_lock), (time_lock))
    };

    htlc_id id;
    transfer_info transfer;
    condition_info conditions;
    std::optional<memo_data> memo; ///< Encrypted to the memo key of `transfer.to`.

    friend bool operator==(htlc_object const&, htlc_object const&) = default;

    BITSHARES_FIELDS((id), (transfer), (conditions), (memo))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
