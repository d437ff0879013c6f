#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/chain/receipt.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/rpc/api/database.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_LAZY result<tx_receipt> make_receipt(signed_block const& block, std::uint32_t trx_num,
                                               std::vector<signed_block_header> following)
{
    std::vector<sha256_digest> hashes;
    for (processed_transaction const& tx : block.transactions)
    {
        auto const packed = pack(tx);
        if (!packed)
            return packed.error();
        hashes.push_back(sha256(*packed));
    }
    tx_receipt receipt;
    receipt.transaction = block.transactions[trx_num];
    receipt.trx_num = trx_num;
    receipt.trx_count = static_cast<std::uint32_t>(hashes.size());
    receipt.header = static_cast<signed_block_header const&>(block);
    receipt.following = std::move(following);
    for (std::size_t at = trx_num; hashes.size() > 1; at /= 2)
    {
        std::size_t const neighbour = at ^ 1;
        if (neighbour < hashes.size()) // an odd last one is carried up as it is
            receipt.merkle_path.push_back(hashes[neighbour]);
        std::vector<sha256_digest> above;
        for (std::size_t i = 0; i < hashes.size(); i += 2)
            above.push_back(i + 1 < hashes.size() ? sha256(hashes[i].data, hashes[i + 1].data) : hashes[i]);
        hashes = std::move(above);
    }
    return receipt;
}

BITSHARES_LAZY result<witness_keys> witness_keys::agreed(std::span<keys_type const> answers, std::size_t enough)
{
    if (enough < 2)
        return error(errc::unknown_witness, "one node agrees with itself always");
    std::map<witness_id, std::vector<public_key>> said;
    for (keys_type const& answer : answers)
        for (auto const& [witness, key] : answer)
            said[witness].push_back(key);
    keys_type agreed;
    for (auto const& [witness, keys] : said)
        for (public_key const& key : keys)
            if (static_cast<std::size_t>(std::count(keys.begin(), keys.end(), key)) >= enough)
            {
                // Two keys that enough nodes each agree on: nobody knows which.
                auto const [at, is_new] = agreed.emplace(witness, key);
                if (!is_new && at->second != key)
                    return error(errc::unknown_witness, "nodes agree on two keys of " + witness.to_string());
            }
    if (agreed.empty())
        return error(errc::unknown_witness, "no " + std::to_string(enough) + " nodes agree");
    // Enough nodes name so many or more: neither a short list of one that lies nor a long one is what counts.
    std::vector<std::size_t> sizes;
    for (keys_type const& answer : answers)
        sizes.push_back(answer.size());
    std::sort(sizes.begin(), sizes.end(), std::greater<>());
    std::size_t const active = std::max(agreed.size(), sizes[enough - 1]);
    return witness_keys(std::move(agreed), active, key_trust::agreed);
}

namespace detail {

// The root that hash, place and path lead to; nothing where the path is too short or too long for the place.
inline std::optional<ripemd160_digest> root_of(sha256_digest hash, std::size_t at, std::size_t count,
                                               std::span<sha256_digest const> path)
{
    if (at >= count)
        return std::nullopt;
    for (; count > 1; at /= 2, count = (count + 1) / 2)
    {
        if ((at ^ 1) >= count)
            continue;
        if (path.empty())
            return std::nullopt;
        hash = at % 2 == 0 ? sha256(hash.data, path.front().data) : sha256(path.front().data, hash.data);
        path = path.subspan(1);
    }
    if (!path.empty())
        return std::nullopt;
    return ripemd160(hash.data);
}

BITSHARES_LAZY_DECL result<void> check_witness(signed_block_header const& header, witness_keys const& keys,
                                               std::string const& path)
{
    auto const key = keys.keys().find(header.witness);
    if (key == keys.keys().end())
        return error(errc::unknown_witness, header.witness.to_string(), path + "/witness");
    if (!verify(signing_digest(header), header.witness_signature, key->second))
        return error(errc::wrong_witness_signature, header.witness.to_string(), path + "/witness_signature");
    return {};
}

} // namespace detail

