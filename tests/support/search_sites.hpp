#pragma once

#include "support/es_recordings.hpp"
#include "support/es_server.hpp"
#include "support/http_server.hpp"
#include "support/wrapper_server.hpp"

#include <bitshares/protocol/time_point.hpp>

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/** @file
    Search servers and wrappers over real sockets, with made or recorded documents.
*/
namespace test {

/// `count` operations of account 1.2.18, and as many documents of the other side.
inline std::vector<stored_operation> made_operations(std::size_t count)
{
    std::vector<stored_operation> made;
    for (std::size_t i = 0; i < count; ++i)
    {
        stored_operation d;
        d.id = 10 + 3 * i;
        d.sequence = i + 1;
        d.history_id = 5 + 4 * i;
        d.block = static_cast<std::uint32_t>(100 + i / 2);
        d.time = static_cast<std::uint32_t>(3 * (i / 2));
        d.to = 19 + i % 3;
        made.push_back(d);
        d.account = 19;
        ++d.history_id;
        made.push_back(d);
    }
    return made;
}

/// A document as the plugin wrote it.
inline stored_operation stored(json_value const& source)
{
    auto const number = [](std::string const& id) { return std::stoull(id.substr(id.rfind('.') + 1)); };
    auto const& place = source["account_history"];
    auto const& block = source["block_data"];
    stored_operation d;
    d.id = number(place["operation_id"].text());
    d.account = number(place["account"].text());
    d.sequence = place["sequence"].as_uint();
    d.history_id = number(place["id"].text());
    d.block = static_cast<std::uint32_t>(block["block_num"].as_uint());
    d.time = bitshares::time_point_sec::from_string(block["block_time"].text())->seconds - stored_operation::begin;
    d.type = source["operation_type"].as_uint();
    d.recorded = source.dump();
    return d;
}

/// All documents that the plugin wrote of the recorded chain. @param variant `object` or `string`.
inline std::vector<stored_operation> recorded_operations(std::string const& variant)
{
    std::vector<stored_operation> all;
    for (auto const& answer : es_recordings::answers(variant + "/all_documents"))
    {
        auto const page = json_value::parse(answer.response);
        for (auto const& hit : page["hits"]["hits"].array())
            all.push_back(stored(hit["_source"]));
    }
    return all;
}

/// Of the plugin `es_objects`, as recorded: the answer to a search for all of an index. @param index As `objects-asset`.
inline std::string recorded_objects(std::string_view index)
{
    for (auto const& answer : es_recordings::answers("object/objects"))
        if (answer.path == "/" + std::string(index) + "/_search")
            return answer.response;
    return {};
}

/// What a search server answers to the library's searches.
class es_site
{
public:
    explicit es_site(std::vector<stored_operation> documents) { server_.documents = std::move(documents); }

    std::string answer(bitshares_test::http_question const& q) const
    {
        using bitshares_test::http_answer;
        if (q.target() == "/")
            return http_answer(
                R"({"name":"a","version":{"number":"7.17.29","build_flavor":"oss"},"tagline":"You Know, for Search"})");
        if (q.target().starts_with("/bitshares-*/_search"))
            return http_answer(server_.search(q.body));
        if (q.target().starts_with("/bitshares-*/_count"))
            return http_answer(R"({"count":)" +
                               std::to_string(server_.matching(json_value::parse(q.body)["query"]).size()) +
                               R"(,"_shards":{"total":3,"successful":3,"skipped":0,"failed":0}})");
        if (q.target().starts_with("/objects-"))
            return http_answer(objects(q));
        return http_answer(R"({"error":{"type":"index_not_found_exception","reason":"no such index"},"status":404})",
                           404);
    }

    es_server const& server() const { return server_; }

private:
    // Whole, in pages, or one object.
    static std::string objects(bitshares_test::http_question const& q)
    {
        auto const request = json_value::parse(q.body);
        auto const whole = json_value::parse(recorded_objects(q.target().substr(1, q.target().find('/', 1) - 1)));
        std::string hits;
        std::size_t count = 0;
        for (auto const& hit : whole["hits"]["hits"].array())
        {
            auto const& source = hit["_source"];
            std::string const id = source["object_id"].text();
            bool wanted = true;
            for (auto const& filter : request["query"]["bool"]["filter"].array())
            {
                if (auto const* const term = filter.find("term"))
                {
                    auto const& [field, value] = term->object().at(0);
                    std::string const name = field.substr(0, field.find(".keyword"));
                    auto const* const member = source.find(name);
                    wanted = wanted && member && member->text() == value.text();
                    continue;
                }
                bool any = false;
                for (auto const& one : filter["bool"]["should"].array())
                {
                    auto const& [field, value] = one["term"].object().at(0);
                    auto const* const member = source.find(field.substr(0, field.find(".keyword")));
                    any = any || (member && member->text() == value.text());
                }
                wanted = wanted && any;
            }
            auto const* const after = request.find("search_after");
            if (!wanted || (after && id <= (*after)[0].text()) || count == request["size"].as_uint())
                continue;
            ++count;
            hits += std::string(hits.empty() ? "" : ",") + R"({"_source":)" + source.dump() + R"(,"sort":[")" + id +
                    "\"," + source["block_number"].dump() + "]}";
        }
        return R"({"took":1,"timed_out":false,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},"hits":{"hits":[)" +
               hits + "]}}";
    }

    es_server server_;
};

/// What a wrapper answers; of any thread.
class wrapper_site
{
public:
    wrapper_site(wrapper_server::kind family, std::vector<stored_operation> documents)
    {
        server_.family = family;
        server_.documents = std::move(documents);
    }

    std::string answer(bitshares_test::http_question const& q)
    {
        std::lock_guard const lock(mutex_);
        auto const told = server_.get(q.target());
        return bitshares_test::http_answer(told.body, static_cast<int>(told.status));
    }

    wrapper_server& server() { return server_; }

private:
    std::mutex mutex_;
    wrapper_server server_;
};

} // namespace test
