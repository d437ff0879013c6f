#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct credit_offer_create
{
    asset fee;
    account_id owner_account;
    asset_id asset_type;
    std::int64_t balance = 0;
    std::uint32_t fee_rate = 0;
    std::uint32_t max_duration_seconds = 0;
    std::int64_t min_deal_amount = 0;
    bool enabled = false;
    time_point_sec auto_disable_time;
    flat_map<asset_id, price> acceptable_collateral;
    flat_map<account_id, std::int64_t> acceptable_borrowers;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 69, .name = "credit_offer_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;
        std::uint32_t price_per_kbyte = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return owner_account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(owner_account, asset{balance, asset_type});
    }

    friend bool operator==(credit_offer_create const&, credit_offer_create const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (asset_type), (balance), (fee_rate), (max_duration_seconds), (min_deal_amount), (enabled), (auto_disable_time), (acceptable_collateral), (acceptable_borrowers), (extensions))
};

struct credit_offer_delete
{
    asset fee;
    account_id owner_account;
    credit_offer_id offer_id;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 70, .name = "credit_offer_delete"};
    struct fee_parameters
    {
        std::uint64_t fee = 0;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return owner_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(credit_offer_delete const&, credit_offer_delete const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (offer_id), (extensions))
};

struct credit_offer_update
{
    asset fee;
    account_id owner_account;
    credit_offer_id offer_id;
    std::optional<asset> delta_amount;
    std::optional<std::uint32_t> fee_rate;
    std::optional<std::uint32_t> max_duration_seconds;
    std::optional<std::int64_t> min_deal_amount;
    std::optional<bool> enabled;
    std::optional<time_point_sec> auto_disable_time;
    std::optional<flat_map<asset_id, price>> acceptable_collateral;
    std::optional<flat_map<account_id, std::int64_t>> acceptable_borrowers;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 71, .name = "credit_offer_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;
        std::uint32_t price_per_kbyte = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return owner_account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        if (delta_amount && delta_amount->amount > 0)
            visit.sent(owner_account, *delta_amount);
        else if (delta_amount && delta_amount->amount < 0)
            visit.received(owner_account, detail::negated(*delta_amount));
    }

    friend bool operator==(credit_offer_update const&, credit_offer_update const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (offer_id), (delta_amount), (fee_rate), (max_duration_seconds), (min_deal_amount), (enabled), (auto_disable_time), (acceptable_collateral), (acceptable_borrowers), (extensions))
};

struct credit_offer_accept
{
    struct extension
    {
        std::optional<std::uint8_t> auto_repay;

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((auto_repay))
    };

    asset fee;
    account_id borrower;
    credit_offer_id offer_id;
    asset borrow_amount;
    asset collateral;
    std::uint32_t max_fee_rate = 0;
    std::uint32_t min_duration_seconds = 0;
    extension extensions;

    static constexpr op_traits traits{.tag = 72, .name = "credit_offer_accept"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return borrower; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(borrower, collateral);
        visit.received(borrower, borrow_amount);
    }

    friend bool operator==(credit_offer_accept const&, credit_offer_accept const&) = default;

    BITSHARES_FIELDS((fee), (borrower), (offer_id), (borrow_amount), (collateral), (max_fee_rate), (min_duration_seconds), (extensions))
};

struct credit_deal_repay
{
    asset fee;
    account_id account;
    credit_deal_id deal_id;
    asset repay_amount;
    asset credit_fee;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 73, .name = "credit_deal_repay"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, repay_amount);
        visit.sent(account, credit_fee);
    }

    friend bool operator==(credit_deal_repay const&, credit_deal_repay const&) = default;

    BITSHARES_FIELDS((fee), (account), (deal_id), (repay_amount), (credit_fee), (extensions))
};

struct credit_deal_expired
{
    asset fee;
    credit_deal_id deal_id;
    credit_offer_id offer_id;
    account_id offer_owner;
    account_id borrower;
    asset unpaid_amount;
    asset collateral;
    std::uint32_t fee_rate = 0;

    static constexpr op_traits traits{.tag = 74, .name = "credit_deal_expired", .is_virtual = true};
    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    bitshares::account_id fee_payer() const { return borrower; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(offer_owner, collateral);
    }

    friend bool operator==(credit_deal_expired const&, credit_deal_expired const&) = default;

    BITSHARES_FIELDS((fee), (deal_id), (offer_id), (offer_owner), (borrower), (unpaid_amount), (collateral), (fee_rate))
};

struct credit_deal_update
{
    asset fee;
    account_id account;
    credit_deal_id deal_id;
    std::uint8_t auto_repay = 0;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 76, .name = "credit_deal_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(credit_deal_update const&, credit_deal_update const&) = default;

    BITSHARES_FIELDS((fee), (account), (deal_id), (auto_repay), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
