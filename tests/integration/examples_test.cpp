// Every numbered example runs against the test node and prints what it should; the README shows what is compiled.

#include "support/process.hpp"
#include "support/recordings.hpp"

#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

using namespace bitshares;
namespace fs = std::filesystem;

namespace {

fs::path const project = fs::path(BITSHARES_TESTS_DIR).parent_path();

struct expectation
{
    std::vector<std::string> arguments; ///< Behind the node's URL.
    std::string output;
};

std::map<std::string, expectation> const examples{
    {"01_first_call",
     {{"exporter-alice"},
      "408344766180 of 1.3.0\n55767188 of 1.3.1\n64165979 of 1.3.2\n100115 of 1.3.3\n17 of 1.3.4\n171000 of 1.3.5\n"
      "60000000 of 1.3.8\n5350000 of 1.3.9\n"}},
};

std::string read(fs::path const& file)
{
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string between(std::string const& text, std::string const& first, std::string const& last, std::size_t from = 0)
{
    std::size_t const begin = text.find(first, from);
    if (begin == std::string::npos)
        return {};
    std::size_t const end = text.find(last, begin + first.size());
    return end == std::string::npos ? std::string() : text.substr(begin + first.size(), end - begin - first.size());
}

// The marked lines of an example, moved to the left margin.
std::string snippet(std::string const& source)
{
    std::istringstream lines(between(source, "    // [readme]\n", "    // [/readme]\n"));
    std::string text;
    for (std::string line; std::getline(lines, line);)
        text.append(line.starts_with("    ") ? line.substr(4) : line).append("\n");
    return text;
}

} // namespace

TEST_CASE("examples/numbered: each prints what it should")
{
    testing::node const node(recordings::main_data());
    std::size_t found = 0;
    for (auto const& file : fs::directory_iterator(project / "examples"))
    {
        std::string const name = file.path().stem().string();
        if (file.path().extension() != ".cpp")
            continue;
        CAPTURE(name);
        ++found;
        auto const expected = examples.find(name);
        REQUIRE_MESSAGE(expected != examples.end(), "say here what the example prints");
        std::vector<std::string> command{BITSHARES_PROGRAMS_DIR "/example_" + name, node.url()};
        command.insert(command.end(), expected->second.arguments.begin(), expected->second.arguments.end());
        support::process program(command);
        CHECK(program.communicate({}) == expected->second.output);
        CHECK(program.wait() == 0);
    }
    CHECK(found == examples.size());
}

TEST_CASE("examples/numbered: exit codes as those of the programs")
{
    testing::node const node(recordings::main_data());
    struct
    {
        std::vector<std::string> arguments;
        int exit_code;
    } const cases[] = {{{node.url(), "nobody-of-that-name"}, 1},
                       {{}, 2},
                       {{"http://127.0.0.1", "exporter-alice"}, 2},
                       {{"no URL", "exporter-alice"}, 2},
                       {{"ws://127.0.0.1:1", "exporter-alice"}, 3}};
    for (auto const& c : cases)
    {
        CAPTURE(c.exit_code);
        std::vector<std::string> command{"/bin/sh", "-c", "exec \"$@\" 2>/dev/null", "sh",
                                         BITSHARES_PROGRAMS_DIR "/example_01_first_call"};
        command.insert(command.end(), c.arguments.begin(), c.arguments.end());
        support::process program(command);
        CHECK(program.communicate({}) == "");
        CHECK(program.wait() == c.exit_code);
    }
}

TEST_CASE("README: its snippet is cut from the compiled example")
{
    std::string const readme = read(project / "README.md");
    std::string const file = between(readme, "<!-- snippet: ", " -->");
    REQUIRE(!file.empty());
    std::string const shown = between(readme, "```cpp\n", "```", readme.find("<!-- snippet: "));
    CHECK(shown == snippet(read(project / file)));
    CHECK(!shown.empty());
}
