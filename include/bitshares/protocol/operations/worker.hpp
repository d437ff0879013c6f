#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct refund_worker_initializer
{
    friend bool operator==(refund_worker_initializer const&, refund_worker_initializer const&) = default;

    BITSHARES_FIELDS()
};

struct vesting_balance_worker_initializer
{
    std::uint16_t pay_vesting_period_days = 0;

    friend bool operator==(vesting_balance_worker_initializer const&, vesting_balance_worker_initializer const&) = default;

    BITSHARES_FIELDS((pay_vesting_period_days))
};

struct burn_worker_initializer
{
    friend bool operator==(burn_worker_initializer const&, burn_worker_initializer const&) = default;

    BITSHARES_FIELDS()
};

using worker_initializer =
    std::variant<refund_worker_initializer, vesting_balance_worker_initializer, burn_worker_initializer>;

struct worker_create
{
    asset fee;
    account_id owner;
    time_point_sec work_begin_date;
    time_point_sec work_end_date;
    std::int64_t daily_pay = 0;
    std::string name;
    std::string url;
    worker_initializer initializer;

    static constexpr op_traits traits{.tag = 34, .name = "worker_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 500000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return owner; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(worker_create const&, worker_create const&) = default;

    BITSHARES_FIELDS((fee), (owner), (work_begin_date), (work_end_date), (daily_pay), (name), (url), (initializer))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
