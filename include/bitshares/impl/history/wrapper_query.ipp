#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/history/wrapper_query.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline std::string wrapper_path(wrapper_family family, std::string_view v1, std::string_view v2)
{
    switch (family)
    {
    case wrapper_family::unknown:
    case wrapper_family::v1: return "/" + std::string(v1);
    case wrapper_family::v2: return "/es/" + std::string(v2);
    case wrapper_family::fastapi: return "/openexplorer/es/" + std::string(v2);
    }
    return {};
}

inline http_query get_query(std::string target)
{
    http_query query;
    query.target = std::move(target);
    return query;
}

// What a server says in place of documents.
struct wrapper_word
{
    std::optional<raw_json> account_not_found;
    std::optional<raw_json> asset_not_found;

    BITSHARES_FIELDS((account_not_found), (asset_not_found))
};

inline bool says_no_hits(unsigned status, std::string_view body)
{
    return status == 404 && body.find("did not result in any hits") != body.npos;
}

struct wrapper_raw_bucket
{
    std::optional<raw_json> key;
    std::optional<std::uint64_t> doc_count;

    BITSHARES_FIELDS((key), (doc_count))
};

struct wrapper_head
{
    std::optional<std::string> block_time;

    BITSHARES_FIELDS((block_time))
};

struct wrapper_heads
{
    std::optional<wrapper_head> elasticsearch;

    BITSHARES_FIELDS((elasticsearch))
};

struct wrapper_raw_health
{
    std::optional<std::string> status;
    raw_json error;
    raw_json head_block_timestamp; // milliseconds
    std::optional<wrapper_heads> head_block;

    BITSHARES_FIELDS((status), (error), (head_block_timestamp), (head_block))
};

} // namespace detail

BITSHARES_DECL http_query wrapper_history_query(wrapper_family family, wrapper_search const& search)
{
    std::string target = detail::wrapper_path(family, "get_account_history", "account_history");
    char separator = '?';
    auto const add = [&](std::string_view name, std::string_view value) {
        target += separator;
        separator = '&';
        target.append(name).append("=").append(detail::percent_encode(value, ":,"));
    };
    if (search.account)
        add("account_id", search.account->to_string());
    if (search.operation_type)
        add("operation_type", std::to_string(*search.operation_type));
    if (search.from_date)
        add("from_date", search.from_date->to_string());
    if (search.to_date)
        add("to_date", search.to_date->to_string());
    if (!search.search_after)
        add("from_", std::to_string(search.from));
    add("size", std::to_string(search.size));
    add("sort_by", search.sort_by);
    if (search.search_after)
        add("search_after", std::to_string(*search.search_after));
    add("type", search.agg_field.empty() ? "data" : "count");
    if (!search.agg_field.empty())
        add("agg_field", search.agg_field);
    return detail::get_query(std::move(target));
}

BITSHARES_DECL http_query wrapper_operation_query(wrapper_family family, operation_history_id id)
{
    return detail::get_query(detail::wrapper_path(family, "get_single_operation", "single_operation") +
                             "?operation_id=" + id.to_string());
}

BITSHARES_DECL http_query wrapper_transaction_query(wrapper_family family, transaction_id const& id, std::uint32_t from,
                                                    std::uint32_t size)
{
    return detail::get_query(detail::wrapper_path(family, "get_trx", "trx") + "?trx=" + to_hex(id.data) +
                             "&from_=" + std::to_string(from) + "&size=" + std::to_string(size));
}

BITSHARES_DECL http_query wrapper_health_query(wrapper_family family)
{
    return detail::get_query(family == wrapper_family::fastapi ? "/status"
                                                               : detail::wrapper_path(family, "is_alive", "is_alive"));
}

