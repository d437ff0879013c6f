#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/time_point.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** After each fill, offers what was received: the price of the fill and `spread_percent` on top.

    The new order is made by the chain as a virtual `limit_order_create`, or a `limit_order_update` of the one made
    before. Where that fails, for want of its fee for instance, nothing happens.
*/
struct create_take_profit_order_action
{
    asset_id fee_asset_id;                ///< In which the new order's fee is paid.
    std::uint16_t spread_percent = 0;     ///< Added to the price; 1/100 of a percent.
    std::uint16_t size_percent = 10'000;  ///< How much of what was received is offered; 1/100 of a percent, above 0.
    std::uint32_t expiration_seconds = 0; ///< Life of the new order, from the fill on.
    bool repeat = false;                  ///< The new order has the same action, in the other direction.
    extensions_type extensions;

    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(create_take_profit_order_action const&, create_take_profit_order_action const&) = default;

    BITSHARES_FIELDS((fee_asset_id), (spread_percent), (size_percent), (expiration_seconds), (repeat), (extensions))
};

/// What follows a fill of an order. Tag 0: @ref create_take_profit_order_action.
using limit_order_auto_action = std::variant<create_take_profit_order_action>;

/** Offers `amount_to_sell` for at least `min_to_receive`.

    The order takes what the book offers at its price or better, one `fill_order` a match; the rest stays in the book
    until it is filled, cancelled or expired. `fee` is deferred: a cancelled order that was never filled gives it
    back.

    @par Wire
    Tag 1; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount_to_sell.amount > 0`, `min_to_receive.amount > 0`, `fee.amount >= 0`, the two assets differ
    @li `expiration` is not before the head block's time.
    @li Both assets' lists allow `seller` and the market; `seller` holds amount and fee.
    @li `fill_or_kill`: the whole amount is filled at once.
*/
struct limit_order_create
{
    struct options_type
    {
        /// In this order after each fill; the chain takes one take-profit action.
        std::optional<std::vector<limit_order_auto_action>> on_fill;

        friend bool operator==(options_type const&, options_type const&) = default;

        BITSHARES_EXTENSION((on_fill))
    };

    asset fee; ///< Paid by `seller`; part of the order until the first fill.
    account_id seller;
    asset amount_to_sell; ///< Leaves the balance of `seller` at once.
    asset min_to_receive; ///< With `amount_to_sell` it makes the price.
    time_point_sec expiration = time_point_sec::maximum();
    bool fill_or_kill = false; ///< All at once, or the transaction fails.
    options_type extensions;   ///< What to do with what the order receives.

    static constexpr op_traits traits{.tag = 1, .name = "limit_order_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 500'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return seller; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(seller, amount_to_sell);
    }

    friend bool operator==(limit_order_create const&, limit_order_create const&) = default;

    BITSHARES_FIELDS((fee), (seller), (amount_to_sell), (min_to_receive), (expiration), (fill_or_kill), (extensions))
};

/** Changes price, amount or expiration of an open order, or what follows its fills.

    The order keeps its id; its deferred fee is settled and replaced by `fee`.

    @par Wire
    Tag 77; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; at least one of the optional members is there.
    @li `new_price` is of the order's two assets, and not so far off the old one that the order would be larger
        than its amount allows.
    @li `delta_amount_to_sell.amount != 0`, of the sold asset, and something remains to sell.
    @li `new_expiration` is not before the head block's time. `seller` owns `order`.
*/
struct limit_order_update
{
    asset fee; ///< Paid by `seller`; becomes the deferred fee of the order.
    account_id seller;
    limit_order_id order;
    std::optional<price> new_price;            ///< `base` is the asset that is sold.
    std::optional<asset> delta_amount_to_sell; ///< Added to the order; negative: taken back.
    std::optional<time_point_sec> new_expiration;
    /// Replaces the actions; an empty list removes them.
    std::optional<std::vector<limit_order_auto_action>> on_fill;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 77, .name = "limit_order_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 37'500;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return seller; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        if (delta_amount_to_sell)
            detail::visit_sent(visit, seller, *delta_amount_to_sell);
    }

    friend bool operator==(limit_order_update const&, limit_order_update const&) = default;

    BITSHARES_FIELDS((fee), (seller), (order), (new_price), (delta_amount_to_sell), (new_expiration), (on_fill),
                     (extensions))
};

/** Cancels an open order; what is not sold goes back to its owner, with the deferred fee.

    The chain itself makes one, in its virtual form, for an order that expired or whose rest is too small. How much
    goes back is in the operation's result.

    @par Wire
    Tag 2; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `fee_paying_account` owns `order`.
*/
struct limit_order_cancel
{
    asset fee;                     ///< In the virtual form the part of the deferred fee that the chain keeps.
    account_id fee_paying_account; ///< The order's owner.
    limit_order_id order;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 2, .name = "limit_order_cancel"};

    struct fee_parameters
    {
        std::uint64_t fee = 0;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return fee_paying_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(limit_order_cancel const&, limit_order_cancel const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (order), (extensions))
};

/** Says that an order, debt position or settlement of `account_id` was matched, in whole or in part.

    One for each side of a match. For a margin call `pays` contains the fee; otherwise `receives` is gross, and `fee`
    is what the market keeps of it.

    @par Wire
    Tag 4, virtual; fields in declaration order.
    @par Preconditions checked by the node
    Made by the chain alone: no transaction may hold it.
*/
struct fill_order
{
    asset fee;              ///< Market fee, in the asset received; for a margin call in the collateral.
    any_object_id order_id; ///< A limit order (1.7.x), call order (1.8.x) or force settlement (1.4.x).
    bitshares::account_id account_id;
    asset pays;
    asset receives;
    price fill_price;      ///< Of the match: the one of the order that was in the book first.
    bool is_maker = false; ///< The order was in the book before the other one.

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

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/limit_order.ipp>
#endif
