#pragma once

#include "partial_file.hpp"
#include "progress.hpp"
#include "sinks.hpp"

#include <bitshares/history/completeness.hpp>
#include <bitshares/history/formats.hpp>
#include <bitshares/history/paging.hpp>
#include <bitshares/history/source.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/protocol/network.hpp>
#include <common/online.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace exporter {

using program::interrupt;
using program::interrupted;
using program::on_interrupt;
using output_file = partial_file;

struct settings
{
    enum class content
    {
        ledger,    ///< Each amount that moved.
        statement, ///< What there is of each asset.
        events     ///< Each operation.
    };

    content what = content::ledger;
    std::optional<bitshares::time_point_sec> at; ///< Of a statement; otherwise as it is now.
    bool json_lines = false;                     ///< A statement's style.
    bool allow_uncertain = false; ///< Writes a ledger whose balances differ by what operations have room for.
    std::vector<bitshares::node_url> nodes;
    std::vector<bitshares::source_url> sources; ///< Of the operations; none: the node.
    std::string account;
    row_format format = &bitshares::ledger_formats[0]; ///< Of rows.
    bool daily_fills = false;                          ///< Fills of a day are added up.
    bool since_checkpoint = false;                     ///< Goes on behind the last run's end, and leaves its own.
    bool allow_gaps = false;                           ///< Writes the file also where operations are missing.
    std::chrono::milliseconds checkpoint_every{5'000};
    bitshares::history_options history;      ///< What is read.
    bitshares::history_filter only;          ///< Of that, which operations are written.
    std::vector<std::string> assets;         ///< Of @ref only, as they were named; the node knows their ids.
    std::vector<std::string> counterparties; ///< As above.
    bool transaction_ids = false;
    std::optional<bitshares::chain_id_type> chain_id;
    std::chrono::milliseconds deadline{10'000};
};

/// Movements of one asset that no operation tells to the unit, for one reason.
struct uncertainty
{
    std::string reason;
    std::string symbol; ///< Empty: of any asset.
    std::string lower;  ///< All of them together, in units of the asset; empty where no bound is known.
    std::string upper;  ///< As above. Both 0: what was in a bucket contradicts an operation.
    std::uint64_t count = 0;
    std::string first; ///< The first operation.
};

/// What was written.
struct summary
{
    std::string node;
    std::string chain_id;
    std::string account_id;
    std::string account_name;
    std::uint64_t rows = 0;
    std::uint64_t operations = 0; ///< Read and checked, those left out by the options included.
    bitshares::history_count count;
    bool fallback = false;
    bool whole_range = false;
    bool reconciled = false;                ///< A ledger's balances are those that the node tells.
    std::vector<uncertainty> uncertainties; ///< What no operation tells to the unit; the balances have proven the sum.
    std::string difference;                 ///< How the balances differ, where that was allowed.
    bool anonymous = false;                 ///< Nothing says whose operations some of them are.
    bool resumed = false;                   ///< It went on behind a checkpoint.
    bitshares::completeness proof;          ///< That nothing is missing, or what is.
    std::vector<bitshares::history_part> parts; ///< What came from each source; empty where it is the node.
};

/// What no other error fits, with all that the program says about it.
class failed_export : public std::runtime_error
{
public:
    failed_export(int with, std::string word, std::string const& message, std::string next)
        : std::runtime_error(message), exit(with), code(std::move(word)), advice(std::move(next))
    {}

    int exit;
    std::string code;   ///< A word for programs.
    std::string advice; ///< What to do next.
};

/// What the account's operations were when a checkpoint was made does not fit to what the node has: begin anew.
class stale_checkpoint : public std::runtime_error
{
public:
    stale_checkpoint() : std::runtime_error("the checkpoint does not fit to what the node has") {}
};

/// What makes a file what it is: a checkpoint of another one is of no use.
std::string key_of(settings const& s);

/// What stands in a checkpoint: JSON.
struct checkpoint_state
{
    std::string key; ///< @ref key_of
    std::string chain_id;
    bitshares::account_id account;
    std::uint64_t rows = 0;
    std::uint64_t operations = 0;
    bitshares::history_neighbour last; ///< The newest operation that is in it, and
    std::string digest;                ///< what it was.
    bool opened = false;               ///< Of a journal: what was there before is written.
    bitshares::raw_json proof;
    bitshares::raw_json sink;
    std::optional<bitshares::raw_json> books; ///< Of a ledger.
    std::vector<bitshares::history_part> parts;

    BITSHARES_FIELDS((key), (chain_id), (account), (rows), (operations), (last), (digest), (opened), (proof),
                     (sink), (books), (parts))
};

/// Takes up the file where it can go on. Absent: from the beginning.
std::optional<checkpoint_state> resume(output_file& out, settings const& s, bitshares::account_id account,
                                       bitshares::completeness& proof);

/// Of an operation, to know it again.
std::string digest_of(bitshares::history_record const& record);

/// When the next checkpoint is due.
class checkpoint_clock
{
public:
    explicit checkpoint_clock(settings const& s) : every_(s.checkpoint_every) {}

    bool due()
    {
        auto const now = std::chrono::steady_clock::now();
        if (now - last_ < every_)
            return false;
        last_ = now;
        return true;
    }

private:
    std::chrono::milliseconds every_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/** Writes the account's rows from one node, or with it from the sources.

    @param s Gets the node's chain id where it has none: names and ids are of one chain only.
    @throws bitshares::exception, bitshares::node_refused, failed_export, program::file_failure, interrupted.
*/
summary export_from(bitshares::node_url const& node, bitshares::source_means const& means, settings& s,
                    output_file& out, progress& shown, interrupt& ctrl_c);

/// Asks a node that they are not from for a sample of the operations. What it says, or why it does not, is in the proof.
void compare_with(bitshares::node_url const& node, bitshares::transport_factory const& transports, settings const& s,
                  summary& result, interrupt& ctrl_c);

/// Asks that one of several sources which gave the least for a sample of the operations. What it does not have is no
/// difference: it may be there to fill gaps.
void compare_sources(bitshares::source_means const& means, settings const& s, summary& result, interrupt& ctrl_c);

} // namespace exporter
