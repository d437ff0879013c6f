#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/protocol/objects/custom_authority.hpp>
#include <bitshares/protocol/transaction.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/** @file
    Who must sign: the authorities that a transaction needs, whether keys satisfy them, which keys are enough, what is
    missing and whose.

    Pure functions over accounts that the caller gives; @ref bitshares::accounts_needed names those that are still to be
    fetched.

    @par Source
    bitshares-core, libraries/protocol/transaction.cpp; `protocol.md` sections 8 and 9.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What the check needs to know of an account. Points into the @ref account_source that gave it.
struct account_authorities
{
    authority const* owner = nullptr;
    authority const* active = nullptr;
    std::string_view name;                                ///< For messages; may be empty.
    std::span<custom_authority_object const> custom = {}; ///< All of the account's, in ascending order of ids.
};

/// Where the check finds accounts. Implement it over what you hold; @ref account_set is one that is filled by hand.
class account_source
{
public:
    virtual ~account_source() = default;

    /// The account's authorities; empty when this source does not have the account. What it points to stays as it is
    /// while a check runs.
    virtual std::optional<account_authorities> find(account_id account) const = 0;
};

/// Accounts given one by one.
class account_set final : public account_source
{
public:
    /// Adds an account, or replaces it.
    BITSHARES_LAZY_DECL void add(account_object const& account);

    /// @copydoc add
    BITSHARES_LAZY_DECL void add(account_id id, std::string name, authority owner, authority active);

    /// Adds a custom authority, or replaces it; its account may be added before or after.
    BITSHARES_LAZY_DECL void add(custom_authority_object custom);

    /// True when the account was added.
    BITSHARES_DECL bool contains(account_id account) const;

    BITSHARES_DECL std::optional<account_authorities> find(account_id account) const override;

private:
    struct entry
    {
        bool known = false;
        std::string name;
        authority owner;
        authority active;
        std::vector<custom_authority_object> custom;
    };
    std::map<account_id, entry> accounts_;
};

/// The chain's rules at the time of the check; the values are those of a chain that was never changed.
struct authority_options
{
    /// Head block's time, by which custom authorities are valid or not. Without it none is looked at, as if there were none.
    std::optional<time_point_sec> now = std::nullopt;
    std::uint32_t max_depth = 2; ///< `max_authority_depth` of the chain's parameters.
    /// The committee account may be needed: in proposals, never in a transaction.
    bool allow_committee = false;
    /// An account that stands in another's authority may act by its owner authority too (all chains since 2020).
    bool allow_nested_owner = true;
    /// `custom` operations need their payer alone, not their `required_auths` (as chains before 2018).
    bool ignore_custom_required_auths = false;
    flat_set<account_id> active_approvals = {}; ///< Accounts that a proposal's approvals stand for.
    flat_set<account_id> owner_approvals = {};  ///< Accounts whose owner authority approved.
};

/// What operations need before custom authorities are looked at.
struct required_authorities
{
    flat_set<account_id> active;  ///< Without those of `owner`, whose authority is enough.
    flat_set<account_id> owner;   ///< Their owner authority is needed.
    std::vector<authority> other; ///< Needed beside accounts: keys of a balance, of blinded outputs, of approvals.
};

/// What `tx` needs. @param ignore_custom_required_auths As in @ref authority_options.
BITSHARES_LAZY_DECL required_authorities authorities_of(transaction const& tx,
                                                        bool ignore_custom_required_auths = false);

/** Whether signatures of `signed_by` allow `tx`, by the chain's own algorithm and order.

    @par Errors
    Details name the account and what its authority lacks.
    @li `errc::duplicate_signature`: a key stands twice in `signed_by`.
    @li `errc::committee_approval`: the committee account is needed, and only proposals may act for it.
    @li `errc::missing_other_authority`: keys that the operation itself names did not sign.
    @li `errc::missing_owner_authority`, `errc::missing_active_authority`
    @li `errc::superfluous_signature`: all is satisfied, and a key was not needed for it. Evaluation ends at the threshold,
        so that a key of the account can be superfluous too.
    @li `errc::account_not_given`: not satisfied, and `accounts` lacks an account that was asked for.
    @par Complexity
    Linear in the authorities that are visited.
*/
BITSHARES_LAZY_DECL result<void> verify_authority(transaction const& tx, std::span<public_key const> signed_by,
                                                  account_source const& accounts,
                                                  authority_options const& options = {});

/** Whether approvals allow a proposed transaction to be executed: `tx` of the proposal, with the approvals in `options`
    and `key_approvals` as the signing keys. Sets `allow_committee`. @par Errors As @ref verify_authority. */
