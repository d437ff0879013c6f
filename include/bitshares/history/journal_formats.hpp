#pragma once

#include <bitshares/history/ledger_formats.hpp>

#include <array>
#include <compare>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// The head of an entry of a journal.
struct journal_entry
{
    time_point_sec time;
    std::string_view what;
    std::string counterparties; ///< Their names, separated by blanks.
    history_row const* event;   ///< The operation; null where there is none.
};

/// A line of an entry.
struct journal_posting
{
    std::string_view account;
    asset amount;
    std::optional<asset> price; ///< What all of `amount` was sold or bought for; above 0.
};

/** How a program of plain text accounting writes its journal.

    @param labels Of the assets; accounts' names are in the texts already.
*/
struct journal_format
{
    std::string_view name;        ///< As a program's option names it.
    std::string_view description; ///< A line for a person.

    void (*begin)(std::string& out);
    void (*open)(std::string& out, std::string_view account, time_point_sec time); ///< Before an account's first use.
    void (*commodity)(std::string& out, asset_id asset, history_labels const& labels, time_point_sec time);
    void (*entry)(std::string& out, journal_entry const& entry);
    void (*posting)(std::string& out, journal_posting const& posting, history_labels const& labels);
    void (*end_entry)(std::string& out);

    /// An assertion of what is in an account at the end of the day of `time`; between two calls of `entry`'s kind.
    void (*begin_balances)(std::string& out, time_point_sec time);
    void (*balance)(std::string& out, std::string_view account, asset const& amount, history_labels const& labels,
                    time_point_sec time);
};

namespace detail::journal {

BITSHARES_DECL void beancount_begin(std::string& out);
BITSHARES_DECL void beancount_open(std::string& out, std::string_view account, time_point_sec time);
BITSHARES_DECL void beancount_commodity(std::string& out, asset_id asset, history_labels const& labels,
                                        time_point_sec time);
BITSHARES_DECL void beancount_entry(std::string& out, journal_entry const& entry);
BITSHARES_DECL void beancount_posting(std::string& out, journal_posting const& posting, history_labels const& labels);
BITSHARES_DECL void beancount_begin_balances(std::string& out, time_point_sec time);
BITSHARES_DECL void beancount_balance(std::string& out, std::string_view account, asset const& amount,
                                      history_labels const& labels, time_point_sec time);
BITSHARES_DECL void ledger_begin(std::string& out);
BITSHARES_DECL void ledger_open(std::string& out, std::string_view account, time_point_sec time);
BITSHARES_DECL void ledger_commodity(std::string& out, asset_id asset, history_labels const& labels,
                                     time_point_sec time);
BITSHARES_DECL void ledger_entry(std::string& out, journal_entry const& entry);
BITSHARES_DECL void ledger_posting(std::string& out, journal_posting const& posting, history_labels const& labels);
BITSHARES_DECL void ledger_begin_balances(std::string& out, time_point_sec time);
BITSHARES_DECL void ledger_balance(std::string& out, std::string_view account, asset const& amount,
                                   history_labels const& labels, time_point_sec time);
BITSHARES_DECL void end_entry(std::string& out);

} // namespace detail::journal

/// To add one: its functions, and a line here.
inline constexpr journal_format journal_formats[] = {
    {"beancount", "a journal for Beancount, every movement balanced, the balances asserted at the end",
     detail::journal::beancount_begin, detail::journal::beancount_open, detail::journal::beancount_commodity,
     detail::journal::beancount_entry, detail::journal::beancount_posting, detail::journal::end_entry,
     detail::journal::beancount_begin_balances, detail::journal::beancount_balance},
    {"ledger", "a journal for Ledger, every movement balanced, the balances asserted at the end",
     detail::journal::ledger_begin, detail::journal::ledger_open, detail::journal::ledger_commodity,
     detail::journal::ledger_entry, detail::journal::ledger_posting, detail::journal::end_entry,
     detail::journal::ledger_begin_balances, detail::journal::ledger_balance},
};

/** Writes an account's books as a journal of double entries.

    An account's buckets are accounts of the journal: `Assets:BitShares:Alice:Liquid`, `…:Order`, `Liabilities:…:Debt`. What
    a row changes all of them by comes from, or goes to, `Equity:…:Transfers` (deposits, withdrawals), `Income:BitShares:Alice`,
    `Expenses:…:Fees` or `Equity:…:Other`; a trade of one amount for another has its price (`@@`), one of more amounts
    `Equity:…:Trading`. Every entry sums up to zero, to the last unit.
*/
class journal_writer
{
public:
    /// @param account The name of the account; the first of several in one journal to be told apart by it.
    BITSHARES_DECL journal_writer(journal_format const& format, std::string_view account);

    BITSHARES_DECL void begin(std::string& out) const;

    /// What was there before the first row. @param time Of that row, or earlier.
    BITSHARES_DECL void opening(std::string& out, std::span<statement_line const> lines, history_labels const& labels,
                                time_point_sec time);

    /// @param event The operation; null where there is none.
    BITSHARES_DECL void add(std::string& out, ledger_row const& row, history_row const* event,
                            history_labels const& labels);

    /// Assertions of what is there at the end. @param time Of the last row, or later.
    BITSHARES_DECL void closing(std::string& out, std::span<statement_line const> lines, history_labels const& labels,
                                time_point_sec time);

    /// An account of the journal, and an asset that was in it.
    struct use
    {
        std::string account;
        bitshares::asset_id asset_id;

        friend auto operator<=>(use const&, use const&) = default;

        BITSHARES_FIELDS((account), (asset_id))
    };

    /// What was used so far: what a writer that goes on with a file has to know.
    std::set<use> const& used() const noexcept { return used_; }
    BITSHARES_DECL void set_used(std::set<use> used);

private:
    std::string const& account_of(std::size_t bucket) const { return buckets_[bucket]; }
    BITSHARES_DECL std::string const& counter_account(ledger_kind kind) const;
    BITSHARES_DECL void note(std::string& out, std::string const& account, asset_id asset, history_labels const& labels,
                             time_point_sec time);

    journal_format const* format_;
    std::array<std::string, std::tuple_size_v<decltype(statement_line::amounts)>>
        buckets_; // the journal's names of them
    std::string transfers_, trading_, fees_, income_, other_, opening_;
    std::set<use> used_;
    std::set<asset_id> assets_; // of them
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/journal_formats.ipp>
#endif