BITSHARES_LAZY result<bool> read_wrapper_documents(unsigned status, std::string_view body,
                                                   std::vector<es_document>& documents, json_options const& options)
{
    documents.clear();
    if (detail::says_no_hits(status, body))
        return false;
    if (status == 200 || status == 404)
        if (std::size_t const begin = body.find_first_not_of(" \t\r\n"); begin != body.npos && body[begin] == '{')
            if (auto const word = from_json<detail::wrapper_word>(body))
            {
                if (word->account_not_found)
                    return error(errc::account_not_found, word->account_not_found->text);
                if (word->asset_not_found)
                    return error(errc::asset_not_found, word->asset_not_found->text);
            }
    if (status != 200)
        return detail::http_failure(status, body);
    if (auto const read = read_es_documents(body, documents, options); !read)
        return read.error();
    return true;
}

BITSHARES_LAZY result<std::vector<wrapper_bucket>> read_wrapper_buckets(unsigned status, std::string_view body)
{
    std::vector<wrapper_bucket> buckets;
    if (detail::says_no_hits(status, body))
        return buckets;
    if (status != 200)
        return detail::http_failure(status, body);
    auto const raw = from_json<std::vector<detail::wrapper_raw_bucket>>(body);
    if (!raw)
        return error(errc::invalid_reply, "no list of values: " + raw.error().message());
    for (auto const& bucket : *raw)
    {
        if (!bucket.key || !bucket.doc_count)
            return error(errc::invalid_reply, "no list of values: /" + std::to_string(buckets.size()));
        auto const text = from_json<std::string>(bucket.key->text);
        buckets.push_back({text ? *text : bucket.key->text, *bucket.doc_count});
    }
    return buckets;
}

BITSHARES_LAZY result<wrapper_health> read_wrapper_health(unsigned status, std::string_view body)
{
    if (status != 200)
        return detail::http_failure(status, body);
    auto const raw = from_json<detail::wrapper_raw_health>(body);
    if (!raw)
        return error(errc::invalid_reply, raw.error().message());
    if (!raw->status)
        return error(errc::invalid_reply, "no status");
    wrapper_health health;
    health.in_sync = *raw->status == "ok";
    if (auto const text = from_json<std::string>(raw->error.text))
        health.error = *text;
    // A fraction is told by some: 1.7950e12.
    std::uint64_t milliseconds = 0;
    std::string const& stamp = raw->head_block_timestamp.text;
    if (auto const number = std::from_chars(stamp.data(), stamp.data() + stamp.size(), milliseconds);
        number.ec == std::errc() && milliseconds / 1000 <= 0xffffffff)
        health.head_time = time_point_sec{static_cast<std::uint32_t>(milliseconds / 1000)};
    else if (raw->head_block && raw->head_block->elasticsearch && raw->head_block->elasticsearch->block_time)
        if (auto const time = time_point_sec::from_string(
                std::string_view(*raw->head_block->elasticsearch->block_time).substr(0, 19)))
            health.head_time = *time;
    return health;
}

BITSHARES_LAZY wrapper_paging::wrapper_paging(wrapper_options options) : options_(std::move(options))
{
    options_.window = std::max(options_.window, 2U); // a page overlaps the one before
    options_.page_size = std::clamp(options_.page_size, 1U, options_.window);
    options_.attempts = std::max(options_.attempts, 1U);
    history_filter const& filter = options_.filter;
    if (filter.to && (filter.to->seconds == 0 || (filter.from && *filter.from >= *filter.to)))
        step_ = step::ended;
    if (options_.family == wrapper_family::unknown)
    {
        options_.family = wrapper_family::v1;
        probing_ = true;
    }
    window_begin_ = filter.from.value_or(time_point_sec());
}

BITSHARES_LAZY std::optional<std::uint64_t> wrapper_paging::server_type() const
{
    auto const& types = options_.filter.types;
    return types.size() == 1 ? std::optional(types.front()) : std::nullopt;
}

// A 404 that says that there is nothing can be a quick answer, too: of a search that took less than a millisecond.
BITSHARES_LAZY unsigned wrapper_paging::no_hits_attempts() const
{
    return std::min(options_.attempts, 4U);
}

// Until the first operation of the newest one's time, that is known to be there.
BITSHARES_LAZY time_point_sec wrapper_paging::last_time() const
{
    if (newest_)
        return newest_->record.block_time;
    return options_.filter.to ? time_point_sec{options_.filter.to->seconds - 1} : time_point_sec::maximum();
}

