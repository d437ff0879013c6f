#pragma once

#include <bitshares/tx/authority_check.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
