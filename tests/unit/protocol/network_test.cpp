#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/network.hpp>

#include <doctest/doctest.h>

namespace bts = bitshares;

TEST_CASE("protocol/network: the public chains")
{
    CHECK(bts::to_hex(bts::mainnet().chain_id.data) ==
          "4018d7844c78f6a6c41c6a552b898022310fc5dec06da467ee7905a8dad512c8");
    CHECK(bts::mainnet().key_prefix == "BTS");
    CHECK(bts::mainnet().core_symbol == "BTS");
    CHECK(bts::to_hex(bts::testnet().chain_id.data) ==
          "39f5e2ede1f8bc1a3a54a7914414e3779e33193f1f5693510e73cb7a87617447");
    CHECK(bts::testnet().key_prefix == "TEST");
    CHECK(bts::testnet().core_symbol == "TEST");
}

TEST_CASE("protocol/network: the chain id tells the key prefix, and an unknown chain has that of the main chain")
{
    CHECK(bts::key_prefix_of(bts::mainnet().chain_id) == "BTS");
    CHECK(bts::key_prefix_of(bts::testnet().chain_id) == "TEST");
    CHECK(bts::key_prefix_of({}) == "BTS");
}
