#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/certificate.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/fault_schedule.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/fork.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>
#include <support/raw_websocket.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace bitshares::testing;
using std::chrono::milliseconds;
using strings = std::vector<std::string>;

namespace {

std::string request(std::string const& api, std::string const& method, std::string const& params, int id = 1)
{
    return "{\"id\":" + std::to_string(id) + ",\"method\":\"call\",\"params\":[\"" + api + "\",\"" + method + "\"," +
           params + "]}";
}

std::string const question = request("database", "get_chain_id", "[]");
constexpr char const* answer = R"({"id":1,"result":"ab"})";
constexpr char const* notice = R"({"method":"notice","params":[5,[{"id":"1.2.3"}]]})";

std::shared_ptr<data_set const> recorded()
{
    auto const data = std::make_shared<data_set>();
    data->chain_id = "ab";
    data->add_synthetic_account("big", 1'000);
    return data;
}

std::shared_ptr<chain> made()
{
    auto const c = std::make_shared<chain>();
    c->create_account("alice", 100);
    c->produce_blocks(20);
    return c;
}

/* A service without sockets, and what its connection says with these faults. */
class connected
{
public:
    explicit connected(std::shared_ptr<node_service> service)
        : service_(std::move(service)),
          connection_(service_->connect([this](node_reply reply) {
              for (auto& frame : reply.frames)
                  said.push_back(std::move(frame));
          })),
          rewriter_(*connection_)
    {}

    std::string ask(faults const& wrong, std::string const& frame)
    {
        return rewriter_.answer(frame, wrong).value_or("(nothing)");
    }
    std::string result(faults const& wrong, std::string const& api, std::string const& method,
                       std::string const& params)
    {
        return std::string(member(ask(wrong, request(api, method, params)), "result"));
    }
    std::string head(faults const& wrong = {})
    {
        return result(wrong, "database", "get_dynamic_global_properties", "[]");
    }
    fault_rewriter& rewriter() { return rewriter_; }

    strings said;

private:
    std::shared_ptr<node_service> service_;
    std::unique_ptr<node_service::connection> connection_;
    fault_rewriter rewriter_;
};

std::uint64_t number(std::string const& json, std::string_view name)
{
    return unsigned_value(member(json, name)).value();
}

std::string id_of_block(chain const& c, std::uint32_t block_num)
{
    return '"' + bitshares::to_hex(c.block(block_num + 1)->previous.data) + '"';
}

faults from_text(std::string const& json)
{
    bitshares::json_options options;
    options.mode = bitshares::json_mode::strict;
    return bitshares::from_json<faults>(json, options).value();
}

/* What comes up to a pong: all that was on its way. */
strings heard(raw_websocket& client)
{
    strings all;
    client.send("", 9);
    for (auto f = client.read(); f && f->opcode != 10; f = client.read())
        all.push_back(f->payload);
    return all;
}

} // namespace

TEST_CASE("testing/faults: are read from JSON, and misspelled ones refused; nothing is wrong without any")
{
    CHECK(from_text("{}") == faults());
    auto const f = from_text(
        R"({"seed":3,"refuse":{"permille":100},"tls":{"kind":"wrong_host"},"http_status":{"status":429,"retry_after":2},
            "drop":{"after_replies":1},"freeze":{},"delay":{"ms":5,"jitter_ms":6,"calls":["history"]},"lose":{},
            "lie":{"member":"balance","value":[1]},"history_hole":{"first_block":1,"last_block":2},
            "missing_apis":["history"],"limits":{"limit":4},"wrong_chain":{},"stale_head":{"at":7},"fork":{"after":8}})");
    CHECK(f.seed == 3);
    CHECK(f.refuse->permille == 100);
    CHECK(f.tls->kind == tls_fault::wrong_host);
    CHECK(f.http_status->status == 429);
    CHECK(f.http_status->retry_after == 2);
    CHECK(f.drop->after_replies == 1);
    CHECK(f.freeze == connection_fault());
    CHECK(f.delay->jitter_ms == 6);
    CHECK(f.delay->calls == strings{"history"});
    CHECK(f.lie->value->text == "[1]");
    CHECK(f.history_hole->last_block == 2);
    CHECK(f.limits->limit == 4);
    CHECK(f.stale_head->at == 7);
    CHECK(from_text(bitshares::to_json(f)) == f);
    CHECK_THROWS(from_text(R"({"frezee":{}})"));
    CHECK_THROWS(from_text(R"({"tls":{"kind":"rusty"}})"));
    CHECK_THROWS(from_text(R"({"delay":{}})"));

