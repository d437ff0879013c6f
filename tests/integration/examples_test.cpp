// Every numbered example runs against the test node and prints what it should; the README shows what is compiled.

#include "support/folder.hpp"
#include "support/process.hpp"
#include "support/recordings.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace bitshares;
namespace fs = std::filesystem;

namespace {

fs::path const project = fs::path(BITSHARES_TESTS_DIR).parent_path();

enum class against
{
    recording, ///< A node that answers from the recordings.
    chain,     ///< A chain in memory, where `alice` has 10000 BTS; behind the URL its id and the file of her key.
    nodes,     ///< Several nodes that answer from the recordings, with faults; their URLs come last.
    blocks,    ///< A chain in memory that has 30 blocks and makes more; its URL comes last.
    nothing    ///< No node, no URL; `KEY` is a file with a key.
};

struct expectation
{
    std::vector<std::string> arguments; ///< Behind the node's URL.
    std::string output;
    against what = against::recording;
    std::string second = {};              ///< What it prints when it is run again; empty: it is not.
    std::vector<std::string> faults = {}; ///< Of each of the nodes; empty: nobody listens there.
};

std::map<std::string, expectation> const examples{
    {"01_first_call",
     {{"exporter-alice"},
      "408344766180 of 1.3.0\n55767188 of 1.3.1\n64165979 of 1.3.2\n100115 of 1.3.3\n17 of 1.3.4\n171000 of 1.3.5\n"
      "60000000 of 1.3.8\n5350000 of 1.3.9\n"}},
    {"02_sign_offline",
     {{"KEY"},
      "id d884d805d9dd5f653d7dfb5e0aee941c4bd4aba3, fee 86869, signed by "
      "BTS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV\n",
      against::nothing}},
    {"03_transfer", {{"alice", "bob", "1.5"}, "irreversible\n", against::chain}},
    {"04_multi_signature", {{}, "one signature, complete: no\n2 signatures, complete: yes\n", against::nothing}},
    {"05_resume",
     {{"alice", "bob", "1.5", "JOURNAL", "invoice-1"},
      "a new payment\nirreversible\n",
      against::chain,
      "irreversible\n"}},
    {"06_proposal", {{"alice", "bob", "1.5"}, "proposed as 1.10.0\napproved: irreversible\n", against::chain}},
    {"07_keys_and_memos",
     {{},
      "BTS8YZk9Rxoscn6NkiU3gR4G3XGwfvHT6FCe82exGh6Qr1qRsRvJM\nread back\nfor lunch\nfor lunch\nwrong_memo_key\n",
      against::nothing}},
    {"08_failover",
     {{"exporter-alice"},
      "20 of 20 calls answered\n",
      against::nodes,
      {},
      {"", R"({"freeze":{}})", R"({"drop":{"after_replies":8}})", "{}"}}},
    {"09_custom_policy",
     {{"exporter-alice"},
      "the answer was lost\nthe answer came\n",
      against::nodes,
      {},
      {R"({"close_mid_frame":{"calls":["database.get_account_by_name"]}})", "{}"}}},
    {"10_follow_blocks", {{"28", "2"}, "block 29, 0 transactions\nblock 30, 0 transactions\n", against::blocks}},
    {"11_follow_account",
     {{"exporter-alice", "1", "2"},
      "2: transfer in block 44\n3: account_upgrade in block 69\n",
      against::nodes,
      {},
      {"", R"({"freeze":{}})", "{}"}}},
    {"12_quorum",
     {{"exporter-alice"},
      "408344766180 of 1.3.0\n55767188 of 1.3.1\n64165979 of 1.3.2\n100115 of 1.3.3\n17 of 1.3.4\n171000 of 1.3.5\n"
      "60000000 of 1.3.8\n5350000 of 1.3.9\n2 nodes agree, 1 said something else\n",
      against::nodes,
      {},
      {R"({"lie":{}})", "{}", "{}"}}},
};

// A chain that makes blocks, for the examples that send transactions.
struct sandbox
{
    sandbox() : chain(std::make_shared<testing::chain>()), node(chain)
    {
        chain->create_account("alice", 1'000'000'000);
        chain->create_account("bob");
        chain->produce_blocks(30);
        write_key("alice", chain->key("alice").to_wif().view());
        write_key("key", "5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3"); // everybody's
        chain->start_producing(std::chrono::milliseconds(10), testing::block_production::when_needed);
    }

    void write_key(char const* name, std::string_view wif) const
    {
        std::ofstream(folder.file(name)) << wif << '\n';
        fs::permissions(folder.file(name), fs::perms::owner_read | fs::perms::owner_write);
    }

    support::folder folder;
    std::shared_ptr<testing::chain> chain;
    testing::node node;
};

// Nodes with faults.
struct troubled
{
    explicit troubled(std::vector<std::string> const& faults)
    {
        for (std::string const& json : faults)
        {
            testing::node& node =
                *nodes.emplace_back(std::make_unique<testing::node>(recordings::main_data(), testing::node_options()));
            urls.push_back(node.url());
            if (json.empty())
                node.stop();
            else
                node.set_faults(from_json<testing::faults>(json).value());
        }
    }

    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<std::string> urls;
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
    sandbox box;
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
        auto const& e = expected->second;
        std::vector<std::string> command{BITSHARES_PROGRAMS_DIR "/example_" + name};
        if (e.what == against::nodes) // what goes wrong with them is told on standard error
            command.insert(command.begin(), {"/bin/sh", "-c", "exec \"$@\" 2>/dev/null", "sh"});
        if (e.what == against::recording)
            command.push_back(node.url());
        if (e.what == against::chain)
            command.insert(command.end(),
                           {box.node.url(), to_hex(box.chain->network().chain_id.data), box.folder.file("alice")});
        for (std::string const& argument : e.arguments)
            command.push_back(argument == "KEY"       ? box.folder.file("key")
                              : argument == "JOURNAL" ? box.folder.file("journal")
                                                      : argument);
        if (e.what == against::blocks)
            command.push_back(box.node.url());
        troubled const several(e.faults);
        command.insert(command.end(), several.urls.begin(), several.urls.end());
        for (std::string const* const output : {&e.output, &e.second})
            if (!output->empty())
            {
                support::process program(command);
                CHECK(program.communicate({}) == *output);
                CHECK(program.wait() == 0);
            }
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
