#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/history/paging.hpp>

#include <algorithm>
#include <string>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline constexpr std::uint32_t default_history_limit = 100; // of nodes that do not tell
inline constexpr std::uint32_t largest_history_page = 1000; // a generous node does not decide about our memory
// One operation does not show whether a node gives others than the newest, nor does it ever give operation 0.
inline constexpr std::uint32_t least_history_page = 2;
inline constexpr std::size_t headers_in_flight = 32;
inline constexpr unsigned most_confirmations = 8;

inline std::string history_name(std::uint64_t instance)
{
    return operation_history_id(instance).to_string();
}

inline std::string history_range(std::uint64_t bottom, std::uint64_t top)
{
    return bottom == top ? "operation number " + std::to_string(top)
                         : "operations number " + std::to_string(bottom) + " to " + std::to_string(top);
}

} // namespace detail

BITSHARES_LAZY history_paging::history_paging(history_options options) : options_(std::move(options))
{
    std::sort(options_.types.begin(), options_.types.end());
    options_.requests_in_flight = std::max(options_.requests_in_flight, 1U);
}

BITSHARES_LAZY void history_paging::fail(std::string detail)
{
    fail(error(errc::history_incomplete, std::move(detail)));
}

BITSHARES_LAZY void history_paging::fail(error what)
{
    failure_ = std::move(what);
    phase_ = phase::ended;
    windows_.clear();
}

BITSHARES_LAZY history_query history_paging::make(history_query::kind what)
{
    history_query query;
    query.what = what;
    query.ticket = ++last_ticket_;
    return query;
}

BITSHARES_LAZY history_query history_paging::ask_relative(std::uint64_t start, std::uint64_t stop, std::uint64_t wanted)
{
    history_query query = make(history_query::kind::relative);
    query.start = start;
    query.stop = stop;
    query.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, relative_limit_));
    return query;
}

BITSHARES_LAZY history_query history_paging::ask_descending(std::uint64_t from_id, std::uint64_t stop_id,
                                                            std::uint64_t wanted)
{
    history_query query = make(history_query::kind::descending);
    // A start of 0 means "newest" to a node: operation 0 can only be had together with operation 1, which is dropped.
    bool const zero = from_id == 0 && walked_ != 0;
    query.start = zero ? 1 : from_id;
    query.stop = stop_id;
    query.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted + (zero ? 1 : 0), descending_limit_));
    return query;
}

BITSHARES_LAZY std::optional<history_query> history_paging::ask_alone(history_query query)
{
    alone_ticket_ = query.ticket;
    alone_limit_ = query.limit;
    return query;
}

BITSHARES_LAZY std::optional<history_query> history_paging::next()
{
    using kind = history_query::kind;
    if (auto header = next_header())
        return header;
    switch (phase_)
    {
    case phase::setup:
        if (!limits_known_ && limits_ticket_ == 0)
        {
            history_query const query = make(kind::limits);
            limits_ticket_ = query.ticket;
            return query;
        }
        if (!statistics_known_ && statistics_ticket_ == 0)
        {
            history_query const query = make(kind::statistics);
            statistics_ticket_ = query.ticket;
            return query;
        }
        return std::nullopt;
    case phase::probe:
        if (alone_ticket_ != 0)
            return std::nullopt;
        return ask_alone(ask_relative(high_, std::max(low_, high_ - 1), std::min<std::uint64_t>(2, high_ - low_ + 1)));
    case phase::search:
    {
        if (alone_ticket_ != 0 || search_row_)
            return std::nullopt;
        std::uint64_t const at = search_low_ + (search_high_ - search_low_) / 2;
        return ask_alone(ask_relative(at, at, 1));
    }
    case phase::confirm:
        if (alone_ticket_ != 0)
            return std::nullopt;
        return ask_alone(first_page_waits_ ? make(kind::statistics) : ask_descending(0, 0, descending_limit_));
    case phase::walk:
        if (alone_ticket_ != 0 || walked_ == expected() || windows_.size() >= options_.requests_in_flight)
            return std::nullopt;
        return ask_alone(ask_descending(walk_from_, 0, descending_limit_));
    case phase::reading: return next_window();
    case phase::ended: break;
    }
    return std::nullopt;
}

