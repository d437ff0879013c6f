#include "support/search_sites.hpp"

#include <bitshares/history/es_client.hpp>
#include <bitshares/history/wrapper_client.hpp>
#include <bitshares/net/http_client.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

using namespace bitshares;
using namespace bitshares_test;
using namespace std::chrono_literals;

namespace {

http_options quick()
{
    return http_options().back_off(1ms, 5ms);
}

es_options es_of_18(std::uint32_t page_size = 100)
{
    es_options options;
    options.selection.account = account_id(18);
    options.page_size = page_size;
    return options;
}

template <class History>
std::vector<std::uint64_t> ids(History&& history)
{
    std::vector<std::uint64_t> all;
    for (auto const& record : history)
        all.push_back(record.id.instance);
    return all;
}

std::vector<std::uint64_t> ids_of_18(std::vector<test::stored_operation> const& documents)
{
    std::vector<std::uint64_t> all;
    for (auto const& d : documents)
        if (d.account == 18)
            all.push_back(d.id);
    return all;
}

http_server::conduct_type site(test::es_site const& es)
{
    return answering_http([&es](http_question const& q) { return es.answer(q); });
}

} // namespace

TEST_CASE("history/es_client: reads all of an account, each operation once, in either order")
{
    test::es_site const es(test::made_operations(1234));
    http_server server(site(es));
    http_client client(http_url(server.url()), quick());
    auto expected = ids_of_18(es.server().documents);
    for (std::uint32_t const size : {1000u, 617u, 100u})
        CHECK(ids(es_history(client, es_of_18(size))) == expected);
    auto options = es_of_18();
    options.order = history_order::newest_first;
    std::reverse(expected.begin(), expected.end());
    CHECK(ids(es_history(client, options)) == expected);
    CHECK(server.connections() == 1);

    es_history history(client, es_of_18(500));
    std::vector<es_document> page;
    REQUIRE(history.next(page));
    CHECK(page.size() == 500);
    CHECK(page[0].account == account_id(18));
    CHECK(history.expected() == 1234);
    CHECK(history.newest() == 1234);
    CHECK(history.checked() == 500);
    CHECK(es_count(client, es_of_18().selection) == 1234);

    options.selection.account = account_id(77);
    CHECK(ids(es_history(client, options)).empty());
}

TEST_CASE("history/es_client: one server after the other is lost, and nothing else")
{
    test::es_site const es(test::made_operations(1000));
    // Each dies behind some requests, in its own way, and is then dead for good.
    auto const mortal = [&](int life, std::string last_word) {
        auto const left = std::make_shared<std::atomic<int>>(life);
        return [&es, left, last_word](http_peer& peer) {
            for (;;)
            {
                auto const q = peer.read();
                if ((*left)-- <= 0)
                    return peer.write(last_word);
                peer.write(es.answer(q));
            }
        };
    };
    http_server first(mortal(5, ""));
    http_server second(mortal(5, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"took\":"));
    http_server third(mortal(5, "garbage\r\n\r\n"));
    http_server last(site(es));
    http_client client({first.url(), second.url(), third.url(), last.url()}, quick());
    CHECK(ids(es_history(client, es_of_18(20))) == ids_of_18(es.server().documents));
}

