#pragma once

#include <bitshares/protocol/chain_parameters.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <cstdint>
#include <map>
#include <optional>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What decides how much of an order's deferred fee comes back: the committee sets it, no operation of an account tells it.

    Absent: not known. Fees are in the core asset's smallest unit, the schedule's scale applied.
*/
struct order_fee_parameters
{
    std::optional<std::uint16_t> maker_fee_discount_percent; ///< 1/100 of a percent.
    std::optional<std::uint64_t> create_fee;
    std::optional<std::uint64_t> update_fee; ///< Chains may charge one that is not in their schedule.
    std::optional<std::uint64_t> cancel_fee;
    /// Nobody told it, it is only likely: it is booked, with its bounds as a @ref ledger_uncertainty, until balances prove it.
    bool assumed = false;

    /// As a node tells them now, or a `committee_member_update_global_parameters` for later.
    BITSHARES_LAZY_DECL static order_fee_parameters of(chain_parameters const& parameters);

    friend bool operator==(order_fee_parameters const&, order_fee_parameters const&) = default;
};

/** What a @ref ledger needs beside the account's history: the committee's parameters through time, and times of blocks.

    All of it may be missing: then what depends on it is a @ref ledger_uncertainty.
*/
class ledger_parameters
{
public:
    /** The parameters in force from the maintenance at `from` on, until the next that are set.

        Transactions of that very block are applied before its maintenance, and are still under the old ones.
        `time_point_sec{}`: from the chain's beginning.
    */
    void set(time_point_sec from, order_fee_parameters const& parameters) { schedule_[from] = parameters; }

    /// In force at a block's time, for its transactions or (`block_end`) for what the chain does behind them; or all absent.
    BITSHARES_DECL order_fee_parameters at(time_point_sec time, bool block_end) const;

    /** The time of a block. A ticket's terms are counted from the block *before* the one that has the operation.

        Where that one is not known, it is taken to be one interval older: a second or a few too late when blocks were missed.
    */
    void set_block_time(std::uint32_t block_num, time_point_sec time) { block_times_[block_num] = time; }
    std::optional<time_point_sec> block_time(std::uint32_t block_num) const
    {
        auto const found = block_times_.find(block_num);
        return found == block_times_.end() ? std::nullopt : std::optional(found->second);
    }

    std::uint8_t block_interval = 3; ///< Seconds.

    /// The maintenance after `time`, at which what the committee decided then takes effect.
    static constexpr time_point_sec next_maintenance(time_point_sec time, std::uint32_t interval_seconds)
    {
        if (interval_seconds == 0 || time.seconds > 0xffffffff - interval_seconds)
            return time_point_sec::maximum();
        return {(time.seconds / interval_seconds + 1) * interval_seconds};
    }

private:
    std::map<time_point_sec, order_fee_parameters> schedule_;
    std::map<std::uint32_t, time_point_sec> block_times_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/ledger_parameters.ipp>
#endif