BITSHARES_LAZY wrapper_search wrapper_paging::search() const
{
    wrapper_search s;
    s.account = options_.account;
    s.operation_type = server_type();
    s.from_date = options_.filter.from.value_or(time_point_sec());
    s.to_date = last_time();
    s.size = options_.page_size;
    s.sort_by = "operation_id_num";
    switch (step_)
    {
    case step::newest:
        // The more is asked for, the less quick is the answer.
        s.size = 1;
        for (unsigned i = 0; i < attempt_ && s.size < options_.page_size; ++i)
            s.size = std::min(10 * s.size, options_.page_size);
        s.sort_by = "-operation_id_num";
        break;
    case step::count:
        s.to_date->seconds -= 1;
        s.size = 1000; // more types than there are
        s.agg_field = "operation_type";
        break;
    case step::after:
        if (last_id_)
            s.search_after = last_id_->instance;
        break;
    case step::window:
    {
        s.from_date = window_begin_;
        s.from = offset_ == 0 ? 0 : offset_ - 1;
        std::uint64_t const wanted = std::uint64_t{options_.page_size} + (offset_ == 0 ? 0 : 1);
        s.size = static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, options_.window - s.from));
        break;
    }
    case step::tie:
    {
        tie_part const& part = parts_.back();
        s.from_date = s.to_date = tie_time_;
        if (part.type)
            s.operation_type = part.type;
        s.from = part.offset;
        s.size = std::min(options_.page_size, options_.window - part.offset);
        if (!part.ascending)
            s.sort_by = "-operation_id_num";
        break;
    }
    case step::tie_types:
        s.from_date = s.to_date = tie_time_;
        s.size = 1000;
        s.agg_field = "operation_type";
        break;
    case step::ended: break;
    }
    return s;
}

BITSHARES_LAZY std::optional<http_query> wrapper_paging::next()
{
    if (step_ == step::ended || ticket_ != 0 || ready_.size() > 1)
        return std::nullopt;
    wrapper_search const wanted = search();
    http_query query = wrapper_history_query(options_.family, wanted);
    asked_ = wanted.size;
    query.ticket = ticket_ = ++last_ticket_;
    query.attempt = attempt_;
    return query;
}

BITSHARES_LAZY http_use wrapper_paging::fail(error what)
{
    failure_ = std::move(what);
    step_ = step::ended;
    ticket_ = 0;
    return http_use::failed;
}

BITSHARES_LAZY http_use wrapper_paging::retry(error why)
{
    if (++attempt_ >= options_.attempts)
        return fail(std::move(why));
    return http_use::again;
}

BITSHARES_LAZY http_use wrapper_paging::on_lost(std::uint64_t ticket, error why)
{
    if (ticket == 0 || ticket != ticket_)
        return http_use::unwanted;
    ticket_ = 0;
    return retry(std::move(why));
}

BITSHARES_LAZY http_use wrapper_paging::on_reply(std::uint64_t ticket, unsigned status, std::string_view body)
{
    if (ticket == 0 || ticket != ticket_)
        return http_use::unwanted;
    ticket_ = 0;
    if (detail::is_passing(status) &&
        (attempt_ + 1 < options_.attempts || !(probing_ || step_ == step::count || step_ == step::tie_types)))
        return retry(detail::http_failure(status, body));
    switch (step_)
    {
    case step::newest: return on_newest(status, body);
    case step::count: return on_count(status, body);
    case step::tie_types: return on_tie_types(status, body);
    case step::after:
    case step::window:
    case step::tie: break;
    case step::ended: return http_use::unwanted;
    }
    auto const read = read_wrapper_documents(status, body, page_, options_.json);
    if (!read)
        return status == 200 && read.error().path().empty() ? retry(read.error()) : fail(read.error());
    if (page_.size() > asked_)
        return fail(error(errc::invalid_reply,
                          std::to_string(page_.size()) + " documents, asked for were " + std::to_string(asked_)));
    for (wrapper_search const asked = search(); auto const& document : page_)
        if (auto const checked = check(document, asked); !checked)
            return fail(checked.error());
    good_.clear();
    return step_ == step::after ? on_after() : step_ == step::window ? on_window() : on_tie(*read);
}

