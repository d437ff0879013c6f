#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/** @file
    What a service is asked over HTTP and what it says, without input or output; see http_server.hpp.
*/
namespace program {

using text_pair = std::pair<std::string, std::string>;

/// A request, read and decoded.
struct http_request
{
    std::string method;             ///< Upper case, as `GET`.
    std::string target;             ///< As it came.
    std::string path;               ///< Decoded; begins with `/`.
    std::vector<text_pair> query;   ///< Names and values, decoded, in their order.
    std::vector<text_pair> headers; ///< Names in lower case.
    std::string body;
    std::string client;           ///< Address, as text.
    std::vector<text_pair> parts; ///< What stands in the path for the `{name}` of the route.
    bool keep_alive = true;
    bool old = false; ///< HTTP/1.0

    /// The first value of a parameter.
    std::optional<std::string_view> parameter(std::string_view name) const;
    /// @param name In lower case.
    std::optional<std::string_view> header(std::string_view name) const;
    std::optional<std::string_view> part(std::string_view name) const;
};

/// What is said to it. The server adds what every answer has.
struct http_response
{
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body = {};
    std::vector<text_pair> headers = {};

    friend bool operator==(http_response const&, http_response const&) = default;
};

/// The standard's words for a status.
std::string_view http_reason(unsigned status) noexcept;

/** The answer that says what is wrong: `{"type","title","status","detail","code"}`, as RFC 9457 has it.

    @param code A word for programs. @param detail A sentence for people; it may hold what a stranger wrote.
*/
http_response http_problem(unsigned status, std::string_view code, std::string_view detail);

/** Decodes a path and its query: `%41`, and in the query `+`. False where a `%` is followed by no two digits, or the text
    is no UTF-8 or holds control characters. Of `http://host/path`, as proxies send it, only the path counts.

    @param max_parameters More of them are no good request.
*/
bool read_http_target(std::string_view target, std::size_t max_parameters, std::string& path,
                      std::vector<text_pair>& query);

/// In bytes, and items.
struct http_limits
{
    std::uint32_t header_bytes = 16 * 1024;
    std::uint64_t body_bytes = 64 * 1024;
    std::size_t parameters = 64;
};

/** Makes requests of the bytes of a connection.

    A request that is not understood, or is beyond a limit, ends the reading: there is no saying where the next begins.
*/
class http_reader
{
public:
    enum class state : std::uint8_t
    {
        more,   ///< Bytes are missing.
        go_on,  ///< As more, and the client waits for "100 Continue" before it sends them.
        whole,  ///< A request is there: @ref take.
        refused ///< @ref problem is to be said, and the connection to be closed.
    };

    explicit http_reader(http_limits limits);
    ~http_reader();
    http_reader(http_reader&&) noexcept;
    http_reader& operator=(http_reader&&) noexcept;

    /** Takes bytes from the front of `bytes`, which the next call has to have at its front without those.

        Behind a whole request nothing is taken until it is.
        @param used How many were taken.
    */
    state feed(std::string_view bytes, std::size_t& used);

    /// Something of a request came, and not yet all of it.
    bool under_way() const noexcept { return under_way_; }

    http_request take();
    http_response const& problem() const noexcept { return problem_; }

private:
    struct parser;
    state refuse(unsigned status, std::string_view code, std::string_view detail);
    state on_header();
    state on_whole();

    http_limits limits_;
    std::unique_ptr<parser> parser_;
    http_request request_;
    http_response problem_;
    state state_ = state::more;
    bool under_way_ = false;
    bool header_done_ = false;
};

/// A response's bytes but for its body. @param more Further lines, each with its end.
std::string http_head(http_response const& response, bool old, bool keep_alive, std::string_view more);

} // namespace program
