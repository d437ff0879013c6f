#include <doctest/doctest.h>

#include <es_wrapper/parameters.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace bts = bitshares;

namespace {

constexpr std::uint32_t now = 1'795'232'365; // 2026-11-21T03:39:25

std::string time_of(std::string_view text, bool last = false)
{
    auto const time = es_wrapper::read_wrapper_time(text, last, now);
    return time ? time->to_string() : "none";
}

program::http_request asked(std::vector<program::text_pair> query)
{
    program::http_request request;
    request.query = std::move(query);
    return request;
}

es_wrapper::history_question question(std::vector<program::text_pair> query, bool newer = false)
{
    return es_wrapper::read_history_question(asked(std::move(query)), newer, now, {});
}

} // namespace

TEST_CASE("examples/es_wrapper_parameters: times as Elasticsearch reads them at both ends of a range")
{
    for (auto const& [text, first, last] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"2019-02-03T04:05:06", "2019-02-03T04:05:06", "2019-02-03T04:05:06"},
             {"2019-02-03T04:05:06Z", "2019-02-03T04:05:06", "2019-02-03T04:05:06"},
             {"2019-02-03T04:05:06.000Z", "2019-02-03T04:05:06", "2019-02-03T04:05:06"},
             {"2019-02-03T04:05:06.789Z", "2019-02-03T04:05:07", "2019-02-03T04:05:06"},
             {"2019-02-03T04:05:06+01:30", "2019-02-03T02:35:06", "2019-02-03T02:35:06"},
             {"2019-02-03T04:05:06 01:30", "2019-02-03T02:35:06", "2019-02-03T02:35:06"}, // a + of a query
             {"2019-02-03T04:05:06-0100", "2019-02-03T05:05:06", "2019-02-03T05:05:06"},
             {"2019-02-03T04:05", "2019-02-03T04:05:00", "2019-02-03T04:05:59"},
             {"2019-02-03T04", "2019-02-03T04:00:00", "2019-02-03T04:59:59"},
             {"2019-02-03", "2019-02-03T00:00:00", "2019-02-03T23:59:59"},
             {"2019-02", "2019-02-01T00:00:00", "2019-02-01T23:59:59"},
             {"2019", "2019-01-01T00:00:00", "2019-01-01T23:59:59"},
             {"2020-02-29", "2020-02-29T00:00:00", "2020-02-29T23:59:59"},
             {"1549166706000", "2019-02-03T04:05:06", "2019-02-03T04:05:06"},
             {"1549166706001", "2019-02-03T04:05:07", "2019-02-03T04:05:06"},
             {"now", "2026-11-21T03:39:25", "2026-11-21T03:39:25"},
             {"now-1d", "2026-11-20T03:39:25", "2026-11-20T03:39:25"},
             {"now+2h", "2026-11-21T05:39:25", "2026-11-21T05:39:25"},
             {"now 2h", "2026-11-21T05:39:25", "2026-11-21T05:39:25"},
             {"now-1M", "2026-10-21T03:39:25", "2026-10-21T03:39:25"},
             {"now+10d-1M", "2026-11-01T03:39:25", "2026-11-01T03:39:25"},
             {"now+10d-9M", "2026-03-01T03:39:25", "2026-03-01T03:39:25"},
             {"now+9d+3M", "2027-02-28T03:39:25", "2027-02-28T03:39:25"},
             {"now-1y", "2025-11-21T03:39:25", "2025-11-21T03:39:25"},
             {"now-99999y+1s", "1970-01-01T00:00:01", "1970-01-01T00:00:01"},
             {"now-1w+30m-5s", "2026-11-14T04:09:20", "2026-11-14T04:09:20"},
             {"1900-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00"},
             {"9999-12-31", "2106-02-07T06:28:15", "2106-02-07T06:28:15"}})
    {
        CAPTURE(text);
        CHECK(time_of(text) == first);
        CHECK(time_of(text, true) == last);
    }
    for (std::string_view const bad : {"",
                                       "yesterday",
                                       "201",
                                       "2019-",
                                       "2019-2-3",
                                       "2019-13-01",
                                       "2019-00-01",
                                       "2019-02-30",

                                       "2019-02-03T25",
                                       "2019-02-03 04:05:06",
                                       "2019-02-03T04:05:60",
                                       "2019-02-03T04:05:06.",
                                       "2019-02-03T04:05:06.1234567890",
                                       "2019-02-03T04:05:06+1",
                                       "2019-02-03T04:05:06Zx",
                                       "now-",
                                       "now-1",
                                       "now-1x",
                                       "now-1Y",
                                       "now1d",
                                       "now--1d",
                                       "now-9999999999d",
                                       "99999999999999999999"})
        CHECK_MESSAGE(time_of(bad) == "none", bad);
}

