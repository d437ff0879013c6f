// bts-scoreboard as a person runs it.

#include <bitshares/protocol/json.hpp>
#include <support/folder.hpp>
#include <support/process.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

std::string const program = std::string(BITSHARES_PROGRAMS_DIR) + "/bts-scoreboard";

struct scoreboard_line
{
    std::string scenario;
    std::string client;
    bool ran = false;
    std::optional<bool> pass;
    std::optional<raw_json> ms;
    std::optional<raw_json> bar_ms;
    std::optional<std::uint32_t> connects;
    std::optional<std::uint32_t> bar_connects;
    std::optional<std::uint32_t> lost;
    std::optional<std::uint32_t> wrong_calls;
    std::string note;

    BITSHARES_FIELDS((scenario), (client), (ran), (pass), (ms), (bar_ms), (connects), (bar_connects), (lost),
                     (wrong_calls), (note))
};

std::vector<scoreboard_line> lines_of(std::string const& text)
{
    std::istringstream output(text);
    std::vector<scoreboard_line> lines;
    json_options options;
    options.mode = json_mode::strict;
    for (std::string line; std::getline(output, line);)
    {
        INFO(line);
        lines.push_back(from_json<scoreboard_line>(line, options).value());
    }
    return lines;
}

// In place of python-bitshares, so that --peers finds nothing else: a shell's script, whose task is $2.
void install_client(support::folder const& at, std::string const& script)
{
    namespace fs = std::filesystem;
    fs::create_directories(at.file("venv/bin"));
    fs::create_directories(at.file("scoreboard"));
    std::ofstream(at.file("venv/bin/python")) << "#!/bin/sh\n" << script;
    std::ofstream(at.file("scoreboard/python-bitshares.py")) << '\n';
    fs::permissions(at.file("venv/bin/python"), fs::perms::owner_all);
}

} // namespace

TEST_CASE("integration/scoreboard: runs scenarios and says of each, in a line of JSON, what was measured")
{
    support::process scoreboard(
        {program, "--scenario", "tarpit-first", "--scenario", "lost-reply", "--scenario", "wrong-chain", "--json"});
    std::vector<scoreboard_line> const lines = lines_of(scoreboard.communicate({}));
    bool all = true;
    REQUIRE(lines.size() == 3); // in the order of --list
    CHECK(lines[0].scenario == "lost-reply");
    CHECK(lines[1].scenario == "tarpit-first");
    CHECK(lines[2].scenario == "wrong-chain");
    for (scoreboard_line const& line : lines)
    {
        CHECK(line.ran);
        CHECK(line.client.starts_with("bitshares-cpp "));
        CHECK(line.lost == 0);
        REQUIRE(line.ms);
        double const ms = std::stod(line.ms->text);
        CHECK(ms > 0);
        bool const kept = ms <= std::stod(line.bar_ms.value().text); // a machine that is busy may miss it
        CHECK(line.pass == kept);
        all = all && kept;
    }
    CHECK(std::stod(lines[0].ms->text) >= 400); // the delay of a hedge
    CHECK(lines[1].connects == 1);
    CHECK(lines[2].wrong_calls == 0);
    CHECK(scoreboard.wait() == (all ? 0 : 4));
}

TEST_CASE("integration/scoreboard: of another client is seen which node it asks, and which blocks it is told")
{
    support::folder const staying, following, ending;
    install_client(staying, R"(
case "$2" in *'"every":5000,"watch":120000,'*) ;; *) exit 1 ;; esac
echo ready; read go
echo '{"warmed":true,"answered":0,"failed":2,"hanging":1,"gaps":0,"last":5,"error":"too slow"}'
)");
    install_client(following, R"(
case "$2" in *'"follow":4,'*) ;; *) exit 1 ;; esac
echo ready; read go
echo '{"warmed":true,"answered":3,"failed":0,"hanging":1,"gaps":1,"last":3000.5,"error":""}'
)");
    install_client(ending, "exit 1\n");
    // At once: they mostly wait.
    support::process frozen({program, "--scenario", "frozen-left", "--peers", staying.path(), "--json"});
    support::process subscribed({program, "--scenario", "subscription", "--peers", following.path(), "--json"});
    support::process ended({program, "--scenario", "frozen-left", "--peers", ending.path(), "--json"});

    auto lines = lines_of(frozen.communicate({}));
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].client.starts_with("bitshares-cpp "));
    CHECK(frozen.wait() == (lines[0].pass == true ? 0 : 4)); // what another client misses does not count
    CHECK(lines[1].client == "python-bitshares 0.7.1");
    CHECK(lines[1].ran);
    CHECK(lines[1].pass == false);
    CHECK_FALSE(lines[1].ms);
    CHECK(lines[1].lost == 3);
    CHECK(lines[1].note == "stays: no other node is asked in 120 s");

    lines = lines_of(subscribed.communicate({}));
    REQUIRE(lines.size() == 2);
    CHECK(lines[1].ran);
    CHECK(lines[1].pass == false);
    REQUIRE(lines[1].ms);
    CHECK(std::stod(lines[1].ms->text) >= 3000);
    CHECK(lines[1].lost == 2); // one that never came, and a gap
    CHECK(lines[1].note == "1 blocks did not come, 1 gaps");

    lines = lines_of(ended.communicate({})); // nothing waits for it to get so far
    REQUIRE(lines.size() == 2);
    CHECK_FALSE(lines[1].ran);
    CHECK(lines[1].note == "the client's script has ended or hangs");
}

TEST_CASE("integration/scoreboard: --list names what there is, and nothing else is run")
{
    support::process list({program, "--list"});
    std::string const text = list.communicate({});
    CHECK(list.wait() == 0);
    for (char const* const name :
         {"pipelined", "socket-dies", "lost-reply", "frozen-reads", "frozen-left", "tarpit-first", "node-dies",
          "subscription", "all-down", "drop-storm", "stale-head", "wrong-chain"})
        CHECK(text.find(std::string(name) + ' ') != std::string::npos);
    support::process unknown({program, "--scenario", "rain"});
    unknown.communicate({});
    CHECK(unknown.wait() == 2);
}
