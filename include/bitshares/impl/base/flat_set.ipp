#pragma once

#include <bitshares/base/flat_set.hpp>

#include <numeric>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL std::vector<std::size_t> sorted_order(void const* elements, std::size_t stride, std::size_t count,
                                                     bool (*less)(void const*, void const*))
{
    auto const element = [&](std::size_t i) { return static_cast<std::byte const*>(elements) + i * stride; };
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        if (less(element(a), element(b)))
            return true;
        return a < b && !less(element(b), element(a)); // stable: the first of equal ones survives
    });
    auto const equal = [&](std::size_t a, std::size_t b) { return !less(element(a), element(b)); };
    order.erase(std::unique(order.begin(), order.end(), equal), order.end());
    return order;
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
