// What a real chain signed and encrypted, seen again: signatures of transactions and witnesses, ids, Merkle roots, memos.

#include "support/json_value.hpp"
#include "support/recordings.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/public_key.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects/history.hpp>
#include <bitshares/tx/authority_check.hpp>

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace bts = bitshares;
using bts::json_mode;
using bts::public_key;
using test::json_value;

namespace {

struct chain
{
    std::string name;
    bts::testing::recording const& recording;

    json_value file(std::string const& path) const
    {
        return json_value::parse(bts::testing::read_recording_file(recording.directory / path).value());
    }
};

std::vector<chain> chains()
{
    return {{"main", recordings::main_chain()}, {"chain_c", recordings::chain_c()}};
}

public_key key_of(json_value const& text)
{
    return public_key::from_string(text.text(), "BTS").value();
}

/* The authorities as the chain had them at each moment: those of the genesis block, changed by every operation since. */
class replay
{
public:
    explicit replay(chain const& c)
    {
        json_value const genesis = c.file("genesis.json");
        std::uint64_t number = 6; // behind the reserved accounts
        for (auto const& account : genesis["initial_accounts"].array())
        {
            auto const id = bts::account_id(number++);
            owners_[id] = single(key_of(account["owner_key"]));
            actives_[id] = single(key_of(account["active_key"]));
            put(id);
        }
        number = 1;
        for (auto const& witness : genesis["initial_witness_candidates"].array())
            witnesses_[bts::witness_id(number++)] = key_of(witness["block_signing_key"]);
    }

    bts::account_set const& accounts() const { return accounts_; }
    std::map<bts::witness_id, public_key> const& witnesses() const { return witnesses_; }

    void apply(bts::operation const& op, bts::operation_result const& result)
    {
        auto const* const made = std::get_if<bts::any_object_id>(&result);
        if (auto const* const create = op.get_if<bts::account_create>(); create && made)
        {
            auto const id = bts::account_id(made->instance());
            owners_[id] = create->owner;
            actives_[id] = create->active;
            put(id);
        }
        else if (auto const* const update = op.get_if<bts::account_update>())
        {
            if (update->owner)
                owners_[update->account] = *update->owner;
            if (update->active)
                actives_[update->account] = *update->active;
            put(update->account);
        }
        else if (auto const* const witness = op.get_if<bts::witness_create>(); witness && made)
            witnesses_[bts::witness_id(made->instance())] = witness->block_signing_key;
        else if (auto const* const changed = op.get_if<bts::witness_update>(); changed && changed->new_signing_key)
            witnesses_[changed->witness] = *changed->new_signing_key;
        else
            apply_custom(op, made);
    }

private:
    static bts::authority single(public_key const& key)
    {
        bts::authority a;
        a.weight_threshold = 1;
        a.key_auths = {{key, std::uint16_t{1}}};
        return a;
    }

    void put(bts::account_id id) { accounts_.add(id, "", owners_[id], actives_[id]); }

    void apply_custom(bts::operation const& op, bts::any_object_id const* made)
    {
        if (auto const* const create = op.get_if<bts::custom_authority_create>(); create && made)
        {
            auto& custom = customs_[bts::custom_authority_id(made->instance())];
            custom.id = bts::custom_authority_id(made->instance());
            custom.account = create->account;
            custom.enabled = create->enabled;
            custom.valid_from = create->valid_from;
            custom.valid_to = create->valid_to;
            custom.operation_type = create->operation_type;
            custom.auth = create->auth;
            add(custom, create->restrictions);
        }
        else if (auto const* const update = op.get_if<bts::custom_authority_update>())
        {
            auto& custom = customs_.at(update->authority_to_update);
            custom.enabled = update->new_enabled.value_or(custom.enabled);
            custom.valid_from = update->new_valid_from.value_or(custom.valid_from);
            custom.valid_to = update->new_valid_to.value_or(custom.valid_to);
            if (update->new_auth)
                custom.auth = *update->new_auth;
            decltype(custom.restrictions) kept;
            for (auto const& numbered : custom.restrictions)
                if (!update->restrictions_to_remove.contains(numbered.first))
                    kept.insert(numbered);
            custom.restrictions = kept;
            add(custom, update->restrictions_to_add);
        }
        else if (auto const* const gone = op.get_if<bts::custom_authority_delete>())
        {
            auto& custom = customs_.at(gone->authority_to_delete);
            custom.enabled = false;
            accounts_.add(custom);
        }
    }

