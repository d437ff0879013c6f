// What the core library itself printed (crypto.json): the lines that no other test takes up, and the account of all of them.

#include "support/vectors.hpp"

#include <bitshares/base/base58.hpp>
#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/brain_key.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/tx/builder.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace bts = bitshares;
using bts::private_key;

namespace {

struct core_line
{
    std::string list;
    std::size_t number;
    std::string text;
};

std::vector<core_line> all_lines()
{
    std::vector<core_line> lines;
    for (std::string const list : {"lines_basic", "lines_fees_keys_wallet_stealth"})
    {
        std::size_t number = 0;
        for (auto const& line : vectors::file("crypto.json")[list].array())
            lines.push_back({list, number++, line.text()});
    }
    return lines;
}

// What follows `begin` in the line that begins with it.
std::string behind(std::string const& begin)
{
    for (auto const& line : all_lines())
        if (line.text.starts_with(begin))
            return line.text.substr(begin.size());
    FAIL("no line begins with " << begin);
    return {};
}

std::string word_behind(std::string const& line, std::string const& mark)
{
    std::size_t const at = line.find(mark);
    REQUIRE(at != line.npos);
    std::size_t const from = at + mark.size();
    return line.substr(from, line.find(' ', from) - from);
}

private_key named(std::string_view name)
{
    return private_key::from_bytes(
               bts::sha256(std::span(reinterpret_cast<std::uint8_t const*>(name.data()), name.size())).data)
        .value();
}

template <class T>
T read(std::string const& json)
{
    auto value = bts::from_json<T>(json);
    REQUIRE_MESSAGE(value.has_value(), value.error().message());
    return *value;
}

template <class T>
std::string packed(T const& value)
{
    return bts::to_hex(bts::pack(value).value());
}

} // namespace

TEST_CASE("tx/core_lines: an authority, votes and transfers, as JSON and as bytes")
{
    std::string const authority = behind("authority: ");
    CHECK(packed(read<bts::authority>(authority)) == behind("authority hex: "));
    CHECK(bts::to_json(read<bts::authority>(authority)) == authority); // its keys stand in the order of their addresses

    std::string const votes = behind("votes: ");
    std::string const ids = votes.substr(0, votes.find(" hex "));
    auto const read_votes = read<bts::flat_set<bts::vote_id>>(ids);
    CHECK(packed(read_votes) == word_behind(votes, " hex "));
    CHECK(bts::to_json(read_votes) == ids);

    for (std::string const begin : {"transfer: ", "transfer memo: "})
    {
        CAPTURE(begin);
        std::string const line = behind(begin);
        std::string const json = line.substr(0, line.find(" hex "));
        auto const op = read<bts::operation>(json);
        CHECK(packed(op) == word_behind(line, " hex "));
        CHECK(bts::to_json(op) == json);
    }
    bts::memo_data memo;
    memo.message.resize(16);
    CHECK(" " + std::to_string(bts::pack(std::optional(memo)).value().size()) == behind(" memo optional pack"));
}

TEST_CASE("tx/core_lines: a transaction, its id, digest and Merkle root, as signed and as processed")
{
    auto const tx = read<bts::signed_transaction>(behind("tx: "));
    CHECK(bts::to_json(tx) == behind("tx: "));
    CHECK(packed(tx) == behind("tx hex: "));
    CHECK(packed(static_cast<bts::transaction const&>(tx)) == behind("unsigned hex: "));
    std::string const id = behind("txid: ");
    CHECK(bts::to_hex(bts::id_of(tx).value().data) == id.substr(0, 40));
    CHECK(bts::to_hex(bts::sha256(bts::pack(static_cast<bts::transaction const&>(tx)).value()).data) ==
          word_behind(id, " digest "));

    auto const processed = read<bts::processed_transaction>(behind("ptx: "));
    CHECK(bts::to_json(processed) == behind("ptx: "));
    CHECK(packed(processed) == behind(" hex "));
    CHECK(bts::to_hex(bts::sha256(bts::pack(processed).value()).data) == behind(" merkle "));

    bts::block_id reference; // 0123456789abcdef and so on
    for (std::size_t i = 0; i < reference.data.size(); ++i)
        reference.data[i] = static_cast<std::uint8_t>(((2 * i) % 16) << 4 | (2 * i + 1) % 16);
    CHECK("num " + std::to_string(bts::block_num_of(reference) & 0xffff) + " prefix " +
              std::to_string(bts::tapos_prefix(reference)) ==
          behind("tapos "));
}

