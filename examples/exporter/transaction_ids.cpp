#include "transaction_ids.hpp"

#include "export_job.hpp"
#include "parallel.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>
#include <common/patient.hpp>

#include <functional>
#include <unordered_set>

namespace exporter {

using namespace bitshares;

namespace {

bool is_real(history_record const& record)
{
    return !record.is_virtual && record.virtual_op == 0 && !record.op.is_virtual();
}

// Nothing: it has no known bytes.
std::optional<std::size_t> hash_of(operation const& op)
{
    auto const packed = pack(op);
    if (!packed)
        return std::nullopt;
    return std::hash<std::string_view>()({reinterpret_cast<char const*>(packed->data()), packed->size()});
}

} // namespace

void transaction_ids::fetch(std::vector<history_record> const& records)
{
    std::vector<std::uint32_t> missing;
    std::unordered_set<std::uint32_t> wanted;
    for (history_record const& record : records)
        if (is_real(record) && wanted.insert(record.block_num).second && !blocks_.contains(record.block_num))
            missing.push_back(record.block_num);

    std::vector<transactions> found(missing.size());
    in_parallel(missing.size(), [&](std::size_t i) {
        auto const block = program::patiently([&] { return node_.try_call(database::get_block(missing[i])); }).value();
        if (!block)
            throw exception(
                error(errc::history_incomplete, "the node does not give block " + std::to_string(missing[i])));
        // With a root that is right, every transaction was read and is packed as the witness did. Without one there is an
        // operation that this version does not know, and perhaps more of the kind in the other transactions.
        auto const root = merkle_root(*block);
        if (!root)
            return;
        if (*root != block->transaction_merkle_root)
            throw failed_export(
                exit_code::bad_data, "wrong_merkle_root",
                "block " + std::to_string(missing[i]) + " of the node does not hash to its own Merkle root",
                "Perhaps the node is newer than this program; without --txid the blocks are not needed.");
        auto& known = found[i].emplace();
        for (auto const& tx : block->transactions)
        {
            known.push_back({to_hex(id_of(tx).value().data), {}});
            for (operation const& op : tx.operations)
                known.back().operations.push_back(hash_of(op).value());
        }
    });
    for (std::size_t i = 0; i < missing.size(); ++i)
    {
        blocks_[missing[i]] = std::move(found[i]);
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
    if (!is_real(record) || block == blocks_.end() || !block->second)
        return {};
    auto const& known = *block->second;
    if (record.trx_in_block == known.size()) // older nodes do not tell what is virtual; this number does
        return {};
    if (record.trx_in_block < known.size())
        if (auto const& operations = known[record.trx_in_block].operations;
            record.op_in_trx < operations.size() && hash_of(record.op) == operations[record.op_in_trx])
            return known[record.trx_in_block].id;
    throw exception(error(errc::invalid_reply,
                          "block " + std::to_string(record.block_num) + " has not operation " + record.id.to_string() +
                              " where the account's history says: in transaction " +
                              std::to_string(record.trx_in_block) + ", operation " + std::to_string(record.op_in_trx)));
}

} // namespace exporter
