#include "app.hpp"

#include <cstdio>

int main()
{
    std::string const json = R"({"amount":"5000000000","asset_id":"1.3.0"})";
    auto const asset = bitshares::from_json<bitshares::asset>(json);
    if (!asset || bitshares::to_json(*asset) != json)
    {
        std::fprintf(stderr, "JSON does not come back\n");
        return 1;
    }
    std::string const packed = bitshares::to_hex(bitshares::pack(*asset).value());
    if (packed != "00f2052a0100000000" || packed != second_unit(json))
    {
        std::fprintf(stderr, "packed as %s here, as %s in the other unit\n", packed.c_str(), second_unit(json).c_str());
        return 1;
    }
    // Errors compare by the address of their category: two copies of it would make equal errors differ.
    if (&bitshares::client_category() != &second_category())
    {
        std::fprintf(stderr, "the units have an error category each\n");
        return 1;
    }
#ifdef APP_WEBSOCKET
    if (!bitshares::websocket() || !second_websocket())
        return 1;
#endif
#ifdef BITSHARES_SEPARATE_COMPILATION
    char const* const way = "compiled";
#else
    char const* const way = "header-only";
#endif
    std::printf("bitshares %s, %s: ok\n", bitshares::version, way);
    return 0;
}
