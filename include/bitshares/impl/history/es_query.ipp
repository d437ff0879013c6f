#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/history/es_query.hpp>
#include <bitshares/impl/history/es_document.ipp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

struct es_version_part
{
    std::string number;
    std::string distribution;

    BITSHARES_FIELDS((number), (distribution))
};

struct es_root
{
    std::optional<es_version_part> version;

    BITSHARES_FIELDS((version))
};

struct es_count_reply
{
    std::optional<std::uint64_t> count;
    std::optional<es_shards> shards;

    BITSHARES_FIELDS((count), (shards, "_shards"))
};

inline std::string es_search_target(std::string_view index, char const* what, es_version const& server)
{
    std::string target = "/" + percent_encode(index, "*,") + what;
    if (server.knows_partial_results())
        target += "?allow_partial_search_results=false";
    return target;
}

template <class Low, class High>
void add_es_range(std::string& filters, std::string_view field, std::optional<Low> const& low, char const* high_word,
                  std::optional<High> const& high)
{
    if (!low && !high)
        return;
    auto const text = []<class T>(T const& value) {
        if constexpr (requires { value.instance; })
            return std::to_string(value.instance);
        else
            return to_json(value);
    };
    filters.append(R"(,{"range":{")").append(field).append(R"(":{)");
    if (low)
        filters.append(R"("gte":)").append(text(*low)).append(high ? "," : "");
    if (high)
        filters.append("\"").append(high_word).append("\":").append(text(*high));
    filters += "}}}";
}

BITSHARES_LAZY_DECL inline std::string es_filter_list(es_selection const& selection,
                                                      std::optional<operation_history_id> const& bound)
{
    history_filter const& filter = selection.filter;
    std::string filters;
    // The bare field: where it is text, the analyzer keeps an id as one token.
    if (selection.account)
        filters += R"(,{"term":{"account_history.account":")" + selection.account->to_string() + "\"}}";
    if (!filter.types.empty())
    {
        filters += R"(,{"terms":{"operation_type":[)";
        for (std::size_t i = 0; i < filter.types.size(); ++i)
            filters.append(i == 0 ? "" : ",").append(std::to_string(filter.types[i]));
        filters += "]}}";
    }
    std::optional<operation_history_id> last = filter.last;
    if (bound && (!last || *bound < *last))
        last = bound;
    add_es_range(filters, "operation_id_num", filter.first, "lte", last);
    add_es_range(filters, "block_data.block_num", filter.first_block, "lte", filter.last_block);
    add_es_range(filters, "block_data.block_time", filter.from, "lt", filter.to);
    return R"({"bool":{"filter":[)" + (filters.empty() ? filters : filters.substr(1)) + "]}}";
}

// The last document's sort values: behind them, only brackets can follow. Empty where it is not so.
inline std::string find_last_sort(std::string_view body)
{
    constexpr std::string_view name = R"("sort":)";
    std::size_t const at = body.rfind(name);
    if (at == body.npos)
        return {};
    std::string_view rest = body.substr(at + name.size());
    std::size_t const end = rest.find(']');
    if (!rest.starts_with('[') || end == rest.npos || rest.find_first_not_of("]} \t\r\n", end) != rest.npos)
        return {};
    return std::string(rest.substr(0, end + 1));
}

// The first of them: the operation's number.
inline std::optional<std::uint64_t> first_sort_value(std::string_view sort)
{
    std::uint64_t value = 0;
    if (!sort.starts_with('['))
        return std::nullopt;
    auto const [end, code] = std::from_chars(sort.data() + 1, sort.data() + sort.size(), value);
    if (code != std::errc() || end == sort.data() + sort.size() || (*end != ',' && *end != ']'))
        return std::nullopt;
    return value;
}

} // namespace detail

BITSHARES_DECL std::string es_version::to_string() const
{
    if (major == 0)
        return "an unknown version";
    return (opensearch ? "OpenSearch " : "Elasticsearch ") + std::to_string(major) + '.' + std::to_string(minor) + '.' +
           std::to_string(patch);
}

