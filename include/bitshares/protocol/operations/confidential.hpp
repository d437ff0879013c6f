#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A Pedersen commitment to an amount, which it hides: 33 bytes.
using commitment = fixed_bytes<33>;

/** What tells the owner of a blinded output what is in it.

    @par Source
    bitshares-core, libraries/protocol/include/graphene/protocol/confidential.hpp.
*/
struct stealth_confirmation
{
    /// The plain text of `encrypted_memo`.
    struct memo_data
    {
        std::optional<public_key> from;
        asset amount;
        sha256_digest blinding_factor;
        bitshares::commitment commitment;
        std::uint32_t check = 0; ///< First four bytes of the shared secret: tells a right key.

        friend bool operator==(memo_data const&, memo_data const&) = default;

        BITSHARES_FIELDS((from), (amount), (blinding_factor), (commitment), (check))
    };

    public_key one_time_key;
    std::optional<public_key> to; ///< Not set: the owner must find out.
    bytes encrypted_memo;

    friend bool operator==(stealth_confirmation const&, stealth_confirmation const&) = default;

    BITSHARES_FIELDS((one_time_key), (to), (encrypted_memo))
};

/// An amount that only its owner knows.
struct blind_output
{
    bitshares::commitment commitment;
    bytes range_proof; ///< That the amount is not negative; empty where the output is the only one.
    authority owner;
    std::optional<stealth_confirmation> stealth_memo;

    friend bool operator==(blind_output const&, blind_output const&) = default;

    BITSHARES_FIELDS((commitment), (range_proof), (owner), (stealth_memo))
};

/// A blinded output that is spent.
struct blind_input
{
    bitshares::commitment commitment;
    authority owner; ///< Must be the output's; required.

    friend bool operator==(blind_input const&, blind_input const&) = default;

    BITSHARES_FIELDS((commitment), (owner))
};

/** Moves an amount from an account into blinded outputs.

    @par Wire
    Tag 39; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount.amount > 0`, `fee.amount >= 0`
    @li `outputs` is not empty, ascending by commitment; each owner can be satisfied.
    @li The commitments sum up to `amount` and `blinding_factor`; where there is more than one output, each has
        its range proof.
    @li The asset allows confidential transfers; its lists allow `from`.
*/
struct transfer_to_blind
{
    asset fee; ///< Paid by `from`.
    asset amount;
    account_id from;
    sha256_digest blinding_factor; ///< Sum of the outputs' blinding factors.
    std::vector<blind_output> outputs;

    static constexpr op_traits traits{.tag = 39, .name = "transfer_to_blind"};

    struct fee_parameters
    {
        std::uint64_t fee = 500'000;
        std::uint32_t price_per_output = 500'000;

        /// For each output.
        template <class Calculation>
        detail::wide core_fee(transfer_to_blind const& op, Calculation& c) const
        {
            return fee + c.times(op.outputs.size(), price_per_output);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_output))
    };

    account_id fee_payer() const { return from; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.sent(from, amount);
    }

    friend bool operator==(transfer_to_blind const&, transfer_to_blind const&) = default;

    BITSHARES_FIELDS((fee), (amount), (from), (blinding_factor), (outputs))
};

/** Turns blinded inputs into blinded outputs.

    Needs the owner authority of every input.

    @par Wire
    Tag 40; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li Inputs and outputs are ascending by commitment; inputs exist.
    @li The commitments of the inputs equal those of the outputs and the fee; range proofs as for @ref
        transfer_to_blind.
*/
struct blind_transfer
{
    asset fee; ///< Out of the inputs; the temp-account (1.2.4) counts as payer.
    std::vector<blind_input> inputs;
    std::vector<blind_output> outputs;

    static constexpr op_traits traits{.tag = 40, .name = "blind_transfer"};

    struct fee_parameters
    {
        std::uint64_t fee = 500'000;
        std::uint32_t price_per_output = 500'000;

        /// For each output.
        template <class Calculation>
        detail::wide core_fee(blind_transfer const& op, Calculation& c) const
        {
            return fee + c.times(op.outputs.size(), price_per_output);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_output))
    };

    account_id fee_payer() const { return reserved_accounts::temp; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        for (blind_input const& input : inputs)
            visit.other(input.owner);
    }

    friend bool operator==(blind_transfer const&, blind_transfer const&) = default;

    BITSHARES_FIELDS((fee), (inputs), (outputs))
};

/** Moves blinded inputs to the balance of an account.

    Needs the owner authority of every input.

    @par Wire
    Tag 41; fields in declaration order.
    @par Preconditions checked by the node
    @li `amount.amount > 0`, `fee.amount >= 0`, of the same asset.
    @li Inputs are not empty, ascending by commitment, and exist.
    @li The commitments sum up to `amount`, `fee` and `blinding_factor`.
    @li The asset's lists allow `to`.
*/
struct transfer_from_blind
{
    asset fee; ///< Out of the inputs; the temp-account (1.2.4) counts as payer.
    asset amount;
    account_id to;
    sha256_digest blinding_factor; ///< Sum of the inputs' blinding factors.
    std::vector<blind_input> inputs;

    static constexpr op_traits traits{.tag = 41, .name = "transfer_from_blind"};

    struct fee_parameters
    {
        std::uint64_t fee = 500'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return reserved_accounts::temp; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        for (blind_input const& input : inputs)
            visit.other(input.owner);
    }

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(to, amount);
    }

    friend bool operator==(transfer_from_blind const&, transfer_from_blind const&) = default;

    BITSHARES_FIELDS((fee), (amount), (to), (blinding_factor), (inputs))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/confidential.ipp>
#endif
