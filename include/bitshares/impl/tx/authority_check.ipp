#pragma once

#include <bitshares/crypto/public_key.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>
#include <bitshares/tx/authority_check.hpp>
#include <bitshares/tx/restriction.hpp>

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_LAZY void account_set::add(account_object const& account)
{
    add(account.id, account.name, account.owner, account.active);
}

BITSHARES_LAZY void account_set::add(account_id id, std::string name, authority owner, authority active)
{
    entry& e = accounts_[id];
    e.known = true;
    e.name = std::move(name);
    e.owner = std::move(owner);
    e.active = std::move(active);
}

BITSHARES_LAZY void account_set::add(custom_authority_object custom)
{
    auto& all = accounts_[custom.account].custom;
    auto const at = std::lower_bound(all.begin(), all.end(), custom.id,
                                     [](auto const& a, custom_authority_id id) { return a.id < id; });
    if (at != all.end() && at->id == custom.id)
        *at = std::move(custom);
    else
        all.insert(at, std::move(custom));
}

BITSHARES_DECL bool account_set::contains(account_id account) const
{
    auto const at = accounts_.find(account);
    return at != accounts_.end() && at->second.known;
}

BITSHARES_DECL std::optional<account_authorities> account_set::find(account_id account) const
{
    auto const at = accounts_.find(account);
    if (at == accounts_.end() || !at->second.known)
        return std::nullopt;
    entry const& e = at->second;
    return account_authorities{.owner = &e.owner, .active = &e.active, .name = e.name, .custom = e.custom};
}

namespace detail {

/// What one operation needs: a range of @ref authority_needs::active, and itself for custom authorities' restrictions.
struct operation_needs
{
    std::size_t first = 0;
    std::size_t last = 0;
    operation const* op = nullptr;
};

/// What operations need, found once.
struct authority_needs
{
    std::vector<account_id> active; ///< Of each operation, ascending within its range.
    std::vector<account_id> owner;  ///< Ascending.
    std::vector<authority> other;
    std::vector<operation_needs> operations;
};

struct needs_collector
{
    authority_needs& needs;
    bool payer_only;
    bool payer_seen = false;

    void active(account_id account)
    {
        if (payer_only && std::exchange(payer_seen, true))
            return;
        needs.active.push_back(account);
    }
    void owner(account_id account) { needs.owner.push_back(account); }
    void other(authority const& needed) { needs.other.push_back(needed); }
};

inline void sort_unique(std::vector<account_id>& accounts, std::size_t from)
{
    auto const first = accounts.begin() + static_cast<std::ptrdiff_t>(from);
    std::sort(first, accounts.end());
    accounts.erase(std::unique(first, accounts.end()), accounts.end());
}

BITSHARES_LAZY_DECL authority_needs needs_of(std::span<operation const> list, bool ignore_custom_required_auths)
{
    authority_needs needs;
    needs.operations.reserve(list.size());
    needs.active.reserve(list.size());
    for (operation const& op : list)
    {
        operation_needs of{.first = needs.active.size()};
        needs_collector collector{needs, ignore_custom_required_auths && op.tag() == custom::traits.tag};
        op.required_authorities(collector);
        sort_unique(needs.active, of.first);
        of.last = needs.active.size();
        of.op = &op;
        needs.operations.push_back(of);
    }
    sort_unique(needs.owner, 0);
    return needs;
}

/** The chain's algorithm: who of the signers was needed, who is missing.

    @par Source
    bitshares-core, `sign_state` and `verify_authority` in libraries/protocol/transaction.cpp.
*/
template <class Dependent = void>
class authority_state
{
public:
    authority_state(account_source const& accounts, authority_options const& options,
                    std::span<public_key const> signers, std::span<public_key const> available = {})
        : accounts_(accounts),
          options_(options),
          signers_(signers),
          available_(available),
          used_(signers.size(), 0),
          asked_(available.size(), 0)
    {
        approved_.reserve(8);
        approved_.push_back(reserved_accounts::temp);
        approved_.insert(approved_.end(), options.active_approvals.begin(), options.active_approvals.end());
        approved_.insert(approved_.end(), options.owner_approvals.begin(), options.owner_approvals.end());
    }

    /// What was looked up on the way, where the caller wants to know.
    void record(std::vector<authority const*>* visited) { visited_ = visited; }