BITSHARES_LAZY void history_paging::on_limits(history_limits const& limits)
{
    if (limits_known_)
        return;
    limits_known_ = true;
    auto const choose = [this](std::uint32_t told) {
        std::uint32_t const wanted = options_.page_size != 0 ? options_.page_size : detail::largest_history_page;
        return std::max(std::min(wanted, told != 0 ? told : detail::default_history_limit), detail::least_history_page);
    };
    relative_limit_ = choose(limits.relative);
    descending_limit_ = choose(limits.descending);
    begin();
}

BITSHARES_LAZY void history_paging::on_statistics(history_count const& count)
{
    if (phase_ == phase::confirm && first_page_waits_)
    {
        alone_ticket_ = 0;
        first_page_waits_ = false;
        if (count.total == count_.total && count.removed == count_.removed)
        {
            phase_ = phase::walk;
            on_walk_page(std::move(first_page_));
            return;
        }
        first_page_.clear();
        count_ = count;
        low_ = count.removed + 1;
        high_ = count.total;
        if (++confirmations_ == detail::most_confirmations)
            fail("operations arrive faster than the newest ones can be read");
        return;
    }
    if (phase_ != phase::setup || statistics_known_)
        return;
    statistics_known_ = true;
    count_ = count;
    low_ = count.removed + 1;
    high_ = count.total;
    begin();
}

BITSHARES_LAZY void history_paging::begin()
{
    if (!limits_known_ || !statistics_known_)
        return;
    if (count_.removed > count_.total)
        return fail("the node counts " + std::to_string(count_.total) + " operations and " +
                    std::to_string(count_.removed) + " removed ones");
    if (high_ < low_)
    {
        phase_ = phase::ended;
        done_ = true;
        return;
    }
    phase_ = phase::probe;
}

// The search is for the first of low_ ... high_ that is in the range, or, the second time, behind it.
BITSHARES_LAZY void history_paging::begin_search()
{
    bool const lower = options_.from || options_.first;
    bool const upper = options_.to || options_.last;
    search_low_ = low_;
    search_high_ = high_ + 1;
    if (phase_ == phase::probe && lower)
        searching_lower_ = true;
    else if ((phase_ == phase::probe || searching_lower_) && upper)
        searching_lower_ = false;
    else
    {
        phase_ = phase::reading;
        cursor_ = options_.order == history_order::oldest_first ? low_ : high_;
        return;
    }
    phase_ = phase::search;
    if (search_low_ == search_high_) // nothing is left of the range
        phase_ = phase::reading;
}

BITSHARES_LAZY bool history_paging::in_or_behind_range(operation_history_object const& row) const
{
    return (!options_.from || row.block_time >= *options_.from) && (!options_.first || row.id >= *options_.first);
}

BITSHARES_LAZY bool history_paging::behind_range(operation_history_object const& row) const
{
    return (options_.to && row.block_time >= *options_.to) || (options_.last && row.id > *options_.last);
}

BITSHARES_LAZY bool history_paging::fits(operation_history_object const& row) const
{
    return in_or_behind_range(row) && !behind_range(row) &&
           (options_.types.empty() || std::binary_search(options_.types.begin(), options_.types.end(), row.op.tag()));
}

BITSHARES_LAZY void history_paging::search_step(operation_history_object const& row)
{
    std::uint64_t const at = search_low_ + (search_high_ - search_low_) / 2;
    if (searching_lower_ ? in_or_behind_range(row) : behind_range(row))
        search_high_ = at;
    else
        search_low_ = at + 1;
    if (search_low_ < search_high_)
        return;
    if (searching_lower_)
        low_ = search_low_;
    else
        high_ = search_low_ - 1;
    begin_search();
}

// Of an older node, which does not tell the times; their blocks' headers do.
BITSHARES_LAZY bool history_paging::times_missing(std::vector<operation_history_object> const& rows)
{
    bool missing = false;
    for (auto const& row : rows)
    {
        if (row.block_time.seconds != 0 || header_times_.contains(row.block_num))
            continue;
        missing = true;
        if (std::none_of(headers_wanted_.begin(), headers_wanted_.end(),
                         [&row](header_query const& h) { return h.block == row.block_num; }))
            headers_wanted_.push_back({row.block_num, 0});
    }
    return missing;
}

