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

/// Of the recordings; filled by ledger_recordings_test.cpp, whose cases doctest runs before those of ledger_test.cpp.
inline tags& recorded()
{
    static tags proven;
    return proven;
}

} // namespace ledger_proofs