    connected as_it_is(made());
    CHECK(as_it_is.ask({}, question) == as_it_is.ask(from_text(R"({"missing_apis":[]})"), question));
}

TEST_CASE(
    "testing/faults: what is drawn depends on seed, fault, connection and call alone, and is as often as asked for")
{
    CHECK(fault_number(1, 2, 3, 4) == fault_number(1, 2, 3, 4));
    int hits = 0;
    for (std::uint64_t i = 0; i < 10'000; ++i)
    {
        std::uint64_t const n = fault_number(7, 1, i / 100, i % 100);
        CHECK(n != fault_number(8, 1, i / 100, i % 100));
        CHECK(n != fault_number(7, 2, i / 100, i % 100));
        hits += n % 1'000 < 250;
    }
    CHECK(hits > 2'350);
    CHECK(hits < 2'650);

    faults f;
    f.seed = 5;
    f.lie = {"balance", bitshares::raw_json{"0"}, 500, {}};
    auto const told = [&] {
        connected one(made());
        std::string pattern;
        for (int i = 0; i < 40; ++i)
            pattern += number(one.result(f, "database", "get_objects", R"([["2.5.0"]])").substr(1), "balance") == 0
                           ? 'L'
                           : '.';
        return pattern;
    };
    std::string const first = told();
    CHECK(first == told());
    CHECK(first.find('L') != std::string::npos);
    CHECK(first.find('.') != std::string::npos);
    f.seed = 6;
    CHECK(first != told());
}

TEST_CASE("testing/faults: calls are told apart by API and method; an API's number is known once it was given out")
{
    connected one(std::make_shared<chain>());
    auto const call = [&](std::string const& frame) {
        auto const c = one.rewriter().call_of(frame);
        return c.api + '.' + c.method;
    };
    CHECK(call(request("history", "get_account_history", "[1]")) == "history.get_account_history");
    CHECK(call(R"({"id":1,"method":"get_objects","params":[["1.2.0"]]})") == "database.get_objects");
    CHECK(call(R"({"id":1,"method":"call","params":[0,"get_objects",[]]})") == "database.get_objects");
    CHECK(call(R"({"id":1,"method":"call","params":[2,"get_x",[]]})") == ".get_x");
    CHECK(call("nonsense") == ".");
    CHECK(one.ask({}, R"({"id":1,"method":"call","params":[1,"history",[]]})") == R"({"id":1,"result":2})");
    CHECK(call(R"({"id":1,"method":"call","params":[2,"get_x",[]]})") == "history.get_x");

    fault_call const c{"history", "get_x", {}, {}};
    CHECK(c.is_one_of({}));
    CHECK(c.is_one_of(strings{"database", "history"}));
    CHECK(c.is_one_of(strings{"history.get_x"}));
    CHECK_FALSE(c.is_one_of(strings{}));
    CHECK_FALSE(c.is_one_of(strings{"history.get_y", "get_x", "hist"}));
}

TEST_CASE("testing/faults: wrong_chain")
{
    connected one(made());
    std::string const id = one.result({}, "database", "get_chain_id", "[]");
    faults f = from_text(R"({"wrong_chain":{"chain_id":"cd"}})");
    CHECK(one.result(f, "database", "get_chain_id", "[]") == "\"cd\"");
    CHECK(member(one.result(f, "database", "get_chain_properties", "[]"), "chain_id") == "\"cd\"");
    f = from_text(R"({"wrong_chain":{}})");
    CHECK(one.result(f, "database", "get_chain_id", "[]") == std::string(id.rbegin(), id.rend()));
    node recording(recorded());
    raw_websocket client(recording.port());
    CHECK(client.ask(question) == answer);
    recording.set_faults(from_text(R"({"wrong_chain":{}})"));
    CHECK(client.ask(question) == R"({"id":1,"result":"ba"})");
    recording.clear_faults();
    CHECK(client.ask(question) == answer);
}

TEST_CASE("testing/faults: stale_head tells of an earlier block, and knows none behind it")
{
    auto const c = made();
    connected one(c);
    std::uint32_t const head = c->head_block_num();
    CHECK(number(one.head(), "head_block_number") == head);
    faults f = from_text(R"({"stale_head":{"blocks":5}})");
    std::uint32_t const shown = head - 5;
    std::string const stale = one.head(f);
    CHECK(number(stale, "head_block_number") == shown);
    CHECK(member(stale, "head_block_id") == id_of_block(*c, shown));
    CHECK(member(stale, "time") == '"' + c->block(shown)->timestamp.to_string() + '"');
    CHECK(number(stale, "last_irreversible_block_num") == number(one.head(), "last_irreversible_block_num") - 5);
    CHECK(one.result(f, "database", "get_objects", R"([["2.1.0"]])") == '[' + stale + ']');

    auto const at = [](std::uint32_t n) { return '[' + std::to_string(n) + ']'; };
    CHECK(one.result(f, "database", "get_block", at(shown)) != "null");
    CHECK(one.result(f, "database", "get_block", at(shown + 1)) == "null");
    CHECK(one.result({}, "database", "get_block", at(shown + 1)) != "null");
    CHECK(one.result(f, "database", "get_block_header", at(shown + 1)) == "null");
    std::string const range = '[' + std::to_string(shown) + ',' + std::to_string(head) + ']';
    auto const blocks = array_items(one.result(f, "block", "get_blocks", range)).value();
    CHECK(blocks.size() == 6);
    CHECK(one.result(f, "block", "get_blocks", range).ends_with("},null,null,null,null,null]"));
    CHECK(one.result(f, "database", "get_block_header_batch", "[" + range + "]")
              .ends_with(",[" + std::to_string(head) + ",null]]"));

    f = from_text(R"({"stale_head":{"at":9}})"); // stuck
    CHECK(number(one.head(f), "head_block_number") == 9);
    c->produce_block();
    CHECK(number(one.head(f), "head_block_number") == 9);
    CHECK(number(one.head(), "head_block_number") == head + 1);
}

TEST_CASE("testing/faults: of a stale head tell notices of blocks, too")
{
    auto const c = made();
    connected one(c);
    one.ask({}, request("database", "set_block_applied_callback", "[5]"));
    one.ask({}, request("database", "set_subscribe_callback", "[6,false]"));
    one.ask({}, request("database", "get_objects", R"([["2.1.0"],true])"));
    c->produce_block();
    REQUIRE(one.said.size() == 2);
    std::string const block_notice = one.said[0];
    std::string const object_notice = one.said[1];
    REQUIRE(object_notice.find("\"2.1.0\"") != std::string::npos);
    std::uint32_t const head = c->head_block_num();
    CHECK(one.rewriter().notice(block_notice, {}) == block_notice);
    CHECK(one.rewriter().notice(block_notice, from_text(R"({"stale_head":{"blocks":2}})")) ==
          R"({"method":"notice","params":[5,[)" + id_of_block(*c, head - 2) + "]]}");
    CHECK_FALSE(one.rewriter().notice(block_notice, from_text(R"({"stale_head":{"at":3}})")));
    auto const stale = one.rewriter().notice(object_notice, from_text(R"({"stale_head":{"blocks":2}})")).value();
    CHECK(stale.find("\"head_block_number\":" + std::to_string(head - 2)) != std::string::npos);
    CHECK(stale.find("\"head_block_number\":" + std::to_string(head) + ",") == std::string::npos);
    CHECK(one.rewriter().notice(notice, from_text(R"({"stale_head":{"at":3}})")) == notice);
    CHECK(one.rewriter().notice("anything", from_text(R"({"stale_head":{"at":3}})")) == "anything");
}

TEST_CASE("testing/faults: head_backwards lets every so manieth answer tell of an earlier head")
{
    auto const c = made();
    connected one(c);
    std::uint32_t const head = c->head_block_num();
    auto const heads = [&](faults const& f) {
        std::vector<std::uint64_t> shown;
        for (int i = 0; i < 6; ++i)
            shown.push_back(head - number(one.head(f), "head_block_number"));
        return shown;
    };
    CHECK(heads({}) == std::vector<std::uint64_t>{0, 0, 0, 0, 0, 0});
    CHECK(heads(from_text(R"({"head_backwards":{}})")) == std::vector<std::uint64_t>{0, 10, 0, 10, 0, 10});
    CHECK(heads(from_text(R"({"head_backwards":{"blocks":3,"every":3}})")) ==
          std::vector<std::uint64_t>{0, 0, 3, 0, 0, 3});
}

TEST_CASE("testing/faults: fork gives other ids to the blocks behind the last common one, always the same")
{
    auto const c = made();
    connected one(c);
    std::uint32_t const head = c->head_block_num();
    faults const f = from_text("{\"fork\":{\"after\":" + std::to_string(head - 2) + "}}");
    auto const previous = [&](faults const& wrong, std::uint32_t of) {
        return std::string(
            member(one.result(wrong, "database", "get_block_header", '[' + std::to_string(of) + ']'), "previous"));
    };
    for (std::uint32_t of : {head - 3, head - 2, head - 1})
        CHECK(previous(f, of) == previous({}, of));
    CHECK(previous(f, head) != previous({}, head));
    CHECK(previous(f, head).substr(0, 9) == previous({}, head).substr(0, 9)); // the number is in it
    CHECK(member(one.head(f), "head_block_id") != member(one.head(), "head_block_id"));
    CHECK(one.head(f) == one.head(f));
    c->produce_block();
    std::string const later = one.result(f, "database", "get_block", '[' + std::to_string(head + 1) + ']');
    CHECK(member(later, "previous") != id_of_block(*c, head));

    std::string const id(member(one.head(), "head_block_id"));
    std::string const block = R"({"method":"notice","params":[5,[)" + id + "]]}";
    CHECK(one.rewriter().notice(block, f) ==
          R"({"method":"notice","params":[5,[)" + std::string(member(one.head(f), "head_block_id")) + "]]}");
}

TEST_CASE("testing/fork: a second chain shares the blocks up to the last common one, and no more")
{
    chain_options options;
    chain original(options);
    original.create_account("alice", 100);
    original.produce_blocks(5);
    auto const other = fork_of(original, options, 3);
    CHECK(other->head_block_num() == 3);
    CHECK(other->account("alice"));
    other->produce_blocks(3);
    original.produce_block();
    CHECK(id_of_block(*other, 3) == id_of_block(original, 3));
    CHECK(id_of_block(*other, 4) != id_of_block(original, 4));
    CHECK(id_of_block(*other, 5) != id_of_block(original, 5));
    options.seed = 2;
    CHECK_THROWS(fork_of(original, options, 1));
}

TEST_CASE("testing/faults: lie changes a member of the results of some calls")
{
    auto const c = made();
    connected one(c);
    std::string const id = c->account("alice")->id.to_string();
    auto const balances = [&](faults const& f) {
        return one.result(f, "database", "get_account_balances", "[\"" + id + "\",[]]");
    };
    CHECK(balances({}) == R"([{"amount":100,"asset_id":"1.3.0"}])");
    CHECK(balances(from_text(R"({"lie":{}})")) == R"([{"amount":101,"asset_id":"1.3.0"}])");
    CHECK(balances(from_text(R"({"lie":{"member":"asset_id","value":"1.3.9"}})")) ==
          R"([{"amount":100,"asset_id":"1.3.9"}])");
    CHECK(balances(from_text(R"({"lie":{"calls":["history"]}})")) == balances({}));
    CHECK(balances(from_text(R"({"lie":{"permille":0}})")) == balances({}));
}

TEST_CASE("testing/faults: history_hole leaves the operations of some blocks out")
{
    node recording(recorded());
    raw_websocket client(recording.port());
    std::string const page = request("history", "get_relative_account_history", R"(["big",1,100,100])");
    std::string const whole = client.ask(page);
    auto const rows = array_items(member(whole, "result")).value();
    REQUIRE(rows.size() == 100);
    std::string const block(member(rows[50], "block_num"));
    std::size_t in_block = 0;
    for (auto const row : rows)
        in_block += member(row, "block_num") == block;
    recording.set_faults(from_text("{\"history_hole\":{\"first_block\":" + block + ",\"last_block\":" + block + "}}"));
    std::string const cut = client.ask(page);
    CHECK(array_items(member(cut, "result"))->size() == 100 - in_block);
    CHECK(cut.find("\"block_num\":" + block + ",") == std::string::npos);
    std::string const counted =
        client.ask(request("history", "get_account_history_by_operations", R"(["big",[],1,100])"));
    CHECK(member(member(counted, "result"), "total_count") == "100");
    CHECK(array_items(member(member(counted, "result"), "operation_history_objs"))->size() == 100 - in_block);
    recording.clear_faults();
    CHECK(client.ask(page) == whole);
}

TEST_CASE("testing/faults: missing_apis answers as a node that does not know the name")
{
    connected one(made());
    faults const f = from_text(R"({"missing_apis":["history","database.get_block"]})");
    std::string const page = request("history", "get_relative_account_history", R"(["alice",1,100,100])");
    CHECK(member(one.ask({}, page), "error").empty());
    auto const refused = [&](std::string const& frame, std::string const& name) {
        std::string const error(member(one.ask(f, frame), "error"));
        CHECK(member(error, "code") == "-32601");
        CHECK(member(error, "message") == "\"Method not found\"");
        CHECK(error.find("\"data\":{\"name\":\"" + name + "\"") != std::string::npos);
        CHECK(error.find("[\"" + name + "\",") == std::string::npos); // not in the list of what there is
        CHECK(error.find("unknown_by_fault") == std::string::npos);
    };
    refused(page, "history");
    refused(R"({"id":1,"method":"call","params":[1,"history",[]]})", "history");
    refused(R"({"id":1,"method":"call","params":["login","history",[]]})", "history");
    refused(request("database", "get_block", "[1]"), "get_block");
    refused(R"({"id":1,"method":"get_block","params":[1]})", "get_block");
    std::string const versioned =
        one.ask(f, R"({"id":7,"jsonrpc":"2.0","method":"call","params":["database","get_block",[1]]})");
    CHECK(versioned.starts_with(R"({"id":7,"jsonrpc":"2.0","error":)"));
    CHECK(member(one.ask(f, request("database", "get_objects", R"([["1.2.0"]])")), "error").empty());

    CHECK(member(one.ask({}, R"({"id":1,"method":"call","params":[1,"history",[]]})"), "result") == "2");
    refused(R"({"id":1,"method":"call","params":[2,"get_account_history",["alice","1.11.0",1,"1.11.0"]]})",
            "get_account_history");
}

TEST_CASE("testing/faults: limits refuses more, and cuts where nothing is asked for")
{
    node recording(recorded());
    raw_websocket client(recording.port());
    auto const page = [](std::string const& limit) {
        return request("history", "get_relative_account_history", "[\"big\",1," + limit + ",100]");
    };
    std::string const by_time = request("history", "get_account_history_by_time", R"(["big"])");
    CHECK(array_items(member(client.ask(by_time), "result"))->size() > 3);
    recording.set_faults(from_text(R"({"limits":{"limit":3}})"));
    CHECK(array_items(member(client.ask(page("3")), "result"))->size() == 3);
    std::string const refused = client.ask(page("4"));
    CHECK(member(member(refused, "error"), "code") == "10");
    CHECK(member(member(refused, "error"), "message") ==
          "\"Execution error: Assert Exception: limit <= configured_limit: limit can not be greater than 3\"");
    CHECK(array_items(member(client.ask(by_time), "result"))->size() == 3);
    recording.clear_faults();
    CHECK(array_items(member(client.ask(page("4")), "result"))->size() == 4);

    connected one(made());
    faults const f = from_text(R"({"limits":{"limit":1}})");
    CHECK(member(one.ask(f, request("database", "get_full_accounts", R"([["alice"],false])")), "error").empty());
    CHECK(one.ask(f, request("database", "get_full_accounts", R"([["alice","bank"],false])"))
              .find("Number of querying accounts can not be greater than 1\"") != std::string::npos);
    std::string const config = one.result(f, "login", "get_config", "[]");
    CHECK(config.find("\"api_limit_get_account_history\":1,") != std::string::npos);
}

TEST_CASE("testing/faults: replies lost, doubled, unknown, garbled and out of order, for some calls only")
{
    node server(recorded());
    raw_websocket client(server.port());
    std::string const other = request("history", "get_relative_account_history", R"(["big",1,1,1])", 2);
    std::string const page = client.ask(other);
    // In one go: the system would hold the second back until the first is acknowledged.
    std::string const two = masked_frame(question) + masked_frame(other);

    auto const both = [&](char const* json) {
        server.set_faults(from_text(json));
        client.socket().send(two);
        auto const all = heard(client);
        server.clear_faults();
        return all;
    };
    strings const good{answer, page};
    CHECK(both("{}") == good);
    CHECK(both(R"({"lose":{"calls":["database"]}})") == strings{page});
    CHECK(both(R"({"lose":{"permille":0}})") == good);
    CHECK(both(R"({"duplicate":{"calls":["history.get_relative_account_history"]}})") == strings{answer, page, page});
    CHECK(both(R"({"unknown_id":{"calls":["database"]}})") == strings{R"({"id":1000000001,"result":"ab"})", page});
    CHECK(both(R"({"garbage":{"calls":["database"]}})") == strings{R"({"id":1,"result":{]})", page});
    CHECK(both(R"({"reorder":{"wait_ms":2000}})") == strings{page, answer});
    CHECK(client.ask(question) == answer);

    server.set_faults(from_text(R"({"reorder":{"window":3,"wait_ms":5}})")); // there is no third
    client.socket().send(two);
    CHECK(client.read()->payload == page);
    CHECK(client.read()->payload == answer);

    server.set_faults(from_text(R"({"delay":{"ms":300,"calls":["database"]}})"));
    auto const before = std::chrono::steady_clock::now();
    client.socket().send(two);
    CHECK(client.read()->payload == page);
    CHECK(client.read()->payload == answer);
    CHECK(std::chrono::steady_clock::now() - before >= milliseconds(300));
}

TEST_CASE("testing/faults: a reply that comes with a block is lost as well")
{
    auto const c = made();
    c->create_account("bob");
    c->produce_block();
    node server(c);
    raw_websocket client(server.port());
    auto const give = [&](std::int64_t amount) {
        bitshares::transfer op;
        op.from = c->account("alice")->id;
        op.to = c->account("bob")->id;
        op.amount = {amount, bitshares::core_asset};
        auto const key = c->key("bank");
        op.from = c->account("bank")->id;
        return request("network_broadcast", "broadcast_transaction_synchronous",
                       '[' + bitshares::to_json(c->sign({op}, {&key})) + ']');
    };
    client.send(give(1));
    heard(client);
    c->produce_block();
    CHECK(member(member(client.read()->payload, "result"), "block_num") == std::to_string(c->head_block_num()));
    server.set_faults(from_text(R"({"lose":{"calls":["network_broadcast"]}})"));
    client.send(give(2));
    heard(client);
    c->produce_block();
    CHECK(heard(client).empty());
}

TEST_CASE("testing/faults: frames cut short, and announced too large")
{
    node server(recorded());
    auto const bytes = [&](char const* json, bool to_end) {
        raw_websocket client(server.port());
        server.set_faults(from_text(json));
        client.send(question);
        std::string head;
        client.socket().read(head, 2);
        server.clear_faults();
        if (!to_end)
            client.send("", 9);
        return head + (to_end ? client.socket().read_to_end() : client.socket().read_until("\x8a"));
    };
    std::string const whole = std::string("\x81\x16") + answer;
    CHECK(bytes("{}", false) == whole + "\x8a");
    CHECK(bytes(R"({"close_mid_frame":{}})", true) == whole.substr(0, 13));
    CHECK(bytes(R"({"truncated_frame":{}})", false) == whole.substr(0, 13) + "\x8a");
    CHECK(bytes(R"({"oversized_frame":{}})", false) == std::string("\x81\x7f\0\0\1\0\0\0\0\0", 10) + answer + "\x8a");
    CHECK(bytes(R"({"oversized_frame":{"bytes":66051}})", false) ==
          std::string("\x81\x7f\0\0\0\0\0\1\2\3", 10) + answer + "\x8a");
}

TEST_CASE("testing/faults: notices lost and doubled, replies not")
{
    node server(recorded());
    raw_websocket client(server.port());
    CHECK(client.ask(question) == answer);
    auto const told = [&](char const* json) {
        server.set_faults(from_text(json));
        server.send(notice);
        client.send(question);
        return heard(client);
    };
    CHECK(told("{}") == strings{notice, answer});
    CHECK(told(R"({"lose_notices":{}})") == strings{answer});
    CHECK(told(R"({"duplicate_notices":{}})") == strings{notice, notice, answer});

    server.set_faults(from_text(R"({"lose_notices":{"permille":500}})"));
    for (int i = 0; i < 40; ++i)
        server.send(notice);
    std::size_t const some = heard(client).size();
    CHECK(some > 5);
    CHECK(some < 35);
}

TEST_CASE("testing/faults: a frozen node answers pings only, and the rest when it thaws")
{
    node server(recorded());
    raw_websocket client(server.port());
    server.set_faults(from_text(R"({"freeze":{}})"));
    raw_websocket fresh(server.port()); // WebSockets are accepted
    client.send(question);
    server.send(notice);
    CHECK(heard(client).empty());
    CHECK(heard(fresh).empty());
    raw_socket http(server.port());
    http.send("POST / HTTP/1.1\r\nContent-Length: " + std::to_string(question.size()) + "\r\n\r\n" + question);
    CHECK(heard(client).empty());
    server.clear_faults();
    CHECK(client.read()->payload == notice);
    CHECK(client.read()->payload == answer);
    CHECK(fresh.read()->payload == notice);
    CHECK(http.read_until(answer).ends_with(answer));
    CHECK(server.connections() == 3);
}

TEST_CASE("testing/faults: connections end at once, or behind so many replies; open ones, too")
{
    node server(recorded());
    raw_websocket open(server.port());
    CHECK(open.ask(question) == answer);
    server.set_faults(from_text(R"({"drop":{"after_replies":2}})"));
    CHECK(open.ask(question) == answer);
    CHECK(open.ask(question) == "(closed)");
    raw_websocket second(server.port());
    server.set_faults(from_text(R"({"drop":{}})"));
    CHECK_FALSE(second.read());
    CHECK_FALSE(raw_websocket(server.port()).read()); // the handshake goes well
    server.clear_faults();
    CHECK(raw_websocket(server.port()).ask(question) == answer);
}

TEST_CASE("testing/faults: HTTP in place of the WebSocket")
{
    node server(recorded());
    CHECK(raw_websocket(server.port()).ask(question) == answer);
    for (std::string const status : {"429 Too Many Requests", "502 Bad Gateway", "503 Service Unavailable"})
    {
        server.set_faults(from_text("{\"http_status\":{\"retry_after\":9,\"status\":" + status.substr(0, 3) + "}}"));
        try
        {
            raw_websocket const refused(server.port());
            CHECK(false);
        }
        catch (std::runtime_error const& e)
        {
            std::string const words = e.what();
            CHECK_MESSAGE(words.find("HTTP/1.1 " + status + "\r\n") != std::string::npos, words);
            CHECK(words.find("Retry-After: 9\r\n") != std::string::npos);
        }
    }
}

TEST_CASE("testing/faults: a share of the connections is refused, the same ones with the same seed")
{
    auto const pattern = [](char const* json) {
        node server(recorded());
        server.set_faults(from_text(json));
        std::string seen;
        for (int i = 0; i < 20; ++i)
            try
            {
                seen += raw_websocket(server.port()).ask(question) == answer ? '.' : '?';
            }
            catch (std::runtime_error const&)
            {
                seen += 'R';
            }
        CHECK(server.connections() == 20);
        return seen;
    };
    std::string const some = pattern(R"({"seed":3,"refuse":{"permille":500}})");
    CHECK(some.find('.') != std::string::npos);
    CHECK(some.find('R') != std::string::npos);
    CHECK(some.find('?') == std::string::npos);
    CHECK(some == pattern(R"({"seed":3,"refuse":{"permille":500}})"));
    CHECK(some != pattern(R"({"seed":4,"refuse":{"permille":500}})"));
    CHECK(pattern("{}") == std::string(20, '.'));
}

TEST_CASE("testing/faults: stay over stop and start; a closed port stays the node's own")
{
    node_options options;
    options.faults = from_text(R"({"refuse":{}})");
    node server(recorded(), options);
    CHECK_THROWS(raw_socket(server.port()));
    server.stop();
    server.start();
    CHECK_THROWS(raw_socket(server.port()));
    for (int i = 0; i < 3; ++i)
    {
        server.clear_faults();
        CHECK(raw_websocket(server.port()).ask(question) == answer);
        server.set_faults(options.faults);
        CHECK_THROWS(raw_socket(server.port()));
    }
    server.stop();
    server.clear_faults();
    server.start();
    raw_websocket client(server.port());
    CHECK(client.ask(question) == answer);
    server.set_faults(options.faults);
    CHECK(client.ask(question) == answer); // what is open stays
}

TEST_CASE("testing/faults: may change at any time while clients are busy")
{
    node server(made());
    char const* const all[] = {R"({"drop":{"permille":500}})",
                               R"({"freeze":{}})",
                               R"({"half_open":{"permille":300,"after_replies":2}})",
                               R"({"refuse":{}})",
                               R"({"tarpit":{"permille":300}})",
                               R"({"reorder":{"wait_ms":1}})",
                               R"({"duplicate":{}})",
                               R"({"stale_head":{"blocks":2},"fork":{"after":3}})",
                               R"({"half_open":{}})",
                               R"({"delay":{"ms":1,"jitter_ms":2}})",
                               "{}"};
    std::atomic<bool> done{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            while (!done)
                try
                {
                    raw_websocket client(server.port());
                    for (int n = 0; n < 20 && client.ask(question) != "(closed)"; ++n)
                    {
                    }
                }
                catch (std::runtime_error const&)
                {
                    std::this_thread::yield();
                }
        });
    for (int round = 0; round < 2; ++round)
        for (auto const* const json : all)
        {
            server.set_faults(from_text(json));
            std::this_thread::sleep_for(milliseconds(3));
            if (round == 1)
                server.drop_connections();
        }
    done = true;
    server.stop(); // whoever waits is told so
    for (auto& thread : threads)
        thread.join();
    server.start();
    CHECK(raw_websocket(server.port()).ask(question) != "(closed)");
}

TEST_CASE("testing/fault_schedule: is read from JSON, strictly, and for so many nodes")
{
    auto const schedule = fault_schedule::from_text(R"({"seed":7,"steps":[{"at_ms":5,"node":1,"faults":{"freeze":{}}},
                                      {"at_ms":0,"faults":{}}]})",
                                                    2)
                              .value();
    CHECK(schedule.seed == 7);
    REQUIRE(schedule.steps.size() == 2);
    CHECK(schedule.steps[0].node == 1);
    CHECK(schedule.steps[0].faults.freeze);
    CHECK(schedule.steps[1].faults == faults());
    auto const error = [](char const* json) { return fault_schedule::from_text(json, 1).error(); };
    CHECK(error(R"({"steps":[{"at_ms":0,"node":1,"faults":{}}]})").code() == bitshares::errc::value_out_of_range);
    CHECK(error(R"({"steps":[{"at_ms":0}]})").code() == bitshares::errc::missing_member);
    CHECK(error(R"({"steps":[{"at_ms":0,"faults":{"drip":{}}}]})").code() == bitshares::errc::unknown_member);
    CHECK(error("[1]").code() == bitshares::errc::wrong_type);
}

