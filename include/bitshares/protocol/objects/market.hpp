#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/operations/limit_order.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/uint128.hpp>

#include <optional>
#include <string>
#include <vector>

/** @file
    Orders, positions and trades; with the summaries that nodes make of them for people. Of the latter, prices and
    amounts are decimal texts in whole units, not in the smallest.

    @par Source
    bitshares-core, libraries/chain/include/graphene/chain/market_object.hpp.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An offer to sell at a price.
struct limit_order_object
{
    limit_order_id id;
    time_point_sec expiration;
    account_id seller;
    std::int64_t for_sale = 0;                    ///< What is left, in the smallest unit of `sell_price.base`'s asset.
    price sell_price;                             ///< `base` is sold, `quote` wanted.
    uint128 filled_amount;                        ///< Sold so far.
    std::int64_t deferred_fee = 0;                ///< Of the core asset; returned where the order is cancelled.
    asset deferred_paid_fee;                      ///< The same as it was paid, where in another asset.
    bool is_settled_debt = false;                 ///< Made by the chain from an individual settlement.
    std::vector<limit_order_auto_action> on_fill; ///< What the chain does when it is filled.
    std::optional<limit_order_id> take_profit_order_id; ///< The order that it made when filled, linked back.

    friend bool operator==(limit_order_object const&, limit_order_object const&) = default;

    BITSHARES_FIELDS((id), (expiration), (seller), (for_sale), (sell_price), (filled_amount), (deferred_fee),
                     (deferred_paid_fee), (is_settled_debt), (on_fill), (take_profit_order_id))
};

/// Debt in a market-issued asset and its collateral.
struct call_order_object
{
    call_order_id id;
    account_id borrower;
    std::int64_t collateral = 0; ///< In the backing asset's smallest unit.
    std::int64_t debt = 0;       ///< In the smallest unit of the asset borrowed.
    price call_price;            ///< Tells the assets: `base` of the collateral, `quote` of the debt.
    std::optional<std::uint16_t> target_collateral_ratio; ///< To which a margin call sells; 1/1000.

    friend bool operator==(call_order_object const&, call_order_object const&) = default;

    BITSHARES_FIELDS((id), (borrower), (collateral), (debt), (call_price), (target_collateral_ratio))
};

/// An amount to be settled at the feed's price.
struct force_settlement_object
{
    force_settlement_id id;
    account_id owner;
    asset balance;
    time_point_sec settlement_date; ///< Not before.

    friend bool operator==(force_settlement_object const&, force_settlement_object const&) = default;

    BITSHARES_FIELDS((id), (owner), (balance), (settlement_date))
};

/// A bid of collateral for debt of a settled asset.
struct collateral_bid_object
{
    collateral_bid_id id;
    account_id bidder;
    price inv_swan_price; ///< `base` is the additional collateral, `quote` the debt covered.

    friend bool operator==(collateral_bid_object const&, collateral_bid_object const&) = default;

    BITSHARES_FIELDS((id), (bidder), (inv_swan_price))
};

/// Which candle.
struct bucket_key
{
    asset_id base;
    asset_id quote;
    std::uint32_t seconds = 0; ///< Its length.
    time_point_sec open;       ///< Its beginning.

    friend bool operator==(bucket_key const&, bucket_key const&) = default;

    BITSHARES_FIELDS((base), (quote), (seconds), (open))
};

/// A candle of a market; amounts in the smallest units. A price is a pair of base and quote amounts.
struct bucket_object
{
    bucket_id id;
    bucket_key key;
    std::int64_t high_base = 0;
    std::int64_t high_quote = 0;
    std::int64_t low_base = 0;
    std::int64_t low_quote = 0;
    std::int64_t open_base = 0;
    std::int64_t open_quote = 0;
    std::int64_t close_base = 0;
    std::int64_t close_quote = 0;
    std::int64_t base_volume = 0;
    std::int64_t quote_volume = 0;

    friend bool operator==(bucket_object const&, bucket_object const&) = default;

    BITSHARES_FIELDS((id), (key), (high_base), (high_quote), (low_base), (low_quote), (open_base), (open_quote),
                     (close_base), (close_quote), (base_volume), (quote_volume))
};

/// Which fill of a market.
struct history_key
{
    asset_id base;
    asset_id quote;
    std::int64_t sequence = 0; ///< Of the fill: 0 for the first, then -1, -2 ... down.

    friend bool operator==(history_key const&, history_key const&) = default;

    BITSHARES_FIELDS((base), (quote), (sequence))
};

/// A fill of an order, as the market_history plugin keeps it; a trade makes two.
struct order_history_object
{
    order_history_id id;
    history_key key;
    time_point_sec time;
    fill_order op;

    friend bool operator==(order_history_object const&, order_history_object const&) = default;

    BITSHARES_FIELDS((id), (key), (time), (op))
};

/// A market's last 24 hours, in the smallest units.
struct market_ticker_object
{
    market_ticker_id id;
    asset_id base;
    asset_id quote;
    std::int64_t last_day_base = 0;
    std::int64_t last_day_quote = 0;
    std::int64_t latest_base = 0; ///< Of the latest trade.
    std::int64_t latest_quote = 0;
    uint128 base_volume;
    uint128 quote_volume;

    friend bool operator==(market_ticker_object const&, market_ticker_object const&) = default;

    BITSHARES_FIELDS((id), (base), (quote), (last_day_base), (last_day_quote), (latest_base), (latest_quote),
                     (base_volume), (quote_volume))
};

/// The best orders of a market, as people read them.
struct order_book
{
    /// An order: its price, and what it gives for what.
    struct order
    {
        std::string price; ///< In base for one quote, whichever side.
        std::string quote; ///< Amount.
        std::string base;  ///< Amount.
        limit_order_id id; ///< Absent from older nodes: 1.7.0.
        account_id owner_id;
        std::string owner_name;
        time_point_sec expiration;

        friend bool operator==(order const&, order const&) = default;

        BITSHARES_FIELDS((price), (quote), (base), (id), (owner_id), (owner_name), (expiration))
    };

    std::string base;        ///< Symbol.
    std::string quote;       ///< Symbol.
    std::vector<order> bids; ///< Buy quote; the highest price first.
    std::vector<order> asks; ///< Sell quote; the lowest price first.

    friend bool operator==(order_book const&, order_book const&) = default;

    BITSHARES_FIELDS((base), (quote), (bids), (asks))
};

/// A market's last 24 hours, as people read them.
struct market_ticker
{
    time_point_sec time;
    std::string base;   ///< Symbol, or id where it was asked for by id.
    std::string quote;  ///< As `base`.
    std::string latest; ///< Price in base for one quote.
    std::string lowest_ask;
    std::string lowest_ask_base_size;
    std::string lowest_ask_quote_size;
    std::string highest_bid;
    std::string highest_bid_base_size;
    std::string highest_bid_quote_size;
    std::string percent_change; ///< Of the price.
    std::string base_volume;
    std::string quote_volume;
    std::optional<any_object_id> mto_id; ///< Its @ref market_ticker_object.

    friend bool operator==(market_ticker const&, market_ticker const&) = default;

    BITSHARES_FIELDS((time), (base), (quote), (latest), (lowest_ask), (lowest_ask_base_size), (lowest_ask_quote_size),
                     (highest_bid), (highest_bid_base_size), (highest_bid_quote_size), (percent_change), (base_volume),
                     (quote_volume), (mto_id))
};

/// What a market traded in the last 24 hours.
struct market_volume
{
    time_point_sec time;
    std::string base;  ///< Symbol.
    std::string quote; ///< Symbol.
    std::string base_volume;
    std::string quote_volume;

    friend bool operator==(market_volume const&, market_volume const&) = default;

    BITSHARES_FIELDS((time), (base), (quote), (base_volume), (quote_volume))
};

/// A trade, as people read it.
struct market_trade
{
    std::int64_t sequence = 0; ///< Positive; the newest trade has the highest.
    time_point_sec date;
    std::string price;           ///< In base for one quote.
    std::string amount;          ///< Of quote.
    std::string value;           ///< Of base.
    std::string type;            ///< `"buy"` or `"sell"` of quote, by the taker.
    account_id side1_account_id; ///< The maker of the one fill.
    account_id side2_account_id;

    friend bool operator==(market_trade const&, market_trade const&) = default;

    BITSHARES_FIELDS((sequence), (date), (price), (amount), (value), (type), (side1_account_id), (side2_account_id))
};

/// Orders whose prices are close together.
struct limit_order_group
{
    price min_price;
    price max_price;
    std::int64_t total_for_sale = 0; ///< In the smallest unit of the base asset.

    friend bool operator==(limit_order_group const&, limit_order_group const&) = default;

    BITSHARES_FIELDS((min_price), (max_price), (total_for_sale))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
