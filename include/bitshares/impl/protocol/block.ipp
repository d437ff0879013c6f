#pragma once

#include <bitshares/protocol/block.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL std::uint32_t block_num_of(block_id const& id)
{
    return std::uint32_t{id.data[0]} << 24 | std::uint32_t{id.data[1]} << 16 | std::uint32_t{id.data[2]} << 8 |
           id.data[3];
}

BITSHARES_DECL std::uint32_t block_num_of(block_header const& header)
{
    return block_num_of(header.previous) + 1;
}

BITSHARES_DECL block_id id_of(signed_block_header const& header)
{
    // A header holds nothing that cannot be packed.
    sha224_digest const hash = sha224(pack<signed_block_header>(header).value());
    std::uint32_t const number = block_num_of(header);
    block_id id;
    std::copy_n(hash.data.begin(), id.data.size(), id.data.begin());
    for (int i = 0; i < 4; ++i)
        id.data[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    return id;
}

BITSHARES_DECL sha256_digest signing_digest(block_header const& header)
{
    return sha256(pack<block_header>(header).value());
}

BITSHARES_DECL ripemd160_digest merkle_root(std::vector<sha256_digest> hashes)
{
    if (hashes.empty())
        return {};
    while (hashes.size() > 1)
    {
        std::size_t const pairs = hashes.size() / 2;
        for (std::size_t i = 0; i < pairs; ++i)
            hashes[i] = sha256(hashes[2 * i].data, hashes[2 * i + 1].data);
        if (hashes.size() % 2 != 0)
            hashes[pairs] = hashes.back();
        hashes.resize((hashes.size() + 1) / 2);
    }
    return ripemd160(hashes.front().data);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
