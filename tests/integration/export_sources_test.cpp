#include "support/folder.hpp"
#include "support/process.hpp"
#include "support/recordings.hpp"
#include "support/search_sites.hpp"

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/objects.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace bitshares;
using bitshares_test::answering_http;
using bitshares_test::http_answer;
using bitshares_test::http_question;
using bitshares_test::http_server;
using kind = test::wrapper_server::kind;

namespace {

std::string read_file(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct finished
{
    int exit = -1;
    test::json_value summary; // of standard output, where there is one
    std::string err;
    std::string file;
    std::string report;
};

// Runs bts-export; the file is gone afterwards unless `into` is given.
finished run(std::vector<std::string> const& arguments, support::folder const* into = nullptr)
{
    support::folder const own;
    support::folder const& folder = into ? *into : own;
    std::string const out = folder.file("out"), err = folder.file("err");
    std::vector<std::string> command{
        "/bin/sh", "-c", "exec \"$@\" 2>\"$0\"", err, std::string(BITSHARES_PROGRAMS_DIR) + "/bts-export", "--json",
        "--out",   out};
    command.insert(command.end(), arguments.begin(), arguments.end());
    support::process program(command);
    std::string const said = program.communicate("");
    finished f;
    f.exit = program.wait();
    if (!said.empty())
        f.summary = test::json_value::parse(said);
    f.err = read_file(err);
    f.file = read_file(out);
    f.report = read_file(out + ".report.json");
    return f;
}

bool says(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

std::vector<test::stored_operation> const& documents()
{
    static auto const all = test::recorded_operations("object");
    return all;
}

std::uint64_t account(std::string const& name)
{
    return account_id::from_string(recordings::main_chain().account(name)->id)->instance;
}

http_server::conduct_type site(test::es_site const& es)
{
    return answering_http([&es](http_question const& q) { return es.answer(q); });
}

std::string es(http_server const& server)
{
    return "es+" + server.url();
}

} // namespace

TEST_CASE("bts-export: every source gives the same file")
{
    testing::node const node(recordings::main_data());
    test::es_site const cluster(documents());
    http_server const search(site(cluster));
    test::wrapper_site v1(kind::v1, documents()), v2(kind::v2, documents());
    http_server const first(answering_http([&](http_question const& q) { return v1.answer(q); }));
    http_server const second(answering_http([&](http_question const& q) { return v2.answer(q); }));
    support::folder const folder;
    for (std::string const name : {"exporter-alice", "trader-bob"})
    {
        auto const by_node = run({"--node", node.url(), "--account", name, "--events", "--format", "jsonl"});
        REQUIRE(by_node.exit == 0);
        std::string const file = folder.file(name + ".jsonl");
        std::ofstream(file, std::ios::binary) << by_node.file;
        for (std::string const& source :
             {es(search), "wrapper+" + first.url(), "wrapper+" + second.url(), "file:" + file, node.url()})
        {
            auto const f =
                run({"--node", node.url(), "--source", source, "--account", name, "--events", "--format", "jsonl"});
            INFO(source << ": " << f.err);
            CHECK(f.exit == 0);
            CHECK(f.file == by_node.file);
            CHECK(f.summary["complete"].as_bool());
            CHECK(f.summary["operations"].as_uint() == by_node.summary["operations"].as_uint());
            REQUIRE(f.summary["sources"].size() == 1);
            CHECK(f.summary["sources"][0]["source"].text() == source);
            CHECK(says(f.report, source));
        }
    }
    // What the ledger makes of it, with the balances that the node tells; and in a range.
    std::string const file = "file:" + folder.file("exporter-alice.jsonl");
    for (std::vector<std::string> const& more : {std::vector<std::string>{},
                                                 {"--format", "beancount"},
                                                 {"--format", "koinly", "--daily-fills"},
                                                 {"--from", "2026-11-21T03:45:00", "--events"}})
    {
        std::vector<std::string> arguments{"--node", node.url(), "--account", "exporter-alice"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        auto const by_node = run(arguments);
        REQUIRE(by_node.exit == 0);
        for (std::string const& source : {es(search), file})
        {
            auto with = arguments;
            with.insert(with.end(), {"--source", source});
            auto const f = run(with);
            INFO(source << ": " << f.err);
            CHECK(f.exit == 0);
            CHECK(f.file == by_node.file);
        }
    }
    auto const newest = run({"--node", node.url(), "--account", "exporter-alice", "--events", "--order", "newest"});
    auto const of_cluster = run(
        {"--source", es(search), "--node", node.url(), "--account", "exporter-alice", "--events", "--order", "newest"});
    CHECK(of_cluster.exit == 0);
    CHECK(of_cluster.file == newest.file);
}

TEST_CASE("bts-export: a source fills the gaps of the ones before; without it nothing is written and the gap is named")
{
    testing::node const node(recordings::main_data());
    auto partial = documents();
    std::uint64_t const alice = account("exporter-alice");
    std::erase_if(partial, [&](test::stored_operation const& d) {
        return d.account == alice && (d.sequence < 3 || (d.sequence > 100 && d.sequence < 111) || d.sequence > 310);
    });
    test::es_site const cluster(partial);
    http_server const search(site(cluster));
    auto const whole = run({"--node", node.url(), "--account", "exporter-alice"});
    REQUIRE(whole.exit == 0);
    auto const total = whole.summary["total_ops"].as_uint();

    auto const alone = run({"--node", node.url(), "--source", es(search), "--account", "exporter-alice", "--events"});
    CHECK(alone.exit == 4);
    CHECK(alone.file.empty());
    INFO(alone.err);
    CHECK(says(alone.err, "101 to 110 are missing"));
    CHECK(says(alone.err, "2 more gaps"));
    CHECK(says(alone.err, "further --source"));
    auto const allowed =
        run({"--node", node.url(), "--source", es(search), "--account", "exporter-alice", "--events", "--allow-gaps"});
    CHECK(allowed.exit == 4);
    auto const report = test::json_value::parse(allowed.report);
    CHECK(report["gap_count"].as_uint() == 3);
    CHECK(report["missing"].as_uint() == 2 + 10 + total - 310);

    // The node is the second source, and the one that tells names and balances.
    auto const filled = run({"--source", es(search), "--source", node.url(), "--account", "exporter-alice"});
    INFO(filled.err);
    CHECK(filled.exit == 0);
    CHECK(filled.file == whole.file);
    auto const parts = test::json_value::parse(filled.report)["parts"];
    REQUIRE(parts.size() == 2);
    CHECK(parts[0]["source"].text() == es(search));
    CHECK(parts[0]["operations"].as_uint() == 298);
    CHECK(parts[0]["first"].as_uint() == 3);
    CHECK(parts[1]["operations"].as_uint() == 12 + total - 310);
    CHECK(parts[1]["last"].as_uint() == total);
}

TEST_CASE("bts-export: a node whose lists have holes gives no ledger, and says what to do; a further source fills them")
{
    testing::node holey(recordings::main_data());
    testing::node const whole(recordings::main_data());
    auto const by_node = run({"--node", whole.url(), "--account", "exporter-alice"});
    REQUIRE(by_node.exit == 0);
    auto const& operations = recordings::main_chain().account("exporter-alice")->operations;
    for (std::size_t const at : {std::size_t{0}, operations.size() / 2, operations.size() - 1})
    {
        CAPTURE(at);
        auto const block = from_json<operation_history_object>(operations[at].json)->block_num;
        testing::faults hole;
        hole.history_hole = testing::hole_fault{block, block};
        holey.set_faults(hole);
        auto const alone = run({"--node", holey.url(), "--account", "exporter-alice"});
        INFO(alone.err);
        CHECK(alone.exit == 4);
        CHECK(alone.file.empty());
        CHECK(says(alone.err, "another --node"));
        CHECK(says(alone.err, "--source"));
        auto const filled = run(
            {"--node", holey.url(), "--source", holey.url(), "--source", whole.url(), "--account", "exporter-alice"});
        INFO(filled.err);
        CHECK(filled.exit == 0);
        CHECK(filled.file == by_node.file);
    }
}

TEST_CASE(
    "bts-export: nothing is missing at the ends of a range, proven by the operations just outside, or there is no file")
{
    testing::node const node(recordings::main_data());
    testing::node historyless(recordings::main_data());
    testing::faults no_history;
    no_history.missing_apis = {"history"};
    historyless.set_faults(no_history);
    std::uint64_t const alice = account("exporter-alice");
    auto part = documents();
    std::erase_if(part, [&](test::stored_operation const& d) {
        return d.account == alice && (d.sequence < 100 || d.sequence > 200);
    });
    test::es_site const some(part), all(documents());
    test::wrapper_site wrapper(kind::v2, documents());
    http_server const partial(site(some)), whole(site(all));
    http_server const wrapped(answering_http([&](http_question const& q) { return wrapper.answer(q); }));
    auto const export_from = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--account", "exporter-alice", "--events", "--format", "jsonl", "--from",
                                 "2026-11-21T03:40:06", "--to", "2026-11-21T03:44:45"});
        return run(more);
    };
    auto const by_node = export_from({"--node", node.url()});
    REQUIRE(by_node.exit == 0);
    REQUIRE(by_node.summary["rows"].as_uint() == 214);
    support::folder const folder;
    std::string const exact = "file:" + folder.file("exact.jsonl"), longer = "file:" + folder.file("longer.jsonl");
    std::ofstream(folder.file("exact.jsonl"), std::ios::binary) << by_node.file;
    auto const all_of_node =
        run({"--node", node.url(), "--account", "exporter-alice", "--events", "--format", "jsonl"});
    std::ofstream(folder.file("longer.jsonl"), std::ios::binary) << all_of_node.file;
    std::ofstream(folder.file("longer.jsonl.report.json"), std::ios::binary) << all_of_node.report;

