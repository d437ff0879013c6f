#include "support/json_value.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/brain_key.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/fee_schedule.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/testing/recording.hpp>
#include <bitshares/tx/fees.hpp>
#include <bitshares/wallet/cli_wallet.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

/** @file
    What the real cli_wallet answered, asked again of this library and the wallet file that it saved.

    Not asked again, since the answer is not of keys, memos, ids or fees: what cli_wallet passes on from its node (`get_*`, `list_*`,
    `info`, `about`); what changes its own state only (`lock`, `set_password`, `begin_builder_transaction`, ...); and stealth
    transfers, whose commitments and range proofs plain libsecp256k1 does not make.
*/

namespace bts = bitshares;
using test::json_value;

namespace {

struct call
{
    std::string method;
    std::string note;
    json_value params;
    json_value response;

    bool failed() const { return response.contains("error"); }
    json_value const& result() const { return response["result"]; }
};

std::vector<call> const& calls()
{
    static std::vector<call> const all = [] {
        auto const lines =
            bts::testing::read_recording_file(BITSHARES_TESTS_DIR "/recordings/cli_wallet/rpc.jsonl").value();
        std::vector<call> read;
        for (std::size_t begin = 0; begin < lines.size();)
        {
            std::size_t const end = std::min(lines.find('\n', begin), lines.size());
            auto const record = json_value::parse(std::string_view(lines).substr(begin, end - begin));
            auto const request = json_value::parse(record["request"].text());
            read.push_back({record["method"].text(), record["note"].text(), request["params"],
                            json_value::parse(record["response"].text())});
            begin = end + 1;
        }
        return read;
    }();
    return all;
}

template <class Visit>
std::size_t each(std::string const& method, Visit visit)
{
    std::size_t count = 0;
    for (auto const& c : calls())
        if (c.method == method)
        {
            CAPTURE(method);
            CAPTURE(c.params.dump().substr(0, 300));
            visit(c);
            ++count;
        }
    return count;
}

json_value const& index()
{
    static auto const json = json_value::parse_file(BITSHARES_TESTS_DIR "/recordings/cli_wallet/index.json");
    return json;
}

bts::cli_wallet const& wallet()
{
    static auto const read =
        bts::read_cli_wallet(json_value::read_file(BITSHARES_TESTS_DIR "/recordings/cli_wallet/wallet_full.json"),
                             index()["password"].text())
            .value();
    return read;
}

bts::public_key key_of(json_value const& text)
{
    return bts::public_key::from_string(text.text(), "BTS").value();
}

std::string text_of(bts::public_key const& key)
{
    return key.to_string("BTS");
}

std::string wif_of(bts::private_key const& key)
{
    return std::string(key.to_wif().view());
}

bts::account_object account(std::string_view name)
{
    for (auto const& object : wallet().my_accounts)
        if (auto read = bts::from_json<bts::account_object>(object.text).value(); read.name == name)
            return read;
    throw std::runtime_error("the wallet has no account " + std::string(name));
}

std::span<std::uint8_t const> bytes_of(std::string_view text)
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

// cli_wallet does not normalise a phrase that it derives from: the library's two forms do, so the rule stands here.
bts::private_key derive(std::string const& phrase, unsigned sequence)
{
    auto const first = bts::secret_sha512(bytes_of(phrase + " " + std::to_string(sequence)));
    return bts::private_key::from_bytes(bts::secret_sha256(first.span()).span()).value();
}

bts::fee_schedule const& schedule()
{
    static auto const fees = [] {
        for (auto const& c : calls())
            if (c.method == "get_global_properties")
                return bts::from_json<bts::fee_schedule>(c.result()["parameters"]["current_fees"].dump()).value();
        throw std::runtime_error("no get_global_properties");
    }();
    return fees;
}

// Every transaction that cli_wallet signed, wherever it stands in an answer.
std::vector<json_value> signed_transactions()
{
    std::vector<json_value> all;
    auto const take = [&](json_value const& value) {
        if (value.is_object() && value.contains("operations") && value.contains("signatures") &&
            value["signatures"].size() != 0)
            all.push_back(value);
    };
    for (auto const& c : calls())
    {
        if (c.failed() || !(c.response["result"].is_object() || c.response["result"].is_array()))
            continue;
        static std::set<std::string> const signs = {"transfer",
                                                    "sell_asset",
                                                    "sign_builder_transaction",
                                                    "sign_transaction",
                                                    "propose_builder_transaction2",
                                                    "account_store_map",
                                                    "create_account_with_brain_key",
                                                    "broadcast_transaction",
                                                    "transfer_to_blind",
                                                    "blind_transfer",
                                                    "transfer_from_blind"};
        if (!signs.contains(c.method))
            continue;
        take(c.result());
        if (c.result().is_object() && c.result().contains("trx"))
            take(c.result()["trx"]);
        if (c.method == "broadcast_transaction")
            take(c.result()[1]);
    }
    return all;
}

} // namespace

