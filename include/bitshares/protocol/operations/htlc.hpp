#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/operations/transfer.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Hash of a preimage. Tags 0 to 3 in this order; `hash160` is ripemd160(sha256(x)).
using htlc_hash = std::variant<ripemd160_digest, sha1_digest, sha256_digest, hash160_digest>;

/** Locks an amount for whoever knows the preimage of a hash.

    Redeemed in time it goes to `to`, otherwise back to `from`.

    @par Wire
    Tag 49; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `amount.amount > 0`
    @li The chain has HTLC options; `claim_period_seconds` and `preimage_size` are within them.
    @li The hash is not `hash160` before its fork. The asset's lists allow both accounts; `from` holds the amount.
*/
struct htlc_create
{
    struct additional_options_type
    {
        std::optional<memo_data> memo; ///< Encrypted to the memo key of `to`.

        friend bool operator==(additional_options_type const&, additional_options_type const&) = default;

        BITSHARES_EXTENSION((memo))
    };

    asset fee; ///< Paid by `from`; depends on the period.
    account_id from;
    account_id to;
    asset amount;
    htlc_hash preimage_hash;
    std::uint16_t preimage_size = 0;        ///< In bytes.
    std::uint32_t claim_period_seconds = 0; ///< From the previous block's time.
    additional_options_type extensions;

    static constexpr op_traits traits{.tag = 49, .name = "htlc_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;
        std::uint64_t fee_per_day = 100'000;

        /// For each day begun; a memo costs as with @ref transfer.
        template <class Calculation>
        detail::wide core_fee(htlc_create const& op, Calculation& c) const
        {
            return fee + c.times(c.days(op.claim_period_seconds), fee_per_day) +
                   c.memo_fee(op.extensions.memo, c.template parameters<transfer>().price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (fee_per_day))
    };

    account_id fee_payer() const { return from; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from, amount);
    }

    friend bool operator==(htlc_create const&, htlc_create const&) = default;

    BITSHARES_FIELDS((fee), (from), (to), (amount), (preimage_hash), (preimage_size), (claim_period_seconds),
                     (extensions))
};

/** Shows the preimage of an HTLC, which pays its amount to the recipient.

    The payment itself is @ref htlc_redeemed.

    @par Wire
    Tag 50; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li The HTLC is open; `preimage` has its size and hash.
*/
struct htlc_redeem
{
    asset fee; ///< Paid by `redeemer`; depends on the size of `preimage`.
    bitshares::htlc_id htlc_id;
    account_id redeemer; ///< Anybody.
    bytes preimage;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 50, .name = "htlc_redeem"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;
        std::uint64_t fee_per_kb = 100'000;

        /// For each kilobyte begun.
        template <class Calculation>
        detail::wide core_fee(htlc_redeem const& op, Calculation& c) const
        {
            return fee + c.times((op.preimage.size() + 1023) / 1024, fee_per_kb);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (fee_per_kb))
    };

    account_id fee_payer() const { return redeemer; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(htlc_redeem const&, htlc_redeem const&) = default;

    BITSHARES_FIELDS((fee), (htlc_id), (redeemer), (preimage), (extensions))
};

/** Says that an HTLC was redeemed, and paid to its recipient.

    @par Wire
    Tag 51, virtual; fields in declaration order.
    @par Preconditions checked by the node
    Made by the chain alone: no transaction may hold it.
*/
struct htlc_redeemed
{
    asset fee; ///< Always 0.
    bitshares::htlc_id htlc_id;
    account_id from; ///< Who had locked the amount.
    account_id to;
    account_id redeemer;
    asset amount;
    htlc_hash htlc_preimage_hash;
    std::uint16_t htlc_preimage_size = 0;
    bytes preimage;

    static constexpr op_traits traits{.tag = 51, .name = "htlc_redeemed", .is_virtual = true};

    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    account_id fee_payer() const { return to; }

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(to, amount);
    }

    friend bool operator==(htlc_redeemed const&, htlc_redeemed const&) = default;

    BITSHARES_FIELDS((fee), (htlc_id), (from), (to), (redeemer), (amount), (htlc_preimage_hash), (htlc_preimage_size),
                     (preimage))
};

/** Extends the time in which an HTLC can be redeemed.

    @par Wire
    Tag 52; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `update_issuer` created the HTLC, which is open; the new end is within the chain's HTLC options.
*/
struct htlc_extend
{
    asset fee; ///< Paid by `update_issuer`.
    bitshares::htlc_id htlc_id;
    account_id update_issuer;
    std::uint32_t seconds_to_add = 0;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 52, .name = "htlc_extend"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;
        std::uint64_t fee_per_day = 100'000;

        /// For each day begun.
        template <class Calculation>
        detail::wide core_fee(htlc_extend const& op, Calculation& c) const
        {
            return fee + c.times(c.days(op.seconds_to_add), fee_per_day);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (fee_per_day))
    };

    account_id fee_payer() const { return update_issuer; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(htlc_extend const&, htlc_extend const&) = default;

    BITSHARES_FIELDS((fee), (htlc_id), (update_issuer), (seconds_to_add), (extensions))
};

/** Says that an HTLC expired, and its amount went back to its creator.

    @par Wire
    Tag 53, virtual; fields in declaration order.
    @par Preconditions checked by the node
    Made by the chain alone: no transaction may hold it.
*/
struct htlc_refund
{
    asset fee; ///< Always 0.
    bitshares::htlc_id htlc_id;
    account_id to; ///< Who had locked the amount.
    account_id original_htlc_recipient;
    asset htlc_amount;
    htlc_hash htlc_preimage_hash;
    std::uint16_t htlc_preimage_size = 0;

    static constexpr op_traits traits{.tag = 53, .name = "htlc_refund", .is_virtual = true};

    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    account_id fee_payer() const { return to; }

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(to, htlc_amount);
    }

    friend bool operator==(htlc_refund const&, htlc_refund const&) = default;

    BITSHARES_FIELDS((fee), (htlc_id), (to), (original_htlc_recipient), (htlc_amount), (htlc_preimage_hash),
                     (htlc_preimage_size))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/htlc.ipp>
#endif
