#pragma once

#include <bitshares/detail/config.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/** @file
    The server's side of RFC 6455 as bytes in and out: a test node must be able to say wrong things, and what a client
    says must be judged by other code than the client's own.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/// What a frame is, by RFC 6455.
enum class websocket_opcode : std::uint8_t
{
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10
};

/// A whole message or a control frame from a client; or why the connection must be closed.
struct websocket_event
{
    websocket_opcode opcode = websocket_opcode::text;
    std::string payload;    ///< Of `close`: the reason.
    std::uint16_t code = 0; ///< Of `close`: 1005 where the client gave none. Of a violation: what to close with.
    bool violation = false; ///< The client broke the protocol or a limit; nothing behind it is read.
};

/// Takes the bytes that a client sends behind its handshake.
class websocket_reader
{
public:
    /// @param max_message Bytes; a larger message is a violation with code 1009.
    explicit websocket_reader(std::size_t max_message) : max_message_(max_message) {}

    void feed(std::string_view bytes) { buffer_.append(bytes); }

    /// The next event in what was fed; nothing where more bytes are needed.
    BITSHARES_DECL std::optional<websocket_event> next();

private:
    BITSHARES_DECL websocket_event violation(std::uint16_t code, char const* reason);

    std::size_t max_message_;
    std::string buffer_;
    std::size_t offset_ = 0;
    std::string message_;
    std::optional<websocket_opcode> fragmented_;
    bool failed_ = false;
};

/// Appends a whole unmasked frame.
BITSHARES_DECL void append_frame(std::string& out, websocket_opcode opcode, std::string_view payload);

/// Appends a close frame.
BITSHARES_DECL void append_close(std::string& out, std::uint16_t code, std::string_view reason);

/// The `Sec-WebSocket-Accept` that answers a `Sec-WebSocket-Key`.
BITSHARES_DECL std::string websocket_accept(std::string_view key);

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/websocket_frames.ipp>
#endif
