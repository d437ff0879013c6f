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

/* For functions that copy, destroy, read or write an operation, which is one of 79 types. Of an inline function the compiler
   makes all that it uses, called or not, and that is 14 s in each translation unit; of a template only where it is called. So
   header-only these functions are templates, of a parameter that nobody gives: BITSHARES_LAZY_DECL stands at the declaration,
   BITSHARES_LAZY at the definition behind it. What calls such a function is to be lazy itself, and a destructor, which cannot
   be, is implicit. */
#ifdef BITSHARES_HEADER_ONLY
#define BITSHARES_LAZY_DECL template <class Dependent = void>
#define BITSHARES_LAZY template <class Dependent>
#else
#define BITSHARES_LAZY_DECL
#define BITSHARES_LAZY
#endif
