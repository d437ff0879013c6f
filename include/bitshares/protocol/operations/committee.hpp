#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/chain_parameters.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct committee_member_create
{
    asset fee;
    account_id committee_member_account;
    std::string url;

    static constexpr op_traits traits{.tag = 29, .name = "committee_member_create"};
    struct fee_parameters
    {
        std::uint64_t fee = 500000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return committee_member_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(committee_member_create const&, committee_member_create const&) = default;

    BITSHARES_FIELDS((fee), (committee_member_account), (url))
};

struct committee_member_update
{
    asset fee;
    committee_member_id committee_member;
    account_id committee_member_account;
    std::optional<std::string> new_url;

    static constexpr op_traits traits{.tag = 30, .name = "committee_member_update"};
    struct fee_parameters
    {
        std::uint64_t fee = 2000000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return committee_member_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(committee_member_update const&, committee_member_update const&) = default;

    BITSHARES_FIELDS((fee), (committee_member), (committee_member_account), (new_url))
};

struct committee_member_update_global_parameters
{
    asset fee;
    chain_parameters new_parameters;

    static constexpr op_traits traits{.tag = 31, .name = "committee_member_update_global_parameters"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return bitshares::account_id(0); }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(committee_member_update_global_parameters const&, committee_member_update_global_parameters const&) = default;

    BITSHARES_FIELDS((fee), (new_parameters))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