    bool check(authority const& a, std::uint32_t depth = 0)
    {
        std::uint64_t weight = 0;
        for (auto const& [key, w] : a.key_auths)
            if (signed_by(key) && (weight += w) >= a.weight_threshold)
                return true;
        for (auto const& [old, w] : a.address_auths)
            if (signed_by(old) && (weight += w) >= a.weight_threshold)
                return true;
        for (auto const& [account, w] : a.account_auths)
        {
            if (!is_approved(account))
            {
                if (depth == options_.max_depth || !check_nested(account, depth + 1))
                    continue;
                approved_.push_back(account);
            }
            if ((weight += w) >= a.weight_threshold)
                return true;
        }
        return weight >= a.weight_threshold;
    }

    bool check_owner(account_id account)
    {
        auto const found = find(account);
        return found && check(visit(*found->owner));
    }

    // The owner authority may act in place of the active one. The chain tries it twice, and the second try can see accounts
    // that the first one has approved on its way.
    bool check_active(account_id account)
    {
        if (is_approved(account))
            return true;
        auto const found = find(account);
        return found && (check(visit(*found->active)) || (options_.allow_nested_owner && check(visit(*found->owner))) ||
                         check(visit(*found->owner)));
    }

    bool check_custom_authorities(account_id account, operation_needs const& op)
    {
        if (!options_.now)
            return false;
        auto const found = accounts_.find(account);
        if (!found)
            return false;
        for (custom_authority_object const& custom : found->custom)
            if (check_custom_authority(custom, *op.op, *options_.now) && check(custom.auth))
                return true;
        return false;
    }

    bool is_approved(account_id account) const
    {
        return std::find(approved_.begin(), approved_.end(), account) != approved_.end();
    }

    bool signed_by(public_key const& key)
    {
        for (std::size_t i = 0; i < signers_.size(); ++i)
            if (signers_[i] == key)
                return mark(i);
        for (std::size_t i = 0; i < available_.size(); ++i)
            if (available_[i] == key)
                return mark(signers_.size() + i);
        return false;
    }

    /* The chain, where nobody signed for an address, reads past the end of a map and takes the address for satisfied;
       accounts cannot have such authorities, so that this has not been seen. Here nobody is nobody. */
    bool signed_by(address const& old)
    {
        if (!addresses_known_)
        {
            for (auto const keys : {signers_, available_})
                for (public_key const& key : keys)
                    addresses_.push_back(addresses(key));
            addresses_known_ = true;
        }
        for (std::size_t i = 0; i < addresses_.size(); ++i)
            if (std::find(addresses_[i].begin(), addresses_[i].end(), old) != addresses_[i].end())
                return mark(i);
        return false;
    }

    static std::array<address, 5> addresses(public_key const& key)
    {
        auto const all = addresses_of(key);
        if (all)
            return all->all();
        std::array<address, 5> own; // no point of the curve has this key: its bytes have an address nevertheless
        own.fill(address_of(key));
        return own;
    }

    std::optional<account_authorities> find(account_id account)
    {
        auto found = accounts_.find(account);
        if (!found)
            not_given_.insert(account);
        return found;
    }

    bool used(std::size_t signer) const { return used_[signer] != 0; }
    bool asked(std::size_t available) const { return asked_[available] != 0; }
    bool all_used() const { return std::find(used_.begin(), used_.end(), 0) == used_.end(); }
    std::set<account_id> const& not_given() const { return not_given_; }

private:
    // Of signers, then of available keys.
    bool mark(std::size_t key)
    {
        (key < signers_.size() ? used_[key] : asked_[key - signers_.size()]) = 1;
        return true;
    }

    bool check_nested(account_id account, std::uint32_t depth)
    {
        auto const found = find(account);
        return found && (check(visit(*found->active), depth) ||
                         (options_.allow_nested_owner && check(visit(*found->owner), depth)));
    }

    authority const& visit(authority const& a)
    {
        if (visited_)
            visited_->push_back(&a);
        return a;
    }

