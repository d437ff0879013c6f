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

/* For functions that copy, destroy, read or write an operation, which is one of 79 types, and for others that cost a compiler
   much. Of an inline function it makes all that it uses, called or not, and that is 14 s in each translation unit; of a
   template only where it is called. So header-only these functions are templates, of a parameter that nobody gives:
   BITSHARES_LAZY_DECL stands at the declaration, BITSHARES_LAZY at the definition behind it. What calls such a function is to
   be lazy itself, and a destructor, which cannot be, is implicit. A constant (`type_of<operation>`), or with clang a call of
   one of the standard library's constexpr functions (copying a vector), is made even in a template that nobody calls, unless
   a type in it depends on the parameter: BITSHARES_DEPENDENT(operation). */
#ifdef BITSHARES_HEADER_ONLY
#define BITSHARES_LAZY_DECL template <class Dependent = void>
#define BITSHARES_LAZY template <class Dependent>
#define BITSHARES_DEPENDENT(Type) typename ::bitshares::detail::dependent<Type, Dependent>::type
#else
#define BITSHARES_LAZY_DECL
#define BITSHARES_LAZY
#define BITSHARES_DEPENDENT(Type) Type
#endif

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace detail {

template <class Type, class>
struct dependent
{
    using type = Type;
};

} // namespace detail
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
