// bts-scoreboard: how a client behaves while its nodes fail, measured over nodes on the loopback that misbehave on command.

#include "peer_player.hpp"
#include "scenarios.hpp"

#include <bitshares/protocol/json.hpp>
#include <bitshares/version.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/interrupt.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <future>
#include <iostream>
#include <latch>
#include <map>
#include <memory>
#include <utility>

namespace {

using namespace scoreboard;

struct arguments
{
    std::vector<std::string> scenarios;
    std::string peers;
    bool list = false;
    bool json = false;
};

std::string const own_name = std::string("bitshares-cpp ") + bitshares::version;

std::string number(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, value < 10 ? "%.1f" : "%.0f", value);
    return text;
}

template <class T>
std::string json_number(std::optional<T> const& value)
{
    if (!value)
        return "null";
    if constexpr (std::is_floating_point_v<T>)
        return number(*value);
    else
        return std::to_string(*value);
}

std::string json_line(scenario const& s, std::string const& client, measurement const& m)
{
    std::string out = "{\"scenario\":\"" + std::string(s.name) + "\",\"client\":" + bitshares::json_quote(client) +
                      ",\"ran\":" + (m.not_run.empty() ? "true" : "false");
    if (m.not_run.empty())
        out += ",\"pass\":" + std::string(m.pass() ? "true" : "false") + ",\"ms\":" + json_number(m.ms) +
               ",\"bar_ms\":" + json_number(m.bar_ms) + ",\"connects\":" + json_number(m.connects) +
               ",\"bar_connects\":" + json_number(m.bar_connects) + ",\"lost\":" + json_number(m.lost) +
               ",\"wrong_calls\":" + json_number(m.wrong);
    std::string const& note = m.not_run.empty() ? m.note : m.not_run;
    return out + ",\"note\":" + program::printable_json(bitshares::json_quote(program::shortened(note, 200))) + '}';
}

std::string figures(measurement const& m)
{
    std::vector<std::string> parts;
    if (m.ms)
        parts.push_back(number(*m.ms) + " ms" + (m.bar_ms ? " of " + number(*m.bar_ms) : ""));
    if (m.connects)
        parts.push_back(std::to_string(*m.connects) + (*m.connects == 1 ? " connect" : " connects") +
                        (m.bar_connects ? " of " + std::to_string(*m.bar_connects) : ""));
    if (m.lost)
        parts.push_back(std::to_string(*m.lost) + " lost");
    if (m.wrong)
        parts.push_back(std::to_string(*m.wrong) + " calls to it");
    std::string out;
    for (std::string const& part : parts)
        out += (out.empty() ? "" : ", ") + part;
    return out;
}

void print_row(scenario const& s, measurement const& m)
{
    char const* const verdict = !m.not_run.empty() ? "not run" : m.pass() ? "kept" : "MISSED";
    std::string const text = m.not_run.empty() ? figures(m) : m.not_run;
    std::printf("%-13s %-8s %-44s %.*s", std::string(s.name).c_str(), verdict, program::printable(text).c_str(),
                static_cast<int>(s.what.size()), s.what.data());
    if (m.not_run.empty() && !m.pass() && !m.note.empty())
        std::printf(" (%s)", program::printable(program::shortened(m.note, 200)).c_str());
    std::printf("\n");
    std::fflush(stdout);
}

// What its script does wrong is no measurement. Calls `begun` when the client is ready for what goes wrong.
measurement run_peer(scenario const& s, peer const& p, std::shared_ptr<bitshares::testing::chain> const& chain,
                     std::function<void()> const& begun)
{
    auto const play = [&](task const& what, std::function<void()> const& go) {
        return play_with_peer(p, what, [&] {
            go();
            begun();
        });
    };
    try
    {
        return s.run(play, chain);
    }
    catch (std::runtime_error const& e)
    {
        measurement m;
        m.not_run = e.what();
        return m;
    }
}

