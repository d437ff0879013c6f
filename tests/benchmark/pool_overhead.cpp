// What a pool costs. `pool_overhead`: small pipelined calls over a pool of three nodes against the same calls over a plain
// client's one connection to such a node. `pool_idle`: what a pool costs while nobody calls.
//
// The nodes are in a process of their own, which is made before anything else: what is measured is the client's side.

#include "harness.hpp"

#include <bitshares/net/node_pool.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/testing/certificate.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace bts = bitshares;
using namespace std::chrono_literals;

constexpr char const* answer = "4018d7844c78f6a6c41c6a552b898022310fc5dec06da467ee7905a8dad512c8";
constexpr int calls_a_round = 10'000;
constexpr int window = 64; // calls under way
constexpr int rounds = 11;
constexpr std::size_t called_nodes = 3;
constexpr std::size_t probed_nodes = 26;
constexpr std::size_t warm_connections =
    20; // what the first ones bring about is not theirs: tables, the heap's first pages
constexpr std::size_t idle_connections = 200;

// The calls that are counted are answered at once; what a pool asks on its own account, by the chain.
std::optional<bts::testing::node_reply> quick_answer(std::string_view frame)
{
    if (frame.find("get_chain_id") == std::string_view::npos)
        return std::nullopt;
    std::size_t const begin = frame.find("\"id\":") + 5;
    bts::testing::node_reply reply;
    reply.frames.push_back(R"({"id":)" + std::string(frame.substr(begin, frame.find_first_of(",}", begin) - begin)) +
                           R"(,"result":")" + answer + "\"}");
    return reply;
}

class nodes_process
{
public:
    explicit nodes_process(std::filesystem::path const& folder)
    {
        int ready[2], end[2];
        if (::pipe(ready) != 0 || ::pipe(end) != 0 || (pid_ = ::fork()) < 0)
            throw std::runtime_error("no process for the nodes");
        if (pid_ == 0)
        {
            ::close(ready[0]);
            ::close(end[1]);
            serve(folder, ready[1], end[0]);
            ::_exit(0);
        }
        ::close(ready[1]);
        ::close(end[0]);
        end_ = end[1];
        std::string text;
        char part[4096];
        for (ssize_t got; (got = ::read(ready[0], part, sizeof part)) > 0;)
            text.append(part, static_cast<std::size_t>(got));
        ::close(ready[0]);
        for (std::size_t begin = 0, at; (at = text.find('\n', begin)) != std::string::npos; begin = at + 1)
            urls_.push_back(bts::node_url(text.substr(begin, at - begin) + "/ws"));
        if (urls_.size() != called_nodes + probed_nodes)
            throw std::runtime_error("the nodes did not start");
    }
    nodes_process(nodes_process const&) = delete;
    nodes_process& operator=(nodes_process const&) = delete;
    ~nodes_process()
    {
        ::close(end_);
        ::waitpid(pid_, nullptr, 0);
    }

    std::vector<bts::node_url> called() const { return {urls_.begin(), urls_.begin() + called_nodes}; }
    std::vector<bts::node_url> probed() const { return {urls_.begin() + called_nodes, urls_.end()}; }

private:
    static void serve(std::filesystem::path const& folder, int ready, int end)
    {
        auto const chain = std::make_shared<bts::testing::chain>();
        chain->produce_blocks(10);
        bts::testing::node_options options;
        options.on_request = quick_answer;
        std::vector<std::unique_ptr<bts::testing::node>> nodes;
        for (std::size_t i = 0; i < called_nodes; ++i)
            nodes.push_back(std::make_unique<bts::testing::node>(chain, options));
        auto const authority = bts::testing::make_certificate();
        std::ofstream(folder / "ca.pem") << authority.certificate_pem;
        options.tls = bts::testing::make_certificate({}, authority);
        options.on_request = {};
        for (std::size_t i = 0; i < probed_nodes; ++i)
            nodes.push_back(std::make_unique<bts::testing::node>(chain, options));
        chain->start_producing(3s);
        std::string urls;
        for (auto const& node : nodes)
            urls += node->url() + '\n';
        if (::write(ready, urls.data(), urls.size()) < 0)
            return;
        ::close(ready);
        char none;
        while (::read(end, &none, 1) > 0) // until the other side is gone
            ;
    }

    pid_t pid_ = -1;
    int end_ = -1;
    std::vector<bts::node_url> urls_;
};

template <class Client>
class caller
{
public:
    template <class Nodes>
    explicit caller(Nodes nodes) : client_(context_.get_executor(), std::move(nodes), bts::websocket())
    {}

    void round()
    {
        left_ = calls_a_round;
        for (int i = 0; i < window; ++i)
            next();
        context_.restart();
        context_.run_for(60s);
        if (done_ % calls_a_round != 0)
            throw std::runtime_error("calls were lost");
        context_.restart();
    }

    // Connected to all that it wants to be connected to, so that no round pays for it.
    void settle()
    {
        round();
        context_.run_for(1s);
    }