    account_source const& accounts_;
    authority_options const& options_;
    std::span<public_key const> signers_;
    std::span<public_key const> available_;
    std::vector<char> used_;
    std::vector<char> asked_;
    std::vector<account_id> approved_;
    std::vector<std::array<address, 5>> addresses_;
    bool addresses_known_ = false;
    std::set<account_id> not_given_;
    std::vector<authority const*>* visited_ = nullptr;
};

// Who fails first, without words: the search for few keys asks this often.
struct authority_failure
{
    errc code = errc::missing_active_authority;
    std::optional<account_id> account = std::nullopt;
    authority const* other = nullptr;
};

// Calls `fail(authority_failure)` for each failure until it says false; then whether all was satisfied.
template <class Fail>
bool verify_needs(authority_needs const& needs, authority_options const& options, authority_state<>& state, Fail fail)
{
    bool good = true;
    auto const stop = [&](authority_failure failure) {
        good = false;
        return !fail(failure);
    };
    std::vector<account_id> active;
    active.reserve(needs.active.size());
    for (operation_needs const& op : needs.operations)
        for (std::size_t i = op.first; i < op.last; ++i)
            if (!state.check_custom_authorities(needs.active[i], op))
                active.push_back(needs.active[i]);
    sort_unique(active, 0);
    if (!options.allow_committee && !active.empty() && active.front() == reserved_accounts::committee &&
        stop({errc::committee_approval, reserved_accounts::committee}))
        return false;
    for (authority const& other : needs.other)
        if (!state.check(other) && stop({errc::missing_other_authority, std::nullopt, &other}))
            return false;
    for (account_id account : needs.owner)
        if (!options.owner_approvals.contains(account) && !state.check_owner(account) &&
            stop({errc::missing_owner_authority, account}))
            return false;
    for (account_id account : active)
        if (!state.check_active(account) && stop({errc::missing_active_authority, account}))
            return false;
    return good;
}

// Satisfied or not; superfluous signatures are another matter.
BITSHARES_LAZY_DECL bool satisfies(authority_needs const& needs, authority_options const& options,
                                   authority_state<>& state)
{
    return verify_needs(needs, options, state, [](authority_failure const&) { return false; });
}

// Fills in what of `a` is there and what would add to it.
template <class Dependent = void>
class authority_explainer
{
public:
    authority_explainer(account_source const& accounts, authority_options const& options, authority_state<>& state)
        : accounts_(accounts), options_(options), state_(state)
    {}

    template <class Missing>
    void explain(authority const& a, std::uint32_t depth, Missing& into)
    {
        into.threshold = a.weight_threshold;
        std::uint64_t weight = 0;
        for (auto const& [key, w] : a.key_auths)
            if (state_.signed_by(key))
                weight += w;
            else
            {
                missing_part part;
                part.key = key;
                part.weight = w;
                into.parts.push_back(std::move(part));
            }
        for (auto const& [old, w] : a.address_auths)
            if (state_.signed_by(old))
                weight += w;
            else
            {
                missing_part part;
                part.address = old;
                part.weight = w;
                into.parts.push_back(std::move(part));
            }
        for (auto const& [account, w] : a.account_auths)
        {
            if (state_.is_approved(account))
            {
                weight += w;
                continue;
            }
            missing_part part;
            part.account = account;
            part.weight = w;
            auto const found = accounts_.find(account);
            part.account_given = found.has_value();
            if (found)
            {
                part.name = found->name;
                part.threshold = found->active->weight_threshold;
                if (depth != options_.max_depth)
                    explain(*found->active, depth + 1, part);
            }
            into.parts.push_back(std::move(part));
        }
        into.satisfied = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, 0xffffffff));
    }

    missing_authority explain(authority_failure const& failure)
    {
        missing_authority missing;
        missing.account = failure.account;
        missing.what = failure.other                                   ? missing_authority::role::other
                       : failure.code == errc::missing_owner_authority ? missing_authority::role::owner
                                                                       : missing_authority::role::active;
        if (failure.other)
        {
            explain(*failure.other, 0, missing);
            return missing;
        }
        auto const found = accounts_.find(*failure.account);
        missing.account_given = found.has_value();
        if (found)
        {
            missing.name = found->name;
            explain(missing.what == missing_authority::role::owner ? *found->owner : *found->active, 0, missing);
        }
        return missing;
    }

private:
    account_source const& accounts_;
    authority_options const& options_;
    authority_state<>& state_;
};

inline std::string account_text(account_id account, std::string_view name)
{
    return name.empty() ? account.to_string() : std::string(name) + " (" + account.to_string() + ")";
}

