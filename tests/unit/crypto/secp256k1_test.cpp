#include "support/both_forms.hpp"

#include <bitshares/base/hash.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/secp256k1.hpp>

#include <doctest/doctest.h>

#include <thread>
#include <vector>

namespace bts = bitshares;
using bts::detail::multiply;
using bts::detail::multiply_split;

namespace {

secp256k1_pubkey point_of(bts::public_key const& key)
{
    secp256k1_pubkey point;
    REQUIRE(bts::detail::read_point(key, point));
    return point;
}

} // namespace

TEST_CASE("crypto/secp256k1: one context for all threads")
{
    auto const* const context = bts::detail::secp256k1();
    REQUIRE(context != nullptr);
    secp256k1_context const* other = nullptr;
    std::thread([&] { other = bts::detail::secp256k1(); }).join();
    CHECK(other == context);
}

TEST_CASE("crypto/secp256k1: points are read and written")
{
    auto const key = bts::private_key::generate().to_public();
    CHECK(bts::detail::write_point(point_of(key)) == key);
    secp256k1_pubkey point;
    CHECK_FALSE(bts::detail::read_point(bts::public_key(), point));
}

TEST_CASE("crypto/secp256k1: both multiplications agree")
{
    for (int i = 0; i < 20; ++i)
    {
        auto const a = bts::private_key::generate();
        auto const b = bts::private_key::generate();
        bts::secret<32> x, y, z;
        REQUIRE(multiply(point_of(a.to_public()), b.view(), x));
        REQUIRE(multiply_split(point_of(a.to_public()), b.view(), y));
        REQUIRE(multiply_split(point_of(b.to_public()), a.view(), z));
        CHECK(x == y);
        CHECK(x == z);
        CHECK(bts::secure_equal(bts::sha512(x.span()).data, a.shared_secret(b.to_public()).value().span()));
    }
}

TEST_CASE("crypto/secp256k1: a scalar out of range is refused by both multiplications")
{
    auto const point = point_of(bts::private_key::generate().to_public());
    bts::secret<32> scalar, x;
    CHECK_FALSE(multiply(point, scalar.span(), x));
    CHECK_FALSE(multiply_split(point, scalar.span(), x));
    std::fill_n(scalar.data(), 32, std::uint8_t{0xff});
    CHECK_FALSE(multiply(point, scalar.span(), x));
    CHECK_FALSE(multiply_split(point, scalar.span(), x));
    std::fill_n(scalar.data(), 31, std::uint8_t{0});
    scalar.data()[31] = 1;
    CHECK(multiply(point, scalar.span(), x));
    bts::secret<32> y;
    CHECK(multiply_split(point, scalar.span(), y));
    CHECK(x == y);
    auto const key = bts::detail::write_point(point);
    CHECK(bts::secure_equal(x.span(), std::span(key.data).subspan(1)));
}
