// bts tx needs: who must sign recorded transactions, through the program.

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects/account.hpp>
#include <support/folder.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace bts = bitshares;
using support::process;
using test::json_value;

namespace {

struct outcome
{
    std::vector<json_value> answers;
    int exit_code = -1;
};

outcome run(std::vector<std::string> arguments, std::string const& input)
{
    arguments.insert(arguments.begin(), {BITSHARES_PROGRAMS_DIR "/bts", "tx", "needs"});
    process program(arguments);
    auto const output = program.communicate(input);
    outcome result;
    result.exit_code = program.wait();
    for (std::size_t begin = 0; begin < output.size();)
    {
        std::size_t const end = output.find('\n', begin);
        REQUIRE(end != std::string::npos);
        result.answers.push_back(json_value::parse(std::string_view(output).substr(begin, end - begin)));
        begin = end + 1;
    }
    return result;
}

std::vector<std::string> texts(json_value const& array)
{
    std::vector<std::string> all;
    for (auto const& item : array.array())
        all.push_back(item.text());
    return all;
}

json_value argument(std::string const& request)
{
    return json_value::parse(request)["params"][2][0];
}

} // namespace

TEST_CASE("integration/bts tx needs: agrees with a node on subsets of keys")
{
    auto const& chain = recordings::main_chain();
    support::folder const folder;
    std::string accounts; // one on each line
    for (auto const& [id, json] : chain.objects)
        if (id.starts_with("1.2."))
            accounts += json + '\n';
    std::ofstream(folder.file("accounts.jsonl")) << accounts;

    std::string lines;
    std::vector<json_value> verified;  // the node's answers
    std::vector<json_value> potential; // after those
    std::string behind;
    for (auto const& call : chain.calls)
    {
        if (call.note.find("custom auths") !=
            std::string::npos) // verify_authority does not count them; transactions do
            continue;
        if (call.request.find("\"verify_authority\"") != std::string::npos)
        {
            lines += argument(call.request).dump() + '\n';
            verified.push_back(json_value::parse(call.response));
        }
        else if (call.request.find("\"get_potential_signatures\"") != std::string::npos)
        {
            auto tx = argument(call.request); // asked without signatures, but for one
            if (auto const* const signatures = tx.find("signatures"); signatures && signatures->size() != 0)
                continue;
            behind += tx.dump() + '\n';
            potential.push_back(json_value::parse(call.response));
        }
    }
    auto const o = run({"--accounts", folder.file("accounts.jsonl"), "--chain-id", chain.chain_id}, lines + behind);
    CHECK(o.exit_code == 0);
    REQUIRE(o.answers.size() == verified.size() + potential.size());
    std::size_t satisfied = 0, missing = 0, superfluous = 0;
    for (std::size_t i = 0; i < verified.size(); ++i)
    {
        json_value const& answer = o.answers[i];
        INFO(answer.dump());
        bool const node = !verified[i].contains("error");
        CHECK(answer["satisfied"].as_bool() == node);
        satisfied += node;
        if (node)
        {
            CHECK(answer["missing"].size() == 0);
            CHECK_FALSE(answer.contains("reason"));
            continue;
        }
        auto const code = verified[i]["error"]["data"]["code"].as_int();
        std::string const reason = answer["reason"]["code"].text();
        CHECK(reason == (code == 4010001   ? "missing_active_authority"
                         : code == 4010002 ? "missing_owner_authority"
                         : code == 4010003 ? "missing_other_authority"
                         : code == 4010004 ? "superfluous_signature"
                                           : "duplicate_signature"));
        if (code <= 4010003)
        {
            REQUIRE(answer["missing"].size() != 0);
            auto const& first = answer["missing"][0];
            CHECK(first["add"].size() != 0);
            CHECK(first["has"].as_uint() < first["threshold"].as_uint());
            ++missing;
        }
        if (code == 4010004)
        {
            CHECK(answer["superfluous"].size() != 0);
            ++superfluous;
        }
    }
    for (std::size_t i = 0; i < potential.size(); ++i)
        CHECK(texts(o.answers[verified.size() + i]["keys"]) == texts(potential[i]["result"]));
    MESSAGE(satisfied << " satisfied, " << missing << " with something missing, " << superfluous
                      << " with superfluous signatures, " << potential.size() << " lists of keys");
    REQUIRE(satisfied > 10);
    REQUIRE(missing > 100);
    REQUIRE(superfluous > 20);
    REQUIRE(potential.size() >= 7);
}

