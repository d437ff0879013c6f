#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/request.hpp>

#include <array>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

struct argument
{
    type_info const* type; // null: a string_view
    void const* value;
};

/// JSON array of the arguments; absent optional ones are left out at the end and null before it.
BITSHARES_DECL std::string write_arguments(std::span<argument const> arguments, std::string_view key_prefix);

template <class T>
argument make_argument(T const& value)
{
    if constexpr (std::is_same_v<T, std::string_view>)
        return {nullptr, &value};
    else
        return {&type_of<T>, &value};
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// operator() for exactly these parameters, and by inheritance for those that a caller may leave out at the end.
template <class Derived, class R, class Parameters>
struct callable;

template <class Parameters>
struct shorter;
template <class... Ts>
struct shorter<std::tuple<Ts...>>
{
    template <std::size_t... I>
    static std::tuple<std::tuple_element_t<I, std::tuple<Ts...>>...> cut(std::index_sequence<I...>);
    using type = decltype(cut(std::make_index_sequence<sizeof...(Ts) - 1>()));
};

template <class Parameters>
constexpr bool ends_optional()
{
    if constexpr (std::tuple_size_v<Parameters> == 0)
        return false;
    else
        return is_optional<std::tuple_element_t<std::tuple_size_v<Parameters> - 1, Parameters>>;
}

template <class Derived, class R, class... Args>
    requires(!ends_optional<std::tuple<Args...>>())
struct callable<Derived, R, std::tuple<Args...>>
{
    request<R> operator()(Args const&... args) const
    {
        return static_cast<Derived const&>(*this).for_prefix("BTS", args...);
    }
};

template <class Derived, class R, class... Args>
    requires(ends_optional<std::tuple<Args...>>())
struct callable<Derived, R, std::tuple<Args...>> : callable<Derived, R, typename shorter<std::tuple<Args...>>::type>
{
    using callable<Derived, R, typename shorter<std::tuple<Args...>>::type>::operator();

    request<R> operator()(Args const&... args) const
    {
        return static_cast<Derived const&>(*this).for_prefix("BTS", args...);
    }
};

} // namespace detail

template <class Signature>
class method;

/** An API method of a node: the one line that makes it callable.

    `inline constexpr method<std::optional<account_object>(std::string_view)> get_account_by_name{"database", "get_account_by_name"};`
    Called with its parameters it makes a @ref request; optional ones may be left out at the end. Parameters are serialised
    at once, so no argument needs to live longer than the call.
*/
template <class R, class... Args>
class method<R(Args...)> : public detail::callable<method<R(Args...)>, R, std::tuple<Args...>>
{
public:
    constexpr method(std::string_view api, std::string_view name) : api_(api), name_(name) {}

    constexpr std::string_view api() const noexcept { return api_; }
    constexpr std::string_view name() const noexcept { return name_; }

    /// As `operator()`, with keys and addresses written for another network than the main one.
    template <class... Given>
    request<R> for_prefix(std::string_view key_prefix, Given const&... args) const
    {
        std::array<detail::argument, sizeof...(Given)> const list{detail::make_argument(args)...};
        return request<R>(api_, name_, detail::write_arguments(list, key_prefix));
    }

private:
    std::string_view api_;
    std::string_view name_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/rpc/method.ipp>
#endif
