// bts-devnet as a person runs it.

#include <bitshares/crypto/private_key.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/network_broadcast.hpp>
#include <support/raw_websocket.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fs = std::filesystem;
using clock_type = std::chrono::steady_clock;

namespace {

std::string const program = std::string(BITSHARES_PROGRAMS_DIR) + "/bts-devnet";
std::string const recordings = std::string(BITSHARES_TESTS_DIR) + "/recordings";

class scratch
{
public:
    scratch() : path_(fs::temp_directory_path() / ("bitshares-devnet-" + std::to_string(::getpid())))
    {
        fs::remove_all(path_);
        fs::create_directories(path_);
    }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;
    ~scratch() { fs::remove_all(path_); }
    std::string file(std::string const& name) const { return (path_ / name).string(); }

private:
    fs::path path_;
};

std::string content(std::string const& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

class child
{
public:
    child(scratch const& folder, std::vector<std::string> arguments)
        : out_(folder.file("out")), err_(folder.file("err"))
    {
        arguments.insert(arguments.begin(), program);
        std::vector<char*> argv;
        for (auto& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ != 0)
            return;
        ::dup2(::open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
        ::dup2(::open(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    child(child const&) = delete;
    child& operator=(child const&) = delete;
    ~child()
    {
        if (pid_ > 0)
        {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    void signal(int number) const { ::kill(pid_, number); }
    int wait()
    {
        int status = 0;
        ::waitpid(std::exchange(pid_, 0), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string out() const { return content(out_); }
    std::string err() const { return content(err_); }

private:
    std::string out_;
    std::string err_;
    ::pid_t pid_ = 0;
};

std::uint16_t wait_for_port(std::string const& file)
{
    for (auto const end = clock_type::now() + std::chrono::seconds(30); clock_type::now() < end;)
    {
        if (fs::exists(file)) // by rename: then it is whole
            return static_cast<std::uint16_t>(std::stoul(content(file)));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL("no port file");
    return 0;
}

} // namespace

TEST_CASE("integration/devnet: serves a recording and synthetic accounts, and ends with 0 when told to")
{
    scratch const folder;
    for (int const signal : {SIGINT, SIGTERM})
    {
        fs::remove(folder.file("port"));
        child devnet(folder, {"--recordings", recordings, "--synthetic", "big=1000", "--synthetic", "small=3",
                              "--port-file", folder.file("port")});
        auto const port = wait_for_port(folder.file("port"));
        CHECK_FALSE(fs::exists(folder.file("port.tmp")));
        raw_websocket client(port);
        CHECK(client.ask(R"({"id":1,"method":"get_chain_id","params":[]})") ==
              R"({"id":1,"result":"d3bdc2c80236a579b9a1bea60a0cd18b5c1cb130cfea6f13dadd28ead5087e8c"})");
        CHECK(
            client
                .ask(
                    R"({"id":2,"method":"call","params":["history","get_account_history_by_operations",["big",[],1,100]]})")
                .starts_with(R"({"id":2,"result":{"total_count":100,)"));
        CHECK(
            client
                .ask(
                    R"({"id":3,"method":"call","params":["history","get_account_history_by_operations",["small",[],1,100]]})")
                .starts_with(R"({"id":3,"result":{"total_count":3,)"));
        auto const before = clock_type::now();
        devnet.signal(signal);
        CHECK(devnet.wait() == 0);
        CHECK(clock_type::now() - before < std::chrono::seconds(10)); // although a client is connected
        CHECK(devnet.out() == "ws://127.0.0.1:" + std::to_string(port) + "\n");
        CHECK(devnet.err().empty());
    }
}

TEST_CASE("integration/devnet: the other chain")
{
    scratch const folder;
    child devnet(folder, {"--recordings", recordings, "--chain", "c", "--port-file", folder.file("port")});
    raw_websocket client(wait_for_port(folder.file("port")));
    CHECK(client.ask(R"({"id":1,"method":"get_chain_id","params":[]})") ==
          R"({"id":1,"result":"deb24f693c44631f41d58d9c2822437acb6c34267be461532d30ba69c54be46a"})");
    devnet.signal(SIGTERM);
    CHECK(devnet.wait() == 0);
}

TEST_CASE("integration/devnet: a chain in memory takes transactions that its key file's keys sign")
{
    scratch const folder;
    child devnet(folder, {"--chain", "memory", "--key-file", folder.file("keys"), "--account", "alice=1000",
                          "--account", "bob=2.5", "--block-time", "20", "--port-file", folder.file("port")});
    auto const port = wait_for_port(folder.file("port"));
    CHECK((fs::status(folder.file("keys")).permissions() & fs::perms::all) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    std::map<std::string, std::string> keys; // by "name role"
    std::istringstream lines(content(folder.file("keys")));
    for (std::string line, said; std::getline(lines, line); said = line)
        if (line[0] != '#')
        {
            auto const open = said.find(" (");
            keys[said.substr(2, open - 2) + said.substr(said.find(')') + 1)] = line;
        }
    CHECK(keys.size() == 6);

    namespace db = bitshares::database;
    bitshares::blocking_client node("ws://127.0.0.1:" + std::to_string(port), bitshares::websocket());
    auto const alice = node.call(db::get_account_by_name("alice")).value();
    auto const bob = node.call(db::get_account_by_name("bob")).value();
    auto const key = bitshares::private_key::from_wif(keys.at("alice active")).value();
    CHECK(alice.active.key_auths.find(key.to_public()) != nullptr);
    CHECK(node.call(db::get_account_balances("bob", {})) ==
          std::vector<bitshares::asset>{{250'000, bitshares::core_asset}});

    auto const head = node.call(db::get_dynamic_global_properties());
    bitshares::transfer give;
    give.fee = {2'000'000, bitshares::core_asset};
    give.from = alice.id;
    give.to = bob.id;
    give.amount = {12'345, bitshares::core_asset};
    bitshares::signed_transaction tx;
    tx.ref_block_num = static_cast<std::uint16_t>(head.head_block_number);
    for (std::size_t i = 0; i < 4; ++i)
        tx.ref_block_prefix |= std::uint32_t{head.head_block_id.data[4 + i]} << 8 * i;
    tx.expiration.seconds = head.time.seconds + 60;
    tx.operations = {give};
    auto const digest = bitshares::signing_digest(tx, node.call(db::get_chain_id())).value();
    tx.signatures = {key.sign(digest)};
    auto const included = node.call(bitshares::network_broadcast::broadcast_transaction_synchronous(tx));
    CHECK(included.id == bitshares::id_of(tx).value());
    CHECK(included.block_num > head.head_block_number);
    CHECK(node.call(db::get_account_balances("bob", {})) ==
          std::vector<bitshares::asset>{{262'345, bitshares::core_asset}});
    CHECK(node.try_call(bitshares::network_broadcast::broadcast_transaction(tx)).error() ==
          bitshares::node_errc::duplicate_transaction);

    // over HTTP, too; the answer comes with the block
    tx.expiration.seconds += 1;
    tx.signatures = {key.sign(bitshares::signing_digest(tx, node.call(db::get_chain_id())).value())};
    std::string const body =
        R"({"id":9,"method":"call","params":["network_broadcast","broadcast_transaction_synchronous",[)" +
        bitshares::to_json(tx) + "]]}";
    raw_socket http(port);
    http.send("POST / HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    CHECK(http.read_until("\r\n").starts_with("HTTP/1.1 200"));
    CHECK(http.read_until("\"block_num\"").find(bitshares::to_json(bitshares::id_of(tx).value())) != std::string::npos);

    devnet.signal(SIGTERM);
    CHECK(devnet.wait() == 0);
    CHECK(devnet.out() + devnet.err() == "ws://127.0.0.1:" + std::to_string(port) + "\n"); // no key

    // keys that are there already stay
    child again(folder, {"--chain", "memory", "--key-file", folder.file("keys")});
    CHECK(again.wait() == 4);
    CHECK(again.err().find("--key-file") != std::string::npos);
}

TEST_CASE("integration/devnet: says what is wrong, by its words and its exit code")
{
    scratch const folder;
    auto const run = [&](std::vector<std::string> arguments, int code, std::string const& words) {
        child devnet(folder, std::move(arguments));
        CHECK(devnet.wait() == code);
        std::string const said = devnet.out() + devnet.err();
        CHECK_MESSAGE(said.find(words) != std::string::npos, said);
    };
    run({"--help"}, 0, "Examples:");
    run({"--version"}, 0, "bts-devnet ");
    run({}, 2, "--recordings");
    run({"--nonsense"}, 2, "--nonsense");
    run({"--recordings", folder.file("nowhere")}, 2, "nowhere");
    run({"--synthetic", "big"}, 2, "NAME=N");
    run({"--synthetic", "big=0"}, 2, "NAME=N");
    run({"--recordings", recordings, "--tls-cert", recordings + "/README.md"}, 2, "--tls-key");
    run({"--chain", "memory"}, 2, "--key-file");
    run({"--chain", "memory", "--key-file", folder.file("k"), "--recordings", recordings}, 2, "no recordings");
    run({"--chain", "memory", "--key-file", folder.file("k"), "--account", "alice=1.2.3"}, 2, "NAME=AMOUNT");
    run({"--chain", "memory", "--key-file", folder.file("k"), "--account", "Alice=1"}, 2, "is_valid_name");
    run({"--synthetic", "a=1", "--account", "alice=1"}, 2, "--chain memory");
    CHECK_FALSE(fs::exists(folder.file("k")));
    run({"--recordings", recordings + "/history"}, 1, "accounts.json");
    run({"--recordings", recordings, "--tls-cert", recordings + "/README.md", "--tls-key", recordings + "/README.md"},
        3, "certificate");

    child first(folder, {"--synthetic", "a=1", "--port-file", folder.file("port")});
    auto const port = std::to_string(wait_for_port(folder.file("port")));
    run({"--synthetic", "a=1", "--port", port}, 3, "taken");

    // What is there and no regular file stays what it is.
    REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
    fs::create_directory(folder.file("folder"));
    for (std::string const& file : {folder.file("pipe"), folder.file("folder")})
    {
        run({"--synthetic", "a=1", "--port-file", file}, 4, file);
        CHECK(!fs::is_regular_file(file));
    }
    run({"--synthetic", "a=1", "--port-file", folder.file("no/such/folder")}, 4, "no/such/folder");
}
