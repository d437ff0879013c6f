#pragma once

#include <bitshares/base/reflect.hpp>

#include <cstdint>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

// <bitshares/protocol/operation.hpp>: of any operation, one of which holds a fee schedule itself
template <class Dependent = void>
struct basic_fee_parameters;
using fee_parameters = basic_fee_parameters<>;

/** What the operations cost, as the committee has set it. To use one, include <bitshares/protocol/operation.hpp>.

    @par Source
    bitshares-core, libraries/protocol/fee_schedule.cpp and fee_schedule_calc.cpp.
*/
struct fee_schedule
{
    flat_set<fee_parameters> parameters; ///< At most one for each operation; not every operation has some.
    std::uint32_t scale = 10'000;        ///< Of all fees; 1/100 of a percent.

    /// What is set for the operation, or null.
    template <class Operation, class Parameters = fee_parameters> // dependent: complete where it is used
    typename Operation::fee_parameters const* find() const
    {
        for (Parameters const& p : static_cast<flat_set<Parameters> const&>(parameters))
            if (auto const* const found = p.template get_if<Operation>())
                return found;
        return nullptr;
    }

    friend bool operator==(fee_schedule const&, fee_schedule const&) = default;

    BITSHARES_FIELDS((parameters), (scale))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
