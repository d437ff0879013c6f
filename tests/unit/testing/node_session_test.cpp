#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node_session.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

using namespace bitshares::testing;

namespace {

/* Three accounts: "old" has 1.11.0, "gap" has forgotten operations, "empty" has none; "silent" is known, but its history is not. */
std::shared_ptr<data_set> small_chain()
{
    auto data = std::make_shared<data_set>();
    auto const add = [&](std::string const& id, std::string const& name) {
        data->add_object(R"({"id":")" + id + R"(","name":")" + name + "\"}");
    };
    add("1.2.10", "old");
    add("1.2.11", "gap");
    add("1.2.12", "empty");
    add("1.2.13", "silent");
    auto const operation = [](std::uint64_t id, std::uint32_t time) {
        recorded_operation op;
        op.id = id;
        op.time = time;
        op.tag = static_cast<std::uint32_t>(id % 2);
        op.json = std::to_string(id);
        return op;
    };
    data->add_history("1.2.10",
                      std::make_shared<stored_history>(std::vector{operation(0, 10), operation(1, 10), operation(4, 20),
                                                                   operation(5, 30), operation(9, 30)}));

    class forgetful : public stored_history
    {
    public:
        using stored_history::stored_history;
        std::uint64_t removed() const override { return 3; }
    };
    data->add_history("1.2.11", std::make_shared<forgetful>(std::vector{operation(6, 30), operation(7, 40)}));
    data->add_history("1.2.12", std::make_shared<stored_history>(std::vector<recorded_operation>()));
    return data;
}

std::string ask(std::shared_ptr<data_set const> const& data, std::string const& api, std::string const& method,
                std::string const& arguments)
{
    node_session session(data);
    auto const reply =
        session.answer(R"({"id":1,"method":"call","params":[")" + api + "\",\"" + method + "\"," + arguments + "]}")
            .value();
    auto const result = member(reply, "result");
    return std::string(result.empty() ? member(member(reply, "error"), "message") : result);
}

std::string history(std::string const& method, std::string const& arguments)
{
    static auto const data = small_chain();
    return ask(data, "history", method, arguments);
}

} // namespace

TEST_CASE("testing/node_session: get_account_history: start 0 is the newest, stop is left out, but not 0")
{
    auto const page = [](std::string const& arguments) { return history("get_account_history", arguments); };
    CHECK(page(R"(["old","1.11.0",100,"1.11.0"])") == "[9,5,4,1,0]");
    CHECK(page(R"(["1.2.10","1.11.0",2,"1.11.0"])") == "[9,5]");
    CHECK(page(R"(["old","1.11.1",100,"1.11.0"])") == "[9,5,4]");
    CHECK(page(R"(["old","1.11.0",100,"1.11.4"])") == "[4,1,0]");
    CHECK(page(R"(["old","1.11.0",100,"1.11.8"])") == "[5,4,1,0]");
    CHECK(page(R"(["old","1.11.0",100,"1.11.999"])") == "[9,5,4,1,0]");
    CHECK(page(R"(["old","1.11.9",100,"1.11.5"])") == "[]");
    CHECK(page(R"(["old","1.11.0",0,"1.11.0"])") == "[]");
    CHECK(page(R"(["empty","1.11.0",100,"1.11.0"])") == "[]");
    CHECK(page(R"(["nobody","1.11.0",100,"1.11.0"])") == "[]");
    CHECK(page(R"(["1.2.99","1.11.0",100,"1.11.0"])") == "[]");
}

TEST_CASE("testing/node_session: get_account_history_operations filters before it counts")
{
    auto const page = [](std::string const& arguments) { return history("get_account_history_operations", arguments); };
    CHECK(page(R"(["old",1,"1.11.0","1.11.0",2])") == "[9,5]");
    CHECK(page(R"(["old",0,"1.11.0","1.11.0",2])") == "[4,0]");
    CHECK(page(R"(["old",1,"1.11.5","1.11.1",9])") == "[5]");
    CHECK(page(R"(["old",7,"1.11.0","1.11.0",9])") == "[]");
}

TEST_CASE("testing/node_session: get_account_history_by_time includes the second itself")
{
    auto const page = [](std::string const& arguments) { return history("get_account_history_by_time", arguments); };
    CHECK(page(R"(["old"])") == "[9,5,4,1,0]");
    CHECK(page(R"(["old",3])") == "[9,5,4]");
    CHECK(page(R"(["old",null,"1970-01-01T00:00:20"])") == "[4,1,0]");
    CHECK(page(R"(["old",100,"1970-01-01T00:00:29"])") == "[4,1,0]");
    CHECK(page(R"(["old",100,"1970-01-01T00:00:09"])") == "[]");
}

