#include "feed.hpp"

#include "export_job.hpp"

#include <bitshares/history/requests.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>
#include <common/patient.hpp>

#include <algorithm>

namespace exporter {

using namespace bitshares;

namespace {

std::uint32_t head_of(blocking_client& node)
{
    return program::patiently([&] { return node.try_call(database::get_dynamic_global_properties()); })
        .value()
        .head_block_number;
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
    : client_(node)
{
    if (sources.empty())
    {
        node_.emplace(node, account.id, account.statistics, options);
        return;
    }
    newest_head_ = head_ = head_of(node); // before it counts: what is in these blocks, is counted
    counted_ = count_of(node, account).total;
    to_newest_ = !options.to && !options.last;
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
        if (!sources_->next(page))
            return false;
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
    check_count(page);
    return true;
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
        if (record.block_num > newest_head_ + unsettled)
            newest_head_ = head_of(client_);
        if (record.block_num + unsettled > head_ && record.block_num <= newest_head_ + unsettled)
            continue;
        std::string const counts = counted_ == 0 ? "no operation of the account" : "only " + std::to_string(counted_);
        auto const& parts = sources_->parts();
        auto const from = std::find_if(parts.begin(), parts.end(),
                                       [&](history_part const& part) { return part.last >= record.sequence; });
        throw failed_export(exit_code::incomplete, "sources_differ",
                            from->source + ": operation " + record.id.to_string() + " of block " +
                                std::to_string(record.block_num) + " is the account's number " +
                                std::to_string(record.sequence) + ", but at block " + std::to_string(head_) +
                                " the node counts " + counts,
                            counted_ == 0 ? "Name a --node that counts them: it needs the plugin account_history or "
                                            "elasticsearch, for this account."
                                          : "Is the source of this account, and of this chain?");
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
    return to_newest_ && counted_ > newest ? there + counted_ - newest : there; // the sources are behind the node
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
