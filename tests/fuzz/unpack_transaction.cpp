// Bytes as the binary form of bitshares::signed_transaction.

#include "unpack.hpp"

#include <bitshares/protocol/transaction.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    fuzz::unpack_target<bitshares::signed_transaction>(data, size);
    return 0;
}
