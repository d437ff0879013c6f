#pragma once

#include <bitshares/protocol/asset_options.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct asset_create
{
    asset fee;
    account_id issuer;
    std::string symbol;
    std::uint8_t precision = 0;
    asset_options common_options;
    std::optional<bitasset_options> bitasset_opts;
    bool is_prediction_market = false;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 10, .name = "asset_create"};
    struct fee_parameters
    {
        std::uint64_t symbol3 = 50000000000;
        std::uint64_t symbol4 = 30000000000;
        std::uint64_t long_symbol = 500000000;
        std::uint32_t price_per_kbyte = 10;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((symbol3), (symbol4), (long_symbol), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(asset_create const&, asset_create const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (symbol), (precision), (common_options), (bitasset_opts), (is_prediction_market), (extensions))
};

struct asset_update
{
    struct extension
    {
        std::optional<std::uint8_t> new_precision;
        std::optional<bool> skip_core_exchange_rate;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((new_precision), (skip_core_exchange_rate))
    };

    asset fee;
    account_id issuer;
    asset_id asset_to_update;
    std::optional<account_id> new_issuer;
    asset_options new_options;
    extension extensions;

    static constexpr op_traits traits{.tag = 11, .name = "asset_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 50000000;
        std::uint32_t price_per_kbyte = 10;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(asset_update const&, asset_update const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_update), (new_issuer), (new_options), (extensions))
};

struct asset_update_feed_producers
{
    asset fee;
    account_id issuer;
    asset_id asset_to_update;
    flat_set<account_id> new_feed_producers;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 13, .name = "asset_update_feed_producers"};
    struct fee_parameters
    {
        std::uint64_t fee = 50000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(asset_update_feed_producers const&, asset_update_feed_producers const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_update), (new_feed_producers), (extensions))
};

struct asset_issue
{
    asset fee;
    account_id issuer;
    asset asset_to_issue;
    account_id issue_to_account;
    std::optional<memo_data> memo;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 14, .name = "asset_issue"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;
        std::uint32_t price_per_kbyte = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(issue_to_account, asset_to_issue);
    }

    friend bool operator==(asset_issue const&, asset_issue const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_issue), (issue_to_account), (memo), (extensions))
};

struct asset_reserve
{
    asset fee;
    account_id payer;
    asset amount_to_reserve;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 15, .name = "asset_reserve"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return payer; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(payer, amount_to_reserve);
    }

    friend bool operator==(asset_reserve const&, asset_reserve const&) = default;

    BITSHARES_FIELDS((fee), (payer), (amount_to_reserve), (extensions))
};

struct asset_fund_fee_pool
{
    asset fee;
    account_id from_account;
    bitshares::asset_id asset_id;
    std::int64_t amount = 0;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 16, .name = "asset_fund_fee_pool"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return from_account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from_account, asset{amount, core_asset});
    }

    friend bool operator==(asset_fund_fee_pool const&, asset_fund_fee_pool const&) = default;

    BITSHARES_FIELDS((fee), (from_account), (asset_id), (amount), (extensions))
};

struct asset_claim_fees
{
    struct additional_options_type
    {
        std::optional<asset_id> claim_from_asset_id;

        friend bool operator==(additional_options_type const&, additional_options_type const&) = default;

        BITSHARES_EXTENSION((claim_from_asset_id))
    };

    asset fee;
    account_id issuer;
    asset amount_to_claim;
    additional_options_type extensions;

    static constexpr op_traits traits{.tag = 43, .name = "asset_claim_fees"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(issuer, amount_to_claim);
    }

    friend bool operator==(asset_claim_fees const&, asset_claim_fees const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (amount_to_claim), (extensions))
};

struct asset_claim_pool
{
    asset fee;
    account_id issuer;
    bitshares::asset_id asset_id;
    asset amount_to_claim;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 47, .name = "asset_claim_pool"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(issuer, amount_to_claim);
    }

    friend bool operator==(asset_claim_pool const&, asset_claim_pool const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_id), (amount_to_claim), (extensions))
};

struct asset_update_issuer
{
    asset fee;
    account_id issuer;
    asset_id asset_to_update;
    account_id new_issuer;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 48, .name = "asset_update_issuer"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(asset_update_issuer const&, asset_update_issuer const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_update), (new_issuer), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
