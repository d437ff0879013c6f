#include "service.hpp"

#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/version.hpp>
#include <common/ca_file.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/history_store.hpp>
#include <common/interrupt.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <csignal>
#include <es_feeder/job.hpp>
#include <iostream>
#include <mutex>
#include <optional>
#include <thread>

namespace {

using program::http_server;
using program::http_server_options;

constexpr char help_end[] = R"(
Examples:
  bts-es-wrapper --store history.db --node ws://127.0.0.1:8090
      the histories of a node that keeps all (--account NAME: of this one only), on http://127.0.0.1:5000/. They are
      read into the file meanwhile, as bts-es-feeder does, and it is followed; later runs go on where this one ended
  bts-es-wrapper --store history.db
      what bts-es-feeder wrote into the file, on http://127.0.0.1:5000/
  bts-es-wrapper --backend es+https://reader:secret@search.example.org:9200 --listen 0.0.0.0:5000
      before a cluster of Elasticsearch or OpenSearch; a second --backend is asked where the first fails
  bts-es-wrapper --config wrapper.ini
      options by name: a line each, as in  store = "history.db"

The questions that it answers: http://127.0.0.1:5000/apidocs/
Exit codes: 0 stopped by a signal, 1 bad data, 2 usage, 3 the address is in use; with --node, also 3 the node refuses,
4 it does not keep all, or the file cannot be written.
)";

struct arguments
{
    std::string store;
    std::string node; // that feeds the store
    std::vector<std::string> accounts;
    std::vector<std::string> backends;
    std::string index = "bitshares-*";
    std::string ca_file;
    std::string listen = "127.0.0.1:5000";
    unsigned threads = 4;
    std::uint64_t max_size = 10'000;
    std::uint64_t window = 0;
    double rate = 1200;
    double burst = 200;
    std::size_t connections = 1000;
    std::size_t connections_per_client = 100;
    std::vector<std::string> trusted_proxies;
    bool no_cors = false;
    bool empty_is_404 = false;
    unsigned alive = 30;
    unsigned time_limit = 10;
    bool access_log = false;
};

std::string check_address(std::string const& text)
{
    std::string address;
    std::uint16_t port = 0;
    return program::read_listen_address(text, address, port) ? "" : "'" + text + "' is no address, as 127.0.0.1:5000";
}

std::string check_proxy(std::string const& text)
{
    std::string address;
    std::uint16_t port = 0;
    bool const v6 = text.find(':') != text.npos;
    return program::read_listen_address(v6 ? "[" + text + "]:1" : text + ":1", address, port) && address == text
               ? ""
               : "'" + text + "' is no address, as 10.0.0.1";
}

std::string check_backend(std::string const& text)
{
    if (!text.starts_with("es+http://") && !text.starts_with("es+https://"))
        return "a back end is named as es+http://HOST:9200 or es+https://...";
    auto const url = bitshares::http_url::from_string(std::string_view(text).substr(3));
    return url ? "" : url.error().message();
}

std::string check_node(std::string const& text)
{
    auto const url = bitshares::node_url::from_string(text);
    return url ? "" : url.error().message();
}

void say(std::string const& line)
{
    static std::mutex mutex;
    std::lock_guard const lock(mutex);
    std::cerr << "bts-es-wrapper: " << program::printable(line) << '\n';
}

// Fills the store beside all other work, until an interrupt, or a failure, which ends the server, too.
class feeding
{
public:
    feeding(arguments const& a, program::interrupt& ctrl_c, http_server& server)
        : server_(server), job_(options(a), ctrl_c), thread_([this] { work(); })
    {}

    /// The exit code. @pre The server has been told to stop.
    int end()
    {
        thread_.join();
        return exit_;
    }

private:
    static feeder::job_options options(arguments const& a)
    {
        feeder::job_options o;
        o.online.nodes = {a.node};
        o.online.ca_file = a.ca_file;
        o.feed.accounts = a.accounts;
        o.store = a.store;
        o.follow = 3;
        o.say = o.warn = say;
        return o;
    }

