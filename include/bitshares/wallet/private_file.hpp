#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/crypto/secure_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

/** @file
    Files that hold secrets: for their owner alone, and never half written. POSIX.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What else than its owner may read a file that is to hold a secret.
enum class file_access
{
    owner_only, ///< A file that its group or others can read is `errc::file_not_private`.
    any         ///< Whoever can.
};

/// What happens to a file that is there already.
enum class existing_file
{
    keep,   ///< It stays, and writing is `errc::file_exists`.
    replace ///< It gives way at once and as a whole.
};

/** Reads a file, and says so where others than its owner can read it.

    Pipes and terminals (`/dev/fd/3`) are read to their end; who else can read them is not asked.
    @param max_bytes More is `errc::size_limit`.
    @par Errors
    @li `errc::file_not_private`: a regular file whose mode gives its group or others any right.
    @li `errc::size_limit`, `errc::file_error`; the detail names the file.
*/
BITSHARES_DECL result<secure_bytes> read_private_file(std::string const& path, std::size_t max_bytes,
                                                      file_access access = file_access::owner_only);

/** Writes a file of mode 0600 that appears whole or not at all, also where power is lost.

    The bytes go into a new file in the same directory, to the disk, and take their place by a rename; then the directory
    goes to the disk. A symbolic link stays one: what it points to is replaced. After an error the file that was there is
    as before; a crash may leave a file `.bts-` and six characters behind.
    @par Errors
    @li `errc::file_exists`: there is a file, and `existing` is `keep`.
    @li `errc::file_error`; the detail names file and cause.
*/
BITSHARES_DECL result<void> write_private_file(std::string const& path, std::span<std::uint8_t const> data,
                                               existing_file existing = existing_file::keep);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/wallet/private_file.ipp>
#endif
