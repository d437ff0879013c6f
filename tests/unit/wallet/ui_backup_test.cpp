#include "support/vectors.hpp"

#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/brain_key.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/wallet/ui_backup.hpp>

#include <doctest/doctest.h>

#include <lzma.h>
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

errc code_of(auto const& result)
{
    REQUIRE(!result);
    return static_cast<errc>(result.error().code().value());
}

std::span<std::uint8_t const> bytes_of(std::string_view text)
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

json_value const& named_case(std::string const& id)
{
    for (auto const& c : vectors::file("ui_backup.json")["cases"].array())
        if (c["id"].text() == id)
            return c;
    throw std::runtime_error("ui_backup.json has no " + id);
}

bts::ui_backup example()
{
    bts::ui_backup backup;
    backup.public_name = "default";
    backup.chain_id = bts::mainnet().chain_id;
    backup.created = "2020-01-02T03:04:05.678Z";
    backup.brain_key.emplace(std::string_view("SOME WORDS café"));
    backup.brain_sequence = 2;
    for (int i = 0; i < 3; ++i)
    {
        auto key = bts::private_key::generate();
        auto const half = key.to_public();
        backup.keys.push_back({std::move(key), half, i == 1 ? "Konto €" : "", {}, i});
    }
    backup.keys[2].brain_sequence.reset();
    backup.keys[2].account_names = {"alice", "bob"};
    backup.linked_accounts = {{"alice", bts::to_hex(backup.chain_id.data)}};
    return backup;
}

void check_same(bts::ui_backup const& a, bts::ui_backup const& b)
{
    CHECK(a.public_name == b.public_name);
    CHECK(a.chain_id == b.chain_id);
    CHECK(a.created == b.created);
    CHECK(a.brain_key == b.brain_key);
    CHECK(a.brain_key_lost == b.brain_key_lost);
    CHECK(a.brain_sequence == b.brain_sequence);
    CHECK(a.linked_accounts == b.linked_accounts);
    REQUIRE(a.keys.size() == b.keys.size());
    for (std::size_t i = 0; i < a.keys.size(); ++i)
    {
        CHECK(a.keys[i].secret == b.keys[i].secret);
        CHECK(a.keys[i].key == b.keys[i].key);
        CHECK(a.keys[i].label == b.keys[i].label);
        CHECK(a.keys[i].account_names == b.keys[i].account_names);
        CHECK(a.keys[i].brain_sequence == b.keys[i].brain_sequence);
    }
}

// A backup of any bytes where its LZMA should be.
bts::bytes around(std::string_view password, bts::bytes const& packed)
{
    auto const key = bts::private_key::from_bytes(bts::secret_sha256(bytes_of(password)).span()).value();
    auto const once = bts::private_key::generate();
    auto const hex = bts::to_hex(once.shared_secret(key.to_public()).value().span());
    auto const checksum = bts::sha256(packed);
    bts::bytes plain(checksum.data.begin(), checksum.data.begin() + 4);
    plain.insert(plain.end(), packed.begin(), packed.end());
    auto const half = once.to_public();
    bts::bytes file(half.data.begin(), half.data.end());
    auto const cipher = bts::aes_encrypt(bts::secret_sha512(bytes_of(hex)), plain);
    file.insert(file.end(), cipher.begin(), cipher.end());
    return file;
}

// LZMA as its own tool writes it: the size unknown, a mark at the end.
bts::bytes lzma_alone(std::string_view text)
{
    lzma_options_lzma options;
    REQUIRE(lzma_lzma_preset(&options, 1) == 0);
    lzma_stream stream = LZMA_STREAM_INIT;
    REQUIRE(lzma_alone_encoder(&stream, &options) == LZMA_OK);
    bts::bytes out(text.size() / 2 + 4096);
    stream.next_in = bytes_of(text).data();
    stream.avail_in = text.size();
    stream.next_out = out.data();
    stream.avail_out = out.size();
    REQUIRE(lzma_code(&stream, LZMA_FINISH) == LZMA_STREAM_END);
    out.resize(stream.total_out);
    lzma_end(&stream);
    return out;
}

} // namespace

