#include "feed.hpp"

#include "export_job.hpp"

#include <bitshares/history/requests.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>
#include <common/patient.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace exporter {

using namespace bitshares;

namespace {

std::uint32_t head_of(blocking_client& node)
{
    return program::patiently([&] { return node.try_call(database::get_dynamic_global_properties()); })
        .value()
        .head_block_number;
}

std::optional<std::uint64_t> first_number(history_source& source, account_id account, source_range const& range)
{
    auto const reader = source.read(account, range);
    for (std::vector<history_record> page; reader->next(page);)
        if (!page.empty())
            return page.front().sequence;
        else if (reader->uses_fallback()) // the node would have to be read as a whole
            break;
    return std::nullopt;
}

// The number of the last operation before a time; nothing where the source has none.
std::optional<std::uint64_t> last_before(history_source& source, account_id account, time_point_sec time)
{
    source_range range;
    range.filter.to = time;
    range.requests_in_flight = 1;
    try
    {
        range.order = history_order::newest_first;
        return first_number(source, account, range);
    }
    catch (std::invalid_argument const&)
    {} // it is read oldest first: what lies close before the time, and if there is nothing, more
    range.order = history_order::oldest_first;
    for (std::uint64_t seconds = 3600;; seconds *= 8)
    {
        bool const all = seconds >= time.seconds;
        if (all)
            range.filter.from.reset();
        else
            range.filter.from = time_point_sec{static_cast<std::uint32_t>(time.seconds - seconds)};
        std::optional<std::uint64_t> found;
        auto const reader = source.read(account, range);
        for (std::vector<history_record> page; reader->next(page);)
            if (!page.empty())
                found = page.back().sequence;
        if (found || all)
            return found;
    }
}

// The number of the first operation at a time or behind it; nothing where the source has none.
std::optional<std::uint64_t> first_from(history_source& source, account_id account, time_point_sec time)
{
    source_range range;
    range.filter.from = time;
    range.requests_in_flight = 1;
    return first_number(source, account, range);
}

} // namespace

history_count count_of(blocking_client& node, account const& account)
{
    auto const told =
        program::patiently([&] { return node.try_call(history_count_request(account.statistics)); }).value();
    return read_history_count(told, account.id, account.statistics).value();
}

history_feed::history_feed(blocking_client& node, std::vector<history_source*> const& sources, account const& account,
                           history_options const& options)
    : client_(node), account_(account), options_(options), all_(sources)
{
    if (sources.empty())
    {
        node_.emplace(node, account.id, account.statistics, options);
        return;
    }
    newest_head_ = head_ = head_of(node); // before it counts: what is in these blocks, is counted
    counted_ = count_of(node, account).total;
    source_range range;
    range.order = options.order;
    range.filter.types = options.types;
    range.filter.from = options.from;
    range.filter.to = options.to;
    range.filter.first = options.first;
    range.filter.last = options.last;
    range.statistics = account.statistics;
    range.requests_in_flight = options.requests_in_flight;
    sources_.emplace(sources, account.id, range);
}

bool history_feed::next(std::vector<history_record>& page)
{
    if (node_)
    {
        ended_ = !node_->next(page);
        return !ended_;
    }
    try
    {
        ended_ = !sources_->next(page);
    }
    catch (exception const& e)
    {
        // Of several, each error names its source.
        if (sources_->parts().size() > 1 || e.code() == errc::cancelled)
            throw;
        throw exception(
            error(e.code(), sources_->parts()[0].source + (e.error().detail().empty() ? "" : ": " + e.error().detail()),
                  e.error().path()));
    }
    if (ended_)
        check_newest();
    else
        check_count(page);
    return !ended_;
}

// More than the node counts is right only where it came since, or in blocks that the node does not have yet.
void history_feed::check_count(std::vector<history_record> const& page)
{
    // About so many of the newest blocks the nodes behind one address, and those that fill a cluster, need not agree.
    constexpr std::uint32_t unsettled = 20;
    for (history_record const& record : page)
    {
        if (record.sequence <= counted_)
            continue;
        if (record.sequence > beyond_.sequence)
            beyond_ = {record.sequence, record.id, record.block_num};
        if (record.block_num > newest_head_ + unsettled)
            newest_head_ = head_of(client_);
        if (record.block_num + unsettled <= head_ || record.block_num > newest_head_ + unsettled)
            not_counted({record.sequence, record.id, record.block_num}, head_, counted_);
    }
}

// What came since, or was new then, the node counts as soon as it has the block.
void history_feed::check_newest() const
{
    for (int attempt = 1; beyond_.sequence != 0; ++attempt)
    {
        std::uint32_t const head = head_of(client_);
        std::uint64_t const total = count_of(client_, account_).total;
        if (beyond_.sequence <= total || beyond_.block_num > head)
            return;
        if (attempt == 4) // and not because another node behind the same address was asked
            not_counted(beyond_, head, total);
        std::this_thread::sleep_for(std::chrono::milliseconds(250 * attempt));
    }
}

