// Text as the JSON of an operation, read strictly and as from a node.

#include "json.hpp"

#include <bitshares/protocol/operation.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    fuzz::json_target<bitshares::operation>(data, size);
    return 0;
}
