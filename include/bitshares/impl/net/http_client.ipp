#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/detail/bounded.hpp>
#include <bitshares/net/chain_clock.hpp>
#include <bitshares/net/dialer.hpp>
#include <bitshares/net/http_client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>
#include <boost/crc.hpp>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <random>
#include <stdexcept>
#include <stop_token>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_LAZY result<std::string> gunzip(std::string_view data, std::size_t limit)
{
    using namespace std::string_view_literals;
    auto const damaged = [](char const* what) {
        return error(errc::invalid_reply, std::string("the compressed body is damaged: ") + what);
    };
    auto const little_endian = [&data](std::size_t at) {
        std::uint32_t number = 0;
        for (std::size_t i = 4; i-- > 0;)
            number = number << 8 | static_cast<unsigned char>(data[at + i]);
        return number;
    };
    std::string out;
    do // of members, which may follow each other
    {
        // The header, RFC 1952, section 2.3.
        if (data.size() < 10)
            return damaged("it is cut off");
        unsigned const flags = static_cast<unsigned char>(data[3]);
        if (data.substr(0, 3) != "\x1f\x8b\x08"sv || (flags & 0xe0) != 0)
            return damaged("it is no gzip");
        data.remove_prefix(10);
        if ((flags & 4) != 0)
        {
            std::size_t const extra =
                data.size() < 2 ? data.size()
                                : 2u + static_cast<unsigned char>(data[0]) + 256u * static_cast<unsigned char>(data[1]);
            data.remove_prefix(std::min(extra, data.size()));
        }
        for (unsigned const text : {8u, 16u}) // name, comment
            if ((flags & text) != 0)
            {
                auto const end = data.find('\0');
                data.remove_prefix(end == data.npos ? data.size() : end + 1);
            }
        if ((flags & 2) != 0)
            data.remove_prefix(std::min<std::size_t>(data.size(), 2));

        BITSHARES_DEPENDENT(beast::zlib::inflate_stream) inflater;
        beast::zlib::z_params z;
        z.next_in = data.data();
        z.avail_in = data.size();
        boost::crc_32_type crc;
        std::uint32_t size = 0;
        for (error_code ec; ec != beast::zlib::error::end_of_stream;)
        {
            std::size_t const before = out.size();
            out.resize(std::min(before + (std::size_t{256} << 10), limit + 1));
            z.next_out = out.data() + before;
            z.avail_out = out.size() - before;
            std::size_t const all_in = z.avail_in;
            ec = {};
            inflater.write(z, beast::zlib::Flush::sync, ec);
            out.resize(out.size() - z.avail_out);
            crc.process_bytes(out.data() + before, out.size() - before);
            size += static_cast<std::uint32_t>(out.size() - before);
            if (out.size() > limit)
                return error(errc::message_too_large, "limit " + std::to_string(limit) + " bytes, decompressed");
            if (ec && ec != beast::zlib::error::end_of_stream && ec != beast::zlib::error::need_buffers)
                return damaged("it cannot be decompressed");
            if (ec != beast::zlib::error::end_of_stream && out.size() == before && z.avail_in == all_in)
                return damaged("it is cut off");
        }
        data.remove_prefix(data.size() - z.avail_in);
        if (data.size() < 8)
            return damaged("it is cut off");
        if (little_endian(0) != crc.checksum() || little_endian(4) != size)
            return damaged("its checksum is wrong");
        data.remove_prefix(8);
    } while (!data.empty());
    return out;
}

template <class Dependent>
struct http_layers
{
    using plain = plain_stream;
    using tls = tls_stream;
};

// What a connection is to send, and what came of it.
struct http_exchange
{
    std::string head;
    std::string const* body = nullptr;
    bool answer_has_no_body = false; // of HEAD

    error_code ec;
    std::string detail;
    bool written = false;  // at least a part of it
    bool answered = false; // at least a part
    bool reusable = false;
    std::string encoding;
    std::string location;
    http_reply reply;
};

