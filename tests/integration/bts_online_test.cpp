// The commands of bts that ask a node, as processes, against a test node.

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>
#include <support/recordings.hpp>
#include <support/terminal.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace bitshares;
using support::is_harmless, support::longest_line, support::on_terminal;
using test::json_value;

namespace {

std::shared_ptr<testing::data_set const> chain_c_data()
{
    static auto const data = std::make_shared<testing::data_set const>(recordings::chain_c());
    return data;
}

struct finished
{
    int exit = -1;
    std::string out;
};

// Standard error would stand between the tests' own lines; a variable of the person who runs them names no node.
std::vector<std::string> command(std::vector<std::string> arguments)
{
    std::vector<std::string> whole{"/bin/sh", "-c", "unset BTS_NODE; exec \"$@\" 2>/dev/null", "sh",
                                   BITSHARES_PROGRAMS_DIR "/bts"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

finished run(std::vector<std::string> arguments, std::string const& input = {})
{
    support::process program(command(std::move(arguments)));
    finished f;
    f.out = program.communicate(input);
    f.exit = program.wait();
    return f;
}

bool says(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

std::string id_of_request(std::string_view frame)
{
    return json_value::parse(frame)["id"].dump();
}

std::string const transfer_json = R"([0,{"fee":{"amount":2089843,"asset_id":"1.3.0"},"from":"1.2.18","to":"1.2.19",)"
                                  R"("amount":{"amount":12345,"asset_id":"1.3.1"},"memo":{"from":)"
                                  R"("BTS7hqC8pQZZGJWyuVk2qQPEMELfJQAmeBQznxyKqnnBudAaM2u9x","to":)"
                                  R"("BTS8FwBjDndgKHFdnCWGCeRPKk7qfTUFE11G75XN8QiE2YJsL9n1R","nonce":"1","message":)"
                                  R"("e05126c52268e2afb632aebdbd4b4454"},"extensions":[]}])";

} // namespace

// --- call -----------------------------------------------------------------------------------------------------------------

TEST_CASE("integration/bts: call prints what the node said, in one line or indented")
{
    for (auto const& data : {recordings::main_data(), chain_c_data()})
    {
        testing::node const node(data);
        auto const f = run({"call", "database", "get_objects", R"(["1.2.18","1.3.0"])", "--node", node.url()});
        CHECK(f.exit == 0);
        CHECK(f.out == "[" + *data->object("1.2.18") + "," + *data->object("1.3.0") + "]\n");
        auto const pretty =
            run({"call", "database", "get_objects", R"(["1.2.18","1.3.0"])", "--pretty", "--node", node.url()});
        CHECK(pretty.exit == 0);
        CHECK(says(pretty.out, "[\n  {\n    \"id\": \"1.2.18\","));
        CHECK(json_value::parse(pretty.out).dump() == json_value::parse(f.out).dump());
        CHECK(run({"call", "database", "get_chain_id", "--node", node.url(), "--chain-id", data->chain_id}).out ==
              "\"" + data->chain_id + "\"\n");
        CHECK(run({"call", "database", "get_block", "4000000000", "--node", node.url()}).out == "null\n");
    }
}

TEST_CASE("integration/bts: call sends JSON as raw UTF-8, anything else as text, and refuses what a node would misread")
{
    std::mutex mutex;
    std::vector<std::string> params;
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        std::lock_guard const lock(mutex);
        params.push_back(json_value::parse(frame)["params"].dump());
        params.back() += frame.find("\\u") == frame.npos ? "" : " escaped";
        testing::node_reply reply;
        reply.frames.push_back("{\"id\":" + id_of_request(frame) + ",\"result\":null}");
        return reply;
    };
    testing::node const node(recordings::main_data(), options);
    auto const heard = [&] { // since the last time
        std::lock_guard const lock(mutex);
        return std::exchange(params, {});
    };
    auto const sent = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"call", "any", "method", "--node", node.url()});
        auto const f = run(std::move(arguments));
        CHECK(f.exit == 0);
        CHECK(f.out == "null\n");
        auto const all = heard();
        return all.empty() ? std::string("nothing") : all.back();
    };
    CHECK(sent({}) == R"(["any","method",[]])");
    CHECK(sent({"alice", "1.2.17", "17", "true", "null", "[1, \"x\"]", "{\"a\": 1.50}", "\"5\""}) ==
          R"(["any","method",["alice","1.2.17",17,true,null,[1,"x"],{"a":1.50},"5"]])");
    CHECK(sent({R"("caf\u00e9 \ud83d\ude80")", "caf\xc3\xa9"}) ==
          "[\"any\",\"method\",[\"caf\xc3\xa9 \xf0\x9f\x9a\x80\",\"caf\xc3\xa9\"]]");
    CHECK(sent({"-5", "\"--x\""}) == R"(["any","method",[-5,"--x"]])");
    CHECK(sent({"18446744073709551615", "a\"b"}) == R"(["any","method",[18446744073709551615,"a\"b"]])");
    for (std::string const bad : {R"(["a)", R"({"a":})", R"("\u0007")", R"({"\b":1})", R"("\ud800")", "\xff\xfe"})
    {
        CAPTURE(bad);
        auto const f = run({"call", "any", "method", bad, "--node", node.url()});
        CHECK(f.exit == 1);
        CHECK(json_value::parse(f.out)["error"]["message"].text().find("argument 1") == 0);
        CHECK(heard().empty());
    }
    std::string const deep = std::string(300, '[') + std::string(300, ']');
    CHECK(run({"call", "any", "method", deep, "--node", node.url()}).exit == 1);
}

