#pragma once

#include "export_job.hpp"
#include "lookups.hpp"

#include <bitshares/history/ledger_queries.hpp>
#include <bitshares/history/reconciliation.hpp>

namespace exporter {

/** Looks for the first operation from which a difference comes, in words: reads the history once more.

    What the node itself says elsewhere is the proof: the transactions in its blocks, the operations of each block, the objects
    that hold something of the account. Where none of it contradicts the account's history, the operations are named between which it
    must have come: no balance is ever below zero.

    @param parameters Of the ledger that differs.
    @return `; it arises with ...`, or `; it arises between ... and ...`.
    @throws As @ref export_from.
*/
std::string where_it_arises(bitshares::blocking_client& node, account const& account, settings const& s,
                            bitshares::ledger_parameters parameters, bitshares::balance_difference const& difference,
                            progress& shown, interrupt& ctrl_c);

} // namespace exporter
