#include "../../examples/exporter/parallel.hpp"

#include <bitshares/history/node_history.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/node.hpp>
#include <support/process.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <string>
#include <string_view>
#include <thread>

using namespace bitshares;
namespace fs = std::filesystem;

namespace {

std::shared_ptr<testing::data_set const> chain_c_data()
{
    static auto const data = std::make_shared<testing::data_set const>(recordings::chain_c());
    return data;
}

std::string read_file(fs::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder of a test's own: what is in it at the end came from the program.
class scratch
{
public:
    scratch()
    {
        static std::atomic<int> number = 0;
        path_ = fs::temp_directory_path() /
                ("bitshares-exporter-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
        fs::create_directory(path_);
    }
    ~scratch() { fs::remove_all(path_); }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;

    fs::path file() const { return path_ / "out.csv"; }
    fs::path path() const { return path_; }
    bool empty() const { return fs::is_empty(path_); }

private:
    fs::path path_;
};

struct finished
{
    int exit = -1;
    std::string out;
    std::string err;
};

std::vector<std::string> command(std::vector<std::string> arguments)
{
    // Standard error would stand between the tests' own lines.
    std::vector<std::string> whole{"/bin/sh", "-c", "exec \"$@\" 2>/dev/null", "sh",
                                   std::string(BITSHARES_PROGRAMS_DIR) + "/bts-export"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

finished run(std::vector<std::string> arguments)
{
    scratch const s;
    auto whole = command(std::move(arguments));
    whole[2] = "exec \"$@\" 2>\"$0\"";
    whole[3] = s.file().string();
    support::process program(whole);
    finished f;
    f.out = program.communicate("");
    f.exit = program.wait();
    f.err = read_file(s.file());
    return f;
}

std::vector<std::string> usual(std::string const& url, scratch const& s, std::string const& account = "exporter-alice")
{
    // Operations as rows: what the ledger makes of them is in ledger_test.cpp.
    return {"--node", url, "--account", account, "--out", s.file().string(), "--json", "--events"};
}

template <class... More>
std::vector<std::string> with(std::vector<std::string> list, More... more)
{
    (list.emplace_back(more), ...);
    return list;
}

bool says(std::string const& text, char const* part)
{
    return text.find(part) != std::string::npos;
}

std::size_t lines(std::string const& text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// --- faults --------------------------------------------------------------------------------------------------------------

struct history_page
{
    std::string id; // of the request, as JSON
    std::vector<raw_json> params;
    std::vector<raw_json> rows;
};

struct frame_head
{
    raw_json id;
    std::vector<raw_json> params;

    BITSHARES_FIELDS((id), (params))
};

struct frame_reply
{
    std::vector<raw_json> result;

    BITSHARES_FIELDS((result))
};

/// Answers history pages as the node would, changed by `tamper`; everything else is the node's own affair.
auto tampering(std::shared_ptr<testing::data_set const> data,
               std::function<void(std::string const& method, history_page&)> tamper)
{
    auto session = std::make_shared<testing::node_session>(std::move(data));
    return [session, tamper = std::move(tamper)](std::string_view frame) -> std::optional<testing::node_reply> {
        for (char const* method : {"get_relative_account_history", "get_account_history"})
        {
            if (frame.find(std::string("\"") + method + "\"") == std::string_view::npos)
                continue;
            auto const answer = session->answer(frame);
            auto const head = from_json<frame_head>(frame);
            auto const reply =
                answer ? from_json<frame_reply>(*answer) : result<frame_reply>(error(errc::invalid_json));
            if (!head || !reply)
                return std::nullopt;
            history_page page{head->id.text, from_json<std::vector<raw_json>>(head->params.at(2).text).value(),
                              reply->result};
            tamper(method, page);
            testing::node_reply out;
            out.frames.push_back("{\"id\":" + page.id + ",\"result\":" + to_json(page.rows) + "}");
            return out;
        }
        return std::nullopt;
    };
}

// As a node with the elasticsearch plugin: its newest operation only, but for get_account_history.
void elasticsearch(std::string const& method, history_page& page)
{
    if (method == "get_relative_account_history" && page.rows.size() > 1)
        page.rows.resize(1);
}

} // namespace

TEST_CASE("integration/exporter: every recorded account's file is the verified one, to the byte")
{
    struct
    {
        char const* prefix;
        std::shared_ptr<testing::data_set const> data;
        std::vector<std::string> accounts;
    } const chains[] = {{"main.", recordings::main_data(), {"exporter-alice", "trader-bob", "carol-m1", "olivia"}},
                        {"chain_c.", chain_c_data(), {"exporter-alice", "trader-bob", "carol-m1", "olivia-z9"}}};
    for (auto const& chain : chains)
    {
        testing::node const node(chain.data);
        for (std::string const& account : chain.accounts)
        {
            CAPTURE(account);
            fs::path const path = fs::path(recordings::directory()) / "expected" / (chain.prefix + account + ".csv");
            std::string const expected = read_file(path);
            REQUIRE(!expected.empty());
            scratch const s;
            finished const f = run(with(usual(node.url(), s, account), "--txid", "--chain-id", chain.data->chain_id));
            CHECK(f.exit == 0);
            CHECK(says(f.out, ("\"rows\":" + std::to_string(lines(expected) - 1)).c_str()));
            bool const equal = read_file(s.file()) == expected;
            CHECK(equal);
            CHECK(std::distance(fs::directory_iterator(s.path()), fs::directory_iterator()) == 2); // and its report
        }
    }
}

TEST_CASE("integration/exporter: a node with Elasticsearch gives the same file, in both orders")
{
    testing::node_options options;
    options.on_request = tampering(recordings::main_data(), elasticsearch);
    testing::node const strange(recordings::main_data(), options);
    testing::node const plain(recordings::main_data());
    for (char const* order : {"oldest", "newest"})
    {
        scratch const a, b;
        finished const f = run(with(usual(strange.url(), a), "--order", order));
        CHECK(f.exit == 0);
        CHECK(says(f.out, "\"fallback\":true"));
        CHECK(run(with(usual(plain.url(), b), "--order", order)).exit == 0);
        bool const equal = read_file(a.file()) == read_file(b.file());
        CHECK(equal);
        CHECK(lines(read_file(a.file())) == 320);
        // Of a range, which is read as a whole here, too: nothing is missing.
        for (finished const& range : {run(with(usual(strange.url(), a), "--order", order, "--from",
                                               "2026-11-21T03:44:12", "--to", "2026-11-21T03:44:20")),
                                      run(with(usual(plain.url(), b), "--order", order, "--from", "2026-11-21T03:44:12",
                                               "--to", "2026-11-21T03:44:20"))})
        {
            INFO(range.err);
            CHECK(range.exit == 0);
        }
        bool const same_range = read_file(a.file()) == read_file(b.file());
        CHECK(same_range);
        CHECK(lines(read_file(a.file())) > 1);
    }
}

TEST_CASE("integration/exporter: formats, types, times and ids")
{
    testing::node const node(recordings::main_data());
    scratch const s;
    CHECK(run(with(usual(node.url(), s), "--type", "fill_order", "--type", "balance_claim")).exit == 0);
    CHECK(lines(read_file(s.file())) == 1 + 12 + 1);

    CHECK(run(with(usual(node.url(), s), "--from", "2026-11-21T03:44:12", "--to", "2026-11-21 03:44:20Z")).exit == 0);
    std::string const part = read_file(s.file());
    CHECK(part.find("2026-11-21 03:44:13,") != std::string::npos);
    CHECK(part.find("2026-11-21 03:44:20,") == std::string::npos);
    std::size_t expected = 0;
    for (auto const& op : recordings::main_chain().account("exporter-alice")->operations)
    {
        auto const time = time_point_sec{op.time};
        expected += time >= time_point_sec::from_string("2026-11-21T03:44:12").value() &&
                    time < time_point_sec::from_string("2026-11-21T03:44:20").value();
    }
    CHECK(lines(part) == 1 + expected);

    CHECK(run(with(usual(node.url(), s), "--format", "jsonl", "--txid")).exit == 0);
    std::ifstream in(s.file());
    std::size_t rows = 0;
    for (std::string line; std::getline(in, line); ++rows)
        REQUIRE(from_json<raw_json>(line).has_value());
    CHECK(rows == 319);

    CHECK(run(with(usual(node.url(), s, "1.2.36"))).exit == 0); // olivia by her id
    CHECK(lines(read_file(s.file())) == 37);
}

TEST_CASE("integration/exporter: of several nodes the first that answers, on the right chain")
{
    testing::node const wrong(chain_c_data());
    testing::node const right(recordings::main_data());
    scratch const s;
    std::string const chain = recordings::main_data()->chain_id;
    finished f = run({"--node", "ws://127.0.0.1:1", "--node", wrong.url(), "--node", right.url(), "--account", "olivia",
                      "--out", s.file().string(), "--json", "--events", "--chain-id", chain});
    CHECK(f.exit == 0);
    CHECK(says(f.out, right.url().c_str()));
    CHECK(lines(read_file(s.file())) == 37);
}

TEST_CASE("integration/exporter: wrong chain, no node, no account: an exit code each, and no file")
{
    testing::node const node(recordings::main_data());
    scratch const s;
    finished f = run(with(usual(node.url(), s), "--chain-id", "mainnet"));
    CHECK(f.exit == 3);
    CHECK(says(f.out, "\"wrong_chain\""));
    CHECK(says(f.err, "serves another chain"));
    CHECK(says(f.err, "Name nodes of one chain"));
    f = run(usual("ws://127.0.0.1:1", s));
    CHECK(f.exit == 3);
    INFO(f.err);
    CHECK(says(f.err, "bts-export: ws://127.0.0.1:1: Connection refused: connecting to 127.0.0.1:1\n"));
    CHECK(says(f.err, "Check the URL, or name further nodes by --node."));
    f = run(with(usual("ws://127.0.0.1:1", s), "--node", "ws://127.0.0.1:2"));
    CHECK(f.exit == 3);
    CHECK(says(f.err, "Connection refused: connecting to 127.0.0.1:1; ws://127.0.0.1:2: Connection refused"));
    CHECK(says(f.err, "Check the URLs."));
    f = run(usual(node.url(), s, "no-such-account"));
    CHECK(f.exit == 1);
    CHECK(says(f.out, "\"account_not_found\""));
    CHECK(says(f.err, "no-such-account"));
    CHECK(says(f.err, "Check the spelling of --account"));
    f = run(usual(node.url(), s, "\xff\xc3")); // what is said of it is text all the same
    CHECK(f.exit != 0);
    CHECK(from_json<raw_json>(f.out).has_value());
    CHECK(s.empty());
}

TEST_CASE("integration/exporter: usage errors are exit code 2 and ask no node")
{
    testing::node const node(recordings::main_data());
    scratch const s;
    auto const base = usual(node.url(), s);
    CHECK(run({}).exit == 2);
    CHECK(run({"--node", node.url()}).exit == 2);
    CHECK(run(usual("http://127.0.0.1", s)).exit == 2);
    CHECK(run(with(base, "--type", "no_such_operation")).exit == 2);
    finished f = run(with(base, "--from", "yesterday"));
    CHECK(f.exit == 2);
    CHECK(says(f.out, "{\"error\":{\"code\":\"usage\""));
    CHECK(says(f.err, "--from: \"yesterday\" is no time; write 2025-01-31"));
    CHECK(says(f.err, "bts-export --help shows examples."));
    CHECK(run(with(base, "--from", "2026-01-02", "--to", "2026-01-02")).exit == 2);
    CHECK(run(with(base, "--format", "xml")).exit == 2);
    CHECK(run(with(base, "--chain-id", "12")).exit == 2);
    CHECK(run(with(base, "--nonsense")).exit == 2);
    CHECK(run(with(base, "leftover")).exit == 2);
    for (char const* out : {"", "-"})
    {
        CAPTURE(out);
        f = run({"--node", node.url(), "--account", "olivia", "--out", out});
        CHECK(f.exit == 2);
        CHECK(says(f.err, "--out: "));
        CHECK(!fs::exists("-"));
    }
    scratch const other;
    std::ofstream(other.file()) << "no certificate\n";
    for (std::string const& file : {other.file().string(), other.path().string(), std::string("/no/such/file")})
    {
        f = run(with(base, "--ca-file", file));
        CHECK(f.exit == 2);
        CHECK(says(f.err, ("--ca-file: " + file + " cannot be read or holds no certificate").c_str()));
    }
    CHECK(node.requests() == 0);
    CHECK(s.empty());
    finished const help = run({"--help"});
    CHECK(help.exit == 0);
    CHECK(says(help.out, "Examples:"));
    CHECK(says(help.out, "Exit codes:"));
    for (std::size_t begin = 0, end; (end = help.out.find('\n', begin)) != help.out.npos; begin = end + 1)
    {
        INFO(help.out.substr(begin, end - begin));
        CHECK(end - begin <= 120);
    }
}

TEST_CASE("integration/exporter: a node that gives too few operations: exit code 4, the gap named, no file")
{
    char const* const gaps[] = {"operation 1.11.290 comes twice, as number 102 and 101", "comes twice, as number ",
                                "does not give operations number 1 to 318, older than 1.11.1379",
                                "does not give operations number "};
    for (std::size_t which = 0; which < std::size(gaps); ++which)
    {
        CAPTURE(which);
        testing::node_options options;
        options.on_request = tampering(recordings::main_data(), [which](std::string const& method, history_page& page) {
            if (which == 0) // one operation is lost, and the numbers behind it shift
                std::erase_if(page.rows,
                              [](raw_json const& row) { return row.text.find("\"1.11.323\"") != std::string::npos; });
            if (which == 1 && page.rows.size() > 50) // a row comes twice in place of another
                page.rows[30] = page.rows[29];
            if (which == 2) // the newest operation only, whatever is asked
            {
                bool const newest = page.params.back().text == "\"1.11.0\"" || page.params.back().text == "319";
                page.rows.resize(newest && !page.rows.empty() ? 1 : 0);
            }
            if (which == 3 && method == "get_relative_account_history" &&
                page.rows.size() > 2) // a page is cut short, and then nothing
                page.rows.clear();
        });
        testing::node const node(recordings::main_data(), options);
        scratch const s;
        finished const f = run(usual(node.url(), s));
        CHECK(f.exit == 4);
        CHECK(says(f.out, "\"history_incomplete\""));
        CHECK(says(f.out, gaps[which]));
        INFO(f.err);
        CHECK(says(f.err, gaps[which]));
        CHECK(says(f.err, "This node does not have the whole history; try another --node, or name a --source"));
        CHECK(s.empty());
    }
}

TEST_CASE("integration/exporter: the file is whole while one of several nodes has all, wherever it stands")
{
    testing::node const full(recordings::main_data());
    scratch const alone;
    REQUIRE(run(usual(full.url(), alone)).exit == 0);
    for (int which = 0; which < 3; ++which)
    {
        CAPTURE(which);
        testing::node_options options;
        options.on_request = tampering(recordings::main_data(), [which](std::string const&, history_page& page) {
            if (which == 0 && page.rows.size() > 50) // a row comes twice in place of another
                page.rows[30] = page.rows[29];
            if (which == 1 && page.rows.size() > 1) // the newest operation only, as of one with Elasticsearch
                page.rows.resize(1);
            if (which == 2 && page.rows.size() > 2) // a page is cut short, and then nothing
                page.rows.clear();
        });
        testing::node const one(recordings::main_data(), options), another(recordings::main_data(), options);
        std::vector<std::string> nodes{full.url(), one.url(), another.url()};
        for (int place = 0; place < 3; ++place)
        {
            CAPTURE(place);
            scratch const s;
            finished const f = run(with(usual(nodes[0], s), "--node", nodes[1], "--node", nodes[2]));
            INFO(f.err);
            CHECK(f.exit == 0);
            CHECK(read_file(s.file()) == read_file(alone.file()));
            std::rotate(nodes.begin(), nodes.end() - 1, nodes.end());
        }
    }
}

TEST_CASE("integration/exporter: a node that stops in the middle: exit code 3, no file; the next one is taken where "
          "there is one")
{
    std::atomic<int> pages = 0;
    testing::node_options options;
    options.on_request = [&pages](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("get_relative_account_history") == std::string_view::npos || ++pages < 3)
            return std::nullopt;
        testing::node_reply reply;
        reply.drop = true;
        return reply;
    };
    testing::node const node(recordings::main_data(), options);
    testing::node const other(recordings::main_data());
    scratch const s;
    finished f = run(usual(node.url(), s));
    CHECK(f.exit == 3);
    CHECK(s.empty());
    pages = 0;
    f = run(with(usual(node.url(), s), "--node", other.url()));
    CHECK(f.exit == 0);
    CHECK(lines(read_file(s.file())) == 320);
}

TEST_CASE("integration/exporter: a connection that breaks once is made again")
{
    testing::node_options options;
    options.drop_after = 9; // each connection; the whole export needs a few more requests
    testing::node const node(recordings::main_data(), options);
    scratch const s;
    finished const f = run(with(usual(node.url(), s), "--in-flight", "1"));
    CHECK(f.exit == 0);
    CHECK(lines(read_file(s.file())) == 320);
    CHECK(node.connections() > 1);
}

TEST_CASE("integration/exporter: Ctrl-C is exit code 5, at once, without a file")
{
    testing::node_options options;
    options.on_request = [](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("get_relative_account_history") == std::string_view::npos)
            return std::nullopt;
        return testing::node_reply(); // silence
    };
    testing::node const node(recordings::main_data(), options);
    scratch const s;
    for (int number : {SIGINT, SIGTERM})
    {
        std::uint64_t const before = node.requests();
        support::process program(command(with(usual(node.url(), s), "--timeout", "60")));
        for (int i = 0; i < 2000 && node.requests() < before + 5; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        CHECK(!s.empty()); // the file under another name
        CHECK(!fs::exists(s.file()));
        auto const start = std::chrono::steady_clock::now();
        program.signal(number);
        CHECK(program.wait() == 5);
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
        CHECK(s.empty());
    }
}

TEST_CASE("integration/exporter: Ctrl-C while transactions are looked up")
{
    std::atomic<int> blocks = 0;
    testing::node_options options;
    options.on_request = [&blocks](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("\"get_block\"") == std::string_view::npos || ++blocks < 20)
            return std::nullopt;
        return testing::node_reply(); // silence
    };
    testing::node const node(recordings::main_data(), options);
    scratch const s, log;
    auto whole = command(with(usual(node.url(), s), "--txid", "--timeout", "60"));
    whole[2] = "exec \"$@\" 2>\"$0\"";
    whole[3] = log.file().string();
    support::process program(whole);
    for (int i = 0; i < 2000 && blocks < 25; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(blocks >= 25);
    auto const start = std::chrono::steady_clock::now();
    program.signal(SIGINT);
    std::string const out = program.communicate("");
    CHECK(program.wait() == 5);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    CHECK(says(out, "{\"error\":{\"code\":\"interrupted\""));
    CHECK(read_file(log.file()) == "bts-export: interrupted\n            No file was written.\n");
    CHECK(s.empty());
}

TEST_CASE("integration/exporter: a file that was there is replaced when the new one is whole, and only then")
{
    testing::node const node(recordings::main_data());
    scratch const s;
    std::ofstream(s.file()) << "old";
    CHECK(run(usual(node.url(), s, "no-such-account")).exit == 1);
    CHECK(run(usual("ws://127.0.0.1:1", s)).exit == 3);
    CHECK(read_file(s.file()) == "old");
    CHECK(run(usual(node.url(), s, "olivia")).exit == 0);
    CHECK(lines(read_file(s.file())) == 37);
    // The way that all programs give new files to others' eyes.
    CHECK((fs::status(s.file()).permissions() & fs::perms::owner_read) != fs::perms::none);
}

TEST_CASE("integration/exporter: a file that cannot be written is an error before any request, a full disk one before "
          "the end")
{
    testing::node const node(recordings::main_data());
    scratch const s;
    auto const to = [&](std::string const& path) {
        return run({"--node", node.url(), "--account", "exporter-alice", "--out", path, "--json"});
    };
    finished f = to((s.path() / "no" / "such" / "folder.csv").string());
    CHECK(f.exit == 4);
    CHECK(says(f.out, "\"file_error\""));
    CHECK(says(f.err, "folder.csv: cannot write into its directory: No such file or directory"));
    CHECK(says(f.err, "Name another --out, or make room"));
    CHECK(to(s.path().string()).exit == 4);
    CHECK(to("/dev/full").exit == 4); // no regular file
    CHECK(node.requests() == 0);
    CHECK(s.empty());
    // A limit on the size of files is the full disk that needs no disk.
    auto limited = command(usual(node.url(), s));
    limited[2] = "ulimit -f 8; exec \"$@\" 2>/dev/null";
    support::process program(limited);
    std::string const out = program.communicate("");
    CHECK(program.wait() == 4);
    CHECK(says(out, "\"file_error\""));
    CHECK(s.empty());
}

TEST_CASE("integration/exporter: the longest name that a file can have")
{
    testing::node const node(recordings::main_data());
    scratch const s;
    fs::path const file = s.path() / std::string(255, 'x');
    CHECK(run({"--node", node.url(), "--account", "olivia", "--out", file.string(), "--events"}).exit == 0);
    CHECK(lines(read_file(file)) == 37);
}

// The undefined-behaviour sanitizer looks at objects through a pipe, for which it needs descriptors of its own.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NEEDS_DESCRIPTORS *doctest::skip()
#endif
#endif
#ifndef NEEDS_DESCRIPTORS
#define NEEDS_DESCRIPTORS
#endif

TEST_CASE("integration/exporter: what the system refuses but files is not blamed on --out" NEEDS_DESCRIPTORS)
{
    testing::node const node(recordings::main_data());
    scratch const s;
    auto limited = command(usual(node.url(), s));
    limited[2] = "exec 2>/dev/null; ulimit -n 6; exec \"$@\""; // enough for the file and what waits for Ctrl-C
    support::process program(limited);
    std::string const out = program.communicate("");
    CHECK(program.wait() == 4);
    CHECK(says(out, "\"system\""));
    CHECK(says(out, "Too many open files"));
    CHECK(s.empty());
}

TEST_CASE("integration/exporter: without further threads, work for several at once is done by one")
{
    pthread_attr_t usual, huge;
    REQUIRE(pthread_getattr_default_np(&usual) == 0);
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, std::size_t{1} << 50); // no thread can begin
    REQUIRE(pthread_setattr_default_np(&huge) == 0);
    std::vector<std::size_t> done;
    CHECK_NOTHROW(exporter::in_parallel(5, [&done](std::size_t i) { done.push_back(i); }));
    CHECK_THROWS_AS(std::thread([] {}).join(), std::system_error);
    pthread_setattr_default_np(&usual);
    pthread_attr_destroy(&huge);
    pthread_attr_destroy(&usual);
    CHECK(done == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("integration/exporter: on a terminal, progress is shown also where a history is surveyed before it is read")
{
    testing::node_options options;
    options.on_request = tampering(recordings::main_data(), elasticsearch);
    testing::node const node(recordings::main_data(), options);
    scratch const s;
    int const terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(terminal >= 0);
    REQUIRE(::grantpt(terminal) == 0);
    REQUIRE(::unlockpt(terminal) == 0);
    auto shown = command(usual(node.url(), s));
    shown[2] = "exec \"$@\" 2>\"$0\"";
    shown[3] = ::ptsname(terminal);
    int const other_end =
        ::open(shown[3].c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC); // what was written stays until it is read
    support::process program(shown);
    program.communicate("");
    CHECK(program.wait() == 0);
    std::string text(1 << 16, '\0');
    ::ssize_t const got = ::read(terminal, text.data(), text.size());
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    ::close(other_end);
    ::close(terminal);
    CHECK(says(text, " of 319 operations surveyed"));
}

TEST_CASE("integration/exporter: an operation of the future is a row with its JSON")
{
    testing::node_options options;
    options.on_request = tampering(recordings::main_data(), [](std::string const&, history_page& page) {
        for (raw_json& row : page.rows)
            if (row.text.find("\"1.11.323\"") != std::string::npos)
            {
                std::size_t const op = row.text.find("\"op\":[0,");
                REQUIRE(op != std::string::npos);
                row.text.replace(op, 8, "\"op\":[7000,");
            }
    });
    testing::node const node(recordings::main_data(), options);
    scratch const s;
    CHECK(run(usual(node.url(), s)).exit == 0);
    std::string const text = read_file(s.file());
    CHECK(lines(text) == 320);
    CHECK(says(text, ",unknown_7000,"));
    CHECK(says(text, "\"\"from\"\":\"\"1.2.18\"\""));
}

TEST_CASE("integration/node_history: a range for over one connection; breaking off early is no error")
{
    testing::node const node(recordings::main_data());
    blocking_client client(node_url(node.url()), websocket());
    std::uint64_t expected = 0;
    for (auto const& record : node_history(client, account_id(18)))
        REQUIRE(record.sequence == ++expected);
    CHECK(expected == 319);
    node_history newest(client, account_id(18), {.order = history_order::newest_first, .requests_in_flight = 2});
    for (auto const& record : newest)
    {
        CHECK(record.sequence == expected);
        if (--expected == 200)
            break;
    }
    CHECK(newest.count().total == 319);
    CHECK(newest.expected() == 319);
    CHECK(newest.checked() >= 119);
    CHECK(!newest.uses_fallback());
}

TEST_CASE("integration/node_history: errors come as exceptions, closing ends the wait")
{
    testing::node const node(recordings::main_data());
    {
        blocking_client client(node_url(node.url()), websocket());
        node_history history(client, account_id(999'999)); // no statistics: nothing to read
        std::vector<history_record> page;
        CHECK_THROWS_AS(history.next(page), exception);
    }
    testing::node_options options;
    options.on_request = [](std::string_view) { return testing::node_reply(); };
    testing::node const silent(recordings::main_data(), options);
    blocking_client client(node_url(silent.url()), websocket());
    std::thread closer([&client] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        client.close();
    });
    node_history history(client, account_id(18));
    std::vector<history_record> page;
    CHECK_THROWS_AS(history.next(page), exception);
    closer.join();
}

namespace {

/// Answers calls of one method by the node's own result, changed by `tamper`, or by an error object.
auto instead(char const* method, std::function<std::string(std::string result)> tamper, char const* member = "result")
{
    auto session = std::make_shared<testing::node_session>(recordings::main_data());
    return [session, name = std::string("\"") + method + "\"", member = std::string(member),
            tamper = std::move(tamper)](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find(name) == std::string_view::npos)
            return std::nullopt;
        auto const answer = session->answer(frame).value();
        std::size_t const at = answer.find("\"result\":");
        auto const head = from_json<frame_head>(frame).value();
        testing::node_reply out;
        std::string const text = at == std::string::npos ? "" : answer.substr(at + 9, answer.rfind('}') - at - 9);
        out.frames.push_back("{\"id\":" + head.id.text + ",\"jsonrpc\":\"2.0\",\"" + member + "\":" + tamper(text) +
                             "}");
        return out;
    };
}

finished export_with(std::function<std::optional<testing::node_reply>(std::string_view)> on_request, scratch const& s,
                     std::vector<std::string> more = {})
{
    testing::node_options options;
    options.on_request = std::move(on_request);
    testing::node const node(recordings::main_data(), options);
    auto arguments = usual(node.url(), s);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(std::move(arguments));
}

} // namespace

TEST_CASE("integration/exporter: statistics or an account that are not whole, or another's, are no empty history")
{
    for (char const* text : {R"([{"id":"2.6.18","owner":"1.2.18"}])", R"([{"id":"2.6.18"}])", "[null]",
                             R"([{"id":"2.6.18","owner":"1.2.19","total_ops":0,"removed_ops":0}])",
                             R"([{"id":"2.6.19","owner":"1.2.18","total_ops":0,"removed_ops":0}])"})
    {
        CAPTURE(text);
        scratch const s;
        finished const f = export_with(instead("get_objects", [text](std::string const&) { return text; }), s);
        CHECK(f.exit == 3);
        CHECK(says(f.out, "\"invalid_reply\""));
        CHECK(says(f.out, "statistics"));
        CHECK(s.empty());
    }
    for (char const* text :
         {R"({"name":"exporter-alice","statistics":"2.6.18"})", R"({"id":"1.2.18","name":"exporter-alice"})",
          R"({"id":"1.2.18","name":"somebody","statistics":"2.6.18"})"})
    {
        CAPTURE(text);
        scratch const s;
        finished const f = export_with(instead("get_account_by_name", [text](std::string const&) { return text; }), s);
        CHECK(f.exit == 3);
        CHECK(says(f.out, "\"invalid_reply\""));
        CHECK(s.empty());
    }
}

TEST_CASE("integration/exporter: an asset that cannot be had ends the export; an account's name does not")
{
    char const* refusal = R"({"code":1,"message":"no assets here"})";
    {
        scratch const s;
        finished const f = export_with(instead("get_assets", [=](std::string const&) { return refusal; }, "error"), s);
        CHECK(f.exit == 3);
        CHECK(says(f.out, "1.3.0"));
        CHECK(says(f.out, "no assets here"));
        CHECK(s.empty());
    }
    {
        scratch const s;
        finished const f = export_with(instead("get_assets", [](std::string const&) { return "[null]"; }), s);
        CHECK(f.exit == 4);
        CHECK(says(f.out, "\"asset_not_found\""));
        CHECK(says(f.out, "asset 1.3."));
        CHECK(s.empty());
    }
    {
        scratch const s;
        finished const f = export_with(
            [](std::string_view frame) -> std::optional<testing::node_reply> {
                if (frame.find("\"get_assets\"") == std::string_view::npos)
                    return std::nullopt;
                testing::node_reply reply;
                reply.drop = true;
                return reply;
            },
            s);
        CHECK(f.exit == 3);
        CHECK(says(f.out, "1.3.0"));
        CHECK(s.empty());
    }
    {
        scratch const s;
        finished const f =
            export_with(instead("get_accounts", [=](std::string const&) { return refusal; }, "error"), s);
        CHECK(f.exit == 0);
        CHECK(lines(read_file(s.file())) == 320);
    }
}

TEST_CASE(
    "integration/exporter: an asset's precision that no chain allows is no answer, and amounts are not cut to fit")
{
    for (char const* precision : {"13", "40", "255"})
        for (bool const events : {true, false})
        {
            CAPTURE(precision);
            CAPTURE(events);
            testing::node_options options;
            options.on_request = instead("get_assets", [=](std::string assets) {
                std::size_t const at = assets.find("\"precision\":") + 12;
                return assets.replace(at, assets.find(',', at) - at, precision);
            });
            testing::node const node(recordings::main_data(), options);
            scratch const s;
            auto arguments = usual(node.url(), s);
            if (!events)
                arguments.pop_back();
            finished const f = run(arguments);
            CHECK(f.exit == 3);
            CHECK(says(f.out, "\"invalid_reply\""));
            CHECK(says(f.out, (std::string("a precision of ") + precision).c_str()));
            CHECK(s.empty());
        }
}

TEST_CASE("integration/exporter: what a node writes moves no cursor, and not much of it is shown")
{
    for (char const* pad : {"", "a", "aa"}) // so that one of them is cut inside a character of three bytes
    {
        std::string words = "\\u001b[2J\\u001b[31mhello\\rpwned\\u202e" + std::string(pad);
        for (int i = 0; i < 30'000; ++i)
            words += "\xe2\x82\xac";
        scratch const s;
        finished const f =
            export_with(instead(
                            "get_account_by_name",
                            [&](std::string const&) { return R"({"code":1,"message":")" + words + "\"}"; }, "error"),
                        s);
        CHECK(f.exit == 3);
        CHECK(says(f.err, "refuses"));
        CHECK(
            says(f.err, ("\\u001b[2J\\u001b[31mhello\\u000dpwned\\u202e" + std::string(pad) + "\xe2\x82\xac").c_str()));
        CHECK(f.err.find_first_of("\033\r") == f.err.npos);
        CHECK(!says(f.out, "\u202e"));
        CHECK(says(f.err, "\xe2\x82\xac...\n"));
        CHECK(f.err.size() < 1000);
        CHECK(from_json<raw_json>(f.out).has_value());
        CHECK(s.empty());
    }
}

TEST_CASE("integration/exporter: a block that does not hash to its own Merkle root gives no transaction ids")
{
    std::atomic<bool> altered = false;
    auto const alter = [&altered](std::string block) {
        std::size_t const at = block.find("\"ref_block_num\":");
        if (at != std::string::npos) // another number in its place, of as many digits
        {
            char& digit = block[at + 16];
            digit = digit == '1' ? '2' : '1';
            altered = true;
        }
        return block;
    };
    scratch const s;
    finished const f = export_with(instead("get_block", alter), s, {"--txid"});
    CHECK(altered);
    CHECK(f.exit == 1);
    CHECK(says(f.out, "\"wrong_merkle_root\""));
    CHECK(says(f.out, "Merkle root"));
    CHECK(s.empty());
}

TEST_CASE(
    "integration/exporter: where a block holds an operation of the future, nothing proves its ids, and none is told")
{
    scratch const s, t;
    finished f = export_with(instead("get_block", [](std::string block) { return block; }), s, {"--txid"});
    CHECK(f.exit == 0);
    auto const future = [](std::string block) {
        std::size_t const at = block.find("\"operations\":[[0,");
        return at == std::string::npos ? block : block.replace(at, 17, "\"operations\":[[7000,");
    };
    f = export_with(instead("get_block", future), t, {"--txid"});
    CHECK(f.exit == 0);
    std::ifstream all(s.file()), some(t.file());
    std::size_t same = 0, without = 0;
    for (std::string a, b; std::getline(all, a) && std::getline(some, b);)
        if (a == b)
            ++same;
        else
        {
            ++without;
            CHECK(b == a.substr(0, a.rfind(',') + 1) + (a.ends_with('\r') ? "\r" : ""));
        }
    CHECK(same + without == 320);
    CHECK(same > 10);
    CHECK(without > 10);
}

TEST_CASE("integration/exporter: an operation that its block has not in its place gives no transaction id")
{
    // Another transaction than the block has, another operation, and another amount.
    for (char const* number : {"\"trx_in_block\":", "\"op_in_trx\":", "\"amount\":"})
    {
        CAPTURE(number);
        std::atomic<bool> changed = false;
        auto const alter = [&](std::string const&, history_page& page) {
            for (raw_json& row : page.rows)
                if (row.text.find("\"1.11.323\"") != std::string::npos)
                {
                    std::size_t const at = row.text.find(number) + std::strlen(number);
                    row.text.insert(at + (row.text[at] == '"' ? 1 : 0), "9");
                    changed = true;
                }
        };
        scratch const s;
        finished const f = export_with(tampering(recordings::main_data(), alter), s, {"--txid"});
        CHECK(changed);
        CHECK(f.exit == 3);
        CHECK(says(f.out, "\"invalid_reply\""));
        CHECK(says(f.out, "has not operation 1.11.323 where"));
        CHECK(s.empty());
    }
}

TEST_CASE("integration/exporter: a replaced file keeps its mode, a new one has the usual")
{
    testing::node const node(recordings::main_data());
    for (fs::perms const mode : {fs::perms(0600), fs::perms(0640)})
    {
        scratch const s;
        std::ofstream(s.file()) << "old";
        fs::permissions(s.file(), mode);
        CHECK(run(usual(node.url(), s, "olivia")).exit == 0);
        CHECK(lines(read_file(s.file())) == 37);
        CHECK(static_cast<unsigned>(fs::status(s.file()).permissions()) == static_cast<unsigned>(mode));
    }
    scratch const s;
    auto masked = command(usual(node.url(), s, "olivia"));
    masked[2] = "umask 027; exec \"$@\" 2>/dev/null";
    support::process program(masked);
    program.communicate("");
    CHECK(program.wait() == 0);
    CHECK(static_cast<unsigned>(fs::status(s.file()).permissions()) == 0640);
}

TEST_CASE("integration/exporter: a summary that nobody reads does not undo the file")
{
    testing::node const node(recordings::main_data());
    scratch const s;
    auto piped = command(usual(node.url(), s, "olivia"));
    // The program's own exit code, from before a pipe whose reader has gone.
    piped[2] = "{ sleep 0.2; \"$@\" 2>/dev/null; echo $? >\"$0.code\"; } | :";
    piped[3] = (s.path() / "exit").string();
    support::process program(piped);
    program.communicate("");
    program.wait();
    CHECK(read_file(s.path() / "exit.code") == "0\n");
    CHECK(lines(read_file(s.file())) == 37);
}

TEST_CASE("integration/exporter: without --chain-id the first node that answers says which chain it is")
{
    testing::node_options options;
    options.on_request = [](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("get_relative_account_history") == std::string_view::npos)
            return std::nullopt;
        testing::node_reply reply;
        reply.drop = true;
        return reply;
    };
    testing::node const failing(recordings::main_data(), options);
    testing::node const other_chain(chain_c_data());
    testing::node const same_chain(recordings::main_data());
    scratch const s;
    // The same name stands on both chains; its history on the second is not what was asked for.
    finished f = run(with(usual(failing.url(), s), "--node", other_chain.url()));
    CHECK(f.exit == 3);
    CHECK(s.empty());
    f = run(with(usual(failing.url(), s), "--node", other_chain.url(), "--node", same_chain.url()));
    CHECK(f.exit == 0);
    CHECK(lines(read_file(s.file())) == 320);
    scratch const t; // olivia-z9 is on the second node's chain only
    f = run(with(usual(same_chain.url(), t, "olivia-z9"), "--node", other_chain.url()));
    CHECK(f.exit == 1);
    CHECK(says(f.out, "\"account_not_found\""));
    CHECK(t.empty());
}

TEST_CASE("integration/exporter: rows are unchanged while the nodes are killed under it")
{
    auto data = std::make_shared<testing::data_set>(*recordings::main_data());
    data->add_synthetic_account("traveller", 20'000);
    testing::node_options options;
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<std::string> arguments{"--account", "traveller", "--events", "--json"};
    std::atomic<int> pages = 0, kills = 0;
    std::atomic<bool> calm_is_over = false;
    std::array<std::atomic<bool>, 4> hit{};
    for (std::size_t i = 0; i < hit.size(); ++i)
    {
        // Every 25th page is the node's end, but not so often that nobody may be asked any more for a minute.
        options.on_request = [&, i](std::string_view frame) -> std::optional<testing::node_reply> {
            if (!calm_is_over || frame.find("_account_history") == frame.npos || ++pages % 25 != 0 || kills >= 12)
                return std::nullopt;
            ++kills;
            hit[i] = true;
            testing::node_reply gone;
            gone.drop = true;
            return gone;
        };
        nodes.push_back(std::make_unique<testing::node>(data, options));
        arguments.insert(arguments.end(), {"--node", nodes.back()->url()});
    }
    scratch const calm, troubled;
    auto const quiet = run(with(arguments, "--out", calm.file().string()));
    REQUIRE_MESSAGE(quiet.exit == 0, quiet.err);

    std::atomic<bool> over = false;
    calm_is_over = true;
    std::thread killer([&] {
        while (!over)
        {
            for (std::size_t i = 0; i < hit.size(); ++i)
                if (hit[i].exchange(false))
                {
                    // It comes back. Its port stays its own meanwhile.
                    testing::faults dead;
                    dead.refuse.emplace();
                    nodes[i]->set_faults(dead);
                    nodes[i]->drop_connections();
                    std::this_thread::sleep_for(std::chrono::milliseconds(40));
                    nodes[i]->clear_faults();
                }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    auto const shaken = run(with(arguments, "--out", troubled.file().string()));
    over = true;
    killer.join();
    REQUIRE_MESSAGE(shaken.exit == 0, shaken.err);
    MESSAGE("nodes were killed " << kills.load() << " times");
    CHECK(kills >= 5);
    CHECK(read_file(troubled.file()).size() > 1'000'000);
    CHECK(read_file(troubled.file()) == read_file(calm.file()));
}

TEST_CASE("integration/exporter: rows are unchanged while all nodes but the last die under it, and stay so")
{
    auto data = std::make_shared<testing::data_set>(*recordings::main_data());
    data->add_synthetic_account("traveller", 20'000);
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<std::string> arguments{"--account", "traveller", "--events", "--json", "--timeout", "1"};
    std::atomic<bool> calm_is_over = false;
    std::array<std::atomic<int>, 4> pages{};
    for (std::size_t i = 0; i < pages.size(); ++i)
    {
        testing::node_options options;
        options.on_request = [&, i](std::string_view frame) -> std::optional<testing::node_reply> {
            if (!calm_is_over)
                return std::nullopt;
            pages[i] += frame.find("_account_history") != frame.npos;
            if (i + 1 == pages.size() || pages[i] < 20)
                return std::nullopt;
            testing::node_reply gone; // from now on, whatever it is asked
            gone.drop = true;
            return gone;
        };
        nodes.push_back(std::make_unique<testing::node>(data, options));
        arguments.insert(arguments.end(), {"--node", nodes.back()->url()});
    }
    scratch const calm, troubled;
    auto const quiet = run(with(arguments, "--out", calm.file().string()));
    REQUIRE_MESSAGE(quiet.exit == 0, quiet.err);
    calm_is_over = true;
    auto const shaken = run(with(arguments, "--out", troubled.file().string()));
    REQUIRE_MESSAGE(shaken.exit == 0, shaken.err);
    for (std::atomic<int> const& read : pages)
        CHECK(read >= 20); // each of them had its part
    CHECK(read_file(troubled.file()).size() > 1'000'000);
    CHECK(read_file(troubled.file()) == read_file(calm.file()));
}

TEST_CASE("integration/exporter: --txid asks for each block once")
{
    std::mutex mutex;
    std::map<std::string, int> asked; // blocks
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        std::string const call = R"("get_block",[)";
        if (auto const at = frame.find(call); at != std::string_view::npos)
        {
            std::lock_guard const lock(mutex);
            auto const rest = frame.substr(at + call.size());
            ++asked[std::string(rest.substr(0, rest.find(']')))];
        }
        return std::nullopt;
    };
    testing::node const node(recordings::main_data(), options);
    scratch const s;
    auto const f = run(with(usual(node.url(), s), "--txid"));
    REQUIRE_MESSAGE(f.exit == 0, f.err);
    std::lock_guard const lock(mutex); // the node's thread has come to its end with the calls, but nobody has told us
    CHECK(asked.size() > 20);
    for (auto const& [block, times] : asked)
        CHECK_MESSAGE(times == 1, "block ", block);
}
