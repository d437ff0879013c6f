#pragma once

#include <bitshares/detail/config.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

/** The order in which the chain keeps and hashes a set's elements; specialised where it is not the type's own `<`.
    A specialisation may have a `key(element)` that it compares by and that is costly: sorting finds it once an element.

    @par Source
    bitshares-core, the `operator<` of the elements:
    keys by ripemd160(sha512(key)), votes by instance alone, static variants by tag alone.
*/
template <class T>
struct chain_less
{
    bool operator()(T const& a, T const& b) const { return a < b; }
};

template <class... Ts>
struct chain_less<std::variant<Ts...>>
{
    bool operator()(std::variant<Ts...> const& a, std::variant<Ts...> const& b) const { return a.index() < b.index(); }
};

// std::vector<bool> has no elements to point at.
struct boolean
{
    bool value = false;
    boolean() = default;
    boolean(bool b) : value(b) {}           // NOLINT(google-explicit-constructor)
    operator bool() const { return value; } // NOLINT(google-explicit-constructor)
};

template <class T>
struct set_less : chain_less<T>
{};

template <class K, class V>
struct set_less<std::pair<K, V>>
{
    bool operator()(std::pair<K, V> const& a, std::pair<K, V> const& b) const
    {
        return chain_less<K>{}(a.first, b.first);
    }
    static auto key(std::pair<K, V> const& element)
        requires requires { chain_less<K>::key(element.first); }
    {
        return chain_less<K>::key(element.first);
    }
};

/// Indices of an array's elements in ascending order; of equal elements the first alone. Sorting is compiled once, not per type.
BITSHARES_DECL std::vector<std::size_t> sorted_order(void const* elements, std::size_t stride, std::size_t count,
                                                     bool (*less)(void const*, void const*));

template <class T>
class sorted_vector
{
public:
    using value_type = T;
    using const_iterator = typename std::vector<T>::const_iterator;

    sorted_vector() = default;
    sorted_vector(std::initializer_list<T> elements) : sorted_vector(std::vector<T>(elements)) {}

    /// Takes elements in any order; of equal ones the first stays, as in the node. O(n log n).
    explicit sorted_vector(std::vector<T> elements) : elements_(std::move(elements)) { normalise(); }

    const_iterator begin() const noexcept { return elements_.begin(); }
    const_iterator end() const noexcept { return elements_.end(); }
    std::size_t size() const noexcept { return elements_.size(); }
    bool empty() const noexcept { return elements_.empty(); }
    void clear() noexcept { elements_.clear(); }

    /// Inserts in its place; an equal element that is there stays, and the result is false. O(n).
    bool insert(T element)
    {
        auto const at = std::lower_bound(elements_.begin(), elements_.end(), element, set_less<T>{});
        if (at != elements_.end() && !set_less<T>{}(element, *at))
            return false;
        elements_.insert(at, std::move(element));
        return true;
    }

    friend bool operator==(sorted_vector const&, sorted_vector const&) = default;

protected:
    void normalise()
    {
        if constexpr (requires(T const& element) { set_less<T>::key(element); })
        {
            std::vector<decltype(set_less<T>::key(std::declval<T const&>()))> keys;
            keys.reserve(elements_.size());
            for (T const& element : elements_)
                keys.push_back(set_less<T>::key(element));
            normalise_by(keys, std::less<>{});
        }
        else
            normalise_by(elements_, set_less<T>{});
    }

    template <class Key, class Less>
    void normalise_by(std::vector<Key> const& keys, Less)
    {
        auto const in_order = [](Key const& a, Key const& b) { return !Less{}(a, b); };
        if (std::adjacent_find(keys.begin(), keys.end(), in_order) == keys.end())
            return; // strictly ascending already, as everything that a node prints
        auto const erased_less = [](void const* a, void const* b) {
            return Less{}(*static_cast<Key const*>(a), *static_cast<Key const*>(b));
        };
        auto const order = sorted_order(keys.data(), sizeof(Key), keys.size(), erased_less);
        std::vector<T> sorted;
        sorted.reserve(order.size());
        for (std::size_t i : order)
            sorted.push_back(std::move(elements_[i]));
        elements_ = std::move(sorted);
    }

    std::vector<T> elements_;

    friend struct sequence_access;
};

} // namespace detail

/** A set in the chain's order, without duplicates, in one block of memory.

    Reading bytes or JSON sorts and de-duplicates as the node does before it hashes.
*/
template <class T>
class flat_set : public detail::sorted_vector<std::conditional_t<std::is_same_v<T, bool>, detail::boolean, T>>
{
public:
    using flat_set::sorted_vector::sorted_vector;

    bool contains(T const& element) const
    {
        using stored = typename flat_set::value_type;
        return std::binary_search(this->begin(), this->end(), stored(element), detail::set_less<stored>{});
    }
    friend bool operator==(flat_set const&, flat_set const&) = default;
};

/// A map in the chain's order of keys, in one block of memory; elements are pairs of key and value.
template <class K, class V>
class flat_map : public detail::sorted_vector<std::pair<K, V>>
{
public:
    using flat_map::sorted_vector::sorted_vector;

    /// The value of `key`, or null.
    V const* find(K const& key) const
    {
        auto const less = [](std::pair<K, V> const& a, K const& b) { return detail::chain_less<K>{}(a.first, b); };
        auto const at = std::lower_bound(this->begin(), this->end(), key, less);
        return at != this->end() && !detail::chain_less<K>{}(key, at->first) ? &at->second : nullptr;
    }
    friend bool operator==(flat_map const&, flat_map const&) = default;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/base/flat_set.ipp>
#endif
