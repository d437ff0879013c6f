#include <bitshares/net/tls.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using bitshares::tls_options;

// What the options do to a connection is shown by tests/integration/net_websocket_test.cpp.

TEST_CASE("net/tls: certificates are verified against the system's authorities unless somebody says otherwise")
{
    tls_options const options;
    CHECK(options.verify());
    CHECK(options.system_authorities());
    CHECK(options.ca_files().empty());
}

TEST_CASE("net/tls: files of authorities are added, in order, and take nothing away")
{
    tls_options options;
    CHECK(&options.add_ca_file("/a.pem").add_ca_file("").add_ca_file("/a.pem") == &options);
    CHECK(options.ca_files() ==
          std::vector<std::string>{"/a.pem", "", "/a.pem"}); // whether they can be read is found out later
    CHECK(options.system_authorities());
    CHECK(options.verify());
}

TEST_CASE("net/tls: to do without the system's authorities is not to do without verification")
{
    auto const own_only = tls_options().add_ca_file("/a.pem").without_system_authorities();
    CHECK_FALSE(own_only.system_authorities());
    CHECK(own_only.verify());
    CHECK(own_only.ca_files().size() == 1);
    auto const nobody = tls_options().without_system_authorities(); // trusts nobody, which is not everybody
    CHECK(nobody.ca_files().empty());
    CHECK(nobody.verify());
}

TEST_CASE("net/tls: only the dangerous setting turns verification off, for that copy alone")
{
    tls_options const safe;
    tls_options copy = safe;
    CHECK_FALSE(copy.dangerously_accept_any_certificate().verify());
    CHECK(copy.system_authorities());
    CHECK(safe.verify());
}
