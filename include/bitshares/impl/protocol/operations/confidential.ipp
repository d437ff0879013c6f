#pragma once

#include <bitshares/protocol/operations/confidential.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <class Commitments>
void check_ascending(validation& v, std::string_view member, Commitments const& all)
{
    auto const* previous = &all[0];
    v.each(member, all, [&](auto const& x) {
        v.require(&x == previous || previous->commitment < x.commitment, "commitment",
                  "must be above the one in front of it");
        previous = &x;
    });
}

inline void check_outputs(validation& v, std::vector<blind_output> const& outputs)
{
    if (!outputs.empty())
        check_ascending(v, "outputs", outputs);
    v.each("outputs", outputs, [&v](blind_output const& output) {
        v.require(output.owner.can_be_satisfied(), "owner/weight_threshold",
                  "must not be above the sum of all weights");
    });
}

inline void check_inputs(validation& v, std::vector<blind_input> const& inputs)
{
    if (v.require(!inputs.empty(), "inputs", "must not be empty"))
        check_ascending(v, "inputs", inputs);
}

} // namespace detail

BITSHARES_DECL void transfer_to_blind::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.positive(amount, "amount");
    detail::check_outputs(v, outputs);
    v.require(!outputs.empty(), "outputs", "must not be empty");
}

BITSHARES_DECL void blind_transfer::validate(validation& v) const
{
    detail::check_inputs(v, inputs);
    detail::check_outputs(v, outputs);
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void transfer_from_blind::validate(validation& v) const
{
    v.positive(amount, "amount");
    v.not_negative(fee, "fee");
    v.require(amount.asset_id == fee.asset_id, "fee/asset_id", "must be the asset of `amount`");
    detail::check_inputs(v, inputs);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
