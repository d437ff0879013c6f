#include "support/both_forms.hpp"
#include "support/vectors.hpp"

#include <bitshares/base/base58.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/public_key.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/block.hpp>

#include <doctest/doctest.h>

#include <concepts>
#include <ostream>
#include <set>
#include <thread>
#include <type_traits>
#include <vector>

namespace bts = bitshares;
using bts::errc;
using bts::private_key;
using bts::public_key;
using vectors::fixed;

namespace {

private_key key_of(std::string const& hex)
{
    return private_key::from_bytes(bts::from_hex(hex).value()).value();
}

// The key that crypto.json calls by a name.
private_key named(std::string_view name)
{
    return private_key::from_bytes(
               bts::sha256(std::span(reinterpret_cast<std::uint8_t const*>(name.data()), name.size())).data)
        .value();
}

std::string wif_error(std::string_view text)
{
    auto const key = private_key::from_wif(text);
    if (!key)
        CHECK(key.error().message().find(text.empty() ? "\n" : text) == std::string::npos); // nothing secret in errors
    return key ? "" : test::said(key.error());
}

std::string bytes_error(std::span<std::uint8_t const> data)
{
    auto const key = private_key::from_bytes(data);
    return key ? "" : test::said(key.error());
}

// The word of crypto.json's lines behind `mark`.
std::string word_after(std::string const& line, std::string const& mark)
{
    std::size_t const begin = line.find(mark);
    REQUIRE(begin != line.npos);
    std::size_t const from = begin + mark.size();
    return line.substr(from, line.find(' ', from) - from);
}

std::string crypto_line(std::string const& begin)
{
    for (auto const* list : {"lines_basic", "lines_fees_keys_wallet_stealth"})
        for (auto const& line : vectors::file("crypto.json")[list].array())
            if (line.text().starts_with(begin))
                return line.text();
    FAIL("no line begins with " << begin);
    return {};
}

template <class Stream, class T>
concept printable = requires(Stream& s, T const& value) { s << value; };

} // namespace

TEST_CASE("crypto/private_key: is move-only and cannot be printed")
{
    static_assert(!std::is_copy_constructible_v<private_key> && !std::is_copy_assignable_v<private_key>);
    static_assert(std::is_nothrow_move_constructible_v<private_key> && std::is_nothrow_move_assignable_v<private_key>);
    static_assert(!printable<std::ostream, private_key>);
    static_assert(!std::is_default_constructible_v<private_key>);
    auto first = key_of(std::string(63, '0') + "7");
    auto const second = first.clone();
    CHECK(first == second);
    auto const moved = std::move(first);
    CHECK(moved == second);
    CHECK_FALSE(first == second); // NOLINT(bugprone-use-after-move): wiped, is what we look for
}

TEST_CASE("crypto/private_key: the public key is remembered, goes along, and does not outlive the number")
{
    auto first = key_of(std::string(63, '0') + "1");
    auto const one = first.to_public();
    CHECK(first.to_public() == one);
    auto const copy = first.clone();
    CHECK(copy.to_public() == one);
    auto second = key_of(std::string(63, '0') + "2");
    auto const two = second.to_public();
    CHECK(two != one);
    first = std::move(second);
    CHECK(first.to_public() == two);
    auto const moved = std::move(first);
    CHECK(moved.to_public() == two);
    // NOLINTBEGIN(bugprone-use-after-move): no key any more
    CHECK(first.to_public() == public_key());
    CHECK(first.sign(bts::sha256_digest()) == bts::signature());
    // NOLINTEND(bugprone-use-after-move)
    first = key_of(std::string(63, '0') + "1");
    CHECK(first.to_public() == one);

    auto const shared = private_key::generate();
    std::vector<std::thread> threads;
    std::vector<public_key> seen(4);
    for (auto& slot : seen)
        threads.emplace_back([&shared, &slot] { slot = shared.to_public(); });
    for (auto& t : threads)
        t.join();
    for (auto const& key : seen)
        CHECK(key == shared.to_public());
}

