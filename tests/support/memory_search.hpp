#pragma once

/** @file
    Searches the process's own memory for secrets. `SUPPORT_MEMORY_SEARCH` tells that it can: not under sanitizers, which map
    terabytes and keep copies of freed memory on purpose.
*/

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#endif

#if defined(__linux__) && !defined(UNDER_SANITIZER)

#define SUPPORT_MEMORY_SEARCH 1

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace support {

inline constexpr std::uint8_t mask = 0x5a;

/// What is looked for, written down in a form that is not found.
class pattern
{
public:
    pattern(std::string name, std::span<std::uint8_t const> secret) : name_(std::move(name))
    {
        for (std::uint8_t const byte : secret)
            masked_.push_back(static_cast<std::uint8_t>(byte ^ mask));
    }
    pattern(std::string name, std::string_view secret)
        : pattern(std::move(name), std::span(reinterpret_cast<std::uint8_t const*>(secret.data()), secret.size()))
    {}

    std::string const& name() const { return name_; }
    std::size_t size() const { return masked_.size(); }
    std::uint8_t first() const { return static_cast<std::uint8_t>(masked_[0] ^ mask); }
    bool stands_at(std::uint8_t const* at) const
    {
        for (std::size_t i = 0; i < masked_.size(); ++i)
            if (static_cast<std::uint8_t>(at[i] ^ mask) != masked_[i])
                return false;
        return true;
    }

    /// Half of it is as bad as the whole; and the library works on the number with its lowest byte first.
    std::vector<pattern> parts() const
    {
        std::vector<pattern> all;
        for (std::size_t const begin : {std::size_t{0}, size() - size() / 2})
        {
            pattern half(*this);
            half.name_ += begin == 0 ? ", first half" : ", second half";
            half.masked_.assign(masked_.begin() + static_cast<std::ptrdiff_t>(begin),
                                masked_.begin() + static_cast<std::ptrdiff_t>(begin + size() / 2));
            all.push_back(half);
            half.name_ += " reversed";
            half.masked_.assign(all.back().masked_.rbegin(), all.back().masked_.rend());
            all.push_back(half);
        }
        return all;
    }

private:
    std::string name_;
    std::vector<std::uint8_t> masked_;
};

/// How often each pattern stands in memory that can be written, this function's own buffer apart.
inline std::vector<int> search(std::vector<pattern> const& patterns)
{
    constexpr std::size_t piece = std::size_t{1} << 20;
    constexpr std::size_t overlap = 256;
    void* const mapped = ::mmap(nullptr, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(mapped != MAP_FAILED);
    auto* const buffer = static_cast<std::uint8_t*>(mapped);
    std::vector<int> found(patterns.size());
    int const memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    REQUIRE(memory >= 0);
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const maps(std::fopen("/proc/self/maps", "re"), std::fclose);
    REQUIRE(maps != nullptr);
    std::size_t searched = 0;
    char line[1024];
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> ranges;
    while (std::fgets(line, sizeof line, maps.get()))
    {
        unsigned long begin = 0, end = 0;
        char rights[5] = {};
        if (std::sscanf(line, "%lx-%lx %4s", &begin, &end, rights) == 3 && rights[0] == 'r' && rights[1] == 'w')
            ranges.emplace_back(begin, end);
    }
    auto const own = reinterpret_cast<std::uintptr_t>(buffer);
    for (auto [begin, end] : ranges)
        while (begin < end)
        {
            if (begin >= own && begin < own + piece) // the kernel joins mappings side by side
            {
                begin = own + piece;
                continue;
            }
            std::size_t const stop = begin < own ? std::min<std::size_t>(end, own) : end;
            std::size_t const size = std::min<std::size_t>(stop - begin, piece);
            ::ssize_t const got = ::pread(memory, buffer, size, static_cast<::off_t>(begin));
            if (got <= 0)
                break;
            auto const count = static_cast<std::size_t>(got);
            searched += count;
            for (std::size_t p = 0; p < patterns.size(); ++p)
            {
                std::uint8_t const* at = buffer;
                std::uint8_t const* const last = buffer + count - std::min(count, patterns[p].size());
                while (at < last && (at = static_cast<std::uint8_t const*>(std::memchr(
                                         at, patterns[p].first(), static_cast<std::size_t>(last - at)))) != nullptr)
                    found[p] += patterns[p].stands_at(at++);
            }
            begin += count > overlap && begin + count < stop ? count - overlap : count;
        }
    ::close(memory);
    ::munmap(mapped, piece);
    CHECK(searched > 100'000);
    return found;
}

// Whatever a function leaves on the stack is there for the search, as it would be for a core dump.
template <class Work>
[[gnu::noinline]] void out_of_line(Work&& work)
{
    work();
}

/** Runs work that fills `patterns`, twice; what it did the first time is forgotten.

    At the first call of a function of another library the dynamic linker saves all registers on the stack, whatever they
    hold, unless the program is linked with `-z now`, as one that holds keys should be.
*/
template <class Work>
void out_of_line(std::vector<pattern>& patterns, Work&& work)
{
    for (int i = 0; i < 2; ++i)
    {
        patterns.clear();
        out_of_line(work);
    }
}

inline std::vector<pattern> with_parts(std::vector<pattern> const& patterns)
{
    std::vector<pattern> all;
    for (auto const& p : patterns)
        for (auto& part : p.parts())
            all.push_back(std::move(part));
    return all;
}

} // namespace support

#endif