TEST_CASE("history/es_client: what passes is waited for; what does not ends the reading with the server's words")
{
    test::es_site const es(test::made_operations(300));
    std::atomic<int> asked = 0;
    guarded<std::function<std::string(int, std::string)>> spoil;
    spoil = [](int, std::string answer) { return answer; };
    http_server server(answering_http([&](http_question const& q) { return spoil.get()(++asked, es.answer(q)); }));
    http_client client(http_url(server.url()), quick().attempt_timeout(20s));
    auto const expected = ids_of_18(es.server().documents);
    auto const failure = [&] {
        try
        {
            ids(es_history(client, es_of_18(50)));
            return bitshares::error();
        }
        catch (exception const& e)
        {
            return e.error();
        }
    };
    SUBCASE("now and then")
    {
        for (std::string const& bad :
             {http_answer("", 503), http_answer("", 429, "Retry-After: 0\r\n"), http_answer("<html>busy</html>"),
              http_answer(R"({"timed_out":true,"_shards":{"failed":0},"hits":{"hits":[]}})"),
              http_answer(R"({"timed_out":false,"_shards":{"failed":2},"hits":{"hits":[]}})")})
        {
            spoil = [&](int n, std::string answer) { return n % 3 == 2 ? bad : answer; };
            CHECK(ids(es_history(client, es_of_18(50))) == expected);
        }
    }
    SUBCASE("for good")
    {
        guarded<std::string> bad;
        spoil = [&](int n, std::string answer) { return n > 4 ? bad.get() : answer; };
        auto const told = [&](std::string answer) {
            asked = 0;
            bad = std::move(answer);
            return failure();
        };
        auto const words = [](int status) {
            return http_answer(R"({"error":{"type":"security_exception","reason":"because"},"status":1})", status);
        };
        for (int const status : {401, 403})
        {
            auto const e = told(words(status));
            CHECK(e.code() == errc::login_refused);
            CHECK(e.detail().find("because") != std::string::npos);
        }
        for (int const status : {400, 404, 429, 503})
        {
            auto const e = told(words(status));
            CHECK(e.code() == errc::http_refused);
            CHECK(e.detail().find(std::to_string(status)) != std::string::npos);
        }
        CHECK(told(http_answer(R"({"timed_out":true,"_shards":{"failed":0},"hits":{"hits":[]}})")).code() ==
              errc::partial_reply);
        CHECK(told("no HTTP\r\n\r\n").code() == errc::invalid_reply);
        CHECK(told("HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: https://a/\r\n\r\n")
                  .detail()
                  .find("https://a/") != std::string::npos);
        CHECK(told(http_answer(R"({"timed_out":false,"_shards":{"failed":0},"hits":{"hits":[]}})")).code() ==
              errc::history_incomplete);
    }
}

TEST_CASE("history/es_client: an answer of no use is followed by a question to another server, or by a while")
{
    test::es_site const es(test::made_operations(300));
    std::string const partial =
        http_answer(R"({"timed_out":false,"_shards":{"total":3,"failed":1},"hits":{"hits":[]}})");
    std::atomic<int> asked = 0;
    http_server bad(
        answering_http([&](http_question const& q) { return ++asked, q.target() == "/" ? es.answer(q) : partial; }));
    http_server good(site(es));
    {
        http_client client({bad.url(), good.url()}, http_options().back_off(1h, 1h));
        CHECK(ids(es_history(client, es_of_18(50))) == ids_of_18(es.server().documents));
        CHECK(asked == 2); // what it is, and once more
    }
    std::mutex mutex;
    std::condition_variable changed;
    bool blamed = false;
    auto const log = [&](log_level, std::string_view text) {
        std::lock_guard const lock(mutex);
        blamed = blamed || text.find("of no use") != text.npos;
        changed.notify_all();
    };
    http_client client(http_url(bad.url()), http_options().back_off(1h, 1h).call_timeout(2h).log(log));
    asked = 0;
    {
        es_history history(client, es_of_18(50));
        std::unique_lock lock(mutex);
        CHECK(changed.wait_for(lock, 20s, [&] { return blamed; }));
    } // destruction does not wait for the hour to pass
    CHECK(asked == 2);
}

TEST_CASE("history/es_client: a history that is left early, or whose client is closed, ends")
{
    test::es_site const es(test::made_operations(1000));
    http_server server(site(es));
    {
        http_client client(http_url(server.url()), quick());
        es_history history(client, es_of_18(10));
        CHECK(history.begin()->id.instance == 10);
        es_history unread(client, es_of_18(10));
    }
    http_server silent([](http_peer& peer) { swallow(peer.socket()); });
    http_client client(http_url(silent.url()), quick().attempt_timeout(1h).call_timeout(1h));
    es_history history(client, es_of_18());
    std::thread closer([&] { client.close(); });
    std::vector<history_record> page;
    try
    {
        history.next(page);
        CHECK(false);
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::cancelled);
    }
    closer.join();
}

