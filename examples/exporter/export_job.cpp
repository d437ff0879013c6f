#include "export_job.hpp"

#include "parallel.hpp"
#include "patient.hpp"
#include "transaction_ids.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>

namespace exporter {

using namespace bitshares;

namespace {

constexpr std::size_t labels_a_request = 100;
constexpr std::size_t rows_at_once = 1000; // so many share one round of look-ups

// What of the node's objects counts here. The library's own structs are lenient: a member that is absent would be 1.2.0 or
// 0, and the rows another account's.
struct account_reply
{
    std::optional<account_id> id;
    std::optional<std::string> name;
    std::optional<account_statistics_id> statistics;

    BITSHARES_FIELDS((id), (name), (statistics))
};

struct asset_reply
{
    std::optional<asset_id> id;
    std::optional<std::string> symbol;
    std::optional<std::uint8_t> precision;

    BITSHARES_FIELDS((id), (symbol), (precision))
};

// The same call with a reply of one's own.
template <class R>
request<R> read_as(any_request const& r)
{
    return request<R>(r.api(), r.method(), r.params_json());
}

struct account
{
    account_id id;
    std::string name;
    account_statistics_id statistics;
};

account find_account(blocking_client& node, std::string const& text)
{
    std::optional<account_reply> found;
    auto const by_id = account_id::from_string(text);
    if (by_id)
    {
        auto answer = node.call(read_as<std::vector<std::optional<account_reply>>>(database::get_accounts({text})));
        if (answer.size() == 1)
            found = std::move(answer[0]);
    }
    else
        found = node.call(read_as<std::optional<account_reply>>(database::get_account_by_name(text)));
    if (!found)
        throw exception(error(errc::account_not_found, text));
    auto const bad = [&text](std::string const& why) {
        return exception(error(errc::invalid_reply, "the node's account " + text + ": " + why));
    };
    if (!found->id || !found->name || !found->statistics)
        throw bad(!found->id ? "no id" : !found->name ? "no name" : "no statistics");
    if (by_id ? *found->id != *by_id : *found->name != text)
        throw bad("it is " + found->id->to_string() + ", " + *found->name);
    return {*found->id, std::move(*found->name), *found->statistics};
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

// Without an asset's precision its amounts cannot be written, and a number of the smallest unit looks like one of the asset.
std::vector<std::pair<asset_id, asset_label>> fetch_assets(blocking_client& node, std::vector<std::string> const& ids)
{
    std::string names = ids.size() == 1 ? "asset" : "assets";
    for (std::string const& id : ids)
        names += ' ' + id;
    reply<std::vector<std::optional<asset_reply>>> answer;
    try
    {
        answer = patient_call(node, read_as<std::vector<std::optional<asset_reply>>>(database::get_assets(ids)));
    }
    catch (exception const& e)
    {
        throw exception(error(e.code(), names + (e.error().detail().empty() ? "" : ": " + e.error().detail())));
    }
    if (!answer)
        throw node_refused(node_error(answer.error().code(), names + ": " + answer.error().message(),
                                      answer.error().name(), answer.error().stack_json()));
    std::vector<std::pair<asset_id, asset_label>> found;
    for (std::size_t i = 0; i < ids.size(); ++i)
    {
        if (i >= answer->size() || !(*answer)[i])
            throw failed_export(exit_code::incomplete, "asset_not_found", "the node does not know asset " + ids[i],
                                "Amounts cannot be written without the asset's precision; try another --node.");
        asset_reply& asset = *(*answer)[i];
        if (!asset.id || asset.id->to_string() != ids[i] || !asset.symbol || !asset.precision)
            throw exception(
                error(errc::invalid_reply, "the node's asset " + ids[i] + " lacks its id, symbol or precision"));
        found.emplace_back(*asset.id, asset_label{std::move(*asset.symbol), *asset.precision});
    }
    return found;
}

void fetch_labels(blocking_client& node, history_labels& labels)
{
    auto const accounts = in_batches(labels.accounts_missing());
    auto const assets = in_batches(labels.assets_missing());
    std::mutex mutex;
    in_parallel(accounts.size() + assets.size(), [&](std::size_t i) {
        if (i < accounts.size()) // an id serves for a name: that the node does not tell it is no error
        {
            auto answer = patient_call(
                node, read_as<std::vector<std::optional<account_reply>>>(database::get_accounts(accounts[i])));
            std::lock_guard const lock(mutex);
            if (answer)
                for (auto& account : *answer)
                    if (account && account->id && account->name)
                        labels.put(*account->id, std::move(*account->name));
            return;
        }
        auto found = fetch_assets(node, assets[i - accounts.size()]);
        std::lock_guard const lock(mutex);
        for (auto& [id, label] : found)
            labels.put(id, std::move(label));
    });
    labels.give_up(); // accounts' ids where a name cannot be had
}

} // namespace

summary export_from(node_url const& url, transport_factory const& transports, settings& s, output_file& out,
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
    s.chain_id = chain; // of the nodes behind this one, too

    closed_by_interrupt const guard(ctrl_c, *node);
    account const account = find_account(*node, s.account);
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
            append_row(out.buffer(), *s.format, {rows[i], labels, options.key_prefix()}, s.transaction_ids, scratch);
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
