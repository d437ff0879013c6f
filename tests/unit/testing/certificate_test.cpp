#include <bitshares/base/error.hpp>
#include <bitshares/testing/certificate.hpp>

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <string>

using bitshares::testing::certificate;
using bitshares::testing::certificate_options;
using bitshares::testing::make_certificate;

// That clients accept and reject these certificates is shown by tests/integration/net_websocket_test.cpp.

namespace {

using bio = std::unique_ptr<BIO, decltype(&::BIO_free_all)>;
using x509 = std::unique_ptr<X509, decltype(&::X509_free)>;
using private_key = std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)>;

x509 read(certificate const& c)
{
    bio const memory(::BIO_new_mem_buf(c.certificate_pem.data(), static_cast<int>(c.certificate_pem.size())),
                     &::BIO_free_all);
    x509 read(::PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &::X509_free);
    REQUIRE(read != nullptr);
    return read;
}

private_key read_key(certificate const& c)
{
    bio const memory(::BIO_new_mem_buf(c.key_pem.data(), static_cast<int>(c.key_pem.size())), &::BIO_free_all);
    private_key read(::PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr), &::EVP_PKEY_free);
    REQUIRE(read != nullptr);
    return read;
}

bool is_for(certificate const& c, std::string const& host)
{
    return ::X509_check_host(read(c).get(), host.data(), host.size(), 0, nullptr) == 1 ||
           ::X509_check_ip_asc(read(c).get(), host.c_str(), 0) == 1;
}

// Whether the time lies within the certificate's.
bool is_valid_at(certificate const& c, std::time_t when)
{
    auto const certified = read(c);
    return ::X509_cmp_time(::X509_get0_notBefore(certified.get()), &when) < 0 &&
           ::X509_cmp_time(::X509_get0_notAfter(certified.get()), &when) > 0;
}

constexpr std::time_t day = 86'400;

} // namespace

TEST_CASE("testing/certificate: the key belongs to the certificate, which it has signed as an authority")
{
    auto const c = make_certificate();
    auto const certified = read(c);
    auto const key = read_key(c);
    CHECK(::X509_check_private_key(certified.get(), key.get()) == 1);
    CHECK(::X509_verify(certified.get(), key.get()) == 1);
    CHECK(::X509_check_ca(certified.get()) == 1);
    CHECK(::X509_NAME_cmp(::X509_get_subject_name(certified.get()), ::X509_get_issuer_name(certified.get())) == 0);
}

TEST_CASE("testing/certificate: two have nothing in common")
{
    auto const one = make_certificate();
    auto const other = make_certificate();
    CHECK(one.key_pem != other.key_pem);
    CHECK(::X509_check_private_key(read(one).get(), read_key(other).get()) == 0);
    CHECK(::X509_verify(read(one).get(), read_key(other).get()) != 1);
    CHECK(::ASN1_INTEGER_cmp(::X509_get0_serialNumber(read(one).get()), ::X509_get0_serialNumber(read(other).get())) !=
          0);
}

TEST_CASE("testing/certificate: for this machine's names by default, or for those that are given, and no others")
{
    auto const local = make_certificate();
    CHECK(is_for(local, "localhost"));
    CHECK(is_for(local, "127.0.0.1"));
    CHECK_FALSE(is_for(local, "node.example"));
    certificate_options options;
    options.names = {"node.example", "10.0.0.7", "::1", "1.example"};
    auto const named = make_certificate(options);
    for (std::string const host : {"node.example", "10.0.0.7", "::1", "1.example"})
        CHECK_MESSAGE(is_for(named, host), host);
    for (std::string const host : {"localhost", "127.0.0.1", "sub.node.example", "10.0.0.8"})
        CHECK_MESSAGE(!is_for(named, host), host);
    options.names.clear();
    CHECK_FALSE(is_for(make_certificate(options), "localhost"));
}

TEST_CASE("testing/certificate: valid from yesterday for a month, or as many days from now as asked for")
{
    std::time_t const now = std::time(nullptr);
    auto const usual = make_certificate();
    CHECK(is_valid_at(usual, now));
    CHECK(is_valid_at(usual, now + 29 * day));
    CHECK_FALSE(is_valid_at(usual, now + 31 * day));
    CHECK_FALSE(is_valid_at(usual, now - 2 * day));
    certificate_options options;
    options.valid_from_days = -3;
    options.valid_to_days = -1;
    auto const expired = make_certificate(options);
    CHECK_FALSE(is_valid_at(expired, now));
    CHECK(is_valid_at(expired, now - 2 * day));
    options.valid_from_days = 1;
    options.valid_to_days = 2;
    CHECK_FALSE(is_valid_at(make_certificate(options), now)); // not yet
}

TEST_CASE("testing/certificate: a name that is neither host nor address is refused with the library's exception")
{
    for (std::string const name : {"999.1.1.1", "1.2.3", "", ":::"})
    {
        CAPTURE(name);
        certificate_options options;
        options.names = {name};
        try
        {
            (void)make_certificate(options);
            FAIL("no exception");
        }
        catch (bitshares::exception const& e)
        {
            CHECK(e.code() == bitshares::errc::tls_failed);
        }
    }
}
