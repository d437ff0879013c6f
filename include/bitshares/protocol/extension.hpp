#pragma once

#include <bitshares/base/reflect.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Room for future members of an operation: a set that is empty in every transaction of today.

    The node also accepts its one alternative, `[[0,{}]]`, which therefore survives reading and writing.
*/
using extensions_type = flat_set<std::variant<void_type>>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
