// bts-devnet as nodes that fail by schedule.

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <support/folder.hpp>
#include <support/process.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares;
namespace db = bitshares::database;

TEST_CASE("integration/devnet: plays a schedule on several nodes of one chain")
{
    std::string const program = std::string(BITSHARES_PROGRAMS_DIR) + "/bts-devnet";
    support::folder const folder;
    auto const write = [&](std::string const& text) {
        std::ofstream(folder.file("faults")) << text;
        return folder.file("faults");
    };
    write(R"({"seed":3,"steps":[{"at_ms":0,"node":1,"faults":{"wrong_chain":{"chain_id":")" + std::string(64, 'c') +
          R"("}}},{"at_ms":0,"node":2,"faults":{"refuse":{}}},{"at_ms":40,"node":2,"faults":{}}]})");
    support::process devnet({program, "--chain", "memory", "--key-file", folder.file("keys"), "--nodes", "3",
                             "--port-file", folder.file("ports"), "--faults", folder.file("faults")});
    std::vector<std::string> urls;
    for (int i = 0; i < 3; ++i)
        urls.push_back(devnet.read_line());
    auto const chain_id = [&](std::size_t i) {
        blocking_client client(urls[i], websocket(), client_options().deadline(std::chrono::seconds(5)));
        return to_json(client.call(db::get_chain_id()));
    };
    std::string const id = chain_id(0);
    CHECK(chain_id(1) == '"' + std::string(64, 'c') + '"');
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) // its port opens at 40 ms
        try
        {
            std::string const same = chain_id(2);
            CHECK(same == id);
            break;
        }
        catch (exception const& e)
        {
            REQUIRE(e.code() == boost::system::errc::connection_refused);
            REQUIRE(std::chrono::steady_clock::now() < end);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    std::ifstream ports(folder.file("ports"));
    for (auto const& url : urls)
    {
        std::string port;
        std::getline(ports, port);
        CHECK(url == "ws://127.0.0.1:" + port);
    }
    devnet.signal(SIGINT);
    CHECK(devnet.wait() == 0);

    support::process json({program, "--synthetic", "a=1", "--nodes", "2", "--json"});
    std::string const line = json.read_line();
    CHECK(line.starts_with(R"({"nodes":["ws://127.0.0.1:)"));
    CHECK(line.find(R"(","ws://127.0.0.1:)") != std::string::npos);
    CHECK(line.ends_with("\"]}"));
    json.signal(SIGTERM);
    CHECK(json.wait() == 0);

    write(R"({"steps":[{"at_ms":0,"node":1,"faults":{}}]})");
    support::process beyond({program, "--synthetic", "a=1", "--faults", folder.file("faults")});
    CHECK(beyond.wait() == 1);
    write("{");
    support::process broken({program, "--synthetic", "a=1", "--faults", folder.file("faults")});
    CHECK(broken.wait() == 1);
    support::process absent({program, "--synthetic", "a=1", "--faults", folder.file("none")});
    CHECK(absent.wait() == 2);
    support::process ports_end({program, "--synthetic", "a=1", "--nodes", "9", "--port", "65530"});
    CHECK(ports_end.wait() == 2);
}
