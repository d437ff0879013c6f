#pragma once

#include <bitshares/protocol/object_id.hpp>

/** @file
    What all objects have.

    @par Source
    bitshares-core, libraries/db/include/graphene/db/object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What every object of the chain's database begins with: enough to tell what a @ref raw_json is.
struct object
{
    any_object_id id;

    friend bool operator==(object const&, object const&) = default;

    BITSHARES_FIELDS((id))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
