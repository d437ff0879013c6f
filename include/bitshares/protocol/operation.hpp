#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/base/static_variant.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/fee_schedule.hpp>
#include <bitshares/protocol/operations/account.hpp>
#include <bitshares/protocol/operations/assert.hpp>
#include <bitshares/protocol/operations/asset.hpp>
#include <bitshares/protocol/operations/balance.hpp>
#include <bitshares/protocol/operations/bitasset.hpp>
#include <bitshares/protocol/operations/call_order.hpp>
#include <bitshares/protocol/operations/committee.hpp>
#include <bitshares/protocol/operations/confidential.hpp>
#include <bitshares/protocol/operations/credit_offer.hpp>
#include <bitshares/protocol/operations/custom.hpp>
#include <bitshares/protocol/operations/custom_authority.hpp>
#include <bitshares/protocol/operations/fba.hpp>
#include <bitshares/protocol/operations/htlc.hpp>
#include <bitshares/protocol/operations/limit_order.hpp>
#include <bitshares/protocol/operations/liquidity_pool.hpp>
#include <bitshares/protocol/operations/proposal.hpp>
#include <bitshares/protocol/operations/samet_fund.hpp>
#include <bitshares/protocol/operations/ticket.hpp>
#include <bitshares/protocol/operations/transfer.hpp>
#include <bitshares/protocol/operations/vesting.hpp>
#include <bitshares/protocol/operations/withdraw_permission.hpp>
#include <bitshares/protocol/operations/witness.hpp>
#include <bitshares/protocol/operations/worker.hpp>

#include <array>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <class... Operations>
struct op_list
{
    using variant = static_variant<Operations..., unknown_alternative>;
    using fee_variant = static_variant<typename Operations::fee_parameters..., unknown_alternative>;

    static constexpr std::array<op_traits, sizeof...(Operations)> traits{Operations::traits...};

    static constexpr bool dense()
    {
        for (std::size_t i = 0; i < traits.size(); ++i)
            if (traits[i].tag != i)
                return false;
        return true;
    }
    static_assert(dense(), "operations stand in the order of their tags, without a gap");
};

/// All operations of the chain, in the order of their tags. A new one is added here and nowhere else.
using operations =
    op_list<transfer, limit_order_create, limit_order_cancel, call_order_update, fill_order, account_create,
            account_update, account_whitelist, account_upgrade, account_transfer, asset_create, asset_update,
            asset_update_bitasset, asset_update_feed_producers, asset_issue, asset_reserve, asset_fund_fee_pool,
            asset_settle, asset_global_settle, asset_publish_feed, witness_create, witness_update, proposal_create,
            proposal_update, proposal_delete, withdraw_permission_create, withdraw_permission_update,
            withdraw_permission_claim, withdraw_permission_delete, committee_member_create, committee_member_update,
            committee_member_update_global_parameters, vesting_balance_create, vesting_balance_withdraw, worker_create,
            custom, assert, balance_claim, override_transfer, transfer_to_blind, blind_transfer, transfer_from_blind,
            asset_settle_cancel, asset_claim_fees, fba_distribute, bid_collateral, execute_bid, asset_claim_pool,
            asset_update_issuer, htlc_create, htlc_redeem, htlc_redeemed, htlc_extend, htlc_refund,
            custom_authority_create, custom_authority_update, custom_authority_delete, ticket_create, ticket_update,
            liquidity_pool_create, liquidity_pool_delete, liquidity_pool_deposit, liquidity_pool_withdraw,
            liquidity_pool_exchange, samet_fund_create, samet_fund_delete, samet_fund_update, samet_fund_borrow,
            samet_fund_repay, credit_offer_create, credit_offer_delete, credit_offer_update, credit_offer_accept,
            credit_deal_repay, credit_deal_expired, liquidity_pool_update, credit_deal_update, limit_order_update>;

// A visitor of balance moves without its type, so that the 78 visits are compiled once.
struct move_sink
{
    void const* visitor;
    void (*call)(void const* visitor, bool received, account_id account, asset const& amount);

    void sent(account_id account, asset const& amount) const { call(visitor, false, account, amount); }
    void received(account_id account, asset const& amount) const { call(visitor, true, account, amount); }
};

// A visitor of required authorities without its type, likewise.
struct authority_sink
{
    void* visitor;
    void (*on_active)(void* visitor, account_id account);
    void (*on_owner)(void* visitor, account_id account);
    void (*on_other)(void* visitor, authority const& needed);

