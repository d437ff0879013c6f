/* The wrapper before real search servers, which tests/search_servers.sh starts: without it these cases are not run. */

#include "support/es_recordings.hpp"
#include "support/folder.hpp"
#include "support/http_caller.hpp"
#include "support/json_value.hpp"

#include <bitshares/net/http_client.hpp>
#include <bitshares/protocol/json.hpp>
#include <common/history_store.hpp>
#include <common/http_server.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <es_wrapper/service.hpp>
#include <string>
#include <vector>

namespace {

namespace bts = bitshares;

struct wrapped_servers
{
    std::vector<std::string> servers;

    BITSHARES_FIELDS((servers))
};

bool no_servers()
{
    return std::getenv("BITSHARES_SEARCH_SERVERS") == nullptr;
}

std::vector<program::stored_document> recorded_documents()
{
    std::vector<program::stored_document> documents;
    for (auto const& answer : es_recordings::answers("object/all_documents"))
    {
        auto const page = test::json_value::parse(answer.response);
        for (auto const& hit : page["hits"]["hits"].array())
            documents.push_back(program::read_stored_document(hit["_source"].dump()).value());
    }
    return documents;
}

// The wrapper, from one place or the other.
struct wrapper
{
    std::unique_ptr<es_wrapper::backend> from;
    program::http_server server{program::http_server_options()};

