#pragma once

#include <bitshares/net/chain_clock.hpp>
#include <bitshares/net/websocket.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <mutex>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

namespace beast = boost::beast;

/* The streams below the WebSocket. They are types of our own for the sake of one function: when a connection fails, Beast
   tears it down before it tells, which by default means to wait until the other side has hung up too. A call must not wait
   for that. */
class plain_stream : public beast::tcp_stream
{
public:
    explicit plain_stream(asio::any_io_executor const& executor) : beast::tcp_stream(executor) {}
};

// asio::ssl::stream, not beast::ssl_stream, which clang finds ambiguous in Boost 1.81.
class tls_stream : public asio::ssl::stream<beast::tcp_stream>
{
public:
    tls_stream(asio::any_io_executor const& executor, asio::ssl::context& context)
        : asio::ssl::stream<beast::tcp_stream>(executor, context)
    {}
};

template <class Handler>
void tear_down(beast::tcp_stream& stream, Handler&& handler)
{
    error_code ignored;
    stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    asio::post(stream.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

// Found by Beast through argument-dependent look-up.
template <class Handler>
void async_teardown(beast::role_type, plain_stream& stream, Handler&& handler)
{
    tear_down(stream, std::forward<Handler>(handler));
}
template <class Handler>
void async_teardown(beast::role_type, tls_stream& stream, Handler&& handler)
{
    tear_down(stream.next_layer(), std::forward<Handler>(handler));
}

template <class Dependent>
struct websocket_streams
{
    using plain = beast::websocket::stream<plain_stream>;
    using tls = beast::websocket::stream<tls_stream>;
};

// Addresses of both families in turn, beginning with the resolver's first: one family that leads nowhere costs one attempt.
inline std::vector<asio::ip::address> interleaved(std::vector<asio::ip::address> const& addresses)
{
    std::vector<asio::ip::address> sorted[2];
    for (asio::ip::address const& a : addresses)
        sorted[a.is_v6() == addresses.front().is_v6() ? 0 : 1].push_back(a);
    std::vector<asio::ip::address> mixed;
    for (std::size_t i = 0; i < addresses.size(); ++i)
        for (auto const& family : sorted)
            if (i < family.size())
                mixed.push_back(family[i]);
    return mixed;
}

// What the connections of one factory share. The context is made at the first wss connection: loading the system's
// authorities takes some 10 ms that plain connections need not pay.
class websocket_shared
{
public:
    explicit websocket_shared(websocket_options wanted) : options(std::move(wanted))
    {
        if (!options.resolver())
            options.resolver(make_resolver());
    }

    asio::ssl::context* tls_context(error_code& ec, std::string& detail)
    {
        std::lock_guard const lock(mutex_);
        if (context_)
            return &*context_;
        std::unique_ptr<asio::ssl::context> context;
        try
        {
            context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
        }
        catch (boost::system::system_error const& e)
        {
            ec = e.code();
            return nullptr;
        }
        SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
        if (options.tls().system_authorities())
            context->set_default_verify_paths(ec);
        for (std::string const& file : options.tls().ca_files())
            if (!ec && context->load_verify_file(file, ec))
                detail = "CA file " + file;
        if (ec)
        {
            ec = errc::file_error;
            return nullptr;
        }
        context_ = std::move(context);
        return &*context_;
    }

    websocket_options options;

private:
    std::mutex mutex_;
    std::unique_ptr<asio::ssl::context> context_;
};

/* The connection, owned by the operations under way as well as by its transport, so that buffers outlive what uses them. */
template <class Stream>
class websocket_connection : public std::enable_shared_from_this<websocket_connection<Stream>>
{
public:
    static constexpr bool has_tls = std::is_same_v<typename Stream::next_layer_type, tls_stream>;

    using connect_handler = asio::any_completion_handler<void(error_code)>;
    using read_handler = asio::any_completion_handler<void(error_code, std::string_view)>;

    template <class... Args>
    websocket_connection(asio::any_io_executor const& executor, node_url const& url, logger log,
                         std::shared_ptr<websocket_shared> shared, Args&... context)
        : shared_(std::move(shared)), url_(url), log_(std::move(log)), timer_(executor), ws_(executor, context...)
    {}

    void connect(connect_handler handler)
    {
        connect_handler_.swap(handler); // Boost 1.81: move assignment never returns
        timer_.expires_after(options().handshake_timeout());
        timer_.async_wait([self = this->shared_from_this()](error_code ec) {
            if (!ec)
                self->end_connect(errc::timed_out, self->stage_);
        });
        std::optional<proxy> const& through = options().through();
        std::string const& host = through ? through->host() : url_.host();
        port_ = through ? through->port() : url_.port();
        stage_ = "looking up " + host;
        options().resolver()->async_resolve(
            host, ws_.get_executor(),
            asio::bind_cancellation_slot(
                lookup_.slot(), [self = this->shared_from_this()](error_code ec, std::vector<asio::ip::address> found) {
                    if (!self->connect_handler_)
                        return; // ended meanwhile
                    if (ec || found.empty())
                        return self->end_connect(ec ? ec : make_error_code(errc::name_not_found), self->stage_);
                    self->addresses_ = interleaved(found);
                    self->connect_next();
                }));
    }

    void read(read_handler handler)
    {
        // A large message's memory is given back; small ones use the same buffer again and again.
        buffer_.clear();
        if (buffer_.capacity() > (std::size_t{1} << 20))
            buffer_.shrink_to_fit();
        ws_.async_read(buffer_, [self = this->shared_from_this(), handler = std::move(handler)](error_code ec,
                                                                                                std::size_t) mutable {
            if (ec)
                return std::move(handler)(self->translate(ec), std::string_view());
            auto const data = self->buffer_.cdata();
            std::move(handler)(ec, std::string_view(static_cast<char const*>(data.data()), data.size()));
        });
    }

    void write(std::string_view message, connect_handler handler)
    {
        ws_.async_write(asio::const_buffer(message.data(), message.size()),
                        [self = this->shared_from_this(), handler = std::move(handler)](
                            error_code ec, std::size_t) mutable { std::move(handler)(ec ? self->translate(ec) : ec); });
    }

    void async_close(connect_handler handler)
    {
        if (connect_handler_ || !ws_.is_open())
        {
            close();
            return asio::post(ws_.get_executor(),
                              [handler = std::move(handler)]() mutable { std::move(handler)(error_code()); });
        }
        // The other side may be gone: its answer is waited for a moment only.
        timer_.expires_after(std::chrono::seconds(1));
        timer_.async_wait([self = this->shared_from_this()](error_code ec) {
            if (!ec)
                self->close();
        });
        ws_.async_close(beast::websocket::close_code::normal,
                        [self = this->shared_from_this(), handler = std::move(handler)](error_code) mutable {
                            self->timer_.cancel();
                            self->close();
                            std::move(handler)(error_code());
                        });
    }

    void close() noexcept
    {
        closed_ = true;
        timer_.cancel();
        if (connect_handler_)
            end_connect(errc::cancelled, stage_);
        beast::close_socket(beast::get_lowest_layer(ws_));
    }

    std::string detail() const { return connect_handler_ ? stage_ : detail_; }

    std::optional<std::int64_t> date() const
    {
        auto const text = response_[beast::http::field::date];
        return read_http_date(std::string_view(text.data(), text.size()));
    }

private:
    websocket_options const& options() const { return shared_->options; }

    void say(log_level level, std::string const& text) const
    {
        if (log_)
            log_(level, text);
    }

    // Completes the connect operation, once; whatever is still under way finds no handler and ends.
    void end_connect(error_code ec, std::string detail)
    {
        if (!connect_handler_)
            return;
        detail_ = std::move(detail);
        timer_.cancel();
        if (ec)
        {
            lookup_.emit(asio::cancellation_type::terminal);
            beast::close_socket(beast::get_lowest_layer(ws_));
        }
        asio::post(ws_.get_executor(),
                   [handler = std::move(connect_handler_), ec]() mutable { std::move(handler)(ec); });
    }

    void connect_next()
    {
        asio::ip::tcp::endpoint const endpoint(addresses_[next_address_++], port_);
        std::string const text = bracketed(endpoint.address().to_string()) + ':' + std::to_string(port_);
        stage_ = "connecting to " + text;
        say(log_level::debug, url_.to_string() + ": " + stage_);
        auto& tcp = beast::get_lowest_layer(ws_);
        if (addresses_.size() > 1)
            tcp.expires_after(options().handshake_timeout() /
                              static_cast<int>(std::min<std::size_t>(addresses_.size(), 4)));
        tcp.async_connect(endpoint, [self = this->shared_from_this()](error_code ec) {
            if (!self->connect_handler_)
                return;
            if (ec && self->next_address_ < self->addresses_.size())
            {
                self->say(log_level::debug, self->url_.to_string() + ": " + self->stage_ + ": " + ec.message());
                error_code ignored;
                beast::get_lowest_layer(self->ws_).socket().close(ignored);
                return self->connect_next();
            }
            if (ec)
                return self->end_connect(ec == beast::error::timeout ? make_error_code(errc::timed_out) : ec,
                                         self->stage_);
            self->connected();
        });
    }

    void connected()
    {
        auto& tcp = beast::get_lowest_layer(ws_);
        tcp.expires_never();
        error_code ignored;
        tcp.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
        tcp.socket().set_option(asio::socket_base::keep_alive(true), ignored);
        if (!options().through())
            return secure();
        stage_ = "the handshake with proxy " + options().through()->to_string();
        proxy_.emplace(*options().through(), url_.host(), url_.port());
        advance_proxy();
    }

    void advance_proxy()
    {
        auto const failed = [](error_code ec) {
            return ec == asio::error::eof ? make_error_code(errc::proxy_refused) : ec;
        };
        auto& tcp = beast::get_lowest_layer(ws_);
        switch (proxy_->current())
        {
        case proxy_handshake::state::write:
            return asio::async_write(tcp, asio::buffer(proxy_->output()),
                                     [self = this->shared_from_this(), failed](error_code ec, std::size_t) {
                                         if (!self->connect_handler_)
                                             return;
                                         if (ec)
                                             return self->end_connect(failed(ec), self->stage_);
                                         self->proxy_->wrote();
                                         self->advance_proxy();
                                     });
        case proxy_handshake::state::read:
            return tcp.async_read_some(asio::buffer(proxy_input_),
                                       [self = this->shared_from_this(), failed](error_code ec, std::size_t n) {
                                           if (!self->connect_handler_)
                                               return;
                                           if (ec)
                                               return self->end_connect(failed(ec), self->stage_);
                                           self->proxy_->received({self->proxy_input_.data(), n});
                                           self->advance_proxy();
                                       });
        case proxy_handshake::state::failed:
            return end_connect(errc::proxy_refused, options().through()->to_string() + ": " + proxy_->reason());
        case proxy_handshake::state::done: proxy_.reset(); return secure();
        }
    }

    void secure()
    {
        if constexpr (has_tls)
        {
            stage_ = "the TLS handshake";
            SSL* const ssl = ws_.next_layer().native_handle();
            error_code no_address;
            asio::ip::make_address(url_.host(), no_address);
            bool const is_name = static_cast<bool>(no_address);
            bool ok = true;
            if (is_name) // server name indication is for names only (RFC 6066, section 3)
                ok = SSL_set_tlsext_host_name(ssl, url_.host().c_str()) == 1;
            if (options().tls().verify())
            {
                X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl);
                X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
                ok = ok && (is_name ? X509_VERIFY_PARAM_set1_host(rules, url_.host().data(), url_.host().size())
                                    : X509_VERIFY_PARAM_set1_ip_asc(rules, url_.host().c_str())) == 1;
                SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
            }
            else
            {
                SSL_set_verify(ssl, SSL_VERIFY_NONE, nullptr);
                say(log_level::warning, url_.to_string() + ": the certificate is not verified, as asked");
            }
            if (!ok) // a connection whose host name cannot be checked is not made
                return end_connect(errc::tls_failed, "the host name cannot be set for verification");
            ws_.next_layer().async_handshake(asio::ssl::stream_base::client,
                                             [self = this->shared_from_this()](error_code ec) {
                                                 if (!self->connect_handler_)
                                                     return;
                                                 if (ec)
                                                     return self->tls_failed(ec);
                                                 self->upgrade();
                                             });
        }
        else
            upgrade();
    }

    void tls_failed(error_code ec)
    {
        if constexpr (has_tls)
        {
            SSL* const ssl = ws_.next_layer().native_handle();
            long const verdict = SSL_get_verify_result(ssl);
            if (options().tls().verify() && verdict != X509_V_OK)
                return end_connect(errc::certificate_rejected, X509_verify_cert_error_string(verdict));
            end_connect(errc::tls_failed, ec.message());
        }
    }

    void upgrade()
    {
        namespace websocket = beast::websocket;
        stage_ = "the WebSocket handshake";
        // The timer above covers the handshake; these are the stream's own for silence afterwards.
        websocket::stream_base::timeout timeouts;
        timeouts.handshake_timeout = options().handshake_timeout();
        bool const idle = options().idle_timeout() != websocket_options::duration::zero();
        timeouts.idle_timeout =
            idle ? std::chrono::steady_clock::duration(options().idle_timeout()) : websocket::stream_base::none();
        timeouts.keep_alive_pings = idle;
        ws_.set_option(timeouts);
        ws_.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
            request.set(beast::http::field::user_agent, std::string("bitshares-cpp/") + version);
        }));
        ws_.read_message_max(options().max_message_bytes());
        ws_.auto_fragment(false);
        ws_.text(true);
        ws_.async_handshake(
            response_, url_.authority(), url_.target(), [self = this->shared_from_this()](error_code ec) {
                if (!self->connect_handler_)
                    return;
                if (!ec)
                {
                    self->say(log_level::info, self->url_.to_string() + ": connected");
                    return self->end_connect({}, {});
                }
                if (ec == beast::error::timeout)
                    return self->end_connect(errc::timed_out, self->stage_);
                if (ec == websocket::error::upgrade_declined)
                    return self->end_connect(errc::handshake_refused,
                                             "HTTP status " + std::to_string(self->response_.result_int()));
                bool const dropped = ec == asio::error::eof || ec == asio::ssl::error::stream_truncated ||
                                     ec == asio::error::connection_reset || ec == beast::http::error::end_of_stream ||
                                     ec == beast::http::error::partial_message;
                if (dropped || ec.category() == asio::error::get_system_category())
                    return self->end_connect(dropped ? make_error_code(errc::connection_closed) : ec, self->stage_);
                self->end_connect(errc::handshake_refused, ec.message());
            });
    }

    // Of reading and writing on a connection that stood.
    error_code translate(error_code ec)
    {
        namespace websocket = beast::websocket;
        if (ec == beast::error::timeout)
            return note(errc::timed_out, "the other side fell silent");
        if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow)
            return note(errc::message_too_large, "limit " + std::to_string(options().max_message_bytes()) + " bytes");
        if (ec == websocket::error::closed)
        {
            std::string text = "close code " + std::to_string(ws_.reason().code);
            if (ws_.reason().reason.size() > 0)
                text.append(": ").append(ws_.reason().reason.data(), ws_.reason().reason.size());
            return note(errc::connection_closed, std::move(text));
        }
        if (ec == asio::error::eof || ec == asio::error::connection_reset || ec == asio::error::broken_pipe ||
            ec == asio::ssl::error::stream_truncated)
            return note(closed_ ? errc::cancelled : errc::connection_closed, ec.message());
        if (ec == asio::error::operation_aborted)
            return errc::cancelled;
        if (ec == websocket::condition::protocol_violation || ec == websocket::error::bad_frame_payload)
            return note(errc::invalid_reply, ec.message());
        return note(ec, ec.message());
    }

    error_code note(error_code ec, std::string detail)
    {
        if (detail_.empty()) // the first error is the cause, the others follow from it
            detail_ = std::move(detail);
        return ec;
    }

    std::shared_ptr<websocket_shared> const shared_;
    node_url const url_;
    logger const log_;
    asio::steady_timer timer_;
    asio::cancellation_signal lookup_;
    std::vector<asio::ip::address> addresses_;
    std::size_t next_address_ = 0;
    std::uint16_t port_ = 0;
    connect_handler connect_handler_;
    std::optional<proxy_handshake> proxy_;
    std::array<char, 1024> proxy_input_;
    beast::websocket::response_type response_;
    Stream ws_;
    beast::flat_buffer buffer_;
    std::string stage_;
    std::string detail_;
    bool closed_ = false;
};