BITSHARES_LAZY result<es_version> read_es_version(std::string_view json)
{
    auto const root = from_json<detail::es_root>(json);
    if (!root)
        return error(errc::invalid_reply, "no Elasticsearch: " + root.error().message());
    es_version server;
    std::string_view const number = root->version ? std::string_view(root->version->number) : std::string_view();
    char const* at = number.data();
    char const* const end = at + number.size();
    for (std::uint32_t* const part : {&server.major, &server.minor, &server.patch})
    {
        auto const read = std::from_chars(at, end, *part);
        if (read.ec != std::errc())
            return error(errc::invalid_reply, "no Elasticsearch: it does not tell its version");
        at = read.ptr != end && *read.ptr == '.' ? read.ptr + 1 : read.ptr;
    }
    server.opensearch = root->version->distribution == "opensearch";
    return server;
}

BITSHARES_LAZY std::string es_query_json(es_selection const& selection)
{
    return detail::es_filter_list(selection, std::nullopt);
}

BITSHARES_LAZY http_query es_count_query(es_selection const& selection)
{
    http_query query;
    query.post = true;
    query.target = detail::es_search_target(selection.index, "/_count", {});
    query.body = R"({"query":)" + es_query_json(selection) + "}";
    return query;
}

BITSHARES_LAZY result<std::uint64_t> read_es_count(std::string_view json)
{
    auto const reply = from_json<detail::es_count_reply>(json);
    if (!reply)
        return reply.error();
    if (!reply->count)
        return detail::es_missing("/count");
    if (auto const whole = detail::check_es_shards(reply->shards); !whole)
        return whole.error();
    return *reply->count;
}

BITSHARES_LAZY http_query es_object_query(es_object_selection const& selection, std::uint32_t size,
                                          std::string_view after, es_version const& server)
{
    http_query query;
    query.post = true;
    query.target = detail::es_search_target(selection.index, "/_search", server);
    std::string filters;
    if (selection.owner)
    {
        std::string const owner = selection.owner->to_string();
        filters += R"({"bool":{"should":[{"term":{"owner_":")" + owner + R"("}},{"term":{"seller":")" + owner +
                   R"("}}],"minimum_should_match":1}})";
    }
    if (selection.id)
        filters.append(filters.empty() ? "" : ",")
            .append(R"({"term":{"object_id":")")
            .append(selection.id->to_string())
            .append("\"}}");
    query.body = R"({"size":)" + std::to_string(size) + R"(,"query":{"bool":{"filter":[)" + filters +
                 R"(]}},"sort":[{"object_id.keyword":{"order":"asc","unmapped_type":"keyword"}},)"
                 R"({"block_number":{"order":"asc","unmapped_type":"long"}}])";
    if (!after.empty())
        query.body.append(R"(,"search_after":)").append(after);
    query.body += '}';
    return query;
}

BITSHARES_LAZY es_paging::es_paging(es_options options) : options_(std::move(options))
{
    options_.page_size = detail::es_page_size(options_.page_size);
    options_.attempts = std::max(options_.attempts, 1U);
    if (options_.version)
    {
        version_ = *options_.version;
        phase_ = phase::bounds;
    }
}

BITSHARES_LAZY http_query es_paging::make()
{
    http_query query;
    query.ticket = ticket_ = ++last_ticket_;
    query.attempt = repeat_;
    return query;
}

BITSHARES_LAZY std::string es_paging::search_body(bool bounds) const
{
    bool const ascending = !bounds && options_.order == history_order::oldest_first;
    std::string const order = ascending ? "asc" : "desc";
    std::optional<operation_history_id> bound;
    if (newest_)
        bound = newest_->record.id;
    // A month's index may be empty, and then does not know the field.
    std::string body = R"({"size":)" + std::to_string(bounds ? 1 : options_.page_size) + R"(,"track_total_hits":)" +
                       (bounds ? "true" : "false") + R"(,"query":)" +
                       detail::es_filter_list(options_.selection, bound) +
                       R"(,"sort":[{"operation_id_num":{"order":")" + order + R"(","unmapped_type":"long"}})";
    if (!options_.selection.account && !bounds)
        body += R"(,{"account_history.id.keyword":{"order":")" + order + R"(","unmapped_type":"keyword"}})";
    body += ']';
    if (!bounds && !cursor_.empty())
        body += R"(,"search_after":)" + cursor_;
    return body + '}';
}

