#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct samet_fund_create
{
    asset fee;
    account_id owner_account;
    asset_id asset_type;
    std::int64_t balance = 0;
    std::uint32_t fee_rate = 0;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 64, .name = "samet_fund_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return owner_account; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(owner_account, asset{balance, asset_type});
    }

    friend bool operator==(samet_fund_create const&, samet_fund_create const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (asset_type), (balance), (fee_rate), (extensions))
};

struct samet_fund_delete
{
    asset fee;
    account_id owner_account;
    samet_fund_id fund_id;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 65, .name = "samet_fund_delete"};
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

    friend bool operator==(samet_fund_delete const&, samet_fund_delete const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (fund_id), (extensions))
};

struct samet_fund_update
{
    asset fee;
    account_id owner_account;
    samet_fund_id fund_id;
    std::optional<asset> delta_amount;
    std::optional<std::uint32_t> new_fee_rate;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 66, .name = "samet_fund_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
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

    friend bool operator==(samet_fund_update const&, samet_fund_update const&) = default;

    BITSHARES_FIELDS((fee), (owner_account), (fund_id), (delta_amount), (new_fee_rate), (extensions))
};

struct samet_fund_borrow
{
    asset fee;
    account_id borrower;
    samet_fund_id fund_id;
    asset borrow_amount;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 67, .name = "samet_fund_borrow"};
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
        visit.received(borrower, borrow_amount);
    }

    friend bool operator==(samet_fund_borrow const&, samet_fund_borrow const&) = default;

    BITSHARES_FIELDS((fee), (borrower), (fund_id), (borrow_amount), (extensions))
};

struct samet_fund_repay
{
    asset fee;
    account_id account;
    samet_fund_id fund_id;
    asset repay_amount;
    asset fund_fee;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 68, .name = "samet_fund_repay"};
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
        visit.sent(account, fund_fee);
    }

    friend bool operator==(samet_fund_repay const&, samet_fund_repay const&) = default;

    BITSHARES_FIELDS((fee), (account), (fund_id), (repay_amount), (fund_fee), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
