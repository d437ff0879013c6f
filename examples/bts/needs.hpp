#pragma once

#include "json_lines.hpp"

#include <bitshares/tx/authority_check.hpp>

#include <memory>

namespace bts_program {

/** Reads accounts and custom authorities as nodes print them: one JSON value, or one on each line; each an object, null, or an
    array of such.

    @par Errors
    @li `errc::file_error`; and those of @ref bitshares::from_json, with the number of the line in the detail.
    @li `errc::missing_member`: an account without id, owner or active.
*/
bitshares::result<bitshares::account_set> read_accounts(settings const& s, std::string const& file);

/** `bts tx needs`: a transaction -> who must sign it, by `accounts`.

    @param options With the chain's time where custom authorities are to count.
*/
bitshares::result<void> needs_line(settings const& s, bitshares::account_source const& accounts,
                                   bitshares::authority_options const& options, std::string_view line,
                                   std::string& out);

} // namespace bts_program
