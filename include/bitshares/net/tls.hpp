#pragma once

#include <bitshares/detail/config.hpp>

#include <string>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** How `wss` connections are secured: TLS 1.2 or newer, the certificate's chain, dates and host name verified.

    Trusted are the system's authorities and those added here.
*/
class tls_options
{
public:
    tls_options() = default;

    /// Trusts the certificates of a PEM file as well. A file that cannot be read fails every connection.
    tls_options& add_ca_file(std::string path)
    {
        ca_files_.push_back(std::move(path));
        return *this;
    }

    /// Trusts the added files only, not the system's authorities.
    tls_options& without_system_authorities()
    {
        system_authorities_ = false;
        return *this;
    }

    /// Accepts any certificate of anybody: whoever sits on the line can read and change everything. For experiments only.
    tls_options& dangerously_accept_any_certificate()
    {
        verify_ = false;
        return *this;
    }

    std::vector<std::string> const& ca_files() const noexcept { return ca_files_; }
    bool system_authorities() const noexcept { return system_authorities_; }
    bool verify() const noexcept { return verify_; }

private:
    std::vector<std::string> ca_files_;
    bool system_authorities_ = true;
    bool verify_ = true;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
