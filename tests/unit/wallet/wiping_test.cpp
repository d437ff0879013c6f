// What the readers and writers of wallet files leave in memory: no key, no passphrase.

#include <bitshares/wallet/cli_wallet.hpp>
#include <bitshares/wallet/keyring.hpp>
#include <bitshares/wallet/ui_backup.hpp>
#include <support/folder.hpp>
#include <support/memory_search.hpp>

#include <doctest/doctest.h>

#ifdef SUPPORT_MEMORY_SEARCH

namespace bts = bitshares;
using support::pattern;

TEST_CASE("wallet/wiping: neither keys nor passphrases stay in memory once their objects are gone")
{
    support::folder const folder;
    std::vector<pattern> patterns;
    support::out_of_line([&] {
        auto const key = bts::private_key::generate();
        auto const text = key.to_wif();
        auto const passphrase = bts::private_key::generate().to_wif(); // any text that stands nowhere else
        patterns.emplace_back("key", key.view());
        patterns.emplace_back("WIF", text.view());
        patterns.emplace_back("passphrase", passphrase.view());
        auto const found = support::search(patterns);
        for (std::size_t i = 0; i < patterns.size(); ++i)
        {
            CAPTURE(patterns[i].name());
            CHECK(found[i] >= 1); // the search finds what is there
        }

        bts::keyring keys;
        REQUIRE(keys.add(key.clone(), "a label").has_value());
        for (int i = 0; i < 9; ++i) // grows, and so moves
            REQUIRE(keys.add(bts::private_key::generate()).has_value());
        bts::keyring_options const quick{.cost = {.log2_n = 10, .r = 8, .p = 1}};
        auto const file = folder.file("keys");
        REQUIRE(bts::save_keyring(file, keys, passphrase.view(), bts::existing_file::keep, quick).has_value());
        REQUIRE(bts::load_keyring(file, passphrase.view()).value().contains(key.to_public()));
        REQUIRE(bts::load_keyring(file, "wrong").has_error());
        REQUIRE(keys.remove(keys.entries()[3].key));

        bts::cli_wallet wallet;
        REQUIRE(wallet.keys.add(key.clone()).has_value());
        auto const json = bts::write_cli_wallet(wallet, passphrase.view()).value();
        REQUIRE(bts::read_cli_wallet(json, passphrase.view()).value().keys.size() == 1);
        REQUIRE(bts::read_cli_wallet(json, "wrong").has_error());

        bts::ui_backup backup;
        backup.keys.push_back({key.clone(), key.to_public(), "a label", {}, {}});
        backup.brain_key.emplace(passphrase.view());
        auto const bytes = bts::write_ui_backup(backup, passphrase.view()).value();
        REQUIRE(bts::read_ui_backup(bytes, passphrase.view()).value().keys.size() == 1);
        REQUIRE(bts::read_ui_backup(bytes, "wrong").has_error());
    });
    auto const parts = support::with_parts(patterns);
    auto const found = support::search(parts);
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        CAPTURE(parts[i].name());
        CHECK(found[i] == 0);
    }
}

#endif