inline std::string short_text(missing_authority const& missing)
{
    std::string text;
    switch (missing.what)
    {
    case missing_authority::role::active: text = "active authority of "; break;
    case missing_authority::role::owner: text = "owner authority of "; break;
    case missing_authority::role::other: text = "keys that an operation names"; break;
    }
    if (missing.account)
        text += account_text(*missing.account, missing.name);
    if (!missing.account_given)
        return text + ", which is not given";
    return text + ": weight " + std::to_string(missing.satisfied) + " of " + std::to_string(missing.threshold);
}

inline std::string list_of(std::set<account_id> const& accounts)
{
    std::string text;
    for (account_id account : accounts)
        text += (text.empty() ? "" : ", ") + account.to_string();
    return text;
}

BITSHARES_LAZY_DECL authority_status status_of(authority_needs const& needs, std::span<public_key const> signed_by,
                                               account_source const& accounts, authority_options const& options,
                                               bool all)
{
    authority_status status;
    for (std::size_t i = 1; i < signed_by.size(); ++i)
        if (std::find(signed_by.begin(), signed_by.begin() + static_cast<std::ptrdiff_t>(i), signed_by[i]) !=
            signed_by.begin() + static_cast<std::ptrdiff_t>(i))
        {
            status.reason = error(errc::duplicate_signature, "signature " + std::to_string(i));
            return status;
        }
    authority_state<> state(accounts, options, signed_by);
    std::vector<authority_failure> failures;
    verify_needs(needs, options, state, [&](authority_failure const& failure) {
        failures.push_back(failure);
        return all;
    });
    for (std::size_t i = 0; i < signed_by.size(); ++i)
        if (!state.used(i))
            status.superfluous.push_back(signed_by[i]);
    if (failures.empty() && status.superfluous.empty())
    {
        status.satisfied = true;
        return status;
    }
    authority_explainer<> explainer(accounts, options, state);
    for (authority_failure const& failure : failures)
        if (failure.code != errc::committee_approval)
            status.missing.push_back(explainer.explain(failure));
    if (!state.not_given().empty())
        status.reason = error(errc::account_not_given, list_of(state.not_given()));
    else if (failures.empty())
        status.reason = error(errc::superfluous_signature, std::to_string(status.superfluous.size()) + " of " +
                                                               std::to_string(signed_by.size()) +
                                                               " signatures: all that is needed was satisfied without");
    else if (failures.front().code == errc::committee_approval)
        status.reason = error(errc::committee_approval, reserved_accounts::committee.to_string());
    else
        status.reason = error(failures.front().code, short_text(status.missing.front()));
    return status;
}

BITSHARES_LAZY_DECL result<void> verify_of(authority_needs const& needs, std::span<public_key const> signed_by,
                                           account_source const& accounts, authority_options const& options)
{
    authority_status status = status_of(needs, signed_by, accounts, options, false);
    if (status.satisfied)
        return {};
    return std::move(*status.reason);
}

BITSHARES_LAZY_DECL std::vector<account_id> active_without_owner(authority_needs const& needs)
{
    std::vector<account_id> active = needs.active;
    sort_unique(active, 0);
    std::erase_if(active, [&](account_id account) {
        return std::binary_search(needs.owner.begin(), needs.owner.end(), account);
    });
    return active;
}

// As the chain asks for signatures: everything is tried, nothing is refused, and custom authorities are no matter.
BITSHARES_LAZY_DECL void ask(authority_needs const& needs, authority_state<>& state)
{
    for (authority const& other : needs.other)
        state.check(other);
    for (account_id account : needs.owner)
        state.check_owner(account);
    for (account_id account : active_without_owner(needs))
        state.check_active(account);
}

BITSHARES_LAZY_DECL flat_set<public_key> required_of(authority_needs const& needs,
                                                     std::span<public_key const> available,
                                                     std::span<public_key const> signed_by,
                                                     account_source const& accounts, authority_options const& options)
{
    authority_state<> state(accounts, options, signed_by, available);
    ask(needs, state);
    std::vector<public_key> keys;
    for (std::size_t i = 0; i < available.size(); ++i)
        if (state.asked(i))
            keys.push_back(available[i]);
    return flat_set<public_key>(std::move(keys));
}

