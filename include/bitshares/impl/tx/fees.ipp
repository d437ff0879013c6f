#pragma once

#include <bitshares/detail/wide.hpp>
#include <bitshares/tx/fees.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// Unlike `convert`, takes the rate 1/1 of the core asset to itself, and has the node's bound.
inline result<asset> exchange_fee(asset const& fee, price const& rate, rounding direction)
{
    bool const is_base = fee.asset_id == rate.base.asset_id;
    asset const& from = is_base ? rate.base : rate.quote;
    asset const& to = is_base ? rate.quote : rate.base;
    if (fee.asset_id != from.asset_id)
        return error(errc::invalid_price, "neither side of the core exchange rate is " + fee.asset_id.to_string());
    if (from.amount <= 0 || to.amount < 0)
        return error(errc::invalid_price, "a side of the core exchange rate is not positive");
    if (fee.amount < 0)
        return error(errc::value_out_of_range, "a fee below 0");
    wide const product = static_cast<wide>(fee.amount) * static_cast<wide>(to.amount);
    auto const divisor = static_cast<wide>(from.amount);
    wide const amount = product / divisor + (direction == rounding::up && product % divisor != 0 ? 1 : 0);
    if (amount > static_cast<wide>(max_share_supply))
        return error(errc::value_out_of_range, "the fee at the core exchange rate is above 10^15");
    return asset{static_cast<std::int64_t>(amount), to.asset_id};
}

inline error below_operation(std::size_t index, error const& e)
{
    return error(e.code(), e.detail(), '/' + std::to_string(index) + e.path());
}

// Proposals within proposals that a node still prices: GET_REQUIRED_FEES_MAX_RECURSION.
inline constexpr unsigned max_proposal_depth = 4;

BITSHARES_LAZY_DECL result<operation_fee> set_nested_fee(operation& op, fee_schedule const& schedule, price const& rate,
                                                         unsigned depth);

BITSHARES_LAZY result<operation_fee> set_nested_fee(operation& op, fee_schedule const& schedule, price const& rate,
                                                    unsigned depth)
{
    operation_fee fees;
    if (auto* const proposal = op.template get_if<proposal_create>())
    {
        fees.proposed.emplace();
        if (!proposal->proposed_ops.empty() && depth == max_proposal_depth)
            return error(errc::depth_limit, "proposals within proposals", "/proposed_ops");
        for (std::size_t i = 0; i < proposal->proposed_ops.size(); ++i)
        {
            auto inner = set_nested_fee(proposal->proposed_ops[i].op, schedule, rate, depth + 1);
            if (!inner)
                return error(inner.error().code(), inner.error().detail(),
                             "/proposed_ops/" + std::to_string(i) + "/op" + inner.error().path());
            fees.proposed->push_back(std::move(*inner));
        }
    }
    auto own = set_fee(op, schedule, rate);
    if (!own)
        return own.error();
    fees.fee = *own;
    return fees;
}

} // namespace detail

BITSHARES_LAZY result<asset> required_fee(operation const& op, fee_schedule const& schedule,
                                          price const& core_exchange_rate)
{
    auto const in_core = op.core_fee(schedule);
    if (!in_core)
        return in_core.error();
    return detail::exchange_fee(*in_core, core_exchange_rate, rounding::up);
}

BITSHARES_LAZY result<asset> set_fee(operation& op, fee_schedule const& schedule, price const& core_exchange_rate)
{
    auto last = required_fee(op, schedule, core_exchange_rate);
    if (!last)
        return last.error();
    asset most = *last;
    for (int turn = 0; turn < 4; ++turn)
    {
        op.set_fee(most);
        auto const now = required_fee(op, schedule, core_exchange_rate);
        if (!now)
            return now.error();
        if (*now == *last)
            break;
        most.amount = std::max(most.amount, now->amount);
        last = now;
    }
    return most;
}

BITSHARES_LAZY result<std::vector<operation_fee>> set_fees(std::span<operation> ops, fee_schedule const& schedule,
                                                           price const& core_exchange_rate)
{
    std::vector<operation_fee> fees;
    fees.reserve(ops.size());
    for (std::size_t i = 0; i < ops.size(); ++i)
    {
        auto fee = detail::set_nested_fee(ops[i], schedule, core_exchange_rate, 0);
        if (!fee)
            return detail::below_operation(i, fee.error());
        fees.push_back(std::move(*fee));
    }
    return fees;
}

BITSHARES_LAZY result<std::vector<operation_fee>>
required_fees(std::span<operation const> ops, fee_schedule const& schedule, price const& core_exchange_rate)
{
    std::vector<BITSHARES_DEPENDENT(operation)> copies(ops.begin(), ops.end());
    return set_fees(std::span<operation>(copies), schedule, core_exchange_rate);
}

BITSHARES_DECL result<asset> core_value_of_fee(asset const& fee, price const& core_exchange_rate)
{
    if (fee.asset_id == core_asset)
        return fee;
    auto value = detail::exchange_fee(fee, core_exchange_rate, rounding::down);
    if (value && value->asset_id != core_asset)
        return error(errc::invalid_price, "neither side of the core exchange rate is the core asset");
    return value;
}

BITSHARES_LAZY result<void> check_fee(operation const& op, fee_schedule const& schedule,
                                      price const& core_exchange_rate)
{
    auto const required = op.core_fee(schedule);
    if (!required)
        return required.error();
    auto const paid = core_value_of_fee(op.fee(), core_exchange_rate);
    if (!paid)
        return error(paid.error().code(), paid.error().detail(), "/fee");
    if (paid->amount < required->amount)
        return error(errc::insufficient_fee,
                     "it counts for " + std::to_string(paid->amount) + " of the core asset, " +
                         std::to_string(required->amount) + " are required",
                     "/fee/amount");
    return {};
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
