#pragma once

#include <bitshares/detail/config.hpp>

#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/// A certificate and its private key, both as PEM.
struct certificate
{
    std::string certificate_pem;
    std::string key_pem;
};

/// For whom a certificate is, and how long. The defaults: for this machine, now.
struct certificate_options
{
    std::vector<std::string> names{"localhost", "127.0.0.1"}; ///< Host names and addresses.
    long valid_from_days = -1;                                ///< In days from now.
    long valid_to_days = 30;                                  ///< In days from now; negative: it has expired.
    std::string common_name = "bitshares-cpp test node";      ///< Clients look at the names only.
};

/** Makes a new key and a certificate that it has signed itself: a client that trusts it as an authority accepts it.

    @throws exception `errc::tls_failed` where OpenSSL refuses.
*/
BITSHARES_DECL certificate make_certificate(certificate_options const& options = {});

/** Makes a new key, and a certificate for it that `authority` has signed: a client that trusts the authority accepts it.

    @param authority As @ref make_certificate gives; its key signs.
    @throws exception `errc::tls_failed` where OpenSSL refuses, or `authority` is damaged.
*/
BITSHARES_DECL certificate make_certificate(certificate_options const& options, certificate const& authority);

/// The host names and addresses (IPv4) that a certificate is for. @throws exception `errc::tls_failed`: it is damaged.
BITSHARES_DECL std::vector<std::string> certificate_names(certificate const& of);

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/certificate.ipp>
#endif
