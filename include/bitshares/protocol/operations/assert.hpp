#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Holds where the account has this name.
struct account_name_eq_lit_predicate
{
    bitshares::account_id account_id;
    std::string name;

    friend bool operator==(account_name_eq_lit_predicate const&, account_name_eq_lit_predicate const&) = default;

    BITSHARES_FIELDS((account_id), (name))
};

/// Holds where the asset has this symbol.
struct asset_symbol_eq_lit_predicate
{
    bitshares::asset_id asset_id;
    std::string symbol;

    friend bool operator==(asset_symbol_eq_lit_predicate const&, asset_symbol_eq_lit_predicate const&) = default;

    BITSHARES_FIELDS((asset_id), (symbol))
};

/// Holds where the chain has this block: a transaction that no other fork takes.
struct block_id_predicate
{
    ripemd160_digest id; ///< A block's id, within the last 65536 blocks.

    friend bool operator==(block_id_predicate const&, block_id_predicate const&) = default;

    BITSHARES_FIELDS((id))
};

/// Tags 0 to 2 in this order.
using predicate = std::variant<account_name_eq_lit_predicate, asset_symbol_eq_lit_predicate, block_id_predicate>;

/** Makes its transaction fail where a predicate does not hold.

    @par Wire
    Tag 36; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; at most `max_predicate_opcode` as tag.
    @li Every predicate holds.
*/
struct assert
{
    asset fee; ///< Paid by `fee_paying_account`, once for each predicate.
    account_id fee_paying_account;
    std::vector<predicate> predicates;
    flat_set<account_id> required_auths; ///< No authority is required of them, in spite of the name.
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 36, .name = "assert"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        /// For each predicate.
        template <class Calculation>
        detail::wide core_fee(assert const& op, Calculation& c) const
        {
            return c.times(op.predicates.size(), fee);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return fee_paying_account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(assert const&, assert const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (predicates), (required_auths), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/assert.ipp>
#endif
