#include "sinks.hpp"

#include <bitshares/protocol/json.hpp>

#include <set>
#include <utility>

namespace exporter {

using namespace bitshares;

namespace {

class line_sink final : public ledger_sink
{
public:
    line_sink(basic_export_format<ledger_source> const& format, history_labels const& labels, bool transaction_ids)
        : format_(format), labels_(labels), transaction_ids_(transaction_ids)
    {}

    void begin(std::string& out) override { append_header(out, format_, transaction_ids_); }

    std::uint64_t write(std::string& out, std::span<pending_row const> rows) override
    {
        std::uint64_t lines = 0;
        for (pending_row const& r : rows)
            for (ledger_posting const& posting : r.row.postings)
            {
                append_row(out, format_, {r.row, posting, r.number, r.event, labels_}, transaction_ids_, scratch_);
                ++lines;
            }
        return lines;
    }

private:
    basic_export_format<ledger_source> const& format_;
    history_labels const& labels_;
    bool transaction_ids_;
    std::string scratch_;
};

class tracker_sink final : public ledger_sink
{
public:
    tracker_sink(tracker_format const& format, history_labels const& labels, bool daily)
        : format_(format), labels_(labels), daily_(daily)
    {}

    void begin(std::string& out) override { append_header<movement_source>(out, format_, true); }

    // Fills of a day wait for its end; until then their counterparties' names may have been forgotten.
    void need(history_labels& labels) const override
    {
        for (account_id id : waiting_)
            labels.need(id);
    }

    std::uint64_t write(std::string& out, std::span<pending_row const> rows) override
    {
        rows_.clear();
        for (pending_row const& r : rows)
            rows_.push_back(r.row);
        movements_.clear();
        if (auto const done =
                append_movements(rows_, rows.empty() ? nullptr : rows.front().event, format_.fees, movements_);
            !done)
            throw exception(done.error());
        if (!daily_)
            return lines(out, movements_);
        ready_.clear();
        std::set<account_id> now;
        for (movement& m : movements_)
        {
            now.insert(m.counterparties.begin(), m.counterparties.end());
            days_.add(std::move(m), ready_);
        }
        if (!ready_.empty()) // another day
            waiting_.clear();
        waiting_.insert(now.begin(), now.end());
        return lines(out, ready_);
    }

    std::uint64_t finish(std::string& out) override
    {
        ready_.clear();
        days_.finish(ready_);
        return lines(out, ready_);
    }

    std::optional<std::string> state() const override
    {
        return daily_ ? std::nullopt : std::optional<std::string>("{}");
    }

private:
    std::uint64_t lines(std::string& out, std::vector<movement> const& all)
    {
        for (movement const& m : all)
            append_row<movement_source>(out, format_, {m, labels_}, true, scratch_);
        return all.size();
    }

    tracker_format const& format_;
    history_labels const& labels_;
    bool daily_;
    daily_fills days_;
    std::set<account_id> waiting_;
    std::vector<ledger_row> rows_;
    std::vector<movement> movements_, ready_;
    std::string scratch_;
};

class journal_sink final : public ledger_sink
{
public:
    journal_sink(journal_format const& format, std::string_view account, history_labels const& labels)
        : writer_(format, account), labels_(labels)
    {}

    void begin(std::string& out) override { writer_.begin(out); }
    bool wants_balances() const override { return true; }
    void opening(std::string& out, std::span<statement_line const> lines, time_point_sec time) override
    {
        writer_.opening(out, lines, labels_, time);
    }

    std::uint64_t write(std::string& out, std::span<pending_row const> rows) override
    {
        for (pending_row const& r : rows)
            writer_.add(out, r.row, r.event, labels_);
        return rows.size();
    }

    void closing(std::string& out, std::span<statement_line const> lines, time_point_sec time) override
    {
        writer_.closing(out, lines, labels_, time);
    }

    std::optional<std::string> state() const override
    {
        return to_json(used{{writer_.used().begin(), writer_.used().end()}});
    }
    bool set_state(std::string_view json) override
    {
        json_options options;
        options.mode = json_mode::strict;
        auto read = from_json<used>(json, options);
        if (read)
            writer_.set_used({read->accounts.begin(), read->accounts.end()});
        return read.has_value();
    }

private:
    struct used
    {
        std::vector<journal_writer::use> accounts;

        BITSHARES_FIELDS((accounts))
    };

    journal_writer writer_;
    history_labels const& labels_;
};

} // namespace

std::vector<row_format> all_row_formats()
{
    std::vector<row_format> all;
    auto const add = [&all](auto const& formats) {
        for (auto const& f : formats)
            all.push_back(&f);
    };
    add(ledger_formats);
    add(export_formats);
    add(tracker_formats);
    add(journal_formats);
    return all;
}

std::string_view name_of(row_format const& format)
{
    return std::visit([](auto const* f) { return f->name; }, format);
}

std::string_view description_of(row_format const& format)
{
    return std::visit([](auto const* f) { return f->description; }, format);
}

std::optional<row_format> find_row_format(std::string_view name)
{
    for (row_format const& format : all_row_formats())
        if (name_of(format) == name)
            return format;
    return std::nullopt;
}

std::unique_ptr<ledger_sink> make_sink(row_format const& format, std::string_view account, history_labels const& labels,
                                       bool transaction_ids, bool daily)
{
    if (auto const* const* const tracker = std::get_if<tracker_format const*>(&format))
        return std::make_unique<tracker_sink>(**tracker, labels, daily);
    if (auto const* const* const journal = std::get_if<journal_format const*>(&format))
        return std::make_unique<journal_sink>(**journal, account, labels);
    auto const* const* const lines = std::get_if<basic_export_format<ledger_source> const*>(&format);
    return std::make_unique<line_sink>(lines ? **lines : ledger_formats[0], labels, transaction_ids);
}

} // namespace exporter
