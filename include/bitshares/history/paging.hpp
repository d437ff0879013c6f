#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/history/record.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// In which order an account's operations are read. Either way a record has the same sequence number.
enum class history_order
{
    oldest_first, ///< From the account's first operation on; the default.
    newest_first  ///< From its latest one back.
};

/// Which of an account's operations, in which order, and how eagerly.
struct history_options
{
    history_order order = history_order::oldest_first;
    std::vector<std::uint64_t> types = {};          ///< Tags; empty for all. The others are read and checked, too.
    std::optional<time_point_sec> from = {};        ///< The first time of the range.
    std::optional<time_point_sec> to = {};          ///< The first time behind the range.
    std::optional<operation_history_id> first = {}; ///< The lowest id.
    std::optional<operation_history_id> last = {};  ///< The highest id.
    std::uint32_t page_size = 0; ///< Operations a request, at least 2; 0: what the node allows, but at most 1000.
    std::uint32_t requests_in_flight = 4; ///< Pages asked for ahead of the one in use; bounds the memory, too.
};

/// How many operations a node says that an account has.
struct history_count
{
    std::uint64_t total = 0;   ///< `total_ops` of the account's statistics: the sequence number of the newest one.
    std::uint64_t removed = 0; ///< `removed_ops`: the oldest ones, which this node has forgotten.
};

/// What @ref history_paging wants to know next.
struct history_query
{
    enum class kind : std::uint8_t
    {
        limits,     ///< `login.get_config`, of which the two limits of the history methods count.
        statistics, ///< The account's statistics object.
        relative,   ///< `history.get_relative_account_history(account, stop, limit, start)`.
        descending, ///< `history.get_account_history(account, stop, limit, start)`; start and stop are instances of ids.
        header      ///< `database.get_block_header(block)`, of which the time counts.
    };

    kind what = kind::limits;
    std::uint64_t ticket = 0; ///< Names the answer.
    std::uint64_t start = 0;
    std::uint64_t stop = 0;
    std::uint32_t limit = 0;
    std::uint32_t block = 0;

    friend bool operator==(history_query const&, history_query const&) = default;
};

/// The node's limits for one request; 0 where it does not tell.
struct history_limits
{
    std::uint32_t relative = 0;   ///< `api_limit_get_relative_account_history`
    std::uint32_t descending = 0; ///< `api_limit_get_account_history`
};

/** Decides which requests read an account's complete history, and whether the answers are it; without input or output.

    Ask @ref next until it has no more, send what it gave, hand in each answer as it comes, take pages by @ref pop, and
    again. Memory: at most `requests_in_flight` pages.

    The range is fixed by the statistics that are read first: later operations do not matter. The pages come from
    `get_relative_account_history`, whose sequence numbers show a hole at once and whose pages can be in flight together.
    A node that keeps histories in Elasticsearch answers it with the newest operation only; then `get_account_history` is
    read, newest first and one page after the other (twice for @ref history_order::oldest_first: once to learn where
    pages begin, once to read them).

    @par Errors
    `errc::history_incomplete`, with the gap named, unless
    @li each sequence number from `removed + 1` to `total` (or of the range asked for) has its operation,
    @li ids are in strict order and none comes twice,
    @li blocks are in the same order.

    Another error only where it was handed in (@ref on_invalid).

    @par Source
    bitshares-core, `libraries/app/api.cpp` (`history_api`) and the recordings: `start` 1.11.0 means "newest".
*/
class history_paging
{
public:
    BITSHARES_LAZY_DECL explicit history_paging(history_options options);

    /// A request to be sent now, if there is one. None: answers have to come first, or pages have to be taken.
    BITSHARES_LAZY_DECL std::optional<history_query> next();

    BITSHARES_LAZY_DECL void on_limits(history_limits const& limits);
    BITSHARES_LAZY_DECL void on_statistics(history_count const& count);

    /// The answer to a query for operations, as the node gave it: newest first.
    BITSHARES_LAZY_DECL void on_page(std::uint64_t ticket, std::vector<operation_history_object> rows);
    BITSHARES_LAZY_DECL void on_header(std::uint64_t ticket, time_point_sec time);

    /** The node refused a query. A refusal because of the limit is met by smaller pages, one of `login.get_config` (which
        older nodes lack) by the defaults; others end the reading with `errc::history_incomplete` and the node's words. */
    BITSHARES_LAZY_DECL void on_refused(std::uint64_t ticket, std::string_view message);

    /// An answer is not what was asked for: ends the reading with this error.
    BITSHARES_LAZY_DECL void on_invalid(std::uint64_t ticket, error what);

    /** Takes the next page, in order, checked, and without what the options leave out (so it may be empty).

        False: there is none yet, or there will be none (@ref done, @ref failure).
    */
    BITSHARES_LAZY_DECL bool pop(std::vector<history_record>& page);

    /// Every page was taken, and nothing is missing.
    bool done() const noexcept { return done_ && !failure_; }

    /// Why the history cannot be read; what was taken before is right but not all.
    std::optional<error> const& failure() const noexcept { return failure_; }

    /// The node's count when the reading began.
    history_count const& count() const noexcept { return count_; }

    /// Operations in the range of sequence numbers that is read; known (and constant) from the first page on.
    std::uint64_t expected() const noexcept { return high_ >= low_ ? high_ - low_ + 1 : 0; }

