#pragma once

#include <bitshares/base/error.hpp>

#include <boost/system/result.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A value or the @ref error that took its place.

    `if (r)`, `*r`, `r.error()`; `r.value()` throws @ref exception.
*/
template <class T>
using result = boost::system::result<T, error>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
