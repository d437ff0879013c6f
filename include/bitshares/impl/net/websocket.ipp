#pragma once

#include <bitshares/net/chain_clock.hpp>
#include <bitshares/net/dialer.hpp>
#include <bitshares/net/websocket.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <class Dependent>
struct websocket_streams
{
    using plain = beast::websocket::stream<plain_stream>;
    using tls = beast::websocket::stream<tls_stream>;
};

// What the connections of one factory share.
class websocket_shared
{
public:
    explicit websocket_shared(websocket_options wanted) : options(std::move(wanted))
    {
        if (!options.resolver())
            options.resolver(make_resolver());
    }

    websocket_options options;
    shared_tls_context tls;
};

/* The connection, owned by the operations under way as well as by its transport, so that buffers outlive what uses them. */
template <class Stream>
class websocket_connection : public std::enable_shared_from_this<websocket_connection<Stream>>
{
public:
    using connect_handler = asio::any_completion_handler<void(error_code)>;
    using read_handler = asio::any_completion_handler<void(error_code, std::string_view)>;

    template <class... Args>
    websocket_connection(asio::any_io_executor const& executor, node_url const& url, logger log,
                         std::shared_ptr<websocket_shared> shared, Args&... context)
        : shared_(std::move(shared)),
          url_(url),
          log_(std::move(log)),
          timer_(executor),
          ws_(executor, context...),
          dialer_(ws_.next_layer(),
                  {url_.host(), url_.port(), options().tls(), options().through(), *options().resolver(),
                   options().handshake_timeout()},
                  [this](log_level level, std::string const& text) { say(level, url_.to_string() + ": " + text); })
    {}

    void connect(connect_handler handler)
    {
        connect_handler_.swap(handler); // Boost 1.81: move assignment never returns
        timer_.expires_after(options().handshake_timeout());
        timer_.async_wait([self = this->shared_from_this()](error_code ec) {
            if (!ec)
                self->end_connect(errc::timed_out, self->stage());
        });
        // Called out of what keeps the connection alive.
        dialer_.open(this->shared_from_this(), [this](error_code ec) {
            if (!connect_handler_)
                return; // ended meanwhile
            if (ec)
                return end_connect(ec, stage());
            upgrade();
        });
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
            end_connect(errc::cancelled, stage());
        beast::close_socket(beast::get_lowest_layer(ws_));
    }

    std::string detail() const { return connect_handler_ ? stage() : detail_; }

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

    std::string stage() const { return upgrading_ ? "the WebSocket handshake" : dialer_.detail(); }

    // Completes the connect operation, once; whatever is still under way finds no handler and ends.
    void end_connect(error_code ec, std::string detail)
    {
        if (!connect_handler_)
            return;
        detail_ = std::move(detail);
        timer_.cancel();
        if (ec)
        {
            dialer_.cancel();
            beast::close_socket(beast::get_lowest_layer(ws_));
        }
        asio::post(ws_.get_executor(),
                   [handler = std::move(connect_handler_), ec]() mutable { std::move(handler)(ec); });
    }

    void upgrade()
    {
        namespace websocket = beast::websocket;
        upgrading_ = true;
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
                    return self->end_connect(errc::timed_out, self->stage());
                if (ec == websocket::error::upgrade_declined)
                    return self->end_connect(errc::handshake_refused,
                                             "HTTP status " + std::to_string(self->response_.result_int()));
                bool const dropped = ec == asio::error::eof || ec == asio::ssl::error::stream_truncated ||
                                     ec == asio::error::connection_reset || ec == beast::http::error::end_of_stream ||
                                     ec == beast::http::error::partial_message;
                if (dropped || ec.category() == asio::error::get_system_category())
                    return self->end_connect(dropped ? make_error_code(errc::connection_closed) : ec, self->stage());
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
    connect_handler connect_handler_;
    beast::websocket::response_type response_;
    Stream ws_;
    dialer<typename Stream::next_layer_type> dialer_;
    beast::flat_buffer buffer_;
    bool upgrading_ = false;
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
        asio::ssl::context* const context = shared->tls.get(shared->options.tls(), ec, detail);
        if (context == nullptr)
            return std::make_unique<detail::failed_transport>(executor, ec, std::move(detail));
        return detail::make_websocket<tls>(executor, url, log, shared, *context);
    };
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
