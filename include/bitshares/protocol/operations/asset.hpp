#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/asset_options.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/operations/account.hpp>
#include <bitshares/protocol/operations/ticket.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Makes a new asset.

    Half of the fee goes into the fee pool of the new asset.

    @par Wire
    Tag 10; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `symbol` is 3 to 16 of `A-Z`, `0-9`, `.`, begins with a letter, ends with letter or
        digit, and is not taken.
    @li A symbol `X.Y` needs the issuer of `X`.
    @li `precision <= 12`; options as in @ref asset_options and @ref bitasset_options.
    @li `is_prediction_market` needs `bitasset_opts`, the flag `global_settle` and the backing asset's precision.
*/
struct asset_create
{
    asset fee; ///< Paid by `issuer`; depends on the length of `symbol`.
    account_id issuer;
    std::string symbol;
    std::uint8_t precision = 0; ///< Decimal places of one unit.
    /// One side of `core_exchange_rate` is the core asset; the node puts the new asset on the other.
    asset_options common_options;
    std::optional<bitasset_options> bitasset_opts; ///< Set for a market-issued asset.
    bool is_prediction_market = false;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 10, .name = "asset_create"};

    struct fee_parameters
    {
        std::uint64_t symbol3 = 50'000'000'000;
        std::uint64_t symbol4 = 30'000'000'000;
        std::uint64_t long_symbol = 500'000'000;
        std::uint32_t price_per_kbyte = 10;

        /// By the length of the symbol, plus the bytes; a sub-asset `X.Y` costs what @ref account_transfer is priced at, on
        /// chains that know tickets.
        template <class Calculation>
        detail::wide core_fee(asset_create const& op, Calculation& c) const
        {
            bool const sub_asset_price = c.template has<account_transfer>() && c.template has<ticket_create>();
            std::uint64_t const by_symbol = sub_asset_price && op.symbol.find('.') != op.symbol.npos
                                                ? c.template parameters<account_transfer>().fee
                                            : op.symbol.size() == 3 ? symbol3
                                            : op.symbol.size() == 4 ? symbol4
                                                                    : long_symbol;
            return by_symbol + c.data_fee(op, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((symbol3), (symbol4), (long_symbol), (price_per_kbyte))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(asset_create const&, asset_create const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (symbol), (precision), (common_options), (bitasset_opts), (is_prediction_market),
                     (extensions))
};

/** Changes an asset's options.

    @par Wire
    Tag 11; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `issuer` issues `asset_to_update`; `new_issuer` is not set (use @ref asset_update_issuer).
    @li `new_options` as in @ref asset_options; permissions once given away do not come back while something is
        issued.
    @li `max_supply` is not below what is issued, and is not changed where it is locked.
    @li `new_precision` only while nothing is issued.
*/
struct asset_update
{
    struct extension
    {
        std::optional<std::uint8_t> new_precision;   ///< Decimal places.
        std::optional<bool> skip_core_exchange_rate; ///< True: keeps the old one.

        friend bool operator==(extension const&, extension const&) = default;

        BITSHARES_EXTENSION((new_precision), (skip_core_exchange_rate))
    };

    asset fee; ///< Paid by `issuer`.
    account_id issuer;
    asset_id asset_to_update;
    std::optional<account_id> new_issuer; ///< Of old transactions only.
    asset_options new_options;            ///< Replaces all of them.
    extension extensions;

    static constexpr op_traits traits{.tag = 11, .name = "asset_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 50'000'000;
        std::uint32_t price_per_kbyte = 10;

        /// Plus the bytes.
        template <class Calculation>
        detail::wide core_fee(asset_update const& op, Calculation& c) const
        {
            return fee + c.data_fee(op, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(asset_update const&, asset_update const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_update), (new_issuer), (new_options), (extensions))
};

/** Hands an asset to another issuer.

    Needs the owner authority of `issuer`.

    @par Wire
    Tag 48; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `issuer != new_issuer`
    @li `issuer` issues `asset_to_update`.
*/
struct asset_update_issuer
{
    asset fee; ///< Paid by `issuer`.
    account_id issuer;
    asset_id asset_to_update;
    account_id new_issuer;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 48, .name = "asset_update_issuer"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;

        using otherwise = asset_update; ///< Whose fee it has where a schedule lacks its own.

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        visit.owner(issuer);
    }

    friend bool operator==(asset_update_issuer const&, asset_update_issuer const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_update), (new_issuer), (extensions))
};

/** Creates units of an asset on the balance of an account.

    @par Wire
    Tag 14; fields in declaration order.
    @par Preconditions checked by the node
    @li `asset_to_issue.amount > 0` and at most 10^15, `fee.amount >= 0`, not the core asset.
    @li `issuer` issues the asset, which is not market-issued and may still grow (`disable_new_supply`,
        `max_supply`).
    @li The asset's lists allow `issue_to_account`.
*/
struct asset_issue
{
    asset fee; ///< Paid by `issuer`.
    account_id issuer;
    asset asset_to_issue;
    account_id issue_to_account;
    std::optional<memo_data> memo; ///< Encrypted to the memo key of `issue_to_account`.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 14, .name = "asset_issue"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;
        std::uint32_t price_per_kbyte = 100'000;

        /// Plus the bytes of the memo, the byte that says that there is none included.
        template <class Calculation>
        detail::wide core_fee(asset_issue const& op, Calculation& c) const
        {
            return fee + c.data_fee(op.memo, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(issue_to_account, asset_to_issue);
    }

    friend bool operator==(asset_issue const&, asset_issue const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_to_issue), (issue_to_account), (memo), (extensions))
};

/** Burns units of an asset.

    Of the core asset they go back into the reserve pool.

    @par Wire
    Tag 15; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount_to_reserve.amount > 0`, `fee.amount >= 0`
    @li The asset is not market-issued; `payer` holds the amount.
*/
struct asset_reserve
{
    asset fee; ///< Paid by `payer`.
    account_id payer;
    asset amount_to_reserve;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 15, .name = "asset_reserve"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return payer; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(payer, amount_to_reserve);
    }

    friend bool operator==(asset_reserve const&, asset_reserve const&) = default;

    BITSHARES_FIELDS((fee), (payer), (amount_to_reserve), (extensions))
};

/** Puts core asset into the pool from which fees in another asset are exchanged.

    @par Wire
    Tag 16; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount > 0`, `fee.amount >= 0`, `fee.asset_id` is the core asset.
    @li `from_account` holds the amount.
*/
struct asset_fund_fee_pool
{
    asset fee; ///< Paid by `from_account`.
    account_id from_account;
    bitshares::asset_id asset_id;
    std::int64_t amount = 0; ///< Of the core asset.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 16, .name = "asset_fund_fee_pool"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return from_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from_account, asset{amount, core_asset});
    }

    friend bool operator==(asset_fund_fee_pool const&, asset_fund_fee_pool const&) = default;

    BITSHARES_FIELDS((fee), (from_account), (asset_id), (amount), (extensions))
};

