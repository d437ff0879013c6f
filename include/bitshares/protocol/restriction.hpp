#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>
#include <bitshares/protocol/operation.hpp>

#include <span>

/** @file
    What restrictions of custom authorities say of an operation; @ref validate_restrictions stands with @ref restriction.

    @par Source
    bitshares-core, libraries/protocol/custom_authorities/restriction_predicate.hxx.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Whether `op` satisfies all the restrictions.

    @par Errors
    @li `errc::restriction_violated`: at the path of the first one that does not hold.
    @li `errc::invalid_restriction`: it does not fit the operation's members.
*/
BITSHARES_LAZY_DECL result<void> check_restrictions(std::span<restriction const> restrictions, operation const& op);

namespace detail {

/// As @ref check_restrictions, of a value of any described type. With null for the value: whether the form is good.
BITSHARES_LAZY_DECL result<void> check_restrictions(std::span<restriction const> restrictions, type_info const& type,
                                                    void const* value);

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/restriction.ipp>
#endif
