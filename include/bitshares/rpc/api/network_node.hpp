#pragma once

#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/rpc/method.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A node that this one is connected to.
struct peer_status
{
    std::uint32_t version = 0;
    std::string host; ///< `"ip:port"`.
    raw_json info;    ///< What it told about itself.

    friend bool operator==(peer_status const&, peer_status const&) = default;

    BITSHARES_FIELDS((version), (host), (info))
};

/// A node that this one knows of.
struct potential_peer_record
{
    std::string endpoint; ///< `"ip:port"`.
    time_point_sec last_seen_time;
    std::string last_connection_disposition; ///< Such as `"last_connection_succeeded"`.
    time_point_sec last_connection_attempt_time;
    std::uint32_t number_of_successful_connection_attempts = 0;
    std::uint32_t number_of_failed_connection_attempts = 0;
    std::optional<raw_json> last_error; ///< The node's exception.

    friend bool operator==(potential_peer_record const&, potential_peer_record const&) = default;

    BITSHARES_FIELDS((endpoint), (last_seen_time), (last_connection_disposition), (last_connection_attempt_time),
                     (number_of_successful_connection_attempts), (number_of_failed_connection_attempts), (last_error))
};

/// The node's peer-to-peer network; for its operator, protected by login.
namespace network_node {

/// Where the node listens, its key and how many connections it has.
inline constexpr method<raw_json()> get_info{"network_node", "get_info"};

/// Connects to the node at `"ip:port"`.
inline constexpr method<void(std::string_view ep)> add_node{"network_node", "add_node"};

/// The nodes that it is connected to.
inline constexpr method<std::vector<peer_status>()> get_connected_peers{"network_node", "get_connected_peers"};

/// The nodes that it knows of.
inline constexpr method<std::vector<potential_peer_record>()> get_potential_peers{"network_node",
                                                                                  "get_potential_peers"};

/// Settings of its network, by name.
inline constexpr method<raw_json()> get_advanced_node_parameters{"network_node", "get_advanced_node_parameters"};

/// Changes settings of its network; `params` is an object.
inline constexpr method<void(raw_json params)> set_advanced_node_parameters{"network_node",
                                                                            "set_advanced_node_parameters"};

} // namespace network_node

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