TEST_CASE("testing/fault_schedule: is played in the order of its times, each step in place of the one before")
{
    node first(recorded());
    node second(recorded());
    raw_websocket client(first.port());
    raw_websocket other(second.port());
    auto schedule = fault_schedule::from_text(
                        R"({"steps":[{"at_ms":12,"node":1,"faults":{}},
                                     {"at_ms":6,"node":0,"faults":{"wrong_chain":{"chain_id":"ef"}}},
                                     {"at_ms":0,"node":0,"faults":{"wrong_chain":{"chain_id":"cd"}}},
                                     {"at_ms":0,"node":1,"faults":{"wrong_chain":{}}}]})",
                        2)
                        .value();
    {
        fault_player player(schedule, {&first, &second});
        player.wait();
        CHECK(client.ask(question) == R"({"id":1,"result":"ef"})");
        CHECK(other.ask(question) == answer);
    }
    auto const long_one =
        fault_schedule::from_text(
            R"({"steps":[{"at_ms":86400000,"faults":{}},{"at_ms":0,"node":1,"faults":{"wrong_chain":{}}}]})", 2)
            .value();
    fault_player const ended_early(long_one, {&first, &second});
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::string_view const changed = R"({"id":1,"result":"ba"})";
    while (other.ask(question) != changed && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(milliseconds(1));
    CHECK(other.ask(question) == changed);
}

