#pragma once

#include <bitshares/detail/config.hpp>

#include <cstddef>
#include <iterator>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace detail {

/** The items of what is read page by page, as an input range. `Derived` has `bool next(std::vector<Item>& page)`: false at the
    end, and a page may be empty before it. */
template <class Derived, class Item>
class paged_sequence
{
public:
    class iterator
    {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = Item;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        explicit iterator(paged_sequence& source) : source_(&source) { ++*this; }

        Item& operator*() const { return source_->page_[source_->at_]; }
        Item* operator->() const { return &**this; }
        iterator& operator++()
        {
            if (!source_->advance())
                source_ = nullptr;
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { return i.source_ == nullptr; }

    private:
        paged_sequence* source_ = nullptr;
    };

    /// To be called once: the sequence is read, not stored.
    iterator begin() { return iterator(*this); }
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    bool advance()
    {
        if (++at_ < page_.size())
            return true;
        at_ = 0;
        page_.clear(); // also for whoever goes on behind an exception
        while (page_.empty())
            if (!static_cast<Derived&>(*this).next(page_))
                return false;
        return true;
    }

    std::vector<Item> page_;
    std::size_t at_ = 0;
};

} // namespace detail
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
