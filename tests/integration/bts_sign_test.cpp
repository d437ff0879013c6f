// bts tx sign, recover and merge, as processes.

#include <bitshares/crypto/private_key.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/tx/partial.hpp>
#include <support/folder.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace bitshares;
using test::json_value;

namespace {

constexpr char const* chain = "4018d7844c78f6a6c41c6a552b898022310fc5dec06da467ee7905a8dad512c8";
constexpr char const* unsigned_json =
    R"({"ref_block_num":34294,"ref_block_prefix":3707022213,"expiration":"2016-04-06T08:29:27","operations":[[0,)"
    R"({"fee":{"amount":0,"asset_id":"1.3.0"},"from":"1.2.17","to":"1.2.128","amount":{"amount":0,"asset_id":"1.3.0"},)"
    R"("extensions":[]}]],"extensions":[]})";

private_key key_of(std::uint8_t n)
{
    return private_key::from_bytes(std::vector<std::uint8_t>(32, n)).value();
}

struct keys_file
{
    explicit keys_file(std::vector<std::uint8_t> const& numbers)
    {
        std::ofstream out(path());
        for (std::uint8_t const n : numbers)
            out << key_of(n).to_wif().view() << '\n';
        out.close();
        std::filesystem::permissions(path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    std::string path() const { return folder.file("keys"); }
    support::folder folder;
};

std::string bts(std::vector<std::string> arguments, std::string const& line, int expected = 0)
{
    arguments.insert(arguments.begin(), BITSHARES_PROGRAMS_DIR "/bts");
    support::process program(arguments);
    std::string out = program.communicate(line + "\n");
    CHECK(program.wait() == expected);
    while (out.ends_with('\n'))
        out.pop_back();
    return out;
}

std::string sign(std::string const& json, std::vector<std::uint8_t> const& numbers)
{
    keys_file const keys(numbers);
    return bts({"tx", "sign", "--chain-id", chain, "--key-file", keys.path()}, json);
}

std::string name_of(std::uint8_t n)
{
    return key_of(n).to_public().to_string("BTS");
}

} // namespace

TEST_CASE("integration/bts_sign: a transaction is signed offline, and who signed is told")
{
    auto const answer = json_value::parse(sign(unsigned_json, {1, 2}));
    CHECK(answer["hex"].text() == "f68585abf4dce7c804570100000000000000000000118001000000000000000000000000");
    CHECK(answer["id"].text() == "698565cbe6d1fe8bd4be33df20cacc71a0ab7da4");
    CHECK(answer["digest"].text() == "b7ba6c931d6668028d33452be2ef9afe14e65abbcabdcff05e460372966c5f2d");
    auto const tx = from_json<transaction>(unsigned_json).value();
    auto const digest = signing_digest(tx, mainnet().chain_id).value();
    signed_transaction expected;
    static_cast<transaction&>(expected) = tx;
    expected.signatures = {key_of(1).sign(digest), key_of(2).sign(digest)};
    std::string const whole = to_json(expected);
    CHECK(sign(unsigned_json, {1, 2}).find("\"transaction\":" + whole + "}") != std::string::npos);
    CHECK(bts({"tx", "recover", "--chain-id", chain}, whole) ==
          "{\"public_keys\":[\"" + name_of(1) + "\",\"" + name_of(2) + "\"]}");
    CHECK(bts({"tx", "recover", "--chain-id", chain}, unsigned_json) == "{\"public_keys\":[]}");

    // A key that has signed does not sign again.
    CHECK(sign(whole, {2, 3}).find("\"signatures\":[") != std::string::npos);
    CHECK(json_value::parse(sign(whole, {2, 3}))["transaction"]["signatures"].size() == 3);
}

TEST_CASE("integration/bts_sign: what cannot be signed is told, without a word of the keys")
{
    keys_file const keys({1});
    std::string const bad = bts({"tx", "sign", "--chain-id", chain, "--key-file", keys.path()}, "{\"x\":1}", 1);
    CHECK(bad.find("\"code\":") != std::string::npos);
    bts({"tx", "sign", "--chain-id", chain}, unsigned_json, 2);
    bts({"tx", "sign", "--key-file", keys.path()}, unsigned_json, 2);
    std::string damaged = unsigned_json;
    damaged.pop_back();
    damaged += ",\"signatures\":[\"" + std::string(130, '0') + "\"]}";
    CHECK(bts({"tx", "recover", "--chain-id", chain}, damaged, 1).find("/signatures/0") != std::string::npos);
}

TEST_CASE("integration/bts_sign: copies that several people signed become one")
{
    auto const part = [](std::uint8_t n) {
        std::string const text = sign(unsigned_json, {n});
        std::size_t const at = text.find("\"transaction\":") + 14;
        return text.substr(at, text.size() - at - 1);
    };
    std::string const merged = bts({"tx", "merge"}, "[" + part(1) + "," + part(2) + "," + part(1) + "]");
    CHECK(bts({"tx", "recover", "--chain-id", chain}, merged) ==
          "{\"public_keys\":[\"" + name_of(1) + "\",\"" + name_of(2) + "\"]}");
    std::string other = part(2);
    other.replace(other.find("34294"), 5, "34295");
    CHECK(bts({"tx", "merge"}, "[" + part(1) + "," + other + "]", 1).find("different_transactions") !=
          std::string::npos);

    // Partial transactions: two of three keys, of which three sign.
    authority active;
    active.weight_threshold = 2;
    for (std::uint8_t const n : std::initializer_list<std::uint8_t>{1, 2, 3})
        active.key_auths.insert({key_of(n).to_public(), 1});
    account_set accounts;
    accounts.add(account_id(17), "council", active, active);
    auto tx = unsigned_transaction::of(from_json<transaction>(unsigned_json).value(), mainnet().chain_id).value();
    std::string const file = partial_transaction::create(std::move(tx), accounts).value().to_json();
    std::string const first = sign(file, {1, 9}), second = sign(file, {2}), third = sign(file, {3});
    auto const whole =
        partial_transaction::from_json(bts({"tx", "merge"}, "[" + first + "," + second + "," + third + "]"));
    REQUIRE(whole.has_value());
    CHECK(whole->signatures().size() == 2);
    CHECK(whole->complete());
}