TEST_CASE("testing/node_session: get_relative_account_history counts from 1, over what the node forgot")
{
    auto const page = [](std::string const& arguments) { return history("get_relative_account_history", arguments); };
    CHECK(page(R"(["old",0,100,0])") == "[9,5,4,1,0]");
    CHECK(page(R"(["old",2,100,4])") == "[5,4,1]");
    CHECK(page(R"(["old",2,2,4])") == "[5,4]");
    CHECK(page(R"(["old",6,100,0])") == "[]");
    CHECK(page(R"(["old",1,0,0])") == "[]");
    CHECK(page(R"(["gap",0,100,0])") == "[7,6]"); // sequence numbers 5 and 4
    CHECK(page(R"(["gap",5,100,5])") == "[7]");
    CHECK(page(R"(["gap",1,100,3])") == "[]");
}

TEST_CASE("testing/node_session: get_account_history_by_operations counts before it filters, and is one short at 0")
{
    auto const page = [](std::string const& arguments) {
        return history("get_account_history_by_operations", arguments);
    };
    CHECK(page(R"(["old",[],1,3])") == R"({"total_count":3,"operation_history_objs":[4,1,0]})");
    CHECK(page(R"(["old",[],0,3])") == R"({"total_count":2,"operation_history_objs":[1,0]})");
    CHECK(page(R"(["old",[1],1,5])") == R"({"total_count":5,"operation_history_objs":[9,5,1]})");
    CHECK(page(R"(["old",[1],6,5])") == R"({"total_count":0,"operation_history_objs":[]})");
    CHECK(page(R"(["nobody",[1],1,5])") == R"({"total_count":0,"operation_history_objs":[]})");
}

TEST_CASE("testing/node_session: an account that is known, but was not recorded, is not taken for an empty one")
{
    CHECK(history("get_account_history", R"(["silent","1.11.0",10,"1.11.0"])").find("Assert Exception: recorded:") !=
          std::string::npos);
    CHECK(history("get_relative_account_history", R"(["silent",0,10,0])").find("Assert Exception: recorded:") !=
          std::string::npos);
}

TEST_CASE("testing/node_session: the configured limits hold")
{
    auto const data = small_chain();
    data->set_limit("api_limit_get_account_history", 3);
    CHECK(ask(data, "history", "get_account_history", R"(["old","1.11.0",3,"1.11.0"])") == "[9,5,4]");
    CHECK(ask(data, "history", "get_account_history", R"(["old","1.11.0",4,"1.11.0"])") ==
          "\"Execution error: Assert Exception: limit <= configured_limit: limit can not be greater than 3\"");
    CHECK(ask(data, "history", "get_account_history_by_time", R"(["old"])") == "[9,5,4]");
    CHECK(ask(data, "history", "get_relative_account_history", R"(["old",0,101,0])").find("greater than 100") !=
          std::string::npos);
    CHECK(ask(data, "login", "get_config", "[]").find("\"api_limit_get_account_history\":3,") != std::string::npos);
}

TEST_CASE("testing/node_session: API numbers are given by connection, names are numbers, too")
{
    auto const data = recordings::main_data();
    node_session session(data);
    CHECK(
        session.answer(R"({"id":1,"method":"call","params":[2,"get_account_history",["1.2.18","1.11.0",1,"1.11.0"]]})")
            ->find("_local_apis.size() > api_id") != std::string::npos);
    CHECK(session.answer(R"({"id":2,"method":"call","params":[1,"block",[]]})") == R"({"id":2,"result":2})");
    CHECK(
        session.answer(
            R"({"id":3,"method":"call","params":["history","get_account_history",["1.2.18","1.11.0",0,"1.11.0"]]})") ==
        R"({"id":3,"result":[]})");
    CHECK(session.answer(R"({"id":4,"method":"call","params":[1,"history",[]]})") == R"({"id":4,"result":3})");
    CHECK(session.answer(
              R"({"id":5,"method":"call","params":[3,"get_account_history",["1.2.18","1.11.0",0,"1.11.0"]]})") ==
          R"({"id":5,"result":[]})");
    CHECK(node_session(data).answer(R"({"id":6,"method":"call","params":[1,"history",[]]})") ==
          R"({"id":6,"result":2})");
}

