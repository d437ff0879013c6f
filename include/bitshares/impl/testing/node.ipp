#pragma once

#include <bitshares/base/error.hpp>
#include <bitshares/impl/testing/faults.ipp>
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
#include <chrono>
#include <ctime>
#include <deque>
#include <future>
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

class node_connection;

/* What the connections of a node share; used by the node's thread only, but for the counters. */
struct node_state
{
    node_state(std::shared_ptr<node_service> s, node_options o, std::uint64_t before)
        : service(std::move(s)), options(std::move(o)), connections_before(before)
    {}

    /* Of the connections with this number. */
    bool hits(draw kind, std::uint64_t connection, std::optional<std::uint32_t> permille) const
    {
        return is_drawn(options.faults, kind, connection, 0, permille);
    }

    std::shared_ptr<node_service> service;
    node_options options;
    std::uint64_t connections_before; // of earlier runs: numbers go on
    net::io_context io{1};
    std::vector<std::shared_ptr<node_connection>> half_open; // nothing else holds them
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> connections{0};
};

/* How a reply is sent. */
struct frame_plan
{
    bool twice = false;
    bool cut = false; // half of it, then the connection ends
    bool truncated = false;
    std::optional<std::uint64_t> claimed; // bytes
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
    node_connection(node_state& state, std::unique_ptr<byte_stream> stream, std::uint64_t number)
        : state_(state), stream_(std::move(stream)), frames_(state.options.max_message), number_(number)
    {}

    void start()
    {
        tarpit_ = hits(wrong().tarpit, draw::tarpit);
        frozen_ = hits(wrong().freeze, draw::freeze);
        if (tarpit_)
            return swallow();
        // The service may speak after this connection is gone: then nobody listens.
        session_ = state_.service->connect([box = outbox_, weak = weak_from_this(), &io = state_.io](node_reply reply) {
            box->push(std::move(reply));
            net::post(io, [weak] {
                if (auto const self = weak.lock())
                    self->send_outbox();
            });
        });
        rewriter_.emplace(*session_, number_);
        error_code ignored;
        stream_->socket().set_option(tcp::no_delay(true), ignored);
        stream_->handshake(
            [self = shared_from_this()](error_code ec, std::size_t) { ec ? self->drop() : self->read(); });
    }

    bool open() const { return open_; }

    void drop()
    {
        if (!half_open_)
            end();
    }

    /* Whatever is wrong with it. */
    void end()
    {
        half_open_ = false;
        open_ = false;
        rewriter_.reset();
        session_.reset();
        error_code ignored;
        stream_->socket().close(ignored);
    }

    /* For what the node sends of its own accord. */
    void send(std::string const& text)
    {
        if (mode_ != mode::websocket)
            return;
        outbox_->push({{text}, {}, false, {}});
        send_outbox();
    }

    /* Others are set: what that means for a connection that is open. */
    void faults_changed()
    {
        if (!open_ || tarpit_)
            return;
        frozen_ = hits(wrong().freeze, draw::freeze);
        if (mode_ == mode::websocket)
        {
            if (ends_at_once(wrong().drop, draw::drop))
                return drop();
            if (ends_at_once(wrong().half_open, draw::half_open))
                return go_half_open();
        }
        if (frozen_)
            return;
        if (mode_ == mode::http && !head_.empty())
            return take_http();
        for (auto const& frame : std::exchange(held_, {}))
            if (open_ && mode_ == mode::websocket)
                call(frame);
        send_outbox();
    }

private:
    enum class mode
    {
        http,         // reading the first request
        http_waiting, // the answer to it comes later
        websocket,
        closing // the last bytes are on their way
    };

    faults const& wrong() const { return state_.options.faults; }

    template <class Fault>
    bool hits(std::optional<Fault> const& fault, draw kind) const
    {
        return fault && state_.hits(kind, number_, fault->permille);
    }

    bool ends_at_once(std::optional<ending_fault> const& fault, draw kind) const
    {
        return fault && !fault->after_replies && hits(fault, kind);
    }

    bool ends_now(std::optional<ending_fault> const& fault, draw kind) const
    {
        return fault && fault->after_replies && calls_ >= *fault->after_replies && hits(fault, kind);
    }

