// bts-scoreboard as a person runs it.

#include <bitshares/protocol/json.hpp>
#include <support/process.hpp>

#include <doctest/doctest.h>

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

} // namespace

TEST_CASE("integration/scoreboard: runs scenarios and says of each, in a line of JSON, what was measured")
{
    support::process scoreboard(
        {program, "--scenario", "tarpit-first", "--scenario", "lost-reply", "--scenario", "wrong-chain", "--json"});
    std::istringstream output(scoreboard.communicate({}));
    std::vector<scoreboard_line> lines;
    json_options options;
    options.mode = json_mode::strict;
    for (std::string text; std::getline(output, text);)
    {
        INFO(text);
        lines.push_back(from_json<scoreboard_line>(text, options).value());
    }
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