BITSHARES_LAZY http_use wrapper_paging::next_family(error why)
{
    refusals_ += (refusals_.empty() ? "" : "; ") + why.message();
    attempt_ = 0;
    switch (options_.family)
    {
    case wrapper_family::unknown:
    case wrapper_family::v1: options_.family = wrapper_family::v2; return http_use::taken;
    case wrapper_family::v2: options_.family = wrapper_family::fastapi; return http_use::taken;
    case wrapper_family::fastapi: break;
    }
    options_.family = wrapper_family::unknown;
    return fail(error(errc::http_refused, "no history wrapper is there: " + refusals_));
}

BITSHARES_LAZY http_use wrapper_paging::on_newest(unsigned status, std::string_view body)
{
    auto const read = read_wrapper_documents(status, body, page_, options_.json);
    if (!read)
    {
        bool const known = !probing_ || status == 401 || status == 403 ||
                           read.error().code() == errc::account_not_found || !read.error().path().empty();
        return known ? fail(read.error()) : next_family(read.error());
    }
    probing_ = false;
    if (!*read && attempt_ + 1 < no_hits_attempts())
        return retry(errc::history_incomplete);
    if (!*read && !options_.filter.from && !options_.filter.to && !server_type())
        return fail(
            error(errc::history_incomplete, "the server finds nothing, and every account has its creation at least"));
    attempt_ = 0;
    if (page_.empty())
    {
        step_ = step::ended;
        return http_use::taken;
    }
    if (auto const checked = check(page_.front(), search()); !checked || page_.size() > asked_)
        return fail(checked ? error(errc::invalid_reply, "more documents than were asked for") : checked.error());
    newest_ = std::move(page_.front());
    time_point_sec const begin = options_.filter.from.value_or(time_point_sec());
    if (newest_->record.block_time > begin)
        step_ = step::count;
    else
        next_window();
    return http_use::taken;
}

BITSHARES_LAZY http_use wrapper_paging::on_count(unsigned status, std::string_view body)
{
    auto const buckets = read_wrapper_buckets(status, body);
    // Without a count, the newest operation still is the end.
    if (buckets && buckets->empty() && status == 404 && attempt_ + 1 < no_hits_attempts())
        return retry(errc::history_incomplete);
    if (buckets && !buckets->empty())
    {
        count_before_ = 0;
        for (auto const& bucket : *buckets)
            *count_before_ += bucket.count;
    }
    attempt_ = 0;
    next_window();
    return http_use::taken;
}

BITSHARES_LAZY result<void> wrapper_paging::check(es_document const& document, wrapper_search const& asked) const
{
    history_record const& record = document.record;
    auto const bad = [&record](char const* what) {
        return error(errc::invalid_reply, "operation " + record.id.to_string() + " " + what);
    };
    if (document.account != options_.account)
        return bad("is of another account's history");
    if (record.block_time < *asked.from_date || record.block_time > *asked.to_date ||
        (asked.operation_type && *asked.operation_type != record.op.tag()))
        return bad("was not asked for");
    return {};
}

// @pre It comes next.
BITSHARES_LAZY void wrapper_paging::add(es_document& document)
{
    history_record const& record = document.record;
    if (!last_id_ || record.block_time != last_time_)
        of_last_time_ = 0;
    ++of_last_time_;
    ++checked_;
    if (record.block_time < newest_->record.block_time)
        ++read_before_;
    last_id_ = record.id;
    last_time_ = record.block_time;
    if (options_.filter.matches(record))
        good_.push_back(std::move(document));
}

// Hands out what was added.
BITSHARES_LAZY void wrapper_paging::flush()
{
    if (!good_.empty())
        ready_.push_back(std::exchange(good_, {}));
}

BITSHARES_LAZY bool wrapper_paging::at_end()
{
    if (!last_id_ || *last_id_ != newest_->record.id)
        return false;
    if (count_before_ && read_before_ < *count_before_)
        fail(error(errc::history_incomplete, "the server gave " + std::to_string(read_before_) + " of " +
                                                 std::to_string(*count_before_) + " operations before " +
                                                 newest_->record.block_time.to_string()));
    else
        step_ = step::ended;
    return true;
}

