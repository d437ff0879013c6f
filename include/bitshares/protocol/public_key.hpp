#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>

#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A public key as the chain stores it: 33 bytes, a compressed point of secp256k1, or 33 zeros for "no key".

    Whether the bytes are a point is not checked: the chain does not check it either when it reads a transaction.
    As text: the network's prefix and base58 of the bytes and the first four of their RIPEMD-160.
*/
struct public_key
{
    std::array<std::uint8_t, 33> data{};

    friend bool operator==(public_key const&, public_key const&) = default;

    /// `prefix` and 50 or so characters. @param prefix Of the network: `"BTS"`, `"TEST"`.
    BITSHARES_DECL std::string to_string(std::string_view prefix) const;

    /** Reads the text form.

        @par Errors
        @li `errc::wrong_key_prefix`: the text does not begin with `prefix`.
        @li `errc::invalid_base58`: another alphabet or length.
        @li `errc::invalid_checksum`
    */
    BITSHARES_DECL static result<public_key> from_string(std::string_view text, std::string_view prefix);
};

/// The hash of a key that stands for it in old authorities and balances; as text like @ref public_key.
struct address
{
    std::array<std::uint8_t, 20> data{};

    friend auto operator<=>(address const&, address const&) = default;

    /// `prefix` and 30 or so characters.
    BITSHARES_DECL std::string to_string(std::string_view prefix) const;

    /// Reads the text form. @par Errors As @ref public_key::from_string.
    BITSHARES_DECL static result<address> from_string(std::string_view text, std::string_view prefix);
};

/// The chain's own address of a key: ripemd160(sha512(key)).
inline address address_of(public_key const& key)
{
    return {ripemd160(sha512(key.data).data).data};
}

namespace detail {

// Sets of keys are kept and hashed in the order of their addresses, not of their bytes or text.
template <>
struct chain_less<public_key>
{
    static address key(public_key const& k) { return address_of(k); }
    bool operator()(public_key const& a, public_key const& b) const { return key(a) < key(b); }
};

template <>
struct describe<public_key>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<public_key>(type_kind::public_key);
};

template <>
struct describe<address>
{
    static constexpr bool is_leaf = true;
    static constexpr type_info info = leaf<address>(type_kind::address);
};

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/public_key.ipp>
#endif
