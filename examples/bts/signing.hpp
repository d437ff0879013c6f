#pragma once

#include "json_lines.hpp"

#include <bitshares/tx/signer.hpp>

namespace bts_program {

/** `bts tx sign`: a transaction -> `{"hex","id","digest","transaction"}`, the transaction with a signature of each of the
    signer's keys behind those that it has; a partial transaction -> the same with the signatures that it still wants.

    @pre `s.chain_id`, but for partial transactions, which have their own.
*/
bitshares::result<void> sign_line(settings const& s, bitshares::signer& keys, std::string_view line, std::string& out);

/// `bts tx recover`: a signed transaction -> `{"public_keys":[...]}`, in the order of the signatures. @pre `s.chain_id`.
bitshares::result<void> recover_line(settings const& s, std::string_view line, std::string& out);

/** `bts tx merge`: an array of partial transactions, or of signed ones, all the same but for the signatures -> one with all of
    them. With a chain id, a key's second signature on a signed one is left out, however it differs. */
bitshares::result<void> merge_line(settings const& s, std::string_view line, std::string& out);

} // namespace bts_program
