#pragma once

#include <bitshares/detail/config.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Bounds for everything read from outside. An excess is an error that names the limit.

    Memory: reading allocates at most a small multiple of the input's size: a count is believed only as far as the bytes
    behind it reach, and `max_memory_factor` and `max_memory_bytes` bound what the shortest elements (`{}`, `[0,{}]`, a single
    byte) can become.
*/
struct limits
{
    std::size_t max_depth = 200;          ///< Nested arrays and objects, or nested types in binary. Nodes have 200 too.
    std::size_t max_elements = 1'000'000; ///< Elements of one array, set or map.
    std::size_t max_string_bytes = 16 << 20; ///< Bytes of one string or byte array, after decoding.
    std::size_t max_total_bytes = 64 << 20;  ///< Bytes of the whole input. Nodes send frames of up to 32,000,000.
    std::size_t max_memory_factor = 48;      ///< Bytes that all elements take, for each of the input's. What a chain
        ///< holds takes 10, many tiny operations in bytes 33; short inputs may take 64 KiB (binary) and 4 MiB (JSON) more.
    std::size_t max_memory_bytes = 256 << 20; ///< Bytes that all elements take, whatever the input's size.
};

namespace detail {

/// Bytes that the elements of an input may take. @param free What short inputs may take beyond the factor.
inline std::size_t memory_limit(limits const& l, std::size_t input, std::size_t free) noexcept
{
    return input < l.max_memory_bytes / std::max<std::size_t>(1, l.max_memory_factor)
               ? std::min(l.max_memory_bytes, l.max_memory_factor * input + free)
               : l.max_memory_bytes;
}

inline std::string memory_limit_detail(limits const& l)
{
    return std::to_string(l.max_memory_factor) + " bytes for each byte, " + std::to_string(l.max_memory_bytes) +
           " in all";
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
