#pragma once

#include <bitshares/detail/config.hpp>

#include <cstddef>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Bounds for everything read from outside. An excess is an error that names the limit.

    Memory: reading allocates at most a small multiple of the input's size: a count is believed only as far as the bytes
    behind it reach, and `max_memory_factor` bounds what the shortest elements (`{}`, `[0,{}]`, a single byte) can become.
*/
struct limits
{
    std::size_t max_depth = 200;          ///< Nested arrays and objects, or nested types in binary. Nodes have 200 too.
    std::size_t max_elements = 1'000'000; ///< Elements of one array, set or map.
    std::size_t max_string_bytes = 16 << 20; ///< Bytes of one string or byte array, after decoding.
    std::size_t max_total_bytes = 64 << 20;  ///< Bytes of the whole input. Nodes send frames of up to 32,000,000.
    std::size_t max_memory_factor = 48;      ///< Bytes that all elements take, for each of the input's. What a chain
        ///< holds takes 10; short inputs may take 64 KiB (binary) and 4 MiB (JSON) more.
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
