#pragma once

#include <bitshares/version.hpp>

// Header-only unless asked otherwise: forgetting a source file must never be a link error.
// With BITSHARES_SEPARATE_COMPILATION exactly one translation unit includes <bitshares/src.hpp>.
#ifdef BITSHARES_SEPARATE_COMPILATION
#define BITSHARES_DECL
#else
#define BITSHARES_HEADER_ONLY 1
#define BITSHARES_DECL inline
#endif
