#pragma once

#include <bitshares/history/ledger.hpp>

#include <set>

/// Which operations' rows a test has compared with something.
namespace ledger_proofs {

struct tags
{
    std::set<std::uint8_t> moves; ///< Rows beside the operation's own fee.
    std::set<std::uint8_t> fees;

    void note(bitshares::ledger_row const& row)
    {
        if (row.place.tag)
            (row.what == "fee" ? fees : moves).insert(*row.place.tag);
    }
    void merge(tags const& other)
    {
        moves.insert(other.moves.begin(), other.moves.end());
        fees.insert(other.fees.begin(), other.fees.end());
    }
};

/// Of the hand-derived cases in ledger_test.cpp.
tags by_hand();

} // namespace ledger_proofs
