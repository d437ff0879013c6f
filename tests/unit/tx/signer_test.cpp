#include <bitshares/crypto/signature.hpp>
#include <bitshares/tx/builder.hpp>
#include <bitshares/tx/signer.hpp>

#include <doctest/doctest.h>

using namespace bitshares;

namespace {

private_key key_of(std::uint8_t n)
{
    return private_key::from_bytes(std::vector<std::uint8_t>(32, n)).value();
}

unsigned_transaction example()
{
    transaction tx;
    tx.operations.emplace_back(transfer());
    return unsigned_transaction::of(std::move(tx), chain_id_type{{1, 2, 3}}).value();
}

} // namespace

TEST_CASE("tx/signer: keys in memory sign what they are asked to")
{
    memory_signer signer(key_of(1));
    signer.add(key_of(2));
    auto const tx = example();
    CHECK(signer.keys() == std::vector<public_key>{key_of(1).to_public(), key_of(2).to_public()});
    auto const both = tx.sign(signer, signer.keys()).value();
    REQUIRE(both.signatures.size() == 2);
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(recover(tx.digest(), both.signatures[i]).value() == signer.keys()[i]);
    CHECK(both.signatures[0] == tx.sign(key_of(1)).signatures.at(0));
    std::vector<public_key> const other{key_of(3).to_public()};
    CHECK(tx.sign(signer, other).error().code() == errc::unknown_key);
    CHECK(tx.body() == static_cast<transaction const&>(both)); // and the unsigned one is as it was
}

TEST_CASE("tx/signer: a device is told what it signs, and what it gives is checked")
{
    auto const tx = example();
    std::vector<public_key> const keys{key_of(5).to_public()};
    bool seen = false;
    callback_signer device(keys, [&](signing_request const& r) -> result<signature> {
        seen = r.body == tx.body() && r.chain_id == tx.chain_id() && r.digest == tx.digest() && r.key == keys[0] &&
               r.digest == sha256(r.chain_id.data, r.packed);
        return key_of(5).sign(r.digest);
    });
    CHECK(tx.sign(device, keys).has_value());
    CHECK(seen);
    callback_signer broken(keys, [](signing_request const& r) -> result<signature> {
        signature s = key_of(5).sign(r.digest);
        s.data[64] ^= 1;
        return s;
    });
    CHECK(tx.sign(broken, keys).error().code() == errc::wrong_signature);
    callback_signer other(keys, [](signing_request const& r) -> result<signature> { return key_of(6).sign(r.digest); });
    CHECK(tx.sign(other, keys).error().code() == errc::wrong_signature);
}