BITSHARES_LAZY std::optional<history_query> history_paging::next_header()
{
    if (phase_ == phase::ended)
        return std::nullopt;
    for (std::size_t i = 0; i < std::min(headers_wanted_.size(), detail::headers_in_flight); ++i)
        if (headers_wanted_[i].ticket == 0)
        {
            history_query query = make(history_query::kind::header);
            query.block = headers_wanted_[i].block;
            headers_wanted_[i].ticket = query.ticket;
            return query;
        }
    return std::nullopt;
}

BITSHARES_LAZY void history_paging::on_header(std::uint64_t ticket, time_point_sec time)
{
    auto const at = std::find_if(headers_wanted_.begin(), headers_wanted_.end(),
                                 [ticket](header_query const& h) { return h.ticket == ticket; });
    if (ticket == 0 || at == headers_wanted_.end())
        return;
    header_times_[at->block] = time;
    headers_wanted_.erase(at);
    if (search_row_)
    {
        operation_history_object row = std::move(*search_row_);
        search_row_.reset();
        row.block_time = time;
        search_step(row);
    }
}

/* The node's rows against what was asked for: not more, ids and blocks strictly or weakly descending, also after the
   row before. `top` is the sequence number that the first of them should have, for the message. */
BITSHARES_LAZY bool history_paging::in_order(std::vector<operation_history_object> const& rows,
                                             operation_history_object const* before, std::uint64_t asked,
                                             std::uint64_t top)
{
    if (rows.size() > asked)
    {
        fail("the node gave " + std::to_string(rows.size()) + " operations where " + std::to_string(asked) +
             " were asked for");
        return false;
    }
    for (auto const& row : rows)
    {
        if (before && before->id == row.id)
        {
            fail("operation " + row.id.to_string() + " comes twice, as number " + std::to_string(top + 1) + " and " +
                 std::to_string(top) + ": another one is missing");
            return false;
        }
        if (before && (before->id < row.id || before->block_num < row.block_num))
        {
            fail("operation " + row.id.to_string() + " of block " + std::to_string(row.block_num) + ", number " +
                 std::to_string(top) + ", is in the place of an older one than " + before->id.to_string() +
                 " of block " + std::to_string(before->block_num));
            return false;
        }
        before = &row;
        --top;
    }
    return true;
}

BITSHARES_LAZY void history_paging::on_page(std::uint64_t ticket, std::vector<operation_history_object> rows)
{
    if (phase_ == phase::ended || ticket == 0)
        return;
    if (ticket == alone_ticket_)
    {
        alone_ticket_ = 0;
        return on_alone_page(std::move(rows));
    }
    for (window& w : windows_)
        if (w.ticket == ticket)
        {
            w.ticket = 0;
            return on_window_page(w, std::move(rows));
        }
}

BITSHARES_LAZY void history_paging::on_alone_page(std::vector<operation_history_object> rows)
{
    switch (phase_)
    {
    case phase::probe:
    {
        // A node with Elasticsearch still has the newest operation, and no other.
        std::uint64_t const wanted = std::min<std::uint64_t>(alone_limit_, high_ - low_ + 1);
        bool const good = rows.size() == wanted && (wanted < 2 || rows[1].id < rows[0].id);
        return good ? begin_search() : begin_fallback();
    }
    case phase::search:
    {
        std::uint64_t const at = search_low_ + (search_high_ - search_low_) / 2;
        if (rows.size() != 1)
            return fail("the node does not give " + detail::history_range(at, at));
        if ((options_.from || options_.to) && times_missing(rows))
        {
            search_row_ = std::move(rows[0]);
            return;
        }
        if (auto const known = header_times_.find(rows[0].block_num); known != header_times_.end())
            rows[0].block_time = known->second;
        return search_step(rows[0]);
    }
    case phase::confirm:
        first_page_ = std::move(rows);
        first_page_waits_ = true;
        return;
    case phase::walk: return on_walk_page(std::move(rows));
    case phase::setup:
    case phase::reading:
    case phase::ended: return;
    }
}

