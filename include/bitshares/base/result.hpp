#pragma once

#include <bitshares/base/error.hpp>

#include <cassert>
#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A value or the error that took its place: with @ref error what functions of this library give, with @ref node_error
    what a node answers (@ref reply).

    `if (r)`, `*r`, `r.error()`; `r.value()` throws what belongs to the error (@ref exception, @ref node_refused).
    Its interface is that of `boost::system::result`, as far as it is needed here. That one is made of a variant which costs a
    compiler 2.4 MB and 20 ms for each type of value, and there are more than 80: a fifth of what including the library cost.

    @tparam T The value; `void` where there is none.
    @tparam E The error; its move does not throw.
*/
template <class T, class E = error>
class result
{
public:
    using value_type = T;
    using error_type = E;

    result()
        requires std::default_initializable<T>
        : has_value_(true), value_()
    {}

    template <class U = T>
        requires(std::is_convertible_v<U, T> && !std::is_convertible_v<U, E>)
    result(U&& value) // NOLINT(google-explicit-constructor): `return value;`
        : has_value_(true), value_(std::forward<U>(value))
    {}

    template <class U>
        requires(std::is_convertible_v<U, E> && !std::is_convertible_v<U, T>)
    result(U&& error) // NOLINT(google-explicit-constructor): `return error;`
        : has_value_(false), error_(std::forward<U>(error))
    {}

    result(std::in_place_t, T&& value) : has_value_(true), value_(std::move(value)) {}

    result(result const& other)
        requires std::is_copy_constructible_v<T>
        : has_value_(other.has_value_)
    {
        if (has_value_)
            std::construct_at(std::addressof(value_), other.value_);
        else
            std::construct_at(std::addressof(error_), other.error_);
    }

    result(result&& other) noexcept : has_value_(other.has_value_)
    {
        if (has_value_)
            std::construct_at(std::addressof(value_), std::move(other.value_));
        else
            std::construct_at(std::addressof(error_), std::move(other.error_));
    }

    result& operator=(result const& other)
        requires std::is_copy_constructible_v<T>
    {
        return *this = result(other);
    }

    result& operator=(result&& other) noexcept
    {
        if (this != &other)
        {
            std::destroy_at(this);
            std::construct_at(this, std::move(other));
        }
        return *this;
    }

    ~result()
    {
        if (has_value_)
            std::destroy_at(std::addressof(value_));
        else
            std::destroy_at(std::addressof(error_));
    }

    bool has_value() const noexcept { return has_value_; }
    bool has_error() const noexcept { return !has_value_; }
    explicit operator bool() const noexcept { return has_value_; }

    T& operator*() & noexcept { return assert(has_value_), value_; }
    T const& operator*() const& noexcept { return assert(has_value_), value_; }
    T operator*() && { return assert(has_value_), std::move(value_); } // no reference: `for (auto& x : *f())`
    T* operator->() noexcept { return assert(has_value_), std::addressof(value_); }
    T const* operator->() const noexcept { return assert(has_value_), std::addressof(value_); }

    T& value() &
    {
        check();
        return value_;
    }
    T const& value() const&
    {
        check();
        return value_;
    }
    T value() &&
    {
        check();
        return std::move(value_);
    }

    /// The error; an empty one where there is a value.
    E error() const& { return has_value_ ? E() : error_; }
    E error() && { return has_value_ ? E() : std::move(error_); }

private:
    void check() const
    {
        if (!has_value_)
            throw_exception_from_error(error_);
    }

    bool has_value_;
    union
    {
        T value_;
        E error_;
    };
};

/// Success, or the error.
template <class E>
class result<void, E>
{
public:
    using value_type = void;
    using error_type = E;

    result() = default;

    template <class U>
        requires std::is_convertible_v<U, E>
    result(U&& error) // NOLINT(google-explicit-constructor): `return error;`
        : has_value_(false), error_(std::forward<U>(error))
    {}

    bool has_value() const noexcept { return has_value_; }
    bool has_error() const noexcept { return !has_value_; }
    explicit operator bool() const noexcept { return has_value_; }

    void value() const
    {
        if (!has_value_)
            throw_exception_from_error(error_);
    }

    E error() const& { return error_; }
    E error() && { return std::move(error_); }

private:
    bool has_value_ = true;
    E error_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
