// bts nodes as a process, against nodes that misbehave.

#include <bitshares/base/hex.hpp>
#include <bitshares/net/endpoints.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/node.hpp>
#include <support/folder.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>
#include <support/terminal.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares;
using test::json_value;

namespace {

struct finished
{
    int exit = -1;
    std::string out;
};

// Both streams where `errors`; a variable of the person who runs the tests names no node.
std::vector<std::string> command(std::vector<std::string> arguments, bool errors = false)
{
    std::vector<std::string> whole{"/bin/sh", "-c",
                                   std::string("unset BTS_NODE; exec \"$@\" 2>") + (errors ? "&1" : "/dev/null"), "sh",
                                   BITSHARES_PROGRAMS_DIR "/bts"};
    arguments.insert(arguments.begin(), "nodes");
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

finished run(std::vector<std::string> arguments, bool errors = false)
{
    support::process program(command(std::move(arguments), errors));
    finished f;
    f.out = program.communicate({});
    f.exit = program.wait();
    return f;
}

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

/// The JSON lines by their URLs.
std::map<std::string, json_value> by_url(std::string const& text)
{
    std::map<std::string, json_value> nodes;
    for (std::string const& line : lines_of(text))
    {
        json_value value = json_value::parse(line);
        std::string const url = value["url"].text();
        nodes.emplace(url, std::move(value));
    }
    return nodes;
}

bool says(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

std::shared_ptr<testing::chain> make_chain(std::uint64_t seed)
{
    testing::chain_options options;
    options.seed = seed;
    options.witnesses = 3;
    auto chain = std::make_shared<testing::chain>(options);
    chain->produce_blocks(100);
    return chain;
}

std::string hex_id(testing::chain const& chain)
{
    return to_hex(chain.network().chain_id.data);
}

testing::node_options with_faults(std::string const& json)
{
    testing::node_options options;
    options.faults = from_json<testing::faults>(json).value();
    return options;
}

/// A file of a list.
struct list_file
{
    explicit list_file(std::string const& json) { std::ofstream(folder.file("nodes.json")) << json; }

    std::string path() const { return folder.file("nodes.json"); }

    support::folder folder;
};

} // namespace

TEST_CASE("integration/bts nodes: one JSON line a node, each network with a pool of its own")
{
    auto const chain = make_chain(1), other = make_chain(2);
    testing::node const good(chain), late(chain, with_faults(R"({"delay":{"ms":60}})")),
        wrong(chain, with_faults(R"({"wrong_chain":{}})")),
        behind(chain, with_faults(R"({"stale_head":{"blocks":50}})")),
        busy(chain, with_faults(R"({"http_status":{"status":503}})")), elsewhere(other);
    testing::node gone(chain);
    gone.stop();
    std::string const of_chain = R"(,"chain_id":")" + hex_id(*chain) + "\"}";
    list_file const list(R"({"nodes":[{"url":")" + good.url() +
                         R"(","location":"Turku","operator":"A. Person","terms":"ask first","region":"Europe")" +
                         of_chain + R"(,{"url":")" + late.url() + "\"" + of_chain + R"(,{"url":")" + wrong.url() +
                         "\"" + of_chain + R"(,{"url":")" + behind.url() + "\"" + of_chain + R"(,{"url":")" +
                         busy.url() + "\"" + of_chain + R"(,{"url":")" + gone.url() + "\"" + of_chain + R"(,{"url":")" +
                         elsewhere.url() + R"(","chain_id":")" + hex_id(*other) + "\"}]}");
    auto const f = run({"--list", list.path(), "--json", "--once"});
    CAPTURE(f.out);
    CHECK(f.exit == 0);
    auto nodes = by_url(f.out);
    REQUIRE(nodes.size() == 7);
    CHECK(lines_of(f.out).size() == 7);
    json_value const& first = nodes[good.url()];
    CHECK(first["state"].text() == "live");
    CHECK(first["primary"].as_bool());
    CHECK(first["network"].text() == hex_id(*chain));
    CHECK(first["since"].text().ends_with("Z"));
    CHECK(first["head_block"].as_uint() == 100);
    CHECK(first["head_age_ms"].as_int() < 20'000);
    CHECK(first["latency_p50_ms"].is_number());
    CHECK(first["last_error"].is_null());
    CHECK(first["terms"].text() == "ask first");
    CHECK(first["place"].text() == "Turku");
    CHECK(first["region"].text() == "Europe");
    CHECK(first["operator"].text() == "A. Person");
    CHECK(first["rate"].dump() == R"({"per_second":10,"burst":20})");
    CHECK(nodes[late.url()]["state"].text() == "live");
    CHECK_FALSE(nodes[late.url()]["primary"].as_bool());
    CHECK(std::stod(nodes[late.url()]["latency_p95_ms"].text()) >= 60);
    CHECK(nodes[late.url()]["terms"].is_null());
    CHECK(nodes[late.url()]["rate"].is_null());
    CHECK(nodes[wrong.url()]["state"].text() == "wrong_chain");
    CHECK(nodes[behind.url()]["state"].text() == "stale");
    CHECK(nodes[behind.url()]["head_block"].as_uint() == 50);
    CHECK(says(nodes[busy.url()]["last_error"].text(), "503"));
    CHECK(nodes[gone.url()]["connects"].as_uint() >= 1);
    CHECK(nodes[gone.url()]["failures"].as_uint() >= 1);
    CHECK(nodes[gone.url()]["deviations"].as_uint() == 0);
    CHECK(nodes[gone.url()]["head_block"].is_null());
    CHECK(says(nodes[gone.url()]["last_error"].text(), "refused"));
    // Of another network: it has a first node of its own, and is nobody's wrong chain.
    CHECK(nodes[elsewhere.url()]["state"].text() == "live");
    CHECK(nodes[elsewhere.url()]["primary"].as_bool());
    CHECK(nodes[elsewhere.url()]["network"].text() == hex_id(*other));

    auto const some = run({"--list", list.path(), "--json", "--chain-id", hex_id(*other)});
    CHECK(some.exit == 0);
    CHECK(by_url(some.out).size() == 1);
    CHECK(run({"--list", list.path(), "--json", "--chain-id", "testnet"}).exit == 1);
}

