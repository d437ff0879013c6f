#pragma once

#include <bitshares/history/record.hpp>
#include <bitshares/net/blocking_client.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace exporter {

/** The ids of the transactions in which operations stand: one look-up for each block, a bounded number of which is
    remembered. */
class transaction_ids
{
public:
    explicit transaction_ids(bitshares::blocking_client& node) : node_(node) {}

    /// Asks for the blocks of these operations that are not known yet; several at once.
    void fetch(std::vector<bitshares::history_record> const& records);

    /** Hexadecimal; empty for a virtual operation, and in a block whose Merkle root cannot be computed. Valid until the next
        @ref fetch.

        @throws bitshares::exception `errc::invalid_reply`: the block has not this operation in its place.
        @pre Its page was fetched.
    */
    std::string_view of(bitshares::history_record const& record) const;

    static constexpr std::size_t max_blocks = 4'000;

private:
    struct transaction
    {
        std::string id;
        std::vector<std::size_t> operations; // hashes of their bytes
    };
    using transactions = std::optional<std::vector<transaction>>; // in the block's order; none: nothing proves them

    bitshares::blocking_client& node_;
    std::unordered_map<std::uint32_t, transactions> blocks_;
    std::deque<std::uint32_t> order_; // the oldest is forgotten first
};

} // namespace exporter
