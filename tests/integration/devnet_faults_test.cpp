// bts-devnet as nodes that fail by schedule.

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/testing/certificate.hpp>
#include <bitshares/testing/faults.hpp>
#include <support/folder.hpp>
#include <support/process.hpp>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares;
using namespace std::chrono_literals;
namespace db = bitshares::database;

namespace {

/// Nodes that serve wss, and how they are asked.
struct asked_nodes
{
    std::vector<std::string> urls;
    transport_factory transports;

    blocking_client client(std::size_t node, std::chrono::milliseconds deadline = 10s) const
    {
        return {urls[node], transports, client_options().deadline(deadline)};
    }
    error_code code(std::size_t node, std::chrono::milliseconds deadline = 10s) const
    {
        try
        {
            blocking_client asked = client(node, deadline);
            asked.call(db::get_chain_id());
            return {};
        }
        catch (exception const& e)
        {
            return e.code();
        }
    }
    std::uint32_t head(blocking_client& asked) const
    {
        return asked.call(db::get_dynamic_global_properties()).head_block_number;
    }
    template <class Request>
    auto call(std::size_t node, Request const& request) const
    {
        blocking_client asked = client(node);
        return asked.try_call(request);
    }
    /// Blocks' notices, until there are so many or the chain is so far.
    std::vector<std::string> notices(std::size_t node, std::size_t count, std::uint32_t until) const
    {
        std::mutex mutex;
        std::vector<std::string> heard;
        blocking_client asked(urls[node], transports,
                              client_options().notices([&](std::uint64_t, std::string_view payload_json) {
                                  std::lock_guard const lock(mutex);
                                  heard.emplace_back(payload_json);
                              }));
        asked.call(db::set_block_applied_callback(1));
        for (;;)
        {
            std::uint32_t const now = head(asked);
            std::lock_guard const lock(mutex);
            if (heard.size() >= count || now >= until)
                return heard;
        }
    }
};

/// A fault as a schedule has it, and whether it is seen at the node that has it. Node 0 has none.
struct devnet_fault
{
    std::string json;
    std::function<bool(asked_nodes const&, std::size_t node)> is_seen;
};

std::vector<devnet_fault> devnet_faults()
{
    using nodes = asked_nodes const&;
    auto const ends_with = [](error_code expected) {
        return [=](nodes n, std::size_t i) { return n.code(i) == expected; };
    };
    auto const is_cut = [](nodes n, std::size_t i) {
        auto const ec = n.code(i);
        return is_transient(ec) && ec != errc::timed_out;
    };
    auto const is_silent = [](nodes n, std::size_t i) {
        auto time = 200ms;
        while (n.code(0, time) == errc::timed_out) // as this machine is
            time *= 2;
        return n.code(i, 2 * time) == errc::timed_out;
    };
    auto const answers = [](nodes n, std::size_t i) { return !n.code(i); };
    auto const differs = [](auto const& request) {
        return [=](nodes n, std::size_t i) { return n.call(i, request).value() != n.call(0, request).value(); };
    };
    auto const history = [] {
        return bitshares::history::get_account_history("alice", operation_history_id(0), 100, operation_history_id(0));
    };
    auto const is_refused = [](nodes n, std::size_t i) { return n.code(i) == boost::system::errc::connection_refused; };
    return {
        {R"({"refuse":{}})", is_refused},
        {R"({"tarpit":{}})", is_silent},
        {R"({"tls":{"kind":"expired"}})", ends_with(errc::certificate_rejected)},
        {R"({"tls":{"kind":"wrong_host"}})", ends_with(errc::certificate_rejected)},
        {R"({"tls":{"kind":"self_signed"}})", ends_with(errc::certificate_rejected)},
        {R"({"tls":{"kind":"unknown_authority"}})", ends_with(errc::certificate_rejected)},
        {R"({"http_status":{"status":429}})", ends_with(errc::handshake_refused)},
        {R"({"http_status":{"status":502}})", ends_with(errc::handshake_refused)},
        {R"({"http_status":{"status":503}})", ends_with(errc::handshake_refused)},
        {R"({"drop":{}})", is_cut},
        {R"({"half_open":{}})", is_silent},
        {R"({"freeze":{}})", is_silent},
        {R"({"lose":{}})", is_silent},
        {R"({"unknown_id":{}})", is_silent},
        {R"({"garbage":{}})", ends_with(errc::invalid_reply)},
        {R"({"delay":{"ms":60000}})", is_silent},
        {R"({"reorder":{"window":3}})",
         [](nodes n, std::size_t i) {
             boost::asio::io_context io;
             bitshares::client node(io.get_executor(), n.urls[i], n.transports);
             std::string ended;
             for (std::uint32_t const number : {2u, 3u, 4u})
                 node.async_call(db::get_block_header(number), [&, number](error_code ec, auto const& r) {
                     ended += ec || !r ? "?" : std::to_string(number);
                 });
             while (ended.size() < 3)
                 io.run_one();
             return ended == "432";
         }},
        {R"({"close_mid_frame":{}})", is_cut},
        {R"({"oversized_frame":{}})", ends_with(errc::message_too_large)},
        {R"({"truncated_frame":{}})", is_silent},
        {R"({"duplicate":{}})", answers}, // the second reply is nobody's; unit/testing/faults_test sees it
        {R"({"lose_notices":{}})",
         [](nodes n, std::size_t i) {
             blocking_client well = n.client(0);
             return n.notices(i, 1, n.head(well) + 10).empty();
         }},
        {R"({"duplicate_notices":{}})",
         [](nodes n, std::size_t i) {
             auto const heard = n.notices(i, 2, std::numeric_limits<std::uint32_t>::max());
             return heard[0] == heard[1] && n.notices(0, 2, std::numeric_limits<std::uint32_t>::max())[0] != heard[1];
         }},
        {R"({"wrong_chain":{}})", differs(db::get_chain_id())},
        {R"({"stale_head":{"blocks":10}})",
         [](nodes n, std::size_t i) {
             blocking_client stale = n.client(i), well = n.client(0);
             for (int tries = 0; tries < 50; ++tries) // ten blocks may come between the two answers
                 if (std::uint32_t const head = n.head(well); n.head(stale) < head)
                     return true;
             return false;
         }},
        {R"({"head_backwards":{"blocks":20}})",
         [](nodes n, std::size_t i) {
             blocking_client asked = n.client(i);
             std::uint32_t const head = n.head(asked);
             return n.head(asked) < head;
         }},
        {R"({"fork":{"after":5}})", differs(db::get_block_header(7))},
        {R"({"lie":{"calls":["database.get_account_balances"]}})", differs(db::get_account_balances("alice", {}))},
        {R"({"history_hole":{"first_block":1,"last_block":4294967295}})",
         [=](nodes n, std::size_t i) {
             return n.call(i, history()).value().empty() && !n.call(0, history()).value().empty();
         }},
        {R"({"missing_apis":["history"]})",
         [=](nodes n, std::size_t i) { return n.call(i, history()).error() == node_errc::unknown_method; }},
        {R"({"limits":{"limit":1}})",
         [=](nodes n, std::size_t i) { return n.call(i, history()).error().code() == 10; }},
    };
}

} // namespace

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