TEST_CASE("integration/bts tx needs: custom authorities count at a time, accounts may be one array")
{
    auto const& chain = recordings::chain_c();
    auto const text =
        bts::testing::read_recording_file(recordings::directory() + "/chain_c/transactions_live.jsonl").value();
    support::folder const folder;
    json_value before = json_value::parse(
        bts::testing::read_recording_file(recordings::directory() + "/chain_c/objects_before_jump.json").value());
    std::string array = "[null,\n ";
    for (auto const& [id, json] : chain.objects)
        if (id.starts_with("1.2."))
            array += json + ",\n ";
    auto const custom = json_value::parse(before["answers"][0]["response"].text());
    for (auto const& object : custom["result"].array())
        if (!object.is_null())
            array += object.dump() + ",";
    array.back() = ']';
    std::ofstream(folder.file("all.json")) << array;

    std::string line;
    for (std::size_t at = 0; at < text.size() && line.empty();)
    {
        std::size_t const end = std::min(text.find('\n', at), text.size());
        auto const row = json_value::parse(std::string_view(text).substr(at, end - at));
        if (row["note"].text() == "htlc by custom authority")
            line = argument(row["verify_authority"]["request"].text()).dump() + '\n';
        at = end + 1;
    }
    REQUIRE_FALSE(line.empty());
    std::vector<std::string> const common{"--accounts", folder.file("all.json"), "--chain-id", chain.chain_id};
    auto const with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), common.begin(), common.end());
        auto const o = run(more, line);
        REQUIRE(o.answers.size() == 1);
        return o.answers[0]["satisfied"].as_bool();
    };
    CHECK(with({"--time", "2030-03-05T03:47:26"}));
    CHECK_FALSE(with({"--time", "2031-03-05T03:47:26"}));
    CHECK_FALSE(with({}));
}

TEST_CASE("integration/bts tx needs: says what it lacks")
{
    support::folder const folder;
    std::string const tx =
        R"({"ref_block_num":1,"ref_block_prefix":2,"expiration":"2026-11-21T03:44:47","operations":[[0,{"fee":)"
        R"({"amount":1,"asset_id":"1.3.0"},"from":"1.2.18","to":"1.2.19","amount":{"amount":11,"asset_id":"1.3.0"},)"
        R"("extensions":[]}]],"extensions":[]})"
        "\n";
    std::string const key = "BTS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV";
    auto const account = [&](std::string const& id, std::string const& auths) {
        return R"({"id":")" + id + R"(","name":"n","owner":{"weight_threshold":1,"account_auths":[],"key_auths":[[")" +
               key + R"(",1]],"address_auths":[]},"active":{"weight_threshold":2,)" + auths + R"("address_auths":[]}})";
    };
    auto const needs = [&](std::string const& accounts) {
        std::ofstream(folder.file("accounts"), std::ios::trunc) << accounts;
        return run({"--accounts", folder.file("accounts")}, tx);
    };
    auto const o = needs(account("1.2.18", R"("account_auths":[["1.2.30",1]],"key_auths":[[")" + key + R"(",1]],)"));
    CHECK(o.exit_code == 0);
    REQUIRE(o.answers.size() == 1);
    CHECK(
        o.answers[0].dump() ==
        R"({"satisfied":false,"keys":[")" + key +
            R"("],"missing":[{"authority":"active","account":"1.2.18","name":"n","threshold":2,"has":0,"add":[{"key":")" +
            key +
            R"(","weight":1},{"account":"1.2.30","name":"","weight":1,"given":false}]}],"reason":{"code":"account_not_given",)"
            R"("message":"an account's authorities are needed and not given: 1.2.30"},"accounts_needed":["1.2.30"]})");
    auto const nothing = needs("");
    CHECK(nothing.exit_code == 0);
    CHECK(nothing.answers.at(0)["accounts_needed"].dump() == R"(["1.2.18"])");

    CHECK(needs(R"({"id":"1.2.18","name":"n"})").exit_code == 1); // without authorities it is no account
    CHECK(needs(R"([{"id":"1.2.18","name":"n"}])").exit_code == 1);
    CHECK(needs(R"({"id":"1.3.18"})").exit_code == 1);
    CHECK(needs("nonsense").exit_code == 1);
    CHECK(run({"--accounts", folder.file("no such file")}, tx).exit_code == 4);
    CHECK(run({}, tx).exit_code == 2);
    CHECK(run({"--accounts", folder.file("accounts"), "--time", "yesterday"}, tx).exit_code == 2);

    std::ofstream(folder.file("accounts"), std::ios::trunc) << "";
    auto const bad = run({"--accounts", folder.file("accounts")}, R"({"ref_block_num":1})"
                                                                  "\n" +
                                                                      tx);
    CHECK(bad.exit_code == 1);
    REQUIRE(bad.answers.size() == 2);
    CHECK(bad.answers[0]["error"]["code"].text() == "missing_member");
    CHECK(bad.answers[1].contains("satisfied"));
}
