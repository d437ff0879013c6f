#pragma once

#include <bitshares/protocol/asset.hpp>
#include <bitshares/protocol/authority.hpp>
#include <bitshares/protocol/extension.hpp>
#include <bitshares/protocol/operations/traits.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

struct restriction;

namespace detail {

using restriction_argument_variant = std::variant<
    void_type, bool, std::int64_t, std::string, time_point_sec, public_key, sha256_digest, account_id, asset_id,
    force_settlement_id, committee_member_id, witness_id, limit_order_id, call_order_id, custom_id, proposal_id,
    withdraw_permission_id, vesting_balance_id, worker_id, balance_id, flat_set<bool>, flat_set<std::int64_t>,
    flat_set<std::string>, flat_set<time_point_sec>, flat_set<public_key>, flat_set<sha256_digest>,
    flat_set<account_id>, flat_set<asset_id>, flat_set<force_settlement_id>, flat_set<committee_member_id>,
    flat_set<witness_id>, flat_set<limit_order_id>, flat_set<call_order_id>, flat_set<custom_id>, flat_set<proposal_id>,
    flat_set<withdraw_permission_id>, flat_set<vesting_balance_id>, flat_set<worker_id>, flat_set<balance_id>,
    std::vector<restriction>, std::vector<std::vector<restriction>>, std::pair<std::int64_t, std::vector<restriction>>>;

} // namespace detail

/** What a member of an operation is compared with: a `std::variant`.

    Tags 0 to 41: nothing, single values, sets of them, lists of further restrictions.

    @tparam Dependent Always `void`, as with @ref basic_operation.
    @par Source
    bitshares-core, libraries/protocol/include/graphene/protocol/restriction.hpp.
*/
template <class Dependent = void>
struct basic_restriction_argument
    : std::conditional_t<std::is_void_v<Dependent>, detail::restriction_argument_variant, Dependent>
{
    using variant = std::conditional_t<std::is_void_v<Dependent>, detail::restriction_argument_variant, Dependent>;

    basic_restriction_argument();
    basic_restriction_argument(basic_restriction_argument const&);
    basic_restriction_argument(basic_restriction_argument&&) noexcept;
    basic_restriction_argument& operator=(basic_restriction_argument const&);
    basic_restriction_argument& operator=(basic_restriction_argument&&) noexcept;
    ~basic_restriction_argument();

    /// As the variant's own constructors.
    template <class... Args>
        requires(sizeof...(Args) != 0 && (!std::is_base_of_v<variant, std::remove_cvref_t<Args>> && ...))
    basic_restriction_argument(Args&&... args) // NOLINT(google-explicit-constructor)
        : variant(std::forward<Args>(args)...)
    {}

    bool operator==(basic_restriction_argument const&) const;
};
using restriction_argument = basic_restriction_argument<>;

namespace detail {

template <class Dependent>
struct describe<basic_restriction_argument<Dependent>>
    : describe<typename basic_restriction_argument<Dependent>::variant>
{};

} // namespace detail

/// A condition on one member of an operation.
struct restriction
{
    /// Values of `restriction_type`.
    enum function : std::uint8_t
    {
        eq = 0,
        ne = 1,
        lt = 2,
        le = 3,
        gt = 4,
        ge = 5,
        in = 6,
        not_in = 7,
        has_all = 8,
        has_none = 9,
        attr = 10,          ///< Of the member's own members.
        logical_or = 11,    ///< One of the lists of restrictions holds.
        variant_assert = 12 ///< The member is this alternative, and it satisfies the restrictions.
    };

    varuint member_index; ///< Of the operation, in its order of fields.
    varuint restriction_type;
    restriction_argument argument;
    extensions_type extensions;

    friend bool operator==(restriction const&, restriction const&) = default;

    BITSHARES_FIELDS((member_index), (restriction_type), (argument), (extensions))
};

/** Whether restrictions fit the members of the operation with tag `operation_type`, as the chain demands when a custom
    authority is made.

    To call it, include <bitshares/protocol/operation.hpp>.

    @par Errors
    @li `errc::invalid_restriction`: at the path of the restriction (`/0/argument/1/2`); the detail says which rule.
*/
BITSHARES_LAZY_DECL result<void> validate_restrictions(std::span<restriction const> restrictions,
                                                       std::uint64_t operation_type);

