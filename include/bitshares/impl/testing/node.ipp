#pragma once

#include <bitshares/base/error.hpp>
#include <bitshares/net/node_url.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>
#include <bitshares/testing/websocket_frames.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using io_handler = std::function<void(error_code, std::size_t)>;

/* One connection's bytes, with or without TLS; all that is made twice by templates is behind it. */
class byte_stream
{
public:
    byte_stream() = default;
    byte_stream(byte_stream const&) = delete;
    byte_stream& operator=(byte_stream const&) = delete;
    virtual ~byte_stream() = default;
    virtual void handshake(io_handler handler) = 0;
    virtual void read(net::mutable_buffer buffer, io_handler handler) = 0;
    virtual void write(net::const_buffer buffer, io_handler handler) = 0;
    virtual tcp::socket& socket() = 0;
};

class plain_stream final : public byte_stream
{
public:
    explicit plain_stream(tcp::socket socket) : socket_(std::move(socket)) {}
    void handshake(io_handler handler) override { handler({}, 0); }
    void read(net::mutable_buffer buffer, io_handler handler) override
    {
        socket_.async_read_some(buffer, std::move(handler));
    }
    void write(net::const_buffer buffer, io_handler handler) override
    {
        net::async_write(socket_, buffer, std::move(handler));
    }
    tcp::socket& socket() override { return socket_; }

private:
    tcp::socket socket_;
};

class tls_stream final : public byte_stream
{
public:
    tls_stream(tcp::socket socket, net::ssl::context& context) : stream_(std::move(socket), context) {}
    void handshake(io_handler handler) override
    {
        stream_.async_handshake(net::ssl::stream_base::server,
                                [handler = std::move(handler)](error_code ec) { handler(ec, 0); });
    }
    void read(net::mutable_buffer buffer, io_handler handler) override
    {
        stream_.async_read_some(buffer, std::move(handler));
    }
    void write(net::const_buffer buffer, io_handler handler) override
    {
        net::async_write(stream_, buffer, std::move(handler));
    }
    tcp::socket& socket() override { return stream_.next_layer(); }

private:
    net::ssl::stream<tcp::socket> stream_;
};

/* What the connections of a node share; used by the node's thread only, but for the counters. */
struct node_state
{
    node_state(std::shared_ptr<node_service> s, node_options o) : service(std::move(s)), options(std::move(o)) {}

    std::shared_ptr<node_service> service;
    node_options options;
    net::io_context io{1};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> connections{0};
};

struct http_head
{
    std::string method;
    std::map<std::string, std::string> fields; // names in lower case

    std::string field(std::string const& name) const
    {
        auto const at = fields.find(name);
        return at == fields.end() ? std::string() : at->second;
    }
};

inline http_head read_http_head(std::string_view text)
{
    http_head head;
    head.method = text.substr(0, text.find(' '));
    while (true)
    {
        std::size_t const end = text.find("\r\n");
        if (end == std::string_view::npos)
            return head;
        text.remove_prefix(end + 2);
        std::string_view const line = text.substr(0, text.find("\r\n"));
        std::size_t const colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        std::string_view value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
            value.remove_suffix(1);
        head.fields[bitshares::detail::to_lower(line.substr(0, colon))] = value;
    }
}

/* Answers from a data set; never speaks of its own accord. */
class data_service final : public node_service
{
public:
    explicit data_service(std::shared_ptr<data_set const> data) : data_(std::move(data)) {}

    std::unique_ptr<connection> connect(sink) override { return std::make_unique<session>(data_); }

private:
    class session final : public connection
    {
    public:
        explicit session(std::shared_ptr<data_set const> data) : session_(std::move(data)) {}
        std::optional<std::string> answer(std::string_view frame) override { return session_.answer(frame); }

    private:
        node_session session_;
    };

    std::shared_ptr<data_set const> data_;
};

/* What a service said of its own accord and a connection has not sent yet; filled by any thread. */
class outbox
{
public:
    void push(node_reply reply)
    {
        std::lock_guard const lock(mutex_);
        replies_.push_back(std::move(reply));
    }
    std::vector<node_reply> take()
    {
        std::lock_guard const lock(mutex_);
        return std::exchange(replies_, {});
    }

private:
    std::mutex mutex_;
    std::vector<node_reply> replies_;
};

class node_connection : public std::enable_shared_from_this<node_connection>
{
public:
    node_connection(node_state& state, std::unique_ptr<byte_stream> stream)
        : state_(state), stream_(std::move(stream)), frames_(state.options.max_message)
    {}

