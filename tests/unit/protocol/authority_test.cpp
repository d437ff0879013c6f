#include "support/both_forms.hpp"

#include <bitshares/protocol/authority.hpp>

#include <doctest/doctest.h>

#include <string>

namespace bts = bitshares;
using bts::account_id;
using bts::authority;
using bts::special_authority;
using test::binary_error;
using test::json_error;
using test::strict_json_error;

namespace {

// Of tests/vectors/public_keys.json: as bytes and as text these stand in another order than their addresses, which begin
// with 0c, 18, 30 and eb.
struct known_key
{
    std::string hex, text, address_hex, address_text;
};
known_key const first{"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                      "BTS5p78kHbL33Rn3JWkTWRE2B9uz6gy4r1KbfAKLNQGE3ovMBS5bu",
                      "0cb77e141cf93557a06ead56f765d4f121ec84fe", "BTS2AEvasXgyVpNhNiwMGFtFFbsr8UH5BXqo"};
known_key const second{"02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",
                       "BTS6nEZsuNhDnknxVTf1YH454nxiB5MpVSN7gQktMRioqRiAXfJpk",
                       "1833f46279b26c53cdca773042a6f081fa2d4403", "BTS3CyTUY2sWgWcm8RJhwLPci9csrhcrNWuS"};
known_key const third{"03c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
                      "BTS8LSd6YJua9EUQgdtitDqnqvLrWXuXbJt52sPD2om4sAhdEGBut",
                      "309b9e7e4b1c743cc2d228a3a8ce4f3fbfb3d732", "BTS5S1rpBcTBEh8QpAb5jjKGwtuU7h5qwQpD"};
known_key const fourth{"028f68b9d2f63b5f339239c1ad981f162ee88c5678723ea3351b7b444c9ec4c0da",
                       "BTS5yeYdr53FMC2NfZKfRDw5vfEgZJrVRnBrr4466YkLfs9kEBKEa",
                       "ebcb218d3341b4bd425f1eea807cae96c02ba696", "BTSNVm8sg5EqTgs8TMuiPi2XQriynh3Z1Y2r"};

bts::public_key key(known_key const& k)
{
    return bts::public_key::from_string(k.text, "BTS").value();
}

std::string key_auth(known_key const& k, int weight)
{
    return "[\"" + k.text + "\"," + std::to_string(weight) + "]";
}

} // namespace

TEST_CASE("protocol/authority: threshold and three maps; empty, nobody may act")
{
    test::check_both_forms(authority{}, "00000000000000",
                           R"({"weight_threshold":0,"account_auths":[],"key_auths":[],"address_auths":[]})");
    authority a;
    a.weight_threshold = 0x01020304;
    a.account_auths = {{account_id(300), std::uint16_t{2}}, {account_id(17), std::uint16_t{1}}};
    a.key_auths = {{key(first), std::uint16_t{65'535}}};
    a.address_auths = {{bts::address_of(key(second)), std::uint16_t{3}}};
    test::check_both_forms(
        a, "04030201 02 110100 ac020200 01" + first.hex + "ffff 01" + second.address_hex + "0300",
        R"({"weight_threshold":16909060,"account_auths":[["1.2.17",1],["1.2.300",2]],"key_auths":[)" +
            key_auth(first, 65'535) + R"(],"address_auths":[[")" + second.address_text + R"(",3]]})");
}

TEST_CASE("protocol/authority: keys stand in the order of their addresses, not of their bytes or texts")
{
    for (known_key const& k : {first, second, third, fourth})
        CHECK(bts::to_hex(bts::address_of(key(k)).data) == k.address_hex);
    authority a;
    a.key_auths = {{key(fourth), std::uint16_t{4}},
                   {key(third), std::uint16_t{3}},
                   {key(first), std::uint16_t{1}},
                   {key(second), std::uint16_t{2}}};
    test::check_both_forms(
        a, "00000000 00 04" + first.hex + "0100" + second.hex + "0200" + third.hex + "0300" + fourth.hex + "0400 00",
        R"({"weight_threshold":0,"account_auths":[],"key_auths":[)" + key_auth(first, 1) + ',' + key_auth(second, 2) +
            ',' + key_auth(third, 3) + ',' + key_auth(fourth, 4) + R"(],"address_auths":[]})");
    REQUIRE(a.key_auths.find(key(third)) != nullptr);
    CHECK(*a.key_auths.find(key(third)) == 3);
    CHECK(a.key_auths.find(bts::public_key()) == nullptr);
}

TEST_CASE("protocol/authority: what is read is sorted, and a key that stands twice keeps its first weight")
{
    auto const read =
        bts::from_json<authority>(R"({"weight_threshold":1,"account_auths":[["1.2.9",1],["1.2.8",2],["1.2.9",3]],)"
                                  R"("key_auths":[)" +
                                  key_auth(fourth, 4) + ',' + key_auth(first, 1) + ',' + key_auth(fourth, 9) +
                                  R"(],"address_auths":[]})")
            .value();
    CHECK(bts::to_json(read) == R"({"weight_threshold":1,"account_auths":[["1.2.8",2],["1.2.9",1]],"key_auths":[)" +
                                    key_auth(first, 1) + ',' + key_auth(fourth, 4) + R"(],"address_auths":[]})");
    std::string const twice = fourth.hex + "0400" + first.hex + "0100" + fourth.hex + "0900";
    auto const unpacked = bts::unpack<authority>(bts::from_hex("010000000003" + twice + "00").value());
    CHECK(unpacked.value().key_auths == read.key_auths);
}

TEST_CASE("protocol/authority: damaged keys, weights and ids are errors that name the element")
{
    CHECK(json_error<authority>(R"({"key_auths":[)" + key_auth(first, 1) + R"(,["BTS5p78",1]]})") ==
          "invalid_base58 /key_auths/1/0");
    CHECK(json_error<authority>(R"({"key_auths":[)" + key_auth(first, 65'536) + "]}") ==
          "value_out_of_range /key_auths/0/1");
    CHECK(json_error<authority>(R"({"account_auths":[["1.3.0",1]]})") == "invalid_object_id /account_auths/0/0");
    CHECK(json_error<authority>(R"({"account_auths":[["1.2.0"]]})") == "wrong_type /account_auths/0");
    CHECK(json_error<authority>(R"({"account_auths":{"1.2.0":1}})") == "wrong_type /account_auths");
    CHECK(strict_json_error<authority>(R"({"weight_threshold":1,"account_auths":[],"key_auths":[]})") ==
          "missing_member /address_auths");
}

TEST_CASE("protocol/authority: special authorities are none, or the largest holders of an asset")
{
    test::check_both_forms(special_authority(), "00", "[0,{}]");
    test::check_both_forms(special_authority(bts::top_holders_special_authority{bts::asset_id(300), 255}), "01ac02ff",
                           R"([1,{"asset":"1.3.300","num_top_holders":255}])");
    CHECK(bts::top_holders_special_authority().num_top_holders == 1);
    CHECK(json_error<special_authority>("[2,{}]") == "unknown_tag /0");
    CHECK(binary_error<special_authority>("02") == "unknown_tag /0");
    CHECK(json_error<special_authority>(R"([1,{"num_top_holders":256}])") == "value_out_of_range /1/num_top_holders");
}