class http_link
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    http_link() = default;
    http_link(http_link const&) = delete;
    http_link& operator=(http_link const&) = delete;
    virtual ~http_link() = default;

    /// Sends and waits; makes the connection where there is none yet. Nothing is under way afterwards.
    virtual void run(http_exchange& what, time_point deadline) = 0;

    /// Ends what is under way, from another thread. What comes later ends, too, or not.
    virtual void stop() = 0;

    time_point idle_since; // of the owner
};

/* A connection, driven by the thread that waits for the answer. */
template <class Layer>
class http_connection final : public http_link
{
public:
    template <class... Context>
    http_connection(http_url const& url, http_options const& options, Context&... context)
        : options_(options),
          url_(url),
          timer_(io_),
          stream_(io_.get_executor(), context...),
          dialer_(stream_,
                  {url.host(), url.port(), options.tls(), options.through(), *options.resolver(),
                   options.attempt_timeout()},
                  [this](log_level level, std::string const& text) {
                      if (options_.log())
                          options_.log()(level, url_.to_string() + ": " + text);
                  })
    {}

    void run(http_exchange& what, time_point deadline) override
    {
        exchange_ = &what;
        ended_ = false;
        interim_ = 0;
        try
        {
            timer_.expires_at(deadline);
            timer_.async_wait([this](error_code ec) {
                if (!ec)
                    fail(errc::timed_out, stage());
            });
            if (open_)
                begin();
            else
                dialer_.open(nullptr, [this](error_code ec) {
                    if (ec)
                        return fail(ec, dialer_.detail());
                    open_ = true;
                    begin();
                });
            io_.restart();
            io_.run();
        }
        catch (...)
        {
            // What is under way refers to this and has to end here; for want of memory, or of the user's logger.
            fail(errc::cancelled, "an exception ended it");
            io_.restart();
            io_.run();
            throw;
        }
    }

    void stop() override
    {
        asio::post(io_, [this] { fail(errc::cancelled, "the call was ended"); });
    }

private:
    using parser = beast::http::response_parser<beast::http::string_body>;

    std::string stage() const { return open_ ? "waiting for the answer" : dialer_.detail(); }

    // Whatever is still under way finds that it has ended.
    void fail(error_code ec, std::string detail)
    {
        if (ended_)
            return;
        exchange_->ec = ec;
        exchange_->detail = std::move(detail);
        finish(false);
    }

    void finish(bool reusable)
    {
        ended_ = true;
        exchange_->reusable = reusable;
        timer_.cancel();
        dialer_.cancel();
        if (!reusable)
            beast::close_socket(beast::get_lowest_layer(stream_));
    }

    void begin()
    {
        exchange_->written = true;
        sending_ = true;
        std::array<asio::const_buffer, 2> const data{asio::buffer(exchange_->head), asio::buffer(*exchange_->body)};
        asio::async_write(stream_, data, [this](error_code ec, std::size_t) {
            sending_ = false;
            if (ec)
                write_error_ = ec; // the server may have answered before it hung up: reading tells
        });
        new_parser();
        read();
    }

    void new_parser()
    {
        parser_.emplace();
        parser_->eager(true);
        parser_->skip(exchange_->answer_has_no_body);
        parser_->header_limit(64 << 10);
        parser_->body_limit(options_.max_reply_bytes());
    }

    void read()
    {
        stream_.async_read_some(buffer_.prepare(64 << 10), [this](error_code ec, std::size_t n) {
            if (ended_)
                return;
            if (ec)
                return on_end(ec);
            exchange_->answered = true;
            buffer_.commit(n);
            parse();
        });
    }

    void parse()
    {
        while (buffer_.size() != 0)
        {
            error_code ec;
            std::size_t const used = parser_->put(buffer_.cdata(), ec);
            buffer_.consume(used);
            if (ec && ec != beast::http::error::need_more)
                return bad(ec);
            if (parser_->is_done())
            {
                if (parser_->get().result_int() / 100 != 1)
                    return complete();
                new_parser(); // "Continue" and the like: the answer is still to come
                if (++interim_ > 16)
                    return fail(errc::invalid_reply, "one interim answer after the other");
                continue;
            }
            if (used == 0)
                break;
        }
        if (buffer_.size() > (1 << 20)) // of what the parser wants to have whole, such as a chunk's header
            return fail(errc::invalid_reply, "an endless line");
        read();
    }

