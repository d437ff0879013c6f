#pragma once

#include <bitshares/base/result.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/// A request and what the node said to it: the exact texts of two frames or HTTP bodies.
struct exchange
{
    std::string request;
    std::string response;       ///< Empty where none came.
    std::string kind = "ok";    ///< `ok`, `error`, `none` (no response), `closed`.
    std::string note;           ///< What the recorder wanted to see.
    std::uint64_t session = 0;  ///< Requests of one connection have the same number.
    std::uint64_t sequence = 0; ///< Place in the recording.
    bool http = false;
    std::uint64_t http_status = 0;
    std::string http_method;
};

/// One entry of an account's history.
struct recorded_operation
{
    std::uint64_t id = 0;  ///< Instance of the 1.11 object.
    std::uint32_t tag = 0; ///< Of the operation.
    std::uint32_t block = 0;
    std::uint32_t time = 0;        ///< Of the block: seconds since 1970, UTC.
    std::uint32_t transaction = 0; ///< Index in the block.
    std::string json;              ///< As the node prints it.
};

/// What was recorded of an account.
struct recorded_account
{
    std::string id; ///< `1.2.x`.
    std::string name;
    std::uint64_t total_ops = 0;                ///< By the node's statistics.
    std::uint64_t removed_ops = 0;              ///< By the node's statistics.
    std::vector<recorded_operation> operations; ///< Oldest first.
    std::vector<exchange> final_state;          ///< Statistics, full account, balances ...
    std::map<std::string, std::vector<exchange>>
        pages; ///< By the file's name up to `.jsonl`: the raw pages of each method.
};

/// What was recorded of a block, as the node prints it.
struct recorded_block
{
    std::string id;         ///< Empty for a block without operations.
    std::string header;     ///< Signed.
    std::string block;      ///< Empty for a block without transactions and operations: its header says all.
    std::string operations; ///< `get_block_operation_history`; empty as above.
};

/** What a real node said on a private chain: one folder of recordings, read whole.

    `accounts.json` names the chain and its accounts. All other files are optional: `history/ACCOUNT/`, `blocks.json`,
    `headers.json`, `objects.json`, `rpc.jsonl`, `es/string/all_documents.json`. Each may be compressed and end in `.gz`.
*/
struct recording
{
    std::filesystem::path directory;
    std::string chain_id;
    std::map<std::string, std::string> account_ids; ///< By name.
    std::vector<recorded_account> accounts;         ///< Those whose histories were recorded.
    std::vector<recorded_operation> operations;     ///< All of the chain, oldest first.
    std::map<std::uint32_t, recorded_block> blocks; ///< By number.
    std::map<std::string, std::string> objects;     ///< JSON by id, as at the recording's end.
    std::vector<exchange> exchanges;                ///< That gave the objects, headers and blocks.
    std::vector<exchange> calls;                    ///< Of `rpc.jsonl`, in order.

    /** Reads a folder.

        @par Errors
        @li `errc::file_error`: the folder or its `accounts.json` cannot be read; the detail names the file.
        @li `errc::invalid_recording`: a file is damaged or does not fit the others; the detail names it.
    */
    BITSHARES_DECL static result<recording> load(std::filesystem::path const& directory);

    /// By name or id; null where its history was not recorded.
    BITSHARES_DECL recorded_account const* account(std::string_view name_or_id) const noexcept;
};

/** A file's content, unpacked; where it is not there, that of the file with `.gz` behind its name.

    @par Errors
    @li `errc::file_error`: it cannot be read.
    @li `errc::invalid_recording`: its compression is damaged or it is cut short.
*/
BITSHARES_DECL result<std::string> read_recording_file(std::filesystem::path const& file);

/// Reads an entry of a history as nodes print it; `errc::invalid_recording` where a member is missing.
BITSHARES_DECL result<recorded_operation> read_recorded_operation(std::string_view json);

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/recording.ipp>
#endif
