#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/memo_data.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

using htlc_hash = std::variant<ripemd160_digest, sha1_digest, sha256_digest, hash160_digest>;

struct htlc_create
{
    struct additional_options_type
    {
        std::optional<memo_data> memo;

        friend bool operator==(additional_options_type const&, additional_options_type const&) = default;

        BITSHARES_EXTENSION((memo))
    };

    asset fee;
    account_id from;
    account_id to;
    asset amount;
    htlc_hash preimage_hash;
    std::uint16_t preimage_size = 0;
    std::uint32_t claim_period_seconds = 0;
    additional_options_type extensions;

    static constexpr op_traits traits{.tag = 49, .name = "htlc_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;
        std::uint64_t fee_per_day = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (fee_per_day))
    };

    bitshares::account_id fee_payer() const { return from; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from, amount);
    }

    friend bool operator==(htlc_create const&, htlc_create const&) = default;

    BITSHARES_FIELDS((fee), (from), (to), (amount), (preimage_hash), (preimage_size), (claim_period_seconds), (extensions))
};

struct htlc_redeem
{
    asset fee;
    bitshares::htlc_id htlc_id;
    account_id redeemer;
    bytes preimage;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 50, .name = "htlc_redeem"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;
        std::uint64_t fee_per_kb = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (fee_per_kb))
    };

    bitshares::account_id fee_payer() const { return redeemer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(htlc_redeem const&, htlc_redeem const&) = default;

    BITSHARES_FIELDS((fee), (htlc_id), (redeemer), (preimage), (extensions))
};

struct htlc_redeemed
{
    asset fee;
    bitshares::htlc_id htlc_id;
    account_id from;
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

    bitshares::account_id fee_payer() const { return to; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(to, amount);
    }

    friend bool operator==(htlc_redeemed const&, htlc_redeemed const&) = default;

    BITSHARES_FIELDS((fee), (htlc_id), (from), (to), (redeemer), (amount), (htlc_preimage_hash), (htlc_preimage_size), (preimage))
};

struct htlc_extend
{
    asset fee;
    bitshares::htlc_id htlc_id;
    account_id update_issuer;
    std::uint32_t seconds_to_add = 0;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 52, .name = "htlc_extend"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;
        std::uint64_t fee_per_day = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (fee_per_day))
    };

    bitshares::account_id fee_payer() const { return update_issuer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(htlc_extend const&, htlc_extend const&) = default;

    BITSHARES_FIELDS((fee), (htlc_id), (update_issuer), (seconds_to_add), (extensions))
};

struct htlc_refund
{
    asset fee;
    bitshares::htlc_id htlc_id;
    account_id to;
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

    bitshares::account_id fee_payer() const { return to; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(to, htlc_amount);
    }

    friend bool operator==(htlc_refund const&, htlc_refund const&) = default;

    BITSHARES_FIELDS((fee), (htlc_id), (to), (original_htlc_recipient), (htlc_amount), (htlc_preimage_hash), (htlc_preimage_size))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