    void start()
    {
        // The service may speak after this connection is gone: then nobody listens.
        session_ = state_.service->connect([box = outbox_, weak = weak_from_this(), &io = state_.io](node_reply reply) {
            box->push(std::move(reply));
            net::post(io, [weak] {
                if (auto const self = weak.lock())
                    self->send_outbox();
            });
        });
        error_code ignored;
        stream_->socket().set_option(tcp::no_delay(true), ignored);
        stream_->handshake(
            [self = shared_from_this()](error_code ec, std::size_t) { ec ? self->drop() : self->read(); });
    }

    bool open() const { return open_; }

    void drop()
    {
        open_ = false;
        session_.reset();
        error_code ignored;
        stream_->socket().close(ignored);
    }

    /* For what the node sends of its own accord. */
    void send(std::string const& text)
    {
        if (mode_ == mode::websocket)
            write(text);
    }

private:
    enum class mode
    {
        http,         // reading the first request
        http_waiting, // the answer to it comes later
        websocket,
        closing // the last bytes are on their way
    };

    static constexpr std::size_t max_head = 16'384;
    static constexpr std::size_t max_backlog = 8 << 20;

    void read()
    {
        // A client that does not read what it asked for is not read from, either.
        if (reading_ || !open_ || mode_ == mode::closing || pending_.size() > max_backlog)
            return;
        reading_ = true;
        stream_->read(net::buffer(input_), [self = shared_from_this()](error_code ec, std::size_t n) {
            self->reading_ = false;
            if (ec || !self->open_)
                return self->drop();
            self->take(std::string_view(self->input_.data(), n));
            self->read();
        });
    }

    void take(std::string_view bytes)
    {
        if (mode_ == mode::http)
        {
            head_.append(bytes);
            take_http();
        }
        else if (mode_ == mode::websocket)
        {
            frames_.feed(bytes);
            take_frames();
        }
    }

    void take_http()
    {
        std::size_t const end = head_.find("\r\n\r\n");
        if (end == std::string::npos)
            return head_.size() > max_head ? drop() : void();
        std::string_view const rest = std::string_view(head_).substr(end + 4);
        http_head const head = read_http_head(std::string_view(head_).substr(0, end + 2));
        if (bitshares::detail::to_lower(head.field("upgrade")) == "websocket")
        {
            mode_ = mode::websocket;
            pending_ += "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: "
                        "websocket\r\nSec-WebSocket-Accept: " +
                        websocket_accept(head.field("sec-websocket-key")) + "\r\n\r\n";
            flush();
            frames_.feed(rest);
            return take_frames();
        }
        auto const size = unsigned_value(head.field("content-length")).value_or(0);
        if (size > state_.options.max_message)
            return drop();
        if (rest.size() >= size)
            http_reply(rest.substr(0, static_cast<std::size_t>(size)));
    }

    void http_reply(std::string_view body)
    {
        ++state_.requests;
        auto const reply = session_->answer(body);
        if (!reply && !member(first_value(body), "id").empty() && !member(first_value(body), "method").empty() &&
            member(first_value(body), "id") != "null")
        {
            mode_ = mode::http_waiting;
            return;
        }
        http_reply_is(reply);
    }

    void http_reply_is(std::optional<std::string> const& reply)
    {
        std::string_view const code = reply ? member(member(*reply, "error"), "code") : std::string_view();
        bool const protocol_error = code.starts_with("-32");
        std::string const status = !reply             ? "204 No Content"
                                   : code == "-32603" ? "500 Internal Server Error"
                                   : protocol_error   ? "400 Bad Request"
                                                      : "200 OK";
        pending_ += "HTTP/1.1 " + status + "\r\n";
        if (reply)
            pending_ += "Content-Length: " + std::to_string(reply->size()) + "\r\n";
        pending_ += "Connection: close\r\n\r\n" + reply.value_or(std::string());
        mode_ = mode::closing;
        flush();
    }

    void take_frames()
    {
        while (open_ && mode_ == mode::websocket)
        {
            auto event = frames_.next();
            if (!event)
                return;
            switch (event->opcode)
            {
            case websocket_opcode::text:
            case websocket_opcode::binary: request(*event); break;
            case websocket_opcode::ping:
                append_frame(pending_, websocket_opcode::pong, event->payload);
                flush();
                break;
            case websocket_opcode::close: close(event->code, event->violation ? event->payload : std::string()); break;
            default: break;
            }
        }
    }

    void request(websocket_event const& event)
    {
        ++state_.requests;
        if (state_.options.drop_after && answered_ >= *state_.options.drop_after)
            return drop();
        ++answered_;
        if (state_.options.on_request)
            if (auto reply = state_.options.on_request(event.payload))
                return say(std::move(*reply));
        // Nodes answer a binary frame that holds a request, and are silent at any other.
        if (event.opcode == websocket_opcode::binary && kind_of(first_value(event.payload)) != json_kind::object)
            return;
        auto answer = session_->answer(event.payload);
        send_outbox();
        if (answer && open_ && mode_ == mode::websocket)
        {
            if (state_.options.delay.count() == 0)
                return write(*answer);
            after(state_.options.delay, [answer = std::move(*answer)](node_connection& self) { self.write(answer); });
        }
    }

