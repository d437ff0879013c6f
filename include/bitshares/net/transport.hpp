#pragma once

#include <bitshares/base/error.hpp>
#include <bitshares/net/logger.hpp>
#include <bitshares/net/node_url.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace asio = boost::asio;

/** A connection that carries whole messages of text; the clients see nothing else of the network.

    At most one operation of each kind at a time. Handlers are called on the transport's executor, never inside the
    initiating function; their associated executors are not looked at. Pings, time-outs of the handshake and of silence are
    the transport's own business. Not thread-safe: all calls come from the executor's thread or strand.
*/
class transport
{
public:
    transport() = default;
    transport(transport const&) = delete;
    transport& operator=(transport const&) = delete;

    /// Drops the connection; outstanding operations complete with an error soon after.
    virtual ~transport() = default;

    /// Makes the connection, with all its handshakes. Once in a transport's life.
    virtual void async_connect(asio::any_completion_handler<void(error_code)> handler) = 0;

    /// Reads one whole message, which stays valid until the next `async_read` or the transport's end.
    virtual void async_read(asio::any_completion_handler<void(error_code, std::string_view)> handler) = 0;

    /// Writes one message, which must stay valid until completion.
    virtual void async_write(std::string_view message, asio::any_completion_handler<void(error_code)> handler) = 0;

    /// Takes leave of the other side, waiting for its answer a short time only; ends outstanding operations.
    virtual void async_close(asio::any_completion_handler<void(error_code)> handler) = 0;

    /// Drops the connection at once; outstanding operations complete with an error.
    virtual void close() noexcept = 0;

    /// What is known of the last error beyond its code, such as an HTTP status or why a certificate was rejected. While the
    /// connection is being made: what it waits for, such as `"the TLS handshake"`.
    virtual std::string detail() const = 0;

    /// What the other side said the time is when the connection was made, as HTTP's `Date` does: seconds since 1970. Empty
    /// where it said nothing.
    virtual std::optional<std::int64_t> date() const { return std::nullopt; }
};

/// Makes the transport of a client for each of its connections.
using transport_factory =
    std::function<std::unique_ptr<transport>(asio::any_io_executor const&, node_url const&, logger const&)>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
