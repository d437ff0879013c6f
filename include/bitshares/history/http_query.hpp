#pragma once

#include <bitshares/base/error.hpp>

#include <cstdint>
#include <string>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What a server is to be asked over HTTP next. Only reads: sending one again, also to another server, does no harm. */
struct http_query
{
    std::uint64_t ticket = 0; ///< Names the answer.
    bool post = false;        ///< `POST` with @ref body as `application/json`; otherwise `GET`.
    std::string target;       ///< Path and query, percent-encoded; to be put behind the URL's own path.
    std::string body;
    unsigned attempt = 0; ///< How often the same was asked before in vain: wait the longer, and ask another server.

    friend bool operator==(http_query const&, http_query const&) = default;
};

/// What became of an answer.
enum class http_use : std::uint8_t
{
    taken,    ///< It is used.
    again,    ///< It is not: the server is busy, or answers in part. The question comes again.
    unwanted, ///< Nobody waits for it any more.
    failed    ///< It ends the reading.
};

namespace detail {

/// Characters that a URL's path may have stay, also `*` and `,` of index patterns; others are percent-encoded.
BITSHARES_DECL std::string percent_encode(std::string_view text, std::string_view keep = {});

/// Whether to ask again: the server, or what stands before it, is overloaded, restarts or lost its own back end.
constexpr bool is_passing(unsigned status) noexcept
{
    return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 || status == 503 ||
           status == 504;
}

/// `errc::http_refused` or, of 401 and 403, `errc::login_refused`: with the status and what the body says.
BITSHARES_LAZY_DECL error http_failure(unsigned status, std::string_view body);

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/http_query.ipp>
#endif
