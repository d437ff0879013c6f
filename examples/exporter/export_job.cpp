#include "export_job.hpp"

#include "feed.hpp"
#include "ledger_job.hpp"
#include "lookups.hpp"
#include "transaction_ids.hpp"

#include <bitshares/base/hash.hpp>
#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/version.hpp>
#include <common/exit_code.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>

namespace exporter {

using namespace bitshares;

namespace {

constexpr std::size_t rows_at_once = 1000; // so many share one round of look-ups

struct connection
{
    std::unique_ptr<blocking_client> node;
    std::string key_prefix;
    std::vector<std::unique_ptr<history_source>> sources;

    std::vector<history_source*> feeds() const
    {
        std::vector<history_source*> all;
        for (auto const& source : sources)
            all.push_back(source.get());
        return all;
    }

    void close()
    {
        node->close();
        for (auto const& source : sources)
            source->close();
    }
};

// A client whose keys have the prefix of the node's chain.
connection connect(node_url const& url, transport_factory const& transports, settings& s, interrupt& ctrl_c)
{
    client_options options;
    options.deadline(s.deadline);
    if (s.chain_id)
        options.chain_id(*s.chain_id);
    auto const open = [&] { return std::make_unique<blocking_client>(url, transports, options); };

    connection opened;
    opened.node = open();
    chain_id_type chain;
    {
        on_interrupt const closed(ctrl_c, [&] { opened.node->close(); });
        chain = opened.node->call(database::get_chain_id());
    }
    if (auto const prefix = key_prefix_of(chain); prefix != options.key_prefix())
    {
        options.key_prefix(std::string(prefix)); // of the keys in memos and authorities
        opened.node = open();
    }
    opened.key_prefix = options.key_prefix();
    s.chain_id = chain; // of the nodes behind this one, too
    return opened;
}

// Each operation as a row.
class event_job
{
public:
    event_job(connection const& opened, account const& account, settings const& s, output_file& out, progress& shown,
              interrupt& ctrl_c)
        : node_(*opened.node),
          sources_(opened.feeds()),
          account_(account),
          s_(s),
          format_(*std::get<export_format const*>(s.format)),
          key_prefix_(opened.key_prefix),
          out_(out),
          shown_(shown),
          ctrl_c_(ctrl_c),
          ids_(*opened.node),
          clock_(s)
    {
        labels_.put(account.id, account.name);
    }

    void run(summary& result)
    {
        bool const oldest_first = s_.history.order == history_order::oldest_first;
        result.proof = completeness(s_.history.order);
        std::optional<checkpoint_state> saved;
        if (oldest_first)
            saved = resume(out_, s_, account_.id, result.proof);
        else
            out_.restart();
        if (saved)
        {
            result.rows = saved->rows;
            result.resumed = true;
            last_ = saved->last;
            digest_ = saved->digest;
            parts_before_ = saved->parts;
            again_ = saved->last.sequence;
        }
        else
            append_header(out_.buffer(), format_, s_.transaction_ids);

        history_options options = s_.history;
        if (saved)
            options.first = saved->last.id; // once more: it has to be the same
        history_feed history(node_, sources_, account_, options);
        bool verified = !saved;
        bool gave_up = false;
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
                gave_up = true;
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
                if (history.checked() ==
                    0) // where pages begin has to be learnt first, which takes as long as to read them
                    shown_.update("surveyed", history.surveyed(), history.expected());
                else
                    shown_.update("read", history.checked(), history.expected());
            }
            for (history_record const& record : batch)
                result.proof.add(record);
            if (!batch.empty())
            {
                last_ = {batch.back().sequence, batch.back().id, batch.back().block_num};
                digest_ = oldest_first ? digest_of(batch.back()) : std::string();
            }
            std::erase_if(batch, [this](history_record const& r) { return !s_.only.matches(r); });
            write(batch, result);
            result.parts = together(parts_before_, history.parts(), again_);
            if (oldest_first && !gave_up && clock_.due())
                save_checkpoint(result);
            if (ctrl_c_.requested())
                throw interrupted();
        }
        if (!verified)
            throw stale_checkpoint();
        if (s_.since_checkpoint && !gave_up)
            save_checkpoint(result);
        result.operations = result.proof.operations();
        result.count = history.count();
        result.fallback = history.uses_fallback();
        result.anonymous = history.anonymous();
        auto const& h = s_.history;
        result.whole_range = !h.from && !h.to && !h.first && !h.last;
        result.proof.expect(result.count, result.whole_range
                                              ? std::nullopt
                                              : std::optional(history.bounds(result.proof, parts_before_.empty())));
    }

private:
    void write(std::vector<history_record> const& batch, summary& result)
    {
        rows_.resize(std::max(rows_.size(), batch.size()));
        for (std::size_t i = 0; i < batch.size(); ++i)
        {
            classify(batch[i], account_.id, rows_[i]);
            labels_.need(rows_[i]);
        }
        if (!labels_.complete())
            fetch_labels(node_, labels_);
        if (s_.transaction_ids)
            ids_.fetch(batch);
        for (std::size_t i = 0; i < batch.size(); ++i)
        {
            if (s_.transaction_ids)
                rows_[i].transaction_id = ids_.of(batch[i]);
            append_row(out_.buffer(), format_, {rows_[i], labels_, key_prefix_}, s_.transaction_ids, scratch_);
            ++result.rows;
            out_.drain();
        }
        labels_.trim();
    }

