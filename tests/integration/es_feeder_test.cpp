#include <bitshares/history/es_document.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>
#include <common/history_store.hpp>
#include <support/es_recordings.hpp>
#include <support/folder.hpp>
#include <support/http_server.hpp>
#include <support/process.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace testing = bitshares::testing;

using documents = std::map<std::string, std::string>; // text by id

std::string id_of_document(std::string const& text)
{
    return testing::string_value(testing::member(testing::member(text, "account_history"), "id")).value();
}

/// What the node's plugin wrote of the same chain, byte for byte.
documents const& written_by_the_plugin(std::string const& variant)
{
    static std::map<std::string, documents> all;
    auto& of_variant = all[variant];
    if (of_variant.empty())
        for (std::string const& document : es_recordings::documents(variant + "/all_documents"))
            of_variant[id_of_document(document)] = document;
    return of_variant;
}

documents in_store(std::string const& file)
{
    program::history_store store(file, program::history_store::mode::read);
    documents all;
    store.search({.sort = {}, .size = 1'000'000},
                 [&](std::string_view json) { all[id_of_document(std::string(json))] = json; });
    return all;
}

struct finished
{
    int exit = -1;
    std::string out;
    std::string err;
};

std::vector<std::string> command(std::string const& errors, std::vector<std::string> const& arguments)
{
    std::vector<std::string> whole{"/bin/sh", "-c", "exec \"$@\" 2>\"$0\"", errors,
                                   std::string(BITSHARES_PROGRAMS_DIR) + "/bts-es-feeder"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

std::string file_text(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

finished run(std::vector<std::string> const& arguments)
{
    support::folder const scratch;
    support::process program(command(scratch.file("err"), arguments));
    finished f;
    f.out = program.communicate("");
    f.exit = program.wait();
    f.err = file_text(scratch.file("err"));
    return f;
}

/// The recorded node, with objects that are other ones, or (empty) that are not there.
class altered_node
{
public:
    explicit altered_node(std::map<std::string, std::string> other)
        : other_(std::move(other)), node_(recordings::main_data(), options())
    {}

    std::string url() const { return node_.url(); }

private:
    testing::node_options options()
    {
        testing::node_options o;
        o.on_request = [this](std::string_view frame) -> std::optional<testing::node_reply> {
            auto const params = testing::array_items(testing::member(frame, "params"));
            if (!params || params->size() != 3)
                return std::nullopt;
            std::string const head =
                R"({"id":)" + std::string(testing::member(frame, "id")) + R"(,"jsonrpc":"2.0","result":)";
            testing::node_reply reply;
            if ((*params)[1] == "\"get_dynamic_global_properties\"" && other_.contains("2.1.0"))
            {
                reply.frames = {head + other_.at("2.1.0") + "}"};
                return reply;
            }
            if ((*params)[1] != "\"get_objects\"")
                return std::nullopt;
            auto const arguments = testing::array_items((*params)[2]);
            auto const ids = testing::array_items(arguments.value().at(0));
            std::string list;
            for (auto const id : ids.value())
            {
                std::string const name = testing::string_value(id).value();
                auto const changed = other_.find(name);
                std::string const* const recorded = recordings::main_data()->object(name);
                std::string const object = changed != other_.end() ? changed->second : recorded ? *recorded : "";
                list += (list.empty() ? "" : ",") + (object.empty() ? "null" : object);
            }
            reply.frames = {head + "[" + list + "]}"};
            return reply;
        };
        return o;
    }

    std::map<std::string, std::string> other_;
    testing::node node_;
};

/// As much of a search server as a feeder sees.
class fake_elasticsearch
{
public:
    std::string password; // in base64, where one is wanted
    int down = 0;         // so many requests a proxy answers first, as for a server that is not up
    int busy = 0;         // so many documents are refused first, as by a server that has too much to do
    std::string refused;  // this document is refused for good
    int bulks = 0;
    documents all;
    std::map<std::string, std::string> index_of;
    std::string position;

    explicit fake_elasticsearch(std::string version = R"({"number":"7.17.29"})")
        : version_(std::move(version)),
          server_(bitshares_test::answering_http([this](auto const& q) { return answer(q); }))
    {}

    std::string url() const { return server_.url(); }

    /// While somebody looks at what is written here, nothing is.
    std::unique_lock<std::mutex> hold() { return std::unique_lock(mutex_); }

private:
    std::string answer(bitshares_test::http_question const& q)
    {
        using bitshares_test::http_answer;
        std::lock_guard const lock(mutex_);
        if (down > 0)
            return --down, http_answer("no server is available", 503);
        if (!password.empty() && q.field("Authorization") != "Basic " + password)
            return http_answer(R"({"error":{"type":"security_exception","reason":"missing authentication"}})", 401);
        if (q.line == "GET / HTTP/1.1")
            return http_answer(R"({"version":)" + version_ + "}");
        if (q.line == "GET /feeder-bitshares/_doc/position HTTP/1.1")
            return position.empty() ? http_answer(R"({"found":false})", 404)
                                    : http_answer(R"({"found":true,"_source":)" + position + "}");
        if (q.line == "PUT /feeder-bitshares/_doc/position HTTP/1.1")
        {
            position = q.body;
            return http_answer("{}", 201);
        }
        if (q.line != "POST /_bulk HTTP/1.1")
            return http_answer(R"({"error":"no such thing"})", 404);
        ++bulks;
        std::string items;
        bool errors = false;
        for (std::size_t at = 0; at < q.body.size();)
        {
            std::size_t const middle = q.body.find('\n', at);
            std::size_t const end = q.body.find('\n', middle + 1);
            std::string const head(testing::member(q.body.substr(at, middle - at), "index"));
            std::string const id = testing::string_value(testing::member(head, "_id")).value();
            std::string status = "201";
            if (busy > 0 || id == refused)
            {
                errors = true;
                status = busy-- > 0 ? R"(429,"error":{"type":"rejected","reason":"the queue is full"})"
                                    : R"(400,"error":{"type":"mapper_parsing_exception","reason":"failed to parse"})";
            }
            else
            {
                all[id] = q.body.substr(middle + 1, end - middle - 1);
                index_of[id] = head;
            }
            items += (items.empty() ? "" : ",") + (R"({"index":{"_id":")" + id + R"(","status":)" + status + "}}");
            at = end + 1;
        }
        return http_answer(R"({"took":1,"errors":)" + std::string(errors ? "true" : "false") + R"(,"items":[)" + items +
                           "]}");
    }

    std::mutex mutex_;
    std::string version_;
    bitshares_test::http_server server_;
};

bool says(std::string const& text, std::string const& part)
{
    bool const found = text.find(part) != std::string::npos;
    if (!found)
        MESSAGE("\"" << part << "\" is not in: " << text);
    return found;
}

std::string object(std::string const& id)
{
    return *recordings::main_data()->object(id);
}

} // namespace

TEST_CASE("integration/es_feeder: a store is fed with what the plugin wrote, byte for byte")
{
    testing::node node(recordings::main_data());
    for (std::string const variant : {"object", "string"})
    {
        support::folder const scratch;
        std::string const file = scratch.file("history.sqlite");
        auto const f = run({"--node", node.url(), "--store", file, "--reversible", "--operation", variant, "--json"});
        CHECK(f.exit == 0);
        CHECK(says(f.out, R"("read":1769,"written":1769,)"));
        auto const stored = in_store(file);
        CHECK(stored.size() == 1769);
        CHECK(stored == written_by_the_plugin(variant));
    }
}

TEST_CASE("integration/es_feeder: what can be undone is not written, or is written anew by the next run")
{
    std::string head = object("2.1.0");
    std::size_t const at = head.find("\"last_irreversible_block_num\":") + 30;
    head.replace(at, head.find_first_of(",}", at) - at, "800");
    altered_node node({{"2.1.0", head}, {"2.1.1", ""}});
    support::folder const scratch;
    std::string const file = scratch.file("history.sqlite");
    auto f = run({"--node", node.url(), "--store", file, "--json", "--batch", "100"});
    CHECK(f.exit == 0);
    auto const first = in_store(file);
    CHECK(first.size() < 1769);
    CHECK(first.size() > 1000);
    CHECK(says(f.out, R"("written":)" + std::to_string(first.size())));
    CHECK(says(f.out, R"("up_to":800,"whole":true)"));
    for (auto const& [id, text] : first)
        CHECK(written_by_the_plugin("object").at(id) == text);

    f = run({"--node", node.url(), "--store", file, "--json"});
    CHECK(f.exit == 0);
    CHECK(says(f.out, R"("read":0,"written":0,)"));
    for (int i = 0; i < 2; ++i) // what can be undone comes each time
    {
        f = run({"--node", node.url(), "--store", file, "--json", "--reversible", "--batch", "3"});
        CHECK(f.exit == 0);
        CHECK(says(f.out, R"("written":)" + std::to_string(1769 - first.size())));
        CHECK(in_store(file) == written_by_the_plugin("object"));
    }
    f = run({"--node", node.url(), "--store", file, "--json", "--from-start", "--reversible"});
    CHECK(says(f.out, R"("read":1769,)"));
    CHECK(in_store(file) == written_by_the_plugin("object"));
}

TEST_CASE("integration/es_feeder: named accounts only, and what was fed otherwise is refused")
{
    testing::node node(recordings::main_data());
    support::folder const scratch;
    std::string const file = scratch.file("history.sqlite");
    auto const f = run({"--node", node.url(), "--store", file, "--reversible", "--account", "olivia", "--account",
                        "1.2.19", "--json"});
    CHECK(f.exit == 0);
    auto const stored = in_store(file);
    documents wanted;
    for (auto const& [id, text] : written_by_the_plugin("object"))
        if (text.find(R"("account":"1.2.36","operation_id")") != text.npos ||
            text.find(R"("account":"1.2.19","operation_id")") != text.npos)
            wanted[id] = text;
    CHECK(wanted.size() == 36 + 172);
    CHECK(stored == wanted);

    auto const others = run({"--node", node.url(), "--store", file, "--account", "olivia"});
    CHECK(others.exit == 1);
    CHECK(says(others.err, "was fed with 2 accounts, and now others are wanted: bts-es-feeder --from-start adds them"));
    CHECK(run({"--node", node.url(), "--store", file, "--reversible", "--from-start"}).exit == 0);
    CHECK(in_store(file) == written_by_the_plugin("object"));

    testing::node const other(std::make_shared<testing::data_set const>(recordings::chain_c()));
    auto const chain = run({"--node", other.url(), "--store", file});
    CHECK(chain.exit == 1);
    CHECK(says(chain.err, "was fed from another chain"));
    auto const nobody = run({"--node", node.url(), "--store", file, "--account", "nobody-at-all"});
    CHECK(nobody.exit == 1);
    CHECK(says(nobody.err, "the node knows no account nobody-at-all"));
}

TEST_CASE("integration/es_feeder: of a chain that goes on and takes blocks back, the end is what is irreversible")
{
    auto const chain = std::make_shared<testing::chain>();
    testing::node node(chain);
    support::folder const scratch;
    auto const feed = [&](std::string const& name, std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{"--node",  node.url(), "--store", scratch.file(name),
                                           "--quiet", "--batch",  "7"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        auto const f = run(arguments);
        CHECK_MESSAGE(f.exit == 0, f.err);
        return in_store(scratch.file(name));
    };
    auto const alice = chain->create_account("alice", 1'000'000);
    chain->produce_blocks(30);
    for (int round = 0; round < 3; ++round)
    {
        auto const before = feed("history").size();
        for (int i = 0; i < 5; ++i)
        {
            chain->fund(alice, {100 + i, bitshares::core_asset});
            chain->produce_block();
        }
        CHECK(feed("history").size() == before);                      // nothing of it is irreversible yet
        CHECK(feed("hasty", {"--reversible"}).size() == before + 10); // sender and receiver
        // Another fork, with other operations of the same ids.
        chain->undo_blocks(3, false);
        for (int i = 0; i < 2; ++i)
        {
            chain->fund(alice, {200 + i, bitshares::core_asset});
            chain->produce_block();
        }
        CHECK(feed("hasty", {"--reversible"}).size() == before + 10); // what was taken back is still there, for now
        chain->fund(alice, {300, bitshares::core_asset});
        chain->produce_block();
        chain->produce_until_irreversible(chain->head_block_num());
        auto const now = feed("history");
        CHECK(now.size() == before + 10);
        CHECK(feed("hasty", {"--reversible"}) == now);
        CHECK(feed("fresh" + std::to_string(round)) == now);
        CHECK(bitshares::read_es_document(now.rbegin()->second).has_value());
    }
}

TEST_CASE("integration/es_feeder: killed and interrupted at any time, the next run goes on and nothing is missing")
{
    testing::node_options slow;
    slow.delay = std::chrono::milliseconds(2);
    testing::node node(recordings::main_data(), slow);
    support::folder const scratch;
    std::string const file = scratch.file("history.sqlite");
    std::vector<std::string> const arguments{"--node",  node.url(), "--store", file,
                                             "--batch", "20",       "--quiet", "--reversible"};
    int cut = 0;
    for (int i = 0; i < 8; ++i)
    {
        support::process program(command("/dev/null", arguments));
        auto const before = node.requests();
        for (int wait = 0; wait < 8'000 && node.requests() < before + 20U * static_cast<unsigned>(i) + 3; ++wait)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        program.signal(i % 3 == 2 ? SIGINT : SIGKILL);
        int const exit = program.wait();
        cut += exit == 0 ? 0 : 1;
        if (exit != 128 + SIGKILL && exit != 0) // a run that an interrupt did not meet is at its end
            CHECK(exit == 5);
    }
    CHECK(cut > 3);
    CHECK(run(arguments).exit == 0);
    CHECK(in_store(file) == written_by_the_plugin("object"));
}

TEST_CASE("integration/es_feeder: a node that does not keep all is refused by name")
{
    support::folder const scratch;
    auto const refused = [&](std::map<std::string, std::string> other, std::vector<std::string> more = {}) {
        altered_node node(std::move(other));
        std::vector<std::string> arguments{"--node",       node.url(),    "--store", scratch.file("store"),
                                           "--reversible", "--from-start"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        auto const f = run(arguments);
        CHECK(f.exit == 4);
        return f.err;
    };
    SUBCASE("the oldest entries are gone")
    {
        std::map<std::string, std::string> gone;
        for (int i = 0; i < 1'500; ++i)
            gone["2.9." + std::to_string(i)] = "";
        CHECK(says(refused(gone), "the node has no 2.9.0, but later entries of histories: a pruned node"));
    }
    SUBCASE("one entry between others is gone")
    {
        CHECK(
            says(refused({{"2.9.700", ""}}), "the node has no 2.9.700, but later entries of histories: a pruned node"));
    }
    SUBCASE("an operation is gone")
    {
        CHECK(says(refused({{"1.11.500", ""}}), "the node has no 1.11.500, which is in the history of 1.2."));
    }
    SUBCASE("an account's sequence leaves numbers out")
    {
        // The last operation of exporter-alice claims to be a later one.
        std::string last;
        for (auto const& [id, text] : written_by_the_plugin("object"))
            if (text.find(R"("account":"1.2.18","operation_id")") != text.npos &&
                text.find(R"("sequence":319,)") != text.npos)
                last = id;
        REQUIRE_FALSE(last.empty());
        std::string entry = object(last);
        entry.replace(entry.find("319"), 3, "320");
        CHECK(says(refused({{last, entry}}), "operation 320 of 1.2.18, " + last + ", follows number 318"));
        CHECK(says(refused({{last, entry}}, {"--account", "exporter-alice"}), "follows number 318"));
    }
    SUBCASE("some accounts are not tracked")
    {
        // All that is kept is of one account: its entries are the chain's only ones.
        std::map<std::string, std::string> kept;
        std::size_t count = 0;
        for (std::size_t i = 0; i < 1'769; ++i)
        {
            std::string const id = "2.9." + std::to_string(i);
            std::string entry = object(id);
            kept[id]; // unless another entry takes its place
            if (entry.find("\"account\":\"1.2.18\"") == entry.npos)
                continue;
            std::string const own = "2.9." + std::to_string(count++);
            entry.replace(entry.find(id), id.size(), own);
            std::size_t const next = entry.find("\"next\":\"") + 8;
            entry.replace(next, entry.find('"', next) - next,
                          count == 1 ? "2.9.0" : "2.9." + std::to_string(count - 2));
            kept[own] = entry;
        }
        CHECK(count == 319);
        auto const set = [&](std::string& text, std::string const& name, std::string const& value) {
            std::size_t const at = text.find("\"" + name + "\":") + name.size() + 3;
            text.replace(at, text.find(',', at) - at, value);
        };
        for (int i = 0; i < 100; ++i)
        {
            std::string const id = "2.6." + std::to_string(i);
            if (recordings::main_data()->object(id) == nullptr)
                continue;
            kept[id] = object(id);
            set(kept[id], "most_recent_op", i == 18 ? "\"2.9.318\"" : "\"2.9.0\"");
            set(kept[id], "total_ops", i == 18 ? "319" : "0");
        }
        CHECK(says(refused(kept), "a partial node, which tracks some accounts only"));
        CHECK(says(refused(kept, {"--account", "olivia"}), "the node keeps no history of olivia: a partial node"));
        // Whom it tracks can be had from it.
        altered_node node(kept);
        auto const f = run(
            {"--node", node.url(), "--store", scratch.file("of_one"), "--account", "exporter-alice", "--reversible"});
        CHECK(f.exit == 0);
        CHECK(in_store(scratch.file("of_one")).size() == 319);
    }
    SUBCASE("an account's oldest operations were dropped")
    {
        std::string statistics = object("2.6.36");
        std::size_t const removed = statistics.find("\"removed_ops\":") + 14;
        statistics.replace(removed, statistics.find(',', removed) - removed, "7");
        CHECK(says(refused({{"2.6.36", statistics}}, {"--account", "olivia"}),
                   "the node has dropped 7 of the 36 operations of olivia: a pruned node"));
    }
}

TEST_CASE("integration/es_feeder: a node that says what is not so is not believed")
{
    support::folder const scratch;
    auto const failed = [&](std::string const& id, std::string const& other) {
        altered_node node(std::map<std::string, std::string>{{id, other}});
        auto const f = run({"--node", node.url(), "--store", scratch.file("store"), "--from-start"});
        CHECK(f.exit == 1);
        return f.err;
    };
    CHECK(says(failed("2.9.5", object("2.9.6")), "the node gives 2.9.6 for 2.9.5"));
    CHECK(says(failed("1.11.5", object("1.11.6")), "the node gives 1.11.6 for 1.11.5"));
    CHECK(says(failed("2.9.5", R"({"id":[1]})"), "id"));
    // The operation of another place of the block.
    std::string moved = object("1.11.100");
    std::size_t const at = moved.find("\"trx_in_block\":") + 15;
    moved.replace(at, moved.find(',', at) - at, "60000");
    CHECK(says(failed("1.11.100", moved), "has not 1.11.100 where it should be"));
}

TEST_CASE("integration/es_feeder: a cluster is fed, and asked again where it has too much to do")
{
    testing::node node(recordings::main_data());
    fake_elasticsearch server;
    server.busy = 5;
    server.password = "ZmVlZGVyOnNlY3JldA=="; // feeder:secret
    std::string url = server.url();
    url.insert(url.find("127"), "feeder:secret@");
    auto f = run({"--node", node.url(), "--elasticsearch", url, "--reversible", "--json", "--operation", "object"});
    CHECK(f.exit == 0);
    CHECK(f.err.find("secret") == f.err.npos);
    {
        auto const held = server.hold();
        CHECK(server.all == written_by_the_plugin("object"));
        CHECK(server.bulks > 2);
        CHECK(server.index_of.at("2.9.7") == R"({"_index":"bitshares-2026-11","_id":"2.9.7"})");
        CHECK(says(server.position, R"(\"next\":17)"));
        server.bulks = 0;
    }
    f = run({"--node", node.url(), "--elasticsearch", url, "--json"});
    CHECK(f.exit == 0);
    {
        auto const held = server.hold();
        CHECK(server.bulks == 0);
        server.refused = "2.9.7";
    }
    f = run({"--node", node.url(), "--elasticsearch", url, "--from-start"});
    CHECK(f.exit == 3);
    CHECK(says(f.err, "2.9.7: HTTP 400: mapper_parsing_exception: failed to parse"));
    f = run({"--node", node.url(), "--elasticsearch", server.url()});
    CHECK(f.exit == 3);
    CHECK(says(f.err, "missing authentication"));

    fake_elasticsearch old(R"({"number":"6.2.4"})");
    CHECK(run({"--node", node.url(), "--elasticsearch", old.url(), "--quiet"}).exit == 0);
    auto const held = old.hold();
    CHECK(old.index_of.at("2.9.7") == R"({"_index":"bitshares-2026-11","_type":"_doc","_id":"2.9.7"})");
}

TEST_CASE("integration/es_feeder: while it follows, a cluster that is not up is asked again, and that is said also "
          "with --quiet")
{
    testing::node const node(recordings::main_data());
    fake_elasticsearch server;
    server.down = 5; // more than the client asks by itself
    support::folder const scratch;
    support::process program(command(
        scratch.file("err"), {"--node", node.url(), "--elasticsearch", server.url(), "--follow", "1", "--quiet"}));
    auto const fed = [&] {
        auto const held = server.hold();
        return !server.position.empty();
    };
    for (int i = 0; i < 3'000 && !fed(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(fed());
    program.signal(SIGINT);
    CHECK(program.wait() == 5);
    std::string const said = file_text(scratch.file("err"));
    CHECK(says(said, "HTTP 503"));
    CHECK(says(said, "once more in 1 s"));
}

TEST_CASE("integration/es_feeder: who does not answer is not waited for when it is to end")
{
    testing::node node(recordings::main_data()), silent(recordings::main_data());
    silent.set_faults(bitshares::from_json<testing::faults>(R"({"tarpit":{}})").value());
    for (bool const server : {false, true})
    {
        CAPTURE(server);
        support::folder const scratch;
        auto const before = silent.connections();
        support::process program(
            command(scratch.file("err"), {"--node", server ? node.url() : silent.url(), "--elasticsearch",
                                          "http://127.0.0.1:" + std::to_string(silent.port()), "--follow", "1"}));
        for (int i = 0; i < 1'000 && silent.connections() == before; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        REQUIRE(silent.connections() > before);
        auto const since = std::chrono::steady_clock::now();
        program.signal(SIGINT);
        CHECK(program.wait() == 5);
        CHECK(std::chrono::steady_clock::now() - since < std::chrono::seconds(9)); // a node has ten, a server 120
    }
}

TEST_CASE("integration/es_feeder: while it follows, a node that goes away and comes back is read on")
{
    auto const chain = std::make_shared<testing::chain>();
    auto const alice = chain->create_account("alice", 1'000'000);
    chain->produce_blocks(30);
    testing::node node(chain);
    support::folder const scratch;
    support::process program(command("/dev/null", {"--node", node.url(), "--store", scratch.file("history"), "--follow",
                                                   "1", "--timeout", "2", "--json"}));
    auto const stored = [&]() -> std::size_t {
        try
        {
            return in_store(scratch.file("history")).size();
        }
        catch (program::store_failure const&)
        {
            return 0; // not there yet
        }
    };
    auto const wait_for = [&](std::size_t count) {
        for (int i = 0; i < 3'000 && stored() != count; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        CHECK(stored() == count);
    };
    wait_for(4); // the registration, and what it got
    node.stop();
    chain->fund(alice, {5, bitshares::core_asset});
    chain->produce_block();
    chain->produce_until_irreversible(chain->head_block_num());
    std::this_thread::sleep_for(std::chrono::milliseconds(1'500)); // it finds the node gone; or not, on a slow machine
    node.start();
    wait_for(6);
    program.signal(SIGINT);
    CHECK(says(program.communicate(""), R"("written":6,)"));
    CHECK(program.wait() == 5);
}

TEST_CASE("integration/es_feeder: usage")
{
    auto const help = run({"--help"});
    CHECK(help.exit == 0);
    CHECK(says(help.out, "Examples:"));
    CHECK(says(help.out, "Exit codes:"));
    CHECK(run({}).exit == 2);
    CHECK(run({"--node", "ws://127.0.0.1:1"}).exit == 2);
    CHECK(run({"--node", "ws://127.0.0.1:1", "--store", "x", "--elasticsearch", "http://127.0.0.1:1"}).exit == 2);
    CHECK(run({"--node", "ws://127.0.0.1:1", "--node", "ws://127.0.0.1:2", "--store", "x"}).exit == 2);
    CHECK(run({"--store", "x", "--operation", "neither"}).exit == 2);
    testing::node node(recordings::main_data());
    auto const url = run({"--node", node.url(), "--elasticsearch", "ftp://user:secret@127.0.0.1"});
    CHECK(url.exit == 2);
    CHECK(url.err.find("secret") == url.err.npos);
    auto const nowhere = run({"--node", "ws://127.0.0.1:1", "--store", "/nowhere/at/all"});
    CHECK(nowhere.exit == 3);
    auto const unwritable = run({"--node", node.url(), "--store", "/nowhere/at/all"});
    CHECK(unwritable.exit == 4);
    CHECK(says(unwritable.err, "/nowhere/at/all"));
}
