#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace bitshares_test {

/// A certificate with its key, made on the spot.
class identity
{
public:
    /// An authority that signs others.
    static identity authority(std::string const& name) { return identity(name, "", nullptr, 0, 3600); }

    /// @param names As in `subjectAltName`: "DNS:localhost,IP:127.0.0.1". @param from, until Seconds from now.
    identity signed_by_me(std::string const& names, long from = 0, long until = 3600) const
    {
        return identity("node", names, this, from, until);
    }

    std::string certificate_pem() const
    {
        return pem([&](BIO* out) { PEM_write_bio_X509(out, certificate_.get()); });
    }
    std::string key_pem() const
    {
        return pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    }

private:
    template <auto Free>
    struct freed_by
    {
        template <class T>
        void operator()(T* p) const
        {
            Free(p);
        }
    };

    identity(std::string const& name, std::string const& names, identity const* issuer, long from, long until)
        : key_(EVP_EC_gen("P-256")), certificate_(X509_new())
    {
        X509* const c = certificate_.get();
        X509_set_version(c, 2);
        static long serial = 0;
        ASN1_INTEGER_set(X509_get_serialNumber(c), ++serial);
        X509_gmtime_adj(X509_getm_notBefore(c), from - 60);
        X509_gmtime_adj(X509_getm_notAfter(c), until);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC,
                                   reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
        X509 const* const signer = issuer ? issuer->certificate_.get() : c;
        X509_set_issuer_name(c, X509_get_subject_name(signer));
        X509_set_pubkey(c, key_.get());
        extend(NID_basic_constraints, issuer ? "CA:FALSE" : "critical,CA:TRUE");
        if (issuer)
            extend(NID_subject_alt_name, names.c_str());
        else
            extend(NID_key_usage, "critical,keyCertSign");
        if (X509_sign(c, issuer ? issuer->key_.get() : key_.get(), EVP_sha256()) == 0)
            throw std::runtime_error("cannot sign the certificate");
    }

    void extend(int nid, char const* value)
    {
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, certificate_.get(), certificate_.get(), nullptr, nullptr, 0);
        std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>> const e(
            X509V3_EXT_conf_nid(nullptr, &context, nid, value));
        if (!e)
            throw std::runtime_error(std::string("cannot make the extension ") + value);
        X509_add_ext(certificate_.get(), e.get(), -1);
    }

    template <class Write>
    static std::string pem(Write write)
    {
        std::unique_ptr<BIO, freed_by<BIO_free>> const out(BIO_new(BIO_s_mem()));
        write(out.get());
        char* data = nullptr;
        long const size = BIO_get_mem_data(out.get(), &data);
        return {data, static_cast<std::size_t>(size)};
    }

    std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>> key_;
    std::unique_ptr<X509, freed_by<X509_free>> certificate_;
};

/// A file that is gone at the end of the test.
class temporary_file
{
public:
    explicit temporary_file(std::string const& content)
    {
        static int number = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("bitshares-test-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
        std::ofstream(path_) << content;
    }
    ~temporary_file() { std::filesystem::remove(path_); }
    temporary_file(temporary_file const&) = delete;
    temporary_file& operator=(temporary_file const&) = delete;

    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

} // namespace bitshares_test
