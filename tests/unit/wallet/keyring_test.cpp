#include "support/both_forms.hpp"
#include "support/folder.hpp"
#include "support/vectors.hpp"

#include <bitshares/crypto/signature.hpp>
#include <bitshares/wallet/keyring.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <set>
#include <string>
#include <sys/stat.h>

namespace bts = bitshares;
using bts::errc;
using bts::keyring;
using bts::private_key;

namespace {

bool ok(auto const& result)
{
    return result.has_value();
}

private_key named(std::string_view name)
{
    return private_key::from_bytes(
               bts::sha256(std::span(reinterpret_cast<std::uint8_t const*>(name.data()), name.size())).data)
        .value();
}

constexpr bts::keyring_cost cheap{.log2_n = 10, .r = 1, .p = 1};
constexpr bts::keyring_options quick{.cost = cheap};
constexpr bts::keyring_options listed{.cost = cheap, .list_public_keys = true};

keyring example()
{
    keyring keys;
    REQUIRE(ok(keys.add(named("k0"), "savings")));
    REQUIRE(ok(keys.add(named("k1"), "")));
    REQUIRE(ok(keys.add(named("k2"), "Konto 付款 €")));
    return keys;
}

errc code_of(auto const& result)
{
    REQUIRE(!result);
    return static_cast<errc>(result.error().code().value());
}

std::string hex_of(private_key const& key)
{
    return bts::to_hex(key.view());
}

void check_same(keyring const& a, keyring const& b)
{
    CHECK(a.entries() == b.entries());
    for (auto const& entry : a.entries())
        CHECK(*a.find(entry.key) == *b.find(entry.key));
}

} // namespace

static_assert(!std::copy_constructible<keyring> && std::movable<keyring>);

TEST_CASE("wallet/keyring: keys are added, named, found and removed")
{
    keyring keys = example();
    CHECK(keys.size() == 3);
    auto const half = named("k1").to_public();
    CHECK(keys.contains(half));
    CHECK(*keys.find(half) == named("k1"));
    CHECK(code_of(keys.add(named("k1"), "again")) == errc::duplicate_key);
    CHECK(keys.entries()[1].label.empty());
    REQUIRE(ok(keys.set_label(half, "spending")));
    CHECK(keys.entries()[1] == bts::keyring_entry{half, "spending"});
    CHECK(keys.remove(half));
    CHECK(!keys.remove(half));
    CHECK(keys.find(half) == nullptr);
    CHECK(keys.size() == 2);
    CHECK(*keys.find(named("k2").to_public()) == named("k2"));
    CHECK(code_of(keys.set_label(half, "x")) == errc::unknown_key);

    for (std::string const bad : {"a\nb", "\x7f", "\xff", "a\x1b[2J"})
        CHECK(code_of(keys.add(named("k9"), bad)) == errc::invalid_label);
    CHECK(code_of(keys.add(named("k9"), std::string(1001, 'x'))) == errc::invalid_label);
    CHECK(ok(keys.add(named("k9"), std::string(1000, 'x'))));
    CHECK(code_of(keys.set_label(named("k9").to_public(), "\t")) == errc::invalid_label);
}

TEST_CASE("wallet/keyring: it signs with the key that is asked for")
{
    keyring const keys = example();
    auto const digest = bts::sha256(bts::bytes{1, 2, 3});
    for (auto const& entry : keys.entries())
    {
        auto const signature = keys.sign(entry.key, digest);
        REQUIRE(ok(signature));
        CHECK(bts::recover(digest, *signature).value() == entry.key);
    }
    CHECK(code_of(keys.sign(named("k7").to_public(), digest)) == errc::unknown_key);
}

