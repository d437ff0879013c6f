#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace exporter {

/// Calls `work(0)` to `work(count - 1)`, a few at once, which hides the way to the node and back. Throws the first exception.
template <class Work>
void in_parallel(std::size_t count, Work const& work)
{
    constexpr std::size_t most = 8;
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr first;
    auto const run = [&] {
        for (std::size_t i; (i = next++) < count;)
            try
            {
                work(i);
            }
            catch (...)
            {
                next = count;
                std::lock_guard const lock(mutex);
                if (!first)
                    first = std::current_exception();
            }
    };
    {
        std::vector<std::jthread> threads;
        try
        {
            for (std::size_t i = 1; i < std::min(count, most); ++i)
                threads.emplace_back(run);
        }
        catch (std::system_error const&)
        {} // no more threads are to be had: those that are there, this one at least, do it all
        run();
    }
    if (first)
        std::rethrow_exception(first);
}

} // namespace exporter
