// bts-devnet: a node that answers from recordings, or serves a chain in memory, for trying things out and for measuring
// clients.

#include "memory_chain.hpp"

#include <bitshares/testing/fault_schedule.hpp>
#include <bitshares/testing/node.hpp>
#include <bitshares/testing/recording.hpp>
#include <bitshares/version.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/output_file.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <atomic>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

namespace testing = bitshares::testing;

struct options
{
    std::string recordings;
    std::string chain = "main";
    std::uint16_t port = 0;
    std::string port_file;
    std::vector<std::string> synthetic;
    std::string certificate_file;
    std::string key_file;
    unsigned delay = 0;
    std::vector<std::string> accounts;
    std::string account_keys;
    std::uint64_t seed = 1;
    unsigned block_time = 1'000;
    unsigned nodes = 1;
    std::string faults;
    bool json = false;
};

std::string read_file(std::string const& path)
{
    auto text = testing::read_recording_file(path);
    return std::move(text).value();
}

/* Files' names and what stands in files, for a terminal. */
std::string shown(std::string_view text)
{
    return program::printable(program::shortened(text));
}

/* NAME=N; nothing where it is not that. */
std::optional<std::pair<std::string, std::uint64_t>> read_synthetic(std::string const& text)
{
    std::size_t const equals = text.rfind('=');
    std::uint64_t count = 0;
    if (equals == std::string::npos || equals == 0)
        return {};
    char const* const begin = text.data() + equals + 1;
    char const* const end = text.data() + text.size();
    auto const [last, ec] = std::from_chars(begin, end, count);
    if (ec != std::errc() || last != end || count == 0 || count > 1'000'000'000)
        return {};
    return std::pair(text.substr(0, equals), count);
}

/* Until a signal. @param what A data set or a chain. @param begin Called once signals are ours: it may start threads. */
template <class Served, class Begin>
int serve(options const& o, std::optional<testing::fault_schedule> schedule, std::shared_ptr<Served> what, Begin begin)
{
    // Blocked in all threads before there is a second one, so that only sigwait below sees them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    std::optional<program::output_file> port_file;
    if (!o.port_file.empty())
        port_file.emplace(o.port_file);
    testing::node_options node_options;
    node_options.delay = std::chrono::milliseconds(o.delay);
    if (!o.certificate_file.empty())
        node_options.tls = testing::certificate{read_file(o.certificate_file), read_file(o.key_file)};
    begin();
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<testing::node*> players;
    for (unsigned i = 0; i < o.nodes; ++i)
    {
        node_options.port = static_cast<std::uint16_t>(o.port == 0 ? 0 : o.port + i);
        nodes.push_back(std::make_unique<testing::node>(what, node_options));
        players.push_back(nodes.back().get());
    }
    std::atomic<bool> ended{false}; // the schedule, before its end
    std::optional<testing::fault_player> player;
    if (schedule)
        player.emplace(std::move(*schedule), players, [&] {
            ended = true;
            kill(getpid(), SIGTERM);
        });
    if (port_file)
    {
        for (auto const& node : nodes)
            port_file->buffer() += std::to_string(node->port()) + '\n';
        port_file->commit(); // somebody may wait for the file: it appears with its whole content or not at all
    }
    std::string urls;
    for (auto const& node : nodes)
        urls += o.json ? (urls.empty() ? "{\"nodes\":[\"" : ",\"") + node->url() + '"' : node->url() + '\n';
    std::cout << urls << (o.json ? "]}\n" : "") << std::flush; // somebody may read it through a pipe

    int signal = 0;
    sigwait(&signals, &signal);
    if (ended)
        player->wait(); // throws
    player.reset();
    for (auto const& node : nodes)
        node->stop();
    return exit_code::ok;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app(
        "bts-devnet: a BitShares node on the loopback that answers from recordings of a real one, or serves a chain "
        "in memory");
    app.name("bts-devnet");
    app.formatter(std::make_shared<program::help_formatter>());
    app.set_version_flag("--version", std::string("bts-devnet ") + bitshares::version);
    app.footer(
        "\nIt prints its URL, one for each node in a line of its own, and runs until SIGINT or SIGTERM, then its exit "
        "code is 0.\n"
        "A schedule of faults, with times since the start: {\"seed\":7,\"steps\":[\n"
        "  {\"at_ms\":0,\"node\":0,\"faults\":{\"delay\":{\"ms\":50,\"permille\":200}}},\n"
        "  {\"at_ms\":5000,\"faults\":{\"freeze\":{}}}, {\"at_ms\":9000,\"faults\":{}}]}\n"
        "The faults are the members of bitshares::testing::faults (testing/faults.hpp).\n"
        "Exit codes: 0 ok, 1 bad data (a damaged recording or schedule), 2 usage, 3 network (the port is taken), 4 the "
        "port-file "
        "or\n"
        "the key-file cannot be written: where something is that is no regular file, or keys are already, it stays.\n"
        "\nExamples:\n"
        "  bts-devnet --recordings tests/recordings\n"
        "  bts-devnet --recordings tests/recordings --chain c --port 8090\n"
        "  bts-devnet --recordings tests/recordings --synthetic big-account=1000000 --port-file devnet.port\n"
        "  bts-devnet --chain memory --key-file devnet.keys --account alice=1000 --account bob=50 --port 8090\n"
        "  bts-devnet --recordings tests/recordings --nodes 3 --port 8090 --faults schedule.json\n"
        "\nNot affiliated with the BitShares project.");

    options o;
    app.add_option("--recordings", o.recordings,
                   "Folder of the recordings; without it, only the synthetic accounts are there")
        ->type_name("DIR")
        ->check(CLI::ExistingDirectory);
    app.add_option("--chain", o.chain, "Which recorded chain; memory: a chain of its own, which takes transactions")
        ->check(CLI::IsMember({"main", "c", "memory"}))
        ->capture_default_str();
    app.add_option("--key-file", o.account_keys,
                   "Of the chain in memory: write its accounts' test keys to this new file")
        ->type_name("FILE");
    app.add_option("--account", o.accounts,
                   "Of the chain in memory: an account with this much BTS; may be repeated. Without: alice, bob and "
                   "carol with 10000 each")
        ->type_name("NAME=AMOUNT")
        ->check([](std::string const& text) {
            return read_account(text) ? std::string() : "NAME=AMOUNT is expected, not " + text;
        });
    app.add_option("--seed", o.seed, "Of the chain in memory: of its keys and its id")->capture_default_str();
    app.add_option("--block-time", o.block_time, "Of the chain in memory: milliseconds from block to block")
        ->type_name("MS")
        ->check(CLI::Range(1, 3'600'000))
        ->capture_default_str();
    app.add_option("--port", o.port, "On 127.0.0.1; 0: a free one")->capture_default_str();
    app.add_option("--port-file", o.port_file, "Write the port's number to this file, once it accepts connections")
        ->type_name("FILE");
    app.add_option("--synthetic", o.synthetic,
                   "Add an account with this many operations, made on the fly; may be repeated")
        ->type_name("NAME=N")
        ->check([](std::string const& text) {
            return read_synthetic(text) ? std::string() : "NAME=N is expected, N from 1 to 1000000000, not " + text;
        });
    auto* const certificate = app.add_option("--tls-cert", o.certificate_file, "Serve wss with this certificate (PEM)")
                                  ->type_name("FILE")
                                  ->check(CLI::ExistingFile);
    auto* const key = app.add_option("--tls-key", o.key_file, "The certificate's private key (PEM)")
                          ->type_name("FILE")
                          ->check(CLI::ExistingFile)
                          ->needs(certificate);
    certificate->needs(key);
    app.add_option("--delay", o.delay, "Answer this many milliseconds late")->type_name("MS");
    app.add_option("--nodes", o.nodes,
                   "So many nodes of the same chain, each with a port of its own: the next ones behind "
                   "--port, if that is given")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000))
        ->capture_default_str();
    app.add_option("--faults", o.faults, "Let the nodes misbehave as this schedule (JSON) says")
        ->type_name("FILE")
        ->check(CLI::ExistingFile);
    app.add_flag("--json", o.json, "Print the URLs as JSON: {\"nodes\":[...]}");

    try
    {
        app.parse(argc, argv);
        bool const memory = o.chain == "memory";
        if (memory && (!o.recordings.empty() || !o.synthetic.empty()))
            throw CLI::ValidationError("--chain memory",
                                       "a chain in memory has no recordings and no synthetic accounts");
        if (memory && o.account_keys.empty())
            throw CLI::RequiredError("--key-file");
        if (!memory && (!o.account_keys.empty() || !o.accounts.empty()))
            throw CLI::ValidationError("--key-file, --account", "they are of --chain memory");
        if (!memory && o.recordings.empty() && o.synthetic.empty())
            throw CLI::RequiredError("--recordings, --synthetic or --chain memory");
        if (o.port != 0 && o.port + o.nodes > 65'536)
            throw CLI::ValidationError("--nodes", "there are not so many ports behind --port");
    }
    catch (CLI::ParseError const& e)
    {
        return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
    }

    try
    {
        std::optional<testing::fault_schedule> schedule;
        if (!o.faults.empty())
        {
            auto read = testing::fault_schedule::from_text(read_file(o.faults), o.nodes);
            if (!read)
            {
                std::cerr << "bts-devnet: --faults: " << shown(read.error().message()) << '\n';
                return exit_code::bad_data;
            }
            schedule = std::move(*read);
        }
        if (o.chain == "memory")
        {
            std::vector<funded_account> accounts;
            for (auto const& text : o.accounts)
                accounts.push_back(read_account(text).value());
            if (accounts.empty())
                for (char const* const name : {"alice", "bob", "carol"})
                    accounts.emplace_back(name, 1'000'000'000);
            auto const chain = make_memory_chain(o.seed, accounts, o.account_keys);
            return serve(o, std::move(schedule), std::shared_ptr<testing::node_service>(chain),
                         [&] { chain->start_producing(std::chrono::milliseconds(o.block_time)); });
        }
        auto data = std::make_shared<testing::data_set>();
        if (!o.recordings.empty())
        {
            auto const folder = std::filesystem::path(o.recordings) / (o.chain == "c" ? "chain_c" : "");
            auto const recording = testing::recording::load(folder);
            if (!recording)
            {
                std::cerr << "bts-devnet: " << shown(recording.error().message()) << '\n';
                return exit_code::bad_data;
            }
            data = std::make_shared<testing::data_set>(*recording);
        }
        for (auto const& text : o.synthetic)
        {
            auto const [name, size] = read_synthetic(text).value();
            data->add_synthetic_account(name, size);
        }
        return serve(o, std::move(schedule), std::shared_ptr<testing::data_set const>(std::move(data)), [] {});
    }
    catch (bitshares::node_refused const& e)
    {
        std::cerr << "bts-devnet: --account: " << shown(e.what()) << '\n';
        return exit_code::usage;
    }
    catch (bitshares::exception const& e)
    {
        if (o.chain == "memory" &&
            (e.code() == bitshares::errc::file_exists || e.code() == bitshares::errc::file_error))
        {
            std::cerr << "bts-devnet: --key-file: " << shown(e.what()) << '\n';
            return exit_code::incomplete;
        }
        bool const files = e.code() == bitshares::errc::file_error || e.code() == bitshares::errc::invalid_recording;
        std::cerr << "bts-devnet: " << shown(e.what()) << '\n';
        return files ? exit_code::bad_data : exit_code::network;
    }
    catch (program::file_failure const& e)
    {
        std::cerr << "bts-devnet: --port-file: " << shown(e.what()) << '\n';
        return exit_code::incomplete;
    }
    catch (std::exception const& e)
    {
        std::cerr << "bts-devnet: " << shown(e.what()) << '\n';
        return exit_code::bad_data;
    }
}
