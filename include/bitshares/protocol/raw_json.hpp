#pragma once

#include <bitshares/base/reflect.hpp>

#include <string>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Any JSON value as text, kept as it was printed; for what has no fixed type. Empty text writes as `null`.

    It cannot be packed.
*/
struct raw_json
{
    std::string text;

    friend bool operator==(raw_json const&, raw_json const&) = default;
};

namespace detail {

template <>
struct describe<raw_json>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<raw_json>(type_kind::raw_json, 1);
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