void history_feed::not_counted(history_neighbour const& at, std::uint32_t head, std::uint64_t total) const
{
    auto const& parts = sources_->parts();
    auto const from =
        std::find_if(parts.begin(), parts.end(), [&](history_part const& part) { return part.last >= at.sequence; });
    throw failed_export(exit_code::incomplete, "sources_differ",
                        from->source + ": operation " + at.id.to_string() + " of block " +
                            std::to_string(at.block_num) + " is the account's number " + std::to_string(at.sequence) +
                            ", but at block " + std::to_string(head) + " the node counts " +
                            (total == 0 ? "no operation of the account" : "only " + std::to_string(total)),
                        total == 0 ? "Name a --node that counts them: it needs the plugin account_history or "
                                     "elasticsearch, for this account."
                                   : "Is the source of this account, and of this chain?");
}

history_count history_feed::count() const
{
    if (node_)
        return node_->count();
    history_count c = sources_->count();
    c.total = std::max(c.total, counted_);
    return c;
}

std::uint64_t history_feed::expected() const
{
    if (node_)
        return node_->expected();
    std::uint64_t const there = sources_->expected().value_or(0);
    std::uint64_t const newest = sources_->count().total;
    bool const to_newest = !options_.to && !options_.last;
    return to_newest && counted_ > newest ? there + counted_ - newest : there; // the sources are behind the node
}

history_bounds history_feed::bounds(completeness const& proof, bool begun_by_node) const
{
    auto const& low = proof.lowest();
    auto const& high = proof.highest();
    std::uint64_t const total = count().total;
    if (node_ && begun_by_node) // which has looked for the ends to know what to read
    {
        if (!node_->uses_fallback())
            return {low && options_.first ? low->sequence : node_->first(), node_->last(), {}};
        if (ended_) // it was read as a whole, whatever the range
            return {low ? low->sequence : total + 1, high ? high->sequence : total, {}};
    }
    history_bounds b;
    // Before the first operation of all, and behind the newest, nothing can be missing.
    if (!options_.from || (low && low->sequence == 1))
        b.first = 1;
    if (!options_.to || (high && high->sequence >= total))
        b.last = total;
    if (bool const first = !b.first, last = !b.last; first || last)
    {
        history_bounds const told = bounds_of_node();
        if (first)
            b.first = told.first;
        if (last)
            b.last = told.last;
    }
    // A source knows of operations outside of the range only that they are there: the closest to it count.
    bool const first = !b.first, last = !b.last;
    for (history_source* source : all_)
        try
        {
            if (first && !(low && b.first == low->sequence))
                if (auto const n = last_before(*source, account_.id, *options_.from))
                    b.first = std::max(b.first.value_or(0), *n + 1);
            if (last && !(high && b.last == high->sequence))
                if (auto const n = first_from(*source, account_.id, *options_.to))
                    b.last = std::min(b.last.value_or(total), *n - 1);
        }
        catch (exception const& e)
        {
            if (e.code() == errc::cancelled)
                throw;
        }
        catch (node_refused const&)
        {}
    b.unknown =
        "whether they are in the range is not known: the node keeps no history of that time, and no source has an "
        "operation outside of the range on that side";
    return b;
}

// What is not known is what the node has forgotten, or never had.
history_bounds history_feed::bounds_of_node() const
{
    history_options range;
    range.from = options_.from;
    range.to = options_.to;
    range.page_size = 2;
    range.requests_in_flight = 1;
    history_bounds b;
    try
    {
        node_history history(client_, account_.id, account_.statistics, range);
        std::vector<history_record> page;
        history.next(page); // the ends are looked for before anything is read
        history_count const has = history.count();
        if (history.uses_fallback() || has.removed >= has.total)
            return b;
        if (has.removed == 0 || history.first() > has.removed + 1)
            b.first = history.first();
        if (has.removed == 0 || history.last() > has.removed)
            b.last = history.last();
    }
    catch (node_refused const&)
    {}
    catch (exception const& e)
    {
        if (e.code() != errc::history_incomplete)
            throw;
    }
    return b;
}

std::uint64_t history_feed::checked() const
{
    return node_ ? node_->checked() : sources_->checked();
}

std::uint64_t history_feed::surveyed() const
{
    return node_ ? node_->surveyed() : sources_->surveyed();
}

bool history_feed::uses_fallback() const
{
    return node_ ? node_->uses_fallback() : sources_->uses_fallback();
}

std::vector<history_part> history_feed::parts() const
{
    return node_ ? std::vector<history_part>() : sources_->parts();
}

std::vector<history_part> together(std::vector<history_part> before, std::vector<history_part> const& now,
                                   std::uint64_t again)
{
    for (history_part part : now)
    {
        if (part.operations != 0 && part.first == again && --part.operations != 0)
            ++part.first;
        auto const same =
            std::find_if(before.begin(), before.end(), [&](history_part const& p) { return p.source == part.source; });
        if (same == before.end())
        {
            before.push_back(part);
            continue;
        }
        if (part.operations != 0)
        {
            same->first = same->operations == 0 ? part.first : std::min(same->first, part.first);
            same->last = std::max(same->last, part.last);
            same->operations += part.operations;
        }
        same->error = part.error;
    }
    return before;
}

} // namespace exporter
