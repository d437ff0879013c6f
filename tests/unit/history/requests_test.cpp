#include <bitshares/history/requests.hpp>
#include <bitshares/net/client.hpp>
#include <support/fake_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace bitshares;

namespace {

struct call_frame
{
    std::uint64_t id = 0;
    std::vector<raw_json> params;

    BITSHARES_FIELDS((id), (params))
};

std::vector<std::string> answer(std::string const& frame, std::uint64_t size)
{
    auto const call = from_json<call_frame>(frame).value();
    std::string const method = call.params.at(1).text;
    auto const arguments = from_json<std::vector<raw_json>>(call.params.at(2).text).value();
    std::string const head = "{\"id\":" + std::to_string(call.id);
    if (method == "\"get_objects\"")
        return {head + ",\"result\":[{\"id\":\"2.6.18\",\"owner\":\"1.2.18\",\"total_ops\":" + std::to_string(size) +
                ",\"removed_ops\":0}]}"};
    if (method == "\"get_block_header\"")
        return {head + R"(,"result":{"timestamp":"2026-11-21T03:53:49"}})"};
    if (method != "\"get_relative_account_history\"") // an older node: no login.get_config, no times
        return {head + R"(,"error":{"code":-32601,"message":"Method not found"}})"};
    std::string rows;
    auto const number = [&arguments](std::size_t i) { return std::stoull(arguments.at(i).text); };
    for (std::uint64_t s = number(3), n = 0; s >= number(1) && s > 0 && n < number(2); --s, ++n)
        rows += (rows.empty() ? "{\"id\":\"1.11." : ",{\"id\":\"1.11.") + std::to_string(s) +
                R"(","op":[0,{"from":"1.2.18","to":"1.2.19"}],"result":[0,{}],"block_num":)" + std::to_string(s / 10) +
                "}";
    return {head + ",\"result\":[" + rows + "]}"};
}

/// What a program with an asynchronous client writes: no thread, no waiting.
class reader
{
public:
    reader(client& node, history_options options) : node_(node), paging_(std::move(options)) {}

    void turn()
    {
        do
            while (auto const query = paging_.next())
                send_history_query(
                    *query, account_id(18), account_statistics_id(18), [this, &query](auto const& request) {
                        node_.async_call(request, [this, query = *query](error_code ec, auto reply) {
                            if (ec)
                                return;
                            deliver(paging_, query, account_id(18), account_statistics_id(18), std::move(reply));
                            turn();
                        });
                    });
        while (take());
    }

    std::vector<std::uint64_t> sequences;
    history_paging const& paging() const { return paging_; }

private:
    bool take()
    {
        if (!paging_.pop(page_))
            return false;
        for (auto const& record : page_)
        {
            CHECK(record.block_time.to_string() == "2026-11-21T03:53:49");
            sequences.push_back(record.sequence);
        }
        return true;
    }

    client& node_;
    history_paging paging_;
    std::vector<history_record> page_;
};

} // namespace

TEST_CASE("history/requests: an asynchronous client reads a history from an older node")
{
    bitshares_test::fake_network network; // outlives the context, whose last handlers hold connections
    asio::io_context context;
    network.node = [](std::string const& frame) { return answer(frame, 555); };
    client node(context.get_executor(), node_url("ws://127.0.0.1:1"), network.factory());
    reader r(node, {.order = history_order::newest_first});
    r.turn();
    context.run_for(std::chrono::seconds(20));
    CHECK(!r.paging().failure());
    CHECK(r.paging().done());
    REQUIRE(r.sequences.size() == 555);
    for (std::size_t i = 0; i < 555; ++i)
        REQUIRE(r.sequences[i] == 555 - i);
}

TEST_CASE("history/requests: statistics that are not there, or are none, end the reading")
{
    for (char const* text :
         {"null", "7", "{\"id\":\"2.7.1\"}", R"({"id":"2.6.18"})", R"({"id":"2.6.18","owner":"1.2.18"})",
          R"({"id":"2.6.18","total_ops":1})", R"({"owner":"1.2.18","total_ops":1})"})
    {
        CAPTURE(text);
        history_paging paging{{}};
        while (auto const query = paging.next())
        {
            if (query->what == history_query::kind::limits)
                deliver(paging, *query, account_id(18), account_statistics_id(18),
                        reply<application_options>(application_options()));
            else
                deliver(paging, *query, account_id(18), account_statistics_id(18),
                        reply<std::vector<raw_json>>(std::vector<raw_json>{{text}}));
        }
        REQUIRE(paging.failure());
        CHECK(paging.failure()->code() == errc::invalid_reply);
        CHECK(paging.failure()->detail().find("statistics") != std::string::npos);
    }
}

TEST_CASE("history/requests: statistics are those of the account, whole")
{
    auto const read = [](char const* text) {
        return read_history_count({raw_json{text}}, account_id(18), account_statistics_id(18));
    };
    auto const good = read(R"({"id":"2.6.18","owner":"1.2.18","total_ops":"7","removed_ops":2})");
    REQUIRE(good.has_value());
    CHECK(good->total == 7);
    CHECK(good->removed == 2);
    auto const old = read(R"({"id":"2.6.18","owner":"1.2.18","total_ops":0})");
    REQUIRE(old.has_value());
    CHECK(old->total == 0);
    CHECK(old->removed == 0);

    struct
    {
        char const* text;
        char const* detail;
    } const bad[] = {{"null", "none"},
                     {R"({"id":"2.6.18"})", "no owner"},
                     {R"({"id":"2.6.18","owner":"1.2.18"})", "no total_ops"},
                     {R"({"owner":"1.2.18","total_ops":7})", "no id"},
                     {R"({"id":"2.6.19","owner":"1.2.18","total_ops":7})", "2.6.19 instead of 2.6.18"},
                     {R"({"id":"2.6.18","owner":"1.2.19","total_ops":7})", "1.2.19's instead of 1.2.18's"}};
    for (auto const& b : bad)
    {
        auto const count = read(b.text);
        REQUIRE(!count.has_value());
        CHECK(count.error().code() == errc::invalid_reply);
        CHECK(count.error().detail().find(b.detail) != std::string::npos);
    }
    CHECK(!read_history_count({}, account_id(18), account_statistics_id(18)).has_value());
    CHECK(!read_history_count({raw_json{"{}"}, raw_json{"{}"}}, account_id(18), account_statistics_id(18)).has_value());
}

TEST_CASE("history/requests: another account's statistics end the reading")
{
    for (char const* text :
         {R"({"id":"2.6.18","owner":"1.2.19","total_ops":0})", R"({"id":"2.6.19","owner":"1.2.18","total_ops":0})"})
    {
        history_paging paging{{}};
        while (auto const query = paging.next())
        {
            if (query->what == history_query::kind::limits)
                deliver(paging, *query, account_id(18), account_statistics_id(18),
                        reply<application_options>(application_options()));
            else
                deliver(paging, *query, account_id(18), account_statistics_id(18),
                        reply<std::vector<raw_json>>(std::vector<raw_json>{{text}}));
        }
        CHECK(!paging.done());
        REQUIRE(paging.failure());
        CHECK(paging.failure()->code() == errc::invalid_reply);
        CHECK(paging.failure()->detail().find("instead of") != std::string::npos);
    }
}