    void save_checkpoint(summary const& result)
    {
        if (result.proof.operations() == 0)
            return;
        out_.checkpoint(to_json(checkpoint_state{key_of(s_),
                                                 result.chain_id,
                                                 account_.id,
                                                 result.rows,
                                                 result.proof.operations(),
                                                 last_,
                                                 digest_,
                                                 false,
                                                 {result.proof.state()},
                                                 {"{}"},
                                                 std::nullopt,
                                                 result.parts}));
    }

    blocking_client& node_;
    std::vector<history_source*> sources_;
    account const& account_;
    settings const& s_;
    export_format const& format_;
    std::string const& key_prefix_;
    output_file& out_;
    progress& shown_;
    interrupt& ctrl_c_;
    history_labels labels_;
    transaction_ids ids_;
    checkpoint_clock clock_;
    std::vector<history_row> rows_;
    history_neighbour last_;
    std::string digest_;
    std::vector<history_part> parts_before_; // by another run
    std::uint64_t again_ = 0;                // number of the operation that is read once more
    std::string scratch_;
};

} // namespace

std::string key_of(settings const& s)
{
    std::string key = std::string(version) + ' ' + std::string(name_of(s.format)) + (s.transaction_ids ? " txid" : "") +
                      (s.daily_fills ? " daily" : "");
    key += s.history.from ? " from " + s.history.from->to_string() : "";
    key += s.history.to ? " to " + s.history.to->to_string() : "";
    for (std::uint64_t type : s.only.types)
        key += " type " + std::to_string(type);
    key += s.only.first_block ? " from block " + std::to_string(*s.only.first_block) : "";
    key += s.only.last_block ? " to block " + std::to_string(*s.only.last_block) : "";
    for (asset_id const asset : s.only.assets)
        key += ' ' + asset.to_string();
    for (account_id const other : s.only.counterparties)
        key += ' ' + other.to_string();
    return key;
}

std::string digest_of(history_record const& record)
{
    std::string const text = to_json(static_cast<operation_history_object const&>(record));
    return to_hex(sha256({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()}).data); // NOLINT
}

std::optional<checkpoint_state> resume(output_file& out, settings const& s, account_id account, completeness& proof)
{
    if (auto const text = out.resume(s.since_checkpoint))
    {
        auto state = from_json<checkpoint_state>(*text);
        if (state && state->key == key_of(s) && state->chain_id == to_hex(s.chain_id->data) &&
            state->account == account && proof.set_state(state->proof.text))
            return std::move(*state);
        out.restart();
    }
    return std::nullopt;
}

namespace {

// The same for what is reached without a node.
source_means means_of(source_means means, settings const& s, std::string const& key_prefix)
{
    means.client.deadline(s.deadline);
    if (s.chain_id)
        means.client.chain_id(*s.chain_id);
    means.key_prefix = key_prefix;
    return means;
}

summary export_once(connection const& opened, node_url const& url, settings& s, output_file& out, progress& shown,
                    interrupt& ctrl_c)
{
    account const account = find_account(*opened.node, s.account);
    s.only.assets.clear();
    for (std::string const& text : s.assets)
        s.only.assets.push_back(find_asset(*opened.node, text));
    s.only.counterparties.clear();
    for (std::string const& text : s.counterparties)
        s.only.counterparties.push_back(find_account(*opened.node, text).id);
    summary result;
    result.node = url.to_string();
    result.chain_id = to_hex(s.chain_id->data);
    result.account_id = account.id.to_string();
    result.account_name = account.name;
    if (s.what == settings::content::events)
        event_job(opened, account, s, out, shown, ctrl_c).run(result);
    else
        export_ledger(*opened.node, opened.feeds(), account, s, out, shown, ctrl_c, result);
    result.proof.finish();
    // The history proved it already of what it read; this is about what came to be written.
    if (std::string const problem = result.proof.first_problem(); !problem.empty() && !s.allow_gaps)
        throw exception(error(errc::history_incomplete, problem));
    return result;
}

} // namespace