TEST_CASE("crypto/private_key: WIF and public key of every key of the vectors, both ways")
{
    auto const& cases = vectors::file("keys.json")["private_keys"].array();
    REQUIRE(cases.size() == 27);
    for (auto const& c : cases)
    {
        CAPTURE(c["id"].text());
        auto const key = key_of(c["private_hex"].text());
        CHECK(std::string(key.to_wif().view()) == c["wif"].text());
        auto const read = private_key::from_wif(c["wif"].text());
        REQUIRE_MESSAGE(read.has_value(), read.error().message());
        CHECK(*read == key);
        CHECK(bts::to_hex(read->view()) == c["private_hex"].text());
        auto const own = key.to_public();
        CHECK(bts::to_hex(own.data) == c["public_hex"].text());
        CHECK(own.to_string("BTS") == c["public_bts"].text());
        CHECK(own.to_string("TEST") == c["public_test"].text());
    }
}

TEST_CASE("crypto/private_key: what is no WIF, and why")
{
    std::set<std::string> seen;
    auto const& cases = vectors::file("keys.json")["wif_invalid"].array();
    REQUIRE(cases.size() == 18);
    for (auto const& c : cases)
    {
        // Where the core's wif_to_key takes what both libraries refuse (other versions and lengths, blanks, numbers that are no
        // key), the vectors say "reject", and so do we: it is somebody's mistake, and the key would be another one.
        std::string const reason = c["reason"].text();
        CAPTURE(reason);
        std::string expected = "invalid_base58";
        if (reason.starts_with("bad checksum") || reason == "truncated by one character" ||
            reason == "first character missing") // the others make numbers of another size
            expected = "invalid_checksum";
        else if (reason.starts_with("wrong version"))
            expected = "wrong_wif_version";
        else if (reason.starts_with("scalar"))
            expected = "invalid_private_key";
        CHECK(wif_error(c["text"].text()) == expected);
        seen.insert(expected);
    }
    CHECK(seen.size() == 4);
    CHECK(wif_error("5HpHagT65TZzG1PH3CSu63k8DbpvD8s5ip4nEB3kEsreAbuatmU") == "invalid_private_key"); // zero
    CHECK(wif_error(std::string(5000, '5')) == "invalid_base58");
    CHECK(wif_error(std::string("5JWVdw3i\0cf", 11)) == "invalid_base58");
}

TEST_CASE("crypto/private_key: the text is base58's, of any number, and of no other characters")
{
    auto const text_of = [](bts::bytes const& data) {
        bts::bytes whole{0x80};
        whole.insert(whole.end(), data.begin(), data.end());
        auto const checksum = bts::sha256(bts::sha256(whole).data);
        whole.insert(whole.end(), checksum.data.begin(), checksum.data.begin() + 4);
        return bts::to_base58(whole);
    };
    for (unsigned byte = 0; byte < 256; ++byte) // all values of a digit come many times
    {
        bts::bytes const data(32, static_cast<std::uint8_t>(byte));
        if (byte == 0 || byte == 0xff)
            continue;
        auto const key = private_key::from_bytes(data).value();
        CHECK(key.to_wif().view() == text_of(data));
        CHECK(private_key::from_wif(text_of(data)).value() == key);
    }
    // Every character at every place: what base58 does not take is no base58, and what it takes has a wrong checksum.
    std::string const text(named("k0").to_wif().view());
    for (std::size_t at = 0; at < text.size(); ++at)
        for (int character = 0; character < 256; ++character)
        {
            std::string changed = text;
            changed[at] = static_cast<char>(character);
            if (changed == text)
                continue;
            auto const data = bts::from_base58(changed);
            auto const read = private_key::from_wif(changed);
            REQUIRE_FALSE(read.has_value());
            bool const fits = data.has_value() && data->size() == 37;
            REQUIRE(read.error().code() == (fits ? errc::invalid_checksum : errc::invalid_base58));
        }
    // More and fewer digits
    for (std::string const& other : {text + "1", "1" + text, text.substr(1), text.substr(0, 50), std::string()})
    {
        auto const data = bts::from_base58(other);
        CHECK(wif_error(other) == (data.has_value() && data->size() == 37 ? "invalid_checksum" : "invalid_base58"));
    }
}