TEST_CASE("history/es_client: the recorded documents, with members or with text, are the same histories")
{
    std::vector<std::vector<history_record>> read;
    for (std::string const variant : {"object", "string"})
    {
        test::es_site const es(test::recorded_operations(variant));
        http_server server(site(es));
        http_client client(http_url(server.url()), quick());
        auto& records = read.emplace_back();
        for (std::uint64_t const account : {17u, 18u, 19u, 20u, 21u})
        {
            es_options options;
            options.selection.account = account_id(account);
            options.page_size = 64;
            for (auto& record : es_history(client, options))
                records.push_back(record);
        }
    }
    CHECK(read[0].size() > 100);
    CHECK((read[0] == read[1]));
}

TEST_CASE("history/es_client: the chain's objects, page after page")
{
    test::es_site const es({});
    http_server server(site(es));
    http_client client(http_url(server.url()), quick());
    auto const all = [&]<class Object>(es_object_selection const& selection, std::uint32_t size) {
        std::vector<es_object<Object>> objects;
        es_objects<Object> reader(client, selection, size);
        for (std::vector<es_object<Object>> page; reader.next(page);)
            objects.insert(objects.end(), page.begin(), page.end());
        return objects;
    };
    auto const accounts = all.operator()<account_object>({.index = "objects-account"}, 5);
    CHECK(accounts.size() == 32);
    auto const assets = all.operator()<asset_object>({.index = "objects-asset"}, 1000);
    CHECK(assets.size() > 10);
    auto const balances = all.operator()<account_balance_object>({.index = "objects-balance"}, 7);
    auto const own =
        all.operator()<account_balance_object>({.index = "objects-balance", .owner = balances[0].object.owner}, 7);
    CHECK(!own.empty());
    CHECK(own.size() < balances.size());
    for (auto const& balance : own)
        CHECK(balance.object.owner == balances[0].object.owner);
    auto const one =
        all.operator()<account_object>({.index = "objects-account", .id = any_object_id(account_id(6))}, 10);
    REQUIRE(one.size() == 1);
    CHECK(one[0].object.id == account_id(6));
    CHECK_THROWS_AS(es_count(client, {.index = "nothing"}), exception);
}

TEST_CASE("history/wrapper_client: each family is found, and tells the same as the cluster behind it")
{
    auto const made = test::made_operations(900);
    for (auto const family :
         {test::wrapper_server::kind::v1, test::wrapper_server::kind::v2, test::wrapper_server::kind::fastapi})
    {
        test::wrapper_site wrapper(family, made);
        wrapper.server().window = 400; // crossed again and again
        std::atomic<int> asked = 0;
        http_server server(answering_http(
            [&](http_question const& q) { return ++asked % 7 == 5 ? http_answer("", 503) : wrapper.answer(q); }));
        http_server dying([&, left = std::make_shared<std::atomic<int>>(6)](http_peer& peer) {
            while ((*left)-- > 0)
                peer.write(wrapper.answer(peer.read()));
        });
        http_client client({dying.url(), server.url()}, quick());
        wrapper_options options;
        options.account = account_id(18);
        options.page_size = 50;
        options.window = 400;
        CHECK(ids(wrapper_history(client, options)) == ids_of_18(made));
    }
    http_server other(answering_http([](auto const&) { return http_answer("<html>nothing here</html>", 404); }));
    http_client client(http_url(other.url()), quick());
    std::vector<history_record> page;
    wrapper_options options;
    options.account = account_id(18);
    try
    {
        wrapper_history(client, options).next(page);
        CHECK(false);
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::http_refused);
        CHECK(e.error().detail().find("no history wrapper") != std::string::npos);
    }
}
