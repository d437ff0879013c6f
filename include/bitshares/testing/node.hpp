#pragma once

#include <bitshares/testing/certificate.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/node_service.hpp>
#include <bitshares/testing/node_session.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {
class node_server;
}

/// What kind of node it is. The defaults: a quick and honest one, without TLS.
struct node_options
{
    std::string address = "127.0.0.1";  ///< Of the loopback, 127.0.0.0/8.
    std::uint16_t port = 0;             ///< 0: a free one.
    std::optional<certificate> tls;     ///< `wss` with this certificate; otherwise `ws`.
    std::chrono::milliseconds delay{0}; ///< Before each reply.

    /// Replies that a connection gets before it is dropped, without a word, in place of the next; empty: all.
    std::optional<std::uint64_t> drop_after;

    /// Says the time in HTTP's `Date`, which is so far ahead of this machine's clock; empty: no word of it, as nodes without a
    /// web server before them.
    std::optional<std::chrono::seconds> date_ahead;

    testing::faults faults; ///< What is wrong with it from the beginning; see @ref node::set_faults.

    std::size_t max_message = 32'000'000; ///< Bytes; a larger message closes the connection with 1009.

    /// Called in the node's thread with each message, before the node answers; with a result, the node does not.
    std::function<std::optional<node_reply>(std::string_view frame)> on_request;
};

/** A node in this process, on the loopback: a WebSocket server that answers from a data set, with or without TLS.

    HTTP POST on the same port is answered, too, as nodes do. It has a thread of its own.

    @par Thread safety
    All functions may be called from any thread but the node's own.
*/
class node
{
public:
    /** Starts listening; when the constructor returns, clients can connect.
        @throws exception The address is not of the loopback, the port is taken, or the certificate is damaged.
    */
    BITSHARES_DECL explicit node(std::shared_ptr<data_set const> data, node_options options = {});

    /// Serves something else, such as a @ref chain. @throws exception As above.
    BITSHARES_DECL explicit node(std::shared_ptr<node_service> service, node_options options = {});
    node(node const&) = delete;
    node& operator=(node const&) = delete;

    BITSHARES_DECL ~node(); ///< As @ref stop.

    BITSHARES_DECL void stop();  ///< Drops all connections and frees the port. Nothing where it has stopped already.
    BITSHARES_DECL void start(); ///< Listens again after @ref stop, on the same port.

    BITSHARES_DECL std::uint16_t port() const;
    BITSHARES_DECL std::string url() const; ///< Such as `ws://127.0.0.1:port` or `wss://127.0.0.1:port`.

    BITSHARES_DECL void drop_connections();      ///< Without a word; new ones are accepted.
    BITSHARES_DECL void send(std::string frame); ///< To every connected WebSocket client, such as a notice.

    /** Makes it misbehave: these faults and no others, from the return of this function on, @ref stop and @ref start
        included. Members say what becomes of connections that are open.
        @throws exception A certificate cannot be made, or the port was taken while it was closed.
    */
    BITSHARES_DECL void set_faults(faults wrong);
    BITSHARES_DECL void clear_faults(); ///< It behaves again.

    BITSHARES_DECL std::uint64_t requests() const;    ///< Messages received so far.
    BITSHARES_DECL std::uint64_t connections() const; ///< Connections accepted so far.

private:
    std::unique_ptr<detail::node_server> server_;
};

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/node.ipp>
#endif