    // Whoever has it all; the node, or the source itself, knows where the range ends.
    for (std::string const& source : {es(whole), "wrapper+" + wrapped.url(), longer})
        for (testing::node const* of : {&node, static_cast<testing::node const*>(&historyless)})
        {
            auto const f = export_from({"--node", of->url(), "--source", source});
            INFO(source << ": " << f.err);
            CHECK(f.exit == 0);
            CHECK(f.file == by_node.file);
        }
    auto const newest =
        run({"--node", historyless.url(), "--source", es(whole), "--account", "exporter-alice", "--events", "--order",
             "newest", "--from", "2026-11-21T03:40:06", "--to", "2026-11-21T03:44:45"});
    CHECK(newest.exit == 0);
    CHECK(newest.summary["rows"].as_uint() == 214);

    // Too little, and the node says so.
    auto const first = test::json_value::parse(by_node.report)["first"]["sequence"].as_uint();
    auto const last = test::json_value::parse(by_node.report)["last"]["sequence"].as_uint();
    auto const few = export_from({"--node", node.url(), "--source", es(partial)});
    INFO(few.err);
    CHECK(few.exit == 4);
    CHECK(few.file.empty());
    CHECK(says(few.err, "operations number " + std::to_string(first) + " to 99 are missing"));
    CHECK(says(few.err, "1 more gap"));
    auto const allowed = export_from({"--node", node.url(), "--source", es(partial), "--allow-gaps"});
    CHECK(allowed.exit == 4);
    auto const report = test::json_value::parse(allowed.report);
    CHECK(!report["complete"].as_bool());
    CHECK(report["gaps"][0]["first"].as_uint() == first);
    CHECK(report["gaps"][1]["last"].as_uint() == last);
    CHECK(report["missing"].as_uint() == 214 - 101);
    // A further source fills both ends.
    auto const filled = export_from({"--node", node.url(), "--source", es(partial), "--source", node.url()});
    INFO(filled.err);
    CHECK(filled.exit == 0);
    CHECK(filled.file == by_node.file);
    CHECK(filled.summary["sources"][0]["operations"].as_uint() == 101);