TEST_CASE("tx/core_lines: keys of a brain key, a password's key and a signed text")
{
    for (std::uint64_t const sequence : {0U, 1U})
    {
        auto const key = bts::brain_key("quick brown fox", sequence, bts::brain_key_form::cli_wallet).value();
        CHECK(std::string(key.to_wif().view()) + " " + key.to_public().to_string("BTS") ==
              behind("brain " + std::to_string(sequence) + " "));
    }
    // The line does not tell the password.
    std::string const line = behind("pw alice active ");
    CHECK(private_key::from_wif(line.substr(0, line.find(' '))).value().to_public().to_string("BTS") ==
          line.substr(line.find(' ') + 1));
    std::string const text = "msg";
    CHECK(bts::to_hex(named("k0")
                          .sign(bts::sha256(std::span(reinterpret_cast<std::uint8_t const*>(text.data()), text.size())))
                          .data) == behind("sig msg "));
}

TEST_CASE("tx/core_lines: a confirmation of a blind transfer is read, and its memo opened by the receiver")
{
    std::string const line = behind("stealth secret ");
    std::string const secret_hex = line.substr(0, line.find(' '));
    auto const confirmation =
        bts::unpack<bts::stealth_confirmation>(bts::from_base58(behind("confirmation ")).value()).value();
    CHECK(confirmation.one_time_key == named("onetime").to_public());
    auto const secret = named("receiver").shared_secret(confirmation.one_time_key).value();
    CHECK(bts::to_hex(secret.span()) == secret_hex);
    auto const plain = bts::aes_decrypt(secret, confirmation.encrypted_memo).value();
    CHECK(bts::to_hex(plain) == behind("memo hex "));
    CHECK(bts::aes_encrypt(secret, plain) == confirmation.encrypted_memo);

    auto const memo = bts::unpack<bts::stealth_confirmation::memo_data>(plain).value();
    CHECK_FALSE(memo.from.has_value());
    CHECK(memo.amount == bts::asset{1'000, bts::core_asset});
    CHECK(bts::to_hex(memo.blinding_factor.data) == word_behind(line, " blind "));
    CHECK(memo.blinding_factor == bts::sha256(bts::sha256(secret.span()).data));
    CHECK(bts::to_hex(memo.commitment.data) == behind("commit(1000) "));
    CHECK(bts::to_hex(bts::pack(memo.check).value()) == secret_hex.substr(0, 8));
    auto const child = named("receiver").child(bts::sha256(secret.span())).value();
    CHECK(child.to_public().to_string("BTS") == word_behind(line, " via priv "));
}

TEST_CASE("tx/core_lines: every line has its test, or a reason why there is none")
{
    // The begin of a line, and the test that has these very words in it; or, without ".cpp", why none has.
    std::map<std::string, std::string> const account{
        {"authority: ", "tx/core_lines_test.cpp"},
        {"authority hex: ", "tx/core_lines_test.cpp"},
        {"key ", "crypto/private_key_test.cpp"},
        {"votes: ", "tx/core_lines_test.cpp"},
        {"transfer: ", "tx/core_lines_test.cpp"},
        {"transfer memo: ", "crypto/memo_test.cpp"},
        {"shared: ", "crypto/private_key_test.cpp"},
        {"tx: ", "tx/core_lines_test.cpp"},
        {"tx hex: ", "tx/core_lines_test.cpp"},
        {"unsigned hex: ", "tx/core_lines_test.cpp"},
        {"txid: ", "tx/core_lines_test.cpp"},
        {"sigdigest: ", "crypto/private_key_test.cpp"},
        {"signer: ", "crypto/private_key_test.cpp"},
        {"ptx: ", "tx/core_lines_test.cpp"},
        {" hex ", "tx/core_lines_test.cpp"},
        {" merkle ", "tx/core_lines_test.cpp"},
        {"block id ", "crypto/private_key_test.cpp"},
        {"tapos ", "tx/core_lines_test.cpp"},
        {"pts c=", "crypto/public_key_test.cpp"},
        {"k0 secret ", "crypto/private_key_test.cpp"},
        {"fee transfer =", "tx/fees_test.cpp"},
        {"fee transfer+memo(5 chars)", "tx/fees_test.cpp"},
        {" memo optional pack", "tx/core_lines_test.cpp"},
        {"fee account_create premium alice", "tx/fees_test.cpp"},
        {"fee account_create cheap alice-1", "tx/fees_test.cpp"},
        {"fee account_create xyz", "tx/fees_test.cpp"},
        {"fee account_create bcd", "tx/fees_test.cpp"},
        {"fee asset_create ABC", "tx/fees_test.cpp"},
        {"fee ABCD =", "tx/fees_test.cpp"},
        {"fee ABCDE =", "tx/fees_test.cpp"},
        {"fee sub asset", "tx/fees_test.cpp"},
        {"fee asset_issue no memo", "tx/fees_test.cpp"},
        {"fee htlc_create 86401s", "tx/fees_test.cpp"},
        {"fee htlc_redeem 1025B", "tx/fees_test.cpp"},
        {"fee ticket_create", "tx/fees_test.cpp"},
        {"fee custom_authority_create", "tx/fees_test.cpp"},
        {"fee proposal_create", "tx/fees_test.cpp"},
        {"fee assert 3 predicates", "tx/fees_test.cpp"},
        {"set_fee CER base 7 core", "tx/fees_test.cpp"},
        {"set_fee CER base 3 of 1.3.5", "tx/fees_test.cpp"},
        {"scale 12345", "tx/fees_test.cpp"},
        {"missing param", "tx/fees_test.cpp"},
        {"brain ", "tx/core_lines_test.cpp"},
        {"pw alice active ", "tx/core_lines_test.cpp"},
        {"plain_keys ", "wallet/cli_wallet_test.cpp"},
        {"cipher ", "wallet/cli_wallet_test.cpp"},
        {"stealth secret ", "crypto/private_key_test.cpp"},
        {"commit(1000) ", "tx/core_lines_test.cpp"},
        {"memo hex ", "tx/core_lines_test.cpp"},
        {"confirmation ", "tx/core_lines_test.cpp"},
        {"sig msg ", "tx/core_lines_test.cpp"},
        {"0 0 0 0 106 94 0 0 ", "numbers without a word: what they are of, nobody has recorded"},
        {"unencrypted memo: ", "crypto/memo_test.cpp"},
    };
    std::map<std::string, std::string> sources;
    std::map<std::string, int> used;
    for (auto const& line : all_lines())
    {
        CAPTURE(line.list);
        CAPTURE(line.number);
        CAPTURE(line.text);
        if (line.text.empty()) // the last one
            continue;
        auto found = account.end();
        for (auto entry = account.begin(); entry != account.end(); ++entry)
            if (line.text.starts_with(entry->first))
            {
                CHECK_MESSAGE(found == account.end(), entry->first);
                found = entry;
            }
        CHECK_MESSAGE(found != account.end(), "neither tested nor excused");
        if (found == account.end())
            continue;
        ++used[found->first];
        auto const& [begin, where] = *found;
        if (!where.ends_with(".cpp"))
            continue;
        auto& source = sources[where];
        if (source.empty())
        {
            std::ifstream in(BITSHARES_TESTS_DIR "/unit/" + where);
            source.assign(std::istreambuf_iterator<char>(in), {});
            source.resize(std::min(source.size(), source.find("every line has its test"))); // not this table
        }
        CHECK_MESSAGE(source.find('"' + begin) != source.npos, where);
    }
    CHECK(used.size() == account.size());
}