BITSHARES_LAZY_DECL void potential_of(authority_needs const& needs, account_source const& accounts,
                                      authority_options const& options, std::span<public_key const> signed_by,
                                      std::vector<authority const*>& visited)
{
    authority_state<> state(accounts, options, signed_by);
    state.record(&visited);
    ask(needs, state);
}

// All authorities that a check can reach, whoever signs: what must be known, and whose keys can matter.
template <class Dependent = void>
class authority_explorer
{
public:
    authority_explorer(account_source const& accounts, authority_options const& options)
        : accounts_(accounts), options_(options)
    {}

    enum class level : std::uint8_t
    {
        active, // and what stands nested in it
        owner,
        custom
    };

    void explore(authority_needs const& needs)
    {
        for (authority const& other : needs.other)
            reach(other, 0, level::active);
        for (account_id account : needs.owner)
            if (auto const found = find(account))
                reach(*found->owner, 0, level::active);
        std::vector<account_id> active = needs.active;
        sort_unique(active, 0);
        for (account_id account : active)
            if (auto const found = account == reserved_accounts::temp ? std::nullopt : find(account))
            {
                reach(*found->active, 0, level::active);
                reach(*found->owner, 0, level::owner);
            }
        if (options_.now)
            for (operation_needs const& op : needs.operations)
                for (std::size_t i = op.first; i < op.last; ++i)
                    if (auto const found = accounts_.find(needs.active[i]))
                        for (custom_authority_object const& custom : found->custom)
                            if (check_custom_authority(custom, *op.op, *options_.now))
                                reach(custom.auth, 0, level::custom);
    }

    std::set<account_id> const& not_given() const { return not_given_; }

    /// Of `available`, those that stand in a reached authority: active ones first, then owner, then custom.
    std::vector<public_key> candidates(std::span<public_key const> available,
                                       std::span<public_key const> signed_by) const
    {
        std::vector<public_key> found;
        auto const add = [&](public_key const& key) {
            if (std::find(found.begin(), found.end(), key) == found.end() &&
                std::find(signed_by.begin(), signed_by.end(), key) == signed_by.end())
                found.push_back(key);
        };
        std::vector<std::array<address, 5>> addresses;
        for (level l : {level::active, level::owner, level::custom})
            for (auto const& [a, at] : reached_)
            {
                if (at != l)
                    continue;
                for (auto const& [key, w] : a->key_auths)
                    if (std::find(available.begin(), available.end(), key) != available.end())
                        add(key);
                if (a->address_auths.empty())
                    continue;
                if (addresses.empty())
                    for (public_key const& key : available)
                        addresses.push_back(authority_state<>::addresses(key));
                for (auto const& [old, w] : a->address_auths)
                    for (std::size_t i = 0; i < available.size(); ++i)
                        if (std::find(addresses[i].begin(), addresses[i].end(), old) != addresses[i].end())
                            add(available[i]);
            }
        return found;
    }

private:
    std::optional<account_authorities> find(account_id account)
    {
        auto found = accounts_.find(account);
        if (!found)
            not_given_.insert(account);
        return found;
    }

    void reach(authority const& a, std::uint32_t depth, level l)
    {
        // Once at each depth, lest authorities that hold each other multiply.
        if (!seen_.insert({&a, depth}).second)
            return;
        if (std::find_if(reached_.begin(), reached_.end(), [&](auto const& r) { return r.first == &a; }) ==
            reached_.end())
            reached_.emplace_back(&a, l);
        if (depth == options_.max_depth)
            return;
        for (auto const& [account, w] : a.account_auths)
        {
            if (account == reserved_accounts::temp)
                continue;
            auto const found = find(account);
            if (!found)
                continue;
            reach(*found->active, depth + 1, l);
            if (options_.allow_nested_owner)
                reach(*found->owner, depth + 1, std::max(l, level::owner));
        }
    }

    account_source const& accounts_;
    authority_options const& options_;
    std::set<account_id> not_given_;
    std::set<std::pair<authority const*, std::uint32_t>> seen_;
    std::vector<std::pair<authority const*, level>> reached_;
};

BITSHARES_LAZY_DECL std::set<account_id>
accounts_needed_of(authority_needs const& needs, account_source const& accounts, authority_options const& options)
{
    authority_explorer<> explorer(accounts, options);
    explorer.explore(needs);
    return explorer.not_given();
}

inline constexpr std::size_t max_subsets_tried = 20'000;

