#include <bitshares/base/hash.hpp>
#include <bitshares/base/hex.hpp>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace bts = bitshares;

namespace {

std::span<std::uint8_t const> bytes_of(std::string_view text)
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

template <class Digest>
std::string hex(Digest const& digest)
{
    return bts::to_hex(digest.data);
}

} // namespace

// The algorithms' own published test vectors.
TEST_CASE("base/hash: known answers")
{
    CHECK(hex(bts::sha256(bytes_of(""))) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(bts::sha256(bytes_of("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(bts::sha224(bytes_of("abc"))) == "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
    CHECK(hex(bts::sha512(bytes_of("abc"))) == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    CHECK(hex(bts::ripemd160(bytes_of(""))) == "9c1185a5c5e9fc54612808977ee8f548b2258d31");
    CHECK(hex(bts::ripemd160(bytes_of("abc"))) == "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
    CHECK(hex(bts::ripemd160(bytes_of("message digest"))) == "5d0689ef49d2fae572b881b123a85ffa21595f36");
}

TEST_CASE("base/hash: SHA-256 of two pieces is that of the whole, also when one is empty")
{
    CHECK(bts::sha256(bytes_of("ab"), bytes_of("c")) == bts::sha256(bytes_of("abc")));
    CHECK(bts::sha256(bytes_of("abc"), {}) == bts::sha256(bytes_of("abc")));
    CHECK(bts::sha256({}, bytes_of("abc")) == bts::sha256(bytes_of("abc")));
}

TEST_CASE("base/hash: digests work in many threads at once")
{
    auto const expected = bts::sha512(bytes_of("abc"));
    std::vector<int> good(4);
    std::vector<std::thread> threads;
    for (int& g : good)
        threads.emplace_back([&g, &expected] {
            for (int i = 0; i < 200; ++i)
                g += bts::sha512(bytes_of("abc")) == expected;
        });
    for (auto& t : threads)
        t.join();
    for (int g : good)
        CHECK(g == 200);
}

TEST_CASE("base/hash: SHA-256 of pieces is that of the whole, at any moment")
{
    bts::sha256_stream stream;
    CHECK(stream.digest() == bts::sha256(bytes_of("")));
    std::string whole;
    for (char c = 'a'; c != 'z'; ++c)
    {
        std::string const piece(static_cast<std::size_t>(c), c);
        whole += piece;
        stream.update(bytes_of(piece));
        CHECK(stream.digest() == bts::sha256(bytes_of(whole)));
        CHECK(stream.digest() == bts::sha256(bytes_of(whole))); // asking changes nothing
    }
    stream.reset();
    stream.update(bytes_of("abc"));
    CHECK(stream.digest() == bts::sha256(bytes_of("abc")));
}

// OpenSSL 3.0.0 to 3.0.6 have RIPEMD-160 in the legacy provider only, which nobody loads. A child process that has
// loaded the null provider alone has no algorithm at all through EVP, and still every address.
TEST_CASE("base/hash: RIPEMD-160 needs no provider of OpenSSL")
{
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0)
    {
        OSSL_PROVIDER* const null_provider = OSSL_PROVIDER_load(nullptr, "null");
        EVP_set_default_properties(nullptr, "provider=null");
        EVP_MD* const through_evp = EVP_MD_fetch(nullptr, "RIPEMD160", nullptr);
        bool const good = hex(bts::ripemd160(bytes_of("abc"))) == "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc";
        ::_exit(null_provider == nullptr ? 2 : through_evp != nullptr ? 3 : good ? 0 : 4);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}
