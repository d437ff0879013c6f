#pragma once

#include "support/certificates.hpp"
#include "support/tcp_server.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <optional>

namespace bitshares_test {

namespace beast = boost::beast;

/// The server's end of one WebSocket connection.
class ws_peer
{
public:
    virtual ~ws_peer() = default;
    virtual std::string read() = 0;
    virtual void write(std::string const& message, bool binary = false) = 0;
    virtual void close(std::uint16_t code, std::string const& reason) = 0;
    virtual void write_raw(std::string const& bytes) = 0; // below the WebSocket framing
    virtual asio::ip::tcp::socket& socket() = 0;
};

template <class Stream>
class ws_peer_of final : public ws_peer
{
public:
    template <class... Args>
    explicit ws_peer_of(Args&&... args) : stream(std::forward<Args>(args)...)
    {}
    std::string read() override
    {
        beast::flat_buffer buffer;
        stream.read(buffer);
        return beast::buffers_to_string(buffer.data());
    }
    void write(std::string const& message, bool binary) override
    {
        stream.binary(binary);
        stream.write(asio::buffer(message));
    }
    void close(std::uint16_t code, std::string const& reason) override
    {
        stream.close(beast::websocket::close_reason(static_cast<beast::websocket::close_code>(code), reason));
    }
    void write_raw(std::string const& bytes) override { asio::write(stream.next_layer(), asio::buffer(bytes)); }
    asio::ip::tcp::socket& socket() override { return beast::get_lowest_layer(stream); }

    beast::websocket::stream<Stream> stream;
};

/* A WebSocket server whose conduct after the handshake is one blocking function of its peer; it ends the connection by
   returning or throwing. */
class ws_server
{
public:
    using conduct_type = std::function<void(ws_peer&)>;

    explicit ws_server(conduct_type conduct)
        : server_([conduct](asio::ip::tcp::socket& s, tcp_server&) {
              s.set_option(asio::ip::tcp::no_delay(true));
              ws_peer_of<asio::ip::tcp::socket&> peer(s);
              peer.stream.accept();
              conduct(peer);
          })
    {}

    ws_server(conduct_type conduct, identity const& who, bool old_tls = false)
        : context_(std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server)),
          server_([conduct, context = context_](asio::ip::tcp::socket& s, tcp_server&) {
              ws_peer_of<asio::ssl::stream<asio::ip::tcp::socket&>> peer(s, *context);
              peer.stream.next_layer().handshake(asio::ssl::stream_base::server);
              peer.stream.accept();
              conduct(peer);
          })
    {
        context_->use_certificate_chain(asio::buffer(who.certificate_pem()));
        context_->use_private_key(asio::buffer(who.key_pem()), asio::ssl::context::pem);
        if (old_tls)
        {
            SSL_CTX_set_min_proto_version(context_->native_handle(), TLS1_VERSION);
            SSL_CTX_set_max_proto_version(context_->native_handle(), TLS1_1_VERSION);
            SSL_CTX_set_security_level(context_->native_handle(), 0);
        }
    }

    std::uint16_t port() const { return server_.port(); }
    int connections() const { return server_.connections(); }
    std::string url(std::string const& host = "127.0.0.1") const
    {
        return (context_ ? "wss://" : "ws://") + host + ':' + server_.port_text();
    }

private:
    std::shared_ptr<asio::ssl::context> context_;
    tcp_server server_;
};

/// Answers each frame by what `answer` gives, for as long as the connection stands.
inline ws_server::conduct_type answering(std::function<std::string(std::string const&)> answer)
{
    return [answer](ws_peer& peer) {
        for (;;)
            peer.write(answer(peer.read()));
    };
}

} // namespace bitshares_test
