#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/net/http_url.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a server can be asked to do.
enum class http_method : std::uint8_t
{
    get,
    head,
    post,
    put,
    del ///< `DELETE`
};

/// What a server is to be sent.
struct http_request
{
    http_method method = http_method::get;
    std::string target = "/"; ///< Path and query, percent-encoded, behind the URL's own path; begins with `/`.
    std::string body = {};
    std::string content_type = "application/json"; ///< Of the body; not sent where there is none.
    /** Whether it does no harm twice. What may not be sent again is sent over a new connection, once. */
    bool repeatable = true;
    unsigned attempts = 0;     ///< How often it is tried; 0: as the client does otherwise.
    std::stop_token stop = {}; ///< Ends the call with `errc::cancelled`, also between two tries.

    friend bool operator==(http_request const&, http_request const&) = default;
};

/// What a server answered, whatever its status.
struct http_reply
{
    unsigned status = 0;
    std::string body;                                     ///< Decompressed.
    std::string content_type;                             ///< As the server says; not checked.
    std::optional<std::int64_t> date = {};                ///< Of the server's clock: seconds since 1970.
    std::optional<std::chrono::seconds> retry_after = {}; ///< When the server wants to be asked again.
    std::string server;                                   ///< URL that gave it, without credentials.
};

/** Sends requests over HTTP and waits for the answers; behind an interface, so that what only asks needs no Beast.

    @par Thread safety
    Safe from many threads at once; but destruction.
*/
class http_sender
{
public:
    http_sender() = default;
    http_sender(http_sender const&) = delete;
    http_sender& operator=(http_sender const&) = delete;
    virtual ~http_sender() = default;

    /// An answer of any status, or why there is none. Each call ends.
    virtual result<http_reply> send(http_request const& request) = 0;

    /** Says that an answer was of no use, which only who asked can see: its server is to be left alone like one that failed, the
        longer the more `times` in a row, and another one asked. Without effect where the sender has no choice.

        @param server @ref http_reply::server */
    virtual void blame([[maybe_unused]] std::string_view server, [[maybe_unused]] unsigned times) {}

    /// Ends the calls of all threads with `errc::cancelled`, and every later one at once.
    virtual void close() = 0;
};

/// Makes the client of servers that have the same to say.
using http_factory = std::function<std::unique_ptr<http_sender>(std::vector<http_url>)>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