template <class Dependent = void>
class minimal_search
{
public:
    minimal_search(authority_needs const& needs, std::span<public_key const> candidates,
                   std::span<public_key const> signed_by, account_source const& accounts,
                   authority_options const& options)
        : needs_(needs),
          candidates_(candidates),
          accounts_(accounts),
          options_(options),
          keys_(signed_by.begin(), signed_by.end()),
          given_(signed_by.size())
    {}

    // The fewest candidates; empty optional when no choice passes.
    std::optional<std::vector<public_key>> run()
    {
        // From all, leave out what is not needed, those that should be used least first: an upper bound, and the answer
        // where there are too many subsets to try.
        std::optional<std::vector<public_key>> bound;
        std::vector<std::size_t> kept(candidates_.size());
        for (std::size_t i = 0; i < kept.size(); ++i)
            kept[i] = i;
        if (satisfied(kept))
        {
            for (std::size_t i = candidates_.size(); i-- > 0;)
            {
                std::vector<std::size_t> fewer = kept;
                std::erase(fewer, i);
                if (satisfied(fewer))
                    kept = std::move(fewer);
            }
            if (passes(kept))
                bound = chosen(kept);
        }
        std::size_t const largest = bound ? bound->size() : candidates_.size();
        std::size_t tried = 0;
        for (std::size_t size = 0; size <= largest; ++size)
        {
            std::vector<std::size_t> subset(size);
            for (std::size_t i = 0; i < size; ++i)
                subset[i] = i;
            do
            {
                if (++tried > max_subsets_tried)
                    return bound;
                if (passes(subset))
                    return chosen(subset);
            } while (next(subset));
        }
        return bound;
    }

private:
    bool next(std::vector<std::size_t>& subset) const
    {
        std::size_t const size = subset.size();
        for (std::size_t i = size; i-- > 0;)
            if (subset[i] + size - i < candidates_.size())
            {
                ++subset[i];
                for (std::size_t j = i + 1; j < size; ++j)
                    subset[j] = subset[j - 1] + 1;
                return true;
            }
        return false;
    }

    std::vector<public_key> chosen(std::vector<std::size_t> const& subset) const
    {
        std::vector<public_key> keys;
        for (std::size_t i : subset)
            keys.push_back(candidates_[i]);
        return keys;
    }

    authority_state<> state(std::vector<std::size_t> const& subset)
    {
        keys_.resize(given_);
        for (std::size_t i : subset)
            keys_.push_back(candidates_[i]);
        return {accounts_, options_, keys_};
    }

    bool satisfied(std::vector<std::size_t> const& subset)
    {
        authority_state<> s = state(subset);
        return satisfies(needs_, options_, s);
    }

    bool passes(std::vector<std::size_t> const& subset)
    {
        authority_state<> s = state(subset);
        return satisfies(needs_, options_, s) && s.all_used();
    }

    authority_needs const& needs_;
    std::span<public_key const> candidates_;
    account_source const& accounts_;
    authority_options const& options_;
    std::vector<public_key> keys_; // those that signed, then the subset
    std::size_t given_;
};

BITSHARES_LAZY_DECL result<flat_set<public_key>>
minimal_of(authority_needs const& needs, std::span<public_key const> available, std::span<public_key const> signed_by,
           account_source const& accounts, authority_options const& options)
{
    authority_explorer<> explorer(accounts, options);
    explorer.explore(needs);
    std::vector<public_key> const candidates = explorer.candidates(available, signed_by);
    if (auto found = minimal_search<>(needs, candidates, signed_by, accounts, options).run())
        return flat_set<public_key>(std::move(*found));
    std::vector<public_key> all(signed_by.begin(), signed_by.end());
    all.insert(all.end(), candidates.begin(), candidates.end());
    auto status = status_of(needs, all, accounts, options, false);
    if (!status.reason) // all of them do, and the search for fewer was given up
        return error(errc::size_limit, "too many keys to find the fewest among; name fewer");
    return std::move(*status.reason);
}

