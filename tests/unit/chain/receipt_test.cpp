#include "support/recordings.hpp"

#include <bitshares/chain/receipt.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

using namespace bitshares;

namespace {

// Blocks and keys of the recorded chain.
struct recorded
{
    std::map<std::uint32_t, signed_block> blocks;
    std::map<std::uint32_t, signed_block_header> headers;
    witness_keys::keys_type keys;

    recorded()
    {
        for (auto const& [number, b] : recordings::main_chain().blocks)
        {
            headers[number] = from_json<signed_block_header>(b.header).value();
            if (!b.block.empty())
                blocks[number] = from_json<signed_block>(b.block).value();
        }
        for (auto const& [id, json] : recordings::main_chain().objects)
            if (id.starts_with("1.6."))
            {
                auto const witness = from_json<witness_object>(json).value();
                keys[witness.id] = witness.signing_key;
            }
        // Those that are active sign blocks.
        std::set<witness_id> active;
        for (auto const& [number, header] : headers)
            active.insert(header.witness);
        std::erase_if(keys, [&](auto const& key) { return !active.contains(key.first); });
    }

    std::vector<signed_block_header> after(std::uint32_t number, std::size_t count) const
    {
        std::vector<signed_block_header> all;
        for (auto at = headers.upper_bound(number); at != headers.end() && all.size() < count; ++at)
            all.push_back(at->second);
        return all;
    }

    static recorded const& get()
    {
        static recorded const made;
        return made;
    }
};

tx_receipt receipt_of(std::uint32_t number, std::uint32_t index = 0, std::size_t following = 30)
{
    return make_receipt(recorded::get().blocks.at(number), index, recorded::get().after(number, following)).value();
}

// A block with several transactions, and enough behind it.
std::uint32_t busy_block()
{
    for (auto const& [number, block] : recorded::get().blocks)
        if (block.transactions.size() >= 5 && recorded::get().after(number, 30).size() == 30)
            return number;
    return 0;
}

errc failure(tx_receipt const& receipt, transaction_id const& id, std::string* path = nullptr)
{
    auto const proof = verify_receipt(receipt, id, witness_keys::pinned(recorded::get().keys));
    REQUIRE(proof.has_error());
    if (path)
        *path = proof.error().path();
    return static_cast<errc>(proof.error().code().value());
}

} // namespace

TEST_CASE("chain/receipt: every transaction of a real chain has one that can be verified")
{
    auto const keys = witness_keys::pinned(recorded::get().keys);
    CHECK(keys.keys().size() >= 10);
    std::size_t verified = 0, irreversible = 0, most = 0;
    for (auto const& [number, block] : recorded::get().blocks)
        for (std::uint32_t i = 0; i < block.transactions.size(); ++i)
        {
            CAPTURE(number);
            CAPTURE(i);
            auto const receipt = receipt_of(number, i);
            auto const id = id_of(block.transactions[i]).value();
            auto const proof = verify_receipt(receipt, id, keys);
            REQUIRE_MESSAGE(proof.has_value(), proof.error().message());
            CHECK(proof->verified);
            CHECK(proof->trust == key_trust::pinned);
            CHECK(proof->id == id);
            CHECK(proof->block_num == number);
            CHECK(proof->block_id == id_of(static_cast<signed_block_header const&>(block)));
            CHECK(proof->trx_num == i);
            CHECK(proof->active == keys.keys().size());
            ++verified;
            if (proof->irreversible)
                ++irreversible;
            most = std::max(most, block.transactions.size());
            // It travels as JSON.
            CHECK(from_json<tx_receipt>(to_json(receipt), {.mode = json_mode::strict}).value() == receipt);
        }
    CHECK(verified > 500);
    CHECK(irreversible > 450);
    CHECK(most > 4); // paths of several hashes
}

