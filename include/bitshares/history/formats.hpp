#pragma once

#include <bitshares/history/labels.hpp>
#include <bitshares/history/row.hpp>

#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a cell is made of.
struct row_source
{
    history_row const& row;
    history_labels const& labels;
    std::string_view key_prefix = "BTS"; ///< For operations that are written whole.
};

/// How a column's text is written.
enum class cell_kind : std::uint8_t
{
    text,  ///< CSV: guarded against formulas; JSON: a string.
    plain, ///< As `text`, but of the program's own making: nothing to guard against.
    json   ///< Already JSON. CSV: as text.
};

/** A column: its name, and how to append a row's cell.

    @tparam Source What the cells are made of: @ref row_source, @ref ledger_source or @ref statement_source.
*/
template <class Source>
struct basic_format_column
{
    std::string_view name;
    cell_kind kind;
    void (*write)(std::string& out, Source const& source);
    bool transaction_id = false; ///< Only where transaction ids were asked for.
};

using format_column = basic_format_column<row_source>;

/// What a file looks like, whatever its columns.
enum class format_style : std::uint8_t
{
    csv,             ///< RFC 4180: CRLF, the names in the first line.
    json_lines,      ///< An object a line, the columns its members.
    keyed_json_lines ///< An array of two a line: the first column, and an object of the others.
};

/// A format: one of @ref export_formats, @ref ledger_formats or @ref statement_formats, or with a table of one's own.
template <class Source>
struct basic_export_format
{
    std::string_view name;                                ///< As a program's option names it.
    std::string_view description;                         ///< A line for a person.
    format_style style;                                   ///< CSV or JSON Lines.
    std::span<basic_format_column<Source> const> columns; ///< In the file's order; they outlive the format.
};

/// Of histories, an operation a row.
using export_format = basic_export_format<row_source>;

/// The line of names; nothing for JSON Lines.
template <class Source>
void append_header(std::string& out, basic_export_format<Source> const& format, bool transaction_ids);

/// A row with its line end. @param scratch Its memory is used again from row to row.
template <class Source>
void append_row(std::string& out, basic_export_format<Source> const& format, std::type_identity_t<Source> const& source,
                bool transaction_ids, std::string& scratch);

namespace detail::cells {

BITSHARES_DECL void time_utc(std::string& out, row_source const& source);
BITSHARES_DECL void time_iso(std::string& out, row_source const& source);
BITSHARES_DECL void block(std::string& out, row_source const& source);
BITSHARES_DECL void operation_id(std::string& out, row_source const& source);
BITSHARES_DECL void sequence(std::string& out, row_source const& source);
BITSHARES_DECL void type(std::string& out, row_source const& source);
BITSHARES_DECL void is_virtual(std::string& out, row_source const& source);
BITSHARES_DECL void role(std::string& out, row_source const& source);
BITSHARES_DECL void sent_amount(std::string& out, row_source const& source);
BITSHARES_DECL void sent_asset(std::string& out, row_source const& source);
BITSHARES_DECL void received_amount(std::string& out, row_source const& source);
BITSHARES_DECL void received_asset(std::string& out, row_source const& source);
BITSHARES_DECL void fee_amount(std::string& out, row_source const& source);
BITSHARES_DECL void fee_asset(std::string& out, row_source const& source);
BITSHARES_DECL void counterparties(std::string& out, row_source const& source);
BITSHARES_DECL void memo(std::string& out, row_source const& source);
BITSHARES_DECL void result(std::string& out, row_source const& source);
BITSHARES_DECL void details(std::string& out, row_source const& source);
BITSHARES_DECL void transaction_id(std::string& out, row_source const& source);
BITSHARES_DECL void sent_json(std::string& out, row_source const& source);
BITSHARES_DECL void received_json(std::string& out, row_source const& source);
BITSHARES_DECL void fee_json(std::string& out, row_source const& source);
BITSHARES_DECL void counterparties_json(std::string& out, row_source const& source);
BITSHARES_DECL void trx_in_block(std::string& out, row_source const& source);
BITSHARES_DECL void op_in_trx(std::string& out, row_source const& source);
BITSHARES_DECL void virtual_op(std::string& out, row_source const& source);
BITSHARES_DECL void op_json(std::string& out, row_source const& source);
BITSHARES_DECL void result_json(std::string& out, row_source const& source);
BITSHARES_DECL void time_milliseconds(std::string& out, row_source const& source);
BITSHARES_DECL void body_json(std::string& out, row_source const& source);

} // namespace detail::cells

