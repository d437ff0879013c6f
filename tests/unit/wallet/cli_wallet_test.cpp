#include "support/vectors.hpp"

#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/testing/recording.hpp>
#include <bitshares/wallet/cli_wallet.hpp>

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

namespace bts = bitshares;
using bts::errc;
using test::json_value;

namespace {

bool ok(auto const& result)
{
    return result.has_value();
}

std::string recorded(std::string const& name)
{
    return json_value::read_file(BITSHARES_TESTS_DIR "/recordings/cli_wallet/" + name);
}

std::string const& password()
{
    static std::string const text = json_value::parse(recorded("index.json"))["password"].text();
    return text;
}

errc code_of(auto const& result)
{
    REQUIRE(!result);
    return static_cast<errc>(result.error().code().value());
}

// Public key -> WIF.
std::map<std::string, std::string> keys_of(bts::cli_wallet const& wallet)
{
    std::map<std::string, std::string> keys;
    for (auto const& entry : wallet.keys.entries())
        keys[entry.key.to_string("BTS")] = std::string(wallet.keys.find(entry.key)->to_wif().view());
    return keys;
}

// What cli_wallet's `dump_private_keys` said of wallet_keys.json.
std::map<std::string, std::string> dumped_keys()
{
    std::map<std::string, std::string> keys;
    auto const lines =
        bts::testing::read_recording_file(BITSHARES_TESTS_DIR "/recordings/cli_wallet/rpc.jsonl").value();
    for (std::size_t begin = 0; begin < lines.size();)
    {
        std::size_t const end = std::min(lines.find('\n', begin), lines.size());
        auto const record = json_value::parse(std::string_view(lines).substr(begin, end - begin));
        if (record["method"].text() == "dump_private_keys")
        {
            auto const response = json_value::parse(record["response"].text());
            for (auto const& pair : response["result"].array())
                keys[pair[0].text()] = pair[1].text();
        }
        begin = end + 1;
    }
    return keys;
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    std::size_t const at = text.find(from);
    REQUIRE(at != text.npos);
    return text.replace(at, from.size(), to);
}

std::string cipher_of(std::string const& file)
{
    return json_value::parse(file)["cipher_keys"].text();
}

constexpr std::array recorded_wallets = {"wallet_empty.json", "wallet_keys.json", "wallet_brain.json",
                                         "wallet_full.json"};

} // namespace

TEST_CASE("wallet/cli_wallet: the real cli_wallet's files open with its password and hold its keys")
{
    auto const dumped = dumped_keys();
    CHECK(dumped.size() == 8);
    std::map<std::string, std::size_t> counts;
    std::map<std::string, std::string> keys;
    for (std::string const name : recorded_wallets)
    {
        CAPTURE(name);
        auto const file = recorded(name);
        auto const wallet = bts::read_cli_wallet(file, password());
        REQUIRE_MESSAGE(wallet.has_value(), wallet.error().message());
        counts[name] = wallet->keys.size();
        CHECK(bts::to_hex(wallet->chain_id.data) == json_value::parse(file)["chain_id"].text());
        CHECK(wallet->my_accounts.size() == json_value::parse(file)["my_accounts"].size());
        if (name == "wallet_keys.json")
            CHECK(keys_of(*wallet) == dumped);
        if (name == "wallet_empty.json")
            continue;
        keys = keys_of(*wallet);
        for (auto const& [half, wif] : dumped)
            CHECK(keys[half] == wif);
        // Every key that the file says was imported is there.
        auto const json = json_value::parse(file);
        for (auto const& pair : json["extra_keys"].array())
            for (auto const& half : pair[1].array())
                CHECK(keys.contains(half.text()));
    }
    CHECK(counts ==
          std::map<std::string, std::size_t>{
              {"wallet_empty.json", 0}, {"wallet_keys.json", 8}, {"wallet_brain.json", 10}, {"wallet_full.json", 19}});
}