    Client& client() { return client_; }

private:
    void next()
    {
        if (left_ == 0)
            return;
        --left_;
        client_.async_call(request_, [this](bts::error_code ec, bts::reply<std::string> const& reply) {
            if (ec || !reply || *reply != answer)
                std::abort();
            if (++done_ % calls_a_round == 0)
                return context_.stop(); // the connections stay
            next();
        });
    }

    asio::io_context context_{1};
    Client client_;
    bts::request<std::string> request_{"database", "get_chain_id", "[]"};
    int left_ = 0;
    long done_ = 0;
};

bool overhead(nodes_process const& nodes)
{
    caller<bts::node_pool> pool(bts::node_list(nodes.called()));
    caller<bts::client> single(nodes.called().front());
    pool.settle();
    single.settle();
    std::vector<double> cpu[2]; // of this thread, a call
    auto const timed = [](auto& caller, std::vector<double>& into) {
        double const begin = benchmark::thread_clock::now();
        caller.round();
        into.push_back((benchmark::thread_clock::now() - begin) / calls_a_round * 1e6);
    };
    auto const t = benchmark::interleaved<benchmark::wall_clock>(
        rounds, 0, [&] { timed(pool, cpu[0]); }, [&] { timed(single, cpu[1]); });
    char extra[120];
    std::snprintf(extra, sizeof extra, ",\"pool_cpu_us_per_call\":%.2f,\"single_cpu_us_per_call\":%.2f",
                  benchmark::median(cpu[0]), benchmark::median(cpu[1]));
    if (pool.client().counts().retries != 0)
        throw std::runtime_error("calls were asked again: nothing was measured");
    return benchmark::report({"pool_overhead", "calls/s", 0.9}, calls_a_round / benchmark::median(t[0]),
                             calls_a_round / benchmark::median(t[1]), benchmark::ratio_of(t[0], t[1]), extra);
}

double resident_bytes()
{
    std::ifstream statm("/proc/self/statm");
    double size = 0, resident = 0;
    statm >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double bytes_per_connection(std::vector<bts::node_url> const& nodes, bts::transport_factory const& transports)
{
    asio::io_context context{1};
    std::vector<std::unique_ptr<bts::client>> clients;
    auto const connect = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
        {
            clients.push_back(
                std::make_unique<bts::client>(context.get_executor(), nodes[i % nodes.size()], transports));
            bool done = false;
            clients.back()->async_call(bts::database::get_chain_id(), [&](bts::error_code ec, auto const& reply) {
                if (ec || !reply)
                    throw std::runtime_error("no connection: " + ec.message());
                done = true;
                context.stop();
            });
            context.restart();
            context.run_for(30s);
            if (!done)
                throw std::runtime_error("no connection in time");
        }
        context.restart();
        context.run_for(300ms); // what the last one brought comes in: session tickets
    };
    connect(warm_connections);
    double const before = resident_bytes();
    connect(idle_connections);
    return (resident_bytes() - before) / static_cast<double>(idle_connections);
}

// The first minute, in which every node is probed for the first time and the two that are kept are probed all the time.
double cpu_of_a_minute(std::vector<bts::node_url> const& nodes, bts::transport_factory const& transports)
{
    asio::io_context context{1};
    bts::node_pool pool(context.get_executor(), bts::node_list(nodes), transports);
    double const begin = benchmark::thread_clock::now();
    pool.open();
    context.run_for(60s);
    double const passed = benchmark::thread_clock::now() - begin;
    for (bts::node_status const& s : pool.status())
        if (!s.head || s.failures != 0)
            throw std::runtime_error("a node was not probed: " + s.last_error);
    return passed;
}

bool idle(nodes_process const& nodes, std::filesystem::path const& folder)
{
    auto const transports =
        bts::websocket(bts::websocket_options().tls(bts::tls_options().add_ca_file((folder / "ca.pem").string())));
    double const memory = bytes_per_connection(nodes.probed(), transports);
    double const cpu = cpu_of_a_minute(nodes.probed(), transports);
    // Stated, with bounds that only a mistake breaks: a leak, a loop that polls.
    bool const small =
        benchmark::report({"pool_idle_memory", "bytes/connection", 1}, memory, 262'144, 262'144 / memory);
    bool const quiet = benchmark::report({"pool_idle_cpu", "s/minute", 1}, cpu, 1, 1 / cpu);
    return small && quiet;
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> const names(argv + 1, argv + argc);
    auto const wanted = [&](char const* name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    auto const folder = std::filesystem::temp_directory_path() / ("bitshares_pool_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    bool good = true;
    int code = 0;
    try
    {
        nodes_process const nodes(folder);
        if (wanted("pool_idle"))
            good = idle(nodes, folder) && good; // first: the memory of a process that has done nothing yet
        if (wanted("pool_overhead"))
            good = overhead(nodes) && good;
        code = good ? 0 : 1;
    }
    catch (std::exception const& e)
    {
        std::fprintf(stderr, "benchmark_pool_overhead: %s\n", e.what());
        code = 2;
    }
    std::filesystem::remove_all(folder);
    return code;
}