    void say(node_reply reply)
    {
        auto const delay = reply.delay;
        after(delay, [reply = std::move(reply)](node_connection& self) {
            for (auto const& text : reply.frames)
                self.write(text);
            if (reply.close_code)
                self.close(*reply.close_code, {});
            else if (reply.drop)
                self.drop_when_written();
        });
    }

    void send_outbox()
    {
        for (auto& reply : outbox_->take())
        {
            if (!open_)
                return;
            if (mode_ == mode::websocket)
                say(std::move(reply));
            else if (mode_ == mode::http_waiting)
                for (auto const& text : reply.frames)
                    if (mode_ == mode::http_waiting && !member(text, "id").empty())
                        http_reply_is(text);
        }
    }

    template <class Action>
    void after(std::chrono::milliseconds delay, Action action)
    {
        if (delay.count() == 0)
            return action(*this);
        auto timer = std::make_shared<net::steady_timer>(state_.io, delay);
        timer->async_wait([self = shared_from_this(), timer, action = std::move(action)](error_code ec) {
            if (!ec && self->open_ && self->mode_ == mode::websocket)
                action(*self);
        });
    }

    void close(std::uint16_t code, std::string_view reason)
    {
        append_close(pending_, code, reason);
        mode_ = mode::closing;
        flush();
    }

    void drop_when_written()
    {
        mode_ = mode::closing;
        flush();
    }

    void write(std::string_view text)
    {
        append_frame(pending_, websocket_opcode::text, text);
        flush();
    }

    void flush()
    {
        if (writing_ || !open_)
            return;
        if (pending_.empty())
        {
            if (mode_ == mode::closing)
                linger();
            return;
        }
        writing_ = true;
        written_.clear();
        std::swap(written_, pending_);
        stream_->write(net::buffer(written_), [self = shared_from_this()](error_code ec, std::size_t) {
            self->writing_ = false;
            if (ec || !self->open_)
                return self->drop();
            self->flush();
            self->read();
        });
    }

    /* Closing a socket with unread input makes the kernel reset it, and what was written last would be lost. */
    void linger()
    {
        error_code ignored;
        stream_->socket().shutdown(tcp::socket::shutdown_send, ignored);
        auto timer = std::make_shared<net::steady_timer>(state_.io, std::chrono::seconds(1));
        timer->async_wait([self = shared_from_this(), timer](error_code) { self->drop(); });
        discard(timer);
    }

    void discard(std::shared_ptr<net::steady_timer> const& timer)
    {
        if (reading_)
            return;
        stream_->socket().async_read_some(net::buffer(input_),
                                          [self = shared_from_this(), timer](error_code ec, std::size_t) {
                                              ec ? static_cast<void>(timer->cancel()) : self->discard(timer);
                                          });
    }

    node_state& state_;
    std::unique_ptr<byte_stream> stream_;
    std::shared_ptr<outbox> outbox_ = std::make_shared<outbox>();
    std::unique_ptr<node_service::connection> session_; // none once it was dropped
    websocket_reader frames_;
    mode mode_ = mode::http;
    bool open_ = true;
    bool reading_ = false;
    bool writing_ = false;
    std::uint64_t answered_ = 0;
    std::string head_;
    std::string pending_;
    std::string written_;
    std::array<char, 65'536> input_{};
};

class node_server
{
public:
    node_server(std::shared_ptr<node_service> service, node_options options)
        : port_(options.port),
          secure_(options.tls.has_value()),
          service_(std::move(service)),
          options_(std::move(options))
    {
        start();
    }

    void start()
    {
        std::lock_guard const lock(mutex_);
        if (run_)
            return;
        auto run = std::make_unique<running>(service_, options_);
        if (secure_)
            use_certificate(*run);
        listen(*run);
        port_ = run->acceptor.local_endpoint().port();
        accept(*run);
        run->thread = std::thread([&io = run->state.io] { io.run(); });
        run_ = std::move(run);
    }

    void stop()
    {
        std::lock_guard const lock(mutex_);
        if (!run_)
            return;
        // The sockets go with `running`; handlers that wait are destroyed, not called.
        run_->state.io.stop();
        run_->thread.join();
        for (auto const& weak : run_->connections) // a service must not speak to an io_context that is being destroyed
            if (auto const connection = weak.lock())
                connection->drop();
        past_requests_ += run_->state.requests;
        past_connections_ += run_->state.connections;
        run_.reset();
    }

