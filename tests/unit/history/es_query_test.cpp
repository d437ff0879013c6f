#include "support/both_forms.hpp"
#include "support/es_recordings.hpp"
#include "support/es_server.hpp"

#include <bitshares/history/es_query.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace bitshares;
using test::said;

namespace {

constexpr char es7[] =
    R"({"name":"a","version":{"number":"7.17.29","build_flavor":"oss"},"tagline":"You Know, for Search"})";

test::es_server server_with(std::size_t count)
{
    test::es_server server;
    for (std::size_t i = 0; i < count; ++i)
    {
        test::stored_operation d;
        d.id = 10 + 3 * i;
        d.sequence = i + 1;
        d.history_id = 5 + 4 * i;
        d.block = static_cast<std::uint32_t>(100 + i / 2);
        d.time = static_cast<std::uint32_t>(3 * (i / 2));
        d.type = i % 5 == 4 ? 1 : 0;
        d.to = 19 + i % 3;
        d.asset = i % 4;
        server.documents.push_back(d);
        d.account = 19; // the other side's
        ++d.history_id;
        server.documents.push_back(d);
    }
    return server;
}

es_options options_of(std::uint32_t page_size = 10)
{
    es_options options;
    options.selection.account = account_id(18);
    options.page_size = page_size;
    options.version = es_version{7, 17, 29, false};
    return options;
}

// What reading comes to: the ids, and how it ended.
struct outcome
{
    std::vector<std::uint64_t> ids;
    std::string failure;
    std::size_t requests = 0;

