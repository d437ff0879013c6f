#include <bitshares/history/ledger_queries.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/history/reconciliation.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>
#include <bitshares/testing/node_session.hpp>
#include <support/process.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace bitshares;
namespace fs = std::filesystem;

namespace {

std::shared_ptr<testing::data_set> data_of(testing::recording const& recording)
{
    return std::make_shared<testing::data_set>(recording);
}

account_statistics_id statistics_of(account_id account)
{
    return account_statistics_id(account.instance);
}

/// A run of bts-export, and the file that it wrote.
struct exported
{
    exported(std::string const& url, std::string const& account, std::vector<std::string> const& more = {})
    {
        static std::atomic<int> number = 0;
        fs::path const folder = fs::temp_directory_path() /
                                ("bitshares-ledger-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
        fs::create_directory(folder);
        fs::path const file = folder / "out";
        std::vector<std::string> command{
            "/bin/sh",     "-c",    "exec \"$@\" 2>&1", "sh",    std::string(BITSHARES_PROGRAMS_DIR) + "/bts-export",
            "--node",      url,     "--account",        account, "--out",
            file.string(), "--json"};
        command.insert(command.end(), more.begin(), more.end());
        support::process program(command);
        said = program.communicate("");
        exit = program.wait();
        std::ifstream in(file, std::ios::binary);
        text = {std::istreambuf_iterator<char>(in), {}};
        written = fs::exists(file);
        fs::remove_all(folder);
        read_cells();
    }

    /// The named cell. @param row From 1 on.
    std::string const& cell(std::size_t row, std::string const& column) const
    {
        auto const& names = rows.at(0);
        auto const at = std::find(names.begin(), names.end(), column);
        REQUIRE(at != names.end());
        return rows.at(row).at(static_cast<std::size_t>(at - names.begin()));
    }

    bool says(std::string const& part) const { return said.find(part) != std::string::npos; }

    int exit = -1;
    bool written = false;
    std::string said; // on both channels
    std::string text;
    std::vector<std::vector<std::string>> rows;

private:
    void read_cells()
    {
        bool quoted = false;
        std::vector<std::string> row(1);
        for (std::size_t i = 0; i < text.size(); ++i)
            if (char const c = text[i]; quoted ? c == '"' : c == '"')
            {
                if (quoted && i + 1 < text.size() && text[i + 1] == '"')
                    row.back() += text[++i];
                else
                    quoted = !quoted;
            }
            else if (quoted)
                row.back() += c;
            else if (c == ',')
                row.emplace_back();
            else if (c == '\n')
            {
                rows.push_back(std::move(row));
                row.assign(1, {});
            }
            else if (c != '\r')
                row.back() += c;
    }
};

/// Of all assets by symbol, in smallest units.
std::map<std::string, std::pair<asset_id, unsigned>> assets_of(testing::recording const& recording)
{
    std::map<std::string, std::pair<asset_id, unsigned>> all;
    for (auto const& [id, json] : recording.objects)
        if (id.starts_with("1.3."))
        {
            auto const object = from_json<asset_object>(json).value();
            all[object.symbol] = {object.id, object.precision};
        }
    return all;
}

std::map<asset_id, std::int64_t> balances_of(testing::recorded_account const& account)
{
    std::map<asset_id, std::int64_t> all;
    for (auto const& answer : account.final_state)
        if (answer.request.find("\"get_account_balances\"") != std::string::npos)
            for (auto const& a : from_json<std::vector<asset>>(testing::member(answer.response, "result")).value())
                all[a.asset_id] = a.amount;
    return all;
}

/// What is in an account's vesting balances, by asset.
std::map<asset_id, std::int64_t> vesting_of(testing::recorded_account const& account)
{
    std::map<asset_id, std::int64_t> all;
    bool told = false;
    for (auto const& answer : account.final_state)
        if (answer.request.find("\"get_vesting_balances\"") != std::string::npos)
        {
            told = true;
            for (auto const& v :
                 from_json<std::vector<vesting_balance_object>>(testing::member(answer.response, "result")).value())
                all[v.balance.asset_id] += v.balance.amount;
        }
    CHECK(told);
    return all;
}

/// Answers with `make(what the node says)` to calls of one method.
auto tampering(std::shared_ptr<testing::data_set const> data, std::string const& method,
               std::function<std::string(std::string)> make)
{
    return [data, method, make](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("\"" + method + "\"") == frame.npos)
            return std::nullopt;
        auto answer = testing::node_session(data).answer(frame);
        testing::node_reply reply;
        if (answer)
            reply.frames.push_back(make(std::move(*answer)));
        return reply;
    };
}

} // namespace

