#include "backend.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/history/http_query.hpp>
#include <bitshares/protocol/json.hpp>

#include <algorithm>
#include <atomic>

namespace es_wrapper {

using namespace bitshares;
using program::document_bucket;
using program::document_field;
using program::document_filter;
using program::document_search;

namespace {

struct raw_shards
{
    std::uint64_t failed = 0;

    BITSHARES_FIELDS((failed))
};

struct raw_hit
{
    raw_json _source;

    BITSHARES_FIELDS((_source))
};

struct raw_hits
{
    std::vector<raw_hit> hits;

    BITSHARES_FIELDS((hits))
};

struct raw_bucket
{
    raw_json key;
    std::optional<std::string> key_as_string;
    std::uint64_t doc_count = 0;

    BITSHARES_FIELDS((key), (key_as_string), (doc_count))
};

struct raw_buckets
{
    std::vector<raw_bucket> buckets;

    BITSHARES_FIELDS((buckets))
};

struct raw_aggregations
{
    std::optional<raw_buckets> per_field;

    BITSHARES_FIELDS((per_field))
};

struct raw_page
{
    std::optional<bool> timed_out;
    std::optional<raw_shards> _shards;
    std::optional<raw_hits> hits;
    std::optional<raw_aggregations> aggregations;

    BITSHARES_FIELDS((timed_out), (_shards), (hits), (aggregations))
};

struct raw_block_data
{
    std::uint32_t block_num = 0;
    time_point_sec block_time;

    BITSHARES_FIELDS((block_num), (block_time))
};

struct raw_head
{
    std::optional<raw_block_data> block_data;

    BITSHARES_FIELDS((block_data))
};

std::string term(std::string_view field, std::string const& value)
{
    return R"({"term":{)" + json_quote(field) + ":" + value + "}}";
}

std::string query_of(document_filter const& filter)
{
    std::string list;
    if (filter.account)
        list += term("account_history.account.keyword", json_quote(filter.account->to_string())) + ",";
    if (filter.operation_type)
        list += term("operation_type", std::to_string(*filter.operation_type)) + ",";
    for (program::document_mention const& mention : filter.mentions)
        // Whatever the members' types: a number or a time is not this id, and that is no reason to fail.
        list += R"({"multi_match":{"type":"phrase","lenient":true,"query":)" + json_quote(mention.id) +
                R"(,"fields":["operation_history.op","operation_history.operation_result_object.*",)" +
                json_quote("operation_history.op_object." + mention.member) + "]}},";
    return R"("query":{"bool":{"filter":[)" + list + R"({"range":{"block_data.block_time":{"gte":")" +
           filter.from.to_string() + R"(","lte":")" + filter.to.to_string() + R"("}}}]}})";
}

std::string sort_of(document_field const& field, bool descending)
{
    // An index without such a member is no reason to fail.
    char const* const type = field.is_text() ? "keyword" : field.is_time() ? "date" : "long";
    return "{" + json_quote(field.elasticsearch_name()) + R"(:{"order":")" + (descending ? "desc" : "asc") +
           R"(","unmapped_type":")" + type + "\"}}";
}

std::string value_of(document_field const& field, std::string const& text)
{
    bool const number = !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == text.npos &&
                        (text.size() == 1 || text.front() != '0');
    return number && !field.is_text() ? text : json_quote(text);
}

class cluster_backend : public backend
{
public:
    explicit cluster_backend(cluster_settings settings)
        : target_("/" + bitshares::detail::percent_encode(settings.index, "*,") + "/_search"),
          client_(settings.servers,
                  settings.http.attempt_timeout(settings.time_limit).call_timeout(2 * settings.time_limit).attempts(2))
    {
        for (auto const& server : settings.servers)
            name_ += (name_.empty() ? "" : ", ") + server.to_string();
    }

    std::size_t documents(document_search const& what, std::string& out) override
    {
        std::string body = R"({"track_total_hits":false,"size":)" + std::to_string(what.size) + "," +
                           query_of(what.filter) + R"(,"sort":[)";
        bool by_id = false;
        for (auto const& [field, descending] : what.sort)
        {
            body += (&field == &what.sort.front().field ? "" : ",") + sort_of(field, descending);
            by_id = by_id || field.name() == "operation_id_num";
        }
        // Documents of one time have to come in one order, or pages repeat some and leave out others.
        if (what.after.empty() && !by_id)
            body += (what.sort.empty() ? "" : ",") +
                    sort_of(document_field("operation_id_num"), !what.sort.empty() && what.sort.front().descending);
        body += "]";
        if (what.after.empty())
            body += R"(,"from":)" + std::to_string(what.from);
        else
        {
            if (what.after.size() != what.sort.size())
                throw program::bad_field("search_after has " + std::to_string(what.after.size()) +
                                         " values, sort_by has " + std::to_string(what.sort.size()) + " fields");
            body += R"(,"search_after":[)";
            for (std::size_t i = 0; i < what.after.size(); ++i)
                body += (i == 0 ? "" : ",") + value_of(what.sort[i].field, what.after[i]);
            body += "]";
        }
        return append(ask(body + "}"), out);
    }

