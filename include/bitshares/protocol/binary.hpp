#pragma once

#include <bitshares/base/limits.hpp>
#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>

#include <span>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL result<void> pack_value(type_info const& type, void const* value, bytes& out);
BITSHARES_DECL result<void> unpack_value(type_info const& type, void* value, std::span<std::uint8_t const> data,
                                         limits const& limits);

} // namespace detail

/** Appends the binary form of `value` to `out`, as bitshares-core serialises it.

    @par Errors
    @li `errc::unknown_tag`: the value holds an @ref unknown_alternative, whose binary form nobody here knows.
    @li `errc::wrong_type`: the value holds a @ref raw_json or another type that has no binary form.
    @li `errc::depth_limit`: nested deeper than `limits{}.max_depth`.
    On an error `out` is as before.
    @par Source
    bitshares-core, `fc::raw` and the `FC_REFLECT` of each type.
*/
template <class T>
result<void> pack(T const& value, bytes& out)
{
    return detail::pack_value(detail::type_of<T>, &value, out);
}

/// The binary form of `value`. @par Errors As above.
template <class T>
result<bytes> pack(T const& value)
{
    bytes out;
    if (auto const r = detail::pack_value(detail::type_of<T>, &value, out); !r)
        return r.error();
    return out;
}

/** A value of exactly `data`.

    Sets and maps are sorted and freed of duplicates as the node does before it hashes.
    @par Errors
    @li `errc::unexpected_end`, `errc::trailing_bytes`: fewer or more bytes than the value has.
    @li `errc::unknown_tag`, `errc::unordered_tag`, `errc::invalid_bool`, `errc::varint_overflow`, `errc::value_out_of_range`
    @li The limits.
    The error's path leads to the member.
    @par Complexity
    Memory: as `limits::max_memory_factor` says.
*/
template <class T>
result<T> unpack(std::span<std::uint8_t const> data, limits const& limits = {})
{
    T value{};
    if (auto const r = detail::unpack_value(detail::type_of<T>, &value, data, limits); !r)
        return r.error();
    return value;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/binary.ipp>
#endif
