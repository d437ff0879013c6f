// Bytes as the binary form of bitshares::signed_block.

#include "unpack.hpp"

#include <bitshares/protocol/block.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    fuzz::unpack_target<bitshares::signed_block>(data, size);
    return 0;
}
