#pragma once

#include "support.hpp"

#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/public_key.hpp>

#include <algorithm>
#include <optional>

namespace fuzz {

/** Whatever unpacks packs again to bytes that unpack to the same: exactly those read where they were canonical, otherwise
    fewer (overlong counts, sets out of order). JSON carries it, too, unless a string in it is not UTF-8.
*/
template <class T>
void unpack_target(std::uint8_t const* data, std::size_t size)
{
    namespace bts = bitshares;
    static bts::address const openssl_is_ready = bts::address_of({}); // what it takes once is not the input's
    static_cast<void>(openssl_is_ready);
    std::optional<bts::result<T>> value;
    {
        memory_watch const memory;
        value.emplace(bts::unpack<T>({data, size}));
        if (memory.peak() > allowed_memory(size))
            std::fprintf(stderr, "%zu bytes of memory for %zu bytes\n", memory.peak(), size);
        require(memory.peak() <= allowed_memory(size), "memory is bounded by the input's size");
    }
    if (!*value)
        return;
    auto const packed = bts::pack(**value);
    require(packed.has_value(), "what was unpacked can be packed");
    require(packed->size() <= size, "packing gives the shortest form");
    auto const again = bts::unpack<T>(*packed);
    require(again.has_value(), "what was packed can be unpacked");
    require(bts::pack(*again).value() == *packed, "the canonical form is its own canonical form");

    auto const json = bts::to_json(**value);
    auto const read = bts::from_json<T>(json);
    if (!read)
        return require(read.error().code() == bts::errc::invalid_json || read.error().code() == bts::errc::depth_limit,
                       "JSON refuses only what is not UTF-8, or too deep");
    require(bts::pack(*read).value() == *packed, "JSON carries the whole value");
}

} // namespace fuzz