    // The whole range and nothing else proves nothing by itself.
    auto const proven = export_from({"--node", node.url(), "--source", exact});
    INFO(proven.err);
    CHECK(proven.exit == 0);
    CHECK(proven.file == by_node.file);
    auto const unproven = export_from({"--node", historyless.url(), "--source", exact});
    INFO(unproven.err);
    CHECK(unproven.exit == 4);
    CHECK(unproven.file.empty());
    CHECK(says(unproven.err, "whether they are in the range is not known"));

    // A range without operations: the first of all is behind it.
    for (testing::node const* of : {&node, static_cast<testing::node const*>(&historyless)})
    {
        auto const none = run({"--node", of->url(), "--source", es(whole), "--account", "exporter-alice", "--events",
                               "--from", "2026-11-20", "--to", "2026-11-20T01:00:00"});
        INFO(none.err);
        CHECK(none.exit == 0);
        CHECK(none.summary["rows"].as_uint() == 0);
    }
}

TEST_CASE("bts-export: an asset, a counterparty, blocks and types choose what is written; all is read and proven")
{
    testing::node const node(recordings::main_data());
    test::es_site const cluster(documents());
    test::wrapper_site v2(kind::v2, documents());
    http_server const search(site(cluster));
    http_server const wrapped(answering_http([&](http_question const& q) { return v2.answer(q); }));
    support::folder const folder;
    std::vector<std::string> const lines{"--account", "exporter-alice", "--events", "--format", "jsonl"};
    auto const with = [&](std::vector<std::string> arguments, std::vector<std::string> const& more) {
        arguments.insert(arguments.end(), {"--node", node.url()});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    };
    auto const whole = with(lines, {});
    REQUIRE(whole.exit == 0);
    std::string const file = "file:" + folder.file("alice.jsonl");
    std::ofstream(folder.file("alice.jsonl"), std::ios::binary) << whole.file;

    // Lines of the whole, chosen by their text, in which only fees are left out.
    auto const chosen = [&](std::function<bool(test::json_value const&, std::string const&)> const& wanted) {
        static std::regex const fee(R"("fee":\{[^}]*\})");
        std::string text;
        std::istringstream in(whole.file);
        for (std::string line; std::getline(in, line);)
        {
            auto const value = test::json_value::parse(line);
            if (wanted(value, std::regex_replace(value["op"].dump() + value["result"].dump(), fee, "")))
                text += line + "\n";
        }
        return text;
    };
    auto const names = [](std::string const& text, std::string const& id) {
        return text.find('"' + id + '"') != text.npos;
    };
    auto const bob = recordings::main_chain().account("trader-bob")->id;
    auto const first = test::json_value::parse(whole.file.substr(0, whole.file.find('\n')))["block"].as_uint();
    struct choice
    {
        std::vector<std::string> options;
        std::string text;
    };
    std::vector<choice> const choices{
        {{"--counterparty", "trader-bob"}, chosen([&](auto const&, auto const& t) { return names(t, bob); })},
        {{"--counterparty", "trader-bob", "--counterparty", "1.2.17"},
         chosen([&](auto const&, auto const& t) { return names(t, bob) || names(t, "1.2.17"); })},
        {{"--asset", "1.3.1"}, chosen([&](auto const&, auto const& t) { return names(t, "1.3.1"); })},
        {{"--asset", "BTS"}, chosen([&](auto const&, auto const& t) { return names(t, "1.3.0"); })},
        {{"--from-block", std::to_string(first + 30), "--to-block", std::to_string(first + 200)},
         chosen([&](auto const& v, auto const&) {
             return v["block"].as_uint() >= first + 30 && v["block"].as_uint() <= first + 200;
         })},
        {{"--asset", "BTS", "--counterparty", bob, "--type", "transfer", "--to-block", std::to_string(first + 200)},
         chosen([&](auto const& v, auto const& t) {
             return names(t, "1.3.0") && names(t, bob) && v["type"].text() == "transfer" &&
                    v["block"].as_uint() <= first + 200;
         })}};
    for (choice const& c : choices)
    {
        CAPTURE(c.options);
        CHECK(!c.text.empty());
        CHECK(c.text.size() < whole.file.size());
        for (std::string const& source : {node.url(), es(search), "wrapper+" + wrapped.url(), file})
        {
            auto arguments = lines;
            arguments.insert(arguments.end(), {"--source", source});
            auto const f = with(arguments, c.options);
            INFO(source << ": " << f.err);
            CHECK(f.exit == 0);
            CHECK(f.file == c.text);
            CHECK(f.summary["operations"].as_uint() == whole.summary["operations"].as_uint());
        }
    }
    // The report says what was chosen.
    auto const report = test::json_value::parse(with(lines, choices[5].options).report);
    CHECK(report["complete"].as_bool());
    CHECK(report["types"][0].text() == "transfer");
    CHECK(report["assets"][0].text() == "1.3.0");
    CHECK(report["counterparties"][0].text() == bob);
    CHECK(report["last_block"].as_uint() == first + 200);
    // The ledger's rows, which are reconciled all the same.
    auto const ledger = with({"--account", "exporter-alice"}, {"--counterparty", "trader-bob"});
    CHECK(ledger.exit == 0);
    CHECK(ledger.summary["reconciled"].as_bool());
    std::string const all = with({"--account", "exporter-alice"}, {}).file;
    std::string rows;
    std::istringstream in(all);
    for (std::string line; std::getline(in, line);)
    {
        auto const at = line.find("1.11.");
        if (at == line.npos ||
            says(choices[0].text, "\"operation_id\":\"" + line.substr(at, line.find(',', at) - at) + '"'))
            rows += line + "\n";
    }
    CHECK(ledger.file == rows);
    CHECK(std::count(rows.begin(), rows.end(), '\n') > 5);
    // What is not there is no empty file.
    for (auto const& [option, name] :
         {std::pair("--asset", "NOTHING"), {"--asset", "1.3.77777"}, {"--counterparty", "nobody-at-all"}})
    {
        auto const f = with(lines, {option, name});
        CHECK(f.exit == 1);
        CHECK(f.file.empty());
        CHECK(says(f.err, name));
    }
    CHECK(with(lines, {"--from-block", "5", "--to-block", "4"}).exit == 2);
    CHECK(with({"--account", "exporter-alice", "--balances"}, {"--asset", "BTS"}).exit == 2);
}

