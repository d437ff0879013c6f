#pragma once

#include <bitshares/detail/config.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/// What a test lets a node do instead of answering. Frames are sent first, then the connection is ended.
struct node_reply
{
    std::vector<std::string> frames;         ///< Texts to send, in order; none: silence.
    std::optional<std::uint16_t> close_code; ///< Then a close frame with this code.
    bool drop = false;                       ///< Then the connection is dropped without a word.
    std::chrono::milliseconds delay{0};      ///< Before all of this; other requests are answered meanwhile.
};

/** What a @ref node serves: it answers the frames of each connection, and may speak of its own accord.

    Knows no sockets: @ref connect can be called by a test itself.
    @par Thread safety
    Each connection is used by one thread at a time; different ones, and `connect`, by any.
*/
class node_service
{
public:
    /// Takes what is said later than the answer itself; called by any thread, never after the connection is gone.
    using sink = std::function<void(node_reply)>;

    /// One client's connection.
    class connection
    {
    public:
        connection() = default;
        connection(connection const&) = delete;
        connection& operator=(connection const&) = delete;
        virtual ~connection() = default; ///< When it returns, the sink is not being called and will not be.

        /** The reply to a frame; nothing where a node says nothing, or says it later through the sink.

            What the sink got before this function returns is said before the reply.
        */
        virtual std::optional<std::string> answer(std::string_view frame) = 0;
    };

    node_service() = default;
    node_service(node_service const&) = delete;
    node_service& operator=(node_service const&) = delete;
    virtual ~node_service() = default;

    virtual std::unique_ptr<connection> connect(sink send) = 0;
};

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
