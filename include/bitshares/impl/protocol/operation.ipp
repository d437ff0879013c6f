#pragma once

#include <bitshares/protocol/operation.hpp>

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
basic_operation<Dependent>& basic_operation<Dependent>::operator=(basic_operation const& other)
{
    return *this = basic_operation(other);
}
template <class Dependent>
basic_operation<Dependent>& basic_operation<Dependent>::operator=(basic_operation&& other) noexcept
{
    // By the constructor that is there anyway: the variant's own assignments are 79 * 2 functions more, 5 s of compiling.
    if (this != &other)
    {
        std::destroy_at(&value);
        std::construct_at(&value, std::move(other.value));
    }
    return *this;
}
template <class Dependent>
basic_operation<Dependent>::~basic_operation() = default;
template <class Dependent>
bool basic_operation<Dependent>::operator==(basic_operation const&) const = default;

template <class Dependent>
asset basic_operation<Dependent>::fee() const
{
    return std::visit(
        []<class Operation>(Operation const& op) {
            if constexpr (std::is_same_v<Operation, unknown_operation>)
                return asset{};
            else
                return op.fee;
        },
        value);
}

template <class Dependent>
std::optional<account_id> basic_operation<Dependent>::fee_payer() const
{
    return std::visit(
        []<class Operation>(Operation const& op) -> std::optional<account_id> {
            if constexpr (std::is_same_v<Operation, unknown_operation>)
                return std::nullopt;
            else
                return op.fee_payer();
        },
        value);
}

template <class Dependent>
void basic_operation<Dependent>::each_move(detail::move_sink sink) const
{
    std::visit(
        [sink]<class Operation>(Operation const& op) {
            if constexpr (requires { op.balance_moves(sink); })
                op.balance_moves(sink);
        },
        value);
}

template <class Dependent>
void basic_operation<Dependent>::each_authority(detail::authority_sink sink) const
{
    std::visit(
        [sink]<class Operation>(Operation const& op) {
            if constexpr (!std::is_same_v<Operation, unknown_operation>)
            {
                sink.active(op.fee_payer());
                if constexpr (requires { op.required_authorities(sink); })
                    op.required_authorities(sink);
            }
        },
        value);
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

#ifdef BITSHARES_SEPARATE_COMPILATION
template struct basic_operation<void>;
template struct basic_fee_parameters<void>;

namespace detail {

constinit type_info const describe<operation>::info = describe<operations::variant>::info;
constinit type_info const describe<fee_parameters>::info = describe<operations::fee_variant>::info;

} // namespace detail
#endif

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