    void add(bts::custom_authority_object& custom, std::vector<bts::restriction> const& restrictions)
    {
        for (auto const& r : restrictions)
            custom.restrictions.insert({custom.restriction_counter++, r});
        accounts_.add(custom);
    }

    bts::account_set accounts_;
    std::map<bts::account_id, bts::authority> owners_;
    std::map<bts::account_id, bts::authority> actives_;
    std::map<bts::custom_authority_id, bts::custom_authority_object> customs_;
    std::map<bts::witness_id, public_key> witnesses_;
};

/// The ids of all recorded transactions, in order: what stands in front of each "hex_without_sig".
std::vector<std::string> recorded_ids(chain const& c)
{
    std::string const text = bts::testing::read_recording_file(c.recording.directory / "blocks.json").value();
    std::string_view const mark = "\", \"hex_without_sig\": ";
    std::vector<std::string> ids;
    for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at + 1))
        ids.push_back(text.substr(at - 40, 40));
    return ids;
}

} // namespace

TEST_CASE("crypto/recordings: every block's id, Merkle root and witness signature")
{
    for (auto const& c : chains())
    {
        CAPTURE(c.name);
        replay state(c);
        std::map<std::uint32_t, std::vector<bts::operation_history_object>> by_block;
        for (auto const& recorded : c.recording.operations)
            by_block[recorded.block].push_back(bts::from_json<bts::operation_history_object>(recorded.json).value());
        bts::block_id previous;
        std::set<bts::witness_id> signers;
        for (auto const& [number, recorded] : c.recording.blocks)
        {
            CAPTURE(number);
            auto const header = bts::from_json<bts::signed_block_header>(recorded.header).value();
            CHECK(header.previous == previous);
            previous = bts::id_of(header);
            if (!recorded.id.empty())
                CHECK(bts::to_hex(previous.data) == recorded.id);
            auto const signer = bts::recover(bts::signing_digest(header), header.witness_signature);
            REQUIRE_MESSAGE(signer.has_value(), signer.error().message());
            CHECK(*signer == state.witnesses().at(header.witness));
            signers.insert(header.witness);
            if (!recorded.block.empty())
            {
                auto const block = bts::from_json<bts::signed_block>(recorded.block).value();
                CHECK(bts::merkle_root(block).value() == header.transaction_merkle_root);
            }
            else
                CHECK(header.transaction_merkle_root == bts::ripemd160_digest());
            for (auto const& entry : by_block[number])
                state.apply(entry.op, entry.result);
        }
        CHECK(signers.size() > 5);
    }
}

