#pragma once

#include <bitshares/net/proxy.hpp>
#include <bitshares/net/resolver.hpp>
#include <bitshares/net/tls.hpp>
#include <bitshares/net/transport.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// How WebSocket connections are made.
class websocket_options
{
public:
    using duration = std::chrono::milliseconds;

    websocket_options() = default;

    websocket_options& tls(tls_options options)
    {
        tls_ = std::move(options);
        return *this;
    }
    /// Connects through a proxy.
    websocket_options& through(proxy through)
    {
        proxy_ = std::move(through);
        return *this;
    }
    /// Shared by the connections made with these options. Default: one @ref make_resolver for each `websocket()`.
    websocket_options& resolver(std::shared_ptr<bitshares::resolver> resolver)
    {
        resolver_ = std::move(resolver);
        return *this;
    }
    /// Bytes of one message read. Default 33 MiB: nodes send up to 32,000,000.
    websocket_options& max_message_bytes(std::size_t size)
    {
        max_message_bytes_ = size;
        return *this;
    }
    /// For everything from the look-up of the name to the end of the WebSocket handshake. Default 8 s, less than a call has.
    websocket_options& handshake_timeout(duration d)
    {
        handshake_timeout_ = d;
        return *this;
    }
    /// Silence of the other side after which the connection counts as lost; half of it before, a ping is sent.
    /// Zero: never. Default 30 s.
    websocket_options& idle_timeout(duration d)
    {
        idle_timeout_ = d;
        return *this;
    }

    tls_options const& tls() const noexcept { return tls_; }
    std::optional<proxy> const& through() const noexcept { return proxy_; }
    std::shared_ptr<bitshares::resolver> const& resolver() const noexcept { return resolver_; }
    std::size_t max_message_bytes() const noexcept { return max_message_bytes_; }
    duration handshake_timeout() const noexcept { return handshake_timeout_; }
    duration idle_timeout() const noexcept { return idle_timeout_; }

private:
    tls_options tls_;
    std::optional<proxy> proxy_;
    std::shared_ptr<bitshares::resolver> resolver_;
    std::size_t max_message_bytes_ = std::size_t{33} << 20;
    duration handshake_timeout_{8000};
    duration idle_timeout_{30000};
};

/** @fn transport_factory websocket(websocket_options options)
    Makes transports over WebSocket, `ws` and `wss`.

    Header-only it is a template, so that only a unit that calls it compiles Beast's templates (20 s and more); call it in
    one unit of your program, or link `bitshares::compiled`.

    @par Errors of the transports
    @li `errc::name_not_found`, `errc::resolver_busy`: from the resolver.
    @li The system's codes, such as `connection_refused`, of the last address tried.
    @li `errc::proxy_refused`, `errc::certificate_rejected`, `errc::tls_failed`, `errc::handshake_refused`: the detail says why.
    @li `errc::timed_out`: the handshakes took too long, or the other side fell silent.
    @li `errc::connection_closed`: by the other side.
    @li `errc::message_too_large`: a message beyond the limit; the connection is lost.
    @li `errc::invalid_reply`: frames that break the WebSocket protocol, or text that is not UTF-8.
*/
#ifdef BITSHARES_HEADER_ONLY
template <class Dependent = void>
transport_factory websocket(websocket_options options = {});
#else
transport_factory websocket(websocket_options options = {});
#endif

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/websocket.ipp>
#endif
