#pragma once

#include <bitshares/history/es_document.hpp>
#include <bitshares/history/filter.hpp>
#include <bitshares/history/http_query.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/** @file
    The HTTP interfaces that stand before Elasticsearch for wallets: three families, of which none tells its name.

    @par Source
    oxarbitrage/bitshares-es-wrapper, bitshares/bitshares-explorer-api, and what the clients of blocksights' API expect.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Which interface a server has.
enum class wrapper_family : std::uint8_t
{
    unknown, ///< To be found out.
    v1,      ///< `/get_account_history`: no paging but by an offset, which ends at 10,000.
    v2,      ///< `/es/account_history`: knows `search_after`; nothing found is 404, which a quick answer can be, too.
    fastapi  ///< `/openexplorer/es/account_history`: as v2.
};

/// What `account_history` is asked for. What is not set is not sent.
struct wrapper_search
{
    std::optional<account_id> account = {};
    std::optional<std::uint64_t> operation_type = {};
    std::optional<time_point_sec> from_date = {}; ///< The first time of the range.
    std::optional<time_point_sec> to_date = {};   ///< The last time of the range.
    std::uint32_t from = 0;                       ///< Documents to leave out; with `size` at most 10,000.
    std::uint32_t size = 10;
    std::string sort_by = "-block_data.block_time"; ///< A field; with `-` descending.
    std::optional<std::uint64_t> search_after = {}; ///< Of the field; not in v1.
    std::string agg_field = {}; ///< Where set, not the documents are told but how many there are of each value.

    friend bool operator==(wrapper_search const&, wrapper_search const&) = default;
};

/// The request for a search. @pre The family is known.
BITSHARES_DECL http_query wrapper_history_query(wrapper_family family, wrapper_search const& search);

/// The request for one operation, by its id. @pre The family is known.
BITSHARES_DECL http_query wrapper_operation_query(wrapper_family family, operation_history_id id);

/// The request for the operations of a transaction. @pre The family is known.
BITSHARES_DECL http_query wrapper_transaction_query(wrapper_family family, transaction_id const& id,
                                                    std::uint32_t from = 0, std::uint32_t size = 10);

/// The request for how well the server keeps up. @pre The family is known.
BITSHARES_DECL http_query wrapper_health_query(wrapper_family family);

/** Reads the answer to a search, to one operation or a transaction: an array of documents, one alone, or none, which may be
    `[]` or a 404 that says so. False: none, by such a 404. Reuses the memory of `documents`.

    @par Errors
    @li `errc::http_refused`, `errc::login_refused`: another status.
    @li `errc::account_not_found`, `errc::asset_not_found`: the server says so.
    @li As of @ref read_es_documents.
*/
BITSHARES_LAZY_DECL result<bool> read_wrapper_documents(unsigned status, std::string_view body,
                                                        std::vector<es_document>& documents,
                                                        json_options const& options = {});

/// A value, and how many documents have it.
struct wrapper_bucket
{
    std::string key; ///< Text of the number, or the text.
    std::uint64_t count = 0;

    friend bool operator==(wrapper_bucket const&, wrapper_bucket const&) = default;
};

/** Reads the answer to a search with `agg_field`.

    @par Errors
    @li `errc::http_refused`, `errc::login_refused`: another status than 200, and than a 404 that says that there are none.
    @li `errc::invalid_reply`: no list of values.
*/
BITSHARES_LAZY_DECL result<std::vector<wrapper_bucket>> read_wrapper_buckets(unsigned status, std::string_view body);

/// How well a server keeps up with the chain.
struct wrapper_health
{
    bool in_sync = false;                         ///< It says that it does.
    std::optional<time_point_sec> head_time = {}; ///< Of the newest block with an operation.
    std::string error = {};                       ///< The server's word where it does not.

    friend bool operator==(wrapper_health const&, wrapper_health const&) = default;
};

/** Reads the answer to @ref wrapper_health_query.

    @par Errors
    As of @ref read_wrapper_buckets.
*/
BITSHARES_LAZY_DECL result<wrapper_health> read_wrapper_health(unsigned status, std::string_view body);

/// How @ref wrapper_paging reads.
struct wrapper_options
{
    account_id account;
    history_filter filter = {};
    wrapper_family family = wrapper_family::unknown;
    std::uint32_t page_size = 1000; ///< Documents a request. A server may give fewer.
    std::uint32_t window = 10'000;  ///< How far the server's offset reaches; Elasticsearch's default.
    unsigned attempts = 6;          ///< How often a question is asked, before its last failure ends the reading.
    json_options json = {};         ///< Its mode does not matter.
};

/** Decides which requests read an account's history through a wrapper, oldest first, and whether the answers are it; without
    input or output. To be driven as @ref es_paging.

    The family is found by asking for the newest operation, which bounds the reading; a count by types says how many there
    are to be. Where the server knows `search_after`, pages follow by it. Where it does not, they follow by an offset inside of
    a range of times, in the order of the operations' ids; before the offset is at its end, the range is begun anew at the
    last time, behind those operations of this time that were read. Each page overlaps the one before by one operation, so
    that a page in another order, or one that has changed meanwhile, is seen. Where one time has as many operations as the
    offset reaches, the rest of them is read from the other end, then each type by itself from both.

    The reading ends at the newest operation and nowhere else: an empty answer before is no end but is asked again.

    @par Errors
    @li `errc::tie_too_large`: so many operations have the same time and type that the offset does not reach all of them, from
        neither end. The detail names time, type and number.
    @li `errc::history_incomplete`: the server says that it is at the end, and it is not; or fewer than it counted; or a 404 again
        and again where the account's whole history is asked for, of which there is at least its creation.
    @li `errc::invalid_reply`: documents that were not asked for, out of order or repeated.
    @li `errc::http_refused`, `errc::login_refused`: with the server's words; and no family's interface is there.
    @li Those of @ref read_wrapper_documents.
*/
class wrapper_paging
{
public:
    BITSHARES_LAZY_DECL explicit wrapper_paging(wrapper_options options);

