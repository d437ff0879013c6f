// The history wrapper as a service: get_account_history of ten documents out of the embedded store, against a server of Beast
// that does nothing but send as many bytes.

#include "harness.hpp"
#include "support/es_recordings.hpp"
#include "support/folder.hpp"
#include "support/json_value.hpp"

#include <common/history_store.hpp>
#include <common/http_server.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <cstdio>
#include <es_wrapper/service.hpp>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

// Recorded documents, as the histories of fifty accounts with 400 operations each.
void fill(std::string const& path)
{
    std::vector<program::stored_document> documents;
    for (auto const& answer : es_recordings::answers("object/all_documents"))
    {
        auto const page = test::json_value::parse(answer.response);
        for (auto const& hit : page["hits"]["hits"].array())
            documents.push_back(program::read_stored_document(hit["_source"].dump()).value());
    }
    std::vector<program::stored_document> all;
    for (std::uint64_t i = 0; i < 20'000; ++i)
    {
        auto d = documents[i % documents.size()];
        d.id = bitshares::account_history_id(i);
        d.operation = bitshares::operation_history_id(i);
        d.account = bitshares::account_id(i % 50);
        d.sequence = i / 50 + 1;
        d.block_num = static_cast<std::uint32_t>(i / 20 + 1);
        d.block_time = {1'700'000'000 + 3 * d.block_num};
        all.push_back(std::move(d));
    }
    program::history_store(path, program::history_store::mode::write).add(all);
}

// The least that Beast can do: one answer, made once. On as many threads as the service has, or a busy machine would favour
// who has more.
class bare_server
{
public:
    explicit bare_server(std::string body)
        : body_(std::move(body)), acceptor_(io_, {asio::ip::address_v4::loopback(), 0})
    {
        accept();
        for (auto& thread : threads_)
            thread = std::thread([this] { io_.run(); });
    }
    ~bare_server()
    {
        io_.stop();
        for (auto& thread : threads_)
            thread.join();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    struct session : std::enable_shared_from_this<session>
    {
        session(tcp::socket socket, std::string const& body) : stream(std::move(socket))
        {
            stream.socket().set_option(tcp::no_delay(true));
            response.set(http::field::content_type, "application/json");
            response.body() = body;
            response.prepare_payload();
        }
        void read()
        {
            request = {};
            http::async_read(stream, buffer, request, [self = shared_from_this()](auto ec, std::size_t) {
                if (!ec)
                    self->write();
            });
        }
        void write()
        {
            http::async_write(stream, response, [self = shared_from_this()](auto ec, std::size_t) {
                if (!ec)
                    self->read();
            });
        }

        boost::beast::tcp_stream stream;
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> request;
        http::response<http::string_body> response{http::status::ok, 11};
    };

    void accept()
    {
        acceptor_.async_accept([this](auto ec, tcp::socket socket) {
            if (ec)
                return;
            std::make_shared<session>(std::move(socket), body_)->read();
            accept();
        });
    }

    std::string body_;
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::thread threads_[3];
};

// Clients that ask the same again and again, each over a connection that stays, two at a time on each of two threads.
class clients
{
public:
    clients(std::uint16_t port, std::string target)
        : request_("GET " + std::move(target) + " HTTP/1.1\r\nHost: x\r\n\r\n")
    {
        for (std::size_t i = 0; i < 4; ++i)
        {
            sockets_.emplace_back(io_);
            sockets_.back().connect({asio::ip::address_v4::loopback(), port});
            sockets_.back().set_option(tcp::no_delay(true));
        }
        reply_ = first();
    }

    std::string const& reply() const { return reply_; }
    std::string body() const { return reply_.substr(reply_.find("\r\n\r\n") + 4); }

    static constexpr std::size_t requests = 400;

    void ask()
    {
        std::thread other([this] { ask(2); });
        ask(0);
        other.join();
    }

private:
    void ask(std::size_t begin)
    {
        std::string in(reply_.size(), '\0');
        for (std::size_t i = 0; i < requests / 4; ++i)
        {
            for (std::size_t s = begin; s < begin + 2; ++s)
                asio::write(sockets_[s], asio::buffer(request_));
            for (std::size_t s = begin; s < begin + 2; ++s)
            {
                asio::read(sockets_[s], asio::buffer(in));
                if (in.compare(in.size() - 64, 64, reply_, reply_.size() - 64, 64) != 0)
                {
                    std::fputs("another answer\n", stderr);
                    std::exit(2);
                }
            }
        }
    }

    std::string first()
    {
        asio::write(sockets_[0], asio::buffer(request_));
        std::string in;
        for (std::size_t size = 0; size == 0 || in.size() < size;)
        {
            char data[4096];
            in.append(data, sockets_[0].read_some(asio::buffer(data)));
            std::size_t const end = in.find("\r\n\r\n"), length = in.find("Content-Length: ");
            if (end != in.npos)
                size = end + 4 + std::stoul(in.substr(length + 16));
        }
        return in;
    }

    asio::io_context io_;
    std::vector<tcp::socket> sockets_;
    std::string request_;
    std::string reply_;
};

bool wrapper_rps()
{
    support::folder const folder;
    fill(folder.file("history.db"));
    auto const from = es_wrapper::open_store(folder.file("history.db"), std::chrono::seconds(10));
    program::http_server_options options;
    options.threads = 2;
    program::http_server server(options);
    es_wrapper::add_routes(server, *from, {});
    server.start();
    clients own(server.port(), "/get_account_history?account_id=1.2.18&size=10");
    bare_server bare(own.body());
    clients limit(bare.port(), "/get_account_history?account_id=1.2.18&size=10");
    if (limit.body() != own.body() || own.body().size() < 1000 || !own.reply().starts_with("HTTP/1.1 200"))
    {
        std::fputs("no answer of ten documents\n", stderr);
        std::exit(2);
    }
    auto const t = benchmark::interleaved<benchmark::wall_clock>(9, 0.3, [&] { own.ask(); }, [&] { limit.ask(); });
    double const requests = static_cast<double>(clients::requests);
    return benchmark::report({"wrapper_rps", "requests/s", 0.3}, requests / benchmark::median(t[0]),
                             requests / benchmark::median(t[1]), benchmark::ratio_of(t[0], t[1]),
                             ",\"bytes\":" + std::to_string(own.body().size()));
}

} // namespace

int main(int argc, char** argv)
{
    std::set<std::string_view> const names(argv + 1, argv + argc);
    return names.empty() || names.contains("wrapper_rps") ? (wrapper_rps() ? 0 : 1) : 0;
}