BITSHARES_LAZY void history_paging::begin_fallback()
{
    fallback_ = true;
    phase_ = phase::confirm;
}

BITSHARES_LAZY void history_paging::on_walk_page(std::vector<operation_history_object> rows)
{
    if (walked_ != 0)
        std::erase_if(rows, [this](operation_history_object const& row) { return row.id.instance > walk_from_; });
    std::uint64_t const left = expected() - walked_;
    std::uint64_t const top = high_ - walked_;
    if (rows.empty())
        return fail("the node does not give " + detail::history_range(low_, top) +
                    (walk_last_ ? ", older than " + walk_last_->id.to_string() : std::string()));
    if (rows.size() > left)
        return fail("the node gave more operations than the " + std::to_string(expected()) + " that it counts");
    if (!in_order(rows, walk_last_ ? &*walk_last_ : nullptr, left, top))
        return;
    walked_ += rows.size();
    BITSHARES_DEPENDENT(operation_history_object) const& oldest = rows.back();
    walk_last_ = oldest;
    std::uint64_t const last = oldest.id.instance;
    window page{
        .top = top, .bottom = top - rows.size() + 1, .from_id = rows.front().id.instance, .last_id = last, .rows = {}};
    if (last == 0 && walked_ != expected())
        return fail("the node does not give " + detail::history_range(low_, page.bottom - 1) + ", older than " +
                    detail::history_name(0));
    walk_from_ = last == 0 ? 0 : last - 1;
    if (options_.order == history_order::newest_first)
    {
        times_missing(rows);
        page.rows = std::move(rows);
        windows_.push_back(std::move(page));
        return;
    }
    surveyed_.push_back(std::move(page));
    if (walked_ == expected())
        phase_ = phase::reading;
}

BITSHARES_LAZY void history_paging::open_windows()
{
    while (windows_.size() < options_.requests_in_flight)
    {
        if (fallback_)
        {
            if (surveyed_.empty())
                return;
            windows_.push_back(std::move(surveyed_.back()));
            surveyed_.pop_back();
            continue;
        }
        if (cursor_ < low_ || cursor_ > high_)
            return;
        window w{.top = cursor_, .bottom = cursor_, .rows = {}};
        if (options_.order == history_order::oldest_first)
        {
            w.top = std::min(high_, cursor_ + relative_limit_ - 1);
            cursor_ = w.top + 1;
        }
        else
        {
            w.bottom = cursor_ - low_ < relative_limit_ ? low_ : cursor_ - relative_limit_ + 1;
            cursor_ = w.bottom - 1;
        }
        windows_.push_back(std::move(w));
    }
}

BITSHARES_LAZY std::optional<history_query> history_paging::next_window()
{
    open_windows();
    for (window& w : windows_)
    {
        if (w.ticket != 0 || w.missing() == 0)
            continue;
        history_query query;
        if (fallback_)
        {
            std::uint64_t const from = w.rows.empty() ? w.from_id : w.rows.back().id.instance - 1;
            query = ask_descending(from, w.last_id == 0 ? 0 : w.last_id - 1, w.missing());
        }
        else
            query = ask_relative(w.top - w.rows.size(), w.bottom, w.missing());
        w.ticket = query.ticket;
        w.limit = query.limit;
        return query;
    }
    return std::nullopt;
}