TEST_CASE("wallet/ui_backup: backups that bitsharesjs made open and hold their keys")
{
    auto const& cases = vectors::file("ui_backup.json")["cases"].array();
    CHECK(cases.size() == 6);
    for (auto const& c : cases)
    {
        CAPTURE(c["id"].text());
        auto const read = bts::read_ui_backup(vectors::bytes_of(c["file_hex"]), c["password"].text());
        REQUIRE_MESSAGE(read.has_value(), read.error().message());
        CHECK(read->public_name == c["public_name"].text());
        CHECK(read->chain_id == bts::mainnet().chain_id);
        CHECK(read->created == "2015-10-13T12:00:00.000Z");
        REQUIRE(read->brain_key);
        bool const lost = c["id"].text() == "phrase beyond Latin-1"; // bitsharesjs lost it
        CHECK(read->brain_key_lost == lost);
        CHECK((read->brain_key->view() == c["brain_key"].text()) == !lost);
        CHECK(read->brain_sequence == c["brain_sequence"].as_int());
        REQUIRE(read->keys.size() == c["keys"].size());
        for (std::size_t i = 0; i < read->keys.size(); ++i)
        {
            auto const& key = read->keys[i];
            auto const& expected = c["keys"][i];
            CHECK(key.secret.to_wif().view() == expected["wif"].text());
            CHECK(key.key.to_string("BTS") == expected["public_key"].text());
            CHECK(key.label == expected["label"].text());
            REQUIRE(key.account_names.size() == expected["account_names"].size());
            for (std::size_t n = 0; n < key.account_names.size(); ++n)
                CHECK(key.account_names[n] == expected["account_names"][n].text());
            if (expected["brain_sequence"].is_null())
                CHECK(!key.brain_sequence);
            else
            {
                CHECK(key.brain_sequence == expected["brain_sequence"].as_int());
                // It is the brain key's, in its verbatim form.
                CHECK(bts::brain_key(read->brain_key->view(), static_cast<std::uint64_t>(*key.brain_sequence),
                                     bts::brain_key_form::verbatim)
                          .value() == key.secret);
            }
        }
        REQUIRE(read->linked_accounts.size() == c["linked_accounts"].size());
        for (std::size_t i = 0; i < read->linked_accounts.size(); ++i)
            CHECK(read->linked_accounts[i].name == c["linked_accounts"][i]["name"].text());

        CHECK(code_of(bts::read_ui_backup(vectors::bytes_of(c["file_hex"]), "wrong")) == errc::wrong_passphrase);
        if (!lost)
        {
            auto const written = bts::write_ui_backup(*read, "another").value();
            check_same(bts::read_ui_backup(written, "another").value(), *read);
        }
    }
}

TEST_CASE("wallet/ui_backup: what is written reads back, each time as other bytes")
{
    auto const backup = example();
    auto const file = bts::write_ui_backup(backup, "pässwörd").value();
    check_same(bts::read_ui_backup(file, "pässwörd").value(), backup);
    CHECK(bts::write_ui_backup(backup, "pässwörd").value() != file);

    bts::ui_backup nothing;
    auto const empty = bts::read_ui_backup(bts::write_ui_backup(nothing, "x").value(), "x").value();
    CHECK(empty.keys.empty());
    CHECK(!empty.brain_key);
    CHECK(empty.created == "1970-01-01T00:00:00.000Z");

    CHECK(code_of(bts::write_ui_backup(backup, "")) == errc::empty_password);
    bts::ui_backup wide;
    wide.brain_key.emplace(std::string_view("付款"));
    CHECK(code_of(bts::write_ui_backup(wide, "x")) == errc::unsupported_character);
    wide.brain_key.emplace(std::string_view("\xff"));
    CHECK(code_of(bts::write_ui_backup(wide, "x")) == errc::unsupported_character);
}

TEST_CASE("wallet/ui_backup: a wrong password is said to be one")
{
    auto const file = vectors::bytes_of(named_case("no keys")["file_hex"]);
    for (int i = 0; i < 2000; ++i) // padding fits by chance once in 256 times
        CHECK(code_of(bts::read_ui_backup(file, "guess " + std::to_string(i))) == errc::wrong_passphrase);
    CHECK(code_of(bts::read_ui_backup(file, "")) == errc::wrong_passphrase);
}

TEST_CASE("wallet/ui_backup: a file that was changed is told from a wrong password, but for its first 49 bytes")
{
    for (std::string const id : {"no keys", "brain key and imported keys"})
    {
        auto const& c = named_case(id);
        auto const file = vectors::bytes_of(c["file_hex"]);
        for (std::size_t at = 1; at < file.size(); ++at)
            for (std::uint8_t const bit : {std::uint8_t{0x01}, std::uint8_t{0x40}})
            {
                CAPTURE(id);
                CAPTURE(at);
                auto changed = file;
                changed[at] = static_cast<std::uint8_t>(changed[at] ^ bit);
                errc const code = code_of(bts::read_ui_backup(changed, c["password"].text()));
                if (at < 49)
                    CHECK((code == errc::wallet_tampered || code == errc::wrong_passphrase));
                else if (at < file.size() - 32)
                    CHECK(code == errc::wallet_tampered);
                else // as documented
                    CHECK((code == errc::wallet_tampered || code == errc::wallet_truncated));
            }
        auto other = file;
        other[0] = '{';
        CHECK(code_of(bts::read_ui_backup(other, c["password"].text())) == errc::not_a_wallet);
    }
}

