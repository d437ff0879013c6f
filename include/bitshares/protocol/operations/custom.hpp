#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Writes data into the chain, which gives it no meaning.

    @par Wire
    Tag 35; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount > 0`: of this operation alone.
    @li The transaction's size limit.
*/
struct custom
{
    asset fee; ///< Paid by `payer`.
    account_id payer;
    flat_set<account_id> required_auths; ///< Their active authorities are required too.
    std::uint16_t id = 0;                ///< The application's number, not registered anywhere.
    bytes data;

    static constexpr op_traits traits{.tag = 35, .name = "custom"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;
        std::uint32_t price_per_kbyte = 10;

        /// Plus the bytes.
        template <class Calculation>
        detail::wide core_fee(custom const& op, Calculation& c) const
        {
            return fee + c.data_fee(op, price_per_kbyte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee), (price_per_kbyte))
    };

    account_id fee_payer() const { return payer; }
    BITSHARES_DECL void validate(validation& v) const;

    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        for (account_id account : required_auths)
            visit.active(account);
    }

    friend bool operator==(custom const&, custom const&) = default;

    BITSHARES_FIELDS((fee), (payer), (required_auths), (id), (data))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/custom.ipp>
#endif
