#pragma once

#include <bitshares/tx/restriction.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
