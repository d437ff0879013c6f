#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>
#include <bitshares/protocol/objects/custom_authority.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/restriction.hpp>

#include <cstdint>
#include <span>
#include <vector>

/** @file
    The restrictions of custom authorities.

    @par Source
    bitshares-core, libraries/protocol/custom_authorities/restriction_predicate.hxx.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Whether `custom` may stand for its account's active authority in `op`: enabled, valid at `now`, for this type of
    operation, restrictions satisfied. Signatures are not looked at.

    @par Errors
    @li `errc::restriction_violated`, also for another type of operation.
    @li `errc::custom_authority_not_valid`: disabled, not yet or no longer valid.
*/
BITSHARES_LAZY_DECL result<void> check_custom_authority(custom_authority_object const& custom, operation const& op,
                                                        time_point_sec now);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/tx/restriction.ipp>
#endif
