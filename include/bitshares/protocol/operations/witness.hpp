#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/public_key.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Makes an account a candidate for producing blocks.

    @par Wire
    Tag 20; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `url` is shorter than 127 bytes.
    @li `witness_account` is a lifetime member and no witness yet.
*/
struct witness_create
{
    asset fee; ///< Paid by `witness_account`.
    account_id witness_account;
    std::string url;
    public_key block_signing_key; ///< Signs the blocks.

    static constexpr op_traits traits{.tag = 20, .name = "witness_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 500'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return witness_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(witness_create const&, witness_create const&) = default;

    BITSHARES_FIELDS((fee), (witness_account), (url), (block_signing_key))
};

/** Changes URL or signing key of a witness.

    @par Wire
    Tag 21; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `new_url` is shorter than 127 bytes.
    @li `witness` belongs to `witness_account`.
*/
struct witness_update
{
    asset fee; ///< Paid by `witness_account`.
    witness_id witness;
    account_id witness_account;
    std::optional<std::string> new_url;
    std::optional<public_key> new_signing_key;

    static constexpr op_traits traits{.tag = 21, .name = "witness_update"};

    struct fee_parameters
    {
        std::int64_t fee = 2'000'000;

        template <class Calculation>
        detail::wide core_fee(witness_update const&, Calculation& c) const
        {
            return c.amount(fee);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return witness_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(witness_update const&, witness_update const&) = default;

    BITSHARES_FIELDS((fee), (witness), (witness_account), (new_url), (new_signing_key))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/witness.ipp>
#endif
