#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace exporter {

/// A line on the terminal that is written over and over; nothing where standard error is no terminal.
class progress
{
public:
    explicit progress(bool wanted);
    ~progress() { clear(); }

    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;

    /// @param what Is done with operations: "read". @param done, all Of them.
    void update(std::string_view what, std::uint64_t done, std::uint64_t all);
    void clear();
    bool shown() const noexcept { return wanted_; }

private:
    using clock = std::chrono::steady_clock;

    bool wanted_;
    bool dirty_ = false;
    std::string what_;
    clock::time_point start_ = clock::now();
    clock::time_point last_ = {};
};

} // namespace exporter