    void active(account_id account) const { on_active(visitor, account); }
    void owner(account_id account) const { on_owner(visitor, account); }
    void other(authority const& needed) const { on_other(visitor, needed); }
};

} // namespace detail

/// An operation of a newer chain than this library knows: its tag, and its JSON as the node printed it.
using unknown_operation = unknown_alternative;

/// Number of operations that this version knows; their tags are 0 to this, exclusive.
inline constexpr std::size_t operation_count = detail::operations::traits.size();

/** Any operation.

    `value.visit(...)`, or `get_if<transfer>()`; what all operations have in common has a function here.

    @tparam Dependent Always `void`: a template's functions are compiled only where they are used, and those of 78 types are
    no small matter. With `BITSHARES_SEPARATE_COMPILATION` they are compiled once, in `src.hpp`.
*/
template <class Dependent = void>
struct basic_operation
{
    using variant = std::conditional_t<std::is_void_v<Dependent>, detail::operations::variant, Dependent>;

    variant value;

    basic_operation();
    basic_operation(basic_operation const&);
    basic_operation(basic_operation&&) noexcept;
    basic_operation& operator=(basic_operation const&);
    basic_operation& operator=(basic_operation&&) noexcept;
    ~basic_operation();

    template <class Operation>
        requires std::is_same_v<op_traits const, decltype(Operation::traits)>
    basic_operation(Operation op) // NOLINT(google-explicit-constructor)
        : basic_operation(Operation::traits.tag, &op)
    {}
    template <std::same_as<unknown_operation>
                  Unknown>      // clang compiles what is no template before the lists' types are complete
    basic_operation(Unknown op) // NOLINT(google-explicit-constructor)
        : basic_operation(operation_count, &op)
    {}

    /// The chain's number for this type of operation.
    std::uint64_t tag() const noexcept
    {
        auto const* const unknown = value.template get_if<operation_count>();
        return unknown ? unknown->tag : value.index();
    }

    /// False for an @ref unknown_operation.
    bool known() const noexcept { return value.index() < detail::operations::traits.size(); }

    /// The chain's name, without `_operation`; empty for an unknown one.
    std::string_view name() const noexcept
    {
        return known() ? detail::operations::traits[value.index()].name : std::string_view();
    }

    /// True for what the chain itself does, such as filling an order; false for an unknown one.
    bool is_virtual() const noexcept { return known() && detail::operations::traits[value.index()].is_virtual; }

    /// The operation as the type `Operation`; null when it is another one.
    template <class Operation>
    Operation const* get_if() const noexcept
    {
        return value.template get_if<Operation::traits.tag>();
    }
    template <class Operation>
    Operation* get_if() noexcept
    {
        return value.template get_if<Operation::traits.tag>();
    }

    /// What the fee payer pays to the chain; zero for an unknown one.
    asset fee() const;

    /// The account that pays the fee and whose active authority is required; empty for an unknown one.
    std::optional<account_id> fee_payer() const;

    /** Calls `visit.sent(account, amount)` and `visit.received(account, amount)` for what the operation's own members say
        that accounts give and get, fees excluded. Where only the result tells it (an exchange with a pool), nothing. */
    template <class Visit>
    void balance_moves(Visit&& visit) const
    {
        using visitor = std::remove_reference_t<Visit>;
        each_move({&visit, [](void const* v, bool received, account_id account, asset const& amount) {
                       auto& to = *static_cast<visitor*>(const_cast<void*>(v));
                       received ? to.received(account, amount) : to.sent(account, amount);
                   }});
    }

    /** Calls `visit.active(account)` for the fee payer, then `visit.active(account)`, `visit.owner(account)` and
        `visit.other(authority const&)` for what the operation needs beside. Nothing for an unknown one. */
    template <class Visit>
    void required_authorities(Visit&& visit) const
    {
        using visitor = std::remove_reference_t<Visit>;
        each_authority({const_cast<void*>(static_cast<void const*>(&visit)),
                        [](void* v, account_id account) { static_cast<visitor*>(v)->active(account); },
                        [](void* v, account_id account) { static_cast<visitor*>(v)->owner(account); },
                        [](void* v, authority const& needed) { static_cast<visitor*>(v)->other(needed); }});
    }

