#pragma once

#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/restriction.hpp>
#include <bitshares/protocol/validation.hpp>

#include <memory>
#include <utility>

// The only place that goes over all 78 operations.

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

template <class Dependent>
basic_operation<Dependent>::basic_operation() = default;
template <class Dependent>
basic_operation<Dependent>::basic_operation(basic_operation const&) = default;
template <class Dependent>
basic_operation<Dependent>::basic_operation(basic_operation&&) noexcept = default;
template <class Dependent>
basic_operation<Dependent>::basic_operation(std::size_t index, void* alternative) : value(index, alternative)
{}
template <class Dependent>
basic_operation<Dependent>& basic_operation<Dependent>::operator=(basic_operation const&) = default;
template <class Dependent>
basic_operation<Dependent>& basic_operation<Dependent>::operator=(basic_operation&&) noexcept = default;
template <class Dependent>
basic_operation<Dependent>::~basic_operation() = default;
template <class Dependent>
bool basic_operation<Dependent>::operator==(basic_operation const&) const = default;

template <class Dependent>
asset basic_operation<Dependent>::fee() const
{
    return value.visit([]<class Operation>(Operation const& op) {
        if constexpr (std::is_same_v<Operation, unknown_operation>)
            return asset{};
        else
            return op.fee;
    });
}

template <class Dependent>
std::optional<account_id> basic_operation<Dependent>::fee_payer() const
{
    return value.visit([]<class Operation>(Operation const& op) -> std::optional<account_id> {
        if constexpr (std::is_same_v<Operation, unknown_operation>)
            return std::nullopt;
        else
            return op.fee_payer();
    });
}

template <class Dependent>
void basic_operation<Dependent>::each_move(detail::move_sink sink) const
{
    value.visit([sink]<class Operation>(Operation const& op) {
        if constexpr (requires { op.balance_moves(sink); })
            op.balance_moves(sink);
    });
}

template <class Dependent>
void basic_operation<Dependent>::each_authority(detail::authority_sink sink) const
{
    value.visit([sink]<class Operation>(Operation const& op) {
        if constexpr (!std::is_same_v<Operation, unknown_operation>)
        {
            sink.active(op.fee_payer());
            if constexpr (requires { op.required_authorities(sink); })
                op.required_authorities(sink);
        }
    });
}

template <class Dependent>
void basic_operation<Dependent>::validate(validation& v) const
{
    value.visit([&v]<class Operation>(Operation const& op) {
        if constexpr (std::is_same_v<Operation, unknown_operation>)
            v.refuse(errc::unknown_tag, {}, "no rules are known for operation " + std::to_string(op.tag));
        else if constexpr (Operation::traits.is_virtual)
            v.require(false, {}, "is made by the chain alone, and stands in no transaction");
        else
            op.validate(v);
    });
}

template <class Dependent>
result<void> basic_operation<Dependent>::validate() const
{
    validation v;
    validate(v);
    return v.outcome();
}

template <class Dependent>
void basic_operation<Dependent>::set_fee(asset const& fee)
{
    value.visit([&fee]<class Operation>(Operation& op) {
        if constexpr (!std::is_same_v<Operation, unknown_operation>)
            op.fee = fee;
    });
}

namespace detail {

// What the formulas of fees are made of. Amounts have 128 bits, so that no sum or product of theirs overflows.
class fee_calculation
{
public:
    explicit fee_calculation(fee_schedule const& schedule) : schedule_(schedule) {}

    template <class Operation>
    bool has() const
    {
        return schedule_.find<Operation>() != nullptr;
    }

    template <class Operation>
    typename Operation::fee_parameters parameters() const
    {
        using own = typename Operation::fee_parameters;
        if constexpr (requires { own::fixed; })
            return {};
        else
        {
            if (own const* const found = schedule_.find<Operation>())
                return *found;
            own result;
            if constexpr (requires { typename own::otherwise; })
                if (auto const* const other = schedule_.find<typename own::otherwise>())
                    result.fee = other->fee;
            return result;
        }
    }

    template <class T>
    wide size_of(T const& value)
    {
        return size_of(type_of<T>, &value);
    }

    template <class T>
    wide data_fee(T const& value, std::uint32_t price_per_kbyte)
    {
        return size_of(value) * price_per_kbyte / 1024;
    }

    template <class Memo>
    wide memo_fee(std::optional<Memo> const& memo, std::uint32_t price_per_kbyte)
    {
        return memo ? data_fee(memo, price_per_kbyte) : 0; // with the byte that says that there is one
    }

    static wide times(wide count, wide fee) { return count * fee; }