/** Allows another authority to act for an account in one type of operation, within restrictions.

    @par Wire
    Tag 54; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`, `account` is not temp-account, witness-account, committee-account or
        relaxed-committee-account.
    @li `valid_from < valid_to`, which is after the head block's time and within the chain's limit.
    @li `operation_type` is known; `restrictions` fit its members and are not too many.
    @li The chain has enabled custom authorities (from 2030 on).
*/
struct custom_authority_create
{
    asset fee; ///< Paid by `account`.
    account_id account;
    bool enabled = false;
    time_point_sec valid_from;
    time_point_sec valid_to;
    varuint operation_type; ///< An operation's tag.
    authority auth;
    std::vector<restriction> restrictions;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 54, .name = "custom_authority_create"};

    struct fee_parameters
    {
        std::uint64_t basic_fee = 100'000;
        std::uint32_t price_per_byte = 10'000;

        /// For each byte of restrictions and authority.
        template <class Calculation>
        detail::wide core_fee(custom_authority_create const& op, Calculation& c) const
        {
            return basic_fee + c.times(c.size_of(op.restrictions) + c.size_of(op.auth), price_per_byte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((basic_fee), (price_per_byte))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_LAZY_DECL void validate(validation& v) const;

    friend bool operator==(custom_authority_create const&, custom_authority_create const&) = default;

    BITSHARES_FIELDS((fee), (account), (enabled), (valid_from), (valid_to), (operation_type), (auth), (restrictions),
                     (extensions))
};

/** Changes a custom authority.

    @par Wire
    Tag 55; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`; something is changed; the result is valid as for @ref custom_authority_create.
    @li `account` owns the authority.
*/
struct custom_authority_update
{
    asset fee; ///< Paid by `account`.
    account_id account;
    custom_authority_id authority_to_update;
    std::optional<bool> new_enabled;
    std::optional<time_point_sec> new_valid_from;
    std::optional<time_point_sec> new_valid_to;
    std::optional<authority> new_auth;
    flat_set<std::uint16_t> restrictions_to_remove; ///< By number.
    std::vector<restriction> restrictions_to_add;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 55, .name = "custom_authority_update"};

    struct fee_parameters
    {
        std::uint64_t basic_fee = 100'000;
        std::uint32_t price_per_byte = 10'000;

        /// For each byte of new restrictions and a new authority.
        template <class Calculation>
        detail::wide core_fee(custom_authority_update const& op, Calculation& c) const
        {
            return basic_fee + c.times(c.size_of(op.restrictions_to_add) + (op.new_auth ? c.size_of(*op.new_auth) : 0),
                                       price_per_byte);
        }

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((basic_fee), (price_per_byte))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_LAZY_DECL void validate(validation& v) const;

    friend bool operator==(custom_authority_update const&, custom_authority_update const&) = default;

    BITSHARES_FIELDS((fee), (account), (authority_to_update), (new_enabled), (new_valid_from), (new_valid_to),
                     (new_auth), (restrictions_to_remove), (restrictions_to_add), (extensions))
};

/** Ends a custom authority.

    @par Wire
    Tag 56; fields in declaration order.
    @par Preconditions checked by the node
    @li `fee.amount >= 0`
    @li `account` owns the authority.
*/
struct custom_authority_delete
{
    asset fee; ///< Paid by `account`.
    account_id account;
    custom_authority_id authority_to_delete;
    extensions_type extensions;

    static constexpr op_traits traits{.tag = 56, .name = "custom_authority_delete"};

    struct fee_parameters
    {
        std::uint64_t fee = 100'000;

        friend bool operator==(fee_parameters const&, fee_parameters const&) = default;

        BITSHARES_FIELDS((fee))
    };

    account_id fee_payer() const { return account; }
    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(custom_authority_delete const&, custom_authority_delete const&) = default;

    BITSHARES_FIELDS((fee), (account), (authority_to_delete), (extensions))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/operations/custom_authority.ipp>
#endif
