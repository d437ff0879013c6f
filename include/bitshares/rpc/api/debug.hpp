#pragma once

#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/rpc/method.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Changes a node's own copy of a chain; needs the debug_witness plugin. For test nodes alone.
namespace debug {

/// Applies `count` blocks of another chain's files.
inline constexpr method<void(std::string_view src_filename, std::uint32_t count)> debug_push_blocks{
    "debug", "debug_push_blocks"};

/// Makes `count` blocks, signed by a private key in WIF.
inline constexpr method<void(std::string_view debug_key, std::uint32_t count)> debug_generate_blocks{
    "debug", "debug_generate_blocks"};

/// Changes members of an object, which `update` names by `id`; it is done again for every block.
inline constexpr method<void(raw_json update)> debug_update_object{"debug", "debug_update_object"};

/// Writes every changed object into a file of the node.
inline constexpr method<void(std::string_view filename)> debug_stream_json_objects{"debug",
                                                                                   "debug_stream_json_objects"};

/// Flushes that file.
inline constexpr method<void()> debug_stream_json_objects_flush{"debug", "debug_stream_json_objects_flush"};

} // namespace debug

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
