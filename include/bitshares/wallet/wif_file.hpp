#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/wallet/private_file.hpp>

#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Reads private keys from a text file: one in each line, as @ref private_key::from_wif has it.

    Lines that are empty or begin with `#` are left out, and blanks at the end of a line. For programs that sign unattended;
    @ref keyring is the file for people, under a passphrase. What was read is wiped.
    @return At least one key, in the file's order.
    @par Errors The detail names the file and the line, never what stands there.
    @li As @ref read_private_file; the file has 1 MiB at most.
    @li As @ref private_key::from_wif.
    @li `errc::not_a_wallet`: no line has a key.
*/
BITSHARES_DECL result<std::vector<private_key>> read_wif_file(std::string const& path,
                                                              file_access access = file_access::owner_only);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/wallet/wif_file.ipp>
#endif
