#pragma once

#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/operations/custom_authority.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <utility>

/** @file
    Custom authorities.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/custom_authority_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An authority that counts for one type of operation, within restrictions.
struct custom_authority_object
{
    custom_authority_id id;
    account_id account;
    bool enabled = false;
    time_point_sec valid_from;
    time_point_sec valid_to;
    varuint operation_type; ///< Tag of the operation.
    authority auth;
    flat_map<std::uint16_t, restriction> restrictions; ///< By the number that each got.
    std::uint16_t restriction_counter = 0;             ///< The next number.

    friend bool operator==(custom_authority_object const&, custom_authority_object const&) = default;

    BITSHARES_FIELDS((id), (account), (enabled), (valid_from), (valid_to), (operation_type), (auth), (restrictions),
                     (restriction_counter))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
