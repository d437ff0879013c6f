#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/public_key.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct witness_create
{
    asset fee;
    account_id witness_account;
    std::string url;
    public_key block_signing_key;

    static constexpr op_traits traits{.tag = 20, .name = "witness_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 500000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return witness_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(witness_create const&, witness_create const&) = default;

    BITSHARES_FIELDS((fee), (witness_account), (url), (block_signing_key))
};

struct witness_update
{
    asset fee;
    witness_id witness;
    account_id witness_account;
    std::optional<std::string> new_url;
    std::optional<public_key> new_signing_key;

    static constexpr op_traits traits{.tag = 21, .name = "witness_update"};
    struct fee_parameters
    {
        std::int64_t fee = 2000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return witness_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(witness_update const&, witness_update const&) = default;

    BITSHARES_FIELDS((fee), (witness), (witness_account), (new_url), (new_signing_key))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
