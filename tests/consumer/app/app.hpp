#pragma once

#include <bitshares/bitshares.hpp>

#ifdef APP_WEBSOCKET
#include <bitshares/net/websocket.hpp>
#endif

#include <string>

// Defined in second.cpp: both units use the same inline functions, and one program must hold one of each.
std::string second_unit(std::string const& json);
boost::system::error_category const& second_category();
#ifdef APP_WEBSOCKET
bitshares::transport_factory second_websocket();
#endif
