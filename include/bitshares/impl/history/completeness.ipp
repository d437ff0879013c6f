#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/history/completeness.hpp>
#include <bitshares/protocol/json.hpp>

#include <algorithm>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// A number that says nothing of the other (splitmix64): which operations are in the sample is fixed, and without a pattern.
inline std::uint64_t scattered(std::uint64_t n)
{
    n += 0x9e3779b97f4a7c15;
    n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
    n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
    return n ^ (n >> 31);
}

// Of what all sources tell alike: where it stands, what it is, what came of it. Each node counts ids for itself.
template <class Row>
std::string digest_of(Row const& row)
{
    std::string text = std::to_string(row.block_num) + ' ' + std::to_string(row.trx_in_block) + ' ' +
                       std::to_string(row.op_in_trx) + ' ';
    bitshares::write_json(text, row.op);
    bitshares::write_json(text, row.result);
    return to_hex(sha256({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()}).data); // NOLINT
}

struct completeness_state
{
    std::uint64_t version = 1;
    bool newest_first = false;
    std::optional<history_neighbour> first, previous;
    time_point_sec previous_time;
    std::uint64_t operations = 0, virtual_operations = 0, missing = 0, gap_count = 0, fault_count = 0;
    std::vector<history_gap> gaps;
    std::vector<history_fault> faults;
    std::vector<completeness::sample> samples;

    BITSHARES_FIELDS((version), (newest_first), (first), (previous), (previous_time), (operations),
                     (virtual_operations), (missing), (gap_count), (fault_count), (gaps), (faults), (samples))
};

// Members of a JSON object, with numbers as numbers whatever their size.
class json_object
{
public:
    explicit json_object(std::string& out) : out_(out) { out_ += '{'; }

    json_object& add(std::string_view name, std::string_view json)
    {
        if (!std::exchange(first_, false))
            out_ += ',';
        out_.append(1, '"').append(name).append("\":").append(json);
        return *this;
    }
    json_object& text(std::string_view name, std::string_view value) { return add(name, json_quote(value)); }
    json_object& number(std::string_view name, std::uint64_t value) { return add(name, std::to_string(value)); }
    json_object& boolean(std::string_view name, bool value) { return add(name, value ? "true" : "false"); }
    void end() { out_ += '}'; }

private:
    std::string& out_;
    bool first_ = true;
};

inline std::string json_of(std::optional<history_neighbour> const& n)
{
    if (!n)
        return "null";
    std::string out;
    json_object(out)
        .number("sequence", n->sequence)
        .text("operation_id", n->id.to_string())
        .number("block", n->block_num)
        .end();
    return out;
}

template <class List, class Write>
std::string json_list(List const& list, Write write)
{
    std::string out = "[";
    for (auto const& item : list)
        out.append(out.size() > 1 ? "," : "").append(write(item));
    return out += ']';
}

} // namespace detail

BITSHARES_DECL void completeness::expect(history_count const& count, std::optional<history_bounds> range,
                                         bool forgotten_missing)
{
    forgotten_missing_ = forgotten_missing;
    count_ = count;
    range_ = std::move(range);
    expected_ = true;
}

BITSHARES_DECL void completeness::add_gap(std::uint64_t first, std::uint64_t last,
                                          std::optional<history_neighbour> before,
                                          std::optional<history_neighbour> after, std::string reason)
{
    ++gap_count_;
    missing_ += last - first + 1;
    if (gaps_.size() < max_listed)
        gaps_.push_back({first, last, before, after, std::move(reason)});
}

BITSHARES_DECL bool completeness::place(history_neighbour const& at, time_point_sec time, bool is_virtual)
{
    std::uint64_t const problems = gap_count_ + fault_count_;
    auto const fault = [&](char const* what) {
        ++fault_count_;
        if (faults_.size() < max_listed)
            faults_.push_back({what, *previous_, at});
    };
    if (previous_)
    {
        history_neighbour const& older = newest_first_ ? at : *previous_;
        history_neighbour const& newer = newest_first_ ? *previous_ : at;
        if (at.sequence == previous_->sequence || at.id == previous_->id)
        {
            fault("duplicate");
            return false; // what comes next is to fit to the first of them
        }
        if (older.sequence > newer.sequence)
            fault("order");
        else if (newer.sequence - older.sequence > 1)
            add_gap(older.sequence + 1, newer.sequence - 1, older, newer, {});
        if (older.id.instance > newer.id.instance)
            fault("id_order");
        if (older.block_num > newer.block_num)
            fault("block_order");
        if (newest_first_ ? time > previous_time_ : time < previous_time_)
            fault("time_order");
    }
    else
        first_ = at;
    previous_ = at;
    previous_time_ = time;
    ++operations_;
    virtual_ += is_virtual;
    return gap_count_ + fault_count_ == problems;
}

