#pragma once

#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/public_key.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

class validation; // <bitshares/protocol/validation.hpp>

/// Who may act for an account: keys, addresses and other accounts whose weights must sum to the threshold.
struct authority
{
    std::uint32_t weight_threshold = 0;
    flat_map<account_id, std::uint16_t> account_auths;
    flat_map<public_key, std::uint16_t> key_auths;
    flat_map<address, std::uint16_t> address_auths;

    /// Whether all weights together reach the threshold.
    BITSHARES_DECL bool can_be_satisfied() const noexcept;

    friend bool operator==(authority const&, authority const&) = default;

    BITSHARES_FIELDS((weight_threshold), (account_auths), (key_auths), (address_auths))
};

/// No special authority: the account's own.
struct no_special_authority
{
    friend bool operator==(no_special_authority const&, no_special_authority const&) = default;

    BITSHARES_FIELDS()
};

/// The largest holders of an asset become the authority at each maintenance.
struct top_holders_special_authority
{
    asset_id asset;
    std::uint8_t num_top_holders = 1;

    BITSHARES_DECL void validate(validation& v) const;

    friend bool operator==(top_holders_special_authority const&, top_holders_special_authority const&) = default;

    BITSHARES_FIELDS((asset), (num_top_holders))
};

using special_authority = std::variant<no_special_authority, top_holders_special_authority>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/authority.ipp>
#endif