    void on_end(error_code ec)
    {
        // An answer without a length ends with the connection; over TLS only where the server says so, as anybody can cut it.
        if (ec == asio::error::eof && parser_->got_some() && !sending_)
        {
            error_code at_end;
            parser_->put_eof(at_end);
            if (!at_end && parser_->is_done())
                return complete();
        }
        bool const closed = ec == asio::error::eof || ec == asio::ssl::error::stream_truncated ||
                            ec == asio::error::connection_reset || ec == asio::error::broken_pipe;
        fail(closed ? make_error_code(errc::connection_closed) : ec,
             closed ? exchange_->answered ? "in the middle of the answer" : "before an answer" : ec.message());
    }

    void bad(error_code ec)
    {
        if (ec == beast::http::error::body_limit || ec == beast::http::error::buffer_overflow)
            return fail(errc::message_too_large, "limit " + std::to_string(options_.max_reply_bytes()) + " bytes");
        fail(errc::invalid_reply, "no HTTP: " + ec.message());
    }

    void complete()
    {
        auto& message = parser_->get();
        auto const text = [&message](beast::http::field name) {
            auto const value = message[name];
            return std::string(value.data(), value.size());
        };
        using beast::http::field;
        http_reply& reply = exchange_->reply;
        reply.status = message.result_int();
        reply.content_type = text(field::content_type);
        reply.date = read_http_date(text(field::date));
        exchange_->encoding = to_lower(text(field::content_encoding));
        exchange_->location = text(field::location);
        if (std::string const after = text(field::retry_after); !after.empty())
        {
            std::uint32_t seconds = 0;
            auto const [end, wrong] = std::from_chars(after.data(), after.data() + after.size(), seconds);
            if (wrong == std::errc() && end == after.data() + after.size())
                reply.retry_after = std::chrono::seconds(seconds);
            else if (auto const when = read_http_date(after); when && reply.date) // by the clock that says both
                reply.retry_after = std::chrono::seconds(std::max<std::int64_t>(*when - *reply.date, 0));
        }
        bool const reusable = parser_->keep_alive() && !sending_ && !write_error_ && buffer_.size() == 0;
        reply.body = std::move(message.body());
        parser_.reset();
        finish(reusable);
    }

    http_options const& options_;
    http_url const url_;
    asio::io_context io_{1};
    asio::steady_timer timer_;
    Layer stream_;
    dialer<Layer> dialer_;
    beast::flat_buffer buffer_;
    std::optional<parser> parser_;
    http_exchange* exchange_ = nullptr;
    error_code write_error_;
    bool open_ = false;
    bool sending_ = false;
    bool ended_ = true;
    unsigned interim_ = 0;
};

template <class Dependent = void>
class http_driver final : public http_sender
{
public:
    http_driver(std::vector<http_url> servers, http_options options) : options_(std::move(options))
    {
        if (servers.empty())
            throw std::invalid_argument("http_client: no server");
        if (!options_.resolver())
            options_.resolver(make_resolver());
        for (http_url& url : servers)
            servers_.emplace_back(std::move(url));
    }

    ~http_driver() override { close(); }

