#include "lookups.hpp"

#include "export_job.hpp"
#include "parallel.hpp"

#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>
#include <common/patient.hpp>

#include <mutex>

namespace exporter {

using namespace bitshares;

namespace {

constexpr std::size_t labels_a_request = 100;

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
        answer = program::patiently(
            [&] { return node.try_call(read_as<std::vector<std::optional<asset_reply>>>(database::get_assets(ids))); });
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
        if (*asset.precision > max_precision) // no chain has one
            throw exception(error(errc::invalid_reply, "the node's asset " + ids[i] + " has a precision of " +
                                                           std::to_string(*asset.precision) + " digits"));
        found.emplace_back(*asset.id, asset_label{std::move(*asset.symbol), *asset.precision});
    }
    return found;
}

} // namespace

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

asset_id find_asset(blocking_client& node, std::string const& text)
{
    auto const found =
        node.call(read_as<std::vector<std::optional<asset_reply>>>(database::lookup_asset_symbols({text})));
    if (found.size() != 1 || !found[0])
        throw failed_export(exit_code::bad_data, "asset_not_found", "there is no asset " + text,
                            "Check the spelling of --asset, and that --node is on the chain where it was made.");
    asset_reply const& asset = *found[0];
    auto const by_id = asset_id::from_string(text);
    if (!asset.id || !asset.symbol || (by_id ? *asset.id != *by_id : *asset.symbol != text))
        throw exception(error(errc::invalid_reply, "the node's asset " + text + " is another one"));
    return *asset.id;
}

void fetch_labels(blocking_client& node, history_labels& labels)
{
    auto const accounts = in_batches(labels.accounts_missing());
    auto const assets = in_batches(labels.assets_missing());
    std::mutex mutex;
    in_parallel(accounts.size() + assets.size(), [&](std::size_t i) {
        if (i < accounts.size()) // an id serves for a name: that the node does not tell it is no error
        {
            auto answer = program::patiently([&] {
                return node.try_call(
                    read_as<std::vector<std::optional<account_reply>>>(database::get_accounts(accounts[i])));
            });
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

} // namespace exporter
