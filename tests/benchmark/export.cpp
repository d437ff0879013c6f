// The exporter as a process, against bts-devnet as another: rows a second, and memory with a hundred times as many rows.
//
// export_rows' limit is a bare Beast client in this process that asks the same node for the same pages, as many of them in
// flight, and gives each reply to RapidJSON (validating) with a handler that does nothing: what no client can avoid. Typed
// decoding may take as long again as that parse (the bar of json_read_history); rows are then classified, formatted and written,
// while the node takes a core for itself. Hence a bar of a third.
//
// export_ledger is the same with the ledger in between, as bts-export writes it by default, in operations: each becomes two to four
// lines with balances, and the balances are compared in the end. It may take half as long again as export_rows: a bar of
// two ninths.

#include "harness.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

constexpr std::uint64_t rows_timed = 200'000;
constexpr std::uint64_t rows_few = 10'000;
constexpr std::uint64_t rows_many = 1'000'000;
constexpr int rounds = 5;
constexpr int in_flight = 8; // of either side

pid_t start(std::vector<std::string> command)
{
    std::vector<char*> arguments;
    for (auto& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t const child = ::fork();
    if (child != 0)
        return child;
    int const nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDOUT_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

struct node_process
{
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("bitshares_export_" + std::to_string(::getpid()));
    pid_t pid = -1;
    std::string port;

    node_process()
    {
        std::filesystem::create_directory(folder);
        auto const file = folder / "port";
        pid = start({BITSHARES_PROGRAMS_DIR "/bts-devnet", "--port-file", file.string(), "--synthetic",
                     "few=" + std::to_string(rows_few), "--synthetic", "timed=" + std::to_string(rows_timed),
                     "--synthetic", "many=" + std::to_string(rows_many)});
        for (int i = 0; i < 600 && port.empty(); ++i)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            std::ifstream(file) >> port;
        }
        if (port.empty())
            throw std::runtime_error("bts-devnet did not start");
    }
    node_process(node_process const&) = delete;
    node_process& operator=(node_process const&) = delete;
    ~node_process()
    {
        if (pid > 0)
        {
            ::kill(pid, SIGTERM);
            ::waitpid(pid, nullptr, 0);
        }
        std::filesystem::remove_all(folder);
    }
};

/// Exports an account whole. @return The process's peak of memory in bytes.
double export_account(node_process const& node, std::string const& account, bool ledger = false)
{
    auto const out = node.folder / (account + ".csv");
    std::vector<std::string> command{BITSHARES_PROGRAMS_DIR "/bts-export",
                                     "--node",
                                     "ws://127.0.0.1:" + node.port,
                                     "--account",
                                     account,
                                     "--out",
                                     out.string(),
                                     "--in-flight",
                                     std::to_string(in_flight),
                                     "--quiet"};
    if (!ledger)
        command.emplace_back("--events");
    pid_t const pid = start(std::move(command));
    int status = 0;
    struct rusage usage = {};
    if (pid < 0 || ::wait4(pid, &status, 0, &usage) != pid || status != 0)
        throw std::runtime_error("bts-export failed with status " + std::to_string(status));
    std::filesystem::remove(out);
    return static_cast<double>(usage.ru_maxrss) *
           1024; // this process is small, so its memory at the fork does not count
}

struct null_handler : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, null_handler>
{
    bool Default() { return true; }
    bool StartObject()
    {
        ++objects;
        return true;
    }
    std::uint64_t objects = 0;
};

class bare_client
{
public:
    explicit bare_client(node_process const& node) : ws_(context_)
    {
        ws_.next_layer().connect(
            tcp::endpoint(asio::ip::address_v4::loopback(), static_cast<unsigned short>(std::stoi(node.port))));
        ws_.next_layer().socket().set_option(tcp::no_delay(true));
        ws_.handshake("127.0.0.1", "/");
        ws_.text(true);
        ws_.read_message_max(std::size_t{33} << 20);
        send(R"(,"method":"call","params":["login","get_config",[]]})");
        std::string const config(receive());
        std::string const name = "\"api_limit_get_relative_account_history\":";
        std::size_t const at = config.find(name);
        page_ = at == config.npos ? 100 : std::strtoull(config.c_str() + at + name.size(), nullptr, 10);
    }

    void read_all(std::string const& account, std::uint64_t rows)
    {
        std::uint64_t next = 1;
        int under_way = 0;
        std::uint64_t objects = 0;
        while (next <= rows || under_way > 0)
        {
            for (; under_way < in_flight && next <= rows; ++under_way, next += page_)
                send(R"(,"method":"call","params":["history","get_relative_account_history",[")" + account + "\"," +
                     std::to_string(next) + ',' + std::to_string(page_) + ',' +
                     std::to_string(std::min(rows, next + page_ - 1)) + "]]}");
            std::string_view const reply = receive();
            rapidjson::MemoryStream stream(reply.data(), reply.size());
            null_handler handler;
            rapidjson::Reader().Parse<rapidjson::kParseValidateEncodingFlag>(stream, handler);
            objects += handler.objects;
            --under_way;
        }
        if (objects < rows)
            throw std::runtime_error("the bare client did not get all rows");
    }

private:
    void send(std::string const& rest) { ws_.write(asio::buffer("{\"id\":" + std::to_string(++id_) + rest)); }
    std::string_view receive() // valid until the next one
    {
        buffer_.clear();
        ws_.read(buffer_);
        std::string_view const reply(static_cast<char const*>(buffer_.data().data()), buffer_.size());
        if (reply.substr(0, 200).find("\"error\"") != reply.npos)
            throw std::runtime_error(std::string(reply));
        return reply;
    }

    asio::io_context context_{1};
    beast::websocket::stream<beast::tcp_stream> ws_;
    beast::flat_buffer buffer_;
    std::uint64_t id_ = 0;
    std::uint64_t page_ = 100;
};

