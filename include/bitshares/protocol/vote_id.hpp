#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>

#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What an account votes for: a committee member, witness or worker, by the number that it got at its creation.

    In JSON `"type:instance"`; packed as `instance << 8 | type` in 4 bytes.
*/
struct vote_id
{
    enum vote_type : std::uint8_t
    {
        committee = 0,
        witness = 1,
        worker = 2
    };

    std::uint32_t content = 0;

    constexpr vote_id() = default;
    constexpr vote_id(std::uint8_t type, std::uint32_t instance) : content(instance << 8 | type) {}

    constexpr std::uint8_t type() const noexcept { return static_cast<std::uint8_t>(content); }
    constexpr std::uint32_t instance() const noexcept { return content >> 8; } ///< At most 2^24 - 1.

    friend bool operator==(vote_id const&, vote_id const&) = default;

    /// `"1:23"`.
    std::string to_string() const { return std::to_string(type()) + ':' + std::to_string(instance()); }

    /** Reads `"1:23"`.

        @par Errors
        @li `errc::invalid_vote_id`
    */
    BITSHARES_DECL static result<vote_id> from_string(std::string_view text);
};

namespace detail {

// By instance alone: two votes with one instance are duplicates for the chain, whatever their type.
template <>
struct chain_less<vote_id>
{
    bool operator()(vote_id a, vote_id b) const noexcept { return a.instance() < b.instance(); }
};

template <>
struct describe<vote_id>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<vote_id>(type_kind::vote_id);
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/vote_id.ipp>
#endif