TEST_CASE("chain/receipt: whatever is changed is found")
{
    std::uint32_t const number = busy_block();
    REQUIRE(number != 0);
    for (std::uint32_t index = 0; index < recorded::get().blocks.at(number).transactions.size(); ++index)
    {
        CAPTURE(index);
        auto const good = receipt_of(number, index);
        auto const id = id_of(good.transaction).value();
        REQUIRE(verify_receipt(good, id, witness_keys::pinned(recorded::get().keys)).has_value());
        std::string path;

        CHECK(failure(good, transaction_id(), &path) == errc::wrong_transaction_id);
        CHECK(path == "/transaction");
        auto bad = good;
        ++bad.transaction.expiration.seconds;
        CHECK(failure(bad, id) == errc::wrong_transaction_id);

        // Signatures and results are no part of the id, but of the block.
        bad = good;
        bad.transaction.signatures.at(0).data[40] ^= 1;
        CHECK(failure(bad, id, &path) == errc::wrong_merkle_root);
        CHECK(path == "/merkle_path");
        bad = good;
        bad.transaction.operation_results.emplace_back(asset{1, core_asset});
        CHECK(failure(bad, id) == errc::wrong_merkle_root);
        for (std::size_t i = 0; i < good.merkle_path.size(); ++i)
        {
            bad = good;
            bad.merkle_path[i].data[31] ^= 0x80;
            CHECK(failure(bad, id) == errc::wrong_merkle_root);
        }
        bad = good;
        bad.merkle_path.emplace_back();
        CHECK(failure(bad, id) == errc::wrong_merkle_root);
        bad = good;
        bad.merkle_path.pop_back();
        CHECK(failure(bad, id) == errc::wrong_merkle_root);
        bad = good;
        bad.trx_num ^= 1;
        CHECK(failure(bad, id) == errc::wrong_merkle_root);
        bad = good;
        bad.trx_num = bad.trx_count;
        CHECK(failure(bad, id) == errc::wrong_merkle_root);
        bad = good;
        bad.header.transaction_merkle_root.data[0] ^= 1;
        CHECK(failure(bad, id) == errc::wrong_merkle_root);

        bad = good;
        bad.header.witness_signature.data[50] ^= 1;
        CHECK(failure(bad, id, &path) == errc::wrong_witness_signature);
        CHECK(path == "/header/witness_signature");
        bad = good;
        ++bad.header.timestamp.seconds;
        CHECK(failure(bad, id) == errc::wrong_witness_signature);
        bad = good;
        bad.header.previous.data[10] ^= 1;
        CHECK(failure(bad, id) == errc::wrong_witness_signature);
        bad = good;
        bad.header.witness = good.following[0].witness;
        CHECK(failure(bad, id) == errc::wrong_witness_signature);
        bad.header.witness = witness_id(4711);
        CHECK(failure(bad, id, &path) == errc::unknown_witness);
        CHECK(path == "/header/witness");

        for (std::size_t i = 0; i < good.following.size(); i += 7)
        {
            bad = good;
            bad.following[i].previous.data[19] ^= 1;
            CHECK(failure(bad, id, &path) == errc::broken_chain);
            CHECK(path == "/following/" + std::to_string(i) + "/previous");
            bad = good;
            bad.following[i].witness_signature.data[20] ^= 1;
            CHECK(failure(bad, id) == errc::wrong_witness_signature);
            bad = good;
            bad.following[i].timestamp = bad.header.timestamp;
            CHECK(failure(bad, id) == errc::broken_chain);
            bad = good;
            ++bad.following[i].timestamp.seconds;
            CHECK(failure(bad, id) == errc::wrong_witness_signature);
            bad = good;
            bad.following.erase(bad.following.begin() + static_cast<std::ptrdiff_t>(i));
            CHECK(failure(bad, id) == errc::broken_chain);
            bad = good;
            bad.following.insert(bad.following.begin() + static_cast<std::ptrdiff_t>(i), bad.following[i]);
            CHECK(failure(bad, id) == errc::broken_chain);
        }
    }
}

