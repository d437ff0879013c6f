// include/bitshares/net/README.md says what pool_options.hpp does.

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/pool_engine.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string>

namespace {

std::string const folder = std::string(BITSHARES_TESTS_DIR) + "/../include/bitshares/net/";

std::string read(std::string const& name)
{
    std::ifstream in(folder + name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// As people write it: 250 ms, 5 s, 5 min.
std::string duration_text(long ms)
{
    if (ms % 1000 != 0)
        return std::to_string(ms) + " ms";
    return ms > 60'000 && ms % 60'000 == 0 ? std::to_string(ms / 60'000) + " min" : std::to_string(ms / 1000) + " s";
}

/// Names and defaults of the members, as the header has them.
std::map<std::string, std::string> members(std::string const& header = "pool_options.hpp",
                                           std::string const& type = "struct pool_options")
{
    std::string text = std::regex_replace(read(header), std::regex("//[^\n]*"), "");
    text = text.substr(text.find(type));
    text = text.substr(0, text.find("\n};"));
    std::map<std::string, std::string> found;
    std::regex const member(R"((duration|double|std::\w+)\s+(\w+)\s*(?:\{([^}]*)\}|=\s*([^;]*?))\s*;)");
    for (std::sregex_iterator at(text.begin(), text.end(), member), end; at != end; ++at)
    {
        std::string value = (*at)[3].matched ? (*at)[3].str() : (*at)[4].str();
        std::erase(value, '\'');
        found[(*at)[2].str()] = (*at)[1].str() == "duration" ? duration_text(std::stol(value)) : value;
    }
    return found;
}

/// Names and defaults, as the tables of the README have them.
std::map<std::string, std::string> rows(std::string const& heading = "\n## Options\n")
{
    std::string const text = read("README.md");
    std::size_t const begin = text.find(heading), end = text.find("\n## ", begin + 1);
    std::string const options = text.substr(begin, end - begin);
    std::map<std::string, std::string> found;
    std::regex const row(R"(\n\| `(\w+)` \| ([^|]+) \| [^|]{10,} \|)");
    for (std::sregex_iterator at(options.begin(), options.end(), row), last; at != last; ++at)
        found[(*at)[1].str()] = (*at)[2].str();
    return found;
}

} // namespace

TEST_CASE("net/README: every option of a pool with its default and a reason, and no other")
{
    auto const in_header = members(), in_readme = rows();
    CHECK(in_header.size() >= 30);
    CHECK(in_header.count("max_racing") == 1); // its default stands in a line of its own
    for (auto const& [name, value] : in_header)
    {
        CAPTURE(name);
        auto const at = in_readme.find(name);
        REQUIRE(at != in_readme.end());
        CHECK(at->second == value);
    }
    CHECK(in_readme.size() == in_header.size());
}

TEST_CASE("net/README: every option of a pool has a case that shows what it does")
{
    std::string const cases = read("../../../tests/unit/net/pool_options_test.cpp");
    for (auto const& [name, value] : members())
    {
        // Named in a case's title, and set to something else in it.
        std::regex const title(R"(TEST_CASE\("net/pool_options: ([a-z_]+, )*)" + name + "(, [a-z_]+)*: ");
        CHECK_MESSAGE(std::regex_search(cases, title), name);
        CHECK_MESSAGE(cases.find("with(&pool_options::" + name + ", ") != std::string::npos, name);
    }
}

TEST_CASE("net/README: every option of a quorum read with its default and a reason, and no other")
{
    auto const in_header = members("quorum.hpp", "struct quorum_options");
    CHECK(in_header.size() == 6);
    CHECK(in_header == rows("\n## Quorum reads\n"));
}

TEST_CASE("net/README: every state of a node, in the diagram and in the table")
{
    using bitshares::node_state;
    std::string const text = read("README.md");
    std::string const diagram = text.substr(text.find("```mermaid"), text.find("```\n", text.find("```mermaid") + 3));
    for (auto i = static_cast<int>(node_state::idle); i <= static_cast<int>(node_state::wrong_chain); ++i)
    {
        std::string const name(bitshares::name_of(static_cast<node_state>(i)));
        CAPTURE(name);
        REQUIRE(!name.empty());
        CHECK(diagram.find("--> " + name) != std::string::npos);
        CHECK(text.find("\n| `" + name + "` |") != std::string::npos);
    }
}

TEST_CASE("net/README: what it shows of tests with nodes that misbehave works")
{
    // [readme]
    auto const chain = std::make_shared<bitshares::testing::chain>();
    bitshares::testing::node one(chain), two(chain);
    bitshares::testing::faults wrong;
    wrong.freeze.emplace();
    one.set_faults(wrong); // it accepts, and says nothing
    bitshares::blocking_client client({bitshares::node_url(one.url()), bitshares::node_url(two.url())},
                                      bitshares::websocket());
    client.call(bitshares::database::get_chain_id()); // the other one answers
    // [/readme]
    CHECK(client.node() == bitshares::node_url(two.url()));
    std::string const source = read("../../../tests/unit/net/node_pool_readme_test.cpp");
    std::string const mark = "    // [readme]\n";
    std::size_t const begin = source.find(mark) + mark.size();
    std::istringstream lines(source.substr(begin, source.find("    // [/readme]\n", begin) - begin));
    std::string shown;
    for (std::string line; std::getline(lines, line);)
        shown += line.substr(4) + "\n";
    CHECK(read("README.md").find("```cpp\n" + shown + "```\n") != std::string::npos);
}
