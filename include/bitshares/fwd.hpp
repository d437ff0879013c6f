#pragma once

/** @file
    The names that other headers pass around by reference, for headers that need no more than the name.
*/

#include <bitshares/version.hpp>

#include <cstddef>
#include <cstdint>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

// base
class error;
class exception;
struct limits;

// protocol
template <std::uint8_t Space, std::uint8_t Type>
struct object_id;
struct any_object_id;
struct address;
struct asset;
struct authority;
struct block_header;
struct json_options;
struct memo_data;
struct network;
struct price;
struct processed_transaction;
struct public_key;
struct raw_json;
struct signed_block;
struct signed_block_header;
struct signed_transaction;
struct time_point_sec;
struct transaction;
template <class Dependent>
struct basic_operation;

// crypto
class private_key;
template <std::size_t Size>
class secret;
template <class T>
class secure_buffer;

// rpc and net
template <class R>
class request;
class node_error;
class session;
class node_url;
class node_list;
class transport;
class resolver;
class client;
class client_options;
class blocking_client;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
