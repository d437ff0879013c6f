#include "support/both_forms.hpp"
#include "support/vectors.hpp"

#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/secp256k1.hpp>
#include <bitshares/crypto/secret_hash.hpp>

#include <doctest/doctest.h>

#include <set>

namespace bts = bitshares;
using bts::memo_data;
using bts::private_key;
using bts::public_key;

namespace {

private_key key_of(test::json_value const& hex)
{
    return private_key::from_bytes(vectors::bytes_of(hex)).value();
}

public_key public_of(test::json_value const& text)
{
    return public_key::from_string(text.text(), "BTS").value();
}

std::string decrypted(memo_data const& memo, private_key const& key)
{
    auto const text = bts::decrypt_memo(memo, key);
    return text ? "text " + *text : test::said(text.error());
}

private_key number(std::uint8_t n)
{
    std::vector<std::uint8_t> data(32);
    data.back() = n;
    return private_key::from_bytes(data).value();
}

std::span<std::uint8_t const> bytes_of(std::string_view text)
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

// As old JavaScript clients encrypted: the shared number without its leading zero bytes.
memo_data legacy_memo(private_key const& from, private_key const& to, std::string_view text, std::uint64_t nonce,
                      std::size_t zeros)
{
    secp256k1_pubkey point;
    REQUIRE(bts::detail::read_point(to.to_public(), point));
    bts::secret<32> x;
    REQUIRE(bts::detail::multiply(point, from.view(), x));
    for (std::size_t i = 0; i < zeros; ++i)
        REQUIRE(x.data()[i] == 0);
    std::string const hex = bts::to_hex(bts::sha512(x.span().subspan(zeros)).data);
    auto const key = bts::secret_sha512(bytes_of(std::to_string(nonce)), bytes_of(hex));
    auto const checksum = bts::sha256(bytes_of(text));
    bts::bytes plain(checksum.data.begin(), checksum.data.begin() + 4);
    plain.insert(plain.end(), text.begin(), text.end());
    return {from.to_public(), to.to_public(), nonce, bts::aes_encrypt(key, plain)};
}

} // namespace

TEST_CASE("crypto/memo: every memo of the vectors, written and read from both sides")
{
    auto const& cases = vectors::file("memo.json")["cases"].array();
    REQUIRE(cases.size() == 25);
    for (auto const& c : cases)
    {
        CAPTURE(c["id"].text());
        auto const from = key_of(c["from_private_hex"]);
        auto const to = key_of(c["to_private_hex"]);
        auto const memo =
            bts::encrypt_memo(from, public_of(c["to_public_bts"]), c["text"].text(), c["nonce"].as_uint()).value();
        CHECK(memo.from == public_of(c["from_public_bts"]));
        CHECK(memo.to == to.to_public());
        CHECK(bts::to_hex(memo.message) == c["ciphertext_hex"].text());
        CHECK(decrypted(memo, from) == "text " + c["text"].text());
        CHECK(decrypted(memo, to) == "text " + c["text"].text());
        CHECK(bts::to_hex(bytes_of(c["text"].text())) == c["text_hex"].text());
    }
}

TEST_CASE("crypto/memo: where libraries differ, text is UTF-8, as the core encrypts it")
{
    for (auto const& c : vectors::file("memo.json")["disputed"].array())
    {
        CAPTURE(c["id"].text());
        REQUIRE(c["right"].text() == "python");
        auto const from = key_of(c["from_private_hex"]);
        auto const memo =
            bts::encrypt_memo(from, public_of(c["to_public_bts"]), c["text"].text(), c["nonce"].as_uint()).value();
        CHECK(bts::to_hex(memo.message) == c["python_hex"].text());
        CHECK(decrypted(memo, from) == "text " + c["text"].text());
    }
}

TEST_CASE("crypto/memo: damaged memos and wrong keys, and what is wrong")
{
    std::set<std::string> seen;
    auto const& cases = vectors::file("memo.json")["must_fail"].array();
    REQUIRE(cases.size() == 23);
    for (auto const& c : cases)
    {
        CAPTURE(c["id"].text());
        CAPTURE(c["reason"].text());
        auto const own = key_of(c["private_hex"]);
        memo_data const memo{public_of(c["public_bts"]), own.to_public(), c["nonce"].as_uint(),
                             vectors::bytes_of(c["ciphertext_hex"])};
        std::string const strict = c["strict_failure"].text();
        std::string const expected = strict == "padding"    ? "invalid_padding"
                                     : strict == "length"   ? "invalid_cipher_size"
                                     : strict == "checksum" ? "invalid_checksum"
                                     : strict == "short"    ? "memo_too_short"
                                                            : "?";
        CHECK(decrypted(memo, own) == expected);
        seen.insert(expected);
    }
    CHECK(seen.size() == 4);

    auto const memo = bts::encrypt_memo(number(3), number(4).to_public(), "text", 1).value();
    CHECK(decrypted(memo, number(5)) == "wrong_memo_key");
    memo_data no_point = memo;
    no_point.to = public_key();
    CHECK(decrypted(no_point, number(3)) == "invalid_public_key");
    CHECK(test::said(bts::encrypt_memo(number(3), public_key(), "text", 1).error()) == "invalid_public_key");
}

