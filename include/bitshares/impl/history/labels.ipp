#pragma once

#include <bitshares/history/labels.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void history_labels::need(history_row const& row)
{
    auto const note = [](auto const& known, auto& missing, auto id) {
        if (!known.contains(id.instance) && std::find(missing.begin(), missing.end(), id) == missing.end())
            missing.push_back(id);
    };
    note(accounts_, accounts_missing_, row.account); // it can stand in the result
    for (account_id id : row.counterparties)
        note(accounts_, accounts_missing_, id);
    for (asset_id id : row.assets)
        note(assets_, assets_missing_, id);
}

BITSHARES_DECL void history_labels::need(asset_id id)
{
    if (!assets_.contains(id.instance) &&
        std::find(assets_missing_.begin(), assets_missing_.end(), id) == assets_missing_.end())
        assets_missing_.push_back(id);
}

BITSHARES_DECL void history_labels::need(account_id id)
{
    if (!accounts_.contains(id.instance) &&
        std::find(accounts_missing_.begin(), accounts_missing_.end(), id) == accounts_missing_.end())
        accounts_missing_.push_back(id);
}

BITSHARES_DECL void history_labels::put(account_id id, std::string name)
{
    accounts_[id.instance] = name.empty() ? id.to_string() : std::move(name);
    std::erase(accounts_missing_, id);
}

BITSHARES_DECL void history_labels::put(asset_id id, asset_label label)
{
    assets_[id.instance] = std::move(label);
    std::erase(assets_missing_, id);
}

BITSHARES_DECL void history_labels::give_up()
{
    while (!accounts_missing_.empty())
        put(accounts_missing_.back(), {});
    while (!assets_missing_.empty())
        put(assets_missing_.back(), asset_label{assets_missing_.back().to_string(), 0, false});
}

BITSHARES_DECL void history_labels::trim()
{
    if (accounts_.size() > max_accounts_)
        accounts_.clear();
}

BITSHARES_DECL std::string_view history_labels::name(account_id id) const
{
    auto const at = accounts_.find(id.instance);
    return at == accounts_.end() ? std::string_view("?") : at->second;
}

BITSHARES_DECL asset_label const& history_labels::label(asset_id id) const
{
    static asset_label const none{"?", 0, false};
    auto const at = assets_.find(id.instance);
    return at == assets_.end() ? none : at->second;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
