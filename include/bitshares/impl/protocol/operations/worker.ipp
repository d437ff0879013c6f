#pragma once

#include <bitshares/protocol/operations/worker.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void worker_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(work_begin_date < work_end_date, "work_end_date", "must be after `work_begin_date`");
    v.require(daily_pay > 0, "daily_pay", "must be above 0");
    v.require(daily_pay < max_share_supply, "daily_pay", "must be below 10^15");
    v.require(name.size() < 63, "name", "must be shorter than 63 bytes");
    v.require(url.size() < 127, "url", "must be shorter than 127 bytes");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
