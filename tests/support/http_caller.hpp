#pragma once

#include "support/json_value.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>

namespace support {

/// What a server said over HTTP.
struct http_answer
{
    unsigned status = 0;
    std::string head;                           ///< As it came.
    std::map<std::string, std::string> headers; ///< Names in lower case.
    std::string body;

    test::json_value json() const { return test::json_value::parse(body); }
};

/** One connection to a server on the loopback, which says whatever bytes it is told to. Twenty seconds of silence are an
    exception, as the server's end of the connection is. */
class http_caller
{
public:
    explicit http_caller(std::uint16_t port) : socket_(io_)
    {
        socket_.connect({boost::asio::ip::address_v4::loopback(), port});
        timeval const limit{20, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }

    void send(std::string_view text) { boost::asio::write(socket_, boost::asio::buffer(text)); }

    /// No more is sent.
    void close_output() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }

    http_answer read(bool head_only = false)
    {
        std::size_t end = 0;
        while ((end = in_.find("\r\n\r\n")) == std::string::npos)
            read_some();
        http_answer answer;
        answer.head = in_.substr(0, end + 2);
        in_.erase(0, end + 4);
        answer.status = static_cast<unsigned>(std::stoul(answer.head.substr(9, 3)));
        for (std::size_t at = answer.head.find("\r\n") + 2; at < answer.head.size();)
        {
            std::size_t const next = answer.head.find("\r\n", at);
            std::string const line = answer.head.substr(at, next - at);
            std::size_t const colon = line.find(':');
            std::string name = line.substr(0, colon);
            for (char& c : name)
                c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
            answer.headers[name] = line.substr(line.find_first_not_of(' ', colon + 1));
            at = next + 2;
        }
        if (head_only || answer.status == 204 || answer.status < 200)
            return answer;
        std::size_t const size = std::stoul(answer.headers.at("content-length"));
        while (in_.size() < size)
            read_some();
        answer.body = in_.substr(0, size);
        in_.erase(0, size);
        return answer;
    }

    http_answer get(std::string_view target)
    {
        send("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        return read();
    }

    /// Whether the server has ended the connection, or does within the twenty seconds.
    bool is_over()
    {
        try
        {
            read_some();
            return false;
        }
        catch (boost::system::system_error const& e)
        {
            return e.code() != boost::asio::error::would_block && e.code() != boost::asio::error::try_again;
        }
    }

private:
    void read_some()
    {
        char data[1 << 14];
        in_.append(data, socket_.read_some(boost::asio::buffer(data)));
    }

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string in_;
};

/// One request, over a connection of its own.
inline http_answer http_get(std::uint16_t port, std::string_view target)
{
    return http_caller(port).get(target);
}

} // namespace support
