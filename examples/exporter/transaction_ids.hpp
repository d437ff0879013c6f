#pragma once

#include <bitshares/history/record.hpp>
#include <bitshares/net/blocking_client.hpp>

#include <cstdint>
#include <deque>
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

    /// Hexadecimal; empty for a virtual operation. Valid until the next @ref fetch. @pre Its page was fetched.
    std::string_view of(bitshares::history_record const& record) const;

    static constexpr std::size_t max_blocks = 4'000;

private:
    bitshares::blocking_client& node_;
    std::unordered_map<std::uint32_t, std::vector<std::string>> blocks_; // ids in the block's order
    std::deque<std::uint32_t> order_;                                    // the oldest is forgotten first
};

} // namespace exporter
