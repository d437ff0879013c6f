#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/wallet/keyring_signer.hpp>

#include <doctest/doctest.h>

#include <concepts>

namespace bts = bitshares;

static_assert(!std::constructible_from<bts::keyring_signer, bts::keyring>); // it would be gone

TEST_CASE("wallet/keyring_signer: it offers the keyring's keys and signs with the one that is asked for")
{
    bts::keyring keys;
    auto const first = keys.add(bts::private_key::generate(), "first").value();
    bts::keyring_signer by(keys);
    CHECK(by.keys() == std::vector<bts::public_key>{first});
    auto const second = keys.add(bts::private_key::generate()).value(); // it may change meanwhile
    CHECK(by.keys() == std::vector<bts::public_key>{first, second});

    bts::transaction const body;
    auto const chain_id = bts::mainnet().chain_id;
    auto const packed = bts::pack(body).value();
    bts::signing_request request{.body = body,
                                 .chain_id = chain_id,
                                 .packed = packed,
                                 .digest = bts::signing_digest(body, chain_id).value(),
                                 .key = second};
    bts::signer& any = by;
    CHECK(bts::recover(request.digest, any.sign(request).value()).value() == second);
    request.key = bts::private_key::generate().to_public();
    CHECK(any.sign(request).error().code() == bts::errc::unknown_key);
}