    result<http_reply> send(http_request const& request) override
    {
        auto const printable = [](char c) { return c > ' ' && c < 0x7f; };
        if (!request.target.starts_with('/') || request.target.find('#') != std::string::npos ||
            !std::all_of(request.target.begin(), request.target.end(), printable))
            return error(errc::invalid_url,
                         "a request's target begins with / and has no blanks: " + valid_utf8(request.target, 200));
        if (!std::all_of(request.content_type.begin(), request.content_type.end(),
                         [&](char c) { return c == ' ' || printable(c); }))
            return error(errc::invalid_url, "a control character in the content's type");

        std::stop_callback const wake(request.stop, [this] {
            std::lock_guard const lock(mutex_);
            wake_.notify_all();
        });
        time_point const end = clock::now() + bounded(options_.call_timeout());
        std::size_t tries =
            servers_.size() * std::max(request.attempts != 0 ? request.attempts : options_.attempts(), 1U);
        std::optional<http_reply> refusal;                  // of a server that wants to be asked again
        std::vector<std::string> failures(servers_.size()); // what each said last
        error_code ec = errc::timed_out;
        for (; tries != 0; --tries)
        {
            std::size_t at = 0;
            {
                std::unique_lock lock(mutex_);
                at = choose();
                // Never later than the call's end; if the server is to be left alone until then, the last word stands.
                if (servers_[at].not_before >= end)
                    break;
                if (wake_.wait_until(lock, servers_[at].not_before,
                                     [&] { return closed_ || request.stop.stop_requested(); }))
                    return error(errc::cancelled, "the call was ended");
            }
            http_exchange exchange = attempt(servers_[at], request, end);
            ec = exchange.ec;
            bool const busy = !ec && is_busy(exchange.reply.status);
            if (!ec && !busy)
            {
                note_success(at);
                unsigned const status = exchange.reply.status;
                if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308)
                    return error(errc::http_refused, servers_[at].url.to_string() + ": HTTP " + std::to_string(status) +
                                                         ", what was asked for is at " +
                                                         valid_utf8(exchange.location, 300) +
                                                         ": name that URL instead");
                return std::move(exchange.reply);
            }
            if (ec == errc::cancelled || ec == errc::file_error)
                return error(ec, exchange.detail);
            note_failure(at, 1, ec, busy ? exchange.reply.retry_after : std::nullopt);
            if (busy)
            {
                say(log_level::warning,
                    servers_[at].url.to_string() + ": HTTP " + std::to_string(exchange.reply.status));
                refusal = std::move(exchange.reply);
                if (!request.repeatable)
                    break;
                continue;
            }
            failures[at] = servers_[at].url.to_string() + ": " + exchange.detail + ": " + ec.message();
            say(log_level::warning, failures[at]);
            if (ec == errc::message_too_large) // it would be so again
                break;
            if (!request.repeatable && exchange.written)
            {
                ec = errc::maybe_applied;
                break;
            }
            if (servers_.size() == 1 && is_lasting(ec))
                break; // nor does this pass
            if (clock::now() >= end)
                break;
        }
        if (refusal)
            return std::move(*refusal);
        if (is_lasting(ec)) // of this server; another one may come back, as who asks has to know
        {
            std::lock_guard const lock(mutex_);
            for (server const& s : servers_)
                if (!is_lasting(s.last))
                    ec = s.last ? s.last : make_error_code(errc::timed_out);
        }
        std::string detail;
        for (std::string const& f : failures)
            if (!f.empty())
                detail += (detail.empty() ? "" : "; ") + f;
        return error(ec, detail.empty() ? "no server is to be asked before the call's end" : std::move(detail));
    }

    void blame(std::string_view name, unsigned times) override
    {
        for (std::size_t at = 0; at < servers_.size(); ++at)
            if (std::string const own = servers_[at].url.to_string(); own == name)
            {
                say(log_level::warning, own + ": an answer of no use");
                note_failure(at, times, {}, std::nullopt);
            }
    }

    void close() override
    {
        std::lock_guard const lock(mutex_);
        closed_ = true;
        for (http_link* const link : busy_)
            link->stop();
        for (server& s : servers_)
            s.idle.clear();
        wake_.notify_all();
    }

private:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;

    struct server
    {
        explicit server(http_url u) : url(std::move(u)) {}

        http_url url;
        std::vector<std::unique_ptr<http_link>> idle; // the one used last at the end
        unsigned failures = 0;                        // since the last success
        time_point not_before{};
        error_code last; // why there was no answer; empty where there was one, of whatever use
    };

    static constexpr std::size_t most_idle = 16;

    static bool is_busy(unsigned status)
    {
        return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 || status == 503 ||
               status == 504;
    }

    static bool is_lasting(error_code const& ec)
    {
        return ec == errc::certificate_rejected || ec == errc::name_not_found;
    }

    void say(log_level level, std::string const& text) const
    {
        if (options_.log())
            options_.log()(level, text);
    }

    // The one that answered last unless it is left alone; otherwise the one that is so for the shortest time.
    std::size_t choose() const
    {
        time_point const now = clock::now();
        std::size_t best = current_;
        for (std::size_t i = 0; i < servers_.size(); ++i)
        {
            std::size_t const at = (current_ + i) % servers_.size();
            if (servers_[at].not_before <= now)
                return at;
            if (servers_[at].not_before < servers_[best].not_before)
                best = at;
        }
        return best;
    }

    void note_success(std::size_t at)
    {
        std::lock_guard const lock(mutex_);
        current_ = at;
        servers_[at].failures = 0;
        servers_[at].not_before = {};
        servers_[at].last = {};
    }

    // @param times In a row, where the caller has counted: an answer of no use looked like a success.
    void note_failure(std::size_t at, unsigned times, error_code ec, std::optional<std::chrono::seconds> retry_after)
    {
        std::lock_guard const lock(mutex_);
        server& s = servers_[at];
        using ms = std::chrono::milliseconds;
        ms const longest = bounded(options_.longest_back_off());
        ms wait = std::min(bounded(options_.first_back_off()), longest);
        s.last = ec;
        s.failures = std::max(s.failures + 1, times);
        for (unsigned i = 1; i < s.failures && wait < longest; ++i)
            wait = std::min(2 * wait, longest);
        // Not all clients of a server at the same time.
        wait = ms(std::uniform_int_distribution<ms::rep>(wait.count() - wait.count() / 4, wait.count())(random_));
        if (retry_after)
            wait = std::max(wait, std::min(bounded(ms(*retry_after)), bounded(options_.max_retry_after())));
        s.not_before = clock::now() + wait;
    }

    std::unique_ptr<http_link> connect(http_url const& url, error_code& ec, std::string& detail)
    {
        if (!url.secure())
            return std::make_unique<http_connection<typename http_layers<Dependent>::plain>>(url, options_);
        asio::ssl::context* const context = tls_.get(options_.tls(), ec, detail);
        if (context == nullptr)
            return nullptr;
        return std::make_unique<http_connection<typename http_layers<Dependent>::tls>>(url, options_, *context);
    }

    // A connection while it is used: it can be stopped.
    class lease
    {
    public:
        lease(http_driver& driver, http_link& link, std::stop_token const& stop)
            : driver_(driver), stop_(stop, [&link] { link.stop(); })
        {
            std::lock_guard const lock(driver_.mutex_);
            at_ = driver_.busy_.insert(driver_.busy_.end(), &link);
            if (driver_.closed_)
                link.stop();
        }
        ~lease()
        {
            std::lock_guard const lock(driver_.mutex_);
            driver_.busy_.erase(at_);
        }
        lease(lease const&) = delete;
        lease& operator=(lease const&) = delete;

    private:
        http_driver& driver_;
        std::list<http_link*>::iterator at_;
        std::stop_callback<std::function<void()>> stop_;
    };

    std::unique_ptr<http_link> take_idle(server& s)
    {
        std::vector<std::unique_ptr<http_link>> old; // closed behind the lock
        std::lock_guard const lock(mutex_);
        time_point const still_good = clock::now() - bounded(options_.keep_alive());
        std::unique_ptr<http_link> link;
        if (!s.idle.empty() && s.idle.back()->idle_since > still_good)
        {
            link = std::move(s.idle.back());
            s.idle.pop_back();
        }
        auto const first_good =
            std::find_if(s.idle.begin(), s.idle.end(), [&](auto const& l) { return l->idle_since > still_good; });
        std::move(s.idle.begin(), first_good, std::back_inserter(old));
        s.idle.erase(s.idle.begin(), first_good);
        return link;
    }

    void keep(server& s, std::unique_ptr<http_link> link)
    {
        if (options_.keep_alive() <= http_options::duration::zero())
            return;
        link->idle_since = clock::now();
        std::lock_guard const lock(mutex_);
        if (!closed_ && s.idle.size() < most_idle)
            s.idle.push_back(std::move(link));
    }

    void drop_idle(server& s)
    {
        std::vector<std::unique_ptr<http_link>> old;
        std::lock_guard const lock(mutex_);
        old.swap(s.idle);
    }

    http_exchange attempt(server& s, http_request const& request, time_point end)
    {
        time_point const deadline = std::min(end, clock::now() + bounded(options_.attempt_timeout()));
        // What may not be sent twice is not entrusted to a connection that may be dead.
        std::unique_ptr<http_link> link = request.repeatable ? take_idle(s) : nullptr;
        for (bool used_before = link != nullptr;; used_before = false)
        {
            http_exchange exchange;
            exchange.head = head(s.url, request);
            exchange.body = &request.body;
            exchange.answer_has_no_body = request.method == http_method::head;
            if (!link)
                link = connect(s.url, exchange.ec, exchange.detail);
            if (!link)
                return exchange;
            {
                lease const stoppable(*this, *link, request.stop);
                link->run(exchange, deadline);
            }
            bool const stale = used_before && exchange.ec && !exchange.answered && exchange.ec != errc::timed_out &&
                               exchange.ec != errc::cancelled;
            if (exchange.reusable && !request.stop.stop_requested()) // which the link may be yet to see
                keep(s, std::move(link));
            link.reset();
            if (stale) // closed while nobody looked; those beside it most likely, too
            {
                drop_idle(s);
                continue;
            }
            if (!exchange.ec)
                decode(exchange);
            exchange.reply.server = s.url.to_string();
            return exchange;
        }
    }

    void decode(http_exchange& exchange) const
    {
        if (exchange.encoding.empty() || exchange.encoding == "identity" || exchange.reply.body.empty())
            return;
        if (exchange.encoding != "gzip" && exchange.encoding != "x-gzip")
        {
            exchange.ec = errc::invalid_reply;
            exchange.detail = "a content encoding that was not asked for: " + valid_utf8(exchange.encoding, 40);
            return;
        }
        auto body = gunzip(exchange.reply.body, options_.max_reply_bytes());
        if (body)
        {
            exchange.reply.body = std::move(*body);
            return;
        }
        exchange.ec = body.error().code();
        exchange.detail = body.error().detail();
    }

    std::string head(http_url const& url, http_request const& request) const
    {
        char const* method = "GET";
        switch (request.method)
        {
        case http_method::get: break;
        case http_method::head: method = "HEAD"; break;
        case http_method::post: method = "POST"; break;
        case http_method::put: method = "PUT"; break;
        case http_method::del: method = "DELETE"; break;
        }
        std::string text = std::string(method) + ' ' + url.path() + request.target +
                           " HTTP/1.1\r\nHost: " + url.authority() + "\r\nUser-Agent: bitshares-cpp/" + version +
                           "\r\n";
        if (options_.gzip())
            text += "Accept-Encoding: gzip\r\n";
        if (!url.user().empty())
            text += "Authorization: Basic " + base64(url.user() + ':' + url.password()) + "\r\n";
        if (!request.body.empty())
            text += "Content-Type: " + request.content_type + "\r\n";
        if (!request.body.empty() || request.method == http_method::post || request.method == http_method::put)
            text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
        return text + "\r\n";
    }

    http_options options_;
    shared_tls_context tls_;
    std::mutex mutex_; // of what follows
    std::condition_variable wake_;
    std::vector<server> servers_; // their URLs never change
    std::size_t current_ = 0;
    std::list<http_link*> busy_;
    bool closed_ = false;
    std::minstd_rand random_{std::random_device{}()};
};

} // namespace detail

BITSHARES_LAZY http_client::http_client(std::vector<http_url> servers, http_options options)
    : driver_(std::make_unique<BITSHARES_DEPENDENT(detail::http_driver<>)>(std::move(servers), std::move(options)))
{}

BITSHARES_LAZY http_factory http_clients(http_options options)
{
    return [options = std::move(options)](std::vector<http_url> servers) -> std::unique_ptr<http_sender> {
        return std::make_unique<http_client>(std::move(servers), options);
    };
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