TEST_CASE("integration/bts: call tells refusals, lost networks and usage apart")
{
    testing::node const node(recordings::main_data());
    auto const refused = run({"call", "database", "get_limit_orders", "BTS", "NOSUCH", "50", "--node", node.url()});
    CHECK(refused.exit == 1);
    auto const error = json_value::parse(refused.out)["error"];
    CHECK(error["code"].text() == "10");
    CHECK(error["name"].text() == "assert_exception");
    CHECK(says(error["message"].text(), "no such asset"));
    CHECK(error["stack"].is_array());
    CHECK(json_value::parse(run({"call", "database", "nosuch", "--node", node.url()}).out)["error"]["code"].text() ==
          "-32601");

    CHECK(run({"call", "database", "get_chain_id"}).exit == 2);
    CHECK(run({"call", "database", "get_chain_id", "--node", "http://127.0.0.1"}).exit == 2);
    CHECK(run({"call", "database", "get_chain_id", "--node", node.url(), "--node", node.url()}).exit == 2);
    CHECK(run({"call", "data\"base", "get_chain_id", "--node", node.url()}).exit == 2);
    CHECK(run({"call", "database"}).exit == 2);
    CHECK(run({"call", "database", "get_chain_id", "--node", node.url(), "--chain-id", "zz"}).exit == 2);
    CHECK(run({"call", "database", "get_chain_id", "--node", node.url(), "--chain-id", "mainnet"}).exit == 3);
    auto const lost = run({"call", "database", "get_chain_id", "--node", "ws://127.0.0.1:1"});
    CHECK(lost.exit == 3);
    CHECK(json_value::parse(lost.out).contains("error"));
    // Of several nodes, one that works is enough.
    CHECK(run({"call", "database", "get_chain_id", "--node", "ws://127.0.0.1:1", "--node", node.url()}).exit == 0);
}

TEST_CASE("integration/bts: a read that the connection broke is repeated, a broadcast never")
{
    std::atomic<int> reads = 0, broadcasts = 0;
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        bool const broadcast = says(std::string(frame), "broadcast_transaction");
        if (!broadcast && !says(std::string(frame), "get_account_count"))
            return std::nullopt;
        testing::node_reply reply;
        if ((broadcast ? broadcasts : reads)++ == 0)
            reply.drop = true;
        else
            reply.frames.push_back("{\"id\":" + id_of_request(frame) + ",\"result\":43}");
        return reply;
    };
    testing::node const node(recordings::main_data(), options);
    auto const read = run({"call", "database", "get_account_count", "--node", node.url()});
    CHECK(read.exit == 0);
    CHECK(read.out == "43\n");
    CHECK(reads == 2);
    CHECK(run({"call", "network_broadcast", "broadcast_transaction", "{}", "--node", node.url()}).exit == 3);
    CHECK(broadcasts == 1);
}