BITSHARES_LAZY void history_paging::on_window_page(window& w, std::vector<operation_history_object> rows)
{
    std::uint64_t const next = w.top - w.rows.size();
    std::uint64_t asked = w.limit;
    if (fallback_)
    {
        std::uint64_t const from = w.rows.empty() ? w.from_id : w.rows.back().id.instance - 1;
        std::erase_if(rows, [from, &w](operation_history_object const& row) {
            return row.id.instance > from || row.id.instance < w.last_id;
        });
        asked = w.missing();
    }
    if (rows.empty())
        return fail("the node does not give " + detail::history_range(w.bottom, next));
    if (!in_order(rows, w.rows.empty() ? nullptr : &w.rows.back(), asked, next))
        return;
    times_missing(rows);
    if (w.rows.empty())
        w.rows = std::move(rows);
    else
        w.rows.insert(w.rows.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

BITSHARES_LAZY void history_paging::on_refused(std::uint64_t ticket, std::string_view message)
{
    if (ticket == 0 || phase_ == phase::ended)
        return;
    if (ticket == limits_ticket_)
        return on_limits({});
    std::string const words = valid_utf8(message, 500);
    bool const about_limit = message.find("limit") != message.npos;
    // For good: a node's limit does not grow while it runs.
    auto const smaller = [this, about_limit](std::uint32_t asked) {
        if (!about_limit || asked <= detail::least_history_page)
            return false;
        std::uint32_t& limit = fallback_ ? descending_limit_ : relative_limit_;
        limit = std::max(std::min(limit, asked / 2), detail::least_history_page);
        return true;
    };
    if (ticket == alone_ticket_)
    {
        alone_ticket_ = 0;
        if (smaller(alone_limit_))
            return;
        if (phase_ == phase::probe) // older than the method, or without it
            return begin_fallback();
        return fail("the node refuses: " + words);
    }
    for (window& w : windows_)
        if (w.ticket == ticket)
        {
            w.ticket = 0;
            if (!smaller(w.limit))
                fail("the node refuses to give " + detail::history_range(w.bottom, w.top - w.rows.size()) + ": " +
                     words);
            return;
        }
    if (ticket == statistics_ticket_)
        return fail("the node refuses the account's statistics: " + words);
    for (header_query const& h : headers_wanted_)
        if (h.ticket == ticket)
            return fail("the node refuses the header of block " + std::to_string(h.block) + ": " + words);
}

BITSHARES_LAZY void history_paging::on_invalid(std::uint64_t ticket, error what)
{
    if (ticket != 0 && phase_ != phase::ended)
        fail(std::move(what));
}

BITSHARES_LAZY bool history_paging::pop(std::vector<history_record>& page)
{
    page.clear();
    if (phase_ != phase::reading && phase_ != phase::walk)
        return false;
    if (windows_.empty())
    {
        // Only next() opens windows, so that nothing is left is known by the numbers.
        if (phase_ == phase::walk ? walked_ == expected()
            : fallback_           ? surveyed_.empty()
                                  : cursor_ < low_ || cursor_ > high_)
        {
            phase_ = phase::ended;
            done_ = true;
        }
        return false;
    }
    window& w = windows_.front();
    if (w.missing() != 0 || times_missing(w.rows))
        return false;
    bool const oldest = options_.order == history_order::oldest_first;
    std::uint64_t const first = oldest ? w.rows.back().id.instance : w.rows.front().id.instance;
    if (last_id_taken_ && (oldest ? first <= *last_id_taken_ : first >= *last_id_taken_))
    {
        std::string const name = detail::history_name(first);
        fail(first == *last_id_taken_ ? "operation " + name + " comes twice, as number " +
                                            std::to_string(oldest ? w.bottom - 1 : w.top + 1) + " and " +
                                            std::to_string(oldest ? w.bottom : w.top) + ": another one is missing"
                                      : "operation " + name + ", number " + std::to_string(oldest ? w.bottom : w.top) +
                                            ", is on the wrong side of " + detail::history_name(*last_id_taken_));
        return false;
    }
    last_id_taken_ = oldest ? w.rows.front().id.instance : w.rows.back().id.instance;
    checked_ += w.rows.size();
    page.reserve(w.rows.size());
    for (std::size_t i = 0; i < w.rows.size(); ++i)
    {
        std::size_t const at = oldest ? w.rows.size() - 1 - i : i;
        operation_history_object& row = w.rows[at];
        if (row.block_time.seconds == 0)
            row.block_time = header_times_[row.block_num];
        if (!fits(row))
            continue;
        page.emplace_back();
        static_cast<operation_history_object&>(page.back()) = std::move(row);
        page.back().sequence = w.top - at;
    }
    // Blocks that are passed are asked for no more.
    if (oldest)
        header_times_.erase(header_times_.begin(), header_times_.lower_bound(w.rows.front().block_num));
    else
        header_times_.erase(header_times_.upper_bound(w.rows.back().block_num), header_times_.end());
    windows_.pop_front();
    return true;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
