#include <bitshares/src_websocket.hpp>
