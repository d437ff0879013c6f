#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/transaction.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Whether r and s have the form that nodes accept: none begins with a bit that is set, and none with a zero byte that
    is not needed for that.

    @par Source
    bitshares-core, `fc::ecc::public_key::is_canonical`.
*/
BITSHARES_DECL bool is_canonical(signature const& s) noexcept;

/** The key that signed `digest`.

    A signature of another digest gives another key, no error: compare the result.
    @par Errors
    @li `errc::not_canonical`: @ref is_canonical says no; a node refuses it in transactions and blocks.
    @li `errc::invalid_signature`: the header byte is not 27 to 34, or no key can have made it.
*/
BITSHARES_DECL result<public_key> recover(sha256_digest const& digest, signature const& s);

/// Whether `key` signed `digest` in a form that nodes accept.
BITSHARES_DECL bool verify(sha256_digest const& digest, signature const& s, public_key const& key);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/signature.ipp>
#endif
