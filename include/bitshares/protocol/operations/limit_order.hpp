#pragma once

#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct create_take_profit_order_action
{
    asset_id fee_asset_id;
    std::uint16_t spread_percent = 0;
    std::uint16_t size_percent = 0;
    std::uint32_t expiration_seconds = 0;
    bool repeat = false;
    extensions_type extensions;

    friend bool operator==(create_take_profit_order_action const&, create_take_profit_order_action const&) = default;

    BITSHARES_FIELDS((fee_asset_id), (spread_percent), (size_percent), (expiration_seconds), (repeat), (extensions))
};

using limit_order_auto_action = std::variant<create_take_profit_order_action>;

struct limit_order_create
{
    struct options_type
    {
        std::optional<std::vector<limit_order_auto_action>> on_fill;

        friend bool operator==(options_type const&, options_type const&) = default;

        BITSHARES_EXTENSION((on_fill))
    };

    asset fee;
    account_id seller;
    asset amount_to_sell;
    asset min_to_receive;
    time_point_sec expiration;
    bool fill_or_kill = false;
    options_type extensions;

    static constexpr op_traits traits{.tag = 1, .name = "limit_order_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 500000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return seller; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(seller, amount_to_sell);
    }

    friend bool operator==(limit_order_create const&, limit_order_create const&) = default;

    BITSHARES_FIELDS((fee), (seller), (amount_to_sell), (min_to_receive), (expiration), (fill_or_kill), (extensions))
};

struct limit_order_cancel
{
    asset fee;
    account_id fee_paying_account;
    limit_order_id order;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 2, .name = "limit_order_cancel"};
    struct fee_parameters
    {
        std::uint64_t fee = 0;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return fee_paying_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(limit_order_cancel const&, limit_order_cancel const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (order), (extensions))
};

struct fill_order
{
    asset fee;
    any_object_id order_id;
    bitshares::account_id account_id;
    asset pays;
    asset receives;
    price fill_price;
    bool is_maker = false;

    static constexpr op_traits traits{.tag = 4, .name = "fill_order", .is_virtual = true};
    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    bitshares::account_id fee_payer() const { return account_id; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account_id, pays);
        visit.received(account_id, receives);
    }

    friend bool operator==(fill_order const&, fill_order const&) = default;

    BITSHARES_FIELDS((fee), (order_id), (account_id), (pays), (receives), (fill_price), (is_maker))
};

struct limit_order_update
{
    asset fee;
    account_id seller;
    limit_order_id order;
    std::optional<price> new_price;
    std::optional<asset> delta_amount_to_sell;
    std::optional<time_point_sec> new_expiration;
    std::optional<std::vector<limit_order_auto_action>> on_fill;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 77, .name = "limit_order_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 37500;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return seller; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        if (delta_amount_to_sell && delta_amount_to_sell->amount > 0)
            visit.sent(seller, *delta_amount_to_sell);
        else if (delta_amount_to_sell && delta_amount_to_sell->amount < 0)
            visit.received(seller, detail::negated(*delta_amount_to_sell));
    }

    friend bool operator==(limit_order_update const&, limit_order_update const&) = default;

    BITSHARES_FIELDS((fee), (seller), (order), (new_price), (delta_amount_to_sell), (new_expiration), (on_fill), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
