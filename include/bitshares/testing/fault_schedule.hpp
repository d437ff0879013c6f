#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/node.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/// What is wrong with a node from some time on: all of it, what was wrong before is not.
struct fault_step
{
    std::uint64_t at_ms = 0;             ///< Since the schedule began.
    std::optional<std::uint32_t> node{}; ///< From 0; absent: every node.
    testing::faults faults{};            ///< `{}`: nothing is wrong.

    friend bool operator==(fault_step const&, fault_step const&) = default;
    BITSHARES_FIELDS((at_ms), (node), (faults))
};

/// Faults of several nodes over time: `{"seed":7,"steps":[{"at_ms":0,"node":1,"faults":{"freeze":{}}}]}`.
struct fault_schedule
{
    /// Of faults without a seed of their own; each node draws differently. Absent: 1.
    std::optional<std::uint64_t> seed{};
    std::vector<fault_step> steps; ///< In any order; those of the same time in theirs.

    /** Reads a schedule that a person wrote.

        @par Errors
        Those of @ref from_json with @ref json_mode::strict, and `errc::value_out_of_range` where a step names a node beyond
        `nodes`.
    */
    BITSHARES_DECL static result<fault_schedule> from_text(std::string_view json, std::size_t nodes);

    friend bool operator==(fault_schedule const&, fault_schedule const&) = default;
    BITSHARES_FIELDS((seed), (steps))
};

/// Plays a schedule by the wall clock, in a thread of its own.
class fault_player
{
public:
    /** Begins at once; what is due at 0 is wrong when the constructor returns.

        @param nodes Outlive it.
        @param failed Called in its thread when a step cannot be taken, which ends it; @ref wait tells why. Does not throw.
        @throws exception As @ref node::set_faults, of what is due at 0.
    */
    BITSHARES_DECL fault_player(fault_schedule schedule, std::vector<node*> nodes, std::function<void()> failed = {});
    fault_player(fault_player const&) = delete;
    fault_player& operator=(fault_player const&) = delete;

    BITSHARES_DECL ~fault_player(); ///< Ends it early; the nodes stay as they are.

    /** Until the last step was taken, or one could not be.

        @throws exception As @ref node::set_faults did.
    */
    BITSHARES_DECL void wait();

private:
    BITSHARES_DECL void take(fault_step const& step) const;
    BITSHARES_DECL void play(std::size_t next);

    fault_schedule schedule_;
    std::vector<node*> nodes_;
    std::function<void()> failed_;
    std::chrono::steady_clock::time_point begun_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopped_ = false;
    bool done_ = false;
    std::exception_ptr failure_;
    std::thread thread_;
};

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/fault_schedule.ipp>
#endif
