#pragma once

#include <bitshares/protocol/operations/account.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline void check_owner_or_active(validation& v, std::string_view member, authority const& auth)
{
    v.within(member, [&] {
        v.require(!auth.account_auths.empty() || !auth.key_auths.empty() || !auth.address_auths.empty(), {},
                  "must not be empty");
        v.require(auth.address_auths.empty(), "address_auths", "must be empty: addresses are of old accounts only");
        v.require(auth.can_be_satisfied(), "weight_threshold", "must not be above the sum of all weights");
    });
}

} // namespace detail

BITSHARES_DECL void account_options::validate(validation& v) const
{
    unsigned witnesses = 0, committee_members = 0;
    for (vote_id const vote : votes)
    {
        witnesses += vote.type() == vote_id::witness;
        committee_members += vote.type() == vote_id::committee;
    }
    v.require(witnesses >= num_witness, "num_witness", "must not be above the number of witnesses voted for");
    v.require(committee_members >= num_committee, "num_committee",
              "must not be above the number of committee members voted for");
}

BITSHARES_DECL void account_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(is_account_name(name), "name",
              "must be an account name: 1 to 63 of a-z, 0-9, - in labels with points between");
    v.require(referrer_percent <= 10'000, "referrer_percent", "must be at most 10000");
    detail::check_owner_or_active(v, "owner", owner);
    detail::check_owner_or_active(v, "active", active);
    v.check("options", options);
    v.check("extensions/owner_special_authority", extensions.owner_special_authority);
    v.check("extensions/active_special_authority", extensions.active_special_authority);
    if (!extensions.buyback_options)
        return;
    constexpr char const* none = "must not be set for a buyback account";
    v.require(!extensions.owner_special_authority, "extensions/owner_special_authority", none);
    v.require(!extensions.active_special_authority, "extensions/active_special_authority", none);
    constexpr char const* nobody =
        "must be the null account (1.2.3) alone, weight and threshold 1, for a buyback account";
    authority null;
    null.weight_threshold = 1;
    null.account_auths = {{reserved_accounts::null, std::uint16_t{1}}};
    v.require(owner == null, "owner", nobody);
    v.require(active == null, "active", nobody);
    buyback_account_options const& buyback = *extensions.buyback_options;
    v.require(!buyback.markets.empty(), "extensions/buyback_options/markets", "must not be empty");
    v.each("extensions/buyback_options/markets", buyback.markets, [&](asset_id market) {
        v.require(market != buyback.asset_to_buy, {}, "must be another asset than `asset_to_buy`");
    });
}

BITSHARES_DECL void account_update::validate(validation& v) const
{
    v.require(account != reserved_accounts::temp, "account", "must not be temp-account (1.2.4)");
    v.not_negative(fee, "fee");
    v.require(account != reserved_accounts::committee, "account", "must not be committee-account (1.2.0)");
    v.require(owner || active || new_options || extensions.owner_special_authority ||
                  extensions.active_special_authority,
              {}, "must change something");
    if (owner)
        detail::check_owner_or_active(v, "owner", *owner);
    if (active)
        detail::check_owner_or_active(v, "active", *active);
    v.check("new_options", new_options);
    v.check("extensions/owner_special_authority", extensions.owner_special_authority);
    v.check("extensions/active_special_authority", extensions.active_special_authority);
}

BITSHARES_DECL void account_whitelist::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(new_listing < 4, "new_listing", "must be from 0 to 3");
}

BITSHARES_DECL void account_upgrade::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void account_transfer::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