    explicit wrapper(std::unique_ptr<es_wrapper::backend> b) : from(std::move(b))
    {
        es_wrapper::service_settings settings;
        settings.limits.window = 10'000;
        settings.log = [](std::string const& what) { std::fprintf(stderr, "%s\n", what.c_str()); };
        settings.clock = [] { return std::chrono::system_clock::time_point(std::chrono::seconds(1'795'240'000)); };
        es_wrapper::add_routes(server, *from, settings);
        server.start();
    }

    support::http_answer get(std::string_view target) const { return support::http_get(server.port(), target); }
};

} // namespace

TEST_CASE("integration/search_servers: the wrapper answers from a cluster as from the embedded store" *
          doctest::skip(no_servers()))
{
    auto const documents = recorded_documents();
    REQUIRE(documents.size() == 1769);
    support::folder const folder;
    program::history_store(folder.file("history.db"), program::history_store::mode::write).add(documents);
    wrapper const store(es_wrapper::open_store(folder.file("history.db"), std::chrono::seconds(60)));

    auto const wanted = bts::from_json<wrapped_servers>(std::getenv("BITSHARES_SEARCH_SERVERS")).value();
    for (std::string const& url : wanted.servers)
    {
        CAPTURE(url);
        bts::http_client client{bts::http_url(url)};
        auto const send = [&](bts::http_method method, std::string target, std::string body) {
            bts::http_request request;
            request.method = method;
            request.target = std::move(target);
            request.body = std::move(body);
            if (method == bts::http_method::post)
                request.content_type = "application/x-ndjson";
            auto const reply = client.send(request);
            REQUIRE_MESSAGE(reply.has_value(), reply.error().message());
            return *reply;
        };
        bool const old = send(bts::http_method::get, "/", "").body.find("\"number\" : \"6.") != std::string::npos;
        // Of several shards, as Elasticsearch 6 makes them by itself, counts and the order of what is equal are not the same.
        REQUIRE(send(bts::http_method::put, "/wrapped-2026-11", R"({"settings":{"number_of_shards":1}})").status ==
                200);
        std::string bulk;
        for (auto const& d : documents)
            bulk += R"({"index":{"_index":"wrapped-2026-11",)" + std::string(old ? R"("_type":"_doc",)" : "") +
                    R"("_id":")" + d.id.to_string() + "\"}}\n" + d.json + "\n";
        auto const loaded = send(bts::http_method::post, "/_bulk?refresh=true", bulk);
        REQUIRE(loaded.status == 200);
        REQUIRE(loaded.body.find("\"errors\":false") != std::string::npos);

        es_wrapper::cluster_settings settings;
        settings.servers.emplace_back(url);
        settings.index = "wrapped-*";
        settings.time_limit = std::chrono::seconds(60);
        wrapper const cluster(es_wrapper::open_cluster(settings));

        // Byte for byte.
        for (std::string const& target : std::vector<std::string>{
                 "/get_account_history?account_id=1.2.18",
                 "/get_account_history?account_id=1.2.18&from_=150&size=150&sort_by=block_data.block_time&type=data",
                 "/get_account_history?account_id=1.2.18&from_=300&size=150&sort_by=block_data.block_time&type=data",
                 "/get_account_history?account_id=1.2.18&operation_type=0&size=400",
                 "/get_account_history?account_id=1.2.19&sort_by=account_history.sequence&size=200",
                 "/get_account_history?account_id=1.2.18&from_date=2026-11-21T03:45:00&to_date=2026-11-21T03:50:00&"
                 "size=400",
                 "/get_account_history?account_id=1.2.18&from_date=2026-11-21&to_date=2026-11-21&size=1",
                 "/get_account_history?account_id=1.2.18&type=count&size=50",
                 "/get_account_history?type=count&agg_field=operation_type&size=100",
                 "/get_account_history?account_id=1.2.18&type=count&agg_field=block_data.block_time&size=20",
                 "/get_account_history?type=count&agg_field=operation_history.op_object.fee.asset_id.keyword&size=50",
                 "/get_account_history?account_id=1.2.999999",
                 "/es/account_history?account_id=1.2.18&size=20",
                 "/es/account_history?account_id=1.2.18&size=20&search_after=700&sort_by=-operation_id_num",
                 "/es/account_history?account_id=1.2.18&size=20&search_after=700,3&"
                 "sort_by=operation_id_num,account_history.sequence",
                 "/es/"
                 "account_history?account_id=1.2.18&size=20&search_after=1795232645000&sort_by=block_data.block_time",
                 "/get_single_operation?operation_id=1.11.999999",
                 "/es/single_operation?operation_id=1.11.999999",
                 "/es/trx?trx=" + std::string(40, '0'),
                 "/account_history?account_id=1.2.18&offset=20&limit=21",
                 "/history?account_id=1.2.18&asset_id=1.3.1&limit=500",
                 "/history?account_id=1.2.18&asset_id=1.3.0&limit=500",
                 "/history?asset_id=1.3.999999",
                 "/history?account_id=1.2.18&pool_id=1.19.0&limit=100",
                 "/history?account_id=1.2.18&creditoffer_id=1.21.0&limit=100",
                 "/is_alive",
                 "/es/is_alive",
                 "/status"})
        {
            auto const one = store.get(target), other = cluster.get(target);
            CHECK_MESSAGE(one.status == other.status, target);
            CHECK_MESSAGE(one.body == other.body, target);
        }
        // An operation of several accounts has several documents, of which each is right.
        for (std::size_t i = 0; i < documents.size(); i += 177)
        {
            auto const id = documents[i].operation.to_string();
            auto const single = cluster.get("/es/single_operation?operation_id=" + id);
            REQUIRE_MESSAGE(single.status == 200, single.body);
            CHECK(single.json()["account_history"]["operation_id"].text() == id);
            if (!documents[i].trx_id)
                continue;
            auto const trx = store.get("/es/single_operation?operation_id=" + id).json()["block_data"]["trx_id"].text();
            std::vector<std::string> found[2];
            for (auto const* const w : {&store, &cluster})
            {
                auto& ids = found[w == &store ? 0 : 1];
                for (auto const& d : w->get("/es/trx?size=100&trx=" + trx).json().array())
                    ids.push_back(d["account_history"]["id"].text());
                std::sort(ids.begin(), ids.end());
            }
            CHECK(!found[0].empty());
            CHECK(found[0] == found[1]);
        }
        // What the server cannot do is a question that was wrong.
        auto const refused = cluster.get(
            "/get_account_history?account_id=1.2.18&type=count&agg_field=operation_history.op_object.memo.message");
        CHECK(refused.status == 400);
        CHECK(refused.json()["code"].text() == "bad_field");
        CHECK(cluster.get("/get_account_history?sort_by=operation_history.op_object.never_there&size=1").status == 200);
        CHECK(send(bts::http_method::del, "/wrapped-2026-11", "").status == 200);
    }
}
