#if __has_include(<bitshares/src_websocket.hpp>) // until the transport is there
#include <bitshares/src_websocket.hpp>
#endif
