// Searches the process's own memory for secrets: found while somebody holds them, nowhere afterwards.

#include <bitshares/base/hash.hpp>
#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/brain_key.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/secp256k1.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <support/memory_search.hpp>

#include <doctest/doctest.h>

#ifdef SUPPORT_MEMORY_SEARCH

namespace bts = bitshares;
using support::out_of_line;
using support::pattern;
using support::search;
using support::with_parts;

TEST_CASE("crypto/wiping: no key, text of a key or shared secret stays in memory once their objects are gone")
{
    std::vector<pattern> patterns;
    out_of_line(patterns, [&] {
        auto const key = bts::private_key::generate();
        auto const other = bts::private_key::generate();
        auto const text = key.to_wif();
        patterns.emplace_back("key", key.view());
        patterns.emplace_back("WIF", text.view());
        auto const shared = key.shared_secret(other.to_public()).value();
        patterns.emplace_back("shared secret", shared.span());
        secp256k1_pubkey point;
        bts::secret<32> x;
        REQUIRE(bts::detail::read_point(other.to_public(), point));
        REQUIRE(bts::detail::multiply(point, key.view(), x));
        patterns.emplace_back("shared point", x.span());
        bts::sha256_digest const offset = bts::sha256(std::vector<std::uint8_t>{1});
        auto const child = key.child(offset).value();
        patterns.emplace_back("child", child.view());

        auto const found = search(patterns);
        for (std::size_t i = 0; i < patterns.size(); ++i)
        {
            CAPTURE(patterns[i].name());
            CHECK(found[i] >= 1); // the search finds what is there
        }
        // All that a program does with them
        auto const again = bts::private_key::from_wif(text.view()).value();
        REQUIRE(again == key);
        auto const signature = again.sign(offset);
        REQUIRE(signature.data[0] != 0);
        auto const memo = bts::encrypt_memo(key, other.to_public(), "a memo", 12345).value();
        REQUIRE(bts::decrypt_memo(memo, other).value() == "a memo");
        REQUIRE(bts::decrypt_memo(memo, again).value() == "a memo");
        bts::secret<32> y;
        REQUIRE(bts::detail::multiply_split(point, key.view(), y));
        REQUIRE(x == y);
        REQUIRE(bts::private_key::from_bytes(key.view()).value() == key);
        auto clone = key.clone();
        auto const moved = std::move(clone);
        REQUIRE(moved == key);
        bts::secure_string joined;
        for (int i = 0; i < 9; ++i)
            joined.append(text.view()); // grows, and so moves
    });
    auto const parts = with_parts(patterns);
    auto const found = search(parts);
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        CAPTURE(parts[i].name());
        CHECK(found[i] == 0);
    }
}

TEST_CASE("crypto/wiping: neither a brain key nor what is hashed of it stays in memory")
{
    std::vector<pattern> patterns;
    out_of_line(patterns, [&] {
        // Made here, so that no constant of the program holds it.
        bts::secure_string phrase, password;
        auto const seed = bts::private_key::generate();
        for (std::uint8_t const byte : seed.view())
        {
            phrase.push_back(static_cast<char>('A' + byte % 26));
            password.push_back(static_cast<char>('a' + byte / 16));
        }
        patterns.emplace_back("phrase", phrase.view());
        patterns.emplace_back("password", password.view());
        auto const found = search(patterns);
        CHECK(found[0] >= 1);
        CHECK(found[1] >= 1);
        for (auto const form :
             {bts::brain_key_form::cli_wallet, bts::brain_key_form::verbatim, bts::brain_key_form::exact})
            patterns.emplace_back("brain key", bts::brain_key(phrase.view(), 17, form).value().view());
        patterns.emplace_back("password key", bts::password_key("alice", "active", password.view()).value().view());
        bts::secure_string with_number = phrase.clone();
        with_number.append(std::string_view(" 17"));
        patterns.emplace_back(
            "hash of the phrase",
            bts::secret_sha512(std::span(reinterpret_cast<std::uint8_t const*>(with_number.data()), with_number.size()))
                .span());
    });
    auto const parts = with_parts(patterns);
    auto const found = search(parts);
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        CAPTURE(parts[i].name());
        CHECK(found[i] == 0);
    }
}

#endif
