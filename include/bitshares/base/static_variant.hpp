#pragma once

#include <bitshares/detail/config.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <std::size_t I, class T>
struct indexed_type
{
    using type = T;
};

template <class Indices, class... Ts>
struct indexed_types;

template <std::size_t... I, class... Ts>
struct indexed_types<std::index_sequence<I...>, Ts...> : indexed_type<I, Ts>...
{};

template <std::size_t I, class T>
indexed_type<I, T> type_at(indexed_type<I, T> const&);

} // namespace detail

/** One of `Ts`, for lists as long as that of the chain's operations; for short ones there is `std::variant`.

    It is used as that is, by index or by type. What it does otherwise is to cost a compiler one function for each alternative and
    thing to do: `std::variant` is a union in a union in a union, and 78 operations in it are 10,000 functions, a quarter of what
    it took to compile a unit that includes the library.

    It always has a value: alternatives are made and moved without exceptions, and copies are made aside.

    @par Thread safety
    As any value: reading from several threads is safe.
*/
template <class... Ts>
class static_variant
{
public:
    /// The type with this index.
    template <std::size_t I>
    using alternative = typename decltype(detail::type_at<I>(
        std::declval<detail::indexed_types<std::index_sequence_for<Ts...>, Ts...>>()))::type;

    static constexpr std::size_t count = sizeof...(Ts); ///< Of alternatives.

    /// Holds the first alternative, as its default constructor makes it.
    static_variant() noexcept { make<alternative<0>>(storage_); }

    /// Moves in what `from` points to, which is the alternative with this index. @pre `index < count`
    static_variant(std::size_t index, void* from) noexcept : index_(index) { move_in(from); }

    template <std::size_t I>
    explicit static_variant(std::in_place_index_t<I>, alternative<I> value = {}) noexcept : index_(I)
    {
        std::construct_at(static_cast<alternative<I>*>(data()), std::move(value));
    }

    static_variant(static_variant const& other) : index_(other.index_)
    {
        static constexpr void (*copy[])(void*, void const*) = {copy_to<Ts>...};
        copy[index_](storage_, other.storage_);
    }

    static_variant(static_variant&& other) noexcept : index_(other.index_) { move_in(other.storage_); }

    static_variant& operator=(static_variant const& other) { return *this = static_variant(other); }

    static_variant& operator=(static_variant&& other) noexcept
    {
        if (this != &other)
        {
            // Aside, as it may stand within what this holds: an operation that is proposed.
            static_variant taken(std::move(other));
            destroy();
            index_ = taken.index_;
            move_in(taken.storage_);
        }
        return *this;
    }

    ~static_variant() { destroy(); }

    /// Which alternative it holds.
    std::size_t index() const noexcept { return index_; }

    /// The alternative that it holds, whichever that is.
    void const* data() const noexcept { return storage_; }
    void* data() noexcept { return storage_; }

    /// The alternative with this index, or null where it holds another one.
    template <std::size_t I>
    alternative<I> const* get_if() const noexcept
    {
        return index_ == I ? get<alternative<I>>(storage_) : nullptr;
    }
    template <std::size_t I>
    alternative<I>* get_if() noexcept
    {
        return index_ == I ? get<alternative<I>>(storage_) : nullptr;
    }

    /// The alternative of this type, or null where it holds another one.
    template <class T>
    T const* get_if() const noexcept
    {
        return get_if<index_of<T>()>();
    }
    template <class T>
    T* get_if() noexcept
    {
        return get_if<index_of<T>()>();
    }

    /// Replaces what it holds by the alternative with this index, as its default constructor makes it.
    template <std::size_t I>
    alternative<I>& emplace() noexcept
    {
        return *static_cast<alternative<I>*>(emplace(I));
    }
    /// As above. @pre `index < count`
    void* emplace(std::size_t index) noexcept
    {
        static constexpr void (*make_it[])(void*) = {make<Ts>...};
        destroy();
        index_ = index;
        make_it[index](storage_);
        return data();
    }

    /// What `visitor` gives for the alternative that it holds; the same type for each of them.
    template <class Visitor>
    decltype(auto) visit(Visitor&& visitor) const
    {
        using returned = decltype(visitor(std::declval<alternative<0> const&>()));
        static constexpr returned (*calls[])(Visitor&, void const*) = {call<returned, Visitor, Ts>...};
        return calls[index_](visitor, storage_);
    }
    template <class Visitor>
    decltype(auto) visit(Visitor&& visitor)
    {
        using returned = decltype(visitor(std::declval<alternative<0>&>()));
        static constexpr returned (*calls[])(Visitor&, void*) = {call<returned, Visitor, Ts>...};
        return calls[index_](visitor, storage_);
    }

    friend bool operator==(static_variant const& a, static_variant const& b)
    {
        static constexpr bool (*equal[])(void const*, void const*) = {are_equal<Ts>...};
        return a.index_ == b.index_ && equal[a.index_](a.storage_, b.storage_);
    }

private:
    template <class T>
    static constexpr std::size_t index_of()
    {
        constexpr bool same[] = {std::is_same_v<T, Ts>...};
        constexpr std::size_t index = std::find(std::begin(same), std::end(same), true) - std::begin(same);
        static_assert(index < count, "one of the alternatives");
        return index;
    }

    template <class T>
    static T const* get(void const* p) noexcept
    {
        return std::launder(static_cast<T const*>(p));
    }
    template <class T>
    static T* get(void* p) noexcept
    {
        return std::launder(static_cast<T*>(p));
    }

    template <class T>
    static void make(void* to) noexcept
    {
        static_assert(std::is_nothrow_default_constructible_v<T>);
        std::construct_at(static_cast<T*>(to));
    }
    template <class T>
    static void copy_to(void* to, void const* from)
    {
        std::construct_at(static_cast<T*>(to), *get<T>(from));
    }
    template <class T>
    static void move_to(void* to, void* from) noexcept
    {
        static_assert(std::is_nothrow_move_constructible_v<T>);
        std::construct_at(static_cast<T*>(to), std::move(*get<T>(from)));
    }
    template <class T>
    static void destroy_it(void* p) noexcept
    {
        std::destroy_at(get<T>(p));
    }
    template <class T>
    static bool are_equal(void const* a, void const* b)
    {
        return *get<T>(a) == *get<T>(b);
    }
    template <class Returned, class Visitor, class T>
    static Returned call(Visitor& visitor, void const* p)
    {
        static_assert(std::is_same_v<Returned, decltype(visitor(*get<T>(p)))>, "one type for all alternatives");
        return visitor(*get<T>(p));
    }
    template <class Returned, class Visitor, class T>
    static Returned call(Visitor& visitor, void* p)
    {
        static_assert(std::is_same_v<Returned, decltype(visitor(*get<T>(p)))>, "one type for all alternatives");
        return visitor(*get<T>(p));
    }

    void move_in(void* from) noexcept
    {
        static constexpr void (*move[])(void*, void*) = {move_to<Ts>...};
        move[index_](storage_, from);
    }
    void destroy() noexcept
    {
        static constexpr void (*destroy_each[])(void*) = {destroy_it<Ts>...};
        destroy_each[index_](storage_);
    }

    alignas(Ts...) std::byte storage_[std::max({sizeof(Ts)...})];
    std::size_t index_ = 0;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