template <class Stream>
class websocket_transport final : public transport
{
public:
    explicit websocket_transport(std::shared_ptr<websocket_connection<Stream>> connection)
        : connection_(std::move(connection))
    {}
    ~websocket_transport() override { connection_->close(); }

    void async_connect(asio::any_completion_handler<void(error_code)> handler) override
    {
        connection_->connect(std::move(handler));
    }
    void async_read(asio::any_completion_handler<void(error_code, std::string_view)> handler) override
    {
        connection_->read(std::move(handler));
    }
    void async_write(std::string_view message, asio::any_completion_handler<void(error_code)> handler) override
    {
        connection_->write(message, std::move(handler));
    }
    void async_close(asio::any_completion_handler<void(error_code)> handler) override
    {
        connection_->async_close(std::move(handler));
    }
    void close() noexcept override { connection_->close(); }
    std::string detail() const override { return connection_->detail(); }
    std::optional<std::int64_t> date() const override { return connection_->date(); }

private:
    std::shared_ptr<websocket_connection<Stream>> connection_;
};

// Stands in for a connection that cannot even begin.
class failed_transport final : public transport
{
public:
    failed_transport(asio::any_io_executor executor, error_code ec, std::string detail)
        : executor_(std::move(executor)), ec_(ec), detail_(std::move(detail))
    {}
    void async_connect(asio::any_completion_handler<void(error_code)> handler) override { end(std::move(handler)); }
    void async_read(asio::any_completion_handler<void(error_code, std::string_view)> handler) override
    {
        asio::post(executor_,
                   [handler = std::move(handler), ec = ec_]() mutable { std::move(handler)(ec, std::string_view()); });
    }
    void async_write(std::string_view, asio::any_completion_handler<void(error_code)> handler) override
    {
        end(std::move(handler));
    }
    void async_close(asio::any_completion_handler<void(error_code)> handler) override { end(std::move(handler)); }
    void close() noexcept override {}
    std::string detail() const override { return detail_; }

private:
    void end(asio::any_completion_handler<void(error_code)> handler)
    {
        asio::post(executor_, [handler = std::move(handler), ec = ec_]() mutable { std::move(handler)(ec); });
    }

