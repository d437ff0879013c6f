#pragma once

#include <bitshares/net/http.hpp>
#include <bitshares/net/logger.hpp>
#include <bitshares/net/proxy.hpp>
#include <bitshares/net/resolver.hpp>
#include <bitshares/net/tls.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// How HTTP requests are sent.
class http_options
{
public:
    using duration = std::chrono::milliseconds;

    http_options() = default;

    http_options& tls(tls_options options)
    {
        tls_ = std::move(options);
        return *this;
    }
    /// Connects through a proxy.
    http_options& through(proxy through)
    {
        proxy_ = std::move(through);
        return *this;
    }
    /// Default: one @ref make_resolver for each client.
    http_options& resolver(std::shared_ptr<bitshares::resolver> resolver)
    {
        resolver_ = std::move(resolver);
        return *this;
    }
    /// For one try at one server, from the look-up of its name to the last byte of the answer. Default 30 s.
    http_options& attempt_timeout(duration d)
    {
        attempt_timeout_ = d;
        return *this;
    }
    /// For all tries of a request together, with the times between them. Default 3 min.
    http_options& call_timeout(duration d)
    {
        call_timeout_ = d;
        return *this;
    }
    /// How often a request is tried, on the average of all servers, at least once. Default 4.
    http_options& attempts(unsigned n)
    {
        attempts_ = n;
        return *this;
    }
    /** How long a server is left alone that failed: first after one failure, doubled with each one that follows, up to
        `longest`. A server that is left alone is asked where the others are, too. Default 250 ms, 15 s. */
    http_options& back_off(duration first, duration longest)
    {
        first_back_off_ = first;
        longest_back_off_ = longest;
        return *this;
    }
    /// How far a server's `Retry-After` is followed. Default 60 s.
    http_options& max_retry_after(duration d)
    {
        max_retry_after_ = d;
        return *this;
    }
    /// Bytes of an answer's body, also of what it is decompressed to. Default 128 MiB.
    http_options& max_reply_bytes(std::size_t size)
    {
        max_reply_bytes_ = size;
        return *this;
    }
    /// Whether answers may come compressed. Default yes.
    http_options& gzip(bool on)
    {
        gzip_ = on;
        return *this;
    }
    /// How long a connection without a request is kept. Default 30 s; zero: each request has its own.
    http_options& keep_alive(duration d)
    {
        keep_alive_ = d;
        return *this;
    }
    /// Called by the threads that send, never with credentials or what is sent. @pre Safe to call from all of them at once.
    http_options& log(logger log)
    {
        log_ = std::move(log);
        return *this;
    }

    tls_options const& tls() const noexcept { return tls_; }
    std::optional<proxy> const& through() const noexcept { return proxy_; }
    std::shared_ptr<bitshares::resolver> const& resolver() const noexcept { return resolver_; }
    duration attempt_timeout() const noexcept { return attempt_timeout_; }
    duration call_timeout() const noexcept { return call_timeout_; }
    unsigned attempts() const noexcept { return attempts_; }
    duration first_back_off() const noexcept { return first_back_off_; }
    duration longest_back_off() const noexcept { return longest_back_off_; }
    duration max_retry_after() const noexcept { return max_retry_after_; }
    std::size_t max_reply_bytes() const noexcept { return max_reply_bytes_; }
    bool gzip() const noexcept { return gzip_; }
    duration keep_alive() const noexcept { return keep_alive_; }
    logger const& log() const noexcept { return log_; }

private:
    tls_options tls_;
    std::optional<proxy> proxy_;
    std::shared_ptr<bitshares::resolver> resolver_;
    duration attempt_timeout_{30'000};
    duration call_timeout_{180'000};
    unsigned attempts_ = 4;
    duration first_back_off_{250};
    duration longest_back_off_{15'000};
    duration max_retry_after_{60'000};
    std::size_t max_reply_bytes_ = std::size_t{128} << 20;
    bool gzip_ = true;
    duration keep_alive_{30'000};
    logger log_;
};

/** Sends HTTP requests to one of several servers that have the same to say, and waits for the answer.

    The server that answered last is asked first; one that fails, is blamed, or answers 408, 425, 429, 500, 502, 503 or 504, is
    left alone for a while (as long as its `Retry-After` says, within bounds), and the request goes to another one, or to the same one
    later. Connections are kept for the next request; one that the server has closed meanwhile is replaced without a word.
    User and password are sent only to the server whose URL names them. Redirections are not followed.

    The names need Beast: include this header in few units of a program, or link `bitshares::compiled`.

    @par Errors of send()
    @li `errc::invalid_url`: a target with blanks or control characters, or one that does not begin with `/`.
    @li `errc::timed_out`, `errc::connection_closed`, `errc::name_not_found`, `errc::resolver_busy`, `errc::proxy_refused`,
        `errc::certificate_rejected`, `errc::tls_failed`, the system's codes: of the last try, or of a server that may come back
        where that one does not; the detail tells each server's.
    @li `errc::message_too_large`: the answer is longer than allowed, also when decompressed.
    @li `errc::invalid_reply`: no HTTP, or a compressed body that is damaged.
    @li `errc::http_refused`: a redirection; the detail tells where to.
    @li `errc::maybe_applied`: what may not be sent again was sent, and there is no answer.
    @li `errc::file_error`: a file of authorities cannot be read.
    @li `errc::cancelled`: @ref close, @ref http_request::stop.
    @par Thread safety
    Safe from many threads at once, each over its own connection; destruction only when no call is under way.
*/
class http_client final : public http_sender
{
public:
    /// @throws std::invalid_argument No server.
    BITSHARES_LAZY_DECL explicit http_client(std::vector<http_url> servers, http_options options = {});

    BITSHARES_LAZY_DECL explicit http_client(http_url server, http_options options = {})
        : http_client(std::vector<http_url>{std::move(server)}, std::move(options))
    {}

    result<http_reply> send(http_request const& request) override { return driver_->send(request); }
    void blame(std::string_view server, unsigned times) override { driver_->blame(server, times); }
    void close() override { driver_->close(); }

private:
    std::unique_ptr<http_sender> driver_;
};

/// Makes clients with these options.
BITSHARES_LAZY_DECL http_factory http_clients(http_options options = {});

namespace detail {

/** Decompresses what gzip made (RFC 1952), its checksums verified.

    @par Errors
    @li `errc::invalid_reply`: damaged, or cut off.
    @li `errc::message_too_large`: more than `limit` bytes.
*/
BITSHARES_LAZY_DECL result<std::string> gunzip(std::string_view data, std::size_t limit);

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/http_client.ipp>
#endif
