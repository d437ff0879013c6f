#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// The pay goes back into the reserve pool.
struct refund_worker_initializer
{
    friend bool operator==(refund_worker_initializer const&, refund_worker_initializer const&) = default;

    BITSHARES_FIELDS()
};

/// The pay goes into a vesting balance of the worker's owner.
struct vesting_balance_worker_initializer
{
    std::uint16_t pay_vesting_period_days = 0;

    friend bool operator==(vesting_balance_worker_initializer const&,
                           vesting_balance_worker_initializer const&) = default;

    BITSHARES_FIELDS((pay_vesting_period_days))
};

/// The pay goes to the null account.
struct burn_worker_initializer
{
    friend bool operator==(burn_worker_initializer const&, burn_worker_initializer const&) = default;

    BITSHARES_FIELDS()
};

/// Tags 0 to 2 in this order.
using worker_initializer =
    std::variant<refund_worker_initializer, vesting_balance_worker_initializer, burn_worker_initializer>;

/** Proposes a worker, who is paid by the chain while votes carry it.

    @par Wire
    Tag 34; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `daily_pay > 0` and below 10^15, `work_begin_date < work_end_date`
    @li `name` is shorter than 63 bytes, `url` shorter than 127.
    @li `work_begin_date` is not before the head block's time. `owner` is a lifetime member.
*/
struct worker_create
{
    asset fee; ///< Paid by `owner`.
    account_id owner;
    time_point_sec work_begin_date;
    time_point_sec work_end_date;
    std::int64_t daily_pay = 0; ///< Of the core asset.
    std::string name;
    std::string url;
    worker_initializer initializer; ///< Where the pay goes.

    static constexpr op_traits traits{.tag = 34, .name = "worker_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 500'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return owner; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(worker_create const&, worker_create const&) = default;

    BITSHARES_FIELDS((fee), (owner), (work_begin_date), (work_end_date), (daily_pay), (name), (url), (initializer))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/worker.ipp>
#endif
