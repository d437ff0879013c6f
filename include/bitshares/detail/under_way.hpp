#pragma once

#include <bitshares/detail/config.hpp>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

/** @file
    For what is under way in great numbers and for a short time: calls, attempts. The containers of the standard library allocate
    for each of them; with four of those a call through a pool of nodes cost a tenth more.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail {

/* Things by their numbers, in a table with open addressing. References are good until something is inserted or erased. */
template <class T>
class number_map
{
public:
    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }

    T* find(std::uint64_t number)
    {
        std::size_t const at = place(number);
        return at < slots_.size() && slots_[at].value ? &*slots_[at].value : nullptr;
    }

    /// @pre The number is not there.
    T& insert(std::uint64_t number, T value)
    {
        if (2 * (size_ + 1) > slots_.size())
            grow();
        slot& s = slots_[place(number)];
        s.number = number;
        s.value.emplace(std::move(value));
        ++size_;
        return *s.value;
    }

    void erase(std::uint64_t number)
    {
        std::size_t hole = place(number);
        slots_[hole].value.reset();
        --size_;
        // Those behind that are not in their own place come nearer to it: a search ends at the first free place.
        std::size_t const mask = slots_.size() - 1;
        for (std::size_t at = (hole + 1) & mask; slots_[at].value; at = (at + 1) & mask)
            if (((at - home(slots_[at].number)) & mask) >= ((at - hole) & mask))
            {
                move(slots_[at], slots_[hole]);
                hole = at;
            }
    }

    /// Ascending.
    std::vector<std::uint64_t> numbers() const
    {
        std::vector<std::uint64_t> all;
        all.reserve(size_);
        for (slot const& s : slots_)
            if (s.value)
                all.push_back(s.number);
        std::sort(all.begin(), all.end());
        return all;
    }

private:
    struct slot
    {
        std::uint64_t number = 0;
        std::optional<T> value;
    };

    // Numbers that follow each other are spread evenly by the golden ratio: Knuth's multiplicative hashing.
    std::size_t home(std::uint64_t number) const
    {
        return static_cast<std::size_t>((number * 0x9e3779b97f4a7c15u) >> shift_);
    }

    // Where it is, or where it would be.
    std::size_t place(std::uint64_t number) const
    {
        if (slots_.empty())
            return 0;
        std::size_t const mask = slots_.size() - 1;
        std::size_t at = home(number);
        while (slots_[at].value && slots_[at].number != number)
            at = (at + 1) & mask;
        return at;
    }

    static void move(slot& from, slot& to)
    {
        to.number = from.number;
        to.value.emplace(std::move(*from.value));
        from.value.reset();
    }

    void grow()
    {
        std::vector<slot> old(slots_.empty() ? 16 : 2 * slots_.size());
        old.swap(slots_);
        shift_ = 65 - static_cast<int>(std::bit_width(slots_.size()));
        for (slot& s : old)
            if (s.value)
                move(s, slots_[place(s.number)]);
    }

    std::vector<slot> slots_; // a power of two, at most half of them taken
    int shift_ = 64;          // leaves the bits of a place
    std::size_t size_ = 0;
};

/* Numbers by the time at which something is to happen to them. Mostly what comes later is for later, and what is done with is
   among the first: then a number costs no more than its place. */
class agenda
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using entry = std::pair<time_point, std::uint64_t>;

    bool empty() const noexcept { return entries_.empty(); }
    entry const& front() const { return entries_.front(); }
    auto begin() const noexcept { return entries_.begin(); }
    auto end() const noexcept { return entries_.end(); }

    void insert(time_point at, std::uint64_t number)
    {
        entry const e(at, number);
        if (entries_.empty() || entries_.back() < e)
            entries_.push_back(e);
        else
            entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), e), e);
    }

    /// @pre It is there.
    void erase(time_point at, std::uint64_t number)
    {
        if (entries_.front().second == number)
            entries_.pop_front();
        else
            entries_.erase(std::lower_bound(entries_.begin(), entries_.end(), entry(at, number)));
    }

private:
    std::deque<entry> entries_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail
