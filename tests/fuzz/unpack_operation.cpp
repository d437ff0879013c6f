// Bytes as the binary form of bitshares::operation.

#include "unpack.hpp"

#include <bitshares/protocol/operation.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    fuzz::unpack_target<bitshares::operation>(data, size);
    return 0;
}
