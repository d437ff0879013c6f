#include "support/json_value.hpp"
#include "support/recordings.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace bts = bitshares;
using bts::json_mode;
using test::json_value;

namespace {

template <class Digest>
std::string hex(Digest const& digest)
{
    return bts::to_hex(digest.data);
}

bts::sha256_digest leaf(std::uint8_t n)
{
    return bts::sha256(std::vector<std::uint8_t>{n});
}

} // namespace

TEST_CASE("protocol/block: header, id and number of every recorded block, each the one before the next")
{
    auto const& blocks = recordings::main_chain().blocks;
    REQUIRE(blocks.size() > 900);
    std::string previous_id(40, '0');
    std::uint32_t expected = 1;
    for (auto const& [number, block] : blocks)
    {
        CAPTURE(number);
        REQUIRE(number == expected++);
        auto const header = bts::from_json<bts::signed_block_header>(block.header, {json_mode::strict});
        REQUIRE_MESSAGE(header.has_value(), header.error().message());
        CHECK(bts::to_json(*header) == block.header);
        CHECK(hex(header->previous) == previous_id);
        CHECK(bts::block_num_of(*header) == number);
        auto const id = bts::id_of(*header);
        CHECK(bts::block_num_of(id) == number);
        if (!block.id.empty())
            CHECK(hex(id) == block.id);
        previous_id = hex(id);
    }
}

TEST_CASE("protocol/block: the Merkle root, and every transaction's id and bytes, of every recorded block")
{
    std::size_t transactions = 0;
    std::size_t most = 0;
    for (auto const& [number, recorded] : recordings::main_chain().blocks)
    {
        if (recorded.block.empty())
            continue;
        CAPTURE(number);
        auto const block = bts::from_json<bts::signed_block>(recorded.block, {json_mode::strict});
        REQUIRE_MESSAGE(block.has_value(), block.error().message());
        CHECK(bts::to_json(*block) == recorded.block);
        CHECK(bts::merkle_root(*block).value() == block->transaction_merkle_root);
        CHECK(hex(bts::id_of(*block)) == recorded.id);
        auto const packed = bts::pack(*block);
        REQUIRE(packed.has_value());
        CHECK(bts::unpack<bts::signed_block>(*packed).value() == *block);
        transactions += block->transactions.size();
        most = std::max(most, block->transactions.size());
    }
    CHECK(transactions == 535);
    CHECK(most > 3);
}

TEST_CASE("protocol/block: Merkle root of none, one and odd numbers of hashes")
{
    CHECK(bts::merkle_root(std::vector<bts::sha256_digest>()) == bts::ripemd160_digest());
    CHECK(bts::merkle_root({leaf(1)}) == bts::ripemd160(leaf(1).data));
    auto const pair = [](bts::sha256_digest const& a, bts::sha256_digest const& b) {
        return bts::sha256(a.data, b.data);
    };
    auto const twelve = pair(leaf(1), leaf(2));
    CHECK(bts::merkle_root({leaf(1), leaf(2)}) == bts::ripemd160(twelve.data));
    CHECK(bts::merkle_root({leaf(1), leaf(2), leaf(3)}) ==
          bts::ripemd160(pair(twelve, leaf(3)).data)); // carried up unchanged
    auto const four = pair(twelve, pair(leaf(3), leaf(4)));
    CHECK(bts::merkle_root({leaf(1), leaf(2), leaf(3), leaf(4), leaf(5)}) == bts::ripemd160(pair(four, leaf(5)).data));
    CHECK(bts::merkle_root({leaf(2), leaf(1)}) != bts::merkle_root({leaf(1), leaf(2)}));
}

TEST_CASE("protocol/block: a Merkle root needs every operation's binary form")
{
    bts::signed_block block;
    block.transactions.emplace_back().operations.emplace_back(bts::unknown_operation{99, "{}"});
    auto const root = bts::merkle_root(block);
    REQUIRE_FALSE(root.has_value());
    CHECK(root.error().code() == bts::errc::unknown_tag);
}

TEST_CASE("protocol/block: what the witness signs is the header without the signature")
{
    bts::signed_block_header header;
    header.previous.data[3] = 10;
    header.witness = bts::witness_id(32);
    header.witness_signature.data.fill(7);
    auto const bare = bts::pack<bts::block_header>(header).value();
    CHECK(bare.size() == 20 + 4 + 1 + 20 + 1);
    CHECK(bts::signing_digest(header) == bts::sha256(bare));
    auto other = header;
    other.witness_signature.data.fill(8);
    CHECK(bts::signing_digest(other) == bts::signing_digest(header));
    CHECK(bts::id_of(other) != bts::id_of(header));
    CHECK(hex(bts::id_of(header)).substr(0, 8) == "0000000b");
}

TEST_CASE("protocol/block: a transaction and a block as the core library hashes them")
{
    // Printed by a program linked to bitshares-core.
    auto const facts = json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/hashes.json");
    auto const tx = bts::from_json<bts::signed_transaction>(facts["transaction"].dump(), {json_mode::strict});
    REQUIRE_MESSAGE(tx.has_value(), tx.error().message());
    CHECK(hex(bts::id_of(*tx).value()) == facts["transaction_id"].text());
    bts::chain_id_type chain_id;
    auto const bytes = bts::from_hex(facts["chain_id"].text()).value();
    std::copy(bytes.begin(), bytes.end(), chain_id.data.begin());
    CHECK(hex(bts::signing_digest(*tx, chain_id).value()) == facts["signing_digest"].text());
    auto const processed =
        bts::from_json<bts::processed_transaction>(facts["processed_transaction"].dump(), {json_mode::strict});
    REQUIRE_MESSAGE(processed.has_value(), processed.error().message());
    CHECK(bts::to_hex(bts::pack(*processed).value()) == facts["processed_transaction_hex"].text());
    CHECK(hex(bts::sha256(bts::pack(*processed).value())) == facts["merkle_leaf"].text());

    auto const header = bts::unpack<bts::signed_block_header>(bts::from_hex(facts["block_header_hex"].text()).value());
    REQUIRE_MESSAGE(header.has_value(), header.error().message());
    CHECK(hex(bts::id_of(*header)) == facts["block_id"].text());
    CHECK(hex(header->transaction_merkle_root) == facts["merkle_root"].text());
    CHECK(hex(bts::signing_digest(*header)) == facts["header_digest"].text());
}