    asio::any_io_executor executor_;
    error_code ec_;
    std::string detail_;
};

template <class Stream, class... Context>
std::unique_ptr<transport> make_websocket(asio::any_io_executor const& executor, node_url const& url, logger const& log,
                                          std::shared_ptr<websocket_shared> const& shared, Context&... context)
{
    return std::make_unique<websocket_transport<Stream>>(
        std::make_shared<websocket_connection<Stream>>(executor, url, log, shared, context...));
}

} // namespace detail

#ifdef BITSHARES_HEADER_ONLY
template <class Dependent>
#endif
transport_factory websocket(websocket_options options)
{
#ifndef BITSHARES_HEADER_ONLY
    using Dependent = void;
#define BITSHARES_DETAIL_TYPENAME
#else
#define BITSHARES_DETAIL_TYPENAME typename
#endif
    using plain = BITSHARES_DETAIL_TYPENAME detail::websocket_streams<Dependent>::plain;
    using tls = BITSHARES_DETAIL_TYPENAME detail::websocket_streams<Dependent>::tls;
#undef BITSHARES_DETAIL_TYPENAME
    return [shared = std::make_shared<detail::websocket_shared>(std::move(options))](
               asio::any_io_executor const& executor, node_url const& url,
               logger const& log) -> std::unique_ptr<transport> {
        if (!url.secure())
            return detail::make_websocket<plain>(executor, url, log, shared);
        error_code ec;
        std::string detail;
        asio::ssl::context* const context = shared->tls_context(ec, detail);
        if (context == nullptr)
            return std::make_unique<detail::failed_transport>(executor, ec, std::move(detail));
        return detail::make_websocket<tls>(executor, url, log, shared, *context);
    };
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
