#include "support/es_recordings.hpp"
#include "support/folder.hpp"
#include "support/json_value.hpp"

#include <common/history_store.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

using namespace bitshares;
using program::document_bucket;
using program::document_field;
using program::document_search;
using program::history_store;
using program::stored_document;

namespace {

// Every document of the recording, as Elasticsearch had it; of 1,769.
std::vector<stored_document> const& recorded()
{
    static std::vector<stored_document> const all = [] {
        std::vector<stored_document> documents;
        for (auto const& answer : es_recordings::answers("object/all_documents"))
        {
            auto const page = test::json_value::parse(answer.response);
            for (auto const& hit : page["hits"]["hits"].array())
                documents.push_back(program::read_stored_document(hit["_source"].dump()).value());
        }
        return documents;
    }();
    return all;
}

} // namespace

namespace {

constexpr std::uint64_t alice = 18;

document_search of_account(std::uint64_t account, std::string_view sort_by, std::uint64_t size = 10'000)
{
    document_search what;
    what.filter.account = account_id(account);
    bool const descending = sort_by.starts_with('-');
    what.sort.push_back({document_field(sort_by.substr(descending ? 1 : 0)), descending});
    what.size = size;
    return what;
}

std::vector<std::string> all_of(history_store& store, document_search const& what)
{
    std::vector<std::string> found;
    store.search(what, [&](std::string_view json) { found.emplace_back(json); });
    return found;
}

// The same by the test's own means.
template <class Key>
std::vector<std::string> expected(document_search const& what, Key&& key)
{
    std::vector<stored_document const*> found;
    for (auto const& d : recorded())
        if ((!what.filter.account || d.account == *what.filter.account) && d.block_time >= what.filter.from &&
            d.block_time <= what.filter.to &&
            (!what.filter.operation_type || d.operation_type == *what.filter.operation_type))
            found.push_back(&d);
    bool const descending = !what.sort.empty() && what.sort.front().descending;
    std::stable_sort(found.begin(), found.end(), [&](auto const* a, auto const* b) {
        auto const left = std::tuple(key(*a), a->operation, a->id), right = std::tuple(key(*b), b->operation, b->id);
        return descending ? left > right : left < right;
    });
    std::vector<std::string> texts;
    for (std::size_t i = what.from; i < found.size() && i < what.from + what.size; ++i)
        texts.push_back(found[i]->json);
    return texts;
}

struct filled_store
{
    support::folder folder;
    std::string path = folder.file("history.db");
    history_store store{path, history_store::mode::write};

    filled_store() { CHECK(store.add(recorded()) == recorded().size()); }
};

template <class Call>
std::string failure_of(Call&& call)
{
    try
    {
        call();
    }
    catch (std::exception const& e)
    {
        return e.what();
    }
    return {};
}

} // namespace

TEST_CASE("examples/history_store: a document says its own place, and what lacks it is none")
{
    REQUIRE(recorded().size() == 1769);
    auto const& first = recorded().front();
    CHECK(first.id == account_history_id(0));
    CHECK(first.account == account_id(17));
    CHECK(first.operation == operation_history_id(0));
    CHECK(first.sequence == 1);
    CHECK(first.operation_type == 37);
    CHECK(first.block_num == 35);
    CHECK(first.block_time.to_string() == "2026-11-21T03:39:22");
    CHECK(first.trx_id.has_value());
    for (auto const& [old, other] : std::vector<std::pair<std::string, std::string>>{{"\"account_history\"", "\"x\""},
                                                                                     {"\"sequence\"", "\"x\""},
                                                                                     {"\"operation_type\"", "\"x\""},
                                                                                     {"\"block_time\"", "\"x\""},
                                                                                     {"\"2.9.0\"", "\"2.8.0\""},
                                                                                     {"\"2d22", "\"2d2"},
                                                                                     {"{", "["}})
    {
        std::string json = first.json;
        json.replace(json.find(old), old.size(), other);
        CHECK_MESSAGE(!program::read_stored_document(json), json);
    }
}

TEST_CASE("examples/history_store: keeps every recorded document once, byte for byte, and again changes nothing")
{
    filled_store s;
    CHECK(s.store.add(recorded()) == 0);
    CHECK(s.store.last_account_history_id() == account_history_id(1768));
    std::set<std::string> texts;
    for (auto const& d : recorded())
        texts.insert(d.json);
    std::set<std::string> found;
    s.store.search(document_search{.size = 10'000}, [&](std::string_view json) { found.emplace(json); });
    CHECK(found == texts);

    stored_document other = recorded()[5];
    other.json.insert(1, " ");
    std::vector<stored_document> const two{recorded()[4], other};
    CHECK(s.store.add(two) == 1);
    CHECK(s.store.operation(other.operation)->starts_with("{"));
    history_store reader(s.path, history_store::mode::read);
    found.clear();
    reader.search(document_search{.size = 10'000}, [&](std::string_view json) { found.emplace(json); });
    CHECK(found.size() == recorded().size());
    CHECK(found.contains(other.json));
}

TEST_CASE("examples/history_store: histories of accounts in every order, range and part")
{
    filled_store s;
    auto const number = [](stored_document const& d) { return d.operation.instance; };
    for (std::string_view const sort :
         {"operation_id_num", "-operation_id_num", "block_data.block_time", "-block_data.block_time",
          "account_history.sequence", "-account_history.sequence", "block_data.block_num", "account_history.id.keyword",
          "-account_history.operation_id.keyword"})
    {
        CAPTURE(sort);
        for (std::uint64_t const account : {17U, 18U, 19U, 36U, 7777U})
        {
            auto what = of_account(account, sort);
            auto const all = expected(what, number);
            CHECK(all.size() == (account == 18 ? 319 : account == 36 ? 36 : all.size()));
            CHECK(all_of(s.store, what) == all);
            what.size = 7;
            what.from = 3;
            CHECK(all_of(s.store, what) == expected(what, number));
            what.from = 500;
            CHECK(all_of(s.store, what).size() == expected(what, number).size());
            what.from = 1;
            what.filter.operation_type = 0;
            CHECK(all_of(s.store, what) == expected(what, number));
            what.filter.from = recorded()[300].block_time;
            what.filter.to = recorded()[900].block_time;
            what.size = 1000;
            CHECK(all_of(s.store, what) == expected(what, number));
            what.filter.to = what.filter.from;
            what.filter.from.seconds += 1;
            CHECK(all_of(s.store, what).empty());
        }
    }
    // Of all accounts, a sequence number is no place in time.
    document_search what;
    what.size = 10'000;
    what.sort.push_back({document_field("account_history.sequence"), true});
    CHECK(all_of(s.store, what) == expected(what, [](stored_document const& d) { return d.sequence; }));
    what.sort = {{document_field("operation_type"), false}};
    CHECK(all_of(s.store, what) == expected(what, [](stored_document const& d) { return d.operation_type; }));
}

TEST_CASE("examples/history_store: what is behind a value, by one field and by two")
{
    filled_store s;
    for (bool const descending : {false, true})
        for (std::string_view const name : {"operation_id_num", "account_history.sequence"})
        {
            auto const sort = std::string(descending ? "-" : "") + std::string(name);
            auto what = of_account(alice, sort, 50);
            auto const all = all_of(s.store, of_account(alice, sort));
            std::vector<std::string> pages;
            for (;;)
            {
                auto const page = all_of(s.store, what);
                if (page.empty())
                    break;
                pages.insert(pages.end(), page.begin(), page.end());
                auto const last = program::read_stored_document(page.back()).value();
                what.after = {std::to_string(name == "operation_id_num" ? last.operation.instance : last.sequence)};
            }
            CHECK(pages == all);
        }
    // Times have many documents: the second field tells them apart.
    document_search what;
    what.sort = {{document_field("block_data.block_time"), true},
                 {document_field("account_history.id.keyword"), false}};
    what.size = 100;
    std::set<std::string> found;
    for (std::size_t page = 0; page < 100; ++page)
    {
        auto const texts = all_of(s.store, what);
        if (texts.empty())
            break;
        found.insert(texts.begin(), texts.end());
        auto const last = program::read_stored_document(texts.back()).value();
        what.after = {std::to_string(std::uint64_t{last.block_time.seconds} * 1000), last.id.to_string()};
    }
    CHECK(found.size() == recorded().size());

    what.after = {"2026-11-21T03:40:00"};
    CHECK(failure_of([&] { all_of(s.store, what); }) == "search_after has 1 values, sort_by has 2 fields");
    what.after = {"2026-11-21T03:40:00", "1.2.3"};
    CHECK(failure_of([&] { all_of(s.store, what); }) == "search_after: '1.2.3' is no account_history.id");
    what.after = {"yesterday", "2.9.3"};
    CHECK(failure_of([&] { all_of(s.store, what); }) == "search_after: 'yesterday' is no block_data.block_time");
}

TEST_CASE("examples/history_store: single operations and transactions")
{
    filled_store s;
    CHECK(!s.store.operation(operation_history_id(999'999)));
    for (std::size_t i = 0; i < recorded().size(); i += 13)
    {
        auto const& d = recorded()[i];
        auto const first = std::find_if(recorded().begin(), recorded().end(),
                                        [&](auto const& other) { return other.operation == d.operation; });
        CHECK(s.store.operation(d.operation) == first->json);
        if (!d.trx_id)
            continue;
        std::vector<std::string> of_transaction, found;
        for (auto const& other : recorded())
            if (other.trx_id == d.trx_id)
                of_transaction.push_back(other.json);
        s.store.transaction(*d.trx_id, 0, 10'000, [&](std::string_view json) { found.emplace_back(json); });
        CHECK(found == of_transaction);
        found.clear();
        s.store.transaction(*d.trx_id, 1, 1, [&](std::string_view json) { found.emplace_back(json); });
        CHECK(found.size() == (of_transaction.size() > 1 ? 1 : 0));
    }
}

TEST_CASE("examples/history_store: counts by members that have a column and by those that have none")
{
    filled_store s;
    program::document_filter filter{.account = account_id(alice)};
    auto const types = s.store.count(filter, document_field("operation_type"), 100);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < types.size(); ++i)
    {
        sum += types[i].count;
        CHECK((i == 0 || types[i - 1].count >= types[i].count));
        CHECK(types[i].as_text.empty());
        CHECK(types[i].count == static_cast<std::uint64_t>(
                                    std::count_if(recorded().begin(), recorded().end(), [&](stored_document const& d) {
                                        return d.account == account_id(alice) &&
                                               std::to_string(d.operation_type) == types[i].key;
                                    })));
    }
    CHECK(sum == 319);
    CHECK(s.store.count(filter, document_field("operation_type"), 2).size() == 2);
    CHECK(s.store.count(filter, document_field("account_history.account.keyword"), 10) ==
          std::vector<document_bucket>{{"\"1.2.18\"", "", 319}});
    auto const times = s.store.count({}, document_field("block_data.block_time"), 1);
    REQUIRE(times.size() == 1);
    CHECK(times[0].key.ends_with("000"));
    CHECK(times[0].as_text.starts_with("2026-11-21T0"));
    CHECK(times[0].as_text.ends_with(".000Z"));
    auto const assets = s.store.count({}, document_field("operation_history.op_object.fee.asset_id.keyword"), 3);
    REQUIRE(!assets.empty());
    CHECK(assets[0].key == "\"1.3.0\"");
    CHECK(s.store.count({}, document_field("block_data.trx_id"), 1)[0].key.size() == 42);
    CHECK(s.store.count({}, document_field("operation_history.op_object"), 10).empty()); // an object has no value
    CHECK(s.store.count({}, document_field("operation_history.no_such"), 10).empty());
    CHECK(s.store.count({.account = account_id(7777)}, document_field("operation_type"), 10).empty());
}

TEST_CASE("examples/history_store: names of members are names, and nothing else")
{
    for (std::string_view const name : {"", "x", "account_history", "operation_history.", "operation_history..op",
                                        "operation_history.\"", "operation_history.a' OR 1", "block_data.block_time;"})
        CHECK_MESSAGE(failure_of([&] { document_field{name}; }).starts_with("no document has a member '"), name);
    CHECK(document_field("operation_type.keyword") == document_field("operation_type"));
}

TEST_CASE("examples/history_store: what a writer keeps beside the documents comes and goes with them")
{
    filled_store s;
    CHECK(!s.store.checkpoint("next"));
    CHECK(!history_store(s.folder.file("empty.db"), history_store::mode::write).last_account_history_id());
    CHECK(!history_store(s.folder.file("empty.db"), history_store::mode::read).head());
    CHECK(s.store.head()->block_time == recorded().back().block_time);
    CHECK(s.store.head()->block_num == recorded().back().block_num);
    s.store.set_checkpoint("next", "17");
    std::vector<std::pair<std::string, std::string>> const more{{"next", "18"}, {"chain", "abc"}};
    s.store.add({}, more);
    history_store reader(s.path, history_store::mode::read);
    CHECK(reader.checkpoint("next") == "18");
    CHECK(reader.checkpoint("chain") == "abc");
    CHECK(failure_of([&] { reader.set_checkpoint("next", "19"); }).find("readonly") != std::string::npos);
    CHECK(failure_of([&] { reader.add(recorded()); }).find("readonly") != std::string::npos);
}

TEST_CASE("examples/history_store: files that are none are left alone, and said so")
{
    support::folder folder;
    auto const opened = [](std::string const& path, history_store::mode how) {
        return failure_of([&] { history_store{path, how}; });
    };
    CHECK(opened(folder.file("none.db"), history_store::mode::read).find("unable to open") != std::string::npos);
    CHECK(opened(folder.file("no/folder.db"), history_store::mode::write).find("unable to open") != std::string::npos);
    std::ofstream(folder.file("text.db")) << std::string(10'000, 'x');
    CHECK(opened(folder.file("text.db"), history_store::mode::read).find("not a database") != std::string::npos);
    CHECK(opened(folder.file("text.db"), history_store::mode::write).find("not a database") != std::string::npos);
    std::ofstream(folder.file("empty.db")).flush();
    CHECK(opened(folder.file("empty.db"), history_store::mode::read).find("no store of histories") !=
          std::string::npos);
    // What was cut off is told, not taken for the end.
    std::string const path = folder.file("cut.db");
    history_store(path, history_store::mode::write).add(recorded());
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    CHECK(failure_of([&] {
              history_store cut(path, history_store::mode::read);
              all_of(cut, document_search{.size = 10'000});
          }).find("malformed") != std::string::npos);
}

TEST_CASE("examples/history_store: a question that takes too long ends, and the next one is answered")
{
    filled_store s;
    s.store.set_time_limit(std::chrono::milliseconds(1));
    document_search slow;
    slow.sort = {{document_field("operation_history.op_object.fee.amount"), true}};
    CHECK_THROWS_AS(for (int i = 0; i < 1000; ++i)
                        s.store.count({}, document_field("operation_history.op_object.memo.message"), 10'000),
                    program::store_timeout);
    s.store.set_time_limit(std::chrono::milliseconds(20'000));
    CHECK(all_of(s.store, slow).size() == 10);
}

TEST_CASE("examples/history_store: readers see whole transactions while a writer writes")
{
    support::folder folder;
    std::string const path = folder.file("history.db");
    history_store writer(path, history_store::mode::write);
    std::atomic<bool> done = false;
    std::atomic<std::size_t> questions = 0;
    std::string wrong;
    std::thread reader([&] {
        wrong = failure_of([&] {
            history_store store(path, history_store::mode::read);
            for (std::size_t before = 0; !done || questions == 0; ++questions)
            {
                std::size_t count = 0;
                store.search(document_search{.size = 10'000}, [&](std::string_view) { ++count; });
                if (count % 100 != 0 || count < before)
                    throw std::runtime_error(std::to_string(count) + " documents behind " + std::to_string(before));
                before = count;
            }
        });
    });
    for (std::size_t i = 0; i < 1700; i += 100)
        writer.add(std::span(recorded()).subspan(i, 100));
    done = true;
    reader.join();
    CHECK(wrong == "");
    CHECK(questions > 0);
}
