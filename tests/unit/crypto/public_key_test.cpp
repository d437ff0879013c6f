#include "support/both_forms.hpp"
#include "support/vectors.hpp"

#include <bitshares/crypto/public_key.hpp>

#include <doctest/doctest.h>

#include <algorithm>

namespace bts = bitshares;
using bts::public_key;
using vectors::fixed;

TEST_CASE("crypto/public_key: all addresses of every key of the vectors")
{
    std::size_t count = 0;
    for (auto const& c : vectors::file("keys.json")["private_keys"].array())
    {
        CAPTURE(c["id"].text());
        auto const key = fixed<public_key>(c["public_hex"].text());
        CHECK(bts::is_point(key));
        auto const addresses = bts::addresses_of(key).value();
        CHECK(bts::to_hex(addresses.own.data) == c["address_hex"].text());
        CHECK(addresses.own == bts::address_of(key));
        CHECK(addresses.own.to_string("BTS") == c["address_bts"].text());
        CHECK(addresses.own.to_string("TEST") == c["address_test"].text());
        auto const& legacy = c["legacy_addresses_bts"];
        CHECK(addresses.btc_uncompressed.to_string("BTS") == legacy["btc_uncompressed"].text());
        CHECK(addresses.btc_compressed.to_string("BTS") == legacy["btc_compressed"].text());
        CHECK(addresses.pts_uncompressed.to_string("BTS") == legacy["pts_uncompressed"].text());
        CHECK(addresses.pts_compressed.to_string("BTS") == legacy["pts_compressed"].text());
        auto all = addresses.all();
        std::sort(all.begin(), all.end());
        CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
        ++count;
    }
    CHECK(count == 27);
}

TEST_CASE("crypto/public_key: the core library's legacy addresses of a key")
{
    auto const key = public_key::from_string("BTS8k14RFac8xsvnRRJzjjMmsgS6T5ZqhzhY68zKFwLP7Bjg58oYn", "BTS").value();
    auto const addresses = bts::addresses_of(key).value();
    int lines = 0;
    for (auto const& line : vectors::file("crypto.json")["lines_basic"].array())
    {
        std::string const text = line.text();
        if (!text.starts_with("pts c="))
            continue;
        bool const compressed = text[6] == '1';
        bool const pts = text.find("v=56") != text.npos;
        auto const& own = pts          ? compressed ? addresses.pts_compressed : addresses.pts_uncompressed
                          : compressed ? addresses.btc_compressed
                                       : addresses.btc_uncompressed;
        CHECK(own.to_string("BTS") == text.substr(text.rfind(' ') + 1));
        ++lines;
    }
    CHECK(lines == 4);
}

TEST_CASE("crypto/public_key: text that is no key, and text of bytes that are no point")
{
    int text_level = 0;
    int curve_level = 0;
    for (auto const& c : vectors::file("keys.json")["public_key_invalid"].array())
    {
        std::string const reason = c["reason"].text();
        CAPTURE(reason);
        auto const key = public_key::from_string(c["text"].text(), "BTS");
        if (c["level"].text() == "curve")
        {
            // Core takes these 33 bytes as they are, as a transaction may hold them; nobody can use them.
            REQUIRE(key.has_value());
            CHECK_FALSE(bts::is_point(*key));
            CHECK(test::said(bts::addresses_of(*key).error()) == "invalid_public_key");
            CHECK(test::said(bts::child_of(*key, bts::sha256_digest()).error()) == "invalid_public_key");
            ++curve_level;
            continue;
        }
        REQUIRE_FALSE(key.has_value());
        std::string expected = "invalid_base58";
        if (reason.starts_with("bad checksum"))
            expected = "invalid_checksum";
        else if (reason.starts_with("wrong prefix") || reason.starts_with("testnet prefix") ||
                 reason.starts_with("leading space"))
            expected = "wrong_key_prefix";
        CHECK(test::said(key.error()) == expected);
        ++text_level;
    }
    CHECK(text_level == 15);
    CHECK(curve_level == 4);
    CHECK_FALSE(bts::is_point(public_key())); // "no key"
    CHECK(public_key().to_string("BTS") == vectors::file("keys.json")["special"][0]["text"].text());
    CHECK_FALSE(bts::addresses_of(public_key()).has_value());
}