    std::size_t transaction(transaction_question const& what, std::string& out) override
    {
        return append(ask(R"({"track_total_hits":false,"size":)" + std::to_string(what.size) + R"(,"from":)" +
                          std::to_string(what.from) + R"(,"query":)" +
                          term("block_data.trx_id.keyword", json_quote(to_hex(what.id.data))) + R"(,"sort":[)" +
                          sort_of(document_field("operation_id_num"), false) + "]}"),
                      out);
    }

    std::string operation(operation_history_id id) override
    {
        return first(ask(R"({"track_total_hits":false,"size":1,"query":)" +
                         term("account_history.operation_id.keyword", json_quote(id.to_string())) + "}"));
    }

    std::vector<document_bucket> count(history_question const& what) override
    {
        auto const page =
            ask(R"({"track_total_hits":false,"size":0,)" + query_of(what.search.filter) +
                R"(,"aggs":{"per_field":{"terms":{"field":)" + json_quote(what.count_by->elasticsearch_name()) +
                R"(,"size":)" + std::to_string(std::max<std::uint64_t>(what.search.size, 1)) + "}}}}");
        std::vector<document_bucket> buckets;
        if (!page.aggregations || !page.aggregations->per_field)
            return buckets; // no index
        for (auto const& b : page.aggregations->per_field->buckets)
            if (buckets.size() < what.search.size)
                buckets.push_back({b.key.text, b.key_as_string.value_or(std::string()), b.doc_count});
        return buckets;
    }

    std::optional<program::store_head> head() override
    {
        std::string const document = first(
            ask(R"({"track_total_hits":false,"size":1,"_source":["block_data"],"query":{"match_all":{}},"sort":[)" +
                sort_of(document_field("block_data.block_time"), true) + "]}"));
        if (document.empty())
            return std::nullopt;
        auto const read = from_json<raw_head>(document);
        if (!read || !read->block_data)
            throw backend_failure(name_ + ": the newest document has no block");
        return program::store_head{read->block_data->block_num, read->block_data->block_time};
    }

    std::string name() const override { return name_; }
    std::string_view kind() const override { return "a cluster of Elasticsearch or OpenSearch"; }

private:
    raw_page ask(std::string body)
    {
        bitshares::http_request request;
        request.method = http_method::post;
        bool const strict = !old_;
        request.target = target_ + (strict ? whole_only : "");
        request.body = std::move(body);
        auto reply = client_.send(request);
        // Elasticsearch before 6.3 does not know it, and tells of shards that failed all the same.
        if (strict && reply && reply->status == 400 &&
            reply->body.find("allow_partial_search_results") != std::string::npos)
        {
            old_ = true;
            request.target = target_;
            reply = client_.send(request);
        }
        if (!reply)
        {
            std::string const why = name_ + ": " + reply.error().message();
            if (reply.error().code() == errc::timed_out)
                throw backend_timeout(why);
            throw backend_failure(why);
        }
        if (reply->status == 404 && reply->body.find("index_not_found_exception") != std::string::npos)
            return {}; // nothing was fed yet; any other 404 is not Elasticsearch's, or not of a search
        if (reply->status == 400)
            // All that a client chooses, but for names of members, is of a form that is always understood.
            throw program::bad_field("Elasticsearch refuses it: " +
                                     bitshares::detail::http_failure(reply->status, reply->body).detail());
        if (reply->status != 200)
            throw backend_failure(name_ + ": " + bitshares::detail::http_failure(reply->status, reply->body).message());
        auto page = from_json<raw_page>(reply->body);
        if (!page)
            throw backend_failure(name_ + ": " + page.error().message());
        if (page->timed_out.value_or(false))
            throw backend_timeout(name_ + ": the search timed out");
        if (!page->hits || !page->_shards || page->_shards->failed != 0)
            throw backend_failure(name_ + ": " + (page->hits ? "a shard failed" : "no answer to a search"));
        return std::move(*page);
    }

    static std::string first(raw_page const& page)
    {
        return page.hits && !page.hits->hits.empty() ? page.hits->hits.front()._source.text : std::string();
    }

    static std::size_t append(raw_page const& page, std::string& out)
    {
        if (!page.hits)
            return 0;
        std::size_t count = 0;
        for (auto const& hit : page.hits->hits)
            out.append(count++ == 0 ? "" : ",").append(hit._source.text);
        return count;
    }

    static constexpr char const* whole_only = "?allow_partial_search_results=false";

    std::string target_;
    std::string name_;
    std::atomic<bool> old_ = false;
    http_client client_;
};

} // namespace

std::unique_ptr<backend> open_cluster(cluster_settings settings)
{
    return std::make_unique<cluster_backend>(std::move(settings));
}

} // namespace es_wrapper
