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

using bio_ptr = openssl_ptr<BIO, ::BIO_free_all>;
using x509_ptr = openssl_ptr<X509, ::X509_free>;
using key_ptr = openssl_ptr<EVP_PKEY, ::EVP_PKEY_free>;

inline bio_ptr bio_of(std::string const& text)
{
    bio_ptr bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    openssl_must(bio != nullptr);
    return bio;
}

inline x509_ptr read_certificate(certificate const& of)
{
    x509_ptr x509(::PEM_read_bio_X509(bio_of(of.certificate_pem).get(), nullptr, nullptr, nullptr));
    openssl_must(x509 != nullptr);
    return x509;
}

/* @param authority Null: the certificate signs itself, and may sign others. */
inline certificate make_certificate_by(certificate_options const& options, certificate const* authority)
{
    key_ptr const key(::EVP_EC_gen("P-256"));
    x509_ptr const x509(::X509_new());
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
    // Another name than the authority's: a certificate whose issuer is called like itself counts as signed by itself.
    std::string const called = options.common_name + (authority != nullptr ? ", signed" : "");
    auto const* const subject = reinterpret_cast<unsigned char const*>(called.c_str());
    x509_ptr const issuer = authority != nullptr ? read_certificate(*authority) : nullptr;
    key_ptr const issuer_key(
        authority != nullptr ? ::PEM_read_bio_PrivateKey(bio_of(authority->key_pem).get(), nullptr, nullptr, nullptr)
                             : nullptr);
    openssl_must(::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, subject, -1, -1, 0) == 1 &&
                 ::X509_set_issuer_name(x509.get(), issuer ? ::X509_get_subject_name(issuer.get()) : name) == 1 &&
                 (authority == nullptr || issuer_key));
    std::string names;
    for (auto const& host : options.names)
    {
        bool const address =
            host.find_first_not_of("0123456789.") == std::string::npos || host.find(':') != std::string::npos;
        names += (names.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + host;
    }
    add_certificate_extension(x509.get(), NID_basic_constraints,
                              authority == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!names.empty())
        add_certificate_extension(x509.get(), NID_subject_alt_name, names);
    openssl_must(::X509_sign(x509.get(), issuer_key ? issuer_key.get() : key.get(), ::EVP_sha256()) > 0);

    bio_ptr const certificate_bio(::BIO_new(::BIO_s_mem()));
    bio_ptr const key_bio(::BIO_new(::BIO_s_mem()));
    openssl_must(certificate_bio && key_bio && ::PEM_write_bio_X509(certificate_bio.get(), x509.get()) == 1 &&
                 ::PEM_write_bio_PrivateKey(key_bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {bio_text(certificate_bio.get()), bio_text(key_bio.get())};
}

} // namespace detail

BITSHARES_DECL certificate make_certificate(certificate_options const& options)
{
    return detail::make_certificate_by(options, nullptr);
}

BITSHARES_DECL certificate make_certificate(certificate_options const& options, certificate const& authority)
{
    return detail::make_certificate_by(options, &authority);
}

BITSHARES_DECL std::vector<std::string> certificate_names(certificate const& of)
{
    std::vector<std::string> names;
    auto const x509 = detail::read_certificate(of);
    detail::openssl_ptr<GENERAL_NAMES, ::GENERAL_NAMES_free> const all(
        static_cast<GENERAL_NAMES*>(::X509_get_ext_d2i(x509.get(), NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i)
    {
        int type = 0;
        auto const* const text =
            static_cast<ASN1_STRING const*>(::GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &type));
        unsigned char const* const bytes = ::ASN1_STRING_get0_data(text);
        int const size = ::ASN1_STRING_length(text);
        if (type == GEN_DNS)
            names.emplace_back(bytes, bytes + size);
        else if (type == GEN_IPADD && size == 4)
            names.push_back(std::to_string(bytes[0]) + '.' + std::to_string(bytes[1]) + '.' + std::to_string(bytes[2]) +
                            '.' + std::to_string(bytes[3]));
    }
    return names;
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
