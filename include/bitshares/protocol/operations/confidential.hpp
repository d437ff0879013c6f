#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

using commitment = fixed_bytes<33>;

struct stealth_confirmation
{
    public_key one_time_key;
    std::optional<public_key> to;
    bytes encrypted_memo;

    friend bool operator==(stealth_confirmation const&, stealth_confirmation const&) = default;

    BITSHARES_FIELDS((one_time_key), (to), (encrypted_memo))
};

struct blind_output
{
    bitshares::commitment commitment;
    bytes range_proof;
    authority owner;
    std::optional<stealth_confirmation> stealth_memo;

    friend bool operator==(blind_output const&, blind_output const&) = default;

    BITSHARES_FIELDS((commitment), (range_proof), (owner), (stealth_memo))
};

struct blind_input
{
    bitshares::commitment commitment;
    authority owner;

    friend bool operator==(blind_input const&, blind_input const&) = default;

    BITSHARES_FIELDS((commitment), (owner))
};

struct transfer_to_blind
{
    asset fee;
    asset amount;
    account_id from;
    sha256_digest blinding_factor;
    std::vector<blind_output> outputs;

    static constexpr op_traits traits{.tag = 39, .name = "transfer_to_blind"};
    struct fee_parameters
    {
        std::uint64_t fee = 500000;
        std::uint32_t price_per_output = 500000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_output))
    };

    bitshares::account_id fee_payer() const { return from; }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from, amount);
    }

    friend bool operator==(transfer_to_blind const&, transfer_to_blind const&) = default;

    BITSHARES_FIELDS((fee), (amount), (from), (blinding_factor), (outputs))
};

struct blind_transfer
{
    asset fee;
    std::vector<blind_input> inputs;
    std::vector<blind_output> outputs;

    static constexpr op_traits traits{.tag = 40, .name = "blind_transfer"};
    struct fee_parameters
    {
        std::uint64_t fee = 500000;
        std::uint32_t price_per_output = 500000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_output))
    };

    bitshares::account_id fee_payer() const { return bitshares::account_id(4); }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(blind_transfer const&, blind_transfer const&) = default;

    BITSHARES_FIELDS((fee), (inputs), (outputs))
};

struct transfer_from_blind
{
    asset fee;
    asset amount;
    account_id to;
    sha256_digest blinding_factor;
    std::vector<blind_input> inputs;

    static constexpr op_traits traits{.tag = 41, .name = "transfer_from_blind"};
    struct fee_parameters
    {
        std::uint64_t fee = 500000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return bitshares::account_id(4); }
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(to, amount);
    }

    friend bool operator==(transfer_from_blind const&, transfer_from_blind const&) = default;

    BITSHARES_FIELDS((fee), (amount), (to), (blinding_factor), (inputs))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
