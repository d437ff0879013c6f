#include "support/es_recordings.hpp"
#include "support/folder.hpp"
#include "support/http_caller.hpp"
#include "support/process.hpp"
#include "support/recordings.hpp"
#include "support/tcp_server.hpp"

#include <bitshares/history/es_document.hpp>
#include <bitshares/history/filter.hpp>
#include <bitshares/history/wrapper_query.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>
#include <common/history_store.hpp>
#include <common/http_server.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <es_wrapper/api_page.hpp>
#include <es_wrapper/service.hpp>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

using program::history_store;
using program::stored_document;
using support::http_answer;
using support::http_caller;
using support::http_get;
using test::json_value;
namespace bts = bitshares;

namespace {

// Every document of a recording, as Elasticsearch had it; of 1,769. `object` or `string`: the plugin's variant.
std::vector<stored_document> const& recorded(std::string const& variant)
{
    static std::map<std::string, std::vector<stored_document>> known;
    auto& documents = known[variant];
    if (documents.empty())
        for (auto const& answer : es_recordings::answers(variant + "/all_documents"))
        {
            auto const page = json_value::parse(answer.response); // the documents are in it
            for (auto const& hit : page["hits"]["hits"].array())
                documents.push_back(program::read_stored_document(hit["_source"].dump()).value());
        }
    return documents;
}

struct filled_file
{
    support::folder folder;
    std::string path = folder.file("history.db");
    std::vector<stored_document> const& documents;

    explicit filled_file(std::string const& variant = "object") : documents(recorded(variant))
    {
        history_store(path, history_store::mode::write).add(documents);
    }
};

// The service inside of the test: with a clock of its own.
struct service
{
    filled_file file;
    std::atomic<std::int64_t> now = bts::time_point_sec::from_string("2026-11-21T04:00:00")->seconds;
    std::vector<std::string> log;
    std::unique_ptr<es_wrapper::backend> from;
    program::http_server server;

    explicit service(es_wrapper::service_settings settings = {}, std::string const& variant = "object")
        : file(variant), from(es_wrapper::open_store(file.path, std::chrono::seconds(20))), server({})
    {
        settings.clock = [this] { return std::chrono::system_clock::time_point(std::chrono::seconds(now.load())); };
        es_wrapper::add_routes(server, *from, std::move(settings));
        server.start();
    }

    http_answer get(std::string_view target) const { return http_get(server.port(), target); }
    json_value json(std::string_view target) const
    {
        auto const answer = get(target);
        CHECK_MESSAGE(answer.status == 200, target << ": " << answer.body);
        return answer.json();
    }
};

std::vector<std::string> ids_of(json_value const& list)
{
    std::vector<std::string> ids;
    for (auto const& d : list.array())
        ids.push_back(d["account_history"]["operation_id"].text());
    return ids;
}

std::uint64_t instance_of(json_value const& document)
{
    return std::stoull(document["account_history"]["operation_id"].text().substr(5));
}

// The ids of an account's operations, oldest first.
std::vector<std::string> history_of(std::vector<stored_document> const& documents, std::uint64_t account)
{
    std::vector<std::string> ids;
    for (auto const& d : documents)
        if (d.account.instance == account)
            ids.push_back(d.operation.to_string());
    return ids;
}

// A program, until its end; what it says first.
struct running
{
    support::process process;
    std::string said;
    std::uint16_t port = 0;

    explicit running(std::vector<std::string> arguments) : process(with_program(std::move(arguments)))
    {
        said = process.read_line(30'000);
        if (std::size_t const at = said.find("127.0.0.1:"); at != said.npos)
            port = static_cast<std::uint16_t>(std::stoul(said.substr(at + 10)));
    }

    static std::vector<std::string> with_program(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), std::string(BITSHARES_PROGRAMS_DIR) + "/bts-es-wrapper");
        return arguments;
    }
};

int exit_of(std::vector<std::string> arguments)
{
    support::process p(running::with_program(std::move(arguments)));
    p.communicate("");
    return p.wait();
}

std::vector<bts::es_document> read_all(std::uint16_t port, bts::wrapper_family family, std::uint32_t page_size,
                                       std::uint32_t window)
{
    bts::wrapper_options options;
    options.account = bts::account_id(18);
    options.family = family;
    options.page_size = page_size;
    options.window = window;
    bts::wrapper_paging paging(options);
    http_caller caller(port);
    std::vector<bts::es_document> all, page;
    for (int step = 0; step < 10'000 && !paging.done() && !paging.failure(); ++step)
    {
        if (auto const query = paging.next())
        {
            auto const answer = caller.get(query->target);
            paging.on_reply(query->ticket, answer.status, answer.body);
        }
        while (paging.take(page))
            all.insert(all.end(), page.begin(), page.end());
    }
    CHECK_MESSAGE(!paging.failure(), paging.failure()->message());
    CHECK(paging.done());
    return all;
}

} // namespace

