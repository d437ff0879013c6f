#pragma once

#include "support/json_value.hpp"

#include <bitshares/protocol/time_point.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/** @file
    As much of a search server as the library's own queries need, in memory: filters, sort, `search_after`, `size`.
*/
namespace test {

/// A document of the plugin `elasticsearch`; the operation is a transfer, or one of another type without its members.
struct stored_operation
{
    std::uint64_t id = 0;
    std::uint64_t account = 18;
    std::uint64_t sequence = 0;
    std::uint64_t history_id = 0;
    std::uint32_t block = 0;
    std::uint32_t time = 0; // seconds behind `begin`
    std::uint64_t type = 0;
    std::uint64_t to = 19;
    std::uint64_t asset = 0;
    std::string recorded = {}; // the whole document, where it is a real one

    static constexpr std::uint32_t begin = 1'795'230'000; // 2026-11-21T03:00:00

    bitshares::time_point_sec block_time() const { return {begin + time}; }
    std::string time_text() const { return block_time().to_string(); }

    std::string source() const
    {
        if (!recorded.empty())
            return recorded;
        std::string const op = type == 0 ? R"([0,{\"from\":\"1.2.18\",\"to\":\"1.2.)" + std::to_string(to) +
                                               R"(\",\"amount\":{\"amount\":1,\"asset_id\":\"1.3.)" +
                                               std::to_string(asset) + R"(\"}}])"
                                         : "[" + std::to_string(type) + ",{}]";
        return R"({"account_history":{"id":"2.9.)" + std::to_string(history_id) + R"(","account":"1.2.)" +
               std::to_string(account) + R"(","operation_id":"1.11.)" + std::to_string(id) + R"(","sequence":)" +
               std::to_string(sequence) + R"(,"next":"2.9.0"},"operation_history":{"trx_in_block":0,"op":")" + op +
               R"("},"operation_type":)" + std::to_string(type) + R"(,"operation_id_num":)" + std::to_string(id) +
               R"(,"block_data":{"block_num":)" + std::to_string(block) + R"(,"block_time":")" + time_text() +
               R"(","trx_id":""}})";
    }
};

class es_server
{
public:
    std::vector<stored_operation> documents;
    bool number_total = false; // as Elasticsearch 6

    std::vector<stored_operation> matching(json_value const& query) const
    {
        std::vector<stored_operation> found;
        for (auto const& d : documents)
            if (matches(d, query))
                found.push_back(d);
        return found;
    }

    std::string search(std::string const& body) const
    {
        auto const request = json_value::parse(body);
        auto found = matching(request["query"]);
        auto const& sort = request["sort"];
        bool const descending = sort[0]["operation_id_num"]["order"].text() == "desc";
        bool const by_history = sort.size() > 1;
        auto const key = [](stored_operation const& d) {
            return std::pair(d.id, "2.9." + std::to_string(d.history_id));
        };
        std::sort(found.begin(), found.end(),
                  [&](auto const& a, auto const& b) { return descending ? key(a) > key(b) : key(a) < key(b); });
        std::size_t const total = found.size();
        if (auto const* const after = request.find("search_after"))
        {
            std::uint64_t const id = (*after)[0].as_uint();
            std::string const history = by_history ? (*after)[1].text() : std::string();
            std::erase_if(found, [&](auto const& d) {
                if (!by_history)
                    return descending ? d.id >= id : d.id <= id;
                return descending ? key(d) >= std::pair(id, history) : key(d) <= std::pair(id, history);
            });
        }
        found.resize(std::min(found.size(), static_cast<std::size_t>(request["size"].as_uint())));
        std::string hits;
        for (auto const& d : found)
            hits += std::string(hits.empty() ? "" : ",") + R"({"_index":"bitshares-2026-11","_id":"2.9.)" +
                    std::to_string(d.history_id) + R"(","_score":null,"_source":)" + d.source() + R"(,"sort":[)" +
                    std::to_string(d.id) + (by_history ? R"(,"2.9.)" + std::to_string(d.history_id) + "\"" : "") + "]}";
        bool const counted = request["track_total_hits"].as_bool();
        std::string const count = number_total ? R"("total":)" + (counted ? std::to_string(total) : "-1") + ","
                                  : counted ? R"("total":{"value":)" + std::to_string(total) + R"(,"relation":"eq"},)"
                                            : "";
        return R"({"took":1,"timed_out":false,"_shards":{"total":3,"successful":3,"skipped":0,"failed":0},"hits":{)" +
               count + R"("max_score":null,"hits":[)" + hits + "]}}";
    }

private:
    static bool matches(stored_operation const& d, json_value const& query)
    {
        for (auto const& filter : query["bool"]["filter"].array())
        {
            auto const& [kind, what] = filter.object().at(0);
            auto const& [field, condition] = what.object().at(0);
            if (kind == "term" && field == "account_history.account")
            {
                if (condition.text() != "1.2." + std::to_string(d.account))
                    return false;
            }
            else if (kind == "terms" && field == "operation_type")
            {
                auto const& types = condition.array();
                if (std::none_of(types.begin(), types.end(), [&](auto const& t) { return t.as_uint() == d.type; }))
                    return false;
            }
            else if (kind == "range")
            {
                for (auto const& [word, bound] : condition.object())
                {
                    int const order = field == "block_data.block_time"  ? d.time_text().compare(bound.text())
                                      : field == "block_data.block_num" ? compare(d.block, bound.as_uint())
                                      : field == "operation_id_num"     ? compare(d.id, bound.as_uint())
                                                                        : throw std::runtime_error("field " + field);
                    bool const holds = word == "gte"   ? order >= 0
                                       : word == "lte" ? order <= 0
                                       : word == "lt"  ? order < 0
                                                       : throw std::runtime_error("range " + word);
                    if (!holds)
                        return false;
                }
            }
            else
                throw std::runtime_error("filter " + filter.dump());
        }
        return true;
    }

    static int compare(std::uint64_t a, std::uint64_t b) { return a < b ? -1 : a > b ? 1 : 0; }
};

} // namespace test