    static wide days(std::uint32_t seconds)
    {
        constexpr std::uint32_t day = 86'400;
        return (seconds + day - 1) / day; // in 32 bits as the node has it: the last day of 136 years costs nothing
    }

    wide amount(std::int64_t fee)
    {
        if (fee < 0)
            refuse(error(errc::value_out_of_range, "a fee below 0 in the schedule"));
        return fee < 0 ? 0 : static_cast<wide>(fee);
    }

    wide refuse(error why)
    {
        if (!failure_)
            failure_ = std::move(why);
        return 0;
    }

    result<asset> outcome(wide fee) const
    {
        if (failure_)
            return *failure_;
        constexpr auto most = static_cast<wide>(max_share_supply);
        if (fee / 10'000 > most && schedule_.scale != 0) // before the product, which then has room in 128 bits
            return error(errc::value_out_of_range, "the fee is above 10^15");
        wide const scaled = schedule_.scale == 0 ? 0 : fee * schedule_.scale / 10'000;
        if (scaled > most)
            return error(errc::value_out_of_range, "the fee is above 10^15");
        return asset{static_cast<std::int64_t>(scaled), core_asset};
    }

private:
    wide size_of(type_info const& type, void const* value)
    {
        bytes packed;
        if (auto const done = pack_value(type, value, packed); !done)
            refuse(done.error());
        return packed.size();
    }

    fee_schedule const& schedule_;
    std::optional<error> failure_;
};

} // namespace detail

template <class Dependent>
result<asset> basic_operation<Dependent>::core_fee(fee_schedule const& schedule) const
{
    detail::fee_calculation calculation(schedule);
    detail::wide const fee = value.visit([&c = calculation]<class Operation>(Operation const& op) -> detail::wide {
        if constexpr (std::is_same_v<Operation, unknown_operation>)
            return c.refuse(error(errc::unknown_tag, "no fee is known for operation " + std::to_string(op.tag)));
        else
        {
            auto const parameters = c.template parameters<Operation>();
            if constexpr (requires { parameters.core_fee(op, c); })
                return parameters.core_fee(op, c);
            else if constexpr (requires { parameters.fee; })
                return parameters.fee;
            else
            {
                static_assert(std::is_empty_v<typename Operation::fee_parameters>, "parameters without a formula");
                return 0;
            }
        }
    });
    return calculation.outcome(fee);
}

template <class Dependent>
basic_fee_parameters<Dependent>::basic_fee_parameters() = default;
template <class Dependent>
basic_fee_parameters<Dependent>::basic_fee_parameters(variant parameters) : value(std::move(parameters))
{}
template <class Dependent>
basic_fee_parameters<Dependent>::basic_fee_parameters(basic_fee_parameters const&) = default;
template <class Dependent>
basic_fee_parameters<Dependent>::basic_fee_parameters(basic_fee_parameters&&) noexcept = default;
template <class Dependent>
basic_fee_parameters<Dependent>& basic_fee_parameters<Dependent>::operator=(basic_fee_parameters const&) = default;
template <class Dependent>
basic_fee_parameters<Dependent>& basic_fee_parameters<Dependent>::operator=(basic_fee_parameters&&) noexcept = default;
template <class Dependent>
basic_fee_parameters<Dependent>::~basic_fee_parameters() = default;
template <class Dependent>
bool basic_fee_parameters<Dependent>::operator==(basic_fee_parameters const&) const = default;

template <class Dependent>
basic_restriction_argument<Dependent>::basic_restriction_argument() = default;
template <class Dependent>
basic_restriction_argument<Dependent>::basic_restriction_argument(basic_restriction_argument const&) = default;
template <class Dependent>
basic_restriction_argument<Dependent>::basic_restriction_argument(basic_restriction_argument&&) noexcept = default;
template <class Dependent>
basic_restriction_argument<Dependent>&
basic_restriction_argument<Dependent>::operator=(basic_restriction_argument const&) = default;
template <class Dependent>
basic_restriction_argument<Dependent>&
basic_restriction_argument<Dependent>::operator=(basic_restriction_argument&&) noexcept = default;
template <class Dependent>
basic_restriction_argument<Dependent>::~basic_restriction_argument() = default;
template <class Dependent>
bool basic_restriction_argument<Dependent>::operator==(basic_restriction_argument const& other) const
{
    return static_cast<variant const&>(*this) == static_cast<variant const&>(other);
}

#ifdef BITSHARES_SEPARATE_COMPILATION
template struct basic_restriction_argument<void>;
template struct basic_operation<void>;
template struct basic_fee_parameters<void>;

namespace detail {

constinit type_info const describe<operation>::info = describe<operations::variant>::info;
constinit type_info const describe<fee_parameters>::info = describe<operations::fee_variant>::info;

} // namespace detail
#endif

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