int run(arguments const& a)
{
    std::vector<peer> peers;
    if (!a.peers.empty() && (peers = find_peers(a.peers)).empty())
    {
        std::cerr << "bts-scoreboard: " << program::printable(a.peers)
                  << ": no client is installed there; see examples/scoreboard/peers/install.sh\n";
        return exit_code::usage;
    }
    std::vector<scenario const*> chosen;
    for (scenario const& s : scenarios())
        if (a.scenarios.empty() || std::find(a.scenarios.begin(), a.scenarios.end(), s.name) != a.scenarios.end())
            chosen.push_back(&s);
    if (a.list)
    {
        for (scenario const* s : chosen)
            std::printf("%-13s %.*s%s%.*s\n", std::string(s->name).c_str(), static_cast<int>(s->what.size()),
                        s->what.data(), s->measure.empty() ? "" : "; ms: ", static_cast<int>(s->measure.size()),
                        s->measure.data());
        return exit_code::ok;
    }

    program::interrupt ctrl_c;
    program::on_interrupt const ended(ctrl_c,
                                      [] { std::_Exit(exit_code::interrupted); }); // there is nothing to clean up
    auto const chain = make_chain();
    bool kept = true;
    std::map<scenario const*, std::future<measurement>> beside;
    for (scenario const* s : chosen)
        if (s->slow)
            beside[s] = std::async(std::launch::async, [=] { return s->run(play_with_library, chain); });
    auto const tell = [&](scenario const& s, std::string const& client, measurement const& m) {
        if (a.json)
            std::cout << json_line(s, client, m) << std::endl;
        else
            print_row(s, m);
    };
    if (!a.json)
        std::printf("%s\n", own_name.c_str());
    for (scenario const* s : chosen)
    {
        measurement const m = s->slow ? beside[s].get() : s->run(play_with_library, chain);
        tell(*s, own_name, m);
        kept = kept && (m.pass() || !m.not_run.empty());
    }
    // All clients' at once: by the time that a row is due, most of its two minutes are over. Interpreters that start
    // take the processors, so that nothing else is measured before all of these wait for a node.
    auto const slow = std::count_if(chosen.begin(), chosen.end(), [](scenario const* s) { return s->slow_with_peers; });
    std::latch starting(slow * static_cast<std::ptrdiff_t>(peers.size()));
    std::map<std::pair<peer const*, scenario const*>, std::future<measurement>> peers_beside;
    for (peer const& p : peers)
        for (scenario const* s : chosen)
            if (s->slow_with_peers)
                peers_beside[{&p, s}] = std::async(std::launch::async, [&starting, &p, s, chain] {
                    // Once: when it waits, or when it is over before that.
                    std::shared_ptr<void> started(nullptr, [&starting](void*) { starting.count_down(); });
                    return run_peer(*s, p, chain, [&started] { started.reset(); });
                });
    starting.wait();
    for (peer const& p : peers)
    {
        if (!a.json)
            std::printf("\n%s\n", p.name.c_str());
        for (scenario const* s : chosen)
            tell(*s, p.name, s->slow_with_peers ? peers_beside[{&p, s}].get() : run_peer(*s, p, chain, [] {}));
    }
    return kept ? exit_code::ok : exit_code::incomplete;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    arguments a;
    CLI::App app(
        "Measures how this library behaves while its nodes fail, over nodes on the loopback that misbehave on command.",
        "bts-scoreboard");
    app.formatter(std::make_shared<program::help_formatter>());
    app.set_version_flag("--version", own_name);
    std::vector<std::string> names;
    for (scenario const& s : scenarios())
        names.emplace_back(s.name);
    app.add_option("--scenario", a.scenarios,
                   "Only this one; may be repeated. Without: all, which takes a minute or two")
        ->type_name("NAME")
        ->check(CLI::IsMember(names));
    app.add_option("--peers", a.peers,
                   "Then the other clients that examples/scoreboard/peers/install.sh has installed in this folder")
        ->type_name("DIR")
        ->check(CLI::ExistingDirectory);
    app.add_flag("--list", a.list, "What there is to run");
    app.add_flag("--json", a.json, "A line of JSON each");
    app.footer(R"(
Every scenario starts nodes of one chain in this process, connects a pool with its default options to them, and lets the
first node misbehave. It says how long that took, how often the node was connected to and how many calls were lost, that is
failed or not settled, and whether the bars are kept: "207 ms of 600" is 207 ms where up to 600 are allowed.

A line of JSON: {"scenario":"lost-reply","client":"bitshares-cpp 0.1.0","ran":true,"pass":true,"ms":401,"bar_ms":600,
"connects":null,"bar_connects":null,"lost":0,"wrong_calls":null,"note":""}

Examples:
  bts-scoreboard
  bts-scoreboard --scenario frozen-reads --scenario tarpit-first --json
  bts-scoreboard --list
  bash examples/scoreboard/peers/install.sh build/peers && bts-scoreboard --peers build/peers

Other clients do the same over the same nodes, from a script each (examples/scoreboard/peers); they are watched for 65 s at
most, with a frozen node for 120 s, and with a node that drops every connection for 6 s. The scenarios "frozen-left" and
"subscription", in which little happens, run beside the others. What other clients miss does not count for the exit code.

Exit codes: 0 all bars are kept; 2 usage; 3 a node could not be started; 4 a bar is missed; 5 interrupted.
)");
    try
    {
        app.parse(argc, argv);
        return run(a);
    }
    catch (CLI::ParseError const& e)
    {
        return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
    }
    catch (std::exception const& e)
    {
        std::cerr << "bts-scoreboard: " << program::printable(program::shortened(e.what())) << '\n';
        return exit_code::network;
    }
}
