#pragma once

#include <bitshares/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A proxy in front of a node: SOCKS5 (RFC 1928, with the credentials of RFC 1929) or HTTP CONNECT.

    The node's name is resolved by the proxy, not here.
*/
class proxy
{
public:
    enum class protocol_type
    {
        socks5,
        http_connect
    };

    proxy(protocol_type protocol, std::string host, std::uint16_t port, std::string user = {},
          std::string password = {})
        : protocol_(protocol),
          port_(port),
          host_(std::move(host)),
          user_(std::move(user)),
          password_(std::move(password))
    {}

    /** Reads `socks5://[user:password@]host[:port]` or `http://...`; user and password may be percent-encoded.
        Port 1080 or 8080 where none is given.

        @par Errors
        @li `errc::invalid_url`: the detail never repeats the credentials.
    */
    BITSHARES_DECL static result<proxy> from_string(std::string_view text);

    protocol_type protocol() const noexcept { return protocol_; }
    std::string const& host() const noexcept { return host_; }
    std::uint16_t port() const noexcept { return port_; }
    std::string const& user() const noexcept { return user_; }
    std::string const& password() const noexcept { return password_; }

    /// Without the credentials: for people and logs.
    BITSHARES_DECL std::string to_string() const;

private:
    protocol_type protocol_;
    std::uint16_t port_;
    std::string host_;
    std::string user_;
    std::string password_;
};

namespace detail {

/** What is said to a proxy before the connection is the node's: sans-I/O.

    Write @ref output if it is not empty; then read and feed @ref received until it wants to write, is done or failed.
*/
class proxy_handshake
{
public:
    enum class state
    {
        write,
        read,
        done,
        failed
    };

    BITSHARES_DECL proxy_handshake(proxy const& proxy, std::string_view host, std::uint16_t port);

    state current() const noexcept { return state_; }

    /// Bytes to write in state `write`.
    std::string const& output() const noexcept { return output_; }
    BITSHARES_DECL void wrote();

    /// Takes bytes as they come, in state `read`.
    BITSHARES_DECL void received(std::string_view data);

    /// Why it failed, without credentials.
    std::string const& reason() const noexcept { return reason_; }

private:
    enum class step
    {
        greeting,
        credentials,
        connect,
        http
    };

    void fail(std::string why)
    {
        state_ = state::failed;
        reason_ = std::move(why);
    }
    void say(step next, std::string text)
    {
        step_ = next;
        output_ = std::move(text);
        state_ = state::write;
    }
    BITSHARES_DECL void request_connection();
    BITSHARES_DECL void advance();
    BITSHARES_DECL void advance_http();

    proxy proxy_;
    std::string host_;
    std::uint16_t port_;
    state state_ = state::write;
    step step_ = step::greeting;
    std::string output_;
    std::string input_;
    std::string reason_;
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/proxy.ipp>
#endif
