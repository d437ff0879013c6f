#pragma once

#include <bitshares/base/result.hpp>

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Where an HTTP server is: `http://[user:password@]host[:port][/path]` or `https://...`.

    User and password are taken out of the text (percent-decoded) and sent to this server only; nothing prints them. Over
    `http` they are sent as they are, for whoever sits on the line to read.
*/
class http_url
{
public:
    /// @throws exception `errc::invalid_url`, as @ref from_string.
    http_url(std::string_view text); // NOLINT(google-explicit-constructor): lists of URLs are written as texts
    http_url(char const* text) : http_url(std::string_view(text)) {}        // NOLINT(google-explicit-constructor)
    http_url(std::string const& text) : http_url(std::string_view(text)) {} // NOLINT(google-explicit-constructor)

    /** Reads a URL. Blanks, a query, a fragment and broken percent-encoding are errors.

        @par Errors
        @li `errc::invalid_url`: the detail says what is wrong; it never repeats credentials.
    */
    BITSHARES_DECL static result<http_url> from_string(std::string_view text);

    bool secure() const noexcept { return secure_; }           ///< `https`: over TLS.
    std::string const& host() const noexcept { return host_; } ///< Name or address, without brackets.
    std::uint16_t port() const noexcept { return port_; }      ///< 80 or 443 where the text has none.
    std::string const& path() const noexcept { return path_; } ///< Stands before every target; no `/` at its end.
    std::string const& user() const noexcept { return user_; } ///< Empty where the URL names none.
    std::string const& password() const noexcept { return password_; } ///< Empty where the URL names none.

    /// `host`, with brackets and port as far as needed: the value of an HTTP `Host` field.
    BITSHARES_DECL std::string authority() const;

    /// The URL without credentials and without a default port: for people and logs.
    BITSHARES_DECL std::string to_string() const;

    friend bool operator==(http_url const&, http_url const&) = default;

private:
    http_url() = default;

    bool secure_ = false;
    std::uint16_t port_ = 0;
    std::string host_;
    std::string path_;
    std::string user_;
    std::string password_;
};

inline http_url::http_url(std::string_view text) : http_url(from_string(text).value()) {}

/// Writes @ref http_url::to_string.
BITSHARES_DECL std::ostream& operator<<(std::ostream& out, http_url const& url);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/http_url.ipp>
#endif