TEST_CASE("integration/ledger: what a node tells is enough for every recorded account to add up")
{
    for (auto const* recording : {&recordings::main_chain(), &recordings::chain_c()})
    {
        testing::node const node(data_of(*recording));
        blocking_client client(node_url::from_string(node.url()).value(), websocket());
        ledger_parameters const parameters = read_ledger_parameters(client);
        CHECK(parameters.block_interval == 1);
        for (auto const& account : recording->accounts)
        {
            account_id const id = account_id::from_string(account.id).value();
            ledger books(id, parameters);
            reconciliation compare;
            std::vector<history_record> page;
            std::vector<ledger_row> rows;
            node_history history(client, id);
            while (history.next(page))
            {
                read_ticket_times(client, page, books.parameters());
                for (history_record const& record : page)
                {
                    REQUIRE(books.apply(record, rows).has_value());
                    compare.note(rows);
                    rows.clear();
                }
            }
            balance_snapshot const told = read_balances(client, id, statistics_of(id));
            CHECK(told.total_ops == account.total_ops);
            CHECK(!told.balances.empty());
            REQUIRE(books.advance(told.time, rows).has_value());
            compare.note(rows);
            for (auto const& d : compare.check(books, told.balances))
                FAIL_CHECK(account.name << ": " << d.asset_id << " is " << d.expected << " instead of " << d.got
                                        << (d.first ? ", block " + std::to_string(d.first->block_num) : "") << ' '
                                        << d.reason);
        }
    }
}

