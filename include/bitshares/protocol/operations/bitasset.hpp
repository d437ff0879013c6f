#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/asset_options.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/price_feed.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Changes the rules of a market-issued asset: feeds, settlement, collateral.

    @par Wire
    Tag 12; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `new_options` as in @ref bitasset_options.
    @li `issuer` issues `asset_to_update`, a market-issued asset that is not globally settled where the backing
        asset changes.
    @li The backing asset changes only while nothing is issued, and makes no circle.
    @li A ratio that a holder's permission protects is not changed.
*/
struct asset_update_bitasset
{
    asset fee; ///< Paid by `issuer`.
    account_id issuer;
    asset_id asset_to_update;
    bitasset_options new_options; ///< Replaces all of them.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 12, .name = "asset_update_bitasset"};

    struct fee_parameters
    {
        std::uint64_t fee = 50'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(asset_update_bitasset const&, asset_update_bitasset const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_update), (new_options), (extensions))
};

/** Names the accounts whose price feeds count for an asset.

    @par Wire
    Tag 13; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `issuer` issues the asset, a market-issued one that is fed neither by witnesses nor by the committee.
    @li At most `maximum_asset_feed_publishers` accounts.
*/
struct asset_update_feed_producers
{
    asset fee; ///< Paid by `issuer`.
    account_id issuer;
    asset_id asset_to_update;
    flat_set<account_id> new_feed_producers; ///< Replaces the list; feeds of others are dropped.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 13, .name = "asset_update_feed_producers"};

    struct fee_parameters
    {
        std::uint64_t fee = 50'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(asset_update_feed_producers const&, asset_update_feed_producers const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_update), (new_feed_producers), (extensions))
};

/** Publishes the publisher's price feed of a market-issued asset.

    The median of the valid feeds counts. It may trigger margin calls, a settlement or a revival.

    @par Wire
    Tag 19; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `feed` as in @ref price_feed, `initial_collateral_ratio` from 1001 to 32000.
    @li `settlement_price` is of the asset (base) and its backing asset (quote), or unset.
    @li `publisher` is a feed producer of the asset; an active witness or committee member where they feed it.
*/
struct asset_publish_feed
{
    struct extension
    {
        std::optional<std::uint16_t> initial_collateral_ratio; ///< 1/1000.

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((initial_collateral_ratio))
    };

    asset fee; ///< Paid by `publisher`.
    account_id publisher;
    bitshares::asset_id asset_id; ///< The asset that the feed is for.
    price_feed feed;
    extension extensions;

    static constexpr op_traits traits{.tag = 19, .name = "asset_publish_feed"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return publisher; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(asset_publish_feed const&, asset_publish_feed const&) = default;

    BITSHARES_FIELDS((fee), (publisher), (asset_id), (feed), (extensions))
};

/** Asks for the backing asset in exchange for a market-issued asset, at the feed's price.

    Executed after a delay, then as `fill_order`; at once, by the operation's result, where the asset is globally
    settled or has a settlement fund. `paid` of the result may be less than `amount`.

    @par Wire
    Tag 17; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount.amount >= 0`, `fee.amount >= 0`
    @li The asset is market-issued, and settlement is allowed or the asset is globally settled.
    @li `account` holds the amount.
*/
struct asset_settle
{
    asset fee; ///< Paid by `account`.
    account_id account;
    asset amount; ///< To give; locked until the settlement is executed.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 17, .name = "asset_settle"};

    struct fee_parameters
    {
        std::uint64_t fee = 10'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(account, amount);
    }

    friend bool operator==(asset_settle const&, asset_settle const&) = default;

    BITSHARES_FIELDS((fee), (account), (amount), (extensions))
};

/** Says that a force settlement ended without a match; the rest of its amount is back.

    @par Wire
    Tag 42, virtual; fields in declaration order.
    @par Preconditions checked by the node
    Made by the chain alone: no transaction may hold it.
*/
struct asset_settle_cancel
{
    asset fee; ///< Always 0.
    force_settlement_id settlement;
    account_id account;
    asset amount;

    static constexpr op_traits traits{.tag = 42, .name = "asset_settle_cancel", .is_virtual = true};

    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    account_id fee_payer() const { return account; }

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(account, amount);
    }

    friend bool operator==(asset_settle_cancel const&, asset_settle_cancel const&) = default;

    BITSHARES_FIELDS((fee), (settlement), (account), (amount))
};

/** Settles every debt position of a market-issued asset at one price.

    Afterwards each unit of the asset can be changed for its share of the settlement fund.

    @par Wire
    Tag 18; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `settle_price` is of `asset_to_settle` (base) and its backing asset.
    @li `issuer` issues the asset, holds the permission `global_settle`, and the asset is not settled yet.
    @li The least collateralised position can pay the price.
*/
struct asset_global_settle
{
    asset fee; ///< Paid by `issuer`.
    account_id issuer;
    asset_id asset_to_settle;
    price settle_price;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 18, .name = "asset_global_settle"};

    struct fee_parameters
    {
        std::uint64_t fee = 50'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(asset_global_settle const&, asset_global_settle const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_settle), (settle_price), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/bitasset.ipp>
#endif
