#include "support/both_forms.hpp"
#include "support/vectors.hpp"

#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/signature.hpp>

#include <doctest/doctest.h>

#include <set>

namespace bts = bitshares;
using bts::public_key;
using vectors::fixed;

namespace {

bts::sha256_digest digest_of(test::json_value const& c)
{
    auto const digest = bts::sha256(vectors::bytes_of(c["chain_id"]), vectors::bytes_of(c["serialized_hex"]));
    if (c.contains("digest"))
        CHECK(bts::to_hex(digest.data) == c["digest"].text());
    return digest;
}

std::set<std::string> expected_signers(test::json_value const& c)
{
    std::set<std::string> keys;
    for (auto const& key : c["expected_signers_hex"].array())
        keys.insert(key.text());
    return keys;
}

} // namespace

TEST_CASE("crypto/signature: every library's signatures of the vectors recover to the stated keys")
{
    std::size_t count = 0;
    for (auto const& tx : vectors::file("transactions.json")["transactions"].array())
        for (auto const& s : tx["signatures"].array())
            for (auto const& [name, value] : s.object())
            {
                if (!name.ends_with("_signature") || value.is_null())
                    continue;
                CAPTURE(tx["id"].text());
                CAPTURE(name);
                auto const digest = fixed<bts::sha256_digest>(tx["digest"].text());
                auto const made = fixed<bts::signature>(value.text());
                auto const key = bts::recover(digest, made);
                REQUIRE_MESSAGE(key.has_value(), key.error().message());
                CHECK(bts::to_hex(key->data) == s["recovered_public_hex"].text());
                CHECK(key->to_string(tx["prefix"].text()) == s["recovered_public"].text());
                CHECK(bts::verify(digest, made, *key));
                ++count;
            }
    CHECK(count > 100);
}

TEST_CASE("crypto/signature: valid signatures of the vectors")
{
    for (auto const& c : vectors::file("transactions.json")["signatures_valid"].array())
    {
        CAPTURE(c["id"].text());
        auto const s = fixed<bts::signature>(c["signature"].text());
        CHECK(bts::is_canonical(s));
        auto const key = bts::recover(digest_of(c), s).value();
        CHECK(bts::to_hex(key.data) == c["recovered_public_hex"].text());
        CHECK(expected_signers(c).contains(bts::to_hex(key.data)));
    }
}

TEST_CASE("crypto/signature: invalid signatures of the vectors, and why")
{
    std::set<std::string> seen;
    std::size_t count = 0;
    for (auto const& c : vectors::file("transactions.json")["signatures_invalid"].array())
    {
        std::string const reason = c["reason"].text();
        CAPTURE(c["id"].text());
        CAPTURE(reason);
        ++count;
        if (!c.contains("signature")) // one twice: for whoever verifies the transaction
        {
            CHECK(c["signatures"][0] == c["signatures"][1]);
            continue;
        }
        auto const raw = vectors::bytes_of(c["signature"]);
        if (raw.size() != 65)
        {
            CHECK(test::binary_error<bts::signature>(c["signature"].text()) ==
                  (raw.size() < 65 ? "unexpected_end" : "trailing_bytes"));
            CHECK(test::strict_json_error<bts::signature>('"' + c["signature"].text() + '"') == "invalid_hex");
            continue;
        }
        auto const s = fixed<bts::signature>(c["signature"].text());
        CHECK(bts::is_canonical(s) == c["canonical"].as_bool());
        auto const digest = digest_of(c);
        auto const key = bts::recover(digest, s);
        // Core refuses the form where the vectors say so. What it takes recovers to the stated key, which is nobody's.
        CHECK(key.has_value() == c["core_accepts_form"].as_bool());
        if (key)
        {
            CHECK(bts::to_hex(key->data) == c["recovered_public_hex"].text());
            CHECK_FALSE(expected_signers(c).contains(bts::to_hex(key->data)));
        }
        else
        {
            std::string const said = test::said(key.error());
            CHECK(said == (c["canonical"].as_bool() ? "invalid_signature" : "not_canonical"));
            seen.insert(said);
        }
        for (auto const& signer : c["expected_signers_hex"].array())
            CHECK_FALSE(bts::verify(digest, s, fixed<public_key>(signer.text())));
    }
    CHECK(count == 34);
    CHECK(seen.size() == 2);
}

TEST_CASE("crypto/signature: headers 27 to 34 are all one to nodes, others none")
{
    auto const key = bts::private_key::from_bytes(std::vector<std::uint8_t>(32, 7)).value();
    auto const digest = bts::sha256(std::vector<std::uint8_t>{7});
    auto s = key.sign(digest);
    std::uint8_t const own = s.data[0];
    int recovered = 0;
    for (int header = 0; header < 256; ++header)
    {
        s.data[0] = static_cast<std::uint8_t>(header);
        auto const signer = bts::recover(digest, s);
        if (header < 27 || header > 34)
            CHECK(signer.error().code() == bts::errc::invalid_signature);
        else if (signer && *signer == key.to_public())
            ++recovered;
    }
    CHECK(recovered == 2);
    s.data[0] = static_cast<std::uint8_t>(own - 4);
    CHECK(bts::verify(digest, s, key.to_public()));
}

TEST_CASE("crypto/signature: the canonical form, bit by bit")
{
    bts::signature s;
    s.data.fill(1);
    CHECK(bts::is_canonical(s));
    for (std::size_t const begin : {1u, 33u})
    {
        auto t = s;
        t.data[begin] = 0x7f;
        CHECK(bts::is_canonical(t));
        t.data[begin] = 0x80;
        CHECK_FALSE(bts::is_canonical(t));
        t.data[begin] = 0;
        t.data[begin + 1] = 0x7f;
        CHECK_FALSE(bts::is_canonical(t));
        t.data[begin + 1] = 0x80;
        CHECK(bts::is_canonical(t));
    }
}