// The server says that nothing comes behind the last operation.
BITSHARES_LAZY http_use wrapper_paging::no_more(std::string_view where)
{
    return retry(error(errc::history_incomplete, "the server has nothing behind " +
                                                     (last_id_ ? last_id_->to_string() : std::string("the beginning")) +
                                                     std::string(where) + ", and the newest is " +
                                                     newest_->record.id.to_string()));
}

// Where to go on: behind the operations of the last time.
BITSHARES_LAZY void wrapper_paging::next_window()
{
    if (options_.family != wrapper_family::v1 && step_ != step::after && step_ != step::window && step_ != step::tie &&
        step_ != step::tie_types)
    {
        step_ = step::after;
        return;
    }
    step_ = step::window;
    if (!last_id_)
        return;
    window_begin_ = last_time_;
    if (of_last_time_ < options_.window)
    {
        offset_ = static_cast<std::uint32_t>(of_last_time_);
        return;
    }
    step_ = step::tie;
    tie_time_ = last_time_;
    tie_.clear();
    tie_count_ = 0;
    parts_.assign(1, tie_part{server_type(), 0, false, 0, 0, 0});
    ++ties_;
}

BITSHARES_LAZY http_use wrapper_paging::on_after()
{
    if (page_.empty())
        return no_more({});
    if (last_id_ && page_.front().record.id <= *last_id_)
    {
        // It does not know search_after, and began anew.
        next_window();
        return http_use::taken;
    }
    for (auto& document : page_)
    {
        if (last_id_ && document.record.id <= *last_id_)
            return fail(error(errc::invalid_reply, "operation " + document.record.id.to_string() + " is out of order"));
        if (document.record.id > newest_->record.id)
            break;
        add(document);
    }
    attempt_ = 0;
    flush();
    if (!at_end() && last_id_ && page_.back().record.id > newest_->record.id)
        return no_more({});
    return failure_ ? http_use::failed : http_use::taken;
}

BITSHARES_LAZY http_use wrapper_paging::on_window()
{
    std::size_t at = 0;
    if (offset_ != 0)
    {
        if (page_.empty())
            return no_more({});
        if (page_.front().record.id != *last_id_)
            return retry(error(errc::invalid_reply, "operation " + page_.front().record.id.to_string() +
                                                        " in the place of " + last_id_->to_string()));
        at = 1;
    }
    if (at == page_.size())
        return no_more({});
    for (; at != page_.size(); ++at)
    {
        es_document& document = page_[at];
        if (last_id_ && document.record.id <= *last_id_)
            return fail(error(errc::invalid_reply, "operation " + document.record.id.to_string() + " is out of order"));
        if (last_id_ && document.record.block_time < last_time_)
            return fail(error(errc::invalid_reply, "operation " + document.record.id.to_string() + " is before " +
                                                       last_id_->to_string() + ", by its time"));
        if (document.record.id > newest_->record.id)
            break;
        add(document);
        ++offset_;
    }
    bool const behind = at != page_.size();
    attempt_ = 0;
    flush();
    if (at_end())
        return failure_ ? http_use::failed : http_use::taken;
    if (behind)
        return no_more({});
    if (offset_ >= options_.window)
        next_window();
    return http_use::taken;
}

