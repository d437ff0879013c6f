#include "export_job.hpp"

#include "ledger_job.hpp"
#include "lookups.hpp"
#include "transaction_ids.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/rpc/api/database.hpp>

namespace exporter {

using namespace bitshares;

namespace {

constexpr std::size_t rows_at_once = 1000; // so many share one round of look-ups

struct connection
{
    std::unique_ptr<blocking_client> node;
    std::string key_prefix;
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
        closed_by_interrupt const guard(ctrl_c, *opened.node);
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

} // namespace

summary export_from(node_url const& url, transport_factory const& transports, settings& s, output_file& out,
                    progress& shown, interrupt& ctrl_c)
{
    connection const opened = connect(url, transports, s, ctrl_c);
    blocking_client* const node = opened.node.get();
    closed_by_interrupt const guard(ctrl_c, *node);
    account const account = find_account(*node, s.account);
    summary result;
    result.node = url.to_string();
    result.chain_id = to_hex(s.chain_id->data);
    result.account_id = account.id.to_string();
    if (s.what != settings::content::events)
    {
        export_ledger(*node, account, s, out, shown, ctrl_c, result);
        return result;
    }

    append_header(out.buffer(), *s.format, s.transaction_ids);
    history_labels labels;
    labels.put(account.id, account.name);
    transaction_ids ids(*node);
    std::vector<history_record> page, batch;
    std::vector<history_row> rows;
    std::string scratch;
    node_history history(*node, account.id, account.statistics, s.history);
    for (bool more = true; more;)
    {
        batch.clear();
        while (more && batch.size() < rows_at_once && (more = history.next(page)))
        {
            batch.insert(batch.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
            if (history.checked() == 0) // where pages begin has to be learnt first, which takes as long as to read them
                shown.update("surveyed", history.surveyed(), history.expected());
            else
                shown.update("read", history.checked(), history.expected());
        }
        rows.resize(std::max(rows.size(), batch.size()));
        for (std::size_t i = 0; i < batch.size(); ++i)
        {
            classify(batch[i], account.id, rows[i]);
            labels.need(rows[i]);
        }
        if (!labels.complete())
            fetch_labels(*node, labels);
        if (s.transaction_ids)
            ids.fetch(batch);
        for (std::size_t i = 0; i < batch.size(); ++i)
        {
            if (s.transaction_ids)
                rows[i].transaction_id = ids.of(batch[i]);
            append_row(out.buffer(), *s.format, {rows[i], labels, opened.key_prefix}, s.transaction_ids, scratch);
            ++result.rows;
            out.drain();
        }
        labels.trim();
        if (ctrl_c.requested())
            throw interrupted();
    }
    result.operations = history.checked();
    result.count = history.count();
    result.fallback = history.uses_fallback();
    auto const& h = s.history;
    result.whole_range = !h.from && !h.to && !h.first && !h.last;
    // The history proved it already of what it read; this is about what was written.
    if (result.whole_range && h.types.empty() && result.rows != result.count.total - result.count.removed)
        throw exception(error(errc::history_incomplete, std::to_string(result.rows) + " rows for " +
                                                            std::to_string(result.count.total - result.count.removed) +
                                                            " operations"));
    return result;
}

} // namespace exporter
