#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/public_key.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

namespace bts = bitshares;
using bts::public_key;

namespace {

struct valid_key
{
    std::string public_hex, public_bts, public_test, address_hex, address_bts, address_test;
    BITSHARES_FIELDS((public_hex), (public_bts), (public_test), (address_hex), (address_bts), (address_test))
};

struct null_key_texts
{
    std::string text, test_text, address_bts;
    BITSHARES_FIELDS((text), (test_text), (address_bts))
};

struct invalid_key
{
    std::string text, reason, level;
    BITSHARES_FIELDS((text), (reason), (level))
};

struct key_vectors
{
    std::vector<valid_key> valid;
    null_key_texts null_key;
    std::vector<invalid_key> invalid;
    BITSHARES_FIELDS((valid), (null_key), (invalid))
};

key_vectors const& vectors()
{
    static key_vectors const read = [] {
        std::ifstream file(BITSHARES_TESTS_DIR "/vectors/public_keys.json");
        return bts::from_json<key_vectors>(std::string(std::istreambuf_iterator<char>(file), {})).value();
    }();
    return read;
}

} // namespace

TEST_CASE("protocol/public_key: bytes, text and address of known keys, with both prefixes")
{
    REQUIRE(vectors().valid.size() == 27);
    for (int round = 0; round < 2; ++round) // the second time from the memory of texts
        for (auto const& vector : vectors().valid)
        {
            public_key const key = public_key::from_string(vector.public_bts, "BTS").value();
            CHECK(bts::to_hex(key.data) == vector.public_hex);
            CHECK(key.to_string("BTS") == vector.public_bts);
            CHECK(key.to_string("TEST") == vector.public_test);
            CHECK(public_key::from_string(vector.public_test, "TEST").value() == key);

            bts::address const address = bts::address_of(key);
            CHECK(bts::to_hex(address.data) == vector.address_hex);
            CHECK(address.to_string("BTS") == vector.address_bts);
            CHECK(address.to_string("TEST") == vector.address_test);
            CHECK(bts::address::from_string(vector.address_test, "TEST").value() == address);
        }
}

TEST_CASE("protocol/public_key: 33 zeros are no key, and have a text")
{
    auto const& null_key = vectors().null_key;
    CHECK(public_key{}.to_string("BTS") == null_key.text);
    CHECK(public_key{}.to_string("TEST") == null_key.test_text);
    CHECK(public_key::from_string(null_key.text, "BTS").value() == public_key{});
    CHECK(bts::address_of(public_key{}).to_string("BTS") == null_key.address_bts);
}

TEST_CASE("protocol/public_key: texts that the core refuses are errors, each with its cause")
{
    REQUIRE(vectors().invalid.size() == 19);
    for (int round = 0; round < 2; ++round)
        for (auto const& vector : vectors().invalid)
        {
            CAPTURE(vector.reason);
            auto const read = public_key::from_string(vector.text, "BTS");
            if (vector.level == "curve") // opaque bytes until somebody computes with the point
            {
                CHECK(read.has_value());
                continue;
            }
            REQUIRE_FALSE(read.has_value());
            auto const code = read.error().code();
            bool const prefix = vector.text.substr(0, 3) != "BTS";
            bool const checksum = vector.reason.find("bad checksum") != std::string::npos;
            if (prefix)
                CHECK(code == bts::errc::wrong_key_prefix);
            else if (checksum)
                CHECK(code == bts::errc::invalid_checksum);
            else
                CHECK(code == bts::errc::invalid_base58);
            CHECK(bts::from_json<public_key>(bts::json_quote(vector.text)).error().code() == code);
        }
}

TEST_CASE("protocol/public_key: a key of another network is an error")
{
    auto const& vector = vectors().valid.front();
    CHECK(public_key::from_string(vector.public_test, "BTS").error().code() == bts::errc::wrong_key_prefix);
    CHECK(public_key::from_string(vector.public_bts, "TEST").error().code() == bts::errc::wrong_key_prefix);
    CHECK(public_key::from_string("", "BTS").error().code() == bts::errc::wrong_key_prefix);
    auto const json = bts::json_quote(vector.public_test);
    CHECK(bts::from_json<public_key>(json).error().code() == bts::errc::wrong_key_prefix);
    auto const key = bts::from_json<public_key>(json, {.key_prefix = "TEST"}).value();
    CHECK(bts::to_json(key, "TEST") == json);
}

TEST_CASE("protocol/public_key: an error leaves nothing behind in the memory of texts")
{
    std::string const good = vectors().valid.front().public_bts;
    std::string bad = good;
    bad[10] = bad[10] == 'a' ? 'b' : 'a';
    for (int i = 0; i < 3; ++i)
    {
        CHECK_FALSE(public_key::from_string(bad, "BTS").has_value());
        CHECK(public_key::from_string(good, "BTS").has_value());
    }
}

TEST_CASE("protocol/public_key: packed as 33 bytes, an address as 20")
{
    public_key const key = public_key::from_string(vectors().valid.front().public_bts, "BTS").value();
    CHECK(bts::pack(key).value() == bts::bytes(key.data.begin(), key.data.end()));
    CHECK(bts::pack(bts::address_of(key)).value().size() == 20);
}

TEST_CASE("protocol/public_key: in sets keys are ordered by their address")
{
    std::vector<public_key> keys;
    for (auto const& vector : vectors().valid)
        keys.push_back(public_key::from_string(vector.public_bts, "BTS").value());
    bts::flat_set<public_key> const set(keys);
    CHECK(set.size() == keys.size());
    CHECK(std::is_sorted(set.begin(), set.end(),
                         [](auto const& a, auto const& b) { return bts::address_of(a) < bts::address_of(b); }));
    CHECK_FALSE(std::is_sorted(set.begin(), set.end(), [](auto const& a, auto const& b) { return a.data < b.data; }));
}
