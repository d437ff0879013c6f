#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>

#include <compare>
#include <iosfwd>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// The largest instance of an object id.
inline constexpr std::uint64_t max_object_instance = (std::uint64_t{1} << 48) - 1;

/** The id of any object of the chain: `space.type.instance`.

    Packed as 8 bytes (space, type, 48 bits of instance), unlike @ref object_id.
*/
struct any_object_id
{
    std::uint64_t number = 0; ///< space << 56 | type << 48 | instance

    constexpr any_object_id() = default;
    constexpr any_object_id(std::uint8_t space, std::uint8_t type, std::uint64_t instance)
        : number(std::uint64_t{space} << 56 | std::uint64_t{type} << 48 | (instance & max_object_instance))
    {}

    constexpr std::uint8_t space() const noexcept { return static_cast<std::uint8_t>(number >> 56); }
    constexpr std::uint8_t type() const noexcept { return static_cast<std::uint8_t>(number >> 48); }
    constexpr std::uint64_t instance() const noexcept { return number & max_object_instance; }

    friend auto operator<=>(any_object_id const&, any_object_id const&) = default;

    /// `"1.2.3"`.
    BITSHARES_DECL std::string to_string() const;

    /** Reads `"1.2.3"`.

        @par Errors
        @li `errc::invalid_object_id`: not three decimal numbers with points between, or one out of range.
    */
    BITSHARES_DECL static result<any_object_id> from_string(std::string_view text);
};

/// Writes `1.2.3`.
BITSHARES_DECL std::ostream& operator<<(std::ostream& out, any_object_id id);

/** The id of an object whose space and type the C++ type knows; packed as the instance alone.

    @tparam Space, Type What the chain's ids begin with: 1 and 2 for accounts.
*/
template <std::uint8_t Space, std::uint8_t Type>
struct object_id
{
    std::uint64_t instance = 0; ///< At most @ref max_object_instance.

    constexpr object_id() = default;
    explicit constexpr object_id(std::uint64_t i) : instance(i) {}

    static constexpr std::uint8_t space() noexcept { return Space; }
    static constexpr std::uint8_t type() noexcept { return Type; }

    constexpr operator any_object_id() const noexcept
    {
        return {Space, Type, instance};
    } // NOLINT(google-explicit-constructor)

    friend auto operator<=>(object_id const&, object_id const&) = default;

    /// `"1.2.3"`.
    std::string to_string() const { return any_object_id(*this).to_string(); }

    /** Reads `"1.2.3"`.

        @par Errors
        @li `errc::invalid_object_id`: also for an id of another space or type.
    */
    static result<object_id> from_string(std::string_view text)
    {
        auto const any = any_object_id::from_string(text);
        if (!any)
            return any.error();
        if (any->space() != Space || any->type() != Type)
            return error(errc::invalid_object_id,
                         std::string(text) + " is not of type " + any_object_id(Space, Type, 0).to_string());
        return object_id(any->instance());
    }
};

template <std::uint8_t Space, std::uint8_t Type>
std::ostream& operator<<(std::ostream& out, object_id<Space, Type> id)
{
    return out << any_object_id(id);
}

/** @name The chain's object types
    @{
*/
using account_id = object_id<1, 2>;
using asset_id = object_id<1, 3>;
using force_settlement_id = object_id<1, 4>;
using committee_member_id = object_id<1, 5>;
using witness_id = object_id<1, 6>;
using limit_order_id = object_id<1, 7>;
using call_order_id = object_id<1, 8>;
using custom_id = object_id<1, 9>;
using proposal_id = object_id<1, 10>;
using operation_history_id = object_id<1, 11>;
using withdraw_permission_id = object_id<1, 12>;
using vesting_balance_id = object_id<1, 13>;
using worker_id = object_id<1, 14>;
using balance_id = object_id<1, 15>;
using htlc_id = object_id<1, 16>;
using custom_authority_id = object_id<1, 17>;
using ticket_id = object_id<1, 18>;
using liquidity_pool_id = object_id<1, 19>;
using samet_fund_id = object_id<1, 20>;
using credit_offer_id = object_id<1, 21>;
using credit_deal_id = object_id<1, 22>;
using global_property_id = object_id<2, 0>;
using dynamic_global_property_id = object_id<2, 1>;
using asset_dynamic_data_id = object_id<2, 3>;
using asset_bitasset_data_id = object_id<2, 4>;
using account_balance_id = object_id<2, 5>;
using account_statistics_id = object_id<2, 6>;
using transaction_history_id = object_id<2, 7>;
using block_summary_id = object_id<2, 8>;
using account_history_id = object_id<2, 9>;
using blinded_balance_id = object_id<2, 10>;
using chain_property_id = object_id<2, 11>;
using witness_schedule_id = object_id<2, 12>;
using budget_record_id = object_id<2, 13>;
using special_authority_id = object_id<2, 14>;
using buyback_id = object_id<2, 15>;
using fba_accumulator_id = object_id<2, 16>;
using collateral_bid_id = object_id<2, 17>;
using credit_deal_summary_id = object_id<2, 18>;
using exceeded_account_id = object_id<4, 0>;
using order_history_id = object_id<5, 0>;
using bucket_id = object_id<5, 1>;
using market_ticker_id = object_id<5, 2>;
using market_ticker_meta_id = object_id<5, 3>;
using liquidity_pool_history_id = object_id<5, 4>;
using liquidity_pool_ticker_meta_id = object_id<5, 5>;
using liquidity_pool_ticker_id = object_id<5, 6>;
using account_storage_id = object_id<7, 0>;
/// @}

/// The asset in which fees and votes are counted.
inline constexpr asset_id core_asset{0};

namespace detail {

inline constexpr std::size_t max_object_id_text = 24; // 255.255.281474976710655

/// Writes at most @ref max_object_id_text characters; returns the end.
BITSHARES_DECL char* write_object_id(any_object_id id, char* out) noexcept;

/// False where `text` is not an id.
BITSHARES_DECL bool read_object_id(std::string_view text, any_object_id& id) noexcept;

template <>
struct describe<any_object_id>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<any_object_id>(type_kind::any_object_id);
};

template <std::uint8_t Space, std::uint8_t Type>
struct describe<object_id<Space, Type>>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<object_id<Space, Type>>(type_kind::object_id, 1, Space << 8 | Type);
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/object_id.ipp>
#endif