TEST_CASE("wallet/cli_wallet: keys are labelled by the wallet's labels, or by the account they were imported for")
{
    auto const wallet = bts::read_cli_wallet(recorded("wallet_full.json"), password()).value();
    std::map<std::string, std::string> labels;
    for (auto const& entry : wallet.keys.entries())
        labels[entry.key.to_string("BTS")] = entry.label;
    CHECK(labels["BTS7hqC8pQZZGJWyuVk2qQPEMELfJQAmeBQznxyKqnnBudAaM2u9x"] == "exporter-alice");
    CHECK(labels["BTS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV"] == "nathan");
    CHECK(labels["BTS7CvmTAbAViyLZeoPbwhbe2D9cktcBwRmMw8Yy14k2t8WfPkjHx"] == "alice-blind");
    CHECK(labels["BTS7nSaGGs1qyMpgqPay52poMrQF9rKjV9cQHv6f95dH2RqF9ra7A"] == "carol-blind");
}

TEST_CASE("wallet/cli_wallet: a wallet that is written has the bytes that cli_wallet wrote")
{
    for (std::string const name : recorded_wallets)
    {
        CAPTURE(name);
        auto const file = recorded(name);
        auto const wallet = bts::read_cli_wallet(file, password()).value();
        auto const written = bts::write_cli_wallet(wallet, password()).value();
        CHECK(cipher_of(written) == cipher_of(file));
        CHECK(json_value::parse(written) == json_value::parse(file));
        auto const again = bts::read_cli_wallet(written, password()).value();
        CHECK(again.keys.entries() == wallet.keys.entries());
        // Another password: the same wallet.
        auto const other = bts::write_cli_wallet(wallet, "an other ä").value();
        CHECK(code_of(bts::read_cli_wallet(other, password())) == errc::wrong_passphrase);
        CHECK(keys_of(bts::read_cli_wallet(other, "an other ä").value()) == keys_of(wallet));
    }
    CHECK(code_of(bts::write_cli_wallet(bts::cli_wallet(), "")) == errc::empty_password);
    CHECK(bts::read_cli_wallet(bts::write_cli_wallet(bts::cli_wallet(), "x").value(), "x").value().keys.empty());
}

TEST_CASE("wallet/cli_wallet: the core's own example of encrypted keys")
{
    std::string plain, cipher;
    for (auto const& line : vectors::file("crypto.json")["lines_fees_keys_wallet_stealth"].array())
    {
        if (line.text().starts_with("plain_keys "))
            plain = line.text().substr(11);
        if (line.text().starts_with("cipher "))
            cipher = line.text().substr(7);
    }
    std::string const file = "{\"cipher_keys\":\"" + cipher + "\"}";
    auto const wallet = bts::read_cli_wallet(file, "pass").value();
    CHECK(wallet.keys.size() == 2);
    CHECK(cipher_of(bts::write_cli_wallet(wallet, "pass").value()) == cipher);
    std::string const word = "pass";
    auto const key = bts::secret_sha512(std::span(reinterpret_cast<std::uint8_t const*>(word.data()), word.size()));
    CHECK(bts::to_hex(bts::aes_encrypt(key, bts::from_hex(plain).value())) == cipher);
    for (std::string const name : {"k0", "k1"}) // the private key of name X is sha256(X)
        CHECK(wallet.keys.contains(
            bts::private_key::from_bytes(
                bts::sha256(std::span(reinterpret_cast<std::uint8_t const*>(name.data()), name.size())).data)
                .value()
                .to_public()));
}

TEST_CASE("wallet/cli_wallet: a wrong password is said to be one")
{
    for (std::string const name : recorded_wallets)
    {
        auto const file = recorded(name);
        for (std::string const wrong : {"", "supersecret-A", "supersecret-A1 ", "Supersecret-A1", "x"})
            CHECK(code_of(bts::read_cli_wallet(file, wrong)) == errc::wrong_passphrase);
        for (int i = 0; i < 1000; ++i) // padding fits by chance once in 256 times
            CHECK(code_of(bts::read_cli_wallet(file, "guess " + std::to_string(i))) == errc::wrong_passphrase);
    }
}

TEST_CASE("wallet/cli_wallet: encrypted bytes that were changed are told from a wrong password")
{
    for (std::string const name : {"wallet_empty.json", "wallet_keys.json"})
    {
        auto const file = recorded(name);
        auto const cipher = cipher_of(file);
        for (std::size_t at = 0; at < cipher.size(); ++at)
        {
            CAPTURE(at);
            auto changed = cipher;
            changed[at] = changed[at] == '0' ? '1' : '0';
            CHECK(code_of(bts::read_cli_wallet(replaced(file, cipher, changed), password())) == errc::wallet_tampered);
        }
    }
}