TEST_CASE("bts-export: sources that say different things are told apart")
{
    testing::node const node(recordings::main_data());
    auto other = documents();
    for (auto& d : other)
        if (auto const at = d.recorded.find("\"trx_in_block\":"); at != d.recorded.npos)
            d.recorded.insert(at + 15, "1"); // another number
    test::es_site const forged(other), good(documents());
    http_server const wrong(site(forged)), right(site(good));
    auto const same = run({"--source", node.url(), "--source", es(right), "--account", "trader-bob", "--events"});
    CHECK(same.exit == 0);
    auto const comparison = test::json_value::parse(same.report)["comparison"];
    CHECK(comparison["source"].text() == es(right));
    CHECK(comparison["compared"].as_uint() == 16);
    auto const differs = run({"--source", node.url(), "--source", es(wrong), "--account", "trader-bob", "--events"});
    CHECK(differs.exit == 4);
    CHECK(differs.file.empty());
    CHECK(says(differs.err, es(wrong) + " says something else"));
    // What the other one does not have is no difference; it is told.
    auto few = documents();
    std::erase_if(few, [](test::stored_operation const& d) { return d.sequence > 100; });
    test::es_site const beginning(few);
    http_server const lacking(site(beginning));
    auto const less = run({"--source", node.url(), "--source", es(lacking), "--account", "trader-bob", "--events"});
    CHECK(less.exit == 0);
    auto const noted = test::json_value::parse(less.report)["comparison"];
    CHECK(noted["lacking"].size() != 0);
    CHECK(noted["compared"].as_uint() + noted["lacking"].size() == 16);
    CHECK(noted["different"].size() == 0);
}

