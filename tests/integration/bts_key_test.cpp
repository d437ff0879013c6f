// bts key and bts memo: keys and memos of the vectors, through the program.

#include <bitshares/crypto/memo.hpp>
#include <bitshares/protocol/json.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>
#include <support/vectors.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace bts = bitshares;
using support::process;
using test::json_value;

namespace {

struct outcome
{
    std::vector<json_value> answers;
    std::string output;
    int exit_code = -1;
};

outcome run(std::vector<std::string> arguments, std::string const& input)
{
    arguments.insert(arguments.begin(), BITSHARES_PROGRAMS_DIR "/bts");
    process program(arguments);
    outcome result;
    result.output = program.communicate(input);
    result.exit_code = program.wait();
    for (std::size_t begin = 0; begin < result.output.size();)
    {
        std::size_t const end = result.output.find('\n', begin);
        REQUIRE(end != std::string::npos);
        result.answers.push_back(json_value::parse(std::string_view(result.output).substr(begin, end - begin)));
        begin = end + 1;
    }
    return result;
}

/// `{"name":"value",...}` of names and values in turn; values that begin with `=` are JSON.
std::string line(std::initializer_list<std::string> parts)
{
    std::string text = "{";
    for (auto at = parts.begin(); at != parts.end(); at += 2)
    {
        if (text.size() > 1)
            text += ',';
        text += bts::json_quote(*at) + ':';
        text += (at + 1)->starts_with('=') ? (at + 1)->substr(1) : bts::json_quote(*(at + 1));
    }
    return text + "}\n";
}

/// Code and path of each answer; "" of what is no error.
std::vector<std::string> said(outcome const& o)
{
    std::vector<std::string> all;
    for (auto const& a : o.answers)
    {
        auto const* const error = a.find("error");
        all.push_back(error ? (*error)["code"].text() + ' ' + (*error)["path"].text() : "");
    }
    return all;
}

std::vector<json_value> const& keys(char const* list)
{
    return vectors::file("keys.json")[list].array();
}

} // namespace

TEST_CASE("examples/bts: key tells every key of the vectors from its WIF, its number and its public key")
{
    auto const& cases = keys("private_keys");
    for (std::string const prefix : {"BTS", "TEST"})
        for (bool const show : {false, true})
        {
            std::string input;
            for (auto const& c : cases)
                input += line({"wif", c["wif"].text()}) + line({"private_hex", c["private_hex"].text()}) +
                         line({"public_key", c[prefix == "BTS" ? "public_bts" : "public_test"].text()});
            std::vector<std::string> arguments{"key", "--prefix", prefix};
            if (show)
                arguments.push_back("--show-private");
            auto const result = run(arguments, input);
            CHECK(result.exit_code == 0);
            REQUIRE(result.answers.size() == 3 * cases.size());
            for (std::size_t i = 0; i < result.answers.size(); ++i)
            {
                auto const& c = cases[i / 3];
                auto const& a = result.answers[i];
                CAPTURE(c["id"].text());
                CHECK(a["public_key"].text() == c[prefix == "BTS" ? "public_bts" : "public_test"].text());
                CHECK(a["public_key_hex"].text() == c["public_hex"].text());
                CHECK(a["addresses"][0].text() == c[prefix == "BTS" ? "address_bts" : "address_test"].text());
                std::set<std::string> found;
                for (auto const& address : a["addresses"].array())
                    found.insert(address.text());
                CHECK(found.size() == 5);
                for (auto const& [name, address] : c["legacy_addresses_bts"].object())
                    CHECK((prefix != "BTS" || found.contains(address.text())));
                // A private key is printed where it is asked for and known, and never else.
                bool const printed = show && i % 3 != 2;
                CHECK(a.contains("wif") == printed);
                if (printed)
                    CHECK(a["wif"].text() == c["wif"].text());
                CHECK(a.size() == (printed ? 4 : 3));
            }
            if (!show)
                for (auto const& c : cases)
                {
                    CHECK(result.output.find(c["wif"].text()) == std::string::npos);
                    CHECK(result.output.find(c["private_hex"].text()) == std::string::npos);
                }
        }
}