TEST_CASE("chain/receipt: witnesses are counted once, and only those that are known count")
{
    std::uint32_t const number = busy_block();
    auto const id = id_of(receipt_of(number).transaction).value();
    auto const keys = witness_keys::pinned(recorded::get().keys);
    std::set<witness_id> seen;
    for (std::size_t count = 0; count <= 30; ++count)
    {
        auto const receipt = receipt_of(number, 0, count);
        if (count > 0)
            seen.insert(receipt.following.back().witness);
        auto const proof = verify_receipt(receipt, id, keys).value();
        CHECK(proof.built_by == seen.size());
        auto all = seen;
        all.insert(receipt.header.witness);
        std::size_t const active = keys.keys().size();
        CHECK(proof.irreversible == (all.size() >= active - active * 3 / 10));
    }
    auto fewer = recorded::get().keys;
    fewer.erase(receipt_of(number).following[3].witness);
    CHECK(verify_receipt(receipt_of(number), id, witness_keys::pinned(fewer)).error().code() == errc::unknown_witness);
}

TEST_CASE("chain/receipt: keys from the node that tells are no proof; keys that enough nodes agree on are")
{
    auto const receipt = receipt_of(busy_block());
    auto const id = id_of(receipt.transaction).value();
    auto const& keys = recorded::get().keys;
    auto const alone = verify_receipt(receipt, id, witness_keys::of_node(keys)).value();
    CHECK_FALSE(alone.verified);
    CHECK(alone.trust == key_trust::same_node);

    auto lie = keys;
    for (auto& [witness, key] : lie)
        key = private_key::from_bytes(std::vector<std::uint8_t>(32, 7)).value().to_public();
    std::vector<witness_keys::keys_type> const answers{keys, lie, keys};
    auto const agreed = witness_keys::agreed(answers, 2).value();
    CHECK(agreed.keys() == keys);
    auto const proof = verify_receipt(receipt, id, agreed).value();
    CHECK(proof.verified);
    CHECK(proof.trust == key_trust::agreed);
    CHECK(verify_receipt(receipt, id, witness_keys::pinned(lie)).error().code() == errc::wrong_witness_signature);

    CHECK(witness_keys::agreed(answers, 3).error().code() == errc::unknown_witness);
    CHECK(witness_keys::agreed(answers, 1).error().code() == errc::unknown_witness);
    CHECK(witness_keys::agreed({}, 2).error().code() == errc::unknown_witness);
    std::vector<witness_keys::keys_type> const split{keys, lie, keys, lie};
    CHECK(witness_keys::agreed(split, 2).error().code() == errc::unknown_witness);
}

TEST_CASE("chain/receipt: witnesses on whom nodes do not agree are active all the same")
{
    auto const receipt = receipt_of(busy_block(), 0, 3);
    auto const id = id_of(receipt.transaction).value();
    auto const& keys = recorded::get().keys;
    std::set<witness_id> signers{receipt.header.witness};
    for (auto const& header : receipt.following)
        signers.insert(header.witness);
    REQUIRE(signers.size() == 4);
    REQUIRE(keys.size() > 10);
    // One lags behind, one lies: all agree on those few only who signed.
    auto late = keys, lie = keys;
    std::uint8_t n = 0;
    for (auto const& [witness, key] : keys)
        if (!signers.contains(witness))
        {
            late[witness] = private_key::from_bytes(std::vector<std::uint8_t>(32, ++n)).value().to_public();
            lie.erase(witness);
        }
    for (auto const& answers : {std::vector{keys, late, lie}, std::vector{lie, keys, late}})
    {
        auto const agreed = witness_keys::agreed(answers, 2).value();
        CHECK(agreed.keys().size() == 4);
        CHECK(agreed.active() == keys.size());
        auto const proof = verify_receipt(receipt, id, agreed).value();
        CHECK(proof.verified);
        CHECK(proof.built_by == 3);
        CHECK(proof.active == keys.size());
        CHECK_FALSE(proof.irreversible);
    }
}
