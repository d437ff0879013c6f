#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/names.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/vote_id.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Memo key and votes of an account.

    @par Preconditions checked by the node
    @li At least `num_witness` and `num_committee` votes of their type, each of an existing candidate.
    @li `num_witness <= maximum_witness_count`, `num_committee <= maximum_committee_count`
*/
struct account_options
{
    public_key memo_key;
    /// Votes instead of the account; 1.2.5: nobody does.
    account_id voting_account = reserved_accounts::proxy_to_self;
    std::uint16_t num_witness = 0;   ///< How many active witnesses the account wants.
    std::uint16_t num_committee = 0; ///< How many committee members it wants.
    flat_set<vote_id> votes;
    extensions_type extensions;

    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(account_options const&, account_options const&) = default;

    BITSHARES_FIELDS((memo_key), (voting_account), (num_witness), (num_committee), (votes), (extensions))
};

/// Makes an account one that buys back an asset with all that it receives.
struct buyback_account_options
{
    asset_id asset_to_buy;
    account_id asset_to_buy_issuer; ///< Its active authority is required too.
    flat_set<asset_id> markets;     ///< Assets that the account sells for it: 1 to 4, not `asset_to_buy`.

    friend bool operator==(buyback_account_options const&, buyback_account_options const&) = default;

    BITSHARES_FIELDS((asset_to_buy), (asset_to_buy_issuer), (markets))
};

/** Registers the account `name`.

    @par Wire
    Tag 5; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `name` is valid: 1 to 63 of `a-z`, `0-9`, `-`, `.`, and not taken.
    @li `referrer_percent <= 10000`; `owner` and `active` can be satisfied, hold no address and no account more
        than `maximum_authority_membership` allows.
    @li `registrar` is a lifetime member; so is `referrer`, or `referrer` is a member while such exist.
    @li `options` as in @ref account_options; a buyback account's authorities are the null account.
*/
struct account_create
{
    struct extension
    {
        std::optional<void_type> null_ext; ///< No meaning.
        std::optional<special_authority> owner_special_authority;
        std::optional<special_authority> active_special_authority;
        std::optional<buyback_account_options> buyback_options; ///< Makes it a buyback account.

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((null_ext), (owner_special_authority), (active_special_authority), (buyback_options))
    };

    asset fee; ///< Paid by `registrar`.
    account_id registrar;
    account_id referrer;                ///< Gets its part of the fees of the new account.
    std::uint16_t referrer_percent = 0; ///< Of what referrer and registrar share; 1/100 of a percent.
    std::string name;
    authority owner;
    authority active;
    account_options options; ///< Memo key and votes.
    extension extensions;

    static constexpr op_traits traits{.tag = 5, .name = "account_create"};

    struct fee_parameters
    {
        std::uint64_t basic_fee = 500'000;
        std::uint64_t premium_fee = 200'000'000;
        std::uint32_t price_per_kbyte = 100'000;

        /// Plus the bytes; cheap names cost the basic fee.
        template <class Calculation>
        detail::wide core_fee(account_create const& op, Calculation& c) const
        {
            return (is_cheap_account_name(op.name) ? basic_fee : premium_fee) + c.data_fee(op, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((basic_fee), (premium_fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return registrar; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        if (extensions.buyback_options)
            visit.active(extensions.buyback_options->asset_to_buy_issuer);
    }

    friend bool operator==(account_create const&, account_create const&) = default;

    BITSHARES_FIELDS((fee), (registrar), (referrer), (referrer_percent), (name), (owner), (active), (options),
                     (extensions))
};

/** Replaces authorities, memo key or votes of an account.

    Needs the owner authority if `owner` or `owner_special_authority` is set, else the active one.

    @par Wire
    Tag 6; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; something is to be changed, and `account` is not temp-account (1.2.4).
    @li New authorities can be satisfied and hold no address; the options are valid.
*/
struct account_update
{
    struct extension
    {
        std::optional<void_type> null_ext; ///< No meaning.
        std::optional<special_authority> owner_special_authority;
        std::optional<special_authority> active_special_authority;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((null_ext), (owner_special_authority), (active_special_authority))
    };

    asset fee; ///< Paid by `account`.
    account_id account;
    std::optional<authority> owner;
    std::optional<authority> active;
    std::optional<account_options> new_options;
    extension extensions;

    static constexpr op_traits traits{.tag = 6, .name = "account_update"};

    struct fee_parameters
    {
        std::int64_t fee = 2'000'000;
        std::uint32_t price_per_kbyte = 100'000;

        /// Plus the bytes where the options change.
        template <class Calculation>
        detail::wide core_fee(account_update const& op, Calculation& c) const
        {
            return c.amount(fee) + (op.new_options ? c.data_fee(op, price_per_kbyte) : 0);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        if (owner || extensions.owner_special_authority)
            visit.owner(account);
    }

    friend bool operator==(account_update const&, account_update const&) = default;

    BITSHARES_FIELDS((fee), (account), (owner), (active), (new_options), (extensions))
};

/** Puts an account on the lists of another, or off them.

    Assets may take an account's lists as theirs: see @ref asset_options.

    @par Wire
    Tag 7; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `new_listing < 4`; `authorizing_account` is a lifetime member, unless a chain parameter allows all.
*/
struct account_whitelist
{
    asset fee; ///< Paid by `authorizing_account`.
    account_id authorizing_account;
    account_id account_to_list;
    std::uint8_t new_listing = 0; ///< 0 none, 1 white, 2 black, 3 both.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 7, .name = "account_whitelist"};

    struct fee_parameters
    {
        std::int64_t fee = 300'000;

        template <class Calculation>
        detail::wide core_fee(account_whitelist const&, Calculation& c) const
        {
            return c.amount(fee);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return authorizing_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(account_whitelist const&, account_whitelist const&) = default;

    BITSHARES_FIELDS((fee), (authorizing_account), (account_to_list), (new_listing), (extensions))
};

/** Makes an account a lifetime member, which pays lower fees and may register others.

    @par Wire
    Tag 8; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `upgrade_to_lifetime_member` is true: annual membership is no longer sold.
    @li The account is no lifetime member yet.
*/
struct account_upgrade
{
    asset fee; ///< Paid by `account_to_upgrade`.
    account_id account_to_upgrade;
    bool upgrade_to_lifetime_member = false;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 8, .name = "account_upgrade"};

    struct fee_parameters
    {
        std::uint64_t membership_annual_fee = 200'000'000;
        std::uint64_t membership_lifetime_fee = 1'000'000'000;

        template <class Calculation>
        detail::wide core_fee(account_upgrade const& op, Calculation&) const
        {
            return op.upgrade_to_lifetime_member ? membership_lifetime_fee : membership_annual_fee;
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((membership_annual_fee), (membership_lifetime_fee))
    };

    account_id fee_payer() const { return account_to_upgrade; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(account_upgrade const&, account_upgrade const&) = default;

    BITSHARES_FIELDS((fee), (account_to_upgrade), (upgrade_to_lifetime_member), (extensions))
};

/** Was meant to sell an account; no node has a rule for it, so it cannot occur.

    Its fee parameters count: they are the price of an asset's sub-symbol.

    @par Wire
    Tag 9; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li None passes: there is no evaluator.
*/
struct account_transfer
{
    asset fee;
    bitshares::account_id account_id;
    bitshares::account_id new_owner;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 9, .name = "account_transfer"};

    struct fee_parameters
    {
        std::uint64_t fee = 50'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account_id; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(account_transfer const&, account_transfer const&) = default;

    BITSHARES_FIELDS((fee), (account_id), (new_owner), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/account.ipp>
#endif
