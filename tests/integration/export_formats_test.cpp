// Formats, reports, checkpoints and several accounts of bts-export, by its processes.
// BITSHARES_EXPORT_KILLS: how often an export is killed; 3 where it is not set. BITSHARES_JOURNALS=check: bean-check and ledger
// have to be there, and read every journal.

#include <bitshares/base/hash.hpp>
#include <bitshares/base/hex.hpp>
#include <bitshares/history/es_writer.hpp>
#include <bitshares/history/movements.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>
#include <support/folder.hpp>
#include <support/process.hpp>
#include <support/recordings.hpp>
#include <support/search_sites.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace bitshares;
using testing::member;
namespace fs = std::filesystem;

namespace {

std::string read_file(fs::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string sha256_of(std::string_view text)
{
    return to_hex(sha256({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()}).data); // NOLINT
}

std::size_t lines(std::string const& text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

struct finished
{
    int exit = -1;
    std::string out; // both channels
    bool says(std::string_view part) const { return out.find(part) != out.npos; }
};

std::vector<std::string> command(std::vector<std::string> const& arguments)
{
    std::vector<std::string> whole{"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh",
                                   std::string(BITSHARES_PROGRAMS_DIR) + "/bts-export"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    whole.emplace_back("--json");
    return whole;
}

finished run(std::vector<std::string> const& arguments)
{
    support::process program(command(arguments));
    finished f;
    f.out = program.communicate("");
    f.exit = program.wait();
    return f;
}

finished tool(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh"});
    support::process program(arguments);
    finished f;
    f.out = program.communicate("");
    f.exit = program.wait();
    return f;
}

std::shared_ptr<testing::data_set const> chain_c_data()
{
    static auto const data = std::make_shared<testing::data_set const>(recordings::chain_c());
    return data;
}

std::string report_of(std::string const& file)
{
    return read_file(file + ".report.json");
}

/// Answers of one method, changed.
auto changing(std::shared_ptr<testing::data_set const> data, std::vector<std::string> methods,
              std::function<std::string(std::string)> change)
{
    auto session = std::make_shared<testing::node_session>(std::move(data));
    return [session, methods = std::move(methods),
            change = std::move(change)](std::string_view frame) -> std::optional<testing::node_reply> {
        for (std::string const& method : methods)
            if (frame.find('"' + method + '"') != frame.npos)
            {
                testing::node_reply reply;
                reply.frames.push_back(change(session->answer(frame).value()));
                return reply;
            }
        return std::nullopt;
    };
}

/// A chain with an account that has thousands of operations, balances included.
struct busy_chain
{
    explicit busy_chain(int blocks) : chain(std::make_shared<testing::chain>())
    {
        bank = chain->account("bank")->id;
        trader = chain->create_account("trader", 1'000'000'000'000, true);
        chain->produce_block();
        gold = chain->create_asset("GOLDEN", 4);
        chain->produce_block();
        chain->fund(bank, {1'000'000'000, gold});
        chain->produce_block();
        trade(blocks);
    }

    /// So many times 75 operations that the trader has in its history, and then some.
    void trade(int blocks)
    {
        private_key const ours = chain->key("trader"), theirs = chain->key("bank");
        for (int b = 0; b < blocks; ++b)
        {
            std::vector<operation> operations;
            for (int i = 0; i < 35; ++i)
            {
                transfer out;
                out.from = trader;
                out.to = bank;
                out.amount = {1'000 + ++number, core_asset};
                operations.emplace_back(out);
                std::swap(out.from, out.to);
                operations.emplace_back(out);
            }
            for (bool buys : {true, false})
            {
                limit_order_create order;
                order.seller = buys ? trader : bank;
                order.amount_to_sell = buys ? asset{20'000, core_asset} : asset{300, gold};
                order.min_to_receive = buys ? asset{300, gold} : asset{20'000, core_asset};
                order.expiration = time_point_sec{chain->head_time().seconds + 86'400};
                operations.emplace_back(order);
            }
            auto const done = chain->push(chain->sign(operations, {&ours, &theirs}));
            REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message()));
            chain->produce_block();
        }
    }

    std::shared_ptr<testing::chain> chain;
    account_id bank, trader;
    asset_id gold;
    int number = 0;
};

/// What the plugin would have written of the account's history on the node.
std::vector<test::stored_operation> documents_of(std::string const& url, account_id account)
{
    blocking_client client(url, websocket());
    std::vector<test::stored_operation> documents;
    std::string text;
    for (history_record const& record : node_history(client, account))
    {
        es_document d;
        d.record = record;
        d.account = account;
        d.id = account_history_id(100 + 2 * record.sequence);
        text.clear();
        write_es_document(text, d);
        documents.push_back(test::stored(test::json_value::parse(text)));
    }
    return documents;
}

int kills_wanted()
{
    char const* const text = std::getenv("BITSHARES_EXPORT_KILLS");
    return text ? std::max(1, std::atoi(text)) : 3;
}

} // namespace

TEST_CASE("integration/export_formats: every format of a recorded account, with a report that names the file's hash")
{
    testing::node const node(recordings::main_data());
    support::folder folder;
    struct
    {
        char const* format;
        char const* begin;
        std::size_t at_least; // lines
    } const formats[] = {{"native", "time,block,", 400},
                         {"events", "time,block,", 320},
                         {"jsonl", "{\"time\":", 319},
                         {"ui", "[\"1.11.", 319},
                         {"cointracking", "Type,Buy Amount,", 200},
                         {"koinly", "Date,Sent Amount,", 200},
                         {"cointracker", "Date,Received Quantity,", 200},
                         {"ccgains", "Kind,Date,", 200},
                         {"beancount", "option \"title\"", 1'000},
                         {"ledger", "tag Time\n", 1'000}};
    for (auto const& f : formats)
    {
        CAPTURE(f.format);
        std::string const file = folder.file(f.format);
        auto const done =
            run({"--node", node.url(), "--account", "exporter-alice", "--out", file, "--format", f.format});
        REQUIRE_MESSAGE(done.exit == 0, done.out);
        std::string const text = read_file(file), report = report_of(file);
        CHECK(text.starts_with(f.begin));
        CHECK(lines(text) >= f.at_least);
        CHECK(member(report, "complete") == "true");
        CHECK(member(report, "sha256") == '"' + sha256_of(text) + '"');
        CHECK(member(report, "bytes") == std::to_string(text.size()));
        CHECK(member(report, "format") == '"' + std::string(f.format) + '"');
        CHECK(member(report, "operations") == "319");
        CHECK(member(report, "gaps") == "[]");
        CHECK(member(report, "account") == "\"exporter-alice\"");
        CHECK(lines(report) == 1);
    }
    std::string const each = folder.file("each"), daily = folder.file("daily");
    CHECK(run({"--node", node.url(), "--account", "trader-bob", "--out", each, "--format", "koinly"}).exit == 0);
    CHECK(run({"--node", node.url(), "--account", "trader-bob", "--out", daily, "--format", "koinly", "--daily-fills"})
              .exit == 0);
    CHECK(lines(read_file(daily)) < lines(read_file(each)));
    CHECK(lines(read_file(daily)) > 100);
}

TEST_CASE(
    "integration/export_formats: journals are balanced, and wrong by one unit they are refused, by the real programs")
{
    char const* const wanted = std::getenv("BITSHARES_JOURNALS");
    if (!wanted || std::string_view(wanted) != "check")
    {
        MESSAGE("only with BITSHARES_JOURNALS=check");
        return;
    }
    REQUIRE(fs::exists("/usr/bin/bean-check"));
    REQUIRE(fs::exists("/usr/bin/ledger"));
    struct
    {
        std::shared_ptr<testing::data_set const> data;
        std::vector<std::string> accounts;
    } const chains[] = {{recordings::main_data(), {"exporter-alice", "trader-bob", "carol-m1", "olivia"}},
                        {chain_c_data(), {"exporter-alice", "trader-bob", "carol-m1", "olivia-z9"}}};
    auto const check = [](std::string const& format, std::string const& file) {
        return format == "beancount" ? tool({"/usr/bin/bean-check", file})
                                     : tool({"/usr/bin/ledger", "-f", file, "--pedantic", "balance"});
    };
    support::folder folder;
    int refused = 0;
    for (auto const& chain : chains)
    {
        testing::node const node(chain.data);
        for (std::string const& account : chain.accounts)
            for (std::string const format : {"beancount", "ledger"})
                for (bool part : {false, true})
                {
                    CAPTURE(account);
                    CAPTURE(format);
                    CAPTURE(part);
                    std::string const file = folder.file("journal");
                    std::vector<std::string> arguments{"--node", node.url(), "--account", account, "--out",
                                                       file,     "--format", format,      "--txid"};
                    if (part)
                        arguments.insert(arguments.end(),
                                         {"--from", "2026-11-21T03:44:12", "--to", "2026-11-21T03:46:00"});
                    auto const done = run(arguments);
                    REQUIRE_MESSAGE(done.exit == 0, done.out);
                    auto const good = check(format, file);
                    CHECK_MESSAGE(good.exit == 0, good.out);
                    if (format == "beancount")
                        CHECK(good.out.empty());
                    if (account != chain.accounts.back())
                        continue;
                    // One unit more in one posting, and in one assertion.
                    std::string const text = read_file(file);
                    for (std::string_view const where : {"Liquid  ", format == "beancount" ? " balance " : " = "})
                    {
                        std::size_t at = text.find(where);
                        if (at == text.npos)
                            continue; // nothing in the range
                        at = text.find('.', at) + 1;
                        std::string bad = text;
                        bad[at] = bad[at] == '9' ? '8' : static_cast<char>(bad[at] + 1);
                        std::ofstream(folder.file("bad"), std::ios::binary) << bad;
                        CHECK(check(format, folder.file("bad")).exit != 0);
                        ++refused;
                    }
                }
    }
    CHECK(refused >= 8);
}

TEST_CASE(
    "integration/export_formats: many accounts in one run, each in a file of its own, whatever comes of the others")
{
    testing::node const node(recordings::main_data());
    support::folder folder;
    auto const done = run({"--node", node.url(), "--account", "olivia", "--account", "nobody-here", "--account",
                           "exporter-alice", "--out", folder.file("{account}.csv"), "--events"});
    CHECK(done.exit == 1);
    CHECK(done.says("nobody-here: the node knows no such account"));
    CHECK(folder.names() == "exporter-alice.csv exporter-alice.csv.report.json olivia.csv olivia.csv.report.json ");
    CHECK(lines(read_file(folder.file("olivia.csv"))) == 37);
    CHECK(lines(read_file(folder.file("exporter-alice.csv"))) == 320);
    auto const usage = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"--node", node.url()});
        return run(arguments).exit;
    };
    std::uint64_t const before = node.requests();
    CHECK(usage({"--account", "a", "--account", "b", "--out", folder.file("one.csv")}) == 2);
    CHECK(usage({"--account", "a", "--account", "a", "--out", folder.file("{account}")}) == 2);
    CHECK(usage({"--account", "../a", "--out", folder.file("{account}")}) == 2);
    std::vector<std::string> const one{"--account", "olivia", "--out", folder.file("x")};
    auto const with = [&one](std::vector<std::string> const& more) {
        auto all = one;
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    CHECK(usage(with({"--format", "koinly", "--events"})) == 2);
    CHECK(usage(with({"--format", "beancount", "--balances"})) == 2);
    CHECK(usage(with({"--format", "beancount", "--daily-fills"})) == 2);
    CHECK(usage(with({"--format", "koinly", "--daily-fills", "--since-checkpoint"})) == 2);
    CHECK(usage(with({"--since-checkpoint", "--to", "2026-01-01"})) == 2);
    CHECK(usage(with({"--events", "--since-checkpoint", "--order", "newest"})) == 2);
    CHECK(usage(with({"--balances", "--since-checkpoint"})) == 2);
    CHECK(usage(with({"--balances", "--allow-gaps"})) == 2);
    CHECK(usage(with({"--format", "ccgains", "--order", "newest"})) == 2);
    CHECK(node.requests() == before);
}

TEST_CASE("integration/export_formats: a gap: no file; with --allow-gaps a file, a report of the gap, and exit code 4 "
          "all the same")
{
    // The newest operation only, whatever is asked.
    testing::node_options options;
    options.on_request = changing(
        recordings::main_data(), {"get_relative_account_history", "get_account_history"}, [](std::string text) {
            if (text.find("\"1.11.1379\"") != text.npos) // the newest page
            {
                auto rows = from_json<std::vector<raw_json>>(member(text, "result")).value();
                rows.resize(1);
                return "{\"id\":" + std::string(member(text, "id")) + ",\"result\":" + to_json(rows) + "}";
            }
            return "{\"id\":" + std::string(member(text, "id")) + ",\"result\":[]}";
        });
    testing::node const node(recordings::main_data(), options);
    support::folder folder;
    for (std::string const format : {"events", "native", "beancount"})
    {
        CAPTURE(format);
        std::string const file = folder.file(format);
        std::vector<std::string> arguments{"--node", node.url(), "--account", "exporter-alice",
                                           "--out",  file,       "--format",  format};
        auto done = run(arguments);
        CHECK(done.exit == 4);
        CHECK(done.says("\"history_incomplete\""));
        CHECK(folder.names().find(format) == std::string::npos);
        arguments.emplace_back("--allow-gaps");
        done = run(arguments);
        CHECK(done.exit == 4);
        CHECK(done.says("The file was written all the same, as --allow-gaps says"));
        CHECK(done.says("\"complete\":false"));
        REQUIRE(fs::exists(file));
        std::string const report = report_of(file);
        CHECK(member(report, "complete") == "false");
        CHECK(member(report, "total_ops") == "319");
        CHECK(member(report, "gap_count") == "1");
        CHECK(member(report, "missing") == "319");
        CHECK(report.find("does not give operations number 1 to 318") != report.npos);
        CHECK(!fs::exists(file + ".checkpoint"));
    }
}

TEST_CASE("integration/export_formats: operations in the middle of a history that a node has forgotten are named with "
          "their neighbours")
{
    // Pages of the relative method are whole up to a place in the middle; below it there is nothing.
    testing::node_options options;
    options.on_request = changing(
        recordings::main_data(), {"get_relative_account_history", "get_account_history"}, [](std::string text) {
            auto rows = from_json<std::vector<raw_json>>(member(text, "result")).value();
            if (rows.size() > 2) // not the first look at the newest
                std::erase_if(rows, [](raw_json const& row) {
                    auto const block = from_json<std::uint32_t>(member(row.text, "block_num")).value();
                    return block > 300;
                });
            return "{\"id\":" + std::string(member(text, "id")) + ",\"result\":" + to_json(rows) + "}";
        });
    testing::node const node(recordings::main_data(), options);
    support::folder folder;
    std::string const file = folder.file("x");
    auto const done =
        run({"--node", node.url(), "--account", "exporter-alice", "--out", file, "--events", "--allow-gaps"});
    CHECK(done.exit == 4);
    REQUIRE_MESSAGE(fs::exists(file), done.out);
    std::string const report = report_of(file);
    CHECK(member(report, "complete") == "false");
    CHECK(member(report, "operations") != "319");
    CHECK(report.find("\"reason\":\"") != report.npos);
}

TEST_CASE("integration/export_formats: where two nodes are named, a sample is compared, and what differs is an error")
{
    testing::node const first(recordings::main_data()), same(recordings::main_data());
    testing::node_options options;
    options.on_request = changing(
        recordings::main_data(), {"get_relative_account_history", "get_account_history"}, [](std::string text) {
            for (std::size_t at = 0; (at = text.find("\"amount\":", at)) != text.npos; at += 10)
                if (text[at + 9] >= '1' && text[at + 9] <= '8')
                    ++text[at + 9];
            return text;
        });
    testing::node const other(recordings::main_data(), options);
    support::folder folder;
    std::string const file = folder.file("x");
    auto const export_from = [&](std::string const& second) {
        return run({"--node", first.url(), "--node", second, "--account", "exporter-alice", "--out", file, "--events"});
    };
    auto done = export_from(other.url());
    CHECK(done.exit == 4);
    CHECK(done.says("\"sources_differ\""));
    CHECK(done.says(other.url() + " says something else of operation 1.11."));
    CHECK(folder.names().empty());
    done = export_from(same.url());
    CHECK(done.exit == 0);
    std::string comparison(member(report_of(file), "comparison"));
    CHECK(member(comparison, "source") == '"' + same.url() + '"');
    CHECK(member(comparison, "compared") == "16");
    CHECK(member(comparison, "different") == "[]");
    CHECK(member(comparison, "error") == "null");
    done = export_from("ws://127.0.0.1:1"); // it was not asked for, and is no fault of the file
    CHECK(done.exit == 0);
    comparison = member(report_of(file), "comparison");
    CHECK(member(comparison, "compared") == "0");
    CHECK(comparison.find("Connection refused") != comparison.npos);
    CHECK(done.says("\"complete\":true"));
}

TEST_CASE(
    "integration/export_formats: since the last checkpoint, only what is new is read, and the file is the whole one")
{
    busy_chain busy(30);
    testing::node const node(busy.chain);
    support::folder folder;
    for (std::string const format : {"native", "events", "beancount"})
    {
        CAPTURE(format);
        std::string const file = folder.file("since." + format), whole = folder.file("whole." + format);
        std::vector<std::string> const arguments{"--node",   node.url(), "--account",         "trader", "--out", file,
                                                 "--format", format,     "--since-checkpoint"};
        auto done = run(arguments);
        REQUIRE_MESSAGE(done.exit == 0, done.out);
        CHECK(done.says("\"resumed\":false"));
        CHECK(fs::exists(file + ".checkpoint"));
        std::string const before = read_file(file);
        done = run(arguments); // nothing new
        CHECK(done.exit == 0);
        CHECK(done.says("\"resumed\":true"));
        bool equal = read_file(file) == before;
        CHECK(equal);
        busy.trade(2);
        std::uint64_t const asked = node.requests();
        done = run(arguments);
        std::uint64_t const few = node.requests() - asked;
        CHECK(done.exit == 0);
        CHECK(done.says("\"resumed\":true"));
        auto const full = run({"--node", node.url(), "--account", "trader", "--out", whole, "--format", format});
        CHECK(full.exit == 0);
        CHECK(read_file(file).size() > before.size());
        equal = read_file(file) == read_file(whole);
        CHECK(equal);
        CHECK(node.requests() - asked - few > few); // all of it takes more
        CHECK(member(report_of(file), "operations") == member(report_of(whole), "operations"));
        CHECK(member(report_of(file), "sha256") == member(report_of(whole), "sha256"));
        CHECK(!fs::exists(whole + ".checkpoint"));
        // Somebody has changed the file: it is written anew.
        std::ofstream(file, std::ios::in | std::ios::binary) << "X";
        done = run(arguments);
        CHECK(done.exit == 0);
        CHECK(done.says("\"resumed\":false"));
        equal = read_file(file) == read_file(whole);
        CHECK(equal);
        // The chain went another way behind the checkpoint.
        busy.chain->undo_blocks(2, false);
        busy.chain->produce_blocks(3);
        done = run(arguments);
        CHECK_MESSAGE(done.exit == 0, done.out);
        CHECK(done.says("\"resumed\":false"));
        CHECK(read_file(file).size() < read_file(whole).size());
    }
}

TEST_CASE(
    "integration/export_formats: killed at any moment, the next run goes on, and the file is the same, whatever the "
    "source")
{
    busy_chain busy(40);
    testing::node_options slow;
    slow.delay = std::chrono::milliseconds(1);
    testing::node const node(busy.chain, slow);
    auto const documents = documents_of(node.url(), busy.trader);
    REQUIRE(documents.size() > 2'500);
    test::es_site const cluster(documents);
    test::wrapper_site v1(test::wrapper_server::kind::v1, documents);
    // A page takes a while, so that there is something between two checkpoints.
    auto const after_a_while = [](auto& site) {
        return bitshares_test::answering_http([&site](bitshares_test::http_question const& q) {
            std::this_thread::sleep_for(std::chrono::milliseconds(15));
            return site.answer(q);
        });
    };
    bitshares_test::http_server const search(after_a_while(cluster)), wrapper(after_a_while(v1));
    support::folder folder;
    std::string const formats[] = {"native", "beancount", "events", "koinly"};
    std::string const kinds[] = {"node", "es", "wrapper", "file"};
    std::string const sources[] = {"", "es+" + search.url(), "wrapper+" + wrapper.url(),
                                   "file:" + folder.file("source")};
    auto const arguments = [&](std::string const& format, std::string const& source, std::string const& file) {
        std::vector<std::string> all{"--node",      node.url(), "--account",          "trader",
                                     "--out",       file,       "--format",           format,
                                     "--in-flight", "1",        "--checkpoint-every", "0"};
        if (!source.empty())
            all.insert(all.end(), {"--source", source});
        return all;
    };
    REQUIRE(run(arguments("jsonl", "", folder.file("source"))).exit == 0);
    std::string whole[4];
    std::map<std::string, std::chrono::steady_clock::duration> took; // by the arguments
    auto const export_whole = [&](std::size_t format, std::string const& source) {
        auto const start = std::chrono::steady_clock::now();
        auto const done = run(arguments(formats[format], source, folder.file("whole")));
        REQUIRE_MESSAGE(done.exit == 0, done.out);
        took[formats[format] + source] = std::chrono::steady_clock::now() - start;
        return read_file(folder.file("whole"));
    };
    for (std::size_t i = 0; i < 4; ++i)
        whole[i] = export_whole(i, "");
    std::mt19937 random{20261121};
    int const wanted = kills_wanted();
    int kills = 0, gone = 0;
    int killed_of[4] = {}, resumed_of[4] = {};
    std::string const file = folder.file("killed");
    for (int round = 0; kills < wanted && round < 3 * wanted + 20; ++round)
    {
        std::size_t const which = static_cast<std::size_t>(round) / 4 % 4,
                          kind = (static_cast<std::size_t>(round) + 1) % 4;
        std::string const& source = sources[kind];
        CAPTURE(formats[which]);
        CAPTURE(kinds[kind]);
        if (!took.contains(formats[which] + source))
        {
            bool const as_of_node = export_whole(which, source) == whole[which];
            CHECK(as_of_node);
        }
        fs::remove(file);
        bool const killed = [&] {
            support::process program(command(arguments(formats[which], source, file)));
            auto const most =
                std::chrono::duration_cast<std::chrono::microseconds>(took[formats[which] + source]).count();
            std::this_thread::sleep_for(
                std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(most / 10, most)(random)));
            program.signal(SIGKILL);
            return program.wait() == 128 + SIGKILL;
        }();
        if (!killed)
            continue;
        ++kills;
        ++killed_of[kind];
        gone += !fs::exists(file);
        auto const done = run(arguments(formats[which], source, file));
        REQUIRE_MESSAGE(done.exit == 0, done.out);
        resumed_of[kind] += done.says("\"resumed\":true");
        bool const equal = read_file(file) == whole[which];
        CHECK(equal);
        CHECK(!fs::exists(file + ".partial"));
        CHECK(!fs::exists(file + ".checkpoint"));
    }
    int resumed = 0;
    for (std::size_t kind = 0; kind < 4; ++kind)
    {
        MESSAGE(kinds[kind] << ": " << killed_of[kind] << " kills, " << resumed_of[kind]
                            << " exports went on behind a checkpoint");
        resumed += resumed_of[kind];
        if (wanted >= 20)
            CHECK(killed_of[kind] >= wanted / 8);
        if (wanted >= 100)
            CHECK(resumed_of[kind] > 0);
    }
    CHECK(kills == wanted);
    CHECK(gone > 0);
    if (wanted >= 20)
        CHECK(resumed >= wanted / 5);
}

TEST_CASE("integration/export_formats: interrupted or without its node, an export is kept from its checkpoint on; "
          "another's is not taken")
{
    busy_chain busy(16);
    std::atomic<int> pages = 0, most = 13;
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("get_relative_account_history") == frame.npos || ++pages < most)
            return std::nullopt;
        testing::node_reply reply;
        reply.drop = true;
        return reply;
    };
    testing::node const node(busy.chain, options);
    support::folder folder;
    std::string const file = folder.file("x");
    std::vector<std::string> arguments{"--node",      node.url(), "--account",          "trader", "--out", file,
                                       "--in-flight", "1",        "--checkpoint-every", "0"};
    auto done = run(arguments);
    CHECK(done.exit == 3);
    CHECK(done.says("What is there so far is kept: the same command goes on behind it."));
    CHECK(folder.names() == "x.checkpoint x.partial ");
    std::string const checkpoint = read_file(folder.file("x.checkpoint"));
    // Another format's, or one of another program, is of no use; a damaged file is not gone on with.
    most = 1'000'000;
    auto other = arguments;
    other.insert(other.end(), {"--format", "beancount"});
    done = run(other);
    CHECK(done.exit == 0);
    CHECK(done.says("\"resumed\":false"));
    CHECK(folder.names() == "x x.report.json ");
    CHECK(run({"--node", node.url(), "--account", "trader", "--out", file}).exit == 0);
    std::string const whole = read_file(file);
    for (int damage = 0; damage < 3; ++damage)
    {
        CAPTURE(damage);
        pages = 0;
        most = 13;
        CHECK(run(arguments).exit == 3);
        most = 1'000'000;
        if (damage == 1)
            fs::resize_file(folder.file("x.partial"), 100);
        if (damage == 2)
            std::ofstream(folder.file("x.checkpoint"), std::ios::binary) << checkpoint.substr(0, checkpoint.size() / 2);
        done = run(arguments);
        CHECK(done.exit == 0);
        CHECK(done.says(damage == 0 ? "\"resumed\":true" : "\"resumed\":false"));
        CHECK(folder.names() == "x x.report.json ");
        bool const equal = read_file(file) == whole;
        CHECK(equal);
    }
}

TEST_CASE("integration/export_formats: two runs do not write one file")
{
    testing::node_options options;
    options.on_request = [](std::string_view frame) -> std::optional<testing::node_reply> {
        return frame.find("get_relative_account_history") == frame.npos
                   ? std::nullopt
                   : std::optional(testing::node_reply()); // silence
    };
    testing::node const silent(recordings::main_data(), options), node(recordings::main_data());
    support::folder folder;
    std::string const file = folder.file("x");
    support::process first(command({"--node", silent.url(), "--account", "olivia", "--out", file, "--timeout", "60"}));
    for (int i = 0; i < 2000 && !fs::exists(file + ".partial"); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    auto const second = run({"--node", node.url(), "--account", "olivia", "--out", file});
    CHECK(second.exit == 4);
    CHECK(second.says("another run is writing it"));
    first.signal(SIGTERM);
    CHECK(first.wait() == 5);
    CHECK(folder.names().empty());
    CHECK(run({"--node", node.url(), "--account", "olivia", "--out", file}).exit == 0);
}