TEST_CASE("wallet/ui_backup: a file that was cut anywhere is said to be so")
{
    for (std::string const id : {"no keys", "brain key and imported keys", "forty keys"})
    {
        auto const& c = named_case(id);
        auto const file = vectors::bytes_of(c["file_hex"]);
        for (std::size_t size = 0; size < file.size(); size += file.size() > 2000 && size % 16 == 1 ? 15u : 1u)
        {
            CAPTURE(size);
            CHECK(code_of(bts::read_ui_backup(std::span(file).first(size), c["password"].text())) ==
                  errc::wallet_truncated);
        }
    }
}

TEST_CASE("wallet/ui_backup: LZMA as other tools write it reads as well")
{
    std::string const json = R"({"wallet":[{"public_name":"w","encryption_key":")";
    auto const key = bts::to_hex(bts::aes_encrypt(bts::secret_sha512(bytes_of("x")), bts::bytes(32, 7)));
    auto const file = around("x", lzma_alone(json + key + R"("}],"private_keys":[]})"));
    CHECK(bts::read_ui_backup(file, "x").value().public_name == "w");
    // The password of the backup, and another one for the keys in it.
    auto const other = bts::to_hex(bts::aes_encrypt(bts::secret_sha512(bytes_of("y")), bts::bytes(32, 7)));
    auto const inside = bts::read_ui_backup(around("x", lzma_alone(json + other + R"("}]})")), "x");
    CHECK(code_of(inside) == errc::wrong_passphrase);
    CHECK(inside.error().path() == "/wallet/0/encryption_key");
}

TEST_CASE("wallet/ui_backup: a key that is not the one that its public key says is refused")
{
    bts::bytes const stretched(32, 7), number(32, 9);
    auto const key = bts::to_hex(bts::aes_encrypt(bts::secret_sha512(bytes_of("x")), stretched));
    auto const secret = bts::to_hex(bts::aes_encrypt(bts::secret_sha512(stretched), number));
    auto const with = [&](bts::public_key const& half) {
        return around("x", lzma_alone(R"({"wallet":[{"encryption_key":")" + key + R"("}],"private_keys":[{"pubkey":")" +
                                      half.to_string("BTS") + R"(","encrypted_key":")" + secret + R"("}]})"));
    };
    auto const own = bts::private_key::from_bytes(number).value().to_public();
    CHECK(bts::read_ui_backup(with(own), "x").value().keys.at(0).key == own);
    auto const other = bts::read_ui_backup(with(bts::private_key::generate().to_public()), "x");
    CHECK(code_of(other) == errc::wallet_tampered);
    CHECK(other.error().path() == "/private_keys/0");
}

TEST_CASE("wallet/ui_backup: what is no wallet inside is said to be none")
{
    for (std::string const text : {"[]", "{}", R"({"wallet":[]})", R"({"wallet":[{},{}]})", "no JSON",
                                   R"({"wallet":7})", R"({"private_keys":[{}]})"})
    {
        CAPTURE(text);
        CHECK(code_of(bts::read_ui_backup(around("x", lzma_alone(text)), "x")) == errc::not_a_wallet);
    }
}

TEST_CASE("wallet/ui_backup: a small file that becomes a large text is refused before it does")
{
    std::string const large(40 << 20, ' ');
    auto const file = around("x", lzma_alone(large));
    CHECK(file.size() < 20'000);
    bts::ui_backup_options options;
    options.max_json_bytes = 1 << 20;
    CHECK(code_of(bts::read_ui_backup(file, "x", options)) == errc::size_limit);
    CHECK(code_of(bts::read_ui_backup(file, "x")) == errc::not_a_wallet); // within the limit: blanks

    // A size that is stated is believed only where it is refused.
    auto stated = lzma_alone("{}");
    std::fill_n(stated.begin() + 5, 8, std::uint8_t{0});
    stated[8] = 0xff;
    CHECK(code_of(bts::read_ui_backup(around("x", stated), "x")) == errc::size_limit);
    // A dictionary of 2 GiB is not allocated.
    auto hungry = lzma_alone("{}");
    std::fill_n(hungry.begin() + 1, 4, std::uint8_t{0});
    hungry[4] = 0x80;
    CHECK(code_of(bts::read_ui_backup(around("x", hungry), "x")) == errc::size_limit);

    auto const& many = named_case("forty keys");
    auto const many_file = vectors::bytes_of(many["file_hex"]);
    options = {};
    options.max_keys = 39;
    CHECK(code_of(bts::read_ui_backup(many_file, "many", options)) == errc::element_limit);
    options.max_keys = 40;
    CHECK(ok(bts::read_ui_backup(many_file, "many", options)));
    options.max_file_bytes = many_file.size() - 1;
    CHECK(code_of(bts::read_ui_backup(many_file, "many", options)) == errc::size_limit);
    options = {};
    options.key_prefix = "TEST";
    CHECK(code_of(bts::read_ui_backup(many_file, "many", options)) == errc::not_a_wallet);
}
