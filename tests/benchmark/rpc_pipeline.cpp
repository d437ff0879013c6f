// Small calls over the loopback, pipelined: the client against bare Beast, which writes and reads frames of the same sizes.

#include "harness.hpp"

#include <bitshares/net/client.hpp>
#include <bitshares/net/websocket.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bts = bitshares;
using tcp = asio::ip::tcp;
using websocket_stream = beast::websocket::stream<beast::tcp_stream>;

constexpr char const* chain_id = "4018d7844c78f6a6c41c6a552b898022310fc5dec06da467ee7905a8dad512c8";
constexpr int calls_a_round = 20'000;
constexpr int window = 64; // calls under way
constexpr int rounds = 9;

// Echoes the id of each call with a canned result: the same work for both clients, in a thread of its own.
class server
{
public:
    server() : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0))
    {
        port_ = acceptor_.local_endpoint().port();
        for (int i = 0; i < 2; ++i)
            threads_.emplace_back([this] { serve(); });
    }
    ~server()
    {
        for (auto& t : threads_)
            t.join();
    }

    unsigned short port() const { return port_; }

private:
    void serve()
    {
        beast::error_code ec;
        websocket_stream ws(acceptor_.accept());
        ws.next_layer().socket().set_option(tcp::no_delay(true));
        ws.accept(ec);
        ws.text(true);
        beast::flat_buffer buffer;
        std::string reply;
        while (!ec)
        {
            buffer.clear();
            ws.read(buffer, ec);
            if (ec)
                break;
            std::string_view const text(static_cast<char const*>(buffer.data().data()), buffer.size());
            std::size_t const begin = text.find("\"id\":") + 5;
            std::size_t const end = text.find_first_of(",}", begin);
            reply.assign("{\"id\":")
                .append(text.substr(begin, end - begin))
                .append(",\"result\":\"")
                .append(chain_id)
                .append("\"}");
            ws.write(asio::buffer(reply), ec);
        }
    }

    asio::io_context context_;
    tcp::acceptor acceptor_;
    unsigned short port_ = 0;
    std::vector<std::thread> threads_;
};

class library_client
{
public:
    explicit library_client(unsigned short port)
        : client_(context_.get_executor(), bts::node_url("ws://127.0.0.1:" + std::to_string(port)), bts::websocket())
    {}

    void round()
    {
        left_ = calls_a_round;
        for (int i = 0; i < window; ++i)
            next();
        context_.restart();
        context_.run_for(std::chrono::seconds(60));
        if (done_ % calls_a_round != 0)
            std::abort();
    }

    void close()
    {
        client_.async_close([](bts::error_code) {});
        context_.restart();
        context_.run();
    }

private:
    void next()
    {
        if (left_ == 0)
            return;
        --left_;
        client_.async_call(request_, [this](bts::error_code ec, bts::reply<std::string> const& reply) {
            if (ec || !reply || *reply != chain_id)
                std::abort();
            if (++done_ % calls_a_round == 0)
                return context_.stop(); // the connection stays, with its read under way
            next();
        });
    }

    asio::io_context context_{1};
    bts::client client_;
    bts::request<std::string> request_{"database", "get_chain_id", "[]"};
    int left_ = 0;
    long done_ = 0;
};

class bare_client
{
public:
    explicit bare_client(unsigned short port) : ws_(context_)
    {
        ws_.next_layer().connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
        ws_.next_layer().socket().set_option(tcp::no_delay(true));
        ws_.handshake("127.0.0.1", "/");
        ws_.text(true);
    }

    void round()
    {
        to_send_ = to_receive_ = calls_a_round;
        credit_ = window;
        write();
        read();
        context_.restart();
        context_.run();
    }

    void close()
    {
        beast::error_code ignored;
        ws_.close(beast::websocket::close_code::normal, ignored);
    }

private:
    void write()
    {
        if (writing_ || credit_ == 0 || to_send_ == 0)
            return;
        --credit_;
        --to_send_;
        writing_ = true;
        frame_.assign("{\"id\":")
            .append(std::to_string(++id_))
            .append(R"(,"method":"call","params":["database","get_chain_id",[]]})");
        ws_.async_write(asio::buffer(frame_), [this](beast::error_code ec, std::size_t) {
            if (ec)
                std::abort();
            writing_ = false;
            write();
        });
    }

    void read()
    {
        if (to_receive_ == 0)
            return;
        buffer_.clear();
        ws_.async_read(buffer_, [this](beast::error_code ec, std::size_t) {
            if (ec)
                std::abort();
            --to_receive_;
            ++credit_;
            write();
            read();
        });
    }

    asio::io_context context_{1};
    websocket_stream ws_;
    beast::flat_buffer buffer_;
    std::string frame_;
    unsigned long id_ = 1'000;
    int to_send_ = 0, to_receive_ = 0, credit_ = 0;
    bool writing_ = false;
};

} // namespace

int main()
{
    server server;
    library_client own(server.port());
    own.round();
    bare_client bare(server.port());
    auto const t =
        benchmark::interleaved<benchmark::wall_clock>(rounds, 0, [&] { own.round(); }, [&] { bare.round(); });
    own.close();
    bare.close();
    bool const good =
        benchmark::report({"rpc_pipeline", "calls/s", 0.6, 215e3}, calls_a_round / benchmark::median(t[0]),
                          calls_a_round / benchmark::median(t[1]), benchmark::ratio_of(t[0], t[1]));
    return good ? 0 : 1;
}