    void work()
    {
        try
        {
            job_.run();
        }
        catch (program::interrupted const&)
        {}
        catch (...)
        {
            auto const why = feeder::explain_failure();
            say(why.message);
            exit_ = why.exit;
        }
        server_.request_stop();
    }

    http_server& server_;
    feeder::job job_;
    int exit_ = exit_code::ok;
    std::jthread thread_;
};

std::unique_ptr<es_wrapper::backend> open_backend(arguments const& a)
{
    std::chrono::seconds const limit(a.time_limit);
    if (!a.store.empty())
        return es_wrapper::open_store(a.store, limit);
    es_wrapper::cluster_settings cluster;
    for (std::string const& text : a.backends)
        cluster.servers.emplace_back(std::string_view(text).substr(3));
    cluster.index = a.index;
    cluster.time_limit = limit;
    if (!a.ca_file.empty())
        cluster.http.tls(bitshares::tls_options().add_ca_file(a.ca_file));
    return es_wrapper::open_cluster(std::move(cluster));
}

http_server_options server_options(arguments const& a)
{
    http_server_options o;
    program::read_listen_address(a.listen, o.address, o.port);
    o.threads = a.threads;
    o.connections = a.connections;
    o.connections_per_client = a.connections_per_client;
    o.requests_per_minute = a.rate;
    o.burst = a.burst;
    o.trusted_proxies = a.trusted_proxies;
    o.cors = !a.no_cors;
    o.on_error = [](std::string const& target, std::string const& what) { say("500 " + target + ": " + what); };
    if (a.access_log)
        o.log = [](program::http_log_entry const& e) {
            using bitshares::json_quote;
            std::string const line =
                "{\"client\":" + json_quote(e.client) + ",\"method\":" + json_quote(e.method) +
                ",\"target\":" + program::printable_json(json_quote(bitshares::valid_utf8(e.target))) +
                ",\"status\":" + std::to_string(e.status) + ",\"bytes\":" + std::to_string(e.bytes) +
                ",\"microseconds\":" + std::to_string(e.took.count()) + "}\n";
            std::cerr << line;
        };
    return o;
}

std::string source_text(es_wrapper::backend& from)
{
    auto const head = from.head();
    return from.name() +
           (head ? ", up to block " + std::to_string(head->block_num) + " of " + head->block_time.to_string()
                 : ", which has no document yet");
}

