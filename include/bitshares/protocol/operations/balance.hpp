#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/public_key.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Claims a balance that the genesis block gave to a key.

    Needs the signature of `balance_owner_key`.

    @par Wire
    Tag 37; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee` is 0 of the core asset; `balance_owner_key` is set.
    @li The balance belongs to one of the key's addresses, holds `total_claimed`, and so much is vested.
*/
struct balance_claim
{
    asset fee; ///< Always 0.
    account_id deposit_to_account;
    balance_id balance_to_claim;
    public_key balance_owner_key;
    asset total_claimed;

    static constexpr op_traits traits{.tag = 37, .name = "balance_claim"};

    struct fee_parameters
    {
        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS()
    };

    account_id fee_payer() const { return deposit_to_account; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        visit.other(authority{.weight_threshold = 1,
                              .account_auths = {},
                              .key_auths = {{balance_owner_key, std::uint16_t{1}}},
                              .address_auths = {}});
    }

    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        visit.received(deposit_to_account, total_claimed);
    }

    friend bool operator==(balance_claim const&, balance_claim const&) = default;

    BITSHARES_FIELDS((fee), (deposit_to_account), (balance_to_claim), (balance_owner_key), (total_claimed))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/balance.ipp>
#endif