TEST_CASE("examples/es_wrapper_parameters: defaults of both interfaces, and what is empty is as good as absent")
{
    auto q = question({});
    CHECK(!q.search.filter.account);
    CHECK(!q.search.filter.operation_type);
    CHECK(!q.count_by);
    CHECK(q.search.filter.from.to_string() == "2015-10-10T00:00:00");
    CHECK(q.search.filter.to.seconds == now);
    CHECK(q.search.from == 0);
    CHECK(q.search.size == 10);
    REQUIRE(q.search.sort.size() == 1);
    CHECK(q.search.sort[0].field.name() == "block_data.block_time");
    CHECK(q.search.sort[0].descending);
    CHECK(question({{"account_id", ""},
                    {"operation_type", ""},
                    {"sort_by", ""},
                    {"from_", ""},
                    {"size", ""},
                    {"search_after", ""},
                    {"type", ""},
                    {"from_date", ""},
                    {"to_date", ""},
                    {"unknown", "x"}})
              .search == q.search);
    CHECK(question({}, true).search.sort[0].field.name() == "operation_id_num");
    CHECK(question({{"operation_type", "-1"}}).search == q.search);
    CHECK(question({{"operation_type", "0"}}).search.filter.operation_type == 0);
    CHECK(question({{"from", "7"}}).search.from == 7); // of one old service
    CHECK(question({{"from_", "8"}, {"from", "7"}}).search.from == 8);
    CHECK(question({{"type", "count"}}).count_by->name() == "operation_type");
    CHECK(question({{"type", "x"}, {"agg_field", "block_data.block_time"}}).count_by->is_time());
    // How far from_ reaches does not matter to counts, and not where search_after replaces it.
    CHECK(question({{"type", "count"}, {"from_", "99999999"}}).count_by.has_value());
    CHECK(question({{"search_after", "1"}, {"from_", "99999999"}}).search.from == 0);
    q = question({{"sort_by", "-operation_id_num,account_history.id.keyword"}, {"search_after", "1200,2.9.7"}});
    CHECK(q.search.after == std::vector<std::string>{"1200", "2.9.7"});
    CHECK(q.search.sort[1].field.elasticsearch_name() == "account_history.id.keyword");
    CHECK(!q.search.sort[1].descending);
}

TEST_CASE("examples/es_wrapper_parameters: operations and transactions are named exactly")
{
    CHECK(es_wrapper::read_operation_id(asked({{"operation_id", "1.11.7"}})) == bts::operation_history_id(7));
    for (char const* bad : {"", "7", "1.11", "1.11.-7", "2.9.7", "1.11.7 "})
        CHECK_THROWS_AS(es_wrapper::read_operation_id(asked({{"operation_id", bad}})), es_wrapper::bad_parameter);
    std::string const id = "68aeb7084499eb415c50c0e5805b3483ff9c58e4";
    auto const q = es_wrapper::read_transaction_question(asked({{"trx", id}, {"from_", "3"}}), {});
    CHECK(q.id.data[0] == 0x68);
    CHECK(q.from == 3);
    CHECK(q.size == 10);
    for (std::string const& bad : {std::string(), id.substr(1), id + "0", "x" + id.substr(1)})
        CHECK_THROWS_AS(es_wrapper::read_transaction_question(asked({{"trx", bad}}), {}), es_wrapper::bad_parameter);
}
