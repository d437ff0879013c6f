#include "support/both_forms.hpp"
#include "support/es_server.hpp"

#include <bitshares/history/es_client.hpp>
#include <bitshares/history/wrapper_client.hpp>

#include <doctest/doctest.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

using namespace bitshares;
using test::said;

namespace {

constexpr char es7[] = R"({"version":{"number":"7.17.29"}})";
constexpr char partial[] = R"({"timed_out":false,"_shards":{"total":3,"failed":1},"hits":{"hits":[]}})";

using answer = std::pair<unsigned, std::string>; // status 0: none at all
using blames = std::vector<std::pair<std::string, unsigned>>;

// Servers in memory: the first that was not blamed answers.
class servers final : public http_sender
{
public:
    std::vector<std::string> names{"a"};
    std::function<answer(std::string const& name, std::size_t n, http_request const&)> conduct;
    blames blamed;

    result<http_reply> send(http_request const& request) override
    {
        if (request.stop.stop_requested())
            return error(errc::cancelled);
        std::string const name = names[blamed.size() % names.size()];
        auto [status, body] = conduct(name, asked_++, request);
        if (status == 0)
            return error(errc::timed_out);
        http_reply reply;
        reply.status = status;
        reply.body = std::move(body);
        reply.server = name;
        return reply;
    }
    void blame(std::string_view server, unsigned times) override { blamed.emplace_back(server, times); }
    void close() override {}
    std::size_t asked() const { return asked_; }

private:
    std::size_t asked_ = 0;
};

test::es_server thirty()
{
    test::es_server server;
    for (std::size_t i = 0; i < 30; ++i)
    {
        test::stored_operation d;
        d.id = 10 + i;
        d.sequence = i + 1;
        d.history_id = 5 + i;
        d.block = 100;
        server.documents.push_back(d);
    }
    return server;
}

es_options tens()
{
    es_options options;
    options.selection.account = account_id(18);
    options.page_size = 10;
    return options;
}

// How many operations came, or why not all.
template <class History>
std::string read(History&& history)
{
    std::size_t count = 0;
    try
    {
        for (std::vector<history_record> page; history.next(page);)
            count += page.size();
    }
    catch (exception const& e)
    {
        return said(e.error());
    }
    return std::to_string(count);
}

} // namespace

TEST_CASE("history/http_history: who gave an answer of no use is blamed, once for each, and nobody else")
{
    auto const es = thirty();
    auto const right = [&](http_request const& q) {
        return answer{200, q.target == "/" ? std::string(es7) : es.search(q.body)};
    };
    // What it is, the bounds, three pages.
    for (std::size_t step = 0; step < 5; ++step)
        for (answer const& bad :
             {answer{200, partial}, answer{200, "<html>"}, answer{200, ""}, answer{503, ""}, answer{0, ""}})
        {
            CAPTURE(step);
            CAPTURE(bad.first);
            CAPTURE(bad.second);
            servers some;
            some.conduct = [&](auto const&, std::size_t n, auto const& q) { return n == step ? bad : right(q); };
            CHECK(read(es_history(some, tens())) == "30");
            // What is lost, or busy, who sends has seen.
            CHECK(some.blamed == (bad.first == 200 ? blames{{"a", 1}} : blames{}));
        }
    servers two;
    two.names = {"a", "b"};
    two.conduct = [&](std::string const& name, std::size_t, auto const& q) {
        return name == "a" && q.target != "/" ? answer{200, partial} : right(q);
    };
    CHECK(read(es_history(two, tens())) == "30");
    CHECK(two.blamed == blames{{"a", 1}});
    servers always;
    always.conduct = [&](auto const&, std::size_t n, auto const& q) { return n > 2 ? answer{200, partial} : right(q); };
    auto options = tens();
    options.attempts = 4;
    CHECK(read(es_history(always, options)) == "partial_reply /_shards/failed");
    CHECK(always.blamed == blames{{"a", 1}, {"a", 2}, {"a", 3}});

    servers wrapper;
    wrapper.conduct = [](auto const&, auto, auto const&) { return answer{200, "["}; };
    wrapper_options of_wrapper;
    of_wrapper.account = account_id(18);
    of_wrapper.family = wrapper_family::v1;
    of_wrapper.attempts = 3;
    wrapper.conduct = [&](auto const&, std::size_t n, auto const&) {
        return n == 0 ? answer{200, "[" + es.documents.back().source() + "]"} : answer{200, n == 1 ? "[]" : "["};
    };
    CHECK(read(wrapper_history(wrapper, of_wrapper)) == "invalid_json");
    CHECK(wrapper.blamed == blames{{"a", 1}, {"a", 2}});
}

