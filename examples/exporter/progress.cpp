#include "progress.hpp"

#include <cinttypes>
#include <cstdio>
#include <unistd.h>

namespace exporter {

progress::progress(bool wanted) : wanted_(wanted && ::isatty(STDERR_FILENO) == 1) {}

void progress::update(std::string_view what, std::uint64_t done, std::uint64_t all)
{
    auto const now = clock::now();
    if (what != what_) // another rate, too
    {
        what_ = what;
        start_ = now;
    }
    if (!wanted_ || now - last_ < std::chrono::milliseconds(200))
        return;
    last_ = now;
    dirty_ = true;
    double const seconds = std::chrono::duration<double>(now - start_).count();
    double const rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    std::fprintf(stderr, "\r\033[K%" PRIu64 " of %" PRIu64 " operations %s", done, all, what_.c_str());
    if (rate >= 1)
    {
        auto const left = static_cast<std::uint64_t>(static_cast<double>(all - done) / rate);
        std::fprintf(stderr, ", %.0f a second, %" PRIu64 ":%02" PRIu64 " left", rate, left / 60, left % 60);
    }
    std::fflush(stderr);
}

void progress::clear()
{
    if (dirty_)
        std::fputs("\r\033[K", stderr);
    dirty_ = false;
}

} // namespace exporter