TEST_CASE("bts-export: one source alone is held against the node: another account's or another chain's gives no file")
{
    testing::node const node(recordings::main_data());
    support::folder const folder;
    std::string const alice = folder.file("alice.jsonl"), forged = folder.file("forged.jsonl");
    auto const by_node = run({"--node", node.url(), "--account", "exporter-alice", "--events", "--format", "jsonl"});
    REQUIRE(by_node.exit == 0);
    std::ofstream(alice, std::ios::binary) << by_node.file; // without the report, which would say whose it is
    auto const export_of = [&](std::string const& account, std::string const& source, std::string const& to) {
        std::vector<std::string> arguments{"--node", to, "--account", account, "--source", source, "--events"};
        return run(arguments);
    };
    auto const same = export_of("exporter-alice", "file:" + alice, node.url());
    INFO(same.err);
    CHECK(same.exit == 0);
    auto comparison = test::json_value::parse(same.report)["comparison"];
    CHECK(comparison["source"].text() == node.url());
    CHECK(comparison["compared"].as_uint() == 16);
    CHECK(comparison["lacking"].size() == 0);

    // More than the account has.
    auto const more = export_of("trader-bob", "file:" + alice, node.url());
    INFO(more.err);
    CHECK(more.exit == 4);
    CHECK(more.file.empty());
    CHECK(more.summary["error"]["code"].text() == "sources_differ");
    CHECK(says(more.err, "file:" + alice));
    CHECK(says(more.err, "number 173"));
    CHECK(says(more.err, "counts only 172"));

    // As many, and others.
    std::string const lines = by_node.file;
    std::size_t end = 0;
    for (int line = 0; line < 172; ++line)
        end = lines.find('\n', end) + 1;
    std::ofstream(forged, std::ios::binary) << lines.substr(0, end);
    auto const others = export_of("trader-bob", "file:" + forged, node.url());
    INFO(others.err);
    CHECK(others.exit == 4);
    CHECK(others.file.empty());
    CHECK(others.summary["error"]["code"].text() == "sources_differ");
    CHECK(says(others.err, node.url() + " says something else"));
    auto documents_of_other = documents();
    for (auto& d : documents_of_other)
        if (auto const at = d.recorded.find("\"trx_in_block\":"); at != d.recorded.npos)
            d.recorded.insert(at + 15, "1");
    test::es_site const other(documents_of_other);
    http_server const search(site(other));
    auto const chain = export_of("trader-bob", es(search), node.url());
    CHECK(chain.exit == 4);
    CHECK(says(chain.err, node.url() + " says something else"));

    // A node that gives no history proves nothing: the file's own report has to say whose it is, and ours, that nothing agreed.
    testing::node without(recordings::main_data());
    testing::faults f;
    f.missing_apis = {"history"};
    without.set_faults(f);
    auto const nobodys = export_of("exporter-alice", "file:" + alice, without.url());
    INFO(nobodys.err);
    CHECK(nobodys.exit == 4);
    CHECK(nobodys.file.empty());
    CHECK(nobodys.summary["error"]["code"].text() == "account_unknown");
    CHECK(says(nobodys.err, "FILE.report.json"));
    std::ofstream(alice + ".report.json", std::ios::binary) << by_node.report;
    auto const alone = export_of("exporter-alice", "file:" + alice, without.url());
    INFO(alone.err);
    CHECK(alone.exit == 0);
    comparison = test::json_value::parse(alone.report)["comparison"];
    CHECK(comparison["compared"].as_uint() == 0);
    CHECK(!comparison["error"].text().empty());
}