TEST_CASE("examples/bts: key derives brain keys in every form, and keys of passwords")
{
    std::string input;
    std::vector<std::string> expected;
    for (auto const& c : keys("brain_keys"))
    {
        input += line({"brain_key", c["brain_key"].text(), "sequence", "=" + c["sequence"].text(), "form", "verbatim"});
        expected.push_back(c["wif"].text());
        input +=
            line({"brain_key", c["brain_key"].text(), "sequence", "=" + c["sequence"].text(), "form", "cli_wallet"});
        expected.push_back(c["core_wallet"]["wif"].text());
    }
    for (auto const& c : keys("brain_keys_disputed")) // core decides
    {
        input +=
            line({"brain_key", c["brain_key"].text(), "sequence", "=" + c["sequence"].text(), "form", "cli_wallet"});
        expected.push_back(c["core_wallet"]["wif"].text());
    }
    input += line({"brain_key", "  Brain   KEY one\ttwo three ", "sequence", "=0", "form", "exact"});
    expected.push_back("5KTra1e4vDZPMfnZ7md1xWTydSTHNErybvpk9xNTUHqwviXt4Dc"); // said by a real cli_wallet
    for (auto const& c : keys("password_keys"))
    {
        input += line({"account", c["account"].text(), "role", c["role"].text(), "password", c["password"].text()});
        expected.push_back(c["wif"].text());
    }
    auto const result = run({"key", "--show-private"}, input);
    CHECK(result.exit_code == 0);
    REQUIRE(result.answers.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
    {
        CAPTURE(i);
        REQUIRE(result.answers[i].contains("wif"));
        CHECK(result.answers[i]["wif"].text() == expected[i]);
    }
}

TEST_CASE("examples/bts: key says what is wrong with a line and where, without a word of it")
{
    std::string const wif = "5JjQbkyeRbai4BttJ4GS68E7S9F5jh4vNu51Wo1n2sy5kP6WYVS";
    struct
    {
        std::string input, expected;
    } const lines[] = {
        {"{}\n", "missing_member "},
        {"{\"wif\":\"" + wif + "\n", "invalid_json "},
        {line({"wif", wif.substr(1)}), "invalid_checksum /wif"},
        {line({"wif", wif, "public_key", "x"}), "unknown_member /public_key"},
        {line({"wif", wif, "private_hex", wif}), "unknown_member /private_hex"},
        {line({"wif", wif, "sequence", "=1"}), "unknown_member /sequence"},
        {line({"wif", wif, "account", "alice"}), "unknown_member /account"},
        {line({"wif", wif, "more", "x"}), "unknown_member /more"},
        {line({"wif", "=" + std::to_string(7)}), "wrong_type /wif"},
        {line({"private_hex", wif}), "invalid_hex /private_hex"},
        {line({"private_hex", std::string(64, '0')}), "invalid_private_key /private_hex"},
        {line({"private_hex", std::string(64, 'f')}), "invalid_private_key /private_hex"},
        {line({"public_key", wif}), "wrong_key_prefix /public_key"},
        {line({"public_key", "BTS" + wif}), "invalid_checksum /public_key"},
        {line({"public_key", "BTS1111111111111111111111111111111114T1Anm"}), "invalid_public_key /public_key"},
        {line({"brain_key", wif}), "missing_member /sequence"},
        {line({"brain_key", wif, "sequence", "=0"}), "missing_member /form"},
        {line({"brain_key", wif, "sequence", "=-1", "form", "exact"}), "value_out_of_range /sequence"},
        {line({"brain_key", "x", "sequence", wif, "form", "exact"}), "wrong_type /sequence"},
        {line({"brain_key", wif, "sequence", "=0", "form", wif}), "wrong_type /form"},
        {line({"brain_key", " \t\n", "sequence", "=0", "form", "exact"}), "empty_brain_key /brain_key"},
        {line({"account", "alice", "role", "active"}), "missing_member /password"},
        {line({"account", "alice", "password", wif}), "missing_member /role"},
        {line({"role", "active", "password", wif}), "missing_member /account"},
        {line({"account", "alice", "role", "active", "password", ""}), "empty_password /password"},
    };
    std::string input;
    std::vector<std::string> expected;
    for (auto const& l : lines)
    {
        input += l.input;
        expected.push_back(l.expected);
    }
    input += line({"wif", wif}); // the lines behind are processed
    expected.push_back("");
    auto const result = run({"key"}, input);
    CHECK(result.exit_code == 1);
    auto const errors = said(result);
    REQUIRE(errors.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
    {
        CAPTURE(i);
        CHECK(errors[i] == expected[i]);
    }
    CHECK(result.output.find(wif.substr(1)) == std::string::npos);

    for (char const* list : {"wif_invalid", "public_key_invalid"})
    {
        input.clear();
        for (auto const& c : keys(list))
            input += line({list[0] == 'w' ? "wif" : "public_key", c["text"].text()});
        auto const invalid = run({"key"}, input);
        CHECK(invalid.exit_code == 1);
        CHECK(invalid.answers.size() == keys(list).size());
        for (auto const& a : invalid.answers)
            CHECK(a.contains("error"));
    }
}

TEST_CASE("examples/bts: memo encrypts and decrypts every memo of the vectors, from both sides")
{
    auto const& file = vectors::file("memo.json");
    std::string to_encrypt;
    std::vector<std::string> cipher, text;
    std::vector<std::vector<std::string>> readers;
    for (auto const& c : file["cases"].array())
    {
        to_encrypt += line({"from_wif", c["from_wif"].text(), "to_public_key", c["to_public_bts"].text(), "nonce",
                            c["nonce"].text(), "text", c["text"].text()});
        cipher.push_back(c["ciphertext_hex"].text());
        text.push_back(c["text"].text());
        readers.push_back({c["from_wif"].text(), c["to_wif"].text()});
    }
    auto const encrypted = run({"memo", "encrypt"}, to_encrypt);
    CHECK(encrypted.exit_code == 0);
    REQUIRE(encrypted.answers.size() == cipher.size());
    std::string to_decrypt;
    for (std::size_t i = 0; i < cipher.size(); ++i)
    {
        auto const& a = encrypted.answers[i];
        CHECK(a["message"].text() == cipher[i]);
        CHECK(a["from"].text() == file["cases"][i]["from_public_bts"].text());
        CHECK(a["to"].text() == file["cases"][i]["to_public_bts"].text());
        CHECK(a["nonce"].text() == file["cases"][i]["nonce"].text());
        CHECK(a.size() == 4);
        for (auto const& wif : readers[i])
            to_decrypt += line({"wif", wif, "memo", "=" + a.dump()});
    }
    auto const decrypted = run({"memo", "decrypt"}, to_decrypt);
    CHECK(decrypted.exit_code == 0);
    REQUIRE(decrypted.answers.size() == 2 * text.size());
    for (std::size_t i = 0; i < decrypted.answers.size(); ++i)
    {
        CHECK(decrypted.answers[i]["text"].text() == text[i / 2]);
        CHECK(decrypted.answers[i].size() == 1);
    }
}

TEST_CASE("examples/bts: memo tells damage, wrong keys and texts in clear apart")
{
    std::string input;
    std::vector<std::string> expected;
    auto const key = bts::private_key::generate();
    for (auto const& c : vectors::file("memo.json")["must_fail"].array())
    {
        auto const own = bts::private_key::from_wif(c["wif"].text()).value();
        std::string memo = line({"from", c["public_bts"].text(), "to", own.to_public().to_string("BTS"), "nonce",
                                 c["nonce"].text(), "message", c["ciphertext_hex"].text()});
        memo.pop_back();
        input += line({"wif", c["wif"].text(), "memo", "=" + memo});
        std::string const strict = c["strict_failure"].text();
        expected.push_back((strict == "padding"    ? "invalid_padding"
                            : strict == "length"   ? "invalid_cipher_size"
                            : strict == "checksum" ? "invalid_checksum"
                                                   : "memo_too_short") +
                           std::string(" /memo"));
    }
    auto const& c = vectors::file("memo.json")["cases"][3];
    std::string const memo = "={\"from\":\"" + c["from_public_bts"].text() + "\",\"to\":\"" +
                             c["to_public_bts"].text() + "\",\"nonce\":\"" + c["nonce"].text() + "\",\"message\":\"" +
                             c["ciphertext_hex"].text() + "\"}";
    input += line({"wif", std::string(key.to_wif().view()), "memo", memo});
    expected.push_back("wrong_memo_key /wif");
    input += line({"wif", c["to_wif"].text(), "memo", memo});
    expected.push_back("");
    auto const& clear = vectors::file("memo.json")["core_only"][0];
    input += line({"wif", c["to_wif"].text(), "memo",
                   "={\"from\":\"" + clear["from"].text() + "\",\"to\":\"" + clear["to"].text() +
                       "\",\"nonce\":0,\"message\":\"" + clear["message_hex"].text() + "\"}"});
    expected.push_back("");
    auto const result = run({"memo", "decrypt"}, input);
    CHECK(result.exit_code == 1);
    CHECK(said(result) == expected);
    CHECK(result.answers.back()["text"].text() == clear["text"].text());

    auto const refused =
        run({"memo", "encrypt"},
            line({"from_wif", "5J", "to_public_key", "x", "nonce", "=1", "text", ""}) +
                line({"from_wif", c["to_wif"].text(), "to_public_key", "BTS1111111111111111111111111111111114T1Anm",
                      "nonce", "=1", "text", ""}) +
                line({"from_wif", c["to_wif"].text(), "to_public_key", c["to_public_bts"].text(), "nonce",
                      "18446744073709551616", "text", ""}) +
                line({"from_wif", c["to_wif"].text(), "to_public_key", c["to_public_bts"].text(), "text", ""}));
    CHECK(refused.exit_code == 1);
    CHECK(said(refused) == std::vector<std::string>{"invalid_base58 /from_wif", "invalid_public_key /to_public_key",
                                                    "value_out_of_range /nonce", "missing_member /nonce"});
}

TEST_CASE("examples/bts: a memo that is not UTF-8 loses nothing")
{
    auto const from = bts::private_key::generate();
    auto const to = bts::private_key::generate();
    auto const memo = bts::encrypt_memo(from, to.to_public(), "a\xff\x01z", 1).value();
    auto const result =
        run({"memo", "decrypt"}, line({"wif", std::string(to.to_wif().view()), "memo", "=" + bts::to_json(memo)}));
    REQUIRE(result.answers.size() == 1);
    CHECK(result.answers[0]["text_hex"].text() == "61ff017a");
    CHECK(result.answers[0]["text"].text() == "a\xef\xbf\xbd\x01z");
}
