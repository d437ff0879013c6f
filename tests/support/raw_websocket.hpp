#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/** A blocking connection to 127.0.0.1 that sends whatever bytes a test wants to, right or wrong. Every read ends after
    10 seconds.
*/
class raw_socket
{
public:
    explicit raw_socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        ::sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::timeval const patience{10, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(fd_, reinterpret_cast<::sockaddr*>(&address), sizeof address) != 0)
        {
            ::close(fd_);
            throw std::runtime_error("cannot connect to port " + std::to_string(port));
        }
    }
    raw_socket(raw_socket const&) = delete;
    raw_socket& operator=(raw_socket const&) = delete;
    ~raw_socket() { ::close(fd_); }

    void send(std::string_view bytes)
    {
        while (!bytes.empty())
        {
            auto const n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0)
                return; // the other side has closed: what it said before can still be read
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }

    /// False where the connection ended before.
    bool read(std::string& out, std::size_t size)
    {
        while (buffer_.size() < size)
            if (!more())
                return false;
        out = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return true;
    }
    std::string read_until(std::string_view mark)
    {
        std::size_t at = 0;
        while ((at = buffer_.find(mark)) == std::string::npos)
            if (!more())
                return {};
        std::string out;
        read(out, at + mark.size());
        return out;
    }
    std::string read_to_end()
    {
        while (more())
        {
        }
        return buffer_;
    }

private:
    bool more()
    {
        char bytes[65'536];
        auto const n = ::recv(fd_, bytes, sizeof bytes, 0);
        if (n > 0)
            buffer_.append(bytes, static_cast<std::size_t>(n));
        return n > 0;
    }

    int fd_;
    std::string buffer_;
};

/// A client's frame.
inline std::string masked_frame(std::string_view payload, unsigned opcode = 1, bool final = true)
{
    std::string out;
    auto const put = [&](std::uint64_t byte) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(byte & 0xff)));
    };
    put((final ? 0x80u : 0u) | opcode);
    if (payload.size() < 126)
        put(0x80 | payload.size());
    else if (payload.size() <= 0xffff)
    {
        put(0x80 | 126);
        put(payload.size() >> 8);
        put(payload.size());
    }
    else
    {
        put(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            put(std::uint64_t{payload.size()} >> shift);
    }
    constexpr unsigned char mask[] = {0x12, 0x34, 0x56, 0x78};
    out.append(reinterpret_cast<char const*>(mask), sizeof mask);
    for (std::size_t i = 0; i < payload.size(); ++i)
        put(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]);
    return out;
}

/// A WebSocket connection of the simplest kind.
class raw_websocket
{
public:
    struct frame
    {
        unsigned opcode = 0;
        std::string payload;
    };

    explicit raw_websocket(std::uint16_t port) : socket_(port)
    {
        // Key and answer are the example of RFC 6455, section 1.3.
        socket_.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: "
                     "websocket\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        std::string const head = socket_.read_until("\r\n\r\n");
        if (head.rfind("HTTP/1.1 101 ", 0) != 0 || head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") == std::string::npos)
            throw std::runtime_error("no WebSocket: " + head);
    }

    raw_socket& socket() { return socket_; }
    void send(std::string_view payload, unsigned opcode = 1) { socket_.send(masked_frame(payload, opcode)); }

    /// Nothing where the connection has ended.
    std::optional<frame> read()
    {
        std::string bytes;
        if (!socket_.read(bytes, 2))
            return {};
        auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
        frame f{byte(0) & 0x0fu, {}};
        std::uint64_t size = byte(1);
        if (size >= 126)
        {
            if (!socket_.read(bytes, size == 126 ? 2 : 8))
                return {};
            size = 0;
            for (std::size_t i = 0; i < bytes.size(); ++i)
                size = size << 8 | byte(i);
        }
        if (!socket_.read(f.payload, static_cast<std::size_t>(size)))
            return {};
        return f;
    }
    std::string ask(std::string_view text)
    {
        send(text);
        auto const f = read();
        return f ? f->payload : "(closed)";
    }

    /// Code of a close frame; 0 for anything else.
    static unsigned close_code(std::optional<frame> const& f)
    {
        if (!f || f->opcode != 8 || f->payload.size() < 2)
            return 0;
        return static_cast<unsigned>(static_cast<unsigned char>(f->payload[0])) << 8 |
               static_cast<unsigned char>(f->payload[1]);
    }

private:
    raw_socket socket_;
};