    /// @copydoc es_paging::next
    BITSHARES_LAZY_DECL std::optional<http_query> next();

    /// The answer to a query, whatever its status.
    BITSHARES_LAZY_DECL http_use on_reply(std::uint64_t ticket, unsigned status, std::string_view body);

    /// @copydoc es_paging::on_lost
    BITSHARES_LAZY_DECL http_use on_lost(std::uint64_t ticket, error why);

    /// @copydoc es_paging::take
    BITSHARES_LAZY_DECL bool take(std::vector<es_document>& page);

    /// As above, of the documents only the records.
    BITSHARES_LAZY_DECL bool take(std::vector<history_record>& page);

    /// Every page was taken, and nothing is missing.
    bool done() const noexcept { return step_ == step::ended && !failure_ && ready_.empty(); }

    /// Why the reading ended; what was taken before is right but not all.
    std::optional<error> const& failure() const noexcept { return failure_; }

    /// Known behind the first answer that is of use.
    wrapper_family family() const noexcept { return options_.family; }

    /// The account's newest operation in the range of times, when the reading began; absent where there is none.
    std::optional<es_document> const& newest() const noexcept { return newest_; }

    /// Operations that were read and checked, those included that the filter left out.
    std::uint64_t checked() const noexcept { return checked_; }

    /// Times that were read from both ends, because they have more operations than the offset reaches.
    std::uint64_t ties() const noexcept { return ties_; }

private:
    enum class step : std::uint8_t
    {
        newest,    // and with it the family
        count,     // of all before the newest one's time
        after,     // by search_after
        window,    // by offset
        tie,       // one time: from the other end, and by types
        tie_types, // which types a time has
        ended
    };

    // The rest of a time's operations, or of one type's.
    struct tie_part
    {
        std::optional<std::uint64_t> type;
        std::uint64_t count = 0; // by the server; 0: not known
        bool ascending = false;  // from the near end, after the far end did not meet it
        std::uint32_t offset = 0;
        std::uint64_t lowest = 0; // id: what is still open is below
        std::uint64_t highest = 0;
    };

    BITSHARES_LAZY_DECL wrapper_search search() const;
    BITSHARES_LAZY_DECL http_use retry(error why);
    BITSHARES_LAZY_DECL http_use fail(error what);
    BITSHARES_LAZY_DECL http_use on_newest(unsigned status, std::string_view body);
    BITSHARES_LAZY_DECL http_use on_count(unsigned status, std::string_view body);
    BITSHARES_LAZY_DECL http_use on_after();
    BITSHARES_LAZY_DECL http_use on_window();
    BITSHARES_LAZY_DECL http_use on_tie(bool told);
    BITSHARES_LAZY_DECL http_use on_tie_types(unsigned status, std::string_view body);
    BITSHARES_LAZY_DECL http_use end_part();
    BITSHARES_LAZY_DECL http_use end_tie();
    BITSHARES_LAZY_DECL http_use next_family(error why);
    BITSHARES_LAZY_DECL http_use no_more(std::string_view where);
    BITSHARES_LAZY_DECL result<void> check(es_document const& document, wrapper_search const& asked) const;
    BITSHARES_LAZY_DECL void add(es_document& document);
    BITSHARES_LAZY_DECL void flush();
    BITSHARES_LAZY_DECL bool at_end();
    BITSHARES_LAZY_DECL void next_window();
    BITSHARES_LAZY_DECL std::optional<std::uint64_t> server_type() const;
    BITSHARES_LAZY_DECL unsigned no_hits_attempts() const;
    BITSHARES_LAZY_DECL time_point_sec last_time() const;

    wrapper_options options_;
    step step_ = step::newest;
    std::optional<error> failure_;
    std::optional<es_document> newest_;
    std::optional<std::uint64_t> count_before_; // of the newest one's time, by the server
    std::uint64_t read_before_ = 0;             // the same, as read
    std::uint64_t checked_ = 0;
    std::uint64_t ties_ = 0;
    bool probing_ = false;
    std::string refusals_; // of the families that were tried

    std::uint64_t last_ticket_ = 0;
    std::uint64_t ticket_ = 0; // of the query under way, 0 for none
    std::uint32_t asked_ = 0;  // its size
    unsigned attempt_ = 0;

    std::optional<operation_history_id> last_id_;
    time_point_sec last_time_;       // of the last one
    std::uint64_t of_last_time_ = 0; // operations read of that time
    time_point_sec window_begin_;
    std::uint32_t offset_ = 0; // operations of the window that were read

    time_point_sec tie_time_;
    std::uint64_t tie_count_ = 0; // by the server, where it was asked
    std::vector<tie_part> parts_; // the last is read
    std::vector<es_document> tie_;

    std::vector<es_document> page_; // of the answer
    std::vector<es_document> good_; // of it, what is new
    std::deque<std::vector<es_document>> ready_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/wrapper_query.ipp>
#endif