TEST_CASE("bts-export: what a server says instead of a history is told, and the next source goes on")
{
    testing::node const node(recordings::main_data());
    test::es_site const cluster(documents());
    std::atomic<int> asked = 0;
    bitshares_test::guarded<std::string> bad;
    http_server const spoilt(
        answering_http([&](http_question const& q) { return ++asked > 2 ? bad.get() : cluster.answer(q); }));
    auto const events = [&](std::vector<std::string> more) {
        asked = 0;
        more.insert(more.end(), {"--node", node.url(), "--account", "exporter-alice", "--events"});
        return run(more);
    };
    for (int const status : {401, 403})
    {
        bad = http_answer(R"({"error":{"type":"security_exception","reason":"missing rights"}})", status);
        auto const f = events({"--source", es(spoilt)});
        CHECK(f.exit == 3);
        CHECK(f.file.empty());
        CHECK(says(f.err, es(spoilt)));
        CHECK(says(f.err, "missing rights"));
        CHECK(says(f.err, "user:password@"));
        CHECK(f.summary["error"]["code"].text() == "login_refused");
    }
    bad = http_answer(R"({"error":{"type":"index_not_found_exception","reason":"no such index"}})", 404);
    auto const refused = events({"--source", es(spoilt)});
    CHECK(refused.exit == 3);
    CHECK(says(refused.err, "no such index"));
    bad = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: https://login.example/\r\n\r\n";
    auto const moved = events({"--source", es(spoilt)});
    CHECK(moved.exit == 3);
    CHECK(says(moved.err, "https://login.example/"));
    bad = http_answer(R"({"timed_out":false,"_shards":{"total":3,"failed":1},"hits":{"hits":[]}})");
    auto const partial = events({"--source", es(spoilt)});
    CHECK(partial.exit == 3);
    CHECK(partial.file.empty());
    CHECK(says(partial.err, "1 of 3 shards failed"));
    CHECK(says(partial.err, "_cluster/health"));
    CHECK(partial.summary["error"]["code"].text() == "partial_reply");
    // Busy for a while.
    http_server const busy(answering_http([&](http_question const& q) {
        int const n = ++asked;
        return n == 2 ? http_answer("", 503) : n == 4 ? http_answer("", 429, "Retry-After: 0\r\n") : cluster.answer(q);
    }));
    auto const patient = events({"--source", es(busy)});
    CHECK(patient.exit == 0);
    // For good: the next source has it.
    bad = http_answer("", 401);
    auto const left = events({"--source", es(spoilt), "--source", node.url()});
    INFO(left.err);
    CHECK(left.exit == 0);
    CHECK(left.file == patient.file);
    CHECK(!left.summary["sources"][0]["error"].text().empty());
}

