#pragma once

#include <bitshares/base/hash.hpp>

#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Which chain it is: the SHA-256 of its genesis file.
using chain_id_type = sha256_digest;

/// What tells one BitShares chain from another.
struct network
{
    chain_id_type chain_id;
    std::string key_prefix;  ///< In front of keys and addresses as text.
    std::string core_symbol; ///< Symbol of asset 1.3.0.

    friend bool operator==(network const&, network const&) = default;
};

/// The public chain. @par Source What its nodes answer to `get_chain_id` and `get_config`.
BITSHARES_DECL network mainnet();

/// The public test chain.
BITSHARES_DECL network testnet();

/// The key prefix of a known chain; `"BTS"` for a chain that is not known, as private chains are compiled with it.
BITSHARES_DECL std::string_view key_prefix_of(chain_id_type const& chain_id);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/network.ipp>
#endif