TEST_CASE("examples/es_wrapper: v1's questions, defaults and answers")
{
    service s;
    auto const alice = history_of(s.file.documents, 18);
    REQUIRE(alice.size() == 319);
    auto list = s.json("/get_account_history?account_id=1.2.18");
    CHECK(ids_of(list) == std::vector<std::string>(alice.rbegin(), alice.rbegin() + 10));
    // Each document as the plugin wrote it.
    CHECK(list[0].dump() == std::find_if(s.file.documents.begin(), s.file.documents.end(), [&](auto const& d) {
                                return d.account.instance == 18 && d.operation.to_string() == alice.back();
                            })->json);
    CHECK(s.json("/get_account_history").size() == 10); // of all accounts
    CHECK(ids_of(s.json("/get_account_history?account_id=1.2.18&from_=300&size=150&sort_by=block_data.block_time")) ==
          std::vector<std::string>(alice.begin() + 300, alice.end()));
    CHECK(s.json("/get_account_history?account_id=1.2.18&from_=319&size=150").size() == 0);
    CHECK(s.json("/get_account_history?account_id=1.2.99999").size() == 0);
    CHECK(s.json("/get_account_history?account_id=1.2.18&size=0").size() == 0);

    list = s.json("/get_account_history?account_id=1.2.18&operation_type=0&size=1000");
    CHECK(list.size() ==
          static_cast<std::size_t>(std::count_if(s.file.documents.begin(), s.file.documents.end(), [](auto const& d) {
              return d.account.instance == 18 && d.operation_type == 0;
          })));
    CHECK(list.size() > 10);
    CHECK(s.json("/get_account_history?account_id=1.2.18&operation_type=&size=1000").size() == 319);
    CHECK(s.json("/get_account_history?account_id=1.2.18&operation_type=-1&size=1000").size() == 319);
    CHECK(s.json("/get_account_history?account_id=1.2.18&from_date=2026-11-21&to_date=2026-11-21&size=1000").size() ==
          319);
    CHECK(s.json("/get_account_history?account_id=1.2.18&to_date=2026-11-20&size=1000").size() == 0);
    CHECK(s.json("/get_account_history?account_id=1.2.18&from_date=now-1d&size=1000").size() == 319);
    CHECK(s.json("/get_account_history?account_id=1.2.18&from_date=now%2B1d").size() == 0);

    // What is no data is counts, in which clients add up the numbers.
    for (std::string const type : {"count", "aggs"})
    {
        list = s.json("/get_account_history?account_id=1.2.18&type=" + type + "&size=50");
        std::uint64_t sum = 0, before = 1000;
        for (auto const& bucket : list.array())
        {
            CHECK(bucket["key"].is_number());
            CHECK(bucket["doc_count"].as_uint() <= before);
            before = bucket["doc_count"].as_uint();
            sum += before;
        }
        CHECK(sum == 319);
    }
    list = s.json("/get_account_history?account_id=1.2.18&type=count&agg_field=block_data.block_time&size=3");
    CHECK(list.size() == 3);
    CHECK(list[0]["key_as_string"].text().ends_with(".000Z"));
    CHECK(bts::time_point_sec::from_string(list[0]["key_as_string"].text().substr(0, 19))->seconds ==
          list[0]["key"].as_uint() / 1000);
    CHECK(s.json("/get_account_history?type=count&agg_field=account_history.account.keyword&size=1")[0]["key"]
              .is_string());

    CHECK(ids_of(s.json("/get_single_operation?operation_id=1.11.3")) == std::vector<std::string>{"1.11.3"});
    CHECK(s.json("/get_single_operation?operation_id=1.11.999999").size() == 0);
    auto const trx = s.json("/get_single_operation?operation_id=1.11.3")[0]["block_data"]["trx_id"].text();
    list = s.json("/get_trx?trx=" + trx + "&from_=0&size=10");
    REQUIRE(list.size() > 0);
    for (auto const& d : list.array())
        CHECK(d["block_data"]["trx_id"].text() == trx);
    CHECK(s.json("/get_trx?trx=" + std::string(40, '0')).size() == 0);
}

TEST_CASE("examples/es_wrapper: v2's and the FastAPI program's questions, defaults and answers")
{
    service s;
    auto const alice = history_of(s.file.documents, 18);
    for (std::string const prefix : {"/es/", "/openexplorer/es/"})
    {
        CAPTURE(prefix);
        CHECK(ids_of(s.json(prefix + "account_history?account_id=1.2.18")) ==
              std::vector<std::string>(alice.rbegin(), alice.rbegin() + 10));
        CHECK(s.json(prefix + "account_history?account_id=&size=3").size() == 3);
        CHECK(s.json(prefix + "account_history?account_id=1.2.18&operation_type=-1&size=400").size() == 319);
        CHECK(s.json(prefix + "account_history?account_id=1.2.77777").size() == 0);
        // search_after, of one field and of two, replaces from_
        auto const list = s.json(prefix + "account_history?account_id=1.2.18&sort_by=operation_id_num&search_after=" +
                                 alice[9].substr(5) + "&from_=9999999&size=5");
        CHECK(ids_of(list) == std::vector<std::string>(alice.begin() + 10, alice.begin() + 15));
        CHECK(ids_of(s.json(prefix +
                            "account_history?account_id=1.2.18&sort_by=-operation_id_num,account_history.sequence"
                            "&search_after=" +
                            alice[9].substr(5) + ",10&size=3")) ==
              std::vector<std::string>{alice[8], alice[7], alice[6]});
        CHECK(s.json(prefix + "single_operation?operation_id=1.11.3")["account_history"]["operation_id"].text() ==
              "1.11.3");
        auto const none = s.get(prefix + "single_operation?operation_id=1.11.999999");
        CHECK(none.status == 404);
        CHECK(none.json()["detail"].text() == "Your search did not result in any hits (wrong id?)");
        auto const trx = list[0]["block_data"]["trx_id"].text();
        CHECK(s.json(prefix + "trx?trx=" + trx + "&sort=-operation_history.sequence").size() > 0);
        CHECK(s.json(prefix + "trx?trx=" + std::string(40, '0')).size() == 0);
    }
}

