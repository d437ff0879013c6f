#pragma once

#include <bitshares/base/error.hpp>
#include <bitshares/testing/certificate.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

template <auto Free>
struct openssl_deleter
{
    template <class T>
    void operator()(T* p) const noexcept
    {
        Free(p);
    }
};
template <class T, auto Free>
using openssl_ptr = std::unique_ptr<T, openssl_deleter<Free>>;

inline void openssl_must(bool good)
{
    if (!good)
        throw exception(error(errc::tls_failed, "OpenSSL cannot make a certificate"));
}

inline void add_certificate_extension(X509* x509, int nid, std::string const& value)
{
    openssl_ptr<X509_EXTENSION, ::X509_EXTENSION_free> const extension(
        ::X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
    openssl_must(extension && ::X509_add_ext(x509, extension.get(), -1) == 1);
}

inline std::string bio_text(BIO* bio)
{
    char* data = nullptr;
    long const size = ::BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

} // namespace detail

BITSHARES_DECL certificate make_certificate(certificate_options const& options)
{
    using namespace detail;
    openssl_ptr<EVP_PKEY, ::EVP_PKEY_free> const key(::EVP_EC_gen("P-256"));
    openssl_ptr<X509, ::X509_free> const x509(::X509_new());
    openssl_must(key && x509);

    std::uint64_t serial = 0;
    openssl_must(::RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
    constexpr long day = 86'400;
    openssl_must(::X509_set_version(x509.get(), 2) == 1 &&
                 ::ASN1_INTEGER_set_uint64(::X509_get_serialNumber(x509.get()), serial >> 1) == 1 &&
                 ::X509_gmtime_adj(::X509_getm_notBefore(x509.get()), options.valid_from_days * day) != nullptr &&
                 ::X509_gmtime_adj(::X509_getm_notAfter(x509.get()), options.valid_to_days * day) != nullptr &&
                 ::X509_set_pubkey(x509.get(), key.get()) == 1);
    X509_NAME* const name = ::X509_get_subject_name(x509.get());
    constexpr unsigned char subject[] = "bitshares-cpp test node";
    openssl_must(::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, subject, -1, -1, 0) == 1 &&
                 ::X509_set_issuer_name(x509.get(), name) == 1);
    std::string names;
    for (auto const& host : options.names)
    {
        bool const address =
            host.find_first_not_of("0123456789.") == std::string::npos || host.find(':') != std::string::npos;
        names += (names.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + host;
    }
    add_certificate_extension(x509.get(), NID_basic_constraints, "critical,CA:TRUE");
    if (!names.empty())
        add_certificate_extension(x509.get(), NID_subject_alt_name, names);
    openssl_must(::X509_sign(x509.get(), key.get(), ::EVP_sha256()) > 0);

    openssl_ptr<BIO, ::BIO_free_all> const certificate_bio(::BIO_new(::BIO_s_mem()));
    openssl_ptr<BIO, ::BIO_free_all> const key_bio(::BIO_new(::BIO_s_mem()));
    openssl_must(certificate_bio && key_bio && ::PEM_write_bio_X509(certificate_bio.get(), x509.get()) == 1 &&
                 ::PEM_write_bio_PrivateKey(key_bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {bio_text(certificate_bio.get()), bio_text(key_bio.get())};
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
