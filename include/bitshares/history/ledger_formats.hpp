#pragma once

#include <bitshares/history/formats.hpp>
#include <bitshares/history/ledger.hpp>

#include <array>
#include <map>
#include <optional>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a line of a ledger's file is made of: one posting of a row.
struct ledger_source
{
    ledger_row const& row;
    ledger_posting const& posting;
    unsigned number = 1;                ///< Of the row, among those of its operation.
    history_row const* event = nullptr; ///< The operation; null where there is none.
    history_labels const& labels;
};

/// What an account has of one asset, and where: a line of a statement.
struct statement_line
{
    bitshares::asset_id asset_id;
    std::array<std::int64_t, 15> amounts{}; ///< By @ref ledger_bucket; what is owed is negative.
    std::optional<std::int64_t> node;       ///< What a node says that is liquid.

    /// What a node says that is in vesting balances, with what the chain put there itself; no part of @ref amounts.
    std::optional<std::int64_t> vesting_node;

    std::int64_t amount(ledger_bucket bucket) const { return amounts[static_cast<std::size_t>(bucket)]; }
};

/** Of all assets that the account ever held or has somewhere, by id.

    @param node Balances that a node tells, or null.
    @param vesting_node What is in vesting balances as a node tells, or null.
*/
BITSHARES_LAZY_DECL std::vector<statement_line>
make_statement(ledger const& books, std::map<asset_id, std::int64_t> const* node = nullptr,
               std::map<asset_id, std::int64_t> const* vesting_node = nullptr);

struct statement_source
{
    statement_line const& line;
    time_point_sec time; ///< At which this was.
    history_labels const& labels;
};

namespace detail::cells {

BITSHARES_DECL void line_time(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_block(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_operation_id(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_sequence(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_type(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_virtual(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_row(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_kind(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_what(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_bucket(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_object(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_amount(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_asset(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_balance(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_counterparties(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_memo(std::string& out, ledger_source const& source);
BITSHARES_DECL void line_transaction_id(std::string& out, ledger_source const& source);

BITSHARES_DECL void statement_time(std::string& out, statement_source const& source);
BITSHARES_DECL void statement_asset(std::string& out, statement_source const& source);
BITSHARES_DECL void statement_asset_id(std::string& out, statement_source const& source);
BITSHARES_DECL void statement_total(std::string& out, statement_source const& source);
BITSHARES_DECL void statement_node(std::string& out, statement_source const& source);
BITSHARES_DECL void statement_vesting_node(std::string& out, statement_source const& source);
BITSHARES_DECL void append_bucket(std::string& out, statement_source const& source, ledger_bucket bucket);

template <ledger_bucket Bucket>
void statement_bucket(std::string& out, statement_source const& source)
{
    append_bucket(out, source, Bucket);
}

} // namespace detail::cells

/** @name The ledger's formats
    To add one: its columns, and a line in the table behind them.
    @{
*/
inline constexpr basic_format_column<ledger_source> ledger_columns[] = {
    {"time", cell_kind::plain, detail::cells::line_time},
    {"block", cell_kind::plain, detail::cells::line_block},
    {"operation_id", cell_kind::plain, detail::cells::line_operation_id},
    {"sequence", cell_kind::plain, detail::cells::line_sequence},
    {"type", cell_kind::plain, detail::cells::line_type},
    {"virtual", cell_kind::plain, detail::cells::line_virtual},
    {"row", cell_kind::plain, detail::cells::line_row},
    {"kind", cell_kind::plain, detail::cells::line_kind},
    {"what", cell_kind::plain, detail::cells::line_what},
    {"bucket", cell_kind::plain, detail::cells::line_bucket},
    {"object", cell_kind::plain, detail::cells::line_object},
    {"amount", cell_kind::plain, detail::cells::line_amount},
    {"asset", cell_kind::text, detail::cells::line_asset},
    {"balance", cell_kind::plain, detail::cells::line_balance},
    {"counterparties", cell_kind::text, detail::cells::line_counterparties},
    {"memo", cell_kind::text, detail::cells::line_memo},
    {"transaction_id", cell_kind::plain, detail::cells::line_transaction_id, true},
};

inline constexpr basic_export_format<ledger_source> ledger_formats[] = {
    {"native", "CSV (RFC 4180), the account's ledger: a line for each amount that an operation moved",
     format_style::csv, ledger_columns},
};

inline constexpr basic_format_column<statement_source> statement_columns[] = {
    {"time", cell_kind::plain, detail::cells::statement_time},
    {"asset", cell_kind::text, detail::cells::statement_asset},
    {"asset_id", cell_kind::plain, detail::cells::statement_asset_id},
    {"liquid", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::liquid>},
    {"order", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::order>},
    {"order_fee", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::order_fee>},
    {"collateral", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::collateral>},
    {"debt", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::debt>},
    {"settlement", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::settlement>},
    {"bid", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::bid>},
    {"htlc", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::htlc>},
    {"vesting", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::vesting>},
    {"ticket", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::ticket>},
    {"samet_fund", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::samet_fund>},
    {"credit_offer", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::credit_offer>},
    {"credit_lent", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::credit_lent>},
    {"credit_collateral", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::credit_collateral>},
    {"credit_debt", cell_kind::plain, detail::cells::statement_bucket<ledger_bucket::credit_debt>},
    {"total", cell_kind::plain, detail::cells::statement_total},
    {"node", cell_kind::plain, detail::cells::statement_node},
    {"vesting_node", cell_kind::plain, detail::cells::statement_vesting_node},
};

inline constexpr basic_export_format<statement_source> statement_formats[] = {
    {"native", "CSV (RFC 4180), what there is of each asset, and where", format_style::csv, statement_columns},
    {"jsonl", "JSON Lines, the same as objects", format_style::json_lines, statement_columns},
};
/// @}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/ledger_formats.ipp>
#endif
