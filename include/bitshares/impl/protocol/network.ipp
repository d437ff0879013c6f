#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/network.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline chain_id_type chain_id_from(std::string_view hex)
{
    chain_id_type id;
    read_hex(hex, id.data.data());
    return id;
}

} // namespace detail

BITSHARES_DECL network mainnet()
{
    return {detail::chain_id_from("4018d7844c78f6a6c41c6a552b898022310fc5dec06da467ee7905a8dad512c8"), "BTS", "BTS"};
}

BITSHARES_DECL network testnet()
{
    return {detail::chain_id_from("39f5e2ede1f8bc1a3a54a7914414e3779e33193f1f5693510e73cb7a87617447"), "TEST", "TEST"};
}

BITSHARES_DECL std::string_view key_prefix_of(chain_id_type const& chain_id)
{
    static chain_id_type const test_chain = testnet().chain_id;
    return chain_id == test_chain ? "TEST" : "BTS";
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
