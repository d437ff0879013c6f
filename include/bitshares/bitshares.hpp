#pragma once

/** @file
    The library, but for what is named on purpose: <bitshares/net/websocket.hpp> (the transport; it includes Beast),
    <bitshares/testing/...> (a node on the loopback).
*/

#include <bitshares/base/base58.hpp>
#include <bitshares/base/bytes.hpp>
#include <bitshares/base/error.hpp>
#include <bitshares/base/flat_set.hpp>
#include <bitshares/base/hash.hpp>
#include <bitshares/base/hex.hpp>
#include <bitshares/base/limits.hpp>
#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>
#include <bitshares/base/varint.hpp>
#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/uint128.hpp>
#include <bitshares/protocol/vote_id.hpp>
#include <bitshares/version.hpp>