int run(arguments const& a)
{
    std::unique_ptr<es_wrapper::backend> from;
    try
    {
        if (!a.node.empty())
            program::history_store(a.store, program::history_store::mode::write); // it is there from now on
        from = open_backend(a);
    }
    catch (program::store_failure const& e)
    {
        say(e.what());
        say("--store names a file that bts-es-feeder has made, or --node URL fills: --help");
        return exit_code::bad_data;
    }
    es_wrapper::service_settings settings;
    settings.limits.size = a.max_size;
    settings.limits.window = a.window != 0 ? a.window : a.store.empty() ? 10'000 : 100'000;
    settings.empty_is_404 = a.empty_is_404;
    settings.alive = std::chrono::seconds(a.alive);
    settings.log = say;
    http_server server(server_options(a));
    es_wrapper::add_routes(server, *from, settings);
    program::interrupt signals;
    try
    {
        server.start();
    }
    catch (boost::system::system_error const& e)
    {
        say(a.listen + ": " + e.code().message());
        return exit_code::network;
    }
    std::string const host = a.listen.substr(0, std::min(a.listen.rfind(':'), a.listen.size()));
    bool const here = host.find_first_not_of("0123456789") == host.npos || host == "0.0.0.0" || host == "[::]";
    std::string const where = (here ? "127.0.0.1" : host) + ":" + std::to_string(server.port());
    std::string source;
    try
    {
        source = source_text(*from);
    }
    catch (std::exception const& e) // a cluster may be up later
    {
        source = std::string("which cannot be read yet: ") + e.what();
    }
    std::cout << "http://" << where << "/apidocs/ from " << program::printable(source) << std::endl;
    program::on_interrupt const stopped(signals, [&server] { server.request_stop(); });
    std::optional<feeding> fed;
    if (!a.node.empty())
        fed.emplace(a, signals, server);
    server.wait();
    int const exit = fed ? fed->end() : exit_code::ok;
    say("stopped");
    return exit;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    arguments a;
    CLI::App app(
        "Answers for histories of BitShares accounts as the Elasticsearch wrapper does, from a file or a cluster.",
        "bts-es-wrapper");
    app.formatter(std::make_shared<program::help_formatter>());
    app.footer(help_end);
    app.set_version_flag("--version", std::string("bts-es-wrapper ") + bitshares::version);
    app.set_config("--config", "", "File of options: a line each, NAME = VALUE")->type_name("FILE");
    auto* const store =
        app.add_option("--store", a.store, "File that bts-es-feeder fills, also at the same time")->type_name("FILE");
    auto* const node = app.add_option("--node", a.node,
                                      "Fill the file meanwhile, from this node, which has to keep all: ws:// or wss://")
                           ->type_name("URL")
                           ->needs(store)
                           ->check(check_node);
    app.add_option("--account", a.accounts, "Only of this account, name or id; may stand several times. Default: all")
        ->type_name("NAME")
        ->needs(node)
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    auto* const cluster = app.add_option("--backend", a.backends,
                                         "Cluster: es+http://[USER:PASSWORD@]HOST:PORT or es+https://...; may stand "
                                         "several times. Others can read command lines: passwords are better in "
                                         "--config, or the environment's BTS_ES_BACKEND")
                              ->type_name("URL")
                              ->envname("BTS_ES_BACKEND")
                              ->take_all()
                              ->check(check_backend);
    store->excludes(cluster);
    app.add_option("--index", a.index, "Of the cluster")->type_name("PATTERN")->capture_default_str();
    app.add_option("--ca-file", a.ca_file, "PEM file of certificates that are trusted, too")
        ->type_name("FILE")
        ->check(check_ca_file);
    app.add_option("--listen", a.listen, "Address and port; behind a proxy that has TLS, where others are to reach it")
        ->type_name("HOST:PORT")
        ->check(check_address)
        ->capture_default_str();
    app.add_option("--threads", a.threads, "That answer")
        ->type_name("N")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    app.add_option("--max-size", a.max_size, "Documents of one answer, at most")
        ->type_name("N")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    app.add_option("--window", a.window,
                   "How far from_ and size reach together. Default: 100000 with --store, 10000 with --backend, as its "
                   "index.max_result_window")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000'000));
    app.add_option("--rate", a.rate, "Requests of one address a minute; 0: any number")
        ->type_name("N")
        ->check(CLI::Range(0.0, 1e9))
        ->capture_default_str();
    app.add_option("--burst", a.burst, "So many of them at once")
        ->type_name("N")
        ->check(CLI::Range(1.0, 1e9))
        ->capture_default_str();
    app.add_option("--connections", a.connections, "At once")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--connections-per-client", a.connections_per_client, "Of one address")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--trusted-proxy", a.trusted_proxies,
                   "Address of a proxy whose X-Forwarded-For tells who asks; may stand several times")
        ->type_name("ADDRESS")
        ->take_all()
        ->check(check_proxy);
    app.add_flag("--no-cors", a.no_cors, "Pages of other sites may not read the answers");
    app.add_flag("--empty-is-404", a.empty_is_404,
                 "Under /es/, nothing found is 404, as in explorer-api since 2019, and not an empty list");
    app.add_option("--alive", a.alive, "Seconds that the newest block may be old for is_alive")
        ->type_name("N")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    app.add_option("--time-limit", a.time_limit, "Seconds that one question may take")
        ->type_name("N")
        ->check(CLI::Range(1, 600))
        ->capture_default_str();
    app.add_flag("--access-log", a.access_log, "A line of JSON for each request, on standard error");
    try
    {
        app.parse(argc, argv);
        if (a.store.empty() && a.backends.empty())
            throw CLI::RequiredError("--store or --backend");
    }
    catch (CLI::ParseError const& e)
    {
        return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
    }
    try
    {
        return run(a);
    }
    catch (std::exception const& e)
    {
        say(e.what());
        return exit_code::bad_data;
    }
}
