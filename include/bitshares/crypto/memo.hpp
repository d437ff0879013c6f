#pragma once

#include <bitshares/crypto/private_key.hpp>
#include <bitshares/protocol/memo_data.hpp>

#include <string>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// A number for @ref encrypt_memo that no other memo has. @throws std::bad_alloc Without randomness.
BITSHARES_DECL std::uint64_t random_nonce();

/** A memo that the owners of `from` and `to` can read.

    @param to The other side's memo key.
    @param nonce Different for each memo between two keys; equal ones tell that two texts are equal.
    @par Errors
    @li `errc::invalid_public_key`: `to` is not a point; for "no key" see @ref clear_memo.
    @par Source
    bitshares-core, `memo_data::set_message`.
*/
BITSHARES_DECL result<memo_data> encrypt_memo(private_key const& from, public_key const& to, std::string_view text,
                                              std::uint64_t nonce);

/// A memo that everybody can read.
BITSHARES_DECL memo_data clear_memo(std::string_view text);

/// Whether the memo is not encrypted: its sender's key is 33 zeros.
BITSHARES_DECL bool is_clear(memo_data const& memo) noexcept;

/** The text of a clear memo.

    @par Errors
    @li `errc::memo_too_short`: not even four bytes for the checksum, which is not compared.
    @li `errc::wrong_memo_key`: it is encrypted.
*/
BITSHARES_DECL result<std::string> read_clear_memo(memo_data const& memo);

/** The text of a memo, by the private key of either side; of a clear memo by any key.

    Memos that old JavaScript clients made with a shortened shared point are read as well.
    @return As it was encrypted: nodes do not check that it is UTF-8.
    @par Errors
    @li `errc::wrong_memo_key`: the key is neither side's.
    @li `errc::invalid_public_key`: the other side's key is no point.
    @li `errc::invalid_cipher_size`: not a positive multiple of 16 bytes.
    @li `errc::invalid_padding`, `errc::memo_too_short`, `errc::invalid_checksum`: damaged, or made with another key.
    @par Source
    bitshares-core, `memo_data::get_message`.
*/
BITSHARES_DECL result<std::string> decrypt_memo(memo_data const& memo, private_key const& either_side);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/memo.ipp>
#endif