TEST_CASE("wallet/keyring: sealed and opened, it is the same")
{
    keyring const keys = example();
    for (auto const& options : {quick, listed})
    {
        auto const file = bts::seal_keyring(keys, "open sesame", options).value();
        check_same(bts::open_keyring(file, "open sesame").value(), keys);
        CHECK(bts::seal_keyring(keys, "open sesame", options).value() != file); // another salt, another nonce
    }
    keyring const none;
    CHECK(bts::open_keyring(bts::seal_keyring(none, "x", quick).value(), "x").value().empty());
    CHECK(bts::open_keyring(bts::seal_keyring(none, "x", listed).value(), "x").value().empty());
    CHECK(code_of(bts::seal_keyring(keys, "", quick)) == errc::empty_password);
    // Every byte of the passphrase counts, zeros and non-ASCII too.
    std::string const odd("p\0ä", 4);
    auto const file = bts::seal_keyring(keys, odd, quick).value();
    CHECK(ok(bts::open_keyring(file, odd)));
    CHECK(code_of(bts::open_keyring(file, "p")) == errc::wrong_passphrase);
}

TEST_CASE("wallet/keyring: a file of version 1 stays readable")
{
    // Written once; an implementation of its own reads the same (tests/vectors/keyring.json says how).
    auto const& v = vectors::file("keyring.json");
    auto const file = vectors::bytes_of(v["file_hex"]);
    auto const keys = bts::open_keyring(file, v["passphrase"].text()).value();
    REQUIRE(keys.size() == v["keys"].size());
    for (std::size_t i = 0; i < keys.size(); ++i)
    {
        CHECK(hex_of(*keys.find(keys.entries()[i].key)) == v["keys"][i]["private_hex"].text());
        CHECK(keys.entries()[i].label == v["keys"][i]["label"].text());
    }
    auto const info = bts::inspect_keyring(file).value();
    CHECK(info.cost == cheap);
    CHECK(info.public_keys == keys.entries());
}

TEST_CASE("wallet/keyring: public keys and labels are in clear only where that was asked for")
{
    keyring const keys = example();
    auto const closed = bts::seal_keyring(keys, "x", quick).value();
    auto const open = bts::seal_keyring(keys, "x", listed).value();
    CHECK(!bts::inspect_keyring(closed).value().public_keys);
    CHECK(bts::inspect_keyring(open).value().public_keys == keys.entries());
    CHECK(bts::inspect_keyring(open).value().cost == cheap);

    auto const holds = [](bts::bytes const& file, auto const& piece) {
        return std::search(file.begin(), file.end(), piece.begin(), piece.end()) != file.end();
    };
    std::string const label = "savings";
    CHECK(!holds(closed, label));
    CHECK(holds(open, label));
    for (auto const& entry : keys.entries())
    {
        CHECK(!holds(closed, entry.key.data));
        CHECK(!holds(closed, keys.find(entry.key)->view()));
        CHECK(!holds(open, keys.find(entry.key)->view()));
    }
}

TEST_CASE("wallet/keyring: a wrong passphrase, a file that was cut and one that was changed are told apart")
{
    for (auto const& options : {quick, listed})
    {
        auto const file = bts::seal_keyring(example(), "right", options).value();
        CHECK(code_of(bts::open_keyring(file, "wrong")) == errc::wrong_passphrase);
        CHECK(code_of(bts::open_keyring(file, "")) == errc::wrong_passphrase);
        CHECK(code_of(bts::open_keyring(file, "right ")) == errc::wrong_passphrase);

        for (std::size_t size = 0; size < file.size(); ++size)
        {
            CAPTURE(size);
            CHECK(code_of(bts::open_keyring(std::span(file).first(size), "right")) == errc::wallet_truncated);
            CHECK(code_of(bts::inspect_keyring(std::span(file).first(size))) == errc::wallet_truncated);
        }
        auto longer = file;
        longer.push_back(0);
        CHECK(code_of(bts::open_keyring(longer, "right")) == errc::wallet_tampered);

        for (std::size_t at = 0; at < file.size(); ++at)
            for (std::uint8_t const bit : {std::uint8_t{0x01}, std::uint8_t{0x80}})
            {
                CAPTURE(at);
                auto changed = file;
                changed[at] = static_cast<std::uint8_t>(changed[at] ^ bit);
                errc const code = code_of(bts::open_keyring(changed, "right"));
                if (at < 7)
                    CHECK(code == errc::not_a_wallet);
                else if (at == 7)
                    CHECK(code == errc::wallet_version);
                else // a larger size of a part is as if the file were cut
                    CHECK((code == errc::wallet_tampered || code == errc::wallet_truncated));
            }
    }
}

