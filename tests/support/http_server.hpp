#pragma once

#include "support/certificates.hpp"
#include "support/tcp_server.hpp"

#include <boost/asio/ssl.hpp>

#include <algorithm>
#include <cctype>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace bitshares_test {

/// A value that a test and its servers' threads share.
template <class T>
class guarded
{
public:
    guarded() = default;
    guarded& operator=(T value)
    {
        std::lock_guard const lock(mutex_);
        value_ = std::move(value);
        return *this;
    }
    T get() const
    {
        std::lock_guard const lock(mutex_);
        return value_;
    }
    template <class Change>
    void change(Change const& change)
    {
        std::lock_guard const lock(mutex_);
        change(value_);
    }

private:
    mutable std::mutex mutex_;
    T value_{};
};

/// A request as it came.
struct http_question
{
    std::string line; ///< `POST /path HTTP/1.1`
    std::string head; ///< With the line.
    std::string body;

    std::string method() const { return line.substr(0, line.find(' ')); }
    std::string target() const
    {
        auto const start = line.find(' ') + 1;
        return line.substr(start, line.rfind(' ') - start);
    }
    /// A field's value; empty where there is none. @param name In capitals or not, as what stands between may change it.
    std::string field(std::string const& name) const
    {
        std::string const begin = "\r\n" + name + ": ";
        auto const at =
            std::search(head.begin(), head.end(), begin.begin(), begin.end(),
                        [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
        if (at == head.end())
            return {};
        auto const start = static_cast<std::size_t>(at - head.begin()) + begin.size();
        return head.substr(start, head.find("\r\n", start) - start);
    }
};

/// The server's end of one connection.
class http_peer
{
public:
    virtual ~http_peer() = default;
    virtual std::size_t read_some(char* to, std::size_t size) = 0;
    virtual void write(std::string const& bytes) = 0;
    virtual asio::ip::tcp::socket& socket() = 0;
    virtual void end() = 0; ///< The end of what is written, as the protocol has it.

    /// The next request. Throws at the connection's end.
    http_question read()
    {
        http_question q;
        std::size_t end;
        while ((end = input_.find("\r\n\r\n")) == input_.npos)
            more();
        q.head = input_.substr(0, end + 2);
        q.line = q.head.substr(0, q.head.find("\r\n"));
        std::string const length = q.field("Content-Length");
        std::size_t const size = length.empty() ? 0 : std::stoul(length);
        while (input_.size() < end + 4 + size)
            more();
        q.body = input_.substr(end + 4, size);
        input_.erase(0, end + 4 + size);
        return q;
    }

private:
    void more()
    {
        char buffer[8192];
        input_.append(buffer, read_some(buffer, sizeof buffer));
    }

    std::string input_;
};

template <class Stream>
class http_peer_of final : public http_peer
{
public:
    template <class... Args>
    explicit http_peer_of(Args&&... args) : stream(std::forward<Args>(args)...)
    {}
    std::size_t read_some(char* to, std::size_t size) override { return stream.read_some(asio::buffer(to, size)); }
    void write(std::string const& bytes) override { asio::write(stream, asio::buffer(bytes)); }
    asio::ip::tcp::socket& socket() override
    {
        if constexpr (requires { stream.next_layer(); })
            return stream.next_layer();
        else
            return stream;
    }
    void end() override
    {
        boost::system::error_code ignored;
        if constexpr (requires { stream.next_layer(); })
            stream.shutdown(ignored); // TLS's own
        socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }

    Stream stream;
};

/* An HTTP server whose conduct is one blocking function of each connection; it ends the connection by returning or throwing. */
class http_server
{
public:
    using conduct_type = std::function<void(http_peer&)>;

    explicit http_server(conduct_type conduct)
        : server_([conduct](asio::ip::tcp::socket& s, tcp_server&) {
              s.set_option(asio::ip::tcp::no_delay(true));
              http_peer_of<asio::ip::tcp::socket&> peer(s);
              conduct(peer);
          })
    {}

    http_server(conduct_type conduct, identity const& who)
        : context_(std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server)),
          server_([conduct, context = context_](asio::ip::tcp::socket& s, tcp_server&) {
              http_peer_of<asio::ssl::stream<asio::ip::tcp::socket&>> peer(s, *context);
              peer.stream.handshake(asio::ssl::stream_base::server);
              conduct(peer);
          })
    {
        context_->use_certificate_chain(asio::buffer(who.certificate_pem()));
        context_->use_private_key(asio::buffer(who.key_pem()), asio::ssl::context::pem);
    }

    std::uint16_t port() const { return server_.port(); }
    int connections() const { return server_.connections(); }
    std::string url(std::string const& host = "127.0.0.1") const
    {
        return (context_ ? "https://" : "http://") + host + ':' + server_.port_text();
    }

private:
    std::shared_ptr<asio::ssl::context> context_;
    tcp_server server_;
};

/// The bytes of an answer with a body of known length. @param fields Each with its line's end.
inline std::string http_answer(std::string const& body, int status = 200, std::string const& fields = {})
{
    return "HTTP/1.1 " + std::to_string(status) +
           " Status\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           fields + "\r\n" + body;
}

/// Answers each request by the bytes that `answer` gives, for as long as the connection stands.
inline http_server::conduct_type answering_http(std::function<std::string(http_question const&)> answer)
{
    return [answer](http_peer& peer) {
        for (;;)
            peer.write(answer(peer.read()));
    };
}

} // namespace bitshares_test