TEST_CASE("integration/bts nodes: the table says the same to people")
{
    auto const chain = make_chain(1);
    testing::node const good(chain), wrong(chain, with_faults(R"({"wrong_chain":{}})"));
    testing::node gone(chain);
    gone.stop();
    auto const f = run({"--node", good.url(), "--node", wrong.url(), "--node", gone.url(), "--once"});
    CAPTURE(f.out);
    CHECK(f.exit == 0);
    auto const lines = lines_of(f.out);
    REQUIRE(lines.size() >= 6);
    CHECK(lines[0] == "of a chain that nobody named: 3 nodes, 1 usable");
    CHECK(says(lines[1], "node"));
    CHECK(says(lines[1], "p95"));
    CHECK_FALSE(says(lines[1], "terms")); // nobody has any
    CHECK(lines[2].starts_with("* " + good.url() + "  live "));
    CHECK(says(lines[2], " 100 "));
    CHECK(says(f.out, "  " + wrong.url() + "  wrong_chain"));
    CHECK(says(f.out, "it serves "));
    CHECK(says(f.out, "refused"));

    // Letters of two columns leave the next column where it is.
    list_file const wide(R"([{"url":"ws://127.0.0.1:1/","location":"\u6771\u4eac","operator":"A"},)"
                         R"({"url":"ws://127.0.0.1:2/","location":"Oslo","operator":"B"}])");
    auto const places = run({"--list", wide.path(), "--once"});
    CHECK(places.exit == 3);
    CHECK(says(places.out, "  \xe6\x9d\xb1\xe4\xba\xac   A\n"));
    CHECK(says(places.out, "  Oslo   B\n"));

    // By the environment, as the other commands.
    support::process program(
        {"/usr/bin/env", "BTS_NODE=" + good.url(), BITSHARES_PROGRAMS_DIR "/bts", "nodes", "--once"});
    CHECK(says(program.communicate({}), "* " + good.url()));
    CHECK(program.wait() == 0);
}

TEST_CASE("integration/bts nodes: what strangers write moves no terminal's cursor")
{
    // A node's words, and a list's: a line end and a change of direction are text there.
    testing::node_options options;
    options.on_request = [](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("get_dynamic_global_properties") == frame.npos)
            return std::nullopt;
        testing::node_reply reply;
        reply.frames.push_back("{\"id\":" + json_value::parse(frame)["id"].dump() +
                               R"(,"error":{"code":1,"message":"\u001b[2Jfine\u0007 \u202egnp"}})");
        return reply;
    };
    auto const chain = make_chain(1);
    testing::node const rude(chain, options), good(chain);
    list_file const list(R"([{"url":")" + rude.url() +
                         R"(","location":"on\ntwo lines","operator":"\u202eevil"},{"url":")" + good.url() +
                         R"(","terms":"tab\there","chain_id":")" + hex_id(*chain) + R"("}])");
    for (bool const json : {false, true})
    {
        auto const f = run({"--list", list.path(), "--once", "--chain-id", hex_id(*chain), json ? "--json" : "--once"});
        CAPTURE(f.out);
        CHECK(f.exit == 0);
        CHECK(support::is_harmless(f.out));
        CHECK(says(f.out, "\\u001b[2Jfine\\u0007 \\u202egnp"));
        CHECK(says(f.out, json ? R"("place":"on\ntwo lines")" : "on\\u000atwo lines"));
        CHECK(says(f.out, "\\u202eevil"));
        CHECK(
            says(f.out, json ? R"("terms":"tab\there")" : "terms [1] tab\\u0009here; asked at most 10 times a second"));
    }
    // Other characters make a list bad, and are not shown either.
    list_file const bad(R"([{"url":"ws://127.0.0.1:1/","operator":"\u001b[2J"}])");
    auto const f = run({"--list", bad.path(), "--once"}, true);
    CHECK(f.exit == 1);
    CHECK(support::is_harmless(f.out));
    CHECK(says(f.out, "/0/operator"));
}

