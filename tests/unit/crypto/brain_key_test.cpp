#include "support/both_forms.hpp"
#include "support/vectors.hpp"

#include <bitshares/crypto/brain_key.hpp>

#include <doctest/doctest.h>

namespace bts = bitshares;
using bts::brain_key_form;

namespace {

std::string normalized(std::string_view text, brain_key_form form)
{
    return std::string(bts::normalize_brain_key(text, form).view());
}

std::string wif(std::string_view text, std::uint64_t sequence, brain_key_form form)
{
    auto const key = bts::brain_key(text, sequence, form);
    return key ? std::string(key->to_wif().view()) : test::said(key.error());
}

std::string password_wif(std::string_view account, std::string_view role, std::string_view password)
{
    auto const key = bts::password_key(account, role, password);
    return key ? std::string(key->to_wif().view()) : test::said(key.error());
}

} // namespace

TEST_CASE("crypto/brain_key: every brain key of the vectors, in both wallets' forms")
{
    auto const& cases = vectors::file("keys.json")["brain_keys"].array();
    REQUIRE(cases.size() == 20);
    int other = 0;
    for (auto const& c : cases)
    {
        CAPTURE(c["id"].text());
        std::string const text = c["brain_key"].text();
        auto const sequence = c["sequence"].as_uint();
        CHECK(normalized(text, brain_key_form::verbatim) == c["normalized"].text());
        CHECK(wif(text, sequence, brain_key_form::verbatim) == c["wif"].text());
        auto const key = bts::brain_key(text, sequence, brain_key_form::verbatim).value();
        CHECK(bts::to_hex(key.view()) == c["private_hex"].text());
        CHECK(key.to_public().to_string("BTS") == c["public_bts"].text());

        CHECK(normalized(text, brain_key_form::cli_wallet) == c["core_wallet"]["normalized"].text());
        CHECK(wif(text, sequence, brain_key_form::cli_wallet) == c["core_wallet"]["wif"].text());
        other += c["wif"].text() != c["core_wallet"]["wif"].text();
    }
    CHECK(other == 10);
}

TEST_CASE("crypto/brain_key: where libraries differ, the core's wallet decides")
{
    for (auto const& c : vectors::file("keys.json")["brain_keys_disputed"].array())
    {
        CAPTURE(c["id"].text());
        std::string const text = c["brain_key"].text();
        auto const sequence = c["sequence"].as_uint();
        CHECK(normalized(text, brain_key_form::cli_wallet) == c["core_wallet"]["normalized"].text());
        CHECK(wif(text, sequence, brain_key_form::cli_wallet) == c["core_wallet"]["wif"].text());
        // Of white space that only JavaScript or only Python trims, the verbatim form trims none, as the core does not.
        CHECK(normalized(text, brain_key_form::verbatim) == text);
        CHECK((wif(text, sequence, brain_key_form::verbatim) == c["python"]["wif"].text() ||
               wif(text, sequence, brain_key_form::verbatim) == c["js"]["wif"].text()));
    }
}

TEST_CASE("crypto/brain_key: white space alone is no brain key in any form")
{
    for (auto const form : {brain_key_form::cli_wallet, brain_key_form::verbatim, brain_key_form::exact})
    {
        for (auto const& c : vectors::file("keys.json")["brain_keys_invalid"].array())
            CHECK(wif(c["brain_key"].text(), c["sequence"].as_uint(), form) == "empty_brain_key");
        CHECK(wif(" \u00a0\u3000\u2003\t", 0, form) == "empty_brain_key");
    }
}

TEST_CASE("crypto/brain_key: the exact form is what cli_wallet's derive_owner_keys_from_brain_key hashes")
{
    // Said by a real cli_wallet.
    CHECK(wif("brain key one two three", 0, brain_key_form::exact) ==
          "5JkHc7zv63VDfPtS9wNU3cmcNKBqBdyRuzdY2fZxCfJNTxpWT96");
    CHECK(wif("  Brain   KEY one\ttwo three ", 0, brain_key_form::exact) ==
          "5KTra1e4vDZPMfnZ7md1xWTydSTHNErybvpk9xNTUHqwviXt4Dc");
    CHECK(wif("single", 0, brain_key_form::exact) == "5J1fQB2yY2RC3kb9JbW35VfmfAd2EqoeHvFQ2ruE7UkjY5QtwuF");
    CHECK(wif("single", 1, brain_key_form::exact) == "5KVPgwFkF1JP4kDrBrcAZwGsu7EAZiTsxPKJnWGD3MxAyovo511");
    CHECK(wif("café ü", 0, brain_key_form::exact) == "5JzzFqStbjs7ykaHH6e3KLtwrPe8GGFTP4zU43rHhmw48K8Ytcg");
    CHECK(wif("single", 0, brain_key_form::verbatim) == wif("single", 0, brain_key_form::exact));
    CHECK(wif("  Brain   KEY one\ttwo three ", 0, brain_key_form::verbatim) ==
          wif("Brain KEY one two three", 0, brain_key_form::exact));
}

TEST_CASE("crypto/brain_key: keys of a password, as they are deployed")
{
    auto const& file = vectors::file("keys.json");
    for (auto const& c : file["password_keys"].array())
    {
        CAPTURE(c["id"].text());
        CHECK(password_wif(c["account"].text(), c["role"].text(), c["password"].text()) == c["wif"].text());
        auto const key = bts::password_key(c["account"].text(), c["role"].text(), c["password"].text()).value();
        CHECK(bts::to_hex(key.view()) == c["private_hex"].text());
        CHECK(key.to_public().to_string("BTS") == c["public_bts"].text());
        CHECK(key.to_public().to_string("TEST") == c["public_test"].text());
    }
    // Core has no such keys. The wallets hash white space as it is; bitsharesjs' Login alone collapses it, and demands 12 characters.
    for (auto const& c : file["password_keys_disputed"].array())
    {
        CAPTURE(c["id"].text());
        CHECK(password_wif(c["account"].text(), c["role"].text(), c["password"].text()) == c["python"]["wif"].text());
    }
    CHECK(password_wif("alice", "active", "") == "empty_password");
}