summary export_from(node_url const& url, source_means const& means, settings& s, output_file& out, progress& shown,
                    interrupt& ctrl_c)
{
    connection opened = connect(url, means.transports, s, ctrl_c);
    for (source_url const& source : s.sources)
        opened.sources.push_back(open_source(source, means_of(means, s, opened.key_prefix)));
    on_interrupt const closed(ctrl_c, [&] { opened.close(); });
    try
    {
        return export_once(opened, url, s, out, shown, ctrl_c);
    }
    catch (stale_checkpoint const&)
    {
        out.restart();
        return export_once(opened, url, s, out, shown, ctrl_c);
    }
}

namespace {

/// A comparison that could not be made is told in the report; it does not end the export.
template <class Work>
void compare(std::string const& with, summary& result, interrupt const& ctrl_c, Work const& work)
{
    result.proof.compare(with);
    try
    {
        work();
    }
    catch (exception const& e)
    {
        result.proof.comparison_failed(program::shortened(e.error().message()));
    }
    catch (node_refused const& e)
    {
        result.proof.comparison_failed(program::shortened(e.error().message()));
    }
    if (ctrl_c.requested())
        throw interrupted();
}

} // namespace

void compare_with(node_url const& url, transport_factory const& transports, settings const& s, summary& result,
                  interrupt& ctrl_c)
{
    compare(url.to_string(), result, ctrl_c, [&] {
        settings with = s;
        with.deadline = std::min<std::chrono::milliseconds>(s.deadline, std::chrono::seconds(3));
        connection const opened = connect(url, transports, with, ctrl_c);
        on_interrupt const closed(ctrl_c, [&] { opened.node->close(); });
        account const account = find_account(*opened.node, result.account_id);
        history_count const has = count_of(*opened.node, account);
        auto const number = [&](std::uint64_t n) {
            return opened.node->call(history::get_relative_account_history(result.account_id, n, 1, n));
        };
        auto const newest = number(has.total);
        for (completeness::sample const& sample : result.proof.samples())
        {
            std::uint64_t const n = sample.at.sequence;
            std::vector<operation_history_object> told;
            if (n > has.removed && n <= has.total)
                told = number(n);
            auto const same = [&] { return !told.empty() && told[0].block_num == sample.at.block_num; };
            // A node that keeps histories in Elasticsearch answers with its newest operation, whatever the number.
            bool const another =
                n < has.total && !told.empty() && !newest.empty() && told[0].block_num >= newest[0].block_num;
            if ((told.empty() || another) && !same())
            {
                operation_history_id const before(sample.at.id.instance == 0 ? 0 : sample.at.id.instance - 1);
                told = opened.node->call(history::get_account_history(result.account_id, before, 1, sample.at.id));
                if (!same()) // ids each node counts for itself
                    told.clear();
            }
            result.proof.compare(sample, told.empty() ? nullptr : &told[0]);
        }
        if (result.proof.comparison()->compared == 0 && !result.proof.samples().empty())
            result.proof.comparison_failed("it has none of the operations that were to be compared");
    });
}

void compare_sources(source_means const& means, settings const& s, summary& result, interrupt& ctrl_c)
{
    auto const least =
        std::min_element(result.parts.begin(), result.parts.end(),
                         [](history_part const& a, history_part const& b) { return a.operations < b.operations; });
    auto const url = std::find_if(s.sources.begin(), s.sources.end(),
                                  [&](source_url const& u) { return u.to_string() == least->source; });
    if (url == s.sources.end())
        return;
    compare(least->source, result, ctrl_c, [&] {
        auto const source = open_source(*url, means_of(means, s, std::string(key_prefix_of(*s.chain_id))));
        on_interrupt const closed(ctrl_c, [&] { source->close(); });
        account_id const account = account_id::from_string(result.account_id).value();
        for (completeness::sample const& sample : result.proof.samples())
        {
            source_range range;
            range.filter.from = sample.time;
            range.filter.to = time_point_sec{sample.time.seconds + 1};
            range.requests_in_flight = 1;
            auto const reading = source->read(account, range);
            std::optional<history_record> told;
            for (std::vector<history_record> page; !told && reading->next(page);)
                for (history_record& record : page)
                    if (record.sequence == sample.at.sequence)
                        told = std::move(record);
            result.proof.compare(sample, told ? &*told : nullptr);
        }
    });
}

} // namespace exporter