TEST_CASE("history/es_client: objects are asked for in pages that a server gives")
{
    for (auto const& [size, asked] : {std::pair(0U, 1U), {1U, 1U}, {10'000U, 10'000U}, {10'001U, 10'000U}})
    {
        CAPTURE(size);
        servers some;
        some.conduct = [&](auto const&, auto, http_request const& q) {
            CHECK(q.body.starts_with(R"({"size":)" + std::to_string(asked) + ","));
            return answer{200, R"({"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"hits":[]}})"};
        };
        std::vector<es_object<account_object>> page;
        CHECK_FALSE(es_objects<account_object>(some, {}, size).next(page));
        CHECK(some.asked() == 1);
    }
}

TEST_CASE("history/es_client: counts and objects are asked for again where a history is, and as often")
{
    constexpr char const* count = R"({"count":30,"_shards":{"total":1,"failed":0}})";
    constexpr char const* none = R"({"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"hits":[]}})";
    auto const outcome = [](servers& some, bool objects) -> std::string {
        try
        {
            if (!objects)
                return std::to_string(es_count(some, {}));
            std::vector<es_object<account_object>> page;
            return es_objects<account_object>(some, {}).next(page) ? "a page" : "30";
        }
        catch (exception const& e)
        {
            return said(e.error());
        }
    };
    for (bool const objects : {false, true})
    {
        CAPTURE(objects);
        auto const right = answer{200, objects ? none : count};
        for (answer const& bad :
             {answer{200, partial}, answer{200, "<html>"}, answer{200, ""}, answer{503, ""}, answer{0, ""}})
        {
            CAPTURE(bad.first);
            CAPTURE(bad.second);
            servers some, always;
            some.conduct = [&](auto const&, std::size_t n, auto const&) { return n < 5 ? bad : right; };
            always.conduct = [&](auto const&, auto, auto const&) { return bad; };
            CHECK(outcome(some, objects) == "30");
            CHECK(some.asked() == 6);
            CHECK(some.blamed.size() == (bad.first == 200 ? 5 : 0));
            CHECK(outcome(always, objects) != "30");
            CHECK(always.asked() == 6);
        }
        constexpr char const* no_index =
            R"({"count":0,"timed_out":false,"_shards":{"total":0,"failed":0},"hits":{"hits":[]}})";
        for (answer const& refusal : {answer{403, ""}, answer{404, ""}, answer{200, no_index}})
        {
            servers some;
            some.conduct = [&](auto const&, auto, auto const&) { return refusal; };
            CHECK(outcome(some, objects).find("refused") != std::string::npos);
            CHECK(some.asked() == 1);
        }
    }
}

TEST_CASE("history/http_history: destruction ends the question under way")
{
    servers silent;
    std::mutex mutex;
    std::condition_variable_any changed;
    bool asked = false;
    silent.conduct = [&](auto const&, auto, http_request const& q) {
        std::unique_lock lock(mutex);
        asked = true;
        changed.notify_all();
        changed.wait(lock, q.stop, [] { return false; });
        return answer{0, ""};
    };
    es_history const history(silent, tens());
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return asked; });
}