BITSHARES_LAZY_DECL result<void> verify_proposal(transaction const& tx, std::span<public_key const> key_approvals,
                                                 account_source const& accounts, authority_options options);

/** The keys of `available` that a node would ask for, as its `get_required_signatures` says: it takes each key that it
    meets on the way and does not look for fewer; custom authorities are not looked at.

    @param signed_by Keys that have signed already.
*/
BITSHARES_LAZY_DECL flat_set<public_key>
required_signatures(transaction const& tx, std::span<public_key const> available, std::span<public_key const> signed_by,
                    account_source const& accounts, authority_options const& options = {});

/** The fewest keys of `available` that, with those of `signed_by`, make @ref verify_authority succeed.

    Custom authorities count. Of equally many, active keys come before owner keys and those of custom authorities.
    @par Errors
    As @ref verify_authority with all keys: no choice of keys is enough. `errc::size_limit`: they are, but they are too many
    to find the fewest among them.
    @par Complexity
    All subsets are tried in order of size while they are at most 20,000; beyond that the result is still a set from which no key
    can be left out.
*/
BITSHARES_LAZY_DECL result<flat_set<public_key>>
minimal_signatures(transaction const& tx, std::span<public_key const> available, std::span<public_key const> signed_by,
                   account_source const& accounts, authority_options const& options = {});

/** All keys that could sign something that `tx` needs, as a node's `get_potential_signatures` says.

    @param signed_by Keys that have signed: where they satisfy an authority, what comes after it is not looked at.
*/
BITSHARES_LAZY_DECL flat_set<public_key> potential_signatures(transaction const& tx, account_source const& accounts,
                                                              authority_options const& options = {},
                                                              std::span<public_key const> signed_by = {});

/// All addresses whose keys could sign something that `tx` needs, as a node's `get_potential_address_signatures` says.
/// @param signed_by As for @ref potential_signatures.
BITSHARES_LAZY_DECL flat_set<address> potential_address_signatures(transaction const& tx,
                                                                   account_source const& accounts,
                                                                   authority_options const& options = {},
                                                                   std::span<public_key const> signed_by = {});

/** Accounts that the check of `tx` asks for and `accounts` does not have.

    Fetch them, add them and ask again, until there are none: as many rounds as authorities are nested (at most
    `max_depth + 1`). With an empty source: the accounts whose authority the operations need.
*/
BITSHARES_LAZY_DECL flat_set<account_id> accounts_needed(transaction const& tx, account_source const& accounts,
                                                         authority_options const& options = {});

/// One member of an authority that has not been satisfied.
struct missing_part
{
    std::optional<public_key> key; ///< One of the three is set.
    std::optional<bitshares::address> address;
    std::optional<account_id> account;
    std::string name;                ///< Of the account, where known.
    std::uint32_t weight = 0;        ///< What it would add.
    bool account_given = true;       ///< False where the source does not have the account.
    std::uint32_t threshold = 0;     ///< Of the account's active authority,
    std::uint32_t satisfied = 0;     ///< the weight that is there,
    std::vector<missing_part> parts; ///< and what would add to it; empty where it is nested too deep.
};

/// An authority that `tx` needs and that has not been satisfied.
struct missing_authority
{
    enum class role : std::uint8_t
    {
        active,
        owner,
        other ///< Of no account: keys that an operation names.
    };
    role what = role::active;
    std::optional<account_id> account;
    std::string name;
    bool account_given = true;
    std::uint32_t threshold = 0;
    std::uint32_t satisfied = 0;     ///< Weight of what signed.
    std::vector<missing_part> parts; ///< Any of these add their weight.

    /// Lines for a person, indented by what they belong to. @param prefix Of the network, for keys.
    BITSHARES_DECL std::string to_string(std::string_view prefix) const;
};

/// What a transaction's signatures amount to.
struct authority_status
{
    bool satisfied = false;                 ///< @ref verify_authority succeeds.
    std::optional<error> reason;            ///< Why not.
    std::vector<missing_authority> missing; ///< All that is missing, not only the first.
    std::vector<public_key> superfluous;    ///< Keys of signatures that are not needed.
};

/// All that is missing and whose it is, where @ref verify_authority ends at the first.
BITSHARES_LAZY_DECL authority_status check_authority(transaction const& tx, std::span<public_key const> signed_by,
                                                     account_source const& accounts,
                                                     authority_options const& options = {});

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/tx/authority_check.ipp>
#endif