TEST_CASE("wallet/cli_wallet: the keys in front tell that the password is right where the whole end was changed")
{
    auto const file = recorded("wallet_keys.json");
    auto const cipher = cipher_of(file);
    auto changed = cipher;
    for (std::size_t at = cipher.size() - 2 * 96; at < cipher.size(); ++at)
        changed[at] = changed[at] == '0' ? '1' : '0';
    CHECK(code_of(bts::read_cli_wallet(replaced(file, cipher, changed), password())) == errc::wallet_tampered);
}

TEST_CASE("wallet/cli_wallet: encrypted bytes that end early are told from a wrong password")
{
    for (std::string const name : recorded_wallets)
    {
        auto const file = recorded(name);
        auto const cipher = cipher_of(file);
        for (std::size_t size = 2; size < cipher.size(); size += 2)
        {
            CAPTURE(size);
            CHECK(code_of(bts::read_cli_wallet(replaced(file, cipher, cipher.substr(0, size)), password())) ==
                  errc::wallet_truncated);
        }
        CHECK(code_of(bts::read_cli_wallet(replaced(file, cipher, cipher.substr(1)), password())) == errc::invalid_hex);
    }
}

TEST_CASE("wallet/cli_wallet: a file that was cut anywhere is said to be so")
{
    std::string file = recorded("wallet_keys.json");
    file.erase(file.find_last_not_of(" \n\r\t") + 1); // what follows is not missed
    for (std::size_t size = 0; size < file.size(); size += size < 500 || size > 7300 ? 1 : 37)
    {
        CAPTURE(size);
        CHECK(code_of(bts::read_cli_wallet(std::string_view(file).substr(0, size), password())) ==
              errc::wallet_truncated);
    }
    std::string const escapes = R"({"ws_user":"a\u00e9\ud83d\ude00b")";
    for (std::size_t size = 0; size < escapes.size(); ++size)
        CHECK(code_of(bts::read_cli_wallet(escapes.substr(0, size), "x")) == errc::wallet_truncated);
}

TEST_CASE("wallet/cli_wallet: other JSON is no wallet, and limits hold")
{
    for (std::string const text : {"{}", "[]", "17", "null", R"({"wallet":[]})", R"({"cipher_keys":""})"})
        CHECK(code_of(bts::read_cli_wallet(text, "x")) == errc::not_a_wallet);
    CHECK(code_of(bts::read_cli_wallet("{]", "x")) == errc::invalid_json);
    CHECK(code_of(bts::read_cli_wallet(R"({"cipher_keys":"xy"})", "x")) == errc::invalid_hex);
    CHECK(code_of(bts::read_cli_wallet(R"({"cipher_keys":[]})", "x")) == errc::wrong_type);

    auto const file = recorded("wallet_keys.json");
    CHECK(code_of(bts::read_cli_wallet(file, password(), {.max_file_bytes = file.size() - 1})) == errc::size_limit);
    CHECK(ok(bts::read_cli_wallet(file, password(), {.max_file_bytes = file.size()})));
    CHECK(code_of(bts::read_cli_wallet(file, password(), {.max_keys = 7})) == errc::element_limit);
    CHECK(ok(bts::read_cli_wallet(file, password(), {.max_keys = 8})));
    CHECK(code_of(bts::read_cli_wallet(file, password(), {.key_prefix = "TEST"})) == errc::wrong_key_prefix);
}

TEST_CASE("wallet/cli_wallet: keys of another network keep its prefix")
{
    bts::cli_wallet wallet;
    auto const half = wallet.keys.add(bts::private_key::generate()).value();
    wallet.labeled_keys.push_back({"mine", half});
    wallet.extra_keys = {{bts::account_id{7}, {half}}};
    bts::cli_wallet_options const testnet{.key_prefix = "TEST"};
    auto const file = bts::write_cli_wallet(wallet, "x", testnet).value();
    CHECK(file.find("\"" + half.to_string("TEST") + "\"") != file.npos);
    auto const read = bts::read_cli_wallet(file, "x", testnet).value();
    CHECK(read.keys.entries() == std::vector<bts::keyring_entry>{{half, "mine"}});
    CHECK(read.labeled_keys == wallet.labeled_keys);
    CHECK(read.extra_keys == wallet.extra_keys);
}
