#include "support/both_forms.hpp"
#include "support/es_recordings.hpp"
#include "support/wrapper_server.hpp"

#include <bitshares/history/wrapper_query.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace bitshares;
using test::said;
using test::wrapper_server;
using server_kind = test::wrapper_server::kind;

namespace {

// Operations of account 1.2.18 at the given times, and every third one of another account between.
wrapper_server server_with(std::vector<std::pair<std::uint32_t, std::size_t>> const& times,
                           server_kind family = server_kind::v1, std::uint64_t types = 3)
{
    wrapper_server server;
    server.family = family;
    std::uint64_t id = 10, sequence = 0;
    for (auto const& [time, count] : times)
        for (std::size_t i = 0; i < count; ++i)
        {
            test::stored_operation d;
            d.id = id += 1 + i % 2;
            d.sequence = ++sequence;
            d.history_id = 2 * id;
            d.block = 100 + time / 3;
            d.time = time;
            d.type = id % types;
            server.documents.push_back(d);
            if (i % 3 == 0)
            {
                d.account = 19;
                d.sequence = 1;
                server.documents.push_back(d);
            }
        }
    return server;
}

wrapper_options options_of(std::uint32_t page_size = 10, std::uint32_t window = 10'000)
{
    wrapper_options options;
    options.account = account_id(18);
    options.page_size = page_size;
    options.window = window;
    return options;
}

struct outcome
{
    std::vector<std::uint64_t> ids;
    std::string failure;
    std::string detail;
};

using tamper_function = std::function<void(std::size_t, wrapper_server::answer&, http_query const&)>;

outcome read_all(wrapper_paging& paging, wrapper_server& server, tamper_function const& tamper = {})
{
    outcome result;
    std::vector<history_record> page;
    for (int step = 0; step < 1'000'000; ++step)
    {
        if (auto const query = paging.next())
        {
            REQUIRE_FALSE(query->post);
            auto answer = server.get(query->target);
            if (tamper)
                tamper(server.requests - 1, answer, *query);
            paging.on_reply(query->ticket, answer.status, answer.body);
        }
        while (paging.take(page))
            for (auto const& record : page)
                result.ids.push_back(record.id.instance);
        if (paging.failure())
        {
            result.failure = said(*paging.failure());
            result.detail = paging.failure()->detail();
        }
        if (paging.done() || paging.failure())
            return result;
    }
    FAIL("it does not end");
    return result;
}

outcome read_all(wrapper_options options, wrapper_server& server, tamper_function const& tamper = {})
{
    wrapper_paging paging(std::move(options));
    return read_all(paging, server, tamper);
}

std::vector<std::uint64_t> expected_ids(wrapper_server const& server, wrapper_options const& options)
{
    std::vector<std::uint64_t> ids;
    for (auto const& d : server.documents)
    {
        if ("1.2." + std::to_string(d.account) != options.account.to_string())
            continue;
        if (options.filter == history_filter() || options.filter.matches(read_es_document(d.source())->record))
            ids.push_back(d.id);
    }
    return ids;
}

std::string with(std::string text, std::string_view old, std::string_view replacement)
{
    std::size_t const at = text.find(old);
    REQUIRE_MESSAGE(at != text.npos, "no " << old << " in " << text);
    return text.replace(at, old.size(), replacement);
}

time_point_sec at(std::uint32_t seconds)
{
    return {time_point_sec::from_string("2026-11-21T03:00:00")->seconds + seconds};
}

constexpr char no_hits[] = R"x({"detail":"Your search did not result in any hits (wrong id?)","status":404})x";

} // namespace

TEST_CASE("history/wrapper_query: the requests, word for word")
{
    wrapper_search search;
    CHECK(wrapper_history_query(wrapper_family::v1, search) ==
          http_query{0, false, "/get_account_history?from_=0&size=10&sort_by=-block_data.block_time&type=data", "", 0});
    search.account = account_id(282);
    search.operation_type = 0;
    search.from_date = time_point_sec{0};
    search.to_date = time_point_sec{1'000'000'000};
    search.from = 300;
    search.size = 150;
    search.sort_by = "operation_id_num";
    CHECK(wrapper_history_query(wrapper_family::v2, search).target ==
          "/es/account_history?account_id=1.2.282&operation_type=0&from_date=1970-01-01T00:00:00&"
          "to_date=2001-09-09T01:46:40&from_=300&size=150&sort_by=operation_id_num&type=data");
    search.search_after = 1200;
    search.agg_field = "operation type";
    CHECK(wrapper_history_query(wrapper_family::fastapi, search).target ==
          "/openexplorer/es/account_history?account_id=1.2.282&operation_type=0&from_date=1970-01-01T00:00:00&"
          "to_date=2001-09-09T01:46:40&size=150&sort_by=operation_id_num&search_after=1200&type=count&agg_field="
          "operation%20type");
    CHECK(wrapper_operation_query(wrapper_family::v1, operation_history_id(5)).target ==
          "/get_single_operation?operation_id=1.11.5");
    CHECK(wrapper_operation_query(wrapper_family::v2, operation_history_id(5)).target ==
          "/es/single_operation?operation_id=1.11.5");
    transaction_id id;
    id.data[0] = 0xab;
    CHECK(wrapper_transaction_query(wrapper_family::v1, id, 20, 30).target ==
          "/get_trx?trx=ab00000000000000000000000000000000000000&from_=20&size=30");
    CHECK(wrapper_transaction_query(wrapper_family::fastapi, id).target ==
          "/openexplorer/es/trx?trx=ab00000000000000000000000000000000000000&from_=0&size=10");
    CHECK(wrapper_health_query(wrapper_family::v1).target == "/is_alive");
    CHECK(wrapper_health_query(wrapper_family::v2).target == "/es/is_alive");
    CHECK(wrapper_health_query(wrapper_family::fastapi).target == "/status");
}

TEST_CASE("history/wrapper_query: answers, in every form that the families give them")
{
    test::stored_operation operation;
    operation.id = 7;
    operation.sequence = 1;
    operation.block = 5;
    std::string const one = operation.source();
    std::vector<es_document> documents;
    CHECK(read_wrapper_documents(200, "[" + one + "," + one + "]", documents).value());
    CHECK(documents.size() == 2);
    CHECK(read_wrapper_documents(200, one, documents).value()); // single_operation of v2
    CHECK(documents.size() == 1);
    CHECK(read_wrapper_documents(200, "[]", documents).value());
    CHECK(documents.empty());
    documents.resize(1);
    CHECK_FALSE(read_wrapper_documents(404, no_hits, documents).value());
    CHECK(documents.empty());
    auto const failure = [&](unsigned status, std::string const& body) {
        return said(read_wrapper_documents(status, body, documents).error());
    };
    CHECK(failure(404, R"({"detail":"Not Found"})") == "http_refused");
    CHECK(failure(404, "<html>") == "http_refused");
    CHECK(failure(500, "<html>Internal Server Error</html>") == "http_refused");
    CHECK(failure(403, "") == "login_refused");
    CHECK(failure(200, R"({"account_not_found":"x"})") == "account_not_found");
    CHECK(failure(200, R"({"asset_not_found":true})") == "asset_not_found");
    CHECK(failure(200, "<html>") == "invalid_json");
    CHECK(failure(200, "[{}]") == "missing_member /0/account_history/id");

    CHECK(read_wrapper_buckets(200, R"([{"key":0,"doc_count":219},{"key":"1.2.5","doc_count":3,"key_as_string":"x"}])")
              .value() == std::vector<wrapper_bucket>{{"0", 219}, {"1.2.5", 3}});
    CHECK(read_wrapper_buckets(200, "[]")->empty());
    CHECK(read_wrapper_buckets(404, no_hits)->empty());
    CHECK(said(read_wrapper_buckets(404, "").error()) == "http_refused");
    CHECK(said(read_wrapper_buckets(200, "[" + one + "]").error()) == "invalid_reply");
    CHECK(said(read_wrapper_buckets(200, "{}").error()) == "invalid_reply");

    CHECK(read_wrapper_health(
              200, R"({"server_time":"Sat, 21 Nov 2026 01:00:00 GMT","head_block_timestamp":1795230000500.0,)"
                   R"("head_block_time":"x","deltatime":"3.2","status":"ok","error":null,"query_index":"b"})")
              .value() == wrapper_health{true, time_point_sec{1'795'230'000}, ""});
    CHECK(
        read_wrapper_health(
            200,
            R"({"head_block_timestamp":null,"deltatime":"Infinite","status":"out_of_sync","error":"no_blocks_last_24_hours"})")
            .value() == wrapper_health{false, {}, "no_blocks_last_24_hours"});
    CHECK(
        read_wrapper_health(
            200,
            R"({"head_block":{"elasticsearch":{"block_num":5,"block_time":"2026-11-21T03:00:00+00:00"}},"status":"ok"})")
            .value() == wrapper_health{true, at(0), ""});
    CHECK(said(read_wrapper_health(200, "{}").error()) == "invalid_reply");
    CHECK(said(read_wrapper_health(200, "[").error()) == "invalid_reply");
    CHECK(said(read_wrapper_health(502, "").error()) == "http_refused");
}

TEST_CASE("history/wrapper_query: the recorded answers of the queries that the wrappers send")
{
    std::size_t data = 0;
    for (auto const& answer : es_recordings::answers("object/queries"))
    {
        if (answer.status != 200 || answer.note.find("wrapper v1") == answer.note.npos)
            continue;
        // The wrapper tells the sources alone.
        auto const response = test::json_value::parse(answer.response);
        std::string body;
        for (auto const& hit : response["hits"]["hits"].array())
            body += (body.empty() ? "" : ",") + hit["_source"].dump();
        std::vector<es_document> documents;
        REQUIRE(read_wrapper_documents(200, "[" + body + "]", documents).has_value());
        CHECK(documents.size() == response["hits"]["hits"].size());
        for (auto const& document : documents)
            CHECK(document.account == account_id(18));
        data += documents.size();
    }
    CHECK(data == 319);
    for (auto const& answer : es_recordings::answers("object/queries"))
        if (answer.note == "type=count")
        {
            auto const response = test::json_value::parse(answer.response);
            auto const buckets =
                read_wrapper_buckets(200, response["aggregations"]["per_field"]["buckets"].dump()).value();
            std::uint64_t sum = 0;
            for (auto const& bucket : buckets)
                sum += bucket.count;
            CHECK(sum == 172);
        }
}

TEST_CASE("history/wrapper_query: the family is found by asking")
{
    for (auto const family : {server_kind::v1, server_kind::v2, server_kind::fastapi})
    {
        auto server = server_with({{0, 25}, {9, 3}}, family);
        wrapper_paging paging(options_of());
        auto const read = read_all(paging, server);
        CHECK(read.failure.empty());
        CHECK(read.ids == expected_ids(server, options_of()));
        CHECK(static_cast<int>(paging.family()) == static_cast<int>(family) + 1);
        CHECK(paging.newest()->record.sequence == 28);
        CHECK(paging.checked() == 28);
        // Nobody has operations here.
        auto nobody = options_of();
        nobody.account = account_id(77);
        CHECK(read_all(nobody, server).failure == (family == server_kind::v1 ? "" : "history_incomplete"));
    }
    auto server = server_with({{0, 25}});
    SUBCASE("a web site that has a page for every path")
    {
        CHECK(read_all(options_of(), server, [](std::size_t, auto& a, auto const&) { a = {200, "<html>"}; }).failure ==
              "http_refused");
        auto other = server_with({{0, 25}}, server_kind::v2);
        CHECK(read_all(options_of(), other, [](std::size_t, auto& a, auto const&) {
                  if (a.status == 404)
                      a = {200, "<html>"};
              }).ids.size() == 25);
    }
    SUBCASE("a server that fails at what it does not know")
    {
        auto other = server_with({{0, 25}}, server_kind::fastapi);
        CHECK(read_all(options_of(), other, [](std::size_t, auto& a, auto const&) {
                  if (a.status == 404)
                      a.status = 500;
              }).ids.size() == 25);
    }
    SUBCASE("nothing of the kind")
    {
        auto const read =
            read_all(options_of(), server, [](std::size_t, auto& a, auto const&) { a = {404, "nothing"}; });
        CHECK(read.failure == "http_refused");
        CHECK(read.detail.find("no history wrapper is there: ") == 0);
    }
    SUBCASE("no right to ask")
    {
        CHECK(read_all(options_of(), server, [](std::size_t, auto& a, auto const&) { a = {401, ""}; }).failure ==
              "login_refused");
    }
}

TEST_CASE("history/wrapper_query: every operation comes once and in order, whatever times they have")
{
    std::mt19937_64 random(11);
    auto const any = [&](std::uint64_t below) { return random() % below; };
    std::size_t with_ties = 0, failed = 0;
    for (int round = 0; round < 400; ++round)
    {
        CAPTURE(round);
        std::uint32_t const window = static_cast<std::uint32_t>(5 + any(30));
        std::vector<std::pair<std::uint32_t, std::size_t>> times;
        std::uint32_t time = 0;
        for (std::uint64_t n = any(8); n != 0; --n)
            times.emplace_back(time += static_cast<std::uint32_t>(1 + any(4)),
                               any(4) == 0 ? any(window * 4) : any(window));
        auto server = server_with(times, static_cast<server_kind>(any(3)), 1 + any(4));
        server.window = window;
        server.knows_search_after = any(2) == 0;
        server.counts = any(4) != 0;
        if (any(3) == 0)
            server.largest_size = static_cast<std::uint32_t>(2 + any(5));
        auto options = options_of(static_cast<std::uint32_t>(1 + any(window + 5)), window);
        auto& filter = options.filter;
        if (any(4) == 0)
            filter.from = at(static_cast<std::uint32_t>(any(20)));
        if (any(4) == 0)
            filter.to = at(static_cast<std::uint32_t>(any(25)));
        if (any(4) == 0)
            filter.types = {any(3)};
        if (any(8) == 0)
            filter.types = {0, 2};
        if (any(5) == 0)
            filter.first = operation_history_id(any(150));
        if (any(5) == 0)
            filter.last_block = static_cast<std::uint32_t>(100 + any(8));
        auto const expected = expected_ids(server, options);
        wrapper_paging paging(options);
        auto const read = read_all(paging, server);
        bool const whole = !filter.from && !filter.to && filter.types.size() != 1;
        if (whole && server.documents.empty() && server.family != server_kind::v1)
        {
            CHECK(read.failure == "history_incomplete");
            continue;
        }
        if (read.failure == "tie_too_large" || (!server.counts && !read.failure.empty()))
        {
            CHECK(read.failure == "tie_too_large");
            ++failed;
            CHECK(std::equal(read.ids.begin(), read.ids.end(), expected.begin()));
            continue;
        }
        with_ties += paging.ties() != 0;
        CHECK(read.failure == "");
        CHECK(read.ids == expected);
    }
    // Both are met often enough to mean something.
    CHECK(with_ties > 20);
    CHECK(failed > 5);
    CHECK(failed < 100);
}

TEST_CASE("history/wrapper_query: more than 10,000 operations of one time")
{
    auto const options = options_of(5000);
    SUBCASE("the rest is read from the other end")
    {
        auto server = server_with({{0, 5}, {3, 12'000}, {6, 7}});
        wrapper_paging paging(options);
        auto const read = read_all(paging, server);
        CHECK(read.failure == "");
        CHECK(read.ids == expected_ids(server, options));
        CHECK(paging.ties() == 1);
    }
    SUBCASE("each type by itself")
    {
        auto server = server_with({{3, 21'000}}, server_kind::v1, 3);
        wrapper_paging paging(options);
        auto const read = read_all(paging, server);
        CHECK(read.failure == "");
        CHECK(read.ids == expected_ids(server, options));
    }
    SUBCASE("so many of one type that they cannot be told apart")
    {
        auto server = server_with({{0, 100}, {3, 21'000}, {6, 1}}, server_kind::v1, 1);
        wrapper_paging paging(options);
        auto const read = read_all(paging, server);
        CHECK(read.failure == "tie_too_large");
        CHECK(read.detail == "21000 operations of type 0 at 2026-11-21T03:00:03");
        CHECK(read.ids.size() == 10'000 + 100); // what is certain
        CHECK(paging.checked() == 10'100);
    }
    SUBCASE("with search_after, times do not matter")
    {
        auto server = server_with({{3, 21'000}}, server_kind::v2, 1);
        auto const read = read_all(options, server);
        CHECK(read.failure == "");
        CHECK(read.ids == expected_ids(server, options));
        CHECK(server.requests == 8); // no v1, the newest, nothing before, and five pages
    }
}

TEST_CASE(
    "history/wrapper_query: what fails for a time is asked again; nothing found is no end before the newest operation")
{
    for (auto const family : {server_kind::v1, server_kind::v2})
    {
        auto const fresh = [&] {
            auto server = server_with({{0, 15}, {3, 40}, {6, 30}}, family);
            server.window = 25;
            return server;
        };
        auto options = options_of(10, 25);
        options.family = family == server_kind::v1 ? wrapper_family::v1 : wrapper_family::v2;
        auto server = fresh();
        auto const all = expected_ids(server, options);
        CHECK(read_all(options, server).ids == all);
        std::size_t const steps = server.requests;
        CHECK(steps > 10);
        for (std::size_t step = 0; step < steps; ++step)
            for (int kind = 0; kind < 5; ++kind)
            {
                CAPTURE(step);
                CAPTURE(kind);
                auto const bad = [&](wrapper_server::answer& a) {
                    switch (kind)
                    {
                    case 0: a = {503, "busy"}; return;
                    case 1: a = {500, "<html>"}; return;
                    case 2: a = {404, no_hits}; return;
                    case 3: a = {200, "<html>"}; return;
                    default: a.body.resize(a.body.size() - 1); return;
                    }
                };
                auto once = fresh();
                auto const read = read_all(options, once, [&](std::size_t n, auto& a, auto const&) {
                    if (n == step)
                        bad(a);
                });
                if (step == 0 && kind > 2)
                    continue; // the first answer is no wrapper's, where the family is said
                CHECK(read.failure == "");
                CHECK(read.ids == all);
                auto always = fresh();
                auto const ended = read_all(options, always, [&](std::size_t n, auto& a, auto const&) {
                    if (n >= step)
                        bad(a);
                });
                CHECK(ended.failure != "");
                CHECK(ended.ids.size() < all.size());
                CHECK(std::equal(ended.ids.begin(), ended.ids.end(), all.begin()));
                if (kind == 2)
                    CHECK((ended.failure == "history_incomplete" || ended.failure == "tie_too_large"));
            }
    }
}

TEST_CASE("history/wrapper_query: a 404 for a quick answer is no empty history")
{
    auto server = server_with({{0, 15}, {3, 40}}, server_kind::v2);
    auto options = options_of(50);
    options.family = wrapper_family::v2;
    std::vector<std::string> asked;
    auto const quick_below = [&](std::uint64_t size) {
        return [&asked, size](std::size_t, wrapper_server::answer& a, http_query const& query) {
            if (query.target.find("&sort_by=-") == query.target.npos)
                return;
            std::size_t const begin = query.target.find("&size=") + 6;
            asked.push_back(query.target.substr(begin, query.target.find('&', begin) - begin));
            if (std::stoull(asked.back()) < size)
                a = {404, no_hits};
        };
    };
    CHECK(read_all(options, server, quick_below(50)).ids == expected_ids(server, options));
    CHECK(asked == std::vector<std::string>{"1", "10", "50"});
    asked.clear();
    auto const never = read_all(options, server, quick_below(1000));
    CHECK(never.failure == "history_incomplete");
    CHECK(asked == std::vector<std::string>{"1", "10", "50", "50"});
    // Of a range of times, or of one type, there may be nothing.
    for (auto const change : {+[](history_filter& f) { f.from = at(100); }, +[](history_filter& f) { f.types = {7}; }})
    {
        auto of_range = options;
        change(of_range.filter);
        auto const nothing = read_all(of_range, server);
        CHECK(nothing.failure == "");
        CHECK(nothing.ids.empty());
    }
    // What is told as a list is a server's word.
    CHECK(read_all(options, server, [](auto, auto& a, auto const&) { a = {200, "[]"}; }).failure == "");
    // More than was asked for.
    CHECK(read_all(options, server, [&](std::size_t, auto& a, http_query const& query) {
              if (query.target.find("&sort_by=-") != query.target.npos)
                  a = server.get(std::string(query.target).replace(query.target.find("&size=1&"), 8, "&size=2&"));
          }).failure == "invalid_reply");
}

TEST_CASE("history/wrapper_query: nothing that is missing, repeated or foreign is taken for the history")
{
    auto const failure = [](std::function<void(wrapper_server&)> const& change, server_kind family = server_kind::v1,
                            std::size_t after = 2, wrapper_options options = options_of(10, 25)) {
        auto server = server_with({{0, 15}, {3, 40}, {6, 30}}, family);
        server.window = 25;
        options.family = family == server_kind::v1 ? wrapper_family::v1 : wrapper_family::v2;
        std::size_t n = 0;
        wrapper_paging paging(options);
        auto const read = read_all(paging, server, [&](std::size_t, auto&, auto const&) {
            if (++n == after)
                change(server);
        });
        return read.failure;
    };
    auto const remove = [](std::size_t index) {
        return
            [index](wrapper_server& s) { s.documents.erase(s.documents.begin() + static_cast<std::ptrdiff_t>(index)); };
    };
    for (auto const family : {server_kind::v1, server_kind::v2})
    {
        CHECK(failure([](auto&) {}, family) == "");
        // One that was counted and is not there (the fourth is not another account's).
        CHECK(failure(remove(2), family) == "history_incomplete");
        // The newest.
        CHECK(failure(
                  [](auto& s) {
                      std::erase_if(s.documents, [&](auto const& d) { return d.id == s.documents.back().id; });
                  },
                  family) == "history_incomplete");
        CHECK(failure([](auto& s) { s.documents.clear(); }, family) == "history_incomplete");
        CHECK(failure([](auto& s) { s.documents.insert(s.documents.begin() + 2, s.documents[2]); }, family) ==
              "invalid_reply");
    }
    // What comes late, in front of the page that is asked for, moves all behind it.
    CHECK(failure(
              [](auto& s) {
                  auto late = s.documents[0];
                  late.id = 1;
                  s.documents.insert(s.documents.begin(), late);
              },
              server_kind::v1, 4) == "invalid_reply");
    // One that was read already is gone, on another replica: what comes next would be left out.
    auto shrinking = server_with({{0, 30}});
    auto of_shrinking = options_of();
    of_shrinking.family = wrapper_family::v1;
    CHECK(read_all(of_shrinking, shrinking, [&](std::size_t n, auto&, auto const&) {
              if (n == 2)
                  shrinking.documents.erase(shrinking.documents.begin());
          }).failure == "invalid_reply");
    // A type of a time that has too many, of which the server counts more than it gives.
    auto crowd = server_with({{0, 300}, {3, 1}});
    crowd.window = 120;
    auto of_crowd = options_of(60, 120);
    of_crowd.family = wrapper_family::v1;
    CHECK(read_all(of_crowd, crowd).failure == "");
    crowd.requests = 0;
    CHECK(read_all(of_crowd, crowd, [](std::size_t n, auto& a, http_query const& query) {
              if (n == 1)
                  a = {404, ""}; // no count of all
              if (query.target.find("operation_type=1&") != query.target.npos)
                  a = {200, "[]"};
          }).failure == "history_incomplete");
    auto server = server_with({{0, 15}, {3, 4}}, server_kind::v1, 1);
    auto options = options_of(5);
    options.family = wrapper_family::v1;
    auto const tampered = [&](std::size_t step, std::string_view old, std::string_view replacement) {
        auto copy = server;
        return read_all(options, copy,
                        [&](std::size_t n, auto& a, auto const&) {
                            if (n == step)
                                a.body = with(a.body, old, replacement);
                        })
            .failure;
    };
    CHECK(tampered(0, R"("account":"1.2.18")", R"("account":"1.2.19")") == "invalid_reply");
    CHECK(tampered(2, R"("account":"1.2.18")", R"("account":"1.2.19")") == "invalid_reply");
    CHECK(tampered(2, "T03:00:00", "T03:00:09") == "invalid_reply"); // behind the newest
    CHECK(tampered(2, R"("from\":\"1.2.18)", R"("from\":\"1.3.18)") ==
          "invalid_object_id /0/operation_history/op/1/from");
    CHECK(tampered(1, R"("doc_count":15)", R"("doc_count":16)") == "history_incomplete");
    CHECK(tampered(2, "[", "[" + server.documents[0].source() + ",") == "invalid_reply"); // more than was asked for
}

TEST_CASE("history/wrapper_query: what is written while it is read does not matter")
{
    for (auto const family : {server_kind::v1, server_kind::v2})
    {
        auto server = server_with({{0, 30}, {3, 60}}, family);
        server.window = 40;
        auto const all = expected_ids(server, options_of());
        auto options = options_of(10, 40);
        options.family = family == server_kind::v1 ? wrapper_family::v1 : wrapper_family::v2;
        auto const read = read_all(options, server, [&](std::size_t, auto&, auto const&) {
            auto more = server.documents.back();
            more.account = 18;
            ++more.id;
            more.time += server.requests < 5 ? 0 : 1; // of the same time, too
            server.documents.push_back(more);
        });
        CHECK(read.failure == "");
        CHECK(read.ids == all);
    }
}

TEST_CASE("history/wrapper_query: a query that is lost comes again, one that is late is of no use")
{
    wrapper_paging paging(options_of());
    for (unsigned attempt = 0; attempt < 6; ++attempt)
    {
        auto const query = paging.next();
        REQUIRE(query);
        CHECK(query->attempt == attempt);
        CHECK_FALSE(paging.next());
        CHECK(paging.on_lost(query->ticket, errc::timed_out) == (attempt == 5 ? http_use::failed : http_use::again));
        CHECK(paging.on_lost(query->ticket, errc::timed_out) == http_use::unwanted);
        CHECK(paging.on_reply(query->ticket, 200, "[]") == http_use::unwanted);
    }
    CHECK(said(paging.failure().value()) == "timed_out");
    CHECK_FALSE(paging.done());
}

TEST_CASE("history/wrapper_query: an empty range of times needs no request")
{
    auto options = options_of();
    options.filter.from = at(5);
    options.filter.to = at(5);
    wrapper_paging paging(options);
    CHECK(paging.done());
    CHECK_FALSE(paging.next());
    options.filter = {};
    options.filter.to = time_point_sec{0};
    CHECK(wrapper_paging(options).done());
}