/** @name The formats
    To add one: its columns, and a line in @ref export_formats.
    @{
*/
inline constexpr format_column event_columns[] = {
    {"time", cell_kind::plain, detail::cells::time_utc},
    {"block", cell_kind::plain, detail::cells::block},
    {"operation_id", cell_kind::plain, detail::cells::operation_id},
    {"sequence", cell_kind::plain, detail::cells::sequence},
    {"type", cell_kind::plain, detail::cells::type},
    {"virtual", cell_kind::plain, detail::cells::is_virtual},
    {"role", cell_kind::plain, detail::cells::role},
    {"sent_amount", cell_kind::plain, detail::cells::sent_amount},
    {"sent_asset", cell_kind::text, detail::cells::sent_asset},
    {"received_amount", cell_kind::plain, detail::cells::received_amount},
    {"received_asset", cell_kind::text, detail::cells::received_asset},
    {"fee_amount", cell_kind::plain, detail::cells::fee_amount},
    {"fee_asset", cell_kind::text, detail::cells::fee_asset},
    {"counterparties", cell_kind::text, detail::cells::counterparties},
    {"memo", cell_kind::text, detail::cells::memo},
    {"result", cell_kind::text, detail::cells::result},
    {"details", cell_kind::text, detail::cells::details},
    {"transaction_id", cell_kind::plain, detail::cells::transaction_id, true},
};

inline constexpr format_column json_columns[] = {
    {"time", cell_kind::plain, detail::cells::time_iso},
    {"block", cell_kind::json, detail::cells::block},
    {"trx_in_block", cell_kind::json, detail::cells::trx_in_block},
    {"op_in_trx", cell_kind::json, detail::cells::op_in_trx},
    {"virtual_op", cell_kind::json, detail::cells::virtual_op},
    {"virtual", cell_kind::json, detail::cells::is_virtual},
    {"operation_id", cell_kind::plain, detail::cells::operation_id},
    {"sequence", cell_kind::json, detail::cells::sequence},
    {"type", cell_kind::plain, detail::cells::type},
    {"role", cell_kind::plain, detail::cells::role},
    {"sent", cell_kind::json, detail::cells::sent_json},
    {"received", cell_kind::json, detail::cells::received_json},
    {"fee", cell_kind::json, detail::cells::fee_json},
    {"counterparties", cell_kind::json, detail::cells::counterparties_json},
    {"memo", cell_kind::text, detail::cells::memo},
    {"transaction_id", cell_kind::plain, detail::cells::transaction_id, true},
    {"op", cell_kind::json, detail::cells::op_json},
    {"result", cell_kind::json, detail::cells::result_json},
};

/// Of the reference wallet's full report.
inline constexpr format_column ui_columns[] = {
    {"id", cell_kind::plain, detail::cells::operation_id},
    {"timestamp", cell_kind::plain, detail::cells::time_milliseconds},
    {"type", cell_kind::plain, detail::cells::type},
    {"data", cell_kind::json, detail::cells::body_json},
};

inline constexpr export_format export_formats[] = {
    {"events", "CSV (RFC 4180), one row an operation", format_style::csv, event_columns},
    {"jsonl", "JSON Lines, one object an operation, the whole operation in it", format_style::json_lines, json_columns},
    {"ui", "JSON Lines, as the reference wallet's full report", format_style::keyed_json_lines, ui_columns},
};
/// @}

/// Null: there is no format of this name.
constexpr export_format const* find_export_format(std::string_view name)
{
    for (export_format const& format : export_formats)
        if (format.name == name)
            return &format;
    return nullptr;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/formats.ipp>
#endif