TEST_CASE("examples/es_wrapper: where explorer-api's 404 is wanted, nothing found is one")
{
    es_wrapper::service_settings settings;
    settings.empty_is_404 = true;
    service s(settings);
    for (std::string const& target :
         std::vector<std::string>{"/es/account_history?account_id=1.2.77777", "/es/trx?trx=" + std::string(40, '0'),
                                  "/es/account_history?account_id=1.2.77777&type=count"})
    {
        auto const answer = s.get(target);
        CHECK(answer.status == 404);
        CHECK(answer.json()["detail"].text() == "Your search did not result in any hits (wrong id?)");
    }
    CHECK(s.json("/get_account_history?account_id=1.2.77777").size() == 0);
    CHECK(read_all(s.server.port(), bts::wrapper_family::v2, 100, 10'000).size() == 319);
}

TEST_CASE("examples/es_wrapper: is_alive says how old the newest block is")
{
    service s;
    auto const head = s.file.documents.back().block_time;
    s.now = head.seconds + 29;
    auto alive = s.json("/is_alive");
    CHECK(alive["status"].text() == "ok");
    CHECK(!alive.contains("error"));
    CHECK(alive["head_block_time"].text() == head.to_string() + ".000Z");
    CHECK(alive["head_block_timestamp"].as_uint() == std::uint64_t{head.seconds} * 1000);
    CHECK(alive["deltatime"].text() == "29.000");
    CHECK(alive["query_index"].text() == "bitshares-2026-11");
    CHECK(alive["query_from_date"].text() == "2026-11-20");
    CHECK(alive["server_time"].text().starts_with("Sat, 21 Nov 2026 "));
    CHECK(alive["server_time"].text().ends_with(" GMT"));
    CHECK(s.json("/es/is_alive")["server_time"].text().starts_with("2026-11-21T"));
    CHECK(s.json("/status")["status"].text() == "ok");
    CHECK(s.json("/status")["head_block"]["elasticsearch"]["age"].text() == "29");

    s.now = head.seconds + 31;
    alive = s.json("/is_alive");
    CHECK(alive["status"].text() == "out_of_sync");
    CHECK(alive["error"].text() == "last_block_too_old");
    CHECK(s.json("/status")["status"].text() == "out_of_sync");

    s.now = head.seconds + 2 * 86'400;
    alive = s.json("/openexplorer/es/is_alive");
    CHECK(alive["status"].text() == "out_of_sync");
    CHECK(alive["error"].text() == "no_blocks_last_24_hours");
    CHECK(alive["head_block_timestamp"].is_null());
    CHECK(alive["head_block_time"].is_null());
    CHECK(alive["deltatime"].text() == "Infinite");

    support::folder folder;
    history_store(folder.file("empty.db"), history_store::mode::write);
    auto const empty = es_wrapper::open_store(folder.file("empty.db"), std::chrono::seconds(20));
    program::http_server server({});
    es_wrapper::add_routes(server, *empty, {});
    server.start();
    CHECK(http_get(server.port(), "/is_alive").json()["error"].text() == "index_not_found");
    CHECK(http_get(server.port(), "/status").json()["status"].text() == "out_of_sync");
    CHECK(http_get(server.port(), "/get_account_history").body == "[]");
}

// How each client asks and reads, as their sources do it.

TEST_CASE("examples/es_wrapper: bitshares-ui reads a whole history, in pages of 150, of both interfaces")
{
    for (std::string const variant : {"object", "string"})
    {
        service s({}, variant);
        auto const alice = history_of(s.file.documents, 18);
        for (std::string const path : {"/get_account_history", "/es/account_history"})
        {
            std::vector<std::string> found;
            for (std::size_t from = 0;; from += 150)
            {
                REQUIRE(from <= 450);
                auto const page = s.json(path + "?account_id=1.2.18&from_=" + std::to_string(from) +
                                         "&size=150&sort_by=block_data.block_time&type=data&agg_field=operation_type");
                if (page.size() == 0)
                    break;
                for (auto const& d : page.array())
                {
                    auto const& history = d["operation_history"];
                    auto const op = history["op_object"].is_null() ? json_value::parse(history["op"].text())[1]
                                                                   : history["op_object"];
                    CHECK(op.is_object());
                    CHECK((op.contains("fee") || d["operation_type"].as_uint() > 3));
                    if (d["operation_type"].as_uint() == 0) // amount_ is amount
                        CHECK((op.contains("amount_") ? op["amount_"] : op["amount"]).contains("asset_id"));
                    CHECK(bts::time_point_sec::from_string(d["block_data"]["block_time"].text()).has_value());
                    found.push_back(d["account_history"]["operation_id"].text());
                }
            }
            CHECK(found == alice);
        }
    }
}

TEST_CASE(
    "examples/es_wrapper: bitshares-report counts, then reads from the newest on, until fewer come than asked for")
{
    service s;
    auto const alice = history_of(s.file.documents, 18);
    std::uint64_t count = 0;
    for (auto const& bucket :
         s.json("/get_account_history?account_id=1.2.18&type=count&agg_field=operation_type&size=100").array())
        count += bucket["doc_count"].as_uint();
    std::vector<std::string> found;
    for (std::size_t size = 100; size == 100;)
    {
        auto const page = s.json("/get_account_history?account_id=1.2.18&from_=" + std::to_string(found.size()) +
                                 "&size=100&from_date=2015-10-10&to_date=now&sort_by=-block_data.block_time&type=data");
        size = page.size();
        for (auto const& id : ids_of(page))
            found.push_back(id);
    }
    CHECK(found == std::vector<std::string>(alice.rbegin(), alice.rend()));
    CHECK(count == found.size());
}

TEST_CASE("examples/es_wrapper: open-explorer shows an account, an operation and a transaction")
{
    service s;
    auto const page = s.json("/openexplorer/es/account_history?account_id=1.2.18&from_=20&size=20&type=data&"
                             "agg_field=operation_type&sort_by=-operation_id_num");
    REQUIRE(page.size() == 20);
    for (auto const& row : page.array())
    {
        CHECK(row["operation_history"].contains("op_object"));
        CHECK(row["operation_history"].contains("operation_result"));
        CHECK(row["block_data"]["block_num"].as_uint() > 0);
        CHECK(row["operation_id_num"].as_uint() == instance_of(row));
        auto const one =
            s.json("/openexplorer/es/single_operation?operation_id=" + row["account_history"]["operation_id"].text());
        CHECK(one["operation_id_num"].text() == row["operation_id_num"].text());
    }
    auto const types = s.json("/openexplorer/es/account_history?account_id=1.2.18&from_date=2015-10-10&type=aggs&"
                              "agg_field=operation_type&size=100");
    CHECK(types.size() > 3);
}

TEST_CASE(
    "examples/es_wrapper: blocksights' explorer lists an account and what an asset, a pool or a credit offer has seen")
{
    for (std::string const variant : {"object", "string"})
    {
        CAPTURE(variant);
        service s({}, variant);
        auto const& documents = s.file.documents;
        // As the plugin's documents say it: the library's own reading of them.
        auto const named = [&](std::function<bool(bts::operation_history_object const&)> const& is_one) {
            std::vector<std::string> ids;
            for (auto d = documents.rbegin(); d != documents.rend(); ++d)
                if (is_one(bts::read_es_document(d->json).value().record))
                    ids.push_back(d->operation.to_string());
            return ids;
        };
        auto const pages = [&](std::string const& question, std::size_t limit) {
            std::vector<std::string> ids;
            for (std::size_t size = limit; size == limit;)
            {
                auto const page = s.json("/openexplorer/" + question + "&limit=" + std::to_string(limit) +
                                         "&offset=" + std::to_string(ids.size()));
                size = page.size();
                for (auto const& d : page.array())
                {
                    CHECK(d["operation_id_num"].as_uint() == instance_of(d));
                    CHECK(d["block_data"].contains("block_time"));
                    CHECK(json_value::parse(d["operation_history"]["operation_result"].text()).size() == 2);
                    ids.push_back(d["account_history"]["operation_id"].text());
                }
            }
            return ids;
        };
        auto const alice = history_of(documents, 18);
        CHECK(pages("account_history?account_id=1.2.18&from_date=now-1y", 50) ==
              std::vector<std::string>(alice.rbegin(), alice.rend()));
        CHECK(pages("history?account_id=1.2.18&from_date=now-1M&to_date=2026-11-21T23:00:00.000Z&operation_type=0",
                    21) == [&] {
            std::vector<std::string> ids;
            for (auto d = documents.rbegin(); d != documents.rend(); ++d)
                if (d->account.instance == 18 && d->operation_type == 0)
                    ids.push_back(d->operation.to_string());
            return ids;
        }());
        CHECK(pages("history?from_date=now-1M", 500).size() == documents.size());

        // The library's filter does not count an asset that only a fee is paid in; those here pay in the core asset.
        std::size_t most = 0;
        for (std::uint64_t asset = 1; asset < 12; ++asset)
        {
            CAPTURE(asset);
            bts::history_filter wanted;
            wanted.assets = {bts::asset_id(asset)};
            auto const expected = named([&](auto const& row) {
                return wanted.names(row) || bts::to_json(row.op).find("\"asset_id\":\"1.3." + std::to_string(asset) +
                                                                      '"') != std::string::npos;
            });
            CHECK(pages("history?from_date=now-1M&asset_id=1.3." + std::to_string(asset), 20) == expected);
            most = std::max(most, expected.size());
        }
        CHECK(most > 50);
        CHECK(pages("history?from_date=now-1M&asset_id=1.3.0", 500).size() > documents.size() / 2);
        auto const of_object = [&](std::string const& id) {
            return named([&](auto const& row) {
                return (bts::to_json(row.op) + bts::to_json(row.result)).find('"' + id + '"') != std::string::npos;
            });
        };
        for (std::string const id : {"1.19.0", "1.19.1", "1.21.0", "1.21.1"})
        {
            CAPTURE(id);
            auto const expected = of_object(id);
            if (id.ends_with(".0"))
                CHECK(expected.size() > 3); // and the first of them made it
            CHECK(pages("history?from_date=now-1M&" +
                            std::string(id.starts_with("1.19") ? "pool_id=" : "creditoffer_id=") + id,
                        7) == expected);
        }
        CHECK(pages("history?account_id=1.2.18&asset_id=1.3.999999", 20).empty());
        CHECK(s.get("/history?account_id=alice").body == R"({"account_not_found":"alice"})");
        CHECK(s.get("/openexplorer/history?asset_id=USD&account_id=1.2.18").body == R"({"asset_not_found":"USD"})");
        for (std::string const bad :
             {"pool_id=1.3.0", "creditoffer_id=x", "limit=10001", "offset=100000", "from_date=x"})
            CHECK_MESSAGE(s.get("/account_history?" + bad).status == 400, bad);
        CHECK(s.get("/account_history?limit=99&offset=99950").body.find("offset + limit") != std::string::npos);
    }
}

TEST_CASE("examples/es_wrapper: bitphage's downloader goes on by times, and resumes")
{
    service s;
    // Its test for the newer interface: the older path is there, so it is not.
    CHECK(s.get("/get_account_history?account_id=1.2.18&size=1").status == 200);
    auto const alice = history_of(s.file.documents, 18);
    std::vector<std::string> found;
    std::string from_date = "2015-10-10";
    for (int page_number = 0;; ++page_number)
    {
        REQUIRE(page_number < 100);
        auto page = s.json("/get_account_history?account_id=1.2.18&from_=0&size=40&from_date=" + from_date +
                           "&sort_by=account_history.sequence&type=data&agg_field=operation_type");
        auto ids = ids_of(page);
        if (!found.empty()) // up to the last one is known
        {
            auto const at = std::find(ids.begin(), ids.end(), found.back());
            REQUIRE(at != ids.end());
            ids.erase(ids.begin(), at + 1);
        }
        if (ids.empty())
            break;
        found.insert(found.end(), ids.begin(), ids.end());
        from_date = page.array().back()["block_data"]["block_time"].text();
    }
    CHECK(found == alice);
}

TEST_CASE(
    "examples/es_wrapper: the library reads an account completely, in both interfaces, through a small window too")
{
    for (std::string const variant : {"object", "string"})
    {
        service s({}, variant);
        std::vector<bts::es_document> expected;
        for (auto const& d : s.file.documents)
            if (d.account.instance == 18)
                expected.push_back(bts::read_es_document(d.json).value());
        for (auto const family : {bts::wrapper_family::unknown, bts::wrapper_family::v1, bts::wrapper_family::v2,
                                  bts::wrapper_family::fastapi})
        {
            CHECK(read_all(s.server.port(), family, 1000, 10'000) == expected);
            CHECK(read_all(s.server.port(), family, 7, 100) == expected);
        }
    }
}

TEST_CASE("examples/es_wrapper: what is wrong with a question is said")
{
    service s;
    for (auto const& [target, status, code, detail] :
         std::vector<std::tuple<std::string, unsigned, std::string, std::string>>{
             {"/get_account_history?account_id=alice", 400, "bad_parameter", "account_id: 'alice' is no account's id"},
             {"/get_account_history?account_id=1.3.0", 400, "bad_parameter", "account_id"},
             {"/get_account_history?operation_type=transfer", 400, "bad_parameter",
              "operation_type: 'transfer' is no number"},
             {"/get_account_history?size=10001", 400, "bad_parameter", "at most 10000"},
             {"/get_account_history?size=-1", 400, "bad_parameter", "size: '-1' is no number"},
             {"/get_account_history?size=99999999999999999999", 400, "bad_parameter", "is no number"},
             {"/get_account_history?from_=99995&size=10", 400, "bad_parameter", "search_after or by from_date"},
             {"/get_account_history?from_=18446744073709551615&size=10", 400, "bad_parameter", "beyond the window"},
             {"/get_account_history?from_date=yesterday", 400, "bad_parameter", "from_date: 'yesterday' is no time"},
             {"/get_account_history?to_date=2026-13-01", 400, "bad_parameter", "to_date"},
             {"/get_account_history?sort_by=nothing", 400, "bad_field", "no document has a member 'nothing'"},
             {"/get_account_history?sort_by=a,b,c,d,e", 400, "bad_field", "no document has a member 'a'"},
             {"/es/account_history?sort_by=operation_type,operation_type,operation_type,operation_type,operation_type",
              400, "bad_parameter", "more than 4 fields"},
             {"/get_account_history?type=count&agg_field=x'y", 400, "bad_field", "no document has"},
             {"/es/account_history?search_after=1,2", 400, "bad_field",
              "search_after has 2 values, sort_by has 1 fields"},
             {"/es/account_history?search_after=x", 400, "bad_field", "'x' is no operation_id_num"},
             {"/get_single_operation?operation_id=5", 400, "bad_parameter", "is no operation's id"},
             {"/get_single_operation", 400, "bad_parameter", "is no operation's id"},
             {"/es/trx?trx=abc", 400, "bad_parameter", "40 hexadecimal digits"},
             {"/es/", 404, "not_found", "nothing under this path"},
             {"/get_account_history?account_id=%ff", 400, "bad_target", "UTF-8"}})
    {
        CAPTURE(target);
        auto const answer = s.get(target);
        CHECK(answer.status == status);
        CHECK(answer.headers.at("content-type") == "application/problem+json");
        auto const problem = answer.json();
        CHECK(problem["code"].text() == code);
        CHECK_MESSAGE(problem["detail"].text().find(detail) != std::string::npos, problem["detail"].text());
    }
}

TEST_CASE("examples/es_wrapper: the page of all questions needs nothing from elsewhere, and OpenAPI names the same")
{
    service s;
    auto const page = s.get("/apidocs/");
    CHECK(page.status == 200);
    CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
    CHECK(page.headers.at("content-security-policy").starts_with("default-src 'none'"));
    CHECK(page.body.find(s.file.path) == std::string::npos); // which nobody needs to know
    CHECK(page.body.find("://") == std::string::npos);       // no script, style, font or picture of anybody
    auto const openapi = s.json("/openapi.json");
    CHECK(openapi["openapi"].text() == "3.0.3");
    CHECK(openapi["paths"].size() == es_wrapper::api_paths().size());
    for (auto const& [path, what] : openapi["paths"].object())
    {
        CHECK_MESSAGE(page.body.find("action=\".." + path + "\"") != std::string::npos, path);
        std::string target = path;
        for (auto const& parameter : what["get"]["parameters"].array())
        {
            auto const& name = parameter["name"].text();
            CHECK(page.body.find("name=\"" + name + "\"") != std::string::npos);
            auto const* const initial = parameter["schema"].find("default");
            std::string const value = name == "operation_id" ? "1.11.3"
                                      : name == "trx"        ? std::string(40, '0')
                                      : initial              ? initial->text()
                                                             : "";
            // As a form sends it: what is empty, too.
            target += (target == path ? "?" : "&") + name + "=" + value;
        }
        CHECK_MESSAGE(s.get(target).status == 200, target);
    }
    CHECK(s.get("/").headers.at("location") == "apidocs/");
    CHECK(s.get("/apidocs").status == 301);
    CHECK(s.get("/metrics").body.find("http_requests_total{route=\"/apidocs/\"") != std::string::npos);
}

TEST_CASE("examples/es_wrapper: before a cluster, only its own searches reach it, and its answers are passed on")
{
    std::vector<std::string> asked;
    std::string reply;
    std::atomic<unsigned> status = 200;
    std::atomic<bool> old = false; // as Elasticsearch 6.2
    bitshares_test::tcp_server cluster([&](bitshares_test::asio::ip::tcp::socket& socket, bitshares_test::tcp_server&) {
        for (std::string in;;)
        {
            char data[4096];
            in.append(data, socket.read_some(bitshares_test::asio::buffer(data)));
            std::size_t const end = in.find("\r\n\r\n");
            if (end == in.npos)
                continue;
            std::size_t const length = in.find("Content-Length: ");
            std::size_t const size = length < end ? std::stoul(in.substr(length + 16)) : 0;
            if (in.size() < end + 4 + size)
                continue;
            asked.push_back(in.substr(0, in.find(" HTTP/")) + "\n" + in.substr(end + 4, size));
            in.clear();
            if (old && asked.back().find("allow_partial_search_results") != std::string::npos)
            {
                static constexpr std::string_view refusal =
                    R"({"error":"request [/x/_search] contains unrecognized parameter: [allow_partial_search_results]"})";
                bitshares_test::asio::write(socket, bitshares_test::asio::buffer("HTTP/1.1 400 X\r\nContent-Length: " +
                                                                                 std::to_string(refusal.size()) +
                                                                                 "\r\n\r\n" + std::string(refusal)));
                continue;
            }
            bitshares_test::asio::write(
                socket, bitshares_test::asio::buffer("HTTP/1.1 " + std::to_string(status.load()) +
                                                     " X\r\nContent-Type: application/json\r\nContent-Length: " +
                                                     std::to_string(reply.size()) + "\r\n\r\n" + reply));
        }
    });
    std::vector<std::string> log;
    es_wrapper::cluster_settings settings;
    settings.servers.emplace_back("http://me:secret@127.0.0.1:" + cluster.port_text());
    settings.time_limit = std::chrono::seconds(20);
    auto const from = es_wrapper::open_cluster(settings);
    CHECK(from->name() == "http://127.0.0.1:" + cluster.port_text());
    es_wrapper::service_settings of_service;
    of_service.limits.window = 10'000;
    of_service.log = [&](std::string const& line) { log.push_back(line); };
    program::http_server server({});
    es_wrapper::add_routes(server, *from, of_service);
    server.start();
    auto const get = [&](std::string_view target) { return http_get(server.port(), target); };

    auto const recording = es_recordings::answers("object/queries");
    reply = recording[0].response;
    auto answer = get("/get_account_history?account_id=1.2.18&from_=0&size=150&sort_by=block_data.block_time&"
                      "from_date=2026-01-01&to_date=2026-12-31");
    REQUIRE(answer.status == 200);
    auto const hits = json_value::parse(reply)["hits"]["hits"];
    auto const list = answer.json();
    REQUIRE(list.size() == hits.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        CHECK(list[i].dump() == hits[i]["_source"].dump());
    REQUIRE(asked.size() == 1);
    CHECK(
        asked[0] ==
        R"(POST /bitshares-*/_search?allow_partial_search_results=false)"
        "\n"
        R"({"track_total_hits":false,"size":150,"query":{"bool":{"filter":[{"term":{"account_history.account.keyword":"1.2.18"}},)"
        R"({"range":{"block_data.block_time":{"gte":"2026-01-01T00:00:00","lte":"2026-12-31T23:59:59"}}}]}},)"
        R"("sort":[{"block_data.block_time":{"order":"asc","unmapped_type":"date"}},)"
        R"({"operation_id_num":{"order":"asc","unmapped_type":"long"}}],"from":0})");
    get("/es/"
        "account_history?account_id=1.2.18&operation_type=0&search_after=1200,2.9.7&sort_by=-operation_id_num,account_"
        "history.id");
    CHECK(
        asked.back().find(
            R"("sort":[{"operation_id_num":{"order":"desc","unmapped_type":"long"}},)"
            R"({"account_history.id.keyword":{"order":"asc","unmapped_type":"keyword"}}],"search_after":[1200,"2.9.7"]})") !=
        std::string::npos);
    CHECK(asked.back().find(R"({"term":{"operation_type":0}})") != std::string::npos);
    // Nothing that a client says is more than a value.
    get("/es/"
        "account_history?account_id=1.2.18&search_after=%22%5D,%7B%22x%22:1%7D&sort_by=operation_history.a,operation_"
        "history.b");
    CHECK(json_value::parse(asked.back().substr(asked.back().find('\n') + 1))["search_after"].dump() ==
          R"(["\"]","{\"x\":1}"])");
    std::size_t const before = asked.size();
    CHECK(get("/get_account_history?sort_by=a%22b").status == 400);
    CHECK(http_get(server.port(), "/bitshares-2026-11/_search").status == 404);
    CHECK(asked.size() == before);

    reply = recording[5].response; // counts by types
    answer = get("/get_account_history?account_id=1.2.19&type=count&size=50");
    CHECK(answer.status == 200);
    std::uint64_t sum = 0;
    for (auto const& bucket : answer.json().array())
        sum += bucket["doc_count"].as_uint();
    CHECK(sum == 172);
    CHECK(get("/history?asset_id=1.3.7&pool_id=1.19.2&limit=3&from_date=2026-01-01&to_date=2026-12-31").status == 200);
    CHECK(asked.back().find(
              R"({"multi_match":{"type":"phrase","lenient":true,"query":"1.3.7","fields":["operation_history.op",)"
              R"("operation_history.operation_result_object.*","operation_history.op_object.*asset*"]}},)"
              R"({"multi_match":{"type":"phrase","lenient":true,"query":"1.19.2","fields":["operation_history.op",)") !=
          std::string::npos);
    reply = recording[7].response;
    CHECK(get("/es/single_operation?operation_id=1.11.4").json()["account_history"]["operation_id"].text() == "1.11.4");
    reply = recording[8].response;
    CHECK(get("/get_trx?trx=68aeb7084499eb415c50c0e5805b3483ff9c58e4").json().size() > 0);
    CHECK(get("/is_alive").status == 200);

    // What is no complete answer is none.
    reply = R"({"timed_out":false,"_shards":{"failed":1},"hits":{"hits":[]}})";
    CHECK(get("/get_account_history").status == 503);
    reply = "<html>";
    answer = get("/get_account_history");
    CHECK(answer.status == 503);
    CHECK(answer.body.find("127.0.0.1") == std::string::npos);
    CHECK(answer.headers.contains("retry-after"));
    reply = R"({"timed_out":true,"_shards":{"failed":0},"hits":{"hits":[]}})";
    CHECK(get("/get_account_history").status == 504);
    reply = R"({"error":{"type":"security_exception","reason":"no"}})";
    status = 403;
    CHECK(get("/get_account_history").status == 503);
    status = 400;
    CHECK(get("/get_account_history?sort_by=operation_history.op").json()["code"].text() == "bad_field");
    status = 404; // of a proxy, of a path that is none
    CHECK(get("/get_account_history").status == 503);
    reply = R"({"error":{"root_cause":[],"type":"index_not_found_exception","reason":"no such index"},"status":404})";
    CHECK(get("/get_account_history").body == "[]");
    // One that is too old is asked as it understands, from then on.
    status = 200;
    old = true;
    reply = recording[7].response;
    std::size_t const questions = asked.size();
    for (int i = 0; i < 2; ++i)
        CHECK(get("/es/single_operation?operation_id=1.11.4").status == 200);
    CHECK(asked.size() == questions + 3);
    REQUIRE(log.size() == 5);
    for (auto const& line : log)
        CHECK(line.find("secret") == std::string::npos);
}

TEST_CASE("examples/es_wrapper: the program runs from a file alone, says where to look, and stops when it is told")
{
    filled_file file;
    SUBCASE("with options")
    {
        running wrapper({"--store", file.path, "--listen", "127.0.0.1:0", "--rate", "1", "--burst", "5"});
        REQUIRE(wrapper.port != 0);
        CHECK(wrapper.said.find("/apidocs/ from " + file.path + ", up to block ") != std::string::npos);
        CHECK(http_get(wrapper.port, "/get_account_history?account_id=1.2.18&size=1").json().size() == 1);
        unsigned status = 0;
        for (int i = 0; i < 10 && status != 429; ++i)
            status = http_get(wrapper.port, "/get_account_history?account_id=1.2.18&size=1").status;
        CHECK(status == 429);
        // The address is in use.
        CHECK(exit_of({"--store", file.path, "--listen", "127.0.0.1:" + std::to_string(wrapper.port)}) == 3);
        wrapper.process.signal(SIGTERM);
        CHECK(wrapper.process.wait() == 0);
    }
    SUBCASE("with a file of options, under load")
    {
        std::ofstream(file.folder.file("wrapper.ini"))
            << "store = \"" << file.path << "\"\nlisten = \"127.0.0.1:0\"\nrate = 0\nempty-is-404 = true\n";
        running wrapper({"--config", file.folder.file("wrapper.ini")});
        REQUIRE(wrapper.port != 0);
        CHECK(http_get(wrapper.port, "/es/account_history?account_id=1.2.7777").status == 404);
        std::atomic<int> good = 0, bad = 0;
        std::vector<std::thread> clients;
        for (int i = 0; i < 3; ++i)
            clients.emplace_back([&] {
                for (;;)
                    try
                    {
                        http_caller caller(wrapper.port);
                        for (bool open = true; open;)
                        {
                            auto const answer = caller.get("/get_account_history?account_id=1.2.18&size=50");
                            (answer.status == 200 && answer.body.ends_with("]") ? good : bad) += 1;
                            open = !answer.headers.contains("connection");
                        }
                    }
                    catch (boost::system::system_error const&)
                    {
                        return;
                    }
            });
        for (auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
             good < 100 && std::chrono::steady_clock::now() < end;)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CHECK(good >= 100);
        wrapper.process.signal(SIGINT);
        CHECK(wrapper.process.wait() == 0);
        for (auto& c : clients)
            c.join();
        CHECK(bad == 0);
    }
    SUBCASE("usage")
    {
        CHECK(exit_of({}) == 2);
        CHECK(exit_of({"--store", file.path, "--node", "http://127.0.0.1:8090"}) == 2);
        CHECK(exit_of({"--store", file.path, "--account", "alice"}) == 2);
        CHECK(exit_of({"--backend", "es+http://127.0.0.1:9200", "--node", "ws://127.0.0.1:8090"}) == 2);
        CHECK(exit_of({"--store", file.path, "--listen", "somewhere"}) == 2);
        CHECK(exit_of({"--store", file.path, "--backend", "es+http://127.0.0.1:9200"}) == 2);
        CHECK(exit_of({"--backend", "http://127.0.0.1:9200"}) == 2);
        CHECK(exit_of({"--store", file.folder.file("none.db"), "--listen", "127.0.0.1:0"}) == 1);
        CHECK(exit_of({"--help"}) == 0);
    }
}

TEST_CASE("examples/es_wrapper: one command fills the file from a node and answers from it")
{
    support::folder const folder;
    std::string const file = folder.file("history.db");
    auto const chain = std::make_shared<bts::testing::chain>();
    auto const alice = chain->create_account("alice", 1'000'000);
    chain->produce_blocks(30);
    bts::testing::node node(chain);
    std::string const question = "/get_account_history?size=100&account_id=" + alice.to_string();
    auto const wait_for = [&](running const& wrapper, std::size_t count) {
        std::size_t told = 0;
        for (int i = 0; i < 3'000 && told != count; ++i)
        {
            told = http_get(wrapper.port, question).json().size();
            if (told != count)
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        CHECK(told == count);
    };
    {
        running wrapper({"--store", file, "--node", node.url(), "--listen", "127.0.0.1:0", "--rate", "0"});
        REQUIRE(wrapper.port != 0);
        CHECK(wrapper.said.ends_with("which has no document yet"));
        wait_for(wrapper, 2); // the registration, and what it got
        for (int i = 0; i < 5; ++i)
            chain->fund(alice, {100 + i, bts::core_asset});
        chain->produce_until_irreversible(chain->head_block_num() + 1);
        wait_for(wrapper, 7);
        wrapper.process.signal(SIGTERM);
        CHECK(wrapper.process.wait() == 0);
    }
    // A node that is not there yet is waited for, and what there is is told meanwhile. As is one that a proxy speaks for.
    for (bool const behind_proxy : {false, true})
    {
        if (behind_proxy)
            node.set_faults(bts::from_json<bts::testing::faults>(R"({"http_status":{"status":502}})").value());
        else
            node.stop();
        chain->fund(alice, {200, bts::core_asset});
        chain->produce_until_irreversible(chain->head_block_num() + 1);
        std::size_t const before = behind_proxy ? 8 : 7;
        running wrapper({"--store", file, "--node", node.url(), "--listen", "127.0.0.1:0", "--rate", "0"});
        wait_for(wrapper, before);
        if (behind_proxy)
            node.clear_faults();
        else
            node.start();
        wait_for(wrapper, before + 1);
        wrapper.process.signal(SIGTERM);
        CHECK(wrapper.process.wait() == 0);
    }
    // Nobody is waited for when it is to end: not who is away, nor who does not answer.
    for (bool const silent : {false, true})
    {
        if (silent)
            node.start();
        else
            node.stop();
        node.set_faults(bts::from_json<bts::testing::faults>(R"({"freeze":{}})").value());
        running alone({"--store", file, "--node", node.url(), "--listen", "127.0.0.1:0", "--rate", "0"});
        wait_for(alone, 9);
        auto const since = std::chrono::steady_clock::now();
        alone.process.signal(SIGTERM);
        CHECK(alone.process.wait() == 0);
        CHECK(std::chrono::steady_clock::now() - since < std::chrono::seconds(9)); // a call has ten
    }
}

TEST_CASE("examples/es_wrapper: of a node, named accounts only, and one that is of no use ends it with a word")
{
    support::folder const folder;
    bts::testing::node const node(recordings::main_data());
    {
        running wrapper({"--store", folder.file("olivia"), "--node", node.url(), "--account", "olivia", "--listen",
                         "127.0.0.1:0", "--rate", "0"});
        std::size_t told = 0;
        for (int i = 0; i < 3'000 && told != 36; ++i)
        {
            told = http_get(wrapper.port, "/get_account_history?size=1000").json().size();
            if (told != 36)
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        CHECK(told == 36);
        wrapper.process.signal(SIGINT);
        CHECK(wrapper.process.wait() == 0);
    }
    // Fed with one account, now all are wanted; nobody of that name; no place for a file.
    std::vector<std::string> const here{"--node", node.url(), "--listen", "127.0.0.1:0"};
    auto const exit_with = [&](std::vector<std::string> more) {
        more.insert(more.end(), here.begin(), here.end());
        return exit_of(more);
    };
    CHECK(exit_with({"--store", folder.file("olivia")}) == 1);
    CHECK(exit_with({"--store", folder.file("nobody"), "--account", "nobody-at-all"}) == 1);
    CHECK(exit_with({"--store", "/nowhere/at/all"}) == 1);
}
