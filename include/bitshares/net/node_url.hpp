#pragma once

#include <bitshares/base/result.hpp>

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Where a node listens: `ws://host[:port][/path]` or `wss://...`.

    Scheme and host are kept in lower case; an IPv6 address stands in brackets in the text, without them in @ref host.
    Credentials are refused, because URLs end up in logs.
*/
class node_url
{
public:
    /// @throws exception `errc::invalid_url`, as @ref from_string.
    node_url(std::string_view text); // NOLINT(google-explicit-constructor): lists of URLs are written as texts
    node_url(char const* text) : node_url(std::string_view(text)) {}        // NOLINT(google-explicit-constructor)
    node_url(std::string const& text) : node_url(std::string_view(text)) {} // NOLINT(google-explicit-constructor)

    /** Reads a URL.

        @par Errors
        @li `errc::invalid_url`: the detail says what is wrong; it never repeats credentials.
    */
    BITSHARES_DECL static result<node_url> from_string(std::string_view text);

    bool secure() const noexcept { return secure_; }               ///< `wss`: over TLS.
    std::string const& host() const noexcept { return host_; }     ///< Name or address, without brackets.
    std::uint16_t port() const noexcept { return port_; }          ///< 80 or 443 where the text has none.
    std::string const& target() const noexcept { return target_; } ///< Path and query; at least `/`.

    /// Whether the text had a path or a query; without one, nobody said where at the host the node listens.
    bool has_path() const noexcept { return has_path_; }

    /// `host`, with brackets and port as far as needed: the value of an HTTP `Host` field.
    BITSHARES_DECL std::string authority() const;

    /// The URL, without a default port and without a path that is only `/`.
    BITSHARES_DECL std::string to_string() const;

    /// Of the same place; whether its path `/` was written makes no difference.
    friend bool operator==(node_url const& a, node_url const& b) noexcept
    {
        return a.secure_ == b.secure_ && a.port_ == b.port_ && a.host_ == b.host_ && a.target_ == b.target_;
    }

private:
    node_url() = default;

    bool secure_ = false;
    bool has_path_ = false;
    std::uint16_t port_ = 0;
    std::string host_;
    std::string target_;
};

inline node_url::node_url(std::string_view text) : node_url(from_string(text).value()) {}

/// Writes @ref node_url::to_string.
BITSHARES_DECL std::ostream& operator<<(std::ostream& out, node_url const& url);

namespace detail {

struct host_and_port
{
    std::string host;
    std::string_view port; // empty: none given
};

/// Splits and checks `host`, `host:port`, `[v6]:port`.
BITSHARES_DECL result<host_and_port> read_authority(std::string_view text);

BITSHARES_DECL result<std::uint16_t> read_port(std::string_view text, std::uint16_t otherwise);

/// Brackets around an IPv6 address.
BITSHARES_DECL std::string bracketed(std::string_view host);

BITSHARES_DECL std::string to_lower(std::string_view text);

/// Of credentials in a URL.
BITSHARES_DECL result<std::string> percent_decode(std::string_view text);

/// RFC 4648, section 4.
BITSHARES_DECL std::string base64(std::string_view text);

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/node_url.ipp>
#endif