TEST_CASE(
    "crypto/recordings: every transaction's id, and its signatures are of keys that the chain's authorities allowed")
{
    for (auto const& c : chains())
    {
        CAPTURE(c.name);
        replay state(c);
        bts::chain_id_type chain_id;
        auto const id_bytes = bts::from_hex(c.recording.chain_id).value();
        std::copy(id_bytes.begin(), id_bytes.end(), chain_id.data.begin());
        std::map<std::uint32_t, std::vector<bts::operation_history_object>> by_block;
        for (auto const& recorded : c.recording.operations)
            by_block[recorded.block].push_back(bts::from_json<bts::operation_history_object>(recorded.json).value());
        auto const ids = recorded_ids(c);
        std::size_t transactions = 0;
        std::size_t signatures = 0;
        std::size_t of_several = 0;
        bts::time_point_sec head;
        for (auto const& [number, recorded] : c.recording.blocks)
        {
            CAPTURE(number);
            std::size_t index = 0;
            if (!recorded.block.empty())
                for (auto const& tx : bts::from_json<bts::signed_block>(recorded.block).value().transactions)
                {
                    CAPTURE(transactions);
                    REQUIRE(transactions < ids.size());
                    CHECK(bts::to_hex(bts::id_of(tx).value().data) == ids[transactions++]);
                    auto const digest = bts::signing_digest(tx, chain_id).value();
                    std::vector<public_key> keys;
                    for (auto const& s : tx.signatures)
                    {
                        auto const key = bts::recover(digest, s);
                        REQUIRE_MESSAGE(key.has_value(), key.error().message());
                        CHECK(bts::verify(digest, s, *key));
                        keys.push_back(*key);
                    }
                    signatures += keys.size();
                    of_several += keys.size() > 1;
                    bts::authority_options options;
                    options.now = head;
                    // The chain took them; so each of these keys is one that its authorities at that time asked for.
                    auto const allowed = bts::verify_authority(tx, keys, state.accounts(), options);
                    CHECK_MESSAGE(allowed.has_value(), allowed.error().message());
                    if (!keys.empty())
                    {
                        auto wrong = keys;
                        wrong.front() = bts::child_of(wrong.front(), digest).value();
                        CHECK_FALSE(bts::verify_authority(tx, wrong, state.accounts(), options).has_value());
                    }
                    // get_block tells no results; the history does.
                    for (auto const& entry : by_block[number])
                        if (entry.trx_in_block == index && !entry.is_virtual)
                            state.apply(entry.op, entry.result);
                    ++index;
                }
            for (auto const& entry : by_block[number]) // what proposals did
                if (entry.is_virtual || entry.trx_in_block >= index)
                    state.apply(entry.op, entry.result);
            head = bts::from_json<bts::signed_block_header>(recorded.header).value().timestamp;
        }
        CHECK(transactions == ids.size());
        bool const main = c.name == "main";
        CHECK(transactions == (main ? 535 : 76));
        CHECK(signatures == (main ? 580 : 78));
        CHECK(of_several == (main ? 31 : 2));
    }
}

TEST_CASE("crypto/recordings: every memo is read from both sides, and written again")
{
    std::size_t memos = 0;
    std::size_t damaged = 0;
    for (auto const& c : chains())
    {
        std::map<std::string, bts::private_key> keys;
        auto const accounts = c.file("accounts.json");
        for (auto const& [text, wif] : accounts["all_keys"].object())
        {
            auto key = bts::private_key::from_wif(wif.text()).value();
            CHECK(key.to_public().to_string("BTS") == text);
            CHECK(key.to_wif().view() == wif.text());
            keys.emplace(text, std::move(key));
        }
        for (auto const& account : c.recording.accounts)
        {
            auto const file = c.file("history/" + account.name + "/memos.json");
            for (auto const& m : file["memos"].array())
            {
                CAPTURE(account.name);
                CAPTURE(m["operation_id"].text());
                bts::memo_data const memo{key_of(m["from"]), key_of(m["to"]), m["nonce"].as_uint(),
                                          bts::from_hex(m["message"].text()).value()};
                ++memos;
                if (bts::is_clear(memo))
                {
                    CHECK(m["checksum_ok"].is_null());
                    CHECK(bts::read_clear_memo(memo).value() == m["text"].text());
                    CHECK(bts::clear_memo(m["text"].text()) == memo);
                    continue;
                }
                auto const& from = keys.at(m["from"].text());
                auto const& to = keys.at(m["to"].text());
                auto const sent = bts::decrypt_memo(memo, from);
                auto const received = bts::decrypt_memo(memo, to);
                if (!m["checksum_ok"].as_bool())
                {
                    CHECK_FALSE(sent.has_value());
                    CHECK_FALSE(received.has_value());
                    ++damaged;
                    continue;
                }
                CHECK(sent.value() == m["text"].text());
                CHECK(received.value() == m["text"].text());
                CHECK(bts::encrypt_memo(from, memo.to, m["text"].text(), memo.nonce).value() == memo);
            }
        }
    }
    CHECK(damaged == 4);
    CHECK(memos == 315);
}