    void drop_connections()
    {
        in_thread([](running& run) {
            for (auto const& weak : run.connections)
                if (auto const connection = weak.lock())
                    connection->drop();
        });
    }

    void send(std::string frame)
    {
        in_thread([frame = std::move(frame)](running& run) {
            for (auto const& weak : run.connections)
                if (auto const connection = weak.lock(); connection && connection->open())
                    connection->send(frame);
        });
    }

    std::uint16_t port() const
    {
        std::lock_guard const lock(mutex_);
        return port_;
    }
    bool secure() const { return secure_; }
    std::uint64_t requests() const
    {
        std::lock_guard const lock(mutex_);
        return past_requests_ + (run_ ? run_->state.requests.load() : 0);
    }
    std::uint64_t connections() const
    {
        std::lock_guard const lock(mutex_);
        return past_connections_ + (run_ ? run_->state.connections.load() : 0);
    }

private:
    /* All that lives from start to stop. */
    struct running
    {
        running(std::shared_ptr<node_service> service, node_options options)
            : state(std::move(service), std::move(options))
        {}

        node_state state;
        net::ssl::context tls{net::ssl::context::tls_server};
        tcp::acceptor acceptor{state.io};
        net::steady_timer pause{state.io};
        std::vector<std::weak_ptr<node_connection>> connections;
        std::thread thread;
    };

    template <class Action>
    void in_thread(Action action)
    {
        std::lock_guard const lock(mutex_);
        if (run_)
            net::post(run_->state.io, [&run = *run_, action = std::move(action)] { action(run); });
    }

    static void must(error_code ec, char const* what)
    {
        if (ec)
            throw exception(error(ec, what));
    }

    void use_certificate(running& run) const
    {
        error_code ec;
        run.tls.use_certificate_chain(net::buffer(options_.tls->certificate_pem), ec);
        must(ec, "the test node's certificate cannot be used");
        run.tls.use_private_key(net::buffer(options_.tls->key_pem), net::ssl::context::pem, ec);
        must(ec, "the test node's key cannot be used");
    }

    void listen(running& run) const
    {
        tcp::endpoint const endpoint(net::ip::address_v4::loopback(), port_);
        error_code ec;
        run.acceptor.open(endpoint.protocol(), ec);
        must(ec, "the test node has no socket");
        run.acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
        run.acceptor.bind(endpoint, ec);
        must(ec, "the test node's port is taken");
        run.acceptor.listen(net::socket_base::max_listen_connections, ec);
        must(ec, "the test node cannot listen");
    }

    static void accept(running& run)
    {
        run.acceptor.async_accept([&run](error_code ec, tcp::socket socket) {
            if (ec)
            {
                // Too many open files, for instance: try again, but not in a circle.
                run.pause.expires_after(std::chrono::milliseconds(10));
                return run.pause.async_wait([&run](error_code) { accept(run); });
            }
            ++run.state.connections;
            std::unique_ptr<byte_stream> stream;
            if (run.state.options.tls)
                stream = std::make_unique<tls_stream>(std::move(socket), run.tls);
            else
                stream = std::make_unique<plain_stream>(std::move(socket));
            auto const connection = std::make_shared<node_connection>(run.state, std::move(stream));
            std::erase_if(run.connections, [](auto const& weak) { return weak.expired(); });
            run.connections.push_back(connection);
            connection->start();
            accept(run);
        });
    }

    mutable std::mutex mutex_;
    std::uint16_t port_;
    bool secure_;
    std::uint64_t past_requests_ = 0;
    std::uint64_t past_connections_ = 0;
    std::shared_ptr<node_service> service_;
    node_options options_;
    std::unique_ptr<running> run_;
};

} // namespace detail

BITSHARES_DECL node::node(std::shared_ptr<data_set const> data, node_options options)
    : node(std::make_shared<detail::data_service>(std::move(data)), std::move(options))
{}

BITSHARES_DECL node::node(std::shared_ptr<node_service> service, node_options options)
    : server_(std::make_unique<detail::node_server>(std::move(service), std::move(options)))
{}

BITSHARES_DECL node::~node()
{
    server_->stop();
}

BITSHARES_DECL void node::stop()
{
    server_->stop();
}

BITSHARES_DECL void node::start()
{
    server_->start();
}

BITSHARES_DECL std::uint16_t node::port() const
{
    return server_->port();
}

BITSHARES_DECL std::string node::url() const
{
    return (server_->secure() ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(server_->port());
}

BITSHARES_DECL void node::drop_connections()
{
    server_->drop_connections();
}

BITSHARES_DECL void node::send(std::string frame)
{
    server_->send(std::move(frame));
}

BITSHARES_DECL std::uint64_t node::requests() const
{
    return server_->requests();
}

BITSHARES_DECL std::uint64_t node::connections() const
{
    return server_->connections();
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