TEST_CASE("testing/node_session: the forms of requests and of their ids")
{
    auto data = std::make_shared<data_set>();
    data->chain_id = "ab";
    node_session s(data);
    auto const call = [&](std::string const& id) {
        return s.answer(R"({"id":)" + id + R"(,"method":"call","params":[0,"get_chain_id",[]]})").value_or("(silence)");
    };
    CHECK(call("7") == R"({"id":7,"result":"ab"})");
    CHECK(call("-5") == R"({"id":-5,"result":"ab"})");
    CHECK(call("4294967295") == R"({"id":4294967295,"result":"ab"})");
    CHECK(call("4294967296") == R"({"id":"4294967296","result":"ab"})");
    CHECK(call("1.5") == R"({"id":"1.50000000000000000","result":"ab"})");
    CHECK(call("\"abc\"") == R"({"id":"abc","result":"ab"})");
    CHECK(call("null") == "(silence)");
    CHECK(call("{}").find("Invalid id") != std::string::npos);
    CHECK_FALSE(s.answer(R"({"method":"get_chain_id","params":[]})"));
    CHECK_FALSE(s.answer(R"({"id":5,"result":1})"));
    CHECK(s.answer(R"({"id":1,"method":"get_chain_id","params":[]})") == R"({"id":1,"result":"ab"})");
    CHECK(s.answer(R"({"jsonrpc":"2.0","method":"get_chain_id","params":[],"id":1})") ==
          R"({"id":1,"jsonrpc":"2.0","result":"ab"})");
    CHECK(s.answer("[]")->find("-32600") != std::string::npos);
    CHECK(s.answer("{\"id\":1,")->find("-32700") != std::string::npos);
    CHECK(s.answer(R"({"id":1,"method":"call","params":{}})")->find("-32602") != std::string::npos);
}

TEST_CASE("testing/node_session: what is not known is an error of a node's shape")
{
    auto const data = recordings::main_data();
    node_session s(data);
    auto const code = [&](std::string const& frame) {
        return std::string(member(member(s.answer(frame).value(), "error"), "code"));
    };
    CHECK(code(R"({"id":1,"method":"nosuch","params":[]})") == "-32601");
    CHECK(code(R"({"id":1,"method":"call","params":["history","nosuch",[]]})") == "-32601");
    CHECK(code(R"({"id":1,"method":"call","params":["nosuch","x",[]]})") == "-32601");
    std::string const unknown =
        s.answer(R"({"id":1,"method":"call","params":["database","get_order_book",["A","B",1]]})").value();
    CHECK(member(member(unknown, "error"), "code") == "10");
    CHECK(
        string_value(member(member(unknown, "error"), "message"))->starts_with("Execution error: Assert Exception: "));
    auto const stack = array_items(member(member(member(unknown, "error"), "data"), "stack"));
    REQUIRE(stack);
    CHECK(stack->size() == 1);
    CHECK(member(assert_error("7", "no"), "id") == "7");
}

TEST_CASE("testing/node_session: objects are put together in the order asked for, null where there is none")
{
    auto const data = recordings::main_data();
    auto const result = ask(data, "database", "get_objects", R"([["1.3.1","1.2.99999","2.6.18","1.11.1379"],false])");
    auto const items = array_items(result);
    REQUIRE(items);
    REQUIRE(items->size() == 4);
    CHECK(member((*items)[0], "symbol") == "\"GOLDCOIN\"");
    CHECK((*items)[1] == "null");
    CHECK(member((*items)[2], "total_ops") == "319");
    CHECK(member((*items)[3], "block_num") == "888");
    CHECK(ask(data, "database", "get_block", "[2]").ends_with(",\"transactions\":[]}"));
    CHECK(ask(data, "database", "get_transaction", "[888,5]").find("transactions.size() > trx_num") !=
          std::string::npos);
}

TEST_CASE("testing/node_session: a page of 100 synthetic operations out of many is the right one")
{
    auto const data = std::make_shared<data_set>();
    data->add_synthetic_account("big", 1'000'000);
    auto const relative = ask(data, "history", "get_relative_account_history", R"(["big",1,100,500000])");
    auto const rows = array_items(relative);
    auto const text = ask(data, "history", "get_account_history", R"(["big","1.11.0",100,"1.11.4500000"])");
    auto const by_id = array_items(text);
    REQUIRE(by_id);
    CHECK(by_id->size() == 100);
    auto const first = read_recorded_operation(by_id->front()).value();
    CHECK(first.id <= 4'500'000);
    CHECK(first.id > 4'500'000 - 10);
    REQUIRE(rows);
    CHECK(rows->size() == 100);
}