BITSHARES_DECL bool completeness::in_sample(std::uint64_t rank) const
{
    return samples_.size() < sample_size ||
           std::any_of(samples_.begin(), samples_.end(), [rank](sample const& s) { return s.rank > rank; });
}

BITSHARES_DECL void completeness::put_sample(sample s)
{
    if (samples_.size() >= sample_size)
        samples_.erase(std::max_element(samples_.begin(), samples_.end(),
                                        [](sample const& a, sample const& b) { return a.rank < b.rank; }));
    samples_.push_back(std::move(s));
}

BITSHARES_LAZY bool completeness::add(history_record const& record)
{
    history_neighbour const at{record.sequence, record.id, record.block_num};
    bool const fits =
        place(at, record.block_time, record.is_virtual || record.virtual_op != 0 || record.op.is_virtual());
    if (std::uint64_t const rank = detail::scattered(record.sequence); in_sample(rank))
        put_sample({rank, at, record.block_time, detail::digest_of(record)});
    return fits;
}

BITSHARES_DECL void completeness::give_up(std::string reason)
{
    gave_up_ = std::move(reason);
}

BITSHARES_DECL void completeness::finish()
{
    if (!expected_ || count_.total == 0)
        return;
    std::uint64_t begin = forgotten_missing_ ? 1 : count_.removed + 1;
    std::uint64_t end = count_.total;
    if (range_ && range_->first)
        begin = std::max(begin, *range_->first);
    if (range_ && range_->last)
        end = std::min(end, *range_->last);
    // What only may be in the range is missing, too.
    bool const begin_unknown = range_ && !range_->first, end_unknown = range_ && !range_->last;
    auto const reason = [this](bool at_end_of_reading, bool bound_unknown) {
        return at_end_of_reading && !gave_up_.empty() ? gave_up_ : bound_unknown ? range_->unknown : std::string();
    };
    std::optional<history_neighbour> const low = lowest(), high = highest();
    if (std::uint64_t const there = low ? low->sequence : end + 1; begin < there)
        add_gap(begin, there - 1, std::nullopt, low,
                reason(newest_first_ || !low, begin_unknown || (!low && end_unknown)));
    if (high && high->sequence < end)
        add_gap(high->sequence + 1, end, high, std::nullopt, reason(!newest_first_, end_unknown));
}

BITSHARES_DECL std::string completeness::first_problem() const
{
    if (!gaps_.empty())
    {
        history_gap const& g = gaps_.front();
        std::string text = g.first == g.last ? "operation number " + std::to_string(g.first) + " is missing"
                                             : "operations number " + std::to_string(g.first) + " to " +
                                                   std::to_string(g.last) + " are missing";
        if (g.before)
            text += ", behind " + g.before->id.to_string() + " in block " + std::to_string(g.before->block_num);
        if (g.after)
            text += ", before " + g.after->id.to_string() + " in block " + std::to_string(g.after->block_num);
        if (!g.reason.empty())
            text += ": " + g.reason;
        if (gap_count_ > 1)
            text += "; and " + std::to_string(gap_count_ - 1) + (gap_count_ == 2 ? " more gap" : " more gaps");
        if (virtual_missing())
            text += "; no virtual operation is there, as if the source had none";
        return text;
    }
    if (!faults_.empty())
    {
        history_fault const& f = faults_.front();
        return "operation " + f.at.id.to_string() + ", number " + std::to_string(f.at.sequence) +
               ", does not fit behind " + f.before.id.to_string() + ", number " + std::to_string(f.before.sequence) +
               " (" + f.what + ")";
    }
    if (differs())
    {
        history_neighbour const& n = comparison_->different.front();
        return comparison_->source + " says something else of operation " + n.id.to_string() + ", number " +
               std::to_string(n.sequence);
    }
    return {};
}

BITSHARES_DECL void completeness::compare(std::string source)
{
    comparison_.emplace().source = std::move(source);
}

BITSHARES_LAZY void completeness::compare(sample const& s, operation_history_object const* told)
{
    if (!told)
    {
        comparison_->lacking.push_back(s.at);
        return;
    }
    ++comparison_->compared;
    if (detail::digest_of(*told) != s.digest)
        comparison_->different.push_back(s.at);
}