TEST_CASE("wallet/keyring: who makes the checksum fit does not get further")
{
    auto const file = bts::seal_keyring(example(), "right", listed).value();
    auto const header = [&] { // up to the checksum: behind the public part and the check
        std::size_t size = 0;
        for (std::size_t i = 4; i-- > 0;)
            size = size << 8 | file[61 + i];
        return 65 + size + 16;
    }();
    auto const forged = [&](std::size_t at, std::uint8_t bits) {
        auto changed = file;
        changed[at] ^= bits;
        auto const checksum = bts::sha256(std::span(changed).first(header));
        std::copy_n(checksum.data.begin(), 8, changed.begin() + static_cast<std::ptrdiff_t>(header));
        return changed;
    };
    CHECK(ok(bts::open_keyring(forged(20, 0), "right")));                                // the forger's tool works
    CHECK(code_of(bts::open_keyring(forged(20, 1), "right")) == errc::wrong_passphrase); // salt
    CHECK(code_of(bts::open_keyring(forged(8, 1), "right")) == errc::wrong_passphrase);  // log2(N) 11
    CHECK(code_of(bts::open_keyring(forged(50, 1), "right")) ==
          errc::wrong_passphrase); // nonce: the check is of it, too
    CHECK(code_of(bts::open_keyring(forged(65 + 4 + 3, 1), "right")) == errc::wrong_passphrase); // a listed key
    CHECK(code_of(bts::open_keyring(forged(header - 1, 1), "right")) == errc::wrong_passphrase); // the check itself
    CHECK(bts::inspect_keyring(forged(65 + 4 + 3, 1)).value().public_keys !=
          example().entries()); // as documented: unproven
}

TEST_CASE("wallet/keyring: what a file asks for is bounded before anything is computed")
{
    auto const file = bts::seal_keyring(example(), "right", quick).value();
    auto const asking = [&](std::uint8_t log2_n, std::uint32_t r, std::uint32_t p) {
        auto changed = file;
        changed[8] = log2_n;
        for (unsigned i = 0; i < 4; ++i)
        {
            changed[9 + i] = static_cast<std::uint8_t>(r >> 8 * i);
            changed[13 + i] = static_cast<std::uint8_t>(p >> 8 * i);
        }
        auto const checksum = bts::sha256(std::span(changed).first(65 + 16));
        std::copy_n(checksum.data.begin(), 8, changed.begin() + 65 + 16);
        return changed;
    };
    CHECK(code_of(bts::open_keyring(asking(11, 1, 1), "right")) == errc::wrong_passphrase); // within the limits
    auto const begin = std::chrono::steady_clock::now();
    for (auto const& [n, r, p] : {std::tuple<std::uint8_t, std::uint32_t, std::uint32_t>{0, 8, 1},
                                  {20, 8, 1},
                                  {63, 8, 1},
                                  {64, 8, 1},
                                  {255, 8, 1},
                                  {17, 0, 1},
                                  {17, 8, 0},
                                  {17, 0xffffffff, 1},
                                  {17, 8, 0xffffffff},
                                  {17, 33, 1},
                                  {17, 8, 65},
                                  {1, 0xffffffff, 0xffffffff}})
    {
        CAPTURE(static_cast<int>(n));
        auto const file_asking = asking(n, r, p);
        CHECK(code_of(bts::open_keyring(file_asking, "right")) == errc::scrypt_limit);
        CHECK(code_of(bts::inspect_keyring(file_asking)) == errc::scrypt_limit);
    }
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));

    bts::keyring_limits tight;
    tight.max_scrypt_bytes = 128 * 1024 - 1;
    CHECK(code_of(bts::open_keyring(file, "right", tight)) == errc::scrypt_limit);
    tight.max_scrypt_bytes += 1;
    CHECK(ok(bts::open_keyring(file, "right", tight)));
    tight.max_scrypt_work = 1023;
    CHECK(code_of(bts::open_keyring(file, "right", tight)) == errc::scrypt_limit);
    tight.max_scrypt_work = 1024;
    CHECK(ok(bts::open_keyring(file, "right", tight)));
    tight.max_file_bytes = file.size() - 1;
    CHECK(code_of(bts::open_keyring(file, "right", tight)) == errc::size_limit);
    tight.max_file_bytes = file.size();
    tight.max_keys = 2;
    CHECK(code_of(bts::open_keyring(file, "right", tight)) == errc::element_limit);
    tight.max_keys = 3;
    CHECK(ok(bts::open_keyring(file, "right", tight)));

    keyring const none;
    for (auto const& cost : {bts::keyring_cost{9, 8, 1}, bts::keyring_cost{20, 8, 1}, bts::keyring_cost{17, 8, 0}})
        CHECK(code_of(bts::seal_keyring(none, "x", {.cost = cost})) == errc::scrypt_limit);
}

