#include "app.hpp"

std::string second_unit(std::string const& json)
{
    return bitshares::to_hex(bitshares::pack(bitshares::from_json<bitshares::asset>(json).value()).value());
}

boost::system::error_category const& second_category()
{
    return bitshares::client_category();
}

#ifdef APP_WEBSOCKET
bitshares::transport_factory second_websocket()
{
    return bitshares::websocket();
}
#endif
