#pragma once

#include <bitshares/history/row.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// How an asset is shown.
struct asset_label
{
    std::string symbol;
    std::uint8_t precision = 0;
    bool known = true; ///< False: no such asset on the node; `symbol` is its id, amounts are in the smallest unit.
};

/** Names of accounts and assets, for rows. It knows what was put in, and says what is missing; it asks nobody.

    Bounded: beyond `max_accounts` it forgets the accounts, and asks for them again.
*/
class history_labels
{
public:
    explicit history_labels(std::size_t max_accounts = 100'000) : max_accounts_(max_accounts) {}

    /// Notes what of the row has no label yet, once.
    BITSHARES_DECL void need(history_row const& row);
    BITSHARES_DECL void need(asset_id id);
    BITSHARES_DECL void need(account_id id);

    bool complete() const noexcept { return accounts_missing_.empty() && assets_missing_.empty(); }
    std::vector<account_id> const& accounts_missing() const noexcept { return accounts_missing_; }
    std::vector<asset_id> const& assets_missing() const noexcept { return assets_missing_; }

    /// An empty name, for an account that the node does not know, makes the id its name.
    BITSHARES_DECL void put(account_id id, std::string name);
    BITSHARES_DECL void put(asset_id id, asset_label label);

    /// What is missing now and was not put in gets its id for a name.
    BITSHARES_DECL void give_up();

    /// Forgets accounts if there are too many; between pages.
    BITSHARES_DECL void trim();

    /// @pre It was put in, or given up.
    BITSHARES_DECL std::string_view name(account_id id) const;
    BITSHARES_DECL asset_label const& label(asset_id id) const;

private:
    std::size_t max_accounts_;
    std::unordered_map<std::uint64_t, std::string> accounts_;
    std::unordered_map<std::uint64_t, asset_label> assets_;
    std::vector<account_id> accounts_missing_;
    std::vector<asset_id> assets_missing_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/labels.ipp>
#endif
