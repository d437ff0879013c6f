#include "http_server.hpp"

#include "rate_limiter.hpp"

#include <bitshares/base/utf8.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <ctime>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

namespace program {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using steady = std::chrono::steady_clock;

bool read_listen_address(std::string_view text, std::string& address, std::uint16_t& port)
{
    std::string host = "127.0.0.1";
    std::string_view digits = text;
    if (std::size_t const colon = text.rfind(':'); colon != text.npos)
    {
        host = std::string(text.substr(0, colon));
        digits = text.substr(colon + 1);
        if (host.starts_with('[') && host.ends_with(']'))
            host = host.substr(1, host.size() - 2);
        else if (host.find(':') != host.npos)
            return false; // where does the port begin?
        if (host.empty() || host == "localhost")
            host = "127.0.0.1";
    }
    unsigned number = 0;
    auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    error_code ec;
    asio::ip::make_address(host, ec);
    if (ec || read.ec != std::errc() || read.ptr != digits.data() + digits.size() || number > 0xffff)
        return false;
    address = host;
    port = static_cast<std::uint16_t>(number);
    return true;
}

namespace {

constexpr double second_bounds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
constexpr char const* second_texts[] = {"0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1",
                                        "0.25",  "0.5",    "1",     "2.5",  "5",     "10"};
static_assert(std::size(second_bounds) == std::size(second_texts));

struct route_entry
{
    std::string path;
    std::vector<std::string> parts;                            // of the path, where it has names
    std::map<std::string, http_handler, std::less<>> handlers; // by method
};

// Counts of one route.
struct route_counts
{
    std::map<std::pair<std::string, unsigned>, std::uint64_t> requests; // by method and status
    std::array<std::uint64_t, std::size(second_bounds)> within = {};
    std::uint64_t answers = 0;
    double seconds = 0;
};

std::vector<std::string> split_path(std::string_view path)
{
    std::vector<std::string> parts;
    while (!path.empty())
    {
        path.remove_prefix(1); // the slash
        parts.emplace_back(path.substr(0, path.find('/')));
        path.remove_prefix(std::min(parts.back().size(), path.size()));
    }
    return parts;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

asio::ip::address plain(asio::ip::address const& address)
{
    return address.is_v6() && address.to_v6().is_v4_mapped()
               ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6())
               : address;
}

// What counts as one client: who has an IPv6 address has all of its network.
std::string client_key(asio::ip::address const& address)
{
    if (address.is_v4())
        return address.to_string();
    auto bytes = address.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return asio::ip::address_v6(bytes).to_string();
}

std::string_view known_method(std::string_view method)
{
    for (std::string_view const known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        if (method == known)
            return known;
    return "other"; // a stranger's words are no label
}

std::string label(std::string_view text)
{
    std::string out;
    for (char const c : text)
    {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

std::string decimal(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

} // namespace

class http_server::implementation
{
public:
    explicit implementation(http_server_options options)
        : options_(std::move(options)),
          limiter_(options_.requests_per_minute, options_.burst),
          pool_(std::max(options_.threads, 1U)),
          acceptor_(io_),
          tick_(io_),
          retry_(io_)
    {
        for (std::string const& text : options_.trusted_proxies)
            proxies_.push_back(plain(asio::ip::make_address(text)));
    }

    ~implementation()
    {
        request_stop();
        wait();
    }

    void route(std::string method, std::string path, http_handler handler)
    {
        auto it = std::find_if(routes_.begin(), routes_.end(), [&](route_entry const& r) { return r.path == path; });
        if (it == routes_.end())
        {
            routes_.emplace_back();
            it = std::prev(routes_.end());
            it->path = path;
            if (path.find('{') != path.npos)
                it->parts = split_path(path);
            else
                exact_[path] = &*it;
        }
        it->handlers[std::move(method)] = std::move(handler);
    }

    void add_metrics(std::function<std::string()> more) { more_metrics_ = std::move(more); }

    http_response respond(http_request& request, std::string& route_path) const
    {
        route_path = "other";
        route_entry const* const entry = find(request);
        if (request.method == "OPTIONS")
        {
            http_response response;
            response.status = 204;
            response.headers.emplace_back("Allow", methods(entry));
            if (options_.cors)
            {
                response.headers.emplace_back("Access-Control-Allow-Methods", methods(entry));
                response.headers.emplace_back("Access-Control-Allow-Headers", "Content-Type");
                response.headers.emplace_back("Access-Control-Max-Age", "86400");
            }
            return response;
        }
        if (!entry)
            return http_problem(404, "not_found", "there is nothing under this path");
        route_path = entry->path;
        auto handler = entry->handlers.find(request.method);
        if (handler == entry->handlers.end() && request.method == "HEAD")
            handler = entry->handlers.find("GET");
        if (handler == entry->handlers.end())
        {
            auto response = http_problem(405, "method_not_allowed", "this path takes " + methods(entry));
            response.headers.emplace_back("Allow", methods(entry));
            return response;
        }
        try
        {
            return handler->second(request);
        }
        catch (std::exception const& e)
        {
            return failed(request, e.what());
        }
        catch (...)
        {
            return failed(request, "unknown");
        }
    }

    void start()
    {
        tcp::endpoint const at(asio::ip::make_address(options_.address), options_.port);
        acceptor_.open(at.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        if (at.address().is_v6() && at.address().is_unspecified())
        {
            error_code ignored;
            acceptor_.set_option(asio::ip::v6_only(false), ignored);
        }
        acceptor_.bind(at);
        acceptor_.listen();
        port_ = acceptor_.local_endpoint().port();
        accept();
        tick();
        thread_ = std::thread([this] { io_.run(); });
    }

    std::uint16_t port() const noexcept { return port_; }

    void request_stop()
    {
        if (!stop_requested_.exchange(true))
            asio::post(io_, [this] { begin_stop(); });
    }

    void wait()
    {
        std::lock_guard const lock(wait_mutex_);
        if (thread_.joinable())
            thread_.join();
        // What is left cannot be told to anybody any more.
        pool_.stop();
        pool_.join();
    }

    std::string metrics() const;

private:
    class connection;
    friend class connection;

    route_entry const* find(http_request& request) const
    {
        if (auto const it = exact_.find(request.path); it != exact_.end())
            return it->second;
        if (!request.path.starts_with('/'))
            return nullptr;
        auto const parts = split_path(request.path);
        for (route_entry const& r : routes_)
        {
            if (r.parts.size() != parts.size())
                continue;
            request.parts.clear();
            bool fits = true;
            for (std::size_t i = 0; i < parts.size() && fits; ++i)
                if (r.parts[i].starts_with('{'))
                {
                    request.parts.emplace_back(r.parts[i].substr(1, r.parts[i].size() - 2), parts[i]);
                    fits = !parts[i].empty();
                }
                else
                    fits = r.parts[i] == parts[i];
            if (fits)
                return &r;
        }
        request.parts.clear();
        return nullptr;
    }

    http_response failed(http_request const& request, std::string const& what) const
    {
        if (options_.on_error)
            options_.on_error(request.target, what);
        return http_problem(500, "internal_error", "the server failed; its log says why"); // a stranger need not know
    }

    static std::string methods(route_entry const* entry)
    {
        std::string text;
        if (entry)
            for (auto const& [method, handler] : entry->handlers)
                text += method + (method == "GET" ? ", HEAD, " : ", ");
        return text + "OPTIONS";
    }

    // One client never has the last thread: slow questions of one leave a place for everybody else's.
    void run(std::string const& client, std::function<void()> handling)
    {
        client_requests& own = requests_of_client_[client];
        if (own.running >= std::max(options_.threads, 2U) - 1)
            return own.waiting.push_back(std::move(handling));
        ++own.running;
        asio::post(pool_, std::move(handling));
    }

    void has_run(std::string const& client)
    {
        auto const own = requests_of_client_.find(client);
        if (!own->second.waiting.empty())
        {
            asio::post(pool_, std::move(own->second.waiting.front()));
            own->second.waiting.pop_front();
        }
        else if (--own->second.running == 0)
            requests_of_client_.erase(own);
    }

    void accept();
    void on_accept(error_code ec, tcp::socket socket);
    void refuse(tcp::socket& socket, http_response response);
    void begin_stop();
    void tick();
    void end_if_stopped();

    // Who asks, as the proxies say it that are believed: the last address that none of them has added of its own.
    asio::ip::address client_of(asio::ip::address const& peer, http_request const& request) const
    {
        auto const believed = [this](asio::ip::address const& a) {
            return std::find(proxies_.begin(), proxies_.end(), a) != proxies_.end();
        };
        asio::ip::address client = peer;
        std::string all;
        for (auto const& [name, value] : request.headers)
            if (name == "x-forwarded-for")
                all += (all.empty() ? "" : ",") + value;
        std::string_view rest = all;
        while (believed(client) && !rest.empty())
        {
            std::size_t const comma = rest.rfind(',');
            std::string_view const last = trimmed(comma == rest.npos ? rest : rest.substr(comma + 1));
            rest = comma == rest.npos ? std::string_view() : rest.substr(0, comma);
            error_code ec;
            auto const address = asio::ip::make_address(std::string(last), ec);
            if (ec)
                break;
            client = plain(address);
        }
        return client;
    }

    bool is_proxy(asio::ip::address const& peer) const
    {
        return std::find(proxies_.begin(), proxies_.end(), peer) != proxies_.end();
    }

    void count(std::string const& route_path, std::string_view method, unsigned status, double seconds)
    {
        std::lock_guard const lock(counts_mutex_);
        route_counts& c = counts_[route_path];
        ++c.requests[{std::string(known_method(method)), status}];
        ++c.answers;
        c.seconds += seconds;
        for (std::size_t i = 0; i < std::size(second_bounds); ++i)
            if (seconds <= second_bounds[i])
                ++c.within[i];
    }

    // "Sun, 22 Nov 2026 02:00:00 GMT", made once a second.
    std::string const& common_headers()
    {
        std::time_t const now = std::time(nullptr);
        if (now != headers_time_)
        {
            headers_time_ = now;
            std::tm parts = {};
            ::gmtime_r(&now, &parts);
            char text[64];
            std::size_t const size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
            headers_ = "Date: " + std::string(text, size) + "\r\nX-Content-Type-Options: nosniff\r\n";
            if (options_.cors)
                headers_ += "Access-Control-Allow-Origin: *\r\n";
        }
        return headers_;
    }

    http_server_options options_;
    std::vector<asio::ip::address> proxies_;
    std::list<route_entry> routes_;
    std::unordered_map<std::string, route_entry const*> exact_;
    std::function<std::string()> more_metrics_;

    asio::io_context io_{1};
    rate_limiter limiter_;
    asio::thread_pool pool_;
    tcp::acceptor acceptor_;
    asio::steady_timer tick_;
    asio::steady_timer retry_;
    std::thread thread_;
    std::mutex wait_mutex_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_requested_ = false;

    struct client_requests
    {
        unsigned running = 0; // on a thread, or about to be
        std::deque<std::function<void()>> waiting;
    };

    // Of the connections' thread.
    std::unordered_map<std::string, client_requests> requests_of_client_;
    bool stopping_ = false;
    steady::time_point stop_by_;
    std::list<std::shared_ptr<connection>> open_;
    std::unordered_map<std::string, std::size_t> open_of_client_;
    std::size_t waiting_ = 0;
    std::uint64_t answer_bytes_ = 0;
    std::time_t headers_time_ = -1;
    std::string headers_;

    mutable std::mutex counts_mutex_;
    std::map<std::string, route_counts> counts_;
    std::atomic<std::size_t> open_count_ = 0;
    std::atomic<std::size_t> under_way_ = 0;
    std::atomic<std::uint64_t> accepted_ = 0, refused_ = 0, limited_ = 0, overloaded_ = 0;
};

// One connection: reads a request, has it answered, writes that, and again.
class http_server::implementation::connection : public std::enable_shared_from_this<connection>
{
public:
    connection(implementation& server, tcp::socket socket, asio::ip::address peer, std::string key)
        : server_(server),
          socket_(std::move(socket)),
          peer_(std::move(peer)),
          key_(std::move(key)),
          reader_(server.options_.limits)
    {}

    std::list<std::shared_ptr<connection>>::iterator at;

    std::string const& key() const { return key_; }

    void begin() { read_more(); }

    void on_tick(steady::time_point now)
    {
        if (now >= deadline_ || (server_.stopping_ && now >= server_.stop_by_))
            close();
        else if (server_.stopping_ && phase_ == phase::reading && !reader_.under_way() && in_.empty())
            close(); // idle
    }

private:
    enum class phase : std::uint8_t
    {
        reading,
        handling,
        writing
    };

    void read_more()
    {
        phase_ = phase::reading;
        bool const idle = !reader_.under_way() && in_.empty();
        if (idle && server_.stopping_)
            return close();
        if (idle)
            deadline_ = steady::now() + server_.options_.idle_timeout;
        else if (!request_began_)
        {
            request_began_ = true;
            deadline_ = steady::now() + server_.options_.request_timeout;
        }
        socket_.async_read_some(asio::buffer(piece_), [self = shared_from_this()](error_code ec, std::size_t size) {
            if (ec)
                return self->close();
            self->in_.append(self->piece_.data(), size);
            self->read();
        });
    }

    void read()
    {
        std::size_t used = 0;
        auto const state = reader_.feed(in_, used);
        in_.erase(0, used);
        switch (state)
        {
        case http_reader::state::more: return read_more();
        case http_reader::state::go_on: return go_on();
        case http_reader::state::whole: return handle(reader_.take());
        case http_reader::state::refused:
            method_ = "other";
            target_.clear();
            client_ = peer_.to_string();
            began_ = steady::now();
            keep_alive_ = false;
            linger_ = true;
            return answer(reader_.problem(), "other");
        }
    }

    void go_on()
    {
        if (told_to_go_on_)
            return read_more();
        told_to_go_on_ = true;
        static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(socket_, asio::buffer(text), [self = shared_from_this()](error_code ec, std::size_t) {
            if (ec)
                return self->close();
            self->read_more();
        });
    }

    void handle(http_request request)
    {
        phase_ = phase::handling;
        deadline_ = steady::time_point::max();
        request_began_ = told_to_go_on_ = false;
        began_ = steady::now();
        method_ = request.method;
        target_ = request.target;
        old_ = request.old;
        keep_alive_ = request.keep_alive && !server_.stopping_;
        head_only_ = method_ == "HEAD";
        auto const client = server_.client_of(peer_, request);
        client_ = client.to_string();
        if (unsigned const wait = server_.limiter_.ask(client_key(client), began_))
        {
            ++server_.limited_;
            return later(429, "too_many_requests", "this address asks too often", wait);
        }
        if (server_.waiting_ >= server_.options_.waiting || server_.answer_bytes_ > server_.options_.answer_bytes)
        {
            ++server_.overloaded_;
            return later(503, "overloaded", "too many questions are asked at the moment", 1);
        }
        ++server_.waiting_;
        ++server_.under_way_;
        request.client = client_;
        std::string const key = client_key(client);
        server_.run(key, [self = shared_from_this(), key, r = std::move(request)]() mutable {
            std::string route_path;
            http_response response = self->server_.respond(r, route_path);
            asio::post(self->server_.io_,
                       [self, key, response = std::move(response), route_path = std::move(route_path)]() mutable {
                           --self->server_.waiting_;
                           --self->server_.under_way_;
                           self->server_.has_run(key);
                           self->answer(std::move(response), route_path);
                       });
        });
    }

    void later(unsigned status, std::string_view code, std::string_view detail, unsigned seconds)
    {
        auto response = http_problem(status, code, detail);
        response.headers.emplace_back("Retry-After", std::to_string(seconds));
        answer(std::move(response), "other");
    }

    void answer(http_response response, std::string const& route_path)
    {
        phase_ = phase::writing;
        auto const took = steady::now() - began_;
        server_.count(route_path, method_, response.status, std::chrono::duration<double>(took).count());
        if (server_.options_.log)
            server_.options_.log({client_, method_, target_, response.status, response.body.size(),
                                  std::chrono::duration_cast<std::chrono::microseconds>(took)});
        if (!socket_.is_open())
            return;
        keep_alive_ = keep_alive_ && !server_.stopping_;
        head_ = http_head(response, old_, keep_alive_, server_.common_headers());
        body_ = head_only_ ? std::string() : std::move(response.body);
        written_ = 0;
        server_.answer_bytes_ += body_.size();
        write();
    }

    void write()
    {
        // Each piece that the client takes gives it time for the next: a slow one is served, a dead one is not.
        deadline_ = steady::now() + server_.options_.write_timeout;
        std::array<asio::const_buffer, 2> pieces;
        if (written_ < head_.size())
            pieces = {asio::buffer(head_) + written_, asio::buffer(body_)};
        else
            pieces[0] = asio::buffer(body_) + (written_ - head_.size());
        socket_.async_write_some(pieces, [self = shared_from_this()](error_code ec, std::size_t size) {
            if (ec)
                return self->on_written(false);
            self->written_ += size;
            if (self->written_ < self->head_.size() + self->body_.size())
                return self->write();
            self->on_written(true);
        });
    }

    void on_written(bool whole)
    {
        server_.answer_bytes_ -= body_.size();
        body_ = std::string();
        if (!whole)
            return close();
        if (linger_)
            return linger();
        if (!keep_alive_)
            return close();
        read();
    }

    // A client that still sends would lose the answer if the connection broke at once.
    void linger()
    {
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        deadline_ = std::min(steady::now() + std::chrono::seconds(2), steady::now() + server_.options_.write_timeout);
        drain();
    }

    void drain()
    {
        socket_.async_read_some(asio::buffer(piece_), [self = shared_from_this()](error_code ec, std::size_t size) {
            self->drained_ += size;
            if (ec || self->drained_ > (1 << 20))
                return self->close();
            self->drain();
        });
    }

    void close()
    {
        if (closed_)
            return;
        closed_ = true;
        error_code ignored;
        if (phase_ != phase::writing || written_ == head_.size() + body_.size())
            socket_.shutdown(tcp::socket::shutdown_both, ignored);
        socket_.close(ignored);
        auto const self = shared_from_this();
        server_.open_.erase(at);
        --server_.open_count_;
        if (auto const it = server_.open_of_client_.find(key_);
            it != server_.open_of_client_.end() && --it->second == 0)
            server_.open_of_client_.erase(it);
        server_.end_if_stopped();
    }

    implementation& server_;
    tcp::socket socket_;
    asio::ip::address peer_;
    std::string key_;
    http_reader reader_;
    phase phase_ = phase::reading;
    steady::time_point deadline_ = steady::time_point::max();
    bool closed_ = false;
    bool request_began_ = false;
    bool told_to_go_on_ = false;
    bool linger_ = false;
    std::size_t drained_ = 0;

    std::array<char, 4096> piece_;
    std::string in_;

    // Of the request that is answered.
    steady::time_point began_;
    std::string method_, target_, client_;
    bool old_ = false;
    bool keep_alive_ = false;
    bool head_only_ = false;
    std::string head_;
    std::string body_;
    std::size_t written_ = 0;
};

void http_server::implementation::accept()
{
    acceptor_.async_accept([this](error_code ec, tcp::socket socket) { on_accept(ec, std::move(socket)); });
}

void http_server::implementation::on_accept(error_code ec, tcp::socket socket)
{
    if (stopping_)
        return;
    if (ec)
    {
        // No descriptor is left, most likely: others end.
        retry_.expires_after(std::chrono::milliseconds(100));
        retry_.async_wait([this](error_code cancelled) {
            if (!cancelled && !stopping_)
                accept();
        });
        return;
    }
    accept();
    ++accepted_;
    auto const peer = plain(socket.remote_endpoint(ec).address());
    if (ec)
        return;
    socket.set_option(tcp::no_delay(true), ec);
    std::string key = client_key(peer);
    if (open_.size() >= options_.connections)
        return refuse(socket, http_problem(503, "too_many_connections", "all connections are in use"));
    std::size_t& of_client = open_of_client_[key];
    if (of_client >= options_.connections_per_client && !is_proxy(peer))
        return refuse(socket, http_problem(429, "too_many_connections", "this address has too many connections"));
    ++of_client;
    ++open_count_;
    auto const c = std::make_shared<connection>(*this, std::move(socket), peer, std::move(key));
    c->at = open_.insert(open_.end(), c);
    c->begin();
}

// As much of it as goes without waiting: who is one too many gets no memory.
void http_server::implementation::refuse(tcp::socket& socket, http_response response)
{
    ++refused_;
    response.headers.emplace_back("Retry-After", "1");
    std::string const text = http_head(response, false, false, common_headers()) + response.body;
    error_code ec;
    socket.non_blocking(true, ec);
    socket.write_some(asio::buffer(text), ec);
    socket.shutdown(tcp::socket::shutdown_send, ec);
}

void http_server::implementation::begin_stop()
{
    stopping_ = true;
    stop_by_ = steady::now() + options_.stop_timeout;
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    auto const all = open_;
    for (auto const& c : all)
        c->on_tick(steady::now());
    end_if_stopped();
}

void http_server::implementation::end_if_stopped()
{
    if (stopping_ && open_.empty())
        tick_.cancel(); // the last work of the thread
}

void http_server::implementation::tick()
{
    tick_.expires_after(std::chrono::milliseconds(250));
    tick_.async_wait([this](error_code) {
        auto const now = steady::now();
        auto const all = open_;
        for (auto const& c : all)
            c->on_tick(now);
        if (!(stopping_ && open_.empty()))
            tick();
    });
}

std::string http_server::implementation::metrics() const
{
    std::string text;
    auto const add = [&text](std::string_view name, char const* type, char const* help) {
        text.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
        text.append(name).append(" ").append(type).append("\n");
    };
    auto const one = [&](char const* name, char const* type, char const* help, std::uint64_t value) {
        add(name, type, help);
        text.append(name).append(" ").append(std::to_string(value)).append("\n");
    };
    {
        std::lock_guard const lock(counts_mutex_);
        add("http_requests_total", "counter", "Answers, by route, method and status.");
        for (auto const& [path, c] : counts_)
            for (auto const& [what, n] : c.requests)
                text += "http_requests_total{route=\"" + label(path) + "\",method=\"" + what.first + "\",status=\"" +
                        std::to_string(what.second) + "\"} " + std::to_string(n) + "\n";
        add("http_request_duration_seconds", "histogram",
            "From the last byte of a request to the first of its answer.");
        for (auto const& [path, c] : counts_)
        {
            std::string const route_label = "route=\"" + label(path) + "\"";
            for (std::size_t i = 0; i < std::size(second_bounds); ++i)
                text += "http_request_duration_seconds_bucket{" + route_label + ",le=\"" + second_texts[i] + "\"} " +
                        std::to_string(c.within[i]) + "\n";
            text += "http_request_duration_seconds_bucket{" + route_label + ",le=\"+Inf\"} " +
                    std::to_string(c.answers) + "\nhttp_request_duration_seconds_sum{" + route_label + "} " +
                    decimal(c.seconds) + "\nhttp_request_duration_seconds_count{" + route_label + "} " +
                    std::to_string(c.answers) + "\n";
        }
    }
    one("http_connections_open", "gauge", "Connections at the moment.", open_count_);
    one("http_requests_under_way", "gauge", "Requests that wait for their answer or a thread.", under_way_);
    one("http_connections_total", "counter", "Connections that came.", accepted_);
    one("http_connections_refused_total", "counter", "Connections beyond a limit.", refused_);
    one("http_requests_limited_total", "counter", "Requests of addresses that ask too often (429).", limited_);
    one("http_requests_overloaded_total", "counter", "Requests for which there was no room (503).", overloaded_);
    if (more_metrics_)
        text += more_metrics_();
    return text;
}

http_server::http_server(http_server_options options) : impl_(std::make_unique<implementation>(std::move(options))) {}
http_server::~http_server() = default;

void http_server::route(std::string method, std::string path, http_handler handler)
{
    impl_->route(std::move(method), std::move(path), std::move(handler));
}

void http_server::add_metrics(std::function<std::string()> more)
{
    impl_->add_metrics(std::move(more));
}

http_response http_server::respond(http_request& request) const
{
    std::string ignored;
    return impl_->respond(request, ignored);
}

void http_server::start()
{
    impl_->start();
}

std::uint16_t http_server::port() const noexcept
{
    return impl_->port();
}

void http_server::request_stop()
{
    impl_->request_stop();
}

void http_server::wait()
{
    impl_->wait();
}

std::string http_server::metrics() const
{
    return impl_->metrics();
}

} // namespace program
