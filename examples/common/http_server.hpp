#pragma once

#include "http_message.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// Makes the answer to a request. Called on several threads at once; what it throws becomes a 500 that does not tell it.
using http_handler = std::function<http_response(http_request const&)>;

/// One answered request, for a log.
struct http_log_entry
{
    std::string const& client;
    std::string const& method;
    std::string const& target;
    unsigned status;
    std::size_t bytes; ///< Of the body.
    std::chrono::microseconds took;
};

struct http_server_options
{
    std::string address = "127.0.0.1"; ///< Of an interface, IPv4 or IPv6; `0.0.0.0` and `::` are all.
    std::uint16_t port = 0;            ///< 0: a free one.
    unsigned threads = 4;              ///< That handlers run on; one client has all but one of them at most.
    http_limits limits = {};
    std::size_t connections = 1000;
    std::size_t connections_per_client = 100;
    std::size_t waiting = 1000;                ///< Requests for which there is no thread yet; one more is a 503.
    std::uint64_t answer_bytes = 256ULL << 20; ///< Of all answers that are being sent; with more, a request is a 503.
    double requests_per_minute = 0;            ///< Of one client; 0: no limit. One more is a 429.
    double burst = 100;                        ///< So many of them at once.
    std::vector<std::string> trusted_proxies = {}; ///< Addresses whose `X-Forwarded-For` is believed.
    bool cors = true;                              ///< Pages of any site may read the answers.
    std::chrono::milliseconds request_timeout = std::chrono::seconds(20); ///< From its first byte to its last.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);    ///< Of a connection between requests.
    std::chrono::milliseconds write_timeout = std::chrono::seconds(30);   ///< Without a byte taken by the client.
    std::chrono::milliseconds stop_timeout = std::chrono::seconds(10);    ///< For what is under way at the end.
    std::function<void(http_log_entry const&)> log = {};
    std::function<void(std::string const& target, std::string const& what)> on_error = {}; ///< What a handler threw.
};

/// `HOST:PORT`, `[V6]:PORT`, `:PORT` or `PORT`. False where it is none of them.
bool read_listen_address(std::string_view text, std::string& address, std::uint16_t& port);

/** A server of HTTP/1.1 for programs that answer questions; TLS is for the proxy before it.

    Connections are on one thread, handlers on a pool of others: a slow one delays nobody. HEAD is answered where GET is,
    OPTIONS everywhere. Requests and times are counted for Prometheus.

    @par Thread safety
    @ref route and @ref get before @ref start; everything else at any time.
*/
class http_server
{
public:
    explicit http_server(http_server_options options);
    ~http_server(); ///< As @ref stop.

    http_server(http_server const&) = delete;
    http_server& operator=(http_server const&) = delete;

    /// @param path `/a/b`, or with names in the place of parts: `/a/{b}`. @param method Upper case.
    void route(std::string method, std::string path, http_handler handler);
    void get(std::string path, http_handler handler) { route("GET", std::move(path), std::move(handler)); }

    /// What else @ref metrics tells: lines of Prometheus' text.
    void add_metrics(std::function<std::string()> more);

    /// The answer to a request, without a network or a limit of clients.
    http_response respond(http_request& request) const;

    /// Begins to listen. @throws boost::system::system_error It cannot.
    void start();

    std::uint16_t port() const noexcept;

    /// Begins to stop, and returns at once: nobody is let in, idle connections end, what is under way is answered.
    void request_stop();

    /// Returns when all has ended, after @ref request_stop: at the latest after `stop_timeout` and the handlers' own time.
    void wait();

    void stop()
    {
        request_stop();
        wait();
    }

    /// Prometheus' text format.
    std::string metrics() const;

    /// The content type of @ref metrics.
    static constexpr char const* metrics_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    class implementation;
    std::unique_ptr<implementation> impl_;
};

} // namespace program
