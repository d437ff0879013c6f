#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct custom
{
    asset fee;
    account_id payer;
    flat_set<account_id> required_auths;
    std::uint16_t id = 0;
    bytes data;

    static constexpr op_traits traits{.tag = 35, .name = "custom"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;
        std::uint32_t price_per_kbyte = 10;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    bitshares::account_id fee_payer() const { return payer; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(custom const&, custom const&) = default;

    BITSHARES_FIELDS((fee), (payer), (required_auths), (id), (data))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