TEST_CASE("wallet/cli_wallet_answers: keys")
{
    CHECK(each("dump_private_keys", [](call const& c) {
              for (auto const& pair : c.result().array())
                  CHECK(wif_of(*wallet().keys.find(key_of(pair[0]))) == pair[1].text());
              CHECK(c.result().size() == 8);
          }) == 1);
    CHECK(each("get_private_key", [](call const& c) {
              CHECK(wif_of(*wallet().keys.find(key_of(c.params[0]))) == c.result().text());
          }) == 1);
    // Whether a key is one of the account's.
    std::size_t refused = 0;
    CHECK(each("import_key", [&](call const& c) {
              auto const key = bts::private_key::from_wif(c.params[1].text());
              CHECK(key.has_value() == !c.failed());
              if (!key)
              {
                  ++refused;
                  return;
              }
              auto const half = key->to_public();
              auto const owner = account(c.params[0].text());
              auto const in = [&](bts::authority const& a) {
                  return std::any_of(a.key_auths.begin(), a.key_auths.end(),
                                     [&](auto const& auth) { return auth.first == half; });
              };
              CHECK((in(owner.owner) || in(owner.active) || owner.options.memo_key == half) == c.result().as_bool());
          }) == 9);
    CHECK(refused == 1);
}

TEST_CASE("wallet/cli_wallet_answers: brain keys")
{
    CHECK(each("normalize_brain_key", [](call const& c) {
              CHECK(bts::normalize_brain_key(c.params[0].text(), bts::brain_key_form::cli_wallet).view() ==
                    c.result().text());
          }) == 4);
    CHECK(each("derive_owner_keys_from_brain_key", [](call const& c) {
              for (std::size_t i = 0; i < c.result().size(); ++i)
              {
                  auto const key = derive(c.params[0].text(), static_cast<unsigned>(i));
                  CHECK(wif_of(key) == c.result()[i]["wif_priv_key"].text());
                  CHECK(text_of(key.to_public()) == c.result()[i]["pub_key"].text());
                  if (bts::normalize_brain_key(c.params[0].text(), bts::brain_key_form::verbatim).view() ==
                      c.params[0].text())
                      CHECK(bts::brain_key(c.params[0].text(), i, bts::brain_key_form::verbatim).value() == key);
              }
              CHECK(c.result().size() == 4);
          }) == 4);
    CHECK(each("suggest_brain_key", [](call const& c) {
              auto const key =
                  bts::brain_key(c.result()["brain_priv_key"].text(), 0, bts::brain_key_form::cli_wallet).value();
              CHECK(wif_of(key) == c.result()["wif_priv_key"].text());
              CHECK(text_of(key.to_public()) == c.result()["pub_key"].text());
          }) == 2);
    CHECK(each("create_account_with_brain_key", [](call const& c) {
              auto const owner = bts::brain_key(c.params[0].text(), 0, bts::brain_key_form::cli_wallet).value();
              auto const active = derive(wif_of(owner), 0);
              auto const memo = derive(wif_of(active), 0);
              auto const& op = c.result()["operations"][0][1];
              CHECK(text_of(owner.to_public()) == op["owner"]["key_auths"][0][0].text());
              CHECK(text_of(active.to_public()) == op["active"]["key_auths"][0][0].text());
              CHECK(text_of(memo.to_public()) == op["options"]["memo_key"].text());
              CHECK(wallet().keys.contains(active.to_public()));
              CHECK(wallet().keys.contains(memo.to_public()));
          }) == 1);
    CHECK(each("create_blind_account", [](call const& c) {
              auto const phrase = bts::normalize_brain_key(c.params[1].text(), bts::brain_key_form::verbatim);
              auto const key = bts::private_key::from_bytes(bts::secret_sha256(bytes_of(phrase.view())).span()).value();
              CHECK(text_of(key.to_public()) == c.result().text());
              CHECK(wallet().keys.contains(key.to_public()));
          }) == 3);
}

TEST_CASE("wallet/cli_wallet_answers: memos")
{
    std::size_t empty = 0;
    CHECK(each("read_memo", [&](call const& c) {
              auto const memo = bts::from_json<bts::memo_data>(c.params[0].dump()).value();
              std::string text;
              for (bts::public_key const* side : {&memo.from, &memo.to})
                  if (auto const* key = wallet().keys.find(*side))
                  {
                      auto const read = bts::decrypt_memo(memo, *key);
                      if (!read)
                          continue;
                      CHECK((text.empty() || text == *read)); // the same from either side
                      text = *read;
                  }
              CHECK(text == c.result().text()); // cli_wallet says nothing where it cannot read
              empty += text.empty() ? 1u : 0u;
          }) == 206);
    CHECK(empty == 21); // clear ones, damaged ones, and those without a text
    CHECK(each("sign_memo", [](call const& c) {
              auto const memo = bts::from_json<bts::memo_data>(c.result().dump()).value();
              auto const* const from = wallet().keys.find(memo.from);
              REQUIRE(from != nullptr);
              auto const again = bts::encrypt_memo(*from, memo.to, c.params[2].text(), memo.nonce).value();
              CHECK(again == memo);
          }) == 4);
}