TEST_CASE("integration/bts: Ctrl-C ends a call that waits")
{
    std::atomic<bool> asked = false;
    testing::node_options options;
    options.on_request = [&](std::string_view) {
        asked = true;
        testing::node_reply reply;
        reply.delay = std::chrono::seconds(60);
        return std::optional(std::move(reply));
    };
    testing::node const node(recordings::main_data(), options);
    support::process waiting(command({"call", "database", "get_chain_id", "--node", node.url(), "--timeout", "60"}));
    for (int i = 0; i < 2000 && !asked; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    waiting.signal(SIGINT);
    CHECK(waiting.wait() == 5);
}

// --- decode ---------------------------------------------------------------------------------------------------------------

TEST_CASE("integration/bts: decode explains an operation, with names from a node and without")
{
    testing::node const node(recordings::main_data());
    auto const with_names = run({"decode", transfer_json, "--node", node.url()});
    CHECK(with_names.exit == 0);
    CHECK(with_names.out ==
          "transfer (operation 0): exporter-alice pays the fee of 20.89843 BTS; exporter-alice gives 1.2345 GOLDCOIN; "
          "trader-bob gets 1.2345 GOLDCOIN\n"
          "  fee: 20.89843 BTS\n"
          "  from: exporter-alice (1.2.18)\n"
          "  to: trader-bob (1.2.19)\n"
          "  amount: 1.2345 GOLDCOIN\n"
          "  memo: encrypted memo of 16 bytes, from BTS7hqC8pQZZGJWyuVk2qQPEMELfJQAmeBQznxyKqnnBudAaM2u9x to "
          "BTS8FwBjDndgKHFdnCWGCeRPKk7qfTUFE11G75XN8QiE2YJsL9n1R\n"
          "  extensions: none\n");
    auto const offline = run({"decode"}, transfer_json + "\n");
    CHECK(offline.exit == 0);
    CHECK(says(offline.out, "1.2.18 pays the fee of 20.89843 1.3.0; 1.2.18 gives 12345 smallest units of 1.3.1"));
    CHECK(says(run({"decode", transfer_json, "--chain-id", "mainnet"}).out, "fee: 20.89843 BTS\n"));

    auto const json = json_value::parse(run({"decode", transfer_json, "--node", node.url(), "--json"}).out);
    CHECK(json["kind"].text() == "operation");
    CHECK(json["tag"].text() == "0");
    CHECK(json["name"].text() == "transfer");
    CHECK(json["fee_payer"].dump() == R"({"id":"1.2.18","name":"exporter-alice"})");
    CHECK(json["moves"][1]["gets"][0].dump() ==
          R"({"amount":"1.2345","symbol":"GOLDCOIN","units":"12345","asset_id":"1.3.1"})");
    CHECK(json["members"]["memo"]["kind"].text() == "encrypted memo");
    CHECK(run({"decode", transfer_json, "--node", "ws://127.0.0.1:1"}).exit == 3);
}

TEST_CASE("integration/bts: decode reads every operation of the vectors and names all types")
{
    auto const vectors = json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/operations.json");
    std::vector<bool> seen(operation_count);
    std::string list;
    std::size_t count = 0;
    for (char const* part : {"agreed", "single", "core_only", "disputed"})
        for (json_value const& v : vectors[part].array())
        {
            list += (list.empty() ? "[" : ",") + v["op"].dump();
            seen.at(static_cast<std::size_t>(v["op"][0].as_uint())) = true;
            ++count;
        }
    auto const f = run({"decode"}, list + "]");
    CHECK(f.exit == 0);
    CHECK_FALSE(says(f.out, "damaged"));
    std::size_t sentences = 0;
    for (std::size_t at = f.out.find(" (operation "); at != f.out.npos; at = f.out.find(" (operation ", at + 1))
        ++sentences;
    CHECK(sentences >= count); // those inside proposals, too
    for (std::size_t tag = 0; tag < operation_count; ++tag)
        if (seen[tag])
            CHECK(says(f.out, " (operation " + std::to_string(tag) + ")"));
    auto const json = json_value::parse(run({"decode", "--json"}, list + "]").out);
    CHECK(json["items"].size() == count);
}

TEST_CASE("integration/bts: decode tells the ids of recorded blocks and transactions, as JSON and as bytes")
{
    for (auto const& data : {recordings::main_data(), chain_c_data()})
    {
        std::string list, bytes;
        std::vector<std::string> ids;
        for (auto const& [number, block] : data->blocks)
            if (!block.block.empty() && !block.id.empty())
            {
                list += (list.empty() ? "[" : ",") + block.block;
                ids.push_back("block " + std::to_string(number) + ", id " + block.id + "\n");
            }
        REQUIRE(ids.size() > 50);
        auto const f = run({"decode"}, list + "]");
        CHECK(f.exit == 0);
        for (std::string const& id : ids)
            CHECK(says(f.out, id));
        CHECK_FALSE(says(f.out, "no id can be told"));
    }
    auto const vectors = json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/transactions.json");
    for (json_value const& v : vectors["transactions"].array())
    {
        CAPTURE(v["id"].text());
        auto const json = json_value::parse(
            run({"decode", v["serialized_hex"].text(), "--json", "--chain-id", v["chain_id"].text()}).out);
        CHECK(json["kind"].text() == "transaction");
        CHECK(json["id"].text() == v["transaction_id"].text());
        CHECK(json["digest"].text() == v["digest"].text());
    }
    auto const op = run({"decode", R"({"hex":"000000000000000000001180010000000000000000000000"})"});
    CHECK(op.exit == 0);
    CHECK(says(op.out, "transfer (operation 0): 1.2.17 pays no fee\n"));
    CHECK(run({"decode", "0000000000000000000011800100000000000000000000ff"}).exit == 1);
}

TEST_CASE("integration/bts: decode explains every recorded object, asked for by its id")
{
    testing::node const node(recordings::main_data());
    struct
    {
        char const* id;
        char const* part;
    } const cases[] = {
        {"1.7.11", "for_sale: 153.92483 BTS\n"},
        {"1.7.11", "sell_price: about 128.27067 BTS per GOLDCOIN (1706.00000 BTS for 13.3000 GOLDCOIN)\n"},
        {"1.7.30", "sell_price: about 0.076923076 PEGUSDX per BTS (3.0000 PEGUSDX for 39.00000 BTS)\n"},
        {"1.16.1", "    amount: 71.00000 BTS\n"},
        {"1.22.0", "collateral_amount: 4.4814 GOLDCOIN\n"},
        {"1.19.0", "balance_b: 11.7151 GOLDCOIN\n"},
        {"1.20.0", "balance: 1637.87125 BTS\n"},
        {"1.2.18", "  voting_account: proxy-to-self (1.2.5)\n"},
        {"1.2.18", "  active: weight 1 of BTS5QaVAib6zGxVKmT98MDJn3Pn1rkmKtobbJeUzXFZAf78DNxpUm: 1\n"},
        {"1.2.18", "  membership_expiration_date: never\n"},
        {"2.4.3", "  settlement_fund: 1283.33334 BTS\n"},
        {"2.4.3", "  force_settled_volume: 0.00000 PREDICTX\n"},
        {"2.1.0", "dynamic global properties 2.1.0\n"}};
    for (auto const& c : cases)
    {
        CAPTURE(c.part);
        auto const f = run({"decode", c.id, "--node", node.url()});
        CHECK(f.exit == 0);
        CHECK(says(f.out, c.part));
    }
    auto const json = json_value::parse(run({"decode", "1.7.11", "--json", "--node", node.url()}).out);
    CHECK(json["kind"].text() == "limit order");
    CHECK(json["id"].text() == "1.7.11");
    CHECK(json["sell_price"]["price"].text() == "128.27067");
    CHECK(json["expiration"].text() == "2026-12-11T03:41:10Z");
    CHECK(run({"decode", "1.7.999999", "--node", node.url()}).exit == 1);
    CHECK(run({"decode", "1.7.11"}).exit == 1); // whom to ask?

    // Each type of object that there is.
    std::string ids;
    for (int type = 2; type < 23; ++type)
        for (int i = 0; i < 60; ++i)
            if (auto const* const object =
                    recordings::main_data()->object("1." + std::to_string(type) + "." + std::to_string(i)))
                ids += (ids.empty() ? "[" : ",") + *object;
    auto const all = run({"decode", "--node", node.url()}, ids + "]");
    CHECK(all.exit == 0);
    CHECK(is_harmless(all.out));
}

TEST_CASE("integration/bts: decode keeps what it does not know, and says what is damaged")
{
    auto const unknown = run({"decode", R"([99,{"new":["1.2.18"]}])"});
    CHECK(unknown.exit == 0);
    CHECK(unknown.out == "operation 99, which this version does not know: {\"new\":[\"1.2.18\"]}\n");

    auto const tx = json_value::parse(
        run({"decode",
             R"({"ref_block_num":1,"ref_block_prefix":2,"expiration":"2026-01-01T00:00:00","operations":)"
             R"([[99,{}]],"extensions":[]})",
             "--json"})
            .out);
    CHECK(tx["kind"].text() == "transaction");
    CHECK_FALSE(tx.contains("id"));
    CHECK(tx.contains("problem"));
    CHECK(tx["operations"][0]["tag"].text() == "99");

    std::string damaged = transfer_json;
    damaged.replace(damaged.find("\"to\":\"1.2.19\","), 14, "");
    auto const missing = run({"decode", damaged});
    CHECK(missing.exit == 1); // no account 1.2.0 is told to get anything
    CHECK(says(missing.out, "transfer (operation 0), damaged\n  ! a member is missing at /1/to\n"));
    CHECK_FALSE(says(missing.out, "1.2.0"));

    std::string extra = transfer_json;
    extra.insert(extra.find("\"from\""), "\"note\":1,");
    auto const more = run({"decode", extra});
    CHECK(more.exit == 0);
    CHECK(says(more.out, "; 1.2.18 gives "));
    CHECK(says(more.out, "! "));
    // The key prefix of another known network is no damage.
    std::string test_keys = transfer_json;
    for (std::size_t at = 0; (at = test_keys.find("BTS", at)) != test_keys.npos; at += 4)
        test_keys.replace(at, 3, "TEST");
    CHECK(run({"decode", test_keys}).exit == 0);
}

TEST_CASE("integration/bts: nothing that decode is fed moves a terminal's cursor or breaks it")
{
    std::string const escape = "\\u001b[2J\\u0007\\u009b31m\\u202e\xc2\x9b\x7f";
    std::string const inputs[] = {
        "[\"" + escape + "\"]",
        "{\"" + escape + "\":{\"" + escape + "\":1},\"id\":\"1.2." + escape + "\"}",
        "[99,{\"a\":\"" + escape + "\"}]",
        "[0,{\"from\":\"" + escape + "\"}]",
        "{\"previous\":\"" + escape + "\",\"timestamp\":\"" + escape + "\",\"witness\":\"" + escape +
            "\",\"transaction_merkle_root\":\"" + escape +
            "\",\"transactions\":[{\"operations\":[[0,{}]],\"expiration\":\"" + escape + "\"},\"" + escape + "\"]}",
        "{\"operations\":[],\"ref_block_num\":\"" + escape + "\"}",
        "{\"a\":{\"weight_threshold\":\"" + escape + "\",\"account_auths\":[[\"" + escape + "\",\"" + escape +
            "\"]],\"key_auths\":[]}}",
        "{\"memo\":{\"from\":\"BTS1111111111111111111111111111111114T1Anm\",\"to\":"
        "\"BTS1111111111111111111111111111111114T1Anm\",\"nonce\":0,\"message\":\"000000001b5b324a\"}}"};
    for (std::string const& input : inputs)
    {
        CAPTURE(input);
        for (char const* form : {"--full", "--json"})
        {
            auto const f = run({"decode", form}, input);
            CHECK(f.exit <= 1);
            CHECK_FALSE(f.out.empty());
            CHECK(is_harmless(f.out));
        }
    }
    // A node that names an asset so.
    auto data = std::make_shared<testing::data_set>(*recordings::main_data());
    data->add_object(R"({"id":"1.3.777","symbol":"\u001b[2JX","precision":3})");
    data->add_object("{\"id\":\"1.2.777\",\"name\":\"\xc2\x9b\x32J\"}");
    testing::node const node(data);
    auto const named = run({"decode", R"([{"amount":5,"asset_id":"1.3.777"},"1.2.777"])", "--node", node.url()});
    CHECK(named.out == "0.005 \\u001b[2JX\n\n\\u009b2J (1.2.777)\n");

    struct
    {
        std::string input;
        char const* code;
    } const bad[] = {{std::string(100'000, '['), "depth_limit"},
                     {std::string(250, '[') + std::string(250, ']'), "depth_limit"},
                     {"{\"a\":1", "invalid_json"},
                     {"1 2", "invalid_json"},
                     {"\"\xff\"", "invalid_json"},
                     {"\"\\ud800\"", "invalid_json"},
                     {std::string("[1]\0", 4), "invalid_json"},
                     {"", "no_input"},
                     {" \n", "no_input"}};
    for (auto const& b : bad)
    {
        auto const f = run({"decode", "--json"}, b.input);
        CHECK(f.exit == 1);
        CHECK(json_value::parse(f.out)["error"]["code"].text() == b.code);
    }
    std::string many = "[0";
    for (int i = 0; i < 1'000'001; ++i)
        many += ",0";
    CHECK(json_value::parse(run({"decode", "--json"}, many + "]").out)["error"]["code"].text() == "element_limit");
}

// --- account --------------------------------------------------------------------------------------------------------------

namespace {

struct listed
{
    char const* method;
    char const* limit;
    char const* objects; // the type's ids
    char const* owner;   // the member that names the account
    char const* shown;   // how `bts account --json` names the list
};

constexpr listed lists[] = {
    {"get_tickets_by_account", "api_limit_get_tickets", "1.18.", "account", "tickets"},
    {"get_samet_funds_by_owner", "api_limit_get_samet_funds", "1.20.", "owner_account", "samet_funds"},
    {"get_credit_offers_by_owner", "api_limit_get_credit_offers", "1.21.", "owner_account", "credit_offers"},
    {"get_credit_deals_by_borrower", "api_limit_get_credit_offers", "1.22.", "borrower", "credit_deals_as_borrower"},
    {"get_credit_deals_by_offer_owner", "api_limit_get_credit_offers", "1.22.", "offer_owner",
     "credit_deals_as_lender"}};

/// An account's objects of one type as the recording has them in the end, in the order of their ids.
std::vector<std::string> objects_of(testing::recording const& recording, std::string const& account, listed const& l)
{
    std::map<std::uint64_t, std::string> found;
    for (auto const& [id, json] : recording.objects)
        if (id.starts_with(l.objects) && json_value::parse(json)[l.owner].text() == account)
            found.emplace(std::stoull(id.substr(std::string_view(l.objects).size())), json);
    std::vector<std::string> all;
    for (auto const& [instance, json] : found)
        all.push_back(json);
    return all;
}

// The lists of tickets, funds and loans, from the recorded objects; where a list itself was recorded, it is the same.
std::shared_ptr<testing::data_set> with_lists(testing::recording const& recording, testing::data_set const& recorded,
                                              std::vector<std::string> const& accounts)
{
    auto data = std::make_shared<testing::data_set>(recorded);
    for (std::string const& account : accounts)
        for (listed const& l : lists)
        {
            std::string list;
            for (std::string const& json : objects_of(recording, *data->account_id(account), l))
                list += (list.empty() ? "" : ",") + json;
            list = '[' + list + ']';
            if (auto const* const known = data->answer("database", l.method, "[\"" + account + "\"]"))
                CHECK_MESSAGE(known->json == list, l.method);
            data->add_answer("database", l.method, "[\"" + account + "\"," + std::to_string(data->limit(l.limit)) + "]",
                             {list, false});
        }
    return data;
}

std::shared_ptr<testing::data_set> alice_with_lists()
{
    return with_lists(recordings::main_chain(), *recordings::main_data(), {"exporter-alice"});
}

} // namespace

TEST_CASE("integration/bts: account tells balances to the last unit, orders, locks and the newest operations")
{
    struct
    {
        testing::recording const& recording;
        testing::data_set const& recorded;
        std::vector<std::string> accounts;
    } const chains[] = {
        {recordings::main_chain(), *recordings::main_data(), {"exporter-alice", "trader-bob", "carol-m1", "olivia"}},
        {recordings::chain_c(), *chain_c_data(), {"exporter-alice", "trader-bob", "carol-m1", "olivia-z9"}}};
    std::size_t in_lists = 0;
    for (auto const& chain : chains)
    {
        auto const data = with_lists(chain.recording, chain.recorded, chain.accounts);
        testing::node const node(data);
        for (std::string const& account : chain.accounts)
        {
            CAPTURE(account);
            std::string const id = *data->account_id(account);
            if (data->full_account(id) == nullptr)
                continue;
            auto const full = json_value::parse(*data->full_account(id));
            auto const f = run({"account", account, "--json", "--node", node.url()});
            CHECK(f.exit == 0);
            auto const json = json_value::parse(f.out);
            CHECK(json["id"].text() == id);
            CHECK(json["name"].text() == account);
            std::size_t balances = 0;
            for (json_value const& b : full["balances"].array())
                if (b["balance"].text() != "0")
                    ++balances;
            CHECK(json["balances"].size() == balances);
            for (json_value const& shown : json["balances"].array())
            {
                auto const& all = full["balances"].array();
                auto const recorded = std::find_if(all.begin(), all.end(), [&](json_value const& b) {
                    return b["asset_type"].text() == shown["asset_id"].text();
                });
                REQUIRE(recorded != all.end());
                CHECK(shown["units"].text() == (*recorded)["balance"].text());
                auto const asset = json_value::parse(*data->object(shown["asset_id"].text()));
                CHECK(shown["symbol"].text() == asset["symbol"].text());
                CHECK(shown["amount"].text() ==
                      format_amount(shown["units"].as_int(), static_cast<unsigned>(asset["precision"].as_uint())));
            }
            for (char const* list : {"limit_orders", "call_orders", "settle_orders", "htlcs_from", "htlcs_to"})
                CHECK(json[list].size() == full[list].size());
            for (listed const& l : lists)
            {
                auto const objects = objects_of(chain.recording, id, l);
                auto const& shown = json[l.shown].array();
                REQUIRE_MESSAGE(shown.size() == objects.size(), l.shown);
                for (std::size_t i = 0; i < objects.size(); ++i)
                    CHECK(shown[i]["id"].text() == json_value::parse(objects[i])["id"].text());
                in_lists += objects.size();
            }
            CHECK(json["history"].size() == std::min<std::size_t>(5, data->history(id)->size()));
            CHECK(json["incomplete"].size() == 0);
            auto const text = run({"account", id, "--node", node.url()});
            CHECK((text.exit == 0 || text.exit == 4)); // some lists are recorded by the account's name only
            CHECK(says(text.out, account + " (" + id + ")"));
        }
    }
    CHECK(in_lists == 17);
    testing::node const node(alice_with_lists());
    auto const alice = run({"account", "exporter-alice", "--node", node.url()});
    CHECK(alice.exit == 0);
    for (char const* part :
         {"exporter-alice (1.2.18), lifetime member\n", "\nBalances\n  4083447.66180 BTS\n  5576.7188 GOLDCOIN\n",
          "  1.7.30  sells 1.5900 PEGUSDX for 20.67000 BTS (13 BTS per PEGUSDX), until 2026-11-28 03:41:51 UTC\n",
          "  1.8.2  owes 20.2300 PEGUSDX, collateral 908.00000 BTS (about 44.883835 BTS per PEGUSDX)\n",
          "  1.16.1  71.00000 BTS from exporter-alice to trader-bob, until 2026-11-22 20:46:34 UTC\n",
          "  1.18.0  1000.00000 BTS, liquid on the way to lock 180 days, charging, next change 2026-12-06 03:42:38 "
          "UTC\n",
          "  1.22.0  owes 26.00000 BTS to trader-bob, collateral 4.4814 GOLDCOIN, fee 1.6024 %, due 2026-11-22 "
          "03:44:25 UTC\n",
          "  2026-11-21 03:53:49 UTC  transfer (operation 0): exporter-alice pays the fee of 20.00000 BTS; "
          "exporter-alice gives 0.01002 BTS; trader-bob gets 0.01002 BTS\n",
          "\n319 operations in all\n"})
        CHECK_MESSAGE(says(alice.out, part), part);
}

TEST_CASE("integration/bts: account says what is missing, and whom there is not")
{
    testing::node const plain(recordings::main_data()); // which refuses what was not recorded
    auto const gaps = run({"account", "exporter-alice", "--node", plain.url()});
    CHECK(gaps.exit == 4);
    CHECK(says(gaps.out, "\n\nNot told by the node\n  "));
    CHECK(says(gaps.out, "\n  SameT funds: the node refuses: "));

    auto data = alice_with_lists();
    std::string full = *data->full_account("1.2.18");
    std::string const flag = "\"limit_orders\":false";
    REQUIRE(says(full, flag));
    full.replace(full.find(flag), flag.size(), "\"limit_orders\":true");
    data->add_full_account("1.2.18", full);
    auto const more = std::make_shared<testing::data_set>(*data);
    testing::node const cut(data);
    auto const f = run({"account", "exporter-alice", "--json", "--node", cut.url()});
    CHECK(f.exit == 4);
    CHECK(json_value::parse(f.out)["limit_orders"].size() == 3);
    CHECK(json_value::parse(f.out)["incomplete"][0].text().find("open orders: the node refuses: ") == 0);
    more->add_answer("database", "get_limit_orders_by_account",
                     "[\"exporter-alice\"," + std::to_string(more->limit("api_limit_get_limit_orders_by_account")) +
                         "]",
                     {"[" + *more->object("1.7.24") + "," + *more->object("1.7.30") + "," + *more->object("1.7.32") +
                          "," + *more->object("1.7.40") + "]",
                      false});
    testing::node const whole(more);
    auto const all = run({"account", "exporter-alice", "--json", "--node", whole.url()});
    CHECK(all.exit == 0);
    CHECK(json_value::parse(all.out)["limit_orders"].size() == 4);

    for (char const* nobody : {"nobody-here", "1.2.99999", "1.3.0", ""})
        CHECK(run({"account", nobody, "--node", plain.url()}).exit == 1);
    CHECK(run({"account", "exporter-alice", "--node", cut.url(), "--bids", "GOLDCOIN"}).exit == 1);
    CHECK(run({"account", "exporter-alice", "--node", "ws://127.0.0.1:1"}).exit == 3);
    CHECK(run({"account", "--node", plain.url()}).exit == 2);
}

TEST_CASE("integration/bts: on the test chain, keys have its prefix and the core asset its symbol")
{
    auto data = alice_with_lists();
    data->chain_id = to_hex(testnet().chain_id.data);
    testing::node_options options;
    options.on_request = [session = std::make_shared<testing::node_session>(data)](std::string_view frame) {
        testing::node_reply reply;
        std::string text = session->answer(frame).value_or("");
        for (std::size_t at = 0; (at = text.find("\"BTS", at)) != text.npos; ++at)
            if (text.at(at + 4) != '"') // not the symbol
                text.replace(at, 4, "\"TEST");
        reply.frames.push_back(std::move(text));
        return std::optional(std::move(reply));
    };
    testing::node const node(data, options);
    auto const f = run({"account", "exporter-alice", "--chain-id", "testnet", "--node", node.url()});
    CHECK(f.exit == 0);
    CHECK(says(f.out, "exporter-alice (1.2.18)"));
    CHECK(run({"account", "exporter-alice", "--chain-id", "mainnet", "--node", node.url()}).exit == 3);
    CHECK(says(run({"decode", "--chain-id", "testnet"}, transfer_json).out, "fee: 20.89843 TEST\n"));
}

TEST_CASE("integration/bts: account reads long lists to their end, and bids where the asset is named")
{
    auto data = alice_with_lists();
    auto const tickets = [](int from, int to) {
        std::string list;
        for (int i = from; i < to; ++i)
            list += (list.empty() ? "[" : ",") + ("{\"id\":\"1.18." + std::to_string(i)) +
                    "\",\"account\":\"1.2.18\",\"target_type\":\"lock_forever\",\"amount\":{\"amount\":1,\"asset_id\":"
                    "\"1.3.0\"},\"current_type\":\"lock_forever\",\"status\":\"stable\",\"value\":1,"
                    "\"next_auto_update_time\":\"2106-02-07T06:28:15\",\"next_type_downgrade_time\":"
                    "\"2106-02-07T06:28:15\"}";
        return testing::stored_answer{list + "]", false};
    };
    data->set_limit("api_limit_get_tickets", 101);
    data->add_answer("database", "get_tickets_by_account", "[\"exporter-alice\",101]", tickets(0, 101));
    data->add_answer("database", "get_tickets_by_account", "[\"exporter-alice\",101,\"1.18.100\"]", tickets(100, 150));
    data->set_limit("api_limit_get_collateral_bids", 100);
    data->add_answer("database", "get_collateral_bids", "[\"GSETTLE\",100,0]",
                     {R"([{"id":"2.17.1","bidder":"1.2.19","inv_swan_price":{"base":{"amount":1,"asset_id":"1.3.0"},)"
                      R"("quote":{"amount":1,"asset_id":"1.3.7"}}},{"id":"2.17.2","bidder":"1.2.18","inv_swan_price":)"
                      R"({"base":{"amount":250000,"asset_id":"1.3.0"},"quote":{"amount":30000,"asset_id":"1.3.1"}}}])",
                      false});
    testing::node const node(data);
    auto const f = run({"account", "exporter-alice", "--bids", "GSETTLE", "--json", "--node", node.url()});
    CHECK(f.exit == 0);
    auto const json = json_value::parse(f.out);
    CHECK(json["tickets"].size() == 150);
    CHECK(json["collateral_bids_GSETTLE"].size() == 1);
    CHECK(says(run({"account", "exporter-alice", "--bids", "GSETTLE", "--node", node.url()}).out,
               "  2.17.2  2.50000 BTS of collateral for a debt of 3.0000 GOLDCOIN\n"));
}

// --- orderbook ------------------------------------------------------------------------------------------------------------

namespace {

std::shared_ptr<testing::data_set> market_data()
{
    auto data = std::make_shared<testing::data_set>(*recordings::main_data());
    data->set_limit("api_limit_get_limit_orders", 50); // as the recordings asked
    return data;
}

/// A market that a test moves block by block.
class moving_market
{
public:
    moving_market()
    {
        options.on_request = [this](std::string_view frame) { return answer(frame); };
    }

    std::atomic<std::uint32_t> block = 1000;
    std::atomic<bool> silent = false;
    std::atomic<bool> old = false;
    testing::node_options options;

private:
    std::optional<testing::node_reply> answer(std::string_view frame) const
    {
        testing::node_reply reply;
        std::uint32_t const number = block;
        if (silent)
        {
            reply.delay = std::chrono::seconds(600);
            return reply;
        }
        if (frame.find("get_dynamic_global_properties") != frame.npos)
        {
            auto const now =
                std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
                    .count();
            char id[41];
            std::snprintf(id, sizeof id, "%08x00000000000000000000000000000000", number);
            time_point_sec const time{static_cast<std::uint32_t>(now - (old ? 600 : 0))};
            reply.frames.push_back("{\"id\":" + id_of_request(frame) +
                                   ",\"result\":{\"id\":\"2.1.0\",\"head_block_number\":" + std::to_string(number) +
                                   ",\"head_block_id\":\"" + id + "\",\"time\":\"" + time.to_string() + "\"}}");
            return reply;
        }
        if (frame.find("get_limit_orders") != frame.npos)
        {
            reply.frames.push_back(
                "{\"id\":" + id_of_request(frame) + R"(,"result":[{"id":"1.7.1","seller":"1.2.20","for_sale":)" +
                std::to_string(number) +
                R"(,"sell_price":{"base":{"amount":100000,"asset_id":"1.3.0"},"quote":{"amount":10000,"asset_id":)"
                R"("1.3.1"}}},{"id":"1.7.2","seller":"1.2.20","for_sale":)" +
                std::to_string(number * 10) +
                R"(,"sell_price":{"base":{"amount":30000,"asset_id":"1.3.1"},"quote":{"amount":400000,"asset_id":)"
                R"("1.3.0"}}}]})");
            return reply;
        }
        return std::nullopt;
    }
};

} // namespace

TEST_CASE("integration/bts: orderbook prints a recorded market, asks rounded up and bids down")
{
    testing::node const node(market_data());
    auto const f = run({"orderbook", "BTS", "GOLDCOIN", "--node", node.url()});
    CHECK(f.exit == 0);
    CHECK(says(f.out, "GOLDCOIN in BTS, block "));
    CHECK(says(f.out, "bid  128.27067"));
    CHECK(is_harmless(f.out));

    auto const json = json_value::parse(run({"orderbook", "BTS", "GOLDCOIN", "--json", "--node", node.url()}).out);
    CHECK(json["kind"].text() == "order book");
    CHECK(json["base"]["symbol"].text() == "BTS");
    auto const& bids = json["bids"].array();
    REQUIRE(bids.size() >= 2);
    CHECK(bids[0]["price"].text().substr(0, 9) == "128.27067");
    CHECK(bids[0]["exact_price_in_units"].dump() == R"({"base":"170600000","quote":"133000"})");
    CHECK(bids[0]["base"].text() == "153.92483");
    CHECK(bids[0]["quote"].text() == "1.2000"); // 12000.0014 smallest units
    CHECK(bids[1]["orders"].text() == "2");
    CHECK(bids[1]["base_sum"].text() == "373.92483");
    CHECK(json["asks_cut"].dump() == "false");

    // The same market from the other side: every bid is an ask.
    auto const other = json_value::parse(run({"orderbook", "GOLDCOIN", "BTS", "--json", "--node", node.url()}).out);
    CHECK(other["asks"].size() == json["bids"].size());
    CHECK(other["asks"][0]["quote"].text() == "153.92483");
    CHECK(other["asks"][0]["base"].text() == "1.2001");
    CHECK(json_value::parse(
              run({"orderbook", "BTS", "GOLDCOIN", "--json", "--depth", "1", "--node", node.url()}).out)["bids"]
              .size() == 1);

    CHECK(run({"orderbook", "BTS", "NOSUCH", "--node", node.url()}).exit == 1);
    CHECK(run({"orderbook", "BTS", "BTS", "--node", node.url()}).exit == 1);
    CHECK(run({"orderbook", "BTS", "1.2.3", "--node", node.url()}).exit == 1);
    CHECK(run({"orderbook", "BTS", "--node", node.url()}).exit == 2);
    CHECK(run({"orderbook", "BTS", "GOLDCOIN", "--depth", "0", "--node", node.url()}).exit == 2);
    CHECK(run({"orderbook", "BTS", "GOLDCOIN", "--node", "ws://127.0.0.1:1"}).exit == 3);
}

TEST_CASE("integration/bts: orderbook sums up orders of one price, and says where the node has more")
{
    auto data = market_data();
    data->set_limit("api_limit_get_limit_orders", 3);
    auto const order = [](int id, char const* for_sale, char const* sold, char const* a, char const* wanted,
                          char const* b) {
        return "{\"id\":\"1.7." + std::to_string(id) + "\",\"for_sale\":" + for_sale +
               ",\"sell_price\":{\"base\":{\"amount\":" + a + ",\"asset_id\":\"" + sold +
               "\"},\"quote\":{\"amount\":" + b + ",\"asset_id\":\"" + wanted + "\"}}}";
    };
    data->add_answer("database", "get_limit_orders", R"(["BTS","GOLDCOIN",3])",
                     {"[" + order(1, "100000", "1.3.0", "100000", "1.3.1", "30000") + "," +
                          order(2, "200000", "1.3.0", "200000", "1.3.1", "60000") + "," +
                          order(3, "1", "1.3.0", "100000", "1.3.1", "40000") + "," +
                          order(4, "10000", "1.3.1", "30000", "1.3.0", "200000") + "]",
                      false});
    data->add_answer("database", "get_limit_orders", R"(["BTS","BREADTOKEN",3])",
                     {"[" + order(1, "5", "1.3.0", "5", "1.3.1", "5") + "]", false});
    data->add_answer("database", "get_limit_orders", R"(["BTS","PEGUSDX",3])", {"[]", false});
    testing::node const node(data);
    auto const json = json_value::parse(run({"orderbook", "BTS", "GOLDCOIN", "--json", "--node", node.url()}).out);
    REQUIRE(json["bids"].size() == 2);
    CHECK(json["bids"][0]["orders"].text() == "2");
    CHECK(json["bids"][0]["price"].text() == "0.33333333"); // 1 BTS for 3 GOLDCOIN
    CHECK(json["bids"][0]["base"].text() == "3.00000");
    CHECK(json["bids"][0]["quote"].text() == "9.0000");
    CHECK(json["bids_cut"].dump() == "true");
    CHECK(json["asks_cut"].dump() == "false");
    CHECK(json["asks"][0]["price"].text() == "0.66666667");
    CHECK(json["asks"][0]["base"].text() == "0.66667"); // no less buys all of it
    CHECK(json["spread"].text() == "0.33333334");
    auto const text = run({"orderbook", "BTS", "GOLDCOIN", "--once", "--node", node.url()});
    CHECK(says(text.out, "bids have more orders than the node tells"));
    CHECK(run({"orderbook", "BTS", "BREADTOKEN", "--node", node.url()}).exit == 3); // another market's order
    auto const empty = run({"orderbook", "BTS", "PEGUSDX", "--node", node.url()});
    CHECK(empty.exit == 0);
    CHECK(says(empty.out, "no spread"));
}

TEST_CASE(
    "integration/bts: the live view follows the chain, says when it cannot, and never shows an old book as current")
{
    moving_market market;
    testing::node node(recordings::main_data(), market.options);
    on_terminal view(
        {BITSHARES_PROGRAMS_DIR "/bts", "orderbook", "BTS", "GOLDCOIN", "--node", node.url(), "--timeout", "2"}, 80,
        24);
    REQUIRE(view.shows("current"));
    CHECK(view.shows("block 1000, "));
    CHECK(view.shows("0.01000")); // what the bid offers: block 1000's
    CHECK(view.shows("ask  1.3333334"));
    market.block = 1001;
    CHECK(view.shows("block 1001, "));
    CHECK(view.shows("0.01001"));

    // Another block while the connection is broken: no notice could tell.
    node.drop_connections();
    market.block = 1500;
    CHECK(view.shows("block 1500, "));
    CHECK(view.shows("0.01500"));

    node.stop();
    CHECK(view.shows("NOT CURRENT"));
    market.block = 2000;
    node.start();
    CHECK(view.shows("block 2000, "));
    CHECK(view.shows("current"));

    market.silent = true;
    CHECK(view.shows("NOT CURRENT"));
    market.silent = false;
    CHECK(view.shows("\r\ncurrent"));

    market.old = true;
    market.block = 2001;
    CHECK(view.shows("NOT CURRENT? The newest block is 10 min old by this machine's clock"));

    view.resize(30, 8);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    market.old = false;
    market.block = 2002;
    CHECK(view.shows("block 2002, "));
    std::string const frame = view.frame();
    CHECK(longest_line(frame) <= 30);
    CHECK(std::count(frame.begin(), frame.end(), '\n') < 8);

    view.type('\003'); // Ctrl-C: whoever watched has seen enough
    CHECK(view.wait() == 0);
    CHECK(view.all().ends_with("\033[?1049l")); // the terminal is as it was
}

TEST_CASE("integration/bts: the live view ends when it could not begin, and when the node is of another chain")
{
    on_terminal nobody({BITSHARES_PROGRAMS_DIR "/bts", "orderbook", "BTS", "GOLDCOIN", "--node", "ws://127.0.0.1:1"},
                       80, 24);
    CHECK(nobody.wait() == 3);
    CHECK_FALSE(says(nobody.all(), "\033[?1049h"));

    moving_market market;
    testing::node first(recordings::main_data(), market.options);
    on_terminal view({BITSHARES_PROGRAMS_DIR "/bts", "orderbook", "BTS", "GOLDCOIN", "--node", first.url()}, 80, 24);
    REQUIRE(view.shows("current"));
    testing::node_options options;
    options.port = first.port();
    first.stop();
    testing::node const other(chain_c_data(), options);
    CHECK(view.wait() == 3); // another chain's orders would not be these
    CHECK(says(view.all(), "\033[?1049l"));
}

TEST_CASE("integration/bts: each command that asks has help with examples")
{
    for (char const* name : {"call", "decode", "account", "orderbook"})
    {
        auto const f = run({name, "--help"});
        CHECK(f.exit == 0);
        CHECK(says(f.out, "Examples:"));
        CHECK(says(f.out, "--node"));
        CHECK(says(f.out, "Exit codes"));
        CHECK(run({name, "--nonsense"}).exit == 2);
    }
}

TEST_CASE("integration/bts call: what enough nodes say of the same block, and who says something else")
{
    auto const chain = std::make_shared<testing::chain>();
    chain->create_account("alice", 1'000'000);
    chain->produce_blocks(5);
    testing::node_options lying;
    lying.faults.lie.emplace();
    lying.faults.lie->member = "name";
    lying.faults.lie->value = raw_json{R"("mallory")"};
    testing::node const a(chain), b(chain), c(chain, lying);
    std::vector<std::string> const arguments{
        "call", "database", "get_account_by_name", "alice", "--node", c.url(), "--node", a.url(), "--node", b.url()};
    auto const with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), arguments.begin(), arguments.end());
        return more;
    };
    CHECK(says(run(with({})).out, "\"name\"")); // whoever answers first is believed
    auto const agreed = run(with({"--quorum", "3"}));
    CHECK(agreed.exit == 0);
    CHECK(json_value::parse(agreed.out)["name"].text() == "alice");
    // The lines for people are on the standard error.
    support::process program({"/bin/sh", "-c", "exec \"$@\" 2>&1 >/dev/null", "sh", BITSHARES_PROGRAMS_DIR "/bts",
                              "call", "database", "get_account_by_name", "alice", "--node", c.url(), "--node", a.url(),
                              "--node", b.url(), "--quorum", "3,2"});
    std::string const said = program.communicate({});
    CHECK(program.wait() == 0);
    CHECK(says(said, "bts: 2 nodes agree at block " + std::to_string(chain->head_block_num())));
    CHECK(says(said, c.url() + " deviates"));

    auto const none = run(with({"--quorum", "3,3", "--timeout", "2"}));
    CHECK(none.exit == 3);
    CHECK(says(none.out, "no_quorum"));
    for (char const* const bad : {"4", "3,1", "3,4", "1", "x", "3,", "3,2,1", "-3"})
        CHECK(run(with({"--quorum", bad})).exit == 2);
    CHECK(run({"call", "network_broadcast", "broadcast_transaction", "{}", "--quorum", "2", "--node", a.url(), "--node",
               b.url()})
              .exit == 2);
    auto const refused =
        run({"call", "database", "get_objects", "\"no list\"", "--quorum", "2", "--node", a.url(), "--node", b.url()});
    CHECK(refused.exit == 1);
    CHECK(says(refused.out, "\"error\""));
}