TEST_CASE("bts-export: more operations of one second and type than a wrapper can be made to tell give no file")
{
    testing::node const node(recordings::main_data());
    std::uint64_t const alice = account("exporter-alice");
    std::vector<test::stored_operation> made;
    for (std::uint64_t i = 0; i < 20'001; ++i)
    {
        test::stored_operation d;
        d.id = 100 + i;
        d.account = alice;
        d.sequence = i + 1;
        d.history_id = i;
        d.block = recordings::main_chain().blocks.rbegin()->first; // which the node need not have counted
        d.time = 10'000;
        made.push_back(d);
    }
    for (bool const fewer : {false, true})
    {
        if (fewer)
            made.resize(19'999);
        test::wrapper_site wrapper(kind::v1, made);
        http_server const wrapped(answering_http([&](http_question const& q) { return wrapper.answer(q); }));
        auto const f = run(
            {"--node", node.url(), "--source", "wrapper+" + wrapped.url(), "--account", "exporter-alice", "--events"});
        INFO(f.err);
        CHECK(f.exit == 4);
        CHECK(f.file.empty());
        if (fewer) // all are read, from both ends, and are not what the node says
        {
            CHECK(f.summary["error"]["code"].text() == "sources_differ");
            continue;
        }
        CHECK(f.summary["error"]["code"].text() == "tie_too_large");
        CHECK(says(f.err, "20001 operations of type 0"));
        CHECK(says(f.err, "further --source"));
    }
}

TEST_CASE("bts-export: with --since-checkpoint the next run may use another source")
{
    testing::node const node(recordings::main_data());
    test::es_site const cluster(documents());
    http_server const search(site(cluster));
    support::folder const folder;
    std::vector<std::string> const usual{"--node",   node.url(), "--account",          "exporter-alice",
                                         "--format", "jsonl",    "--since-checkpoint", "--events"};
    auto with = usual;
    with.insert(with.end(), {"--source", es(search)});
    auto const first = run(with, &folder);
    REQUIRE(first.exit == 0);
    for (auto const& arguments : {usual, with})
    {
        auto const next = run(arguments, &folder);
        INFO(next.err);
        CHECK(next.exit == 0);
        CHECK(next.summary["resumed"].as_bool());
        CHECK(next.file == first.file);
    }
}

TEST_CASE("bts-export: what a checkpoint is of, only a run that chooses the same goes on with")
{
    testing::node const node(recordings::main_data());
    std::vector<std::string> const usual{"--node",   node.url(), "--account",          "exporter-alice",
                                         "--format", "jsonl",    "--since-checkpoint", "--events"};
    std::vector<std::vector<std::string>> const chosen{
        {"--asset", "1.3.0"}, {"--counterparty", "trader-bob"}, {"--from-block", "100"}, {"--to-block", "100000"}};
    for (auto const& more : chosen)
    {
        CAPTURE(more[0]);
        auto with = usual;
        with.insert(with.end(), more.begin(), more.end());
        auto const fresh = run(with);
        REQUIRE(fresh.exit == 0);
        support::folder const folder;
        REQUIRE(run(usual, &folder).exit == 0);
        auto const first = run(with, &folder);
        INFO(first.err);
        CHECK(first.exit == 0);
        CHECK_FALSE(first.summary["resumed"].as_bool());
        CHECK(first.file == fresh.file);
        auto const next = run(with, &folder);
        CHECK(next.exit == 0);
        CHECK(next.summary["resumed"].as_bool());
        CHECK(next.file == fresh.file);
    }
}

TEST_CASE("bts-export: of a history that ends too early, what is certain is kept for another run")
{
    testing::node const node(recordings::main_data());
    auto made = test::made_operations(2500);
    for (test::stored_operation& d : made)
        d.block = recordings::main_chain().blocks.rbegin()->first; // which the node need not have counted
    test::es_site const cluster(std::move(made));
    // One more is counted than there is.
    http_server const search(answering_http([&](http_question const& q) {
        std::string answer = cluster.answer(q);
        if (std::size_t const at = answer.find(R"("value":2500)"); at != answer.npos)
            answer.replace(at, 12, R"("value":2501)");
        return answer;
    }));
    support::folder const folder;
    auto const f = run({"--node", node.url(), "--source", es(search), "--account", "1.2.18", "--events", "--format",
                        "jsonl", "--checkpoint-every", "0"},
                       &folder);
    INFO(f.err);
    CHECK(f.exit == 4);
    CHECK(says(f.err, "the server gave 2500 of 2501 documents"));
    CHECK(says(f.err, "What is there so far is kept"));
    CHECK(folder.names() == "err out.checkpoint out.partial ");
}

TEST_CASE("bts-export: what cannot be a source is said before anything is asked")
{
    auto const told = [](std::vector<std::string> more, int exit = 2) {
        more.insert(more.end(), {"--account", "alice"});
        auto const f = run(more);
        CHECK(f.exit == exit);
        CHECK(!says(f.err, "secret"));
        return f.err;
    };
    CHECK(says(told({"--source", "es+http://127.0.0.1:1"}), "--node"));
    CHECK(says(told({"--node", "ws://127.0.0.1:1", "--source", "es+http://me:secret@x@127.0.0.1:1"}), "%40"));
    CHECK(says(told({"--node", "ws://127.0.0.1:1", "--source", "ftp://x"}), "es+http://"));
    CHECK(says(told({"--node", "ws://127.0.0.1:1", "--source", "file:a", "--source", "file:a"}), "twice"));
    CHECK(says(told({"--node", "ws://127.0.0.1:1", "--source", "file:a", "--events", "--order", "newest"}),
               "oldest first"));

    testing::node const node(recordings::main_data());
    support::folder const folder;
    std::string const file = folder.file("x.csv");
    std::ofstream(file) << "time,block\r\n";
    auto const f = run({"--node", node.url(), "--source", "file:" + file, "--account", "exporter-alice", "--events"});
    CHECK(f.exit == 1);
    CHECK(says(f.err, "line 1"));
    CHECK(says(f.err, "jsonl"));
    auto const nowhere =
        run({"--node", node.url(), "--source", "file:/nowhere/x", "--account", "exporter-alice", "--events"});
    CHECK(nowhere.exit == 1);
}
