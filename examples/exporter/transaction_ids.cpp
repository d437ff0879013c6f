#include "transaction_ids.hpp"

#include "export_job.hpp"
#include "parallel.hpp"
#include "patient.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>

#include <unordered_set>

namespace exporter {

using namespace bitshares;

namespace {

bool is_real(history_record const& record)
{
    return !record.is_virtual && record.virtual_op == 0 && !record.op.is_virtual();
}

} // namespace

void transaction_ids::fetch(std::vector<history_record> const& records)
{
    std::vector<std::uint32_t> missing;
    std::unordered_set<std::uint32_t> wanted;
    for (history_record const& record : records)
        if (is_real(record) && wanted.insert(record.block_num).second && !blocks_.contains(record.block_num))
            missing.push_back(record.block_num);

    std::vector<std::vector<std::string>> ids(missing.size());
    in_parallel(missing.size(), [&](std::size_t i) {
        auto const block = patient_call(node_, database::get_block(missing[i])).value();
        if (!block)
            throw exception(
                error(errc::history_incomplete, "the node does not give block " + std::to_string(missing[i])));
        // Without an error here, every transaction was read and is packed as the witness did. With one there is an operation
        // that this version does not know; the ids of the block's others stand.
        auto const root = merkle_root(*block);
        if (root && *root != block->transaction_merkle_root)
            throw failed_export(
                exit_code::bad_data, "wrong_merkle_root",
                "block " + std::to_string(missing[i]) + " of the node does not hash to its own Merkle root",
                "Perhaps the node is newer than this program; without --txid the blocks are not needed.");
        for (auto const& tx : block->transactions)
        {
            auto const id = id_of(tx);
            // An operation that this version does not know has no known bytes, so its transaction has no known id.
            ids[i].push_back(id ? to_hex(id->data) : std::string());
        }
    });
    for (std::size_t i = 0; i < missing.size(); ++i)
    {
        blocks_[missing[i]] = std::move(ids[i]);
        order_.push_back(missing[i]);
    }
    while (blocks_.size() > max_blocks && !wanted.contains(order_.front()))
    {
        blocks_.erase(order_.front());
        order_.pop_front();
    }
}

std::string_view transaction_ids::of(history_record const& record) const
{
    auto const block = blocks_.find(record.block_num);
    if (!is_real(record) || block == blocks_.end() || record.trx_in_block >= block->second.size())
        return {}; // older nodes do not tell what is virtual; a number behind the block's last transaction does
    return block->second[record.trx_in_block];
}

} // namespace exporter