TEST_CASE("integration/devnet: every kind of fault is taken from a schedule, and is seen")
{
    std::vector<devnet_fault> const faults = devnet_faults();
    std::string schedule = R"({"steps":[)";
    for (std::size_t i = 0; i < faults.size(); ++i)
        schedule += (i == 0 ? "" : ",") + (R"({"at_ms":0,"node":)" + std::to_string(i + 1)) + R"(,"faults":)" +
                    faults[i].json + '}';
    schedule += "]}";
    auto const& members = detail::type_of<testing::faults>;
    for (std::size_t i = 0; i < members.field_count; ++i)
        if (auto const name = std::string(members.fields[i].name); name != "seed")
            CHECK_MESSAGE(schedule.find('"' + name + "\":") != std::string::npos, name);

    support::folder const folder;
    auto const write = [&](char const* name, std::string const& text) {
        std::ofstream(folder.file(name)) << text;
        return folder.file(name);
    };
    auto const authority = testing::make_certificate();
    std::string const trusted = write("certificate", authority.certificate_pem);
    support::process devnet({std::string(BITSHARES_PROGRAMS_DIR) + "/bts-devnet", "--chain", "memory", "--account",
                             "alice=1000", "--key-file", folder.file("keys"), "--block-time", "50", "--nodes",
                             std::to_string(faults.size() + 1), "--tls-cert", trusted, "--tls-key",
                             write("key", authority.key_pem), "--faults", write("faults", schedule)});
    asked_nodes nodes{{}, websocket(websocket_options().tls(tls_options().add_ca_file(trusted)))};
    for (std::size_t i = 0; i <= faults.size(); ++i)
        nodes.urls.push_back(devnet.read_line());
    blocking_client well = nodes.client(0);
    while (nodes.head(well) < 25) // as far as the faults reach back
        std::this_thread::sleep_for(10ms);
    for (std::size_t i = 0; i < faults.size(); ++i)
    {
        CAPTURE(faults[i].json);
        try
        {
            CHECK(faults[i].is_seen(nodes, i + 1));
        }
        catch (std::exception const& e)
        {
            FAIL_CHECK(e.what());
        }
    }
    CHECK(!nodes.code(0));
    devnet.signal(SIGINT);
    CHECK(devnet.wait() == 0);
}