TEST_CASE("testing/fault_schedule: a step that cannot be taken ends it, and is told")
{
    node first(recorded());
    faults closed;
    closed.refuse.emplace();
    first.set_faults(closed);
    node_options options;
    options.port = first.port();
    node const other(recorded(), options); // has the port now
    fault_schedule schedule;
    schedule.steps = {{1, 0, {}}, {2, 0, closed}};
    std::atomic<int> failed{0};
    {
        fault_player player(schedule, {&first}, [&] { ++failed; });
        CHECK_THROWS_AS(player.wait(), bitshares::exception);
    }
    CHECK(failed == 1);
    {
        fault_player const nobody_waits(schedule, {&first}); // it ends nothing else
    }
    CHECK_NOTHROW(fault_player({}, {&first}).wait());
}

TEST_CASE("testing/certificate: one that an authority has signed, and for whom it is")
{
    auto const authority = make_certificate();
    CHECK(certificate_names(authority) == strings{"localhost", "127.0.0.1"});
    certificate_options options;
    options.names = {"node.example", "10.1.2.3"};
    auto const signed_one = make_certificate(options, authority);
    CHECK(certificate_names(signed_one) == options.names);
    CHECK_THROWS_AS(make_certificate(options, {"no certificate", "no key"}), bitshares::exception);
    CHECK_THROWS_AS(make_certificate(options, {authority.certificate_pem, "no key"}), bitshares::exception);
    CHECK_THROWS_AS(certificate_names({"no certificate", ""}), bitshares::exception);
}
