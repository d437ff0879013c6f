#pragma once

/** @file
    The library's version, and the inline namespace that keeps two versions apart in one program.
*/

#define BITSHARES_VERSION_MAJOR 0
#define BITSHARES_VERSION_MINOR 1
#define BITSHARES_VERSION_PATCH 0

/// Inline namespace of every name in the library; changes with each version that breaks the ABI (while 0.x: each minor).
#define BITSHARES_VERSION_NAMESPACE v0_1

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// `"MAJOR.MINOR.PATCH"` of the headers that were compiled.
inline constexpr char const* version = "0.1.0";

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
