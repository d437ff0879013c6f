#pragma once

#include "progress.hpp"

#include <bitshares/history/formats.hpp>
#include <bitshares/history/paging.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/protocol/network.hpp>
#include <common/online.hpp>
#include <common/output_file.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace exporter {

using program::closed_by_interrupt;
using program::interrupt;
using program::interrupted;
using program::output_file;

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
    std::string account;
    bitshares::export_format const* format = nullptr; ///< Of events.
    bitshares::history_options history;
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
    std::uint64_t rows = 0;
    std::uint64_t operations = 0; ///< Read and checked, those left out by the options included.
    bitshares::history_count count;
    bool fallback = false;
    bool whole_range = false;
    bool reconciled = false;                ///< A ledger's balances are those that the node tells.
    std::vector<uncertainty> uncertainties; ///< What no operation tells to the unit; the balances have proven the sum.
    std::string difference;                 ///< How the balances differ, where that was allowed.
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

/** Writes the account's rows from one node.

    @param s Gets the node's chain id where it has none: names and ids are of one chain only.
    @throws bitshares::exception, bitshares::node_refused, failed_export, program::file_failure, interrupted.
*/
summary export_from(bitshares::node_url const& node, bitshares::transport_factory const& transports, settings& s,
                    output_file& out, progress& shown, interrupt& ctrl_c);

} // namespace exporter