    /// Sequence numbers of the first and the last operation of that range; the last is below the first where there is none.
    std::uint64_t first() const noexcept { return low_; }
    std::uint64_t last() const noexcept { return high_; }

    /// Operations that were read and checked up to the last page taken, those left out by the options included.
    std::uint64_t checked() const noexcept { return checked_; }

    /// Operations that were read ahead of all pages, to learn where pages begin (see above); 0 where that is not needed.
    std::uint64_t surveyed() const noexcept
    {
        return fallback_ && options_.order == history_order::oldest_first ? walked_ : 0;
    }

    /// The pages come from `get_account_history`, because the other method's answers are incomplete on this node.
    bool uses_fallback() const noexcept { return fallback_; }

private:
    enum class phase : std::uint8_t
    {
        setup,  // limits and statistics
        probe,  // the newest two operations: can this node be asked for sequence numbers?
        search, // binary search for an end of the range
        confirm, // get_account_history: its newest page, then the statistics again, until they have not changed meanwhile
        walk,    // get_account_history: page after page to the oldest operation
        reading, // windows
        ended
    };

    // A run of sequence numbers that is handed out as one page.
    struct window
    {
        std::uint64_t top;
        std::uint64_t bottom;
        std::uint64_t from_id = 0; // get_account_history only: ids of the newest row that is wanted, and of the oldest
        std::uint64_t last_id = 0;
        std::uint64_t ticket = 0;                   // of the request in flight, 0 for none
        std::uint32_t limit = 0;                    // of the same
        std::vector<operation_history_object> rows; // newest first

        std::uint64_t missing() const { return top - bottom + 1 - rows.size(); }
    };

    struct header_query
    {
        std::uint32_t block;
        std::uint64_t ticket; // 0: not asked for yet
    };

    BITSHARES_LAZY_DECL history_query make(history_query::kind what);
    BITSHARES_LAZY_DECL history_query ask_relative(std::uint64_t start, std::uint64_t stop, std::uint64_t wanted);
    BITSHARES_LAZY_DECL history_query ask_descending(std::uint64_t from_id, std::uint64_t stop_id,
                                                     std::uint64_t wanted);
    BITSHARES_LAZY_DECL std::optional<history_query> ask_alone(history_query query);
    BITSHARES_LAZY_DECL std::optional<history_query> next_header();
    BITSHARES_LAZY_DECL std::optional<history_query> next_window();
    BITSHARES_LAZY_DECL void open_windows();

    BITSHARES_LAZY_DECL void begin();
    BITSHARES_LAZY_DECL void begin_search();
    BITSHARES_LAZY_DECL void search_step(operation_history_object const& row);
    BITSHARES_LAZY_DECL void begin_fallback();
    BITSHARES_LAZY_DECL void on_walk_page(std::vector<operation_history_object> rows);
    BITSHARES_LAZY_DECL void on_window_page(window& w, std::vector<operation_history_object> rows);
    BITSHARES_LAZY_DECL void on_alone_page(std::vector<operation_history_object> rows);
    BITSHARES_LAZY_DECL bool in_order(std::vector<operation_history_object> const& rows,
                                      operation_history_object const* before, std::uint64_t asked, std::uint64_t top);
    BITSHARES_LAZY_DECL bool times_missing(std::vector<operation_history_object> const& rows);
    BITSHARES_LAZY_DECL bool fits(operation_history_object const& row) const;
    BITSHARES_LAZY_DECL bool in_or_behind_range(operation_history_object const& row) const;
    BITSHARES_LAZY_DECL bool behind_range(operation_history_object const& row) const;
    BITSHARES_LAZY_DECL void fail(std::string detail);
    BITSHARES_LAZY_DECL void fail(error what);

    history_options options_;
    phase phase_ = phase::setup;
    std::optional<error> failure_;
    bool done_ = false;
    bool fallback_ = false;
    history_count count_;
    std::uint64_t low_ = 1, high_ = 0; // sequence numbers to read
    std::uint64_t cursor_ = 0;         // of the next window to open, in reading order
    std::uint64_t checked_ = 0;
    std::uint32_t relative_limit_ = 100;
    std::uint32_t descending_limit_ = 100;

    std::uint64_t last_ticket_ = 0;
    std::uint64_t limits_ticket_ = 0, statistics_ticket_ = 0;
    bool limits_known_ = false, statistics_known_ = false;
    std::uint64_t alone_ticket_ = 0; // of a request that has no other beside it
    std::uint32_t alone_limit_ = 0;

    bool searching_lower_ = false;
    std::uint64_t search_low_ = 0, search_high_ = 0;
    std::optional<operation_history_object> search_row_; // waits for its block's time

    bool first_page_waits_ = false;
    std::vector<operation_history_object> first_page_;
    unsigned confirmations_ = 0;
    std::uint64_t walked_ = 0;    // operations
    std::uint64_t walk_from_ = 0; // id of the newest one that the next page may hold; 0: the newest of all
    std::optional<operation_history_object> walk_last_;
    std::vector<window> surveyed_; // newest first; without rows

    std::deque<window> windows_; // in reading order
    std::optional<std::uint64_t> last_id_taken_;

    std::vector<header_query> headers_wanted_;
    std::map<std::uint32_t, time_point_sec> header_times_; // of the blocks in open windows
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/paging.ipp>
#endif
