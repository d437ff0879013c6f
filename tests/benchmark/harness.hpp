#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <time.h>
#include <vector>

/** @file
    How a figure is measured: both sides in turn within one run, because these machines are shared and their clocks drift;
    the median of the runs' ratios; one JSON line a figure.
*/

namespace benchmark {

/// What passes on the wall: for work of several threads or processes.
struct wall_clock
{
    static double now()
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    }
};

/// What this thread computes: the same on a machine that others use too.
struct thread_clock
{
    static double now()
    {
        timespec t = {};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    }
};

/// Keeps the optimiser from dropping what made `value`.
template <class T>
void keep(T const& value)
{
    asm volatile("" : : "r,m"(value) : "memory");
}

inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    std::size_t const half = values.size() / 2;
    return values.size() % 2 != 0 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// What a figure is compared with, and what packaging measured for that loop on such a machine (0: nothing known).
struct figure
{
    std::string_view name;
    std::string_view unit;
    double bar = 0;
    double expected_limit = 0;
};

/// 1, unless the test of the benchmarks wants to see one fail: tests/benchmark/run_test.sh.
inline double bar_factor()
{
    char const* const factor = std::getenv("BITSHARES_BAR_FACTOR");
    return factor ? std::strtod(factor, nullptr) : 1;
}

/// Prints the line of one figure; false where it is under its bar. `extra` is `,"name":value` pairs.
inline bool report(figure const& f, double value, double limit, double ratio, std::string const& extra = {})
{
    double const bar = f.bar * bar_factor();
    bool const suspect = f.expected_limit != 0 && (limit < f.expected_limit / 2 || limit > f.expected_limit * 2);
    std::printf("{\"name\":\"%.*s\",\"value\":%.6g,\"unit\":\"%.*s\",\"limit\":%.6g,\"ratio\":%.3f,\"bar\":%.2f%s%s}\n",
                static_cast<int>(f.name.size()), f.name.data(), value, static_cast<int>(f.unit.size()), f.unit.data(),
                limit, ratio, bar, extra.c_str(), suspect ? ",\"suspect_limit\":true" : "");
    std::fflush(stdout);
    return ratio >= bar;
}

/// Seconds that one call of `work` takes, as the mean of as many as fill `least` seconds.
template <class Clock, class Work>
double seconds(Work&& work, double least)
{
    std::size_t calls = 0;
    double const begin = Clock::now();
    double passed = 0;
    do
    {
        work();
        ++calls;
        passed = Clock::now() - begin;
    } while (passed < least);
    return passed / static_cast<double>(calls);
}

/// Times several pieces of work in turn, `rounds` times; element i of the result are the seconds of work i in each round.
template <class Clock, class... Work>
std::vector<std::vector<double>> interleaved(int rounds, double least, Work&&... work)
{
    std::vector<std::vector<double>> times(sizeof...(Work));
    (seconds<Clock>(work, least / 4), ...); // caches and branch predictors
    for (int round = 0; round < rounds; ++round)
    {
        std::size_t i = 0;
        (times[i++].push_back(seconds<Clock>(work, least)), ...);
    }
    return times;
}

/// The median of limit's seconds / own seconds, round by round.
inline double ratio_of(std::vector<double> const& own, std::vector<double> const& limit)
{
    std::vector<double> ratios;
    for (std::size_t i = 0; i < own.size(); ++i)
        ratios.push_back(limit[i] / own[i]);
    return median(std::move(ratios));
}

} // namespace benchmark