bool export_rows(node_process const& node)
{
    bare_client bare(node);
    auto const t = benchmark::interleaved<benchmark::wall_clock>(
        rounds, 0, [&] { export_account(node, "timed"); }, [&] { bare.read_all("timed", rows_timed); });
    return benchmark::report({"export_rows", "rows/s", 1.0 / 3, 0}, rows_timed / benchmark::median(t[0]),
                             rows_timed / benchmark::median(t[1]), benchmark::ratio_of(t[0], t[1]));
}

bool export_ledger(node_process const& node)
{
    bare_client bare(node);
    auto const t = benchmark::interleaved<benchmark::wall_clock>(
        rounds, 0, [&] { export_account(node, "timed", true); }, [&] { bare.read_all("timed", rows_timed); });
    return benchmark::report({"export_ledger", "operations/s", 2.0 / 9, 0}, rows_timed / benchmark::median(t[0]),
                             rows_timed / benchmark::median(t[1]), benchmark::ratio_of(t[0], t[1]));
}

bool export_memory(node_process const& node)
{
    std::vector<double> few;
    std::vector<double> many;
    for (int i = 0; i < rounds; ++i)
    {
        few.push_back(export_account(node, "few"));
        many.push_back(export_account(node, "many"));
    }
    double const allowed = benchmark::median(few) + (32 << 20);
    double const used = benchmark::median(many);
    return benchmark::report({"export_memory", "bytes", 1, 0}, used, allowed, allowed / used,
                             ",\"with_10000\":" + std::to_string(static_cast<long>(benchmark::median(few))));
}

} // namespace

int main(int argc, char** argv)
{
    try
    {
        std::set<std::string_view> const names(argv + 1, argv + argc);
        node_process const node;
        bool good = true;
        if (names.empty() || names.contains("export_rows"))
            good &= export_rows(node);
        if (names.empty() || names.contains("export_ledger"))
            good &= export_ledger(node);
        if (names.empty() || names.contains("export_memory"))
            good &= export_memory(node);
        return good ? 0 : 1;
    }
    catch (std::exception const& e)
    {
        std::fprintf(stderr, "%s\n", e.what());
        return 2;
    }
}