inline void append_parts(std::string& text, std::vector<missing_part> const& parts, std::string_view prefix,
                         std::size_t indent)
{
    for (missing_part const& part : parts)
    {
        text += '\n';
        text.append(2 * indent, ' ');
        if (part.key)
            text += part.key->to_string(prefix);
        else if (part.address)
            text += part.address->to_string(prefix);
        else
            text += account_text(*part.account, part.name);
        text += " adds " + std::to_string(part.weight);
        if (!part.account)
            continue;
        if (!part.account_given)
            text += ", is not given";
        else if (part.parts.empty())
            text += ", is nested too deep";
        else
        {
            text += " with " + std::to_string(part.threshold) + ", has " + std::to_string(part.satisfied);
            append_parts(text, part.parts, prefix, indent + 1);
        }
    }
}

} // namespace detail

BITSHARES_DECL std::string missing_authority::to_string(std::string_view prefix) const
{
    std::string text = detail::short_text(*this);
    detail::append_parts(text, parts, prefix, 1);
    return text;
}

BITSHARES_LAZY required_authorities authorities_of(transaction const& tx, bool ignore_custom_required_auths)
{
    auto needs = detail::needs_of(tx.operations, ignore_custom_required_auths);
    return {flat_set<account_id>(detail::active_without_owner(needs)), flat_set<account_id>(needs.owner),
            std::move(needs.other)};
}

BITSHARES_LAZY result<void> verify_authority(transaction const& tx, std::span<public_key const> signed_by,
                                             account_source const& accounts, authority_options const& options)
{
    return detail::verify_of(detail::needs_of(tx.operations, options.ignore_custom_required_auths), signed_by, accounts,
                             options);
}

BITSHARES_LAZY result<void> verify_proposal(transaction const& tx, std::span<public_key const> key_approvals,
                                            account_source const& accounts, authority_options options)
{
    options.allow_committee = true;
    return verify_authority(tx, key_approvals, accounts, options);
}

BITSHARES_LAZY flat_set<public_key> required_signatures(transaction const& tx, std::span<public_key const> available,
                                                        std::span<public_key const> signed_by,
                                                        account_source const& accounts,
                                                        authority_options const& options)
{
    return detail::required_of(detail::needs_of(tx.operations, options.ignore_custom_required_auths), available,
                               signed_by, accounts, options);
}

BITSHARES_LAZY result<flat_set<public_key>>
minimal_signatures(transaction const& tx, std::span<public_key const> available, std::span<public_key const> signed_by,
                   account_source const& accounts, authority_options const& options)
{
    return detail::minimal_of(detail::needs_of(tx.operations, options.ignore_custom_required_auths), available,
                              signed_by, accounts, options);
}

BITSHARES_LAZY flat_set<public_key> potential_signatures(transaction const& tx, account_source const& accounts,
                                                         authority_options const& options,
                                                         std::span<public_key const> signed_by)
{
    auto const needs = detail::needs_of(tx.operations, options.ignore_custom_required_auths);
    std::vector<authority const*> visited;
    detail::potential_of(needs, accounts, options, signed_by, visited);
    for (authority const& other : needs.other)
        visited.push_back(&other);
    std::vector<public_key> keys;
    for (authority const* a : visited)
        for (auto const& [key, weight] : a->key_auths)
            keys.push_back(key);
    return flat_set<public_key>(std::move(keys));
}

BITSHARES_LAZY flat_set<address> potential_address_signatures(transaction const& tx, account_source const& accounts,
                                                              authority_options const& options,
                                                              std::span<public_key const> signed_by)
{
    auto const needs = detail::needs_of(tx.operations, options.ignore_custom_required_auths);
    std::vector<authority const*> visited;
    detail::potential_of(needs, accounts, options, signed_by, visited);
    std::vector<address> addresses;
    for (authority const* a : visited)
        for (auto const& [old, weight] : a->address_auths)
            addresses.push_back(old);
    return flat_set<address>(std::move(addresses));
}

BITSHARES_LAZY flat_set<account_id> accounts_needed(transaction const& tx, account_source const& accounts,
                                                    authority_options const& options)
{
    auto const missing = detail::accounts_needed_of(
        detail::needs_of(tx.operations, options.ignore_custom_required_auths), accounts, options);
    return flat_set<account_id>(std::vector<account_id>(missing.begin(), missing.end()));
}

BITSHARES_LAZY authority_status check_authority(transaction const& tx, std::span<public_key const> signed_by,
                                                account_source const& accounts, authority_options const& options)
{
    return detail::status_of(detail::needs_of(tx.operations, options.ignore_custom_required_auths), signed_by, accounts,
                             options, true);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
