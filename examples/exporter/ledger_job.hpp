#pragma once

#include "export_job.hpp"
#include "lookups.hpp"

namespace exporter {

/** Writes the account's ledger or a statement of it, and compares the balances with the node's.

    @param sources Of the operations; none: the node.
    @param result Gets what was written.
    @throws As @ref export_from; failed_export: the balances differ, or the node has forgotten operations.
*/
void export_ledger(bitshares::blocking_client& node, std::vector<bitshares::history_source*> const& sources,
                   account const& account, settings const& s, output_file& out, progress& shown, interrupt& ctrl_c,
                   summary& result);

} // namespace exporter
