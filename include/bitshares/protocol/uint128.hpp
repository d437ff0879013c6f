#pragma once

#include <bitshares/base/reflect.hpp>

#include <compare>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// 128 bits; in JSON always a decimal string. Packed with the high half first, each half little endian.
struct uint128
{
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend auto operator<=>(uint128 const&, uint128 const&) = default;
};

namespace detail {

template <>
struct describe<uint128>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<uint128>(type_kind::uint128);
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