// @param told The answer was a list, and no 404.
BITSHARES_LAZY http_use wrapper_paging::on_tie(bool told)
{
    tie_part& part = parts_.back();
    bool met = false;
    for (auto& document : page_)
    {
        std::uint64_t const id = document.record.id.instance;
        ++part.offset;
        if (part.ascending)
        {
            if (part.highest != 0 && id <= part.highest)
                return fail(
                    error(errc::invalid_reply, "operation " + document.record.id.to_string() + " is out of order"));
            part.highest = id;
            if (id >= part.lowest)
            {
                met = true;
                break;
            }
        }
        else
        {
            if (part.lowest != 0 && id >= part.lowest)
                return fail(
                    error(errc::invalid_reply, "operation " + document.record.id.to_string() + " is out of order"));
            part.lowest = id;
            if (document.record.id <= *last_id_)
            {
                met = true;
                break;
            }
        }
        if (document.record.id > *last_id_ && document.record.id <= newest_->record.id)
            tie_.push_back(std::move(document));
    }
    // Of the newest operation's time, there can be more than were counted; and of all types, those behind which it goes on.
    bool const last = part.type && !part.ascending && part.count != 0 &&
                      ((page_.empty() && told) ||
                       (part.offset >= part.count && (page_.empty() || tie_time_ < newest_->record.block_time)));
    if (met || last)
        return end_part();
    if (page_.empty())
        return no_more(" at " + tie_time_.to_string());
    attempt_ = 0;
    if (part.offset < options_.window)
        return http_use::taken;
    // From this end, no further.
    if (part.count == 0)
    {
        if (server_type())
            return fail(error(errc::tie_too_large, "more than " + std::to_string(2 * std::uint64_t{options_.window}) +
                                                       " operations of type " + std::to_string(*server_type()) +
                                                       " at " + tie_time_.to_string()));
        step_ = step::tie_types;
        tie_.clear();
        return http_use::taken;
    }
    if (part.ascending)
        return fail(error(errc::tie_too_large, std::to_string(part.count) + " operations of type " +
                                                   std::to_string(*part.type) + " at " + tie_time_.to_string()));
    part.ascending = true;
    part.offset = 0;
    return http_use::taken;
}

BITSHARES_LAZY http_use wrapper_paging::on_tie_types(unsigned status, std::string_view body)
{
    auto const buckets = read_wrapper_buckets(status, body);
    if (!buckets || buckets->empty())
        return retry(error(errc::tie_too_large, "more than " + std::to_string(2 * std::uint64_t{options_.window}) +
                                                    " operations at " + tie_time_.to_string() +
                                                    ", and their types are not told" +
                                                    (buckets ? "" : ": " + buckets.error().message())));
    attempt_ = 0;
    parts_.clear();
    tie_count_ = 0;
    for (auto const& bucket : *buckets)
    {
        tie_count_ += bucket.count;
        auto const type = from_json<std::uint64_t>(bucket.key);
        if (!type || bucket.count == 0)
            return fail(error(errc::invalid_reply, "no type of operations: " + bucket.key));
        parts_.push_back({*type, bucket.count, false, 0, 0, 0});
    }
    step_ = step::tie;
    return http_use::taken;
}

BITSHARES_LAZY http_use wrapper_paging::end_part()
{
    attempt_ = 0;
    parts_.pop_back();
    return parts_.empty() ? end_tie() : http_use::taken;
}

BITSHARES_LAZY http_use wrapper_paging::end_tie()
{
    std::sort(tie_.begin(), tie_.end(),
              [](es_document const& a, es_document const& b) { return a.record.id < b.record.id; });
    for (auto& document : tie_)
    {
        if (document.record.id <= *last_id_)
            return fail(error(errc::invalid_reply, "operation " + document.record.id.to_string() + " comes twice"));
        add(document);
    }
    tie_.clear();
    if (tie_time_ < newest_->record.block_time && of_last_time_ < tie_count_)
        return fail(error(errc::history_incomplete, "the server gave " + std::to_string(of_last_time_) + " of " +
                                                        std::to_string(tie_count_) + " operations at " +
                                                        tie_time_.to_string()));
    flush();
    if (at_end())
        return failure_ ? http_use::failed : http_use::taken;
    if (tie_time_ >= newest_->record.block_time)
        return fail(error(errc::history_incomplete, "the newest operation, " + newest_->record.id.to_string() +
                                                        ", is not among those of its time"));
    step_ = step::window;
    window_begin_ = time_point_sec{tie_time_.seconds + 1};
    offset_ = 0;
    return http_use::taken;
}

BITSHARES_LAZY bool wrapper_paging::take(std::vector<es_document>& page)
{
    page.clear();
    if (ready_.empty())
        return false;
    page = std::move(ready_.front());
    ready_.pop_front();
    return true;
}

BITSHARES_LAZY bool wrapper_paging::take(std::vector<history_record>& page)
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
