// Text as the JSON of a page of an account's history.

#include "json.hpp"

#include <bitshares/protocol/objects.hpp>

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    fuzz::json_target<std::vector<bitshares::operation_history_object>>(data, size);
    return 0;
}