/** Pays the fees that an asset has earned to its issuer.

    Fees in the asset itself, or with `claim_from_asset_id` in the backing asset of that market-issued asset.

    @par Wire
    Tag 43; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `amount_to_claim.amount > 0`
    @li `issuer` issues the asset, and so much has accumulated.
*/
struct asset_claim_fees
{
    struct additional_options_type
    {
        /// A market-issued asset whose fees in the backing asset are claimed.
        std::optional<asset_id> claim_from_asset_id;

        friend bool operator==(additional_options_type const&, additional_options_type const&) = default;

        BITSHARES_EXTENSION((claim_from_asset_id))
    };

    asset fee; ///< Paid by `issuer`.
    account_id issuer;
    asset amount_to_claim; ///< Of the asset in which the fees are.
    additional_options_type extensions;

    static constexpr op_traits traits{.tag = 43, .name = "asset_claim_fees"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(issuer, amount_to_claim);
    }

    friend bool operator==(asset_claim_fees const&, asset_claim_fees const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (amount_to_claim), (extensions))
};

/** Pays core asset out of an asset's fee pool to the issuer.

    @par Wire
    Tag 47; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `fee.asset_id != asset_id`, `amount_to_claim.amount > 0`, `amount_to_claim.asset_id` is
        the core asset.
    @li `issuer` issues the asset, and the pool holds so much.
*/
struct asset_claim_pool
{
    asset fee; ///< Paid by `issuer`, not in the asset itself.
    account_id issuer;
    bitshares::asset_id asset_id;
    asset amount_to_claim;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 47, .name = "asset_claim_pool"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;

        using otherwise = asset_fund_fee_pool; ///< Whose fee it has where a schedule lacks its own.

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(issuer, amount_to_claim);
    }

    friend bool operator==(asset_claim_pool const&, asset_claim_pool const&) = default;

    BITSHARES_FIELDS((fee), (issuer), (asset_id), (amount_to_claim), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/asset.ipp>
#endif
