#pragma once

#include <bitshares/history/journal_formats.hpp>
#include <bitshares/history/ledger_formats.hpp>
#include <bitshares/history/tracker_formats.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace exporter {

/// Every format of rows: of operations, or of the ledger.
using row_format =
    std::variant<bitshares::export_format const*, bitshares::basic_export_format<bitshares::ledger_source> const*,
                 bitshares::tracker_format const*, bitshares::journal_format const*>;

/// In the order of the help.
std::vector<row_format> all_row_formats();
std::string_view name_of(row_format const& format);
std::string_view description_of(row_format const& format);
/// Absent: there is none of this name.
std::optional<row_format> find_row_format(std::string_view name);

/// A row of the ledger that is to be written.
struct pending_row
{
    bitshares::ledger_row row;
    unsigned number = 1;                           ///< Among the rows of its operation.
    bitshares::history_row const* event = nullptr; ///< The operation; null where there is none.
};

/// Writes rows of a ledger in a format.
class ledger_sink
{
public:
    virtual ~ledger_sink() = default;

    virtual void begin(std::string& out) = 0;
    /// True: @ref opening and @ref closing want to know what was there.
    virtual bool wants_balances() const { return false; }
    virtual void opening(std::string&, std::span<bitshares::statement_line const>, bitshares::time_point_sec) {}
    /// Names that rows need which were taken before, and are written by the next @ref write.
    virtual void need(bitshares::history_labels&) const {}
    /// The rows of one operation, or one without. @return Lines, or entries.
    virtual std::uint64_t write(std::string& out, std::span<pending_row const> rows) = 0;
    /// The end of the rows. @return As @ref write.
    virtual std::uint64_t finish(std::string&) { return 0; }
    virtual void closing(std::string&, std::span<bitshares::statement_line const>, bitshares::time_point_sec) {}

    /// What the next run has to know to go on: JSON. Absent: it cannot go on here.
    virtual std::optional<std::string> state() const { return "{}"; }
    virtual bool set_state(std::string_view) { return true; }
};

/// @param format None of operations. @param daily Fills of a day are added up. @pre The labels outlive the sink.
std::unique_ptr<ledger_sink> make_sink(row_format const& format, std::string_view account,
                                       bitshares::history_labels const& labels, bool transaction_ids, bool daily);

} // namespace exporter
