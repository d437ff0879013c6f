#include <bitshares/crypto/nonce_sequence.hpp>
#include <bitshares/crypto/private_key.hpp>

#include <doctest/doctest.h>
#include <secp256k1.h>

#include <vector>

namespace bts = bitshares;

TEST_CASE("crypto/nonce_sequence: the numbers that libsecp256k1's own function draws, in its order")
{
    bts::sha256_digest digest;
    for (int i = 0; i < 20; ++i)
    {
        auto const key = bts::private_key::generate();
        digest = bts::sha256(digest.data);
        bts::detail::nonce_sequence sequence(key.view(), digest);
        for (unsigned attempt = 0; attempt < 6; ++attempt)
        {
            CAPTURE(attempt);
            std::vector<std::uint8_t> ours(32), theirs(32);
            REQUIRE(sequence.next(ours.data()));
            REQUIRE(secp256k1_nonce_function_rfc6979(theirs.data(), digest.data.data(), key.view().data(), nullptr,
                                                     nullptr, attempt) == 1);
            CHECK(ours == theirs);
        }
    }
}
