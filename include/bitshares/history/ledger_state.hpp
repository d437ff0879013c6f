#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/history/ledger.hpp>

#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What the books of an account hold, as JSON, so that another program goes on behind the same operation. Not in it are the
    @ref ledger::parameters, which a node tells again. */
BITSHARES_LAZY_DECL std::string save_ledger(ledger const& books);

/** Fills books of the same account that nothing was booked in yet.

    @par Errors
    @li `errc::invalid_json`, `errc::wrong_type`, `errc::missing_member` ...: it is not what @ref save_ledger of this version
        wrote. The books are as they were.
    @li `errc::wrong_type`: the account is another.
*/
BITSHARES_LAZY_DECL result<void> load_ledger(ledger& books, std::string_view json);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/ledger_state.ipp>
#endif
