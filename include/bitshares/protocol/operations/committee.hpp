#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/chain_parameters.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Makes an account a candidate for the committee.

    @par Wire
    Tag 29; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `url` is shorter than 127 bytes.
    @li The account is a lifetime member and no committee member yet.
*/
struct committee_member_create
{
    asset fee; ///< Paid by `committee_member_account`.
    account_id committee_member_account;
    std::string url;

    static constexpr op_traits traits{.tag = 29, .name = "committee_member_create"};

    struct fee_parameters
    {
        std::uint64_t fee = 500'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return committee_member_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(committee_member_create const&, committee_member_create const&) = default;

    BITSHARES_FIELDS((fee), (committee_member_account), (url))
};

/** Changes the URL of a committee member.

    @par Wire
    Tag 30; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `new_url` is shorter than 127 bytes.
    @li `committee_member` belongs to the account.
*/
struct committee_member_update
{
    asset fee; ///< Paid by `committee_member_account`.
    committee_member_id committee_member;
    account_id committee_member_account;
    std::optional<std::string> new_url;

    static constexpr op_traits traits{.tag = 30, .name = "committee_member_update"};

    struct fee_parameters
    {
        std::uint64_t fee = 2'000'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return committee_member_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(committee_member_update const&, committee_member_update const&) = default;

    BITSHARES_FIELDS((fee), (committee_member), (committee_member_account), (new_url))
};

/** Replaces the chain's parameters at the next maintenance.

    Only as part of a proposal: the committee account signs no transaction.

    @par Wire
    Tag 31; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; `new_parameters` as in @ref chain_parameters.
*/
struct committee_member_update_global_parameters
{
    asset fee; ///< Paid by the committee account.
    chain_parameters new_parameters;

    static constexpr op_traits traits{.tag = 31, .name = "committee_member_update_global_parameters"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return reserved_accounts::committee; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(committee_member_update_global_parameters const&,
                           committee_member_update_global_parameters const&) = default;

    BITSHARES_FIELDS((fee), (new_parameters))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/committee.ipp>
#endif