TEST_CASE("wallet/keyring: another kind of file is said to be one")
{
    std::string const json = "{\"chain_id\":\"\"}";
    CHECK(code_of(bts::open_keyring({reinterpret_cast<std::uint8_t const*>(json.data()), json.size()}, "x")) ==
          errc::not_a_wallet);
    auto file = bts::seal_keyring(keyring(), "x", quick).value();
    file[7] = 2;
    auto const later = bts::open_keyring(file, "x");
    CHECK(code_of(later) == errc::wallet_version);
    CHECK(later.error().detail() == "version 2");
}

TEST_CASE("wallet/keyring: saved, loaded, put under another passphrase")
{
    support::folder const folder;
    auto const path = folder.file("keys");
    keyring const keys = example();
    REQUIRE(ok(bts::save_keyring(path, keys, "first", bts::existing_file::keep, listed)));
    CHECK(code_of(bts::save_keyring(path, keys, "first", bts::existing_file::keep, listed)) == errc::file_exists);
    check_same(bts::load_keyring(path, "first").value(), keys);

    CHECK(code_of(bts::change_keyring_passphrase(path, "wrong", "second")) == errc::wrong_passphrase);
    CHECK(code_of(bts::change_keyring_passphrase(path, "first", "")) == errc::empty_password);
    check_same(bts::load_keyring(path, "first").value(), keys); // as before
    REQUIRE(ok(bts::change_keyring_passphrase(path, "first", "second")));
    CHECK(code_of(bts::load_keyring(path, "first")) == errc::wrong_passphrase);
    check_same(bts::load_keyring(path, "second").value(), keys);
    // Cost and list are kept unless told otherwise.
    auto const info = [&] {
        auto const data = bts::read_private_file(path, 1 << 20).value();
        return bts::inspect_keyring({data.data(), data.size()}).value();
    };
    CHECK(info().cost == cheap);
    CHECK(info().public_keys == keys.entries());
    REQUIRE(ok(bts::change_keyring_passphrase(path, "second", "third", bts::keyring_options{.cost = {11, 2, 1}})));
    CHECK(info().cost == bts::keyring_cost{11, 2, 1});
    CHECK(!info().public_keys);

    ::chmod(path.c_str(), 0640);
    CHECK(code_of(bts::load_keyring(path, "third")) == errc::file_not_private);
    CHECK(ok(bts::load_keyring(path, "third", bts::file_access::any)));
    CHECK(code_of(bts::change_keyring_passphrase(path, "third", "x")) == errc::file_not_private);
    CHECK(folder.names() == "keys ");
}

TEST_CASE("wallet/keyring: nothing secret is in errors")
{
    auto const file = bts::seal_keyring(example(), "right", quick).value();
    CHECK(bts::open_keyring(file, "guessed").error().message().find("guessed") == std::string::npos);
    keyring keys = example();
    auto const again = keys.add(named("k0"));
    CHECK(again.error().message().find(std::string(named("k0").to_wif().view())) == std::string::npos);
    CHECK(again.error().message().find(hex_of(named("k0"))) == std::string::npos);
}

TEST_CASE("wallet/keyring: the default cost works, and is no trifle")
{
    auto const begin = std::chrono::steady_clock::now();
    auto const file = bts::seal_keyring(example(), "right").value();
    auto const took = std::chrono::steady_clock::now() - begin;
    CHECK(took > std::chrono::milliseconds(50));
    CHECK(bts::inspect_keyring(file).value().cost == bts::keyring_cost{17, 8, 1});
    check_same(bts::open_keyring(file, "right").value(), example());
    MESSAGE("sealing took " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
}