    friend bool operator==(outcome const&, outcome const&) = default;
};

using http_answer = std::pair<unsigned, std::string>;
using answer_function = std::function<http_answer(http_query const&)>;

outcome read_all(es_paging& paging, answer_function const& answer)
{
    outcome result;
    std::vector<history_record> page;
    for (int step = 0; step < 100'000; ++step)
    {
        if (auto const query = paging.next())
        {
            ++result.requests;
            auto [status, body] = answer(*query);
            paging.on_reply(query->ticket, status, std::move(body));
            continue; // the page after is asked for first
        }
        if (paging.take(page))
        {
            for (auto const& record : page)
                result.ids.push_back(record.id.instance);
            continue;
        }
        if (paging.failure())
            result.failure = said(*paging.failure());
        if (paging.done() || paging.failure())
            return result;
    }
    FAIL("it does not end");
    return result;
}

outcome read_all(es_options options, test::es_server const& server,
                 std::function<void(std::size_t, http_answer&)> const& tamper = {})
{
    es_paging paging(std::move(options));
    std::size_t n = 0;
    return read_all(paging, [&](http_query const& query) {
        http_answer r{200, query.target == "/" ? std::string(es7) : server.search(query.body)};
        if (tamper)
            tamper(n, r);
        ++n;
        return r;
    });
}

std::vector<std::uint64_t> expected_ids(test::es_server const& server, es_options const& options)
{
    std::vector<std::uint64_t> ids;
    for (auto const& d : server.documents)
    {
        auto const document = read_es_document(d.source()).value();
        if ((!options.selection.account || document.account == *options.selection.account) &&
            options.selection.filter.matches(document.record))
            ids.push_back(d.id);
    }
    if (options.order == history_order::newest_first)
        std::reverse(ids.begin(), ids.end());
    return ids;
}

std::string with(std::string text, std::string_view old, std::string_view replacement)
{
    std::size_t const at = text.find(old);
    REQUIRE_MESSAGE(at != text.npos, "no " << old << " in " << text);
    return text.replace(at, old.size(), replacement);
}

} // namespace

TEST_CASE("history/es_query: servers say what they are")
{
    CHECK(read_es_version(es7).value() == es_version{7, 17, 29, false});
    CHECK(read_es_version(R"({"version":{"distribution":"opensearch","number":"2.19.1"}})").value() ==
          es_version{2, 19, 1, true});
    CHECK(read_es_version(R"({"version":{"number":"8.6.2-SNAPSHOT"}})").value() == es_version{8, 6, 2, false});
    CHECK(es_version{2, 19, 1, true}.to_string() == "OpenSearch 2.19.1");
    CHECK(es_version{6, 2, 4, false}.to_string() == "Elasticsearch 6.2.4");
    CHECK(es_version{}.to_string() == "an unknown version");
    for (char const* other :
         {"{}", "[]", "<html>", R"({"version":{}})", R"({"version":{"number":"x"}})", R"({"version":"1"})"})
        CHECK(said(read_es_version(other).error()) == "invalid_reply");
    CHECK_FALSE(es_version{6, 2, 4, false}.knows_partial_results());
    CHECK_FALSE(es_version{}.knows_partial_results());
    for (es_version const v : {es_version{6, 3, 0, false}, es_version{7, 0, 0, false}, es_version{8, 6, 2, false},
                               es_version{1, 0, 0, true}})
        CHECK(v.knows_partial_results());
}

TEST_CASE("history/es_query: the requests, word for word")
{
    es_options options;
    options.selection.account = account_id(18);
    options.selection.index = "bitshares-*,old-2019-*";
    es_paging paging(options);
    http_query query = paging.next().value();
    CHECK(query == http_query{1, false, "/", "", 0});
    CHECK_FALSE(paging.next());
    CHECK(paging.on_reply(1, 200, es7) == http_use::taken);
    query = paging.next().value();
    CHECK(query.post);
    CHECK(query.target == "/bitshares-*,old-2019-*/_search?allow_partial_search_results=false");
    CHECK(query.body == R"({"size":1,"track_total_hits":true,"query":{"bool":{"filter":[)"
                        R"({"term":{"account_history.account":"1.2.18"}}]}},)"
                        R"("sort":[{"operation_id_num":{"order":"desc","unmapped_type":"long"}}]})");
    auto const server = server_with(3);
    CHECK(paging.on_reply(query.ticket, 200, server.search(query.body)) == http_use::taken);
    CHECK(paging.total() == 3);
    CHECK(paging.newest()->record.sequence == 3);
    query = paging.next().value();
    CHECK(query.body == R"({"size":1000,"track_total_hits":false,"query":{"bool":{"filter":[)"
                        R"({"term":{"account_history.account":"1.2.18"}},{"range":{"operation_id_num":{"lte":16}}}]}},)"
                        R"("sort":[{"operation_id_num":{"order":"asc","unmapped_type":"long"}}]})");

    es_selection selection;
    CHECK(es_query_json(selection) == R"({"bool":{"filter":[]}})");
    selection.filter.types = {0, 4};
    selection.filter.from = time_point_sec{0};
    selection.filter.to = time_point_sec{86'400};
    selection.filter.first_block = 7;
    selection.filter.last = operation_history_id(9);
    selection.filter.first = operation_history_id(8);
    selection.filter.assets = {asset_id(1)}; // is looked for in what comes
    CHECK(es_query_json(selection) ==
          R"({"bool":{"filter":[{"terms":{"operation_type":[0,4]}},{"range":{"operation_id_num":{"gte":8,"lte":9}}},)"
          R"({"range":{"block_data.block_num":{"gte":7}}},)"
          R"({"range":{"block_data.block_time":{"gte":"1970-01-01T00:00:00","lt":"1970-01-02T00:00:00"}}}]}})");
    CHECK(es_count_query(selection).target == "/bitshares-*/_count");
    CHECK(es_count_query(selection).body == R"({"query":)" + es_query_json(selection) + "}");
    selection.index = "a/../b?c#";
    CHECK(es_count_query(selection).target == "/a%2F..%2Fb%3Fc%23/_count");

    // 6.2 does not know the parameter; all accounts need a second key.
    options.selection.account = {};
    options.version = es_version{6, 2, 4, false};
    options.order = history_order::newest_first;
    es_paging all(options);
    query = all.next().value();
    CHECK(query.target == "/bitshares-*,old-2019-*/_search");
    all.on_reply(query.ticket, 200, server.search(query.body));
    CHECK(all.next()->body.ends_with(R"("sort":[{"operation_id_num":{"order":"desc","unmapped_type":"long"}},)"
                                     R"({"account_history.id.keyword":{"order":"desc","unmapped_type":"keyword"}}]})"));

    CHECK(
        es_object_query({.index = "objects-balance", .owner = account_id(5), .id = {}}, 100, R"(["2.5.9",7])",
                        {7, 17, 0, false})
            .body ==
        R"({"size":100,"query":{"bool":{"filter":[{"bool":{"should":[{"term":{"owner_":"1.2.5"}},{"term":{"seller":"1.2.5"}}],)"
        R"("minimum_should_match":1}}]}},"sort":[{"object_id.keyword":{"order":"asc","unmapped_type":"keyword"}},)"
        R"({"block_number":{"order":"asc","unmapped_type":"long"}}],"search_after":["2.5.9",7]})");
    CHECK(es_object_query({.index = "objects-account", .owner = {}, .id = any_object_id(account_id(5))}, 1).target ==
          "/objects-account/_search");
}

TEST_CASE("history/es_query: counts are read, or not believed")
{
    CHECK(read_es_count(R"({"count":319,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0}})").value() == 319);
    CHECK(said(read_es_count(R"({"count":319,"_shards":{"total":2,"failed":1}})").error()) ==
          "partial_reply /_shards/failed");
    CHECK(said(read_es_count(R"({"count":0,"_shards":{"total":0,"successful":0,"failed":0}})").error()) ==
          "http_refused /_shards/total");
    CHECK(said(read_es_count(R"({"count":319})").error()) == "missing_member /_shards/failed");
    CHECK(said(read_es_count(R"({"error":"x"})").error()) == "missing_member /count");
    CHECK(said(read_es_count("x").error()) == "invalid_json");
}

TEST_CASE("history/es_query: every operation comes once and in order, whatever is asked for")
{
    std::mt19937_64 random(7);
    auto const any = [&](std::uint64_t below) { return random() % below; };
    for (int round = 0; round < 150; ++round)
    {
        CAPTURE(round);
        auto server = server_with(any(90));
        server.number_total = any(2) == 0;
        auto options = options_of(static_cast<std::uint32_t>(1 + any(20)));
        options.order = any(2) == 0 ? history_order::oldest_first : history_order::newest_first;
        if (any(6) == 0)
            options.selection.account.reset();
        auto& filter = options.selection.filter;
        if (any(4) == 0)
            filter.first = operation_history_id(any(300));
        if (any(4) == 0)
            filter.last = operation_history_id(any(300));
        if (any(4) == 0)
            filter.first_block = static_cast<std::uint32_t>(95 + any(60));
        if (any(4) == 0)
            filter.last_block = static_cast<std::uint32_t>(95 + any(60));
        auto const start = time_point_sec::from_string("2026-11-21T03:00:00")->seconds;
        if (any(4) == 0)
            filter.from = time_point_sec{static_cast<std::uint32_t>(start + any(150))};
        if (any(4) == 0)
            filter.to = time_point_sec{static_cast<std::uint32_t>(start + any(150))};
        if (any(4) == 0)
            filter.types = {any(2)};
        if (any(4) == 0)
            filter.assets = {asset_id(any(4))};
        if (any(4) == 0)
            filter.counterparties = {account_id(19 + any(3)), account_id(500)};
        auto expected = expected_ids(server, options);
        auto const read = read_all(options, server);
        CHECK(read.failure.empty());
        if (!options.selection.account)
            std::sort(expected.begin(), expected.end());
        auto ids = read.ids;
        if (!options.selection.account)
        {
            CHECK(std::is_sorted(ids.begin(), ids.end(), [&](auto a, auto b) {
                return options.order == history_order::oldest_first ? a < b : a > b;
            }));
            std::sort(ids.begin(), ids.end());
        }
        CHECK(ids == expected);
    }
}

TEST_CASE("history/es_query: the next page is asked for while one waits to be decoded, and no more than two wait")
{
    auto const server = server_with(50);
    es_paging paging(options_of());
    auto const ask = [&] {
        auto const query = paging.next();
        if (query)
            paging.on_reply(query->ticket, 200, server.search(query->body));
        return query.has_value();
    };
    CHECK(ask()); // bounds
    CHECK(ask());
    CHECK(ask());
    CHECK_FALSE(ask());
    std::vector<history_record> page;
    CHECK(paging.take(page));
    CHECK(page.size() == 10);
    CHECK(paging.checked() == 10);
    CHECK(ask());
    CHECK_FALSE(ask());
    std::size_t count = page.size();
    while (!paging.done())
    {
        ask();
        if (paging.take(page))
            count += page.size();
    }
    CHECK(count == 50);
    CHECK_FALSE(paging.take(page));
    // Neither a page behind the newest operation nor one that is known to be empty is asked for: the bounds, and five.
    CHECK(read_all(options_of(), server).requests == 6);
}

TEST_CASE("history/es_query: what is written while it is read does not matter")
{
    auto server = server_with(30);
    auto const before = expected_ids(server, options_of());
    std::size_t more = 30;
    for (auto const order : {history_order::oldest_first, history_order::newest_first})
    {
        auto options = options_of();
        options.order = order;
        es_paging paging(options);
        auto now = server;
        auto const read = read_all(paging, [&](http_query const& query) {
            http_answer r{200, now.search(query.body)};
            now = server_with(++more);
            return r;
        });
        CHECK(read.failure.empty());
        CHECK(read.ids.size() == 30);
    }
}

TEST_CASE("history/es_query: what fails for a time is asked again, what fails for good says why")
{
    auto const server = server_with(25);
    auto const all = expected_ids(server, options_of());
    auto const without_version = [] {
        auto options = options_of();
        options.version.reset();
        return options;
    };
    SUBCASE("at every step: a busy server, a part of an answer, garbage, a cut text")
    {
        for (std::size_t step = 0; step < 5; ++step)
            for (int kind = 0; kind < 6; ++kind)
            {
                CAPTURE(step);
                CAPTURE(kind);
                auto const bad = [&](http_answer& r) {
                    switch (kind)
                    {
                    case 0: r = {503, "<html>"}; return;
                    case 1: r = {429, R"({"error":{"reason":"too many"}})"}; return;
                    case 2:
                        r.second = r.second == es7 ? "{}" : with(r.second, R"("failed":0)", R"("failed":2)");
                        return;
                    case 3:
                        r.second =
                            r.second == es7 ? "[]" : with(r.second, R"("timed_out":false)", R"("timed_out":true)");
                        return;
                    case 4: r.second = "<html>all is well</html>"; return;
                    default: r.second.resize(r.second.size() - 1); return;
                    }
                };
                auto const once = read_all(without_version(), server, [&](std::size_t n, http_answer& r) {
                    if (n == step)
                        bad(r);
                });
                CHECK(once.failure.empty());
                CHECK(once.ids == all);
                auto const always = read_all(without_version(), server, [&](std::size_t n, http_answer& r) {
                    if (n >= step)
                        bad(r);
                });
                CHECK_FALSE(always.failure.empty());
                if (kind < 2)
                    CHECK(always.failure == "http_refused");
                else if (kind < 4 && step > 0)
                    CHECK(always.failure.starts_with("partial_reply"));
                CHECK(std::equal(always.ids.begin(), always.ids.end(), all.begin()));
                CHECK(always.ids.size() < all.size());
            }
    }
    SUBCASE("the attempts are counted in the queries")
    {
        es_paging paging(options_of());
        for (unsigned attempt = 0; attempt < 6; ++attempt)
        {
            auto const query = paging.next();
            REQUIRE(query);
            CHECK(query->attempt == attempt);
            CHECK(paging.on_lost(query->ticket, errc::connection_closed) ==
                  (attempt == 5 ? http_use::failed : http_use::again));
        }
        CHECK(said(paging.failure().value()) == "connection_closed");
        CHECK_FALSE(paging.next());
    }
    SUBCASE("rights, and a missing index")
    {
        CHECK(read_all(without_version(), server, [](std::size_t, http_answer& r) { r = {401, ""}; }) ==
              outcome{{}, "login_refused", 1});
        CHECK(read_all(options_of(), server, [](std::size_t, http_answer& r) { r = {403, ""}; }) ==
              outcome{{}, "login_refused", 1});
        CHECK(read_all(options_of(), server, [](std::size_t, http_answer& r) { r = {404, ""}; }) ==
              outcome{{}, "http_refused", 1});
        // One that only lets searches through.
        for (unsigned const status : {403U, 404U, 405U})
            CHECK(read_all(without_version(), server, [&](std::size_t n, http_answer& r) {
                      if (n == 0)
                          r = {status, ""};
                  }).ids == all);
    }
    SUBCASE("an answer that is late is of no use")
    {
        es_paging paging(options_of());
        auto const query = paging.next();
        paging.on_lost(query->ticket, errc::timed_out);
        CHECK(paging.on_reply(query->ticket, 200, server.search(query->body)) == http_use::unwanted);
        CHECK(paging.on_lost(query->ticket, errc::timed_out) == http_use::unwanted);
        CHECK(paging.on_reply(0, 200, "") == http_use::unwanted);
        CHECK(paging.next()->attempt == 1);
    }
}

TEST_CASE("history/es_query: nothing that is missing, repeated or foreign is taken for the history")
{
    auto const server = server_with(25);
    auto const failure = [&](std::function<void(test::es_server&)> const& change,
                             es_options const& options = options_of()) {
        es_paging paging(options);
        std::size_t n = 0;
        auto const read = read_all(paging, [&](http_query const& query) {
            auto other = server;
            if (n++ != 0) // the bounds are right
                change(other);
            return http_answer{200, other.search(query.body)};
        });
        return read.failure;
    };
    auto const remove = [](std::uint64_t id) {
        return [id](test::es_server& s) { std::erase_if(s.documents, [&](auto const& d) { return d.id == id; }); };
    };
    CHECK(failure([](auto&) {}).empty());
    CHECK(failure(remove(10)) == "history_incomplete");
    CHECK(failure(remove(40)) == "history_incomplete");
    CHECK(failure(remove(82)) == "history_incomplete"); // the newest
    auto newest_first = options_of();
    newest_first.order = history_order::newest_first;
    CHECK(failure(remove(10), newest_first) == "history_incomplete");
    CHECK(failure(remove(82), newest_first) == "history_incomplete");
    auto everybody = options_of();
    everybody.selection.account.reset();
    CHECK(failure(remove(40), everybody) == "history_incomplete");
    CHECK(failure([](auto& s) { s.documents.clear(); }) == "history_incomplete");
    // A document that stands twice has the same id in its place.
    CHECK(failure([](auto& s) { s.documents.push_back(s.documents[6]); }) == "invalid_reply");
    CHECK(failure([](auto& s) { s.documents.push_back(s.documents[6]); }, everybody) == "invalid_reply");

    auto const tampered = [&](std::function<std::string(std::string)> const& change) {
        return read_all(options_of(), server,
                        [&](std::size_t n, http_answer& r) {
                            if (n == 1)
                                r.second = change(r.second);
                        })
            .failure;
    };
    CHECK(tampered([](std::string text) { return with(text, R"("account":"1.2.18")", R"("account":"1.2.17")"); }) ==
          "invalid_reply");
    CHECK(tampered([](std::string text) { return with(text, R"("sort":[37])", R"("sort":[36])"); }) == "invalid_reply");
    CHECK(tampered([](std::string text) { return with(text, R"("sort":[37])", R"("sort":[9223372036854775807])"); }) ==
          "invalid_reply");
    CHECK(tampered([](std::string text) { return with(text, R"(,"sort":[13])", ""); }) ==
          "missing_member /hits/hits/1/sort");
    CHECK(tampered([](std::string text) { return with(text, R"("from\":\"1.2.18)", R"("from\":\"1.3.18)"); }) ==
          "invalid_object_id /hits/hits/0/_source/operation_history/op/1/from");
    // Where the place of a page cannot be found in its text, it is found when it is decoded.
    CHECK(tampered([](std::string text) { return with(text, R"("sort":[37])", R"("sort" : [37])"); }).empty());
    CHECK(tampered([](std::string text) {
              return with(text, R"("sort":[37]}]}})", R"("sort":[37]}]},"x":1})");
          }).empty());

    // A server that does not keep to the bounds.
    CHECK(
        read_all(options_of(), server, [&](std::size_t n, http_answer& r) {
            if (n == 3)
                r.second = server_with(26).search(
                    R"({"size":10,"track_total_hits":false,"query":{"bool":{"filter":[{"term":{"account_history.account":)"
                    R"("1.2.18"}}]}},"sort":[{"operation_id_num":{"order":"asc"}}],"search_after":[67]})");
        }).failure == "invalid_reply");
    // More than was asked for.
    auto many = options_of(5);
    es_paging paging(many);
    CHECK(read_all(paging, [&](http_query const& query) {
              return http_answer{200, server.search(query.body.starts_with(R"({"size":5)")
                                                        ? with(query.body, R"("size":5)", R"("size":6)")
                                                        : query.body)};
          }).failure == "invalid_reply");
}

TEST_CASE("history/es_query: a copy that lags behind the one that counted is asked again for the rest")
{
    auto const server = server_with(25);
    // The copy lacks the newest: a part of the last page, all of it, and more than a page.
    for (std::size_t const lag : {1U, 4U, 5U, 12U})
        for (bool const everybody : {false, true})
        {
            CAPTURE(lag);
            CAPTURE(everybody);
            auto options = options_of();
            if (everybody)
                options.selection.account.reset();
            auto copy = server;
            copy.documents.resize(copy.documents.size() - 2 * lag);
            std::size_t short_answers = 0;
            bool repeated = false;
            auto const read = [&](std::size_t times) {
                es_paging paging(options);
                short_answers = 0;
                return read_all(paging, [&](http_query const& query) {
                    auto const good = server.search(query.body), lagging = copy.search(query.body);
                    repeated = repeated || query.attempt != 0;
                    bool const spoilt =
                        good != lagging && query.body.find(R"("size":1,)") == query.body.npos && short_answers < times;
                    short_answers += spoilt;
                    return http_answer{200, spoilt ? lagging : good};
                });
            };
            auto const once = read(1);
            CHECK(short_answers == 1);
            CHECK(repeated); // as who sends it has to know
            CHECK(once.failure == "");
            CHECK(once.ids == expected_ids(server, options));
            CHECK(read(5).failure == "");
            auto const always = read(1000);
            CHECK(always.failure == "history_incomplete");
            CHECK(always.ids == expected_ids(copy, options)); // what it gave is not lost
        }
}

TEST_CASE("history/es_query: an account without operations, and bounds that are none")
{
    test::es_server const empty;
    es_paging paging(options_of());
    CHECK(read_all(paging, [&](http_query const& query) { return http_answer{200, empty.search(query.body)}; }) ==
          outcome{{}, "", 1});
    CHECK(paging.total() == 0);
    CHECK_FALSE(paging.newest());
    // Where no index is there, nobody has operations.
    es_options nowhere = options_of();
    nowhere.selection.index = "bitshare-*";
    es_paging astray(nowhere);
    std::size_t asked = 0;
    CHECK(read_all(astray, [&](http_query const& query) {
              ++asked;
              return http_answer{
                  200, with(empty.search(query.body), R"("total":3,"successful":3)", R"("total":0,"successful":0)")};
          }).failure == "http_refused");
    CHECK(asked == 1);
    REQUIRE(astray.failure());
    CHECK(astray.failure()->detail() == "bitshare-*: no index has such a name");
    auto const server = server_with(5);
    auto const bounds = [&](std::string_view old, std::string_view replacement) {
        return read_all(options_of(), server,
                        [&](std::size_t n, http_answer& r) {
                            if (n == 0)
                                r.second = with(r.second, old, replacement);
                        })
            .failure;
    };
    CHECK(bounds("1.2.18", "1.2.17") == "invalid_reply");
    CHECK(read_all(options_of(), server, [&](std::size_t, http_answer& r) {
              r.second = with(empty.search(es_paging(options_of()).next()->body), R"("value":0)", R"("value":5)");
          }).failure == "history_incomplete");
    // A server that does not count: the newest operation says where the end is.
    auto const uncounted = read_all(options_of(2), server, [&](std::size_t n, http_answer& r) {
        if (n == 0)
            r.second = with(r.second, R"("relation":"eq")", R"("relation":"gte")");
    });
    CHECK(uncounted.failure.empty());
    CHECK(uncounted.ids.size() == 5);
}

TEST_CASE("history/es_query: a real server's answers are read to the end")
{
    // The recorder asked in the same order.
    auto const pages = es_recordings::answers("string/all_documents");
    REQUIRE(pages.size() == 2);
    auto bounds = test::json_value::parse(pages[1].response);
    for (auto& [name, part] : bounds.object())
        if (name == "hits")
            for (auto& [key, hits] : part.object())
                if (key == "hits")
                    hits.array().erase(hits.array().begin(), hits.array().end() - 1);
    es_options options;
    options.version = es_version{7, 17, 29, false};
    es_paging paging(options);
    std::vector<std::string> bodies;
    auto const read = read_all(paging, [&](http_query const& query) {
        bodies.push_back(query.body);
        return http_answer{200, bodies.size() == 1 ? bounds.dump() : pages.at(bodies.size() - 2).response};
    });
    CHECK(read.failure.empty());
    CHECK(read.ids.size() == 1769);
    CHECK(paging.total() == 1769);
    CHECK(paging.checked() == 1769);
    es_page first;
    REQUIRE(read_es_page(pages[0].response, first).has_value());
    CHECK(bodies.at(2).ends_with(R"(,"search_after":)" + first.last_sort + "}"));
}
