#pragma once

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <string>

/// For CLI11's `check`, so that it ends before any node is asked: what is wrong with a PEM file of certificates, or nothing.
inline std::string check_ca_file(std::string const& path)
{
    std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> const store(X509_STORE_new(), &X509_STORE_free);
    bool const good = store && X509_STORE_load_locations(store.get(), path.c_str(), nullptr) == 1;
    ERR_clear_error();
    return good ? std::string() : path + " cannot be read or holds no certificate in PEM form";
}
