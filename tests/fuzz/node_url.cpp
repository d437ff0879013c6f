// Text as a node's URL.

#include "support.hpp"

#include <bitshares/net/node_url.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const url = bitshares::node_url::from_string(fuzz::text_of(data, size));
    if (!url)
        return 0;
    auto const again = bitshares::node_url::from_string(url->to_string());
    fuzz::require(again.has_value(), "what was written can be read");
    fuzz::require(*again == *url, "a URL survives");
    fuzz::require(url->to_string().find_first_of("\r\n \t") == std::string::npos,
                  "nothing that could break out of a request");
    fuzz::require(url->port() != 0, "port 0 is no port");
    return 0;
}
