#pragma once

#include <bitshares/chain/authority_fetch.hpp>
#include <bitshares/rpc/api/database.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_LAZY void fetch_accounts(blocking_client& node, transaction const& tx, account_set& accounts,
                                   authority_options const& options)
{
    constexpr std::size_t at_once = 100; // fewer than any node's limit
    for (;;)
    {
        auto const needed = accounts_needed(tx, accounts, options);
        if (needed.empty())
            return;
        std::vector<std::string> ids;
        for (account_id const id : needed)
            ids.push_back(id.to_string());
        for (std::size_t first = 0; first < ids.size(); first += at_once)
        {
            std::vector<std::string> const part(ids.begin() + static_cast<std::ptrdiff_t>(first),
                                                ids.begin() +
                                                    static_cast<std::ptrdiff_t>(std::min(ids.size(), first + at_once)));
            auto const found = node.call(database::get_accounts(part, false));
            for (std::size_t i = 0; i < part.size(); ++i)
            {
                if (i >= found.size() || !found[i])
                    throw exception(error(errc::account_not_found, part[i]));
                if (found[i]->id.to_string() != part[i]) // otherwise it would be asked for ever
                    throw exception(error(errc::invalid_reply, "another account than " + part[i]));
                accounts.add(*found[i]);
            }
        }
    }
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
