#include "ledger_job.hpp"

#include "feed.hpp"
#include "localisation.hpp"
#include "transaction_ids.hpp"

#include <bitshares/history/ledger_formats.hpp>
#include <bitshares/history/ledger_queries.hpp>
#include <bitshares/history/ledger_state.hpp>
#include <bitshares/history/reconciliation.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>
#include <common/patient.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <span>

namespace exporter {

using namespace bitshares;

namespace {

constexpr std::size_t rows_at_once = 1000; // so many share one round of look-ups
constexpr int snapshots = 3;               // a difference has to be there in each, at different head blocks
constexpr int rereads = 100;               // of an account that never rests

using program::patiently;

// What of a vesting balance counts here; its policy may be one newer than this program.
struct vesting_reply
{
    std::optional<account_id> owner;
    std::optional<asset> balance;

    BITSHARES_FIELDS((owner), (balance))
};

class ledger_job
{
public:
    ledger_job(blocking_client& node, std::vector<history_source*> const& sources, account const& account,
               settings const& s, output_file& out, progress& shown, interrupt& ctrl_c)
        : node_(node),
          sources_(sources),
          account_(account),
          s_(s),
          out_(out),
          shown_(shown),
          ctrl_c_(ctrl_c),
          books_(account.id, patiently([&node] { return read_ledger_parameters(node); })),
          sink_(make_sink(s.format, account.name, labels_, s.transaction_ids, s.daily_fills)),
          ids_(node),
          clock_(s)
    {
        labels_.put(account.id, account.name);
    }

    void run(summary& result)
    {
        if (s_.at)
            check_at();
        std::optional<checkpoint_state> saved;
        if (lines())
            saved = resume(out_, s_, account_.id, result.proof);
        else
            out_.restart();
        if (saved)
            go_on_behind(*saved, result);
        else if (lines())
            sink_->begin(out_.buffer());
        read({}, result, saved);
        if (!gaps_)
            reconcile(result);
        if (lines())
            finish(result);
        else
            write_statement(result);
        result.operations = fed_;
        name_uncertainties(result);
        if (!gaps_)
            compare_objects(result);
        result.reconciled = result.difference.empty() && !gaps_;
        result.proof.expect(result.count, std::nullopt, true);
    }

private:
    bool lines() const { return s_.what == settings::content::ledger; }

    // Of the future, a statement would be a guess.
    void check_at()
    {
        auto const now =
            patiently([this] { return node_.try_call(database::get_dynamic_global_properties()); }).value();
        if (*s_.at > now.time)
            throw failed_export(exit_code::usage, "usage",
                                "--at " + s_.at->to_string() + " is later than the chain, where it is " +
                                    now.time.to_string(),
                                "--balances says what there is now.");
    }

    void go_on_behind(checkpoint_state const& saved, summary& result)
    {
        if (!saved.books || !load_ledger(books_, saved.books->text) || !sink_->set_state(saved.sink.text))
            throw stale_checkpoint();
        // What the balances were is all that is known of how they came: a difference begins with reading everything.
        ledger_row before;
        before.place.id = saved.last.id;
        for (auto const& [asset, amount] : books_.balances())
            before.postings.push_back({ledger_bucket::liquid, {}, {amount, asset}, amount});
        compare_.note(std::span(&before, 1));
        fed_ = saved.operations;
        last_ = saved.last.id;
        last_at_ = saved.last;
        last_digest_ = saved.digest;
        opened_ = saved.opened;
        result.rows = saved.rows;
        result.parts = saved.parts;
        result.resumed = resumed_ = true;
    }

    // Everything until now is in the file, and in the books.
    void save_checkpoint(summary const& result)
    {
        auto const sink = sink_->state();
        if (!sink || fed_ == 0 || closing_ || gaps_)
            return;
        out_.checkpoint(to_json(checkpoint_state{key_of(s_),
                                                 result.chain_id,
                                                 account_.id,
                                                 result.rows,
                                                 fed_,
                                                 last_at_,
                                                 last_digest_,
                                                 opened_,
                                                 {result.proof.state()},
                                                 {*sink},
                                                 raw_json{save_ledger(books_)},
                                                 result.parts}));
    }

