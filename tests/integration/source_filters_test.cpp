#include "support/folder.hpp"
#include "support/recordings.hpp"
#include "support/search_sites.hpp"

#include <bitshares/history/source.hpp>
#include <bitshares/net/http_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <regex>
#include <string>
#include <vector>

using namespace bitshares;
using bitshares_test::answering_http;
using bitshares_test::http_question;
using bitshares_test::http_server;
using kind = test::wrapper_server::kind;

namespace {

struct recorded_row
{
    history_record record;
    std::string named; // the operation and its result as the node told them, without fees
};

/// One after the other, of an account.
std::vector<recorded_row> whole_history(testing::recorded_account const& account)
{
    static std::regex const fee(R"("fee":\{[^}]*\})");
    std::vector<recorded_row> rows;
    for (auto const& operation : account.operations)
    {
        recorded_row row;
        static_cast<operation_history_object&>(row.record) =
            from_json<operation_history_object>(operation.json).value();
        row.record.sequence = rows.size() + 1;
        std::size_t const begin = operation.json.find("\"op\":");
        row.named =
            std::regex_replace(operation.json.substr(begin, operation.json.find("\"block_num\":") - begin), fee, "");
        rows.push_back(std::move(row));
    }
    return rows;
}

struct choice
{
    std::string name;
    std::function<void(history_filter&)> set;
    std::function<bool(recorded_row const&)> wanted;
};

} // namespace

TEST_CASE("history/source: a filter gives the same rows of every source, those of the whole history that it is about")
{
    testing::node const node(recordings::main_data());
    auto const documents = test::recorded_operations("object");
    test::es_site const cluster(documents);
    http_server const search(answering_http([&](http_question const& q) { return cluster.answer(q); }));
    test::wrapper_site v1(kind::v1, documents), v2(kind::v2, documents), fastapi(kind::fastapi, documents);
    http_server const first(answering_http([&](http_question const& q) { return v1.answer(q); }));
    http_server const second(answering_http([&](http_question const& q) { return v2.answer(q); }));
    http_server const third(answering_http([&](http_question const& q) { return fastapi.answer(q); }));
    support::folder const folder;
    std::ofstream dump(folder.file("documents"), std::ios::binary);
    for (auto const& document : documents)
        dump << document.recorded << '\n';
    dump.close();

    source_means means;
    means.transports = websocket();
    means.http = http_clients(http_options());
    std::vector<std::unique_ptr<history_source>> sources;
    for (std::string const& url :
         {node.url(), "es+" + search.url(), "wrapper+" + first.url(), "wrapper+" + second.url(),
          "wrapper+" + third.url(), "file:" + folder.file("documents")})
        sources.push_back(open_source(url, means));

    for (std::string const name : {"exporter-alice", "trader-bob", "olivia"})
    {
        CAPTURE(name);
        auto const& account = *recordings::main_chain().account(name);
        auto const id = account_id::from_string(account.id).value();
        auto const whole = whole_history(account);
        auto const& low = whole[whole.size() / 4].record;
        auto const& high = whole[whole.size() * 3 / 4].record;
        REQUIRE(low.block_num < high.block_num);
        auto const asset = [](std::uint64_t n) {
            return choice{
                "asset " + std::to_string(n), [n](auto& f) { f.assets = {asset_id(n)}; },
                [n](auto const& r) { return r.named.find("\"1.3." + std::to_string(n) + '"') != r.named.npos; }};
        };
        auto const other = [](std::uint64_t n) {
            return choice{
                "counterparty " + std::to_string(n), [n](auto& f) { f.counterparties = {account_id(n)}; },
                [n](auto const& r) { return r.named.find("\"1.2." + std::to_string(n) + '"') != r.named.npos; }};
        };
        std::vector<choice> choices{
            {"nothing", [](auto&) {}, [](auto const&) { return true; }},
            {"from a block", [&](auto& f) { f.first_block = low.block_num; },
             [&](auto const& r) { return r.record.block_num >= low.block_num; }},
            {"up to a block", [&](auto& f) { f.last_block = high.block_num; },
             [&](auto const& r) { return r.record.block_num <= high.block_num; }},
            {"ids",
             [&](auto& f) {
                 f.first = low.id;
                 f.last = high.id;
             },
             [&](auto const& r) { return r.record.sequence >= low.sequence && r.record.sequence <= high.sequence; }},
            {"times",
             [&](auto& f) {
                 f.from = low.block_time;
                 f.to = high.block_time;
             },
             [&](auto const& r) {
                 return !(r.record.block_time < low.block_time) && r.record.block_time < high.block_time;
             }},
            {"types", [](auto& f) { f.types = {0, 4}; },
             [](auto const& r) { return r.record.op.tag() == 0 || r.record.op.tag() == 4; }},
        };
        for (std::uint64_t const n : {0U, 1U, 2U, 999U})
            choices.push_back(asset(n));
        for (std::uint64_t const n : {17U, 18U, 19U, 999U})
            choices.push_back(other(n));
        choices.push_back({"all at once",
                           [&](auto& f) {
                               for (std::size_t const i : {1U, 2U, 5U, 6U})
                                   choices[i].set(f);
                           },
                           [&](auto const& r) {
                               return choices[1].wanted(r) && choices[2].wanted(r) && choices[5].wanted(r) &&
                                      choices[6].wanted(r);
                           }});
        for (choice const& c : choices)
        {
            CAPTURE(c.name);
            std::vector<history_record> wanted;
            for (recorded_row const& row : whole)
                if (c.wanted(row))
                    wanted.push_back(row.record);
            // Some of them and not all, or the case says nothing.
            if (name == "exporter-alice" && c.name != "nothing" && c.name.find("999") == c.name.npos &&
                c.name != "counterparty 18")
                CHECK((!wanted.empty() && wanted.size() < whole.size()));
            for (auto const& source : sources)
            {
                source_range range;
                c.set(range.filter);
                range.page_size = 20;
                std::vector<history_record> got, page;
                auto const reader = source->read(id, range);
                while (reader->next(page))
                    got.insert(got.end(), page.begin(), page.end());
                CHECK_MESSAGE(got.size() == wanted.size(), source->name());
                bool const same = got == wanted;
                CHECK_MESSAGE(same, source->name());
            }
        }
    }
}