BITSHARES_DECL void completeness::comparison_failed(std::string reason)
{
    comparison_->error = std::move(reason);
}

BITSHARES_LAZY std::string completeness::report(completeness_subject const& s) const
{
    using detail::json_of;
    auto const list = [](auto const& items, auto write) { return detail::json_list(items, write); };
    std::string out;
    detail::json_object o(out);
    o.boolean("complete", complete() && s.reconciled.value_or(true)).text("source", s.source);
    o.text("chain_id", s.chain_id).text("account", s.account).text("account_id", s.account_id);
    o.text("format", s.format).text("file", s.file).number("bytes", s.bytes).number("rows", s.rows);
    o.text("sha256", s.sha256).number("total_ops", count_.total).number("removed_ops", count_.removed);
    o.number("operations", operations_).number("virtual_operations", virtual_).number("missing", missing_);
    o.add("from", s.from ? json_quote(s.from->to_string()) : "null");
    o.add("to", s.to ? json_quote(s.to->to_string()) : "null");
    auto const names = [&](std::vector<std::string> const& all) {
        return list(all, [](std::string const& one) { return json_quote(one); });
    };
    o.add("types", names(s.types));
    o.add("first_block", s.first_block ? std::to_string(*s.first_block) : "null");
    o.add("last_block", s.last_block ? std::to_string(*s.last_block) : "null");
    o.add("assets", names(s.assets)).add("counterparties", names(s.counterparties));
    o.add("first", json_of(lowest())).add("last", json_of(highest()));
    o.number("gap_count", gap_count_);
    o.add("gaps", list(gaps_, [](history_gap const& g) {
              std::string text;
              detail::json_object(text)
                  .number("first", g.first)
                  .number("last", g.last)
                  .add("before", json_of(g.before))
                  .add("after", json_of(g.after))
                  .add("reason", g.reason.empty() ? "null" : json_quote(g.reason))
                  .end();
              return text;
          }));
    o.boolean("virtual_missing", virtual_missing()).number("fault_count", fault_count_);
    o.add("faults", list(faults_, [](history_fault const& f) {
              std::string text;
              detail::json_object(text)
                  .text("what", f.what)
                  .add("before", json_of(f.before))
                  .add("at", json_of(f.at))
                  .end();
              return text;
          }));
    o.add("reconciled", !s.reconciled ? "null" : *s.reconciled ? "true" : "false");
    o.add("difference", s.difference.empty() ? "null" : json_quote(s.difference));
    if (!s.parts.empty())
        o.add("parts", list(s.parts, [](history_part const& p) {
                  std::string text;
                  detail::json_object(text)
                      .text("source", p.source)
                      .number("first", p.first)
                      .number("last", p.last)
                      .number("operations", p.operations)
                      .add("error", p.error.empty() ? "null" : json_quote(p.error))
                      .end();
                  return text;
              }));
    if (comparison_)
    {
        std::string text;
        detail::json_object(text)
            .text("source", comparison_->source)
            .number("compared", comparison_->compared)
            .add("different", list(comparison_->different, [](history_neighbour const& n) { return json_of(n); }))
            .add("lacking", list(comparison_->lacking, [](history_neighbour const& n) { return json_of(n); }))
            .add("error", comparison_->error.empty() ? "null" : json_quote(comparison_->error))
            .end();
        o.add("comparison", text);
    }
    else
        o.add("comparison", "null");
    o.end();
    return out += '\n';
}

BITSHARES_LAZY std::string completeness::state() const
{
    return to_json(BITSHARES_DEPENDENT(detail::completeness_state){1, newest_first_, first_, previous_, previous_time_,
                                                                   operations_, virtual_, missing_, gap_count_,
                                                                   fault_count_, gaps_, faults_, samples_});
}

BITSHARES_LAZY bool completeness::set_state(std::string_view json)
{
    json_options options;
    options.mode = json_mode::strict; // of another version, or damaged
    options.any_character = true;
    auto const s = from_json<BITSHARES_DEPENDENT(detail::completeness_state)>(json, options);
    if (!s || s->version != 1 || s->newest_first != newest_first_)
        return false;
    first_ = s->first;
    previous_ = s->previous;
    previous_time_ = s->previous_time;
    operations_ = s->operations;
    virtual_ = s->virtual_operations;
    missing_ = s->missing;
    gap_count_ = s->gap_count;
    fault_count_ = s->fault_count;
    gaps_ = s->gaps;
    faults_ = s->faults;
    samples_ = s->samples;
    return true;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
