#include "export_job.hpp"

#include "parallel.hpp"
#include "patient.hpp"
#include "transaction_ids.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/rpc/api/database.hpp>

namespace exporter {

using namespace bitshares;

namespace {

constexpr std::size_t labels_a_request = 100;
constexpr std::size_t rows_at_once = 1000; // so many share one round of look-ups

account_object find_account(blocking_client& node, std::string const& text)
{
    std::optional<account_object> found;
    if (account_id::from_string(text))
    {
        auto answer = node.call(database::get_accounts({text}));
        if (answer.size() == 1)
            found = std::move(answer[0]);
    }
    else
        found = node.call(database::get_account_by_name(text));
    if (!found)
        throw exception(error(errc::account_not_found, text));
    return std::move(*found);
}

template <class Id>
std::vector<std::vector<std::string>> in_batches(std::vector<Id> const& ids)
{
    std::vector<std::vector<std::string>> batches;
    for (std::size_t i = 0; i < ids.size(); ++i)
    {
        if (i % labels_a_request == 0)
            batches.emplace_back();
        batches.back().push_back(ids[i].to_string());
    }
    return batches;
}

void fetch_labels(blocking_client& node, history_labels& labels)
{
    auto const accounts = in_batches(labels.accounts_missing());
    auto const assets = in_batches(labels.assets_missing());
    std::mutex mutex;
    in_parallel(accounts.size() + assets.size(), [&](std::size_t i) {
        if (i < accounts.size())
        {
            auto answer = patient_call(node, database::get_accounts(accounts[i]));
            std::lock_guard const lock(mutex);
            if (answer)
                for (auto& account : *answer)
                    if (account)
                        labels.put(account->id, std::move(account->name));
            return;
        }
        auto answer = patient_call(node, database::get_assets(assets[i - accounts.size()]));
        std::lock_guard const lock(mutex);
        if (answer)
            for (auto& asset : *answer)
                if (asset)
                    labels.put(asset->id, asset_label{std::move(asset->symbol), asset->precision});
    });
    labels.give_up(); // ids where a name cannot be had
}

} // namespace

summary export_from(node_url const& url, transport_factory const& transports, settings const& s, output_file& out,
                    progress& shown, interrupt& ctrl_c)
{
    client_options options;
    options.deadline(s.deadline);
    if (s.chain_id)
        options.chain_id(*s.chain_id);
    auto const open = [&] { return std::make_unique<blocking_client>(url, transports, options); };

    summary result;
    result.node = url.to_string();
    auto node = open();
    chain_id_type chain;
    {
        closed_by_interrupt const guard(ctrl_c, *node);
        chain = node->call(database::get_chain_id());
    }
    if (auto const prefix = key_prefix_of(chain); prefix != options.key_prefix())
    {
        options.key_prefix(std::string(prefix)); // of the keys in memos and authorities
        node = open();
    }
    result.chain_id = to_hex(chain.data);

    closed_by_interrupt const guard(ctrl_c, *node);
    account_object const account = find_account(*node, s.account);
    result.account_id = account.id.to_string();

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
            batch.insert(batch.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
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
            append_row(out.buffer(), *s.format, {rows[i], labels, options.key_prefix()}, s.transaction_ids, scratch);
            out.drain();
        }
        result.rows += batch.size();
        labels.trim();
        shown.update(history.checked(), history.expected());
        if (ctrl_c.requested())
            throw interrupted();
    }
    result.operations = history.checked();
    result.count = history.count();
    result.fallback = history.uses_fallback();
    auto const& h = s.history;
    result.whole_range = !h.from && !h.to && !h.first && !h.last;
    // The history proved it already; the file shall not appear if somebody breaks that one day.
    if (result.whole_range && result.operations != result.count.total - result.count.removed)
        throw exception(error(errc::history_incomplete, std::to_string(result.operations) + " of " +
                                                            std::to_string(result.count.total - result.count.removed)));
    return result;
}

} // namespace exporter