TEST_CASE("crypto/memo: memos in clear")
{
    auto const& c = vectors::file("memo.json")["core_only"][0];
    auto const memo = bts::clear_memo(c["text"].text());
    CHECK(bts::is_clear(memo));
    CHECK(memo.from.to_string("BTS") == c["from"].text());
    CHECK(memo.to.to_string("BTS") == c["to"].text());
    CHECK(memo.nonce == 0);
    CHECK(bts::to_hex(memo.message) == c["message_hex"].text());
    CHECK(bts::read_clear_memo(memo).value() == c["text"].text());
    CHECK(decrypted(memo, number(1)) == "text " + c["text"].text());

    bool found = false;
    for (auto const& line : vectors::file("crypto.json")["lines_fees_keys_wallet_stealth"].array())
        if (line.text().starts_with("unencrypted memo: "))
        {
            CHECK(test::json_value::parse(line.text().substr(18)) ==
                  test::json_value::parse(bts::to_json(bts::clear_memo("hi"))));
            found = true;
        }
    CHECK(found);

    memo_data damaged = memo;
    damaged.message.resize(3);
    CHECK(test::said(bts::read_clear_memo(damaged).error()) == "memo_too_short");
    damaged.message = {9, 9, 9, 9}; // core does not compare the checksum
    CHECK(bts::read_clear_memo(damaged).value().empty());
    auto const encrypted = bts::encrypt_memo(number(3), number(4).to_public(), "text", 1).value();
    CHECK_FALSE(bts::is_clear(encrypted));
    CHECK(test::said(bts::read_clear_memo(encrypted).error()) == "wrong_memo_key");
}

TEST_CASE("crypto/memo: the core library's memo")
{
    // crypto.json's transfer: k0 to k1, and a text that the line does not tell.
    auto const named = [](std::string_view name) {
        return private_key::from_bytes(bts::sha256(bytes_of(name)).data).value();
    };
    bool found = false;
    for (auto const& line : vectors::file("crypto.json")["lines_basic"].array())
        if (line.text().starts_with("transfer memo: "))
        {
            std::size_t const begin = line.text().find("\"memo\":") + 7;
            auto const memo =
                bts::from_json<memo_data>(line.text().substr(begin, line.text().find('}', begin) + 1 - begin));
            REQUIRE_MESSAGE(memo.has_value(), memo.error().message());
            auto const text = bts::decrypt_memo(*memo, named("k0"));
            REQUIRE_MESSAGE(text.has_value(), text.error().message());
            CHECK(bts::encrypt_memo(named("k0"), memo->to, *text, memo->nonce).value() == *memo);
            CHECK(bts::decrypt_memo(*memo, named("k1")).value() == *text);
            found = true;
        }
    CHECK(found);
}

TEST_CASE("crypto/memo: memos of old JavaScript clients, which shortened the shared point")
{
    // One pair of keys in 256 shares a point whose first byte is zero.
    int shortened = 0;
    for (int n = 2; n < 255 && shortened < 1; ++n)
        for (int m = n + 1; m < 255 && shortened < 1; ++m)
        {
            auto const from = number(static_cast<std::uint8_t>(n));
            auto const to = number(static_cast<std::uint8_t>(m));
            secp256k1_pubkey point;
            REQUIRE(bts::detail::read_point(to.to_public(), point));
            bts::secret<32> x;
            REQUIRE(bts::detail::multiply(point, from.view(), x));
            if (x.data()[0] != 0)
                continue;
            std::size_t const zeros = x.data()[1] == 0 ? 2 : 1;
            auto const old = legacy_memo(from, to, "aus alter Zeit", 17, zeros);
            CHECK(decrypted(old, from) == "text aus alter Zeit");
            CHECK(decrypted(old, to) == "text aus alter Zeit");
            auto const fresh = bts::encrypt_memo(from, to.to_public(), "aus alter Zeit", 17).value();
            CHECK(fresh.message != old.message);
            CHECK(decrypted(fresh, to) == "text aus alter Zeit");
            auto damaged = old;
            damaged.message.back() ^= 1;
            CHECK(decrypted(damaged, to) != "text aus alter Zeit");
            CHECK(decrypted(damaged, to).substr(0, 4) != "text");
            ++shortened;
        }
    CHECK(shortened == 1);
}

TEST_CASE("crypto/memo: any text, any nonce")
{
    std::set<std::uint64_t> nonces;
    for (std::size_t size = 0; size < 70; ++size)
    {
        std::string text(size, '\0');
        for (std::size_t i = 0; i < size; ++i)
            text[i] = static_cast<char>(i * 37);
        auto const nonce = bts::random_nonce();
        nonces.insert(nonce);
        auto const memo = bts::encrypt_memo(number(3), number(4).to_public(), text, nonce).value();
        CHECK(memo.message.size() == (size + 4) / 16 * 16 + 16);
        CHECK(bts::decrypt_memo(memo, number(4)).value() == text);
    }
    CHECK(nonces.size() == 70);
    // To oneself
    auto const own = bts::encrypt_memo(number(3), number(3).to_public(), "note", 0).value();
    CHECK(decrypted(own, number(3)) == "text note");
}
