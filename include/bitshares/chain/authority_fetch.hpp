#pragma once

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/tx/authority_check.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Fetches the accounts that the check of `tx` asks for and `accounts` does not have, nested ones included: what
    @ref verify_authority, @ref minimal_signatures and the others need. One call for each level of nesting.

    No key is told to the node. Custom authorities are not fetched: no method of a node lists them by account.
    @throws exception As @ref blocking_client::call; `errc::account_not_found`: the node has no such account.
    @throws node_refused The node refuses the call.
    @par Source
    `accounts_needed`; a program without blocking calls asks `database::get_accounts` for the same.
*/
BITSHARES_LAZY_DECL void fetch_accounts(blocking_client& node, transaction const& tx, account_set& accounts,
                                        authority_options const& options = {});

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/chain/authority_fetch.ipp>
#endif