    /* Nothing is said, ever. */
    void swallow()
    {
        stream_->socket().async_read_some(net::buffer(input_), [self = shared_from_this()](error_code ec, std::size_t) {
            ec || !self->open_ ? self->end() : self->swallow();
        });
    }

    void go_half_open()
    {
        half_open_ = true;
        open_ = false;
        rewriter_.reset();
        session_.reset();
        state_.half_open.push_back(shared_from_this());
        error_code ignored;
        stream_->socket().cancel(ignored);
    }

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
        if (hits(wrong().http_status, draw::http_status))
            return refuse_http(*wrong().http_status);
        if (bitshares::detail::to_lower(head.field("upgrade")) == "websocket")
        {
            mode_ = mode::websocket;
            pending_ += "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: "
                        "websocket\r\nSec-WebSocket-Accept: " +
                        websocket_accept(head.field("sec-websocket-key")) + date_field() + "\r\n\r\n";
            if (ends_at_once(wrong().drop, draw::drop))
                return drop_when_written();
            if (ends_at_once(wrong().half_open, draw::half_open))
                return half_open_when_written();
            flush();
            frames_.feed(rest);
            return take_frames();
        }
        auto const size = unsigned_value(head.field("content-length")).value_or(0);
        if (size > state_.options.max_message)
            return drop();
        if (rest.size() >= size && !frozen_)
            http_reply(rest.substr(0, static_cast<std::size_t>(size)));
    }

    std::string date_field() const
    {
        if (!state_.options.date_ahead)
            return {};
        auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        std::time_t const shown = std::chrono::system_clock::to_time_t(now + *state_.options.date_ahead);
        std::tm parts{};
        ::gmtime_r(&shown, &parts);
        char text[64];
        return {text, std::strftime(text, sizeof text, "\r\nDate: %a, %d %b %Y %H:%M:%S GMT", &parts)};
    }

    void refuse_http(http_fault const& fault)
    {
        std::string const reason = fault.status == 429   ? "Too Many Requests"
                                   : fault.status == 502 ? "Bad Gateway"
                                   : fault.status == 503 ? "Service Unavailable"
                                                         : "Refused";
        pending_ += "HTTP/1.1 " + std::to_string(fault.status) + ' ' + reason + "\r\nContent-Length: 0\r\n";
        if (fault.retry_after)
            pending_ += "Retry-After: " + std::to_string(*fault.retry_after) + "\r\n";
        pending_ += "Connection: close\r\n\r\n";
        mode_ = mode::closing;
        flush();
    }

    void http_reply(std::string_view body)
    {
        ++state_.requests;
        auto const reply = rewriter_->answer(body, wrong());
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
        if (frozen_)
            return held_.push_back(event.payload);
        call(event.payload);
    }

    void call(std::string const& frame)
    {
        if (ends_now(wrong().drop, draw::drop))
            return drop();
        if (ends_now(wrong().half_open, draw::half_open))
            return half_open_when_written();
        ++calls_;
        auto answer = rewriter_->answer(frame, wrong());
        if (!answer)
        {
            std::string_view const id = member(first_value(frame), "id");
            if (!id.empty())
                unanswered_[std::string(id)] = {frame, calls_};
        }
        send_outbox();
        if (answer && open_ && mode_ == mode::websocket)
            reply(frame, calls_, std::move(*answer));
    }

    void reply(std::string const& frame, std::uint64_t number, std::string answer)
    {
        faults const& f = wrong();
        auto delay = state_.options.delay;
        frame_plan plan;
        bool reordered = false;
        if (f.lose || f.unknown_id || f.garbage || f.delay || f.reorder || f.close_mid_frame || f.oversized_frame ||
            f.truncated_frame || f.duplicate)
        {
            fault_call const what = rewriter_->call_of(frame);
            auto const hit = [&](auto const& fault, draw kind) {
                return fault && what.is_one_of(fault->calls) && is_drawn(f, kind, number_, number, fault->permille);
            };
            if (hit(f.lose, draw::lose))
                return;
            if (hit(f.unknown_id, draw::unknown_id))
                use_unknown_id(answer);
            if (hit(f.garbage, draw::garbage))
                answer = "{\"id\":" + std::string(what.id) + ",\"result\":{]}";
            if (hit(f.delay, draw::delay))
                delay += std::chrono::milliseconds(
                    f.delay->ms +
                    fault_number(f.seed.value_or(1), static_cast<std::uint32_t>(draw::jitter), number_, number) %
                        (std::uint64_t{f.delay->jitter_ms.value_or(0)} + 1));
            reordered = hit(f.reorder, draw::reorder);
            plan.cut = hit(f.close_mid_frame, draw::close_mid_frame);
            plan.truncated = hit(f.truncated_frame, draw::truncated_frame);
            plan.twice = hit(f.duplicate, draw::duplicate);
            if (hit(f.oversized_frame, draw::oversized_frame))
                plan.claimed = f.oversized_frame->bytes.value_or(std::uint64_t{1} << 40);
        }
        if (delay.count() == 0 && !reordered)
            return write(answer, plan);
        after(delay, [answer = std::move(answer), plan, reordered](node_connection& self) {
            reordered ? self.hold_back(answer, plan) : self.write(answer, plan);
        });
    }

    static void use_unknown_id(std::string& answer)
    {
        std::string_view const id = member(answer, "id");
        auto const number = unsigned_value(id);
        if (!id.empty())
            answer.replace(static_cast<std::size_t>(id.data() - answer.data()), id.size(),
                           number ? std::to_string(*number + 1'000'000'000) : "\"nobody's\"");
    }

    void hold_back(std::string const& answer, frame_plan plan)
    {
        auto const reorder = wrong().reorder.value_or(reorder_fault());
        held_back_.emplace_back(answer, plan);
        if (held_back_.size() >= reorder.window.value_or(2))
            return send_held_back();
        if (held_back_.size() == 1)
            after(std::chrono::milliseconds(reorder.wait_ms.value_or(50)),
                  [](node_connection& self) { self.send_held_back(); });
    }

    void send_held_back()
    {
        for (; !held_back_.empty() && open_ && mode_ == mode::websocket; held_back_.pop_back())
            write(held_back_.back().first, held_back_.back().second);
    }

    void say(node_reply reply)
    {
        auto const delay = reply.delay;
        after(delay, [reply = std::move(reply)](node_connection& self) {
            for (auto const& text : reply.frames)
                self.say_frame(text);
            if (reply.close_code)
                self.close(*reply.close_code, {});
            else if (reply.drop)
                self.drop_when_written();
        });
    }

    /* A notice, or a reply that comes later than at once. */
    void say_frame(std::string const& text)
    {
        faults const& f = wrong();
        if (!unanswered_.empty())
            if (auto const asked = unanswered_.find(std::string(member(text, "id"))); asked != unanswered_.end())
            {
                auto const [frame, number] = std::move(asked->second);
                unanswered_.erase(asked);
                return reply(frame, number, text);
            }
        if (!(f.lose_notices || f.duplicate_notices || f.stale_head || f.fork) || !rewriter_)
            return write(text);
        bool const notice = string_value(member(text, "method")) == "notice";
        auto const said = notice ? rewriter_->notice(text, f) : text;
        notices_ += notice ? 1 : 0;
        auto const hit = [&](std::optional<notice_fault> const& fault, draw kind) {
            return notice && fault && is_drawn(f, kind, number_, notices_, fault->permille);
        };
        if (!said || hit(f.lose_notices, draw::lose_notices))
            return;
        frame_plan plan;
        plan.twice = hit(f.duplicate_notices, draw::duplicate_notices);
        write(*said, plan);
    }

    void send_outbox()
    {
        if (frozen_)
            return;
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

    void half_open_when_written()
    {
        half_open_soon_ = true;
        mode_ = mode::closing;
        flush();
    }

    void write(std::string_view text, frame_plan const& plan = {})
    {
        if (mode_ != mode::websocket)
            return;
        std::size_t const before = pending_.size();
        append_frame(pending_, websocket_opcode::text, text);
        if (plan.claimed)
        {
            std::string head("\x81\x7f");
            for (int shift = 56; shift >= 0; shift -= 8)
                head.push_back(static_cast<char>(static_cast<unsigned char>(*plan.claimed >> shift & 0xff)));
            pending_.replace(before, pending_.size() - before - text.size(), head);
        }
        if (plan.cut || plan.truncated)
            pending_.resize(pending_.size() - (text.size() + 1) / 2);
        if (plan.cut)
            return drop_when_written();
        if (plan.twice)
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
                half_open_soon_ ? go_half_open() : linger();
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
    std::optional<fault_rewriter> rewriter_;            // as the session
    websocket_reader frames_;
    std::uint64_t number_;
    bool tarpit_ = false;
    bool frozen_ = false;
    bool half_open_ = false;
    bool half_open_soon_ = false;
    std::uint64_t calls_ = 0;                                                 // for what is drawn
    std::uint64_t notices_ = 0;                                               // as well
    std::map<std::string, std::pair<std::string, std::uint64_t>> unanswered_; // calls by id, with their numbers
    std::deque<std::string> held_;                                            // calls that came while it was frozen
    std::vector<std::pair<std::string, frame_plan>> held_back_;               // replies that others are to overtake
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
        : endpoint_(loopback(options.address), options.port),
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
        auto run = std::make_unique<running>(service_, options_, past_connections_);
        if (secure_)
            use_certificate(run->tls, *options_.tls);
        run->faulty_tls = faulty_certificate(options_.faults);
        listen(*run, endpoint_);
        endpoint_ = run->acceptor.local_endpoint();
        if (is_closed(options_.faults))
            close_port(*run, endpoint_);
        else
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
                connection->end();
        past_requests_ += run_->state.requests;
        past_connections_ += run_->state.connections;
        run_.reset();
    }

    void drop_connections()
    {
        in_thread([](running& run) {
            for (auto const& weak : run.connections)
                if (auto const connection = weak.lock())
                    connection->end();
            run.state.half_open.clear();
        });
    }

    /* Returns when the node's thread knows it. */
    void set_faults(faults wrong)
    {
        std::lock_guard const lock(mutex_);
        auto tls = faulty_certificate(wrong);
        options_.faults = wrong;
        if (!run_)
            return;
        std::promise<void> done;
        net::post(run_->state.io, [&] {
            try
            {
                change_faults(*run_, std::move(wrong), std::move(tls), endpoint_);
                done.set_value();
            }
            catch (...)
            {
                done.set_exception(std::current_exception());
            }
        });
        done.get_future().get();
    }

    void send(std::string frame)
    {
        in_thread([frame = std::move(frame)](running& run) {
            for (auto const& weak : run.connections)
                if (auto const connection = weak.lock(); connection && connection->open())
                    connection->send(frame);
        });
    }

    tcp::endpoint endpoint() const
    {
        std::lock_guard const lock(mutex_);
        return endpoint_;
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
        running(std::shared_ptr<node_service> service, node_options options, std::uint64_t connections_before)
            : state(std::move(service), std::move(options), connections_before)
        {}

        node_state state;
        net::executor_work_guard<net::io_context::executor_type> work{
            state.io.get_executor()}; // the port may be closed
        net::ssl::context tls{net::ssl::context::tls_server};
        std::shared_ptr<net::ssl::context> faulty_tls;
        tcp::acceptor acceptor{state.io};
        tcp::acceptor closed{state.io}; // keeps the port while it is closed: bound, but not listening
        std::uint64_t opened = 0;       // how often the port was
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

    static void use_certificate(net::ssl::context& context, certificate const& shown)
    {
        error_code ec;
        context.use_certificate_chain(net::buffer(shown.certificate_pem), ec);
        must(ec, "the test node's certificate cannot be used");
        context.use_private_key(net::buffer(shown.key_pem), net::ssl::context::pem, ec);
        must(ec, "the test node's key cannot be used");
    }

    /* Null where there is none. */
    std::shared_ptr<net::ssl::context> faulty_certificate(faults const& wrong) const
    {
        if (!wrong.tls || !options_.tls)
            return {};
        certificate_options options;
        options.names = certificate_names(*options_.tls);
        certificate shown;
        switch (wrong.tls->kind)
        {
        case tls_fault::expired:
            options.valid_from_days = -30;
            options.valid_to_days = -1;
            shown = make_certificate(options, *options_.tls);
            break;
        case tls_fault::wrong_host:
            options.names = {"elsewhere.example"};
            shown = make_certificate(options, *options_.tls);
            break;
        case tls_fault::self_signed:
            options.common_name = "bitshares-cpp test node, by itself";
            shown = make_certificate(options);
            break;
        case tls_fault::unknown_authority:
        {
            certificate_options authority;
            authority.common_name = "bitshares-cpp unknown authority";
            shown = make_certificate(options, make_certificate(authority));
            break;
        }
        }
        auto context = std::make_shared<net::ssl::context>(net::ssl::context::tls_server);
        use_certificate(*context, shown);
        return context;
    }

    static bool is_closed(faults const& wrong)
    {
        return wrong.refuse && wrong.refuse->permille.value_or(1'000) >= 1'000;
    }

    static void change_faults(running& run, faults wrong, std::shared_ptr<net::ssl::context> tls,
                              tcp::endpoint const& endpoint)
    {
        run.state.options.faults = std::move(wrong);
        run.faulty_tls = std::move(tls);
        if (is_closed(run.state.options.faults))
            close_port(run, endpoint);
        else if (!run.acceptor.is_open())
        {
            error_code ignored;
            run.closed.close(ignored);
            listen(run, endpoint);
            accept(run);
        }
        auto const connections = run.connections;
        for (auto const& weak : connections)
            if (auto const connection = weak.lock())
                connection->faults_changed();
    }

    static void close_port(running& run, tcp::endpoint const& endpoint)
    {
        if (!run.acceptor.is_open())
            return;
        error_code ignored;
        run.acceptor.close(ignored);
        ++run.opened;
        // Without this, the system may give the port to somebody else meanwhile.
        run.closed.open(tcp::v4(), ignored);
        run.closed.set_option(tcp::acceptor::reuse_address(true), ignored);
        run.closed.bind(endpoint, ignored);
    }

    static net::ip::address_v4 loopback(std::string const& text)
    {
        error_code ec;
        auto const address = net::ip::make_address_v4(text, ec);
        if (ec || !address.is_loopback())
            throw exception(error(errc::invalid_url, "a test node's address is of 127.0.0.0/8, not " + text));
        return address;
    }

    static void listen(running& run, tcp::endpoint const& endpoint)
    {
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
        run.acceptor.async_accept([&run, opened = run.opened](error_code ec, tcp::socket socket) {
            if (opened != run.opened)
                return; // the port was closed
            if (ec)
            {
                // Too many open files, for instance: try again, but not in a circle.
                run.pause.expires_after(std::chrono::milliseconds(10));
                return run.pause.async_wait([&run, opened](error_code) {
                    if (opened == run.opened)
                        accept(run);
                });
            }
            std::uint64_t const number = run.state.connections_before + run.state.connections++;
            faults const& wrong = run.state.options.faults;
            if (wrong.refuse && run.state.hits(draw::refuse, number, wrong.refuse->permille))
            {
                error_code ignored;
                socket.set_option(tcp::socket::linger(true, 0), ignored);
                socket.close(ignored);
                return accept(run);
            }
            std::unique_ptr<byte_stream> stream;
            if (run.state.options.tls)
                stream = std::make_unique<tls_stream>(std::move(socket),
                                                      run.faulty_tls && wrong.tls &&
                                                              run.state.hits(draw::tls, number, wrong.tls->permille)
                                                          ? *run.faulty_tls
                                                          : run.tls);
            else
                stream = std::make_unique<plain_stream>(std::move(socket));
            auto const connection = std::make_shared<node_connection>(run.state, std::move(stream), number);
            std::erase_if(run.connections, [](auto const& weak) { return weak.expired(); });
            run.connections.push_back(connection);
            connection->start();
            accept(run);
        });
    }

    mutable std::mutex mutex_;
    tcp::endpoint endpoint_;
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
    return server_->endpoint().port();
}

BITSHARES_DECL std::string node::url() const
{
    auto const endpoint = server_->endpoint();
    return (server_->secure() ? "wss://" : "ws://") + endpoint.address().to_string() + ":" +
           std::to_string(endpoint.port());
}

BITSHARES_DECL void node::drop_connections()
{
    server_->drop_connections();
}

BITSHARES_DECL void node::send(std::string frame)
{
    server_->send(std::move(frame));
}

BITSHARES_DECL void node::set_faults(faults wrong)
{
    server_->set_faults(std::move(wrong));
}

BITSHARES_DECL void node::clear_faults()
{
    server_->set_faults({});
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
