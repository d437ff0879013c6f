#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <sys/socket.h>
#include <thread>

namespace bitshares_test {

namespace asio = boost::asio;

/* A server on the loopback with a thread for each connection, whose whole conduct is one blocking function. At its end all
   sockets are shut down, so that the functions return. */
class tcp_server
{
public:
    using serve = std::function<void(asio::ip::tcp::socket&, tcp_server&)>;

    explicit tcp_server(serve conduct)
        : conduct_(std::move(conduct)),
          acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
          port_(acceptor_.local_endpoint().port())
    {
        acceptor_thread_ = std::thread([this] { accept(); });
    }

    ~tcp_server()
    {
        stopping_ = true;
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
        acceptor_thread_.join();
        {
            std::lock_guard const lock(mutex_);
            for (int fd : open_)
                ::shutdown(fd, SHUT_RDWR);
        }
        for (auto& t : threads_)
            t.join();
    }

    std::uint16_t port() const { return port_; }
    std::string port_text() const { return std::to_string(port_); }
    int connections() const { return connections_; }

    /// Sockets that a conduct opens itself are shut down as well.
    class guard
    {
    public:
        guard(tcp_server& server, asio::ip::tcp::socket& socket) : server_(server)
        {
            std::lock_guard const lock(server_.mutex_);
            at_ = server_.open_.insert(server_.open_.end(), socket.native_handle());
            if (server_.stopping_)
                ::shutdown(*at_, SHUT_RDWR);
        }
        ~guard()
        {
            std::lock_guard const lock(server_.mutex_);
            server_.open_.erase(at_);
        }
        guard(guard const&) = delete;
        guard& operator=(guard const&) = delete;

    private:
        tcp_server& server_;
        std::list<int>::iterator at_;
    };

private:
    void accept()
    {
        while (!stopping_)
        {
            boost::system::error_code ec;
            asio::ip::tcp::socket socket(io_);
            acceptor_.accept(socket, ec);
            if (ec)
                continue;
            ++connections_;
            threads_.emplace_back([this, s = std::move(socket)]() mutable {
                guard const shut(*this, s);
                try
                {
                    conduct_(s, *this);
                }
                catch (std::exception const&)
                {}
                // Before the descriptor's number can be anybody else's; a moved-from socket was closed by its new owner.
            });
        }
    }

    serve conduct_;
    asio::io_context io_;
    asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    std::list<int> open_;
    std::list<std::thread> threads_;
    std::thread acceptor_thread_;
};

/// Reads until nothing comes any more.
inline void swallow(asio::ip::tcp::socket& socket)
{
    char buffer[4096];
    boost::system::error_code ec;
    while (!ec)
        socket.read_some(asio::buffer(buffer), ec);
}

/* Proxies: a little SOCKS5 and HTTP CONNECT, which send every name to the loopback. */
class proxy_server
{
public:
    /// @param password Of user "me"; empty: none is wanted.
    proxy_server(bool socks, std::string password)
        : server_([this, socks, password](asio::ip::tcp::socket& s, tcp_server& server) {
              if (socks)
                  serve_socks(s, server, password);
              else
                  serve_http(s, server, password);
          })
    {}

    std::uint16_t port() const { return server_.port(); }

    std::string last_target()
    {
        std::lock_guard const lock(mutex_);
        return target_;
    }

private:
    static std::string take(asio::ip::tcp::socket& s, std::size_t n)
    {
        std::string text(n, '\0');
        asio::read(s, asio::buffer(text));
        return text;
    }
    static void say(asio::ip::tcp::socket& s, std::string const& text) { asio::write(s, asio::buffer(text)); }

    void serve_socks(asio::ip::tcp::socket& s, tcp_server& server, std::string const& password)
    {
        std::string const head = take(s, 2);
        std::string const methods = take(s, static_cast<unsigned char>(head[1]));
        char const wanted = password.empty() ? '\0' : '\2';
        if (methods.find(wanted) == std::string::npos)
            return say(s, "\x05\xff");
        say(s, std::string("\x05") + wanted);
        if (!password.empty())
        {
            std::string const user = take(s, static_cast<unsigned char>(take(s, 2)[1]));
            std::string const word = take(s, static_cast<unsigned char>(take(s, 1)[0]));
            bool const right = user == "me" && word == password;
            say(s, std::string("\x01") + (right ? '\0' : '\1'));
            if (!right)
                return;
        }
        std::string const request = take(s, 4);
        std::string host;
        if (request[3] == 3)
            host = take(s, static_cast<unsigned char>(take(s, 1)[0]));
        else
            take(s, request[3] == 1 ? 4 : 16);
        std::string const port = take(s, 2);
        relay(
            s, server, host,
            static_cast<std::uint16_t>(static_cast<unsigned char>(port[0]) << 8 | static_cast<unsigned char>(port[1])),
            std::string("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50", 10),
            std::string("\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00", 10));
    }

    void serve_http(asio::ip::tcp::socket& s, tcp_server& server, std::string const& password)
    {
        std::string head;
        while (head.find("\r\n\r\n") == std::string::npos)
            head += take(s, 1);
        if (!password.empty() && head.find("Proxy-Authorization: Basic bWU6cHc=") == std::string::npos) // me:pw
            return say(s, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        auto const start = head.find(' ') + 1;
        std::string const target = head.substr(start, head.find(' ', start) - start);
        auto const colon = target.rfind(':');
        relay(s, server, target.substr(0, colon), static_cast<std::uint16_t>(std::stoi(target.substr(colon + 1))),
              "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 502 Bad Gateway\r\n\r\n");
    }

    void relay(asio::ip::tcp::socket& s, tcp_server& server, std::string const& host, std::uint16_t port,
               std::string const& good, std::string const& bad)
    {
        {
            std::lock_guard const lock(mutex_);
            target_ = host + ':' + std::to_string(port);
        }
        asio::io_context io;
        asio::ip::tcp::socket other(io);
        boost::system::error_code ec;
        other.connect({asio::ip::address_v4::loopback(), port}, ec);
        if (ec)
            return say(s, bad);
        tcp_server::guard const shut(server, other);
        say(s, good);
        auto const pump = [](asio::ip::tcp::socket& from, asio::ip::tcp::socket& to) {
            char buffer[4096];
            boost::system::error_code failed;
            for (;;)
            {
                std::size_t const n = from.read_some(asio::buffer(buffer), failed);
                if (failed)
                    break;
                asio::write(to, asio::buffer(buffer, n), failed);
            }
            ::shutdown(to.native_handle(), SHUT_RDWR);
            ::shutdown(from.native_handle(), SHUT_RDWR);
        };
        std::thread back([&] { pump(other, s); });
        pump(s, other);
        back.join();
    }

    std::mutex mutex_;
    std::string target_;
    tcp_server server_; // last: its threads use the others
};

} // namespace bitshares_test
