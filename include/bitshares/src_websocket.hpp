#pragma once

/** @file
    What speaks over the network, WebSocket and HTTP, for separate compilation: exactly one unit of the program includes it,
    another than the one that includes <bitshares/src.hpp>, so that both compile at the same time.
*/

#ifndef BITSHARES_SEPARATE_COMPILATION
#error define BITSHARES_SEPARATE_COMPILATION for the whole program to use this file
#endif

#include <bitshares/impl/net/http_client.ipp>
#include <bitshares/impl/net/websocket.ipp>
