#pragma once

#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/operation_fee.hpp>
#include <bitshares/protocol/price.hpp>

#include <optional>
#include <span>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// The core exchange rate of the core asset itself: fees are paid in it, as they are.
inline constexpr price core_fee_rate{{1, {}}, {1, {}}};

/** What `op` must pay, fees that it names not looked at but as bytes: the asset is the other side of `core_exchange_rate`.

    The schedule's parameters by the operation's formula, times the schedule's scale (rounded down), changed at
    `core_exchange_rate` (rounded up), whichever of its sides is the core asset. Parameters that the schedule lacks are
    taken from where the node takes them.

    @param core_exchange_rate `options.core_exchange_rate` of the asset to pay in; @ref core_fee_rate for the core asset.
    @par Errors
    @li `errc::invalid_price`: neither side of the rate is the core asset, or its amount is not positive.
    @li `errc::value_out_of_range`: the fee is beyond the most that an asset can have, 10^15.
    @li `errc::unknown_tag`: the operation, or one that it proposes, is not known to this version.
    @par Source
    bitshares-core, `fee_schedule::calculate_fee` in libraries/protocol/fee_schedule_calc.cpp; protocol.md, section 7.
*/
BITSHARES_LAZY_DECL result<asset> required_fee(operation const& op, fee_schedule const& schedule,
                                               price const& core_exchange_rate = core_fee_rate);

/** Sets the operation's fee to what it must pay, and returns it.

    The fee is part of the bytes that some operations pay for, so that it is set up to four times until it stays; as the
    node's wallet does, the largest seen is taken.

    @par Errors
    As @ref required_fee; the operation keeps a fee set meanwhile.
    @par Source
    bitshares-core, `fee_schedule::set_fee`.
*/
BITSHARES_LAZY_DECL result<asset> set_fee(operation& op, fee_schedule const& schedule,
                                          price const& core_exchange_rate = core_fee_rate);

/** What each operation costs, as `get_required_fees` of a node answers.

    Proposed operations get their fees first, since they are bytes of the proposal.
    @par Errors
    @li As @ref required_fee; the path leads to the operation: `/2`.
    @li `errc::depth_limit`: proposals within proposals, deeper than four.
    @par Source
    bitshares-core, `get_required_fees_helper` in libraries/app/database_api.cpp.
*/
BITSHARES_LAZY_DECL result<std::vector<operation_fee>> required_fees(std::span<operation const> ops,
                                                                     fee_schedule const& schedule,
                                                                     price const& core_exchange_rate = core_fee_rate);

/** Sets the fees of all operations, those of proposed ones as well, and returns them. @par Errors As @ref required_fees. */
BITSHARES_LAZY_DECL result<std::vector<operation_fee>> set_fees(std::span<operation> ops, fee_schedule const& schedule,
                                                                price const& core_exchange_rate = core_fee_rate);

/** How much of the core asset a fee counts for: itself, or changed at the asset's core exchange rate, rounded down.

    @par Errors
    @li `errc::invalid_price`: the rate is not of this asset and the core asset.
    @par Source
    bitshares-core, `evaluator::prepare_fee`.
*/
BITSHARES_DECL result<asset> core_value_of_fee(asset const& fee, price const& core_exchange_rate);

/** Whether the fee that an operation names is enough: what its node checks.

    @return Success, or `errc::insufficient_fee` with what is missing.
    @par Errors
    @li As @ref required_fee and @ref core_value_of_fee.
    @par Source
    bitshares-core, `generic_evaluator::start_evaluate`, `insufficient_fee` (4010007). That the asset's fee pool can pay the
    core asset out is the chain's state, and not checked here.
*/
BITSHARES_LAZY_DECL result<void> check_fee(operation const& op, fee_schedule const& schedule,
                                           price const& core_exchange_rate = core_fee_rate);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/tx/fees.ipp>
#endif