TEST_CASE("wallet/cli_wallet_answers: transactions' bytes, ids and signatures")
{
    CHECK(each("serialize_transaction", [](call const& c) {
              auto const tx = bts::from_json<bts::signed_transaction>(c.params[0].dump()).value();
              CHECK(bts::to_hex(bts::pack(tx).value()) == c.result().text());
          }) == 1);
    auto const id_of = [](json_value const& json) {
        auto const tx = bts::from_json<bts::signed_transaction>(json.dump()).value();
        return bts::to_hex(bts::id_of(tx).value().data);
    };
    CHECK(each("get_transaction_id", [&](call const& c) { CHECK(id_of(c.params[0]) == c.result().text()); }) == 1);
    CHECK(each("broadcast_transaction", [&](call const& c) {
              if (c.failed()) // a duplicate: the message names it
                  CHECK(c.response["error"]["message"].text().find(id_of(c.params[0])) != std::string::npos);
              else
                  CHECK(id_of(c.params[0]) == c.result()[0].text());
          }) == 2);
    CHECK(each("get_transaction_signers", [](call const& c) {
              auto const tx = bts::from_json<bts::signed_transaction>(c.params[0].dump()).value();
              auto const digest = bts::signing_digest(tx, wallet().chain_id).value();
              std::set<std::string> signers, expected;
              for (auto const& s : tx.signatures)
                  signers.insert(text_of(bts::recover(digest, s).value()));
              for (auto const& key : c.result().array())
                  expected.insert(key.text());
              CHECK(signers == expected);
          }) == 1);

    // cli_wallet signs deterministically: the same key gives the same bytes.
    std::size_t transactions = 0, signatures = 0;
    for (auto const& json : signed_transactions())
    {
        auto const tx = bts::from_json<bts::signed_transaction>(json.dump()).value();
        auto const digest = bts::signing_digest(tx, wallet().chain_id).value();
        for (auto const& s : tx.signatures)
        {
            auto const half = bts::recover(digest, s).value();
            CHECK(wallet().keys.sign(half, digest).value() == s);
            ++signatures;
        }
        ++transactions;
    }
    CHECK(transactions == 25);
    CHECK(signatures == 28);
}

TEST_CASE("wallet/cli_wallet_answers: fees")
{
    std::size_t core = 0;
    for (auto const& json : signed_transactions())
    {
        auto const tx = bts::from_json<bts::signed_transaction>(json.dump()).value();
        for (auto const& op : tx.operations)
        {
            CAPTURE(bts::to_json(op));
            auto const fee = op.fee();
            auto const required = bts::required_fee(op, schedule());
            REQUIRE_MESSAGE(required.has_value(), required.error().message());
            CHECK(fee == *required);
            ++core;
        }
    }
    CHECK(core >= 20);
    // Of the builder: both transfers in the core asset; one in another, at the rate that get_asset told.
    std::size_t sums = 0;
    each("set_fees_on_builder_transaction", [&](call const& c) {
        bts::operation const op = bts::transfer{};
        if (c.params[1].text() == "BTS")
            CHECK(std::to_string(2 * bts::required_fee(op, schedule()).value().amount) == c.result()["amount"].text());
        else
        {
            bts::price rate;
            each("get_asset", [&](call const& asset) {
                rate = bts::from_json<bts::price>(asset.result()["options"]["core_exchange_rate"].dump()).value();
            });
            auto const fee = bts::required_fee(op, schedule(), rate).value();
            CHECK(std::to_string(fee.amount) == c.result()["amount"].text());
            CHECK(fee.asset_id.to_string() == c.result()["asset_id"].text());
        }
        ++sums;
    });
    CHECK(sums == 2);
}

TEST_CASE("wallet/cli_wallet_answers: signed messages")
{
    auto const digest_of = [](std::string const& message, std::string const& account, std::string const& key,
                              std::string const& block, std::string const& time) {
        return bts::sha256(bytes_of(message + "\naccount=" + account + "\nmemokey=" + key + "\nblock=" + block +
                                    "\ntimestamp=" + time));
    };
    auto const signature_of = [](json_value const& hex) {
        bts::signature s;
        auto const data = bts::from_hex(hex.text()).value();
        REQUIRE(data.size() == s.data.size());
        std::copy(data.begin(), data.end(), s.data.begin());
        return s;
    };
    CHECK(each("sign_message", [&](call const& c) {
              auto const& meta = c.result()["meta"];
              auto const digest = digest_of(c.params[1].text(), meta["account"].text(), meta["memo_key"].text(),
                                            meta["block"].text(), meta["time"].text());
              CHECK(wallet().keys.sign(key_of(meta["memo_key"]), digest).value() ==
                    signature_of(c.result()["signature"]));
          }) == 3);
    CHECK(each("verify_message", [&](call const& c) {
              auto const key = account(c.params[1].text()).options.memo_key;
              auto const digest = digest_of(c.params[0].text(), c.params[1].text(), text_of(key), c.params[2].text(),
                                            c.params[3].text());
              auto const signer = bts::recover(digest, signature_of(c.params[4]));
              CHECK((signer && *signer == key) == c.result().as_bool());
          }) == 6);
}
