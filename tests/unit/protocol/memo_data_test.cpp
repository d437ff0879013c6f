#include "support/both_forms.hpp"

#include <bitshares/protocol/memo_data.hpp>

#include <doctest/doctest.h>

#include <string>

namespace bts = bitshares;
using bts::memo_data;
using test::json_error;
using test::strict_json_error;

namespace {

// Of tests/vectors/public_keys.json.
std::string const key_hex = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
std::string const key_text = "BTS5p78kHbL33Rn3JWkTWRE2B9uz6gy4r1KbfAKLNQGE3ovMBS5bu";
std::string const no_key = "BTS1111111111111111111111111111111114T1Anm";

std::string json(std::string const& from, std::string const& to, std::string const& nonce, std::string const& message)
{
    return R"({"from":")" + from + R"(","to":")" + to + R"(","nonce":)" + nonce + R"(,"message":")" + message + "\"}";
}

} // namespace

TEST_CASE("protocol/memo_data: both keys, the nonce and the length of the message, as the node has them")
{
    memo_data memo;
    memo.from = bts::public_key::from_string(key_text, "BTS").value();
    memo.nonce = 0x0102030405060708;
    memo.message = {0xde, 0xad};
    test::check_both_forms(memo, key_hex + std::string(66, '0') + "0807060504030201" + "02dead",
                           json(key_text, no_key, R"("72623859790382856")", "dead"));
}

TEST_CASE("protocol/memo_data: a memo in clear has two keys of zeros, and four zero bytes before the text")
{
    memo_data memo;
    test::check_both_forms(memo, std::string(132, '0') + "0000000000000000" + "00", json(no_key, no_key, "0", ""));
    memo.message = {0, 0, 0, 0, 'h', 'i'};
    test::check_both_forms(memo, std::string(132, '0') + "0000000000000000" + "06000000006869",
                           json(no_key, no_key, "0", "000000006869"));
}

TEST_CASE("protocol/memo_data: the nonce is a string beyond 32 bits, and is read from both")
{
    memo_data memo;
    memo.nonce = 4'294'967'295;
    CHECK(bts::to_json(memo) == json(no_key, no_key, "4294967295", ""));
    memo.nonce = 4'294'967'296;
    CHECK(bts::to_json(memo) == json(no_key, no_key, R"("4294967296")", ""));
    for (char const* nonce : {"18446744073709551615", R"("18446744073709551615")"})
        CHECK(bts::from_json<memo_data>(json(no_key, no_key, nonce, "")).value().nonce == ~std::uint64_t{0});
    CHECK(json_error<memo_data>(json(no_key, no_key, "-1", "")) == "value_out_of_range /nonce");
    CHECK(json_error<memo_data>(json(no_key, no_key, R"("1.0")", "")) == "wrong_type /nonce");
}

TEST_CASE("protocol/memo_data: keys of another network, or damaged, are errors that name the member")
{
    std::string damaged = key_text;
    damaged.back() = 'v';
    std::string const test_key = "TEST" + key_text.substr(3);
    CHECK(json_error<memo_data>(json(test_key, no_key, "0", "")) == "wrong_key_prefix /from");
    CHECK(json_error<memo_data>(json(no_key, damaged, "0", "")) == "invalid_checksum /to");
    CHECK(json_error<memo_data>(json("", no_key, "0", "")) == "wrong_key_prefix /from");
    CHECK(json_error<memo_data>(json(no_key, no_key, "0", "0")) == "invalid_hex /message");
    auto const on_testnet = bts::from_json<memo_data>(json(test_key, "TEST" + no_key.substr(3), "0", ""),
                                                      {.mode = bts::json_mode::strict, .key_prefix = "TEST"});
    REQUIRE(on_testnet.has_value());
    CHECK(bts::to_json(*on_testnet, "TEST") == json(test_key, "TEST" + no_key.substr(3), "0", ""));
}

TEST_CASE("protocol/memo_data: strict reading wants all four members")
{
    CHECK(strict_json_error<memo_data>(R"({"from":")" + no_key + R"(","to":")" + no_key + R"(","nonce":0})") ==
          "missing_member /message");
    CHECK(strict_json_error<memo_data>(R"({"nonce":0,"message":"","to":")" + no_key + "\"}") == "missing_member /from");
    CHECK(bts::from_json<memo_data>("{}").value() == memo_data{});
}
