#pragma once

#include <bitshares/protocol/public_key.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A memo: encrypted between two memo keys, or in clear when both keys are 33 zeros.

    @par Source
    bitshares-core, libraries/protocol/memo.cpp. `nonce` makes the secret of each memo another one.
*/
struct memo_data
{
    public_key from;
    public_key to;
    std::uint64_t nonce = 0;
    bytes message; ///< Cipher text; or four zero bytes and the text.

    friend bool operator==(memo_data const&, memo_data const&) = default;

    BITSHARES_FIELDS((from), (to), (nonce), (message))
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
