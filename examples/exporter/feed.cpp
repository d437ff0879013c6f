#include "feed.hpp"

#include <bitshares/history/requests.hpp>
#include <common/patient.hpp>

#include <algorithm>

namespace exporter {

using namespace bitshares;

history_feed::history_feed(blocking_client& node, std::vector<history_source*> const& sources, account const& account,
                           history_options const& options)
{
    if (sources.empty())
    {
        node_.emplace(node, account.id, account.statistics, options);
        return;
    }
    if (!options.to && !options.last)
    {
        auto const told =
            program::patiently([&] { return node.try_call(history_count_request(account.statistics)); }).value();
        counted_ = read_history_count(told, account.id, account.statistics).value().total;
    }
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
        return node_->next(page);
    try
    {
        return sources_->next(page);
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
    return counted_ > newest ? there + counted_ - newest : there; // the sources are behind the node
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