TEST_CASE("crypto/private_key: a WIF whose checksum is of a single SHA-256 is read, as cli_wallet does")
{
    auto const key = named("k0");
    std::vector<std::uint8_t> whole{0x80};
    whole.insert(whole.end(), key.view().begin(), key.view().end());
    auto const once = bts::sha256(whole);
    whole.insert(whole.end(), once.data.begin(), once.data.begin() + 4);
    std::string const text = bts::to_base58(whole);
    CHECK(text != key.to_wif().view());
    CHECK(private_key::from_wif(text).value() == key);
}

TEST_CASE("crypto/private_key: only 1 to the group's order less 1, as 32 bytes")
{
    auto order = bts::from_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").value();
    CHECK(bytes_error(order) == "invalid_private_key");
    order.back() = 0x42;
    CHECK(bytes_error(order) == "invalid_private_key");
    order.back() = 0x40;
    CHECK(bytes_error(order) == "");
    CHECK(bytes_error(bts::bytes(32, 0xff)) == "invalid_private_key");
    bts::bytes data(32, 0);
    CHECK(bytes_error(data) == "invalid_private_key");
    data.back() = 1;
    CHECK(bytes_error(data) == "");
    data.push_back(1);
    CHECK(bytes_error(data) == "invalid_private_key");
    CHECK(bytes_error(std::span(data).first(31)) == "invalid_private_key");
    CHECK(bytes_error({}) == "invalid_private_key");
}

TEST_CASE("crypto/private_key: new keys differ and work")
{
    auto const a = private_key::generate();
    auto const b = private_key::generate();
    CHECK_FALSE(a == b);
    CHECK(private_key::from_wif(a.to_wif().view()).value() == a);
    auto const digest = bts::sha256(std::vector<std::uint8_t>{1, 2, 3});
    CHECK(bts::verify(digest, a.sign(digest), a.to_public()));
    CHECK_FALSE(bts::verify(digest, a.sign(digest), b.to_public()));
}

TEST_CASE("crypto/private_key: signs every transaction of the vectors with the bytes of the core library")
{
    auto const& file = vectors::file("transactions.json");
    std::size_t signatures = 0;
    for (auto const& tx : file["transactions"].array())
        for (auto const& s : tx["signatures"].array())
        {
            CAPTURE(tx["id"].text());
            auto const key = key_of(file["meta"]["keys"][s["key"].text()]["private_hex"].text());
            auto const digest = fixed<bts::sha256_digest>(tx["digest"].text());
            auto const made = key.sign(digest);
            // Every library draws other numbers for the same digest, and any canonical signature is right. Core decides.
            CHECK(bts::to_hex(made.data) == s["core_signature"].text());
            CHECK(made == key.sign(digest)); // deterministic
            CHECK(bts::is_canonical(made));
            CHECK(bts::recover(digest, made).value() == key.to_public());
            ++signatures;
        }
    CHECK(signatures >= 37);
}

TEST_CASE("crypto/private_key: signatures are canonical whatever the digest, and some first candidates are not")
{
    auto const key = named("k0");
    auto const own = key.to_public();
    bts::sha256_digest digest;
    for (int i = 0; i < 500; ++i)
    {
        digest = bts::sha256(digest.data);
        auto const s = key.sign(digest);
        REQUIRE(bts::is_canonical(s));
        REQUIRE(s.data[0] >= 31);
        REQUIRE(s.data[0] <= 34);
        REQUIRE(bts::recover(digest, s).value() == own);
    }
}

