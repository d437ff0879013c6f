// Base58 in both directions, and the reader for texts of a known size, which keys use: they agree about every text.

#include "support.hpp"

#include <bitshares/base/base58.hpp>

#include <algorithm>
#include <vector>

namespace bts = bitshares;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::text_of(data, size);
    fuzz::memory_watch const memory;
    auto const read = bts::from_base58(text);
    require(memory.peak() <= fuzz::allowed_memory(size), "reading takes memory for what is there");
    if (read)
    {
        require(read->size() <= size, "a digit is less than a byte");
        require(bts::to_base58(*read) == text, "one text for each value");
    }
    else if (size <= 4096)
        require(read.error().code() == bts::errc::invalid_base58, "only a foreign character is wrong");
    // The reader for a known size finds the same bytes, at that size and no other.
    for (std::size_t wanted :
         {std::size_t{0}, std::size_t{24}, std::size_t{37}, std::size_t{64}, read ? read->size() : 1})
    {
        if (wanted > 64)
            continue;
        std::vector<std::uint8_t> exact(wanted);
        bool const good = bts::detail::read_base58(text, exact);
        require(good == (read && read->size() == wanted && size <= 90), "the size decides");
        require(!good || std::equal(exact.begin(), exact.end(), read->begin()), "both readers agree");
    }
    if (size <= 2900)
        require(bts::from_base58(bts::to_base58({data, size})).value() == bts::bytes(data, data + size),
                "all bytes survive");
    return 0;
}