BITSHARES_LAZY std::optional<http_query> es_paging::next()
{
    if (phase_ == phase::ended || ticket_ != 0)
        return std::nullopt;
    if (phase_ == phase::identity)
    {
        http_query query = make();
        query.target = "/";
        return query;
    }
    if (phase_ == phase::reading && !waiting_.empty() &&
        (asked_all_ || waiting_.size() > 1 || waiting_.back().last_sort.empty() ||
         (total_ && checked_ + waiting_.size() * options_.page_size >= *total_)))
        return std::nullopt;
    http_query query = make();
    query.post = true;
    query.target = detail::es_search_target(options_.selection.index, "/_search", version_);
    query.body = search_body(phase_ == phase::bounds);
    return query;
}

BITSHARES_LAZY http_use es_paging::fail(error what)
{
    failure_ = std::move(what);
    phase_ = phase::ended;
    waiting_.clear();
    ticket_ = 0;
    return http_use::failed;
}

BITSHARES_LAZY http_use es_paging::retry(error why)
{
    repeat_ = ++attempt_;
    if (attempt_ >= options_.attempts)
        return fail(std::move(why));
    return http_use::again;
}

BITSHARES_LAZY http_use es_paging::on_lost(std::uint64_t ticket, error why)
{
    if (ticket == 0 || ticket != ticket_)
        return http_use::unwanted;
    ticket_ = 0;
    return retry(std::move(why));
}

BITSHARES_LAZY http_use es_paging::on_reply(std::uint64_t ticket, unsigned status, std::string body)
{
    if (ticket == 0 || ticket != ticket_)
        return http_use::unwanted;
    ticket_ = 0;
    if (status != 200)
    {
        error why = detail::http_failure(status, body);
        // A server may keep its version to itself, and still answer searches.
        if (phase_ == phase::identity && status >= 400 && status < 500 && status != 401 && status != 429)
        {
            attempt_ = repeat_ = 0;
            phase_ = phase::bounds;
            return http_use::taken;
        }
        return detail::is_passing(status) ? retry(std::move(why)) : fail(std::move(why));
    }
    switch (phase_)
    {
    case phase::identity:
    {
        auto const server = read_es_version(body);
        if (!server)
            return retry(server.error());
        version_ = *server;
        attempt_ = repeat_ = 0;
        phase_ = phase::bounds;
        return http_use::taken;
    }
    case phase::bounds: return on_bounds(body);
    case phase::reading:
    {
        repeat_ = 0;
        waiting_page& page = waiting_.emplace_back(waiting_page{std::move(body), {}});
        page.last_sort = detail::find_last_sort(page.body);
        if (page.last_sort.empty())
            return http_use::taken;
        cursor_ = page.last_sort;
        if (options_.selection.account && options_.order == history_order::oldest_first &&
            detail::first_sort_value(cursor_) == newest_->record.id.instance)
            asked_all_ = true;
        return http_use::taken;
    }
    case phase::ended: break;
    }
    return http_use::unwanted;
}

BITSHARES_LAZY http_use es_paging::on_bounds(std::string_view body)
{
    if (auto const read = read_es_page(body, page_, options_.json); !read)
    {
        if (read.error().code() == errc::http_refused)
            return fail(error(errc::http_refused, options_.selection.index + ": " + read.error().detail()));
        return detail::is_of_a_document(read.error()) ? fail(read.error()) : retry(read.error());
    }
    attempt_ = repeat_ = 0;
    total_ = page_.total;
    if (page_.documents.empty())
    {
        if (total_.value_or(0) != 0)
            return fail(error(errc::history_incomplete,
                              "the server counts " + std::to_string(*total_) + " documents and gives none"));
        phase_ = phase::ended;
        return http_use::taken;
    }
    auto const& found = page_.documents.front();
    if (page_.documents.size() != 1 || (options_.selection.account && found.account != *options_.selection.account) ||
        !options_.selection.filter.in_range(found.record))
        return fail(error(errc::invalid_reply, "documents that were not asked for"));
    newest_ = found;
    phase_ = phase::reading;
    return http_use::taken;
}

// After an answer of no use: what was asked for behind it is not of use either.
BITSHARES_LAZY void es_paging::read_again()
{
    waiting_.clear();
    ticket_ = 0;
    cursor_ = decoded_cursor_;
    asked_all_ = false;
}

