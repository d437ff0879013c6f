#include <bitshares/base/hash.hpp>
#include <bitshares/crypto/secret_hash.hpp>

#include <doctest/doctest.h>

#include <vector>

namespace bts = bitshares;

TEST_CASE("crypto/secret_hash: the same digests as for what is no secret, before and after each other")
{
    std::vector<std::uint8_t> data;
    for (int size = 0; size < 300; ++size)
    {
        CAPTURE(size);
        auto const plain256 = bts::sha256(data);
        auto const plain512 = bts::sha512(data);
        CHECK(bts::secure_equal(bts::secret_sha256(data).span(), plain256.data));
        CHECK(bts::secure_equal(bts::secret_sha512(data).span(), plain512.data));
        auto const half = data.size() / 2;
        CHECK(bts::secret_sha512(std::span(data).first(half), std::span(data).subspan(half)) ==
              bts::secret_sha512(data));
        CHECK(bts::sha256(data) == plain256);
        data.push_back(static_cast<std::uint8_t>(size * 7));
    }
}