BITSHARES_LAZY result<receipt_proof> verify_receipt(tx_receipt const& receipt, transaction_id const& expected,
                                                    witness_keys const& keys)
{
    auto const id = id_of(receipt.transaction);
    auto const packed = pack(receipt.transaction);
    if (!id || !packed)
        return id ? packed.error() : id.error();
    if (*id != expected)
        return error(errc::wrong_transaction_id, "it is of " + to_hex(id->data), "/transaction");
    auto const root = detail::root_of(sha256(*packed), receipt.trx_num, receipt.trx_count, receipt.merkle_path);
    if (root != receipt.header.transaction_merkle_root)
        return error(errc::wrong_merkle_root, {}, "/merkle_path");
    if (auto const fits = detail::check_witness(receipt.header, keys, "/header"); !fits)
        return fits.error();

    receipt_proof proof;
    proof.trust = keys.trust();
    proof.verified = keys.trust() != key_trust::same_node;
    proof.id = *id;
    proof.block_id = id_of(receipt.header);
    proof.block_num = block_num_of(receipt.header);
    proof.trx_num = receipt.trx_num;
    proof.block_time = receipt.header.timestamp;
    proof.active = static_cast<std::uint32_t>(keys.active());

    std::set<witness_id> signers;
    block_id last = proof.block_id;
    time_point_sec time = receipt.header.timestamp;
    for (std::size_t i = 0; i < receipt.following.size(); ++i)
    {
        signed_block_header const& header = receipt.following[i];
        std::string const path = "/following/" + std::to_string(i);
        if (header.previous != last)
            return error(errc::broken_chain, {}, path + "/previous");
        if (header.timestamp <= time)
            return error(errc::broken_chain, "it is not later than the one before", path + "/timestamp");
        if (auto const fits = detail::check_witness(header, keys, path); !fits)
            return fits.error();
        signers.insert(header.witness);
        last = id_of(header);
        time = header.timestamp;
    }
    proof.built_by = static_cast<std::uint32_t>(signers.size());
    signers.insert(receipt.header.witness);
    // The node sorts the witnesses by their last blocks and takes the one at 30%: all from there on have it.
    std::size_t const needed = keys.active() - keys.active() * 3'000 / 10'000;
    proof.irreversible = signers.size() >= needed;
    return proof;
}

BITSHARES_LAZY tx_receipt fetch_receipt(blocking_client& node, std::uint32_t block_num, std::uint32_t trx_num,
                                        std::uint32_t following)
{
    auto const block = node.call(database::get_block(block_num));
    if (!block || block_num_of(*block) != block_num || trx_num >= block->transactions.size())
        throw exception(error(errc::invalid_reply, "there is no such block or transaction"));
    std::uint32_t const head = node.call(database::get_dynamic_global_properties()).head_block_number;
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t n = block_num + 1; n <= head && n - block_num <= following; ++n)
        numbers.push_back(n);
    std::vector<signed_block_header> headers;
    constexpr std::size_t at_once = 50; // what nodes allow by default
    for (std::size_t from = 0; from < numbers.size(); from += at_once)
    {
        std::vector<std::uint32_t> const page(
            numbers.begin() + static_cast<std::ptrdiff_t>(from),
            numbers.begin() + static_cast<std::ptrdiff_t>(std::min(from + at_once, numbers.size())));
        for (auto const& [number, header] : node.call(database::get_block_header_batch(page, true)))
        {
            if (!header || !header->witness_signature)
                throw exception(error(errc::invalid_reply, "no signed header of block " + std::to_string(number)));
            signed_block_header& made = headers.emplace_back();
            static_cast<block_header&>(made) = *header;
            made.witness_signature = *header->witness_signature;
        }
    }
    return make_receipt(*block, trx_num, std::move(headers)).value();
}

BITSHARES_LAZY witness_keys::keys_type fetch_witness_keys(blocking_client& node)
{
    auto const active = node.call(database::get_global_properties()).active_witnesses;
    witness_keys::keys_type keys;
    for (auto const& witness : node.call(database::get_witnesses({active.begin(), active.end()})))
        if (witness && active.contains(witness->id))
            keys[witness->id] = witness->signing_key;
    return keys;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