TEST_CASE("integration/bts nodes: a catalogue is shown, and nobody is asked")
{
    auto const began = std::chrono::steady_clock::now();
    auto const f = run({"--catalogue", "infrastructure", "--json"});
    CHECK(f.exit == 0);
    auto const nodes = by_url(f.out);
    CHECK(nodes.size() == 26);
    std::map<std::string, int> networks;
    for (auto const& [url, node] : nodes)
    {
        CHECK(node["state"].is_null());
        CHECK(node["connects"].as_uint() == 0);
        CHECK(node["terms"].text() == "non-commercial use, rate-limited");
        CHECK(says(node["provenance"].text(), "2018"));
        ++networks[node["network"].text()];
    }
    CHECK(networks == std::map<std::string, int>{{"mainnet", 25}, {"testnet", 1}});
    auto const table = run({"--catalogue", "infrastructure"});
    CHECK(table.exit == 0);
    CHECK(says(table.out, "mainnet: 25 nodes, not asked\n"));
    CHECK(says(table.out, "testnet: 1 node, not asked\n"));
    CHECK(says(table.out, "  wss://bitshares.nu/ws                     [1]    Stockholm SE         Flash\n"));
    CHECK(says(table.out, "terms [1] non-commercial use, rate-limited; asked at most 10 times a second\n"));
    CHECK(by_url(run({"--catalogue", "mainnet", "--json"}).out).size() == mainnet_nodes().size());
    CHECK(by_url(run({"--catalogue", "testnet", "--json"}).out).size() == testnet_nodes().size());
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(60));
}

TEST_CASE("integration/bts nodes: exit codes")
{
    auto const chain = make_chain(1);
    testing::node const good(chain), silent(chain, with_faults(R"({"tarpit":{}})"));
    testing::node gone(chain);
    gone.stop();
    CHECK(run({"--node", gone.url(), "--once"}).exit == 3);
    CHECK(run({"--node", good.url(), "--node", silent.url(), "--once", "--timeout", "2"}).exit == 0);
    CHECK(run({"--once"}).exit == 2);
    CHECK(run({"--node", "http://127.0.0.1", "--once"}).exit == 2);
    CHECK(run({"--node", good.url(), "--node", good.url(), "--once"}).exit == 2);
    CHECK(run({"--node", good.url(), "--list", "nodes.json"}).exit == 2);
    CHECK(run({"--catalogue", "nosuch"}).exit == 2);
    CHECK(run({"--node", good.url(), "--connect"}).exit == 2);
    CHECK(run({"--list", "/nosuch/nodes.json", "--once"}).exit == 4);
    for (std::string const bad : {"", "{", "[]", R"(["http://127.0.0.1"])", R"([{"url":"ws://127.0.0.1","nosuch":1}])"})
    {
        CAPTURE(bad);
        CHECK(run({"--list", list_file(bad).path(), "--once"}).exit == 1);
    }
    auto const help = run({"--help"});
    CHECK(help.exit == 0);
    CHECK(says(help.out, "Examples:"));
    CHECK(says(help.out, "Exit codes:"));

    auto const before = silent.connections();
    support::process program(command({"--node", silent.url(), "--once", "--timeout", "60"}));
    for (int i = 0; i < 2000 && silent.connections() == before; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    program.signal(SIGINT);
    CHECK(program.wait() == 5);
}

TEST_CASE("integration/bts nodes: on a terminal the table is drawn again where it is, until Ctrl-C")
{
    auto const chain = make_chain(1);
    testing::node one(chain), two(chain);
    support::on_terminal view(command({"--node", one.url(), "--node", two.url()}), 100, 12);
    CHECK(view.shows("2 nodes, 2 usable"));
    CHECK(view.shows("* " + one.url() + "  live"));
    chain->produce_block();
    CHECK(view.shows(" 101 "));
    one.stop(); // another one takes over, and the view says why
    CHECK(view.shows("* " + two.url() + "  live"));
    CHECK(view.shows("2 nodes, 1 usable"));
    CHECK(view.shows("Connection refused"));
    one.start();
    view.resize(50, 5); // there is no room for why, nor for all of them
    CHECK(view.shows("Ctrl-C ends"));
    view.type('\x03');
    CHECK(view.wait() == 0);
    CHECK(support::longest_line(view.frame()) <= 100);
    CHECK(view.all().ends_with("\033[?1049l")); // the terminal is as it was
}
