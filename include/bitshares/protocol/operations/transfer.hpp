#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct transfer
{
    asset fee;
    account_id from;
    account_id to;
    asset amount;
    std::optional<memo_data> memo;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 0, .name = "transfer"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;
        std::uint32_t price_per_kbyte = 1000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return from; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from, amount);
        visit.received(to, amount);
    }

    friend bool operator==(transfer const&, transfer const&) = default;

    BITSHARES_FIELDS((fee), (from), (to), (amount), (memo), (extensions))
};

struct override_transfer
{
    asset fee;
    account_id issuer;
    account_id from;
    account_id to;
    asset amount;
    std::optional<memo_data> memo;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 38, .name = "override_transfer"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;
        std::uint32_t price_per_kbyte = 10;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return issuer; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from, amount);
        visit.received(to, amount);
    }

    friend bool operator==(override_transfer const&, override_transfer const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (from), (to), (amount), (memo), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