    // From behind `last` on, or from the checkpoint, or everything.
    void read(std::optional<operation_history_id> last, summary& result,
              std::optional<checkpoint_state> const& saved = std::nullopt)
    {
        history_options options = s_.history;
        options.order = history_order::oldest_first;
        options.from.reset();
        options.to.reset();
        if (saved)
            options.first = saved->last.id; // once more: it has to be the same
        else if (last)
            options.first = operation_history_id(last->instance + 1);
        bool verified = !saved;
        std::vector<history_part> const parts_before = result.parts;
        history_feed history(node_, sources_, account_, options);
        std::vector<history_record> page, batch;
        auto const next = [&] {
            try
            {
                return history.next(page);
            }
            catch (exception const& e)
            {
                if (!s_.allow_gaps || e.code() != errc::history_incomplete || history.count().total == 0)
                    throw;
                result.proof.give_up(std::string(e.error().message()));
                gaps_ = true;
                return false;
            }
        };
        for (bool more = true; more;)
        {
            batch.clear();
            while (more && batch.size() < rows_at_once && (more = next()))
            {
                if (!verified && !page.empty())
                {
                    if (page.front().sequence != saved->last.sequence || digest_of(page.front()) != saved->digest)
                        throw stale_checkpoint();
                    page.erase(page.begin());
                    verified = true;
                }
                batch.insert(batch.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
                if (history.checked() == 0)
                    shown_.update("surveyed", history.surveyed(), history.expected());
                else
                    shown_.update("read", history.checked(), history.expected());
                if (auto const count = history.count(); count.removed != 0 && s_.allow_gaps)
                    gaps_ = true;
                else if (count.removed != 0)
                    throw failed_export(exit_code::incomplete, name(errc::history_incomplete),
                                        "the node has forgotten the account's oldest " + std::to_string(count.removed) +
                                            " operations, and a ledger begins with the first",
                                        "Try another --node, or --events for the operations that it has.");
            }
            book(batch, result);
            result.parts = together(parts_before, history.parts(), saved ? saved->last.sequence : 0);
            if (lines() && clock_.due())
                save_checkpoint(result);
            if (ctrl_c_.requested())
                throw interrupted();
        }
        if (!verified)
            throw stale_checkpoint();
        if (!last)
        {
            result.count = history.count();
            result.fallback = history.uses_fallback();
            auto const& h = s_.history;
            result.whole_range = !h.from && !h.to;
        }
        result.count.total = history.count().total;
    }

    void book(std::vector<history_record>& batch, summary& result)
    {
        patiently([&] { read_ticket_times(node_, batch, books_.parameters()); });
        events_.resize(std::max(events_.size(), batch.size()));
        pending_.clear();
        for (std::size_t i = 0; i < batch.size(); ++i)
        {
            history_record const& record = batch[i];
            result.proof.add(record);
            if (s_.at && !at_ && record.block_time > *s_.at)
                take_statement_at();
            if (lines())
                take_edges(record.block_time);
            rows_.clear();
            if (auto const done = books_.apply(record, rows_); !done)
                throw exception(done.error());
            compare_.note(rows_);
            last_ = record.id;
            last_at_ = {record.sequence, record.id, record.block_num};
            last_time_ = record.block_time;
            ++fed_;
            if (!lines())
                continue;
            bool classified = false;
            unsigned number = 0;
            for (ledger_row& row : rows_)
            {
                if (row.record)
                    ++number;
                if (!wanted(row))
                    continue;
                if (row.record && !std::exchange(classified, true))
                {
                    classify(record, account_.id, events_[i]);
                    labels_.need(events_[i]);
                }
                for (ledger_posting const& p : row.postings)
                    labels_.need(p.amount.asset_id);
                bool const has_operation = row.record != nullptr;
                if (has_operation && s_.transaction_ids && (looked_up_.empty() || looked_up_.back().id != record.id))
                    looked_up_.push_back(record);
                pending_.push_back({std::move(row), has_operation ? number : 1, has_operation ? &events_[i] : nullptr});
            }
        }
        if (!batch.empty())
            last_digest_ = digest_of(batch.back());
        write(result);
    }

    // What was there at the edges of the range, for a format that says so.
    void take_edges(time_point_sec next)
    {
        history_options const& h = s_.history;
        if (!sink_->wants_balances() || filtered())
            return;
        auto const until = [this](time_point_sec edge) {
            rows_.clear();
            if (auto const done = books_.advance({edge.seconds - 1}, rows_); !done)
                throw exception(done.error());
            compare_.note(rows_);
            std::vector<statement_line> lines = make_statement(books_);
            for (statement_line const& line : lines)
                labels_.need(line.asset_id);
            return lines;
        };
        if (h.from && h.from->seconds != 0 && !opened_ && next >= *h.from)
        {
            opening_ = until(*h.from);
            opened_ = true;
        }
        if (h.to && h.to->seconds != 0 && !closing_ && next >= *h.to)
            closing_ = until(*h.to);
    }

    // Without some of the rows, the balances are not their sums.
    bool filtered() const { return s_.only != history_filter(); }

    // This chooses what is written; the books need everything.
    bool wanted(ledger_row const& row) const
    {
        history_options const& h = s_.history;
        if ((h.from && row.place.time < *h.from) || (h.to && row.place.time >= *h.to))
            return false;
        return !filtered() || (row.record && s_.only.matches(*row.record));
    }

    void write(summary& result)
    {
        sink_->need(labels_);
        if (!labels_.complete())
            fetch_labels(node_, labels_);
        ids_.fetch(looked_up_);
        looked_up_.clear();
        if (opening_)
            sink_->opening(out_.buffer(), *opening_, *s_.history.from);
        opening_.reset();
        for (std::size_t begin = 0, end = 0; begin < pending_.size(); begin = end)
        {
            pending_row const& first = pending_[begin];
            for (end = begin + 1; first.event && end < pending_.size() && pending_[end].event == first.event;)
                ++end;
            if (s_.transaction_ids && first.event)
                events_[static_cast<std::size_t>(first.event - events_.data())].transaction_id =
                    ids_.of(*first.row.record);
            result.rows += sink_->write(out_.buffer(), std::span(pending_).subspan(begin, end - begin));
            out_.drain();
        }
        pending_.clear();
        labels_.trim();
    }

    // Behind the last row.
    void finish(summary& result)
    {
        if (s_.history.from)
            take_edges(*s_.history.from);
        write(result);
        if (s_.since_checkpoint)
            save_checkpoint(result);
        sink_->need(labels_);
        auto const end = closing_ ? *closing_ : make_statement(books_);
        for (statement_line const& line : end)
            labels_.need(line.asset_id);
        if (!labels_.complete())
            fetch_labels(node_, labels_);
        result.rows += sink_->finish(out_.buffer());
        if (sink_->wants_balances() && !filtered())
            sink_->closing(out_.buffer(), end,
                           closing_ ? time_point_sec{s_.history.to->seconds - 1} : std::max(told_.time, last_time_));
    }

    // What happens without an operation until then.
    void advance(time_point_sec time, summary& result)
    {
        if (s_.at && !at_ && time > *s_.at)
            take_statement_at();
        rows_.clear();
        if (auto const done = books_.advance(time, rows_); !done)
            throw exception(done.error());
        compare_.note(rows_);
        for (ledger_row& row : rows_)
            if (lines() && wanted(row))
            {
                for (ledger_posting const& p : row.postings)
                    labels_.need(p.amount.asset_id);
                pending_.push_back({std::move(row), 1, nullptr});
            }
        write(result);
    }

    void take_statement_at()
    {
        rows_.clear();
        if (auto const done = books_.advance(*s_.at, rows_); !done)
            throw exception(done.error());
        compare_.note(rows_);
        at_ = make_statement(books_);
    }

    void reconcile(summary& result)
    {
        std::optional<std::uint32_t> head;
        int differing = 0; // snapshots in a row, each of another head block
        for (int reread = 0;;)
        {
            auto const told = patiently([&] {
                return read_balances(node_, account_.id, account_.statistics, books_.parameters().block_interval, head);
            });
            if (ctrl_c_.requested())
                throw interrupted();
            if (told.total_ops > fed_ && reread++ < rereads) // it went on meanwhile
            {
                read(last_, result);
                differing = 0;
                continue;
            }
            std::vector<balance_difference> differences;
            if (told.total_ops == fed_)
            {
                advance(told.time, result);
                differences = compare_.check(books_, told.balances);
                if (differences.empty())
                {
                    told_ = told;
                    return;
                }
            }
            if (++differing == snapshots)
            {
                if (resumed_)
                    throw stale_checkpoint();
                if (told.total_ops != fed_) // a fork, or nodes of different state behind one address
                    throw exception(
                        error(errc::history_incomplete, std::to_string(fed_) + " operations were read, and " +
                                                            std::to_string(told.total_ops) + " are counted"));
                std::string why = told_apart(differences) + where(differences.front());
                bool const bounded = std::all_of(differences.begin(), differences.end(),
                                                 [](balance_difference const& d) { return d.within_bounds; });
                if (!s_.allow_uncertain || !bounded)
                    throw failed_export(exit_code::incomplete, "not_reconciled", why,
                                        bounded ? "Try another --node; --allow-uncertain writes the file all the same, "
                                                  "--events the operations without this proof."
                                                : "Try another --node; --events writes the operations without this "
                                                  "proof.");
                result.difference = std::move(why);
                told_ = told;
                return;
            }
            head = told.head_block;
        }
    }

    // One for each asset and reason, in the order in which they arose.
    void name_uncertainties(summary& result)
    {
        struct group
        {
            ledger_uncertainty sum;
            std::uint64_t count = 0;
        };
        std::vector<group> groups;
        auto const added = [](std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
            std::int64_t sum = 0;
            return a && b && !__builtin_add_overflow(*a, *b, &sum) ? std::optional(sum) : std::nullopt;
        };
        for (ledger_uncertainty const& u : books_.uncertainties())
        {
            auto const same = std::find_if(groups.begin(), groups.end(), [&u](group const& g) {
                return g.sum.asset_id == u.asset_id && g.sum.reason == u.reason;
            });
            group& g = same != groups.end() ? *same : groups.emplace_back(group{u, 0});
            if (g.count++ != 0)
            {
                g.sum.lower = added(g.sum.lower, u.lower);
                g.sum.upper = added(g.sum.upper, u.upper);
            }
            if (u.asset_id)
                labels_.need(*u.asset_id);
        }
        if (!labels_.complete())
            fetch_labels(node_, labels_);
        for (group const& g : groups)
        {
            unsigned const precision = g.sum.asset_id ? labels_.label(*g.sum.asset_id).precision : 0;
            auto const text = [precision](std::optional<std::int64_t> amount) {
                return amount ? format_amount(*amount, precision) : std::string();
            };
            result.uncertainties.push_back({std::string(g.sum.reason),
                                            g.sum.asset_id ? labels_.label(*g.sum.asset_id).symbol : std::string(),
                                            text(g.sum.lower), text(g.sum.upper), g.count,
                                            g.sum.place.block_num != 0 ? g.sum.place.id.to_string() : std::string()});
        }
    }

    std::string told_apart(std::vector<balance_difference> const& differences)
    {
        for (auto const& d : differences)
            labels_.need(d.asset_id);
        if (!labels_.complete())
            fetch_labels(node_, labels_);
        balance_difference const& d = differences.front();
        asset_label const& label = labels_.label(d.asset_id);
        auto const amount = [&label](std::int64_t value) { return format_amount(value, label.precision); };
        std::string text = "the balances do not add up: of " + label.symbol + " (" + d.asset_id.to_string() +
                           ") the node says " + amount(d.expected) + ", the operations " + amount(d.got);
        if (d.within_bounds)
            text += "; what operations do not tell has room for it";
        if (differences.size() > 1)
            text += "; and of " + std::to_string(differences.size() - 1) + " more";
        return text;
    }

    /* Orders with their deferred fees, positions, tickets and the rest as the node has them: no balance depends on it yet, so that
       a difference is named, and no more. It has to be there twice, as what waits for the next block is in it. */
    void compare_objects(summary& result)
    {
        struct objects
        {
            std::vector<holding_difference> amounts;
            std::map<ticket_id, ticket_object> tickets;
        };
        auto const look = [this] {
            auto const told = patiently([this] { return read_holdings(node_, account_.id, books_.holdings()); });
            objects found{compare_holdings(books_.holdings(), told), {}};
            for (ticket_id const id : compare_tickets(books_.tickets(), told))
                found.tickets.insert(*told.tickets.find(id));
            return found;
        };
        objects const first = look();
        if (first.amounts.empty() && first.tickets.empty())
            return;
        auto const later = patiently([this] {
            return read_balances(node_, account_.id, account_.statistics, books_.parameters().block_interval,
                                 told_.head_block);
        });
        if (later.total_ops != fed_) // it goes on, and the books are no more what is compared
            return;
        objects const second = look();
        for (holding_difference const& d : second.amounts)
            if (std::find(first.amounts.begin(), first.amounts.end(), d) != first.amounts.end())
                labels_.need(d.holding.asset_id);
        if (!labels_.complete())
            fetch_labels(node_, labels_);
        for (holding_difference const& d : second.amounts)
        {
            if (std::find(first.amounts.begin(), first.amounts.end(), d) == first.amounts.end())
                continue;
            asset_label const& label = labels_.label(d.holding.asset_id);
            std::string const by = format_amount(d.expected - d.got, label.precision);
            result.uncertainties.push_back({"the node has another amount in " + std::string(name(d.holding.bucket)) +
                                                ' ' + d.holding.object.to_string(),
                                            label.symbol, by, by, 1, ""});
        }
        for (auto const& [id, ticket] : second.tickets)
            if (first.tickets.contains(id))
                result.uncertainties.push_back({"the node has ticket " + id.to_string() +
                                                    " otherwise than its operations leave it: its next step is at " +
                                                    ticket.next_auto_update_time.to_string(),
                                                labels_.label(core_asset).symbol, "", "", 1, ""});
    }

    // What operations themselves leave open needs no search; of the rest, the node may know more.
    std::string where(balance_difference const& d)
    {
        if (d.within_bounds && d.first)
            return "; it can come from " + std::string(d.first->tag ? operation_traits(*d.first->tag).name : "") + ' ' +
                   d.first->id.to_string() + " in block " + std::to_string(d.first->block_num) + " on (" +
                   std::string(d.reason) + ")";
        return where_it_arises(node_, account_, s_, books_.parameters(), d, shown_, ctrl_c_);
    }

    // What is in vesting balances, by asset; nothing where the node does not tell, for nothing is compared with it.
    std::optional<std::map<asset_id, std::int64_t>> read_vesting(summary const& result)
    {
        auto const asked = database::get_vesting_balances(account_.id.to_string());
        auto const told = patiently([&] {
            return node_.try_call(
                request<std::vector<vesting_reply>>(asked.api(), asked.method(), asked.params_json()));
        });
        if (!told)
        {
            shown_.clear();
            std::cerr << "bts-export: "
                      << program::printable(result.node +
                                            " does not tell the account's vesting balances, and the column "
                                            "vesting_node is empty: " +
                                            program::shortened(told.error().message()))
                      << '\n';
            return std::nullopt;
        }
        std::map<asset_id, std::int64_t> sums;
        for (vesting_reply const& v : *told)
        {
            if (v.owner != account_.id || !v.balance)
                throw exception(error(errc::invalid_reply, "one of the node's vesting balances of " + account_.name +
                                                               " is another's or lacks its owner or balance"));
            std::int64_t& sum = sums[v.balance->asset_id];
            if (__builtin_add_overflow(sum, v.balance->amount, &sum))
                throw exception(error(errc::amount_overflow, "the node's vesting balances of " + account_.name +
                                                                 " in " + v.balance->asset_id.to_string()));
        }
        return sums;
    }

    void write_statement(summary& result)
    {
        if (s_.at && !at_)
            take_statement_at(); // it is later than everything
        auto const vesting = s_.at ? std::nullopt : read_vesting(result);
        auto const lines = s_.at ? *at_ : make_statement(books_, &told_.balances, vesting ? &*vesting : nullptr);
        time_point_sec const time = s_.at ? *s_.at : told_.time;
        for (statement_line const& line : lines)
            labels_.need(line.asset_id);
        if (!labels_.complete())
            fetch_labels(node_, labels_);
        auto const& format = statement_formats[s_.json_lines ? 1 : 0];
        append_header(out_.buffer(), format, false);
        for (statement_line const& line : lines)
        {
            append_row(out_.buffer(), format, {line, time, labels_}, false, scratch_);
            ++result.rows;
            out_.drain();
        }
    }

    blocking_client& node_;
    std::vector<history_source*> sources_;
    account const& account_;
    settings const& s_;
    output_file& out_;
    progress& shown_;
    interrupt& ctrl_c_;
    ledger books_;
    reconciliation compare_;
    history_labels labels_;
    std::unique_ptr<ledger_sink> sink_;
    transaction_ids ids_;
    checkpoint_clock clock_;
    std::vector<history_row> events_;
    std::vector<ledger_row> rows_;
    std::vector<pending_row> pending_;
    std::vector<history_record> looked_up_; // whose transaction ids are to be fetched
    std::optional<std::vector<statement_line>> at_;
    std::optional<std::vector<statement_line>> opening_, closing_; // of a range
    std::optional<operation_history_id> last_;
    history_neighbour last_at_; // the same
    std::string last_digest_;
    time_point_sec last_time_;
    std::uint64_t fed_ = 0;
    bool opened_ = false;  // what was there before the range is written, or will be
    bool resumed_ = false; // behind a checkpoint
    bool gaps_ = false;    // operations are missing, as was allowed
    balance_snapshot told_;
    std::string scratch_;
};

} // namespace

void export_ledger(blocking_client& node, std::vector<history_source*> const& sources, account const& account,
                   settings const& s, output_file& out, progress& shown, interrupt& ctrl_c, summary& result)
{
    ledger_job(node, sources, account, s, out, shown, ctrl_c).run(result);
}

} // namespace exporter
