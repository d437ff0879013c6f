#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct account_name_eq_lit_predicate
{
    bitshares::account_id account_id;
    std::string name;

    friend bool operator==(account_name_eq_lit_predicate const&, account_name_eq_lit_predicate const&) = default;

    BITSHARES_FIELDS((account_id), (name))
};

struct asset_symbol_eq_lit_predicate
{
    bitshares::asset_id asset_id;
    std::string symbol;

    friend bool operator==(asset_symbol_eq_lit_predicate const&, asset_symbol_eq_lit_predicate const&) = default;

    BITSHARES_FIELDS((asset_id), (symbol))
};

struct block_id_predicate
{
    ripemd160_digest id;

    friend bool operator==(block_id_predicate const&, block_id_predicate const&) = default;

    BITSHARES_FIELDS((id))
};

using predicate = std::variant<account_name_eq_lit_predicate, asset_symbol_eq_lit_predicate, block_id_predicate>;

struct assert
{
    asset fee;
    account_id fee_paying_account;
    std::vector<predicate> predicates;
    flat_set<account_id> required_auths;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 36, .name = "assert"};
    struct fee_parameters
    {
        std::uint64_t fee = 100000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    bitshares::account_id fee_payer() const { return fee_paying_account; }
    template <class Visit>
    void balance_moves(Visit&&) const
    {
    }

    friend bool operator==(assert const&, assert const&) = default;

    BITSHARES_FIELDS((fee), (fee_paying_account), (predicates), (required_auths), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