TEST_CASE("crypto/private_key: shared secrets are the same from both sides, and those of the vectors")
{
    std::size_t count = 0;
    for (auto const& c : vectors::file("memo.json")["cases"].array())
    {
        CAPTURE(c["id"].text());
        auto const from = key_of(c["from_private_hex"].text());
        auto const to = key_of(c["to_private_hex"].text());
        auto const secret = from.shared_secret(to.to_public()).value();
        CHECK(bts::to_hex(secret.span()) == c["shared_secret_hex"].text());
        CHECK(to.shared_secret(from.to_public()).value() == secret);
        ++count;
    }
    CHECK(count == 25);
    CHECK("shared: " + bts::to_hex(named("k0").shared_secret(named("k1").to_public()).value().span()) ==
          crypto_line("shared: "));
    auto const none = named("k0").shared_secret(public_key());
    REQUIRE_FALSE(none.has_value());
    CHECK(none.error().code() == errc::invalid_public_key);
}

TEST_CASE("crypto/private_key: the core library's key, signer and secret")
{
    auto const key = named("k0");
    CHECK("k0 secret " + bts::to_hex(key.view()) == crypto_line("k0 secret "));
    CHECK(key.to_public().to_string("BTS") == word_after(crypto_line("signer: "), "k0="));
    auto const digest = fixed<bts::sha256_digest>(word_after(crypto_line("sigdigest: "), "sigdigest: "));
    std::string const tx = crypto_line("tx: ");
    std::string const mark = "\"signatures\":[\"";
    CHECK(tx.substr(tx.find(mark) + mark.size(), 130) == bts::to_hex(key.sign(digest).data));
}

TEST_CASE("crypto/private_key: children of both halves belong together, as in the core library")
{
    std::string const line = crypto_line("stealth secret ");
    auto const one_time = named("onetime");
    auto const receiver = named("receiver");
    auto const secret = one_time.shared_secret(receiver.to_public()).value();
    CHECK(bts::to_hex(secret.span()) == word_after(line, "secret "));
    auto const offset = bts::sha256(secret.span());
    CHECK(bts::to_hex(offset.data) == word_after(line, " child "));
    auto const child = receiver.child(offset).value();
    CHECK(child.to_public() == bts::child_of(receiver.to_public(), offset).value());
    CHECK(child.to_public().to_string("BTS") == word_after(line, " childpub "));
    CHECK_FALSE(child == receiver);
}

TEST_CASE("crypto/private_key: the core library's keys k0 to k5: bytes, text, address and its text")
{
    std::set<std::string> keys, lines;
    for (std::string const name : {"k0", "k1", "k2", "k3", "k4", "k5"})
    {
        auto const key = named(name).to_public();
        auto const own = bts::address_of(key);
        keys.insert("key " + key.to_string("BTS") + " raw " + bts::to_hex(key.data) + " addr " + own.to_string("BTS") +
                    " addrhex " + bts::to_hex(own.data));
    }
    for (auto const& line : vectors::file("crypto.json")["lines_basic"].array())
        if (line.text().starts_with("key "))
            lines.insert(line.text());
    CHECK(lines == keys);
}

TEST_CASE("crypto/private_key: the core library's block header is signed by one of them")
{
    std::string const line = crypto_line("block id ");
    auto const header = bts::unpack<bts::signed_block_header>(bts::from_hex(word_after(line, "hdr hex ")).value());
    REQUIRE_MESSAGE(header.has_value(), header.error().message());
    auto const digest = bts::signing_digest(*header);
    CHECK(bts::to_hex(digest.data) == word_after(line, "header digest "));
    CHECK(bts::to_hex(bts::id_of(*header).data) == word_after(line, "block id "));
    // By which of the keys, the line does not tell; the bytes are those that the core draws.
    std::size_t found = 0;
    for (std::string const name : {"k0", "k1", "k2", "k3", "k4", "k5"})
        if (bts::recover(digest, header->witness_signature).value() == named(name).to_public())
        {
            CHECK(named(name).sign(digest) == header->witness_signature);
            ++found;
        }
    CHECK(found == 1);
}
