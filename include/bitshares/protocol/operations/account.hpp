#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/vote_id.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct account_options
{
    public_key memo_key;
    account_id voting_account;
    std::uint16_t num_witness = 0;
    std::uint16_t num_committee = 0;
    flat_set<vote_id> votes;
    extensions_type extensions;

    friend bool operator==(account_options const&, account_options const&) = default;

    BITSHARES_FIELDS((memo_key), (voting_account), (num_witness), (num_committee), (votes), (extensions))
};

struct buyback_account_options
{
    asset_id asset_to_buy;
    account_id asset_to_buy_issuer;
    flat_set<asset_id> markets;

    friend bool operator==(buyback_account_options const&, buyback_account_options const&) = default;

    BITSHARES_FIELDS((asset_to_buy), (asset_to_buy_issuer), (markets))
};

struct account_create
{
    struct extension
    {
        std::optional<void_type> null_ext;
        std::optional<special_authority> owner_special_authority;
        std::optional<special_authority> active_special_authority;
        std::optional<buyback_account_options> buyback_options;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((null_ext), (owner_special_authority), (active_special_authority), (buyback_options))
    };

    asset fee;
    account_id registrar;
    account_id referrer;
    std::uint16_t referrer_percent = 0;
    std::string name;
    authority owner;
    authority active;
    account_options options;
    extension extensions;

    static constexpr op_traits traits{.tag = 5, .name = "account_create"};
    struct fee_parameters
    {
        std::uint64_t basic_fee = 500000;
        std::uint64_t premium_fee = 200000000;
        std::uint32_t price_per_kbyte = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((basic_fee), (premium_fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return registrar; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(account_create const&, account_create const&) = default;

    BITSHARES_FIELDS((fee), (registrar), (referrer), (referrer_percent), (name), (owner), (active), (options), (extensions))
};

struct account_update
{
    struct extension
    {
        std::optional<void_type> null_ext;
        std::optional<special_authority> owner_special_authority;
        std::optional<special_authority> active_special_authority;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((null_ext), (owner_special_authority), (active_special_authority))
    };

    asset fee;
    account_id account;
    std::optional<authority> owner;
    std::optional<authority> active;
    std::optional<account_options> new_options;
    extension extensions;

    static constexpr op_traits traits{.tag = 6, .name = "account_update"};
    struct fee_parameters
    {
        std::int64_t fee = 2000000;
        std::uint32_t price_per_kbyte = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(account_update const&, account_update const&) = default;

    BITSHARES_FIELDS((fee), (account), (owner), (active), (new_options), (extensions))
};

struct account_whitelist
{
    asset fee;
    account_id authorizing_account;
    account_id account_to_list;
    std::uint8_t new_listing = 0;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 7, .name = "account_whitelist"};
    struct fee_parameters
    {
        std::int64_t fee = 300000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return authorizing_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(account_whitelist const&, account_whitelist const&) = default;

    BITSHARES_FIELDS((fee), (authorizing_account), (account_to_list), (new_listing), (extensions))
};

struct account_upgrade
{
    asset fee;
    account_id account_to_upgrade;
    bool upgrade_to_lifetime_member = false;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 8, .name = "account_upgrade"};
    struct fee_parameters
    {
        std::uint64_t membership_annual_fee = 200000000;
        std::uint64_t membership_lifetime_fee = 1000000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((membership_annual_fee), (membership_lifetime_fee))
    };

    bitshares::account_id fee_payer() const { return account_to_upgrade; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(account_upgrade const&, account_upgrade const&) = default;

    BITSHARES_FIELDS((fee), (account_to_upgrade), (upgrade_to_lifetime_member), (extensions))
};

struct account_transfer
{
    asset fee;
    bitshares::account_id account_id;
    bitshares::account_id new_owner;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 9, .name = "account_transfer"};
    struct fee_parameters
    {
        std::uint64_t fee = 50000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account_id; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(account_transfer const&, account_transfer const&) = default;

    BITSHARES_FIELDS((fee), (account_id), (new_owner), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