    /** The chain's rules of form: what a node refuses whatever the state of its chain.

        @par Errors
        @li `errc::invalid_form`: a rule is broken; the path leads to the member (`/amount/amount`), the detail says what
            must hold. The first one where it is several, in the chain's order.
        @li `errc::invalid_restriction`: a restriction of a custom authority does not fit its operation.
        @li `errc::unknown_tag`: an @ref unknown_operation, also one that is proposed.

        Not checked is what needs the arithmetic of hidden amounts: sums of commitments, and range proofs. */
    result<void> validate() const;
    /// As above, as part of something larger.
    void validate(validation& v) const;

    /** What the operation costs by `schedule`, in the core asset: its formula times the scale, rounded down.

        @par Errors
        @li `errc::value_out_of_range`: more than an asset can have, 10^15.
        @li `errc::unknown_tag`: an @ref unknown_operation, also one that is proposed. */
    result<asset> core_fee(fee_schedule const& schedule) const;

    /// Sets the fee; of an unknown operation nothing.
    void set_fee(asset const& fee);

    bool operator==(basic_operation const&) const;

private:
    // Moves the alternative of this index in; compiled once, not for each operation.
    basic_operation(std::size_t index, void* alternative);

    void each_move(detail::move_sink sink) const;
    void each_authority(detail::authority_sink sink) const;
};

using operation = basic_operation<>;

/// Name, tag and virtual flag by tag. @pre `tag < operation_count`.
constexpr op_traits const& operation_traits(std::size_t tag)
{
    return detail::operations::traits[tag];
}

/// The tag of the operation with this name; empty when there is none.
constexpr std::optional<std::uint8_t> operation_tag(std::string_view name)
{
    for (op_traits const& traits : detail::operations::traits)
        if (traits.name == name)
            return traits.tag;
    return std::nullopt;
}

/** What one operation costs: its own `fee_parameters`, or those of an operation that this version does not know.

    @tparam Dependent Always `void`, as with @ref basic_operation.
*/
template <class Dependent>
struct basic_fee_parameters
{
    using variant = std::conditional_t<std::is_void_v<Dependent>, detail::operations::fee_variant, Dependent>;

    variant value;

    basic_fee_parameters();
    explicit basic_fee_parameters(variant parameters);
    basic_fee_parameters(basic_fee_parameters const&);
    basic_fee_parameters(basic_fee_parameters&&) noexcept;
    basic_fee_parameters& operator=(basic_fee_parameters const&);
    basic_fee_parameters& operator=(basic_fee_parameters&&) noexcept;
    ~basic_fee_parameters();

    /// The parameters of `Operation`.
    template <class Operation>
    static basic_fee_parameters of(typename Operation::fee_parameters parameters)
    {
        return basic_fee_parameters(variant(std::in_place_index<Operation::traits.tag>, parameters));
    }

    /// The parameters of `Operation`, or null.
    template <class Operation>
    typename Operation::fee_parameters const* get_if() const noexcept
    {
        return value.template get_if<Operation::traits.tag>();
    }

    /// The operation's tag.
    std::uint64_t tag() const noexcept
    {
        auto const* const unknown = value.template get_if<operation_count>();
        return unknown ? unknown->tag : value.index();
    }

    bool operator==(basic_fee_parameters const&) const;
};

namespace detail {

#ifdef BITSHARES_HEADER_ONLY
template <class Dependent>
struct describe<basic_operation<Dependent>> : describe<typename basic_operation<Dependent>::variant>
{};

template <class Dependent>
struct describe<basic_fee_parameters<Dependent>> : describe<typename basic_fee_parameters<Dependent>::variant>
{};
#else
template <>
struct describe<operation>
{
    static type_info const info;
};

template <>
struct describe<fee_parameters>
{
    static type_info const info;
};
#endif

template <class Dependent>
struct chain_less<basic_fee_parameters<Dependent>>
{
    bool operator()(basic_fee_parameters<Dependent> const& a, basic_fee_parameters<Dependent> const& b) const
    {
        return a.tag() < b.tag();
    }
};

} // namespace detail

/// An operation as a proposal holds it; in JSON `{"op": [tag, value]}`.
struct op_wrapper
{
    operation op;

    friend bool operator==(op_wrapper const&, op_wrapper const&) = default;

    BITSHARES_FIELDS((op))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operation.ipp>
#else
extern template struct bitshares::basic_operation<void>;
extern template struct bitshares::basic_fee_parameters<void>;
extern template struct bitshares::basic_restriction_argument<void>;
#endif
