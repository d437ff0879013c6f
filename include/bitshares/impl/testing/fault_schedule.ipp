#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/fault_schedule.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

BITSHARES_DECL result<fault_schedule> fault_schedule::from_text(std::string_view json, std::size_t nodes)
{
    json_options options;
    options.mode = json_mode::strict;
    auto schedule = from_json<fault_schedule>(json, options);
    if (!schedule)
        return schedule;
    for (std::size_t i = 0; i < schedule->steps.size(); ++i)
        if (auto const& node = schedule->steps[i].node; node && *node >= nodes)
            return error(errc::value_out_of_range, "/steps/" + std::to_string(i) + "/node is " + std::to_string(*node) +
                                                       " of " + std::to_string(nodes) + " nodes");
    return schedule;
}

BITSHARES_DECL fault_player::fault_player(fault_schedule schedule, std::vector<node*> nodes,
                                          std::function<void()> failed)
    : schedule_(std::move(schedule)),
      nodes_(std::move(nodes)),
      failed_(std::move(failed)),
      begun_(std::chrono::steady_clock::now())
{
    auto& steps = schedule_.steps;
    // Not std::stable_sort: libstdc++'s uses what clang calls deprecated.
    auto const earlier = [](fault_step const& a, fault_step const& b) { return a.at_ms < b.at_ms; };
    for (auto at = steps.begin(); at != steps.end(); ++at)
        std::rotate(std::upper_bound(steps.begin(), at, *at, earlier), at, at + 1);
    std::size_t next = 0;
    for (; next < steps.size() && steps[next].at_ms == 0; ++next)
        take(steps[next]);
    thread_ = std::thread([this, next] { play(next); });
}

BITSHARES_DECL fault_player::~fault_player()
{
    {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

BITSHARES_DECL void fault_player::wait()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_; });
    if (failure_)
        std::rethrow_exception(failure_);
}

BITSHARES_DECL void fault_player::take(fault_step const& step) const
{
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        if (!step.node || *step.node == i)
        {
            faults wrong = step.faults;
            if (!wrong.seed)
                wrong.seed = fault_number(schedule_.seed.value_or(1), 0, i, 0);
            nodes_[i]->set_faults(std::move(wrong));
        }
}

BITSHARES_DECL void fault_player::play(std::size_t next)
{
    std::unique_lock lock(mutex_);
    for (; next < schedule_.steps.size(); ++next)
    {
        fault_step const& step = schedule_.steps[next];
        // A hundred years are for ever, and fit into any clock.
        auto const due = begun_ + std::chrono::milliseconds(std::min<std::uint64_t>(step.at_ms, 3'153'600'000'000));
        if (changed_.wait_until(lock, due, [&] { return stopped_; }))
            return;
        lock.unlock();
        std::exception_ptr failure;
        try
        {
            take(step);
        }
        catch (...)
        {
            failure = std::current_exception();
        }
        lock.lock();
        if (failure)
        {
            failure_ = std::move(failure);
            break;
        }
    }
    done_ = true;
    bool const failed = failure_ != nullptr;
    lock.unlock();
    changed_.notify_all();
    if (failed && failed_)
        failed_();
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
