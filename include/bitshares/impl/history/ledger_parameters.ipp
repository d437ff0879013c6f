#pragma once

#include <bitshares/history/ledger_parameters.hpp>
#include <bitshares/protocol/operation.hpp>

#include <iterator>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <class Operation>
std::optional<std::uint64_t> scaled_fee(fee_schedule const& schedule)
{
    auto const* const found = schedule.find<Operation>();
    if (!found)
        return std::nullopt;
    // In two parts: the product of a large fee and the scale is past 64 bits.
    std::uint64_t const whole = 10'000;
    return found->fee / whole * schedule.scale + found->fee % whole * schedule.scale / whole;
}

} // namespace detail

BITSHARES_LAZY order_fee_parameters order_fee_parameters::of(chain_parameters const& parameters)
{
    return {.maker_fee_discount_percent = parameters.extensions.maker_fee_discount_percent.value_or(std::uint16_t{0}),
            .create_fee = detail::scaled_fee<limit_order_create>(parameters.current_fees),
            .update_fee = detail::scaled_fee<limit_order_update>(parameters.current_fees),
            .cancel_fee = detail::scaled_fee<limit_order_cancel>(parameters.current_fees),
            .assumed = false};
}

BITSHARES_DECL order_fee_parameters ledger_parameters::at(time_point_sec time, bool block_end) const
{
    auto const later = block_end ? schedule_.upper_bound(time) : schedule_.lower_bound(time);
    return later == schedule_.begin() ? order_fee_parameters() : std::prev(later)->second;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