BITSHARES_LAZY result<void> es_paging::check(es_document const& document)
{
    history_record const& record = document.record;
    auto const bad = [&record](char const* what) {
        return error(errc::invalid_reply, "operation " + record.id.to_string() + " " + what);
    };
    if (options_.selection.account && document.account != *options_.selection.account)
        return bad("is of another account's history");
    if (!options_.selection.filter.in_range(record) || record.id > newest_->record.id)
        return bad("was not asked for");
    if (!last_id_ || *last_id_ != record.id)
    {
        bool const ascending = options_.order == history_order::oldest_first;
        if (last_id_ && (ascending ? record.id < *last_id_ : record.id > *last_id_))
            return bad("is out of order");
        last_id_ = record.id;
        of_last_id_.clear();
    }
    // Of one account, it comes once.
    if (options_.selection.account
            ? !of_last_id_.empty()
            : std::find(of_last_id_.begin(), of_last_id_.end(), document.id) != of_last_id_.end())
        return bad("comes twice");
    of_last_id_.push_back(document.id);
    return {};
}

BITSHARES_LAZY void es_paging::on_page_end(std::size_t documents)
{
    bool const last = documents < options_.page_size;
    bool const at_newest = options_.selection.account && options_.order == history_order::oldest_first && last_id_ &&
                           *last_id_ == newest_->record.id;
    // What is visible late has been counted late, too: more than the total is not less than all.
    bool const counted = total_ && checked_ >= *total_;
    if (!last && !at_newest && !(counted && options_.order == history_order::newest_first))
        return;
    if ((total_ && !counted) ||
        (last && !at_newest && options_.selection.account && options_.order == history_order::oldest_first))
    {
        error why(errc::history_incomplete, "the server gave " + std::to_string(checked_) + " of " +
                                                (total_ ? std::to_string(*total_) : std::string("?")) +
                                                " documents, the last one " +
                                                (last_id_ ? last_id_->to_string() : std::string("none")));
        read_again();
        if (at_newest)
            fail(std::move(why));
        else
            retry(std::move(why)); // of a copy that lags behind the one that counted; what it gave is good
        return;
    }
    phase_ = phase::ended;
    ticket_ = 0;
    waiting_.clear();
}

BITSHARES_LAZY bool es_paging::take(std::vector<es_document>& page)
{
    page.clear();
    if (phase_ != phase::reading || waiting_.empty())
        return false;
    waiting_page const from = std::move(waiting_.front());
    waiting_.pop_front();
    if (auto const read = read_es_page(from.body, page_, options_.json); !read)
    {
        read_again();
        if (detail::is_of_a_document(read.error()))
            fail(read.error());
        else
            retry(read.error());
        return false;
    }
    if (page_.documents.size() > options_.page_size)
    {
        fail(error(errc::invalid_reply, std::to_string(page_.documents.size()) + " documents, asked for were " +
                                            std::to_string(options_.page_size)));
        return false;
    }
    for (auto const& document : page_.documents)
        if (auto const checked = check(document); !checked)
        {
            fail(checked.error());
            return false;
        }
    if (!page_.documents.empty() && detail::first_sort_value(page_.last_sort) != last_id_->instance)
    {
        fail(error(errc::invalid_reply,
                   "operation " + last_id_->to_string() + " is sorted by " + valid_utf8(page_.last_sort, 60)));
        return false;
    }
    checked_ += page_.documents.size();
    if (!page_.documents.empty())
    {
        attempt_ = 0;
        decoded_cursor_ = page_.last_sort;
    }
    if (from.last_sort != page_.last_sort)
        read_again(); // what was asked for meanwhile is behind another place
    on_page_end(page_.documents.size());
    if (failure_)
        return false;
    std::swap(page, page_.documents);
    std::erase_if(page,
                  [this](es_document const& document) { return !options_.selection.filter.names(document.record); });
    return true;
}

BITSHARES_LAZY bool es_paging::take(std::vector<history_record>& page)
{
    page.clear();
    std::vector<es_document> documents;
    if (!take(documents))
        return false;
    page.reserve(documents.size());
    for (auto& document : documents)
        page.push_back(std::move(document.record));
    return true;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