TEST_CASE("integration/ledger: parameters are those of the committee's decisions, from the maintenance behind each")
{
    testing::node const node(data_of(recordings::main_chain()));
    blocking_client client(node_url::from_string(node.url()).value(), websocket());
    auto const parameters = read_ledger_parameters(client);
    // Decided at 03:43:59; before it, no node tells.
    auto const time = [](char const* text) { return time_point_sec::from_string(text).value(); };
    for (auto const& before :
         {parameters.at(time("2026-11-21T03:43:59"), true), parameters.at(time("2026-11-21T03:44:00"), false)})
    {
        CHECK(before.assumed);
        CHECK(before.maker_fee_discount_percent == 0);
        CHECK(before.cancel_fee == 0);
    }
    auto const then = parameters.at(time("2026-11-21T03:44:00"), true);
    CHECK(!then.assumed);
    CHECK(then.maker_fee_discount_percent == 1'060);
    CHECK(then.create_fee == 500'000);
    CHECK(then.cancel_fee == 0);
    CHECK(then.update_fee == 75'000);
    CHECK(parameters.at(time("2026-11-22T00:00:00"), false) == then);
}

TEST_CASE("integration/ledger: the committee's decisions from a node with Elasticsearch; what is assumed without them")
{
    auto const data = data_of(recordings::main_chain());
    auto const time = [](char const* text) { return time_point_sec::from_string(text).value(); };
    testing::node_options options;
    options.on_request = tampering(data, "get_relative_account_history", [](std::string text) {
        return "{\"id\":" + std::string(testing::member(text, "id")) + ",\"result\":[]}";
    });
    testing::node const elasticsearch(data, options);
    blocking_client client(node_url::from_string(elasticsearch.url()).value(), websocket());
    auto const parameters = read_ledger_parameters(client);
    CHECK(parameters.at(time("2026-11-21T03:43:59"), true).assumed);
    CHECK(!parameters.at(time("2026-11-21T03:50:00"), false).assumed);
    CHECK(parameters.at(time("2026-11-21T03:50:00"), false).maker_fee_discount_percent == 1'060);

    options.on_request = tampering(data, "get_objects", [](std::string text) {
        if (auto const at = text.find("\"removed_ops\":0"); at != std::string::npos)
            text.replace(at, 15, "\"removed_ops\":1");
        return text;
    });
    testing::node const forgetful(data, options);
    blocking_client other(node_url::from_string(forgetful.url()).value(), websocket());
    auto const likely = read_ledger_parameters(other);
    CHECK(likely.at(time("2026-11-21T03:50:00"), false).assumed);
    CHECK(likely.at(time("2026-11-21T03:50:00"), false).maker_fee_discount_percent == 1'060);
    CHECK(!likely.at(time("2026-11-23T00:00:00"), false).assumed);
}

TEST_CASE("integration/ledger: another head block is waited for, but not for ever")
{
    testing::node const node(data_of(recordings::main_chain()));
    blocking_client client(node_url::from_string(node.url()).value(), websocket());
    auto const first = read_balances(client, account_id(18), account_statistics_id(18), 1);
    auto const start = std::chrono::steady_clock::now();
    auto const second = read_balances(client, account_id(18), account_statistics_id(18), 1, first.head_block);
    auto const waited = std::chrono::steady_clock::now() - start;
    CHECK(waited >= std::chrono::milliseconds(1'900));
    CHECK(waited < std::chrono::seconds(8));
    CHECK(second.balances == first.balances);
    CHECK_THROWS_AS(read_balances(client, account_id(18), account_statistics_id(19), 1), exception);
}

TEST_CASE("integration/ledger: every recorded account's file adds up to its balances")
{
    for (auto const* recording : {&recordings::main_chain(), &recordings::chain_c()})
    {
        auto const assets = assets_of(*recording);
        testing::node const node(data_of(*recording));
        for (auto const& account : recording->accounts)
        {
            CAPTURE(account.name);
            exported const native(node.url(), account.name);
            REQUIRE_MESSAGE(native.exit == 0, native.said);
            CHECK(native.says("\"reconciled\":true"));
            std::map<asset_id, std::int64_t> liquid;
            std::map<std::string, std::int64_t> locked; // sums of a movement that only locks
            for (std::size_t i = 1; i < native.rows.size(); ++i)
            {
                auto const& [asset, precision] = assets.at(native.cell(i, "asset"));
                std::int64_t const amount = parse_amount(native.cell(i, "amount"), precision).value();
                std::int64_t const balance = parse_amount(native.cell(i, "balance"), precision).value();
                if (native.cell(i, "bucket") == "liquid")
                {
                    CHECK(native.cell(i, "object").empty());
                    CHECK((liquid[asset] += amount) == balance);
                }
                if (std::string const& kind = native.cell(i, "kind"); kind == "lock" || kind == "unlock")
                    locked[native.cell(i, "time") + native.cell(i, "operation_id") + "/" + native.cell(i, "row") +
                           native.cell(i, "asset")] += amount;
            }
            CHECK(liquid == balances_of(account));
            for (auto const& [movement, sum] : locked)
                CHECK_MESSAGE(sum == 0, movement);

            exported const statement(node.url(), account.name, {"--balances"});
            REQUIRE_MESSAGE(statement.exit == 0, statement.said);
            CHECK(statement.rows.size() - 1 >= liquid.size());
            auto vesting = vesting_of(account);
            for (std::size_t i = 1; i < statement.rows.size(); ++i)
            {
                auto const& [asset, precision] = assets.at(statement.cell(i, "asset"));
                CHECK(statement.cell(i, "asset_id") == asset.to_string());
                CHECK(statement.cell(i, "liquid") == statement.cell(i, "node"));
                CHECK(parse_amount(statement.cell(i, "liquid"), precision).value() == liquid[asset]);
                CHECK(parse_amount(statement.cell(i, "vesting_node"), precision).value() == vesting[asset]);
                CHECK(parse_amount(statement.cell(i, "vesting"), precision).value() <= vesting[asset]);
                vesting.erase(asset);
            }
            CHECK(vesting.empty()); // each asset has its line
        }
    }
}

TEST_CASE("integration/ledger: what was there at a time; a ticket that is free again has no operation")
{
    testing::node const node(data_of(recordings::main_chain()));
    auto const at = [&node](char const* time) { return exported(node.url(), "trader-bob", {"--at", time}); };
    // The upgrade in block 45 took 10,000 BTS.
    exported const then = at("2026-11-21T03:39:31");
    REQUIRE(then.exit == 0);
    REQUIRE(then.rows.size() == 2);
    CHECK(then.cell(1, "time") == "2026-11-21 03:39:31");
    CHECK(then.cell(1, "liquid") == "7370546.12606");
    CHECK(then.cell(1, "node").empty());
    CHECK(then.cell(1, "vesting_node").empty());
    CHECK(at("2026-11-21T03:39:32").cell(1, "liquid") == "7360546.12606");
    CHECK(at("2020-01-01").rows.size() == 1); // nothing yet
    exported const future = at("2099-01-01");
    CHECK(future.exit == 2);
    CHECK(!future.written);
    CHECK(future.says("later than the chain"));
    exported const json(node.url(), "trader-bob", {"--at", "2026-11-21T03:39:31", "--format", "jsonl"});
    CHECK(json.exit == 0);
    CHECK(json.text.find("\"liquid\":\"7370546.12606\"") != std::string::npos);

    testing::node const jumping(data_of(recordings::chain_c()));
    exported const alice(jumping.url(), "exporter-alice");
    REQUIRE(alice.exit == 0);
    std::size_t released = 0;
    for (std::size_t i = 1; i < alice.rows.size(); ++i)
        if (alice.cell(i, "what") == "ticket released")
        {
            ++released;
            CHECK(alice.cell(i, "operation_id").empty());
            CHECK(alice.cell(i, "type").empty());
            CHECK(alice.cell(i, "kind") == "unlock");
        }
    CHECK(released == 2); // one line of the ticket, one of the balance
    std::map<std::string, std::string> first;
    for (std::size_t i = 1; i < alice.rows.size(); ++i)
        first.emplace(alice.cell(i, "operation_id"), alice.cell(i, "row"));
    for (auto const& [operation, row] : first)
        CHECK_MESSAGE(row == "1", operation); // also behind a release
}

TEST_CASE("integration/ledger: what every account had when its balances were recorded")
{
    std::size_t compared = 0, accounts = 0, assets_compared = 0;
    for (auto const* recording : {&recordings::main_chain(), &recordings::chain_c()})
    {
        auto const assets = assets_of(*recording);
        auto const text = testing::read_recording_file(recording->directory / "history" / "balances_by_block.jsonl");
        if (!text)
            continue;
        std::map<std::string, std::vector<std::string_view>> steps; // by account
        for (std::size_t at = 0, end = 0; (end = text->find('\n', at)) != std::string::npos; at = end + 1)
        {
            std::string_view const line = std::string_view(*text).substr(at, end - at);
            steps[from_json<std::string>(testing::member(line, "id")).value()].push_back(line);
        }
        testing::node const node(data_of(*recording));
        for (auto const& account : recording->accounts)
        {
            // Where nothing of the account waited for the next block.
            std::vector<std::string_view> quiet;
            for (std::string_view const step : steps[account.id])
            {
                auto const block = testing::unsigned_value(testing::member(step, "block")).value();
                if (std::none_of(account.operations.begin(), account.operations.end(),
                                 [block](auto const& op) { return op.block == block + 1; }))
                    quiet.push_back(step);
            }
            accounts += !quiet.empty();
            for (std::size_t const i : {quiet.size() / 4, quiet.size() / 2, quiet.size() - 1})
            {
                if (i >= quiet.size())
                    continue;
                auto const block = testing::unsigned_value(testing::member(quiet[i], "block")).value();
                auto const& header = recording->blocks.at(static_cast<std::uint32_t>(block)).header;
                auto const time = from_json<time_point_sec>(testing::member(header, "timestamp")).value();
                CAPTURE(account.name);
                CAPTURE(block);
                exported const then(node.url(), account.name, {"--at", time.to_string()});
                REQUIRE_MESSAGE(then.exit == 0, then.said);
                std::map<std::string, std::int64_t> told, shown;
                auto const amounts = testing::object_members(testing::member(quiet[i], "balances")).value();
                for (auto const& [id, amount] : amounts)
                    if (auto const value = from_json<std::int64_t>(amount).value(); value != 0)
                        told[std::string(id)] = value;
                for (std::size_t row = 1; row < then.rows.size(); ++row)
                    if (auto const value =
                            parse_amount(then.cell(row, "liquid"), assets.at(then.cell(row, "asset")).second).value();
                        value != 0)
                        shown[then.cell(row, "asset_id")] = value;
                CHECK(shown == told);
                assets_compared += told.size();
                ++compared;
            }
        }
    }
    MESSAGE(compared << " statements of " << accounts << " accounts, " << assets_compared << " amounts");
    CHECK(compared == 12);
    CHECK(accounts == 4); // the main chain's, of which balances were recorded block by block
}

TEST_CASE("integration/ledger: what the chain put into vesting balances is told by the node, or its column is empty")
{
    auto const data = data_of(recordings::main_chain());
    testing::node const plain(data);
    exported const told(plain.url(), "exporter-alice", {"--balances"});
    REQUIRE(told.exit == 0);
    CHECK(told.cell(1, "asset") == "BTS");
    CHECK(told.cell(1, "vesting") == "1674.00000");      // operations put that there
    CHECK(told.cell(1, "vesting_node") == "3631.84261"); // with 1957.84261 of 1.13.14, the chain's cashback
    CHECK(!told.says("vesting_node"));
    exported const json(plain.url(), "exporter-alice", {"--balances", "--format", "jsonl"});
    CHECK(json.exit == 0);
    CHECK(json.text.find("\"vesting_node\":\"3631.84261\"}\n") != std::string::npos);

    auto const answering = [&data](std::string const& what) {
        testing::node_options options;
        options.on_request = tampering(data, "get_vesting_balances", [what](std::string text) {
            return "{\"id\":" + std::string(testing::member(text, "id")) + "," + what + "}";
        });
        return options;
    };
    testing::node const refusing(data, answering(R"("error":{"code":1,"message":"not \u001b[2J here"})"));
    exported const refused(refusing.url(), "exporter-alice", {"--balances"});
    CHECK_MESSAGE(refused.exit == 0, refused.said);
    CHECK(refused.says("\"reconciled\":true"));
    CHECK_MESSAGE(refused.says("bts-export: " + refusing.url() + " does not tell the account's vesting balances"),
                  refused.said);
    CHECK(refused.said.find('\x1b') == std::string::npos);
    REQUIRE(refused.rows.size() > 1);
    for (std::size_t i = 1; i < refused.rows.size(); ++i)
    {
        CHECK(refused.cell(i, "vesting_node").empty());
        CHECK(refused.cell(i, "node") == refused.cell(i, "liquid"));
    }
    exported const past(refusing.url(), "exporter-alice", {"--at", "2026-11-21T03:45:00"});
    CHECK(past.exit == 0);
    CHECK(!past.says("vesting")); // it is not asked

    // Of a policy newer than this program; several of one asset.
    testing::node const newer(
        data,
        answering(R"("result":[{"id":"1.13.1","owner":"1.2.18","balance":{"amount":7,"asset_id":"1.3.0"},)"
                  R"("policy":[9,{}]},{"id":"1.13.2","owner":"1.2.18","balance":{"amount":8,"asset_id":"1.3.0"}}])"));
    exported const sum(newer.url(), "exporter-alice", {"--balances"});
    CHECK_MESSAGE(sum.exit == 0, sum.said);
    CHECK(sum.cell(1, "vesting_node") == "0.00015");
    testing::node const others(data,
                               answering(R"("result":[{"owner":"1.2.19","balance":{"amount":7,"asset_id":"1.3.0"}}])"));
    exported const strange(others.url(), "exporter-alice", {"--balances"});
    CHECK(strange.exit == 3);
    CHECK(!strange.written);
    testing::node const endless(
        data, answering(R"("result":[{"owner":"1.2.18","balance":{"amount":"9223372036854775807","asset_id":"1.3.0"}},)"
                        R"({"owner":"1.2.18","balance":{"amount":1,"asset_id":"1.3.0"}}])"));
    exported const overflow(endless.url(), "exporter-alice", {"--balances"});
    CHECK(overflow.exit == 4);
    CHECK(!overflow.written);
}

TEST_CASE("integration/ledger: times and types choose lines, not what the books see")
{
    testing::node const node(data_of(recordings::main_chain()));
    exported const all(node.url(), "trader-bob", {"--txid"});
    exported const some(node.url(), "trader-bob", {"--type", "fill_order", "--from", "2026-11-21T03:41:00"});
    REQUIRE(all.exit == 0);
    REQUIRE(some.exit == 0);
    std::size_t expected = 0;
    for (std::size_t i = 1; i < all.rows.size(); ++i)
    {
        expected += all.cell(i, "type") == "fill_order" && all.cell(i, "time") >= "2026-11-21 03:41:00";
        CHECK(all.cell(i, "transaction_id").size() == (all.cell(i, "virtual") == "true" ? 0 : 40));
    }
    CHECK(some.rows.size() - 1 == expected);
    CHECK(expected > 3);
    for (std::size_t i = 1; i < some.rows.size(); ++i)
        CHECK(some.cell(i, "type") == "fill_order");
}

TEST_CASE("integration/ledger: balances that do not add up are exit code 4, and no file")
{
    auto const data = data_of(recordings::main_chain());
    testing::node_options options;
    options.on_request = tampering(data, "get_account_balances", [](std::string text) {
        auto const at = text.find("\"amount\":\"") + 10;
        text[at] = text[at] == '9' ? '8' : static_cast<char>(text[at] + 1);
        return text;
    });
    testing::node const node(data, options);
    exported const f(node.url(), "exporter-alice");
    CHECK(f.exit == 4);
    CHECK(!f.written);
    CHECK(f.says("{\"error\":{\"code\":\"not_reconciled\""));
    INFO(f.said);
    CHECK(
        f.says("the balances do not add up: of BTS (1.3.0) the node says 5083447.66180, the operations 4083447.66180"));
    // No operation has it: it is told which moved the asset first.
    CHECK(f.says("; it arises "));
    CHECK(f.says(" in block "));
    CHECK(f.says("--events"));
}

namespace {

/// The chain goes on, so that nobody waits for it: another head block every 50 ms.
void move_on(std::string& answer, std::chrono::steady_clock::time_point start)
{
    std::string const head = "\"head_block_number\":";
    auto const at = answer.find(head);
    if (at == answer.npos)
        return;
    auto const from = at + head.size();
    auto const size = answer.find(',', at) - from;
    auto const passed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    answer.replace(
        from, size,
        std::to_string(std::stoul(answer.substr(from, size)) + static_cast<unsigned long>(passed.count() / 50)));
}

/// What a node of the main chain says whose history of an account is damaged.
struct damaged
{
    /// @param edit Gets the operations, oldest first.
    damaged(std::string const& account, std::function<void(std::vector<testing::recorded_operation>&)> const& edit,
            std::vector<std::string> refused = {})
    {
        auto const data = data_of(recordings::main_chain());
        auto const& recorded = *recordings::main_chain().account(account);
        auto operations = recorded.operations;
        edit(operations);
        std::string const told = "\"total_ops\":" + std::to_string(recorded.total_ops);
        std::string const counted = "\"total_ops\":" + std::to_string(operations.size());
        data->add_history(recorded.id, std::make_shared<testing::stored_history>(std::move(operations)));
        std::string const statistics = "\"2.6." + recorded.id.substr(4) + "\"";
        auto const start = std::chrono::steady_clock::now();
        options.on_request = [=](std::string_view frame) -> std::optional<testing::node_reply> {
            auto answer = testing::node_session(data).answer(frame);
            if (!answer)
                return std::nullopt;
            for (std::string const& method : refused)
                if (frame.find('"' + method + '"') != frame.npos)
                    *answer = "{\"id\":" + std::string(testing::member(*answer, "id")) +
                              R"(,"error":{"code":1,"message":"not here"}})";
            if (auto const at = answer->find(told); at != answer->npos && answer->find(statistics) != answer->npos)
                answer->replace(at, told.size(), counted);
            move_on(*answer, start);
            testing::node_reply reply;
            reply.frames.push_back(std::move(*answer));
            return reply;
        };
        node.emplace(data, options);
        ran.emplace(node->url(), account);
        CAPTURE(ran->said);
        CHECK(ran->exit == 4);
        CHECK(!ran->written);
        CHECK(ran->says("{\"error\":{\"code\":\"not_reconciled\""));
    }

    bool says(std::string const& part) const { return ran->says(part); }

    testing::node_options options;
    std::optional<testing::node> node;
    std::optional<exported> ran;
};

using operations = std::vector<testing::recorded_operation>;

auto without(std::uint64_t id)
{
    return [id](operations& all) { REQUIRE(std::erase_if(all, [id](auto const& op) { return op.id == id; }) == 1); };
}

auto with(std::uint64_t id, std::string const& from, std::string const& to)
{
    return [=](operations& all) {
        auto const at = std::find_if(all.begin(), all.end(), [id](auto const& op) { return op.id == id; });
        REQUIRE(at != all.end());
        auto const where = at->json.find(from);
        REQUIRE_MESSAGE(where != std::string::npos, at->json);
        at->json.replace(where, from.size(), to);
    };
}

} // namespace

TEST_CASE("integration/ledger: a difference is named with the very operation where it arises, if the node can tell")
{
    damaged const altered("exporter-alice", with(9, "\"amount\":{\"amount\":\"", "\"amount\":{\"amount\":\"1"));
    CHECK_MESSAGE(altered.says("; it arises with transfer 1.11.9 in block "), altered.ran->said);
    CHECK(altered.says(": the node's own block has another operation there"));
    damaged const dropped("exporter-alice", without(9));
    CHECK_MESSAGE(dropped.says("; it arises with transfer 1.11.9 in block "), dropped.ran->said);
    CHECK(dropped.says(": the node has it in the block's operations, but not in the account's"));
    damaged const fill("exporter-alice", with(208, "\"receives\":{\"amount\":", "\"receives\":{\"amount\":1"));
    CHECK_MESSAGE(fill.says("; it arises with fill_order 1.11.208 in block "), fill.ran->said);
    CHECK(fill.says(": the node's list of that block's operations has it otherwise"));

    // Of a node that does not tell of blocks: the closest bounds that balances and objects give.
    std::vector<std::string> const blocks{"get_block", "get_block_operation_history"};
    damaged const first("exporter-alice", without(9), blocks);
    CHECK_MESSAGE(first.says("; it arises with account_upgrade 1.11.63 in block 69, 2026-11-21T03:39:56 or before it: "
                             "otherwise the balance had been below zero"),
                  first.ran->said);
    damaged const more("exporter-alice", with(9, "\"amount\":{\"amount\":\"", "\"amount\":{\"amount\":\"1"), blocks);
    CHECK_MESSAGE(more.says("; it arises with transfer 1.11.9 in block 44, 2026-11-21T03:39:31 or behind it: "
                            "the first that moves this asset"),
                  more.ran->said);
    damaged const cancelled("exporter-alice", without(230), blocks);
    CHECK_MESSAGE(cancelled.says("; it arises behind limit_order_create 1.11.229 in block 154, 2026-11-21T03:41:23: "
                                 "the operations leave order 1.7.21 as the node does not have it"),
                  cancelled.ran->said);
    damaged const placed("exporter-alice", without(205), blocks);
    CHECK_MESSAGE(placed.says("; it arises with fill_order 1.11.208 in block 144, 2026-11-21T03:41:13 or before it: "
                              "more came out of something than the history put into it"),
                  placed.ran->said);
}

TEST_CASE(
    "integration/ledger: a difference that operations leave room for is written where that is allowed, with exit 4")
{
    auto const data = data_of(recordings::main_chain());
    auto const more = [&data](char const* by) {
        testing::node_options options;
        options.on_request = tampering(data, "get_account_balances", [by](std::string text) {
            auto const from = text.find("\"amount\":\"") + 10;
            auto const size = text.find('"', from) - from;
            std::uint64_t const amount = std::stoull(text.substr(from, size)) + std::stoull(by);
            return text.replace(from, size, std::to_string(amount));
        });
        return options;
    };
    testing::node const little(data, more("1")), much(data, more("100000000000"));
    exported const refused(little.url(), "exporter-alice"),
        taken(little.url(), "exporter-alice", {"--allow-uncertain"}),
        beyond(much.url(), "exporter-alice", {"--allow-uncertain"});
    CHECK(refused.exit == 4);
    CHECK(!refused.written);
    CHECK_MESSAGE(refused.says("--allow-uncertain"), refused.said);
    CHECK(taken.exit == 4);
    CHECK(taken.written);
    CHECK(taken.rows.size() > 300);
    CHECK_MESSAGE(taken.says("\"reconciled\":false,\"difference\":\"the balances do not add up: of BTS (1.3.0)"),
                  taken.said);
    CHECK(!taken.says("{\"error\""));
    CHECK(beyond.exit == 4);
    CHECK(!beyond.written);
}

TEST_CASE("integration/ledger: what waits for the next block is no difference")
{
    auto const data = data_of(recordings::main_chain());
    testing::node_options options;
    std::atomic<int> calls = 0;
    options.on_request = tampering(data, "get_account_balances", [&calls](std::string text) {
        if (++calls == 1)
        {
            auto const at = text.find("\"amount\":\"") + 10;
            text[at] = text[at] == '9' ? '8' : static_cast<char>(text[at] + 1);
        }
        return text;
    });
    testing::node const node(data, options);
    exported const f(node.url(), "exporter-alice");
    CHECK_MESSAGE(f.exit == 0, f.said);
    CHECK(calls == 2);
}

TEST_CASE("integration/ledger: operations that come while it reads are read, too")
{
    auto const data = data_of(recordings::main_chain());
    testing::node const plain(data);
    exported const expected(plain.url(), "exporter-alice");
    testing::node_options options;
    std::atomic<int> calls = 0;
    options.on_request = tampering(data, "get_objects", [&calls](std::string text) {
        auto const at = text.find("\"total_ops\":319");
        if (at != std::string::npos && ++calls == 1)
            text.replace(at, 15, "\"total_ops\":300");
        return text;
    });
    testing::node const node(data, options);
    exported const f(node.url(), "exporter-alice");
    CHECK_MESSAGE(f.exit == 0, f.said);
    CHECK(f.says("\"operations\":319,\"total_ops\":319"));
    CHECK((f.text == expected.text));
}

TEST_CASE("integration/ledger: a node with Elasticsearch, or a connection that breaks, gives the same file")
{
    auto const data = data_of(recordings::main_chain());
    testing::node const plain(data);
    testing::node_options strange, breaking;
    strange.on_request = tampering(data, "get_relative_account_history", [](std::string text) {
        // The newest operation only.
        auto const rows = testing::array_items(testing::member(text, "result")).value();
        return "{\"id\":" + std::string(testing::member(text, "id")) + ",\"result\":[" +
               (rows.empty() ? std::string() : std::string(rows[0])) + "]}";
    });
    breaking.drop_after = 20;
    testing::node const elasticsearch(data, strange), fragile(data, breaking);
    std::string const expected = exported(plain.url(), "trader-bob").text;
    CHECK(!expected.empty());
    exported const a(elasticsearch.url(), "trader-bob"), b(fragile.url(), "trader-bob", {"--in-flight", "1"});
    CHECK_MESSAGE(a.exit == 0, a.said);
    CHECK(a.says("\"fallback\":true"));
    CHECK((a.text == expected));
    CHECK_MESSAGE(b.exit == 0, b.said);
    CHECK((b.text == expected));
}

TEST_CASE(
    "integration/ledger: a node that has forgotten the beginning is exit code 4; its rows are to be had as events")
{
    auto const data = data_of(recordings::main_chain());
    testing::node_options options;
    options.on_request = tampering(data, "get_objects", [](std::string text) {
        auto const at = text.find("\"removed_ops\":0");
        if (at != std::string::npos && text.find("\"2.6.18\"") != std::string::npos)
            text.replace(at, 15, "\"removed_ops\":9");
        return text;
    });
    testing::node const node(data, options);
    exported const f(node.url(), "exporter-alice");
    CHECK(f.exit == 4);
    CHECK(!f.written);
    CHECK(f.says("\"history_incomplete\""));
    CHECK(f.says("--events"));
}

TEST_CASE("integration/ledger: what no operation tells is named, with its bounds, though the balances have proven it")
{
    testing::node const node(data_of(recordings::main_chain()));
    exported const f(node.url(), "exporter-alice");
    REQUIRE(f.exit == 0);
    CHECK(f.says(
        R"("reconciled":true,"difference":null,"uncertainties":[{"reason":"a maker's discount whose percentage then is not known",)"
        R"("asset":"BTS","lower":")"));
    exported const sure(node.url(), "olivia");
    CHECK(sure.says(R"("uncertainties":[])"));
}

TEST_CASE("integration/ledger: orders' fees and tickets that a node has otherwise are named, once the difference stays")
{
    auto const data = data_of(recordings::main_chain());
    auto const start = std::chrono::steady_clock::now();
    std::atomic<int> asked = 0;
    bool stays = true;
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        auto answer = testing::node_session(data).answer(frame);
        if (!answer)
            return std::nullopt;
        auto const replace = [&answer](std::string const& object, std::string const& from, std::string const& to) {
            auto const begin = answer->find("\"id\":\"" + object + '"');
            REQUIRE(begin != answer->npos);
            auto const at = answer->find(from, begin);
            REQUIRE(at != answer->npos);
            answer->replace(at, from.size(), to);
        };
        if (frame.find("\"get_full_accounts\"") != frame.npos && (++asked == 1 || stays))
            replace("1.7.30", "\"deferred_fee\":0", "\"deferred_fee\":7");
        if (frame.find("\"get_objects\"") != frame.npos && frame.find("\"1.18.0\"") != frame.npos && stays)
            replace("1.18.0", "\"next_auto_update_time\":\"2026-12-06T03:42:38\"",
                    "\"next_auto_update_time\":\"2026-12-06T03:42:41\"");
        move_on(*answer, start);
        testing::node_reply reply;
        reply.frames.push_back(std::move(*answer));
        return reply;
    };
    testing::node const node(data, options);
    exported const told(node.url(), "exporter-alice");
    CHECK_MESSAGE(told.exit == 0, told.said);
    CHECK(told.written);
    CHECK_MESSAGE(
        told.says(R"({"reason":"the node has another amount in order_fee 1.7.30","asset":"BTS","lower":"0.00007",)"
                  R"("upper":"0.00007","count":1,"first":null})"),
        told.said);
    CHECK(told.says("the node has ticket 1.18.0 otherwise than its operations leave it: its next step is at "
                    "2026-12-06T03:42:41"));
    // What is there once only was waiting for the next block.
    stays = false;
    asked = 0;
    exported const once(node.url(), "exporter-alice");
    CHECK_MESSAGE(once.exit == 0, once.said);
    CHECK(asked == 2);
    CHECK(!once.says("the node has"));
}

TEST_CASE("integration/ledger: usage errors")
{
    for (std::vector<std::string> const& wrong :
         std::vector<std::vector<std::string>>{{"--balances", "--events"},
                                               {"--at", "2026-01-01", "--format", "events"},
                                               {"--at", "soon"},
                                               {"--balances", "--type", "transfer"},
                                               {"--at", "2026-01-01", "--from", "2025-01-01"},
                                               {"--order", "newest"}})
    {
        exported const f("ws://127.0.0.1:1", "alice", wrong);
        CHECK(f.exit == 2);
        CHECK(!f.written);
    }
}
